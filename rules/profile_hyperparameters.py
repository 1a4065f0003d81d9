"""The hyperparameters of a validation profile, compared with those that the algorithm declares."""

from __future__ import annotations

from algolint import (
    Context,
    Key,
    PartialText,
    Problem,
    Related,
    Rename,
    Replace,
    Undecided,
    lacks,
    listed,
    meant,
    nearest,
    rule,
    select,
    shown,
)
from algolint.aws.notation import NUMBER_NAMES, is_portable_number, number
from algolint.spec.context import limits_of

from ._profiles import are, items, texts, without_misspelt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.values import Path, Text

    # A message, a related location (relative to the declaration), and the value that was meant.
    _Fault = tuple[str, Related, str | None]


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning",),
    evidence="sdk: sagemaker 2.257.7, algorithm.py:486; 'Invalid hyperparameter: … is not supported by …'",
    fix="unsafe",
)
def profile_hp_unknown(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile sets a hyperparameter that the algorithm does not declare.

    The algorithm only has the hyperparameters that SupportedHyperParameters names, letter case included.
    With any other name the validation job is rejected, or it trains without the value. If the algorithm
    declares no hyperparameters at all this is a single warning, because no document states what happens
    then.

    The fix renames the hyperparameter to the nearest declared name if its value is valid for that.

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
                        f"{context.holder} sets {listed(given)}, but the algorithm declares no"
                        " hyperparameters",
                        "warning",
                    )
                    continue
                for name, value in given.items():
                    if name not in declared:
                        best = nearest(name, declared)
                        hint = f"; did you mean {shown(best)}?" if best else f"; declared: {listed(declared)}"
                        fits = best and best not in given and _is_right(value, declared[best][1])
                        yield Problem(
                            Key(*path, "HyperParameters", name),
                            f"{shown(name)} is not declared in SupportedHyperParameters{hint}",
                            fix=Rename((*path, "HyperParameters", name), best) if best and fits else None,
                        )


def _is_right(value: Any, declared: dict[str, Any]) -> bool:
    """Whether a declared hyperparameter certainly accepts a value, in a form that every parser reads."""
    kind = declared.get("Type")
    if not isinstance(value, str) or not isinstance(kind, str):
        return False
    if kind in NUMBER_NAMES and not is_portable_number(value, kind):
        return False
    return _fault_in("", value, declared) is None


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:510; 'Required hyperparameter: … is not set'",
)
def profile_hp_required_missing(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile does not set a hyperparameter that is required and has no default.

    Like any training job, the validation job is rejected or fails without a value for each required
    hyperparameter. One with a DefaultValue may be left out. A misspelled name is not reported here as well.

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
    needed = _required(request)
    for path, job in context.training_jobs if needed else ():
        given = {} if lacks(job, "HyperParameters") else job.get("HyperParameters")
        if not isinstance(given, dict):
            continue
        missing = [name for name in needed if lacks(given, name)]
        if missing:
            known = [name for _, name in select(request, *_DECLARED, ..., "Name")]
            missing = without_misspelt(missing, given, known)
        if missing:
            yield Problem(
                Key(*path, "HyperParameters") if "HyperParameters" in job else Key(*path),
                f"{context.holder} does not set {listed(missing)}; {are(missing)} required and"
                f" {'has' if len(missing) == 1 else 'have'} no DefaultValue",
                related=[
                    Related((*needed[name], "IsRequired"), f"{shown(name)} is required")
                    for name in missing[:3]
                ],
            )


_DECLARED = ("TrainingSpecification", "SupportedHyperParameters")


def _required(request: dict[str, Any]) -> dict[str, Path]:
    """Return the hyperparameters that each job certainly has to set, with the paths of their declarations."""
    found: dict[str, Path] = {}
    for index, declared in enumerate(items(request.get(_DECLARED[0]), _DECLARED[1])):
        if isinstance(declared, dict) and declared.get("IsRequired") is True:
            name = declared.get("Name")
            if isinstance(name, str) and lacks(declared, "DefaultValue"):
                found.setdefault(name, (*_DECLARED, index))
    return found


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:497; 'Invalid value: … Supported range: …'",
    fix="unsafe",
)
def profile_hp_value_invalid(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's value for a hyperparameter is not of its Type, or not within its Range.

    The API accepts any text as a value, but the declaration limits it: to a number for Integer and
    Continuous, within the range if there is one, and to one of the Values for Categorical, letter case
    included. With any other value the validation job is rejected or fails, or it validates a setting that
    users cannot choose. Invalid ranges are reported by the rules on ranges.

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
                    if name in declared and isinstance(value, (str, PartialText)):
                        at, declaration = declared[name]
                        fault = _fault_in(name, value, declaration)
                        if fault:
                            message, related, better = fault
                            where = (*path, "HyperParameters", name)
                            fix = Replace(where, better) if better is not None else None
                            yield Problem(where, message, fix=fix, related=related.under(at))


def _fault_in(name: str, value: Text, declared: dict[str, Any]) -> _Fault | None:
    """Return what is certainly wrong with a value for a declared hyperparameter."""
    kind = declared.get("Type")
    # An unknown type decides nothing about this value, and must not end the loop over the others.
    if isinstance(kind, str) and kind in NUMBER_NAMES:
        limits = limits_of(declared)
        if isinstance(value, str) and limits and value in limits.keeping:
            return None
        if _is_no_number(value, kind):
            is_blank = isinstance(value, str) and not value.strip()
            hint = "; leave the hyperparameter out to set no value" if is_blank else ""
            fact = f"{shown(value)} is not {NUMBER_NAMES[kind]}, but the Type of {shown(name)} is {kind}"
            return fact + hint, Related("Type", f"Type is {kind}"), None
        if isinstance(value, str) and limits and (broken := limits.broken_by(value)):
            below, bound = broken
            side = "less" if below[-1] == "MinValue" else "greater"
            fact = f"{shown(value)} is {side} than {below[-1]} {shown(bound)} of {shown(name)}"
            return fact, Related(below, f"{below[-1]} is {shown(bound)}"), None
    elif isinstance(kind, str) and kind == "Categorical":
        match declared.get("Range"):
            case {"CategoricalParameterRangeSpecification": {"Values": [_, *_] as values}}:
                return _fault_among(name, value, values)
    return None


def _is_no_number(value: Text, kind: str) -> bool:
    """Whether a value is certainly not a number; `certainly` would cost another call for each."""
    try:
        return number(value, kind) is None
    except Undecided:
        return False


def _fault_among(name: str, value: Text, values: list[Any]) -> _Fault | None:
    """Return what is certainly wrong with a value that has to be one of the Values."""
    known = texts(values)
    may_be_one = any(map(value.could_be, known)) if isinstance(value, PartialText) else value in known
    if may_be_one or type(values) is not list or len(known) < len(values):
        return None
    related = Related(
        Key("Range", "CategoricalParameterRangeSpecification", "Values"), "the values are listed here"
    )
    if isinstance(value, PartialText):
        fact = f"{shown(value)} is not in the Values of {shown(name)}: {listed(values)}"
        return fact, related, None
    folded = value.strip().casefold()
    alike = [other for other in values if other.strip().casefold() == folded]
    hint = f"; did you mean {shown(alike[0])}?" if alike else meant(value, values)
    return (
        f"{shown(value)} is not in the Values of {shown(name)}{hint or f': {listed(values)}'}",
        related,
        alike[0] if len(alike) == 1 else None,
    )
