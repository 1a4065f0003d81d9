"""Writing texts as tokens of a syntax."""

from __future__ import annotations

import json

from algolint.fixes.layout import is_plain
from algolint.syntaxes import TERRAFORM, YAML

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.syntaxes import Syntax


def quoted(text: str, quote: str, syntax: Syntax) -> str:
    """Return a text in quotes of a kind, as the syntax reads it."""
    if quote == "'" and syntax is YAML:
        return "'" + text.replace("'", "''") + "'"
    token = json.dumps(text, ensure_ascii=False)
    if syntax is TERRAFORM:
        # They would begin expressions.
        token = token.replace("${", "$${").replace("%{", "%%{")
    if quote == "'":
        return "'" + token[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return token


def bare(name: str, syntax: Syntax) -> str:
    """Return a name without quotes if the syntax may allow that, else in quotes."""
    is_bare = is_plain(name, in_flow=True) if syntax is YAML else name.isidentifier()
    return name if is_bare else quoted(name, '"', syntax)
