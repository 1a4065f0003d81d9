"""The variables of shell scripts and Makefiles."""

from __future__ import annotations

import re

from algolint.readers.syntax_tree import SyntaxTree, walk
from algolint.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from algolint.readers.syntax_tree import Node
    from algolint.source import Span

# Commands that change variables.
_BINDING = frozenset(("read", "unset", "mapfile", "eval"))
# The assignment of a plain value in a Makefile.
_MADE = re.compile(
    r"^(?:export[ \t]+)?(\w+)[ \t]*(?:::?|\?)?=[ \t]*([^\s#$\\\"'](?:[^\r\n#$\\\"']*[^\s#$\\\"'])?)[ \t]*$",
    re.MULTILINE,
)


def assignments(tree: SyntaxTree) -> dict[str, Node]:
    """Return the values of variables that a script unconditionally assigns once, by name."""
    found: dict[str, Node | None] = {}
    sourced = -1
    # Not by asking each node for its parent, which tree-sitter searches from the root.
    always = {statement.id for statement in tree.root.children}
    for statement in tree.root.children:
        if statement.type == "declaration_command":
            always.update(child.id for child in statement.children)
    for node in walk(tree.root):
        if node.type == "variable_assignment":
            is_plain = node.id in always and node.children[1].type == "="
            name = tree.text_of(node.children[0])
            found[name] = node.children[-1] if is_plain and name not in found else None
        elif node.type == "for_statement":
            found[tree.text_of(node.children[1])] = None
        elif node.type == "command" and tree.text_of(node.children[0]) in _BINDING:
            name = tree.text_of(node.children[-1])
            is_new = name not in found
            found.update(dict.fromkeys(tree.text_of(word) for word in node.children[1:]))
            if is_new and _reads_all(tree, node) and node.parent is not None and node.parent.id in always:
                found[name] = node.parent
        elif node.type == "command" and tree.text_of(node.children[0]) in ("source", "."):
            sourced = max(sourced, node.start_byte)
    # A sourced file may assign any variable.
    return {name: value for name, value in found.items() if value is not None and value.start_byte > sourced}


def around(node: Node) -> Iterator[Node]:
    """Yield the nodes around a node, from the innermost on."""
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _reads_all(tree: SyntaxTree, command: Node) -> bool:
    """Whether a command assigns all of its here-document to a variable: `read -r -d '' NAME <<EOF`."""
    words = [tree.text_of(word) for word in command.children]
    return words[0] == "read" and words[1:-1] in (["-r", "-d", "''"], ["-d", "''", "-r"], ["-rd", "''"])


def made_by_make(source: Source) -> dict[str, Span]:
    """Return the spans of the values of a Makefile's variables that are assigned once."""
    counts: dict[str, int] = {}
    for match in re.finditer(
        r"^[ \t]*(?:export[ \t]+|define[ \t]+)?(\w+)[ \t]*(?:[:?+!]*=|$)", source.text, re.MULTILINE
    ):
        counts[match[1]] = counts.get(match[1], 0) + 1
    return {match[1]: match.span(2) for match in _MADE.finditer(source.text) if counts.get(match[1]) == 1}
