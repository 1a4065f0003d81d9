"""Binding partly known texts: reporting what is wrong with them whatever the unknown parts are."""

from __future__ import annotations

from algolint.aws.patterns import may_match
from algolint.spec.placeholders import (
    ADDRESSES,
    HOLD_ACCOUNTS,
    example_in,
    is_placeholder,
    without_masks,
)
from algolint.spec.structural_rules import (
    INSTANCE_ROLES,
    instance_wrong_role,
    newer_than_target,
    pattern_mismatch,
    placeholder_left_in,
    string_length,
    unknown_instance_type,
    unknown_value,
)
from algolint.values import UNKNOWN, PartialText, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.aws.model import Model, Shape
    from algolint.rule import Finding

_ANYTHING = (None, r"[\S\s]*", r"[\S\s]+")
_NUMBER = r"[\s\d+\-.eE_,]*"


def bind_text(
    text: PartialText, shape: Shape, field: str, model: Model, extra: frozenset[str], findings: list[Finding]
) -> Unknown:
    """Return the text of a string field as the rules see it, and add what is certainly wrong to `findings`.

    A mask such as `<account>` is reported as a placeholder, and unknown to the rules.
    """
    if shape.enum is not None:
        return _bind_enum(text, shape, field, model, extra, findings)
    if shape.name in ADDRESSES and any(is_placeholder(piece, shape.name) for piece in text.pieces):
        findings.append(placeholder_left_in(text))
        seen = without_masks(text, shape.name)
        if not isinstance(seen, PartialText):
            return UNKNOWN
        text = seen
    if shape.name in HOLD_ACCOUNTS and (example := example_in(text)):
        findings.append(placeholder_left_in(text, example))
    if shape.max is not None and text.least_length > shape.max:
        findings.append(string_length(text, shape, field))
    elif shape.pattern not in _ANYTHING and not may_match(str(shape.pattern), text):
        findings.append(pattern_mismatch(text, shape, field))
    return text


def may_be_number(text: PartialText) -> bool:
    """Whether some value of the unknown parts makes the text a number."""
    return may_match(_NUMBER, text)


def _bind_enum(
    text: PartialText, shape: Shape, field: str, model: Model, extra: frozenset[str], findings: list[Finding]
) -> Unknown:
    if any(map(text.could_be, (*(shape.enum or ()), *extra))):
        return text
    later = [value for value in shape.later if text.could_be(value)]
    roles = {role: model.shape(role) for role in INSTANCE_ROLES}
    fitting = [name for name, role in roles.items() if any(map(text.could_be, role.enum or ()))]
    if later:
        since = min((model.since(shape.later[value]) for value in later), key=lambda revision: revision.date)
        findings.append(newer_than_target(text.written, since, model.revision))
    elif shape.name not in INSTANCE_ROLES:
        rule, problem = unknown_value(text.written, shape, field)
        problem.fix = None
        findings.append((rule, problem))
    elif fitting:
        findings.append(instance_wrong_role(text, shape, fitting, model.revision))
    else:
        known = [name for role in roles.values() for name in (*(role.enum or ()), *role.later)]
        findings.append(unknown_instance_type(text, shape, known, is_pinned=not model.is_latest))
    return UNKNOWN
