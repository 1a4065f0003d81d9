"""A small part of each campaign in docs/trust.md."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
import tomli
from conftest import ROOT

from algolint.aws.patterns import matches
from algolint.spec import binder
from campaigns import against_json_schema, releases
from campaigns.advice_breaks import ADVICE
from campaigns.breaks import BREAKS, TEXT_BREAKS

pytestmark = pytest.mark.slow

COUNTS = {
    "against_aws_cli": 600,
    "against_botocore": 1000,
    "against_json_schema": 300,
    "complete_requests": 150,
    "fixes": 1500,
    "growth": 40,
    "hostile": 12,
    "same_verdict": 60,
    "releases": 60,
    "consistent_jobs": 60,
    "editing": 300,
    "witnesses": 60,
}


@pytest.mark.parametrize("campaign", COUNTS)
def test_a_campaign_finds_no_difference(campaign: str) -> None:
    if campaign == "against_botocore" and not find_spec("botocore"):
        pytest.skip("botocore is in the extra `campaign`")
    command = [sys.executable, "-m", f"campaigns.{campaign}", "--count", str(COUNTS[campaign]), "--seed", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert done.stdout.startswith("seed 7: ")


def test_enough_rules_have_a_break() -> None:
    rules = {*(damage.rule for damage in BREAKS), *(damage.rule for damage in TEXT_BREAKS)}
    assert len(rules) >= 95
    assert len({damage.rule for damage in ADVICE}) >= 88


# The commands on the pages about trust and mutation testing, which take minutes to hours in full.
LONG = [
    line
    for page in ("trust", "mutation-testing")
    for block in re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / f"docs/{page}.md").read_text(), re.MULTILINE | re.DOTALL
    )
    for line in filter(None, block.splitlines())
]


def test_every_campaign_is_on_the_page_on_trust() -> None:
    page = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    for name in COUNTS:
        assert f"python -m campaigns.{name} " in page


@pytest.mark.parametrize("line", LONG)
def test_a_long_command_has_options_and_files_that_exist(line: str) -> None:
    words = shlex.split(line, comments=True)
    for word in words:
        exists = (ROOT / word).exists() or word.startswith((".venv/", ".sdk/"))
        assert exists or "/" not in word, word
    extras = re.search(r"'\.\[(.+)\]'", line)
    if extras:
        project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert set(extras[1].split(",")) <= project["optional-dependencies"].keys()
    module = next((word for word in words if word.startswith("campaigns.")), None)
    if module == "campaigns.mutations" and not find_spec("cosmic_ray"):
        pytest.skip("cosmic-ray is in the extra `fuzz`")
    if module:
        command = [sys.executable, "-m", module, "--help"]
        text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        used = {word for word in words if word.startswith("--")}
        assert used <= set(re.findall(r"--[a-z-]+", text)), used


# ---------------------------------------------------------------- what a campaign would see


def _without_minimum(shape: Any, field: str) -> Any:
    shape.min = None
    return NUMBER(shape, field)


def _one_character_less(self: Any, shape: Any, field: str) -> Any:
    shape.max = shape.max and shape.max - 1
    return STRING(self, shape, field)


NUMBER, STRING = binder._number, binder.Binder._string
PLANTED: dict[str, tuple[object, str, Any]] = {
    "no minimum of numbers": (binder, "_number", _without_minimum),
    "maximum one too low": (binder.Binder, "_string", _one_character_less),
    "line end after a match": (binder, "matches", lambda p, text: matches(p, text.removesuffix("\n"))),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_seen(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*PLANTED[planted])
    assert against_json_schema.run(900, 1, None) == 1


RELEASES: dict[str, tuple[object, str, Any]] = {
    "numbers compared as text": (
        import_module("algolint_rules.compare.hyperparameters"), "same_value", lambda one, other, _: one == other
    ),
    "what is unknown is absent": (
        import_module("algolint_rules.compare.hyperparameters"), "known", lambda value, key: value.get(key)
    ),
}  # fmt: skip


@pytest.mark.parametrize("planted", RELEASES)
def test_a_planted_fault_of_diff_is_seen(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*RELEASES[planted])
    assert releases.run(120, 1) == 1


@pytest.mark.skipif(not find_spec("botocore"), reason="botocore is in the extra `campaign`")
def test_a_planted_miss_is_seen_beside_botocore(monkeypatch: pytest.MonkeyPatch) -> None:
    from campaigns import against_botocore

    monkeypatch.setattr(*PLANTED["no minimum of numbers"])
    assert against_botocore.run(1000, 1) == 1
