"""Editing JSON and YAML: flow style, which both have, and YAML's block style."""

from __future__ import annotations

import re

from algolint.fixes.edit import Edit, EditError
from algolint.fixes.layout import BLANK_LINE, COMMENT_LINE, REST_OF_LINE, SourceLayout
from algolint.fixes.tree import BLOCK_STYLES, all_nodes
from algolint.rule import Insert, Quote, Remove, Rename, Replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.document import Document
    from algolint.fixes.tree import Member, Node
    from algolint.rule import Fix
    from algolint.values import Path


class MarkupEditor:
    """Edits a JSON or YAML document. Raises `EditError` if its text is too unusual to be edited safely."""

    def __init__(self, document: Document) -> None:
        self._layout = SourceLayout.of(document)

    def edits(self, fix: Fix) -> list[Edit]:
        """Return the edits of a fix."""
        return _edits(self._layout, fix)

    def token(self, path: Path) -> str:
        """Return the text of a plain scalar, as written."""
        return self._layout.token(path)


def _edits(layout: SourceLayout, fix: Fix) -> list[Edit]:
    match fix:
        case Remove():
            return _remove(layout, fix.path)
        case Replace():
            return _replace(layout, fix.path, fix.value)
        case Insert():
            return _insert(layout, fix.path, fix.key, fix.value)
        case Rename():
            return _rename(layout, fix.path, fix.key)
        case Quote():
            token = layout.token(fix.path)
            node, _, container = layout.value(fix.path)
            in_flow = container is not None and container.flow
            return [Edit(node.body, node.end, layout.string(token, layout.quote, in_flow=in_flow))]
    raise EditError


def _rename(layout: SourceLayout, path: Path, name: str) -> list[Edit]:
    _, member, container = layout.value(path)
    if member is None or container is None or member.key is None or member.key.tagged:
        raise EditError
    key = member.key
    return [Edit(key.body, key.end, layout.key(name, in_flow=container.flow, style=key.style))]


def _remove(layout: SourceLayout, path: Path) -> list[Edit]:
    if not path:
        raise EditError
    chain = layout.find(path)
    node, number = chain[-1]
    if node.flow:
        return _remove_from_flow(layout, node, number)
    if len(node.members) == 1:
        holder = chain[-2][0].members[chain[-2][1]] if len(chain) > 1 else None
        return _inline_block(layout, holder, node, "{}" if node.kind == "object" else "[]")
    return _remove_from_block(layout, node, number)


def _remove_from_flow(layout: SourceLayout, node: Node, number: int) -> list[Edit]:
    text = layout.text
    member = node.members[number]
    before = node.members[number - 1] if number else None
    after = node.members[number + 1] if number + 1 < len(node.members) else None
    start, end = member.start, (member.comma + 1 if member.comma >= 0 else member.end)
    lead = text[before.comma + 1 if before else node.body + 1 : start]
    trail = text[end : after.start if after else node.end - 1]
    if _without_comments(lead).strip() or _without_comments(trail).strip():
        raise EditError
    if before is None and after is None and "#" not in lead + trail:
        return [Edit(node.body + 1, node.end - 1, "")]
    rest = REST_OF_LINE.match(text, end)
    if layout.leads(start) and rest and rest.end() < node.end:
        lines = layout.without_lines(
            layout.line_start(start), layout.next_line(end), opens=before is None, closes=after is None
        )
        if before is None or member.comma >= 0:
            return [lines]
        return [Edit(before.comma, before.comma + 1, ""), lines]
    if after is None:
        if before is None or "#" in lead:
            raise EditError
        # A space before the brace may belong to a missing value, as in {a, b: }.
        if member.value.end == member.intro and text[node.end - 2 : node.end - 1] == " ":
            end = node.end - 1
        return [Edit(before.comma + 1 if member.comma >= 0 else before.end, end, "")]
    if "#" in trail:
        return [Edit(start, layout.after_spaces(end), "")]
    if before and not layout.breaks(before.comma, start) and layout.breaks(end, after.start):
        return [Edit(before.comma + 1, end, "")]
    return [Edit(start, after.start, "")]


def _without_comments(gap: str) -> str:
    return re.sub(r"#[^\r\n]*", "", gap)


def _remove_from_block(layout: SourceLayout, node: Node, number: int) -> list[Edit]:
    member = node.members[number]
    end = _block_end(layout, member)
    if layout.leads(member.start):
        lines = layout.without_lines(
            layout.line_start(member.start), layout.next_line(end), opens=number == 0
        )
        return [lines]
    if number or not _compact(layout, member.start):
        raise EditError
    # The next member, or the comment above it, moves up to the dash.
    after = node.members[1].start
    comment = layout.text.find("#", end, after)
    return [Edit(member.start, comment if comment >= 0 else after, "")]


def _compact(layout: SourceLayout, start: int) -> bool:
    """Whether only dashes and spaces precede an offset on its line."""
    return not re.sub(r"-[ \t]+", "", layout.text[layout.line_start(start) : start]).strip(" ")


def _block_end(layout: SourceLayout, member: Member) -> int:
    """Return the end of a block's member, with its comment and more indented comments below."""
    text = layout.text
    end = layout.end_with_comment(member.end)
    if member.value.flow or not member.value.members:
        return end
    column = layout.column(member.start)
    offset = layout.next_line(end)
    while offset < len(text):
        if comment := COMMENT_LINE.match(text, offset):
            if len(comment.group(1)) <= column:
                break
            end = comment.end()
        elif not BLANK_LINE.match(text, offset):
            break
        offset = layout.next_line(offset)
    return end


def _inline_block(layout: SourceLayout, holder: Member | None, node: Node, text: str) -> list[Edit]:
    """Return the edits that replace a block by a value on the line of its colon or dash."""
    if node.tagged:
        raise EditError
    first, last = node.members[0], node.members[-1]
    end = _block_end(layout, last)
    if holder is None or not layout.breaks(holder.intro, first.start):
        if not _compact(layout, first.start):
            raise EditError
        return [Edit(first.start, end, text)]
    if holder.intro < 0 or not layout.leads(first.start):
        raise EditError
    lines = layout.without_lines(layout.line_start(first.start), layout.next_line(end))
    return [_after(layout, _header_end(layout, holder), text), lines]


def _header_end(layout: SourceLayout, holder: Member) -> int:
    """Return the end of a member's colon or dash, and of the anchor after it."""
    value = holder.value
    if value.start < value.body:
        return value.start + len(layout.text[value.start : value.body].rstrip())
    return holder.intro


def _after(layout: SourceLayout, offset: int, text: str) -> Edit:
    """Return the edit that inserts a text after a colon or dash, replacing trailing space."""
    spaces = layout.after_spaces(offset)
    return Edit(offset, spaces if spaces == layout.line_end(offset) else offset, " " + text)


def _replace(layout: SourceLayout, path: Path, value: Any) -> list[Edit]:
    node, member, container = layout.value(path)
    if node.tagged or node.kind == "odd":
        raise EditError
    in_flow = layout.is_json or (container is not None and container.flow)
    is_block = bool(node.members) and not node.flow
    if "#" in layout.text[node.body : node.end] and not node.style and _has_comment(layout, node):
        raise EditError
    if is_block:
        return _replace_block(layout, node, member, container, value)
    if node.style in BLOCK_STYLES:
        if isinstance(value, str) and (edit := _block_text(layout, node, value)):
            return [edit]
        if "#" in layout.text[node.body : layout.line_end(node.body)]:
            raise EditError
    if isinstance(value, dict | list):
        kind = "object" if isinstance(value, dict) else "list"
        if in_flow or node.members or not value or member is None or layout.prefers_flow(kind):
            return [_token(layout, node, member, layout.flow(value, _spread_indent(layout, node, container)))]
        return _insert_block(layout, member, layout.block(value), kind)
    return [_token(layout, node, member, layout.scalar(value, _style(layout, node, value), in_flow=in_flow))]


def _style(layout: SourceLayout, node: Node, value: Any) -> str | None:
    """Return the style for a value that replaces a scalar, or None for the document's usual one."""
    if node.kind != "scalar" or node.body == node.end:
        return None
    if node.style in BLOCK_STYLES:
        return layout.quote if isinstance(value, str) and "\n" in value else None
    return node.style


_BLOCK_HEADER = re.compile(r"([|>])[-+]?(?=[ \t\r\n])")


def _block_text(layout: SourceLayout, node: Node, value: str) -> Edit | None:
    """Return the edit that gives a block scalar a new text, by its header alone if that suffices."""
    header = _BLOCK_HEADER.match(layout.text, node.body)
    if header is None:
        return None
    content = layout.text[header.end() : node.end]
    style = header.group(1)
    other = "|" if style == ">" else ">"
    for new in (style, style + "-", other + "-", other):
        if _block_value(new + content) == value:
            return Edit(header.start(), header.end(), new)
    lines = value.removesuffix("\n").split("\n")
    is_sound = all(line.isprintable() for line in lines) and lines[-1] and lines[0][:1] not in ("", " ")
    if (
        style == ">"
        or "\n" not in value
        or not is_sound
        or "#" in layout.text[node.body : layout.line_end(node.body)]
    ):
        return None
    indent = layout.indent(layout.next_line(node.body))
    new = "|" if value.endswith("\n") else "|-"
    return Edit(
        node.body, node.end, layout.line_break.join([new, *(line and indent + line for line in lines)])
    )


def _block_value(token: str) -> str | None:
    import yaml

    try:
        node = yaml.compose(f"key: {token}\n", yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    return str(node.value[0][1].value) if node else None


def _has_comment(layout: SourceLayout, node: Node) -> bool:
    """Whether there is a comment in a container."""
    gaps: list[str] = []
    offset = node.body
    for below in sorted(all_nodes(node), key=lambda below: below.start):
        if below.kind in ("scalar", "alias"):
            gaps.append(layout.text[offset : below.start])
            if below.style in BLOCK_STYLES:
                gaps.append(layout.text[below.body : layout.line_end(below.body)])
            offset = below.end
    return "#" in "".join(gaps) + layout.text[offset : node.end]


def _token(layout: SourceLayout, node: Node, member: Member | None, text: str) -> Edit:
    if node.body < node.end:
        return Edit(node.body, node.end, text)
    if member is None or member.intro < 0:
        raise EditError
    return _after(layout, _header_end(layout, member), text)


def _spread_indent(layout: SourceLayout, node: Node, container: Node | None) -> str | None:
    """Return the indentation of a new value's closing brace, or None if it goes on one line."""
    if node.flow and node.members:
        return layout.indent(node.start) if layout.spreads(node) else None
    around = container is not None and container.flow and layout.spreads(container)
    return layout.indent(node.start) if around and not layout.inline else None


def _replace_block(
    layout: SourceLayout, node: Node, holder: Member | None, container: Node | None, value: Any
) -> list[Edit]:
    if _has_comment(layout, node):
        raise EditError
    if not isinstance(value, dict | list) or not value:
        text = layout.flow(value, None) if isinstance(value, dict | list) else layout.scalar_line(value)
        return _inline_block(layout, holder, node, text + _trailing_comment(layout, holder, node))
    start = node.members[0].start
    column = layout.column(start)
    end = node.members[-1].end
    # Raises where something other than a comment follows.
    layout.end_with_comment(end)
    under = layout.column(holder.start) if holder and container and container.kind == "object" else -1
    if isinstance(value, dict) and column <= under:
        # Items may have the column of their key, but fields may not.
        column = under + layout.block_unit
        first = layout.line_start(start)
        return [Edit(first, end, " " * column + layout.indented(layout.block(value), column))]
    return [Edit(start, end, layout.indented(layout.block(value), column))]


def _trailing_comment(layout: SourceLayout, holder: Member | None, node: Node) -> str:
    """Return the comment after a block's last line, which moves up to the remaining line."""
    end = node.members[-1].end
    comment = layout.text[end : _block_end(layout, node.members[-1])]
    if not comment.strip():
        return ""
    first = node.members[0].start
    if layout.breaks(end, end + len(comment)) or (holder and "#" in layout.text[holder.intro : first]):
        raise EditError
    return comment


def _insert_block(layout: SourceLayout, member: Member, lines: list[str], kind: str) -> list[Edit]:
    """Return the edits that make block lines the value of a member, replacing its scalar if it has one."""
    value = member.value
    if member.key is None:
        column = layout.column(value.body) if value.end > value.body else layout.column(member.intro) + 1
        return [_token(layout, value, member, layout.indented(lines, column))]
    if member.intro < 0 or value.style in BLOCK_STYLES:
        raise EditError
    unit = layout.list_unit if kind == "list" else layout.block_unit
    column = layout.column(member.start) + unit
    end = layout.end_with_comment(member.end)
    start = _header_end(layout, member)
    text = layout.line_break + " " * column + layout.indented(lines, column)
    comment = layout.text[member.end : end].strip()
    return [Edit(start, end, (" " + comment if comment else "") + text)]


def _insert(layout: SourceLayout, path: Path, key: str, value: Any) -> list[Edit]:
    node, member, container = layout.value(path)
    if node.kind == "object":
        if not node.flow:
            return _insert_into_block(layout, node, key, value)
        if node.members:
            return _insert_into_flow(layout, node, key, value)
        indent = _spread_indent_of_empty(layout, node, container)
        return [Edit(node.body, node.end, layout.flow({key: value}, indent))]
    if node.kind != "scalar" or node.tagged or node.style or member is None:
        raise EditError
    # A null is treated as an object without fields.
    if layout.is_json or (container is not None and container.flow):
        indent = _spread_indent_of_empty(layout, node, container)
        return [_token(layout, node, member, layout.flow({key: value}, indent))]
    return _insert_block(layout, member, layout.entry(key, value), "object")


def _spread_indent_of_empty(layout: SourceLayout, node: Node, container: Node | None) -> str | None:
    around = container is not None and container.flow and layout.spreads(container)
    return layout.indent(node.start) if around else None


def _insert_into_block(layout: SourceLayout, node: Node, key: str, value: Any) -> list[Edit]:
    last = node.members[-1]
    start = node.members[0].start
    if not layout.leads(start) and not _compact(layout, start):
        raise EditError
    end = _block_end(layout, last)
    column = layout.column(start)
    style = last.key.style if last.key and last.key.kind == "scalar" and last.key.text != "<<" else None
    lines = layout.entry(key, value, style)
    return [Edit(end, end, layout.line_break + " " * column + layout.indented(lines, column))]


def _insert_into_flow(layout: SourceLayout, node: Node, key: str, value: Any) -> list[Edit]:
    last = node.members[-1]
    name = layout.key(key, in_flow=True, style=last.key.style if last.key else None)
    alone = layout.leads(last.start)
    indent = (
        layout.indent(last.start) if alone and isinstance(value, dict | list) and not layout.inline else None
    )
    field = layout.field(name, layout.flow(value, indent))
    start = layout.line_break + layout.indent(last.start)
    if last.comma >= 0:
        end = layout.end_with_comment(last.comma + 1) if alone else last.comma + 1
        return [Edit(end, end, start + field + "," if alone else layout.comma.lstrip(",") + field)]
    if alone:
        end = layout.line_end(last.end)
        if "#" in layout.text[last.end : end]:
            return [Edit(last.end, last.end, ","), Edit(end, end, start + field)]
        return [Edit(last.end, last.end, "," + start + field)]
    if len(node.members) > 1:
        separator = layout.text[node.members[-2].end : last.start]
        if separator.strip() == "," and separator.count("\n") < 2:
            return [Edit(last.end, last.end, separator + field)]
    return [Edit(last.end, last.end, layout.comma + field)]
