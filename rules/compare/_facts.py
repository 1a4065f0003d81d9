"""Questions about one of two compared specs: each has a definite answer, or raises `Undecided`."""

from __future__ import annotations

from algolint import Key, Problem, Undecided, is_open, lacks, listed
from algolint.aws.instances import RETIRED
from algolint.aws.notation import Real, compared, instance_family, media_type, number
from algolint.values import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def known(value: dict[str, Any], key: str) -> Any:
    """Return the value of a field, or None if it is certainly absent; raises `Undecided` if it is unknown."""
    if lacks(value, key):
        return None
    found = value.get(key, UNKNOWN)
    if found is UNKNOWN:
        raise Undecided
    return found


def flag(value: dict[str, Any], key: str) -> bool:
    """Whether a field is true; absent is false."""
    return known(value, key) is True


def may_be_omitted(hyperparameter: dict[str, Any]) -> bool:
    """Whether a job may leave a hyperparameter out: it is optional, or has a default."""
    return not flag(hyperparameter, "IsRequired") or known(hyperparameter, "DefaultValue") is not None


def texts(value: dict[str, Any], key: str) -> list[str] | None:
    """Return the texts of a list, or None if there is no list; raises `Undecided` if some may be hidden."""
    found = known(value, key)
    if found is None:
        return None
    if not isinstance(found, list) or is_open(found) or not all(isinstance(item, str) for item in found):
        raise Undecided
    return found


def known_texts(value: dict[str, Any], key: str) -> list[str]:
    """Return the texts of a list that are certainly there."""
    match value.get(key):
        case list() as found:
            return [item for item in found if isinstance(item, str)]
        case _:
            return []


def only_in_first(one: dict[str, Any], other: dict[str, Any], key: str) -> list[str]:
    """Return the texts that are in a list of `one` and certainly not in that of `other`."""
    others = texts(other, key) or []
    return [text for text in known_texts(one, key) if text not in others]


def uncovered(one: dict[str, Any], other: dict[str, Any], key: str) -> list[str]:
    """Return the media types of a list of `one` that neither a type nor a wildcard of `other` matches."""
    others = {media_type(text) for text in texts(other, key) or ()}
    if "*/*" in others:
        return []
    types = {text: media_type(text) for text in known_texts(one, key)}
    return [
        text
        for text, kind in types.items()
        if kind not in others and f"{kind.partition('/')[0]}/*" not in others
    ]


def bounds(hyperparameter: dict[str, Any]) -> tuple[int | Real | None, int | Real | None]:
    """Return the smallest and the largest value of a numeric hyperparameter; None means no limit."""
    span = known(hyperparameter, "Range")
    kind = known(hyperparameter, "Type")
    if not isinstance(span, dict) or kind not in ("Integer", "Continuous"):
        return None, None
    limits = known(span, f"{kind}ParameterRangeSpecification")
    if not isinstance(limits, dict):
        return None, None
    low, high = (known(limits, key) for key in ("MinValue", "MaxValue"))
    return _number(low, kind), _number(high, kind)


def _number(text: Any, kind: str) -> int | Real | None:
    return number(text, kind) if isinstance(text, str) else None


def categories(hyperparameter: dict[str, Any]) -> list[str] | None:
    """Return the Values of a Categorical hyperparameter, or None if it has none."""
    span = known(hyperparameter, "Range")
    if not isinstance(span, dict):
        return None
    inner = known(span, "CategoricalParameterRangeSpecification")
    return texts(inner, "Values") if isinstance(inner, dict) else None


def same_value(one: str, other: str, kind: str) -> bool:
    """Whether two texts are the same value of a hyperparameter: 0.1, 0.10 and 1e-1 are one number."""
    left, right = number(one, kind), number(other, kind)
    if kind in ("Integer", "Continuous") and left is not None and right is not None:
        return compared(left, right) == 0
    return one == other


def accepts(hyperparameter: dict[str, Any], text: str) -> bool:
    """Whether a job may set a hyperparameter to a text."""
    kind = known(hyperparameter, "Type")
    if kind in ("Integer", "Continuous"):
        value = number(text, kind)
        low, high = bounds(hyperparameter)
        fits = value is not None and (low is None or compared(value, low) >= 0)
        return fits and (high is None or value is None or compared(value, high) <= 0)
    allowed = categories(hyperparameter) if kind == "Categorical" else None
    return allowed is None or text in allowed


def samples(hyperparameter: dict[str, Any]) -> list[str]:
    """Return some values that a hyperparameter accepts, chosen so that another Type rejects one of them."""
    kind = known(hyperparameter, "Type")
    if kind in ("Integer", "Continuous"):
        low, high = bounds(hyperparameter)
        start = low if low is not None else 0 if high is None or compared(0, high) <= 0 else high
        near = [start, start + 1, start + 0.5 if high is None else (start + high) / 2, start + 0.5]
        found = [f"{value:.15g}" for value in (*near, *(limit for limit in (low, high) if limit is not None))]
    else:
        found = categories(hyperparameter) or ["text", "other text"]
    return [text for text in found if accepts(hyperparameter, text)]


def removed_instances(old: dict[str, Any], new: dict[str, Any], key: str) -> Iterator[Problem]:
    """Report the instance types that NEW no longer lists; those that EC2 no longer offers are a warning."""
    missing = only_in_first(old, new, key)
    where = key if key in new else Key(key)
    for is_retired in (False, True):
        names = [name for name in missing if (instance_family(name) in RETIRED) == is_retired]
        if names:
            rest = "" if texts(new, key) else "; it lists none"
            yield Problem(
                where, f"{key} no longer lists {listed(names)}{rest}", "warning" if is_retired else None
            )
