"""Finding the key or value at the cursor in a half-typed text, and its spec."""

from __future__ import annotations

from algolint.aws.model import REQUEST
from algolint.jobs import reading
from algolint.server import tree
from algolint.server.half_typed import read_json, read_yaml
from algolint.server.half_typed_python import read_python
from algolint.server.half_typed_terraform import read_terraform
from algolint.server.tree import MARK, Call, Node, Resource
from algolint.source import SourceSyntaxError, UnreadableSource
from algolint.spec import recognition
from algolint.syntaxes import JSON, PYTHON, TERRAFORM, YAML, read, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.aws.model import Model
    from algolint.server.jobs import Lookup
    from algolint.server.tree import SpecTree
    from algolint.source import Source, Span


class Cursor:
    """The key or value of a spec at the cursor."""

    __slots__ = ("is_key", "node", "quote", "span", "spec", "syntax", "text")

    def __init__(self, spec: SpecTree, node: Node, is_key: bool, span: Span, source: Source) -> None:
        self.spec = spec
        self.node = node
        self.is_key = is_key
        #: The span of the token being typed, including quotes; empty if there is none yet.
        self.span = span
        self.text = source.text
        token = source.text[span[0] : span[1]]
        self.quote = token[0] if token[:1] in ('"', "'") else ""
        #: JSON, YAML, Python or Terraform.
        self.syntax = syntax_of(source)

    @property
    def holder(self) -> Node:
        """The object or list with the key or value."""
        return self.node.parent or self.node

    @property
    def is_argument(self) -> bool:
        """Whether the key is the name of a call's argument."""
        return self.is_key and isinstance(self.holder, Call)

    @property
    def has_separator(self) -> bool:
        """Whether the separator between key and value is already there, or cannot follow."""
        if self.syntax is PYTHON and self.text[: self.span[0]].rstrip().endswith("["):
            return True
        after = self.text[self.span[1] :].lstrip(" \t")[:1]
        if self.syntax is TERRAFORM:
            return after in ("=", ":", "{")
        return after == ("=" if self.is_argument else ":")

    @property
    def target(self) -> str:
        """The `Document.target` of a Terraform resource; empty for other specs."""
        return self.spec.root.target if isinstance(self.spec.root, Resource) else ""


def cursor_at(source: Source, offset: int, model: Model, jobs: Lookup | None = None) -> Cursor | None:
    """Return the cursor at an offset of a text, or None if it is not at a key or value of a spec."""
    if syntax_of(source) not in (JSON, YAML, PYTHON, TERRAFORM) or MARK in source.text:
        return None
    text = f"{source.text[:offset]}{MARK}{source.text[offset:]}"
    found = [cursor for root in _roots(text, source) if (cursor := _marked(root, source, model, jobs))]
    # A part of a request may be in a variable, and be recognized on its own too.
    return max(found, key=lambda cursor: cursor.spec.shape == REQUEST or cursor.spec.is_job, default=None)


def _marked(root: Node, source: Source, model: Model, jobs: Lookup | None) -> Cursor | None:
    """Return the cursor at the mark below a node, if it is in a spec."""
    for node in root.walk():
        is_key = isinstance(node.key, str) and MARK in node.key
        is_value = isinstance(node.value, str) and MARK in node.value
        span = node.key_span if is_key else node.span
        if not (is_key or is_value) or span is None:
            continue
        for spec in tree.specs_in(root, model, _is_begun(source), jobs):
            if spec.root in node.ancestors():
                return Cursor(spec, node, is_key, (span[0], span[1] - 1), source)
    return None


def specs(source: Source, model: Model, jobs: Lookup | None = None) -> list[SpecTree]:
    """Return the specs and jobs of a text, which may be half typed if it is JSON or YAML."""
    if syntax_of(source) in (JSON, YAML):
        roots = _roots(source.text, source)
        return [spec for root in roots for spec in tree.specs_in(root, model, False, jobs)]
    try:
        documents = read(source)
        requests = reading.read(source) if jobs is not None and recognition.may_send_job(source.text) else []
    except (SourceSyntaxError, UnreadableSource):
        return []
    found = [spec for document in documents if (spec := tree.of_document(document, model)) is not None]
    if jobs is not None:
        made = (tree.of_document(document, jobs.model) for document in requests)
        found += (jobs.job(job.root, job.shape) for job in made if job is not None)
    return found


def _roots(text: str, source: Source) -> list[Node]:
    """Return the values of a text that may be specs."""
    syntax = syntax_of(source)
    if syntax is JSON:
        return [read_json(text)]
    if syntax is YAML:
        return read_yaml(text)
    if syntax is TERRAFORM:
        return [*read_terraform(text)]
    is_wanted = recognition.may_hold_literals(text) or recognition.may_send_job(text)
    return read_python(text) if is_wanted else []


def _is_begun(source: Source) -> bool:
    """Whether a text without a recognized spec is going to be one, judged by its name or a field."""
    if syntax_of(source) in (PYTHON, TERRAFORM):
        return False
    name = source.name.rpartition("/")[2].lower()
    return "algorithm" in name or recognition.may_hold_spec(source.text)
