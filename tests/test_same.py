"""One faulty spec in all forms: the same rules report the same values in each."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from algolint.diagnostic import Diagnostic
from algolint.linting.linter import Linter
from algolint.rule_files import first_party_rules
from algolint.source import read_file
from algolint.testing import model_of

SAME = sorted(path for path in (ROOT / "fixtures" / "same").iterdir() if path.is_dir())
FORMS = [path for folder in SAME for path in sorted(folder.glob("spec.*"))]
RULES = first_party_rules()

#: Fields that CloudFormation's type (and the provider derived from it) lacks, so that values below are not
#: checked.
LACKING = ("/ValidationSpecification", "/CertifyForMarketplace")
#: Rules that report these, and rules for what CloudFormation and Terraform convert.
OF_TEMPLATES = {"field-of-another-api", "wrong-type"}
#: Rules that compare a spec with what the type lacks.
ACROSS = {"profile-field-not-persisted"}


def diagnostics(path: Path) -> list[Diagnostic]:
    linter = Linter(model_of(), RULES)
    result = linter.lint_source(read_file(str(path), 1 << 23))
    assert not result.crashes, result.crashes[0]
    assert result.is_spec
    return result.diagnostics


def is_template(path: Path) -> bool:
    return path.suffix == ".tf" or ".cfn." in path.name


def reported(path: Path, as_template: bool = False) -> set[tuple[str, str]]:
    found = {(d.rule.name, d.location.pointer) for d in diagnostics(path)}
    if as_template:
        found = {
            (rule, pointer)
            for rule, pointer in found
            if not pointer.startswith(LACKING) and rule not in OF_TEMPLATES | ACROSS
        }
    return found


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_same_rules_blame_the_same_values(path: Path) -> None:
    as_template = is_template(path)
    assert reported(path, as_template) == reported(path.with_name("spec.json"), as_template)


@pytest.mark.parametrize(
    "path",
    [p for p in FORMS if p.suffix in (".yaml", ".py")],
    ids=lambda path: f"{path.parent.name}-{path.name}",
)
def test_what_is_blamed_reads_the_same(path: Path) -> None:
    """The text at each location is that of the value, however it is quoted."""
    blamed = [
        {
            (d.rule.name, d.location.pointer): d.source.text[slice(*d.location.span)].strip("\"'")
            for d in diagnostics(form)
            if not d.location.is_key and isinstance(value_at(d), str)
        }
        for form in (path.with_name("spec.json"), path)
    ]
    assert blamed[0]
    assert all(blamed[1].get(key, text) == text for key, text in blamed[0].items())


def value_at(diagnostic: Diagnostic) -> object:
    text = diagnostic.source.text[slice(*diagnostic.location.span)]
    return text.strip("\"'") if text[:1] in "\"'" else None


def test_every_spec_has_every_form() -> None:
    assert len(SAME) >= 3
    for folder in SAME:
        assert {"spec.json", "spec.yaml", "spec.py", "spec.ipynb"} <= {p.name for p in folder.iterdir()}
        assert len(reported(folder / "spec.json")) >= 8
