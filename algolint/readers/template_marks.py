"""The strings, comments and marks of a template, and the blocks that marks enclose."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSINGS = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>", "%{": "}", "${": "}", "%(": ")"}
#: Every template has one of these marks: of Jinja, Helm and Mustache, of ERB, or of Terraform.
MARKS = ("{{", "{%", "{#", "<%", "%{")
#: In JSON, which has no plain scalars, these marks also occur outside of strings.
MARKS_IN_JSON = (*MARKS, "${", "%(")

# Blocks whose content the engine may omit or repeat, and those that only define something.
LOOPS = frozenset(("for", "range"))
CONDITIONS = LOOPS | {"if", "unless", "with", "ifdef"}
_DEFINITIONS = frozenset(("macro", "call", "set", "filter", "define", "capture"))
_ALTERNATIVES = frozenset(("else", "elif", "elsif", "elseif"))
# Statements without a block that add nothing to the text.
_SILENT = frozenset(("set", "import", "from", "extends", "do", "raw", "endraw", "block", "endblock"))
_GO_BLOCKS = frozenset(("if", "range", "with", "define", "block", "end", "else"))
# A block of Mustache or Handlebars, such as {{#each x}}, {{^x}} and {{/x}}, by the sign that its mark has.
_SIGNS = {"#": "open", "^": "open", "/": "close", "!": "silent"}
# A loop of ERB, such as <% x.each do |y| %>.
_ERB_LOOP = re.compile(r"\bdo(?:\s*\|[^|]*\|)?\s*-?%>$")


def may_hold(text: str, marks: tuple[str, ...] = MARKS) -> bool:
    """Whether a text may be a template, with marks inside strings or outside."""
    return any(mark in text for mark in marks)


class Piece:
    """A string, a comment or a template mark in a text; `word` is the first word of a mark."""

    __slots__ = ("end", "kind", "start", "word")

    def __init__(self, kind: str, start: int, end: int, word: str = "") -> None:
        #: "string" and "comment" of JSON and YAML; "expression", "open", "close", "else", "silent" or
        #: "statement" of the template.
        self.kind = kind
        self.start = start
        self.end = end
        self.word = word


_STARTS = re.compile(r"\{[{%#]|<%|%\{|[\"'#]")
_STARTS_IN_JSON = re.compile(r"\{[{%#]|<%|%\{|\$\{(?=\w)|%\((?=\w+\)[sdrifgx])|\"")
_INNER = re.compile(r"\{[{%#]|<%|%\{|[\"'\\\r\n]")
_MARK_WORD = re.compile(r"(?:\{[{%#]|<%|%\{)[-+~]?\s*(/\*|\$?[\w.]*)\s*(:?=)?")


def find_pieces(text: str, is_json: bool, comments: bool = True) -> Iterator[Piece]:
    """Yield the strings, comments and marks of a text, in order; a string has to end on its line."""
    starts = _STARTS_IN_JSON if is_json else _STARTS
    unclosed: set[str] = set()
    # For each quote, the end of a line with an unterminated string, up to which no other string can begin.
    unclosed_until = {"'": 0, '"': 0}
    open_until: dict[str, int] = {}
    offset = 0
    while match := starts.search(text, offset):
        start, opening = match.start(), match[0]
        offset = match.end()
        if opening in "\"'":
            if start < unclosed_until[opening]:
                continue
            if is_json or text[start - 1 : start] in ("", " ", "\t", "\n", "\r", "[", "{", ",", ":", "("):
                end = _string_end(text, offset, opening, open_until)
                if end:
                    yield Piece("string", start, end)
                    offset = end
                else:
                    unclosed_until[opening] = line_end(text, start)
        elif opening == "#":
            if comments and text[start - 1 : start] in ("", " ", "\t", "\n", "\r"):
                offset = line_end(text, start)
                yield Piece("comment", start, offset)
        elif opening not in unclosed:
            end = text.find(CLOSINGS[opening], offset)
            if end < 0:
                unclosed.add(opening)
                continue
            end += len(CLOSINGS[opening]) + (opening == "%(")
            if opening == "{{":
                # The first closing braces may belong to an object in the expression: {{ {"a": 1}}}.
                expression = text[offset:end]
                more = expression.count("{") - expression.count("}") + 2
                while more > 0 and text[end : end + 1] == "}":
                    end += 1
                    more -= 1
            yield _mark(text, start, end, opening)
            offset = end


def _string_end(text: str, offset: int, quote: str, open_until: dict[str, int]) -> int:
    """Return the end of a string that begins before an offset, or 0 if it does not end on its line.

    Quotes in marks do not end it. `open_until` records, for each kind of mark, up to where it is not closed.
    """
    while match := _INNER.search(text, offset):
        found, offset = match[0], match.end()
        if found == quote:
            if quote == "'" and text[offset : offset + 1] == "'":
                offset += 1
                continue
            return offset
        if found in "\r\n":
            return 0
        if found == "\\":
            offset += quote == '"'
        elif len(found) == 2 and offset > open_until.get(found, 0):
            end_of_line = line_end(text, offset)
            end = text.find(CLOSINGS[found], offset, end_of_line)
            if end >= 0:
                offset = end + len(CLOSINGS[found])
            else:
                open_until[found] = end_of_line
    return 0


def line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def _mark(text: str, start: int, end: int, opening: str) -> Piece:
    match = _MARK_WORD.match(text, start)
    word, assigns = (match[1], match[2]) if match else ("", None)
    kind, sign = "expression", text[start + 2]
    is_statement = opening in ("{%", "%{", "<%") or (opening == "{{" and word in _GO_BLOCKS)
    if opening == "{#" or word == "/*" or text.startswith("<%#", start):
        kind = "silent"
    elif opening == "{{" and sign in _SIGNS:
        kind = _SIGNS[sign]
    elif opening == "<%" and _ERB_LOOP.search(text, start, end):
        kind, word = "open", "for"
    elif is_statement and sign != "=":
        kind = _kind_of_statement(word, assigns is not None or _assigns(text[start:end], word))
    elif opening == "{{" and word.startswith("$") and assigns:
        kind = "silent"
    return Piece(kind, start, end, word)


def _assigns(mark: str, word: str) -> bool:
    return word == "set" and "=" in mark


def _kind_of_statement(word: str, assigns: bool) -> str:
    if word in _ALTERNATIVES:
        return "else"
    if word in _SILENT and (word != "set" or assigns):
        return "silent"
    if word in CONDITIONS or word in _DEFINITIONS:
        return "open"
    return "close" if word.startswith("end") else "statement"


def blocks_of(marks: list[Piece]) -> tuple[list[list[Piece]], list[Piece]]:
    """Return the outermost blocks, each as its marks from opening to closing, and the marks outside."""
    closings: dict[int, int] = {}
    stack: list[int] = []
    for index, mark in enumerate(marks):
        if mark.kind == "open":
            stack.append(index)
        elif mark.kind == "close" and stack:
            closings[stack.pop()] = index
    regions: list[list[Piece]] = []
    loose: list[Piece] = []
    index = 0
    while index < len(marks):
        # An opening mark that is never closed is ignored.
        end = closings.get(index)
        if end is None:
            loose.append(marks[index])
            index += 1
        else:
            regions.append(marks[index : end + 1])
            index = end + 1
    return regions, loose


def first_alternative(region: list[Piece]) -> tuple[list[Piece], int]:
    """Return the marks in the first alternative of a block, and its end."""
    nesting = 0
    inner: list[Piece] = []
    for mark in region[1:-1]:
        nesting += (mark.kind == "open") - (mark.kind == "close")
        if mark.kind == "else" and nesting == 0:
            return inner, mark.start
        inner.append(mark)
    return inner, region[-1].start
