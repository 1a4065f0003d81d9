"""What several files of rules share, most of them on validation profiles."""

from __future__ import annotations

from algolint import Undecided, is_open, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from algolint import Context
    from algolint.values import Path

#: The path of the S3 address in a channel or an input.
S3_URI = ("DataSource", "S3DataSource", "S3Uri")


def items(holder: Any, field: str) -> list[Any]:
    """Return the visible items of a list field; none if the field is absent or unknown."""
    found = holder.get(field) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def names_of(declared: list[Any]) -> Iterator[tuple[int, str]]:
    """Yield the visible names of declarations, each with its index."""
    for index, item in enumerate(declared):
        # A mapping pattern takes five times as long.
        name = item.get("Name") if isinstance(item, dict) else None
        if isinstance(name, str):
            yield index, name


def job_channels(job: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the visible channels of a training job, each with its path in the job."""
    for index, channel in enumerate(items(job, "InputDataConfig")):
        if isinstance(channel, dict):
            yield ("InputDataConfig", index), channel


def s3_source(channel: Any) -> Any:
    """Return the S3DataSource of a channel or an input; None if it is absent or unknown."""
    source = channel.get("DataSource") if isinstance(channel, dict) else None
    return source.get("S3DataSource") if isinstance(source, dict) else None


def texts(values: list[Any]) -> list[str]:
    """Return the known strings of a list."""
    return [value for value in values if isinstance(value, str)]


def repeated(
    rows: Iterable[tuple[Path, Any]], folded: Callable[[str], str] = str
) -> Iterator[tuple[Path, str, Path]]:
    """Yield path and text of each row whose text an earlier row has too, and the path of the first of these.

    Two texts are the same if they are equal once they are `folded`.
    """
    first: dict[str, Path] = {}
    for path, text in rows:
        if isinstance(text, str) and (earlier := first.setdefault(folded(text), path)) != path:
            yield path, text, earlier


def instance_types(resources: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Return the visible instance types that a job may run on, each with its path in `resources`."""
    match resources:
        case {"InstanceType": str() as kind}:
            yield ("InstanceType",), kind
    for field in ("InstanceGroups", "InstancePreferences"):
        for index, item in enumerate(items(resources, field)):
            match item:
                case {"InstanceType": str() as kind}:
                    yield (field, index, "InstanceType"), kind


def may_support(channel: dict[str, Any], compression: str, context: Context) -> bool:
    """Whether the declaration of a profile's channel supports a compression type, or may support it."""
    try:
        _, declared = context.certain_channels[channel["ChannelName"]]
        types = declared.get("SupportedCompressionTypes")
        return not isinstance(types, list) or not types or is_open(types) or compression in types
    except (KeyError, Undecided):
        return True


def without_misspelt(missing: list[str], given: Iterable[str], known: list[str]) -> list[str]:
    """Return the missing names without those that a given name misspells, which another rule reports."""
    meant_here = {nearest(name, known) for name in given if name not in known}
    return [name for name in missing if name not in meant_here]


def are(names: list[str]) -> str:
    """Return "it is" or "they are", for a message about `names`."""
    return "it is" if len(names) == 1 else "they are"
