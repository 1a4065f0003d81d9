"""Changed channels: which data jobs can no longer pass, and in which form."""

from __future__ import annotations

from algolint import Key, Problem, every, listed, nearest, shown
from algolint.compare.diff import DiffContext, diff_rule

from ._facts import flag, known, known_texts, only_in_first, texts, uncovered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

CHANNEL = "ChannelSpecification"


@diff_rule(
    on=CHANNEL,
    severity="error",
    breaks=("train", "tune"),
    evidence="reference: TrainingSpecification.TrainingChannels, botocore 1.44.8; a job uses the "
    "declared channels",
)
def diff_channel_removed(old: Any, new: Any, context: DiffContext) -> Iterator[Problem]:
    """A channel was removed; jobs that use it are rejected.

    ```yaml old
    TrainingChannels: [{Name: train}, {Name: validation}]
    ```

    ```yaml new
    TrainingChannels: [{Name: train}]
    ```

    ```yaml silent
    TrainingChannels: [{Name: validation}, {Name: train}]
    ```
    """
    if new is None:
        other = nearest(old["Name"], context.added(CHANNEL))
        hint = f"; renamed to {shown(other)}?" if other else ""
        yield Problem((), f"channel {shown(old['Name'])} was removed; jobs that use it are rejected{hint}")


@diff_rule(
    on=CHANNEL,
    severity="error",
    breaks=("train", "tune"),
    evidence="reference: ChannelSpecification.IsRequired, botocore 1.44.8; a job has to have data for a "
    "required channel",
)
def diff_channel_required(old: Any, new: Any) -> Iterator[Problem]:
    """A channel is required that jobs of OLD can leave out.

    ```yaml old
    TrainingChannels: [{Name: train, IsRequired: true}]
    ```

    ```yaml new
    TrainingChannels: [{Name: train, IsRequired: true}, {Name: labels, IsRequired: true}]
    ```

    ```yaml silent
    TrainingChannels: [{Name: train, IsRequired: true}, {Name: labels, IsRequired: false}]
    ```
    """
    if new is not None and flag(new, "IsRequired") and (old is None or not flag(old, "IsRequired")):
        state = "new and required" if old is None else "no longer optional"
        message = f"channel {shown(new['Name'])} is {state}; jobs without it are rejected"
        yield Problem("Name" if old is None else Key("IsRequired"), message)


@diff_rule(
    on=CHANNEL,
    severity="error",
    also=("info",),
    breaks=("train", "tune"),
    evidence="reference: ChannelSpecification.SupportedInputModes, botocore 1.44.8; a job reads the "
    "channel in one of them",
)
def diff_channel_mode_removed(old: Any, new: Any) -> Iterator[Problem]:
    """A channel no longer supports an input mode; jobs that use it are rejected.

    The removal of FastFile is reported as info if File is still supported: an algorithm that supports File
    works with FastFile without a change.

    ```yaml old
    TrainingChannels: [{Name: train, SupportedInputModes: [File, Pipe]}]
    ```

    ```yaml new
    TrainingChannels: [{Name: train, SupportedInputModes: [File]}]
    ```

    ```yaml silent
    TrainingChannels: [{Name: train, SupportedInputModes: [Pipe, File]}]
    ```
    """
    if old is not None and new is not None:
        for mode in only_in_first(old, new, "SupportedInputModes"):
            has_file = "File" in known_texts(new, "SupportedInputModes")
            message = f"channel {shown(new['Name'])} no longer supports {mode}"
            yield Problem("SupportedInputModes", message, "info" if mode == "FastFile" and has_file else None)


@diff_rule(
    on=CHANNEL,
    severity="error",
    breaks=("train", "tune"),
    evidence="reference: ChannelSpecification.SupportedContentTypes, botocore 1.44.8; the types of "
    "data that the algorithm reads",
)
def diff_channel_content_type_removed(old: Any, new: Any) -> Iterator[Problem]:
    """A channel no longer supports a content type.

    ```yaml old
    TrainingChannels: [{Name: train, SupportedContentTypes: [text/csv, text/libsvm]}]
    ```

    ```yaml new
    TrainingChannels: [{Name: train, SupportedContentTypes: [text/csv]}]
    ```

    ```yaml silent
    TrainingChannels: [{Name: train, SupportedContentTypes: ["text/csv; label_size=0", TEXT/LIBSVM]}]
    ```
    """
    if old is not None and new is not None:
        missing = uncovered(old, new, "SupportedContentTypes")
        if missing and texts(new, "SupportedContentTypes"):
            message = f"channel {shown(new['Name'])} no longer supports {listed(missing)}"
            yield Problem("SupportedContentTypes", message)


@diff_rule(
    on=CHANNEL,
    severity="error",
    also=("warning",),
    breaks=("train", "tune"),
    evidence="reference: ChannelSpecification.SupportedCompressionTypes, botocore 1.44.8; a job "
    "compresses its data in one of these ways",
)
def diff_channel_compression_removed(old: Any, new: Any) -> Iterator[Problem]:
    """A channel no longer supports a compression type.

    It is a warning where OLD listed none and NEW lists only one: jobs may have used the other.

    ```yaml old
    TrainingChannels: [{Name: train, SupportedCompressionTypes: [None, Gzip]}]
    ```

    ```yaml new
    TrainingChannels: [{Name: train, SupportedCompressionTypes: [None]}]
    ```

    ```yaml silent
    TrainingChannels: [{Name: train}]
    ```
    """
    after = texts(new, "SupportedCompressionTypes") if new is not None else None
    if old is None or after is None:
        return
    name = shown(new["Name"])
    if known(old, "SupportedCompressionTypes") is None:
        other = [text for text in ("None", "Gzip") if text not in after]
        if other:
            message = f"channel {name} listed no compression types, and now does not support {listed(other)}"
            yield Problem("SupportedCompressionTypes", message, "warning")
    elif missing := only_in_first(old, new, "SupportedCompressionTypes"):
        yield Problem("SupportedCompressionTypes", f"channel {name} no longer supports {listed(missing)}")


@diff_rule(
    on="TrainingSpecification",
    severity="error",
    breaks=("train",),
    evidence="sdk: sagemaker 2.257.7, algorithm.py:575; one mode has to be supported by all channels",
)
def diff_sdk_mode_lost(old: Any, new: Any) -> Iterator[Problem]:
    """The channels no longer share an input mode that the SDK's AlgorithmEstimator could use.

    It uses one mode, File by default, for all channels, and raises an error unless every declared channel
    supports it, even if the job does not use that channel. A new optional channel that supports only Pipe
    is enough.

    ```yaml old
    TrainingChannels: [{Name: train, SupportedInputModes: [File]}]
    ```

    ```yaml new
    TrainingChannels: [{Name: train, SupportedInputModes: [File]}, {Name: aux, SupportedInputModes: [Pipe]}]
    ```

    ```yaml silent
    TrainingChannels: [{Name: train, SupportedInputModes: [File]}, {Name: aux, SupportedInputModes: [File]}]
    ```
    """
    if old is None or new is None:
        return
    before, after = _shared_modes(old), _shared_modes(new)
    lost = [mode for mode in ("File", "Pipe") if mode in before and mode not in after]
    before_names = [known(channel, "Name") for _, channel in every(old, "TrainingChannels", ...)]
    added = [c for _, c in every(new, "TrainingChannels", ...) if known(c, "Name") not in before_names]
    blame = [c["Name"] for c in added if not set(lost) <= set(texts(c, "SupportedInputModes") or ())]
    # A mode that a channel of OLD lost is reported there.
    if lost and blame:
        message = f"with the new channel {shown(blame[0])} not all channels support {listed(lost)}"
        yield Problem("TrainingChannels", f"{message}; AlgorithmEstimator rejects every job in that mode")


def _shared_modes(training: Any) -> set[str]:
    """Return the modes that all channels of a specification support."""
    modes: set[str] | None = None
    for _, channel in every(training, "TrainingChannels", ...):
        found = set(texts(channel, "SupportedInputModes") or ())
        modes = found if modes is None else modes & found
    return modes or set()


@diff_rule(on=CHANNEL, severity="info", evidence="derived: every request that OLD accepts is valid for NEW")
def diff_channel_widened(old: Any, new: Any) -> Iterator[Problem]:
    """A channel is new and optional, has become optional, or supports more modes or types than before.

    ```yaml old
    TrainingChannels: [{Name: train, IsRequired: true}]
    ```

    ```yaml new
    TrainingChannels: [{Name: train, IsRequired: true}, {Name: validation, IsRequired: false}]
    ```
    """
    if new is None:
        return
    name = shown(new["Name"])
    if old is None:
        if not flag(new, "IsRequired"):
            yield Problem("Name", f"channel {name} is new and optional")
        return
    if flag(old, "IsRequired") and not flag(new, "IsRequired"):
        yield Problem(Key("IsRequired"), f"channel {name} is now optional")
    for field in ("SupportedInputModes", "SupportedCompressionTypes"):
        if known(old, field) is not None and (added := only_in_first(new, old, field)):
            yield Problem(field, f"channel {name} now supports {listed(added)}")
    if added := uncovered(new, old, "SupportedContentTypes"):
        yield Problem("SupportedContentTypes", f"channel {name} now supports {listed(added)}")
