"""The configuration: where it is found, what it decides, and how a wrong one is explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from algolint import config
from algolint.discovery import all_rules
from algolint.rule import EVIDENCE_KINDS

FAULTY = '{"AlgorithmName": "a b", "TrainingSpecification": "${SPEC}"}'


def rows(done: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)["diagnostics"]
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("algolint.toml", 'ignore = ["pattern-mismatch"]'),
        ("algolint.toml", 'ignore = ["pattern-*"]'),
        ("algolint.toml", 'select = ["missing-field"]'),
        ("algolint.toml", 'exclude = ["*.json"]'),
        ("algolint.toml", 'exclude = ["/specs/"]'),
        ("algolint.toml", 'include = ["*.yaml"]'),
        ("algolint.toml", '[severity]\n"pattern-mismatch" = "warning"'),
        ("algolint.toml", '[severity]\n"pattern-*" = "off"'),
        ("algolint.toml", '[per-file-ignores]\n"specs/*" = ["pattern-mismatch"]'),
        ("algolint.toml", '[[suppressions]]\npointer = "/AlgorithmName"\nrules = ["pattern-mismatch"]'),
        ("pyproject.toml", '[tool.algolint]\nignore = ["pattern-mismatch"]'),
        ("algolint.toml", "\ufeffignore = ['pattern-mismatch']\r\n"),
    ],
)
def test_a_setting_does_what_it_says(algolint: Run, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.json").write_text(FAULTY)
    assert algolint("specs").returncode == 1
    (tmp_path / name).write_text(text)
    assert algolint("specs").returncode == 0
    assert algolint("--isolated", "specs").returncode == 1


IGNORED = 'ignore = ["pattern-mismatch"]'


@pytest.mark.parametrize(
    "text",
    [
        f"[tool.algolint] # here\n{IGNORED}",
        f"[ tool . 'algolint' ]\n{IGNORED}",
        f"[tool]\nalgolint.{IGNORED}",
        f"[tool]\nalgolint = {{ {IGNORED} }}",
        f"tool.algolint.{IGNORED}",
        f"tool = {{ algolint = {{ {IGNORED} }} }}",
        f"['tool'.\"algolint\"]\n{IGNORED}",
        '[tool.algolint.severity]\n"pattern-mismatch" = "off"',
    ],
)
def test_the_table_in_pyproject_is_found_in_every_spelling(algolint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "pyproject.toml").write_text(text)
    assert rows(algolint("--format", "json", "a.json")) == []


def test_a_pyproject_that_depends_on_algolint_is_not_parsed(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    text = '[dependency-groups]\nlint = ["algolint"]\nmore = [\n  "algolint>=0.1",\n]\n'
    (tmp_path / "pyproject.toml").write_text(text + "= not TOML")
    assert len(rows(algolint("--format", "json", "a.json"))) == 1


def test_fail_on_revision_region_and_types(algolint: Run, tmp_path: Path) -> None:
    spec = {"TrainingImage": "${X}", "SupportedTrainingInstanceTypes": ["ml.zz9.large", "ml.p5.48xlarge"]}
    (tmp_path / "a.json").write_text(json.dumps(spec | {"TrainingChannels": "${X}"}))
    assert {r["rule"] for r in rows(algolint("--format", "json", "a.json"))} == {"unknown-instance-type"}
    (tmp_path / "algolint.toml").write_text('fail-on = "warning"\nextra-instance-types = ["ml.zz9.large"]')
    assert algolint("a.json").returncode == 0
    (tmp_path / "algolint.toml").write_text(
        'api-revision = "1.29.150"\nextra-instance-types = ["ml.zz9.large"]'
    )
    assert {r["rule"] for r in rows(algolint("--format", "json", "a.json"))} == {"newer-than-target"}
    (tmp_path / "algolint.toml").write_text('fail-on = "warning"')
    assert algolint("a.json").returncode == 1


def test_the_nearest_file_wins_and_is_alone(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for folder in (tmp_path, tmp_path / "inner"):
        (folder / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('ignore = ["pattern-mismatch"]')
    (tmp_path / "inner" / "pyproject.toml").write_text("[project]\nname = 'algolint-user'\n")
    assert rows(algolint("--format", "json", ".")) == []
    (tmp_path / "inner" / "pyproject.toml").write_text("[tool.algolint]\n")
    assert [r["path"] for r in rows(algolint("--format", "json", "."))] == ["inner/a.json"]


def test_the_command_line_wins(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('ignore = ["pattern-mismatch"]')
    assert algolint("--select", "pattern-mismatch", "a.json").returncode == 1
    assert algolint("--ignore", "missing-field", "a.json").returncode == 1
    assert algolint("--extend-ignore", "missing-field", "a.json").returncode == 0
    assert algolint("--extend-select", "pattern-mismatch", "a.json").returncode == 1
    other = tmp_path / "other.toml"
    other.write_text('select = ["missing-field"]')
    assert algolint("--config", "other.toml", "a.json").returncode == 0


def test_named_files_obey_exclude(algolint: Run, tmp_path: Path) -> None:
    """pre-commit passes names."""
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('exclude = ["a.json"]')
    assert algolint("a.json").returncode == 0


WRONG: list[tuple[str, str]] = [
    ('selct = ["a"]', "algolint.toml:2: 'selct' is not a key of the configuration; did you mean 'select'?"),
    ('select = "a"', "algolint.toml:2: select takes a list, not 'a'"),
    ("select = [1]", "algolint.toml:2: select takes a string, not 1"),
    ('fail-on = "fatal"', "algolint.toml:2: 'fatal' is no value of fail-on"),
    ('[severity]\n"missing-field" = "err"', "algolint.toml:3: 'err' is no value of severity.missing-field"),
    ("show-info = 1", "algolint.toml:2: show-info takes true or false"),
    ('[[suppressions]]\nrules = ["a"]', "algolint.toml:2: suppressions lacks 'pointer'"),
    ("select = ", "algolint.toml: not valid TOML"),
    ('ignore = ["missing-feild"]', "algolint.toml:2: there is no rule 'missing-feild'; did you mean"),
    ('[severity]\n"missing-feild" = "info"', "there is no rule 'missing-feild'; did you mean"),
    ('api-revision = "newest"', "'newest' is no API revision"),
    ('plugins = ["acme"]', "no installed package offers the rule pack 'acme'"),
    ('rule-directories = ["gone"]', "No such file or directory"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_wrong_configuration_is_explained(algolint: Run, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text(f"# a comment\n{text}\n")
    done = algolint("a.json")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def values(rules: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that fit a part of the schema, and values that nearly do."""
    strange = st.sampled_from([None, 1, "x", [], {}, ["x", 1], {"x": 1}, True])
    if "enum" in rules:
        return st.sampled_from(rules["enum"]) | strange
    match rules["type"]:
        case "string":
            return st.text(max_size=3) | strange
        case "boolean":
            return st.booleans() | strange
        case "array":
            return st.lists(values(rules["items"]), max_size=2) | strange
    if "properties" in rules:
        return (
            st.fixed_dictionaries({}, optional={k: values(v) for k, v in rules["properties"].items()})
            | strange
        )
    return st.dictionaries(st.text(max_size=2), values(rules["additionalProperties"]), max_size=2) | strange


@given(values(config.schema()))
def test_the_cheap_check_agrees_with_json_schema(value: Any) -> None:
    expected = jsonschema.Draft202012Validator(config.schema()).is_valid(value)
    assert config.is_valid(value) == expected


def test_the_schema_is_a_schema_and_can_be_printed(algolint: Run) -> None:
    jsonschema.Draft202012Validator.check_schema(config.schema())
    assert json.loads(algolint("schema", "--config").stdout) == config.schema()


def test_config_shows_each_value_and_its_origin(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "algolint.toml").write_text('ignore = ["missing-field"]\n[severity]\n"metric-*" = "info"\n')
    text = algolint("config", "--show", "a.json").stdout
    assert f'ignore = ["missing-field"]  # from {tmp_path}/algolint.toml:1' in text
    assert f'severity = {{ "metric-*" = "info" }}  # from {tmp_path}/algolint.toml:2' in text
    assert "# region is not set" in text
    assert {line.lstrip("# ").split(" ")[0] for line in text.splitlines()} == set(
        config.schema()["properties"]
    )


def test_a_valid_configuration_loads_little(tmp_path: Path) -> None:
    from test_cli import imported_by

    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('select = ["missing-field"]')
    assert not imported_by(tmp_path, "a.json") & {"jsonschema", "typing", "pathspec", "argparse"}


# ---------------------------------------------------------------- rules of others

LOCAL = '''
from algolint import Problem, rule

@rule(on="EntityName", severity="error", evidence="heuristic: our naming")
def name_prefix(name):
    """An algorithm's name does not begin with acme."""
    if not name.startswith("acme"):
        yield Problem((), "the name does not begin with acme")
'''


def test_rules_of_a_directory(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "lint" / "acme").mkdir(parents=True)
    (tmp_path / "lint" / "acme" / "naming.py").write_text(LOCAL)
    (tmp_path / "a.json").write_text('{"AlgorithmName": "a", "TrainingSpecification": "${SPEC}"}')
    assert algolint("a.json").returncode == 0
    (tmp_path / "algolint.toml").write_text('rule-directories = ["lint/acme"]')
    (row,) = rows(algolint("--format", "json", "a.json"))
    assert (row["rule"], row["column"]) == ("acme/name-prefix", 19)
    assert algolint("--ignore", "acme/*", "a.json").returncode == 0


def test_a_rule_that_raises_is_not_the_users_finding(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(
        LOCAL.replace("if not name", "name.nothing\n    if not name")
    )
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint("--format", "json", "a.json")
    assert done.returncode == 2
    assert [row["rule"] for row in rows(done)] == ["pattern-mismatch"]
    (line,) = done.stderr.splitlines()
    assert "rule acme/name-prefix failed at /AlgorithmName: AttributeError" in line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import gone_module", "ModuleNotFoundError"),
        ("x = ", "SyntaxError"),
        (LOCAL.replace("(on=", "(of="), "TypeError"),
        (LOCAL + LOCAL.replace("def name_prefix", "def other").replace("@rule", "\n@rule") , None),
    ],
)  # fmt: skip
def test_broken_rules_are_an_error(algolint: Run, tmp_path: Path, text: str, message: str | None) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(text)
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint("a.json")
    if message is None:
        assert done.returncode == 1
    else:
        assert done.returncode == 2
        assert message in done.stderr
        assert "naming.py" in done.stderr


def test_two_rules_of_one_name_are_an_error(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    for name in ("one", "two"):
        (tmp_path / "acme" / f"{name}.py").write_text(LOCAL)
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint("a.json")
    assert done.returncode == 2
    assert "two rules are named acme/name-prefix" in done.stderr


def test_a_rule_ignored_in_a_file_does_not_make_its_comments_unused(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "AlgorithmName: a b  # algolint: ignore[pattern-mismatch]\nTrainingSpecification: ${X}\n"
    )
    (tmp_path / "algolint.toml").write_text('[per-file-ignores]\n"a.yaml" = ["pattern-mismatch"]')
    assert rows(algolint("--format", "json", "a.yaml")) == []
    (tmp_path / "a.yaml").write_text(
        "AlgorithmName: ab  # algolint: ignore[pattern-mismatch]\nTrainingSpecification: ${X}\n"
    )
    (tmp_path / "algolint.toml").write_text('[per-file-ignores]\n"a.yaml" = ["unused-suppression"]')
    assert rows(algolint("--format", "json", "a.yaml")) == []


def test_a_configuration_that_is_named_and_not_there(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    done = algolint("--config", "gone.toml", "a.json")
    assert (done.returncode, done.stderr) == (
        2,
        "algolint: gone.toml: cannot be read: No such file or directory\n",
    )


# ---------------------------------------------------------------- mistakes of packs

DECLARED_WRONGLY = [
    (
        'on="EntityName"',
        'on="EntityNam"',
        "'EntityNam' is not a shape of the API; did you mean 'EntityName'?",
    ),
    ('on="EntityName"', "on=5", "on takes the name of an API shape, or a tuple of names, not 5"),
    ('severity="error"', 'severity="err"', "'err' is not a severity; did you mean 'error'?"),
    ('severity="error"', 'severity="fatal"', "'fatal' is not a severity; one of error, warning, info"),
    ("heuristic: our naming", "we say so", "evidence takes 'KIND: SOURCE', KIND one of service, reference"),
    ("from algolint", "import sys; sys.exit(0)\nfrom algolint", "SystemExit: 0"),
]


@pytest.mark.parametrize(("before", "after", "message"), DECLARED_WRONGLY)
def test_a_rule_that_is_declared_wrongly_is_an_error(
    algolint: Run, tmp_path: Path, before: str, after: str, message: str
) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(LOCAL.replace(before, after, 1))
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint("a.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "naming.py: " in done.stderr
    assert message in done.stderr


YIELD = 'yield Problem((), "the name does not begin with acme")'
YIELDED_WRONGLY = [
    ("yield 5", "TypeError: it yields 5, not a Problem"),
    ("yield None", "TypeError: it yields null, not a Problem"),
    ("return 'text'", "TypeError: it yields 't', not a Problem"),
    ("yield Problem((), 5)", "TypeError: the message is 5, not text"),
    ("yield Problem([1], 'x')", "TypeError: a path has a step a list, which is neither a key nor an index"),
    ("yield Problem((), 'x', severity='fatal')", "TypeError: 'fatal' is not a severity"),
    ("yield Problem((), 'x', fix=5)", "TypeError: the fix is 5, not a Fix"),
    ("yield Problem((), 'x', secret=5)", "TypeError: the secret is 5, not text"),
    ("import sys; sys.exit(0)", "RuntimeError: it tried to end the program (0)"),
]


@pytest.mark.parametrize(("code", "message"), YIELDED_WRONGLY)
def test_a_rule_that_yields_what_is_no_problem_is_an_error(
    algolint: Run, tmp_path: Path, code: str, message: str
) -> None:
    """And the other rules report."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(LOCAL.replace(YIELD, code))
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint("--format", "json", "a.json")
    assert done.returncode == 2
    assert [row["rule"] for row in rows(done)] == ["pattern-mismatch"]
    assert f"rule acme/name-prefix failed at /AlgorithmName: {message}" in done.stderr


def test_rules_on_weaker_ground_are_left_out(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"AlgorithmName": "<name> b", "TrainingSpecification": "${S}"}')
    every = {row["rule"] for row in rows(algolint("--format", "json", "a.json"))}
    rank = {rule.name: EVIDENCE_KINDS.index(rule.evidence.kind) for rule in all_rules()}
    left = []
    for least, kind in enumerate(EVIDENCE_KINDS):
        found = {row["rule"] for row in rows(algolint("--format", "json", "--min-evidence", kind, "a.json"))}
        assert found == {name for name in every if rank[name] <= least}
        left.append(len(found))
    assert left[0] == 0 < left[-1]
    (tmp_path / "algolint.toml").write_text(f'min-evidence = "{EVIDENCE_KINDS[0]}"')
    assert algolint("a.json").returncode == 0
