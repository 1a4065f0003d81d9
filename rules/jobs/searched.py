"""The hyperparameters that a tuning job searches, and those that the algorithm allows it to search."""

from __future__ import annotations

from algolint import Key, Problem, Related, Replace, lacks, meant, nearest, rule, shown
from algolint.jobs.context import InAlgorithm
from algolint.jobs.views import OBJECTIVE
from algolint.spec.context import SDK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.jobs.context import JobContext

_REQUEST = "CreateHyperParameterTuningJobRequest"


@rule(
    on=_REQUEST,
    severity="error",
    evidence="reference: HyperParameterSpecification.IsTunable, botocore 1.44.8; 'Indicates whether this "
    "hyperparameter is tunable in a hyperparameter tuning job.'",
    replaces=("profile-hp-unknown",),
    fix="unsafe",
)
def tune_hp_unknown(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job searches a hyperparameter that the algorithm does not declare.

    A job can only set the hyperparameters that SupportedHyperParameters names, letter case included. The
    SageMaker SDK checks the names that a training job sets, but not those that a tuning job searches. The
    fix renames to the nearest declared name.

    ```yaml algorithm
    SupportedHyperParameters: [{Name: max_depth, Type: Integer, IsTunable: true}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: max_dept, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: max_depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```
    """
    for searched in context.ranges():
        name = searched.name
        if name is not None and name not in (declared := context.algorithm.hyperparameters):
            where = (*searched.path, "Name")
            best = nearest(name, declared)
            yield Problem(
                where,
                f"{shown(name)} is not declared in SupportedHyperParameters{meant(name, declared)}",
                fix=Replace(where, best) if best else None,
            )


@rule(
    on=_REQUEST,
    severity="error",
    evidence="service: awsdocs/amazon-sagemaker-developer-guide#90; a range of a hyperparameter that is not "
    "tunable is rejected",
)
def tune_hp_not_tunable(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job searches a hyperparameter that is not tunable.

    Only hyperparameters that the algorithm declares with IsTunable true can be searched; the default is
    false. Set a fixed value in StaticHyperParameters instead.

    ```yaml algorithm
    SupportedHyperParameters: [{Name: booster, Type: Categorical, IsTunable: false}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {CategoricalParameterRanges: [{Name: booster, Values: [gbtree, dart]}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig: {}
    TrainingJobDefinition:
      StaticHyperParameters: {booster: gbtree}
    ```
    """
    for searched, at, declared in context.declared_ranges():
        tunable = declared.get("IsTunable")
        if tunable is False or lacks(declared, "IsTunable"):
            why = "IsTunable is false" if tunable is False else "IsTunable is missing, which means false"
            yield Problem(
                (*searched.path, "Name"),
                f"{shown(searched.name)} is not tunable; set a fixed value in StaticHyperParameters",
                related=InAlgorithm(Key(*at, "IsTunable"), why),
            )


@rule(
    on=_REQUEST,
    severity="error",
    evidence="reference: ParameterRanges, botocore 1.44.8; a list for each type of hyperparameter",
)
def tune_hp_kind(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job's range is in the list for another Type than its hyperparameter has.

    Ranges of Integer hyperparameters belong in IntegerParameterRanges, those of Continuous ones in
    ContinuousParameterRanges and those of Categorical ones in CategoricalParameterRanges. FreeText
    hyperparameters cannot be searched.

    ```yaml algorithm
    SupportedHyperParameters: [{Name: depth, Type: Integer, IsTunable: true}]
    ```

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {ContinuousParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition: {}
    ```
    """
    for searched, at, declared in context.declared_ranges():
        match declared.get("Type"):
            case str() as kind if searched.kind not in ("", kind):
                limit = f"its range belongs in {kind}ParameterRanges"
                if kind == "FreeText":
                    limit = "FreeText cannot be searched"
                yield Problem(
                    (*searched.path, "Name"),
                    f"the Type of {shown(searched.name)} is {kind}; {limit}",
                    related=InAlgorithm((*at, "Type"), f"Type is {kind}"),
                )


@rule(
    on=_REQUEST,
    severity="error",
    evidence="sdk: sagemaker 2.257.7, tuner.py:917; a hyperparameter that is searched is removed from the "
    "static ones",
)
def tune_hp_twice(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job searches a hyperparameter twice, or also sets it to a fixed value.

    The SDK's HyperparameterTuner removes the searched hyperparameters from those of its estimator, so only
    requests are checked for the latter.

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges: {ContinuousParameterRanges: [{Name: eta, MinValue: "0.1", MaxValue: "0.5"}]}
    TrainingJobDefinition:
      StaticHyperParameters: {eta: "0.3"}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges: {ContinuousParameterRanges: [{Name: eta, MinValue: "0.1", MaxValue: "0.5"}]}
    TrainingJobDefinition:
      StaticHyperParameters: {gamma: "0.3"}
    ```
    """
    for search in context.searches:
        first = search.names()
        for searched in search.searched():
            name, path = searched.name, searched.path
            if name is None:
                continue
            if first[name] != path:
                yield Problem(
                    (*path, "Name"),
                    f"{shown(name)} has two ranges; a hyperparameter is searched once",
                    related=Related((*first[name], "Name"), "first searched here"),
                )
            elif name in search.static and context.target != SDK:
                yield Problem(
                    Key(*search.path, "StaticHyperParameters", name),
                    f"{shown(name)} is both searched and set in StaticHyperParameters; delete one of them",
                    related=Related((*path, "Name"), "searched here"),
                )


@rule(
    on=_REQUEST,
    severity="error",
    evidence="guide: Developer Guide, automatic-model-tuning-limits, 2023; 30 hyperparameters can be"
    " searched, and a job has 100",
)
def tune_too_many(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuning job searches more than 30 hyperparameters, or has more than 100 in total.

    The service adds `_tuning_objective_metric` to the hyperparameters of each training job, which counts too.

    ```yaml bad
    HyperParameterTuningJobConfig:
      ParameterRanges:
        CategoricalParameterRanges:
          - {Name: a01, Values: [x, y]}
          - {Name: a02, Values: [x, y]}
          - {Name: a03, Values: [x, y]}
          - {Name: a04, Values: [x, y]}
          - {Name: a05, Values: [x, y]}
          - {Name: a06, Values: [x, y]}
          - {Name: a07, Values: [x, y]}
          - {Name: a08, Values: [x, y]}
          - {Name: a09, Values: [x, y]}
          - {Name: a10, Values: [x, y]}
          - {Name: a11, Values: [x, y]}
          - {Name: a12, Values: [x, y]}
          - {Name: a13, Values: [x, y]}
          - {Name: a14, Values: [x, y]}
          - {Name: a15, Values: [x, y]}
          - {Name: a16, Values: [x, y]}
        IntegerParameterRanges:
          - {Name: b01, MinValue: "1", MaxValue: "2"}
          - {Name: b02, MinValue: "1", MaxValue: "2"}
          - {Name: b03, MinValue: "1", MaxValue: "2"}
          - {Name: b04, MinValue: "1", MaxValue: "2"}
          - {Name: b05, MinValue: "1", MaxValue: "2"}
          - {Name: b06, MinValue: "1", MaxValue: "2"}
          - {Name: b07, MinValue: "1", MaxValue: "2"}
          - {Name: b08, MinValue: "1", MaxValue: "2"}
          - {Name: b09, MinValue: "1", MaxValue: "2"}
          - {Name: b10, MinValue: "1", MaxValue: "2"}
          - {Name: b11, MinValue: "1", MaxValue: "2"}
          - {Name: b12, MinValue: "1", MaxValue: "2"}
          - {Name: b13, MinValue: "1", MaxValue: "2"}
          - {Name: b14, MinValue: "1", MaxValue: "2"}
          - {Name: b15, MinValue: "1", MaxValue: "2"}
    TrainingJobDefinition: {}
    ```

    ```yaml good
    HyperParameterTuningJobConfig:
      ParameterRanges:
        CategoricalParameterRanges:
          - {Name: a01, Values: [x, y]}
    TrainingJobDefinition: {}
    ```
    """
    for search in context.searches:
        names = search.names()
        if len(names) > 30:
            yield Problem(
                Key(*search.ranges_path),
                f"{len(names)} hyperparameters are searched; a tuning job searches at most 30",
            )
        count = len(names.keys() | search.static.keys())
        if "StaticHyperParameters" in search.definition and count + 1 > 100:
            yield Problem(
                Key(*search.path, "StaticHyperParameters"),
                f"{count} hyperparameters are set or searched; a job takes at most 100, one of which is"
                f" {OBJECTIVE}, added by the service",
            )


@rule(
    on=_REQUEST,
    severity="warning",
    evidence="sdk: sagemaker 2.257.7, algorithm.py:509; 'Required hyperparameter: %s is not set'",
)
def tune_sdk_required(_: Any, context: JobContext) -> Iterator[Problem]:
    """A tuner of the SDK searches a required hyperparameter for which its estimator has no value.

    HyperparameterTuner.fit lets AlgorithmEstimator check that each required hyperparameter has a value,
    although it then removes the searched ones from the request. Any valid value will do. The service
    itself does not need one.

    ```yaml algorithm
    SupportedHyperParameters: [{Name: depth, Type: Integer, IsTunable: true, IsRequired: true}]
    ```

    ```yaml bad target=sdk
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition:
      StaticHyperParameters: {}
    ```

    ```yaml good target=sdk
    HyperParameterTuningJobConfig:
      ParameterRanges: {IntegerParameterRanges: [{Name: depth, MinValue: "1", MaxValue: "5"}]}
    TrainingJobDefinition:
      StaticHyperParameters: {depth: "3"}
    ```
    """
    if context.target != SDK:
        return
    required = {
        name: at
        for name, (at, row) in context.algorithm.certain_hyperparameters.items()
        if row.get("IsRequired") is True and lacks(row, "DefaultValue")
    }
    for search in context.searches:
        for name, path in search.names().items():
            if name in required and lacks(search.static, name):
                yield Problem(
                    (*path, "Name"),
                    f"{shown(name)} is required, so the SDK needs a value in the estimator even when tuning"
                    " searches for it",
                    related=InAlgorithm((*required[name], "IsRequired"), "it is required"),
                )
