"""Work is counted for each file: what exceeds it ends, and other files are not affected."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT, Run, needs_libyaml
from job_cases import ALGORITHM, TUNING, findings

from algolint import limits
from algolint.cli import main
from algolint.config import loading
from algolint.config.effective import SettingsFinder
from algolint.config.files import ConfigurationError
from algolint.discovery.gitignore import IgnorePatterns
from algolint.jobs.recognition import TUNING as TUNING_SHAPE
from algolint.linting.linter import Linter
from algolint.messages import nearest
from algolint.readers import python_interpreter, yaml_awscli
from algolint.readers.python_names import goes_through
from algolint.regexes.parser import parse
from algolint.regexes.tree import IndeterminateError
from algolint.rule_files import first_party_rules
from algolint.runs import fixing
from algolint.runs.session import Session
from algolint.source import Source
from algolint.syntaxes import read
from algolint.testing import model_of


@pytest.fixture(autouse=True)
def another_file() -> None:
    limits.begin(object())


def test_suggestions_end_with_the_comparisons_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_COMPARISONS", 5_000)
    file = object()
    limits.begin(file)
    names = [f"learning_rate_{number}" for number in range(100)]
    found = [nearest(f"lerning_rate_{number}", names) for number in range(100)]
    assert found[0] == "learning_rate_0"
    assert found[-1] is None
    limits.begin(file)
    assert nearest("lerning_rate_1", names) is None
    limits.begin(object())
    assert nearest("lerning_rate_1", names) == "learning_rate_1"


def test_patterns_are_analysed_as_long_as_the_file_has_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which patterns are analysed does not depend on what was analysed before, for another file."""
    analyzed = import_module("algolint_rules._regex_facts").analyzed
    patterns = [f"({'(a|b)*' * 10}){number}" for number in range(60)]
    monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", 20_000)
    rounds = []
    for _ in range(2):
        limits.begin(object())
        rounds.append([analyzed(pattern).cost > 0 for pattern in patterns])
    assert rounds[0] == rounds[1]
    assert rounds[0][0]
    assert not rounds[0][-1]


def test_patterns_that_are_not_analysed_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing a pattern with the lines of another takes work too, and a pattern that is not analysed may be
    invalid.
    """
    lines = import_module("algolint_rules._regex_lines")
    compared: list[str] = []
    compare = lines._compared

    def counted(pattern: str, other: str) -> object:
        compared.append(pattern)
        return compare(pattern, other)

    monkeypatch.setattr(lines, "_compared", counted)
    invalid = "".join(f"    - {{Name: m{n}, Regex: 'a{n}{'(a|b)*' * 40})=(.*)'}}\n" for n in range(60))
    head = "AlgorithmName: a b\nTrainingSpecification:\n  MetricDefinitions:\n"
    for steps in (limits.MAX_PATTERN_STEPS, 2_000):
        monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", steps)
        assert reported("a.yaml", head + invalid)
        assert compared == []
    # Comparing takes from the same work.
    monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", 35_000)
    rows = "".join(
        f"    - {{Name: m{n}, Regex: 'm[a{n}]*{'(?:a|b)*' * 5}.*=([0-9.]+)'}}\n" for n in range(20)
    )
    messages = [message for name, message in reported("a.yaml", head + rows) if name == "invalid-syntax"]
    assert compared
    assert messages == [
        "patterns of metrics that take more than 35,000 steps to analyse; the others are not analysed"
    ]


def test_groups_in_one_another_count_for_what_they_capture() -> None:
    """The captures of all groups are compared in each step."""
    matching = import_module("algolint_rules._regex_matching")
    sequence = parse(f"{'(' * 90}a7{')*' * 90}")
    budget = matching.Budget()
    steps = budget.left
    compared = 0
    distinct = matching.Matcher._distinct

    def counted(self: object, states: list[tuple[int, tuple[object, ...]]]) -> object:
        nonlocal compared
        found = distinct(self, states)
        compared += sum(len(groups) for _, groups in states) if len(states) > 1 else 0
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching.Matcher, "_distinct", counted)
        with pytest.raises(IndeterminateError):
            matching.Matcher("a7a7a7", budget, alone=False).captures(sequence)
    assert 0 < compared < 3 * (steps - budget.left)


def test_lines_of_gitignore_that_are_not_valid_are_each_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = import_module("algolint.discovery.gitignore")
    made: list[str] = []
    pattern_of = module._pattern_of

    def counted(line: str) -> object:
        made.append(line)
        return pattern_of(line)

    monkeypatch.setattr(module, "_pattern_of", counted)
    count = 200
    lines = [f"g{number}*x" for number in range(count)] + [f"[z-a]{number}" for number in range(count)]
    assert IgnorePatterns(lines).excludes("g1-x") is True
    assert sorted(made) == sorted({*lines[count:], "g1*x"})


def test_the_work_is_counted_for_each_file_of_jobs() -> None:
    limits.comparisons.left = 0
    job = copy.deepcopy(TUNING)
    job["TrainingJobDefinition"]["StaticHyperParameters"] = {"epoch": "5"}
    messages = [problem.message for _, problem in findings(ALGORITHM, job, TUNING_SHAPE)]
    assert any("did you mean 'epochs'" in message for message in messages), messages


# ---------------------------------------------------------------- what is reported where the work ends


def reported(name: str, text: str) -> list[tuple[str, str]]:
    result = Linter(model_of(), first_party_rules()).lint_source(Source(name, text))
    return [(diagnostic.rule.name, diagnostic.message) for diagnostic in result.diagnostics]


def test_a_file_whose_patterns_take_too_many_steps_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", 20_000)
    rows = "".join(f"    - {{Name: m{n}, Regex: '({'(a|b)*' * 10}){n}=(.*)'}}\n" for n in range(40))
    text = f"AlgorithmName: a b\nTrainingSpecification:\n  MetricDefinitions:\n{rows}"
    found = reported("a.yaml", text)
    messages = [message for name, message in found if name == "invalid-syntax"]
    what = "patterns of metrics that take more than 20,000 steps to analyse; the others are not analysed"
    assert messages == [what]
    # Other findings of the file, and the next file, are not affected.
    assert "pattern-mismatch" in [name for name, _ in found]
    assert "invalid-syntax" not in [name for name, _ in reported("a.yaml", "AlgorithmName: a b\nTags: []\n")]


@pytest.mark.parametrize("remembers", [False, True])
@pytest.mark.parametrize("others", ["", "(a+)+b="], ids=["without a finding", "with one"])
def test_what_is_remembered_of_a_pattern_changes_no_report(
    others: str, remembers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern that was remembered counts its steps for each file, even where no steps were left before."""
    monkeypatch.setattr(limits, "MAX_PATTERN_STEPS", 20_000)
    words = "|".join(f"word{number}" for number in range(60))
    dear = [f"(?:{words}) {others}{number}=([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)" for number in range(9)]
    bad = "(a+)+b=(.*)"
    rules = [rule for rule in first_party_rules() if rule.on == ("MetricRegex",)]
    linter = Linter(model_of(), rules, remembers=remembers)
    for patterns in ([*dear, bad], [bad], dear[:3], dear[3:], dear, [*dear[::-1], bad]):
        text = _with_patterns(patterns)
        fresh = Linter(model_of(), rules)
        first, again = (one.lint_source(Source("a.yaml", text)).diagnostics for one in (fresh, linter))
        assert [(d.rule, d.message) for d in again] == [(d.rule, d.message) for d in first]


def _with_patterns(patterns: list[str]) -> str:
    rows = "".join(f"    - {{Name: m{number}, Regex: '{text}'}}\n" for number, text in enumerate(patterns))
    return f"AlgorithmName: a\nTrainingSpecification:\n  MetricDefinitions:\n{rows}"


def test_a_file_whose_names_take_too_many_comparisons_is_reported_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_COMPARISONS", 2_000)
    documents = "---\nAlgorithmNam: a\nAlgorithmName: a\nTags: []\nTrainingSpecificaton: 1\n" * 30
    messages = [message for name, message in reported("a.yaml", documents) if name == "invalid-syntax"]
    what = "more than 2,000 characters of names compared for suggestions; further findings suggest nothing"
    assert messages == [what]


def test_a_page_with_too_many_specs_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EMBEDDED", 3)
    block = '```json\n{"AlgorithmName": "a b", "TrainingSpecification": {}}\n```\n'
    assert reported("a.md", block * 3)
    assert reported("a.md", block * 4) == [("invalid-syntax", "more than 3 specs in one document")]


def test_a_file_with_too_many_secrets_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SECRETS", 5)
    rows = "".join(f"X{n}: {{DB_PASSWORD: MyS3cretP4ss{n}}}\n" for n in range(6))
    text = f"AlgorithmName: a b\nTags: []\n{rows}"
    message = "more than 5 secrets; what quotes the others is not masked"
    assert ("invalid-syntax", message) in reported("a.yaml", text)
    monkeypatch.setattr(limits, "MAX_SECRETS", 6)
    assert "invalid-syntax" not in [name for name, _ in reported("a.yaml", text)]


def test_a_template_that_is_read_as_it_is_names_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "AlgorithmName: {{ a }} {{ b }}: c\nTags: []\n"
    monkeypatch.setattr(limits, "MAX_TEMPLATE_MARKS", 1)
    (found,) = reported("a.yaml", text)
    assert found[1].endswith("; a template of more than 1 marks is read as it is")
    monkeypatch.setattr(limits, "MAX_TEMPLATE_LENGTH", 10)
    for name, broken in (("a.yaml", text), ("a.json", '{"AlgorithmName": {{ a }}, "Tags": []}')):
        (found,) = reported(name, broken)
        assert found[1].endswith("; a template of more than 10 characters is read as it is"), found


@needs_libyaml
@pytest.mark.parametrize("odd", ["\ttext", " text\t", "\n  text\t"])
def test_a_long_text_that_aws_cli_may_refuse_is_named(algolint: Run, tmp_path: Path, odd: str) -> None:
    spec = "AlgorithmName: a\nTrainingSpecification: {TrainingImage: a}\n"
    (tmp_path / "a.yaml").write_text(f"{spec}AlgorithmDescription: a # {'x' * limits.MAX_COMPARED_LENGTH}\n")
    assert "not known" not in algolint("--isolated", "a.yaml").stdout
    (tmp_path / "b.yaml").write_text(
        f"{spec}AlgorithmDescription:{odd} # {'x' * limits.MAX_COMPARED_LENGTH}\n"
    )
    what = "b.yaml:1:1: whether AWS CLI v2 can read this long text is not known here and was not linted"
    assert what in algolint("--isolated", "b.yaml").stdout
    # Its parser examines all brackets around each token.
    flows = f"Tags: {'[' * 90}{'a, ' * 4000}{']' * 90}\n"
    (tmp_path / "b.yaml").write_text(f"{spec}AlgorithmDescription:{odd}\n{flows}")
    assert what in algolint("--isolated", "b.yaml").stdout


@needs_libyaml
def test_many_open_brackets_are_not_read_by_the_parser_of_aws_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes cubic time for them, and a text that is no YAML is read several times."""
    monkeypatch.setattr(yaml_awscli, "_events", lambda _: pytest.fail("it was read"))
    for brackets in ("[", "{", "[{", "[a, ", "{ { {"):
        assert reported("a.yaml", f"AlgorithmName: {brackets * 1600}\nTags: []\n")


FIXABLE = """\
AlgorithmName: forecaster
TrainingSpecification:
  TrainingImage: a
  TrainingChannels:
    - Name: train
      SupportedInputModes: [FILE]
      SupportedContentTypes: [text/csv]
    - Name: test
      SupportedInputModes: [FILE]
      SupportedContentTypes: [text/csv]
"""


def test_fixes_that_take_too_long_to_prove_are_counted(algolint: Run, tmp_path: Path) -> None:
    spec = tmp_path / "a.yaml"
    spec.write_text(FIXABLE)
    done = algolint("--isolated", "a.yaml")
    assert "2 can be fixed with --fix" in done.stdout
    assert "take too long" not in done.stdout
    spec.write_text(f"{FIXABLE}# {'x' * limits.MAX_FIXED_LENGTH}\n")
    offered = "2 fixes are not offered, because proving them would take too long"
    made = offered.replace("offered", "made")
    assert algolint("--isolated", "a.yaml").stdout.splitlines()[-1] == offered
    for options in (["--fix"], ["--fix-only"], ["--fix", "--unsafe-fixes"]):
        assert algolint("--isolated", *options, "a.yaml").stdout.splitlines()[-1] == made
    assert algolint("--isolated", "--diff", "a.yaml").stderr.splitlines()[-1] == made
    # In a program each is proved while it is linted.
    call = "client.create_algorithm(AlgorithmName='a', TrainingSpecification={'TrainingChannels': [{'SupportedInputModes': ['FILE']}]})"
    (tmp_path / "b.py").write_text(f"{call} # {'x' * limits.MAX_FIXED_LENGTH}\n")
    done = algolint("--isolated", "b.py")
    assert done.stdout.splitlines()[-1] == "1 fix is not offered, because proving it would take too long"


@pytest.mark.parametrize("budget", ["MAX_PROVED_LENGTH", "MAX_FIX_WORK"])
def test_fixes_beyond_the_work_of_a_file_are_counted(monkeypatch: pytest.MonkeyPatch, budget: str) -> None:
    source = Source("a.yaml", FIXABLE)
    session = Session(SettingsFinder({}, isolated=True), with_edits=True)
    assert session.lint("a.yaml", True, source).unproved == 0
    assert fixing.fixed(session, "a.yaml", True, source, False)[1].unproved == 0
    # The fixes are proved together, which takes one more reading.
    monkeypatch.setattr(limits, budget, len(FIXABLE) - (budget == "MAX_PROVED_LENGTH"))
    if budget == "MAX_PROVED_LENGTH":
        assert session.lint("a.yaml", True, source).unproved == 2
    else:
        after, result = fixing.fixed(session, "a.yaml", True, source, False)
        assert result.fixes is not None
        assert (after.text, result.fixes.fixed, result.unproved) == (FIXABLE, 0, 2)


@pytest.mark.usefixtures("capsys")
@needs_libyaml
@pytest.mark.usefixtures("capsys")
def test_comments_in_a_text_of_the_slow_parser_are_proved_less_often(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = "".join(f'- {{Key: "aws:{n}", Valu: "x",\n   Z{n}:\n      "y"}}\n' for n in range(120))
    path = tmp_path / "a.yaml"
    path.write_text(f"#\t\nAlgorithmName: a b\nTags:\n{rows}")
    monkeypatch.setattr(limits, "MAX_PROVED_LENGTH", 80 * path.stat().st_size)
    # So that neither all comments nor all of them together can be made.
    monkeypatch.setattr(limits, "MAX_DIRECTIVE_NAMES", 40)
    texts: list[str] = []
    events = yaml_awscli._events

    def counted(text: str) -> Any:
        texts.append(text)
        return events(text)

    monkeypatch.setattr(yaml_awscli, "_events", counted)
    assert main.run(["--isolated", "--add-ignore", str(path)]) == 1
    # Five proofs, and the readings for the findings before and after.
    assert 5 <= len(texts) <= 20


@needs_libyaml
def test_fixes_in_a_text_of_the_slow_parser_take_more_of_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(SettingsFinder({}, isolated=True), with_edits=True)
    monkeypatch.setattr(limits, "MAX_FIX_WORK", 30 * len(FIXABLE))
    for comment, fixed in (("#  \n", 2), ("#\t\n", 0)):
        source = Source("a.yaml", comment + FIXABLE)
        fixes = fixing.fixed(session, "a.yaml", True, source, False)[1].fixes
        assert fixes is not None
        assert fixes.fixed == fixed


def test_comments_that_take_too_long_to_remove_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    comments = (
        "# algolint: ignore[unknown-field]\nAlgorithmName: a\n# algolint: ignore[unknown-field]\nTags: []\n"
    )
    source = Source("a.yaml", f"{comments}x: |+\n  a\n\n")
    assert Session(SettingsFinder({}, isolated=True)).lint("a.yaml", True, source).unproved == 0
    monkeypatch.setattr(limits, "MAX_PROVED_LENGTH", len(source.text) + 10)
    assert Session(SettingsFinder({}, isolated=True)).lint("a.yaml", True, source).unproved == 1


def test_a_template_with_too_many_algorithms_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ALGORITHMS", 1)
    resource = "  A{n}:\n    Type: AWS::SageMaker::Algorithm\n    Properties: {{AlgorithmName: a b}}\n"
    text = "Resources:\n" + "".join(resource.format(n=n) for n in range(2))
    assert reported("a.yaml", text) == [("invalid-syntax", "more than 1 algorithms in one template")]


@pytest.mark.parametrize(
    "repeated",
    [
        "X = " + "[" * 9 + "a" + " for i in range(9)]" * 9,
        "".join(f"{' ' * depth}for i in range(9):\n" for depth in range(9)) + " " * 9 + "a = i",
    ],
)
def test_each_loop_of_a_program_is_searched_once(repeated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of a program do not count what is searched in each of them."""
    searched: list[object] = []

    def counted(node: Any) -> bool:
        searched.append(node)
        return goes_through(node)

    monkeypatch.setattr(python_interpreter, "goes_through", counted)
    call = "import boto3\nboto3.client('sagemaker').create_algorithm(AlgorithmName='a b')\n"
    read(Source("a.py", f"{repeated}\n{call}"))
    assert 0 < len(searched) <= 9


def test_too_many_names_in_comments_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DIRECTIVE_NAMES", 2)
    text = "AlgorithmName: a\nTags: []\n" + "X: 1  # algolint: ignore[unknown-field, string-length]\n"
    text += "Y: 1  # algolint: ignore[unknown-field]\n"
    found = (
        Session(SettingsFinder({}, isolated=True)).lint("a.yaml", True, Source("a.yaml", text)).diagnostics
    )
    messages = [d.message for d in found if d.rule.name == "malformed-suppression"]
    assert messages == [
        "more than 2 rule names in suppression comments; this one and those below have no effect"
    ]
    assert [d.location.line for d in found if d.rule.name == "unknown-field"] == [4]


def test_a_large_file_is_refused_or_skipped_with_its_size(algolint: Run, tmp_path: Path) -> None:
    for name, size in (("baseline", limits.MAX_BASELINE_SIZE), ("b.json", limits.MAX_SEARCHED_SIZE)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size + 1)
    (tmp_path / "a.json").write_text('{"AlgorithmName": "a b", "Tags": []}')
    done = algolint("--isolated", "--baseline", "baseline", "a.json")
    assert (done.returncode, "has more than 67,108,864 bytes" in done.stderr) == (2, True)
    # It may contain a spec, but is too large to be searched.
    done = algolint("--isolated", ".")
    assert done.stderr.startswith("algolint: b.json is skipped: has 268,435,457 bytes or more")
    assert "a.json:1" in done.stdout


# The command wraps the streams of pytest, which capsys replaces.
@pytest.mark.usefixtures("capsys")
@pytest.mark.parametrize("command", ["job", "check"])
def test_requests_of_large_algorithms_are_judged_as_long_as_there_is_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    """For each request, all rules on profiles walk the algorithm again."""
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text(json.dumps(ALGORITHM))
    jobs = [
        {**TUNING["TrainingJobDefinition"], "StaticHyperParameters": {f"epoch{n}": "5"}} for n in range(9)
    ]
    requests = [{**TUNING, "TrainingJobDefinition": {**job}} for job in jobs]
    Path("b.yaml").write_text("".join(f"--- {json.dumps(request)}\n" for request in requests))
    monkeypatch.setattr(limits, "MAX_JUDGED_VALUES", 100)

    def judged() -> list[tuple[str, int]]:
        arguments = ["job", "a.json", "b.yaml"] if command == "job" else ["."]
        with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as out:
            main.run([*arguments, "--isolated", "--format", "json", "--jobs", "1"])
            out.seek(0)
            report = json.load(out)
        return [(d["rule"], d["line"]) for d in report["diagnostics"] if d["path"] == "b.yaml"]

    few = judged()
    assert ("invalid-syntax", 1) in few
    assert {line for rule, line in few if rule != "invalid-syntax"} < set(range(1, 9))
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    every = judged()
    assert "invalid-syntax" not in dict(every)
    assert {line for _, line in every} == set(range(1, 10))


# ---------------------------------------------------------------- values that are not read

CALL = "import json, boto3\nboto3.client('sagemaker').create_algorithm(AlgorithmName='a', TrainingSpecification={}, Tags=@)\n"
IMPORTED = "from tags import TAGS\n" + CALL.replace("@", "TAGS")
TAGS = "TAGS = [{'Key': 'a', 'Value': 'b'}]\n"
RESOURCE = 'resource "aws_sagemaker_algorithm" "a" {\n  algorithm_name = "a"\n  training_specification {}\n  tags = local.tags\n}\n'
LOCALS = 'locals {\n  tags = { a = "b" }\n}\n'
SCRIPT = 'T=\'[{"Key": "a", "Value": "b"}]\'\naws sagemaker create-algorithm --algorithm-name a --training-specification \'{}\' --tags "$T"\n'
#: By limit: a lower one, and files of which the last has tags that then are unknown.
LOWERED: dict[str, tuple[int, dict[str, str]]] = {
    "MAX_VARIABLES_LENGTH": (10, {"a.sh": SCRIPT}),
    "MAX_DECODED_LENGTH": (10, {"a.py": CALL.replace("@", """json.loads('[{"Key": "a", "Value": "b"}]')""")}),
    "MAX_IMPORTED_FILES": (0, {"tags.py": TAGS, "a.py": IMPORTED}),
    "MAX_IMPORTED_SIZE": (10, {"tags.py": TAGS, "a.py": IMPORTED}),
    "MAX_IMPORTED_STEPS": (1, {"tags.py": TAGS, "a.py": IMPORTED}),
    "MAX_MODULE_FILES": (1, {"b.tf": LOCALS, "a.tf": RESOURCE}),
    "MAX_MODULE_SIZE": (10, {"b.tf": LOCALS, "a.tf": RESOURCE}),
}


@pytest.mark.parametrize("limit", LOWERED)
def test_values_beyond_a_limit_are_reported_as_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    lower, files = LOWERED[limit]
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    path = str(tmp_path / name)

    def unknown() -> list[str]:
        result = Session(SettingsFinder({}, isolated=True)).lint(path, True)
        assert result.is_spec
        return [part for spec in result.specs for part in (spec.unknown, *spec.parts)]

    assert "Tags" not in unknown()
    monkeypatch.setattr(limits, limit, lower)
    assert "Tags" in unknown()


@pytest.mark.parametrize("name", ["a.tf", "a.sh", "a.ts"])
def test_long_files_of_tree_sitter_are_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = {
        "a.tf": RESOURCE,
        "a.sh": SCRIPT,
        "a.ts": "client.send(new CreateAlgorithmCommand({AlgorithmName: 'a b'}));\n",
    }[name]
    refused = [("invalid-syntax", "more than 60 characters; refusing to parse")]
    assert reported(name, text) != refused
    monkeypatch.setattr(limits, "MAX_TREE_LENGTH", 60)
    assert reported(name, text) == refused


def test_a_program_with_too_many_templates_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(
        f"""T{n} = '{{"AlgorithmName": "$NAME b", "TrainingSpecification": {{}}}}'\n""" for n in range(120)
    )
    assert len({message for _, message in reported("a.py", text)}) > 1
    monkeypatch.setattr(limits, "MAX_EMBEDDED", 119)
    assert reported("a.py", text) == [("invalid-syntax", "more than 119 specs in one document")]


# ---------------------------------------------------------------- every limit

# What users see beyond each limit: the name of its test, or why nothing is lost.
BEYOND: dict[str, str] = {
    "MAX_FILE_SIZE": "test_a_hostile_file",
    "MAX_SETTINGS_SIZE": "test_a_hostile_configuration",
    "MAX_BASELINE_SIZE": "test_a_large_file_is_refused_or_skipped_with_its_size",
    "MAX_SEARCHED_SIZE": "test_a_large_file_is_refused_or_skipped_with_its_size",
    "MAX_KEY_PARTS": "test_a_hostile_configuration",
    "MAX_SETTING_LENGTH": "test_a_hostile_configuration",
    "MAX_WILDCARDS": "test_a_hostile_configuration",
    "MAX_IGNORE_STEPS": "test_patterns_that_apply_to_every_path_end_with_the_work_for_them",
    "MAX_EXTENDED": "test_configurations_that_extend_one_another_are_limited",
    "MAX_DEPTH": "test_a_hostile_file",
    "MAX_VALUES": "test_a_hostile_file",
    "MAX_ALIASED": "test_a_hostile_file",
    "MAX_COMPARED_LENGTH": "test_a_long_text_that_aws_cli_may_refuse_is_named",
    "MAX_COMPARED_BRACKETS": "test_a_long_text_that_aws_cli_may_refuse_is_named",
    "MAX_TAG_DIRECTIVES": "test_a_hostile_file",
    "MAX_TOKENS": "test_a_hostile_file",
    "MAX_PROGRAM_STEPS": "test_what_is_not_followed_is_reported",
    "MAX_PROGRAM_WEIGHT": "test_what_is_not_followed_is_reported",
    "MAX_TREE_LENGTH": "test_long_files_of_tree_sitter_are_refused",
    "MAX_CELLS": "test_a_hostile_file",
    "MAX_NOTEBOOK_CONTAINERS": "test_a_hostile_file",
    "MAX_EXPANDED_LENGTH": "test_a_hostile_file",
    "MAX_VARIABLES_LENGTH": "test_values_beyond_a_limit_are_reported_as_unknown",
    "MAX_DECODED_LENGTH": "test_values_beyond_a_limit_are_reported_as_unknown",
    "MAX_FORM_LENGTH": "nothing: its value counts as unknown, like that of most functions",
    "MAX_IMPORTED_FILES": "test_values_beyond_a_limit_are_reported_as_unknown",
    "MAX_IMPORTED_SIZE": "test_values_beyond_a_limit_are_reported_as_unknown",
    "MAX_IMPORTED_STEPS": "test_values_beyond_a_limit_are_reported_as_unknown",
    "MAX_MODULE_FILES": "test_values_beyond_a_limit_are_reported_as_unknown",
    "MAX_MODULE_SIZE": "test_values_beyond_a_limit_are_reported_as_unknown",
    "MAX_TEMPLATE_LENGTH": "test_a_template_that_is_read_as_it_is_names_the_limit",
    "MAX_TEMPLATE_MARKS": "test_a_template_that_is_read_as_it_is_names_the_limit",
    "MAX_ALGORITHMS": "test_a_template_with_too_many_algorithms_is_refused",
    "MAX_BRANCH_VALUES": "test_branches_beyond_the_limit_are_linted_alone",
    "MAX_BRANCHES_ALONE": "test_branches_beyond_the_limit_are_linted_alone",
    "MAX_EMBEDDED": "test_a_page_with_too_many_specs_is_reported",
    "MAX_ITEMS": "test_a_hostile_file",
    "MAX_UNKNOWN_FIELDS": "test_a_hostile_file",
    "MAX_REPORTED": "test_a_hostile_file",
    "MAX_IN_FILE": "test_a_hostile_file",
    "MAX_DIRECTIVES": "test_too_many_comments_are_reported_once",
    "MAX_DIRECTIVE_NAMES": "test_too_many_names_in_comments_are_reported",
    "MAX_ASSIGNED": "nothing of JSON or YAML, which has no more values; excerpts are searched by themselves",
    "MAX_SECRETS": "test_a_file_with_too_many_secrets_is_reported",
    "MAX_FIXED_LENGTH": "test_fixes_that_take_too_long_to_prove_are_counted",
    "MAX_PROVED_LENGTH": "test_fixes_beyond_the_work_of_a_file_are_counted",
    "MAX_FIX_WORK": "test_fixes_beyond_the_work_of_a_file_are_counted",
    "MAX_COMPARISONS": "test_a_file_whose_names_take_too_many_comparisons_is_reported_once",
    "MAX_PATTERN_STEPS": "test_a_file_whose_patterns_take_too_many_steps_is_reported_once",
    "MAX_JUDGED_VALUES": "test_requests_of_large_algorithms_are_judged_as_long_as_there_is_work",
    "MAX_KEPT": "nothing: results are computed again",
    "MAX_KEPT_LENGTH": "nothing: results are computed again",
    "MAX_KEPT_BYTES": "nothing: results are computed again",
}


def test_each_limit_is_reported_or_loses_nothing() -> None:
    """A limit without a message would make a file look clean."""
    assert list(BEYOND) == [name for name in vars(limits) if name.startswith("MAX_")]
    written = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for name, how in BEYOND.items():
        assert how.startswith("nothing") or f"def {how}(" in written, name


# Of numbers in a program; of texts that are reported for their length; and two that are infinite.
OTHERS = {"_MAX_NUMBER", "_MAX_BITS", "LONGEST_MATCHED", "NO_INDENT", "_UNBOUNDED"}


def test_no_other_module_limits_a_file() -> None:
    """Smaller constants are of a single construct, which then counts as unknown."""
    found = set()
    for package in ("config", "discovery", "jobs", "linting", "readers", "spec", "suppression"):
        for path in (ROOT / "algolint" / package).glob("*.py"):
            values = vars(import_module(f"algolint.{package}.{path.stem}".removesuffix(".__init__")))
            found |= {name for name, value in values.items() if name.isupper() and _is_large(value)}
    assert found - vars(limits).keys() == OTHERS


def _is_large(value: object) -> bool:
    return type(value) is int and value >= 10_000


def test_configurations_that_extend_one_another_are_limited(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    for number in range(300):
        (tmp_path / f"c{number}.toml").write_text(f'extend = "c{number + 1}.toml"\n')
    (tmp_path / "c300.toml").write_text("")
    done = algolint("--config", "c0.toml", "a.json")
    assert (done.returncode, done.stderr) == (
        2,
        f"algolint: {tmp_path}/c20.toml:1: extend: more than 20 files extend one another\n".replace(
            f"{tmp_path}/", ""
        ),
    )
    assert "extend" not in algolint("--config", "c290.toml", "a.json").stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('exclude = ["' + "x*" * 900 + '"]\n', "exclude: the patterns have more than 4,000 wildcards"),
        ("#" * 40_000, "extend: files of more than 100,000 characters extend one another"),
    ],
    ids=["wildcards", "characters"],
)
def test_configurations_that_extend_one_another_share_their_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.setattr(limits, "MAX_WILDCARDS", 4_000)
    monkeypatch.setattr(limits, "MAX_SETTINGS_SIZE", 100_000)
    for number in range(10):
        (tmp_path / f"c{number}.toml").write_text(f'extend = "c{number + 1}.toml"\n{text}')
    (tmp_path / "c10.toml").write_text("")
    with pytest.raises(ConfigurationError, match=words):
        loading.load(str(tmp_path / "c0.toml"))
    assert loading.load(str(tmp_path / "c8.toml")).values is not None


# ---------------------------------------------------------------- logs


def test_a_line_with_many_matches_is_searched_once() -> None:
    """A progress bar writes one line over and over."""
    scan = import_module("algolint.compare.scan")
    searched = 0

    class Counted(str):
        __slots__ = ()

        def count(self, *arguments: Any) -> int:
            nonlocal searched
            _, start, end = arguments
            searched += end - start
            return super().count(*arguments)

    text = Counted("\rloss=0.5" * 1000 + "\n" + "loss=1\n" * 3)
    block = SimpleNamespace(text=text, first=1)
    found = list(scan._by_line(list(re.finditer("loss=([0-9.]+)", text)), block))
    assert [number for number, *_ in found] == [1, 2, 3, 4]
    assert searched <= len(text)
