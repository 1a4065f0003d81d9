"""Reading shell scripts and Makefiles: each `aws sagemaker create-algorithm` is a request.

Options become fields. JSON, and YAML after `--cli-input-yaml`, is read from quotes, from here-documents, from
variables that are assigned once, from files (`file://`) that the script writes with `cat`, `tee`, `echo`,
`printf` or `jq -n`, or that are in its folder. Arrays of arguments are read, and the variables of a Makefile
that have plain values. Everything else that the shell substitutes is unknown; the request with the defaults
of variables is linted too. Nothing is executed.
"""

from __future__ import annotations

import os
import re
from copy import copy

from algolint import limits
from algolint.aws.model import REQUEST
from algolint.document import Document, ReaderFault
from algolint.readers import json as read_json
from algolint.readers.bounds import check_tree
from algolint.readers.shell_documents import (
    BODIES,
    ShellDocument,
    Text,
    joined,
)
from algolint.readers.shell_jq import filled
from algolint.readers.shell_variables import around, assignments, made_by_make
from algolint.readers.syntax_tree import SyntaxTree, walk
from algolint.readers.terraform_names import api_name
from algolint.source import (
    MissingRequirement,
    Source,
    SourceSyntaxError,
    UnreadableSource,
    leads_out,
    read_file,
)
from algolint.spec.recognition import shape_of
from algolint.values import UNKNOWN, OpenDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from algolint.readers.syntax_tree import Node
    from algolint.source import Span
    from algolint.values import Path

    Read: TypeAlias = Callable[[Source], list[Document]]
    #: Gives the offset from the start of the script, and the text, of a file that is written before it.
    WrittenBefore: TypeAlias = Callable[[str], tuple[int, str] | None]

#: A script without this command has nothing to read.
COMMAND = "create-algorithm"
# Global options of the aws command that take a value.
_FOREIGN = frozenset(
    "--region --profile --output --query --endpoint-url --ca-bundle --color --cli-read-timeout"
    " --cli-connect-timeout --cli-binary-format".split()
)
_EXPANSIONS = frozenset(("simple_expansion", "expansion", "arithmetic_expansion", "command_substitution"))
_FLAGS = {
    f"--{prefix}{flag}": (field, not prefix)
    for flag, field in (
        ("certify-for-marketplace", "CertifyForMarketplace"),
        ("enable-inter-container-traffic-encryption", "EnableInterContainerTrafficEncryption"),
        ("enable-managed-spot-training", "EnableManagedSpotTraining"),
        ("enable-network-isolation", "EnableNetworkIsolation"),
    )
    for prefix in ("", "no-")
}
# Options of the aws command without a value.
_FOREIGN_FLAGS = frozenset(
    "--debug --no-verify-ssl --no-paginate --no-sign-request --no-cli-pager --cli-auto-prompt"
    " --no-cli-auto-prompt".split()
)
_JSON_INPUT, _YAML_INPUT = "--cli-input-json", "--cli-input-yaml"
# With it a command prints an empty request, or with `output` checks the request, and sends nothing.
_SKELETON = "--generate-cli-skeleton"
# The folder of the script, and the one that it is run in, which are taken for the same, as the text of a word
# has what is not known: `$PWD`, `$(pwd)`, `$(dirname "$0")`, `$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)`.
_HERE = re.compile(
    r"\$\{(?:PWD|pwd|CURDIR|shellpwd|dirname(?:0|BASH_SOURCE0?)|cddirname(?:0|BASH_SOURCE0?)(?:devnull)?pwd)\}"
)
# A variable with a default.
_DEFAULT = re.compile(r"\$\{(\w+):?[-=]")
# An array of arguments, and how often it may be assigned.
_MAX_ASSIGNMENTS = 50
_ARRAY = re.compile(r'"?\$\{(\w+)\[@\]\}"?')
# Options of jq that do not matter here.
_PLAIN_OPTIONS = frozenset(("--null-input", "--compact-output", "--raw-output", "--sort-keys"))
# Commands whose arguments are not files.
_PRINTERS = frozenset(("echo", "printf"))
# Commands that do not change the files that are their arguments.
_READERS = frozenset("cat echo jq rm test [ wc head tail less ls grep diff md5sum sha256sum".split())


def read(source: Source, written: WrittenBefore | None = None) -> list[Document]:
    """Return the requests of a script. Raises `SourceSyntaxError` and `MissingRequirement`."""
    return read_commands(
        source, {COMMAND: REQUEST}, lambda spec: shape_of(spec, named=False) is not None, written
    )


def read_commands(
    source: Source,
    shapes: dict[str, str],
    is_read: Callable[[Any], bool],
    written: WrittenBefore | None = None,
) -> list[Document]:
    """Return the requests of some commands; `shapes` has the shape of each. Raises the same errors as `read`.

    `is_read` tells whether a file with a value would be linted on its own, `written` gives the files that
    are written before the script.
    """
    if not any(command in source.text for command in shapes):
        return []
    check_tree(source.text)
    file = _File(source, is_read, written)
    return [
        file.document(command, name, index, shapes[name])
        for index, (command, name) in enumerate(file.commands(shapes))
    ]


def comments(source: Source) -> list[tuple[int, int, str]]:
    """Return the comments of a script, in order."""
    try:
        tree = _tree(source)
    except MissingRequirement:
        return []
    return [(*tree.span(node), tree.text_of(node)) for node in walk(tree.root) if node.type == "comment"]


def _tree(source: Source) -> SyntaxTree:
    try:
        import tree_sitter
        import tree_sitter_bash
    except ImportError:
        raise MissingRequirement(
            "shell scripts need a parser: pip install tree-sitter tree-sitter-bash"
        ) from None
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
    blank = _is_makefile(source.name)
    return SyntaxTree(source, lambda data: parser.parse(_recipes(data) if blank else data).root_node)


def _is_makefile(name: str) -> bool:
    return name.lower().endswith(("makefile", ".mk"))


def _recipes(data: bytes) -> bytes:
    """Return a Makefile with everything but its recipes blanked, with the same length."""
    lines = []
    goes_on = False
    for line in data.split(b"\n"):
        if not goes_on and not line.startswith(b"\t"):
            lines.append(b" " * len(line))
            continue
        # `$$` is the shell's dollar, `$(X)` make's variable.
        recipe = line.replace(b"$$", b" $")
        if not goes_on:
            recipe = re.sub(rb"^(\t\s*)[@+-]+", lambda match: b" " * len(match[0]), recipe)
        lines.append(recipe)
        goes_on = line.endswith(b"\\")
    return b"\n".join(lines)


class _File:
    """Finds the commands of a script and reads their options."""

    def __init__(self, source: Source, is_read: Callable[[Any], bool], written: WrittenBefore | None) -> None:
        self.source = source
        self.tree = _tree(source)
        self._is_read = is_read
        self._written_before = written
        #: Whether `${NAME:-default}` is read as the default.
        self._takes_defaults = False
        #: The values of variables that are unconditionally assigned once, and those that were read.
        self._assigned = assignments(self.tree)
        self._variables: dict[str, Text | None] = {}
        self._left = limits.MAX_VARIABLES_LENGTH
        #: The assignments of each variable.
        self._arrays: dict[str, list[Node]] | None = None
        #: The variables of a Makefile.
        self._made = made_by_make(source) if _is_makefile(source.name) else {}
        #: The text that the script writes to each file, or None if a file has more than that.
        self._written: dict[str, Text | None] | None = None
        #: The arguments of commands that may change files.
        self._changed: set[str] = set()

    def commands(self, names: Iterable[str]) -> Iterator[tuple[Node, str]]:
        """Yield the `aws sagemaker` commands with one of the names, each with its name."""
        for node in walk(self.tree.root):
            if node.type == "command":
                words = [self.tree.text_of(child) for child in node.children[:8]]
                for name in names:
                    if name in words and "sagemaker" in words[: words.index(name)] and self._sends(node):
                        yield node, name

    def _sends(self, command: Node) -> bool:
        """Whether a command sends a request or checks one, and does not print help or an empty one."""
        words = [self.tree.text_of(word) for word in command.children]
        if _SKELETON in words:
            return words[words.index(_SKELETON) + 1 :][:1] == ["output"]
        return words[-1] != "help"

    def _with_defaults(self) -> _File:
        """Return this script as it runs where no variable is set from outside."""
        other = copy(self)
        other._takes_defaults = True
        other._variables, other._written, other._changed = {}, None, set()
        return other

    def document(self, command: Node, name: str, index: int, shape: str) -> ShellDocument:
        """Return the document of a command."""
        request = _Request(self, command)
        arguments = self.spread(command, self.arguments(command, name), request)
        for node in arguments:
            option = self.text(node)
            if option is None or not option.text.startswith("--") or option.has_holes:
                request.is_open = True
            elif option.text in _FOREIGN_FLAGS:
                pass
            elif option.text in _FLAGS:
                request.add_flag(option)
            elif (value := next(arguments, None)) is not None:
                request.add(option, value)
        has_defaults = not self._takes_defaults and _DEFAULT.search(self.source.text) is not None
        again = (
            (lambda: self._with_defaults().document(command, name, index, shape)) if has_defaults else None
        )
        return request.document(index, shape, again)

    def arguments(self, command: Node, name: str) -> list[Node]:
        """Return the words after the name of the command."""
        words = [child for child in command.children if child.type != "comment"]
        at = next(i for i, child in enumerate(words) if self.tree.text_of(child) == name)
        return words[at + 1 :]

    def spread(self, command: Node, words: Iterable[Node], request: _Request) -> Iterator[Node]:
        """Yield the words of a command, with the items of arrays (`"${arguments[@]}"`) in their place."""
        for word in words:
            match = _ARRAY.fullmatch(self.tree.text_of(word))
            items = self._array(match[1], command, request) if match else None
            yield from [word] if items is None else items

    def _array(self, name: str, command: Node, request: _Request) -> list[Node] | None:
        """Return the items of an array in a command, or None if they are not known.

        What is added on a condition makes the request open.
        """
        if self._arrays is None:
            self._arrays = {}
            for node in walk(self.tree.root):
                if node.type == "variable_assignment":
                    self._arrays.setdefault(self.tree.text_of(node.children[0]), []).append(node)
        assignments = self._arrays.get(name, ())
        if len(assignments) > _MAX_ASSIGNMENTS:
            return None
        enclosing = {node.id for node in around(command)}
        items: list[Node] | None = None
        for node in assignments:
            operator, value = node.children[1].type, node.children[-1]
            statement = next(above for above in around(node) if above.type != "declaration_command")
            is_plain = statement.id in enclosing and node.start_byte < command.start_byte
            if value.type != "array" or (operator == "=" and (items is not None or not is_plain)):
                return None
            if is_plain and (operator == "=" or items is not None):
                items = [*(items or ()), *value.named_children]
            else:
                request.is_open = True
        return items

    def value(
        self, text: Text | None, node: Node, command: Node, read: Read = read_json.read
    ) -> tuple[Any, Document, Text] | tuple[Any, None, Text]:
        """Return the value of an option, and for JSON its document and the text it was read from.

        `read` reads a whole request.
        """
        nothing = Text("", (), self.tree.span(node))
        if text is None:
            return UNKNOWN, None, nothing
        if text.text == "file:///dev/stdin":
            text = self.here_document(command) or nothing
        elif (written := self.written(text)) is not None:
            text = written
        elif (name := _named_file(text)) is not None:
            return self.file(name, read), None, nothing
        if text.text.lstrip()[:1] in ("{", "[") or (read is not read_json.read and "\n" in text.text):
            return self.parsed(text, read)
        if text.has_holes or not text.text:
            return UNKNOWN, None, nothing
        if text.text.isascii() and text.text.isdigit():
            # It may be a number or a text of digits.
            return UNKNOWN, None, nothing
        # The shorthand of structures, Key=a,Value=b, is not read, nor are the bytes of a file.
        is_known = "=" not in text.text and not text.text.startswith("fileb://")
        return (text.text if is_known else UNKNOWN), None, nothing

    def parsed(self, text: Text, read: Read) -> tuple[Any, Document, Text]:
        """Return the value that is written in a text, its document, and the text."""
        try:
            document = read(Source(self.source.name, text.text))[0]
        except SourceSyntaxError as error:
            kind = "JSON" if read is read_json.read else "YAML"
            raise SourceSyntaxError(f"in this {kind}: {error.message}", text.located(error.span)) from None
        return document.spec, document, text

    def own_file(self, text: Text | None, value: Any) -> str:
        """Return the file that a value is read from if that is linted on its own, else an empty string."""
        name = _named_file(text) if text is not None else None
        if text is None or name is None or self.written(text) is not None or not self._is_read(value):
            return ""
        return self.path(name)

    def path(self, name: str) -> str:
        """Return the path of a file that the script names."""
        return os.path.normpath(os.path.join(os.path.dirname(self.source.name), name))

    def file(self, name: str, read: Read) -> Any:
        """Return the value of a file below the script's folder, or `UNKNOWN` if it cannot be read."""
        path = self.path(name)
        if os.path.isabs(name) or leads_out(os.path.normpath(name)) or not os.path.isfile(path):
            return UNKNOWN
        try:
            documents = read(read_file(path, limits.MAX_TREE_LENGTH))
        except (OSError, UnreadableSource, SourceSyntaxError):
            return UNKNOWN
        return documents[0].spec if len(documents) == 1 else UNKNOWN

    # ------------------------------------------------------------ words

    def text(self, node: Node) -> Text | None:
        """Return the text of a word after expansion, or None if nothing of it is known."""
        span = self.tree.span(node)
        match node.type:
            case "raw_string":
                return self.plain(node.start_byte + 1, node.end_byte - 1, span, escapes="")
            case "word" | "number" | "string_content":
                return self.plain(node.start_byte, node.end_byte, span, escapes=None)
            case "string":
                return self.string(node, span)
            case "concatenation":
                return joined([self.text(child) or self.hole(child) for child in node.children], span)
            case "redirected_statement":
                # What `read` assigns.
                return self.body(node)
            case "command_substitution" | "simple_expansion" | "expansion" if self._made:
                return self.made(node) or (self.variable(node) if "expansion" in node.type else None)
            case "command_substitution":
                return self.substituted(node)
            case "simple_expansion" | "expansion":
                return self.variable(node)
        return None

    def made(self, node: Node) -> Text | None:
        """Return the value of a Makefile's variable."""
        span = self._made.get(self.tree.text_of(node).strip("${}()"))
        if span is None:
            return None
        text = self.source.text[slice(*span)]
        is_one = node.parent is not None and node.parent.type == "string"
        return Text(text, range(*span), span) if is_one or not re.search(r"[\s*?\[]", text) else None

    def variable(self, node: Node) -> Text | None:
        """Return the value of a variable that is assigned once, or None for other variables."""
        name = self.tree.text_of(node).strip("${}")
        if self._takes_defaults and (match := _DEFAULT.match(self.tree.text_of(node))) is not None:
            name = match[1]
            assigned = self._assigned.get(name)
            if assigned is None or assigned.start_byte <= node.start_byte < assigned.end_byte:
                return self.text(node.children[3]) if len(node.children) > 4 else None
        if name not in self._assigned:
            return None
        if name not in self._variables:
            # A variable may refer to itself.
            self._variables[name] = None
            made = self.text(self._assigned[name])
            if made is not None:
                self._left -= len(made.text)
            self._variables[name] = made if self._left > 0 else None
        value = self._variables[name]
        # Without quotes the shell splits the value into words.
        is_one = node.parent is not None and node.parent.type == "string"
        return value if value is not None and (is_one or not re.search(r"[\s*?\[]", value.text)) else None

    def plain(self, start: int, end: int, span: Span, escapes: str | None) -> Text:
        """Return the text between two bytes; a backslash escapes `escapes`, or everything if None."""
        text, at = self.tree.text(start, end), self.tree.offset(start)
        if escapes == "" or "\\" not in text:
            return Text(text, range(at, at + len(text)), span)
        characters: list[str] = []
        offsets: list[int] = []
        index = 0
        while index < len(text):
            if text[index] == "\\" and index + 1 < len(text):
                if text[index + 1] == "\n":
                    index += 2
                    continue
                if escapes is None or text[index + 1] in escapes:
                    index += 1
            characters.append(text[index])
            offsets.append(at + index)
            index += 1
        return Text("".join(characters), offsets, span)

    def string(self, node: Node, span: Span) -> Text | None:
        """Return the text of a word in double quotes."""
        pieces: list[Text] = []
        at = node.start_byte + 1
        for child in node.children:
            if child.type in _EXPANSIONS:
                pieces.append(self.plain(at, child.start_byte, span, escapes='"\\$`'))
                pieces.append(self.text(child) or self.hole(child))
                at = child.end_byte
        pieces.append(self.plain(at, node.end_byte - 1, span, escapes='"\\$`'))
        return joined(pieces, span)

    def hole(self, node: Node) -> Text:
        """Return the text `${NAME}` for a part that is not known."""
        name = re.sub(r"\W", "", self.tree.text_of(node)) or "X"
        text = f"${{{name[:40]}}}"
        start = self.tree.offset(node.start_byte)
        return Text(text, [start] * len(text), self.tree.span(node), has_holes=True)

    def substituted(self, node: Node) -> Text | None:
        """Return the text of `$(cat <<EOF …)` and `$(jq -n …)`, or None for other commands."""
        if len(node.named_children) == 1 and self.tree.text_of(node.named_children[0]).startswith("jq "):
            return self._built(node.named_children[0])
        inner = next((child for child in node.named_children if child.type == "redirected_statement"), None)
        if inner is None or not self.tree.text_of(inner).lstrip().startswith("cat"):
            return None
        return self.body(inner)

    def printed_file(self, node: Node) -> Text | None:
        """Return `file://NAME` for `"$(cat NAME)"` and `"$(<NAME)"`, the same for an option; else None."""
        if node.type == "string" and len(node.children) == 3:
            node = node.children[1]
        if node.type != "command_substitution" or len(node.named_children) != 1:
            return None
        (command,) = node.named_children
        if command.type not in ("command", "file_redirect") or len(command.children) != 2:
            return None
        name = self.text(command.children[1])
        if self.tree.text_of(command.children[0]) not in ("cat", "<") or name is None:
            return None
        return Text(f"file://{name.text}", (), self.tree.span(node), name.has_holes)

    def written(self, text: Text) -> Text | None:
        """Return what the script, or a cell before it, writes to the file named by an option, if anything."""
        if not text.text.startswith("file://"):
            return None
        if self._written is None:
            self._written = {}
            for node in walk(self.tree.root):
                if node.type == "file_redirect":
                    self._write(node)
                elif node.type == "command" and self.tree.text_of(node.children[0]) in _PRINTERS:
                    pass
                elif node.type == "command" and (target := self._target_of_tee(node)) is not None:
                    self._written[target] = None if target in self._written else self.here_document(node)
                elif node.type == "command" and self.tree.text_of(node.children[0]) not in _READERS:
                    texts = [self.text(word) for word in node.children[1:]]
                    self._changed.update(_file_name(text.text) for text in texts if text is not None)
        name = _file_name(text.text.removeprefix("file://"))
        if name in self._changed:
            return None
        if name in self._written or self._written_before is None:
            return self._written.get(name)
        before = self._written_before(name)
        if before is None:
            return None
        start, content = before
        span = start, start + len(content)
        return Text(content, range(*span), span)

    def _write(self, redirect: Node) -> None:
        """Record what a redirection writes to its file."""
        target = self.text(redirect.children[-1])
        statement = redirect.parent
        if statement is not None and statement.type == "heredoc_redirect":
            statement = statement.parent
        if target is None or statement is None or self._written is None:
            return
        name = _file_name(target.text)
        is_whole = redirect.children[0].type == ">" and name not in self._written
        self._written[name] = self._printed(statement) if is_whole else None

    def _printed(self, statement: Node) -> Text | None:
        """Return what a statement with a redirection prints: a here-document, a text, or what jq builds."""
        command = statement.children[0]
        if command.type != "command":
            return None
        first, *words = [child for child in command.children if child.type != "comment"]
        match self.tree.text_of(first), [self.tree.text_of(word) for word in words]:
            case "cat", _:
                return self.body(statement)
            case "jq", _:
                return self._built(command)
            case "echo", [text] if not text.startswith("-"):
                return self.text(words[0])
            case "printf", ["'%s\\n'" | "'%s'" | '"%s\\n"' | '"%s"' | "%s", _]:
                return self.text(words[1])
        return None

    def _built(self, command: Node) -> Text | None:
        """Return the JSON that `jq -n` builds of a literal with variables, or None for other programs."""
        words = iter(command.children[1:])
        variables: dict[str, tuple[Text, bool]] = {}
        program: list[Node] = []
        is_new = False
        for word in words:
            option = self.tree.text_of(word)
            if option in ("--arg", "--argjson"):
                name, value = next(words, None), next(words, None)
                if name is None or value is None:
                    return None
                variables[self.tree.text_of(name)] = self.text(value) or self.hole(value), option == "--arg"
            elif option in _PLAIN_OPTIONS or re.fullmatch("-[ncrSM]+", option):
                is_new = is_new or option == "--null-input" or (option[1] != "-" and "n" in option)
            else:
                program.append(word)
        if not is_new or len(program) != 1 or program[0].type != "raw_string":
            return None
        return filled(
            self.plain(program[0].start_byte + 1, program[0].end_byte - 1, self.tree.span(program[0]), ""),
            variables,
        )

    def _target_of_tee(self, command: Node) -> str | None:
        """Return the only file that `tee` writes, or None for other commands."""
        if self.tree.text_of(command.children[0]) != "tee" or len(command.children) != 2:
            return None
        target = self.text(command.children[1])
        return _file_name(target.text) if target is not None else None

    def here_document(self, command: Node) -> Text | None:
        """Return the here-document that a command reads."""
        parent = command.parent
        return self.body(parent) if parent is not None and parent.type == "redirected_statement" else None

    def body(self, statement: Node) -> Text | None:
        """Return the text of the here-document in a statement."""
        for node in walk(statement):
            if node.type == "heredoc_body":
                pieces: list[Text] = []
                at = node.start_byte
                span = self.tree.span(node)
                for child in node.children:
                    if child.type in _EXPANSIONS:
                        pieces += [self.plain(at, child.start_byte, span, escapes="\\$`"), self.hole(child)]
                        at = child.end_byte
                pieces.append(self.plain(at, node.end_byte, span, escapes="\\$`"))
                return joined(pieces, span)
        return None


class _Request:
    """The request of a command, put together from its options."""

    def __init__(self, file: _File, command: Node) -> None:
        self._file = file
        self._command = command
        #: Whether there may be fields that are not known.
        self.is_open = False
        # The fields of options, and those of --cli-input-json, which options replace.
        self._own: dict[str, Any] = {}
        self._base: dict[str, Any] = {}
        span = file.tree.span(command)
        self._spans: dict[str, tuple[Span, Span]] = {"": (span, span)}
        self._parts: dict[str, tuple[Document, Text, Path]] = {}
        self._files: dict[str, str] = {}
        self._region: str | None = None

    def add_flag(self, option: Text) -> None:
        """Add an option without a value."""
        field, self._own[field] = _FLAGS[option.text]
        self._spans[field], self._files[field] = (option.span, option.span), ""

    def add(self, option: Text, node: Node) -> None:
        """Add an option with its value."""
        text = self._file.printed_file(node) or self._file.text(node)
        if option.text == "--region" and text is not None and not text.has_holes:
            self._region = text.text
        if option.text in _FOREIGN:
            return
        if option.text == _JSON_INPUT:
            self._add_input(option, node, text, read_json.read)
        elif option.text == _YAML_INPUT:
            from algolint.readers import yaml as read_yaml

            self._add_input(option, node, text, read_yaml.read)
        elif option.text != _SKELETON:
            self._add_field(option, node, text)

    def _add_input(self, option: Text, node: Node, text: Text | None, read: Read) -> None:
        """Add the fields of a request that is written as JSON or YAML."""
        base, document, whole = self._file.value(text, node, self._command, read)
        if not isinstance(base, dict):
            self.is_open = True
            return
        self._base = base
        self._files = dict.fromkeys(("", *base), self._file.own_file(text, base)) | self._files
        for field in base:
            self._spans[field] = self._file.tree.span(node), option.span
            if document is not None:
                self._parts[field] = document, whole, (field,)

    def _add_field(self, option: Text, node: Node, text: Text | None) -> None:
        field = api_name(option.text[2:].replace("-", "_"))
        value, document, whole = self._file.value(text, node, self._command)
        self._own[field] = value
        self._spans[field] = self._file.tree.span(node), option.span
        self._files[field] = self._file.own_file(text, value)
        self._parts.pop(field, None)
        if document is not None:
            self._parts[field] = document, whole, ()

    def document(self, index: int, shape: str, again: Callable[[], ShellDocument] | None) -> ShellDocument:
        """Return the document of the request; `again` reads it with the defaults of variables."""
        spec = {**self._base, **self._own}
        if self._own:
            self._files[""] = ""
        if "AlgorithmSpecification" in self._own:
            # On its own the file may be a job of another algorithm.
            self._files.clear()
        return ShellDocument(
            self._file.tree,
            OpenDict(spec) if self.is_open else spec,
            self._spans,
            self._parts,
            self._files,
            index,
            self._region,
            shape,
            [*self._faults()],
            again,
        )

    def _faults(self) -> Iterator[ReaderFault]:
        """Yield what the readers of JSON and YAML found."""
        for field, (document, text, base) in self._parts.items():
            for fault in document.faults:
                if fault.path[: len(base)] == base:
                    related = fault.related and (text.located(fault.related[0]), fault.related[1])
                    path = (field, *fault.path[len(base) :])
                    yield ReaderFault(fault.rule, path, text.located(fault.span), fault.message, related)


def strings(source: Source) -> list[Span]:
    """Return the spans of statements, in order; a comment on a line between would end one or become text."""
    try:
        tree = _tree(source)
    except MissingRequirement:
        return [(0, len(source.text))]
    found: list[Span] = []
    stack = [tree.root]
    while stack:
        node = stack.pop()
        if node.type in BODIES:
            stack.extend(reversed(node.children))
        else:
            found.append(tree.span(node))
    return found


def may_change(script: str, name: str) -> bool:
    """Whether a script may change the file of a name."""
    rest = re.sub(rf"(?:file://\S*|cat |s3 cp |<){re.escape(name)}", "", script)
    is_read = ">" not in rest and "\n" not in rest.strip() and rest.lstrip().partition(" ")[0] in _READERS
    return name in rest and not is_read


def _file_name(name: str) -> str:
    return os.path.normpath(_HERE.sub(".", name, count=1))


def _named_file(text: Text) -> str | None:
    """Return the path of the file that an option names; None for other values, and where it is not known."""
    name = _HERE.sub(".", text.text, count=1)
    return name.removeprefix("file://") if name.startswith("file://") and "${" not in name else None
