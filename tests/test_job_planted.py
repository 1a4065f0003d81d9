"""Faults planted in a tuning job: each is reported by its rule at its path, and near misses are not reported."""

from __future__ import annotations

from typing import Any

import pytest
from job_cases import (
    ALGORITHM,
    CATEGORICAL,
    CHANNEL,
    CONFIG,
    CONTINUOUS,
    DEFINITION,
    GONE,
    INTEGER,
    LIMITS,
    OBJECTIVE,
    RANGES,
    STATIC,
    TUNING,
    Path,
    changed,
    errors,
    findings,
)

from algolint.jobs.recognition import TUNING as SHAPE
from campaigns import consistent_jobs

SPEC: Path = ("TrainingSpecification",)
DECLARED: Path = (*SPEC, "SupportedHyperParameters")
PARENTS: Path = ("WarmStartConfig", "ParentHyperParameterTuningJobs")
RESOURCES: Path = (*DEFINITION, "HyperParameterTuningResourceConfig")
CONFIGS = [{"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}]
Change = tuple[Path, Any]


def planted(rule: str, path: Path, *changes: Change, spec: tuple[Change, ...] = ()) -> Any:
    return pytest.param(rule, path, changes, spec, id=f"{rule}-{'.'.join(map(str, path[-3:]))}")


def rangeof(name: str, low: str, high: str, **more: str) -> dict[str, str]:
    return {"Name": name, "MinValue": low, "MaxValue": high, **more}


MANY = [rangeof(f"h{number}", "1", "2") for number in range(31)]
FAULTS = [
    # names
    planted("tune-hp-unknown", (*INTEGER, "Name"), ((*INTEGER, "Name"), "max_dept")),
    planted("tune-hp-unknown", (*INTEGER, "Name"), ((*INTEGER, "Name"), "Max_Depth")),
    planted("tune-hp-unknown", (*CONTINUOUS, "Name"), ((*CONTINUOUS, "Name"), "eta ")),
    planted("tune-hp-unknown", (*CATEGORICAL, "Name"), ((*CATEGORICAL, "Name"), "algorithm")),
    planted("tune-hp-unknown", (*CONTINUOUS, "Name"), spec=(((*DECLARED, 1, "Name"), "learning_rate"),)),
    planted("profile-hp-unknown", (*STATIC, "gama"), ((*STATIC, "gama"), "0.5")),
    planted("profile-hp-value-invalid", (*STATIC, "gamma"), ((*STATIC, "gamma"), "a lot")),
    planted("profile-hp-value-invalid", (*STATIC, "epochs"), ((*STATIC, "epochs"), "1000")),
    planted("profile-hp-value-invalid", (*STATIC, "booster"), ((*STATIC, "booster"), "GBTREE"), (CATEGORICAL[:-1], GONE)),
    planted("profile-hp-required-missing", STATIC, (INTEGER[:-1], GONE)),
    planted("profile-hp-required-missing", DEFINITION, (INTEGER[:-1], GONE), (STATIC, GONE), (RANGES, GONE)),
    # tunable
    planted("tune-hp-not-tunable", (*RANGES, "IntegerParameterRanges", 1, "Name"), ((*RANGES, "IntegerParameterRanges", 1), rangeof("epochs", "1", "9")), ((*STATIC, "epochs"), GONE)),
    planted("tune-hp-not-tunable", (*CATEGORICAL, "Name"), spec=(((*DECLARED, 2, "IsTunable"), False),)),
    planted("tune-hp-not-tunable", (*CONTINUOUS, "Name"), spec=(((*DECLARED, 1, "IsTunable"), GONE),)),
    planted("tune-hp-not-tunable", (*RANGES, "CategoricalParameterRanges", 1, "Name"), ((*RANGES, "CategoricalParameterRanges", 1), {"Name": "notes", "Values": ["a", "b"]})),
    # kinds
    planted("tune-hp-kind", (*RANGES, "ContinuousParameterRanges", 1, "Name"), ((*RANGES, "ContinuousParameterRanges", 1), rangeof("max_depth", "2", "8")), (INTEGER[:-1], GONE)),
    planted("tune-hp-kind", (*RANGES, "IntegerParameterRanges", 1, "Name"), ((*RANGES, "IntegerParameterRanges", 1), rangeof("gamma", "1", "8")), ((*STATIC, "gamma"), GONE)),
    planted("tune-hp-kind", (*RANGES, "CategoricalParameterRanges", 1, "Name"), ((*RANGES, "CategoricalParameterRanges", 1), {"Name": "max_depth", "Values": ["2", "3"]}), (INTEGER[:-1], GONE)),
    planted("tune-hp-kind", (*RANGES, "CategoricalParameterRanges", 1, "Name"), ((*RANGES, "CategoricalParameterRanges", 1), {"Name": "notes", "Values": ["a", "b"]})),
    # ranges
    planted("tune-range-outside", (*INTEGER, "MaxValue"), ((*INTEGER, "MaxValue"), "11")),
    planted("tune-range-outside", (*INTEGER, "MinValue"), ((*INTEGER, "MinValue"), "0")),
    planted("tune-range-outside", (*INTEGER, "MinValue"), ((*INTEGER, "MinValue"), "-3")),
    planted("tune-range-outside", (*CONTINUOUS, "MaxValue"), ((*CONTINUOUS, "MaxValue"), "1.0000001")),
    planted("tune-range-outside", (*CONTINUOUS, "MinValue"), ((*CONTINUOUS, "MinValue"), "-1e-9")),
    planted("tune-range-outside", (*CONTINUOUS, "MaxValue"), ((*CONTINUOUS, "MaxValue"), "5e1")),
    planted("tune-range-outside", (*CATEGORICAL, "Values", 1), ((*CATEGORICAL, "Values", 1), "Dart")),
    planted("tune-range-outside", (*CATEGORICAL, "Values", 2), ((*CATEGORICAL, "Values", 2), "linear")),
    planted("tune-range-outside", (*INTEGER, "MaxValue"), spec=(((*DECLARED, 0, "Range", "IntegerParameterRangeSpecification", "MaxValue"), "7"),)),
    planted("tune-range-not-a-number", (*INTEGER, "MaxValue"), ((*INTEGER, "MaxValue"), "7.5")),
    planted("tune-range-not-a-number", (*CONTINUOUS, "MinValue"), ((*CONTINUOUS, "MinValue"), "low")),
    planted("tune-range-not-a-number", (*CONTINUOUS, "MaxValue"), ((*CONTINUOUS, "MaxValue"), "")),
    planted("tune-range-empty", (*INTEGER, "MinValue"), ((*INTEGER, "MinValue"), "9")),
    planted("tune-range-empty", (*INTEGER, "MaxValue"), ((*INTEGER, "MaxValue"), "2")),
    planted("tune-range-empty", (*CONTINUOUS, "MinValue"), ((*CONTINUOUS, "MinValue"), "0.9")),
    planted("tune-range-empty", (*CONTINUOUS, "MaxValue"), ((*CONTINUOUS, "MaxValue"), "1e-1")),
    planted("tune-values-repeated", (*CATEGORICAL, "Values", 2), ((*CATEGORICAL, "Values", 2), "gbtree")),
    planted("item-count", (*CATEGORICAL, "Values"), ((*CATEGORICAL, "Values"), [])),
    # twice
    planted("tune-hp-twice", (*STATIC, "eta"), ((*STATIC, "eta"), "0.3")),
    planted("tune-hp-twice", (*STATIC, "booster"), ((*STATIC, "booster"), "dart")),
    planted("tune-hp-twice", (*RANGES, "IntegerParameterRanges", 1, "Name"), ((*RANGES, "IntegerParameterRanges", 1), rangeof("max_depth", "3", "4"))),
    planted("tune-hp-twice", (*RANGES, "ContinuousParameterRanges", 1, "Name"), ((*RANGES, "ContinuousParameterRanges", 1), rangeof("eta", "0.6", "0.7"))),
    # objective
    planted("tune-objective-undeclared", (*OBJECTIVE, "MetricName"), ((*OBJECTIVE, "MetricName"), "validation_rmse")),
    planted("tune-objective-undeclared", (*OBJECTIVE, "MetricName"), ((*OBJECTIVE, "MetricName"), "train:loss")),
    planted("tune-objective-undeclared", (*OBJECTIVE, "MetricName"), spec=(((*SPEC, "SupportedTuningJobObjectiveMetrics"), GONE),)),
    planted("tune-objective-direction", (*OBJECTIVE, "Type"), ((*OBJECTIVE, "Type"), "Maximize")),
    planted("tune-objective-direction", (*OBJECTIVE, "Type"), ((*OBJECTIVE, "MetricName"), "validation:auc")),
    # scaling
    planted("tune-scaling", (*CONTINUOUS, "MinValue"), (CONTINUOUS, rangeof("eta", "0", "0.5", ScalingType="Logarithmic"))),
    planted("tune-scaling", (*CONTINUOUS, "MaxValue"), (CONTINUOUS, rangeof("eta", "0.5", "1", ScalingType="ReverseLogarithmic"))),
    planted("tune-scaling", (*CONTINUOUS, "MinValue"), (CONTINUOUS, rangeof("eta", "-0.5", "0.5", ScalingType="ReverseLogarithmic"))),
    planted("tune-scaling", (*INTEGER, "ScalingType"), ((*INTEGER, "ScalingType"), "ReverseLogarithmic")),
    planted("tune-scaling", (*INTEGER, "MinValue"), (INTEGER, rangeof("max_depth", "0", "8", ScalingType="Logarithmic"))),
    planted("unknown-value", (*INTEGER, "ScalingType"), ((*INTEGER, "ScalingType"), "Log")),
    # strategy and limits
    planted("tune-grid", INTEGER, ((*CONFIG, "Strategy"), "Grid")),
    planted("tune-grid", CONTINUOUS, ((*CONFIG, "Strategy"), "Grid")),
    planted("tune-grid", (*LIMITS, "MaxNumberOfTrainingJobs"), ((*CONFIG, "Strategy"), "Grid"), (INTEGER[:-1], GONE), (CONTINUOUS[:-1], GONE), ((*STATIC, "max_depth"), "3")),
    planted("tune-combinations", (*LIMITS, "MaxNumberOfTrainingJobs"), (CONTINUOUS[:-1], GONE)),
    planted("tune-combinations", (*LIMITS, "MaxNumberOfTrainingJobs"), (CONTINUOUS[:-1], GONE), (CATEGORICAL[:-1], GONE), ((*INTEGER, "MaxValue"), "3"), ((*LIMITS, "MaxNumberOfTrainingJobs"), 3)),
    planted("tune-hyperband", (*CONFIG, "TrainingJobEarlyStoppingType"), ((*CONFIG, "Strategy"), "Hyperband"), ((*CONFIG, "TrainingJobEarlyStoppingType"), "Auto")),
    planted("tune-hyperband", (*CONFIG, "StrategyConfig", "HyperbandStrategyConfig"), ((*CONFIG, "StrategyConfig"), {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 9}})),
    planted("tune-too-many", RANGES, (INTEGER[:-1], MANY)),
    planted("tune-too-many", STATIC, (STATIC, {f"h{number}": "1" for number in range(99)})),
    planted("unknown-value", (*CONFIG, "Strategy"), ((*CONFIG, "Strategy"), "Bayes")),
    planted("missing-field", CONFIG, (LIMITS, GONE)),
    planted("number-range", (*LIMITS, "MaxParallelTrainingJobs"), ((*LIMITS, "MaxParallelTrainingJobs"), 0)),
    # definition
    planted("tune-definition", (), (DEFINITION, GONE)),
    planted("tune-definition", ("TrainingJobDefinitions",), (("TrainingJobDefinitions",), [TUNING["TrainingJobDefinition"]])),
    planted("tune-resource-config", (*DEFINITION, "ResourceConfig"), ((*RESOURCES, "InstanceConfigs"), CONFIGS)),
    planted("tune-resource-config", (*RESOURCES, "VolumeSizeInGB"), (RESOURCES, {"InstanceConfigs": CONFIGS, "VolumeSizeInGB": 30}), ((*DEFINITION, "ResourceConfig"), GONE)),
    planted("tune-resource-config", (*RESOURCES, "InstanceType"), (RESOURCES, {"InstanceConfigs": CONFIGS, "InstanceType": "ml.m5.xlarge"}), ((*DEFINITION, "ResourceConfig"), GONE)),
    planted("tune-environment", ("TrainingJobDefinitions", 0, "Environment"), ((*DEFINITION, "Environment"), {f"V{number}": "" for number in range(30)}), (("TrainingJobDefinitions",), [{**TUNING["TrainingJobDefinition"], "DefinitionName": "b", "Environment": {f"V{number}": "" for number in range(30)}}])),
    planted("profile-training-instance-unsupported", (*DEFINITION, "ResourceConfig", "InstanceType"), ((*DEFINITION, "ResourceConfig", "InstanceType"), "ml.m5.2xlarge")),
    planted("profile-training-instance-unsupported", (*RESOURCES, "InstanceConfigs", 1, "InstanceType"), (RESOURCES, {"InstanceConfigs": [*CONFIGS, {**CONFIGS[0], "InstanceType": "ml.m5.2xlarge"}]}), ((*DEFINITION, "ResourceConfig"), GONE)),
    planted("profile-training-instance-unsupported", (*RESOURCES, "InstanceType"), (RESOURCES, {**CONFIGS[0], "InstanceType": "ml.m5.2xlarge"}), ((*DEFINITION, "ResourceConfig"), GONE)),
    planted("distributed-not-supported", (*DEFINITION, "ResourceConfig", "InstanceCount"), ((*DEFINITION, "ResourceConfig", "InstanceCount"), 2)),
    planted("unknown-instance-type", (*DEFINITION, "ResourceConfig", "InstanceType"), ((*DEFINITION, "ResourceConfig", "InstanceType"), "ml.m5.3xlarge")),
    planted("profile-channel-unknown", (*CHANNEL, "ChannelName"), ((*CHANNEL, "ChannelName"), "training")),
    planted("profile-channel-required-missing", (*DEFINITION, "InputDataConfig"), ((*CHANNEL, "ChannelName"), "validation")),
    planted("profile-channel-required-missing", DEFINITION, ((*DEFINITION, "InputDataConfig"), GONE)),
    planted("profile-input-mode-unsupported", (*DEFINITION, "AlgorithmSpecification", "TrainingInputMode"), ((*DEFINITION, "AlgorithmSpecification", "TrainingInputMode"), "Pipe")),
    planted("job-algorithm-or-image", (*DEFINITION, "AlgorithmSpecification", "TrainingImage"), ((*DEFINITION, "AlgorithmSpecification", "TrainingImage"), "246618743249.dkr.ecr.us-east-1.amazonaws.com/f:1")),
    planted("job-algorithm-or-image", (*DEFINITION, "AlgorithmSpecification"), ((*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), GONE)),
    planted("job-algorithm-region", (*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), ((*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), "arn:aws:sagemaker:eu-west-1:246618743249:algorithm/forecaster")),
    planted("pattern-mismatch", (*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), ((*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), "arn:aws:sagemaker:us-east-1:246618743249:algorithm/arn:aws:sagemaker:us-east-1:246618743249:algorithm/f")),
    planted("job-spot-wait", (*DEFINITION, "StoppingCondition", "MaxWaitTimeInSeconds"), ((*DEFINITION, "StoppingCondition", "MaxWaitTimeInSeconds"), 7200)),
    planted("job-spot-wait", (*DEFINITION, "StoppingCondition"), ((*DEFINITION, "EnableManagedSpotTraining"), True)),
    planted("max-wait-below-runtime", (*DEFINITION, "StoppingCondition", "MaxWaitTimeInSeconds"), ((*DEFINITION, "EnableManagedSpotTraining"), True), ((*DEFINITION, "StoppingCondition", "MaxWaitTimeInSeconds"), 60)),
    planted("unknown-field", (*DEFINITION, "HyperParameters"), ((*DEFINITION, "HyperParameters"), {})),
    planted("wrong-type", (*STATIC, "gamma"), ((*STATIC, "gamma"), 0.5)),
    # warm start, and volumes
    planted("tune-warm-start", (*PARENTS, 0, "HyperParameterTuningJobName"), (("WarmStartConfig",), {"WarmStartType": "TransferLearning", "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "search-1"}]})),
    planted("item-count", PARENTS, (("WarmStartConfig",), {"WarmStartType": "TransferLearning", "ParentHyperParameterTuningJobs": []})),
    planted("unknown-value", ("WarmStartConfig", "WarmStartType"), (("WarmStartConfig",), {"WarmStartType": "Transfer", "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "search-0"}]})),
    planted("tune-volume-over-local-storage", (*RESOURCES, "VolumeSizeInGB"), (RESOURCES, {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 500}), ((*DEFINITION, "ResourceConfig"), GONE), spec=(((*SPEC, "SupportedTrainingInstanceTypes"), ["ml.g5.xlarge"]),)),
]  # fmt: skip


def test_the_pair_is_consistent() -> None:
    assert [
        (rule.name, p.message) for rule, p in findings(ALGORITHM, TUNING, SHAPE) if rule.severity != "info"
    ] == []


def test_there_are_faults_of_every_rule_of_tuning_jobs_that_reports_errors() -> None:
    from algolint.jobs.linter import job_rules

    named = {row.values[0] for row in FAULTS}
    assert len(FAULTS) >= 60
    assert {
        rule.name for rule in job_rules() if rule.name.startswith("tune-") and rule.severity == "error"
    } <= named


@pytest.mark.parametrize(("rule", "path", "changes", "spec"), FAULTS)
def test_a_fault_is_found_at_its_place(
    rule: str, path: Path, changes: tuple[Change, ...], spec: tuple[Change, ...]
) -> None:
    found = findings(changed(ALGORITHM, *spec), changed(TUNING, *changes), SHAPE)
    assert (rule, path) in errors(found)


NEAR = [
    pytest.param(changes, spec, id=name)
    for name, changes, spec in (
        ("the declared limits", [((*INTEGER, "MinValue"), "1"), ((*INTEGER, "MaxValue"), "10")], []),
        ("the declared limits, written otherwise", [((*CONTINUOUS, "MinValue"), "0e0"), ((*CONTINUOUS, "MaxValue"), "1.0")], []),
        ("all categories", [((*CATEGORICAL, "Values"), ["gbtree", "gblinear", "dart"])], []),
        ("no declared range", [], [((*DECLARED, 0, "Range"), GONE)]),
        ("no declared categories", [((*CATEGORICAL, "Values", 1), "anything")], [((*DECLARED, 2, "Range"), GONE)]),
        ("a range without limits", [((*CONTINUOUS, "Name"), "gamma"), ((*CONTINUOUS, "MaxValue"), "1e9"), ((*STATIC, "gamma"), GONE)], []),
        ("required and searched", [], []),
        ("required and fixed", [(INTEGER[:-1], GONE), ((*STATIC, "max_depth"), "5")], []),
        ("the other objective", [(OBJECTIVE, {"MetricName": "validation:auc", "Type": "Maximize"})], []),
        ("an objective in both directions", [((*OBJECTIVE, "Type"), "Maximize")], [((*SPEC, "SupportedTuningJobObjectiveMetrics", 2), {"MetricName": "validation:rmse", "Type": "Maximize"})]),
        ("logarithmic", [((*CONTINUOUS, "ScalingType"), "Logarithmic"), ((*INTEGER, "ScalingType"), "Logarithmic")], []),
        ("reverse logarithmic from 0", [(CONTINUOUS, rangeof("eta", "0", "0.999", ScalingType="ReverseLogarithmic"))], []),
        ("linear from 0", [(CONTINUOUS, rangeof("eta", "0", "1", ScalingType="Linear"))], []),
        ("exactly as many combinations", [(CONTINUOUS[:-1], GONE), ((*LIMITS, "MaxNumberOfTrainingJobs"), 14)], []),
        ("grid", [((*CONFIG, "Strategy"), "Grid"), (INTEGER[:-1], GONE), (CONTINUOUS[:-1], GONE), ((*STATIC, "max_depth"), "3"), ((*LIMITS, "MaxNumberOfTrainingJobs"), GONE)], []),
        ("hyperband", [((*CONFIG, "Strategy"), "Hyperband"), ((*CONFIG, "TrainingJobEarlyStoppingType"), "Off"), ((*CONFIG, "StrategyConfig"), {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 9}})], []),
        ("early stopping of another strategy", [((*CONFIG, "TrainingJobEarlyStoppingType"), "Auto")], []),
        ("ranges of the definition", [((*DEFINITION, "HyperParameterRanges"), TUNING["HyperParameterTuningJobConfig"]["ParameterRanges"]), (RANGES, GONE)], []),
        ("several definitions", [(("TrainingJobDefinitions",), [{**TUNING["TrainingJobDefinition"], "DefinitionName": "a", "TuningObjective": {"MetricName": "validation:auc", "Type": "Maximize"}, "HyperParameterRanges": TUNING["HyperParameterTuningJobConfig"]["ParameterRanges"]}]), (DEFINITION, GONE), (RANGES, GONE), (OBJECTIVE, GONE)], []),
        ("resources of a tuning job", [(RESOURCES, {"InstanceConfigs": CONFIGS}), ((*DEFINITION, "ResourceConfig"), GONE)], []),
        ("one resource of a tuning job", [(RESOURCES, CONFIGS[0]), ((*DEFINITION, "ResourceConfig"), GONE)], []),
        ("spot with a limit", [((*DEFINITION, "EnableManagedSpotTraining"), True), ((*DEFINITION, "StoppingCondition", "MaxWaitTimeInSeconds"), 7200)], []),
        ("several instances", [((*DEFINITION, "ResourceConfig", "InstanceCount"), 2)], [((*SPEC, "SupportsDistributedTraining"), True)]),
        ("an optional channel", [((*DEFINITION, "InputDataConfig", 1), {**TUNING["TrainingJobDefinition"]["InputDataConfig"][0], "ChannelName": "validation"})], []),
        ("the ARN of the algorithm", [((*DEFINITION, "AlgorithmSpecification", "AlgorithmName"), "arn:aws:sagemaker:us-east-1:246618743249:algorithm/forecaster")], []),
        ("a file in fast mode", [((*CHANNEL, "InputMode"), "FastFile")], []),
        ("48 variables", [((*DEFINITION, "Environment"), {f"V{number}": "" for number in range(48)})], []),
    )
]  # fmt: skip


@pytest.mark.parametrize(("changes", "spec"), NEAR)
def test_a_near_miss_is_silent(changes: list[Change], spec: list[Change]) -> None:
    found = findings(changed(ALGORITHM, *spec), changed(TUNING, *changes), SHAPE)
    assert errors(found) == set()


def test_jobs_that_fit_have_no_error_and_profiles_are_judged_as_jobs_are(capsys: Any) -> None:
    """A small part of the campaign; see docs/trust.md."""
    assert consistent_jobs.run(12, 7) == 0, capsys.readouterr().out[-4000:]


def test_without_an_algorithm_the_structure_alone_is_judged() -> None:
    changes = [
        ((*INTEGER, "Name"), "max_dept"),
        ((*INTEGER, "MaxValue"), "1"),
        ((*CONFIG, "Strategy"), "Bayes"),
    ]
    found = findings(None, changed(TUNING, *changes), SHAPE)
    assert errors(found) == {
        ("tune-range-empty", (*INTEGER, "MinValue")),
        ("unknown-value", (*CONFIG, "Strategy")),
    }
