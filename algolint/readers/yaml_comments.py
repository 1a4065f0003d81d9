"""Finding the comments of a YAML text, which parsers drop."""

from __future__ import annotations

import re

import yaml

from algolint import limits
from algolint.readers.template_marks import may_hold
from algolint.readers.yaml import SURROGATE_ESCAPE, YamlDocument, read
from algolint.readers.yaml_awscli import tokens as aws_cli_tokens
from algolint.readers.yaml_scalars import BREAKS
from algolint.source import SourceSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.document import Document
    from algolint.source import Source, Span
    from algolint.syntaxes import Comment

_YAML_COMMENT = f"#[^{BREAKS}]*"
# Of the comments in scripts, only those with directives matter.
_MARK = "algolint:"
_YAML_HEADER_COMMENT = f"[|>][^#{BREAKS}]*(#[^{BREAKS}]*)"


def comments_and_scalars(text: str) -> tuple[list[Comment], list[Span]]:
    """Return the comments of a text and the spans of its scalars, up to where scanning fails.

    Comments are in the text between tokens, except that the comment of a block scalar's header is in the
    scalar's token.
    """
    # The C library refuses surrogate escapes; another escape of the same length keeps all offsets.
    covered = SURROGATE_ESCAPE.sub(r"\\u0041", text)
    if yaml.__with_libyaml__:
        found, is_whole = _scanned(text, _libyaml_tokens(covered))
        if is_whole or len(text) > limits.MAX_COMPARED_LENGTH:
            return found
    return _scanned(text, aws_cli_tokens(covered))[0]


def _libyaml_tokens(text: str) -> Iterator[Any]:
    """Yield libyaml's tokens of a text. Raises `yaml.YAMLError`."""
    loader = yaml.CBaseLoader(text)
    while (token := loader.get_token()) is not None:
        yield token


def _scanned(text: str, tokens: Iterator[Any]) -> tuple[tuple[list[Comment], list[Span]], bool]:
    """Return the comments and scalars of a text with these tokens, and whether all of it was scanned."""
    a_comment, header_comment = re.compile(_YAML_COMMENT), re.compile(_YAML_HEADER_COMMENT)
    comments: list[Comment] = []
    scalars: list[Span] = []

    def gap(start: int, end: int) -> None:
        if text.find("#", start, end) >= 0:
            comments.extend((*match.span(), match[0]) for match in a_comment.finditer(text, start, end))

    offset = 0
    try:
        for token in tokens:
            start, end = token.start_mark.index, token.end_mark.index
            if start > offset:
                gap(offset, start)
            offset = max(offset, end)
            # The two parsers have different classes of this name.
            if type(token).__name__ == "ScalarToken":
                if token.style in ("|", ">"):
                    header = header_comment.match(text, start, end)
                    if header:
                        comments.append((*header.span(1), header[1]))
                    # Text appended at its end would become part of the scalar.
                    end += end == len(text)
                scalars.append((start, end))
    except (yaml.YAMLError, UnicodeEncodeError):
        return (comments, scalars), False
    gap(offset, len(text))
    return (comments, scalars), True


def scalars(source: Source) -> list[Span]:
    """Return the spans of the scalars of a YAML text, in order, up to where scanning fails."""
    return comments_and_scalars(_parsed_text(source, _documents(source)))[1]


def comments(source: Source) -> list[Comment]:
    """Return the comments of a YAML text and of its scripts, in order, up to where scanning fails."""
    text, documents = source.text, _documents(source)
    found = comments_and_scalars(_parsed_text(source, documents))[0]
    # The text of a comment may be masked as well.
    found = [(start, end, text[start:end]) for start, end, _ in found]
    if documents and "sagemaker" in text:
        from algolint.readers import yaml_scripts

        found = sorted({*found, *yaml_scripts.comments(source, documents, _MARK)})
    return found


def _documents(source: Source) -> list[Document]:
    """Return the documents of a text that may be a template or have scripts; none if it cannot be read."""
    if "sagemaker" not in source.text and not may_hold(source.text):
        return []
    try:
        return read(source)
    except SourceSyntaxError:
        return []


def _parsed_text(source: Source, documents: list[Document]) -> str:
    """Return the text without the marks of templates, which end scanning."""
    document = documents[0] if documents else None
    return document.text if isinstance(document, YamlDocument) else source.text
