"""What the algorithm says of its hyperparameters: names, types, ranges, defaults and tuning."""

from __future__ import annotations

from algolint import (
    Context,
    Key,
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
_CATEGORIES: Path = ("Range", "CategoricalParameterRangeSpecification", "Values")


# ---------------------------------------------------------------- names


@rule(
    on="HyperParameterSpecifications",
    severity="error",
    evidence="reference: HyperParameterSpecification, Name must be unique",
)
def hp_duplicate_name(hyperparameters: list[Any]) -> Iterator[Problem]:
    """Two hyperparameters have the same Name.

    A job names a hyperparameter only by its Name, so nobody could say which of the two declarations
    its value has to obey. The API asks for unique names.

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
                    f"{shown(name)} is the Name of an earlier hyperparameter too; names must be unique",
                    related=Related((first[name], "Name"), "the first of that name"),
                )


@rule(
    on="HyperParameterSpecifications",
    severity="warning",
    also=("error",),
    evidence="derived: the model takes any text as a Name, the empty one too",
    fix="unsafe",
)
def hp_name_blank_or_confusable(hyperparameters: list[Any]) -> Iterator[Problem]:
    """A hyperparameter's Name is blank, begins or ends with a space, or is another's in other letter case.

    The API's pattern allows all of these. A blank name is an error: no job can sensibly set it. The
    others are warnings: spaces at the ends cannot be seen where the name is used, and `eta` beside
    `Eta` is nearly always one hyperparameter declared twice. Removing the spaces is left to the author,
    because profiles and the container's code must follow.

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
                    yield from _confusable(index, name, names)


def _confusable(index: int, name: str, names: list[tuple[int, str]]) -> Iterator[Problem]:
    plain = name.strip()
    alike = [
        location
        for location in names
        if location[1] != name and location[1].strip().casefold() == plain.casefold()
    ]
    related = [Related((location, "Name"), f"here it is {shown(other)}") for location, other in alike[:1]]
    if name != plain:
        fix = None if plain in (other for _, other in names) else Replace((index, "Name"), plain)
        yield Problem((index, "Name"), f"{shown(name)} begins or ends with a space", fix=fix, related=related)
    elif alike:
        yield Problem(
            (index, "Name"),
            f"{shown(name)} differs from the earlier {shown(alike[0][1])} only in letter case or spaces",
            related=related,
        )


@rule(
    on="ParameterName",
    severity="warning",
    also=("error",),
    evidence="guide: automatic-model-tuning-define-metrics-variables, the hyperparameter that tuning adds",
)
def hp_name_reserved(name: str) -> Iterator[Problem]:
    """A hyperparameter has a Name that SageMaker uses itself.

    A tuning job adds `_tuning_objective_metric` to every training job, so an algorithm that declares it
    is in its way: an error. Names that begin with `sagemaker_` belong to the script mode toolkit of
    AWS's own containers (`sagemaker_program`, `sagemaker_submit_directory`); a container that is built
    on the toolkit may declare them on purpose, any other had better not, hence a warning.

    ```yaml bad HyperParameterSpecification
    Name: _tuning_objective_metric
    ```

    ```yaml good HyperParameterSpecification
    Name: objective
    ```

    ```yaml bad HyperParameterSpecification
    Name: sagemaker_batch_size
    ```

    ```yaml good HyperParameterSpecification
    Name: batch_size
    ```
    """
    if name == "_tuning_objective_metric":
        message = f"{shown(name)} is added to every training job of a tuning job; no algorithm can declare it"
        yield Problem((), message, "error")
    elif name.startswith("sagemaker_"):
        yield Problem((), f"{shown(name)} begins with sagemaker_, as the names of AWS's own toolkit do")


# ---------------------------------------------------------------- required, default, tunable


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="reference: HyperParameterSpecification, DefaultValue: with a default it cannot be required",
    fix="unsafe",
)
def hp_default_and_required(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A required hyperparameter has a DefaultValue.

    The API reference rules the pair out: "If a default value is specified, a hyperparameter cannot be
    required." The two say opposite things to whoever runs the algorithm: that a value must be given,
    and that one need not be. The service has nevertheless been seen to create algorithms with both, and
    one of AWS's own examples has both; who relies on that lowers this rule with
    `--severity hp-default-and-required=warning` or in the configuration. The fix keeps the default and
    makes the hyperparameter optional; if every job must choose a value, delete the DefaultValue instead.

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
            f"DefaultValue is {shown(default)} although IsRequired is true; by the API reference a"
            " hyperparameter with a default cannot be required (the service has been seen to accept it)",
            fix=Replace("IsRequired", False, title="set IsRequired to false"),
            related=Related("IsRequired", "required here"),
        )


@rule(
    on="HyperParameterSpecification",
    severity="warning",
    evidence="guide: sagemaker-mkt-create-algo, Range of a hyperparameter",
    replaces=("hp-categorical-without-range",),
)
def hp_tunable_without_range(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A tunable hyperparameter has no Range.

    Who runs a tuning job gives the values to search; without a Range in the algorithm nothing tells
    them which ones it can take, and a search through values that it cannot take wastes training jobs.
    The API does not ask for one, so this is a warning.

    ```yaml bad
    Name: max_depth
    Type: Integer
    IsTunable: true
    ```

    ```yaml good
    Name: max_depth
    Type: Integer
    IsTunable: true
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "1"
        MaxValue: "12"
    ```
    """
    if lacks(hyperparameter, "Range"):
        match hyperparameter:
            case {"IsTunable": True, "Type": str("Integer" | "Continuous" | "Categorical" as kind)}:
                yield Problem(
                    Key(),
                    f"{_called(hyperparameter)}IsTunable is true and there is no Range; add the"
                    f" {kind}ParameterRangeSpecification that tuning may search",
                    related=Related("IsTunable", "tunable here"),
                )


@rule(
    on="HyperParameterSpecification",
    severity="info",
    evidence="reference: CategoricalParameterRangeSpecification, the allowed categories",
)
def hp_categorical_without_range(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A Categorical hyperparameter has no Range, so its categories are nowhere.

    The categories are all that distinguishes Categorical from FreeText. Without them neither the
    service nor a buyer can tell a right value from a wrong one.

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
                    Key(), f"{_called(hyperparameter)}Type is Categorical and no Range lists the categories"
                )


@rule(
    on="HyperParameterSpecification",
    severity="warning",
    evidence="derived: ParameterRanges of a tuning job has no range for free text",
    fix="safe",
)
def hp_freetext_tunable(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A FreeText hyperparameter is declared tunable.

    A tuning job searches ranges of integers, of decimal numbers and of categories. There is no range
    of free text, so nobody can make use of the promise. A hyperparameter with a few fixed texts is
    Categorical.

    ```yaml bad
    Name: column_names
    Type: FreeText
    IsTunable: true
    ```

    ```yaml good
    Name: column_names
    Type: FreeText
    IsTunable: false
    ```
    """
    match hyperparameter:
        case {"Type": str("FreeText"), "IsTunable": True}:
            yield Problem(
                "IsTunable",
                "IsTunable is true and Type is FreeText; tuning searches Integer, Continuous and Categorical",
                fix=Replace("IsTunable", False, title="set IsTunable to false", safe=True),
                related=Related("Type", "free text here"),
            )


# ---------------------------------------------------------------- ranges


@rule(
    on="HyperParameterSpecification",
    severity="error",
    also=("warning",),
    evidence="guide: sagemaker-mkt-create-algo, the default must correspond to the type of the range",
    fix="unsafe",
)
def hp_range_kind_mismatch(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """The Range is of another kind than the hyperparameter's Type.

    An Integer takes an IntegerParameterRangeSpecification, a Continuous and a Categorical theirs. The
    SageMaker Python SDK looks the range up by the Type and breaks where it is not there. FreeText has
    no range at all; one that is given is never used, which is a warning.

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
    related = Related("Type", f"the Type is {kind}")
    if kind == "FreeText":
        yield Problem(where, f"Type is FreeText, {given[0]} is never used", "warning", related=related)
        return
    yield Problem(
        where,
        f"Type is {kind}, Range is a {given[0]}; {kind} takes {wanted}",
        fix=_renamed(ranges, given[0], wanted),
        related=related,
    )


def _renamed(ranges: dict[str, Any], given: str, wanted: str) -> Rename | None:
    """The other kind of range, where whole numbers suit both."""
    match ranges[given]:
        case {"MinValue": str() as least, "MaxValue": str() as greatest} if wanted != _RANGES[2]:
            if number(least, "Integer") is not None and number(greatest, "Integer") is not None:
                return Rename(("Range", given), wanted)
    return None


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="guide: sagemaker-mkt-create-algo, for Range specify one of the following",
    fix="safe",
)
def hp_range_not_exactly_one(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """A Range is empty, or holds more than one kind of range.

    A Range is one of three: whole numbers, decimal numbers or categories. Two at once contradict each
    other, and an empty one says nothing; where the hyperparameter is not tunable it can go.

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
    if not ranges and not is_open(ranges):
        yield Problem(
            Key("Range"),
            f"Range is empty; {_taken(hyperparameter)}",
            fix=None if _may_be_tunable(hyperparameter) else Remove("Range", safe=True),
        )
    given = [name for name in _RANGES if name in ranges]
    if len(given) > 1:
        yield Problem(Key("Range"), f"Range holds {listed(given)}; it takes exactly one")


def _taken(hyperparameter: dict[str, Any]) -> str:
    match hyperparameter:
        case {"Type": str("FreeText")}:
            return "FreeText takes none"
        case {"Type": str() as kind}:
            return f"{kind} takes {kind}ParameterRangeSpecification"
    return "it takes one of the three kinds"


def _may_be_tunable(hyperparameter: dict[str, Any]) -> bool:
    match hyperparameter:
        case {"IsTunable": False}:
            return False
    return "IsTunable" in hyperparameter or is_open(hyperparameter)


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="reference: IntegerParameterRangeSpecification and ContinuousParameterRangeSpecification",
)
def hp_bound_not_parseable(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A MinValue or MaxValue is not a number of the hyperparameter's Type.

    The limits of an Integer are whole numbers, those of a Continuous finite decimal numbers such as
    0.1, -2 or 1e-5. Infinity, nan, hexadecimal and numbers with units cannot be compared with
    anything; leave the Range out where there is no limit. What lenient parsers still read (1_000, 5.0
    for an integer, spaces around) is the business of hp-nonportable-number-form.

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
    if limits and (limits.low is None or limits.high is None):
        kind = limits.kind
        for path, text in limits.texts():
            if number(text, kind) is None:
                fact = f"{path[-1]} {shown(text)} is not {NUMBER_NAMES[kind]}"
                yield Problem(path, f"{fact}, and Type is {kind}")


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="sdk: ParameterRange.is_valid, minimum to maximum",
    fix="unsafe",
)
def hp_range_min_gt_max(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The MinValue of a Range is above its MaxValue.

    No value lies in such a range, so every job that sets the hyperparameter breaks it, and no tuning
    job can search it. Mostly the two were swapped. The numbers are compared by their decimals, however
    many there are.

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
            f"MinValue {shown(limits.least)} is above MaxValue {shown(limits.greatest)}; no value fits",
            fix=Replace(
                limits.path,
                {"MinValue": limits.greatest, "MaxValue": limits.least},
                title="swap MinValue and MaxValue",
            ),
            related=Related((*limits.path, "MaxValue"), "the smaller of the two"),
        )


@rule(
    on="HyperParameterSpecification",
    severity="warning",
    evidence="service: GitHub aws/amazon-sagemaker-feedback#195, tuning refuses a range of one value",
    fix="safe",
)
def hp_tunable_single_point(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A tunable hyperparameter has a Range of only one value.

    A tuning job over a single value is refused, and the algorithm's range leaves no other to search.
    Such a hyperparameter is a constant: declare it not tunable.

    ```yaml bad
    Type: Integer
    IsTunable: true
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "2"
        MaxValue: "2"
    ```

    ```yaml good
    Type: Integer
    IsTunable: false
    Range:
      IntegerParameterRangeSpecification:
        MinValue: "2"
        MaxValue: "2"
    ```
    """
    if hyperparameter.get("IsTunable") is True:
        limits = context.limits(hyperparameter)
        if limits:
            where, value = (*limits.path, "MaxValue"), limits.greatest if limits.are_one else None
        else:
            where, value = _CATEGORIES, _single_category(hyperparameter)
        if value is not None:
            yield Problem(
                "IsTunable",
                f"IsTunable is true and the Range holds only {shown(value)}; tuning needs a choice",
                fix=Replace("IsTunable", False, title="set IsTunable to false", safe=True),
                related=Related(where, "one value only"),
            )


def _single_category(hyperparameter: dict[str, Any]) -> str | None:
    """The only category; None where there are others, or may be."""
    values = _categories(hyperparameter)
    alone = bool(values) and all(isinstance(other, str) and other == values[0] for other in values)
    return values[0] if alone else None


def _categories(hyperparameter: dict[str, Any]) -> list[Any]:
    """The Values of a Categorical hyperparameter; none where not all of them can be seen."""
    kind, ranges = hyperparameter.get("Type"), hyperparameter.get("Range")
    categories = ranges.get("CategoricalParameterRangeSpecification") if isinstance(ranges, dict) else None
    if not isinstance(categories, dict) or not isinstance(kind, str) or kind != "Categorical":
        return []
    values = categories.get("Values")
    return values if isinstance(values, list) and not is_open(values) else []


@rule(
    on="ParameterValues",
    severity="warning",
    evidence="service: GitHub aws/amazon-sagemaker-feedback#195, tuning refuses duplicate values",
    fix="safe",
)
def hp_categorical_values_suspicious(values: list[Any]) -> Iterator[Problem]:
    """The categories of a hyperparameter hold a duplicate, one in two spellings, or an empty text.

    Tuning refuses duplicates. Categories that differ only in letter case or spaces (`relu`, `ReLU`) are
    mostly one value written twice, and an empty one is mostly a list that was put together wrongly; a
    container may tell them apart, so both are warnings. The fix deletes exact duplicates only.

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
    # A text has one first place; a folded text may have several spellings, each with its first place.
    spellings: dict[str, dict[str, int]] = {}
    for index, value in enumerate(values):
        if not isinstance(value, str):
            continue
        alike = spellings.setdefault(value.strip().casefold(), {})
        if value in alike:
            first = alike[value]
            yield Problem(
                index,
                f"{shown(value)} is in the list already; tuning refuses duplicates",
                fix=Remove(index, title=f"delete the second {shown(value)}", safe=True),
                related=Related(first, "the first one"),
            )
        elif not value:
            yield Problem(index, "a category is empty text")
        elif alike:
            other, first = next(iter(alike.items()))
            yield Problem(
                index,
                f"{shown(value)} differs from {shown(other)} only in letter case or spaces",
                related=Related(first, "the other spelling"),
            )
        alike.setdefault(value, index)


# ---------------------------------------------------------------- defaults


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="guide: sagemaker-mkt-create-algo, DefaultValue of a hyperparameter",
)
def hp_default_not_parseable(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """The DefaultValue of a number is not a number of that Type.

    A job that leaves the hyperparameter out gets the default, and an algorithm that expects an Integer
    or a Continuous then gets something else. Words for "no default" (an empty text, None, auto) do not
    work: leave the field out, or make the hyperparameter FreeText.

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
        case str("Integer" | "Continuous" as kind), str() as default if number(default, kind) is None:
            hint = "" if default.strip()[:1].isdigit() else "; leave DefaultValue out where there is none"
            yield Problem(
                "DefaultValue",
                f"DefaultValue {shown(default)} is not {NUMBER_NAMES[kind]}, and Type is {kind}{hint}",
                related=Related("Type", f"the Type is {kind}"),
            )


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="reference: HyperParameterSpecification, Range is the allowed range",
)
def hp_default_out_of_range(hyperparameter: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The DefaultValue lies outside the hyperparameter's own Range.

    The default is put into jobs without a check, and is then a value that the algorithm itself declares
    not to take. A sentinel such as -1 for "choose by yourself" belongs into the range: widen it. A
    range whose limits contradict each other is another rule's business.

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
            f"DefaultValue {shown(default)} is {side} {path[-1]}, {shown(limit)}",
            related=Related(path, f"the Range has {path[-1]} {shown(limit)}"),
        )


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="reference: CategoricalParameterRangeSpecification, the allowed categories",
    fix="unsafe",
)
def hp_default_not_in_categories(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """The DefaultValue is none of the hyperparameter's categories.

    Categories are compared as text, letter for letter: `true` is not `True`, and `1` is not `1.0`. The
    default is put into jobs without a check, and the algorithm itself declares not to take it.

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
    default, values = hyperparameter.get("DefaultValue"), _categories(hyperparameter)
    if not values or not isinstance(default, str):
        return
    if all(isinstance(value, str) and value != default for value in values):
        folded = default.strip().casefold()
        alike = {value for value in values if value.strip().casefold() == folded}
        yield Problem(
            "DefaultValue",
            f"DefaultValue {shown(default)} is none of the categories, {listed(dict.fromkeys(values))}"
            f"{meant(default, values)}",
            fix=Replace("DefaultValue", *alike) if len(alike) == 1 else None,
            related=Related(_CATEGORIES, "the categories"),
        )


# ---------------------------------------------------------------- how numbers are written


@rule(
    on=("HyperParameterSpecification", "CreateAlgorithmInput"),
    severity="warning",
    evidence="derived: Python's int() and float() read forms that Java's and C's parsers refuse",
    fix="safe",
)
def hp_nonportable_number_form(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A number is written in a form that only lenient parsers read.

    `1_000`, spaces around, a leading plus, leading zeros, a point at the end, and `5.0` or `1e3` for an
    integer are numbers to Python and faults to stricter parsers. Which parser reads them in the service
    and in the container is not said anywhere; the plain form works with all. Limits and defaults of
    Integer and Continuous hyperparameters are looked at, and the values that a validation profile gives
    them.

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
        MaxValue: "1e3"
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
        if limits and limits.least is not None and _is_nonportable(limits.least, kind):
            yield _rewritten((*limits.path, "MinValue"), limits.least, kind)
        if limits and limits.greatest is not None and _is_nonportable(limits.greatest, kind):
            yield _rewritten((*limits.path, "MaxValue"), limits.greatest, kind)
    if "ValidationSpecification" in part:
        for path, text, kind in _profile_numbers(context):
            if _is_nonportable(text, kind):
                yield _rewritten(path, text, kind)


def _is_nonportable(text: str, kind: str) -> bool:
    return not is_portable_number(text, kind) and number(text, kind) is not None


def _rewritten(path: Path, text: str, kind: str) -> Problem:
    plain = portable_number(text, kind) or text
    message = f"{shown(text)} is read as a number by lenient parsers only; write {shown(plain)}"
    return Problem(path, message, fix=Replace(path, plain, safe=True) if len(plain) <= 256 else None)


def _is_plain(text: str) -> bool:
    """Whether this is a word or a whole number, as most values are: of one reading, whatever their type."""
    return text.isascii() and (text.isalpha() or (text.isdecimal() and text[0] != "0"))


def _profile_numbers(context: Context) -> Iterator[tuple[Path, str, str]]:
    """The values that profiles give to Integer and Continuous hyperparameters, as (path, text, Type)."""
    for base, job in context.training_jobs:
        values = job.get("HyperParameters")
        for name, text in values.items() if isinstance(values, dict) else ():
            if isinstance(text, str) and not _is_plain(text) and name in context.hyperparameters:
                kind = context.hyperparameters[name][1].get("Type")
                if isinstance(kind, str) and kind in NUMBER_NAMES:
                    yield (*base, "HyperParameters", name), text, kind


@rule(
    on="HyperParameterValue",
    severity="info",
    evidence="reference: CreateTrainingJob, HyperParameters, each value limited to 256 characters",
)
def hp_value_over_256(value: str, context: Context) -> Iterator[Problem]:
    """The value of a hyperparameter is longer than 256 characters.

    The reference of training jobs speaks of at most 256 characters, while the API's own model takes
    2500. Long lists and JSON documents are better kept in an input channel.

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
                f"{len(value)} characters; the API reference of training jobs allows 256, the model {most}",
            )


# ---------------------------------------------------------------- tuning as a whole


@rule(
    on="TrainingSpecification",
    severity="warning",
    evidence="derived: a tuning job needs an objective metric, and the algorithm lists those it may have",
)
def hp_tunable_without_objective(training: dict[str, Any]) -> Iterator[Problem]:
    """Hyperparameters are tunable, and no metric may be the objective of tuning.

    A tuning job looks for the hyperparameters that make one metric best, and takes only metrics that
    SupportedTuningJobObjectiveMetrics lists. Without any, nothing can be tuned. Those who plan tuning
    for later may wait with IsTunable, too.

    ```yaml bad
    SupportedHyperParameters:
      - Name: eta
        Type: Continuous
        IsTunable: true
    ```

    ```yaml good
    SupportedHyperParameters:
      - Name: eta
        Type: Continuous
        IsTunable: true
    MetricDefinitions:
      - Name: validation:rmse
        Regex: 'validation-rmse=([0-9.]+)'
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: validation:rmse
    ```
    """
    match training:
        case {"SupportedHyperParameters": [_, *_] as hyperparameters}:
            tunable = _tunable(hyperparameters)
            if not tunable:
                return
            where = Key()
            match training:
                case {"SupportedTuningJobObjectiveMetrics": list() as objectives}:
                    if objectives or is_open(objectives):
                        return
                    where = Key("SupportedTuningJobObjectiveMetrics")
                case _ if not lacks(training, "SupportedTuningJobObjectiveMetrics"):
                    return
            names = [hyperparameters[index].get("Name") for index in tunable]
            some = listed([name for name in names if isinstance(name, str)], 3)
            yield Problem(
                where,
                f"hyperparameters are tunable ({some or len(tunable)}), and"
                " SupportedTuningJobObjectiveMetrics lists no metric",
                related=Related(("SupportedHyperParameters", tunable[0], "IsTunable"), "tunable here"),
            )


@rule(
    on="TrainingSpecification",
    severity="warning",
    evidence="reference: SupportedHyperParameters is required if the algorithm supports tuning",
)
def hp_objective_without_tunable(training: dict[str, Any]) -> Iterator[Problem]:
    """There are objective metrics for tuning, and no hyperparameter is tunable.

    SupportedTuningJobObjectiveMetrics promises that the algorithm can be tuned, but a tuning job has
    nothing to vary. Declare the hyperparameters that it may vary, with IsTunable true, or drop the
    objectives.

    ```yaml bad
    MetricDefinitions:
      - Name: validation:rmse
        Regex: 'validation-rmse=([0-9.]+)'
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: validation:rmse
    SupportedHyperParameters:
      - Name: eta
        Type: Continuous
        IsTunable: false
    ```

    ```yaml good
    MetricDefinitions:
      - Name: validation:rmse
        Regex: 'validation-rmse=([0-9.]+)'
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: validation:rmse
    SupportedHyperParameters:
      - Name: eta
        Type: Continuous
        IsTunable: true
        Range:
          ContinuousParameterRangeSpecification:
            MinValue: "0.01"
            MaxValue: "0.5"
    ```
    """
    match training:
        case {"SupportedTuningJobObjectiveMetrics": [_, *_]}:
            match training:
                case {"SupportedHyperParameters": list() as hyperparameters}:
                    if is_open(hyperparameters) or not all(map(_is_fixed, hyperparameters)):
                        return
                    fact = "no hyperparameter has IsTunable true"
                case _ if lacks(training, "SupportedHyperParameters"):
                    fact = "there are no SupportedHyperParameters"
                case _:
                    return
            yield Problem(
                Key("SupportedTuningJobObjectiveMetrics"),
                f"there are objective metrics for tuning, and {fact}",
            )


def _is_fixed(hyperparameter: Any) -> bool:
    """Whether a hyperparameter is certainly not tunable."""
    return isinstance(hyperparameter, dict) and not _may_be_tunable(hyperparameter)


def _tunable(hyperparameters: list[Any]) -> list[int]:
    """The indexes of the hyperparameters that certainly are tunable."""
    found = []
    for index, hyperparameter in enumerate(hyperparameters):
        match hyperparameter:
            case {"IsTunable": True}:
                found.append(index)
    return found


@rule(
    on="TrainingSpecification",
    severity="info",
    evidence="guide: automatic-model-tuning-limits, and automatic-model-tuning-define-ranges",
)
def tuning_limits(training: dict[str, Any]) -> Iterator[Problem]:
    """An algorithm declares more than one tuning job can use.

    A tuning job searches at most 30 hyperparameters and follows at most 20 metrics (another page of the
    guide says 40, as the API does). It also adds a hyperparameter of its own, so that an algorithm with
    the full 100 has no room for it. Who runs the job may choose among them, hence only a remark.

    ```yaml bad
    SupportedHyperParameters: [&weight {Type: Continuous, IsTunable: true},
      *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight,
      *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight,
      *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight, *weight]
    ```

    ```yaml good
    SupportedHyperParameters: [&weight {Type: Continuous, IsTunable: true}, *weight, *weight]
    ```
    """
    match training:
        case {"SupportedHyperParameters": list() as hyperparameters}:
            tunable = len(_tunable(hyperparameters))
            full = len(hyperparameters) == 100 and not is_open(hyperparameters)
            where = Key("SupportedHyperParameters")
            if tunable > 30:
                yield Problem(
                    where, f"{tunable} hyperparameters are tunable; a tuning job searches at most 30"
                )
            elif tunable and full:
                yield Problem(
                    where,
                    "a job takes 100 hyperparameters, and tuning adds one, _tuning_objective_metric;"
                    " 100 leave no room for it",
                )
    match training:
        case {"MetricDefinitions": list() as metrics} if len(metrics) > 20:
            yield Problem(
                Key("MetricDefinitions"),
                f"{len(metrics)} metrics; the guide's limits speak of 20 in a tuning job",
            )


# ---------------------------------------------------------------- shared


def _called(hyperparameter: dict[str, Any]) -> str:
    """How a message begins that is about a whole hyperparameter."""
    match hyperparameter:
        case {"Name": str() as name}:
            return f"{shown(name)}: "
    return ""
