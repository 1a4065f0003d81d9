"""The README shows what readers get."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from conftest import ROOT, Run

from algolint.config.settings import FORMATS

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_terminal_output_is_real(algolint: Run, tmp_path: Path, update: bool) -> None:
    """`pytest --update` writes the current output."""
    shutil.copy(ROOT / "fixtures" / "readme" / "algorithm.yaml", tmp_path)
    block = re.search(r"<!-- shown: algorithm.yaml -->\n```console\n\$ (.*?)\n(.*?)```\n", README, re.DOTALL)
    assert block is not None
    command, shown = block.groups()
    assert command.split()[0] == "algolint"
    now = algolint(*command.split()[1:]).stdout
    if update and shown != now:
        new = f"<!-- shown: algorithm.yaml -->\n```console\n$ {command}\n{now}```\n"
        (ROOT / "README.md").write_text(README.replace(block[0], new), encoding="utf-8")
    assert update or shown == now


def test_the_configuration_shown_is_valid(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "algolint.toml").write_text(re.findall(r"```toml\n(.*?)```", README, re.DOTALL)[0])
    assert algolint("--list-files").returncode == 0
    (tmp_path / "a.json").write_text("{}")
    assert algolint("a.json").returncode in (0, 1)


def test_the_rule_shown_works(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    code = re.findall(r"<!-- rule: acme/naming.py -->\n```python\n(.*?)\n```\n\n\[", README, re.DOTALL)[0]
    (tmp_path / "acme" / "naming.py").write_text(code)
    (tmp_path / "algolint.toml").write_text('rule-directories = ["acme"]')
    (tmp_path / "a.json").write_text('{"AlgorithmName": "a", "TrainingSpecification": "${X}"}')
    done = algolint("--format", "concise", "a.json")
    assert "'a' does not begin with acme- [acme/name-prefix]" in done.stdout


def test_the_list_of_formats_is_fresh(update: bool) -> None:
    """`pytest --update` rewrites it."""
    shown = re.search(r"Reports: `--format` ([^.]*)\.", README)
    assert shown is not None
    names = ", ".join(FORMATS)
    if update and " ".join(shown[1].split()) != names:
        text = README[: shown.start(1)] + names + README[shown.end(1) :]
        (ROOT / "README.md").write_text(text, encoding="utf-8")
    assert update or " ".join(shown[1].split()) == names


def test_every_rule_and_file_named_exists() -> None:
    from algolint.rule_files import all_rules

    names = {rule.name for rule in all_rules()}
    table = README.partition("| rule | finds |")[2].partition("\n\n")[0]
    for row in table.splitlines()[2:]:
        assert set(re.findall(r"`([a-z-]+)`", row.split("|")[1])) <= names
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
