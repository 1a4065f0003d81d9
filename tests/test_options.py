"""The options of `check`: both parsers agree, and everything is derived from the table of settings."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from algolint.cli import options as options_module
from algolint.cli.options import Options, quickly_parsed
from algolint.cli.parser import check_parser
from algolint.config.settings import OPTIONS, SETTINGS, Setting
from algolint.errors import UserError


def values_of(options: Options) -> dict[str, Any]:
    """Return the values of options, whether given or not."""
    return vars(options) | {"paths": list(options.paths)}


def by_argparse(arguments: list[str]) -> dict[str, Any]:
    return values_of(check_parser().parse_intermixed_args(arguments, namespace=Options()))


#: Values for options that do not accept any text or number.
VALUES = {"severity": "a=info", "report": "json=x"}
WORDS = [
    "a.json",
    "-",
    "b c",
    "",
    "x=y",
    "hp-*,metric-a",
    "rule=info",
    "error",
    "sarif",
    "always",
    "7",
    "0",
    "-1",
]
ARGUMENTS = st.one_of(
    st.sampled_from([*OPTIONS, *WORDS, "-vq", "-oa", "-qo", "--none", "--fi", "-x"]),
    st.tuples(st.sampled_from([*OPTIONS]), st.sampled_from(WORDS)).map("=".join),
)


@given(st.lists(ARGUMENTS, max_size=6))
def test_both_readings_agree(arguments: list[str]) -> None:
    """What the quick parser accepts, argparse accepts with the same result."""
    quick = quickly_parsed(arguments)
    if quick is not None:
        assert values_of(quick) == by_argparse(arguments)


@given(st.data())
def test_what_is_written_out_is_taken_quickly(data: st.DataObject) -> None:
    arguments = []
    for name in data.draw(st.lists(st.sampled_from([*OPTIONS]), max_size=4)):
        setting = OPTIONS[name]
        if not setting.kind.parse and not setting.kind.words:
            arguments += [name, "a.json"]
        else:
            text = setting.kind.words[0] if setting.kind.words else VALUES.get(setting.key, "7")
            arguments += data.draw(st.sampled_from([[f"{name}={text}"], [name, text]]))
    assert quickly_parsed(arguments) is not None


def test_argparse_has_the_options_of_the_table() -> None:
    named = [name for action in check_parser()._actions for name in action.option_strings]
    assert sorted(named) == sorted([*OPTIONS, "-h", "--help"])
    for action in check_parser()._actions:
        if action.option_strings and action.dest != "help":
            assert action.dest == OPTIONS[action.option_strings[-1]].attribute


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_a_setting_can_be_given_and_is_described(setting: Setting) -> None:
    assert setting.group or setting.in_file
    assert setting.about[0].islower() or setting.about[1].isupper()
    assert not setting.about.endswith(".")
    if setting.kind.collects and setting.group:
        assert setting.default is None


def test_the_attributes_of_options_are_declared_with_their_types() -> None:
    module = ast.parse(Path(options_module.__file__).read_text(encoding="utf-8"))
    declared = {
        node.target.id: ast.unparse(node.annotation)
        for node in ast.walk(module)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is None
    }
    assert declared == {setting.attribute: type_of(setting) for setting in OPTIONS.values()}


def type_of(setting: Setting) -> str:
    """Return the type of the values of an option, as the source has it."""
    kind = setting.kind
    value = kind.parse(VALUES.get(setting.key, "7")) if kind.parse else kind.words[0] if kind.words else True
    name = type(value).__name__
    if isinstance(value, list):
        (item,) = value
        name = f"list[{'tuple[str, str]' if isinstance(item, tuple) else type(item).__name__}]"
    return f"{name} | None" if setting.in_file or setting.default is None else name


REPEATED = [
    (["--ignore", "a", "--ignore", "b,c"], "ignore", ["a", "b", "c"]),
    (["--select=a", "--quiet", "--select=b"], "select", ["a", "b"]),
    (["--extend-select", "a", "--extend-select", "b"], "extend_select", ["a", "b"]),
    (["--severity", "a=info", "--severity", "b=error"], "severity", [("a", "info"), ("b", "error")]),
    (["--report", "json=a", "--report=sarif=b"], "report", [("json", "a"), ("sarif", "b")]),
    (["--region", "a", "--region", "b"], "region", "b"),
]


@pytest.mark.parametrize(("arguments", "attribute", "value"), REPEATED, ids=str)
def test_repeated_lists_add_up(arguments: list[str], attribute: str, value: Any) -> None:
    assert getattr(quickly_parsed(arguments), attribute) == value
    assert by_argparse(arguments)[attribute] == value


def test_options_may_stand_between_paths(algolint: Run, tmp_path: Any) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text('{"AlgorithmName": "a b", "TrainingSpecification": "${X}"}')
    for option in ("--quiet", "-q"):
        done = algolint("--format", "concise", "a.json", option, "b.json")
        assert done.returncode == 1
        assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["a.json", "b.json"]


def test_behind_two_dashes_all_are_paths(algolint: Run) -> None:
    for option in ("--quiet", "-q"):
        done = algolint("a.json", option, "--", "--exit-zero", "rules", "--", "-x")
        assert done.returncode == 2
        assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
            "a.json", "--exit-zero", "rules", "--", "-x"
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--jobs", "0"], "argument --jobs: takes a positive number; got '0'"),
        (["--jobs=x"], "argument --jobs: takes a positive number; got 'x'"),
        (
            ["--severity", "a"],
            "argument --severity: takes RULE=LEVEL, LEVEL one of error, warning, info, off; got 'a'",
        ),
        (["--report", "json"], "argument --report: takes FORMAT=FILE, FORMAT one of full, concise, json,"),
        (["--report", "xml=a"], "got 'xml=a'"),
        (["--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["--fix=1"], "argument --fix: ignored explicit argument '1'"),
        (["--select"], "argument --select: expected one argument"),
        (["--formt", "json"], "unrecognized arguments: --formt"),
        (["--nope"], "unrecognized arguments: --nope; algolint --help lists the options"),
    ],
)
def test_mistakes_are_reported(arguments: list[str], words: str) -> None:
    assert quickly_parsed(arguments) is None
    with pytest.raises(UserError, match=words.replace("(", "\\(")):
        by_argparse(arguments)


#: What a run does apart from reporting findings; those that can be used together, though, are allowed.
ACTIONS = (
    "--list-files --list-specs --fix --fix-only --diff --add-ignore --write-baseline=b --prune-baseline"
).split()
TOGETHER = {
    frozenset(pair.split())
    for pair in (
        "--fix --fix-only",
        "--fix --diff",
        "--fix-only --diff",
        "--fix --write-baseline=b",
        "--fix --prune-baseline",
        "--fix-only --prune-baseline",
        "--add-ignore --prune-baseline",
        "--write-baseline=b --prune-baseline",
    )
}
SPEC = '{"AlgorithmName": "a", "TrainingSpecification": {"SupportsDistributedTraining": "true"}}\n'


@pytest.mark.parametrize("pair", [*itertools.combinations(ACTIONS, 2)], ids=" ".join)
def test_options_work_together_or_are_refused(algolint: Run, tmp_path: Path, pair: tuple[str, str]) -> None:
    """No option is silently without effect, and nothing is changed if two exclude each other."""
    (tmp_path / "a.json").write_text(SPEC)
    (tmp_path / "b").write_text('{"format": 1, "entries": []}\n')
    done = algolint(*pair, "--baseline", "b", "a.json")
    if frozenset(pair) in TOGETHER:
        assert done.returncode < 2, done.stderr
        return
    first, second = sorted((name.partition("=")[0] for name in pair), key=done.stderr.find)
    assert (done.returncode, done.stderr) == (2, f"algolint: {first} cannot be used with {second}\n")
    assert (tmp_path / "a.json").read_text() == SPEC
    assert (tmp_path / "b").read_text() == '{"format": 1, "entries": []}\n'


@pytest.mark.parametrize("command", [[], ["diff", "a.json"], ["metrics", "--log", "a.log"]], ids=str)
def test_a_configuration_is_used_or_not(algolint: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "a.json").write_text(SPEC)
    (tmp_path / "algolint.toml").write_text("")
    done = algolint(*command, "--config", "algolint.toml", "--isolated", "a.json")
    assert (done.returncode, done.stderr) == (2, "algolint: --isolated cannot be used with --config\n")


def test_options_for_standard_input_need_it(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(SPEC)
    done = algolint("--stdin-filename", "b.json", "a.json", stdin=SPEC)
    assert (done.returncode, done.stderr) == (
        2,
        "algolint: --stdin-filename is for standard input; add - to the arguments\n",
    )
    done = algolint("--add-ignore", "--stdin-filename", "b.json", "-", stdin=SPEC)
    assert (done.returncode, done.stderr) == (
        2,
        "algolint: --add-ignore cannot be used with standard input\n",
    )
