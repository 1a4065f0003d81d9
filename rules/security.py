"""Secrets in a request, and access that is wider than a validation needs.

A secret is found in two ways: anywhere by a form that only credentials have, or by a name such as `api_key`
or `DB_PASSWORD` together with a value that looks like a credential (both in `algolint.secrets.credentials`).
A problem has it as `secret`, so that no report shows it.
"""

from __future__ import annotations

from algolint import PartialText, Problem, Replace, rule, shown
from algolint.aws.notation import s3_address
from algolint.secrets import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from algolint import Context
    from algolint.values import Text


@rule(
    on=("TrainingJobDefinition", "HyperParameterSpecification"),
    severity="error",
    evidence="reference: CreateTrainingJob.HyperParameters, botocore 1.44.8; 'Do not include any"
    " security-sensitive information'",
    masks=True,
)
def secret_in_hyperparameter(part: dict[str, Any]) -> Iterator[Problem]:
    """A hyperparameter's value or default looks like a credential.

    Hyperparameters are plain text: the console, DescribeTrainingJob and the logs show them, and buyers of
    a Marketplace product can see those of a profile. Read the credential from the image or a secret store,
    and rotate the one in the request. The rule reports the forms of known tokens and keys, values that
    look random under a name such as api_key, and values of several kinds of characters under the name of a
    password. It does not report counts (max_tokens), placeholders and template expressions.

    ```yaml bad
    HyperParameters:
      tracking_api_key: q7Zr2LxV9sTb4KwMd81c
    ```

    ```yaml good
    HyperParameters:
      tracking_project: forecaster
      max_tokens: "512"
    ```

    ```yaml bad HyperParameterSpecification
    Name: tracking_api_key
    DefaultValue: q7Zr2LxV9sTb4KwMd81c
    ```

    ```yaml good HyperParameterSpecification
    Name: tracking_api_key
    ```
    """
    default: Any = part.get("DefaultValue")
    if _may_be_secret(default):
        name = text if isinstance(text := part.get("Name"), str) else ""
        if found := _secret(name, default):
            what = f"the default of {shown(name)}" if name else "the default of a hyperparameter"
            yield _reported("DefaultValue", found, what)
    values = part.get("HyperParameters")
    for name, value in values.items() if isinstance(values, dict) else ():
        if _may_be_secret(value) and (found := _secret(name, value)):
            yield _reported(("HyperParameters", name), found, f"the hyperparameter {shown(name)}")


@rule(
    on=("EnvironmentMap", "TransformEnvironmentMap"),
    severity="error",
    evidence="reference: ContainerDefinition.Environment, botocore 1.44.8; 'Don't include any sensitive"
    " data in your environment variables.'",
    masks=True,
)
def secret_in_environment(environment: dict[str, Any]) -> Iterator[Problem]:
    """An environment variable looks like a credential.

    Everyone who may describe the algorithm or its jobs can read the environment of a container, and so can
    buyers of the product. SageMaker provides the container with the credentials of its role, so
    AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are never needed. Read other credentials from a secret
    store, and rotate those in the request. Names, addresses, counts, placeholders and template expressions
    are not reported.

    ```yaml bad
    DB_PASSWORD: q7Zr2LxV9sTb4KwM
    ```

    ```yaml good
    DB_SECRET_NAME: prod/forecaster/database
    ```
    """
    for name, value in environment.items():
        match value:
            case str() | PartialText() if found := _secret(name, value):
                yield _reported((name,), found, f"the environment variable {shown(name)}")


@rule(
    on=(
        "CreateAlgorithmInput",
        "HyperParameterSpecification",
        "ChannelSpecification",
        "MetricDefinition",
        "Tag",
    ),
    severity="error",
    also=("info",),
    evidence="guide: Developer Guide, data-protection, 2023; no confidential information in tags or"
    " free-form text",
    masks=True,
)
def secret_in_text(part: dict[str, Any], context: Context) -> Iterator[Problem]:
    """A description, a tag or a metric contains a credential, or a description contains contact data.

    Such texts may appear in billing and diagnostic logs, and descriptions on the product's page. The rule
    reports forms that only credentials have, and in tags random values under a name such as password. If
    CertifyForMarketplace is true, e-mail addresses, internal host names and account numbers in descriptions
    are reported as info, because buyers will read them.

    ```yaml bad Tag
    Key: db-password
    Value: q7Zr2LxV9sTb4KwM
    ```

    ```yaml good Tag
    Key: db-password-owner
    Value: data-platform@example.com
    ```

    ```yaml bad
    AlgorithmDescription: Forecasts weekly sales, questions to jane.roe@corp.example
    CertifyForMarketplace: true
    ```

    ```yaml good
    AlgorithmDescription: Forecasts weekly sales, questions to jane.roe@corp.example
    ```
    """
    field = "AlgorithmDescription" if "AlgorithmDescription" in part else "Description"
    description = part.get(field)
    if isinstance(description, (str, PartialText)):
        if found := _token(description):
            yield _reported(field, found, "a description")
        elif isinstance(description, str) and context.for_marketplace and (what := _contact(description)):
            yield Problem(field, f"the description contains {what}, which buyers will read", "info")
        return
    value, regex = part.get("Value"), part.get("Regex")
    if isinstance(value, (str, PartialText)):
        name = key if isinstance(key := part.get("Key"), str) else ""
        if found := _secret(name, value):
            yield _reported("Value", found, f"the tag {shown(name)}" if name else "a tag")
    elif isinstance(regex, (str, PartialText)) and (found := _token(regex)):
        yield _reported("Regex", found, "a metric's Regex")


# The query parameters of presigned addresses, of signature versions 4 and 2 (Amazon S3 API reference).
_CREDENTIAL_PARAMETERS = ("x-amz-signature=", "x-amz-credential=", "x-amz-security-token=", "awsaccesskeyid=")


@rule(
    on=("S3Uri", "S3ModelUri", "Url", "ContainerImage"),
    severity="error",
    evidence="derived: a presigned address or one with a password gives access to whoever reads the request",
    fix="safe",
    masks=True,
)
def credential_in_uri(uri: Text) -> Iterator[Problem]:
    """An address contains a credential: a presigned query, or a user and a password before the host.

    SageMaker reads S3 with the role's permissions, so a signature in the address has no effect. Until it
    expires, everyone who reads the request can read the data. For an address of S3 the fix writes s3:// and
    leaves the credential out.

    ```yaml bad TransformS3DataSource
    S3Uri: https://amzn-example-bucket.s3.us-west-2.amazonaws.com/batch/rows.csv?X-Amz-Signature=9c3f70a1be
    ```

    ```yaml good TransformS3DataSource
    S3Uri: s3://amzn-example-bucket/batch/rows.csv
    ```
    """
    if isinstance(uri, PartialText):
        yield from _partial_credential(uri)
        return
    if "?" not in uri and "@" not in uri:
        return
    address, _, query = uri.partition("?")
    lowered = query.lower()
    if any(parameter in lowered for parameter in _CREDENTIAL_PARAMETERS):
        yield Problem((), _SIGNATURE, fix=_without_credentials(uri), secret=query)
    elif login := credentials.login(address):
        yield Problem((), _LOGIN, fix=_without_credentials(uri), secret=login)


_SIGNATURE = "the address has a signature in its query; SageMaker uses the job's role"
_LOGIN = "the address has a user and a password before its host; SageMaker uses the job's role"


def _partial_credential(uri: PartialText) -> Iterator[Problem]:
    """Report an address that is known in part and certainly contains a credential."""
    after_query = False
    for piece in uri.pieces:
        query = piece if after_query else piece.partition("?")[2]
        after_query = after_query or "?" in piece
        if any(parameter in query.lower() for parameter in _CREDENTIAL_PARAMETERS):
            yield Problem((), _SIGNATURE, secret=query)
            return
    if login := credentials.login(uri.pieces[0].partition("?")[0]):
        yield Problem((), _LOGIN, secret=login)


def _without_credentials(uri: str) -> Replace | None:
    """Return the fix that writes an address of S3 as s3://, without credentials; None for other addresses."""
    address = s3_address(uri.partition("?")[0])
    if address is None or address.as_s3 is None:
        return None
    bucket = (address.bucket or "").rpartition("@")[2]
    key = address.key
    if "%" in key and address.scheme == "https":
        key = _unquoted(key)
        if not key.isprintable() or "\ufffd" in key:
            return None
    return Replace((), f"s3://{bucket}/{key}", title="write the s3:// address without it", safe=True)


def _unquoted(text: str) -> str:
    """Return the key that a web address spells with escapes (%20 is a space)."""
    import re

    return re.sub(
        r"(?:%[0-9a-fA-F]{2})+",
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode(errors="replace"),
        text,
    )


@rule(
    on="FileSystemDataSource",
    severity="info",
    evidence="heuristic: FileSystemAccessMode rw lets the validation job change the data it reads",
    fix="unsafe",
)
def filesystem_read_write(source: dict[str, Any]) -> Iterator[Problem]:
    """A validation profile mounts its file system for writing.

    The validation job can then change or delete the data that it only has to read. Some containers write
    next to their data, so this is advice.

    ```yaml bad
    FileSystemId: fs-0a1b2c3d4e5f60718
    FileSystemAccessMode: rw
    ```

    ```yaml good
    FileSystemId: fs-0a1b2c3d4e5f60718
    FileSystemAccessMode: ro
    ```
    """
    match source:
        case {"FileSystemAccessMode": str("rw")}:
            yield Problem(
                "FileSystemAccessMode",
                "FileSystemAccessMode 'rw' lets the validation job change data; 'ro' is enough to read it",
                fix=Replace("FileSystemAccessMode", "ro"),
            )


@rule(
    on="ModelAccessConfig",
    severity="warning",
    evidence="reference: ModelAccessConfig.AcceptEula, botocore 1.44.8; 'must be explicitly defined as"
    " True in order to accept the EULA'",
)
def eula_not_accepted(access: dict[str, Any]) -> Iterator[Problem]:
    """AcceptEula is false, so a gated model cannot be used.

    A job only gets a model with an end user licence agreement if its request accepts the agreement; for
    other models leave ModelAccessConfig out. To accept is a legal decision, so there is no fix.

    ```yaml bad
    AcceptEula: false
    ```

    ```yaml good
    AcceptEula: true
    ```
    """
    match access:
        case {"AcceptEula": False}:
            yield Problem(
                "AcceptEula",
                "AcceptEula is false, so the gated model cannot be used; true accepts its licence",
            )


# ---------------------------------------------------------------- what is a secret


def _may_be_secret(value: Any) -> bool:
    """Whether this is a text that is long enough for a secret; most values are not."""
    return len(value) >= credentials.SHORTEST if isinstance(value, str) else isinstance(value, PartialText)


def _secret(name: str, text: Text) -> tuple[str, str] | None:
    """Return what kind of secret a named value contains, and the secret itself; None if none."""
    return credentials.secret(name, text) if isinstance(text, str) else _token(text)


def _reported(where: str | tuple[str, ...], found: tuple[str, str], subject: str) -> Problem:
    """Return the problem of a secret; `subject` is how the message calls the value that contains it."""
    kind, secret = found
    return Problem(
        where,
        f"{subject} contains what looks like {kind}; read it from a secret store instead, and rotate it",
        secret=secret,
    )


def _token(text: Text) -> tuple[str, str] | None:
    """Return the kind and the text of a credential that has a form which nothing else has; None if none.

    If there are several, the text is all from the first to the last.
    """
    return credentials.token(text) if isinstance(text, str) else _partial_token(text)


def _partial_token(text: PartialText) -> tuple[str, str] | None:
    """Return what `_token` does, if the secret is in one piece: next to a hole, some of it may be unknown."""
    last = len(text.pieces) - 1
    for index, piece in enumerate(text.pieces):
        found = _token(piece)
        if found is not None:
            start = piece.index(found[1])
            # A password ends at its @, whatever host follows.
            is_open = start + len(found[1]) == len(piece) and index < last and not found[1].endswith("@")
            touches = (start == 0 and index > 0) or is_open
            if not touches:
                return found
    return None


def _contact(text: str) -> str:
    """Return what kind of contact data a text contains; empty if none."""
    import re

    text = text[:4096]
    forms = (
        ("an e-mail address", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
        ("an internal host name", r"\b(?:[\w-]{1,63}\.)+(?:internal|corp|local|intranet|lan)\b"),
        ("an account number", r"(?<!\d)\d{12}(?!\d)"),
    )
    return next((kind for kind, form in forms if re.search(form, text, re.ASCII)), "")
