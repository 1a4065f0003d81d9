"""The hyperparameters that the algorithm declares: names, defaults and how numbers are written."""

from __future__ import annotations

from algolint import (
    Context,
    PartialText,
    Problem,
    Related,
    Replace,
    listed,
    meant,
    rule,
    shown,
)
from algolint.aws.notation import NUMBER_NAMES, is_portable_number, number, portable_number
from algolint.spec.context import limits_of

from ._profiles import names_of
from .hyperparameter_ranges import CATEGORIES, categories, is_read_as_integer, profile_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path

# ---------------------------------------------------------------- names


@rule(
    on="HyperParameterSpecifications",
    severity="error",
    evidence="reference: HyperParameterSpecification.Name, botocore 1.44.8; 'The name must be unique.'",
)
def hp_duplicate_name(hyperparameters: list[Any]) -> Iterator[Problem]:
    """Two hyperparameters have the same Name.

    A job refers to a hyperparameter by its Name, so with two declarations of one name it is undefined which
    of them limits its value. The API reference requires unique names.

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
    for index, name in names_of(hyperparameters):
        if first.setdefault(name, index) != index and name.strip():
            yield Problem(
                (index, "Name"),
                f"duplicate Name {shown(name)}; the names of hyperparameters must be unique",
                related=Related((first[name], "Name"), "first declared here"),
            )


@rule(
    on="HyperParameterSpecifications",
    severity="warning",
    also=("error",),
    evidence="derived: the model accepts any text as a Name, even an empty one",
    fix="unsafe",
)
def hp_name_blank_or_confusable(hyperparameters: list[Any], context: Context) -> Iterator[Problem]:
    """A hyperparameter's Name is blank, begins or ends with a space, or differs from another only in case.

    The API's pattern allows all of these. A blank name is an error: no job can set such a hyperparameter.
    The others are warnings: leading and trailing spaces are invisible where the name is used, and `eta`
    and `Eta` are nearly always one hyperparameter that is declared twice. The fix removes the spaces if no
    profile uses the name; the code of the container may have to be changed too.

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
    alike: dict[str, dict[str, int]] = {}
    for index, name in names_of(hyperparameters):
        folded = name.strip().casefold()
        if not folded:
            state = "blank" if name else "empty"
            yield Problem((index, "Name"), f"Name is {state}; a hyperparameter needs a name", "error")
            continue
        earlier = alike.setdefault(folded, {})
        if earlier or name != name.strip():
            yield from _confusable(index, name, earlier, context)
        earlier.setdefault(name, index)


def _confusable(index: int, name: str, earlier: dict[str, int], context: Context) -> Iterator[Problem]:
    """Report a name with surrounding spaces, or one that resembles one of the earlier names."""
    plain = name.strip()
    alike = next(((other, location) for other, location in earlier.items() if other != name), None)
    related = [Related((alike[1], "Name"), f"declared as {shown(alike[0])}")] if alike else []
    if name != plain:
        is_used = plain in earlier or any(name in values for _, values in profile_values(context))
        fix = None if is_used else Replace((index, "Name"), plain)
        yield Problem((index, "Name"), f"{shown(name)} begins or ends with a space", fix=fix, related=related)
    elif alike:
        yield Problem(
            (index, "Name"),
            f"{shown(name)} differs from the earlier {shown(alike[0])} only in letter case or spaces",
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

    A tuning job adds `_tuning_objective_metric` to every training job. An algorithm whose container
    rejects unknown names has to declare it, as AWS's own XGBoost does (an optional Categorical); for
    others it is superfluous, so this is reported as info. It is a warning if IsTunable or IsRequired is
    true, since only the tuning job sets its value.

    Names that begin with `sagemaker_` belong to the training toolkit in AWS's own containers. Those that
    the toolkit reads, such as `sagemaker_program`, are reported as info, since a container that is built
    on the toolkit needs them; any other is a warning.

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
    name = hyperparameter.get("Name")
    if not isinstance(name, str):
        return
    if name == "_tuning_objective_metric":
        yield _objective_declared(hyperparameter)
    elif name in _OF_THE_TOOLKIT:
        yield Problem(
            "Name",
            f"{shown(name)} is read by AWS's training toolkit; declare it only for a container with the"
            " toolkit",
            "info",
        )
    elif name.startswith("sagemaker_"):
        yield Problem(
            "Name",
            f"{shown(name)} begins with 'sagemaker_', which is reserved for AWS's training toolkit",
        )


def _objective_declared(hyperparameter: dict[str, Any]) -> Problem:
    """Return the problem of a declaration of the hyperparameter that tuning jobs add."""
    name = shown(hyperparameter["Name"])
    flags = [flag for flag in ("IsTunable", "IsRequired") if hyperparameter.get(flag) is True]
    if flags:
        return Problem(
            "Name",
            f"{name} is set by tuning jobs, so {flags[0]} should not be true for it",
            related=[Related(flag, "set by tuning jobs only") for flag in flags],
        )
    return Problem(
        "Name",
        f"{name} is added by tuning jobs; declare it only if the container rejects unknown hyperparameters",
        "info",
    )


# The names that sagemaker-training 5.1.4 reads (params.py), without their prefix. The package is published as
# source only, and adds a name once in some years, so no tool builds this list.
_OF_THE_TOOLKIT = frozenset(
    f"sagemaker_{name}"
    for name in (
        "program submit_directory enable_cloudwatch_metrics region container_log_level job_name s3_output"
        " mpi_enabled mpi_num_of_processes_per_host mpi_num_processes mpi_custom_mpi_options"
        " distributed_dataparallel_custom_mpi_options distribution_instance_groups network_interface_name"
        " parameter_server_enabled multi_worker_mirrored_strategy_enabled pytorch_xla_multi_worker_enabled"
    ).split()
)


@rule(
    on="ParameterName",
    severity="info",
    evidence="sdk: sagemaker-training 5.1.4, mapping.py:30-82; options and environment variables of a script",
)
def hp_name_nonportable(name: str) -> Iterator[Problem]:
    """A hyperparameter's Name contains a space or an equals sign, or is a single letter.

    The training toolkit in AWS's containers passes a hyperparameter to the script as the option `--<Name>`
    and in the environment variable `SM_HP_<NAME>`. With a space or `=` in the name neither can be read in
    the usual way, and a single letter becomes a short option such as `-k`, which the script has to define.
    Containers that read hyperparameters.json themselves are not affected, so this is reported as info.

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
        found = "a space" if " " in name else "an equals sign"
        yield Problem(
            (),
            f"{shown(name)} contains {found}; most scripts cannot read the option and the environment"
            " variable in which AWS's training toolkit passes it",
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
    required." IsRequired means that every job has to set a value, and a DefaultValue that no job has to.

    The service has been seen to accept it: with Terraform's provider an algorithm with both reached the
    status Completed before an error was reported, and an example in AWS's developer guide
    (sagemaker-mkt-create-algo) has both. If you rely on that, lower the rule's severity with `--severity
    hp-default-and-required=warning` or in the configuration.

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
            related=Related("IsRequired", "IsRequired is true"),
        )


# ---------------------------------------------------------------- defaults


@rule(
    on="HyperParameterSpecification",
    severity="error",
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; the DefaultValue is a value of the"
    " hyperparameter",
)
def hp_default_not_parseable(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """The DefaultValue of an Integer or Continuous hyperparameter is not a number of that Type.

    A job that does not set the hyperparameter gets the default, which the algorithm then cannot read as a
    number. Words for "no default" (an empty string, None, auto) do not work: leave the field out, or
    change the Type to FreeText.

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
    kind, default = hyperparameter.get("Type"), hyperparameter.get("DefaultValue")
    if not isinstance(kind, str) or kind not in NUMBER_NAMES:
        return
    if isinstance(default, (str, PartialText)) and number(default, kind) is None:
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
def hp_default_out_of_range(hyperparameter: dict[str, Any]) -> Iterator[Problem]:
    """The DefaultValue is outside the hyperparameter's own Range.

    The Python SDK sends the default with each job without a check, and the algorithm declares that value
    to be invalid. If a value such as -1 means "choose automatically", extend the Range to include it. A
    Range with swapped limits is reported by hp-range-min-gt-max.

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
    limits, default = limits_of(hyperparameter), hyperparameter.get("DefaultValue")
    if limits and isinstance(default, str) and (broken := limits.broken_by(default)):
        path, limit = broken
        side = "less" if path[-1] == "MinValue" else "greater"
        yield Problem(
            "DefaultValue",
            f"DefaultValue {shown(default)} is {side} than {path[-1]} {shown(limit)}",
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

    Categories are compared as text, letter case included: `true` is not `True`, and `1` is not `1.0`. The
    Python SDK sends the default with each job without a check, and the algorithm declares that value to be
    invalid.

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
    """A number is written in a form that only some parsers accept.

    Python's int() and float() accept `1_000`, surrounding spaces, a leading plus, leading zeros and a
    trailing point. JSON does not, and AWS's training toolkit reads the values as JSON: a script gets the
    number 7 for "7", but the text "007" for "007". `5.0` and `1e3` become decimal numbers where an Integer
    is expected. The plain form works everywhere. The rule checks the defaults and limits of Integer and
    Continuous hyperparameters, and the values that validation profiles set.

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
        default, limits = part.get("DefaultValue"), limits_of(part)
        if isinstance(default, str) and _is_nonportable(default, kind):
            yield _rewritten(("DefaultValue",), default, kind)
        for path, text in limits.nonportable if limits else ():
            # A limit that the SDK cannot read is reported by hp-bound-not-parseable.
            if number(text, kind) is not None and (kind == "Continuous" or is_read_as_integer(text)):
                yield _rewritten(path, text, kind)
    if "ValidationSpecification" in part:
        for path, text, kind in _profile_numbers(context):
            if _is_nonportable(text, kind):
                yield _rewritten(path, text, kind)


def _is_nonportable(text: str, kind: str) -> bool:
    return not is_portable_number(text, kind) and number(text, kind) is not None


def _rewritten(path: Path, text: str, kind: str) -> Problem:
    plain = portable_number(text, kind) or text
    message = f"only some parsers accept {shown(text)} as {NUMBER_NAMES[kind]}; write {shown(plain)}"
    return Problem(path, message, fix=Replace(path, plain, safe=True) if len(plain) <= 256 else None)


def _is_plain(text: str) -> bool:
    """Whether this is a word or a plain whole number, as most values are: its form needs no check."""
    return text.isascii() and (text.isalpha() or (text.isdecimal() and text[0] != "0"))


def _profile_numbers(context: Context) -> Iterator[tuple[Path, str, str]]:
    """Yield path, text and Type of the values that profiles give to numeric hyperparameters."""
    for base, values in profile_values(context):
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

    The reference of CreateTrainingJob limits each value to 256 characters, but the API's model allows
    2500, and the service has been seen to accept that. Pass long lists and JSON documents in an input
    channel instead.

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
