"""The options of `check`: the quick reading of them and argparse's say the same."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st

from algolint.cli.options import ADDING, FORMATS, TAKES, Options, UsageError, plainly_parsed
from algolint.cli.parser import check_parser


def values_of(options: Options) -> dict[str, Any]:
    """What the options are, given or not."""
    names = [name for name in vars(Options) if not name.startswith("_")]
    return {name: getattr(options, name) for name in names} | {"paths": list(options.paths)}


def by_argparse(arguments: list[str]) -> dict[str, Any]:
    return values_of(check_parser().parse_intermixed_args(arguments, namespace=Options()))


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
    st.sampled_from([*TAKES, *WORDS, "-q", "-vq", "-o", "--none", "--fi", "-x"]),
    st.tuples(st.sampled_from([*TAKES]), st.sampled_from(WORDS)).map("=".join),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(ARGUMENTS, max_size=6))
def test_both_readings_agree(arguments: list[str]) -> None:
    """What the quick one takes, argparse takes too, and for the same."""
    quick = plainly_parsed(arguments)
    if quick is not None:
        assert values_of(quick) == by_argparse(arguments)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_is_written_out_is_taken_quickly(data: st.DataObject) -> None:
    arguments = []
    for name in data.draw(st.lists(st.sampled_from([*TAKES]), max_size=4)):
        takes = TAKES[name]
        if takes is None:
            arguments += [name, "a.json"]
        else:
            text = takes[0] if isinstance(takes, tuple) else "a=info" if name == "--severity" else "7"
            arguments += data.draw(st.sampled_from([[f"{name}={text}"], [name, text]]))
    assert plainly_parsed(arguments) is not None


@pytest.mark.parametrize("name", TAKES)
def test_every_option_is_one_of_both(name: str) -> None:
    attribute = name[2:].replace("-", "_")
    assert hasattr(Options, attribute)
    (action,) = [action for action in check_parser()._actions if name in action.option_strings]
    assert action.dest == attribute


def test_no_option_is_of_one_alone() -> None:
    named = [action.option_strings[-1] for action in check_parser()._actions if action.option_strings]
    assert sorted(named) == sorted([*TAKES, "--help"])
    assert set(ADDING) <= TAKES.keys()
    assert set(vars(Options)) >= {name[2:].replace("-", "_") for name in TAKES}


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
            "argument --severity: takes RULE=LEVEL, LEVEL one of error, warning, info; got 'a'",
        ),
        (["--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["--fix=1"], "argument --fix: ignored explicit argument '1'"),
        (["--select"], "argument --select: expected one argument"),
        (["--formt", "json"], "unrecognized arguments: --formt"),
    ],
)
def test_mistakes_are_told(arguments: list[str], words: str) -> None:
    assert plainly_parsed(arguments) is None
    with pytest.raises(UsageError, match=words.replace("(", "\\(")):
        by_argparse(arguments)


def test_formats_are_choices() -> None:
    assert TAKES["--format"] == FORMATS
