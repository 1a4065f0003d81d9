"""Shell scripts in YAML: the commands of workflows, pipelines and build specifications.

A script is a block scalar, or a plain scalar on one line. Expressions of the service, `${{ … }}`, are
unknown.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right

from algolint import limits
from algolint.readers.shell import COMMAND, CommandDocument
from algolint.readers.shell import read as read_script
from algolint.source import LimitExceeded, Source, SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.document import Document
    from algolint.readers.shell import Read
    from algolint.source import Span

# A key or an item of a list, and the header of a block scalar or the text of a plain one.
_LINE = re.compile(
    r"(?P<start> *(?:- +)*(?:(?P<key>[\w.-]+): +|- +))"
    r"(?:(?P<style>[|>])[-+0-9]*[ \t]*(?:#.*)?|(?P<plain>[^\s|>&*!%#'\"\[\]{}@`-].*))"
)
# Keys of texts for people, which may name a command.
_PROSE = frozenset(("description", "help", "name", "summary", "title"))
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}")
_WORKFLOWS = os.path.join(".github", "workflows")


class _Script:
    """A script, and the location of its lines in the file."""

    def __init__(self, lines: list[tuple[int, str]], is_folded: bool = False) -> None:
        text = ""
        self._starts: list[int] = []
        self._offsets: list[int] = []
        for offset, line in lines:
            self._starts.append(len(text))
            self._offsets.append(offset)
            text += line + (" " if is_folded and line else "\n")
        self.text = _EXPRESSION.sub(lambda match: f"${{{'_' * (len(match[0]) - 3)}}}", text)

    def placed(self, span: Span) -> Span:
        """Return the span in the file that corresponds to a span of the script."""
        return self._at(span[0]), self._at(max(span[1] - 1, span[0])) + 1

    def _at(self, offset: int) -> int:
        number = bisect_right(self._starts, offset) - 1
        return self._offsets[number] + offset - self._starts[number]


def read(
    source: Source, first: int, commands: Iterable[str] = (COMMAND,), read_shell: Read = read_script
) -> list[Document]:
    """Return the documents that `read_shell` finds in the scripts of a YAML file that contain one of the
    commands.

    They are numbered from `first`. Raises `SourceSyntaxError` and `MissingRequirement`.
    """
    folder = os.path.dirname(source.name)
    if folder.endswith(_WORKFLOWS):
        # Workflows run in the root of the repository.
        folder = os.path.normpath(os.path.join(folder, os.pardir, os.pardir))
    found: list[Document] = []
    for script in _scripts(source.text, [*commands]):
        try:
            requests = read_shell(Source(os.path.join(folder, os.path.basename(source.name)), script.text))
        except SourceSyntaxError as error:
            raise SourceSyntaxError(error.message, script.placed(error.span)) from None
        for request in requests:
            found.append(CommandDocument(source, request, first + len(found), script.placed))
    return found


def _scripts(text: str, commands: list[str]) -> Iterator[_Script]:
    """Yield the scripts with one of the commands."""
    lines: list[tuple[int, str]] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        lines.append((offset, line.rstrip("\r\n")))
        offset += len(line)
    number = count = 0
    while number < len(lines):
        offset, line = lines[number]
        number += 1
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        script = _Script([(offset + match.start("plain"), match["plain"])]) if match["plain"] else None
        if match["style"]:
            block = _block(lines, number, len(line) - len(line.lstrip(" ")))
            number += len(block)
            script = _Script(block, match["style"] == ">")
        is_prose = (match["key"] or "").lower() in _PROSE
        if script is not None and not is_prose and any(command in script.text for command in commands):
            count += 1
            if count > limits.MAX_EMBEDDED:
                raise LimitExceeded(f"more than {limits.MAX_EMBEDDED:,} scripts", (0, 0))
            yield script


def _block(lines: list[tuple[int, str]], first: int, outer: int) -> list[tuple[int, str]]:
    """Return the lines of a block scalar without their indentation, which is more than `outer`."""
    found: list[tuple[int, str]] = []
    indent = 0
    for number in range(first, len(lines)):
        offset, line = lines[number]
        own = len(line) - len(line.lstrip(" "))
        if line.strip():
            indent = indent or own
            if own < indent or own <= outer:
                break
        found.append((offset + min(indent, len(line)), line[indent:]))
    return found
