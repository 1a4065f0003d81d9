"""The document as a whole: where it was copied from, and the free text in it."""

from __future__ import annotations

from algolint import (
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    Undecided,
    known_pieces,
    lacks,
    listed,
    rule,
    select,
    shown,
)
from algolint.spec.recognition import RESPONSE_ONLY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import EllipsisType
    from typing import Any

    from algolint import Context
    from algolint.rule import Severity
    from algolint.values import Text

# A message names this many items without a description; the next ones, up to the second number, are related
# locations.
_MOST_NAMED, _MOST_LOCATED = 6, 30
# Fields that belong elsewhere, with what a message states about them. No shape that the rule below is called
# on has one of them, except that a transform job has `Environment`. They include all fields of the jobs'
# requests that a profile's jobs lack; a test compares them with the API's model.
_OF_TRAINING = "a field of CreateTrainingJob; the training job of a validation profile does not take it"
_OF_TRANSFORM = "a field of CreateTransformJob; the transform job of a validation profile does not take it"
_OF_BOTH = (
    "a field of CreateTrainingJob and CreateTransformJob; the jobs of a validation profile do not take it"
)
_OF_PACKAGE = "a field of older Marketplace samples; ValidationSpecification does not take it"
_OF_TUNING = (
    "a field of a tuning job's ranges (CreateHyperParameterTuningJob); a declared range does not take it"
)
_OF_MODEL = "a field of CreateModel's containers; a container of an InferenceSpecification does not take it"
_FROM_SERVICE = "set by the service; a request must not contain it"
_FOREIGN = dict.fromkeys(("SelectedInstanceType", "SelectedInstanceCount"), _FROM_SERVICE)
_FOREIGN |= dict.fromkeys(("ValidationOutputS3Prefix", "ValidateForMarketplace"), _OF_PACKAGE)
_FOREIGN |= dict.fromkeys(("ModelPackageName", "MultiModelConfig", "InferenceSpecificationName"), _OF_MODEL)
_FOREIGN |= dict.fromkeys(("ContainerMetricsConfig", "ImageConfig"), _OF_MODEL)
_FOREIGN |= dict.fromkeys(("Tags", "ExperimentConfig"), _OF_BOTH)
_FOREIGN |= dict.fromkeys(("TransformJobName", "ModelName", "ModelClientConfig"), _OF_TRANSFORM)
_FOREIGN |= dict.fromkeys(("DataProcessing", "DataCaptureConfig"), _OF_TRANSFORM)
_FOREIGN |= dict.fromkeys(("EnableManagedSpotTraining", "CheckpointConfig", "VpcConfig"), _OF_TRAINING)
_FOREIGN |= dict.fromkeys(("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption"), _OF_TRAINING)
_FOREIGN |= dict.fromkeys(("Environment", "RoleArn", "TrainingJobName", "RetryStrategy"), _OF_TRAINING)
_FOREIGN |= dict.fromkeys(("AlgorithmSpecification", "DebugHookConfig", "ProfilerConfig"), _OF_TRAINING)
_FOREIGN |= dict.fromkeys(("DebugRuleConfigurations", "ProfilerRuleConfigurations"), _OF_TRAINING)
_FOREIGN |= dict.fromkeys(("TensorBoardOutputConfig", "RemoteDebugConfig", "InfraCheckConfig"), _OF_TRAINING)
_FOREIGN |= dict.fromkeys(("SessionChainingConfig", "ServerlessJobConfig"), _OF_TRAINING)
_FOREIGN |= dict.fromkeys(("ModelPackageConfig", "MlflowConfig"), _OF_TRAINING)
_FOREIGN["ScalingType"] = _OF_TUNING
_TRAINING_JOB = frozenset(
    ("TrainingInputMode", "HyperParameters", "InputDataConfig", "OutputDataConfig", "ResourceConfig")
)


@rule(
    on=(
        "TrainingJobDefinition",
        "TransformJobDefinition",
        "AlgorithmValidationSpecification",
        "ResourceConfig",
        "ModelPackageContainerDefinition",
        "IntegerParameterRangeSpecification",
        "ContinuousParameterRangeSpecification",
        "CreateAlgorithmInput",
    ),
    severity="error",
    evidence="model: members of the shape and of its neighbours, botocore 1.44.8; AWS's Marketplace sample"
    " for the older ones; model: CloudFormation's registry schema of AWS::SageMaker::Algorithm, cfn-lint"
    " 1.58.0; its properties",
    replaces=(
        "unknown-field",
        "newer-than-target",
        "model-data-in-algorithm",
        "model-data-two-sources",
        "model-data-source-unsupported",
    ),
    fix="unsafe",
)
def field_of_another_api(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A field of a neighbouring request that this part of an algorithm does not have.

    A validation profile looks like the requests of CreateTrainingJob and CreateTransformJob, but takes
    only some of their fields: no Spot training, checkpoints, VPC, network isolation or environment for
    training, and no model or data processing for transform, because SageMaker sets up both jobs itself.
    Fields that the service fills in (SelectedInstanceType) are reported too. The AWS clients reject the
    request before sending it. The fix deletes the field.

    In a CloudFormation template, and with Terraform's awscc provider, which takes the same properties,
    even fields of CreateAlgorithm are reported: the resource type AWS::SageMaker::Algorithm has no
    ValidationSpecification and no AdditionalS3DataSource, and its containers have no model data
    (ModelDataUrl, ModelDataSource, ModelDataETag, AdditionalModelDataSources), no BaseModel and no
    ProductId.

    ```yaml bad
    TrainingInputMode: File
    EnableManagedSpotTraining: true
    ```

    ```yaml good
    TrainingInputMode: File
    ```

    ```yaml bad AlgorithmValidationSpecification
    ValidationRole: arn:aws:iam::246618743249:role/forecaster-validation
    ValidateForMarketplace: true
    ```

    ```yaml good AlgorithmValidationSpecification
    ValidationRole: arn:aws:iam::246618743249:role/forecaster-validation
    ```

    ```yaml bad IntegerParameterRangeSpecification
    MinValue: "1"
    MaxValue: "1024"
    ScalingType: Logarithmic
    ```

    ```yaml good IntegerParameterRangeSpecification
    MinValue: "1"
    MaxValue: "1024"
    ```

    ```yaml bad ResourceConfig
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 30
    SelectedInstanceType: ml.m5.xlarge
    ```

    ```yaml good ResourceConfig
    InstanceType: ml.m5.xlarge
    InstanceCount: 1
    VolumeSizeInGB: 30
    ```
    """
    if part is context.spec and context.is_whole:
        if context.in_cloudformation:
            yield from _beyond_cloudformation(part)
        return
    for key in part:
        name = _api_name(key) if key.islower() else key
        # Only a training job has no Environment of its own.
        if name in _FOREIGN and (name != "Environment" or not _TRAINING_JOB.isdisjoint(part)):
            yield Problem(Key(key), f"{shown(key)} is {_FOREIGN[name]}", fix=Remove(key))


def _api_name(key: str) -> str:
    """Return the API's name of a field that is in snake case, as in sagemaker-core."""
    return "".join(map(str.capitalize, key.split("_")))


def _beyond_cloudformation(spec: dict[str, Any]) -> Iterator[Problem]:
    """Report the fields that the API has and CloudFormation's resource type lacks."""
    from algolint.aws.cloudformation_table import NOT_IN_ALGORITHM

    routes: dict[str, tuple[str | EllipsisType, ...]] = {
        "CreateAlgorithmInput": (),
        "TrainingSpecification": ("TrainingSpecification",),
        "ModelPackageContainerDefinition": ("InferenceSpecification", "Containers", ...),
    }
    for shape, route in routes.items():
        for path, part in select(spec, *route):
            for key in part if isinstance(part, dict) else ():
                if key in NOT_IN_ALGORITHM[shape]:
                    yield Problem(
                        Key(*path, key),
                        f"{shown(key)} is a field of the API only; CloudFormation's resource type"
                        " AWS::SageMaker::Algorithm has no such property",
                        fix=Remove((*path, key)),
                    )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="model: DescribeAlgorithmOutput, botocore 1.44.8; its members that CreateAlgorithm does not"
    " take",
    replaces=("unknown-field",),
    fix="safe",
)
def describe_output_pasted(spec: dict[str, Any]) -> Iterator[Problem]:
    """The request contains fields of a DescribeAlgorithm response.

    AlgorithmArn, AlgorithmStatus, CreationTime and others are set by the service, and the AWS clients
    reject a request that contains them. They are often left over when a response is edited into a new
    request. A whole response is accepted: its request part is checked, and the rest is ignored. The fix
    deletes the fields.

    ```yaml bad
    AlgorithmName: forecaster-2
    AlgorithmArn: arn:aws:sagemaker:us-west-2:246618743249:algorithm/forecaster
    ```

    ```yaml good
    AlgorithmName: forecaster-2
    ```
    """
    if RESPONSE_ONLY.isdisjoint(spec):
        return
    for key in spec:
        if key in RESPONSE_ONLY:
            yield Problem(
                Key(key),
                f"{shown(key)} is part of DescribeAlgorithm's response; CreateAlgorithm does not take it",
                fix=Remove(key, safe=True),
            )


@rule(
    on=("CreateAlgorithmInput", "HyperParameterSpecifications", "ChannelSpecifications"),
    severity="info",
    also=("warning",),
    evidence="guide: Developer Guide, sagemaker-mkt-create-algo, 2023; 'This description appears in the"
    " SageMaker console and in the AWS Marketplace'",
)
def missing_descriptions(part: dict[str, Any] | list[Any], context: Context) -> Iterator[Problem]:
    """The algorithm, a hyperparameter or a channel has no description.

    The SageMaker console shows these texts, and AWS Marketplace puts those of hyperparameters and channels
    on the product's page. Private algorithms do not need them, so this is advice; if CertifyForMarketplace
    is true it is a warning. A list of hyperparameters or channels gets one finding, which names all that
    have none.

    ```yaml bad HyperParameterSpecifications
    - Name: depth
      Type: Integer
    - Name: eta
      Type: Continuous
      Description: Learning rate
    ```

    ```yaml good HyperParameterSpecifications
    - Name: depth
      Type: Integer
      Description: Maximum depth of a tree
    - Name: eta
      Type: Continuous
      Description: Learning rate
    ```

    ```yaml bad
    AlgorithmName: forecaster
    AlgorithmDescription: " "
    ```

    ```yaml good
    AlgorithmName: forecaster
    AlgorithmDescription: Forecasts weekly sales from past sales and prices
    ```
    """
    match part:
        case list():
            indexes = [index for index, item in enumerate(part) if _lacks_text(item, "Description")]
            if indexes:
                more = indexes[_MOST_NAMED:_MOST_LOCATED]
                yield Problem(
                    Key(),
                    _without_description(part, [part[index] for index in indexes]),
                    _level(context),
                    related=[Related((index,), "has no Description") for index in more],
                )
        case {"AlgorithmDescription": str() as text} if not text.strip():
            yield Problem("AlgorithmDescription", "AlgorithmDescription is blank", _level(context))
        case dict() if lacks(part, "AlgorithmDescription"):
            yield Problem(Key(), "the algorithm has no AlgorithmDescription", _level(context))


def _without_description(everything: list[Any], bare: list[dict[str, Any]]) -> str:
    """Return the message about the items of a list that have no Description."""
    names = [name for item in bare if isinstance(name := item.get("Name"), str)]
    which = f": {listed(names, _MOST_NAMED)}" if names else ""
    kind = "channel" if any("SupportedInputModes" in item for item in bare) else "hyperparameter"
    who = f"{len(bare)} of {len(everything)} {kind}s" if len(everything) > 1 else f"the only {kind}"
    return f"{who} {'has' if len(bare) == 1 else 'have'} no Description{which}"


def _lacks_text(item: Any, field: str) -> bool:
    """Whether a field of an object is certainly absent or blank."""
    if not isinstance(item, dict):
        return False
    text = item.get(field)
    return not text.strip() if isinstance(text, str) else lacks(item, field)


def _level(context: Context) -> Severity:
    try:
        return "warning" if context.for_marketplace else "info"
    except Undecided:
        return "info"


# The characters that are most often in a text by mistake; others are called by their Unicode name.
_CONTROLS = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}


@rule(
    on=("EntityDescription", "ParameterName"),
    severity="error",
    evidence="model: EntityDescription and ParameterName, botocore 1.44.8; a pattern without Unicode's"
    " categories C",
    replaces=("pattern-mismatch",),
    fix="unsafe",
)
def text_control_chars(text: Text) -> Iterator[Problem]:
    """A description or a hyperparameter's name contains a line break, a tab or an invisible character.

    The service accepts letters, marks, digits, punctuation, symbols and spaces there, but no character of
    Unicode's "other" categories: it rejects a request with line breaks, tabs, zero width characters (such
    as the joiner inside some emoji) or byte order marks. A YAML block scalar (`|`) keeps its line breaks;
    fold it with `>-`. The fix replaces line breaks and tabs with spaces; to remove other characters is
    unsafe.

    ```yaml bad CreateAlgorithmInput
    AlgorithmDescription: "Forecasts weekly sales\\nfrom past sales"
    ```

    ```yaml good CreateAlgorithmInput
    AlgorithmDescription: "Forecasts weekly sales from past sales"
    ```

    ```json bad HyperParameterSpecification
    {"Description": "Share of rows\\u200b per tree"}
    ```

    ```json good HyperParameterSpecification
    {"Description": "Share of rows per tree"}
    ```

    ```yaml bad CreateAlgorithmInput
    AlgorithmDescription: |
      Forecasts weekly sales
      from past sales
    ```

    ```yaml good CreateAlgorithmInput
    AlgorithmDescription: >-
      Forecasts weekly sales
      from past sales
    ```
    """
    # A printable text has only characters that are allowed; of the others, unusual spaces are allowed too.
    known = text if isinstance(text, str) else "".join(known_pieces(text))
    if known.isprintable():
        return
    wrong = _controls_in(known)
    if wrong:
        kinds = list(dict.fromkeys(_called(character) for character in wrong))
        found = ", ".join(kinds[:3]) + (f" and {len(kinds) - 3} more" if len(kinds) > 3 else "")
        where = f" (character {text.index(wrong[0]) + 1})" if known is text else ""
        yield Problem(
            (),
            f"the text contains {found}{where}; control and invisible characters are not allowed in"
            " descriptions and hyperparameter names",
            fix=_cleaned(text) if isinstance(text, str) else None,
        )


def _controls_in(text: str) -> list[str]:
    """Return the distinct characters of a text in Unicode's categories C, in order."""
    from unicodedata import category

    return [character for character in dict.fromkeys(text) if category(character)[0] == "C"]


def _called(character: str) -> str:
    if character in _CONTROLS:
        return _CONTROLS[character]
    from unicodedata import name

    official = name(character, "")
    return f"U+{ord(character):04X}" + (f" ({official})" if official else "")


def _cleaned(text: str) -> Replace | None:
    import re

    spaced = re.sub(r"[\t\r\n ]+", " ", text).strip(" ")
    wrong = _controls_in(spaced)
    if not wrong:
        title = "replace line breaks and tabs with spaces"
        return Replace((), spaced, title=title, safe=True) if spaced else None
    dropped = "".join(character for character in spaced if character not in wrong)
    return Replace((), dropped, title="remove the characters") if dropped.strip() else None
