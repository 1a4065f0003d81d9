"""The request as a JSON Schema (draft 2020-12), for editors and other validators.

The schema holds what the model says of structure: fields, types, value lists, limits and patterns. What
fields say of one another stays with the rules. Patterns are written for ECMAScript with the flag `u`,
and so that engines that differ on `\\d`, `\\w`, `\\s` and `.` agree.
"""

from __future__ import annotations

import re

from algolint.aws.model import REQUEST
from algolint.spec.structural_rules import FORMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint.aws.model import Model, Shape

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TYPES = {"structure": "object", "map": "object", "list": "array", "boolean": "boolean", "string": "string"}
_TYPES |= {"integer": "integer", "long": "integer", "float": "number", "double": "number"}

# ---------------------------------------------------------------- words

#: What the values of a shape are, where its name and its form do not say it.
_ABOUT = {
    "CreateAlgorithmInput": "A training algorithm to register, and how SageMaker is to check it.",
    "TrainingSpecification": "How it trains: image, hyperparameters, channels, metrics, instances.",
    "InferenceSpecification": "How models of the algorithm answer: containers, instances, media types.",
    "AlgorithmValidationSpecification": "The jobs that SageMaker runs to see whether it works.",
    "AlgorithmValidationProfile": "A training job, and perhaps a transform job, that must succeed.",
    "HyperParameterSpecification": "A hyperparameter that the algorithm takes.",
    "ParameterRange": "The values that a hyperparameter may have: one of the three kinds.",
    "IntegerParameterRangeSpecification": "From one whole number to another, written as text.",
    "ContinuousParameterRangeSpecification": "From one decimal number to another, written as text.",
    "CategoricalParameterRangeSpecification": "A list of allowed texts.",
    "ParameterValue": "A bound or a category; text, even where it is a number.",
    "HyperParameterValue": "The value of a hyperparameter; text, even where it is a number.",
    "HyperParameters": "Values for hyperparameters by name; every value is text.",
    "MetricDefinition": "A metric's name, and the regular expression that finds it in the logs.",
    "MetricRegex": "A regular expression with one group around the number.",
    "HyperParameterTuningJobObjective": "A metric that tuning may make small or large.",
    "ChannelSpecification": "An input of the algorithm: its name and the data that it takes.",
    "Channel": "Data for one channel of a validation job.",
    "DataSource": "Where a channel's data is: on S3, on a file system or in a hub's data set.",
    "S3DataSource": "Data on S3, and how several instances share it.",
    "FileSystemDataSource": "Data on EFS or FSx for Lustre.",
    "ModelPackageContainerDefinition": "A container that serves models: image, environment, model data.",
    "EnvironmentMap": "Environment variables; the value is text.",
    "TransformEnvironmentMap": "Environment variables; the value is text.",
    "TrainingJobDefinition": "The training job of a validation profile.",
    "TransformJobDefinition": "The batch transform job of a validation profile.",
    "ResourceConfig": "The instances and the storage of a training job.",
    "TransformResources": "The instances of a transform job.",
    "InstanceGroup": "One kind of instance in a cluster of several kinds.",
    "InstancePreference": "One of several instance types that will do.",
    "StoppingCondition": "How long a job may run and wait.",
    "MaxRuntimeInSeconds": "The longest run, in seconds; one day if absent, 28 days at most.",
    "MaxWaitTimeInSeconds": "The longest run and wait together, in seconds; not below MaxRuntimeInSeconds.",
    "MaxPendingTimeInSeconds": "The longest wait for instances, in seconds.",
    "OptionalVolumeSizeInGB": "The size of the storage volume; 0 for instances with storage of their own.",
    "OutputDataConfig": "Where a training job leaves its model.",
    "TransformInput": "What a transform job reads.",
    "TransformOutput": "Where a transform job writes, and in which form.",
    "MaxConcurrentTransforms": "Requests at a time to each instance.",
    "MaxPayloadInMB": "The largest request in MB; 0 is no limit.",
    "BatchStrategy": "One record in a request, or as many as fit.",
    "SplitType": "How an input file is cut into records.",
    "AssemblyType": "How answers are joined in the output file.",
    "TrainingInputMode": "File copies the data first, Pipe streams it, FastFile reads it on demand.",
    "S3DataDistribution": "Every instance gets everything, or a share of the objects.",
    "S3DataType": "What the address names: a prefix, a manifest or an augmented manifest.",
    "RecordWrapper": "Whether records are wrapped as RecordIO.",
    "CompressionType": "Whether the data is compressed.",
    "ContentType": "A media type such as text/csv.",
    "Accept": "The media type of the answers, such as text/csv.",
    "TrainingInstanceType": "An instance type for training.",
    "TransformInstanceType": "An instance type for batch transform.",
    "ProductionVariantInstanceType": "An instance type for real-time inference.",
    "CertifyForMarketplace": "Whether the algorithm is to be listed on AWS Marketplace.",
    "Tag": "A label on the algorithm, for costs and permissions.",
    "ModelDataSource": "Where a model's files are, as an alternative to ModelDataUrl.",
    "ModelInput": "What a model takes, for compiling it.",
    "ShuffleConfig": "Shuffling of the keys or lines of the input.",
    "Seed": "A number from which the shuffling starts.",
    "AcceptEula": "Whether the model's licence agreement is accepted.",
    "KeepAlivePeriodInSeconds": "How long the instances stay for a next job, in seconds.",
}

#: What a field is, where its shape is used for several things.
_ABOUT_FIELDS = {
    ("HyperParameterSpecification", "IsTunable"): "Whether tuning may search it.",
    ("HyperParameterSpecification", "IsRequired"): "Whether every job must set it; then it has no default.",
    ("HyperParameterSpecification", "DefaultValue"): "What holds where a job sets nothing.",
    ("ChannelSpecification", "IsRequired"): "Whether every job must feed it.",
    ("TrainingSpecification", "SupportsDistributedTraining"): "Whether it trains on several instances.",
    ("TrainingSpecification", "TrainingImage"): "The image that trains, in Amazon ECR.",
    ("CreateAlgorithmInput", "AlgorithmName"): "The algorithm's name, unique in the account and region.",
    ("AlgorithmValidationSpecification", "ValidationRole"): "The role that the validation jobs take on.",
    ("OutputDataConfig", "KmsKeyId"): "The key that encrypts the output.",
    ("TransformOutput", "KmsKeyId"): "The key that encrypts the output.",
    ("ResourceConfig", "VolumeKmsKeyId"): "The key that encrypts the volumes; not for local storage.",
    ("TransformResources", "VolumeKmsKeyId"): "The key that encrypts the volumes; not for local storage.",
    ("MetricDefinition", "Name"): "The metric's name, to which objectives refer.",
    ("Channel", "ChannelName"): "The Name of an entry of TrainingChannels.",
    ("Channel", "InputMode"): "The channel's own mode; TrainingInputMode if absent.",
}

#: Values for an editor to offer.
_EXAMPLES: dict[str, list[Any]] = {
    "ContainerImage": ["246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2"],
    "ContentType": ["text/csv", "application/json", "application/x-parquet"],
    "FileSystemId": ["fs-0a1b2c3d4e5f60718"],
    "KmsKeyId": ["alias/training-data", "1234abcd-12ab-34cd-56ef-1234567890ab"],
    "MetricRegex": [r"loss=([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"],
    "ModelPackageFrameworkVersion": ["2.1"],
    "ResponseMIMEType": ["text/csv", "application/json"],
    "RoleArn": ["arn:aws:iam::246618743249:role/AlgorithmValidation"],
    "S3Uri": ["s3://amzn-example-bucket/train/"],
}


# ---------------------------------------------------------------- schemas


def schema(model: Model, root: str = REQUEST) -> dict[str, Any]:
    """The schema of a shape at the model's revision, with the shapes below it as definitions."""
    return {
        "$schema": DRAFT,
        "title": root,
        "description": f"Amazon SageMaker, {root} as of {model.revision}.",
        "$ref": f"#/$defs/{root}",
        "$defs": {name: _definition(model.shape(name)) for name in sorted(_reached(model, root))},
    }


def names(model: Model) -> list[str]:
    """The shapes of a request at the model's revision."""
    return sorted(_reached(model, REQUEST))


def _reached(model: Model, root: str) -> set[str]:
    """The names of a shape and of all shapes below it; read-only fields cannot."""
    reached: set[str] = set()
    todo = [root]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            shape = model.shape(name)
            todo += [m.shape for m in shape.members.values() if not m.read_only]
            todo += [name for name in (shape.item, shape.key, shape.value) if name]
    return reached


def _definition(shape: Shape) -> dict[str, Any]:
    definition: dict[str, Any] = {"title": shape.name, "type": _TYPES[shape.type]}
    about = _described(shape)
    if about:
        definition["description"] = about
        definition["markdownDescription"] = f"**{shape.name}**: {about}"
    if shape.name in _EXAMPLES:
        definition["examples"] = _EXAMPLES[shape.name]
    match shape.type:
        case "structure":
            definition |= _fields(shape)
        case "list":
            definition |= {"items": _reference(shape.item)} | _limits(shape, "minItems", "maxItems")
        case "map":
            definition |= {
                "propertyNames": _reference(shape.key),
                "additionalProperties": _reference(shape.value),
            }
            definition |= _limits(shape, "minProperties", "maxProperties")
        case "string":
            definition |= _limits(shape, "minLength", "maxLength")
            if shape.enum is not None:
                definition["enum"] = list(shape.enum)
            if shape.pattern not in (None, r"[\S\s]*"):
                definition["pattern"] = ecmascript(shape.pattern)
        case "boolean":
            pass
        case _:
            definition |= _limits(shape, "minimum", "maximum")
    return definition


def _fields(shape: Shape) -> dict[str, Any]:
    members = {name: member for name, member in shape.members.items() if not member.read_only}
    properties = {}
    for name, member in members.items():
        properties[name] = _reference(member.shape)
        about = _ABOUT_FIELDS.get((shape.name, name))
        if about:
            properties[name] |= {"description": about, "markdownDescription": f"**{name}**: {about}"}
    fields: dict[str, Any] = {"properties": properties, "additionalProperties": False}
    required = [name for name, member in members.items() if member.required]
    return fields | ({"required": required} if required else {})


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _limits(shape: Shape, least: str, most: str) -> dict[str, int]:
    limits = ((least, shape.min), (most, shape.max))
    return {word: limit for word, limit in limits if limit is not None}


def _described(shape: Shape) -> str:
    """A shape in words: what it is, or else the form and the limits that an editor's reader asks for."""
    form = FORMS.get(shape.name, "")
    about = _ABOUT.get(shape.name, f"{form[:1].upper()}{form[1:]}." if form else "")
    limits = _limits_in_words(shape)
    return " ".join(part for part in (about, limits) if part)


def _limits_in_words(shape: Shape) -> str:
    unit = {"string": "characters", "list": "items", "map": "entries"}.get(shape.type, "")
    match shape.min, shape.max:
        case int() as low, int() as high:
            text = f"{low} to {high} {unit}" if low != high else f"exactly {low} {unit}"
        case None, int() as high:
            text = f"at most {high} {unit}"
        case int() as low, None if low > 0 or not unit:
            text = f"at least {low} {unit}"
        case _:
            return ""
    return f"{text[:1].upper()}{text[1:]}".rstrip() + "."


# ---------------------------------------------------------------- patterns

# A class with its content, an escape, or any other character.
_TOKEN = re.compile(r"(\[(?:\\.|[^\]\\])*\])|(\\(?:p\{\w+\}|.))|(.)", re.DOTALL)
# Outside of a class these mean the same with a backslash only; before any other sign it is an error.
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
#: `.` of the service's engine, which stops at more line ends than ECMAScript's.
_DOT = r"[^\n\r\u0085\u2028\u2029]"
# Of ASCII, as the service has them; spelt out because engines differ.
_SHORTHANDS = {r"\d": "0-9", r"\w": "A-Za-z0-9_", r"\s": r" \t\n\r\f\v"}


class Untranslatable(ValueError):
    """A pattern with a construct that has no equivalent; the message names it."""


def ecmascript(pattern: str) -> str:
    """A full-match pattern of the model as one to search for with ECMAScript's flag `u`."""
    return f"^(?:{''.join(_tokens(pattern))})$"


def _tokens(pattern: str) -> Iterator[str]:
    for match in _TOKEN.finditer(pattern):
        members, escape, plain = match.groups()
        if members:
            yield _class(members)
        elif plain:
            yield _DOT if plain == "." else plain
        elif escape in _SHORTHANDS:
            yield f"[{_SHORTHANDS[escape]}]"
        elif escape.lower() in _SHORTHANDS:
            yield f"[^{_SHORTHANDS[escape.lower()]}]"
        elif escape[1] in _SYNTAX or escape.startswith(r"\p{"):
            yield escape
        elif not escape[1].isalnum():
            yield escape[1]
        else:
            raise Untranslatable(f"{escape} in {pattern}")


def _class(members: str) -> str:
    """A character class with the shorthands spelt out."""
    if members in (r"[\S\s]", r"[\s\S]"):
        return members
    if members == r"[\S]":
        return f"[^{_SHORTHANDS[chr(92) + 's']}]"
    for name, spelt in _SHORTHANDS.items():
        if name.upper() in members:
            raise Untranslatable(f"{name.upper()} in {members}")
        members = members.replace(name, spelt)
    return members
