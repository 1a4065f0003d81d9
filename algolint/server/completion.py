"""Completion: missing fields with a skeleton, values that the API accepts, and names from the spec itself."""

from __future__ import annotations

import json
import re

from algolint.aws.descriptions import about
from algolint.fixes.layout import is_plain
from algolint.readers.terraform_names import LISTS, provider_name
from algolint.server import names
from algolint.server.tokens import quoted
from algolint.server.tree import LIST
from algolint.spec.context import TERRAFORM
from algolint.spec.json_schema import EXAMPLES
from algolint.syntaxes import PYTHON, YAML
from algolint.syntaxes import TERRAFORM as TERRAFORM_SYNTAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from algolint.aws.model import Model, Shape
    from algolint.server.cursor import Cursor
    from algolint.server.tree import Node, Path, Place, SpecTree
    from algolint.source import Span
    from algolint.syntaxes import Syntax

    Json: TypeAlias = dict[str, Any]

_PROPERTY, _VALUE, _REFERENCE, _MEMBER = 10, 12, 18, 20
_SNIPPET, _ADJUST_INDENTATION = 2, 2
# Skeletons have required fields down to this depth.
_MAX_DEPTH = 8
# The most choices in a snippet; longer enums are completed later.
_MAX_CHOICES = 12


class Offer:
    """A value to offer, and where it comes from."""

    __slots__ = ("detail", "kind", "rank", "value")

    def __init__(self, value: Any, detail: str, kind: int = _VALUE, rank: int = 1) -> None:
        self.value = value
        self.detail = detail
        self.kind = kind
        #: Lower ones come first.
        self.rank = rank


def items(cursor: Cursor, ranged: Callable[[Span], Json], with_snippets: bool) -> list[Json]:
    """Return the completion items at the cursor; `ranged` returns the client's range of a span."""
    holder = cursor.spec.place(cursor.holder)
    place = cursor.spec.place(cursor.node)
    writer = _Writer(cursor, ranged, with_snippets)
    model = cursor.spec.model
    if cursor.is_key:
        return [*_keys(cursor, holder, cursor.holder, writer)] if holder is not None else []
    if place is None:
        return []
    if model.shape(place.shape).type in ("structure", "map"):
        if cursor.syntax is YAML and not cursor.quote:
            # The text being typed is the first key of an object.
            return [*_keys(cursor, place, cursor.node, writer)]
        return []
    taken = {
        sibling.value
        for sibling in (cursor.holder.children if cursor.holder.kind == LIST else ())
        if sibling is not cursor.node
    }
    found: dict[Any, Offer] = {}
    for offer in _values(place):
        if offer.value not in taken:
            found.setdefault(offer.value, offer)
    return [writer.value(offer, number) for number, offer in enumerate(found.values())]


def _keys(cursor: Cursor, place: Place, node: Node, writer: _Writer) -> Iterator[Json]:
    """Yield the fields that an object does not have yet, required ones first."""
    shape = cursor.spec.model.shape(place.shape)
    present = {child.key for child in node.children if child is not cursor.node}
    if shape.type == "map":
        for number, name in enumerate(names.declared(cursor.spec, names.HYPERPARAMETER)):
            if shape.name == "HyperParameters" and name not in present:
                yield writer.key(name, number, "declared hyperparameter", "", None)
        return
    fields = cursor.spec.fields(shape).items()
    for number, (name, below) in enumerate(fields):
        if name not in present or writer.may_repeat(name):
            is_required = name in shape.required
            yield writer.key(
                writer.spelled(name),
                number if is_required else number + 500,
                _kind_of(cursor.spec.model.shape(below), is_required),
                about(shape.name, name, below),
                below,
            )


def _kind_of(shape: Shape, is_required: bool) -> str:
    kind = {"structure": "object", "map": "object"}.get(shape.type, shape.type)
    return f"{kind}, required" if is_required else kind


# ---------------------------------------------------------------- values


def _values(place: Place) -> Iterator[Offer]:
    """Yield the possible values of a place, likely ones first."""
    shape = place.spec.model.shape(place.shape)
    yield from _of_spec(place)
    if shape.type == "boolean":
        yield from (Offer(value, "boolean", _MEMBER) for value in (True, False))
    for value in shape.enum or ():
        yield Offer(value, shape.name, _MEMBER, 2)
    for value in EXAMPLES.get(shape.name, ()):
        yield Offer(value, "example", _VALUE, 3)


def _of_spec(place: Place) -> Iterator[Offer]:
    """Yield values from the spec itself: declared names and supported types."""
    spec, node = place.spec, place.node
    training, inference = spec.training(), spec.inference()
    parent = node.parent
    field = node.key if isinstance(node.key, str) else parent.key if parent is not None else None
    holder = place.holder.name if place.holder is not None else ""
    match holder, field:
        case "HyperParameterTuningJobObjective", "MetricName":
            yield from _names(place, names.METRIC, "metric of MetricDefinitions")
        case "Channel", "ChannelName":
            used = {item.text("ChannelName") for item in _siblings(parent)}
            yield from (
                offer
                for offer in _names(place, names.CHANNEL, "channel of TrainingChannels")
                if offer.value not in used
            )
        case "Channel", "ContentType" | "CompressionType" | "InputMode":
            yield from _of_channel(place, f"Supported{field}s")
        case "InstanceGroupNames", _ if spec.is_job:
            groups = spec.root.items("ResourceConfig", "InstanceGroups")
            yield from _fields(groups, "InstanceGroupName", "group of InstanceGroups")
        case "InstanceGroupNames", _:
            profile = next((n for n in node.ancestors() if n.get("TrainingJobDefinition")), None)
            yield from _names(place, names.GROUP, "group of InstanceGroups", profile)
        case "HyperParameters", str(name):
            yield from _of_hyperparameter(spec, name)
        case "HyperParameterSpecification", "DefaultValue":
            yield from _categories(parent, "category of the Range")
        case "IntegerParameterRange" | "ContinuousParameterRange" | "CategoricalParameterRange", "Name":
            kind = holder.removesuffix("ParameterRange")
            tunable = [one for one in _hyperparameters(spec) if one.text("Type") == kind and _is_tunable(one)]
            yield from _fields(tunable, "Name", f"{kind} hyperparameter that may be searched")
        case "IntegerParameterRange" | "ContinuousParameterRange", "MinValue" | "MaxValue":
            yield from _of_hyperparameter(spec, (parent and parent.text("Name")) or "", (field,))
        case "ParameterValues", _:
            searched = parent.parent if parent is not None else None
            yield from _of_hyperparameter(spec, (searched and searched.text("Name")) or "")
        case (
            "ResourceConfig" | "InstanceGroup" | "InstancePreference" | "HyperParameterTuningInstanceConfig",
            "InstanceType",
        ) if training:
            yield from _supported(training, "SupportedTrainingInstanceTypes")
        case "TransformResources", "InstanceType" if inference:
            yield from _supported(inference, "SupportedTransformInstanceTypes")
        case "TransformInput", "ContentType" if inference:
            yield from _supported(inference, "SupportedContentTypes")
        case "TransformOutput", "Accept" if inference:
            yield from _supported(inference, "SupportedResponseMIMETypes")


def _names(place: Place, kind: str, detail: str, scope: Node | None = None) -> Iterator[Offer]:
    for name in names.declared(place.spec, kind, scope):
        yield Offer(name, detail, _REFERENCE, 0)


def _siblings(item: Node | None) -> list[Node]:
    """Return the other items of an item's list."""
    if item is None or item.parent is None or item.parent.kind != LIST:
        return []
    return [node for node in item.parent.children if node is not item]


def _supported(holder: Node, field: str) -> Iterator[Offer]:
    for node in holder.items(field):
        if isinstance(node.value, str):
            yield Offer(node.value, f"listed in {field}", _REFERENCE, 0)


def _of_channel(place: Place, field: str) -> Iterator[Offer]:
    """Yield what the algorithm's channel with the name of a job's channel supports."""
    training, parent = place.spec.training(), place.node.parent
    name = parent.text("ChannelName") if parent is not None else None
    for channel in training.items("TrainingChannels") if training is not None else ():
        if name is not None and channel.text("Name") == name:
            yield from _supported(channel, field)


def _fields(items: list[Node], field: str, detail: str) -> Iterator[Offer]:
    """Yield the value of a field in each item."""
    for item in items:
        if name := item.text(field):
            yield Offer(name, detail, _REFERENCE, 0)


def _hyperparameters(spec: SpecTree) -> list[Node]:
    training = spec.training()
    return training.items("SupportedHyperParameters") if training is not None else []


def _is_tunable(declaration: Node) -> bool:
    node = declaration.get("IsTunable")
    return node is None or node.value is not False


_BOUNDS = {"MinValue": "lower bound", "MaxValue": "upper bound"}


def _of_hyperparameter(spec: SpecTree, name: str, bounds: Iterable[str] = _BOUNDS) -> Iterator[Offer]:
    """Yield values for a hyperparameter: its categories, default and bounds."""
    for declaration in _hyperparameters(spec):
        if declaration.text("Name") != name:
            continue
        yield from _categories(declaration, f"category of {name}")
        places: list[tuple[Path, str]] = [(("DefaultValue",), "default")] if bounds is _BOUNDS else []
        for kind in ("Integer", "Continuous"):
            range_ = ("Range", f"{kind}ParameterRangeSpecification")
            places += (((*range_, bound), _BOUNDS[bound]) for bound in bounds)
        for path, detail in places:
            node = declaration.get(*path)
            if node is not None and node.value is not None:
                yield Offer(str(node.value), f"{detail} of {name}", _VALUE, 0)


def _categories(declaration: Node | None, detail: str) -> Iterator[Offer]:
    path = ("Range", "CategoricalParameterRangeSpecification", "Values")
    for node in declaration.items(*path) if declaration is not None else ():
        if node.value is not None:
            yield Offer(str(node.value), detail, _REFERENCE, 0)


# ---------------------------------------------------------------- writing

_PLAIN = re.compile(r"[A-Za-z_./][\w./+-]*(?: [\w./+-]+)*")
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*")


class _Writer:
    """Writes completion items in the syntax and style of the text."""

    def __init__(self, cursor: Cursor, ranged: Callable[[Span], Json], with_snippets: bool) -> None:
        self._cursor = cursor
        self._where = ranged(cursor.span)
        self._with_snippets = with_snippets
        model, target = cursor.spec.model, cursor.target
        self._skeleton = _TerraformSkeleton(model, target) if target else _Skeleton(model, cursor.syntax)

    def spelled(self, field: str) -> str:
        """Return the name of a field in the text's syntax."""
        return provider_name(field) if self._cursor.target else field

    def may_repeat(self, field: str) -> bool:
        """Whether an object may repeat a field: in Terraform, blocks are the items of a list."""
        return self._cursor.target == TERRAFORM and field in LISTS - {"Tags"}

    def value(self, offer: Offer, number: int) -> Json:
        """Return the completion item for a value."""
        text = self._token(offer.value)
        label = offer.value if isinstance(offer.value, str) else text
        return self._item(label, text, offer.kind, f"{offer.rank}{number:04}", offer.detail)

    def key(self, name: str, number: int, detail: str, text: str, shape: str | None) -> Json:
        """Return the completion item for a field, with a skeleton of its value's shape."""
        cursor = self._cursor
        is_bare = cursor.is_argument or (cursor.target and not cursor.quote and _PLAIN_KEY.fullmatch(name))
        key = name if is_bare else self._token(name)
        item = self._item(name, key, _PROPERTY, f"{number:05}", detail)
        if text:
            item["documentation"] = text
        if cursor.has_separator:
            return item
        value = self._skeleton.of(shape) if shape is not None else self._skeleton.text()
        separator = "=" if cursor.is_argument else self._skeleton.separator(shape, value)
        snippet = f"{_escaped(key)}{separator}{value}{self._comma()}"
        item["insertTextMode"] = _ADJUST_INDENTATION
        if self._with_snippets:
            item["textEdit"]["newText"] = _numbered(snippet)
            item["insertTextFormat"] = _SNIPPET
        else:
            item["textEdit"]["newText"] = _without_stops(snippet)
        return item

    def _item(self, label: str, text: str, kind: int, order: str, detail: str) -> Json:
        item = {
            "label": label,
            "kind": kind,
            "detail": detail,
            "sortText": order,
            # Clients compare it with the replaced text.
            "filterText": text if self._cursor.quote else label,
            "textEdit": {"range": self._where, "newText": text},
        }
        if text != label and not self._cursor.quote:
            # For clients that ignore textEdit, such as jupyterlab-lsp.
            item["insertText"] = text
        return item

    def _comma(self) -> str:
        """Return the comma that is needed before the next entry of an object, or an empty string."""
        cursor = self._cursor
        after = cursor.text[cursor.span[1] :].lstrip()
        if cursor.syntax in (YAML, TERRAFORM_SYNTAX) or not after:
            return ""
        return "," if after[0] in "\"'" or (cursor.is_argument and after[0].isalpha()) else ""

    def _token(self, value: Any) -> str:
        """Return a value in the text's syntax."""
        cursor = self._cursor
        if not isinstance(value, str):
            return str(value) if cursor.syntax is PYTHON else json.dumps(value)
        if cursor.syntax is YAML and not cursor.quote and _PLAIN.fullmatch(value) and is_plain(value):
            return value
        return quoted(value, cursor.quote or '"', cursor.syntax)


class _Skeleton:
    """Writes skeletons: the required fields of values, with tab stops for what is to be filled in.

    Tab stops are marked by control characters until the signs of the snippet syntax in the text are escaped.
    """

    def __init__(self, model: Model, syntax: Syntax) -> None:
        self._model = model
        self._is_yaml = syntax is YAML
        self._booleans = ("True", "False") if syntax is PYTHON else ("true", "false")
        self._indent = " " * (4 if syntax is PYTHON else 2)
        self._between = ",\n"

    def separator(self, shape: str | None, value: str) -> str:  # noqa: ARG002
        """Return the separator between a key and its value of a shape."""
        return ":" if value.startswith("\n") else ": "

    def text(self) -> str:
        """Return the skeleton of a text."""
        return f'"{_STOP}"'

    def of(self, name: str, depth: int = 0) -> str:
        """Return the skeleton of a shape; in YAML it begins with a line break if it has several lines."""
        shape = self._model.shape(name)
        match shape.type:
            case "structure" | "map" | "list" if depth >= _MAX_DEPTH:
                return "[]" if shape.type == "list" else "{}"
            case "structure":
                return self._structure(shape, depth)
            case "list":
                return self._list(shape, depth)
            case "map":
                return self._block("{", [], "}")
            case "boolean":
                return _choice(self._booleans)
            case "string" if shape.enum is not None and len(shape.enum) <= _MAX_CHOICES:
                choice = _choice(shape.enum)
                return choice if self._is_yaml else f'"{choice}"'
            case "string":
                return _STOP if self._is_yaml else self.text()
            case _:
                return _STOP

    def _structure(self, shape: Shape, depth: int) -> str:
        required = [name for name in shape.required if name not in shape.read_only]
        if not required and self._is_yaml:
            return f"\n  {_STOP}"
        lines = []
        for name in required:
            below = shape.members[name]
            value = self.of(below, depth + 1)
            lines.append(f"{self._key(name)}{self.separator(below, value)}{value}")
        return self._block("{", lines, "}")

    def _key(self, name: str) -> str:
        return name if self._is_yaml else json.dumps(name)

    def _list(self, shape: Shape, depth: int) -> str:
        item = self.of(shape.item, depth + 1)
        if not self._is_yaml:
            return f"[{item}]" if "\n" not in item else self._block("[", [item], "]")
        # The first line of an item goes after its dash.
        first = item.lstrip("\n").removeprefix("  ")
        return f"\n  - {first}".replace("\n", "\n  ").replace("\n    - ", "\n  - ", 1)

    def _block(self, opening: str, lines: list[str], closing: str) -> str:
        if not self._is_yaml:
            inner = self._between.join(lines) or _STOP
            indented = inner.replace("\n", f"\n{self._indent}")
            return f"{opening}\n{self._indent}{indented}\n{closing}"
        if not lines:
            return f"\n  {_STOP}"
        indented = "\n".join(lines).replace("\n", "\n  ")
        return f"\n  {indented}"


class _TerraformSkeleton(_Skeleton):
    """Writes skeletons of a resource's arguments: blocks in provider aws, objects in awscc."""

    def __init__(self, model: Model, target: str) -> None:
        super().__init__(model, TERRAFORM_SYNTAX)
        self._has_blocks = target == TERRAFORM
        self._between = "\n"

    def of(self, name: str, depth: int = 0) -> str:
        shape = self._model.shape(name)
        if self._has_blocks and shape.name == "TagList":
            return self._block("{", [], "}")
        # A block is one item of its list.
        return super().of(shape.item if self._is_block(shape) and shape.type == "list" else name, depth)

    def separator(self, shape: str | None, value: str) -> str:  # noqa: ARG002
        is_block = shape is not None and self._is_block(self._model.shape(shape))
        return " " if is_block else " = "

    def _is_block(self, shape: Shape) -> bool:
        if shape.type == "list" and shape.name != "TagList":
            shape = self._model.shape(shape.item)
        return self._has_blocks and shape.type == "structure"

    def _key(self, name: str) -> str:
        return provider_name(name)


_STOP, _CHOICES, _END = "\x01", "\x02", "\x03"


def _choice(values: tuple[str, ...]) -> str:
    return f"{_CHOICES}{','.join(values)}{_END}"


def _escaped(text: str) -> str:
    """Return a text with the signs of the snippet syntax escaped."""
    return re.sub(r"([\\$}])", r"\\\1", text)


def _numbered(skeleton: str) -> str:
    """Return the snippet of a skeleton, with its tab stops numbered in order."""
    number = 0

    def stop(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return f"${{{number}|{match[1]}|}}" if match[1] else f"${number}"

    return re.sub(f"{_STOP}|{_CHOICES}([^{_END}]*){_END}", stop, skeleton)


def _without_stops(skeleton: str) -> str:
    """Return a skeleton as plain text, with the first of each list of choices."""
    text = re.sub(f"{_CHOICES}([^,{_END}]*)[^{_END}]*{_END}", r"\1", skeleton).replace(_STOP, "")
    return re.sub(r"\\([\\$}])", r"\1", text)
