"""The batch transform job of a validation profile: its input, batching, output and instances."""

from __future__ import annotations

from algolint import (
    UNKNOWN,
    Insert,
    Key,
    PartialText,
    Problem,
    Related,
    Remove,
    Replace,
    Undecided,
    is_open,
    lacks,
    listed,
    rule,
    shown,
)
from algolint.aws.instances import has_gpu
from algolint.aws.notation import media_type, names_one_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal

    from algolint import Context
    from algolint.rule import Fix
    from algolint.values import Path

# CreateTransformJob.MaxPayloadInMB and TransformResources.InstanceCount, botocore 1.44.8.
_MAX_MB = 100
_DEFAULT_MB = 6
_MAX_INSTANCES = 100


@rule(
    on="TransformS3DataSource",
    severity="error",
    evidence="reference: TransformS3DataSource.S3DataType, botocore 1.44.8; 'The following value is not "
    "compatible: AugmentedManifestFile'",
)
def transform_data_type_incompatible(source: dict[str, Any]) -> Iterator[Problem]:
    """The S3DataType of a transform job is one that only training jobs support.

    Training channels use the same field, so the AWS clients accept every value. Batch transform reads the
    objects under a prefix (S3Prefix) or those that a manifest lists (ManifestFile). With an augmented
    manifest, or the conversations that newer training jobs read (Converse), the job is rejected and the
    algorithm's validation fails.

    ```yaml bad
    S3DataType: AugmentedManifestFile
    S3Uri: s3://amzn-example-bucket/scoring/output.manifest
    ```

    ```yaml good
    S3DataType: ManifestFile
    S3Uri: s3://amzn-example-bucket/scoring/input.manifest
    ```

    ```yaml bad
    S3DataType: Converse
    S3Uri: s3://amzn-example-bucket/scoring/
    ```

    ```yaml good
    S3DataType: S3Prefix
    S3Uri: s3://amzn-example-bucket/scoring/
    ```
    """
    match source:
        case {"S3DataType": str() as kind} if kind in _TRAINING_ONLY:
            yield Problem(
                "S3DataType",
                f"S3DataType {shown(kind)} is not compatible with batch transform, which takes 'S3Prefix' or"
                " 'ManifestFile'",
            )


_TRAINING_ONLY = ("AugmentedManifestFile", "Converse")


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="reference: InferenceSpecification.SupportedTransformInstanceTypes, botocore 1.44.8; the "
    "types on which a transformation job can be run",
)
def transform_instance_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's transform job runs on an instance type that the algorithm does not support.

    SupportedTransformInstanceTypes lists the types on which transform jobs can run; users cannot choose
    another one. A validation on another type contradicts the list, and proves nothing about the types that
    users can choose. A missing or empty list declares nothing and is reported by other rules.

    ```yaml bad
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.c5.xlarge, ml.c5.2xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformResources: {InstanceType: ml.m5.large}
    ```

    ```yaml good
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.c5.xlarge, ml.c5.2xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformResources: {InstanceType: ml.c5.xlarge}
    ```
    """
    for path, job in context.transform_jobs:
        match job:
            case {"TransformResources": {"InstanceType": str() as kind}}:
                supported = _declared(context, "SupportedTransformInstanceTypes")
                if supported and kind not in supported:
                    yield Problem(
                        (*path, "TransformResources", "InstanceType"),
                        f"InstanceType {shown(kind)} is not in SupportedTransformInstanceTypes:"
                        f" {listed(supported)}",
                        related=Related(
                            Key("InferenceSpecification", "SupportedTransformInstanceTypes"),
                            "the supported types are listed here",
                        ),
                    )


def _declared(context: Context, field: str) -> list[str]:
    """Return all items of a list of the InferenceSpecification; raises `Undecided` if some may be hidden."""
    inference = context.inference
    if inference is None or lacks(inference, field):
        return []
    items = inference.get(field, UNKNOWN)
    if not isinstance(items, list) or is_open(items) or not all(isinstance(item, str) for item in items):
        raise Undecided
    return items


@rule(
    on="TransformJobDefinition",
    severity="error",
    replaces=("number-range",),
    evidence="reference: CreateTransformJob.MaxPayloadInMB, botocore 1.44.8; 'The value of "
    "MaxPayloadInMB cannot be greater than 100 MB.'",
    fix="unsafe",
)
def transform_payload_over_100(job: dict[str, Any]) -> Iterator[Problem]:
    """MaxPayloadInMB is more than 100.

    A request to the inference container has at most 100 MB. The API model has no maximum, so the AWS
    clients accept a larger number, but the transform job is rejected. Larger objects need a SplitType, or
    a MaxPayloadInMB of 0, which streams them to containers that can read a stream.

    ```yaml bad
    MaxPayloadInMB: 200
    ```

    ```yaml good
    MaxPayloadInMB: 100
    ```
    """
    match job:
        case {"MaxPayloadInMB": int() as payload} if payload > _MAX_MB:
            yield Problem(
                "MaxPayloadInMB",
                f"MaxPayloadInMB is {shown(payload)}; a transform job takes at most {_MAX_MB}",
                fix=Replace("MaxPayloadInMB", _MAX_MB) if _is_one_at_a_time(job) else None,
            )


def _is_one_at_a_time(job: dict[str, Any]) -> bool:
    """Whether a job certainly sends one request at a time, which may then have the largest payload."""
    match job:
        case {"MaxConcurrentTransforms": int() as requests}:
            return requests <= 1
    return lacks(job, "MaxConcurrentTransforms")


@rule(
    on="TransformJobDefinition",
    severity="error",
    also=("warning",),
    evidence="reference: CreateTransformJob.MaxPayloadInMB, botocore 1.44.8; MaxConcurrentTransforms * "
    "MaxPayloadInMB 'also cannot exceed 100 MB'",
)
def transform_concurrency_times_payload(job: dict[str, Any]) -> Iterator[Problem]:
    """MaxConcurrentTransforms times MaxPayloadInMB is more than 100 MB.

    The concurrent requests on one instance can have 100 MB in total, and a transform job that could exceed
    this is rejected. The default of MaxPayloadInMB is 6, so without it more than 16 concurrent requests
    are a warning. With a MaxConcurrentTransforms of 0 the service chooses the number.

    ```yaml bad
    MaxConcurrentTransforms: 16
    MaxPayloadInMB: 10
    ```

    ```yaml good
    MaxConcurrentTransforms: 10
    MaxPayloadInMB: 10
    ```

    ```yaml bad
    MaxConcurrentTransforms: 32
    ```

    ```yaml good
    MaxConcurrentTransforms: 16
    ```
    """
    match job:
        # A payload over its own limit is reported by another rule; here it counts as that limit.
        case {"MaxConcurrentTransforms": int() as requests, "MaxPayloadInMB": int() as payload}:
            if requests * min(payload, _MAX_MB) > _MAX_MB:
                yield Problem(
                    "MaxConcurrentTransforms",
                    f"{shown(requests)} concurrent requests of {shown(payload)} MB are"
                    f" {shown(requests * payload)} MB; a transform job takes at most {_MAX_MB}",
                    related=Related("MaxPayloadInMB", f"MaxPayloadInMB is {shown(payload)}"),
                )
        case {"MaxConcurrentTransforms": int() as requests} if requests * _DEFAULT_MB > _MAX_MB and lacks(
            job, "MaxPayloadInMB"
        ):
            yield Problem(
                "MaxConcurrentTransforms",
                f"{shown(requests)} concurrent requests of {_DEFAULT_MB} MB (the default MaxPayloadInMB) are"
                f" {shown(requests * _DEFAULT_MB)} MB; a transform job takes at most {_MAX_MB}",
                "warning",
            )


@rule(
    on="TransformJobDefinition",
    severity="info",
    evidence="reference: CreateTransformJob.MaxPayloadInMB and MaxConcurrentTransforms, botocore 1.44.8;"
    " the meaning of 0",
)
def transform_zero_values(job: dict[str, Any]) -> Iterator[Problem]:
    """MaxPayloadInMB or MaxConcurrentTransforms is 0, which has a special meaning.

    With a MaxPayloadInMB of 0 each object is sent as a stream in chunked HTTP encoding, which works only
    with containers made for it. With a MaxConcurrentTransforms of 0 SageMaker asks the container for the
    number, at /execution-parameters. Ignore this if that is intended.

    ```yaml bad
    MaxPayloadInMB: 0
    ```

    ```yaml good
    MaxPayloadInMB: 6
    ```

    ```yaml bad
    MaxConcurrentTransforms: 0
    ```

    ```yaml good
    MaxConcurrentTransforms: 4
    ```
    """
    match job:
        case {"MaxPayloadInMB": int() as payload} if payload == 0:
            yield Problem(
                "MaxPayloadInMB",
                "MaxPayloadInMB is 0, so objects are streamed in chunks, which only some containers can read",
            )
    match job:
        case {"MaxConcurrentTransforms": int() as requests} if requests == 0:
            yield Problem(
                "MaxConcurrentTransforms",
                "MaxConcurrentTransforms is 0, so the container's /execution-parameters or the service sets"
                " the number",
            )


@rule(
    on="TransformJobDefinition",
    severity="warning",
    fix="unsafe",
    evidence="reference: CreateTransformJob.BatchStrategy, botocore 1.44.8; 'To enable the batch "
    "strategy, you must set the SplitType property to Line, RecordIO, or TFRecord.'",
)
def transform_batchstrategy_needs_split(job: dict[str, Any]) -> Iterator[Problem]:
    """BatchStrategy is set, but SplitType does not split the input into records.

    The strategy decides how many records a request contains. Without a SplitType each object is sent as a
    whole, and the strategy has no effect. The service accepts this, so it is a warning.

    ```yaml bad
    BatchStrategy: MultiRecord
    TransformInput:
      ContentType: text/csv
      SplitType: None
    ```

    ```yaml good
    TransformInput:
      ContentType: text/csv
      SplitType: None
    ```

    ```yaml bad
    BatchStrategy: SingleRecord
    TransformInput:
      ContentType: image/jpeg
    ```

    ```yaml good
    TransformInput:
      ContentType: image/jpeg
    ```
    """
    match job:
        case {"BatchStrategy": str() as strategy, "TransformInput": dict() as source} if (
            _setting(source, "SplitType") == "None"
        ):
            split = Key("TransformInput") if lacks(source, "SplitType") else ("TransformInput", "SplitType")
            yield Problem(
                "BatchStrategy",
                f"BatchStrategy {shown(strategy)} has no effect, since objects are sent whole; it needs"
                " SplitType 'Line', 'RecordIO' or 'TFRecord'",
                fix=Remove("BatchStrategy"),
                related=Related(split, "the input is not split"),
            )


def _setting(value: dict[str, Any], field: str) -> str:
    """Return a setting whose default is None; raises `Undecided` if it is unknown."""
    setting = "None" if lacks(value, field) else value.get(field, UNKNOWN)
    if not isinstance(setting, str):
        raise Undecided
    return setting


@rule(
    on="TransformJobDefinition",
    severity="warning",
    also=("info",),
    fix="unsafe",
    evidence="guide: Developer Guide, batch-transform, 2023; AssembleWith Line goes with SplitType Line",
)
def transform_split_assemble_mismatch(job: dict[str, Any]) -> Iterator[Problem]:
    """SplitType and AssembleWith of a transform job do not match.

    If the input is split by lines but the results are not assembled by lines, results are joined without a
    separator: the last result of one request and the first of the next share a line, unless the container
    ends its responses with a newline, as in JSON Lines. With binary records (RecordIO, TFRecord), assembly by
    lines is right if the responses are text; otherwise it puts newlines between binary results. Without a
    split, it only adds one newline per object, which is reported as info.

    ```yaml bad
    TransformInput:
      SplitType: Line
    TransformOutput:
      Accept: text/csv
      AssembleWith: None
    ```

    ```yaml good
    TransformInput:
      SplitType: Line
    TransformOutput:
      Accept: text/csv
      AssembleWith: Line
    ```

    ```yaml bad
    TransformInput:
      SplitType: Line
    TransformOutput:
      S3OutputPath: s3://amzn-example-bucket/scores/
    ```

    ```yaml good
    TransformInput:
      SplitType: Line
    TransformOutput:
      S3OutputPath: s3://amzn-example-bucket/scores/
      AssembleWith: Line
    ```

    ```yaml bad
    TransformInput:
      SplitType: TFRecord
    TransformOutput:
      Accept: application/x-tfexample
      AssembleWith: Line
    ```

    ```yaml good
    TransformInput:
      SplitType: TFRecord
    TransformOutput:
      Accept: application/jsonlines
      AssembleWith: Line
    ```

    ```yaml bad
    TransformInput:
      SplitType: None
    TransformOutput:
      AssembleWith: Line
    ```

    ```yaml good
    TransformInput:
      SplitType: None
    TransformOutput:
      AssembleWith: None
    ```
    """
    match job:
        case {"TransformInput": dict() as source, "TransformOutput": dict() as output}:
            pass
        case _:
            return
    match _setting(source, "SplitType"), _setting(output, "AssembleWith"):
        case str("Line"), str("None") if media_type(_setting(output, "Accept")) not in _JSON_LINES:
            yield _not_assembled(output)
        case str("None"), str("Line"):
            yield Problem(
                _ASSEMBLY,
                "AssembleWith 'Line' only adds one newline per object, as SplitType does not split the input",
                "info",
            )
        case split, str("Line") if split != "Line" and not _is_text(_setting(output, "Accept")):
            yield Problem(
                _ASSEMBLY,
                f"AssembleWith 'Line' puts newlines between the results of binary {split} records",
                related=Related(("TransformInput", "SplitType"), f"SplitType is {shown(split)}"),
            )


_ASSEMBLY = ("TransformOutput", "AssembleWith")


def _not_assembled(output: dict[str, Any]) -> Problem:
    """Return the problem of an input that is split by lines, with results that are not assembled by lines."""
    title = "assemble the results by lines"
    where: Path | Key = Key("TransformOutput")
    fix: Fix = Insert("TransformOutput", "AssembleWith", "Line", title=title)
    state = "is not set"
    if "AssembleWith" in output:
        where, fix = _ASSEMBLY, Replace(_ASSEMBLY, "Line", title=title)
        state = "is 'None'"
    return Problem(
        where,
        f"AssembleWith {state}, so results of SplitType 'Line' can share a line; set it to 'Line'",
        fix=fix,
        related=Related(("TransformInput", "SplitType"), "SplitType is 'Line'"),
    )


_JSON_LINES = (
    "application/jsonlines",
    "application/x-jsonlines",
    "application/x-ndjson",
    "application/jsonl",
)


def _is_text(accept: str) -> bool:
    """Whether responses of a media type are text."""
    media = media_type(accept)
    return media.startswith(("text/", "application/json")) or media.endswith("+json") or media in _JSON_LINES


@rule(
    on="TransformJobDefinition",
    severity="warning",
    also=("info",),
    evidence="derived: TransformInput.SplitType, botocore 1.44.8; input is split at newlines or by the "
    "frames of binary records",
    fix="unsafe",
)
def transform_split_content_mismatch(job: dict[str, Any]) -> Iterator[Problem]:
    """The input of a transform job is split into records that its content type does not have.

    To split an image, an archive, Parquet or another binary format at newlines cuts it at random bytes,
    and text has no RecordIO or TFRecord frames. The container then receives fragments. With BatchStrategy
    MultiRecord the padding of binary records is not removed, which is reported as info.

    ```yaml bad
    TransformInput:
      ContentType: image/jpeg
      SplitType: Line
    ```

    ```yaml good
    TransformInput:
      ContentType: image/jpeg
      SplitType: "None"
    ```

    ```yaml bad
    TransformInput:
      ContentType: text/csv
      SplitType: RecordIO
    ```

    ```yaml good
    TransformInput:
      ContentType: text/csv
      SplitType: Line
    ```

    ```yaml bad
    BatchStrategy: MultiRecord
    TransformInput:
      ContentType: application/x-recordio-protobuf
      SplitType: RecordIO
    ```

    ```yaml good
    BatchStrategy: SingleRecord
    TransformInput:
      ContentType: application/x-recordio-protobuf
      SplitType: RecordIO
    ```
    """
    match job:
        case {"TransformInput": {"SplitType": str() as split, "ContentType": str() as content}}:
            media = media_type(content)
            binary = media.startswith(_BINARY)
            if (split == "Line" and binary) or (split in _FRAMED and media.startswith("text/")):
                records = "lines" if split == "Line" else f"{split} records"
                where = ("TransformInput", "SplitType")
                # Without a split a BatchStrategy would have no effect.
                can_be_whole = binary and lacks(job, "BatchStrategy")
                yield Problem(
                    where,
                    f"SplitType {shown(split)} cuts data with ContentType {shown(content)} into fragments; it"
                    f" has no {records}",
                    fix=Replace(where, "None") if can_be_whole else None,
                    related=Related(("TransformInput", "ContentType"), f"ContentType is {shown(content)}"),
                )
    match job:
        case {"BatchStrategy": str() as strategy, "TransformInput": {"SplitType": str() as split}} if (
            strategy == "MultiRecord" and split in _FRAMED
        ):
            yield Problem(
                "BatchStrategy",
                f"BatchStrategy 'MultiRecord' keeps the padding of {split} records;"
                " 'SingleRecord' removes it",
                "info",
                related=Related(("TransformInput", "SplitType"), f"SplitType is {shown(split)}"),
            )


_FRAMED = ("RecordIO", "TFRecord")
# Media types of data without lines, or their beginnings.
_BINARY = (
    "image/", "audio/", "video/", "application/x-recordio", "application/x-npy", "application/pdf",
    "application/octet-stream", "application/x-parquet", "application/parquet",
    "application/vnd.apache.parquet", "application/avro", "application/x-avro", "application/vnd.apache.avro",
    "application/zip", "application/x-zip", "application/gzip", "application/x-gzip",
)  # fmt: skip


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    evidence="guide: AWS Marketplace Seller Guide, ml-creating-your-amazon-sagemaker-resource, 2023; input"
    " data is not validated, the content type is passed to the container",
)
def transform_content_type_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's transform job has a ContentType that the algorithm does not support.

    SupportedContentTypes lists the media types that the inference container reads, and the transform job's
    ContentType is sent with every request. SageMaker does not compare the two, so the job starts, and the
    container most likely cannot read the data. Parameters (`text/csv; header=present`) are not compared,
    and `text/*` in the list matches every text type. Without a ContentType the container has to guess.

    ```yaml bad
    InferenceSpecification:
      SupportedContentTypes: [text/csv]
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformInput: {ContentType: application/json}
    ```

    ```yaml good
    InferenceSpecification:
      SupportedContentTypes: [text/csv]
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformInput: {ContentType: text/csv}
    ```

    ```yaml bad
    InferenceSpecification:
      SupportedContentTypes: [text/csv, application/json]
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformInput: {SplitType: Line}
    ```

    ```yaml good
    InferenceSpecification:
      SupportedContentTypes: [text/csv, application/json]
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformInput: {SplitType: Line, ContentType: application/json}
    ```
    """
    for path, job in context.transform_jobs:
        match job:
            case {"TransformInput": dict() as source}:
                yield from _undeclared(
                    context,
                    (*path, "TransformInput"),
                    source,
                    "ContentType",
                    "SupportedContentTypes",
                    "warning",
                )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    also=("info",),
    evidence="guide: AWS Marketplace Seller Guide, ml-creating-your-amazon-sagemaker-resource, 2023; input"
    " data is not validated, the content type is passed to the container",
)
def transform_accept_unsupported(_: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's transform job has an Accept type that the algorithm does not support.

    SupportedResponseMIMETypes lists the media types of the inference container's responses. SageMaker does
    not compare it with the transform job's Accept, so the job starts, and the container most likely cannot
    respond. Wildcards (`*/*`, `text/*`) count on both sides, and parameters are not compared. If Accept is
    left out the container chooses, which is reported as info.

    ```yaml bad
    InferenceSpecification:
      SupportedResponseMIMETypes: [application/json]
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformOutput: {Accept: text/csv}
    ```

    ```yaml good
    InferenceSpecification:
      SupportedResponseMIMETypes: [application/json]
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformOutput: {Accept: application/json}
    ```

    ```yaml bad
    InferenceSpecification:
      SupportedResponseMIMETypes: [application/json, text/csv]
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformOutput: {AssembleWith: Line}
    ```

    ```yaml good
    InferenceSpecification:
      SupportedResponseMIMETypes: [application/json, text/csv]
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            TransformOutput: {AssembleWith: Line, Accept: text/csv}
    ```
    """
    for path, job in context.transform_jobs:
        match job:
            case {"TransformOutput": dict() as output}:
                yield from _undeclared(
                    context,
                    (*path, "TransformOutput"),
                    output,
                    "Accept",
                    "SupportedResponseMIMETypes",
                    "info",
                )


def _undeclared(
    context: Context,
    path: tuple[str | int, ...],
    value: dict[str, Any],
    field: str,
    declaration: str,
    where_absent: Literal["warning", "info"],
) -> Iterator[Problem]:
    """Report a media type of a transform job that the algorithm does not declare, or that is not set."""
    given = "" if lacks(value, field) else value.get(field, UNKNOWN)
    if not isinstance(given, str):
        return
    supported = _declared(context, declaration)
    if not supported or (given and _is_offered(given, supported)):
        return
    related = Related(Key("InferenceSpecification", declaration), "the supported types are listed here")
    if not given:
        location = Key(*path) if lacks(value, field) else (*path, field)
        message = f"{field} is not set; {declaration} lists {listed(supported)}"
        yield Problem(location, message, where_absent, related=related)
    else:
        yield Problem(
            (*path, field),
            f"{field} {shown(given)} is not in {declaration}: {listed(supported)}",
            related=related,
        )


def _is_offered(given: str, supported: list[str]) -> bool:
    """Whether one of the given media types (Accept may list several) matches a declared one."""
    if given in supported and "," not in given:
        return True
    offers = [media_type(text) for text in supported]
    accepted = [media_type(part) for part in given.split(",")]
    return any(_matches(one, other) or _matches(other, one) for one in accepted for other in offers)


def _matches(media: str, pattern: str) -> bool:
    """Whether a media type matches another one, which may be a wildcard."""
    if pattern in ("*", "*/*"):
        return True
    return media.startswith(pattern[:-1]) if pattern.endswith("/*") else media == pattern


@rule(
    on="TransformResources",
    severity="error",
    replaces=("number-range",),
    evidence="reference: TransformResources.InstanceCount, botocore 1.44.8; 'The default value is 1, and"
    " the maximum is 100.'",
)
def transform_instance_count_over_100(resources: dict[str, Any]) -> Iterator[Problem]:
    """The InstanceCount of a transform job is more than 100.

    According to the reference the maximum is 100. The API model has none, so the AWS clients accept a
    larger number, but the transform job is rejected. For a validation one instance is nearly always
    enough.

    ```yaml bad
    InstanceCount: 101
    ```

    ```yaml good
    InstanceCount: 1
    ```
    """
    match resources:
        case {"InstanceCount": int() as count} if count > _MAX_INSTANCES:
            yield Problem(
                "InstanceCount",
                f"InstanceCount is {shown(count)}; a transform job takes at most {_MAX_INSTANCES}",
            )


@rule(
    on="TransformJobDefinition",
    severity="warning",
    fix="unsafe",
    evidence="guide: Developer Guide, batch-transform, 2023; with one input file the other instances are"
    " idle",
)
def transform_idle_instances(job: dict[str, Any]) -> Iterator[Problem]:
    """A transform job has several instances, but only one input object.

    Batch transform distributes objects among instances, never the records of one object. With a single
    object one instance works and the others are idle at full price. An S3Uri counts as a single object if its
    last segment has a file extension. Ignore this if it is the prefix of several objects.

    ```yaml bad
    TransformInput:
      DataSource:
        S3DataSource:
          S3DataType: S3Prefix
          S3Uri: s3://amzn-example-bucket/scoring/input.csv
    TransformResources:
      InstanceType: ml.m5.xlarge
      InstanceCount: 2
    ```

    ```yaml good
    TransformInput:
      DataSource:
        S3DataSource:
          S3DataType: S3Prefix
          S3Uri: s3://amzn-example-bucket/scoring/input.csv
    TransformResources:
      InstanceType: ml.m5.xlarge
      InstanceCount: 1
    ```
    """
    match job:
        case {
            "TransformResources": {"InstanceCount": int() as count},
            "TransformInput": {
                "DataSource": {
                    "S3DataSource": {"S3DataType": str("S3Prefix"), "S3Uri": str() | PartialText() as uri}
                }
            },
        } if count > 1 and names_one_object(uri):
            yield Problem(
                ("TransformResources", "InstanceCount"),
                f"InstanceCount is {shown(count)}, but the input is one object; the other instances are idle",
                fix=Replace(("TransformResources", "InstanceCount"), 1),
                related=Related(
                    ("TransformInput", "DataSource", "S3DataSource", "S3Uri"), "S3Uri is one object"
                ),
            )


@rule(
    on="TransformResources",
    severity="warning",
    evidence="reference: TransformResources.TransformAmiVersion, botocore 1.44.8; the two images and "
    "their NVIDIA driver versions",
    fix="unsafe",
)
def transform_ami_version(resources: dict[str, Any]) -> Iterator[Problem]:
    """TransformAmiVersion is not one of the documented images, or the instance has no GPU.

    The version selects the NVIDIA driver of the instance, so it is for GPU instances only. The field
    accepts any text, but the reference documents two versions. A newer version may be valid before this
    list includes it.

    ```yaml bad
    InstanceType: ml.m5.large
    TransformAmiVersion: al2-ami-sagemaker-batch-gpu-535
    ```

    ```yaml good
    InstanceType: ml.m5.large
    ```

    ```yaml bad
    InstanceType: ml.g5.xlarge
    TransformAmiVersion: al2-ami-sagemaker-batch-gpu
    ```

    ```yaml good
    InstanceType: ml.g5.xlarge
    TransformAmiVersion: al2-ami-sagemaker-batch-gpu-470
    ```
    """
    match resources:
        case {"TransformAmiVersion": str() as version} if version not in _AMI_VERSIONS:
            yield Problem(
                "TransformAmiVersion",
                f"{shown(version)} is not a documented version; documented: {listed(_AMI_VERSIONS)}",
            )
        case {"TransformAmiVersion": str() as version, "InstanceType": str() as kind} if (
            has_gpu(kind) is False
        ):
            yield Problem(
                "TransformAmiVersion",
                f"TransformAmiVersion is for GPU instances, but {shown(kind)} has no GPU",
                fix=Remove("TransformAmiVersion"),
                related=Related("InstanceType", f"InstanceType is {shown(kind)}"),
            )


# TransformResources.TransformAmiVersion, botocore 1.44.8.
_AMI_VERSIONS = ("al2-ami-sagemaker-batch-gpu-470", "al2-ami-sagemaker-batch-gpu-535")
