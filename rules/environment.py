"""Environment variables of the inference containers and of the transform job."""

from __future__ import annotations

from algolint import Key, Problem, Related, rule, select, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.values import Path

_MOST_ENTRIES = 16
_MOST_BYTES = 32 * 1024
_LONGEST_VALUE = 1024


@rule(
    on=("InferenceSpecification", "TransformJobDefinition"),
    severity="error",
    evidence="reference: ModelPackageContainerDefinition, Environment of up to 16 entries",
    replaces=("item-count",),
)
def env_too_many_entries(value: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An Environment has more than 16 entries.

    The reference supports up to 16, for a container as for a transform job. For containers the newer
    API models allow more (the message says how many), but the reference has not changed its word, and
    the model alone is no promise. Settings that belong together fit in one variable, or in a file of
    the image.

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
            aside = (
                f" (the API model of botocore {context.revision.version} allows {most})"
                if most > _MOST_ENTRIES
                else ""
            )
            yield Problem(
                Key(*path),
                f"{len(variables)} environment variables; the reference allows {_MOST_ENTRIES}{aside}",
            )


def _of_containers(inference: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The environments of the containers. A field newer than the revision aimed at may hold anything."""
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
    evidence="reference: CreateModel, ContainerDefinition Environment at most 32 KB in all maps combined",
)
def env_size(inference: dict[str, Any]) -> Iterator[Problem]:
    """The environment variables of all containers are larger than 32 KB, or one value than 1024 bytes.

    Keys and values of all containers of a model share 32 KB, counted in bytes of UTF-8. The model is
    created from this specification when the algorithm is validated, and that fails. A single value
    within its 1024 characters may still have more than 1024 bytes if it is not plain ASCII; the
    documents do not agree which of the two counts, so that is a warning.

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
    total = 0
    sizes = []
    for path, variables in _of_containers(inference):
        size = 0
        for key, text in variables.items():
            size += len(key.encode("utf-8", "surrogatepass"))
            match text:
                case str():
                    length = len(text.encode("utf-8", "surrogatepass"))
                    size += length
                    if length > _LONGEST_VALUE >= len(text):
                        yield Problem(
                            (*path, key),
                            f"{len(text)} characters are {length} bytes of UTF-8; a value may have"
                            f" {_LONGEST_VALUE}, and the documents differ in which of the two counts",
                            "warning",
                        )
        total += size
        sizes.append(Related(Key(*path), f"{size} bytes here"))
    if total > _MOST_BYTES:
        yield Problem(
            Key("Containers"),
            f"the environment variables have {total} bytes; the model of the validation job takes"
            f" {_MOST_BYTES} in all containers together",
            related=sizes,
        )


@rule(
    on=("EnvironmentKey", "TransformEnvironmentKey"),
    severity="warning",
    also=("info",),
    evidence="guide: your-algorithms-batch-code, variables that batch transform sets",
)
def env_reserved_name(name: str) -> Iterator[Problem]:
    """An environment variable has a name that the platform sets itself.

    Batch transform gives the container SAGEMAKER_BATCH, SAGEMAKER_BATCH_STRATEGY,
    SAGEMAKER_MAX_PAYLOAD_IN_MB and SAGEMAKER_MAX_CONCURRENT_TRANSFORMS to tell how it is run. A value of
    one's own is overwritten, or makes the container believe something else. Names that begin with
    AWS_ or SM_ belong to the platform and its toolkits and may collide, which earns an info.
    SAGEMAKER_PROGRAM and the like are meant to be set.

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
    if name in _SET_BY_TRANSFORM:
        yield Problem((), f"batch transform sets {name} itself; a value given here is lost or misleads")
    elif name.startswith(("AWS_", "SM_")):
        prefix = name.partition("_")[0]
        yield Problem(
            (), f"{shown(name)}: names with {prefix}_ belong to the platform and may collide", "info"
        )


_SET_BY_TRANSFORM = (
    "SAGEMAKER_BATCH",
    "SAGEMAKER_BATCH_STRATEGY",
    "SAGEMAKER_MAX_PAYLOAD_IN_MB",
    "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS",
)


@rule(
    on=("CreateAlgorithmInput", "EnvironmentMap", "TransformEnvironmentMap"),
    severity="warning",
    also=("info",),
    evidence="derived: variables' names are case-sensitive, and the job's win over the model's",
)
def env_key_conflict(value: dict[str, Any], context: Context) -> Iterator[Problem]:
    """Two environment variables differ only by case, or a transform job changes one of the container.

    Both spellings reach the container and the program reads only one of them. A transform job that
    gives a container's variable another value tests something else than users will run, which earns an
    info, since that is sometimes meant. Programs that tell Debug from DEBUG are rare, but exist.

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
                    f"{shown(key)} differs from {shown(other)} only by case",
                    related=Related(Key(other), "the first spelling"),
                )


def _changed_by_job(context: Context) -> Iterator[Problem]:
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
                            f"the transform job sets {shown(key)} to another value than the container",
                            "info",
                            related=Related(("InferenceSpecification", *path, key), "the container's value"),
                        )


@rule(
    on="CreateAlgorithmInput",
    severity="warning",
    evidence="guide: Marketplace ml-service-restrictions-and-limits, containers run without network access",
)
def env_network_dependency(request: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A Marketplace algorithm's setting points to the network, which its containers do not have.

    Containers of algorithms and models from AWS Marketplace run isolated: no internet, no S3, no
    database, no proxy. Models and data that a setting would fetch belong in the image, or come in
    through a channel. Speaks only where CertifyForMarketplace is true. An address that is used as a
    mere identifier, such as an XML namespace, is harmless.

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
    why = "and Marketplace containers have no network"
    for path, text in select(
        request, "TrainingSpecification", "SupportedHyperParameters", ..., "DefaultValue"
    ):
        if address := _remote_address(text):
            yield Problem(path, f"the default is an address, {shown(address)}, {why}")
    environments = [
        (("InferenceSpecification", *path), variables)
        for path, variables in _of_containers(context.inference or {})
    ]
    for path, job in context.transform_jobs:
        match job:
            case {"Environment": dict() as variables}:
                environments.append(((*path, "Environment"), variables))
    for path, variables in environments:
        for name, value in variables.items():
            match value:
                case str() as text if address := _remote_address(text):
                    yield Problem((*path, name), f"{shown(name)} is an address, {shown(address)}, {why}")
                case str() as text if text and _is_proxy(name):
                    yield Problem((*path, name), f"{shown(name)} names a proxy, {why}")


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
    """Scheme and host of a text that is an address elsewhere; what else it holds may be secret."""
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
    # A password may hold a slash; what stands before a later @ is then not a host.
    return f"{scheme}:" if "@" in more else f"{scheme}://{host}"
