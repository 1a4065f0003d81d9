"""Environment variables of the inference containers and of the transform job."""

from __future__ import annotations

from algolint import Key, Problem, Related, rule, select, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.rule import Severity
    from algolint.values import Path

_MOST_ENTRIES = 16
_MOST_BYTES = 32 * 1024
_LONGEST_VALUE = 1024


@rule(
    on=("InferenceSpecification", "TransformJobDefinition"),
    severity="error",
    evidence="reference: ModelPackageContainerDefinition.Environment, botocore 1.44.8;"
    " 'We support up to 16 entries in the map'",
    replaces=("item-count",),
)
def env_too_many_entries(value: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An Environment has more than 16 entries.

    The reference allows up to 16, for a container and for a transform job. Since botocore 1.34.53 the
    API's model allows 100 for a container, and the reference of a similar field,
    ContainerDefinition.Environment, lost its limit of 16 in 1.34.74, but that of this field still states
    16. If you rely on the model, lower the rule's severity in the configuration. Related settings can
    share one variable, or be in a file of the image.

    ```yaml bad
    Containers:
      - Environment: {V1: a, V2: a, V3: a, V4: a, V5: a, V6: a, V7: a, V8: a, V9: a,
                      V10: a, V11: a, V12: a, V13: a, V14: a, V15: a, V16: a, V17: a}
    ```

    ```yaml good
    Containers:
      - Environment: {V1: a, V2: a, V3: a, V4: a, V5: a, V6: a, V7: a, V8: a, V9: a,
                      V10: a, V11: a, V12: a, V13: a, V14: a, V15: a, V16: a}
    ```

    ```yaml bad TransformJobDefinition
    Environment: {V1: a, V2: a, V3: a, V4: a, V5: a, V6: a, V7: a, V8: a, V9: a,
                  V10: a, V11: a, V12: a, V13: a, V14: a, V15: a, V16: a, V17: a}
    ```

    ```yaml good TransformJobDefinition
    Environment: {V1: a, V2: a, V3: a, V4: a, V5: a, V6: a, V7: a, V8: a, V9: a,
                  V10: a, V11: a, V12: a, V13: a, V14: a, V15: a, V16: a}
    ```
    """
    found: list[tuple[str, Path, dict[str, Any]]] = []
    match value:
        case {"Containers": _}:
            found = [("EnvironmentMap", path, variables) for path, variables in _of_containers(value)]
        case {"Environment": dict() as variables}:
            found = [("TransformEnvironmentMap", ("Environment",), variables)]
    for shape, path, variables in found:
        if len(variables) > _MOST_ENTRIES:
            most = context.model.shape(shape).max or _MOST_ENTRIES
            aside = f", although the API's model allows {most} since botocore 1.34.53"
            yield Problem(
                Key(*path),
                f"Environment has {len(variables)} entries; the API reference allows {_MOST_ENTRIES}"
                f"{aside if most > _MOST_ENTRIES else ''}",
            )


def _of_containers(inference: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the environments of the containers, each with its path."""
    # A field that is newer than the target revision is not checked, and may have a value of any type.
    match inference:
        case {"Containers": list() as containers}:
            for index, container in enumerate(containers):
                match container:
                    case {"Environment": dict() as variables}:
                        yield ("Containers", index, "Environment"), variables


@rule(
    on="InferenceSpecification",
    severity="error",
    also=("warning",),
    evidence="reference: ContainerDefinition.Environment, botocore 1.44.8; 32 KB for all maps together",
)
def env_size(inference: dict[str, Any]) -> Iterator[Problem]:
    """The environment variables of all containers exceed 32 KB, or one value exceeds 1024 bytes.

    The keys and values of all containers of a model may have 32 KB in total, counted in bytes of UTF-8.
    The validation creates a model from this specification, which fails if there is more. A value of at
    most 1024 characters may still have more than 1024 bytes if it is not plain ASCII; the documents do not
    agree on which of the two is limited, so that is a warning.

    ```yaml bad
    Containers:
      - Environment:
          PROMPT: >-
            Ты помощник службы поддержки интернет-магазина. Отвечай вежливо, коротко и только по делу, на
            том языке, на котором написан вопрос. Если в вопросе нет номера заказа, попроси его назвать,
            прежде чем отвечать. Не обещай возврата денег и не называй сроков доставки, которых нет в данных
            заказа. Жалобы на качество товара передавай сотруднику и говори, что он свяжется с покупателем в
            течение рабочего дня. На вопросы, которые не относятся к заказам, отвечай, что с ними лучше
            обратиться в другую службу магазина. Если покупатель просит позвать человека, не спорь с ним и
            сразу передай разговор сотруднику.
    ```

    ```yaml good
    Containers:
      - Environment:
          PROMPT_FILE: /opt/program/prompt.txt
    ```
    """
    sizes: dict[Path, int] = {}
    for path, variables in _of_containers(inference):
        sizes[path] = 0
        for key, text in variables.items():
            length = _bytes_in(text) if isinstance(text, str) else 0
            sizes[path] += _bytes_in(key) + length
            if length > _LONGEST_VALUE >= len(text):
                yield Problem(
                    (*path, key),
                    f"the value has {len(text)} characters, but {length} bytes in UTF-8; the documents do not"
                    f" agree on which of them is limited to {_LONGEST_VALUE}",
                    "warning",
                )
    total = sum(sizes.values())
    if total > _MOST_BYTES:
        yield Problem(
            Key("Containers"),
            f"the environment variables of all containers have {total} bytes; a model allows {_MOST_BYTES}",
            related=[Related(Key(*path), f"{size} bytes here") for path, size in sizes.items()],
        )


def _bytes_in(text: str) -> int:
    """Return the length of a text in UTF-8; a half of a surrogate pair counts as a character."""
    return len(text.encode("utf-8", "surrogatepass"))


@rule(
    on=("EnvironmentKey", "TransformEnvironmentKey"),
    severity="warning",
    also=("info",),
    evidence="guide: Developer Guide, your-algorithms-batch-code, 2023; the variables that batch transform"
    " sets",
)
def env_reserved_name(name: str) -> Iterator[Problem]:
    """An environment variable has a name that SageMaker sets itself.

    Batch transform passes the options of the job to the container in SAGEMAKER_BATCH,
    SAGEMAKER_BATCH_STRATEGY, SAGEMAKER_MAX_PAYLOAD_IN_MB and SAGEMAKER_MAX_CONCURRENT_TRANSFORMS, and the
    location of an AdditionalS3DataSource in SAGEMAKER_ADDITIONAL_S3_DATA_PATH. A value in the request is
    overwritten, or misleads the container. Names that begin with AWS_ or SM_ are used by AWS and its
    toolkits and may collide, which is reported as info. SAGEMAKER_PROGRAM and similar ones are meant to be
    set.

    ```yaml bad ModelPackageContainerDefinition
    Environment:
      SAGEMAKER_BATCH: "false"
    ```

    ```yaml good ModelPackageContainerDefinition
    Environment:
      SAGEMAKER_PROGRAM: serve.py
    ```

    ```yaml bad TransformJobDefinition
    Environment:
      SM_MODEL_DIR: /opt/ml/model
    ```

    ```yaml good TransformJobDefinition
    Environment:
      FORECASTER_MODEL_DIR: /opt/ml/model
    ```
    """
    if name in _SET_BY_SAGEMAKER:
        message = f"{name} is set by SageMaker; remove it, since a value here is overwritten or misleads"
        yield Problem((), message)
    elif name.startswith(("AWS_", "SM_")):
        prefix = name.partition("_")[0]
        yield Problem(
            (),
            f"{shown(name)} begins with {prefix}_, like variables that AWS sets, and may collide with one",
            "info",
        )


# From the Developer Guide (your-algorithms-batch-code) and AWS's notebook on AdditionalS3DataSource; no
# package lists them.
_SET_BY_SAGEMAKER = (
    "SAGEMAKER_ADDITIONAL_S3_DATA_PATH",
    "SAGEMAKER_BATCH",
    "SAGEMAKER_BATCH_STRATEGY",
    "SAGEMAKER_MAX_PAYLOAD_IN_MB",
    "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS",
)


@rule(
    on=("CreateAlgorithmInput", "EnvironmentMap", "TransformEnvironmentMap"),
    severity="warning",
    also=("info",),
    evidence="derived: names of variables are case-sensitive, and those of the job override the model's",
)
def env_key_conflict(value: dict[str, Any], context: Context) -> Iterator[Problem]:
    """Two environment variables differ only in letter case, or a transform job overrides one of a container.

    The container gets both spellings, but its program most likely reads only one of them; programs that
    distinguish Debug from DEBUG are rare. A transform job that sets a container's variable to another
    value validates something else than users will run. That may be intended, so it is reported as info.

    ```yaml bad InferenceSpecification
    Containers:
      - Environment:
          Debug: "0"
          DEBUG: "1"
    ```

    ```yaml good InferenceSpecification
    Containers:
      - Environment:
          DEBUG: "1"
    ```

    ```yaml bad
    InferenceSpecification:
      Containers:
        - Environment: {WORKERS: "4"}
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            Environment: {WORKERS: "1"}
    ```

    ```yaml good
    InferenceSpecification:
      Containers:
        - Environment: {WORKERS: "4"}
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition:
            Environment: {WORKERS: "4"}
    ```
    """
    if value is context.spec:
        yield from _changed_by_job(context)
    else:
        first: dict[str, str] = {}
        for key in value:
            other = first.setdefault(key.casefold(), key)
            if other != key:
                yield Problem(
                    Key(key),
                    f"{shown(key)} differs from {shown(other)} only in letter case",
                    related=Related(Key(other), "the other spelling is used here"),
                )


def _changed_by_job(context: Context) -> Iterator[Problem]:
    """Report the variables of containers that a transform job sets to another value."""
    of_jobs = [
        ((*path, "Environment"), variables)
        for path, job in context.transform_jobs
        if isinstance(variables := job.get("Environment"), dict)
    ]
    for path, variables in _of_containers(context.inference or {}) if of_jobs else ():
        for key, text in variables.items():
            for job_path, of_job in of_jobs:
                match text, of_job.get(key):
                    case str() as given, str() as changed if given != changed:
                        yield Problem(
                            (*job_path, key),
                            f"the transform job overrides {shown(key)}, which the container sets to another"
                            " value",
                            "info",
                            related=Related(("InferenceSpecification", *path, key), "the container sets it"),
                        )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    also=("info",),
    evidence="guide: AWS Marketplace Seller Guide, ml-service-restrictions-and-limits, 2023; 'run in an"
    " isolated environment without network access'",
)
def env_network_dependency(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A setting of a Marketplace algorithm is a network address, but its containers have no network access.

    Containers of algorithms and models from AWS Marketplace run isolated, without access to the internet,
    S3, databases or proxies. Put models and data that a setting would fetch into the image, or into a
    channel. Only requests with CertifyForMarketplace true are checked. An address that is only an
    identifier, such as an XML namespace, is harmless: it is reported as info where the name ends in NS,
    NAMESPACE, SCHEMA or ID, or the address in `#`.

    ```yaml bad
    CertifyForMarketplace: true
    InferenceSpecification:
      Containers:
        - Environment: {MODEL_HUB: "https://models.example.com/forecaster"}
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition: {TransformResources: {InstanceType: ml.m5.xlarge}}
    ```

    ```yaml good
    CertifyForMarketplace: true
    InferenceSpecification:
      Containers:
        - Environment: {MODEL_HUB: /opt/program/models/forecaster}
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition: {TransformResources: {InstanceType: ml.m5.xlarge}}
    ```

    ```yaml bad
    CertifyForMarketplace: true
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: pretrained_weights
          DefaultValue: s3://amzn-example-bucket/weights/
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition: {TransformResources: {InstanceType: ml.m5.xlarge}}
    ```

    ```yaml good
    CertifyForMarketplace: true
    TrainingSpecification:
      SupportedHyperParameters:
        - Name: pretrained_weights
          DefaultValue: /opt/program/weights/
    InferenceSpecification:
      SupportedTransformInstanceTypes: [ml.m5.xlarge]
    ValidationSpecification:
      ValidationProfiles:
        - TransformJobDefinition: {TransformResources: {InstanceType: ml.m5.xlarge}}
    ```
    """
    if not context.for_marketplace:
        return
    for path, parameter in select(request, "TrainingSpecification", "SupportedHyperParameters", ...):
        match parameter:
            case {"DefaultValue": str() as text} if address := _remote_address(text):
                level = _level(parameter.get("Name"), text)
                message = f"DefaultValue is the address {shown(address)}, {_NO_NETWORK}"
                yield Problem((*path, "DefaultValue"), message, level)
    for path, variables in _environments(context):
        for name, value in variables.items():
            match value:
                case str() as text if address := _remote_address(text):
                    message = f"{shown(name)} is the address {shown(address)}, {_NO_NETWORK}"
                    yield Problem((*path, name), message, _level(name, text))
                case str() as text if text and _is_proxy(name):
                    yield Problem((*path, name), f"{shown(name)} is a proxy, {_NO_NETWORK}")


_NO_NETWORK = "but containers from AWS Marketplace have no network access"


def _environments(context: Context) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the environments of the containers and of the transform jobs, each with its path."""
    for path, variables in _of_containers(context.inference or {}):
        yield ("InferenceSpecification", *path), variables
    for path, job in context.transform_jobs:
        match job:
            case {"Environment": dict() as variables}:
                yield (*path, "Environment"), variables


def _level(name: Any, address: str) -> Severity | None:
    """Return "info" for an address that is only an identifier, by its form or the name of the setting."""
    last = name.replace("-", "_").rpartition("_")[2] if isinstance(name, str) else ""
    is_identifier = last.upper() in _IDENTIFIERS or last.endswith(("Id", "Schema", "Namespace"))
    return "info" if is_identifier or address.strip().endswith("#") else None


_IDENTIFIERS = frozenset(("NS", "XMLNS", "NAMESPACE", "SCHEMA", "ID"))


def _is_proxy(name: str) -> bool:
    return name.upper().endswith("_PROXY") and name.upper() != "NO_PROXY"


_SCHEMES = frozenset(
    "http https s3 s3a s3n gs ftp ftps sftp ssh hdfs ws wss tcp grpc jdbc redis rediss mongodb"
    " mongodb+srv mysql postgres postgresql amqp amqps kafka nats memcached ldap ldaps smtp snowflake"
    " clickhouse".split()
)
_EMBEDDED = ("sqlite", "h2", "hsqldb", "derby", "duckdb")
_LOCAL_HOSTS = ("localhost", "127.", "0.0.0.0", "[::1]")


def _remote_address(text: str) -> str | None:
    """Return scheme and host of a remote address; the rest is left out, since it may be secret."""
    scheme, colon, rest = text.strip().partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in _SCHEMES:
        return None
    if scheme == "jdbc":
        driver, _, rest = rest.partition(":")
        if driver.lower() in _EMBEDDED:
            return None
        scheme = f"jdbc:{driver}"
        if not rest.startswith("//"):
            return scheme
    if not rest.startswith("//"):
        return None
    end = min((i for i in map(rest[2:].find, "/?#") if i >= 0), default=len(rest))
    authority, more = rest[2 : 2 + end], rest[2 + end :]
    host = authority.rpartition("@")[2]
    if not host or host.startswith(_LOCAL_HOSTS):
        return None
    # A password may contain a slash, so what precedes a later @ is not a host.
    return f"{scheme}:" if "@" in more else f"{scheme}://{host}"
