"""Finding named numbers in a log that no metric reads."""

from __future__ import annotations

import re

from algolint.aws.notation import LOGGED_NUMBER
from algolint.compare.metrics import Example
from algolint.lazy_regex import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from algolint.compare.log import Block

_NAMED = lazy(
    rf"['\"]?(?<![\w-])([A-Za-z][\w:/-]*)['\"]?\s*[=:]\s*(?={LOGGED_NUMBER})({LOGGED_NUMBER})(?![\w.])"
)
# How many names are counted.
_MAX_NAMES = 1000
# A name that is printed this often may be a metric.
_MIN_COUNT = 5


class Unclaimed:
    """Named numbers of a log that no metric reads: `name=number`, `name: number` and `"name": number`."""

    def __init__(self) -> None:
        self.found: dict[str, Example] = {}

    def look(self, block: Block, read_spans: Iterable[tuple[int, int]]) -> None:
        """Count the names in a block whose numbers are not in the spans that metrics read."""
        starts = {start for start, _ in read_spans}
        for match in _NAMED.finditer(block.text):
            name = match[1].strip()
            if match.start(2) not in starts and (name in self.found or len(self.found) < _MAX_NAMES):
                self.found.setdefault(name, Example()).add(0, match[0])

    def lines(self, syntax: str) -> Iterator[str]:
        """Yield a line for each name that is printed often, and a MetricDefinitions entry in JSON or YAML."""
        for name, example in sorted(self.found.items(), key=lambda row: (-row[1].count, row[0])):
            if example.count >= _MIN_COUNT:
                before = example.text[: example.text.index(name)]
                after = re.match(r"['\"]?\s*[=:]\s*", example.text[len(before) + len(name) :])
                text = re.escape(before + name + (after[0] if after else "")).replace("\\ ", " ")
                guard = r"(?<![\w-])" if not before else ""
                pattern = f"{guard}{text}({LOGGED_NUMBER})"
                yield f"{name} is printed {example.count:,} times and no metric reads it:"
                yield f"  {_entry(name, pattern, syntax)}"


def _entry(name: str, pattern: str, syntax: str) -> str:
    """Return an entry of MetricDefinitions, in JSON for a spec in JSON, else in YAML."""
    if syntax == "json":
        import json

        return json.dumps({"Name": name, "Regex": pattern}, ensure_ascii=False)
    quoted = pattern.replace("'", "''")
    return f"- {{Name: '{name}', Regex: '{quoted}'}}"
