"""Suppressing findings: comments in files that take them, entries of the configuration for others."""

from __future__ import annotations

import json
import os
import re

from algolint import fixing
from algolint.source import Source, SourceSyntaxError, UnreadableSource, read_file
from algolint.suppression.writing import add_ignores
from algolint.syntaxes import JSON, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.config import Configuration
    from algolint.diagnostic import Diagnostic
    from algolint.session import Result, Session


def added(session: Session, name: str, named: bool, max_size: int) -> tuple[Result, str]:
    """Write comments that suppress the findings in a file; return what is left, and how to suppress that."""
    result = session.lint(name, named)
    if not result.diagnostics:
        return result, ""
    try:
        before = read_file(name, max_size)
    except (UnreadableSource, SourceSyntaxError):
        # What cannot be read takes no comment; linting has reported why.
        return result, ""
    text, left = add_ignores(before, result.diagnostics)
    if text != before.text:
        try:
            fixing.write(name, before, Source(name, ("\ufeff" if before.bom else "") + text))
        except fixing.NotWritten as error:
            result.error = str(error)
            return result, ""
        result = session.lint(name, named)
    return result, _advice(before, left, session.settings_of(name).configuration)


def _advice(source: Source, left: list[Diagnostic], configuration: Configuration) -> str:
    if not left:
        return ""
    why = f"{len(left):,} of the findings {'has' if len(left) == 1 else 'have'} no room for a comment"
    if syntax_of(source) is JSON:
        why = "JSON takes no comments"
    entries = "\n\n".join(_entries(source.name, left, configuration))
    return f"{source.name}: {why}; use [[suppressions]] in the configuration:\n\n{entries}\n"


def _entries(name: str, left: list[Diagnostic], configuration: Configuration) -> Iterator[str]:
    """Yield the entries of the configuration that suppress the findings."""
    path = os.path.relpath(os.path.abspath(name), configuration.folder).replace(os.sep, "/")
    pattern = "/" + re.sub(r"([*?\[\]\\! ])", r"\\\1", path)
    rules: dict[str, list[str]] = {}
    for diagnostic in left:
        rules.setdefault(diagnostic.location.pointer, []).append(diagnostic.rule.name)
    for pointer, names in rules.items():
        yield (
            f"[[suppressions]]\npath = {_quoted(pattern)}\npointer = {_quoted(pointer)}\n"
            f'rules = [{", ".join(map(_quoted, sorted(set(names))))}]\nreason = ""'
        )


def _quoted(text: str) -> str:
    """Return a string as TOML has it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
