"""Makes a job for each error of `algolint diff` that demonstrates it.

    python -m campaigns.witnesses --count 3000 --seed 1

Each case is a complete algorithm and a release of it with one change (`campaigns/releases.py`). For each
error of `diff` that affects training, tuning, transforming or deploying, there must be a job without an error
for the old release, for which a rule of `WITNESSES` reports something for the new release that it did not
report for the old one. Releases that have errors themselves are left out.

Exits with 1 if there is no such job.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from algolint.aws.model import JOBS, REQUEST, Model
from algolint.compare.diff import Change, compare
from algolint.compare.diff import first_party_rules as diff_rules
from algolint.compare.specs import spec_in
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import JobLinter, rules_for_jobs
from algolint.jobs.recognition import ENDPOINT, PACKAGE, TRAINING, TRANSFORM, TUNING
from algolint.linting.linter import Linter
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.testing import problems
from campaigns import jobs, releases, requests

_VALUE = ("profile-hp-value-invalid", "tune-range-outside", "tune-hp-kind")
_REQUIRED = ("profile-hp-required-missing",)
_MIME = ("transform-content-type-unsupported", "transform-accept-unsupported")
#: The errors of `diff`, and the rules that report a job that each breaks.
WITNESSES: dict[str, tuple[str, ...]] = {
    "diff-hp-removed": ("profile-hp-unknown", "tune-hp-unknown"),
    "diff-hp-added-required": _REQUIRED,
    "diff-hp-became-required": _REQUIRED,
    "diff-hp-type-narrowed": _VALUE,
    "diff-hp-type-changed": _VALUE,
    "diff-hp-range-narrowed": _VALUE,
    "diff-hp-not-tunable": ("tune-hp-not-tunable",),
    "diff-channel-removed": ("profile-channel-unknown",),
    "diff-channel-required": ("profile-channel-required-missing",),
    "diff-channel-mode-removed": ("profile-input-mode-unsupported",),
    "diff-channel-content-type-removed": ("profile-content-type-unsupported",),
    "diff-channel-compression-removed": ("profile-compression-unsupported",),
    "diff-training-instance-removed": ("profile-training-instance-unsupported",),
    "diff-distributed-removed": ("distributed-not-supported",),
    "diff-objective-removed": ("tune-objective-undeclared", "tune-objective-direction"),
    "diff-inference-removed": ("job-package-needs-inference",),
    "diff-inference-type-removed": _MIME,
    "diff-transform-instance-removed": ("transform-instance-unsupported", "job-not-offered"),
    "diff-realtime-instance-removed": ("job-endpoint-instance", "job-not-offered"),
}
#: Errors that no job can show: about the estimator's default, and about the listing.
OF_NO_JOB = ("diff-sdk-mode-lost", "diff-marketplace-lost")
_CONSUMERS = {"train", "tune", "transform", "deploy"}

Job = tuple[str, dict[str, Any]]


def candidates(spec: dict[str, Any], dice: random.Random) -> Iterator[Job]:
    """Yield jobs that an algorithm may accept, one for each declaration."""
    training = spec["TrainingSpecification"]
    base = _base(spec, dice)
    yield TRAINING, base
    yield from ((TRAINING, job) for job in _by_hyperparameters(base, training))
    yield from ((TRAINING, job) for job in _by_channels(base, training))
    for kind in training["SupportedTrainingInstanceTypes"]:
        yield TRAINING, {**base, "ResourceConfig": _resources(kind, 1)}
    kind = training["SupportedTrainingInstanceTypes"][0]
    yield TRAINING, {**base, "ResourceConfig": _resources(kind, 2)}
    yield from ((TUNING, job) for job in _by_searches(base, training))
    inference = spec.get("InferenceSpecification")
    if inference:
        yield PACKAGE, {"SourceAlgorithmSpecification": {"SourceAlgorithms": [{"AlgorithmName": "a"}]}}
        yield from _served(inference)


def _base(spec: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return the training job of the first profile, with plain channels on one instance."""
    (_, job), *_ = jobs.jobs_of(spec, dice)
    training = spec["TrainingSpecification"]
    rows = training["TrainingChannels"]
    fed = [row for row in rows if row.get("IsRequired")] or rows[:1]
    fields = ("TrainingJobName", "AlgorithmSpecification", "RoleArn", "HyperParameters")
    return {
        **{field: job[field] for field in fields if field in job},
        "InputDataConfig": [_channel(row, row["SupportedInputModes"][0]) for row in fed],
        "OutputDataConfig": {"S3OutputPath": "s3://amzn-example-bucket/models/"},
        "ResourceConfig": _resources(training["SupportedTrainingInstanceTypes"][0], 1),
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }


def _resources(kind: str, count: int) -> dict[str, Any]:
    return {"InstanceType": kind, "InstanceCount": count, "VolumeSizeInGB": 30}


def _by_hyperparameters(base: dict[str, Any], training: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield jobs with each limit of each hyperparameter, and without optional ones."""
    given = base.get("HyperParameters", {})
    declared = training.get("SupportedHyperParameters", ())
    needed = {row["Name"] for row in declared if row.get("IsRequired") and "DefaultValue" not in row}
    yield {**base, "HyperParameters": {name: value for name, value in given.items() if name in needed}}
    for row in declared:
        for value in _values(row):
            yield {**base, "HyperParameters": {**given, row["Name"]: value}}


def _values(row: dict[str, Any]) -> list[str]:
    """Return values of a hyperparameter, including its limits."""
    limits = row.get("Range", {}).get(f"{row['Type']}ParameterRangeSpecification", {})
    match row["Type"]:
        case "Categorical":
            return list(limits.get("Values", ("1", "word")))
        case "FreeText":
            return ["word", "1", "0.5"]
        case kind:
            low, high = limits.get("MinValue", "-1000000"), limits.get("MaxValue", "1000000")
            middle = [f"{(float(low) + float(high)) / 2!r}", "0.5"] if kind == "Continuous" else []
            return [low, high, *middle]


def _by_channels(base: dict[str, Any], training: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield jobs with each channel in each way, and one with only the required ones."""
    required = [
        _channel(row, row["SupportedInputModes"][0])
        for row in training["TrainingChannels"]
        if row.get("IsRequired")
    ]
    if required:
        yield {**base, "InputDataConfig": required}
    for row in training["TrainingChannels"]:
        others = [channel for channel in required if channel["ChannelName"] != row["Name"]]
        for mode in row["SupportedInputModes"]:
            yield {**base, "InputDataConfig": [*others, _channel(row, mode)]}
        for content_type in row.get("SupportedContentTypes", ()):
            fed = {**_channel(row, row["SupportedInputModes"][0]), "ContentType": content_type}
            yield {**base, "InputDataConfig": [*others, fed]}
        for compression in row.get("SupportedCompressionTypes", ("None",)):
            for mode in row["SupportedInputModes"]:
                yield {
                    **base,
                    "InputDataConfig": [*others, {**_channel(row, mode), "CompressionType": compression}],
                }


def _channel(row: dict[str, Any], mode: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://amzn-example-bucket/{row['Name']}/"}
    return {"ChannelName": row["Name"], "InputMode": mode, "DataSource": {"S3DataSource": source}}


def _by_searches(base: dict[str, Any], training: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield tuning jobs that search the whole range of each hyperparameter, and with each objective."""
    static = base.get("HyperParameters", {})
    own = ("TrainingJobName", "HyperParameters")
    definition = {key: value for key, value in base.items() if key not in own}
    config = {
        "Strategy": "Bayesian",
        "ResourceLimits": {"MaxParallelTrainingJobs": 1, "MaxNumberOfTrainingJobs": 1},
    }
    for row in training.get("SupportedHyperParameters", ()):
        if row.get("IsTunable") and row["Type"] != "FreeText":
            values = _values(row)
            searched: dict[str, Any] = {"Name": row["Name"], "MinValue": values[0], "MaxValue": values[-1]}
            if row["Type"] != "Categorical":
                searched["MaxValue"] = values[1]
            else:
                searched = {"Name": row["Name"], "Values": values}
            fixed = {name: value for name, value in static.items() if name != row["Name"]}
            yield {
                "HyperParameterTuningJobName": "search",
                "HyperParameterTuningJobConfig": {
                    **config,
                    "ParameterRanges": {f"{row['Type']}ParameterRanges": [searched]},
                },
                "TrainingJobDefinition": {**definition, "StaticHyperParameters": fixed},
            }
    for objective in training.get("SupportedTuningJobObjectiveMetrics", ()):
        yield {
            "HyperParameterTuningJobName": "search",
            "HyperParameterTuningJobConfig": {**config, "HyperParameterTuningJobObjective": objective},
            "TrainingJobDefinition": {**definition, "StaticHyperParameters": static},
        }


def _served(inference: dict[str, Any]) -> Iterator[Job]:
    """Yield transform jobs and endpoints for each instance type and content type."""
    types = inference.get("SupportedTransformInstanceTypes") or ["ml.m5.large"]
    contents, answers = (
        inference.get(field) or [None] for field in ("SupportedContentTypes", "SupportedResponseMIMETypes")
    )
    for kind, content, answer in [
        *((kind, contents[0], answers[0]) for kind in types),
        *((types[0], content, answers[0]) for content in contents),
        *((types[0], contents[0], answer) for answer in answers),
    ]:
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://amzn-example-bucket/score/"}}
        output = {"S3OutputPath": "s3://amzn-example-bucket/scores/"}
        yield (
            TRANSFORM,
            {
                "TransformJobName": "score",
                "ModelName": "m",
                "TransformInput": {"DataSource": source, **({"ContentType": content} if content else {})},
                "TransformOutput": {**output, **({"Accept": answer} if answer else {})},
                "TransformResources": {"InstanceType": kind, "InstanceCount": 1},
            },
        )
    for kind in inference.get("SupportedRealtimeInferenceInstanceTypes", ()):
        variant = {"VariantName": "all", "ModelName": "m", "InitialInstanceCount": 1, "InstanceType": kind}
        yield ENDPOINT, {"EndpointConfigName": "e", "ProductionVariants": [variant]}


_SERVED = (
    "SupportedContentTypes",
    "SupportedResponseMIMETypes",
    "SupportedTransformInstanceTypes",
    "SupportedRealtimeInferenceInstanceTypes",
)


def _drop_served(dice: random.Random, spec: Any) -> None:
    """Remove a supported type: of content, of responses, of an instance."""
    inference = spec.get("InferenceSpecification", {})
    lists = [inference[field] for field in _SERVED if len(inference.get(field, ())) > 1]
    if lists:
        items = dice.choice(lists)
        items.pop(dice.randrange(len(items)))


_CHANGES = (*releases.CHANGES, _drop_served)


class Campaign:
    """The counts, and an example of each error without a job."""

    def __init__(self) -> None:
        self._model, self._jobs = Model(), Model(table=JOBS)
        self._rules, self._diff_rules = rules_for_jobs(), diff_rules()
        self._check = Linter(self._model, first_party_rules())
        self.counts: Counter[str] = Counter()
        self.wrong: dict[str, str] = {}

    def take(self, dice: random.Random) -> None:
        """Check one case."""
        old = jobs.algorithm_with_profile(dice)
        new = requests.copied(old)
        dice.choice(_CHANGES)(dice, new)
        changes, _ = compare(old, new, REQUEST, self._diff_rules)
        errors = [change for change in changes if _breaks_jobs(change)]
        if not errors or self._is_broken(new):
            return
        before, after = (self._linter(spec) for spec in (old, new))
        shown: set[tuple[str, str]] = set()
        for shape, job in candidates(old, dice):
            was, refused = _reported(before, shape, job)
            if not refused:
                self.counts["jobs"] += 1
                shown |= _reported(after, shape, job)[0] - was
        names = {name for name, _ in shown}
        for change in errors:
            self.counts[change.rule.name] += 1
            why = _explained(change, new)
            if why is not None:
                self.counts[why] += 1
            elif names.isdisjoint(WITNESSES.get(change.rule.name, ())):
                texts = f"{change.message}\n  {sorted(shown)}\n  {json.dumps(old)[:4000]}\n  {json.dumps(new)[:4000]}"
                self.wrong.setdefault(change.rule.name, texts)
                self.counts["wrong"] += 1

    def _is_broken(self, spec: dict[str, Any]) -> bool:
        """Whether a release has errors itself, so that its jobs are not certain."""
        return any(
            (problem.severity or rule.severity) == "error"
            and problem.path[:1] != ("ValidationSpecification",)
            for rule, problem in problems(self._check, spec, REQUEST, yaml=False)
        )

    def _linter(self, spec: dict[str, Any]) -> JobLinter:
        algorithm = Algorithm(spec_in(Source("algorithm.json", json.dumps(spec)), self._model))
        return JobLinter(self._jobs, self._model, partial(_given, algorithm), self._rules)


def _given(algorithm: Algorithm, _: Any) -> Algorithm:
    return algorithm


def _breaks_jobs(change: Change) -> bool:
    is_of_jobs = not _CONSUMERS.isdisjoint(change.rule.breaks) and change.rule.name not in OF_NO_JOB
    return change.severity == "error" and is_of_jobs


def _explained(change: Change, new: dict[str, Any]) -> str | None:
    """Return why there need not be a job that shows an error, or None if there must be one."""
    channels = json.dumps(new["TrainingSpecification"]["TrainingChannels"])
    if change.rule.name == "diff-channel-content-type-removed" and "*" in channels:
        return "the new types have a wildcard"
    return None


def _reported(linter: JobLinter, shape: str, job: dict[str, Any]) -> tuple[set[tuple[str, str]], bool]:
    """Return the rules that report errors or warnings for a job, with the level, and whether there is an
    error.
    """
    found = problems(linter, job, shape, yaml=False)
    levels = {(rule.name, problem.severity or rule.severity) for rule, problem in found}
    return {row for row in levels if row[1] != "info"}, any(level == "error" for _, level in levels)


def run(count: int, seed: int) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    campaign = Campaign()
    dice = random.Random(f"{seed} witnesses")
    for _ in range(count):
        campaign.take(dice)
    counts = campaign.counts
    total = sum(counts[name] for name in WITNESSES)
    print(f"seed {seed}: {count} releases, {total} errors that break jobs, {counts['jobs']} jobs tried")
    for name in WITNESSES:
        print(f"{counts[name]:6}  {name}")
    why = "the new types have a wildcard"
    print(f"{counts[why]:6}  without a witness, as {why}")
    print(f"{counts['wrong']} others without a witness; {time.perf_counter() - started:.0f} s")
    for kind, example in campaign.wrong.items():
        print(f"\n{kind}\n  {example}")
    return 1 if campaign.wrong else 0


def main() -> int:
    """Run the command line."""
    options = requests.options("Makes a job for each error of `algolint diff`.", 3000).parse_args()
    return run(options.count, options.seed)


if __name__ == "__main__":
    sys.exit(main())
