"""Secrets in a request, and access that is wider than a validation needs.

A secret is found in two ways: by a form that only credentials have, anywhere; or by the name it is given,
`api_key` or `DB_PASSWORD`, together with a value that looks like one; `algolint.secrets.credentials` has
both. What is found is handed over as `secret`, so that no report shows it.
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

    Hyperparameters are plain text: the console, DescribeTrainingJob and the logs show them, and a
    profile's are made available to the buyers of a Marketplace product. Take the credential from the
    image or a secret store, and replace the one that was written here. Reported are the forms of known
    tokens and keys, values that look random under a name such as api_key, and values of several kinds of
    characters under the name of a password; counts (max_tokens), placeholders and template expressions
    are not.

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
    default = part.get("DefaultValue")
    if isinstance(default, (str, PartialText)):
        name = text if isinstance(text := part.get("Name"), str) else ""
        if found := _secret(name, default):
            what = f"the default of {shown(name)}" if name else "the default of a hyperparameter"
            yield _reported("DefaultValue", found, what)
    values = part.get("HyperParameters")
    for name, value in values.items() if isinstance(values, dict) else ():
        if isinstance(value, (str, PartialText)) and (found := _secret(name, value)):
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

    The environment of a container is plain text to everyone who may describe the algorithm or its
    jobs, and it goes to buyers with the product. SageMaker gives the container its role's credentials
    by itself, so AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are never needed; take others from a
    secret store, and replace what was written here. Names, addresses, counts, placeholders and template
    expressions are not reported.

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
    """A description, a tag or a metric definition holds a credential, or a contact that will be public.

    Such text may go to billing and diagnostic logs, and descriptions to the product's page. Only forms
    that credentials alone have are reported, and in tags random values under a name such as password.
    Where CertifyForMarketplace is true, e-mail addresses, internal host names and account numbers in
    descriptions are reported as info, because buyers will read them.

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
            yield Problem(field, f"the description holds {what}, which buyers will read", "info")
        return
    value, regex = part.get("Value"), part.get("Regex")
    if isinstance(value, (str, PartialText)):
        name = key if isinstance(key := part.get("Key"), str) else ""
        if found := _secret(name, value):
            yield _reported("Value", found, f"the tag {shown(name)}" if name else "a tag")
    elif isinstance(regex, (str, PartialText)) and (found := _token(regex)):
        yield _reported("Regex", found, "a metric's Regex")


_CREDENTIAL_PARAMETERS = ("x-amz-signature=", "x-amz-credential=", "x-amz-security-token=", "awsaccesskeyid=")


@rule(
    on=("S3Uri", "S3ModelUri", "Url", "ContainerImage"),
    severity="error",
    evidence="derived: a presigned address or one with a password gives access to whoever reads the request",
    fix="safe",
    masks=True,
)
def credential_in_uri(uri: Text) -> Iterator[Problem]:
    """An address carries a credential: a presigned query, or user and password before the host.

    SageMaker reads S3 with the role's permissions, so a signature in the address has no effect. Until it
    expires, whoever reads the request can read the data. For addresses of S3 the fix
    writes s3:// without the query.

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
        message = "the address has a signature in its query; SageMaker uses the job's role"
        yield Problem((), message, fix=_without_credentials(uri), secret=query)
    elif login := credentials.login(address):
        message = "the address has a user and a password before its host; SageMaker uses the job's role"
        yield Problem((), message, fix=_without_credentials(uri), secret=login)


def _partial_credential(uri: PartialText) -> Iterator[Problem]:
    """What is reported of an address that is known in part and carries a credential for certain."""
    after_query = False
    for piece in uri.pieces:
        query = piece if after_query else piece.partition("?")[2]
        after_query = after_query or "?" in piece
        if any(parameter in query.lower() for parameter in _CREDENTIAL_PARAMETERS):
            message = "the address has a signature in its query; SageMaker uses the job's role"
            yield Problem((), message, secret=query)
            return
    if login := credentials.login(uri.pieces[0].partition("?")[0]):
        message = "the address has a user and a password before its host; SageMaker uses the job's role"
        yield Problem((), message, secret=login)


def _without_credentials(uri: str) -> Replace | None:
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
    """A key as S3 names it, for its spelling in a web address (%20 is a space)."""
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

    The validation job then can change or delete the data that it only has to read. Some containers
    write beside their data, so this is advice.

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

    Models under an end user licence agreement are only handed to a job whose request accepts it;
    leaving the whole ModelAccessConfig out is right for the others. Accepting is a legal decision, so
    there is no fix.

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


def _secret(name: str, text: Text) -> tuple[str, str] | None:
    """What kind of secret a named value holds, and the secret itself; None if none."""
    return credentials.secret(name, text) if isinstance(text, str) else _token(text)


def _reported(where: str | tuple[str, ...], found: tuple[str, str], location: str) -> Problem:
    kind, secret = found
    return Problem(
        where,
        f"{location} holds what looks like {kind}; take it from a secret store instead, and rotate it",
        secret=secret,
    )


def _token(text: Text) -> tuple[str, str] | None:
    """What a text holds of the forms that only credentials have; of several, all from first to last."""
    return credentials.token(text) if isinstance(text, str) else _partial_token(text)


def _partial_token(text: PartialText) -> tuple[str, str] | None:
    """As `_token`, of a secret that is in one piece and touches no hole, which might hold the rest of it."""
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
    """An e-mail address, an internal host name or an account number in a text; empty if none."""
    import re

    text = text[:4096]
    forms = (
        ("an e-mail address", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
        ("an internal host name", r"\b(?:[\w-]{1,63}\.)+(?:internal|corp|local|intranet|lan)\b"),
        ("an account number", r"(?<!\d)\d{12}(?!\d)"),
    )
    return next((kind for kind, form in forms if re.search(form, text, re.ASCII)), "")
