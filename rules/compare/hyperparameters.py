"""Changed hyperparameters: what training requests and tuning jobs of OLD can no longer do."""

from __future__ import annotations

from algolint import Key, Problem, is_open, listed, nearest, shown
from algolint.aws.notation import compared
from algolint.compare.diff import DiffContext, diff_rule

from ._facts import accepts, bounds, categories, flag, known, may_be_omitted, same_value, samples

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

HYPERPARAMETER = "HyperParameterSpecification"


@diff_rule(
    on=HYPERPARAMETER,
    severity="error",
    breaks=("train", "tune"),
    evidence="reference: TrainingSpecification.SupportedHyperParameters, botocore 1.44.8; a job sets "
    "declared names only",
)
def diff_hp_removed(old: Any, new: Any, context: DiffContext) -> Iterator[Problem]:
    """A hyperparameter was removed.

    Jobs that set it are rejected. If NEW has a similar name, the hyperparameter may have been renamed;
    jobs that set the old name are rejected all the same.

    ```yaml old
    SupportedHyperParameters: [{Name: eta, Type: Continuous}, {Name: depth, Type: Integer}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: depth, Type: Integer}]
    ```

    ```yaml silent
    SupportedHyperParameters: [{Name: depth, Type: Integer}, {Name: eta, Type: Continuous}]
    ```
    """
    if new is None:
        other = nearest(old["Name"], context.added(HYPERPARAMETER))
        hint = f"; renamed to {shown(other)}?" if other else ""
        name = shown(old["Name"])
        yield Problem((), f"hyperparameter {name} was removed; jobs that set it are rejected{hint}")


@diff_rule(
    on=HYPERPARAMETER,
    severity="error",
    breaks=("train", "tune"),
    evidence="reference: HyperParameterSpecification.IsRequired, botocore 1.44.8; a job has to set it",
)
def diff_hp_added_required(old: Any, new: Any) -> Iterator[Problem]:
    """A new hyperparameter is required and has no default.

    Jobs that were written for OLD do not set it, so they are all rejected.

    ```yaml old
    SupportedHyperParameters: [{Name: depth, Type: Integer}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: depth, Type: Integer}, {Name: epochs, Type: Integer, IsRequired: true}]
    ```

    ```yaml silent
    SupportedHyperParameters: [{Name: depth, Type: Integer}, {Name: epochs, Type: Integer, DefaultValue: "5"}]
    ```
    """
    if old is None and not may_be_omitted(new):
        name = shown(new["Name"])
        yield Problem("Name", f"{name} is new, required and has no default; jobs of OLD do not set it")


@diff_rule(
    on=HYPERPARAMETER,
    severity="error",
    breaks=("train", "tune"),
    evidence="reference: HyperParameterSpecification.IsRequired and "
    "HyperParameterSpecification.DefaultValue, botocore 1.44.8; a job has to set it, where "
    "there is no default",
)
def diff_hp_became_required(old: Any, new: Any) -> Iterator[Problem]:
    """A hyperparameter that jobs could leave out is now required.

    ```yaml old
    SupportedHyperParameters: [{Name: epochs, Type: Integer, DefaultValue: "10"}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: epochs, Type: Integer, IsRequired: true}]
    ```

    ```yaml silent
    SupportedHyperParameters: [{Name: epochs, Type: Integer, IsRequired: false}]
    ```
    """
    if old is not None and new is not None and may_be_omitted(old) and not may_be_omitted(new):
        why = "" if known(old, "DefaultValue") is None else "; its default was removed"
        yield Problem(Key("IsRequired"), f"{shown(new['Name'])} is now required{why}")


@diff_rule(
    on=HYPERPARAMETER,
    severity="error",
    breaks=("train", "tune"),
    evidence="reference: HyperParameterSpecification.Type, botocore 1.44.8; the type of the values that a "
    "job may set",
)
def diff_hp_type_narrowed(old: Any, new: Any) -> Iterator[Problem]:
    """The Type of a hyperparameter changed, and a value that was valid no longer is.

    ```yaml old
    SupportedHyperParameters: [{Name: eta, Type: Continuous}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: eta, Type: Integer}]
    ```

    ```yaml silent
    SupportedHyperParameters: [{Name: eta, Type: FreeText}]
    ```
    """
    if old is not None and new is not None:
        before, after = known(old, "Type"), known(new, "Type")
        witness = _no_longer_valid(old, new) if before != after else None
        if witness is not None:
            message = f"Type changed from {before} to {after}; {shown(witness)} is no longer valid"
            yield Problem("Type", message)


def _no_longer_valid(old: Any, new: Any) -> str | None:
    """Return a value that OLD accepts and NEW does not; None if none was found."""
    return next((text for text in samples(old) if not accepts(new, text)), None)


@diff_rule(
    on=HYPERPARAMETER,
    severity="warning",
    also=("error",),
    breaks=("tune",),
    evidence="reference: ParameterRanges, botocore 1.44.8; a tuning job has a list of ranges for each type",
)
def diff_hp_type_changed(old: Any, new: Any) -> Iterator[Problem]:
    """The Type of a hyperparameter changed, though every value of OLD is still valid.

    A tuning job lists a range under IntegerParameterRanges, ContinuousParameterRanges or
    CategoricalParameterRanges. If the hyperparameter was tunable this is an error: such jobs are rejected.

    ```yaml old
    SupportedHyperParameters: [{Name: depth, Type: Integer, IsTunable: true}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: depth, Type: Continuous, IsTunable: true}]
    ```
    """
    if old is not None and new is not None:
        before, after = known(old, "Type"), known(new, "Type")
        if before != after and _no_longer_valid(old, new) is None:
            message = (
                f"Type changed from {before} to {after}; tuning jobs of OLD list it under"
                f" {before}ParameterRanges"
            )
            yield Problem("Type", message, "error" if flag(old, "IsTunable") else None)


@diff_rule(
    on=HYPERPARAMETER,
    severity="error",
    breaks=("train", "tune"),
    evidence="reference: HyperParameterSpecification.Range, botocore 1.44.8; a job sets values inside of it",
)
def diff_hp_range_narrowed(old: Any, new: Any) -> Iterator[Problem]:
    """The Range of a hyperparameter no longer includes all the values that it did.

    ```yaml old
    SupportedHyperParameters:
      - Name: depth
        Type: Integer
        Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "100"}}
    ```

    ```yaml new
    SupportedHyperParameters:
      - Name: depth
        Type: Integer
        Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "10"}}
    ```

    ```yaml silent
    SupportedHyperParameters:
      - Name: depth
        Type: Integer
        Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "1000"}}
    ```
    """
    if old is None or new is None or (kind := known(old, "Type")) != known(new, "Type"):
        return
    before, after = categories(old), categories(new)
    if before is not None and after is not None:
        lost = [value for value in before if value not in after]
        if lost:
            yield Problem("Range", f"{shown(new['Name'])} no longer accepts {listed(lost)}")
        return
    field = f"{kind}ParameterRangeSpecification"
    limits = zip(("MinValue", "MaxValue"), (1, -1), bounds(old), bounds(new), strict=True)
    for key, sign, one, other in limits:
        if one is not None and other is not None and sign * compared(other, one) > 0:
            texts = old["Range"][field][key], new["Range"][field][key]
            message = f"{key} changed from {shown(texts[0])} to {shown(texts[1])}"
            yield Problem(("Range", field, key), message)


@diff_rule(
    on=HYPERPARAMETER,
    severity="warning",
    breaks=("train", "tune"),
    evidence="reference: HyperParameterSpecification.Range, botocore 1.44.8; a job sets values inside of it",
)
def diff_hp_range_set(old: Any, new: Any) -> Iterator[Problem]:
    """A hyperparameter that accepted any value of its Type now has a Range.

    ```yaml old
    SupportedHyperParameters: [{Name: depth, Type: Integer}]
    ```

    ```yaml new
    SupportedHyperParameters:
      - Name: depth
        Type: Integer
        Range: {IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "10"}}
    ```
    """
    if old is None or new is None or known(old, "Type") != (kind := known(new, "Type")) or kind == "FreeText":
        return
    if known(old, "Range") is None and known(new, "Range") is not None:
        yield Problem(Key("Range"), f"{shown(new['Name'])} now has a Range; values outside it are rejected")


@diff_rule(
    on=HYPERPARAMETER,
    severity="error",
    breaks=("tune",),
    evidence="reference: HyperParameterSpecification.IsTunable, botocore 1.44.8; a tuning job searches "
    "tunable ones only",
)
def diff_hp_not_tunable(old: Any, new: Any) -> Iterator[Problem]:
    """A hyperparameter is no longer tunable; tuning jobs that search it are rejected.

    ```yaml old
    SupportedHyperParameters: [{Name: eta, Type: Continuous, IsTunable: true}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: eta, Type: Continuous, IsTunable: false}]
    ```

    ```yaml silent
    SupportedHyperParameters: [{Name: eta, Type: Continuous, IsTunable: true, DefaultValue: "0.1"}]
    ```
    """
    if old is not None and new is not None and flag(old, "IsTunable") and not flag(new, "IsTunable"):
        name = shown(new["Name"])
        yield Problem(
            Key("IsTunable"), f"{name} is no longer tunable; tuning jobs that search it are rejected"
        )


@diff_rule(
    on=HYPERPARAMETER,
    severity="warning",
    also=("info",),
    breaks=("train", "tune"),
    evidence="sdk: sagemaker 2.257.7, algorithm.py:504; defaults are sent with every job",
)
def diff_hp_default_changed(old: Any, new: Any) -> Iterator[Problem]:
    """The default of a hyperparameter was changed, removed or added.

    No job is rejected, but jobs that leave the hyperparameter out train differently. A new default is
    reported as info: the SDK sends it with every job from then on.

    ```yaml old
    SupportedHyperParameters: [{Name: eta, Type: Continuous, DefaultValue: "0.1"}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: eta, Type: Continuous, DefaultValue: "0.3"}]
    ```

    ```yaml silent
    SupportedHyperParameters: [{Name: eta, Type: Continuous, DefaultValue: "1e-1"}]
    ```
    """
    if old is None or new is None:
        return
    before, after = known(old, "DefaultValue"), known(new, "DefaultValue")
    name = shown(new["Name"])
    if before is None and after is not None:
        yield Problem("DefaultValue", f"{name} now has a default; the SDK sends it with every job", "info")
    elif before is not None and after is None and may_be_omitted(new):
        yield Problem((), f"the default of {name}, {shown(before)}, was removed; jobs may rely on it")
    elif before is not None and after is not None and not same_value(before, after, known(new, "Type")):
        message = f"the default of {name} changed from {shown(before)} to {shown(after)}"
        yield Problem("DefaultValue", f"{message}; jobs that leave it out train differently")


@diff_rule(
    on=HYPERPARAMETER,
    severity="info",
    evidence="derived: every request that OLD accepts is valid for NEW",
)
def diff_hp_widened(old: Any, new: Any) -> Iterator[Problem]:
    """A hyperparameter is new and optional, or accepts more than before.

    ```yaml old
    SupportedHyperParameters: [{Name: eta, Type: Continuous, IsRequired: true}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: eta, Type: Continuous, IsRequired: false}]
    ```
    """
    if old is None:
        if may_be_omitted(new):
            yield Problem("Name", f"{shown(new['Name'])} is new and optional")
        return
    if new is None:
        return
    name = shown(new["Name"])
    if not may_be_omitted(old) and may_be_omitted(new):
        yield Problem(Key("IsRequired"), f"{name} is now optional")
    if not flag(old, "IsTunable") and flag(new, "IsTunable"):
        yield Problem(Key("IsTunable"), f"{name} is now tunable")
    if known(old, "Type") == known(new, "Type") and (more := _widened(old, new)):
        yield Problem(Key("Range"), f"{name} {more}")


def _widened(old: Any, new: Any) -> str:
    """Return what a hyperparameter accepts more than before, as a message states it; "" if nothing."""
    if known(old, "Range") is not None and known(new, "Range") is None:
        return "no longer has a Range"
    before, after = categories(old), categories(new)
    if before is not None and after is not None:
        added = [value for value in after if value not in before]
        return f"now also accepts {listed(added)}" if added else ""
    kind = known(new, "Type")
    field = f"{kind}ParameterRangeSpecification"
    for key, sign, one, other in zip(
        ("MinValue", "MaxValue"), (1, -1), bounds(old), bounds(new), strict=True
    ):
        if one is not None and other is not None and sign * compared(other, one) < 0:
            before, after = old["Range"][field][key], new["Range"][field][key]
            return f"accepts more: {key} changed from {shown(before)} to {shown(after)}"
    return ""


@diff_rule(
    on="TrainingSpecification",
    severity="warning",
    breaks=("warm-start",),
    evidence="reference: HyperParameterTuningJobWarmStartConfig.WarmStartType, botocore 1.44.8; 'the "
    "total number of static plus tunable hyperparameters must remain the same'",
)
def diff_hp_count(old: Any, new: Any) -> Iterator[Problem]:
    """The number of hyperparameters changed; a warm start needs the same number as in its parent jobs.

    ```yaml old
    SupportedHyperParameters: [{Name: eta, Type: Continuous}]
    ```

    ```yaml new
    SupportedHyperParameters: [{Name: eta, Type: Continuous}, {Name: depth, Type: Integer}]
    ```
    """
    if old is None or new is None:
        return
    before, after = (known(one, "SupportedHyperParameters") for one in (old, new))
    counts = [len(found) if isinstance(found, list) else 0 for found in (before, after)]
    if is_open(before) or is_open(after) or counts[0] == counts[1]:
        return
    message = f"the number of hyperparameters changed from {counts[0]} to {counts[1]}"
    limit = "a warm start needs the same number as in its parent jobs"
    yield Problem(Key("SupportedHyperParameters"), f"{message}; {limit}")
