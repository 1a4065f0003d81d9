"""Finding named numbers in a log that no metric reads."""

from __future__ import annotations

import re

from algolint.aws.notation import LOGGED_NUMBER
from algolint.lazy_regex import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.compare.log import Block

# The characters of names up to a sign, and where a name begins in them, perhaps after a time. Few starts are
# tried, because a line may have a million characters.
_NAMED = lazy(r"(?<![\w:/-])([\w:/-]+)['\"]?[ \t]*[=:][ \t]*(?=[-+.0-9])")
_BEGINNING = lazy(r"(?:^|(?<=[:/]))[A-Za-z]")
# What `LOGGED_NUMBER` matches, if nothing else of the word follows.
_NUMBER = lazy(r"[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?![\w.])")
# A metric's Name is no longer.
_LONGEST_NAME = 255
# How many names are counted.
_MAX_NAMES = 1000
#: A name that is printed this often may be a metric.
MIN_COUNT = 5


class Unclaimed:
    """Named numbers of a log that no metric reads: `name=number`, `name: number` and `"name": number`."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        # What precedes the first number of each name.
        self._written: dict[str, str] = {}

    def look(self, block: Block, read_spans: Iterable[tuple[int, int]]) -> None:
        """Count the names in a block whose numbers are not in the spans that metrics read."""
        starts = {start for start, _ in read_spans}
        text = block.text
        for match in _NAMED.finditer(text):
            beginning = _BEGINNING.search(match[1])
            if beginning is None or match.end() in starts or not _NUMBER.match(text, match.end()):
                continue
            start = match.start() + beginning.start()
            name = text[start : match.end(1)]
            if len(name) <= _LONGEST_NAME and (name in self._counts or len(self._counts) < _MAX_NAMES):
                self._counts[name] = self._counts.get(name, 0) + 1
                quote = start > 0 and start == match.start() and text[start - 1] in "'\""
                self._written.setdefault(name, text[start - quote : match.end()])

    def lines(self, syntax: str) -> Iterator[str]:
        """Yield a line for each name that is printed often, and a MetricDefinitions entry in JSON or YAML."""
        for name, count in sorted(self._counts.items(), key=lambda row: (-row[1], row[0])):
            if count >= MIN_COUNT:
                written = self._written[name]
                guard = r"(?<![\w-])" if written.startswith(name) else ""
                text = re.escape(written).replace("\\ ", " ")
                yield f"{name} is printed {count:,} times and no metric reads it:"
                yield f"  {_entry(name, f'{guard}{text}({LOGGED_NUMBER})', syntax)}"


def _entry(name: str, pattern: str, syntax: str) -> str:
    """Return an entry of MetricDefinitions, in JSON for a spec in JSON, else in YAML."""
    if syntax == "json":
        import json

        return json.dumps({"Name": name, "Regex": pattern}, ensure_ascii=False)
    quoted = pattern.replace("'", "''")
    return f"- {{Name: '{name}', Regex: '{quoted}'}}"
