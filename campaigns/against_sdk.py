"""Compares `algolint job` with the checks of the SageMaker SDK's AlgorithmEstimator.

    python -m venv .sdk && .sdk/bin/pip install 'sagemaker<3'
    python -m campaigns.against_sdk --sdk .sdk/bin/python --count 10000 --seed 1

Each case is a complete algorithm, and arguments made from its first profile. Most of them have an error: a
hyperparameter that is misspelt, missing or out of its range, or an instance type, count, input mode or
channel that the algorithm does not have. AlgorithmEstimator gets the arguments with a mock session, and
algolint gets the CreateTrainingJob request that the SDK would send. The SDK must raise an error exactly if a
rule for the same checks reports one, for the same reason. `EXPLAINED` has the intended differences.

Exits with 1 if there is another difference.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from algolint.aws.model import JOBS, Model
from algolint.compare.specs import spec_in
from algolint.jobs.context import Algorithm
from algolint.jobs.linter import JobLinter, rules_for_jobs
from algolint.jobs.recognition import TRAINING
from algolint.source import Source
from algolint.testing import problems
from campaigns import jobs

# How the SDK's messages begin, and the rule for the same check.
_RULES = {
    "Invalid input mode": "profile-input-mode-unsupported",
    "Invalid instance_type": "profile-training-instance-unsupported",
    "Distributed training is not supported": "distributed-not-supported",
    "Invalid hyperparameter:": "profile-hp-unknown",
    "Invalid value": "profile-hp-value-invalid",
    "invalid literal for int": "profile-hp-value-invalid",
    "could not convert string to float": "profile-hp-value-invalid",
    "Required hyperparameter": "profile-hp-required-missing",
    "Unknown input channel": "profile-channel-unknown",
    "Required input channel": "profile-channel-required-missing",
}
_FORM = "hp-nonportable-number-form"
EXPLAINED = {
    "a channel that the job does not feed lacks the input mode": "the SDK asks all declared channels",
    "an integer in exponent form": f"algolint warns: {_FORM}",
}

Case = dict[str, Any]


def case_of(dice: random.Random) -> Case:
    """Return an algorithm, arguments of AlgorithmEstimator, and the channels of its fit."""
    request = jobs.algorithm_with_profile(dice)
    specification = request["TrainingSpecification"]
    profile = request["ValidationSpecification"]["ValidationProfiles"][0]["TrainingJobDefinition"]
    fed = [channel["ChannelName"] for channel in profile["InputDataConfig"]]
    modes = {"File", "Pipe"}
    for channel in specification["TrainingChannels"]:
        modes &= set(channel["SupportedInputModes"])
    arguments = {
        "instance_type": dice.choice(specification["SupportedTrainingInstanceTypes"]),
        "instance_count": 1,
        "input_mode": dice.choice(sorted(modes) or ["File", "Pipe"]),
        "hyperparameters": dict(profile.get("HyperParameters", {})),
    }
    case = {
        "algorithm": {"AlgorithmStatus": "Completed", **request},
        "arguments": arguments,
        "channels": dict.fromkeys(fed, "s3://amzn-example-bucket/data/"),
    }
    for fault in dice.sample(_FAULTS, dice.choice((0, 1, 1, 1, 2))):
        fault(dice, case, specification)
    return case


def _misspelt(dice: random.Random, case: Case, _: Any) -> None:
    given = case["arguments"]["hyperparameters"]
    name = dice.choice([*given, "epochs"])
    given[f"{name}x"] = given.pop(name, "1")


def _left_out(dice: random.Random, case: Case, _: Any) -> None:
    given = case["arguments"]["hyperparameters"]
    if given:
        del given[dice.choice([*given])]


def _other_value(dice: random.Random, case: Case, specification: Any) -> None:
    names = [row["Name"] for row in specification.get("SupportedHyperParameters", ())]
    if names:
        values = ("-1", "0", "1", "1000000", "0.5", "1e-3", "many", "", "-2.75e2", "Auto")
        case["arguments"]["hyperparameters"][dice.choice(names)] = dice.choice(values)


def _other_type(dice: random.Random, case: Case, _: Any) -> None:
    case["arguments"]["instance_type"] = dice.choice(("ml.m4.xlarge", "ml.p2.xlarge", "ml.c5.xlarge"))


def _several(dice: random.Random, case: Case, _: Any) -> None:
    case["arguments"]["instance_count"] = dice.randint(2, 5)


def _other_mode(dice: random.Random, case: Case, _: Any) -> None:
    case["arguments"]["input_mode"] = dice.choice(("File", "Pipe"))


def _more_channels(dice: random.Random, case: Case, specification: Any) -> None:
    names = [channel["Name"] for channel in specification["TrainingChannels"]]
    case["channels"][dice.choice([*names, "extra", names[0].upper()])] = "s3://amzn-example-bucket/more/"


def _fewer_channels(dice: random.Random, case: Case, _: Any) -> None:
    # The SDK does not check a job without channels.
    if len(case["channels"]) > 1:
        del case["channels"][dice.choice([*case["channels"]])]


_FAULTS = [
    *(_misspelt, _left_out, _other_value, _other_type),
    *(_several, _other_mode, _more_channels, _fewer_channels),
]


def request_of(case: Case) -> dict[str, Any]:
    """Return the request that the SDK sends for arguments that it accepts."""
    arguments = case["arguments"]
    given = dict(arguments["hyperparameters"])
    for row in case["algorithm"]["TrainingSpecification"].get("SupportedHyperParameters", ()):
        if "DefaultValue" in row:
            given.setdefault(row["Name"], row["DefaultValue"])
    return {
        "TrainingJobName": "train",
        "AlgorithmSpecification": {
            "AlgorithmName": case["algorithm"]["AlgorithmName"],
            "TrainingInputMode": arguments["input_mode"],
        },
        "HyperParameters": given,
        "RoleArn": "arn:aws:iam::246618743249:role/sagemaker",
        "InputDataConfig": [
            {
                "ChannelName": name,
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}},
            }
            for name, uri in case["channels"].items()
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://amzn-example-bucket/models/"},
        "ResourceConfig": {
            "InstanceType": arguments["instance_type"],
            "InstanceCount": arguments["instance_count"],
            "VolumeSizeInGB": 30,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
    }


class Sdk:
    """The SDK in a separate process."""

    def __init__(self, python: str) -> None:
        script = Path(__file__).with_name("sdk_estimator.py")
        settings = {"AWS_DEFAULT_REGION": "us-east-1", "SAGEMAKER_SUPPRESS_V2_WARNING": "1"}
        self._process = subprocess.Popen(
            [python, "-I", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **settings},
        )

    def raised(self, case: Case) -> str | None:
        """Return the error that the SDK raises for a case, or None if it would send the job."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(case, default=str), file=self._process.stdin, flush=True)
        answer: str | None = json.loads(self._process.stdout.readline())
        return answer


def reported(case: Case, linter: JobLinter) -> set[str]:
    """Return the rules for the SDK's checks that report something for a case."""
    return {
        rule.name
        for rule, problem in problems(linter, request_of(case), TRAINING, yaml=False)
        if rule.name in (*_RULES.values(), _FORM)
        and ((problem.severity or rule.severity) == "error" or rule.name in ("profile-hp-unknown", _FORM))
    }


def _given(algorithm: Algorithm, _: Any) -> Algorithm:
    return algorithm


def difference(raised: str | None, rules: set[str]) -> str | None:
    """Return the disagreement of the two, or None."""
    if raised is None:
        alone = rules - {_FORM}
        return f"{', '.join(sorted(alone))} alone" if alone else None
    known = [rule for text, rule in _RULES.items() if f": {text}" in raised or f"'{text}" in raised]
    if not known:
        return f"the SDK raises {raised[:60]}"
    if known[0] in rules:
        return None
    if known[0] == "profile-input-mode-unsupported":
        return next(iter(EXPLAINED))
    if "invalid literal for int" in raised and _FORM in rules:
        return [*EXPLAINED][1]
    return f"the SDK alone raises {known[0]}"


def run(count: int, seed: int, python: str) -> int:
    """Run the campaign and print its figures."""
    started = time.perf_counter()
    model, jobs_model, rules = Model(), Model(table=JOBS), rules_for_jobs()
    sdk, dice = Sdk(python), random.Random(f"{seed} sdk")
    counts: Counter[str] = Counter()
    wrong: dict[str, str] = {}
    for _ in range(count):
        case = case_of(dice)
        raised = sdk.raised(case)
        request = {key: value for key, value in case["algorithm"].items() if key != "AlgorithmStatus"}
        algorithm = Algorithm(spec_in(Source("algorithm.json", json.dumps(request)), model))
        linter = JobLinter(jobs_model, model, partial(_given, algorithm), rules)
        found = reported(case, linter)
        counts["refused" if raised else "accepted"] += 1
        differs = difference(raised, found)
        if differs is not None:
            counts[differs] += 1
            if differs not in EXPLAINED:
                wrong.setdefault(differs, f"{raised}\n  {sorted(found)}\n  {json.dumps(case)[:3000]}")
    print(
        f"seed {seed}: {count} cases, {counts['accepted']} accepted by the SDK, {counts['refused']} refused"
    )
    for name, why in EXPLAINED.items():
        print(f"{counts[name]:6}  {name} ({why})")
    print(
        f"{sum(counts[name] for name in wrong):6}  other differences; {time.perf_counter() - started:.0f} s"
    )
    for kind, example in wrong.items():
        print(f"\n{kind}: {counts[kind]}\n  {example}")
    return 1 if wrong else 0


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Compares `algolint job` with the SDK's AlgorithmEstimator.")
    parser.add_argument("--sdk", required=True, metavar="PYTHON", help="a Python with sagemaker<3")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    return run(options.count, options.seed, options.sdk)


if __name__ == "__main__":
    sys.exit(main())
