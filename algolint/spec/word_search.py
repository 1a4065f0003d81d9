"""A search of the files of a folder for any word of a spec or a job; most files have none of them.

To look for some twenty words one by one takes several times as long as to read a file. Of most texts little
is left without the letters that are frequent, and a text contains a word only where what is left of it
contains what is left of the word. That takes one pass over the text for all words.
"""

from __future__ import annotations

from algolint.spec import recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_KEPT = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_-jk"
_DROPPED = bytes(set(range(256)).difference(_KEPT))
# Parts of several words of which little or nothing is left: one is looked for instead of each.
_COMMON = ("lgorithm", "_endpoint")


class WordSearch:
    """Tells files apart that have none of some words."""

    def __init__(self, words: Callable[[], Iterable[str]]) -> None:
        self._words = words
        # Each word with what is left of it, the longest rest first. It is made for the first text, as most
        # runs have texts of one kind: 0.7 % of a clean run in a repository.
        self._left: list[tuple[bytes, bytes]] = []

    def may_find(self, data: bytes) -> bool:
        """Whether a text may contain one of the words; never false where it does."""
        if not self._left:
            words = dict.fromkeys(word.encode("ascii") for word in self._words())
            left = [(word.translate(None, _DROPPED), word) for word in words]
            self._left = sorted(left, key=lambda pair: -len(pair[0]))
        text = data.translate(None, _DROPPED)
        # A generator would take longer than the search.
        for rest, word in self._left:  # noqa: SIM110
            if rest in text and word in data:
                return True
        return False


def _of_specs() -> list[str]:
    """Return words of which every text has one that `recognition.may_hold_spec` is true of."""
    words: list[str] = []
    for word, others in recognition.WORDS.items():
        # A text has the word and one of the others: those are looked for of which more is left.
        words += max([word], others, key=_least_left)
    return words


def _least_left(words: Iterable[str]) -> int:
    return min((len(word.encode("ascii").translate(None, _DROPPED)) for word in words), default=0)


def _joined(words: Iterable[str]) -> list[str]:
    return [next((part for part in _COMMON if part in word), word) for word in words]


_JOBS = (*recognition.JOB_WORDS, *recognition.JOB_CALLS)

#: Of JSON and YAML; of programs; of Terraform, which sends jobs and is no program.
DOCUMENTS = WordSearch(lambda: [*_of_specs(), *recognition.JOB_WORDS])
PROGRAMS = WordSearch(lambda: _joined([*recognition.PROGRAM_WORDS, *_JOBS]))
TERRAFORM = WordSearch(lambda: [*_of_specs(), *_joined(_JOBS)])
