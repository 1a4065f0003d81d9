"""Shell scripts in YAML: commands of workflows, pipelines, playbooks, containers and build specifications.

A script is a text, or a list of the words of one command. What the service or a template engine fills in,
such as `${{ … }}`, is unknown.
"""

from __future__ import annotations

import os
import re

from algolint import limits
from algolint.readers.shell import COMMAND
from algolint.readers.shell import comments as script_comments
from algolint.readers.shell import read as read_script
from algolint.readers.shell_documents import CommandDocument
from algolint.readers.yaml import YamlDocument
from algolint.readers.yaml_offsets import with_offsets
from algolint.source import LimitExceeded, Source, SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.document import Document
    from algolint.readers.shell import Read
    from algolint.readers.yaml import Scalar
    from algolint.source import Span

# Keys of texts for people, which may name a command.
_PROSE = frozenset(
    "comment description documentation help message msg name purpose summary title usage".split()
)
# A mark of Jinja may contain braces of its own.
_IN_MARK = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,400}\}){0,400}\}){0,2000}"
_EXPRESSION = re.compile(
    rf"\$?\{{\{{{_IN_MARK}\}}\}}"  # GitHub, Azure; Jinja, Argo, Helm
    r"|\$\[\[[^\[\]\n]{0,400}\]\]"  # GitLab
    r"|<<[ ]*(?:parameters|pipeline|matrix)\.[\w.-]+[ ]*>>"  # CircleCI
)
# In the words of a command: Kubernetes, Tekton.
_REFERENCE = re.compile(r"\$\([\w.-]+\)")
_PLAIN_WORD = re.compile(r"[\w%+=:,./-]+", re.ASCII)
_WORKFLOWS = os.path.join(".github", "workflows")
# Texts of more than a word have this before the name of the command.
_SERVICE = "sagemaker"


class _Script:
    """A script, and the location of its characters in the file."""

    def __init__(self, text: str, offsets: list[int], places: Iterable[int]) -> None:
        self.text = _EXPRESSION.sub(_hole, text)
        self._offsets = offsets
        #: Where the script begins in the file, and its key.
        self.places = tuple(places)

    def placed(self, span: Span) -> Span:
        """Return the span in the file that corresponds to a span of the script."""
        return self._at(span[0]), self._at(max(span[1] - 1, span[0])) + 1

    def _at(self, offset: int) -> int:
        return self._offsets[min(offset, len(self._offsets) - 1)]


def _hole(match: re.Match[str]) -> str:
    return f"${{{'_' * (len(match[0]) - 3)}}}"


def read(
    source: Source,
    documents: list[Document],
    first: int,
    commands: Iterable[str] = (COMMAND,),
    read_shell: Read = read_script,
) -> list[Document]:
    """Return the documents that `read_shell` finds in the scripts of YAML documents that contain one of the
    commands.

    They are numbered from `first`. Raises `SourceSyntaxError` and `MissingRequirement`.
    """
    folder = os.path.dirname(source.name)
    if folder.endswith(_WORKFLOWS):
        # Workflows run in the root of the repository.
        folder = os.path.normpath(os.path.join(folder, os.pardir, os.pardir))
    found: list[Document] = []
    for number, script in enumerate(_scripts(source, documents, [*commands])):
        if number == limits.MAX_EMBEDDED:
            raise LimitExceeded(f"more than {limits.MAX_EMBEDDED:,} scripts", (0, 0))
        try:
            requests = read_shell(Source(os.path.join(folder, os.path.basename(source.name)), script.text))
        except SourceSyntaxError as error:
            raise SourceSyntaxError(error.message, script.placed(error.span)) from None
        for request in requests:
            index = first + len(found)
            found.append(CommandDocument(source, request, index, script.placed, script.places))
    return found


def comments(source: Source, documents: Iterable[Document], word: str) -> list[tuple[int, int, str]]:
    """Return the comments with a word in the scripts of YAML documents that may have commands, in order.

    Only texts on lines of their own can have comments.
    """
    found: set[tuple[int, int, str]] = set()
    for document in documents:
        if not isinstance(document, YamlDocument):
            continue
        for scalar in document.scalars():
            if scalar.style in ("|", ">") and word in scalar.text and _SERVICE in scalar.text:
                script = _script_of(source, scalar)
                for start, end, _ in script_comments(Source("", script.text)):
                    span = script.placed((start, end))
                    text = source.text[slice(*span)]
                    if word in text:
                        found.add((*span, text))
    return sorted(found)


def _scripts(source: Source, documents: Iterable[Document], commands: list[str]) -> Iterator[_Script]:
    """Yield the scripts with one of the commands."""
    for document in documents:
        if not isinstance(document, YamlDocument):
            continue
        for scalar in document.scalars():
            if (
                _SERVICE in scalar.text
                and scalar.key.lower() not in _PROSE
                and any(command in scalar.text for command in commands)
            ):
                yield _script_of(source, scalar)
        for words in document.lists_of_scalars():
            texts = [word.text for word in words]
            if _SERVICE in texts and any(command in texts for command in commands):
                yield _command_of(source, words)


def _script_of(source: Source, scalar: Scalar) -> _Script:
    text, offsets = with_offsets(source.text, scalar.span, scalar.style)
    return _Script(text, offsets, (scalar.span[0], scalar.key_start))


def _command_of(source: Source, words: list[Scalar]) -> _Script:
    """Return the script that consists of a command with these words."""
    characters: list[str] = []
    offsets: list[int] = []

    def add(text: str, offset: int) -> None:
        characters.extend(text)
        offsets.extend([offset] * len(text))

    for word in words:
        text, at = with_offsets(source.text, word.span, word.style)
        text = _REFERENCE.sub(_hole, _EXPRESSION.sub(_hole, text))
        start = word.span[0]
        is_plain = _PLAIN_WORD.fullmatch(text) is not None
        add("" if is_plain else '"', start)
        for number, (character, offset) in enumerate(zip(text, at, strict=True)):
            is_special = character in '"\\`' or (character == "$" and text[number + 1 : number + 3] != "{_")
            add("\\" + character if is_special else character, offset)
        add(" " if is_plain else '" ', at[-1] if at else start)
    return _Script("".join(characters), offsets, (words[0].span[0], words[0].key_start))
