"""Finding the spec of OLD that a spec of NEW replaces, if a file has several."""

from __future__ import annotations

from algolint.aws.model import REQUEST
from algolint.compare.diff import product_and_major
from algolint.messages import printed, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from algolint.compare.specs import Spec


class Matching:
    """The specs of two files: those that are compared, and those that only one file has."""

    __slots__ = ("added", "pairs", "removed")

    def __init__(self, old: list[Spec], new: list[Spec]) -> None:
        #: In the order of NEW.
        self.pairs: list[tuple[Spec, Spec]] = []
        self.removed = list(old)
        self.added = list(new)
        if len(old) == len(new) == 1:
            # The only spec of each file is a release of the same algorithm, whatever its name.
            self._take([(old[0], new[0])])
        for key in (_name, _resource, _product):
            before, after = _unique(self.removed, key), _unique(self.added, key)
            self._take([(before[value], after[value]) for value in after if value in before])
        left = [*zip(self.removed, self.added, strict=False)]
        if len(self.removed) != len(self.added):
            # The first ones, if nothing else is compared.
            left = left[: not self.pairs]
        self._take([pair for pair in left if _may_be_one(*pair)])
        self.pairs.sort(key=lambda pair: new.index(pair[1]))

    def _take(self, pairs: list[tuple[Spec, Spec]]) -> None:
        self.pairs += pairs
        for old, new in pairs:
            self.removed.remove(old)
            self.added.remove(new)


def caption(spec: Spec) -> str:
    """Return how messages name a spec: by its file and line, and its name."""
    source = spec.document.source
    called = _name(spec) or _resource(spec)
    name = f" ({source.redacted(shown(called[1]))})" if called else ""
    revision = f" in {spec.label}" if spec.label else ""
    return f"{printed(spec.name)}:{source.position(spec.document.locate(())[0])[0]}{name}{revision}"


def _unique(specs: list[Spec], key: Callable[[Spec], Any]) -> dict[Any, Spec]:
    """Return the specs by a key that is unique among them; specs without the key are left out."""
    keys = [key(spec) for spec in specs]
    return {one: spec for one, spec in zip(keys, specs, strict=True) if one and keys.count(one) == 1}


def _name(spec: Spec) -> tuple[str, str] | None:
    return (spec.shape, spec.algorithm) if spec.algorithm else None


def _product(spec: Spec) -> tuple[str, str] | None:
    name = _name(spec)
    return (name[0], product_and_major(name[1])[0]) if name else None


def _resource(spec: Spec) -> tuple[str, str] | None:
    return (spec.shape, spec.document.resource) if spec.document.resource else None


def _may_be_one(old: Spec, new: Spec) -> bool:
    """Whether names and shapes allow that two specs are the same algorithm."""
    if old.shape == new.shape:
        return not (_name(old) and _name(new))
    return REQUEST in (old.shape, new.shape)
