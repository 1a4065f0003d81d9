"""The configuration: how it is found, its effects, and the errors for invalid ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli
from conftest import ROOT, Run
from hypothesis import given
from hypothesis import strategies as st

from algolint.config import loading as config
from algolint.config import toml
from algolint.config.settings import FORMATS
from algolint.rule import EVIDENCE_KINDS, SEVERITIES
from algolint.rule_files import all_rules

FIXTURES = ROOT / "fixtures" / "clean"
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
def test_a_setting_has_its_documented_effect(algolint: Run, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.json").write_text(FAULTY)
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


@pytest.mark.parametrize(
    ("name", "head"), [("algolint.toml", "["), ("pyproject.toml", "[tool.algolint."), ("algolint.toml", "")]
)
def test_a_key_of_very_many_parts_is_refused(algolint: Run, tmp_path: Path, name: str, head: str) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    end = "]\nx = true\n" if head else " = true\n"
    (tmp_path / name).write_text(head + ".".join("a" * 50_000) + end)
    run = algolint("a.json")
    assert run.returncode == 2
    assert run.stderr.endswith(f"{name}: a key of more than 50 parts\n")


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


def test_the_command_line_adds_to_lists_and_tables_that_add(algolint: Run, tmp_path: Path) -> None:
    """A hook's --extend-ignore keeps the rules that the configuration ignores."""
    (tmp_path / "a.json").write_text(FAULTY.replace("{", '{"X": 1, "Tags": 1, ', 1))
    (tmp_path / "algolint.toml").write_text(
        'extend-ignore = ["pattern-mismatch"]\n[severity]\nunknown-field = "warning"\nwrong-type = "info"\n'
    )
    done = algolint(
        "--format", "json", "--extend-ignore", "missing-field", "--severity", "wrong-type=warning", "a.json"
    )
    assert {(row["rule"], row["severity"]) for row in rows(done)} == {
        ("unknown-field", "warning"),
        ("wrong-type", "warning"),
    }
    (tmp_path / "algolint.toml").write_text('\nextend-ignore = ["missing-feild"]\n')
    assert (
        "algolint.toml:2: there is no rule" in algolint("--extend-ignore", "missing-field", "a.json").stderr
    )


def test_named_files_obey_exclude(algolint: Run, tmp_path: Path) -> None:
    """pre-commit passes names."""
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('exclude = ["a.json"]')
    assert algolint("a.json").returncode == 0


WRONG: list[tuple[str, str]] = [
    ('selct = ["a"]', "algolint.toml:2: 'selct' is not a key of the configuration; did you mean 'select'?"),
    ('select = "a"', "algolint.toml:2: select takes a list, not 'a'"),
    ("select = [1]", "algolint.toml:2: select takes a string, not 1"),
    ('fail-on = "fatal"', "algolint.toml:2: 'fatal' is not a value of fail-on"),
    (
        '[severity]\n"missing-field" = "err"',
        "algolint.toml:3: 'err' is not a value of severity.missing-field",
    ),
    ("show-info = 1", "algolint.toml:2: show-info takes true or false"),
    ('[[suppressions]]\nrules = ["a"]', "algolint.toml:2: suppressions lacks 'pointer'"),
    ("select = ", "algolint.toml: not valid TOML"),
    ('ignore = ["missing-feild"]', "algolint.toml:2: there is no rule 'missing-feild'; did you mean"),
    ('[severity]\n"missing-feild" = "info"', "there is no rule 'missing-feild'; did you mean"),
    ('api-revision = "newest"', "'newest' is not an API revision"),
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


VALIDATOR = jsonschema.Draft202012Validator(config.schema())


@given(values(config.schema()))
def test_the_cheap_check_agrees_with_json_schema(value: Any) -> None:
    assert config.is_valid(value) == VALIDATOR.is_valid(value)


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


# ---------------------------------------------------------------- extended configurations


def test_what_config_shows_is_toml(algolint: Run, tmp_path: Path) -> None:
    text = """\
region = "us-east-1"
show-info = true
[per-file-ignores]
'a"b.yaml' = ["tag-value-blank"]
'' = []
[[suppressions]]
pointer = "/Tags"
rules = ["tag-value-blank"]
reason = "\U0001f600 \\u001b[2J \\u009b"
"""
    (tmp_path / "algolint.toml").write_text(text, encoding="utf-8")
    shown = algolint("config").stdout
    assert shown.replace("\n", "").isprintable()
    assert tomli.loads(shown).items() >= tomli.loads(text).items()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_written_as_toml(text: str) -> None:
    assert tomli.loads(f"{toml.quoted(text)} = {toml.quoted(text)}") == {text: text}


def test_a_teams_file_is_on_top_of_the_roots(algolint: Run, tmp_path: Path) -> None:
    """Lists that add, and tables, are joined; other keys are replaced; paths are relative to each file."""
    team = tmp_path / "teams" / "one"
    team.mkdir(parents=True)
    (tmp_path / "rules" / "acme").mkdir(parents=True)
    (tmp_path / "rules" / "acme" / "naming.py").write_text(LOCAL)
    (tmp_path / "algolint.toml").write_text(
        'fail-on = "warning"\nignore = ["missing-field"]\nexclude = ["teams/one/old/**"]\nbaseline = "known.json"\n'
        'rule-directories = ["rules/acme"]\nextend-ignore = ["tag-charset"]\n'
        '[severity]\npattern-mismatch = "warning"\nunknown-field = "info"\n'
        '[per-file-ignores]\n"teams/*/legacy.json" = ["pattern-mismatch"]\n'
    )
    (team / "algolint.toml").write_text(
        'extend = "../../algolint.toml"\nfail-on = "error"\nextend-ignore = ["tag-reserved-prefix"]\n'
        'exclude = ["drafts/"]\n[severity]\nunknown-field = "error"\n'
    )
    (tmp_path / "known.json").write_text("")
    for name in ("a.json", "legacy.json", "old/a.json", "drafts/a.json"):
        (team / name).parent.mkdir(exist_ok=True)
        (team / name).write_text(FAULTY.replace("{", '{"X": 1, ', 1))
    assert algolint("--write-baseline", "--select", "acme/*", ".").returncode == 0
    assert json.loads((tmp_path / "known.json").read_text())["entries"]
    for cwd, paths in ((tmp_path, ["."]), (team, ["."]), (team, ["a.json", "legacy.json", "old/a.json"])):
        done = algolint("--format", "json", *paths, cwd=cwd)
        found = sorted((Path(row["path"]).name, row["rule"], row["severity"]) for row in rows(done))
        assert found == [
            ("a.json", "pattern-mismatch", "warning"),
            ("a.json", "unknown-field", "error"),
            ("legacy.json", "unknown-field", "error"),
        ]
    shown = algolint("config", "--show", "a.json", cwd=team).stdout
    assert f'fail-on = "error"  # from {team}/algolint.toml:2' in shown
    assert (
        'extend-ignore = ["tag-charset", "tag-reserved-prefix"]'
        f"  # from {team}/algolint.toml:3 and {tmp_path}/algolint.toml:6" in shown
    )
    assert f'ignore = ["missing-field"]  # from {tmp_path}/algolint.toml:2' in shown


def test_a_pyproject_can_be_extended(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.algolint]\nignore = ["pattern-mismatch"]\n')
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.json").write_text(FAULTY)
    (tmp_path / "inner" / "algolint.toml").write_text('extend = "../pyproject.toml"')
    assert algolint("inner").returncode == 0


EXTENDED_WRONGLY = [
    ('extend = "gone.toml"', {}, "a/algolint.toml:1: extend: no such file a/gone.toml"),
    ('extend = "algolint.toml"', {}, "a/algolint.toml:1: extend: a/algolint.toml extends this file in turn"),
    (
        'extend = "b.toml"',
        {"b.toml": 'extend = "algolint.toml"'},
        "a/b.toml:1: extend: a/algolint.toml extends this file in turn",
    ),
    (
        'extend = "pyproject.toml"',
        {"pyproject.toml": "[project]"},
        "a/algolint.toml:1: extend: a/pyproject.toml has no table [tool.algolint]",
    ),
    ('extend = "b.toml"', {"b.toml": "# x\nselct = []"}, "a/b.toml:2: 'selct' is not a key"),
    (
        'extend = "b.toml"\nextend-ignore = ["pattern-mismatch"]',
        {"b.toml": '\n\nextend-ignore = ["missing-feild"]'},
        "a/b.toml:3: there is no rule 'missing-feild'; did you mean",
    ),
]


@pytest.mark.parametrize(("text", "others", "message"), EXTENDED_WRONGLY)
def test_a_wrong_extension_is_explained(
    algolint: Run, tmp_path: Path, text: str, others: dict[str, str], message: str
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.json").write_text(FAULTY)
    (tmp_path / "a" / "algolint.toml").write_text(text)
    for name, other in others.items():
        (tmp_path / "a" / name).write_text(other)
    done = algolint("--config", "a/algolint.toml", "a/a.json")
    assert done.returncode == 2
    assert message in done.stderr


# ---------------------------------------------------------------- selectors and profiles


def test_no_rule_is_named_like_a_group_of_rules() -> None:
    from algolint.config.selectors import ALL, group_of

    groups = {group_of(rule) for rule in all_rules()} | {*SEVERITIES, ALL}
    assert not groups & {rule.name for rule in all_rules()}
    assert {"hyperparameters", "data-sources", "structural-rules"} <= groups


SELECTED = [
    (["--select", "structural-rules"], {"pattern-mismatch", "placeholder-left-in"}),
    (["--select", "hyperparameters"], set()),
    (["--select", "error"], {"pattern-mismatch"}),
    (["--select", "warning"], {"placeholder-left-in"}),
    (["--ignore", "error"], {"placeholder-left-in"}),
    (["--ignore", "ALL"], set()),
    (["--select", "ALL"], {"pattern-mismatch", "placeholder-left-in"}),
    (["--ignore", "ALL", "--extend-select", "warning"], {"placeholder-left-in"}),
    (["--severity", "ALL=off"], set()),
    (["--severity", "ALL=off", "--severity", "pattern-mismatch=info", "--show-info"], {"pattern-mismatch"}),
    (["--severity", "pattern-mismatch=error", "--severity", "ALL=off"], {"pattern-mismatch"}),
]


@pytest.mark.parametrize(("arguments", "expected"), SELECTED, ids=str)
def test_families_severities_and_all_are_selectors(
    algolint: Run, tmp_path: Path, arguments: list[str], expected: set[str]
) -> None:
    training = (
        '{"TrainingImage": "<image>", "SupportedTrainingInstanceTypes": "${X}", "TrainingChannels": "${X}"}'
    )
    (tmp_path / "a.json").write_text(f'{{"AlgorithmName": "a b", "TrainingSpecification": {training}}}')
    done = algolint("--format", "json", *arguments, "a.json")
    assert {row["rule"] for row in rows(done)} == expected


def test_info_rules_are_selected_by_their_severity(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes((FIXTURES / "tuned-tabular.json").read_bytes())
    shown = rows(algolint("--format", "json", "--select", "info", "a.json"))
    assert shown
    assert {row["severity"] for row in shown} == {"info"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [("hyperparameter", "'hyperparameters'"), ("eror", "'error'"), ("all", "'ALL'")],
)
def test_a_misspelt_selector_is_answered_with_the_nearest(algolint: Run, name: str, hint: str) -> None:
    assert f"--select: there is no rule '{name}'; did you mean {hint}?" in algolint("--select", name).stderr


MARKETPLACE = "marketplace = true\n"


def test_marketplace_is_an_option_of_sellers(algolint: Run, tmp_path: Path) -> None:
    """A flag that is missing or false is an error, and advice is shown."""
    spec = json.loads((FIXTURES / "tuned-tabular.json").read_text())
    path = tmp_path / "a.json"
    for flag, expected in (
        (None, {("marketplace-flag-missing", "error")}),
        (False, {("marketplace-flag-missing", "error")}),
        (True, {("marketplace-public-data-notice", "info")}),
    ):
        spec.pop("CertifyForMarketplace", None)
        path.write_text(json.dumps(spec if flag is None else spec | {"CertifyForMarketplace": flag}))
        (tmp_path / "algolint.toml").write_text("")
        assert rows(algolint("--format", "json", "a.json")) == []
        by_option = rows(algolint("--format", "json", "--marketplace", "a.json"))
        (tmp_path / "algolint.toml").write_text(MARKETPLACE)
        by_file = rows(algolint("--format", "json", "a.json"))
        assert by_option == by_file
        assert {(row["rule"], row["severity"]) for row in by_file} >= expected
        assert all(row["rule"].startswith("marketplace-") for row in by_file)
    (tmp_path / "algolint.toml").write_text(MARKETPLACE + '[severity]\nmarketplace = "warning"\n')
    path.write_text(json.dumps(spec | {"CertifyForMarketplace": False}))
    assert algolint("a.json").returncode == 0


def test_strict_implies_what_the_command_line_and_the_configuration_do_not_set(
    algolint: Run, tmp_path: Path
) -> None:
    training = (
        '{"TrainingImage": "<image>", "SupportedTrainingInstanceTypes": "${X}", "TrainingChannels": "${X}"}'
    )
    (tmp_path / "a.json").write_text(training)
    assert algolint("a.json").returncode == 0
    assert algolint("--strict", "a.json").returncode == 1
    assert algolint("--strict", "--fail-on", "error", "a.json").returncode == 0
    (tmp_path / "algolint.toml").write_text("strict = true\nshow-info = false\n")
    assert algolint("a.json").returncode == 1
    shown = algolint("config").stdout
    assert 'fail-on = "warning"  # from strict' in shown
    assert "show-info = false  # from" in shown


# ---------------------------------------------------------------- regions and revisions


def test_an_unknown_region_is_an_error(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint("--region", "us-east-9", "a.json")
    assert done.returncode == 2
    assert done.stderr.startswith("algolint: 'us-east-9' is not an AWS region; did you mean 'us-east-")
    assert "(from the command line)" in done.stderr
    (tmp_path / "algolint.toml").write_text('\nregion = "foo"\n')
    done = algolint("a.json")
    assert done.returncode == 2
    assert f"'foo' is not an AWS region (from {tmp_path}/algolint.toml:2)" in done.stderr
    assert algolint("--region", "eu-central-1", "a.json").returncode == 1


def test_the_target_is_named_as_it_was_asked_for(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"TrainingImage": "${X}", "SupportedTrainingInstanceTypes": ["ml.p5.48xlarge"], "TrainingChannels": "${X}"}'
    )
    done = algolint("--api-revision", "1.29.150", "--verbose", "a.json")
    assert "the target is 1.29.150, whose request is that of 1.29.127 (2023-05-04)" in done.stdout
    assert "botocore 1.29.127, 2023-05-04 (for 1.29.150)" in done.stderr
    for same in ("1.29.127", "2023-05-04"):
        assert "the target is 1.29.127 (2023-05-04)" in algolint("--api-revision", same, "a.json").stdout


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


def test_links_of_packs_are_their_own_or_left_out(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text('{"AlgorithmName": "a", "TrainingSpecification": "${SPEC}"}')
    for option, url in ((", url='https://acme.example/rules'", "https://acme.example/rules"), ("", None)):
        (tmp_path / "acme" / "naming.py").write_text(LOCAL.replace('naming")', f'naming"{option})'))
        algolint(*(word for form in FORMATS for word in ("--report", f"{form}=report.{form}")), "a.json")
        reports = {form: (tmp_path / f"report.{form}").read_text() for form in FORMATS}
        (row,) = json.loads(reports["json"])["diagnostics"]
        assert row["url"] == url
        sarif = json.loads(reports["sarif"])
        assert sarif["runs"][0]["tool"]["driver"]["rules"][0].get("helpUri") == url
        (found,) = json.loads(reports["rdjson"])["diagnostics"]
        assert found["code"].get("url") == url
        assert [form for form, text in reports.items() if "README.md#acme" in text] == []


def test_configured_rules_are_explained_and_listed(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(LOCAL)
    assert "there is no rule 'acme/name-prefix'" in algolint("explain", "acme/name-prefix").stderr
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    assert "An algorithm's name does not begin with acme." in algolint("explain", "acme/name-prefix").stdout
    assert "acme/name-prefix" in algolint("rules").stdout.partition("acme:\n")[2]
    assert "acme/name-prefix" in {
        row["name"] for row in json.loads(algolint("rules", "--format", "json").stdout)
    }
    hint = algolint("explain", "acme/name-prefx").stderr
    assert "did you mean 'acme/name-prefix'?" in hint
    (tmp_path / "algolint.toml").write_text("wrong")
    assert algolint("explain", "env-size").returncode == 0


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


FIXING = '''
from algolint import Problem, Replace, rule

def deep(value, levels):
    for _ in range(levels):
        value = [value]
    return value

def circular():
    value = {}
    value["a"] = value
    return value

def doubled():
    value = []
    for _ in range(100):
        value = [value, value]
    return value

@rule(on="EntityName", severity="error", evidence="heuristic: our naming")
def name_prefix(name):
    """An algorithm's name is to be another value."""
    yield Problem((), "is to be another value", fix=Replace((), %s, title="change it", safe=True))
'''


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("deep('x', 200)", "ValueError: the fix has a value nested more than 200 levels deep"),
        ("deep({}, 100_000)", "ValueError: the fix has a value nested more than 200 levels deep"),
        ("circular()", "ValueError: the fix has a value nested more than 200 levels deep"),
        ("doubled()", "ValueError: the fix has more than 100,000 values"),
        ("{'a': [{1: 2}]}", "TypeError: the fix has a key 1, which is not text"),
    ],
)
@pytest.mark.parametrize("arguments", [["--fix"], ["--format", "json"], ["--jobs", "2"]], ids=" ".join)
def test_a_fix_with_a_value_that_no_spec_has_is_a_fault_of_its_rule(
    algolint: Run, tmp_path: Path, value: str, message: str, arguments: list[str]
) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(FIXING % value)
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    texts = ['{"AlgorithmName": "a", "TrainingSpecification": "${SPEC}"}', "AlgorithmName: a\nTags: []\n"]
    files = {f"a{number:02}.{'yaml' if number % 2 else 'json'}": texts[number % 2] for number in range(12)}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = algolint("--quiet", *arguments, *files)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"{name}: rule acme/name-prefix failed at /AlgorithmName: {message}" for name in files
    ]
    assert {name: (tmp_path / name).read_text() for name in files} == files


@pytest.mark.parametrize("levels", [1, 150])
def test_a_fix_within_the_limit_of_depth_is_judged_like_any_other(
    algolint: Run, tmp_path: Path, levels: int
) -> None:
    """It is made although it leads to another finding: the one that it is for is gone."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(FIXING % f"deep('x', {levels})")
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.yaml").write_text("AlgorithmName: a\nTags: []\n")
    assert algolint("--fix", "a.yaml").returncode == 1
    assert (tmp_path / "a.yaml").read_text().count("- ") == levels


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
    one, two = (tmp_path / "acme" / f"{name}.py" for name in ("one", "two"))
    assert f"two rules are named acme/name-prefix: in {one} and {two}\n" in done.stderr


def test_a_folder_that_two_configurations_name_is_loaded_once(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(LOCAL)
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "algolint.toml").write_text(
        'extend = "../algolint.toml"\nrule-directories = ["../acme/"]\n'
    )
    (tmp_path / "team" / "a.json").write_text(FAULTY)
    assert "[acme/name-prefix]" in algolint("team").stdout


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

DOCSTRING = '"""An algorithm\'s name does not begin with acme."""'
DECLARED_WRONGLY = [
    (
        'on="EntityName"',
        'on="EntityNam"',
        "'EntityNam' is not a shape of the API; did you mean 'EntityName'?",
    ),
    ('on="EntityName"', "on=5", "on takes the name of an API shape, or a tuple of names, not 5"),
    ('severity="error"', 'severity="err"', "'err' is not a severity; did you mean 'error'?"),
    ('severity="error"', 'severity="fatal"', "'fatal' is not a severity; one of error, warning, info"),
    ('severity="error"', 'severity="error", also="info"', "also takes a tuple of severities, not 'info'"),
    ('severity="error"', 'severity="error", fix="save"', "'save' is not a kind of fix; did you mean 'safe'?"),
    (
        'severity="error"',
        'severity="error", url="acme"',
        "url takes an address that begins with https://, not 'acme'",
    ),
    (DOCSTRING, '""""""', "it has no page; its docstring begins with the fault in one sentence"),
    (DOCSTRING, "pass", "it has no page"),
    (
        "begin with acme.",
        "begin with acme.\n\n    ```yaml bad EntityNam\n    x\n    ```\n",
        "an example is of 'EntityNam', which is not a shape of the API; did you mean 'EntityName'?",
    ),
    (
        "heuristic: our naming",
        "we say so",
        "evidence takes 'KIND: SOURCE', KIND one of service, model, reference",
    ),
    ("from algolint", "import sys; sys.exit(0)\nfrom algolint", "SystemExit: 0"),
    (
        'severity="error"',
        'severity="error", replaces="env-size"',
        "replaces takes a tuple of names of rules, not 'env-size'",
    ),
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


@pytest.mark.parametrize("command", [["a.json"], ["job", "a.json", "a.json"], ["diff", "a.json", "a.json"]])
def test_a_rule_that_replaces_one_that_does_not_exist_is_an_error(
    algolint: Run, tmp_path: Path, command: list[str]
) -> None:
    """Otherwise the mistake would go unnoticed."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "a.json").write_text(FAULTY)
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    for name, is_known in (("pattern-mismatc", False), ("pattern-mismatch", True), ("env-size", True)):
        declared = LOCAL.replace('"error"', f'"error", replaces=({name!r},)')
        (tmp_path / "acme" / "naming.py").write_text(declared)
        done = algolint(*command)
        assert ("which is not a rule; did you mean 'pattern-mismatch'?" in done.stderr) is not is_known
        assert is_known or (done.returncode, done.stdout) == (2, "")


YIELD = 'yield Problem((), "the name does not begin with acme")'
YIELDED_WRONGLY = [
    ("yield 5", "TypeError: it yields 5, not a Problem"),
    ("yield None", "TypeError: it yields null, not a Problem"),
    ("return 'text'", "TypeError: it returns 'text', not an iterable of Problem"),
    ("yield Problem((), 5)", "TypeError: the message is 5, not text"),
    ("yield Problem([1], 'x')", "TypeError: a path has a step a list, which is neither a key nor an index"),
    ("yield Problem((), 'x', severity='fatal')", "TypeError: 'fatal' is not a severity"),
    ("yield Problem((), 'x', fix=5)", "TypeError: the fix is 5, not a Fix"),
    ("yield Problem((), 'x', secret=5)", "TypeError: the secret is 5, not text"),
    ("import sys; sys.exit(0)", "RuntimeError: it tried to end the program (0)"),
    ("raise type('Odd', (Exception,), {'__str__': None})", "RuntimeError: Odd, which cannot be shown"),
]


@pytest.mark.parametrize(("code", "message"), YIELDED_WRONGLY)
def test_a_rule_that_yields_what_is_no_problem_is_an_error(
    algolint: Run, tmp_path: Path, code: str, message: str
) -> None:
    """The other rules still report."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(LOCAL.replace(YIELD, code))
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint("--format", "json", "a.json")
    assert done.returncode == 2
    assert [row["rule"] for row in rows(done)] == ["pattern-mismatch"]
    assert f"rule acme/name-prefix failed at /AlgorithmName: {message}" in done.stderr


def test_a_rule_that_yields_without_end_is_an_error(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "naming.py").write_text(LOCAL.replace(YIELD, "while True: yield Problem((), 'x')"))
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text(FAULTY)
    done = algolint("--format", "json", "a.json")
    assert done.returncode == 2
    assert {row["rule"] for row in rows(done)} == {"acme/name-prefix", "pattern-mismatch"}
    assert "RuntimeError: it yields more than 100,000 problems" in done.stderr


def test_rules_on_weaker_ground_are_left_out(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"AlgorithmName": "<name> b", "TrainingSpecification": "${S}"}')
    every = {row["rule"] for row in rows(algolint("--format", "json", "a.json"))}
    rank = {rule.name: EVIDENCE_KINDS.index(rule.evidence_kind) for rule in all_rules()}
    left = []
    for least, kind in enumerate(EVIDENCE_KINDS):
        found = {row["rule"] for row in rows(algolint("--format", "json", "--min-evidence", kind, "a.json"))}
        assert found == {name for name in every if rank[name] <= least}
        left.append(len(found))
    assert left[0] == 0 < left[-1]
    (tmp_path / "algolint.toml").write_text(f'min-evidence = "{EVIDENCE_KINDS[0]}"')
    assert algolint("a.json").returncode == 0


def test_a_name_that_begins_with_dots_is_below_the_folder(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "..data").mkdir()
    names = ("..x.json", "..data/a.json")
    for name in names:
        (tmp_path / name).write_text('{"AlgorithmName": "-", "TrainingSpecification": {}}')
    assert algolint(*names, cwd=tmp_path).returncode == 1
    (tmp_path / "algolint.toml").write_text('[per-file-ignores]\n"/..*" = ["ALL"]')
    done = algolint(*names, cwd=tmp_path)
    assert (done.returncode, done.stdout.count("[")) == (0, 0)
