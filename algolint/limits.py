"""The limits within which an untrusted file is linted in bounded time and memory.

SECURITY.md documents them, and tests compare its figures with these. Modules read them when they use them
(`limits.MAX_DEPTH`), so that a test can lower one.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

#: Bytes of a linted file (`--max-file-size` overrides it), of a configuration or .gitignore file, of a
#: baseline.
MAX_FILE_SIZE = 8 * 1024 * 1024
MAX_SETTINGS_SIZE = 1024 * 1024
MAX_BASELINE_SIZE = 64 * 1024 * 1024
#: Bytes of the largest file that `--max-file-size` can allow.
LARGEST_FILE_SIZE = 1 << 30
#: Bytes of a larger file that is searched for the words of a spec, to report whether a spec was skipped.
MAX_SEARCHED_SIZE = 256 * 1024 * 1024
#: Parts of a dotted key of a configuration. Time and memory to parse it grow with their square.
MAX_KEY_PARTS = 50
#: Characters of a key or text of a configuration, the same as of a path, and wildcards in all of them. Each
#: wildcard takes 25 µs and 600 bytes.
MAX_SETTING_LENGTH = 4096
MAX_WILDCARDS = 40_000
#: Characters of .gitignore patterns that are matched against the paths of a run, and how many each path adds.
#: Each takes some 0.1 µs. A file whose patterns would exceed the limit no longer applies.
MAX_IGNORE_STEPS = 5_000_000
IGNORE_STEPS_OF_PATH = 3000
#: Configurations that extend one another.
MAX_EXTENDED = 20

#: Levels of nesting, in every syntax.
MAX_DEPTH = 200
#: Values in a file, including objects, lists and items. The largest request that the API accepts has
#: thousands.
MAX_VALUES = 100_000
#: Values that aliases of YAML add to those that are written.
MAX_ALIASED = 100_000
#: Characters of a YAML text that is parsed a second time, as AWS CLI v2 does, if it may differ from libyaml.
#: For each of its tokens, the brackets around it are counted; that parser takes a second for a million.
MAX_COMPARED_LENGTH = 64 * 1024
MAX_COMPARED_BRACKETS = 300_000
#: Consecutive tag directives. For each, the C library searches all of them.
MAX_TAG_DIRECTIVES = 100
#: Tokens of a program or a Terraform file. Every node of a syntax tree takes a kilobyte.
MAX_TOKENS = 100_000
#: Steps to interpret a program, and the weight of the values that it makes, copies and may change, in items
#: of containers and tens of characters. A program may double a value on every line. After the limit, its
#: requests are read without the values of its variables.
MAX_PROGRAM_STEPS = 300_000
MAX_PROGRAM_WEIGHT = 1_000_000
#: Characters of a Terraform, shell or TypeScript file. The parser takes a second and 200 MB for a quoted text
#: of this length.
MAX_TREE_LENGTH = 1024 * 1024
#: Cells of a notebook, and objects and lists in it. The outputs may hold many values, and containers take the
#: most memory.
MAX_CELLS = 10_000
MAX_NOTEBOOK_CONTAINERS = 500_000
#: Characters to which the references of a Terraform, TypeScript or CloudFormation file expand, and the
#: characters that a value counts as.
MAX_EXPANDED_LENGTH = 8 * 1024 * 1024
EXPANDED_VALUE = 32
#: Characters of the variables of a shell script, and of a word made from them. Others are unknown.
MAX_VARIABLES_LENGTH = 1024 * 1024
#: Characters of a JSON text in a program that is decoded.
MAX_DECODED_LENGTH = 200_000
#: Characters of a function of CloudFormation in its short form, of which the parts are read.
MAX_FORM_LENGTH = 20_000
#: Files that a program imports or loads, their bytes, and the steps to interpret one; the other files of a
#: Terraform module, and their bytes. What is only in further files is unknown.
MAX_IMPORTED_FILES = 10
MAX_IMPORTED_SIZE = 256 * 1024
MAX_IMPORTED_STEPS = 15_000
MAX_MODULE_FILES = 50
MAX_MODULE_SIZE = 2 * 1024 * 1024
#: Characters and marks of a template in JSON or YAML. The line around each mark is examined, which may be the
#: whole text. Larger texts are not treated as templates.
MAX_TEMPLATE_LENGTH = 1024 * 1024
MAX_TEMPLATE_MARKS = 2000
#: Algorithms in a template, more than the resources that CloudFormation accepts.
MAX_ALGORITHMS = 500
#: Values that are linted for the branches of conditions in a CloudFormation template or a program, where each
#: branch is linted with the rest of its request; and further branches of a template, which are linted alone.
#: A long text counts as another value for each so many characters.
MAX_BRANCH_VALUES = 50_000
BRANCH_VALUE = 128
MAX_BRANCHES_ALONE = 2000
#: Specs inside of another document.
MAX_EMBEDDED = 1000

#: Items of a list, or entries of a map, that are checked: ten times what the API accepts. The container
#: counts as open if it has more.
MAX_ITEMS = 1000
#: Unknown fields of an object that are reported.
MAX_UNKNOWN_FIELDS = 100
#: Diagnostics of one rule in a document, and diagnostics of a file, after which its other documents are not
#: checked.
MAX_REPORTED = 500
MAX_IN_FILE = 10_000
#: Suppression comments of a file.
MAX_DIRECTIVES = 1000
#: Rule names in them, including patterns.
MAX_DIRECTIVE_NAMES = 1000
#: Names with values in a file that are examined for secrets, as many as a file may have values; and secrets
#: that are also masked in other places than where they were found.
MAX_ASSIGNED = 100_000
MAX_SECRETS = 2000
#: Characters of a text in which fixes are made, and of a broken text whose valid parts are linted. Each fix
#: is proved by parsing the text with it, and the broken parts are found by parsing the text without them.
MAX_FIXED_LENGTH = 128 * 1024
#: Characters that are parsed to prove the fixes of a file while it is linted, and while it is fixed.
MAX_PROVED_LENGTH = 2_500_000
MAX_FIX_WORK = 10_000_000

#: Comparisons of names for the suggestions of a file, in characters. Further findings have no suggestion.
MAX_COMPARISONS = 1_000_000
#: Steps to analyse the patterns of a file's metrics. Other patterns have no findings.
MAX_PATTERN_STEPS = 400_000
#: Values of the algorithms that a file's requests use, counted for each request. Other requests are not
#: checked.
MAX_JUDGED_VALUES = 200_000

#: Results that are kept of each kind, and the longest text for which a result is kept.
MAX_KEPT = 500
MAX_KEPT_LENGTH = 1024
#: Bytes of the parts of specs that are remembered as being without findings.
MAX_KEPT_BYTES = 1024 * 1024


def keep(memo: dict[Any, Any], key: Any, result: Any = True) -> None:
    """Store a result by the value it was computed from, unless that is a text longer than `MAX_KEPT_LENGTH`.

    When there are `MAX_KEPT` results, all are dropped. A memo is a plain dict: `in` takes four times as long
    with a subclass, and many files took 2.7% longer.
    """
    if type(key) is str and len(key) > MAX_KEPT_LENGTH:
        return
    if len(memo) >= MAX_KEPT:
        memo.clear()
    memo[key] = result


class Work:
    """The remaining work of one kind for a file. It does not depend on files that were linted before."""

    __slots__ = ("_paid", "left", "taken")

    def __init__(self, amount: int) -> None:
        self.left = amount
        #: The work that was taken with a key, in order, including repetitions.
        self.taken: list[tuple[str, int]] = []
        self._paid: set[str] = set()

    def reset(self, amount: int) -> None:
        """Start counting for another file."""
        self.left = amount
        self.taken.clear()
        self._paid.clear()

    def take(self, amount: int) -> bool:
        """Spend work, possibly more than is left, and return whether any was left."""
        was_left = self.left > 0
        self.left -= amount
        return was_left

    def is_left_for(self, key: str) -> bool:
        """Whether the work of a key was done for the file, or can be done."""
        return self.left > 0 or key in self._paid

    def take_once(self, key: str, amount: int) -> None:
        """Spend the work of a key, unless it was done for the file before."""
        self.taken.append((key, amount))
        if key not in self._paid:
            self._paid.add(key)
            self.left -= amount

    def take_again(self, taken: Iterable[tuple[str, int]]) -> None:
        """Spend work that was taken for another file, as far as any is left."""
        for key, amount in taken:
            if self.is_left_for(key):
                self.take_once(key, amount)


class IgnoreWork:
    """The remaining steps for the .gitignore files of a run, in characters of patterns that are matched."""

    __slots__ = ("ended", "left")

    def __init__(self) -> None:
        self.left = MAX_IGNORE_STEPS
        #: The .gitignore files that no longer apply, each with the first path that was not matched.
        self.ended: dict[str, str] = {}

    def add_path(self) -> None:
        """Add the steps of another path."""
        self.left += IGNORE_STEPS_OF_PATH

    def take(self, steps: int) -> bool:
        """Spend steps, and return whether enough were left."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


# The work for the file that is being linted. It is global, because the code that takes from it, such as a
# rule or the suggestion of a name, does not know the file. It applies from the `begin` of a file to that of
# the next, so a process lints one file at a time: the server in the thread that handles messages, `api` under
# a lock, and `check --jobs` in processes with separate counts.
_file: object = None
comparisons = Work(MAX_COMPARISONS)
pattern_steps = Work(MAX_PATTERN_STEPS)
judged_values = Work(MAX_JUDGED_VALUES)


def mark() -> tuple[int, int]:
    """Return a mark of the work that was done for the file so far, for `taken_since`."""
    return comparisons.left, len(pattern_steps.taken)


def taken_since(mark: tuple[int, int]) -> tuple[tuple[str, int], ...] | None:
    """Return the work of `pattern_steps` since a mark, for `Work.take_again`.

    The result is None if some work may have been refused, or was of a kind that cannot be repeated.
    """
    compared, taken = mark
    if pattern_steps.left <= 0 or comparisons.left != compared:
        return None
    if len(pattern_steps.taken) == taken:
        return ()
    return tuple(dict.fromkeys(pattern_steps.taken[taken:]))


def begin(file: object) -> None:
    """Start counting the work for a file, unless that was the last one too."""
    global _file  # noqa: PLW0603 -- as the work is the process's
    if file is not _file:
        _file = file
        comparisons.reset(MAX_COMPARISONS)
        pattern_steps.reset(MAX_PATTERN_STEPS)
        judged_values.reset(MAX_JUDGED_VALUES)


def spent() -> str:
    """Return which checks of the file were left out because they exceed a limit, in words; empty for none."""
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
