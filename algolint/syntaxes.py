"""The table of syntaxes, and reading a file in its syntax.

The functions of an entry import readers and editors when they are called, as most runs need one of them.
"""

from __future__ import annotations

from algolint.lazy_module import LazyFunctions, LazyModule
from algolint.limits import keep
from algolint.spec import recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from typing import Any, TypeAlias

    from algolint.document import Document
    from algolint.fixes import markup
    from algolint.fixes import notebook as notebook_fixes
    from algolint.fixes import python as python_fixes
    from algolint.fixes import terraform as terraform_fixes
    from algolint.fixes import typescript as typescript_fixes
    from algolint.fixes.edits import Editor
    from algolint.fixes.embedding import Embedding
    from algolint.readers import json, markdown, notebook, python, shell, terraform, typescript, yaml_comments
    from algolint.source import Source, Span
    from algolint.spec import word_search

    # The start and end of a comment, and its text including the marks.
    Comment: TypeAlias = tuple[int, int, str]
else:
    markup = LazyFunctions("algolint.fixes.markup")
    notebook_fixes = LazyFunctions("algolint.fixes.notebook")
    python_fixes = LazyFunctions("algolint.fixes.python")
    terraform_fixes = LazyFunctions("algolint.fixes.terraform")
    typescript_fixes = LazyFunctions("algolint.fixes.typescript")
    json = LazyFunctions("algolint.readers.json")
    markdown = LazyFunctions("algolint.readers.markdown")
    notebook = LazyFunctions("algolint.readers.notebook")
    python = LazyFunctions("algolint.readers.python")
    shell = LazyFunctions("algolint.readers.shell")
    terraform = LazyFunctions("algolint.readers.terraform")
    typescript = LazyFunctions("algolint.readers.typescript")
    yaml_comments = LazyFunctions("algolint.readers.yaml_comments")
    word_search = LazyModule("algolint.spec.word_search")


class Syntax:
    """A syntax: its files, and how to read them, suppress findings and make fixes."""

    __slots__ = (
        "comment_mark",
        "comments",
        "comments_above",
        "editor",
        "embedding",
        "endings",
        "is_markup",
        "is_program",
        "is_searched_for",
        "name",
        "read",
        "strings",
    )

    def __init__(
        self,
        name: str,
        endings: tuple[str, ...],
        read: Callable[[Source], list[Document]],
        *,
        comments: Callable[[Source], list[Comment]] | None = None,
        strings: Callable[[Source], list[Span]] | None = None,
        embedding: Callable[[Source], Embedding] | None = None,
        comment_mark: str = "#",
        comments_above: bool = False,
        editor: Callable[[Any], Editor] | None = None,
        is_program: bool = False,
        is_markup: bool = False,
        is_searched_for: bool = True,
    ) -> None:
        #: The name, as in `Document.syntax`.
        self.name = name
        #: The endings of file names, in lower case.
        self.endings = endings
        #: Returns the documents of a file. Raises `SourceSyntaxError`.
        self.read = read
        #: Returns the comments of a file, in order, or is None if the syntax has none.
        self.comments = comments
        #: Returns the spans in which the mark of a comment would be text, or is None if no comments are
        #: added.
        self.strings = strings
        #: The mark that begins a comment.
        self.comment_mark = comment_mark
        #: Whether comments go above a line instead of at its end, because formatters would move them.
        self.comments_above = comments_above
        #: Returns the text that comments are in, or is None if that is the file's text.
        self.embedding = embedding
        #: Makes the editor that turns fixes of a document into edits, or is None if fixes cannot be made.
        self.editor = editor
        #: Whether most files have nothing to do with specs, so that a file without one is not reported.
        self.is_program = is_program
        #: Whether nearly all fixes can be made, so that they are reported without being proved.
        self.is_markup = is_markup
        #: Whether folders are searched for such files even if the configuration does not include them.
        self.is_searched_for = is_searched_for

    def __repr__(self) -> str:
        return f"<syntax {self.name}>"


def _read_yaml(source: Source) -> list[Document]:
    from algolint.readers import yaml

    documents = yaml.read(source)
    if "create-algorithm" in source.text:
        from algolint.readers import yaml_scripts

        first = max(document.index for document in documents) + 1
        documents += yaml_scripts.read(source, documents, first)
    return documents


JSON = Syntax("json", (".json",), json.read, editor=markup.MarkupEditor, is_markup=True)
YAML = Syntax(
    "yaml",
    (".yaml", ".yml"),
    _read_yaml,
    comments=yaml_comments.comments,
    strings=yaml_comments.scalars,
    editor=markup.MarkupEditor,
    is_markup=True,
)
PYTHON = Syntax(
    "python",
    (".py",),
    python.read,
    comments=python.comments,
    strings=python.strings,
    editor=python_fixes.ProgramEditor,
    is_program=True,
)
TERRAFORM = Syntax(
    "terraform",
    (".tf", ".tofu"),
    terraform.read,
    comments=terraform.comments,
    strings=terraform.strings,
    editor=terraform_fixes.TerraformEditor,
    comments_above=True,
)
SYNTAXES = [
    JSON,
    YAML,
    PYTHON,
    Syntax(
        "notebook",
        (".ipynb",),
        notebook.read,
        comments=python.comments,
        strings=python.strings,
        embedding=notebook_fixes.embedding,
        editor=notebook_fixes.NotebookEditor,
        is_program=True,
    ),
    Syntax(
        "typescript",
        (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"),
        typescript.read,
        comments=typescript.comments,
        strings=typescript.strings,
        editor=typescript_fixes.TypeScriptEditor,
        comment_mark="//",
        comments_above=True,
        is_program=True,
    ),
    Syntax("markdown", (".md", ".markdown"), markdown.read, is_program=True, is_searched_for=False),
    Syntax(
        "shell",
        (".sh", ".bash", ".mk", "makefile"),
        shell.read,
        comments=shell.comments,
        strings=shell.strings,
        comments_above=True,
        is_program=True,
    ),
    TERRAFORM,
]


def syntax_of(source: Source) -> Syntax:
    """Return the syntax of a file by the ending of its name, or else JSON or YAML by its first characters."""
    syntax = named_syntax(source.name)
    if syntax is not None:
        return syntax
    start = source.text.lstrip()[:2]
    return JSON if start[:1] in ("{", "[", "") or start in ("//", "/*") else YAML


def is_terraform_json(name: str) -> bool:
    """Whether a file is Terraform's JSON, whose syntax is JSON."""
    return name.lower().endswith(".tf.json")


def is_searched_for(name: str) -> bool:
    """Whether folders are searched for files with such a name even if the configuration includes none."""
    syntax = named_syntax(name)
    return syntax.is_searched_for if syntax is not None else name.lower().endswith(".template")


def read(source: Source) -> list[Document]:
    """Return the documents of a file. If it is a template or a wrapper, these are the specs inside of it.

    Raises `SourceSyntaxError` and `MissingRequirement`.
    """
    documents = syntax_of(source).read(source)
    if is_terraform_json(source.name):
        from algolint.readers import terraform_json

        return terraform_json.expanded(documents)
    if any(isinstance(document.spec, dict) and "Resources" in document.spec for document in documents):
        from algolint.readers import cloudformation

        documents = cloudformation.expanded(documents)
    if any(document.shape is None and not recognition.shape_of(document.spec) for document in documents):
        from algolint.readers import embedded

        return embedded.expanded(documents)
    return documents


# The endings of templates, behind the ending of the JSON or YAML that they become.
_OF_TEMPLATES = frozenset(("gotmpl", "j2", "jinja", "jinja2", "tftpl", "tmpl", "tpl"))


def named_syntax(name: str) -> Syntax | None:
    """Return the syntax of a file by the ending of its name, or None."""
    syntax = _of_ending(name)
    if syntax is None:
        rendered, _, ending = name.rpartition(".")
        if ending.lower() in _OF_TEMPLATES:
            syntax = _of_ending(rendered)
            return syntax if syntax is not None and syntax.is_markup else None
    return syntax


def _of_ending(name: str) -> Syntax | None:
    ending = name[max(name.rfind("."), 0) :]
    if ending not in _by_ending:
        lower = ending.lower()
        found = next((syntax for syntax in SYNTAXES if lower.endswith(syntax.endings)), None)
        keep(_by_ending, ending, found)
    return _by_ending.get(ending)


# The syntax for each ending, kept for the many files of a folder.
_by_ending: dict[str, Syntax | None] = {}


def may_hold_spec(name: str, text: Container[str]) -> bool:
    """Whether a file of a folder is worth reading, that is, its text contains the words of a spec."""
    syntax = named_syntax(name)
    if syntax is not None and syntax.is_program:
        return recognition.may_hold_literals(text)
    return recognition.may_hold_spec(text)


def may_hold_job(name: str, text: Container[str]) -> bool:
    """Whether a file is worth reading for requests that use an algorithm."""
    return recognition.may_send_job(text) if _sends_jobs(name) else recognition.may_hold_job(text)


def _sends_jobs(name: str) -> bool:
    syntax = named_syntax(name)
    return not (syntax is None or syntax.is_markup) or is_terraform_json(name)


def may_hold_any(name: str, data: bytes) -> bool:
    """Whether `may_hold_spec` or `may_hold_job` may be true. This is quick, and false for most files."""
    syntax = named_syntax(name)
    if syntax is not None and syntax.is_program:
        search = word_search.PROGRAMS
    elif _sends_jobs(name):
        search = word_search.TERRAFORM
    else:
        search = word_search.DOCUMENTS
    return search.may_find(data)


def is_unrelated(source: Source) -> bool:
    """Whether a file is a program without any word of a spec, for which nothing is reported."""
    return syntax_of(source).is_program and not recognition.may_hold_literals(source.text)
