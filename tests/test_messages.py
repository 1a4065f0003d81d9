"""Quoting in messages, and suggestions of names."""

from __future__ import annotations

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from algolint.messages import meant, nearest

NAMES = [
    "AlgorithmName", "AlgorithmDescription", "TrainingSpecification", "InferenceSpecification",
    "ValidationSpecification", "CertifyForMarketplace", "Tags", "TrainingImage", "TrainingChannels",
]  # fmt: skip
EDITED = st.one_of(st.sampled_from(NAMES), st.text("aeginrtA", max_size=9)).flatmap(
    lambda name: st.tuples(
        st.just(name), st.integers(0, len(name)), st.integers(0, 3), st.text("aeginrtA", max_size=3)
    ).map(lambda parts: parts[0][: parts[1]] + parts[3] + parts[0][parts[1] + parts[2] :])
)


def most_similar(name: str, names: list[str]) -> str | None:
    """Return the first name with the highest ratio of difflib, if that is at least 0.72."""
    best, best_ratio = None, 0.72 - 1e-9
    for candidate in names:
        if candidate.casefold() == name.casefold():
            return candidate
        ratio = SequenceMatcher(None, candidate.casefold(), name.casefold()).ratio()
        if ratio > best_ratio:
            best, best_ratio = candidate, ratio
    return best


@given(EDITED, st.lists(EDITED, max_size=12))
def test_the_most_similar_name_is_that_of_difflib(name: str, others: list[str]) -> None:
    names = NAMES + others
    assert nearest(name, names) == most_similar(name, names)


def test_long_names_are_compared_for_equality_alone() -> None:
    long = "a" * 200
    assert nearest(long.upper(), ["b", long]) == long
    assert nearest(long + "b", [long]) is None
    assert meant(long, [long + "b"]) == ""
