"""Generates what the benchmark lints: requests in JSON and YAML, every twentieth of them faulty.

    python -m benchmarks.corpus FOLDER [COUNT]

writes all corpora, COUNT files each. The same numbers give the same files on every machine.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

SYNTAXES = ("json", "yaml")
_FIXTURES = Path(__file__).parent.parent / "fixtures"

_WORDS = (
    "learning rate depth dropout weight decay batch epochs layers units momentum warmup alpha gamma".split()
)
_INSTANCES = ["ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge", "ml.c5.xlarge", "ml.c5.2xlarge", "ml.g5.xlarge"]


def hyperparameter(dice: random.Random, number: int) -> dict[str, Any]:
    """Return a hyperparameter of a random type with a consistent range and default."""
    name = f"{dice.choice(_WORDS)}_{dice.choice(_WORDS)}_{number}"
    spec: dict[str, Any] = {"Name": name, "Description": f"The {name.replace('_', ' ')} of the model."}
    low = dice.randint(1, 50)
    match dice.randrange(4):
        case 0:
            bounds = {"MinValue": str(low), "MaxValue": str(low + 100)}
            spec |= {"Type": "Integer", "Range": {"IntegerParameterRangeSpecification": bounds}}
            spec["DefaultValue"] = str(low + 7)
        case 1:
            bounds = {"MinValue": f"0.{low:03}", "MaxValue": "1.0"}
            spec |= {"Type": "Continuous", "Range": {"ContinuousParameterRangeSpecification": bounds}}
            spec["DefaultValue"] = "0.5"
        case 2:
            values = [f"{dice.choice(_WORDS)}-{i}" for i in range(4)]
            spec |= {
                "Type": "Categorical",
                "Range": {"CategoricalParameterRangeSpecification": {"Values": values}},
            }
            spec["DefaultValue"] = values[0]
        case _:
            spec |= {"Type": "FreeText", "DefaultValue": "automatic"}
    spec |= {"IsTunable": spec["Type"] != "FreeText", "IsRequired": False}
    return spec


def request(dice: random.Random, number: int) -> dict[str, Any]:
    """Return a complete and consistent request."""
    hyperparameters = [hyperparameter(dice, i) for i in range(16)]
    channels = ["train", "validation", "test"]
    metrics = [f"{channel}:{dice.choice(_WORDS)}_{i}" for i, channel in enumerate(channels)]
    image = f"246618743249.dkr.ecr.us-west-2.amazonaws.com/model-{number}:1.{number}"
    bucket = f"s3://amzn-example-bucket-{number}"
    return {
        "AlgorithmName": f"algorithm-{number}",
        "AlgorithmDescription": f"Algorithm number {number} of the benchmark.",
        "TrainingSpecification": {
            "TrainingImage": image,
            "SupportedHyperParameters": hyperparameters,
            "SupportedTrainingInstanceTypes": _INSTANCES,
            "SupportsDistributedTraining": False,
            "MetricDefinitions": [
                {"Name": name, "Regex": f"{name}=([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?);"}
                for name in metrics
            ],
            "TrainingChannels": [
                {
                    "Name": name,
                    "Description": f"The {name} data.",
                    "IsRequired": name == "train",
                    "SupportedContentTypes": ["text/csv", "application/x-parquet"],
                    "SupportedCompressionTypes": ["None"],
                    "SupportedInputModes": ["File"],
                }
                for name in channels
            ],
            "SupportedTuningJobObjectiveMetrics": [
                {"Type": "Maximize", "MetricName": name} for name in metrics
            ],
        },
        "InferenceSpecification": {
            "Containers": [{"Image": image, "Environment": {f"SETTING_{i}": f"value {i}" for i in range(8)}}],
            "SupportedTransformInstanceTypes": _INSTANCES[:5],
            "SupportedRealtimeInferenceInstanceTypes": _INSTANCES[:5],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        "ValidationSpecification": {
            "ValidationRole": "arn:aws:iam::246618743249:role/AlgorithmValidation",
            "ValidationProfiles": [
                {
                    "ProfileName": "smoke-test",
                    "TrainingJobDefinition": {
                        "TrainingInputMode": "File",
                        "HyperParameters": {hp["Name"]: hp["DefaultValue"] for hp in hyperparameters},
                        "InputDataConfig": [
                            {
                                "ChannelName": name,
                                "DataSource": {
                                    "S3DataSource": {
                                        "S3DataType": "S3Prefix",
                                        "S3Uri": f"{bucket}/{name}/",
                                        "S3DataDistributionType": "FullyReplicated",
                                    }
                                },
                                "ContentType": "text/csv",
                            }
                            for name in channels
                        ],
                        "OutputDataConfig": {"S3OutputPath": f"{bucket}/out/"},
                        "ResourceConfig": {
                            "InstanceType": "ml.m5.xlarge",
                            "InstanceCount": 1,
                            "VolumeSizeInGB": 30,
                        },
                        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
                    },
                    "TransformJobDefinition": {
                        "MaxConcurrentTransforms": 2,
                        "MaxPayloadInMB": 6,
                        "TransformInput": {
                            "DataSource": {
                                "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{bucket}/in/"}
                            },
                            "ContentType": "text/csv",
                            "SplitType": "Line",
                        },
                        "TransformOutput": {
                            "S3OutputPath": f"{bucket}/predictions/",
                            "Accept": "text/csv",
                            "AssembleWith": "Line",
                        },
                        "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
                    },
                }
            ],
        },
        "Tags": [{"Key": f"key-{i}", "Value": f"value {i}"} for i in range(6)],
    }


def damage(spec: dict[str, Any], dice: random.Random) -> None:
    """Put one of ten kinds of faults into a spec."""
    training = spec["TrainingSpecification"]
    job = spec["ValidationSpecification"]["ValidationProfiles"][0]["TrainingJobDefinition"]
    match dice.randrange(10):
        case 0:
            del training["TrainingImage"]
        case 1:
            training["TrainingChanels"] = training.pop("TrainingChannels")
        case 2:
            training["SupportedTrainingInstanceTypes"] = ["ml.m5.3xlarge"]
        case 3:
            training["SupportedHyperParameters"][0]["IsRequired"] = True
        case 4:
            job["StoppingCondition"]["MaxWaitTimeInSeconds"] = 60
        case 5:
            job["HyperParameters"]["no_such_name"] = "1"
        case 6:
            job["ResourceConfig"]["InstanceType"] = "ml.p3.2xlarge"
        case 7:
            spec["AlgorithmName"] = "not a name"
        case 8:
            spec["Tags"][0]["Value"] = 7
        case _:
            job["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3DataType"] = "AugmentedManifestFile"


def set_patterns(spec: dict[str, Any], number: int) -> None:
    """Give each metric a regular expression that is unique in text and group, over all requests."""
    for index, metric in enumerate(spec["TrainingSpecification"]["MetricDefinitions"]):
        kind = number * 3 + index
        whole, part, exponent = 2 + kind % 97, 2 + kind // 97 % 97, 1 + kind // 9409
        digits = f"[-+]?[0-9]{{1,{whole}}}(?:\\.[0-9]{{1,{part}}})?(?:[eE][-+]?[0-9]{{1,{exponent + 2}}})?"
        name = metric["Name"]
        metric["Regex"] = (
            f"{name}=({digits});",
            f"^epoch [0-9]+ {name}: ({digits})",
            f"'{name}'\\s*:\\s*({digits})[,}}]",
            f"(?:train|eval) {name} +({digits})%?$",
        )[kind % 4]


def written(spec: Any, syntax: str) -> str:
    """Return a spec as a text, formatted as people do."""
    if syntax == "json":
        return json.dumps(spec, indent=2) + "\n"
    text: str = yaml.dump(spec, Dumper=yaml.CSafeDumper, sort_keys=False)
    return text


# ---------------------------------------------------------------- corpora


def made(syntax: str, own_patterns: bool = False) -> Iterator[str]:
    """Yield requests without end, of about 12 KB in JSON and 8 KB in YAML.

    With `own_patterns`, no two metrics share a regular expression, as they do in most algorithms.
    """
    dice = random.Random(20181129)
    number = 0
    while True:
        spec = request(dice, number)
        if own_patterns:
            set_patterns(spec, number)
        if is_faulty(number):
            damage(spec, dice)
        yield written(spec, syntax)
        number += 1


def is_faulty(number: int) -> bool:
    """Whether the file with a number is one of the faulty ones."""
    return number % 20 == 19


def from_fixtures(syntax: str) -> Iterator[str]:
    """Yield the fixtures of the repository without end, 0.3 to 10 KB each, with new names each time."""
    clean, faulty = _fixtures(syntax)
    number = 0
    while True:
        some = faulty if is_faulty(number) else clean
        yield renamed(some[number // 20 % len(some) if some is faulty else number % len(some)], number)
        number += 1


def smallest() -> Iterator[str]:
    """Yield the smallest request in JSON without end, a third of a KB, with new names each time."""
    text = (_FIXTURES / "clean" / "minimal.json").read_text(encoding="utf-8")
    number = 0
    while True:
        yield renamed(text, number)
        number += 1


@cache
def _fixtures(syntax: str) -> tuple[list[str], list[str]]:
    """Return the clean and the faulty fixtures in a syntax; in JSON, also those that are YAML."""
    clean, faulty = _FIXTURES / "clean", _FIXTURES / "faulty"
    same = [path / f"spec.{syntax}" for path in sorted((_FIXTURES / "same").iterdir())]
    found = []
    for files in (sorted(clean.glob(f"*.{syntax}")), [*same, *sorted(faulty.glob(f"*.{syntax}"))]):
        found.append([path.read_text(encoding="utf-8") for path in files])
    if syntax == "json":
        for texts, folder in zip(found, (clean, faulty), strict=True):
            for path in sorted(folder.glob("*.yaml")):
                first = next(yaml.load_all(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
                texts.append(json.dumps(first, indent=2) + "\n")
    return found[0], found[1]


_NAMING = ("AlgorithmName", "Name", "ChannelName", "MetricName", "ProfileName", "InstanceGroupName")


def renamed(text: str, number: int) -> str:
    """Return a request with all names of its author replaced consistently, and its descriptions changed."""
    mark = ""
    while number or not mark:
        number, digit = divmod(number, 20)
        mark += "bcdfghjklmnpqrstvwxz"[digit]
    return _pattern_of(text).sub(rf"\g<0>{mark}", text)


@cache
def _pattern_of(text: str) -> re.Pattern[str]:
    names = {"amzn-example-bucket"}

    def collect(value: Any) -> None:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(item, (dict, list)):
                collect(item)
            elif isinstance(item, str) and (key in _NAMING or str(key).endswith("Description")):
                names.add(item)

    collect(list(yaml.load_all(text.replace("\t", " "), yaml.CSafeLoader)))
    longest_first = sorted(names - {""}, key=lambda name: (-len(name), name))
    image = r"(?<=amazonaws\.com/)[a-z0-9-]+"
    return re.compile(rf"{image}|(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


# ---------------------------------------------------------------- large files


def long_list(size: int, syntax: str, faulty: bool = False, is_one_line: bool = False) -> str:
    """Return a request of nearly `size` bytes, most of which is a list of hyperparameters.

    With `faulty`, each of them has an error. With `is_one_line`, it is JSON without line breaks. Descriptions
    are long, so that even the largest file does not have more values than are checked.
    """
    dice = random.Random(size)
    spec = request(dice, 0)
    items = spec["TrainingSpecification"]["SupportedHyperParameters"]

    def length() -> int:
        return len(json.dumps(spec) if is_one_line else written(spec, syntax))

    lengths = []
    for count in (100, 200):
        while len(items) < count:
            items.append(_wordy(hyperparameter(dice, len(items)), dice))
        for item in items:
            item["IsRequired"] = faulty
        lengths.append(length())
    # Slightly fewer, since names and numbers get longer.
    more = int((size - lengths[1]) / (lengths[1] - lengths[0]) * 99)
    for number in range(len(items), len(items) + more):
        items.append(_wordy(hyperparameter(dice, number), dice) | {"IsRequired": faulty})
    del items[200 + more :]
    return json.dumps(spec) if is_one_line else written(spec, syntax)


def stream(size: int, faulty: bool = False) -> str:
    """Return a YAML stream of about `size` bytes with requests of 40 KB; with `faulty`, each has an error."""
    dice = random.Random(size)
    texts: list[str] = []
    length = 0
    while True:
        spec = request(dice, len(texts))
        for item in spec["TrainingSpecification"]["SupportedHyperParameters"]:
            _wordy(item, dice)
        container = spec["InferenceSpecification"]["Containers"][0]
        container["Environment"] = {name: _words(dice, 1000) for name in container["Environment"]}
        if faulty:
            damage(spec, dice)
        text = written(spec, "yaml")
        if length + len(text) > size and texts:
            return "---\n".join(texts)
        texts.append(text)
        length += len(text) + 4


def _wordy(hyperparameter: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    hyperparameter["Description"] = _words(dice, 900)
    return hyperparameter


def _words(dice: random.Random, length: int) -> str:
    return " ".join(dice.choices(_WORDS, k=length // 5))[:length].strip()


def unrelated(number: int) -> tuple[str, str]:
    """Return the name and the text of an unrelated file: a program, a manifest, or a table."""
    dice = random.Random(number)
    sentences = [_words(dice, 60) for _ in range(dice.randrange(10, 80))]
    match number % 5:
        case 0:
            rows = [{"id": n, "title": text, "score": n / 7} for n, text in enumerate(sentences)]
            return f"table-{number}.json", json.dumps(rows, indent=1)
        case 1:
            labels = {"app": dice.choice(_WORDS), "notes": sentences}
            return f"manifest-{number}.yaml", yaml.safe_dump({"kind": "ConfigMap", "data": labels})
        case 2:
            blocks = [
                f'resource "aws_s3_bucket" "b{n}" {{\n  bucket = "{t}"\n}}\n' for n, t in enumerate(sentences)
            ]
            return f"bucket-{number}.tf", "\n".join(blocks)
        case 3:
            lines = [f"export const text{n}: string = {t!r};" for n, t in enumerate(sentences)]
            return f"texts-{number}.ts", "\n".join(lines)
        case _:
            functions = [f"def step_{n}(x):\n    return x + {n}  # {t}\n" for n, t in enumerate(sentences)]
            return f"steps_{number}.py", "\n\n".join(functions)


# ---------------------------------------------------------------- files


def write(folder: Path, texts: Iterator[str], count: int, syntax: str) -> list[Path]:
    """Write the first `count` texts to files in a new folder, and return their paths."""
    folder.mkdir(parents=True)
    paths = [folder / f"algorithm-{number:05}.{syntax}" for number in range(count)]
    for path, text in zip(paths, islice(texts, count), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.corpus", description="Write the generated files.")
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("count", metavar="COUNT", type=int, nargs="?", default=1000)
    options = parser.parse_args()
    folder, count = options.folder, options.count
    for syntax in SYNTAXES:
        write(folder / syntax, made(syntax), count, syntax)
        write(folder / f"{syntax}-own-patterns", made(syntax, own_patterns=True), count, syntax)
        write(folder / f"{syntax}-fixtures", from_fixtures(syntax), count, syntax)


if __name__ == "__main__":
    main()
