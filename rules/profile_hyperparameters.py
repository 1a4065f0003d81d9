"""The hyperparameters that a validation profile sets, and those that the algorithm declares."""

from __future__ import annotations

from algolint import (
    Context,
    Key,
    Problem,
    Related,
    Rename,
    Replace,
    lacks,
    listed,
    meant,
    nearest,
    rule,
    select,
    shown,
)
from algolint.aws.notation import NUMBER_NAMES, number

from ._profiles import are, items, without_misspelt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path

    # A message, the other location (from the declaration on) and the value that was meant.
    _Fault = tuple[str, Related, str | None]


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning",),
    evidence="sdk: AlgorithmEstimator, 'Invalid hyperparameter: … is not supported by …'",
    fix="unsafe",
)
def profile_hp_unknown(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile sets a hyperparameter that the algorithm does not declare.

    Only names in SupportedHyperParameters, spelt just so, are hyperparameters of the algorithm; for any
    other the validation job is refused, or trains without the value that was meant. Where the algorithm
    declares no hyperparameters at all this is one warning, since nobody documents what happens then.

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: max_depth
          Type: Integer
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters:
              max_dept: "3"
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: max_depth
          Type: Integer
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters:
              max_depth: "3"
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters: []
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {epochs: "10"}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: epochs
          Type: Integer
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {epochs: "10"}
    ```
    """
    for path, job in context.training_jobs:
        match job:
            case {"HyperParameters": dict() as given} if given:
                declared = context.hyperparameters
                if not declared:
                    yield Problem(
                        Key(*path, "HyperParameters"),
                        f"the profile sets {listed(given)}, and the algorithm declares no hyperparameters",
                        "warning",
                    )
                    continue
                for name in given:
                    if name not in declared:
                        best = nearest(name[:256], declared)
                        hint = f"; did you mean {shown(best)}?" if best else f"; declared: {listed(declared)}"
                        yield Problem(
                            Key(*path, "HyperParameters", name),
                            f"{shown(name)} is in no SupportedHyperParameters entry{hint}",
                            fix=Rename((*path, "HyperParameters", name), best)
                            if best and best not in given
                            else None,
                        )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: AlgorithmEstimator, 'Required hyperparameter: … is not set'",
)
def profile_hp_required_missing(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile leaves out a hyperparameter that is required and has no default.

    The validation job is a training job like any other: without a value for each required
    hyperparameter it is refused or fails. One with a DefaultValue may be left out, and a name that is
    only misspelt is not reported here a second time.

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: epochs
          Type: Integer
          IsRequired: true
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: epochs
          Type: Integer
          IsRequired: true
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {epochs: "10"}
    ```
    """
    field = "SupportedHyperParameters"
    needed: dict[str, Path] = {}
    for index, declared in enumerate(items(request.get("TrainingSpecification"), field)):
        if not isinstance(declared, dict) or declared.get("IsRequired") is not True:
            continue
        name = declared.get("Name")
        if isinstance(name, str) and lacks(declared, "DefaultValue"):
            needed.setdefault(name, ("TrainingSpecification", field, index))
    for path, job in context.training_jobs if needed else ():
        where: Path = path
        given: dict[str, Any] = {}
        match job:
            case {"HyperParameters": dict() as given}:
                where = (*path, "HyperParameters")
            case _ if not lacks(job, "HyperParameters"):
                continue
        missing = [name for name in needed if lacks(given, name)]
        if missing:
            known = [name for _, name in select(request, "TrainingSpecification", field, ..., "Name")]
            missing = without_misspelt(missing, given, known)
        if missing:
            yield Problem(
                Key(*where),
                f"the profile sets no {listed(missing)}; {are(missing)} required, without a default",
                related=[
                    Related((*needed[name], "IsRequired"), f"{shown(name)} is required")
                    for name in missing[:3]
                ],
            )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: AlgorithmEstimator, 'Invalid value: … Supported range: …'",
    fix="unsafe",
)
def profile_hp_value_invalid(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's value for a hyperparameter is not of its type, out of its range or not in its list.

    Values are text and the API takes any, but the declaration says what they have to be: a number for
    Integer and Continuous, within the range where there is one, one of the Values for Categorical, to
    the letter. The validation job contradicts it and fails, or proves nothing about what users may
    set. Ranges that contradict themselves are left to the rules on ranges.

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: max_depth
          Type: Integer
          Range:
            IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "10"}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {max_depth: "99"}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: max_depth
          Type: Integer
          Range:
            IntegerParameterRangeSpecification: {MinValue: "1", MaxValue: "10"}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {max_depth: "9"}
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: activation
          Type: Categorical
          Range:
            CategoricalParameterRangeSpecification: {Values: [relu, tanh]}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {activation: ReLU}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: activation
          Type: Categorical
          Range:
            CategoricalParameterRangeSpecification: {Values: [relu, tanh]}
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {activation: relu}
    ```

    ```yaml bad
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: eta
          Type: Continuous
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {eta: auto}
    ```

    ```yaml good
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: eta
          Type: Continuous
    ValidationSpecification:
      ValidationProfiles:
        - TrainingJobDefinition:
            HyperParameters: {eta: "0.3"}
    ```
    """
    for path, job in context.training_jobs:
        match job:
            case {"HyperParameters": dict() as given} if given:
                declared = context.certain_hyperparameters
                for name, value in given.items():
                    if name in declared and isinstance(value, str):
                        at, declaration = declared[name]
                        fault = _fault_in(value, declaration, context)
                        if fault:
                            message, related, better = fault
                            where = (*path, "HyperParameters", name)
                            fix = Replace(where, better) if better is not None else None
                            yield Problem(where, message, fix=fix, related=related.under(at))


def _fault_in(value: str, declared: dict[str, Any], context: Context) -> _Fault | None:
    """What is wrong with a value for a declared hyperparameter, where anything certainly is."""
    kind = declared.get("Type")
    if not isinstance(kind, str):
        # An unknown type says nothing of this value, and must not end the look at the others.
        return None
    match kind:
        case str("Integer" | "Continuous"):
            if number(value, kind) is None:
                hint = "; leave it out to have none" if not value.strip() else ""
                fact = f"{shown(value)} is not {NUMBER_NAMES[kind]}, as the hyperparameter is declared{hint}"
                return fact, Related("Type", f"its Type is {kind}"), None
            limits = context.limits(declared)
            if limits and (broken := limits.broken_by(value)):
                below, bound = broken
                side = "less" if below[-1] == "MinValue" else "more"
                fact = f"{shown(value)} is {side} than the {below[-1]} of the hyperparameter, {shown(bound)}"
                return fact, Related(below, f"its {below[-1]} is {shown(bound)}"), None
        case str("Categorical"):
            match declared.get("Range"):
                case {"CategoricalParameterRangeSpecification": {"Values": [_, *_] as values}}:
                    return _fault_among(value, values)
    return None


def _fault_among(value: str, values: list[Any]) -> _Fault | None:
    """What is wrong with a value that has to be one of those listed."""
    if type(values) is not list or not all(isinstance(other, str) for other in values) or value in values:
        return None
    folded = value.strip().casefold()
    alike = [other for other in values if other.strip().casefold() == folded]
    hint = f"; did you mean {shown(alike[0])}?" if alike else meant(value, values)
    return (
        f"{shown(value)} is not among the Values of the hyperparameter: {listed(values)}{hint}",
        Related(
            Key("Range", "CategoricalParameterRangeSpecification", "Values"), "the values that are declared"
        ),
        alike[0] if len(alike) == 1 else None,
    )
