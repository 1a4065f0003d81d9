"""The hyperparameters that the algorithm declares: names, types, ranges and defaults."""

from __future__ import annotations

from algolint import (
    UNKNOWN,
    Context,
    Key,
    PartialText,
    Problem,
    Related,
    Remove,
    Rename,
    Replace,
    is_open,
    lacks,
    listed,
    meant,
    rule,
    shown,
)
from algolint.aws.notation import NUMBER_NAMES, is_portable_number, number, portable_number
from algolint.spec.context import Limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path

_RANGES = (
    "IntegerParameterRangeSpecification",
    "ContinuousParameterRangeSpecification",
    "CategoricalParameterRangeSpecification",
)
CATEGORIES: Path = ("Range", "CategoricalParameterRangeSpecification", "Values")


# ---------------------------------------------------------------- names


@rule(
    on="HyperParameterSpecifications",
    severity="error",
    evidence="reference: HyperParameterSpecification.Name, botocore 1.44.8; 'The name must be unique.'",
)
def hp_duplicate_name(hyperparameters: list[Any]) -> Iterator[Problem]:
    """Two hyperparameters have the same Name.

    A job refers to a hyperparameter by its Name, so with two declarations of one name it is not defined
    which of them a value has to conform to. The API reference requires unique names.

    ```yaml bad
    - Name: eta
      Type: Continuous
    - Name: eta
      Type: FreeText
    ```

    ```yaml good
    - Name: eta
      Type: Continuous
    - Name: eta_schedule
      Type: FreeText
    ```
    """
    first: dict[str, int] = {}
    for index, hyperparameter in enumerate(hyperparameters):
        match hyperparameter:
            case {"Name": str() as name} if first.setdefault(name, index) != index and name.strip():
                yield Problem(
                    (index, "Name"),
                    f"{shown(name)} is the Name of two hyperparameters; names must be unique",
                    related=Related((first[name], "Name"), "first declared here"),
                )


@rule(
    on="HyperParameterSpecifications",
    severity="warning",
    also=("error",),
    evidence="derived: the model takes any text as a Name, the empty one too",
    fix="unsafe",
)
def hp_name_blank_or_confusable(hyperparameters: list[Any], context: Context) -> Iterator[Problem]:
    """A hyperparameter's Name is blank, begins or ends with a space, or is another's in other letter case.

    The API's pattern allows all of these. A blank name is an error: no job can set such a hyperparameter.
    The others are warnings: leading and trailing spaces are not visible where the name is used, and `eta`
    beside `Eta` is nearly always one hyperparameter that is declared twice. The fix removes the spaces
    where no profile uses the name; the code of the container may have to be changed too.

    ```yaml bad
    - Name: "eta "
      Type: Continuous
    ```

    ```yaml good
    - Name: "eta"
      Type: Continuous
    ```

    ```yaml bad
    - Name: ""
      Type: FreeText
    ```

    ```yaml bad
    - Name: max_depth
      Type: Integer
    - Name: Max_Depth
      Type: Integer
    ```
    """
    names: list[tuple[int, str]] = []
    first: dict[str, tuple[int, str]] = {}
    for index, hyperparameter in enumerate(hyperparameters):
        match hyperparameter:
            case {"Name": str() as name}:
                folded = name.strip().casefold()
                if not folded:
                    message = "is blank" if name else "is empty"
                    yield Problem((index, "Name"), f"Name {message}; a hyperparameter needs a name", "error")
                    continue
                names.append((index, name))
                if first.setdefault(folded, (index, name))[0] != index or name != name.strip():
                    yield from _confusable(index, name, names, context)


def _confusable(index: int, name: str, names: list[tuple[int, str]], context: Context) -> Iterator[Problem]:
    plain = name.strip()
    alike = [
        location
        for location in names
        if location[1] != name and location[1].strip().casefold() == plain.casefold()
    ]
    related = [Related((location, "Name"), f"declared as {shown(other)}") for location, other in alike[:1]]
    if name != plain:
        is_used = plain in (other for _, other in names) or any(
            name in values for _, values in _profile_values(context)
        )
        fix = None if is_used else Replace((index, "Name"), plain)
        yield Problem((index, "Name"), f"{shown(name)} begins or ends with a space", fix=fix, related=related)
    elif alike:
        yield Problem(
            (index, "Name"),
            f"{shown(name)} differs from the earlier {shown(alike[0][1])} only in letter case or spaces",
            related=related,
        )


@rule(
    on="HyperParameterSpecification",
    severity="warning",
    also=("info",),
    evidence="guide: Developer Guide, automatic-model-tuning-define-metrics-variables, 2023; tuning adds"
    " _tuning_objective_metric; sdk: sagemaker-training 5.1.4, params.py:49; the names that begin with"
    " sagemaker_",
)
def hp_name_reserved(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A hyperparameter has a Name that SageMaker uses itself.

    A tuning job adds `_tuning_objective_metric` to every training job. A container that rejects unknown
    names has to declare it, as AWS's own XGBoost container does (an optional Categorical); for any other
    it is superfluous, so this is an info. It is a warning with IsTunable or IsRequired true, since its
    value is set by the tuning job alone.

    Names that begin with `sagemaker_` are those of the training toolkit in AWS's own containers. The ones
    that the toolkit reads, such as `sagemaker_program`, are an info, since a container that is built on
    the toolkit needs them; any other is a warning.

    ```yaml bad
    Name: _tuning_objective_metric
    IsTunable: true
    ```

    ```yaml good
    Name: objective
    IsTunable: true
    ```

    ```yaml bad
    Name: sagemaker_batch_size
    ```

    ```yaml good
    Name: batch_size
    ```
    """
    match hyperparameter:
        case {"Name": str("_tuning_objective_metric" as name)}:
            flags = [flag for flag in ("IsTunable", "IsRequired") if hyperparameter.get(flag) is True]
            yield Problem(
                "Name",
                f"{shown(name)} is set by tuning jobs, so {flags[0]} cannot be true for it"
                if flags
                else f"{shown(name)} is added by tuning jobs; declare it only if the container rejects"
                " unknown hyperparameters",
                None if flags else "info",
                related=[Related(flag, "set by tuning jobs only") for flag in flags],
            )
        case {"Name": str() as name} if name in _OF_THE_TOOLKIT:
            yield Problem(
                "Name",
                f"{shown(name)} is read by AWS's training toolkit; declare it only for a container with the"
                " toolkit",
                "info",
            )
        case {"Name": str() as name} if name.startswith("sagemaker_"):
            yield Problem(
                "Name",
                f"{shown(name)} begins with 'sagemaker_', which is reserved for AWS's training toolkit",
            )


# What sagemaker-training reads (params.py), without the prefix.
_OF_THE_TOOLKIT = frozenset(
    f"sagemaker_{name}"
    for name in (
        "program submit_directory enable_cloudwatch_metrics region container_log_level job_name s3_output"
        " mpi_enabled mpi_num_of_processes_per_host mpi_num_processes mpi_custom_mpi_options"
        " parameter_server_enabled multi_worker_mirrored_strategy_enabled pytorch_xla_multi_worker_enabled"
    ).split()
)


@rule(
    on="ParameterName",
    severity="info",
    evidence="sdk: sagemaker-training 5.1.4, mapping.py:30-82; options and environment variables of a script",
)
def hp_name_nonportable(name: str) -> Iterator[Problem]:
    """A hyperparameter's Name holds a space or an equals sign, or is a single letter.

    The training toolkit in AWS's containers passes a hyperparameter to the script as the option `--<Name>`
    and in the environment variable `SM_HP_<NAME>`. With a space or `=` in the name neither can be read in
    the usual way, and a single letter becomes the short option `-k`, which the script has to define as
    such. Containers that read hyperparameters.json themselves are not affected, so this is an info.

    ```yaml bad HyperParameterSpecification
    Name: learning rate
    ```

    ```yaml good HyperParameterSpecification
    Name: learning_rate
    ```

    ```yaml bad HyperParameterSpecification
    Name: k
    ```

    ```yaml good HyperParameterSpecification
    Name: num_clusters
    ```
    """
    if name != name.strip() or not name:
        # Reported with the other names that begin or end with a space.
        return
    if " " in name or "=" in name:
        held = "a space" if " " in name else "an equals sign"
        yield Problem(
            (),
            f"{shown(name)} holds {held}; most scripts cannot read the option and the environment variable"
            " that AWS's training toolkit makes of it",
        )
    elif len(name) == 1:
        yield Problem(
            (),
            f"{shown(name)} is a single letter, which AWS's training toolkit passes as a short option, with"
            " one hyphen",
        )


# ---------------------------------------------------------------- required, default


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="reference: HyperParameterSpecification.DefaultValue, botocore 1.44.8; 'If a default value is"
    " specified, a hyperparameter cannot be required.'",
    fix="unsafe",
)
def hp_default_and_required(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A required hyperparameter has a DefaultValue.

    The API reference prohibits the pair: "If a default value is specified, a hyperparameter cannot be
    required." One says that every job must give a value, the other that none has to.

    The service is known to accept it nevertheless: Terraform's provider reports an error about such a spec
    only after it has waited for the status Completed, so the algorithm was created, and an example in AWS's
    developer guide (sagemaker-mkt-create-algo) has both. If you rely on that, lower the rule with
    `--severity hp-default-and-required=warning` or in the configuration.

    The fix keeps the default and makes the hyperparameter optional. If every job has to choose a value,
    delete the DefaultValue instead.

    ```yaml bad
    Name: epochs
    Type: Integer
    IsRequired: true
    DefaultValue: "10"
    ```

    ```yaml good
    Name: epochs
    Type: Integer
    IsRequired: false
    DefaultValue: "10"
    ```
    """
    default = hyperparameter.get("DefaultValue")
    if hyperparameter.get("IsRequired") is True and isinstance(default, str):
        yield Problem(
            "DefaultValue",
            f"DefaultValue is {shown(default)} and IsRequired is true; the API reference does not allow both,"
            " though the service has accepted them",
            fix=Replace("IsRequired", False, title="set IsRequired to false"),
            related=Related("IsRequired", "required here"),
        )


@rule(
    on="HyperParameterSpecification",
    severity="info",
    evidence="reference: CategoricalParameterRangeSpecification.Values, botocore 1.44.8; 'The allowed"
    " categories for the hyperparameter.'",
)
def hp_categorical_without_range(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A Categorical hyperparameter has no Range that lists its categories.

    The categories are what distinguishes Categorical from FreeText. Without them neither the service nor a
    user can tell a valid value from an invalid one.

    ```yaml bad
    Name: booster
    Type: Categorical
    ```

    ```yaml good
    Name: booster
    Type: Categorical
    Range:
      CategoricalParameterRangeSpecification:
        Values: [gbtree, dart]
    ```
    """
    if lacks(hyperparameter, "Range"):
        match hyperparameter:
            case {"Type": str("Categorical")}:
                yield Problem(
                    Key(), f"{called(hyperparameter)}Type is Categorical, but no Range lists the categories"
                )


# ---------------------------------------------------------------- ranges


@rule(
    on="HyperParameterSpecification",
    severity="error",
    also=("warning",),
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; 'The value must correspond to the"
    " type of Range that you specified'",
    fix="unsafe",
)
def hp_range_kind_mismatch(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The Range is of another kind than the hyperparameter's Type.

    An Integer takes an IntegerParameterRangeSpecification, and Continuous and Categorical theirs. The
    Python SDK looks for the range by the Type and raises an error if it is not there. FreeText has no
    range; one that is given is ignored, which is a warning. The fix renames the range if its numbers and
    the default are valid for the Type.

    ```yaml bad
    Type: Integer
    Range:
      ContinuousParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "10"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "10"
    ```

    ```yaml bad
    Type: FreeText
    Range:
      CategoricalParameterRangeSpecification:
        Values: [adam, sgd]
    ```
    """
    kind, ranges = hyperparameter.get("Type"), hyperparameter.get("Range")
    if not isinstance(kind, str) or not isinstance(ranges, dict):
        return
    wanted = f"{kind}ParameterRangeSpecification"
    given = [] if wanted in ranges or is_open(ranges) else [name for name in _RANGES if name in ranges]
    if len(given) != 1:
        return
    where = Key("Range", given[0])
    related = Related("Type", f"Type is {kind}")
    if kind == "FreeText":
        yield Problem(where, f"Type is FreeText, so {given[0]} is ignored", "warning", related=related)
        return
    yield Problem(
        where,
        f"Type is {kind}, but Range has {given[0]}; {kind} takes {wanted}",
        fix=_renamed(hyperparameter, given[0], context),
        related=related,
    )


def _renamed(hyperparameter: dict[str, Any], given: str, context: Context) -> Rename | None:
    """Return the fix that renames the range, if whole numbers in it are valid for the Type as well."""
    kind = hyperparameter["Type"]
    match hyperparameter["Range"][given]:
        case {"MinValue": str() as least, "MaxValue": str() as greatest} if kind in NUMBER_NAMES:
            numbers = all(is_portable_number(text, "Integer") for text in (least, greatest))
            wanted = f"{kind}ParameterRangeSpecification"
            if numbers and _suits(Limits(kind, ("Range", wanted), least, greatest), hyperparameter, context):
                return Rename(("Range", given), wanted)
    return None


def _suits(limits: Limits, hyperparameter: dict[str, Any], context: Context) -> bool:
    """Whether other limits would contradict nothing that is known of a hyperparameter."""
    name = hyperparameter.get("Name", UNKNOWN)
    given = [hyperparameter.get("DefaultValue")]
    if isinstance(name, str):
        given += [values[name] for _, values in _profile_values(context) if name in values]
    if limits.are_crossed or (limits.are_one and may_be_tunable(hyperparameter)):
        return False
    return not any(isinstance(text, str) and limits.broken_by(text) for text in given)


def _profile_values(context: Context) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the hyperparameters that each validation profile sets, with their path."""
    for path, job in context.training_jobs:
        values = job.get("HyperParameters")
        if isinstance(values, dict):
            yield (*path, "HyperParameters"), values


@rule(
    on="HyperParameterSpecification",
    severity="error",
    also=("warning",),
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; 'For Range, specify one of the"
    " following'; sdk: sagemaker 2.257.7, algorithm.py:552, executed; KeyError for an empty Range",
    fix="safe",
)
def hp_range_not_exactly_one(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A Range is empty, or holds more than one kind of range.

    A Range is one of three: whole numbers, decimal numbers or categories. The Python SDK raises an error
    where the one for the Type is absent, so that it cannot use the algorithm. With two kinds of which one
    is for the Type it ignores the other, which is a warning. The fix deletes an empty Range of a
    hyperparameter that is not tunable.

    ```yaml bad
    Type: Integer
    Range: {}
    IsTunable: false
    ```

    ```yaml good
    Type: Integer
    IsTunable: false
    ```

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "8"
      CategoricalParameterRangeSpecification:
        Values: ["1", "2", "4", "8"]
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "8"
    ```
    """
    ranges = hyperparameter.get("Range")
    if not isinstance(ranges, dict) or len(ranges) == 1:
        return
    kind = hyperparameter.get("Type")
    is_needed = isinstance(kind, str) and f"{kind}ParameterRangeSpecification" in _RANGES
    if not ranges and not is_open(ranges):
        yield Problem(
            Key("Range"),
            f"Range is empty; {_taken(hyperparameter)}",
            None if is_needed else "warning",
            fix=None if may_be_tunable(hyperparameter) else Remove("Range", safe=True),
        )
    given = [name for name in _RANGES if name in ranges]
    if len(given) > 1:
        lacks_own = is_needed and lacks(ranges, f"{kind}ParameterRangeSpecification")
        yield Problem(
            Key("Range"),
            f"Range has {' and '.join(given)}; {_taken(hyperparameter)}",
            None if lacks_own else "warning",
        )


def _taken(hyperparameter: dict[str, Any]) -> str:
    match hyperparameter:
        case {"Type": str("FreeText")}:
            return "FreeText takes no Range"
        case {"Type": str("Integer" | "Continuous" | "Categorical" as kind)}:
            return f"{kind} takes one {kind}ParameterRangeSpecification"
    return "it takes exactly one kind of range"


def may_be_tunable(hyperparameter: dict[str, Any]) -> bool:
    match hyperparameter:
        case {"IsTunable": False}:
            return False
    return "IsTunable" in hyperparameter or is_open(hyperparameter)


@rule(
    on="HyperParameterSpecification",
    severity="error",
    also=("warning",),
    evidence="reference: IntegerParameterRangeSpecification.MinValue, botocore 1.44.8; 'The minimum"
    " integer value allowed.'; sdk: sagemaker 2.257.7, algorithm.py:552, executed; int('5.0') and"
    " int('1e3') raise ValueError",
    fix="safe",
)
def hp_bound_not_parseable(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A MinValue or MaxValue is not a number of the hyperparameter's Type.

    The limits of an Integer are whole numbers, without a decimal point or exponent: the Python SDK reads
    them with int(), which raises an error for "5.0" and "1e3", so that its users cannot create an
    estimator for the algorithm. The limits of a Continuous are finite decimal numbers such as 0.1, -2 or
    1e-5; nan, hexadecimal numbers and numbers with units cannot be compared. Infinity is a warning: the
    SDK accepts it, but the reference describes a number; leave the Range out if there is no limit.

    The other forms that only some parsers read (1_000, spaces around) are reported by
    hp-nonportable-number-form.

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "0.5"
        MaxValue: "10"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "10"
    ```

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "1e3"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "1000"
    ```

    ```yaml bad
    Type: Continuous
    Range:
      ContinuousParameterRangeSpecification:
        MinValue: "0"
        MaxValue: inf
    ```

    ```yaml good
    Type: Continuous
    Range:
      ContinuousParameterRangeSpecification:
        MinValue: "0"
        MaxValue: "1e6"
    ```
    """
    limits = context.limits(hyperparameter)
    for path, text in limits.texts() if limits else ():
        kind = hyperparameter["Type"]
        if is_portable_number(text, kind):
            continue
        if number(text, kind) is None:
            is_infinite = kind == "Continuous" and _is_infinite(text)
            yield Problem(
                path,
                f"{path[-1]} {shown(text)} is not {NUMBER_NAMES[kind]}, and Type is {kind}",
                "warning" if is_infinite else None,
            )
        elif kind == "Integer" and not _is_read_as_integer(text):
            plain = portable_number(text, kind)
            yield Problem(
                path,
                f"{path[-1]} {shown(text)} is not written as an integer, and Type is Integer"
                + (f"; write {shown(plain)}" if plain else ""),
                fix=Replace(path, plain, safe=True) if plain and len(plain) <= 256 else None,
            )


def _is_infinite(text: str) -> bool:
    return text.strip().lstrip("+-").lower() in ("inf", "infinity")


def _is_read_as_integer(text: str) -> bool:
    """Whether Python's int() reads a text, as the SDK does."""
    return "." not in text and "e" not in text.lower()


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="sdk: sagemaker 2.257.7, parameter.py:63; a value is valid from minimum to maximum",
    fix="unsafe",
)
def hp_range_min_gt_max(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The MinValue of a Range is above its MaxValue.

    No value is valid in such a range, so no job can set the hyperparameter, and no tuning job can search
    it. Usually the two were swapped. Numbers are compared by all their decimals.

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "100"
        MaxValue: "1"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "100"
    ```
    """
    limits = context.limits(hyperparameter)
    if limits and limits.are_crossed:
        yield Problem(
            (*limits.path, "MinValue"),
            f"MinValue {shown(limits.least)} is above MaxValue {shown(limits.greatest)}; no value is valid",
            fix=_swapped(limits, hyperparameter, context),
            related=Related((*limits.path, "MaxValue"), "MaxValue is the smaller of the two"),
        )


def _swapped(limits: Limits, hyperparameter: dict[str, Any], context: Context) -> Replace | None:
    """Return the fix that swaps the limits, if the default and the profiles' values are then valid."""
    if not _suits(Limits(limits.kind, limits.path, limits.greatest, limits.least), hyperparameter, context):
        return None
    return Replace(
        limits.path,
        {"MinValue": limits.greatest, "MaxValue": limits.least},
        title="swap MinValue and MaxValue",
    )


def categories(hyperparameter: dict[str, Any]) -> list[Any]:
    """Return the Values of a Categorical hyperparameter; none if some of them may not be visible."""
    kind, ranges = hyperparameter.get("Type"), hyperparameter.get("Range")
    categories = ranges.get("CategoricalParameterRangeSpecification") if isinstance(ranges, dict) else None
    if not isinstance(categories, dict) or not isinstance(kind, str) or kind != "Categorical":
        return []
    values = categories.get("Values")
    return values if isinstance(values, list) and not is_open(values) else []


@rule(
    on="ParameterValues",
    severity="warning",
    evidence="service: aws/amazon-sagemaker-feedback#195; a tuning job with duplicate values is rejected",
    fix="safe",
)
def hp_categorical_values_suspicious(values: list[Any]) -> Iterator[Problem]:
    """The categories of a hyperparameter have a duplicate, one in two spellings, or an empty text.

    A tuning job with duplicate values is rejected. Categories that differ only in letter case or spaces
    (`relu`, `ReLU`) are usually one value that was written twice, and an empty one comes from a list that
    was put together wrongly; a container may distinguish them, so both are warnings. The fix deletes exact
    duplicates only.

    ```yaml bad CategoricalParameterRangeSpecification
    Values:
      - relu
      - tanh
      - relu
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values:
      - relu
      - tanh
    ```

    ```yaml bad CategoricalParameterRangeSpecification
    Values: [relu, ReLU]
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values: [relu, elu]
    ```

    ```yaml bad CategoricalParameterRangeSpecification
    Values: [l1, l2, ""]
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values: [l1, l2, none]
    ```
    """
    # For each folded text its spellings, and the index where each occurs first.
    spellings: dict[str, dict[str, int]] = {}
    for index, value in enumerate(values):
        if not isinstance(value, str):
            continue
        alike = spellings.setdefault(value.strip().casefold(), {})
        if value in alike:
            first = alike[value]
            yield Problem(
                index,
                f"the category {shown(value)} is listed twice; tuning jobs reject duplicates",
                fix=Remove(index, title=f"delete the second {shown(value)}", safe=True),
                related=Related(first, "first listed here"),
            )
        elif not value:
            yield Problem(index, "a category is empty text; name it, or delete it")
        elif alike:
            other, first = next(iter(alike.items()))
            yield Problem(
                index,
                f"the category {shown(value)} differs from {shown(other)} only in letter case or spaces",
                related=Related(first, "the other spelling is used here"),
            )
        alike.setdefault(value, index)


# ---------------------------------------------------------------- defaults


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; the DefaultValue is a value of the"
    " hyperparameter",
)
def hp_default_not_parseable(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """The DefaultValue of a number is not a number of that Type.

    A job that does not set the hyperparameter gets the default, and an algorithm that expects an Integer or
    a Continuous then gets something else. Words for "no default" (an empty text, None, auto) do not work:
    leave the field out, or make the Type FreeText.

    ```yaml bad
    Type: Integer
    DefaultValue: "0.1"
    ```

    ```yaml good
    Type: Continuous
    DefaultValue: "0.1"
    ```

    ```yaml bad
    Type: Continuous
    DefaultValue: ""
    ```

    ```yaml good
    Type: Continuous
    ```
    """
    match hyperparameter.get("Type"), hyperparameter.get("DefaultValue"):
        case str("Integer" | "Continuous" as kind), (str() | PartialText()) as default if (
            number(default, kind) is None
        ):
            is_meant = isinstance(default, PartialText) or default.strip()[:1].isdigit()
            hint = "" if is_meant else "; leave DefaultValue out if there is no default"
            yield Problem(
                "DefaultValue",
                f"DefaultValue {shown(default)} is not {NUMBER_NAMES[kind]}, and Type is {kind}{hint}",
                related=Related("Type", f"Type is {kind}"),
            )


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="reference: HyperParameterSpecification.Range, botocore 1.44.8; 'The allowed range for this"
    " hyperparameter.'",
)
def hp_default_out_of_range(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The DefaultValue is outside the hyperparameter's own Range.

    The Python SDK puts the default into jobs without a check, and the algorithm declares that the value is
    not valid. If a value such as -1 means "choose automatically", widen the Range so that it is in it. A
    Range with its limits swapped is reported by hp-range-min-gt-max.

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "10"
    DefaultValue: "0"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "10"
    DefaultValue: "1"
    ```
    """
    limits, default = context.limits(hyperparameter), hyperparameter.get("DefaultValue")
    if limits and isinstance(default, str) and (broken := limits.broken_by(default)):
        path, limit = broken
        side = "below" if path[-1] == "MinValue" else "above"
        yield Problem(
            "DefaultValue",
            f"DefaultValue {shown(default)} is {side} the {path[-1]} {shown(limit)}",
            related=Related(path, f"{path[-1]} is {shown(limit)}"),
        )


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="reference: CategoricalParameterRangeSpecification.Values, botocore 1.44.8; 'The allowed"
    " categories for the hyperparameter.'",
    fix="unsafe",
)
def hp_default_not_in_categories(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """The DefaultValue is not one of the hyperparameter's categories.

    Categories are compared as text, with letter case: `true` is not `True`, and `1` is not `1.0`. The
    Python SDK puts the default into jobs without a check, and the algorithm declares that it is not valid.

    ```yaml bad
    Type: Categorical
    Range:
      CategoricalParameterRangeSpecification:
        Values: ["True", "False"]
    DefaultValue: "true"
    ```

    ```yaml good
    Type: Categorical
    Range:
      CategoricalParameterRangeSpecification:
        Values: ["True", "False"]
    DefaultValue: "True"
    ```
    """
    default, values = hyperparameter.get("DefaultValue"), categories(hyperparameter)
    if not values or not isinstance(default, str):
        return
    if all(isinstance(value, str) and value != default for value in values):
        folded = default.strip().casefold()
        alike = {value for value in values if value.strip().casefold() == folded}
        yield Problem(
            "DefaultValue",
            f"DefaultValue {shown(default)} is not one of the categories ({listed(dict.fromkeys(values))})"
            f"{meant(default, values)}",
            fix=Replace("DefaultValue", *alike) if len(alike) == 1 else None,
            related=Related(CATEGORIES, "the categories are listed here"),
        )


# ---------------------------------------------------------------- how numbers are written


@rule(
    on=("HyperParameterSpecification", "CreateAlgorithmInput"),
    severity="warning",
    evidence="sdk: sagemaker-training 5.1.4, environment.py:223, executed; values are read with"
    " json.loads, so '007' stays text where '7' becomes a number",
    fix="safe",
)
def hp_nonportable_number_form(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A number is written in a form that only some parsers read.

    `1_000`, spaces around, a leading plus, leading zeros and a point at the end are numbers to Python's
    int() and float(), but not to JSON, with which AWS's training toolkit reads the values: a script gets
    the text "007" where it gets the number 7 for "7". `5.0` and `1e3` become decimal numbers where an
    Integer is expected. The plain form works everywhere. Defaults and limits of Integer and Continuous
    hyperparameters are checked, and the values that a validation profile gives them.

    ```yaml bad
    Type: Integer
    DefaultValue: "1_000"
    ```

    ```yaml good
    Type: Integer
    DefaultValue: "1000"
    ```

    ```yaml bad
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "+1"
        MaxValue: "1_000"
    ```

    ```yaml good
    Type: Integer
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "1000"
    ```

    ```yaml bad CreateAlgorithmInput
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: epochs
          Type: Integer
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters:
              epochs: " 5"
    ```

    ```yaml good CreateAlgorithmInput
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: epochs
          Type: Integer
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters:
              epochs: "5"
    ```
    """
    kind = part.get("Type")
    if isinstance(kind, str) and kind in NUMBER_NAMES:
        default, limits = part.get("DefaultValue"), context.limits(part)
        if isinstance(default, str) and _is_nonportable(default, kind):
            yield _rewritten(("DefaultValue",), default, kind)
        for path, text in limits.texts() if limits else ():
            # A limit that the SDK cannot read is reported by hp-bound-not-parseable.
            if _is_nonportable(text, kind) and (kind == "Continuous" or _is_read_as_integer(text)):
                yield _rewritten(path, text, kind)
    if "ValidationSpecification" in part:
        for path, text, kind in _profile_numbers(context):
            if _is_nonportable(text, kind):
                yield _rewritten(path, text, kind)


def _is_nonportable(text: str, kind: str) -> bool:
    return not is_portable_number(text, kind) and number(text, kind) is not None


def _rewritten(path: Path, text: str, kind: str) -> Problem:
    plain = portable_number(text, kind) or text
    message = f"only some parsers read {shown(text)} as {NUMBER_NAMES[kind]}; write {shown(plain)}"
    return Problem(path, message, fix=Replace(path, plain, safe=True) if len(plain) <= 256 else None)


def _is_plain(text: str) -> bool:
    """Whether this is a word or a whole number, as most values are: no type makes it nonportable."""
    return text.isascii() and (text.isalpha() or (text.isdecimal() and text[0] != "0"))


def _profile_numbers(context: Context) -> Iterator[tuple[Path, str, str]]:
    """Yield path, text and Type of the values that profiles give to numeric hyperparameters."""
    for base, values in _profile_values(context):
        for name, text in values.items():
            if isinstance(text, str) and not _is_plain(text) and name in context.hyperparameters:
                kind = context.hyperparameters[name][1].get("Type")
                if isinstance(kind, str) and kind in NUMBER_NAMES:
                    yield (*base, name), text, kind


@rule(
    on="HyperParameterValue",
    severity="info",
    evidence="reference: CreateTrainingJob.HyperParameters, botocore 1.44.8; each value is limited to 256"
    " characters",
)
def hp_value_over_256(value: str, context: Context) -> Iterator[Problem]:
    """The value of a hyperparameter is longer than 256 characters.

    The reference of CreateTrainingJob limits each value to 256 characters, while the API's model allows
    2500, which the service has been seen to accept. Long lists and JSON documents are better kept in an
    input channel.

    ```yaml bad HyperParameterSpecification
    Type: FreeText
    DefaultValue: "age,workclass,fnlwgt,education,education_num,marital_status,occupation,relationship,race,\
    sex,capital_gain,capital_loss,hours_per_week,native_country,income,household_size,years_at_address,\
    monthly_rent,credit_limit,open_accounts,late_payments,region_code,branch_code,campaign_code,channel_code"
    ```

    ```yaml good HyperParameterSpecification
    Type: FreeText
    DefaultValue: "s3://amzn-example-bucket/config/columns.json"
    ```
    """
    if len(value) > 256:
        most = context.model.shape("HyperParameterValue").max
        if most is None or len(value) <= most:
            yield Problem(
                (),
                f"the value has {len(value)} characters; the reference of CreateTrainingJob allows 256, the"
                f" API's model {most}",
            )


# ---------------------------------------------------------------- shared


def called(hyperparameter: dict[str, Any]) -> str:
    """Return how a message begins that is about a whole hyperparameter."""
    match hyperparameter:
        case {"Name": str() as name}:
            return f"{shown(name)}: "
    return ""
