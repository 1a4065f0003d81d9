"""Blocks of JSON in Markdown: located in the page, and only searched for if requested."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from conftest import Run

from algolint.readers import markdown
from algolint.source import Source

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """\
# Our algorithm é

```json
{"AlgorithmName": "a b", "TrainingSpecification": "${X}"}
```

   ~~~ jsonc
{
  "AlgorithmName": "c d",
  "AlgorithmName": "c d",
  "TrainingSpecification": "${X}"
}
   ~~~

```json
{"AlgorithmName": "left out", ...}
```

```yaml
AlgorithmName: e f
TrainingSpecification: ${X}
```

```json
{"name": "of another program"}
"""


def found(algolint: Run, *arguments: str) -> set[tuple[str, int, int, str]]:
    rows = json.loads(algolint("--format", "json", *arguments).stdout)["diagnostics"]
    return {(row["path"], row["line"], row["column"], row["rule"]) for row in rows}


EXPECTED = {
    ("page.md", 4, 19, "pattern-mismatch"),
    ("page.md", 10, 3, "duplicate-key"),
    ("page.md", 10, 20, "pattern-mismatch"),
}


def test_a_named_page_is_read(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    assert found(algolint, "page.md") == EXPECTED


def test_a_folder_is_searched_for_pages_that_are_included(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    assert found(algolint, ".") == set()
    (tmp_path / "algolint.toml").write_text('include = ["*.md"]', encoding="utf-8")
    assert found(algolint, ".") == EXPECTED


def test_nothing_is_reported_of_a_page_without_specs(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# Title\n\n- |\n\n```json\n{}\n```\n", encoding="utf-8")
    done = algolint("page.md")
    assert (done.returncode, done.stdout.startswith("no ")) == (0, True), done.stdout


def test_no_fix_is_offered(algolint: Run, tmp_path: Path) -> None:
    text = '```json\n{"TrainingInputMode": "FILE", "TrainingImage": "x"}\n```\n'
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    assert algolint("--fix", "--unsafe-fixes", "page.md").returncode == 1
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == text
    assert "can be fixed" not in algolint("page.md").stdout


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_blocks_are_where_they_are_written(line_end: str) -> None:
    text = PAGE.replace("\n", line_end)
    documents = markdown.read(Source("page.md", text))
    assert [document.spec.get("AlgorithmName") for document in documents] == ["a b", "c d"]
    for document in documents:
        assert text[slice(*document.locate(("AlgorithmName",)))] == f'"{document.spec["AlgorithmName"]}"'
        assert text[slice(*document.locate(()))].startswith("{")
