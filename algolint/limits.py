"""The limits within which an untrusted file is linted in bounded time and memory.

SECURITY.md promises them, and its figures are tested against these. Modules read them where they are used
(`limits.MAX_DEPTH`), so that a test can lower one.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

#: Bytes of a file, unless --max-file-size says otherwise; of a configuration or .gitignore; of a baseline.
MAX_FILE_SIZE = 8 * 1024 * 1024
MAX_SETTINGS_SIZE = 1024 * 1024
MAX_BASELINE_SIZE = 64 * 1024 * 1024
#: Bytes of a larger file that is searched for the words of a spec, to tell whether it was skipped.
MAX_SEARCHED_SIZE = 256 * 1024 * 1024
#: Parts of a dotted key of a configuration: its parser takes time and memory with their square.
MAX_KEY_PARTS = 50
#: Characters of a key or text of a configuration, as long as a path may be; wildcards in all of them, each of
#: which takes 25 µs and 600 bytes.
MAX_SETTING_LENGTH = 4096
MAX_WILDCARDS = 40_000
#: Characters of patterns of .gitignore files that are tried on the paths of a run, each some 0.1 µs, and how
#: many each path adds: a file whose patterns would take more is not applied any more.
MAX_IGNORE_STEPS = 5_000_000
IGNORE_STEPS_OF_PATH = 3000
#: Configurations that extend one another.
MAX_EXTENDED = 20

#: Levels of nesting, in every syntax.
MAX_DEPTH = 200
#: Values in a file, every object, list and item counted; a request as large as the API takes has thousands.
MAX_VALUES = 100_000
#: Values that aliases of YAML add to those that are written out.
MAX_ALIASED = 100_000
#: Characters of a YAML text that is read with the parser of AWS CLI v2 where that and libyaml may differ.
MAX_COMPARED_LENGTH = 64 * 1024
#: Tag directives in a row: the C library looks through all of them for each.
MAX_TAG_DIRECTIVES = 100
#: Tokens of a program or a Terraform file: every node of a syntax tree takes a kilobyte.
MAX_TOKENS = 100_000
#: Steps to follow a program, and the weight of what it makes, copies and may change: items of containers, and
#: tens of characters of texts. A program may double a value line by line. Beyond, its requests are read
#: without what its variables hold.
MAX_PROGRAM_STEPS = 300_000
MAX_PROGRAM_WEIGHT = 1_000_000
#: Characters of a Terraform file: the parser takes a second and 200 MB for as long a text in quotes.
MAX_TERRAFORM_LENGTH = 1024 * 1024
#: Characters that the references of a Terraform or TypeScript file expand to, and what each value counts for.
MAX_EXPANDED_LENGTH = 8 * 1024 * 1024
EXPANDED_VALUE = 32
#: Characters and marks of a template of JSON or YAML: the text around each mark is looked at, which is all of
#: it if it is on one line. Larger texts are read as they are.
MAX_TEMPLATE_LENGTH = 1024 * 1024
MAX_TEMPLATE_MARKS = 2000
#: Algorithms in a template, more than CloudFormation takes resources.
MAX_ALGORITHMS = 500
#: Specs inside of one other document.
MAX_EMBEDDED = 1000

#: Items of a list, or entries of a map, that are checked: ten times what the API takes of any. The container
#: then counts as open.
MAX_ITEMS = 1000
#: Unknown fields of an object that are named.
MAX_UNKNOWN_FIELDS = 100
#: Diagnostics of one rule in a document; after so many in a file its further documents are not checked.
MAX_REPORTED = 500
MAX_IN_FILE = 10_000
#: Suppression comments of a file that are read.
MAX_DIRECTIVES = 1000
#: Names of rules in them, patterns included.
MAX_DIRECTIVE_NAMES = 1000
#: Names in a file, values beside them, that are looked at for secrets which no report may show: as many as a
#: file may have values. And secrets that are masked in other places than their own.
MAX_ASSIGNED = 100_000
MAX_SECRETS = 2000
#: Characters of a text in which fixes are made, and of a broken one of which the rest is linted: every fix is
#: proved by reading the text with it, and what is broken is found by reading the text without it.
MAX_FIXED_LENGTH = 128 * 1024
#: Characters that are read to prove the fixes of a file while it is linted, and while it is fixed.
MAX_PROVED_LENGTH = 2_500_000
MAX_FIX_WORK = 10_000_000

#: Comparisons of a file's names for suggestions, counted in characters; further findings suggest nothing.
MAX_COMPARISONS = 1_000_000
#: Steps in which the patterns of a file's metrics are analysed; nothing is reported of the others.
MAX_PATTERN_STEPS = 400_000
#: Values of the algorithms that a file's requests use, counted for each request; the others are not judged.
MAX_JUDGED_VALUES = 200_000

#: Results that are kept of one kind of question, and the longest text by which one is kept.
MAX_KEPT = 1000
MAX_KEPT_LENGTH = 1024
#: Bytes of the parts of specs that are kept as being without findings.
MAX_KEPT_BYTES = 1024 * 1024


class Memo(dict):  # type: ignore[type-arg]
    """Results by the text or other value that they were computed from. At `MAX_KEPT` all are dropped.

    Reading is that of a dict: a hit does not cost a call of a Python function, and nothing is imported.
    """

    __slots__ = ()

    def keep(self, key: Any, result: Any = True) -> None:
        """Store a result, unless its key is a text longer than `MAX_KEPT_LENGTH`."""
        if type(key) is str and len(key) > MAX_KEPT_LENGTH:
            return
        if len(self) >= MAX_KEPT:
            self.clear()
        self[key] = result


class Work:
    """What is left of the work of one kind for a file. It is the same whatever was linted before.

    `begin` is called for each file, with the file: for the same one again it changes nothing.
    """

    __slots__ = ("_file", "_paid", "left", "taken")

    def __init__(self, amount: int) -> None:
        self.left = amount
        #: What was taken once for a key, in order, with each repetition.
        self.taken: list[tuple[str, int]] = []
        self._file: object = None
        self._paid: set[str] = set()

    def begin(self, file: object, amount: int) -> None:
        """Start to count for a file."""
        if file is not self._file:
            self._file = file
            self.left = amount
            self.taken.clear()
            self._paid.clear()

    def take(self, amount: int) -> bool:
        """Spend work, or what is left of it; whether any was left."""
        was_left = self.left > 0
        self.left -= amount
        return was_left

    def is_left_for(self, key: str) -> bool:
        """Whether the work of a key was done for the file, or may be."""
        return self.left > 0 or key in self._paid

    def take_once(self, key: str, amount: int) -> None:
        """Spend work the result of which is kept for the file by a key."""
        self.taken.append((key, amount))
        if key not in self._paid:
            self._paid.add(key)
            self.left -= amount

    def take_again(self, taken: Iterable[tuple[str, int]]) -> None:
        """Spend what was taken for another file, as far as there is work left."""
        for key, amount in taken:
            if self.is_left_for(key):
                self.take_once(key, amount)


class IgnoreWork:
    """The steps that the .gitignore files of a run may take: characters of patterns that are tried."""

    __slots__ = ("ended", "left")

    def __init__(self) -> None:
        self.left = MAX_IGNORE_STEPS
        #: The .gitignore files for which too few were left, each with the first path that was not compared.
        self.ended: dict[str, str] = {}

    def begin(self) -> None:
        """Add the steps of another path."""
        self.left += IGNORE_STEPS_OF_PATH

    def take(self, steps: int) -> bool:
        """Spend steps; whether as many were left."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


#: Of the file that is linted.
comparisons = Work(MAX_COMPARISONS)
pattern_steps = Work(MAX_PATTERN_STEPS)
judged_values = Work(MAX_JUDGED_VALUES)


def mark() -> tuple[int, int]:
    """Return how much work was done for the file so far, for `taken_since`."""
    return comparisons.left, len(pattern_steps.taken)


def taken_since(mark: tuple[int, int]) -> tuple[tuple[str, int], ...] | None:
    """Return what was taken of `pattern_steps` since a mark, for `Work.take_again`.

    None where some work may have been refused, or is of a kind that cannot be taken again.
    """
    compared, taken = mark
    if pattern_steps.left <= 0 or comparisons.left != compared:
        return None
    if len(pattern_steps.taken) == taken:
        return ()
    return tuple(dict.fromkeys(pattern_steps.taken[taken:]))


def begin(file: object) -> None:
    """Start to count the work for a file."""
    comparisons.begin(file, MAX_COMPARISONS)
    pattern_steps.begin(file, MAX_PATTERN_STEPS)
    judged_values.begin(file, MAX_JUDGED_VALUES)


def spent() -> str:
    """Return what is left out of the file because the work for it is spent, in words; empty for nothing."""
    left_out = []
    if pattern_steps.left <= 0:
        steps = f"patterns of metrics that take more than {MAX_PATTERN_STEPS:,} steps to analyse"
        left_out.append(f"{steps}; the others are not analysed")
    if comparisons.left <= 0:
        compared = f"more than {MAX_COMPARISONS:,} characters of names compared for suggestions"
        left_out.append(f"{compared}; further findings suggest nothing")
    if judged_values.left <= 0:
        judged = f"the algorithms that requests use have more than {MAX_JUDGED_VALUES:,} values"
        left_out.append(f"{judged}, counted for each request; further requests are not linted")
    return "; ".join(left_out)
