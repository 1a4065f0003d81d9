"""The requirements of AWS Marketplace, for algorithms with CertifyForMarketplace true."""

from __future__ import annotations

from algolint import Key, Problem, Related, every, lacks, listed, rule, select, shown
from algolint.aws.notation import partition_of

from ._profiles import S3_URI

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.values import Step

# Regions that are enabled for every account. The list is closed: each Region opened after 20 March 2019 has
# to be opted into (AWS Account Management guide, Enable or disable Regions).
_DEFAULT_REGIONS = frozenset(
    "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-central-1 eu-north-1 eu-west-1"
    " eu-west-2 eu-west-3 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1"
    " ap-southeast-2".split()
)


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="guide: AWS Marketplace Seller Guide, ml-creating-your-amazon-sagemaker-resource, 2023;"
    " certifying 'requires the validation specification'",
)
def marketplace_needs_validation(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """CertifyForMarketplace is true without a ValidationSpecification.

    AWS certifies an algorithm by running the jobs of its validation profile. Without one the algorithm
    cannot be published, and the flag cannot be changed later. CloudFormation's resource type does not
    support profiles: create an algorithm for the Marketplace with the API, an SDK or Terraform's provider
    aws. The other rules on AWS Marketplace report nothing in a template.

    ```yaml bad
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ```

    ```yaml good
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```
    """
    match spec:
        case {"CertifyForMarketplace": True} if context.in_cloudformation:
            yield Problem(
                "CertifyForMarketplace",
                "CertifyForMarketplace is true, but CloudFormation's AWS::SageMaker::Algorithm takes no"
                " ValidationSpecification, whose jobs certify an algorithm; create it with the API instead",
            )
        case {"CertifyForMarketplace": True} if lacks(spec, "ValidationSpecification"):
            yield Problem(
                Key(),
                "CertifyForMarketplace is true, but there is no ValidationSpecification, whose jobs AWS"
                " runs to certify an algorithm",
                related=Related("CertifyForMarketplace", "a listing on AWS Marketplace is requested"),
            )


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="guide: AWS Marketplace Seller Guide, ml-troubleshooting, 2023; an error 'with only a"
    " training image and without an accompanying inference image'",
    replaces=("transform-without-inference-spec",),
)
def marketplace_needs_inference(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """CertifyForMarketplace is true without an InferenceSpecification.

    A product on AWS Marketplace has to support both training and inference: publishing one that has only a
    training image fails.

    ```yaml bad
    CertifyForMarketplace: true
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```

    ```yaml good
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```
    """
    if context.in_cloudformation:
        return
    match spec:
        case {"CertifyForMarketplace": True} if lacks(spec, "InferenceSpecification"):
            yield Problem(
                Key(),
                "CertifyForMarketplace is true, but there is no InferenceSpecification;"
                " a product on AWS Marketplace needs containers for inference",
                related=Related("CertifyForMarketplace", "a listing on AWS Marketplace is requested"),
            )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    also=("info",),
    evidence="guide: AWS Marketplace Seller Guide, ml-creating-your-amazon-sagemaker-resource, 2023;"
    " certifying runs a training and a batch transform job; guide: aws/amazon-sagemaker-examples,"
    " sm-marketplace_building_your_own_container_as_package, February 2025; the TransformJobDefinition is"
    " optional",
)
def marketplace_needs_transform_profile(spec: dict[str, Any]) -> Iterator[Problem]:
    """CertifyForMarketplace is true, but no validation profile has a transform job.

    The seller guide requires both a training job and a batch transform job, which AWS runs to certify an
    algorithm. A newer notebook of AWS calls the transform job optional and certifies an algorithm without
    one, so this is a warning. It is reported as info if the algorithm has an AdditionalS3DataSource, as in
    that notebook.

    ```yaml bad
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TrainingJobDefinition:
            TrainingInputMode: File
    ```

    ```yaml good
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TrainingJobDefinition:
            TrainingInputMode: File
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```
    """
    match spec:
        case {"CertifyForMarketplace": True}:
            profiles = every(spec, "ValidationSpecification", "ValidationProfiles", ...)
            if profiles and all(lacks(profile, "TransformJobDefinition") for _, profile in profiles):
                yield Problem(
                    Key("ValidationSpecification", "ValidationProfiles"),
                    "CertifyForMarketplace is true, but no profile has a TransformJobDefinition;"
                    " the seller guide requires a training and a transform job",
                    "info" if _has_additional_data(spec) else None,
                    related=Related("CertifyForMarketplace", "a listing on AWS Marketplace is requested"),
                )


def _has_additional_data(spec: dict[str, Any]) -> bool:
    """Whether the algorithm, or one of its containers, has an AdditionalS3DataSource."""
    source = "AdditionalS3DataSource"
    match spec:
        case {"TrainingSpecification": {"AdditionalS3DataSource": _}}:
            return True
    return any(
        isinstance(container, dict) and source in container
        for _, container in select(spec, "InferenceSpecification", "Containers", ...)
    )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    evidence="guide: AWS Marketplace Seller Guide, ml-publishing-your-product-in-aws-marketplace, 2023;"
    " instance types for real-time inference and batch transform",
)
def marketplace_instance_lists(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """CertifyForMarketplace is true, but instance types are listed for only one kind of inference.

    Sellers name the supported types both for real-time inference and for batch transform; buyers can use
    only what is listed. Ignore this for a product that is meant for batch transform only. If both lists
    are missing, `inference-instance-lists-missing` reports it.

    ```yaml bad
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ```

    ```yaml good
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large, ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```
    """
    if context.in_cloudformation:
        return
    match spec:
        case {"CertifyForMarketplace": True, "InferenceSpecification": dict() as inference}:
            lists = ("SupportedTransformInstanceTypes", "SupportedRealtimeInferenceInstanceTypes")
            for present, absent in (lists, lists[::-1]):
                if present in inference and lacks(inference, absent):
                    yield Problem(
                        Key("InferenceSpecification"),
                        f"{present} is set, but {absent} is not; a product on AWS Marketplace lists both",
                        related=Related(Key("InferenceSpecification", present), "this list is set"),
                    )


@rule(
    on="CreateAlgorithmInput",
    severity="info",
    evidence="guide: AWS Marketplace Seller Guide, ml-publishing-your-product-in-aws-marketplace, 2023;"
    " support for hyperparameter tuning is highly recommended",
)
def marketplace_tuning_recommended(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """CertifyForMarketplace is true, but no hyperparameter is tunable.

    Buyers tune a product on their own data, and AWS highly recommends that it supports that. An algorithm
    without hyperparameters has nothing to tune and is not reported.

    ```yaml bad
    CertifyForMarketplace: true
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: eta
          Type: Continuous
          IsTunable: false
    ```

    ```yaml good
    CertifyForMarketplace: true
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: eta
          Type: Continuous
          IsTunable: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```
    """
    if context.in_cloudformation:
        return
    match spec:
        case {"CertifyForMarketplace": True}:
            declared = every(spec, "TrainingSpecification", "SupportedHyperParameters", ...)
            if declared and all(_is_fixed(item) for _, item in declared):
                count = len(declared)
                which = (
                    "the only hyperparameter is not" if count == 1 else f"none of {count} hyperparameters is"
                )
                yield Problem(
                    Key("TrainingSpecification", "SupportedHyperParameters"),
                    f"{which} tunable; AWS recommends that a product on AWS Marketplace can be tuned",
                )


def _is_fixed(hyperparameter: Any) -> bool:
    """Whether a hyperparameter certainly cannot be tuned; IsTunable is false unless it is given."""
    match hyperparameter:
        case {"IsTunable": False}:
            return True
    return lacks(hyperparameter, "IsTunable")


@rule(
    on="CreateAlgorithmInput",
    severity="info",
    evidence="guide: AWS Marketplace Seller Guide, ml-publishing-your-product-in-aws-marketplace, 2023;"
    " the metrics that an algorithm emits are shown on the page of the product",
)
def marketplace_no_metrics(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """CertifyForMarketplace is true, but no metrics are defined.

    The page of a product shows which metrics its training emits, and buyers need them to compare models
    and to tune. Define at least one that measures the quality of a model.

    ```yaml bad
    CertifyForMarketplace: true
    TrainingSpecification:
      MetricDefinitions: []
    ```

    ```yaml good
    CertifyForMarketplace: true
    TrainingSpecification:
      MetricDefinitions:
        - Name: validation:rmse
          Regex: 'rmse=([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```
    """
    if context.in_cloudformation:
        return
    match spec:
        case {"CertifyForMarketplace": True, "TrainingSpecification": dict() as training}:
            has_metrics = not lacks(training, "MetricDefinitions")
            if not has_metrics or not every(training, "MetricDefinitions", ...):
                yield Problem(
                    Key("TrainingSpecification", *(("MetricDefinitions",) if has_metrics else ())),
                    "there are no MetricDefinitions; the page of a product on AWS Marketplace shows them",
                    related=Related("CertifyForMarketplace", "a listing on AWS Marketplace is requested"),
                )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    evidence="guide: AWS Marketplace Seller Guide, ml-service-restrictions-and-limits, 2023; the Region"
    " must be one that is 'opted-in by default'",
)
def marketplace_optin_region(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """CertifyForMarketplace is true for a Region that accounts have to opt into.

    Products can only be published from Regions that are enabled for every account, not from one that has
    to be opted into (all those opened since March 2019), nor from another partition such as China or
    GovCloud. The Region is given by `--region`, or else by the images and ARNs.

    ```yaml bad
    CertifyForMarketplace: true
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.eu-south-1.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml good
    CertifyForMarketplace: true
    TrainingSpecification:
      TrainingImage: 246618743249.dkr.ecr.us-east-2.amazonaws.com/forecaster:1.4.2
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```
    """
    if context.in_cloudformation:
        return
    match spec:
        case {"CertifyForMarketplace": True} if (region := context.region) and region not in _DEFAULT_REGIONS:
            how = "is not in the partition aws" if partition_of(region) != "aws" else "has to be opted into"
            named, path = context.region_source
            yield Problem(
                "CertifyForMarketplace",
                f"Region {shown(region)} {how}; Marketplace products are published from Regions"
                " that are enabled by default",
                related=Related(path, f"{named} is in {region}") if path else (),
            )


@rule(
    on="CreateAlgorithmInput",
    severity="info",
    also=("error",),
    evidence="guide: AWS Marketplace Seller Guide, ml-troubleshooting, 2023; 'You can't choose No and"
    " later publish it'",
)
def marketplace_flag_missing(spec: dict[str, Any], context: Context) -> Iterator[Problem]:
    """The algorithm is validated in full, but CertifyForMarketplace is not true.

    A profile with both a training and a transform job is sufficient for certification. Without the flag
    the algorithm cannot be published later, and has to be created again. Private algorithms do not need
    the flag, so this is advice. With `--marketplace` it is an error, whatever the profile runs.

    ```yaml bad
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TrainingJobDefinition:
            TrainingInputMode: File
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```

    ```yaml good
    CertifyForMarketplace: true
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
      SupportedRealtimeInferenceInstanceTypes: [ml.m5.large]
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TrainingJobDefinition:
            TrainingInputMode: File
          TransformJobDefinition:
            BatchStrategy: MultiRecord
    ```
    """
    match spec:
        case {"CertifyForMarketplace": False}:
            where: str | Key = "CertifyForMarketplace"
        case _ if lacks(spec, "CertifyForMarketplace"):
            where = Key()
        case _:
            return
    limit = "the algorithm cannot be published on AWS Marketplace later"
    if context.must_certify:
        yield Problem(where, f"CertifyForMarketplace is not true; {limit}", severity="error")
        return
    for path, profile in select(spec, *_PROFILES):
        match profile:
            case {"TrainingJobDefinition": _, "TransformJobDefinition": _}:
                yield Problem(
                    where,
                    f"CertifyForMarketplace is not true, though the profile runs both jobs; {limit}",
                    related=Related(path, "certification would run this profile"),
                )
                return


@rule(
    on="CreateAlgorithmInput",
    severity="info",
    evidence="reference: AlgorithmValidationSpecification.ValidationProfiles, botocore 1.44.8; the data is"
    " made available to buyers",
)
def marketplace_public_data_notice(spec: dict[str, Any]) -> Iterator[Problem]:
    """CertifyForMarketplace is true, so buyers can see the data of the validation profile.

    AWS makes the data of the training and the transform job available to buyers as sample data. Use data
    that may be published.

    ```yaml bad
    CertifyForMarketplace: true
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3Uri: s3://amzn-example-bucket/sample/train/
    ```

    ```yaml good
    CertifyForMarketplace: false
    ValidationSpecification:
      ValidationProfiles:
        - ProfileName: full-run
          TrainingJobDefinition:
            InputDataConfig:
              - ChannelName: train
                DataSource:
                  S3DataSource:
                    S3Uri: s3://amzn-example-bucket/sample/train/
    ```
    """
    match spec:
        case {"CertifyForMarketplace": True}:
            found = [row for route in _DATA for row in select(spec, *_PROFILES, *route)]
            if found:
                addresses = listed(dict.fromkeys(address for _, address in found))
                yield Problem(
                    Key("ValidationSpecification", "ValidationProfiles"),
                    f"buyers of the product can see the data of the validation profile: {addresses}",
                    related=[Related(path, "buyers can see this data") for path, _ in found],
                )


_PROFILES: tuple[Step, ...] = ("ValidationSpecification", "ValidationProfiles", ...)
# Where the jobs of a profile name their data.
_DATA: tuple[tuple[Step, ...], ...] = (
    ("TrainingJobDefinition", "InputDataConfig", ..., *S3_URI),
    ("TransformJobDefinition", "TransformInput", *S3_URI),
)
