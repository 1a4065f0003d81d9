"""Hover: documentation of fields, facts of instance types, lines that a Regex reads, pages of rules."""

from __future__ import annotations

from importlib import import_module

from algolint.aws import instances
from algolint.aws.descriptions import about
from algolint.aws.notation import instance_family, instance_size
from algolint.messages import escaped, shown
from algolint.reports import pages
from algolint.server.tree import node_at
from algolint.source import SourceSyntaxError
from algolint.spec.json_schema import limits_in_words
from algolint.spec.structural_rules import FORMS
from algolint.suppression.directives import MARK, directives
from algolint.syntaxes import syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.aws.model import Shape
    from algolint.rule import Rule
    from algolint.server.tree import Node, Place, SpecTree
    from algolint.source import Source, Span

# How many values of an enum are listed; instance types have hundreds.
_MAX_LISTED = 16
_LONGEST_PATTERN = 2000


def at(
    source: Source, offset: int, specs: Iterable[SpecTree], rules: dict[str, Rule]
) -> tuple[str, Span] | None:
    """Return the Markdown to show at an offset of a text and the span that it is about, or None.

    `specs` are the specs and jobs in the text.
    """
    found = _rule_at(source, offset, rules)
    if found is not None:
        return found
    for spec in specs:
        node = node_at(spec.root, offset)
        place = spec.place(node[0]) if node is not None else None
        if node is not None and place is not None and node[0] is not spec.root:
            span = node[0].key_span if node[1] else node[0].span
            return text_of(place, node[1]), span or node[0].span
    return None


def _rule_at(source: Source, offset: int, rules: dict[str, Rule]) -> tuple[str, Span] | None:
    """Return the page of the rule at an offset in a suppression comment, or None."""
    if MARK not in source.text or syntax_of(source).embedding is not None:
        return None
    try:
        names = [name for directive in directives(source) for name in directive.names]
    except SourceSyntaxError:
        return None
    for name in names:
        if name.span[0] <= offset <= name.span[1] and name.text in rules:
            rule = rules[name.text]
            return f"**{rule.name}**\n\n{pages.markdown_page(rule)}", name.span
    return None


def text_of(place: Place, is_key: bool) -> str:
    """Return the Markdown about a place; empty if there is nothing to show."""
    parts = [_declaration(place), _field(place)]
    value = place.node.value
    if not is_key and isinstance(value, str):
        if place.shape.endswith("InstanceType"):
            parts.insert(0, instance(value))
        elif place.shape == "MetricRegex":
            parts.insert(0, regex(value))
    return "\n\n".join(part for part in parts if part)


def _declaration(place: Place) -> str:
    """Return the algorithm's declaration of a place's hyperparameter; empty if there is none."""
    holder = place.holder.name if place.holder is not None else ""
    if holder == "HyperParameters":
        name = place.node.key
    elif holder.endswith("ParameterRange") and place.node.key == "Name":
        name = place.node.value
    else:
        return ""
    training = place.spec.training()
    for declaration in training.items("SupportedHyperParameters") if training is not None else ():
        if declaration.text("Name") == name:
            return f"**{escaped(str(name))}** is declared as {', '.join(_facts(declaration))}"
    return ""


def _facts(declaration: Node) -> Iterator[str]:
    """Yield the declared properties of a hyperparameter, each in a few words."""
    yield escaped(declaration.text("Type") or "of an unknown Type")
    for kind in ("Integer", "Continuous"):
        bounds = [declaration.get("Range", f"{kind}ParameterRangeSpecification", b) for b in _BOUNDS]
        low, high = ("…" if node is None else escaped(str(node.value)) for node in bounds)
        if any(bounds):
            yield f"{low} to {high}"
    values = declaration.items("Range", "CategoricalParameterRangeSpecification", "Values")
    if values:
        yield "one of " + ", ".join(f"`{escaped(str(node.value))}`" for node in values[:_MAX_LISTED])
    for field, words in (("IsRequired", "required"), ("IsTunable", "tunable")):
        node = declaration.get(field)
        if node is not None and node.value is True:
            yield words
    default = declaration.get("DefaultValue")
    if default is not None and default.value is not None:
        yield f"default `{escaped(str(default.value))}`"


_BOUNDS = ("MinValue", "MaxValue")


def _field(place: Place) -> str:
    """Return the description of a field: its type, documentation, limits, and the revision that added it."""
    model = place.spec.model
    shape, node = model.shape(place.shape), place.node
    name = node.key if isinstance(node.key, str) else place.shape
    holder = place.holder.name if place.holder is not None else ""
    lines = [f"**{escaped(str(name))}**: {_type_of(place, shape)}"]
    text = about(holder, str(name), place.shape) if place.field is not None else about("", "", place.shape)
    lines += [text] if text else []
    lines += _limits(shape)
    if place.holder is not None and place.field in place.holder.since:
        lines.append(f"Since {model.since(place.holder.since[place.field])}.")
    return "\n\n".join(lines)


def _type_of(place: Place, shape: Shape) -> str:
    if shape.type == "list":
        kind = f"list of {place.spec.model.shape(shape.item).name}"
    else:
        kind = {"structure": "object", "map": "object of texts"}.get(shape.type, shape.type)
    if place.holder is None or place.field is None:
        return kind
    return f"{kind}, {'required' if place.field in place.holder.required else 'optional'}"


def _limits(shape: Shape) -> Iterator[str]:
    form = FORMS.get(shape.name)
    if form:
        yield f"{form[0].upper()}{form[1:]}."
    if words := limits_in_words(shape):
        yield words
    if shape.enum is not None:
        listed = ", ".join(f"`{value}`" for value in shape.enum[:_MAX_LISTED])
        more = len(shape.enum) - _MAX_LISTED
        yield f"One of {listed}{f' and {more} more' if more > 0 else ''}."


# ---------------------------------------------------------------- values


def instance(name: str) -> str:
    """Return the Markdown about an instance type; empty if it is not known."""
    facts = facts_of(name)
    return f"**{escaped(name)}**: {facts}" if facts else ""


def facts_of(name: str) -> str:
    """Return the facts about an instance type in one line; empty if it is not known."""
    family, size = instance_family(name), instance_size(name)
    row = instances.sizes_of(family).get(size)
    if row is None:
        return ""
    cpus, devices, storage = row
    facts = [f"{cpus} vCPUs ({instances.architecture(name)})"]
    if devices:
        facts.append(f"{devices} × {instances.GPUS.get(family) or instances.NEURON[family]}")
    facts.append(f"{storage:,} GB of local NVMe" if storage else "storage on EBS")
    if instances.is_expensive(name):
        facts.append("tens of dollars an hour")
    return ", ".join(facts)


def regex(pattern: str) -> str:
    """Return the Markdown with a log line that a metric's Regex reads; empty if there is nothing to show."""
    if len(pattern) > _LONGEST_PATTERN:
        return ""
    lines = import_module("algolint_rules._regex_lines")
    line = lines.Comparison().line_read_by(pattern, pattern)
    if line is None:
        return f"No line is known that {shown(pattern)} reads a number from."
    return f"Reads the number of a line such as\n\n```\n{escaped(line)}\n```"
