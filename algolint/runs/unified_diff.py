"""The change of a text as a unified diff."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from algolint.source import Source

    # The first line and the line after the last, in the old text and in the new one.
    Change: TypeAlias = tuple[int, int, int, int]

# Lines of context; the most pairs of lines compared in one part, and in all parts together.
_CONTEXT = 3
_LARGEST_PART = 10_000
_MAX_COMPARED = 200_000


def unified_diff(before: Source, after: Source) -> str:
    """Return the change as a unified diff, or an empty string if nothing changed."""
    old, new = (source.text.splitlines(keepends=True) for source in (before, after))
    lines = [f"--- {before.name}\n", f"+++ {after.name}\n"]
    for hunk in _hunks(_changes(old, new)):
        first, last = max(hunk[0][0] - _CONTEXT, 0), min(hunk[-1][1] + _CONTEXT, len(old))
        new_first, new_last = hunk[0][2] - (hunk[0][0] - first), hunk[-1][3] + (last - hunk[-1][1])
        lines.append(f"@@ -{_range(first, last)} +{_range(new_first, new_last)} @@\n")
        at = first
        for start, end, new_start, new_end in hunk:
            lines += [f" {line}" for line in old[at:start]]
            lines += [f"-{line}" for line in old[start:end]]
            lines += [f"+{line}" for line in new[new_start:new_end]]
            at = end
        lines += [f" {line}" for line in old[at:last]]
    if len(lines) == 2:
        return ""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _range(start: int, end: int) -> str:
    """Return a range of lines as a hunk header has it: from 1, or from the line before an empty range."""
    length = end - start
    return str(start + 1) if length == 1 else f"{start + (length > 0)},{length}"


def _hunks(changes: list[Change]) -> list[list[Change]]:
    """Group changes whose lines of context touch or overlap."""
    hunks: list[list[Change]] = []
    for change in changes:
        if hunks and change[0] - hunks[-1][-1][1] <= 2 * _CONTEXT:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    return hunks


def _changes(old: list[str], new: list[str]) -> list[Change]:
    """Return the ranges of lines that differ.

    Lines that occur exactly once in both texts divide them into short parts, which difflib compares. Its
    time grows at least with the square of the length; with short parts the total is nearly linear.
    """
    changes: list[Change] = []
    left = _MAX_COMPARED
    at = new_at = 0
    for line, new_line in [*_common_unique(old, new), (len(old), len(new))]:
        end, new_end = line, new_line
        while at < end and new_at < new_end and old[at] == new[new_at]:
            at, new_at = at + 1, new_at + 1
        while at < end and new_at < new_end and old[end - 1] == new[new_end - 1]:
            end, new_end = end - 1, new_end - 1
        size = (end - at) * (new_end - new_at)
        if 1 < size <= min(left, _LARGEST_PART):
            left -= size
            changes += _compared(old, new, (at, end, new_at, new_end))
        elif (at, new_at) != (end, new_end):
            changes.append((at, end, new_at, new_end))
        at, new_at = line + 1, new_line + 1
    return changes


def _common_unique(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return pairs of line numbers, in order, of as many lines as possible that occur once in both texts."""
    from bisect import bisect_left
    from collections import Counter

    counts, new_counts = Counter(old), Counter(new)
    numbers = {line: number for number, line in enumerate(new) if new_counts[line] == 1}
    pairs = [(n, numbers[line]) for n, line in enumerate(old) if counts[line] == 1 and line in numbers]
    # The longest increasing subsequence: the last pair of each length, and the pair before each pair.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for i, (_, number) in enumerate(pairs):
        length = bisect_left(ends, number)
        ends[length : length + 1] = [number]
        last[length : length + 1] = [i]
        before.append(last[length - 1] if length else -1)
    common = []
    i = last[-1] if last else -1
    while i >= 0:
        common.append(pairs[i])
        i = before[i]
    return common[::-1]


def _compared(old: list[str], new: list[str], part: Change) -> list[Change]:
    """Return the ranges of lines that differ within a part."""
    import difflib

    at, end, new_at, new_end = part
    matcher = difflib.SequenceMatcher(None, old[at:end], new[new_at:new_end], autojunk=False)
    return [
        (at + start, at + stop, new_at + new_start, new_at + new_stop)
        for tag, start, stop, new_start, new_stop in matcher.get_opcodes()
        if tag != "equal"
    ]
