"""The batch transform job of a validation profile: its input, batching, output and instances."""

from __future__ import annotations

from algolint import (
    UNKNOWN,
    Insert,
    Key,
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

_MOST_MB = 100
_DEFAULT_MB = 6
_MOST_INSTANCES = 100


@rule(
    on="TransformS3DataSource",
    severity="error",
    evidence="reference: TransformS3DataSource, S3DataType AugmentedManifestFile is not compatible",
)
def transform_data_type_incompatible(source: dict[str, Any]) -> Iterator[Problem]:
    """The S3DataType of a transform job is one that only training reads.

    The type is shared with training channels, so the AWS clients accept every value. Batch transform
    reads the objects under a prefix (S3Prefix) or those that a manifest lists (ManifestFile); with an
    augmented manifest, or with the conversations that newer training jobs read (Converse), the job is
    rejected and the algorithm's validation fails.

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
                f"{shown(kind)} is not compatible with batch transform, so the validation job fails;"
                " it takes 'S3Prefix' or 'ManifestFile'",
            )


_TRAINING_ONLY = ("AugmentedManifestFile", "Converse")


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    evidence="reference: InferenceSpecification, SupportedTransformInstanceTypes a transform job can run on",
)
def transform_instance_unsupported(_request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's transform job runs on an instance type that the algorithm does not support.

    SupportedTransformInstanceTypes says on which types the inference container runs in batch. A
    validation on any other contradicts the declaration: the profile proves nothing about what users
    are offered, and they cannot choose that type themselves. An absent or empty list makes no claim
    and other rules speak of it.

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
                        f"InstanceType {shown(kind)} is not in SupportedTransformInstanceTypes,"
                        f" which the profile has to keep to; supported: {listed(supported)}",
                        related=Related(
                            Key("InferenceSpecification", "SupportedTransformInstanceTypes"),
                            "the types that the algorithm supports",
                        ),
                    )


def _declared(context: Context, field: str) -> list[str]:
    """All items of a list of the InferenceSpecification; empty where there certainly is none."""
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
    evidence="reference: CreateTransformJob, MaxPayloadInMB cannot be greater than 100",
)
def transform_payload_over_100(job: dict[str, Any]) -> Iterator[Problem]:
    """MaxPayloadInMB is more than 100.

    One request to the inference container carries at most 100 MB. The API model holds no maximum, so
    the number passes the AWS clients and the transform job is refused. Larger objects need SplitType,
    or 0, which streams them to containers that can read a stream.

    ```yaml bad
    MaxPayloadInMB: 200
    ```

    ```yaml good
    MaxPayloadInMB: 100
    ```
    """
    match job:
        case {"MaxPayloadInMB": int() as payload} if payload > _MOST_MB:
            yield Problem(
                "MaxPayloadInMB",
                f"{shown(payload)} MB is more than a transform job may send at once, {_MOST_MB}",
            )


@rule(
    on="TransformJobDefinition",
    severity="error",
    also=("warning",),
    evidence="reference: CreateTransformJob, MaxConcurrentTransforms times MaxPayloadInMB at most 100 MB",
)
def transform_concurrency_times_payload(job: dict[str, Any]) -> Iterator[Problem]:
    """MaxConcurrentTransforms times MaxPayloadInMB is more than 100 MB.

    The requests in flight on one instance share 100 MB, and the transform job is refused if they may
    take more. Where MaxPayloadInMB is left out it is 6, so more than 16 concurrent requests earn a
    warning. A MaxConcurrentTransforms of 0 lets the service choose.

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
        # A payload over the limit of its own has another rule; here it counts as that limit.
        case {"MaxConcurrentTransforms": int() as requests, "MaxPayloadInMB": int() as payload}:
            if requests * min(payload, _MOST_MB) > _MOST_MB:
                yield Problem(
                    "MaxConcurrentTransforms",
                    f"{shown(requests)} requests of {shown(payload)} MB are"
                    f" {shown(requests * payload)} MB at once; a transform job takes {_MOST_MB}",
                    related=Related("MaxPayloadInMB", f"each request may have {shown(payload)} MB"),
                )
        case {"MaxConcurrentTransforms": int() as requests} if requests * _DEFAULT_MB > _MOST_MB and lacks(
            job, "MaxPayloadInMB"
        ):
            yield Problem(
                "MaxConcurrentTransforms",
                f"{shown(requests)} requests of the default MaxPayloadInMB, {_DEFAULT_MB}, are"
                f" {shown(requests * _DEFAULT_MB)} MB at once; a transform job takes {_MOST_MB}",
                "warning",
            )


@rule(
    on="TransformJobDefinition",
    severity="info",
    evidence="reference: CreateTransformJob, MaxPayloadInMB and MaxConcurrentTransforms 0",
)
def transform_zero_values(job: dict[str, Any]) -> Iterator[Problem]:
    """MaxPayloadInMB or MaxConcurrentTransforms is 0, which has a meaning of its own.

    A MaxPayloadInMB of 0 sends each object as a stream in chunked HTTP encoding, which works only
    with containers made for it. A MaxConcurrentTransforms of 0 asks the container's
    execution-parameters for the number. Both are fine where they are meant.

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
                "MaxPayloadInMB", "0 streams the objects in chunks, which only some containers can read"
            )
    match job:
        case {"MaxConcurrentTransforms": int() as requests} if requests == 0:
            yield Problem(
                "MaxConcurrentTransforms",
                "0 lets the container's execution-parameters decide, or the service",
            )


@rule(
    on="TransformJobDefinition",
    severity="warning",
    fix="unsafe",
    evidence="reference: CreateTransformJob, BatchStrategy needs SplitType Line, RecordIO or TFRecord",
)
def transform_batchstrategy_needs_split(job: dict[str, Any]) -> Iterator[Problem]:
    """BatchStrategy is set, and SplitType does not split the input into records.

    The strategy says how many records go into one request. Without SplitType an object is sent whole
    and the strategy has no effect. The service accepts the pair, so this is a warning.

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
                f"BatchStrategy {shown(strategy)} has no effect without a SplitType of"
                " 'Line', 'RecordIO' or 'TFRecord'; objects are sent whole",
                fix=Remove("BatchStrategy"),
                related=Related(split, "nothing splits the input here"),
            )


def _setting(value: dict[str, Any], field: str) -> str:
    """A setting whose default is None."""
    setting = "None" if lacks(value, field) else value.get(field, UNKNOWN)
    if not isinstance(setting, str):
        raise Undecided
    return setting


@rule(
    on="TransformJobDefinition",
    severity="warning",
    also=("info",),
    fix="unsafe",
    evidence="guide: batch-transform, AssembleWith Line goes with SplitType Line",
)
def transform_split_assemble_mismatch(job: dict[str, Any]) -> Iterator[Problem]:
    """SplitType and AssembleWith of a transform job do not fit together.

    Where the input is split by lines and the results are not assembled by lines, they are joined as
    they come: the last result of one request and the first of the next share a line, unless the
    container ends its answers with a newline (JSON Lines answers count as such). Binary records
    (RecordIO, TFRecord) with line assembly are fine where the answers are text; otherwise newlines get
    between binary results. Without any split, line assembly adds one newline per object, which is
    worth an info only.

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
            split, assembly = _setting(source, "SplitType"), _setting(output, "AssembleWith")
        case _:
            return
    absent = lacks(output, "AssembleWith")
    location = Key("TransformOutput") if absent else ("TransformOutput", "AssembleWith")
    related = (
        Related(("TransformInput", "SplitType"), f"the input is split by {split}") if split != "None" else ()
    )
    if split == "Line" and assembly == "None" and media_type(_setting(output, "Accept")) not in _JSON_LINES:
        how = "no AssembleWith" if absent else "AssembleWith 'None'"
        title = "assemble the results by lines"
        fix = (
            Insert("TransformOutput", "AssembleWith", "Line", title=title)
            if absent
            else Replace(("TransformOutput", "AssembleWith"), "Line", title=title)
        )
        yield Problem(
            location,
            f"{how} runs the results of SplitType 'Line' together; 'Line' keeps one result per line",
            fix=fix,
            related=related,
        )
    elif assembly == "Line" and split == "None":
        yield Problem(
            location,
            "AssembleWith 'Line' adds only a newline per object, as SplitType splits nothing",
            "info",
        )
    elif assembly == "Line" and split != "Line" and not _is_text(_setting(output, "Accept")):
        yield Problem(
            location,
            f"AssembleWith 'Line' puts newlines between the results of binary {split} records",
            related=related,
        )


_JSON_LINES = (
    "application/jsonlines",
    "application/x-jsonlines",
    "application/x-ndjson",
    "application/jsonl",
)


def _is_text(accept: str) -> bool:
    media = media_type(accept)
    return media.startswith(("text/", "application/json")) or media.endswith("+json") or media in _JSON_LINES


@rule(
    on="TransformJobDefinition",
    severity="warning",
    also=("info",),
    evidence="derived: TransformInput, SplitType splits at newlines or by record frames",
)
def transform_split_content_mismatch(job: dict[str, Any]) -> Iterator[Problem]:
    """The transform input is split in a way that its content type has no records for.

    Splitting an image, a recording or another binary format at newlines cuts it at random bytes, and
    text holds no RecordIO or TFRecord framing. The container then receives fragments. With
    BatchStrategy MultiRecord the padding of binary records is not removed, which earns an info.

    ```yaml bad
    TransformInput:
      ContentType: image/jpeg
      SplitType: Line
    ```

    ```yaml good
    TransformInput:
      ContentType: image/jpeg
      SplitType: None
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
            binary = media.startswith(_BINARY) or media in _BINARY
            if (split == "Line" and binary) or (split in _FRAMED and media.startswith("text/")):
                records = "lines" if split == "Line" else f"{split} records"
                yield Problem(
                    ("TransformInput", "SplitType"),
                    f"SplitType {shown(split)} cuts {shown(content)} apart, which has no {records}",
                    related=Related(("TransformInput", "ContentType"), f"the content is {shown(content)}"),
                )
    match job:
        case {"BatchStrategy": str() as strategy, "TransformInput": {"SplitType": str() as split}} if (
            strategy == "MultiRecord" and split in _FRAMED
        ):
            yield Problem(
                "BatchStrategy",
                f"MultiRecord keeps the padding of {split} records; SingleRecord removes it",
                "info",
                related=Related(("TransformInput", "SplitType"), f"the records are {split}"),
            )


_FRAMED = ("RecordIO", "TFRecord")
_BINARY = ("image/", "audio/", "video/", "application/x-recordio", "application/x-npy", "application/pdf")


@rule(
    on="CreateAlgorithmInput",
    severity="error",
    also=("warning",),
    evidence="reference: InferenceSpecification, SupportedContentTypes are the input's types",
)
def transform_content_type_unsupported(_request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's transform job sends a content type that the algorithm does not support.

    SupportedContentTypes tells what the inference container reads, and the transform job's ContentType
    is handed to it with every request. One that is not declared contradicts the declaration, and the
    validation job will most likely fail on it. Parameters (`text/csv; header=present`) are not compared,
    and `text/*` in the list covers every text. Where the job names no type at all the container has to
    guess, which earns a warning.

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
    severity="error",
    also=("info",),
    evidence="reference: InferenceSpecification, SupportedResponseMIMETypes are the output's types",
)
def transform_accept_unsupported(_request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A profile's transform job asks for a response type that the algorithm does not support.

    SupportedResponseMIMETypes tells what the inference container answers with. A transform job that
    accepts none of these contradicts the declaration, and will most likely fail on it. Wildcards
    (`*/*`, `text/*`) count on both sides; parameters are not compared. Where Accept is left out the
    container chooses, which earns an info.

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
    """A media type of a transform job that is in no declared one, or that is not given at all."""
    given = "" if lacks(value, field) else value.get(field, UNKNOWN)
    if not isinstance(given, str):
        return
    supported = _declared(context, declaration)
    if not supported:
        return
    related = Related(Key("InferenceSpecification", declaration), "the types that the algorithm supports")
    if not given:
        location = Key(*path) if lacks(value, field) else (*path, field)
        message = f"no {field}; {declaration} offers {listed(supported)}"
        yield Problem(location, message, where_absent, related=related)
    elif not _is_offered(given, supported):
        yield Problem(
            (*path, field),
            f"{field} {shown(given)} is not in {declaration}, so the validation is likely to fail;"
            f" supported: {listed(supported)}",
            related=related,
        )


def _is_offered(given: str, supported: list[str]) -> bool:
    """Whether one of the media types asked for (Accept may list several) fits a declared one."""
    offers = [media_type(offer) for offer in supported]
    wishes = [media_type(wish) for wish in given.split(",")]
    return any(_fits(wish, offer) or _fits(offer, wish) for wish in wishes for offer in offers)


def _fits(media: str, pattern: str) -> bool:
    if pattern in ("*", "*/*"):
        return True
    return media.startswith(pattern[:-1]) if pattern.endswith("/*") else media == pattern


@rule(
    on="TransformResources",
    severity="error",
    evidence="reference: TransformResources, InstanceCount at most 100",
)
def transform_instance_count_over_100(resources: dict[str, Any]) -> Iterator[Problem]:
    """The InstanceCount of a transform job is more than 100.

    The reference names 100 as the maximum, while the API model has none, so the AWS clients let a
    larger number pass and the transform job is refused. For a validation one instance is nearly always
    enough.

    ```yaml bad
    InstanceCount: 101
    ```

    ```yaml good
    InstanceCount: 1
    ```
    """
    match resources:
        case {"InstanceCount": int() as count} if count > _MOST_INSTANCES:
            yield Problem(
                "InstanceCount", f"{shown(count)} instances; a transform job takes at most {_MOST_INSTANCES}"
            )


@rule(
    on="TransformJobDefinition",
    severity="warning",
    fix="unsafe",
    evidence="guide: batch-transform, with one input file the other instances are idle",
)
def transform_idle_instances(job: dict[str, Any]) -> Iterator[Problem]:
    """A transform job has several instances and one input object.

    Batch transform spreads objects over instances, never the records of one object. With a single
    object one instance works and the others idle at full price. The S3Uri counts as a single object
    where its last segment has a file extension; should it be the prefix of several names, or a
    manifest, all instances have work.

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
                "DataSource": {"S3DataSource": {"S3DataType": str() as kind, "S3Uri": str() as uri}}
            },
        } if count > 1 and kind == "S3Prefix" and names_one_object(uri):
            yield Problem(
                ("TransformResources", "InstanceCount"),
                f"{shown(count)} instances share one input object, so all but one are idle",
                fix=Replace(("TransformResources", "InstanceCount"), 1),
                related=Related(
                    ("TransformInput", "DataSource", "S3DataSource", "S3Uri"), f"{shown(uri)} is one object"
                ),
            )


@rule(
    on="TransformResources",
    severity="warning",
    evidence="reference: TransformResources, TransformAmiVersion names two images for GPU instances",
)
def transform_ami_version(resources: dict[str, Any]) -> Iterator[Problem]:
    """TransformAmiVersion is not one of the documented images, or the instance has no GPU.

    The versions choose the NVIDIA driver under the container, so they have a meaning for GPU instances
    only. The field takes any text; the reference documents two versions. A newer one may be right
    before this list knows it.

    ```yaml bad
    InstanceType: ml.m5.large
    TransformAmiVersion: al2-ami-sagemaker-batch-gpu-535
    ```

    ```yaml good
    InstanceType: ml.g5.xlarge
    TransformAmiVersion: al2-ami-sagemaker-batch-gpu-535
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
                "TransformAmiVersion", f"{shown(version)} is not documented; known: {listed(_AMI_VERSIONS)}"
            )
        case {"TransformAmiVersion": str() as version, "InstanceType": str() as kind} if (
            has_gpu(kind) is False
        ):
            yield Problem(
                "TransformAmiVersion",
                f"{shown(version)} is for GPU instances, and {shown(kind)} has no GPU",
                related=Related("InstanceType", f"{shown(kind)} has no GPU"),
            )


_AMI_VERSIONS = ("al2-ami-sagemaker-batch-gpu-470", "al2-ami-sagemaker-batch-gpu-535")
