"""Texts that stand for other values: template expressions, placeholders, accounts of AWS's documentation."""

from __future__ import annotations

from algolint.aws.notation import EXAMPLE_BUCKETS
from algolint.messages import shown
from algolint.values import UNKNOWN, PartialText, Unknown, known_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.values import Text

#: Shapes whose text may hold ${ and {{ without being a template: regular expressions.
NEVER_TEMPLATES = frozenset({"MetricRegex"})

_MARKER = r"REPLACE_?ME|CHANGE_?ME"
_ADDRESS_MARKER = (
    r"<[^<>]*>|REPLACE_?ME|CHANGE_?ME|\bYOUR[_-]|\bTODO\b"
    r"|\byour[_-](?:own[_-]|s3[_-])*(?:account|bucket|image|key|region|repo|repository|role)\b"
)
_CAPITALS = ("REPLACE", "CHANGE", "YOUR", "TODO")
#: Shapes of names, in which a placeholder is the whole text, and of addresses, in which it is any part.
NAMES = frozenset(
    {"AdditionalModelChannelName", "ChannelName", "ContainerHostname", "EntityName", "HubContentName"}
    | {"InstanceGroupName", "MetricName", "ParameterName"}
)
ADDRESSES = frozenset(
    {"ContainerImage", "DirectoryPath", "FileSystemId", "HubContentArn", "HubDataSetArn", "ImageDigest"}
    | {"KmsKeyId", "ProductId", "RoleArn", "S3ModelUri", "S3Uri", "TrainingPlanArn", "Url"}
)
# Values of Python's % formatting, %(bucket)s, and tokens that CI tools replace: $(Build.Number), @@NAME@@,
# #{Name} and __NAME__.
_TOKEN = r"%\(\w+\)[sdrifgx]|\$\([\w.-]+\)|@@\w+@@|#\{[\w. -]+\}|__[A-Z](?:_?[A-Z0-9])*__"
_TOKEN_MARKS = ("%(", "$(", "@@", "#{", "__")


# Marks of expressions, and what ends them.
_PAIRS = (("${", "}"), ("{{", "}}"), ("{%", "%}"), ("%{", "}"), ("<%", "%>"))


def is_template(text: str) -> bool:
    """Whether the text contains an expression that another tool fills in before the request is sent."""
    if not ("{" in text or "%" in text or "$(" in text or "@@" in text or "__" in text):
        # Nearly all texts have none of these, of which each expression has one.
        return False
    if any(text.find(start) >= 0 and text.find(end, text.find(start) + 2) >= 0 for start, end in _PAIRS):
        return True
    if not any(mark in text for mark in _TOKEN_MARKS):
        return False
    import re

    return re.search(_TOKEN, text) is not None


def is_unknown(value: Any) -> bool:
    """Whether a value is not known: the file does not show it, or another tool fills it in."""
    return isinstance(value, Unknown) or (isinstance(value, str) and is_template(value))


# Every kind of expression, not only those by which `is_template` recognizes a template. A run of dollars is
# tried only from its start.
_EXPRESSION = (
    r"\{%.*%\}|%\{.*\}|<%=(?:(?!%>).)*%>|<%(?!=).*%>"
    r"|(?<!\$)\$*\{\{(?:(?!\{\{).)*?\}\}+|(?<!\$)\$+\{(?:[^{}]|\{[^{}]*\})*\}|(?<!\$)\$+\([^()]*\)|\$\w+"
    rf"|{_TOKEN}|[#@]?\{{[^{{}}]*\}}"
)


def template_text(text: Text) -> PartialText | Unknown:
    """Return the known pieces of a template's text: those between its expressions."""
    import re

    known = known_pieces(text)
    # Each mark that nothing ends would be searched for its end.
    if any(piece.rfind(start) > piece.rfind(end) for piece in known for start, end in _PAIRS):
        return UNKNOWN
    pieces = [part for piece in known for part in re.split(_EXPRESSION, piece, flags=re.DOTALL)]
    left_over = any(mark in piece for piece in pieces for pair in _PAIRS for mark in pair if len(mark) > 1)
    if not any(pieces) or len(pieces) == 1 or left_over:
        return UNKNOWN
    return PartialText(pieces, text if isinstance(text, str) else text.written)


def is_placeholder(text: str, shape: str, is_choice: bool = False) -> bool:
    """Whether the text of a shape is a placeholder that was not filled in, such as <RoleArn>.

    `is_choice`: the shape has an enum, and the text is not in it.
    """
    # Every marker contains one of these, and most texts none; loading `re` is a quarter of a clean run.
    has_capitals = not text.islower() and any(mark in text for mark in _CAPITALS)
    if "<" not in text and "your" not in text and not has_capitals:
        return False
    import re

    if is_choice or shape in ADDRESSES:
        return re.search(_ADDRESS_MARKER, text) is not None
    if shape in NAMES:
        whole = text.startswith("<") and text.endswith(">")
        return whole or re.search(_MARKER, text) is not None
    return False


def without_masks(text: Text, shape: str) -> PartialText | Unknown:
    """Return the known pieces of a text with placeholders: those between masks such as `<account>`."""
    import re

    pieces = [part for piece in known_pieces(text) for part in re.split(r"<[^<>]*>", piece)]
    if len(pieces) == 1 or not any(pieces) or any(is_placeholder(piece, shape) for piece in pieces):
        return UNKNOWN
    return PartialText(pieces, text if isinstance(text, str) else text.written)


# The accounts that AWS's documentation uses as examples; no package lists them.
_EXAMPLE_ACCOUNTS = ("123456789012", "111122223333", "000000000000")
#: Shapes whose text contains an account.
HOLD_ACCOUNTS = frozenset(
    {"ContainerImage", "HubContentArn", "HubDataSetArn", "KmsKeyId", "RoleArn", "S3ModelUri", "S3Uri"}
    | {"TrainingPlanArn", "Url"}
)


def example_account(text: Text) -> str:
    """Return the account of AWS's documentation that an image, ARN or S3 address belongs to, or "".

    Only an image's host, an ARN's account and a bucket's name count; a key or a tag may have any digits.
    """
    if isinstance(text, PartialText):
        # Digits next to an unknown part may belong to a longer number.
        text = "77".join(text.pieces)
    for account in _EXAMPLE_ACCOUNTS:
        if account in text:
            import re

            # The bucket is the third part between slashes, the account of an image in the first.
            location = text.split("/", 3)[2:3] if "://" in text else text.split("/", 1)[:1]
            if account in re.findall(r"\d+", location[0] if location else ""):
                return account
    return ""


def example_in(text: Text) -> str:
    """Return the account or bucket of AWS's documentation in a text, in the words of a message, or ""."""
    account = example_account(text)
    if account:
        return f"account {account}"
    first = known_pieces(text)[0]
    bucket, slash, _ = first[5:].partition("/") if first.startswith("s3://") else ("", "", "")
    is_whole = slash or isinstance(text, str)
    return f"bucket {shown(bucket)}" if is_whole and bucket.startswith(EXAMPLE_BUCKETS) else ""


# A skeleton has at least this many equal texts, and they are more than this share of all texts.
_MIN_ALIKE = 6
_PART_ALIKE = 0.5


def skeleton_text(spec: Any) -> tuple[str, int, int] | None:
    """Return the text that is repeated in a skeleton, how often, and the number of all texts; or None.

    AWS's documentation has "string" in place of each text, and a skeleton of the AWS CLI has "".
    """
    texts: list[str] = []
    _collect_texts(spec, texts)
    for word in ("string", ""):
        count = texts.count(word)
        if count >= _MIN_ALIKE and count > _PART_ALIKE * len(texts):
            return word, count, len(texts)
    return None


def _collect_texts(value: Any, texts: list[str]) -> None:
    """Add the texts in a value to `texts`. A recursive generator takes twice as long."""
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            if isinstance(item, str):
                texts.append(item)
            else:
                _collect_texts(item, texts)
