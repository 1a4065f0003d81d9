"""The tags of the algorithm."""

from __future__ import annotations

from algolint import PartialText, Problem, Related, certainly, known_pieces, listed, rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Text

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PLAIN = frozenset(f"{_LETTERS}{_LETTERS.upper()}0123456789 _.:/=+-@")


@rule(
    on="TagList",
    severity="error",
    also=("warning",),
    evidence="reference: Tag.Key, botocore 1.44.8; 'Tag keys must be unique per resource.'",
)
def tag_duplicate_key(tags: list[Any]) -> Iterator[Problem]:
    """Two tags have the same key.

    A resource has one value for each tag key, so the service rejects the request. Keys that differ only in
    letter case or surrounding spaces are a warning: the service treats them as two keys, but their author
    usually means one, so cost reports and policies miss some resources.

    ```yaml bad
    - Key: team
      Value: forecasting
    - Key: team
      Value: pricing
    ```

    ```yaml good
    - Key: team
      Value: forecasting
    - Key: second-team
      Value: pricing
    ```

    ```yaml bad
    - Key: CostCenter
      Value: "4711"
    - Key: costcenter
      Value: "4711"
    ```

    ```yaml good
    - Key: CostCenter
      Value: "4711"
    ```
    """
    exact: dict[str, int] = {}
    alike: dict[str, int] = {}
    for index, tag in enumerate(tags):
        match tag:
            case {"Key": str() as key}:
                first = exact.setdefault(key, index)
                near = alike.setdefault(key.strip().casefold(), index)
                if first != index:
                    yield Problem(
                        (index, "Key"),
                        f"duplicate tag key {shown(key)}; a resource has one value for each key",
                        related=Related((first, "Key"), "the first tag with this key is here"),
                    )
                elif near != index:
                    other = tags[near]["Key"]
                    yield Problem(
                        (index, "Key"),
                        f"tag key {shown(key)} differs from {shown(other)} only in letter case or spaces; the"
                        " service treats them as two keys",
                        "warning",
                        related=Related((near, "Key"), f"{shown(other)} is set here"),
                    )


@rule(
    on="Tag",
    severity="error",
    also=("warning",),
    evidence="guide: AWS General Reference, aws_tagging, 2023; the prefix aws: is reserved for AWS use",
)
def tag_reserved_prefix(tag: dict[str, Any]) -> Iterator[Problem]:
    """A tag key begins with aws:, which is reserved.

    Only AWS services create tags with that prefix, in any letter case (one is CloudFormation's
    aws:cloudformation:stack-id). They get into a request when the tags of an existing resource are copied.
    In a value the prefix is unusual and not accepted everywhere, so that is a warning.

    ```yaml bad
    Key: aws:cloudformation:stack-name
    Value: forecasting
    ```

    ```yaml good
    Key: stack-name
    Value: forecasting
    ```

    ```yaml bad
    Key: owner
    Value: aws:forecasting
    ```

    ```yaml good
    Key: owner
    Value: forecasting
    ```
    """
    match tag.get("Key"):
        case str() | PartialText() as key if certainly(_is_reserved, key):
            yield Problem("Key", f"tag key {shown(key)} begins with 'aws:', which is reserved for AWS")
    match tag.get("Value"):
        case str() | PartialText() as value if certainly(_is_reserved, value):
            yield Problem(
                "Value", f"tag value {shown(value)} begins with 'aws:', which is reserved for AWS", "warning"
            )


def _is_reserved(text: Text) -> bool:
    return text[:4].lower() == "aws:"


@rule(
    on=("TagKey", "TagValue"),
    severity="error",
    evidence="model: TagKey and TagValue, botocore 1.44.8; letters, spaces, digits and _ . : / = + - @",
    replaces=("pattern-mismatch",),
)
def tag_charset(text: Text) -> Iterator[Problem]:
    """A tag's key or value contains a character that is not allowed in tags.

    Tags allow letters, digits and spaces of any script, and of all other characters only `_ . : / = + -
    @`. With a comma, a parenthesis, `#`, `&`, a quote, an emoji or a line break the service rejects the
    whole request. The AWS clients do not check it.

    ```yaml bad Tag
    Key: purpose
    Value: training, tuning
    ```

    ```yaml good Tag
    Key: purpose
    Value: training and tuning
    ```
    """
    # In order of appearance, so that the first one in the message is the first one in the text.
    wrong = [c for c in dict.fromkeys("".join(known_pieces(text))) if c not in _PLAIN and not _is_allowed(c)]
    if wrong:
        yield Problem(
            (),
            f"{shown(text)} contains {listed(wrong)}; tags allow letters, digits, spaces and _ . : / = + - @",
        )


def _is_allowed(character: str) -> bool:
    """Whether a character outside ASCII is a letter, a digit or a space of Unicode."""
    if character.isascii():
        return False
    from unicodedata import category

    return category(character)[0] in "LNZ"
