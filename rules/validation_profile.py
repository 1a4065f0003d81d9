"""The name of a validation profile."""

from __future__ import annotations

from algolint import PartialText, Problem, Replace, listed, rule, shown
from algolint.aws.notation import is_entity_name
from algolint.aws.patterns import may_match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# EntityName, botocore 1.44.8.
_MAX_LENGTH = 63


@rule(
    on="AlgorithmValidationProfile",
    severity="error",
    evidence="model: EntityName, botocore 1.44.8; 1 to 63 of a-z, A-Z, 0-9 and hyphen, a letter or digit"
    " first and last",
    replaces=("pattern-mismatch", "string-length"),
    fix="unsafe",
)
def profile_name_pattern(profile: dict[str, Any]) -> Iterator[Problem]:
    """A ProfileName has other characters than letters, digits and inner hyphens, or more than 63.

    Underscores, dots and spaces are the usual mistakes: names of hyperparameters and channels allow them,
    names of profiles do not. The service rejects the whole request.

    ```yaml bad
    ProfileName: smoke_test
    ```

    ```yaml good
    ProfileName: smoke-test
    ```
    """
    match profile:
        case {"ProfileName": str() as name} if not is_entity_name(name):
            yield Problem("ProfileName", f"ProfileName {shown(name)} {_fault(name)}", fix=_hyphenated(name))
        case {"ProfileName": PartialText() as name} if not may_match(_NAME, name):
            takes = f"it takes 1 to {_MAX_LENGTH} letters, digits and inner hyphens"
            yield Problem("ProfileName", f"ProfileName {shown(name)} is not a valid name; {takes}")


_NAME = r"[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}"


def _fault(name: str) -> str:
    """Return what is wrong with a name that is not valid, and what is allowed."""
    if not name or len(name) > _MAX_LENGTH:
        return f"has {len(name)} characters; it takes 1 to {_MAX_LENGTH}"
    wrong = sorted({c for c in name if not (c.isascii() and c.isalnum()) and c != "-"})
    if wrong:
        return f"contains {listed(wrong)}; it takes letters, digits and hyphens"
    return "begins or ends with a hyphen; it has to begin and end with a letter or digit"


def _hyphenated(name: str) -> Replace | None:
    """Return the fix that replaces what is not allowed with hyphens, if that makes a valid name."""
    import re

    better = re.sub(r"[^a-zA-Z0-9]+", "-", name).strip("-")
    return Replace("ProfileName", better) if is_entity_name(better) else None
