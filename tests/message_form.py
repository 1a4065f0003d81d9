"""The form of messages to users, for tests of rules and of readers."""

from __future__ import annotations

import re

from algolint.aws.model import JOB_REQUESTS, JOBS, REQUEST, Model
from algolint.testing import fields_below, model_of

_JOBS = Model(table=JOBS)
# Fields and shapes of the API, and these words, begin with a capital.
_NAMES = frozenset((*model_of().names(), *_JOBS.names())).union(
    fields_below((REQUEST,), model_of()), fields_below(tuple(JOB_REQUESTS), _JOBS)
)
_PROPER_NAMES = frozenset(
    "CloudFormation CreateAlgorithm DescribeAlgorithm Docker Marketplace Python Region Spark Terraform "
    "Unicode".split()
)
_VALUES = frozenset(
    value for model in (model_of(), _JOBS) for name in model.names() for value in model.shape(name).enum or ()
)
_CAPITALIZED = _NAMES | _PROPER_NAMES | _VALUES
_UNIDIOMATIC = re.compile(r"\b(stands?|(?<!there )is no (?!longer|more|such)|is due|speaks?|earns?|behind)\b")
_ONE_OF_SEVERAL = re.compile(
    r"(?<![\d.,/-])(?<!of )1 (?:more )?(?:characters|files|bytes|items|entries|values|instances|hyperparameters|channels"
    r"|metrics|containers|digits|jobs|numbers|combinations|keys|findings|documents)\b|(?<![\d.,/-])1 of \d+ [a-z]+ have\b"
)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")


def wrong_form(message: str) -> str:
    """Return the required form of a message that does not have it, or an empty string."""
    if not message.isprintable() or "  " in message or message != message.strip():
        return f"one line of printable text without surplus spaces: {message!r}"
    if message.endswith(".") and not message.endswith("..."):
        return f"messages have no full stop: {message!r}"
    first = re.match(r"[^\W\d_][\w.-]*", message)
    word = first[0].rstrip(".") if first else ""
    if word[:1].isupper() and word not in _CAPITALIZED and not re.search(r"[A-Z0-9_.]", word[1:]):
        return f"messages start in lower case, unless with the name of a field: {message!r}"
    own_words = _QUOTED.sub("''", message)
    if re.search(r"[a-z]{2}\. [A-Z]", own_words) or "?;" in own_words:
        return f"parts of a message are joined with ';', and a question comes last: {message!r}"
    unidiomatic = _UNIDIOMATIC.search(own_words)
    if unidiomatic:
        return f"{unidiomatic[0]!r} is not how the field writes: {message!r}"
    if _ONE_OF_SEVERAL.search(own_words):
        return f"1 of a thing takes no plural; write it with `counted`: {message!r}"
    return ""
