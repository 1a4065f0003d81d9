"""Running the patterns of metrics on the blocks of a log.

A pattern is run on a whole block if that finds the same as running it on each line, else on the lines with a
text that every match contains. Both have a time limit: a pattern that stays below it on a block also does on
each line.
"""

from __future__ import annotations

import re
from time import perf_counter

from algolint.compare.metrics import LARGEST_VALUE, SHOWN, Example, number_of
from algolint.lazy_regex import lazy
from algolint.secrets.redaction import masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeAlias

    from algolint.compare.log import Block
    from algolint.compare.metrics import Reading
    from algolint.compare.unclaimed import Unclaimed

    Span: TypeAlias = tuple[int, int]
    # A line's number, its first match and the next one, and the offset in the block of the searched text.
    Found: TypeAlias = tuple[int, Any, Any, int]

#: A pattern is no longer tried after taking too long on this many lines.
MAX_SLOW_LINES = 10
# A pattern is run line by line after taking too long on this many blocks; a busy machine may cause some.
_MAX_SLOW_BLOCKS = 5
# A pattern that takes longer for a block, and on average for a line, is no longer tried.
_MAX_BLOCK_SECONDS = 1.0
_MAX_MEAN_SECONDS = 0.001
# How many lines are searched between checks of the time.
_OFTEN = 16
# On how many matching lines further matches are looked for.
_MANY = 1000


def read(readings: list[Reading], blocks: Iterable[Block], unclaimed: Unclaimed | None = None) -> None:
    """Read each block of a log with each metric; `unclaimed` collects the numbers that none reads."""
    shared: dict[tuple[int, int], Example] = {}
    last = 0
    for block in blocks:
        first_at: dict[Span, int] = {}
        for index, reading in enumerate(readings):
            if reading.compiled.invalid or reading.stopped_at:
                continue
            read_here = _read_block(reading, block)
            both = read_here.keys() & first_at.keys()
            for span in sorted(both):
                example = shared.setdefault((first_at[span], index), Example())
                example.add(read_here[span], block.text[slice(*span)])
            first_at.update(dict.fromkeys(read_here.keys() - both if both else read_here, index))
            if not reading.matches:
                _approach(reading, block)
                _note_tabs(reading, block)
        last = block.last
        if unclaimed is not None:
            unclaimed.look(block, first_at)
    for reading in readings:
        reading.log_lines = last
    for (first, second), example in shared.items():
        readings[second].seen["shared"] = example
        example.detail = readings[first].name


def _read_block(reading: Reading, block: Block) -> dict[Span, int]:
    """Record what a pattern reads from a block, and return the lines by the spans that were read."""
    spans: dict[Span, int] = {}
    values: list[float] = []
    lines: list[int] = []
    group, hosts = reading.compiled.group, block.hosts
    has_marks = any(mark in block.text for mark in "\r\t\x1b")
    for number, match, following, at in _in_block(reading, block) or _line_by_line(reading, block):
        reading.matches += 1
        if hosts and number in hosts:
            reading.hosts.add(hosts[number])
        text = match[group]
        if text is None:
            reading.note("not-a-number", number, "")
            continue
        start, end = span = match.span(group)
        spans[(start + at, end + at) if at else span] = number
        value = number_of(text)
        around = match.string
        if value is None:
            _note_part(reading, "not-a-number", number, around, *span)
        else:
            values.append(value)
            lines.append(number)
            if around[start - 1 : start] in _BEFORE or around[end : end + 1] in _AFTER:
                _check_ends(reading, around, span, number)
            if not -LARGEST_VALUE <= value <= LARGEST_VALUE:
                reading.note("nan", number, text)
        start = match.start()
        before = around[start - 1 : start]
        if has_marks or following is not None or before.isalnum() or before in _HYPHENS:
            _look_around(reading, match, following, number)
    reading.extend(values, lines)
    return spans


# ---------------------------------------------------------------- where a pattern matches


def _in_block(reading: Reading, block: Block) -> Iterator[Found] | None:
    """Return the matching lines by searching the block as a whole, or None if that is not possible."""
    pattern, text = reading.compiled, block.text
    if not pattern.finds_in_blocks or reading.slow_blocks >= _MAX_SLOW_BLOCKS or "slow" in reading.seen:
        return None
    if "\x1b" in text or (pattern.text.startswith("^") and _LAUNCHER_IN_BLOCK.search(f"\n{text}")):
        # Lines that do not match have to be examined too.
        return None
    try:
        matches = pattern.find_all(text)
    except TimeoutError:
        reading.slow_blocks += 1
        return None
    return _by_line(matches, block)


def _by_line(matches: list[Any], block: Block) -> Iterator[Found]:
    """Yield the first two matches of each line."""
    text, number = block.text, block.first
    first = following = None
    counted = 0
    for match in matches:
        start = match.start()
        passed = text.count("\n", counted, start)
        counted = start
        if passed or first is None:
            if first is not None:
                yield number, first, following, 0
            first, following = match, None
            number += passed
        elif following is None:
            following = match
    if first is not None:
        yield number, first, following, 0


def _line_by_line(reading: Reading, block: Block) -> Iterator[Found]:
    """Yield the matching lines, searching those with the text that every match contains."""
    began = perf_counter()
    for count, (number, at, line) in enumerate(_candidates(block, reading.compiled.required), 1):
        if count % _OFTEN == 0 and perf_counter() - began > max(
            _MAX_BLOCK_SECONDS, count * _MAX_MEAN_SECONDS
        ):
            reading.stopped_at = number
            return
        match, following = _found(reading, line, number, 2 if reading.matches < _MANY else 1)
        if match is not None:
            yield number, match, following, at
        else:
            _hindered(reading, number, line)


def _candidates(block: Block, required: str) -> Iterator[tuple[int, int, str]]:
    """Yield the lines with a text: number, offset in the block, and the line."""
    text = block.text
    number, counted, at = block.first, 0, 0
    while at <= len(text):
        if required:
            found = text.find(required, at)
            if found < 0:
                break
            at = text.rfind("\n", 0, found) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        number += text.count("\n", counted, at)
        counted = at
        yield number, at, text[at:end]
        at = end + 1


def _found(reading: Reading, line: str, number: int, most: int = 1) -> tuple[Any, Any]:
    """Return the first match of a pattern in a line, and the next one if two are wanted.

    None for a missing match, or if searching takes too long.
    """
    slow = reading.seen.get("slow")
    if slow is not None and slow.count >= MAX_SLOW_LINES:
        return None, None
    try:
        first, following, *_ = *reading.compiled.find(line, most), None, None
    except TimeoutError:
        reading.note("slow", number, line, str(len(line)))
        return None, None
    return first, following


# ---------------------------------------------------------------- doubtful matches

# How much text before a secret is needed to recognize it.
_BEFORE_SECRET = 200


def _note_part(reading: Reading, what: str, number: int, text: str, start: int, end: int) -> None:
    """Record a part of a line as an example, without the secrets of the line."""
    is_kept = what not in reading.seen
    reading.note(what, number, _without_secrets(text, start, end) if is_kept else "")


def _without_secrets(text: str, start: int, end: int) -> str:
    """Return a part of a line, shortened and with credentials masked."""
    begin = max(text.rfind("\n", 0, start) + 1, start - _BEFORE_SECRET)
    stop = text.find("\n", start, start + _BEFORE_SECRET)
    line = text[begin : stop if stop >= 0 else start + _BEFORE_SECRET]
    return masked(line)[start - begin : min(end, start + SHOWN) - begin]


_DIGITS = frozenset("0123456789")
# Characters next to a match that show that the number continues.
_BEFORE = _DIGITS | {".", "-"}
_AFTER = _DIGITS | {".", "_", "e", "E"}


_HYPHENS = frozenset("_-")


def _check_ends(reading: Reading, text: str, span: Span, number: int) -> None:
    """Record a number that is only a part of a longer one."""
    part = text[slice(*span)]
    whole = _whole_number(text, *span)
    if whole != part.strip():
        reading.note("cut", number, part, whole)


def _whole_number(text: str, start: int, end: int) -> str:
    """Return the whole number of which a span is a part."""
    while start and (text[start - 1] in _DIGITS or _is_point(text, start - 1)):
        start -= 1
    # A minus after a letter or a digit is a hyphen.
    if start and text[start - 1] == "-" and not text[start - 2 : start - 1].isalnum():
        start -= 1
    while end < len(text):
        if text[end] in _DIGITS or (text[end] in "._" and text[end + 1 : end + 2].isdigit()):
            end += 1
        elif text[end] in "eE" and (exponent := _exponent(text, end + 1)):
            end = exponent
        else:
            break
    return text[start:end].strip()


def _is_point(text: str, at: int) -> bool:
    """Whether there is a decimal point between two digits."""
    return text[at] == "." and text[at - 1 : at].isdigit()


def _exponent(text: str, at: int) -> int:
    """Return the end of an exponent's digits, or 0 if there is none."""
    if text[at : at + 1] in ("+", "-"):
        at += 1
    first = at
    while at < len(text) and text[at] in _DIGITS:
        at += 1
    return at if at > first else 0


def _look_around(reading: Reading, match: Any, following: Any, number: int) -> None:
    """Record what is around a match and makes it doubtful."""
    text: str = match.string
    start = match.start()
    before = text[start - 1 : start]
    if (before.isalnum() or before in _HYPHENS) and text[start : start + 1].isalnum():
        word = start
        while word and (text[word - 1].isalnum() or text[word - 1] in _HYPHENS):
            word -= 1
        _note_part(reading, "inside-word", number, text, word, match.end())
    updates = _updates(text, start)
    if updates:
        reading.note("carriage-return", number, match[0], str(updates))
    elif following is not None and reading.matches <= _MANY:
        reading.note("several", number, match[0], following[0])
    if "\x1b" in match[0]:
        reading.note("colour", number, match[0])
    if "\t" in match[0]:
        reading.note("tab", number, match[0])


def _updates(text: str, at: int) -> int:
    """Return the number of texts, separated by carriage returns, of a line; 0 if none follows the offset."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    if text.find("\r", at, end) < 0:
        return 0
    return text.count("\r", text.rfind("\n", 0, at) + 1, end) + 1


# ---------------------------------------------------------------- lines that do not match

# What MPI's launcher or a logger puts before a line.
# Each part ends where the next one begins, because a line may have a million characters.
_LAUNCHER = lazy(
    r"^(?:\[(?:(?!mpirank)[^\]])*mpirank[^\]]*\]<std(?:out|err)>:\s?|\d{4}-\d\d-\d\d[T ][\d:.,]\S*\s+)"
)
_LAUNCHER_IN_BLOCK = lazy(r"\n(?:\[[^\]\n]*mpirank|\d{4}-\d\d-\d\d[T ])")


def _hindered(reading: Reading, number: int, line: str) -> None:
    """Record what keeps a pattern from matching a line that it was made for."""
    if "\x1b[" in line and any(_found(reading, re.sub(r"\x1b\[[0-9;]*m", "", line), number)):
        reading.note("colour", number, line)
    if reading.pattern.startswith("^"):
        rest = _LAUNCHER.sub("", line)
        if rest != line and any(_found(reading, rest, number)):
            _note_part(reading, "anchored", number, line, 0, len(line))


def _note_tabs(reading: Reading, block: Block) -> None:
    """Record a line that would match if its tabs were written as in CloudWatch."""
    if "#011" not in reading.pattern or "\t" not in block.text:
        return
    for number, line in enumerate(block.text.split("\n"), block.first):
        if "\t" in line and any(_found(reading, line.replace("\t", "#011"), number)):
            reading.note("tab", number, line)
            return


def _approach(reading: Reading, block: Block) -> None:
    """Record the line with the longest beginning of the pattern's text."""
    prefix, nearest = reading.compiled.prefix, reading.nearest
    length = len(nearest.text) + 1
    while length <= len(prefix) and (at := block.text.find(prefix[:length])) >= 0:
        while length < len(prefix) and prefix[: length + 1] == block.text[at : at + length + 1]:
            length += 1
        nearest.count = 1
        nearest.line = block.first + block.text.count("\n", 0, at)
        nearest.text = prefix[:length]
        end = block.text.find("\n", at)
        nearest.detail = _without_secrets(block.text, at, len(block.text) if end < 0 else end)
        length += 1
