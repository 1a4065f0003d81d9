"""Writing reports to files, but never over a file that algolint reads."""

from __future__ import annotations

import os

from algolint.config.files import FILES
from algolint.errors import UserError
from algolint.limits import LARGEST_FILE_SIZE
from algolint.runs import atomic
from algolint.source import SourceSyntaxError, UnreadableSource, read_file
from algolint.spec import recognition
from algolint.syntaxes import is_searched_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# The beginnings of reports in JSON, without white space.
_REPORTS = (
    "[]",
    '{"format":',
    '{"rule":',
    '{"$schema":"https://json.schemastore.org/sarif',
    '[{"description":',
    '{"source":{"name":"algolint"',
)


def check(path: str, option: str, named: Iterable[str]) -> None:
    """Raise `UserError` if a file is named as an input, or may be another input of a run."""
    try:
        if not os.path.isfile(path):
            return
        if any(os.path.exists(name) and os.path.samefile(path, name) for name in named):
            raise UserError(f"{option} {path}: is a file to lint, and is left as it is")
    except OSError as error:
        raise UserError(f"{option} {path}: {error.strerror}") from None
    kind = "a spec" if _may_be_spec(path) else _other_input(path)
    if kind:
        raise UserError(f"{option} {path}: looks like {kind}, and is left as it is")


def write(path: str, text: str, option: str) -> None:
    """Write a text in UTF-8."""
    try:
        atomic.write(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UserError(f"{option} {path}: {error.strerror}") from None


def _other_input(path: str) -> str:
    """Return which other input of a run a file may be, or an empty string."""
    if os.path.basename(path) in FILES:
        return "a configuration"
    try:
        with open(path, "rb") as file:
            start = b"".join(file.read(200).split())
    except OSError:
        return ""
    return "a baseline" if start.startswith(b'{"format":') and b'"entries":' in start[:40] else ""


def _may_be_spec(path: str) -> bool:
    """Whether a file may be a spec and is not an earlier report."""
    if not is_searched_for(path):
        # No spec has such a name, so the file may be overwritten.
        return False
    try:
        text = read_file(path, LARGEST_FILE_SIZE).text
    except UnreadableSource:
        return False
    except SourceSyntaxError:
        # It is not UTF-8, so it is not a report.
        return True
    return recognition.may_hold_spec(text) and not "".join(text[:500].split()).startswith(_REPORTS)
