"""Binding a spec to the model: checking its structure, and preparing the values that the rules see.

`Binder.bind` compares a spec with the shapes of one revision. A value of the wrong type or outside an enum
becomes `UNKNOWN` in the bound spec, so that one mistake is one finding. A value that only breaks a length, a
limit or a pattern stays visible to the rules.
"""

from __future__ import annotations

from algolint import limits
from algolint.aws.model import OPERATIONS, REQUEST
from algolint.aws.patterns import LONGEST_MATCHED, matches, quick_test
from algolint.lazy_module import LazyModule
from algolint.messages import nearest, shown
from algolint.rule import Replace
from algolint.spec.placeholders import (
    ADDRESSES,
    HOLD_ACCOUNTS,
    NAMES,
    NEVER_TEMPLATES,
    example_in,
    is_placeholder,
    is_template,
    template_text,
    without_masks,
)
from algolint.values import MAYBE, UNKNOWN, OpenDict, OpenList, PartialText, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from typing import Any, TypeAlias, TypeGuard

    from algolint.aws.model import Model, Shape
    from algolint.document import Document
    from algolint.readers.yaml_scalars import YamlScalar
    from algolint.rule import Finding, Problem
    from algolint.spec import structural_rules as structural

    Check: TypeAlias = Callable[[Any, "Binding"], Any]
else:
    # Not loaded for a clean file: 2 % of a clean run.
    structural = LazyModule("algolint.spec.structural_rules")

# An object with more keys is not a misspelt request, so no similar names are looked for.
_MAX_SUGGESTED = 200
# Shorter parts of names say little.
_SHORTEST_PART = 3
_NUMBERS = frozenset(("integer", "long", "float", "double"))


class Binding:
    """The state of one call of `Binder.bind`: how the spec was read, and the findings so far.

    A finding's path begins at the value being bound; each level above adds its key in front.
    """

    __slots__ = ("findings", "is_lenient", "is_yaml", "spelled")

    def __init__(self, is_yaml: bool, is_lenient: bool, spelled: Callable[[str], str]) -> None:
        self.is_yaml = is_yaml
        self.is_lenient = is_lenient
        self.spelled = spelled
        self.findings: list[Finding] = []

    def move(self, start: int, key: str | int) -> None:
        """Add a key in front of the paths of the findings from `start` on."""
        moved = self.findings[start:]
        self.findings[start:] = [(rule, problem.under((key,))) for rule, problem in moved]

    def move_to_key(self, start: int) -> None:
        """Make the findings from `start` on findings about the key of their value."""
        moved = self.findings[start:]
        self.findings[start:] = [(rule, problem.about_key()) for rule, problem in moved]


class Binder:
    """Binds specs to the shapes of one revision.

    `extra_instance_types` are names to accept as instance types of every role.
    """

    def __init__(self, model: Model, extra_instance_types: Iterable[str] = ()) -> None:
        self._model = model
        self._extra = frozenset(extra_instance_types)
        # By shape and field, because messages name the field.
        self._checks: dict[tuple[str, str], Check] = {}
        # For each check of text, the texts in which it finds nothing.
        self._clean_texts: dict[Check, Collection[str]] = {}

    def bind(
        self,
        spec: Any,
        shape: str,
        *,
        is_yaml: bool = False,
        is_lenient: bool = False,
        spelled: Callable[[str], str] = str,
    ) -> tuple[Any, list[Finding]]:
        """Return the spec as the rules see it, and what is wrong with its structure.

        `is_yaml`: the spec was read from YAML, where a number in a string field is a plain scalar.
        `is_lenient`: the tool that sends the spec converts between numbers, booleans and text as each field
        requires; the bound spec has the converted values.
        `spelled` returns the name that the spec's own syntax uses for a field.
        """
        binding = Binding(is_yaml, is_lenient, spelled)
        field = OPERATIONS.get(shape, shape)
        bound = self._check(shape, field)(spec, binding)
        if shape == REQUEST and any(rule.name == "unknown-instance-type" for rule, _ in binding.findings):
            from algolint.spec.suggested_types import withhold

            withhold(binding.findings, bound)
        return bound, binding.findings

    def bind_document(self, document: Document, spec: Any, shape: str) -> tuple[Any, list[Finding]]:
        """Bind the spec of a document as its syntax and target require.

        `spec` is the document's spec, or the request in it if it is a response.
        """
        is_yaml, is_lenient = document.syntax == "yaml", bool(document.target)
        return self.bind(spec, shape, is_yaml=is_yaml, is_lenient=is_lenient, spelled=document.spelled)

    def _check(self, name: str, field: str) -> Check:
        """Return the check for values of a shape; `field` is how messages name their position."""
        check = self._checks.get((name, field))
        if check is None:
            check = self._checks[name, field] = self._made_check(name, field)
        return check

    def _check_and_clean(self, name: str, field: str) -> tuple[Check, Collection[str]]:
        """Return the check, and the texts for which it need not be called: half of the values of a spec."""
        check = self._check(name, field)
        return check, self._clean_texts.get(check, ())

    def _made_check(self, name: str, field: str) -> Check:
        shape = self._model.shape(name)
        match shape.type:
            case "structure":
                return self._structure(shape, field)
            case "list":
                return self._list(shape, field)
            case "map":
                return self._map(shape, field)
            case "string":
                return self._string(shape, field)
            case "boolean":
                return _boolean(shape, field)
            case _:
                return _number(shape, field)

    # ------------------------------------------------------------ containers

    def _structure(self, shape: Shape, field: str) -> Check:
        members = shape.members
        required = frozenset(shape.required)
        read_only = shape.read_only
        checks: dict[str, tuple[Check, Collection[str]]] = {}

        def check(value: Any, binding: Binding) -> Any:
            if type(value) is not dict and not isinstance(value, OpenDict):
                return _mistyped(value, shape, field, binding)
            bound = value
            others: list[str] = []
            nulls: list[str] = []
            findings = binding.findings
            before = len(findings)
            for key, item in value.items():
                try:
                    check_item, clean = checks[key]
                except KeyError:
                    if key not in members or key in read_only:
                        others.append(key)
                        continue
                    check_item, clean = checks[key] = self._check_and_clean(members[key], key)
                if type(item) is str and item in clean:
                    continue
                if item is MAYBE:
                    bound = _maybe(bound, value, key, key in required)
                    continue
                seen = check_item(item, binding)
                if seen is not item:
                    bound = _copied(bound, value)
                    bound[key] = seen
                if findings and len(findings) != before:
                    binding.move(before, key)
                    if item is None:
                        nulls.append(key)
                        if key in required:
                            findings[-1] = structural.required_null(findings[-1], key)
                    before = len(findings)
            misspelt: dict[str, str] = {}
            if others:
                bound, misspelt = self._bind_unknown_fields(others, bound, value, shape, field, binding)
            if not required <= bound.keys() and type(bound) is dict:
                absent = [name for name in members if name in required and name not in bound]
                findings += _missing(absent, misspelt, field, binding)
            if misspelt:
                # They are present under misspelt names, so no rule may report them as absent.
                bound |= dict.fromkeys(misspelt, UNKNOWN)
            # The author of a null may have meant to leave the field out.
            return _maybe_all(bound, value, nulls, required) if nulls else bound

        return check

    def _bind_unknown_fields(
        self,
        others: list[str],
        bound: dict[str, Any],
        value: dict[str, Any],
        shape: Shape,
        field: str,
        binding: Binding,
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Report the keys that are not fields of the shape.

        Return the object with their values unknown, and the fields that are misspelt, each with the first
        such key. A key that is a template may be any field, so the object is open in its place.
        """
        misspelt: dict[str, str] = {}
        for key in others[: limits.MAX_UNKNOWN_FIELDS]:
            if is_template(key):
                bound = _opened(bound, value)
                del bound[key]
                continue
            # No shape describes its value.
            finding, meant = self._unknown_field(key, shape, field, value, binding.spelled)
            binding.findings.append(finding)
            if meant is not None and meant not in value:
                misspelt.setdefault(meant, key)
            bound = _copied(bound, value)
            bound[key] = UNKNOWN
        if len(others) > limits.MAX_UNKNOWN_FIELDS:
            binding.findings.append(
                structural.more_unknown_fields(len(others) - limits.MAX_UNKNOWN_FIELDS, field)
            )
        return bound, misspelt

    def _unknown_field(
        self, key: str, shape: Shape, field: str, value: dict[str, Any], spelled: Callable[[str], str]
    ) -> tuple[Finding, str | None]:
        """Return the finding for a key that is not allowed, and the field that was probably meant."""
        if key in shape.later:
            since = self._model.since(shape.later[key])
            return structural.newer_than_target(key, since, self._model.revision, is_key=True), None
        meant = home = None
        if len(value) < _MAX_SUGGESTED and key not in shape.members:
            absent = [name for name in shape.members if name not in value]
            meant = nearest(key, shape.members) or _longer(key, absent)
            home = self._home(key) if meant is None else None
        is_free = meant not in value and meant not in shape.read_only
        finding = structural.unknown_field(
            key, shape, field, spelled, meant=meant, is_free=is_free, home=home
        )
        return finding, meant

    def _home(self, key: str) -> str | None:
        """Return the first shape that has a field of this name."""
        shapes = map(self._model.shape, self._model.names())
        return next((shape.name for shape in shapes if key in shape.members), None)

    def _list(self, shape: Shape, field: str) -> Check:
        check_item, clean = self._check_and_clean(shape.item, f"{field} item")
        low, high = shape.min or 0, shape.max or float("inf")

        def check(value: Any, binding: Binding) -> Any:
            if type(value) is not list and not isinstance(value, OpenList):
                if type(value) is str:
                    return _text_for_list(value, shape, field, binding, check_item)
                return self._other_container(value, shape, field, binding, check)
            findings = binding.findings
            count = len(value)
            if count > high or (count < low and type(value) is list):
                findings.append(structural.item_count(count, shape, field))
            if count > limits.MAX_ITEMS:
                findings.append(structural.items_not_checked(count, limits.MAX_ITEMS, shape))
                value = OpenList(value[: limits.MAX_ITEMS])
            bound = value
            before = len(findings)
            for index, item in enumerate(value):
                if type(item) is str and item in clean:
                    continue
                seen = check_item(item, binding)
                if seen is not item:
                    bound = _copied(bound, value)
                    bound[index] = seen
                if findings and len(findings) != before:
                    _drop_repetition(findings[-1][1], value)
                    binding.move(before, index)
                    before = len(findings)
            return bound

        return check

    def _other_container(self, value: Any, shape: Shape, field: str, binding: Binding, check: Check) -> Any:
        """Report a value in place of a list or a map, with a fix if an object or a list can be made one."""
        finding = _wrong_type(value, shape, field)
        if finding is not None:
            if isinstance(value, (dict, list)):
                from algolint.spec import reshaping

                item = self._model.shape(shape.item or shape.value)
                meant = reshaping.reshaped(value, item)
                trial = Binding(binding.is_yaml, binding.is_lenient, binding.spelled)
                if meant is not None and (check(meant, trial) is not meant or trial.findings):
                    meant = None
                finding = reshaping.explained(finding, shape, item, binding.spelled, meant)
            binding.findings.append(finding)
        return UNKNOWN

    def _map(self, shape: Shape, field: str) -> Check:
        key_check = self._check(shape.key, f"{field} key")
        value_check = self._check(shape.value, f"{field} value")
        low, high = shape.min or 0, shape.max or float("inf")

        def check(value: Any, binding: Binding) -> Any:
            if type(value) is not dict and not isinstance(value, OpenDict):
                return self._other_container(value, shape, field, binding, check)
            findings = binding.findings
            count = len(value)
            if count > high or (count < low and type(value) is dict):
                findings.append(structural.item_count(count, shape, field))
            if count > limits.MAX_ITEMS:
                findings.append(structural.items_not_checked(count, limits.MAX_ITEMS, shape))
                value = OpenDict(list(value.items())[: limits.MAX_ITEMS])
            bound = value
            for key, item in value.items():
                before = len(findings)
                if isinstance(key_check(key, binding), Unknown):
                    bound = _opened(bound, value)
                    del bound[key]
                if findings and len(findings) != before:
                    binding.move_to_key(before)
                seen = UNKNOWN if item is MAYBE else value_check(item, binding)
                if seen is not item and key in bound:
                    bound = _copied(bound, value)
                    bound[key] = seen
                if findings and len(findings) != before:
                    binding.move(before, key)
            return bound

        return check

    # ------------------------------------------------------------ text

    def _string(self, shape: Shape, field: str) -> Check:
        allowed = shape.enum
        may_be_template = shape.name not in NEVER_TEMPLATES
        may_be_placeholder = shape.name in NAMES or shape.name in ADDRESSES
        may_hold_account = shape.name in HOLD_ACCOUNTS
        pattern = None if shape.pattern in (r"[\S\s]*", r"[\S\s]+") else shape.pattern
        passes = quick_test(pattern)
        low, high = shape.min or 0, shape.max or float("inf")
        clean: dict[str, bool] = {}

        def check(value: Any, binding: Binding) -> Any:
            if type(value) is not str:
                if isinstance(value, Unknown):
                    return self._unknown_text(value, shape, field, binding)
                return _odd_string(value, shape, field, binding, check)
            if value in clean:
                return value
            if may_be_template and is_template(value):
                return self._unknown_text(template_text(value), shape, field, binding)
            findings = binding.findings
            if may_be_placeholder and is_placeholder(value, shape.name):
                is_refused = pattern is not None and not _fits(pattern, value)
                findings.append(structural.placeholder_left_in(value, is_refused=is_refused))
                return self._unknown_text(without_masks(value, shape.name), shape, field, binding)
            if allowed is not None:
                if value in allowed:
                    limits.keep(clean, value)
                    return value
                return self._outside_enum(value, shape, field, findings)
            before = len(findings)
            if may_hold_account and (example := example_in(value)):
                findings.append(structural.placeholder_left_in(value, example))
            length = len(value)
            if pattern is None or (value.isascii() and passes(value)) or _fits(pattern, value):
                if length < low or length > high:
                    findings.append(structural.string_length(value, shape, field))
            elif (length < low and not length) or (length > high and _fits(pattern, value[: shape.max])):
                # The pattern limits the length as well, and nothing else is wrong.
                findings.append(structural.string_length(value, shape, field))
            else:
                findings.append(structural.pattern_mismatch(value, shape, field))
            if len(findings) == before:
                limits.keep(clean, value)
            return value

        self._clean_texts[check] = clean
        return check

    def _unknown_text(self, value: Unknown, shape: Shape, field: str, binding: Binding) -> Unknown:
        if isinstance(value, PartialText) and shape.name not in NEVER_TEMPLATES:
            # The pieces that the reader knows may contain expressions of another tool.
            value = template_text(value) if any(map(is_template, value.pieces)) else value
        if not isinstance(value, PartialText):
            return UNKNOWN
        from algolint.spec.partial_binder import bind_text

        return bind_text(value, shape, field, self._model, self._extra, binding.findings)

    def _outside_enum(self, value: str, shape: Shape, field: str, findings: list[Finding]) -> Any:
        model = self._model
        if value in shape.later:
            since = model.since(shape.later[value])
            findings.append(structural.newer_than_target(value, since, model.revision))
            return UNKNOWN
        if is_placeholder(value, shape.name, is_choice=True):
            findings.append(structural.placeholder_left_in(value, is_refused=True))
            return UNKNOWN
        if shape.name not in structural.INSTANCE_ROLES:
            findings.append(structural.unknown_value(value, shape, field))
            return UNKNOWN
        if value in self._extra:
            return value
        roles = {role: model.shape(role) for role in structural.INSTANCE_ROLES}
        fitting = [name for name, role in roles.items() if role.enum and value in role.enum]
        if fitting:
            findings.append(structural.instance_wrong_role(value, shape, fitting, model.revision))
            return UNKNOWN
        known = [name for role in roles.values() for name in (*(role.enum or ()), *role.later)]
        finding = structural.unknown_instance_type(value, shape, known, is_pinned=not model.is_latest)
        findings.append(finding)
        return value if finding[1].severity == "warning" else UNKNOWN


def _text_for_list(value: str, shape: Shape, field: str, binding: Binding, check_item: Check) -> Any:
    """Report a text in place of a list, with a fix that puts it into one if it is valid as an item."""
    finding = _wrong_type(value, shape, field)
    if finding is not None:
        trial = Binding(binding.is_yaml, binding.is_lenient, binding.spelled)
        if not set(value) & set(" ,;") and check_item(value, trial) is value and not trial.findings:
            finding[1].fix = Replace((), [value], title="put it into a list", safe=True)
        binding.findings.append(finding)
    return UNKNOWN


def _longer(key: str, names: list[str]) -> str | None:
    """Return the only name that ends with a key, or else begins with it: MinValue for Min."""
    folded = key.casefold()
    for is_part in (str.endswith, str.startswith):
        found = [name for name in names if is_part(name.casefold(), folded)]
        if len(found) == 1 and len(key) >= _SHORTEST_PART:
            return found[0]
    return None


def _missing(absent: list[str], misspelt: dict[str, str], field: str, binding: Binding) -> Iterator[Finding]:
    """Yield the findings for absent fields; a misspelt one is reported at its key, like `unknown_field`."""
    plain = [binding.spelled(name) for name in absent if name not in misspelt]
    if plain:
        yield structural.missing_field(plain, field)
    for name in absent:
        if name in misspelt:
            rule, problem = structural.missing_field([binding.spelled(name)], field)
            yield rule, problem.under((misspelt[name],))


def _drop_repetition(problem: Problem, items: list[Any]) -> None:
    """Drop the fix of an item if it would duplicate another item."""
    match problem.fix:
        case Replace(path=(), value=str() as text) if any(type(i) is str and i == text for i in items):
            problem.fix = None


def _fits(pattern: str, value: str) -> bool:
    """Whether a text matches a pattern; a very long text counts as matching."""
    return len(value) > LONGEST_MATCHED or matches(pattern, value)


def _odd_string(value: Any, shape: Shape, field: str, binding: Binding, check: Check) -> Any:
    """Return a bound value of a string field that is not exactly a `str`: a YAML scalar, or another type."""
    if binding.is_lenient and isinstance(value, (str, bool, int, float)):
        text = _coerced_text(value)
        if text is UNKNOWN:
            return text
        if _is_yaml_scalar(value) and text != value:
            binding.findings.append(
                structural.implicit_yaml_scalar(str(value), shape, field, value.reads_as, becomes=text)
            )
        return check(text, binding)
    if _is_yaml_scalar(value):
        binding.findings.append(
            structural.implicit_yaml_scalar(
                str(value), shape, field, value.reads_as, only_in_1_1=not value.certain
            )
        )
        return UNKNOWN if value.certain else check(str(value), binding)
    if not binding.is_yaml or isinstance(value, (dict, list)):
        return _mistyped(value, shape, field, binding)
    binding.findings.append(structural.implicit_yaml_scalar(value, shape, field, _reading(value)))
    return UNKNOWN


def _is_yaml_scalar(value: object) -> TypeGuard[YamlScalar]:
    """Whether this is a plain scalar with two readings: no other text is of a subclass of `str`."""
    return isinstance(value, str) and type(value) is not str


# ---------------------------------------------------------------- booleans and numbers


def _boolean(shape: Shape, field: str) -> Check:
    def check(value: Any, binding: Binding) -> Any:
        if binding.is_lenient:
            value = _read_as(value)
        if value is True or value is False:
            return value
        if binding.is_lenient and isinstance(value, str) and not is_template(value):
            return _coerced_boolean(value, shape, field, binding)
        if _is_yaml_scalar(value):
            binding.findings.append(structural.implicit_yaml_scalar(str(value), shape, field, "a string"))
            return UNKNOWN
        return _mistyped(value, shape, field, binding)

    return check


def _number(shape: Shape, field: str) -> Check:
    takes = (int,) if shape.type in ("integer", "long") else (int, float)
    low, high = shape.least, shape.most

    def check(value: Any, binding: Binding) -> Any:
        if binding.is_lenient:
            value = _read_as(value)
        if type(value) not in takes:
            if not (binding.is_lenient and type(value) is str and _is_integer(value)):
                return _mistyped(value, shape, field, binding)
            value = int(value)
        if value < low or value > high:
            binding.findings.append(structural.number_range(value, shape, field))
        return value

    return check


def _mistyped(value: Any, shape: Shape, field: str, binding: Binding) -> Unknown:
    """Report a value of the wrong type, which the rules do not see."""
    finding = _wrong_type(value, shape, field)
    if finding is not None:
        binding.findings.append(finding)
    return UNKNOWN


def _wrong_type(value: Any, shape: Shape, field: str) -> Finding | None:
    """Return the finding for a value of the wrong type, or None for one that may have the right type."""
    if isinstance(value, str) and is_template(value):
        value = template_text(value)
    if isinstance(value, Unknown):
        if not isinstance(value, PartialText) or shape.type not in _NUMBERS:
            return None
        from algolint.spec.partial_binder import may_be_number

        if may_be_number(value):
            return None
    return structural.wrong_type(value, shape, field)


def _reading(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return f"the boolean {shown(value)}"
        case _:
            return f"the number {shown(value)}"


def _is_integer(text: str) -> bool:
    """Whether a tool that converts texts to numbers makes an integer of this text."""
    digits = text[1:] if text[:1] == "-" else text
    return digits.isascii() and digits.isdecimal() and len(digits) <= 18


def _coerced_text(value: str | bool | float) -> Any:
    """Return the text that a tool makes of a number or a boolean for a string field, or `UNKNOWN`."""
    if _is_yaml_scalar(value):
        # YAML 1.1 may read it as another value, which need not be known.
        if value.value is None:
            return str(value) if value.certain else UNKNOWN
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _read_as(value: Any) -> Any:
    """Return the value that the YAML 1.1 reader of a template makes of a plain scalar."""
    return value.value if _is_yaml_scalar(value) and value.value is not None else value


def _coerced_boolean(value: str, shape: Shape, field: str, binding: Binding) -> Any:
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    # YAML 1.1 may read it as a boolean.
    return UNKNOWN if type(value) is not str else _mistyped(value, shape, field, binding)


# ---------------------------------------------------------------- copies


def _copied(bound: Any, original: Any) -> Any:
    """Return a container that may be changed: the copy made earlier, or a new one."""
    return type(original)(original) if bound is original else bound


def _opened(bound: dict[str, Any], original: dict[str, Any]) -> OpenDict:
    """Return an open object that may be changed: the copy made earlier, or a new one."""
    return bound if isinstance(bound, OpenDict) and bound is not original else OpenDict(bound)


def _maybe_all(bound: Any, value: dict[str, Any], keys: list[str], required: frozenset[str]) -> Any:
    for key in keys:
        bound = _maybe(bound, value, key, key in required)
    return bound


def _maybe(bound: dict[str, Any], original: dict[str, Any], key: str, required: bool) -> dict[str, Any]:
    """Return the object with a field that may be absent, or that is unknown if it is required."""
    if required:
        bound = _copied(bound, original)
        bound[key] = UNKNOWN
        return bound
    bound = _opened(bound, original)
    del bound[key]
    return bound
