"""The objects that `jq -n` builds of a literal with variables."""

from __future__ import annotations

import re

from algolint.readers import json as read_json
from algolint.readers.shell_documents import Text, joined, quoted
from algolint.source import Source, SourceSyntaxError

# The parts of a literal.
_JQ = re.compile(
    r'"(?:[^"\\]|\\.)*"|\$(?P<name>\w+)|(?P<key>[A-Za-z_]\w*)(?=\s*:)|true|false|null|-?\d[\d.eE+-]*|[\s{}\[\],:]+'
)


def filled(program: Text, variables: dict[str, tuple[Text, bool]]) -> Text | None:
    """Return a literal of jq as JSON, its variables replaced by their texts; `True` for a string."""
    pieces: list[Text] = []
    at = 0
    while at < len(program.text):
        match = _JQ.match(program.text, at)
        if match is None or "\\(" in match[0]:
            return None
        own = Text(match[0], program.offsets[at : match.end()], program.span)
        if match["name"] is not None:
            value, is_string = variables.get(match["name"], (None, False))
            if value is None or (is_string and re.search(r'["\\\n]', value.text)):
                return None
            pieces += quoted(value) if is_string else [value]
        else:
            pieces += quoted(own) if match["key"] is not None else [own]
        at = match.end()
    made = joined(pieces, program.span)
    try:
        read_json.read(Source("", made.text))
    except SourceSyntaxError:
        return None
    return made
