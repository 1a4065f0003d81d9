"""The shape of a document: binding a spec to the model, and the rules that need nothing else.

`Binder.bind` compares a spec with the shapes of one revision. What is ill-typed or outside an enum
becomes `UNKNOWN` in the bound spec, so that one mistake is one finding; what only breaks a length, a
limit or a pattern stays visible to the rules. The rules below word what binding finds; binding calls
their functions itself, so they subscribe to no shape.
"""

from __future__ import annotations

from itertools import islice

from algolint.aws.patterns import LONGEST_MATCHED, matches, surely_matching
from algolint.messages import listed, meant, nearest, shown
from algolint.rule import Key, Problem, Quote, Rename, Replace, rule
from algolint.values import MAYBE, UNKNOWN, OpenDict, OpenList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from algolint.aws.model import Model, Revision, Shape
    from algolint.rule import Fix, Rule

    # (the rule that speaks, what it says); paths grow at the front while binding returns.
    Finding: TypeAlias = tuple[Rule, Problem]
    Check: TypeAlias = Callable[[Any, list[Finding]], Any]

# ---------------------------------------------------------------- words

_ARTICLES = {"structure": "an object", "map": "an object", "list": "a list", "integer": "an integer"}
_ARTICLES |= {"long": "an integer", "boolean": "true or false", "string": "a string", "float": "a number"}
_ARTICLES |= {"double": "a number"}

#: What a string of a shape must look like, in words.
FORMS = {
    "ContainerHostname": "letters, digits and hyphens, a letter or digit first and last",
    "ContainerImage": "an image reference without spaces",
    "EntityDescription": "text on one line, without control characters",
    "EntityName": "letters, digits and hyphens, a letter or digit first and last",
    "EnvironmentKey": "letters, digits and underscores, no digit first",
    "FileSystemId": "fs- and at least eight hexadecimal digits",
    "HubContentName": "letters, digits and hyphens, a letter or digit first and last",
    "HubContentVersion": "three numbers joined by dots, such as 1.0.0",
    "HubDataSetArn": "the ARN of a hub's data set",
    "ImageDigest": "sha256: and 64 hexadecimal digits",
    "KmsKeyId": "a KMS key id, key ARN, alias/name or alias ARN, without dots or spaces",
    "ModelPackageFrameworkVersion": "a version such as 2.1 or 1.13-cpu",
    "ParameterName": "text without control characters",
    "ProductId": "letters, digits and hyphens, a letter or digit first and last",
    "ResponseMIMEType": "a MIME type such as text/csv",
    "RoleArn": "the ARN of an IAM role, arn:aws:iam::<12 digits>:role/<name>",
    "S3ModelUri": "an S3 address, s3://bucket/key",
    "S3Uri": "an S3 address, s3://bucket/key",
    "TagKey": "letters, digits, spaces and _ . : / = + - @",
    "TagValue": "letters, digits, spaces and _ . : / = + - @",
    "TrainingPlanArn": "the ARN of a SageMaker training plan",
    "TransformAmiVersion": "letters and digits joined by hyphens",
    "TransformEnvironmentKey": "letters, digits and underscores, no digit first",
    "Url": "an S3 address, s3://bucket/key",
}
FORMS |= dict.fromkeys(("ChannelName", "AdditionalModelChannelName"), "letters, digits and . - _ only")
FORMS |= dict.fromkeys(
    "HyperParameterKey HyperParameterValue ParameterValue MetricName MetricRegex ContentType Accept"
    " AttributeName InstanceGroupName DirectoryPath HubContentArn".split(),
    "text without line breaks",
)

_INSTANCE_ROLES = {
    "TrainingInstanceType": "training",
    "TransformInstanceType": "batch transform",
    "ProductionVariantInstanceType": "real-time inference",
}


_TRUTHS = dict.fromkeys(("yes", "on", "y"), True) | dict.fromkeys(("no", "off", "n"), False)

#: How many items of a list and entries of a map are looked at, ten times what the API takes of any; the
#: container then counts as open. Of an object as many keys are called unknown.
MOST_MEMBERS = 1000
MOST_STRANGE = 100
# An object with more keys than this is not a misspelt request; no nearest names are looked for.
_MOST_SUGGESTED = 200


def _kind(value: object) -> str:
    match value:
        case bool():
            return f"{shown(value)} is a boolean"
        case int():
            return f"{shown(value)} is a number"
        case float():
            return f"{value} is a number"
        case str():
            return f"{shown(value)} is a string"
        case None:
            return "this is null"
        case _:
            return f"this is {shown(value)}"


# ---------------------------------------------------------------- the rules


@rule(on=(), severity="error", evidence="model: members of the shape", fix="safe")
def unknown_field(
    key: str, shape: Shape, siblings: dict[str, Any], homes: Callable[[str], list[str]]
) -> Iterator[Problem]:
    """A field that the API does not know.

    The AWS clients refuse a request with a field that its shape does not have, and other tools drop
    it without a word. It is mostly a typo, or a field of another request. Where only the case of the
    letters is wrong, as in specs written for tools with other naming habits, the name is corrected.

    ```yaml bad StoppingCondition
    maxRuntimeInSeconds: 3600
    ```

    ```yaml good StoppingCondition
    MaxRuntimeInSeconds: 3600
    ```
    """
    if key in shape.members:
        yield Problem(Key(key), f"{shown(key)} of {shape.name} is set by the service, never by a request")
        return
    best = nearest(key[:256], shape.members) if len(siblings) < _MOST_SUGGESTED else None
    fix = None
    if best is not None and best.casefold() == key.casefold() and best not in siblings:
        fix = Rename(key, best, safe=True)
    hint = f"; did you mean {shown(best)}?" if best is not None else ""
    if best is None and len(siblings) < _MOST_SUGGESTED:
        hint = "".join(f"; it is one of {home}" for home in homes(key)[:1])
    yield Problem(Key(key), f"{shown(key)} is not a field of {shape.name}{hint}", fix=fix)


@rule(on=(), severity="error", evidence="model: required members of the shape")
def missing_field(names: list[str], shape: Shape) -> Iterator[Problem]:
    """A required field is absent.

    The request cannot be sent without it. Which fields are required changed over the years; the
    revision that is aimed at decides.

    ```yaml bad InstanceGroup whole
    InstanceType: ml.m5.xlarge
    InstanceCount: 2
    ```

    ```yaml good InstanceGroup whole
    InstanceType: ml.m5.xlarge
    InstanceCount: 2
    InstanceGroupName: workers
    ```
    """
    noun = "field" if len(names) == 1 else "fields"
    yield Problem(Key(), f"{shape.name} lacks the required {noun} {listed(names)}")


@rule(on=(), severity="error", evidence="model: type of the shape", fix="safe")
def wrong_type(value: object, shape: Shape) -> Iterator[Problem]:
    """A value of another type than the API takes.

    The AWS clients do not convert: a number where a string belongs is refused, and so is text where a
    number belongs, 3600.0 or true for an integer, and null anywhere (leave the field out instead).
    Hyperparameters, their bounds and their defaults are strings even where they hold numbers; a number
    there is put in quotes.

    ```json bad HyperParameterSpecification
    {"DefaultValue": 10}
    ```

    ```json good HyperParameterSpecification
    {"DefaultValue": "10"}
    ```
    """
    takes = _ARTICLES.get(shape.type, shape.type)
    hint = "; leave the field out instead" if value is None else ""
    if isinstance(value, str) and value.startswith("-") and shape.type == "list":
        hint = "; in YAML an item begins with '- ', with a space"
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fix = Quote((), safe=True) if shape.type == "string" and number else None
    yield Problem((), f"{_kind(value)}, {shape.name} takes {takes}{hint}", fix=fix)


@rule(
    on=(),
    severity="error",
    also=("warning",),
    evidence="derived: YAML 1.2 as AWS CLI v2 reads it",
    fix="safe",
)
def implicit_yaml_scalar(value: object, reads_as: str, certain: bool, shape: Shape) -> Iterator[Problem]:
    """A YAML value without quotes that is read as something else than text.

    AWS CLI v2 reads YAML 1.2: `0.10`, `010`, `true`, `null` and `2023-05-01` are not strings there, and
    the request is refused. `yes`, `no`, `on`, `off` and `12:30:45` are strings in YAML 1.2, but a
    YAML 1.1 reader (PyYAML among them) turns them into booleans and numbers, so they earn a warning;
    where true or false is asked for they are an error. The fix quotes the text as it stands.

    ```yaml bad HyperParameterSpecification
    DefaultValue: 0.10
    ```

    ```yaml good HyperParameterSpecification
    DefaultValue: "0.10"
    ```

    ```yaml bad CategoricalParameterRangeSpecification
    Values: [low, off]
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values: [low, "off"]
    ```
    """
    fix: Fix | None = Quote((), safe=True) if value is not None else None
    if shape.type == "boolean":
        truth = _TRUTHS.get(str(value).lower())
        fix = None if truth is None else Replace((), truth, safe=True)
        yield Problem((), f"{shown(value)} is a string in YAML 1.2; write true or false", fix=fix)
    elif certain:
        yield Problem((), f"without quotes this is {reads_as}, {shape.name} takes a string", fix=fix)
    else:
        message = f"without quotes {shown(value)} is {reads_as} to a YAML 1.1 reader; quote it"
        yield Problem((), message, "warning", fix=fix)


@rule(on=(), severity="error", evidence="model: enum of the shape", fix="safe")
def unknown_value(value: str, shape: Shape) -> Iterator[Problem]:
    """A value outside the list that the API accepts.

    The AWS clients send such a value without a check and the service refuses the whole request.
    Upper and lower case count: the reference itself writes FILE and PIPE where the API takes File and
    Pipe. Where only the case differs the value is corrected.

    ```yaml bad ChannelSpecification
    SupportedInputModes: [FILE]
    ```

    ```yaml good ChannelSpecification
    SupportedInputModes: [File]
    ```
    """
    allowed = shape.enum or ()
    best = nearest(value[:256], allowed)
    fix = None
    if best is not None and best.casefold() == value.casefold():
        fix = Replace((), best, safe=True)
    choice = f"; allowed: {listed(allowed)}" if len(allowed) <= 6 else meant(value, allowed)
    yield Problem((), f"{shown(value)} is not a {shape.name}{choice}", fix=fix)


@rule(on=(), severity="error", also=("warning",), evidence="model: the instance type enums of all revisions")
def unknown_instance_type(value: str, shape: Shape, known: Iterable[str], pinned: bool) -> Iterator[Problem]:
    """An instance type that no revision of the API knows.

    New families appear every few weeks, so a well-formed name of an unknown family is only a warning
    when the newest revision is aimed at. A malformed name, an unknown size of a known family, and any
    unknown name where a revision is pinned are errors. `extra-instance-types` in the configuration
    adds names that are newer than this program.

    ```yaml bad TransformResources
    InstanceType: ml.m5.3xlarge
    ```

    ```yaml good TransformResources
    InstanceType: ml.m5.2xlarge
    ```
    """
    import re

    role = _INSTANCE_ROLES[shape.name]
    allowed = shape.enum or ()
    match = re.fullmatch(_INSTANCE_TYPE, value)
    if not match:
        hint = meant(value, allowed) or "; the form is ml.<family>.<size>"
        yield Problem((), f"{shown(value)} is not an instance type for {role}{hint}")
    elif any(name.startswith(f"ml.{match[1]}.") for name in known):
        sizes = [name for name in allowed if name.startswith(f"ml.{match[1]}.")]
        hint = f"; that family has {listed(size.rpartition('.')[2] for size in sizes)}" if sizes else ""
        yield Problem((), f"{shown(value)} is not an instance type for {role}{meant(value, sizes) or hint}")
    elif pinned:
        yield Problem((), f"{shown(value)} is not an instance type of this revision{meant(value, allowed)}")
    else:
        yield Problem(
            (), f"{shown(value)} is not known as an instance type{meant(value, allowed)}", "warning"
        )


@rule(on=(), severity="error", evidence="model: the instance type enums of the three roles")
def instance_wrong_role(value: str, shape: Shape, roles: list[str], target: Revision) -> Iterator[Problem]:
    """An instance type that exists, but not for this use.

    Training, batch transform and real-time inference have lists of their own. Many GPU types train
    but do not transform, and the Graviton types only serve.

    ```yaml bad TransformResources
    InstanceType: ml.p4d.24xlarge
    ```

    ```yaml good TransformResources
    InstanceType: ml.g5.12xlarge
    ```
    """
    others = " and ".join(_INSTANCE_ROLES[role] for role in roles)
    yield Problem(
        (),
        f"{shown(value)} is an instance type for {others}, not for {_INSTANCE_ROLES[shape.name]}"
        f" (botocore {target.version})",
    )


@rule(on=(), severity="error", evidence="model: the revision that brought a member or value")
def newer_than_target(what: str, since: Revision, target: Revision, is_key: bool) -> Iterator[Problem]:
    """A field or value that exists only after the revision aimed at.

    An SDK of that age refuses the field before sending, and an endpoint of that age does not know it.
    Aim at a newer revision with `--api-revision`, or do without.

    ```yaml bad OutputDataConfig revision=1.29.150
    S3OutputPath: s3://amzn-example-bucket/models/
    CompressionType: NONE
    ```

    ```yaml good OutputDataConfig
    S3OutputPath: s3://amzn-example-bucket/models/
    CompressionType: NONE
    ```
    """
    yield Problem(
        Key(what) if is_key else (),
        f"{shown(what)} exists since botocore {since.version} ({since.date});"
        f" the target is {target.version} ({target.date})",
    )


@rule(on=(), severity="error", evidence="model: min and max of strings")
def string_length(value: str, shape: Shape) -> Iterator[Problem]:
    """Text shorter or longer than the API allows.

    The AWS clients check the minimum at most; text that is too long is sent and refused.

    ```yaml bad ModelPackageContainerDefinition
    FrameworkVersion: "2"
    ```

    ```yaml good ModelPackageContainerDefinition
    FrameworkVersion: "2.1"
    ```
    """
    length = len(value)
    if shape.min is not None and length < shape.min:
        amount = "the text is empty" if not length else f"{length} characters"
        yield Problem((), f"{amount}, {shape.name} takes at least {shape.min}")
    else:
        yield Problem((), f"{length} characters, {shape.name} takes at most {shape.max}")


@rule(on=(), severity="error", evidence="model: min and max of numbers")
def number_range(value: int, shape: Shape) -> Iterator[Problem]:
    """A number below the minimum or above the maximum.

    ```yaml bad StoppingCondition
    MaxRuntimeInSeconds: 0
    ```

    ```yaml good StoppingCondition
    MaxRuntimeInSeconds: 3600
    ```
    """
    if shape.min is not None and value < shape.min:
        yield Problem((), f"{shown(value)} is below the minimum of {shape.name}, {shape.min}")
    else:
        yield Problem((), f"{shown(value)} is above the maximum of {shape.name}, {shape.max}")


@rule(on=(), severity="error", evidence="model: min and max of lists and maps")
def item_count(count: int, shape: Shape) -> Iterator[Problem]:
    """Too few or too many items in a list, or entries in a map.

    The reference speaks of "one or more" validation profiles; the API has taken exactly one in every
    revision so far.

    ```yaml bad CategoricalParameterRangeSpecification
    Values: []
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values: [relu]
    ```
    """
    noun = "entries" if shape.type == "map" else "items"
    hint = ""
    if shape.name == "AlgorithmValidationProfiles":
        hint = "; the reference says one or more, the API takes exactly one"
    if shape.min is not None and count < shape.min:
        yield Problem(Key(), f"{count} {noun}, {shape.name} takes at least {shape.min}{hint}")
    else:
        yield Problem(Key(), f"{count} {noun}, {shape.name} takes at most {shape.max}{hint}")


@rule(on=(), severity="error", evidence="model: pattern of the shape, matched in full")
def pattern_mismatch(value: str, shape: Shape) -> Iterator[Problem]:
    """Text that does not have the form the API asks for.

    The service matches the whole text against a pattern and refuses the request with that pattern in
    the message. The AWS clients do not check it.

    ```yaml bad Channel
    ChannelName: train data
    ```

    ```yaml good Channel
    ChannelName: train-data
    ```
    """
    form = FORMS.get(shape.name)
    expected = f"takes {form}" if form else f"must match {shape.pattern}"
    yield Problem((), f"{shown(value)} does not have the right form; {shape.name} {expected}")


@rule(
    on=(),
    severity="warning",
    also=("info",),
    evidence="derived: the value cannot be what the author means to send",
)
def placeholder_left_in(value: str, account: str = "") -> Iterator[Problem]:
    """A placeholder that nobody filled in.

    Text such as `<RoleArn>`, REPLACE_ME or CHANGEME in a name, image, ARN, address or id is what a
    template left behind. It is reported once and counts as unknown to every other rule. Template
    expressions (`${X}`, `{{ x }}`) are not placeholders: they are filled in before the request is sent.
    The accounts of AWS's documentation (123456789012, 111122223333, 000000000000) in an image, an ARN
    or a bucket's name are worth a word at info: tests use them on purpose, and the value stays visible
    to the other rules.

    ```yaml bad TrainingSpecification
    TrainingImage: <your-image-uri>
    ```

    ```yaml good TrainingSpecification
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    ```

    ```yaml bad AlgorithmValidationSpecification
    ValidationRole: arn:aws:iam::123456789012:role/forecaster-validation
    ```

    ```yaml good AlgorithmValidationSpecification
    ValidationRole: arn:aws:iam::246618743249:role/forecaster-validation
    ```
    """
    if account:
        message = f"{shown(value)} names account {account}, which AWS's documentation uses for examples"
        yield Problem((), message, "info")
    else:
        yield Problem((), f"{shown(value)} looks like a placeholder that was not filled in")


@rule(on=(), severity="error", evidence="derived: the file cannot be read as its syntax")
def invalid_syntax() -> Iterator[Problem]:
    """The file is not valid JSON or YAML, or not valid UTF-8.

    Nothing else can be checked before this is mended. The position is where the reader had to give up;
    the mistake is there or shortly before.

    ```json bad StoppingCondition
    {"MaxRuntimeInSeconds": 3600,}
    ```

    ```json good StoppingCondition
    {"MaxRuntimeInSeconds": 3600}
    ```
    """
    yield from ()


@rule(on=(), severity="error", evidence="derived: readers disagree which of the two holds")
def duplicate_key() -> Iterator[Problem]:
    """One object has the same key twice.

    JSON readers silently take the last one, YAML 1.2 readers refuse the file; either way one of the
    two values is not what its author thinks.

    ```yaml bad StoppingCondition
    MaxRuntimeInSeconds: 3600
    MaxRuntimeInSeconds: 7200
    ```

    ```yaml good StoppingCondition
    MaxRuntimeInSeconds: 7200
    ```
    """
    yield from ()


@rule(on=(), severity="warning", evidence="derived: the file was named, and nothing in it can be checked")
def not_an_algorithm() -> Iterator[Problem]:
    """A file named on the command line holds nothing recognisable as an algorithm spec.

    A spec is a CreateAlgorithm request, a DescribeAlgorithm response, or a part of one: a training,
    inference or validation specification, or a list of hyperparameters. In a folder, other files are
    passed over in silence.

    ```yaml bad CreateAlgorithmInput
    name: my-package
    version: 1.0.0
    ```

    ```yaml good CreateAlgorithmInput
    AlgorithmName: my-algorithm
    AlgorithmDescription: Forecasts the demand of many series.
    ```
    """
    yield from ()


@rule(on=(), severity="warning", evidence="derived: nothing is found where the comment stands", fix="safe")
def unused_suppression() -> Iterator[Problem]:
    """A comment suppresses a rule that has nothing to say there.

    Left in, it hides the next fault of that kind. Mostly the fault was mended or has moved to another
    line; a name may be misspelt, so that the finding it was meant for is still reported. A rule that is
    not selected in a run, or that is not shown at some of its levels, is not judged in that run.
    The fix takes the rule out of the comment, and the comment away where no rule is left in it.

    ```yaml bad HyperParameterSpecifications
    - Name: depth
      Type: Integer
      IsTunable: false
      # algolint: ignore[implicit-yaml-scalar] the tuner wants a number
      DefaultValue: "10"
    ```

    ```yaml good HyperParameterSpecifications
    - Name: depth
      Type: Integer
      IsTunable: false
      DefaultValue: "10"
    ```

    ```yaml bad HyperParameterSpecifications
    - Name: shuffle
      Type: FreeText
      IsTunable: false
      DefaultValue: off  # algolint: ignore[implicit-yaml-scalar, wrong-tpye] read as YAML 1.2 alone
    ```

    ```yaml good HyperParameterSpecifications
    - Name: shuffle
      Type: FreeText
      IsTunable: false
      DefaultValue: off  # algolint: ignore[implicit-yaml-scalar] read as YAML 1.2 alone
    ```
    """
    yield from ()


@rule(on=(), severity="error", evidence="derived: the comment cannot be read, and suppresses nothing")
def malformed_suppression() -> Iterator[Problem]:
    """A comment that begins as a suppression and cannot be read as one.

    It suppresses nothing. The forms are `ignore[rule, rule]`, `ignore-file[rule]`, `off`, `off[rule]`,
    `on` and `on[rule]`, each after `# algolint:`, and a reason may follow. An `ignore` names its rules,
    so that it does not hide what it was not written for.

    ```yaml bad HyperParameterSpecifications
    - Name: shuffle
      Type: FreeText
      IsTunable: false
      DefaultValue: off  # algolint: ignore
    ```

    ```yaml good HyperParameterSpecifications
    - Name: shuffle
      Type: FreeText
      IsTunable: false
      DefaultValue: off  # algolint: ignore[implicit-yaml-scalar]
    ```
    """
    yield from ()


#: The rules of this file, which the engine knows without discovery.
RULES: tuple[Rule, ...] = (
    invalid_syntax,
    duplicate_key,
    not_an_algorithm,
    unused_suppression,
    malformed_suppression,
    unknown_field,
    missing_field,
    wrong_type,
    implicit_yaml_scalar,
    unknown_value,
    unknown_instance_type,
    instance_wrong_role,
    newer_than_target,
    string_length,
    number_range,
    item_count,
    pattern_mismatch,
    placeholder_left_in,
)

# ---------------------------------------------------------------- text that is not a value

# A MetricRegex may hold ${ and {{ as regular expression text.
_NEVER_TEMPLATES = frozenset({"MetricRegex"})
_MARKER = r"REPLACE_?ME|CHANGE_?ME"
# In an address any part may be one; a name is one as a whole.
_ADDRESS_MARKER = r"<[^<>]*>|REPLACE_?ME|CHANGE_?ME|\bYOUR[_-]|\bTODO\b"
_NAMES = frozenset(
    {"AdditionalModelChannelName", "ChannelName", "ContainerHostname", "EntityName", "HubContentName"}
    | {"InstanceGroupName", "MetricName", "ParameterName"}
)
_ADDRESSES = frozenset(
    {"ContainerImage", "DirectoryPath", "FileSystemId", "HubContentArn", "HubDataSetArn", "ImageDigest"}
    | {"KmsKeyId", "ProductId", "RoleArn", "S3ModelUri", "S3Uri", "TrainingPlanArn", "Url"}
)


def is_template(text: str) -> bool:
    """Whether the text holds an expression that something else fills in before the request is sent."""
    if any(
        text.find(start) >= 0 and text.find(end, text.find(start) + 2) >= 0
        for start, end in (("${", "}"), ("{{", "}}"), ("{%", "%}"))
    ):
        return True
    if "%(" not in text:
        return False
    import re

    return re.search(_FORMATTED, text) is not None


# A value of Python's old string formatting: %(bucket)s.
_FORMATTED = r"%\(\w+\)[sdrifgx]"


def is_placeholder(text: str, shape: str) -> bool:
    """Whether the text of a shape is what a template left behind, such as <RoleArn>."""
    # Every marker holds one of these, and most text none.
    if "<" not in text and "E" not in text and "O" not in text:
        return False
    import re

    if shape in _ADDRESSES:
        return re.search(_ADDRESS_MARKER, text) is not None
    if shape in _NAMES:
        whole = text.startswith("<") and text.endswith(">")
        return whole or re.search(_MARKER, text) is not None
    return False


# The accounts that AWS's documentation uses, and the shapes that hold an account.
_EXAMPLE_ACCOUNTS = ("123456789012", "111122223333", "000000000000")
_HOLD_ACCOUNTS = frozenset(
    {"ContainerImage", "HubContentArn", "HubDataSetArn", "KmsKeyId", "RoleArn", "S3ModelUri", "S3Uri"}
    | {"TrainingPlanArn", "Url"}
)


def example_account(text: str) -> str:
    """The account of AWS's documentation that an image, ARN or S3 address belongs to; empty if none.

    Only where the account stands: an image's host, an ARN's account, a bucket's name. A key or a tag
    may hold any digits.
    """
    for account in _EXAMPLE_ACCOUNTS:
        if account in text:
            import re

            # The place of the bucket is the third between slashes, that of an image's account the first.
            location = text.split("/", 3)[2:3] if "://" in text else text.split("/", 1)[:1]
            if account in re.findall(r"\d+", location[0] if location else ""):
                return account
    return ""


_INSTANCE_TYPE = (
    r"ml\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"
    r"\.(?:nano|micro|small|medium|large|x?large|\d{1,3}xlarge|metal(?:-\d+xl)?)"
)

# ---------------------------------------------------------------- binding


class Binder:
    """Binds specs to the shapes of one revision.

    `extra_instance_types` are names to accept as instance types of every role.
    """

    def __init__(self, model: Model, extra_instance_types: Iterable[str] = ()) -> None:
        self._model = model
        self._extra = frozenset(extra_instance_types)
        self._checks: dict[str, Check] = {}
        self._plain = False
        self._lenient = False

    def bind(
        self, spec: Any, shape: str, findings: list[Finding], yaml: bool = False, lenient: bool = False
    ) -> Any:
        """The spec as the rules see it; what is wrong with its structure is added to `findings`.

        `yaml`: the spec was read from YAML, where a number at a string field is a plain scalar.
        `lenient`: what sends the spec makes texts of numbers and booleans, and the reverse, as the field
        asks for; the bound spec has them so.
        """
        self._plain = yaml
        self._lenient = lenient
        return self._check(shape)(spec, findings)

    def _check(self, name: str) -> Check:
        check = self._checks.get(name)
        if check is None:
            shape = self._model.shape(name)
            match shape.type:
                case "structure":
                    check = self._structure(shape)
                case "list":
                    check = self._list(shape)
                case "map":
                    check = self._map(shape)
                case "string":
                    check = self._string(shape)
                case "boolean":
                    check = self._boolean(shape)
                case _:
                    check = self._number(shape)
            self._checks[name] = check
        return check

    def _structure(self, shape: Shape) -> Check:
        members = shape.members
        required = frozenset(name for name, member in members.items() if member.required)
        read_only = frozenset(name for name, member in members.items() if member.read_only)
        checks: dict[str, Check] = {}

        def check(value: Any, findings: list[Finding]) -> Any:
            if type(value) is not dict and not isinstance(value, OpenDict):
                return _mistyped(value, shape, findings)
            bound = value
            strange = 0
            before = len(findings)
            for key, item in value.items():
                known = checks.get(key)
                if known is None:
                    if key not in members or key in read_only:
                        strange += 1
                        if strange > MOST_STRANGE:
                            continue
                        if is_template(key):
                            bound = _opened(bound, value)
                            del bound[key]
                        else:
                            # Its name is all that is known of it; no shape says what it may hold.
                            self._strange(key, shape, value, findings)
                            before = len(findings)
                            bound = _copied(bound, value)
                            bound[key] = UNKNOWN
                        continue
                    known = checks[key] = self._check(members[key].shape)
                if item is MAYBE:
                    bound = _maybe(bound, value, key, key in required)
                    continue
                seen = known(item, findings)
                if seen is not item:
                    bound = _copied(bound, value)
                    bound[key] = seen
                if findings and len(findings) != before:
                    _move(findings, before, key)
                    before = len(findings)
            if strange > MOST_STRANGE:
                _cut(
                    f"{strange - MOST_STRANGE:,} more keys are no fields of {shape.name}",
                    unknown_field,
                    findings,
                )
            if not required <= bound.keys() and type(bound) is dict:
                absent = [name for name in members if name in required and name not in bound]
                _say(findings, missing_field, absent, shape)
            return bound

        return check

    def _strange(self, key: str, shape: Shape, value: dict[str, Any], findings: list[Finding]) -> None:
        """Say what is wrong with a key that a request must not hold."""
        if key in shape.later:
            since = self._model.since(shape.later[key])
            _say(findings, newer_than_target, key, since, self._model.revision, True)
        else:
            _say(findings, unknown_field, key, shape, value, self._homes)

    def _homes(self, key: str) -> list[str]:
        """The shapes that have a field of that name."""
        shapes = map(self._model.shape, self._model.names())
        return [shape.name for shape in shapes if key in shape.members]

    def _list(self, shape: Shape) -> Check:
        item_check = self._check(shape.item)
        low, high = shape.min or 0, shape.max or float("inf")

        def check(value: Any, findings: list[Finding]) -> Any:
            if type(value) is not list and not isinstance(value, OpenList):
                return _mistyped(value, shape, findings)
            count = len(value)
            if count > high or (count < low and type(value) is list):
                _say(findings, item_count, count, shape)
            if count > MOST_MEMBERS:
                _cut(f"only the first {MOST_MEMBERS:,} of {count:,} items are checked", item_count, findings)
                value = OpenList(value[:MOST_MEMBERS])
            bound = value
            before = len(findings)
            for index, item in enumerate(value):
                seen = item_check(item, findings)
                if seen is not item:
                    bound = _copied(bound, value)
                    bound[index] = seen
                if findings and len(findings) != before:
                    _move(findings, before, index)
                    before = len(findings)
            return bound

        return check

    def _map(self, shape: Shape) -> Check:
        key_check = self._check(shape.key)
        value_check = self._check(shape.value)
        low, high = shape.min or 0, shape.max or float("inf")

        def check(value: Any, findings: list[Finding]) -> Any:
            if type(value) is not dict and not isinstance(value, OpenDict):
                return _mistyped(value, shape, findings)
            count = len(value)
            if count > high or (count < low and type(value) is dict):
                _say(findings, item_count, count, shape)
            if count > MOST_MEMBERS:
                _cut(
                    f"only the first {MOST_MEMBERS:,} of {count:,} entries are checked", item_count, findings
                )
                value = OpenDict(islice(value.items(), MOST_MEMBERS))
            bound = value
            for key, item in value.items():
                before = len(findings)
                if key_check(key, findings) is UNKNOWN:
                    bound = _opened(bound, value)
                    del bound[key]
                for _, problem in findings[before:]:
                    problem.is_key = True
                    problem.fix = None
                seen = UNKNOWN if item is MAYBE else value_check(item, findings)
                if seen is not item and key in bound:
                    bound = _copied(bound, value)
                    bound[key] = seen
                if findings and len(findings) != before:
                    _move(findings, before, key)
            return bound

        return check

    def _string(self, shape: Shape) -> Check:
        allowed = frozenset(shape.enum) if shape.enum is not None else None
        may_be_template = shape.name not in _NEVER_TEMPLATES
        may_be_placeholder = shape.name in _NAMES or shape.name in _ADDRESSES
        may_hold_account = shape.name in _HOLD_ACCOUNTS
        pattern = None if shape.pattern in (r"[\S\s]*", r"[\S\s]+") else shape.pattern
        surely_matches = surely_matching(pattern)
        low, high = shape.min or 0, shape.max or float("inf")
        clean: set[str] = set()

        def check(value: Any, findings: list[Finding]) -> Any:
            if type(value) is not str:
                return value if value is UNKNOWN else self._odd_string(value, shape, findings, check)
            if value in clean:
                return value
            if may_be_template and ("{" in value or "%(" in value) and is_template(value):
                return UNKNOWN
            if may_be_placeholder and is_placeholder(value, shape.name):
                _say(findings, placeholder_left_in, value)
                return UNKNOWN
            if allowed is not None:
                if value in allowed:
                    clean.add(value)
                    return value
                return self._outside_enum(value, shape, findings)
            before = len(findings)
            if may_hold_account and (account := example_account(value)):
                _say(findings, placeholder_left_in, value, account)
            length = len(value)
            if length < low or length > high:
                _say(findings, string_length, value, shape)
            if pattern is not None and not (value.isascii() and surely_matches(value)):
                # An empty text that is too short has one fault, not two.
                to_match = length <= LONGEST_MATCHED and (length or len(findings) == before)
                if to_match and not matches(pattern, value):
                    _say(findings, pattern_mismatch, value, shape)
            if len(findings) == before and length <= 256 and len(clean) < 1024:
                clean.add(value)
            return value

        return check

    def _odd_string(self, value: Any, shape: Shape, findings: list[Finding], check: Check) -> Any:
        """A value at a string field that is not exactly a `str`: a plain YAML scalar, or another type."""
        if self._lenient and isinstance(value, (str, bool, int, float)):
            text = _coerced_text(value)
            return text if text is UNKNOWN else check(text, findings)
        if not isinstance(value, str):
            if not self._plain or isinstance(value, (dict, list)):
                return _mistyped(value, shape, findings)
            _say(findings, implicit_yaml_scalar, value, _reading(value), True, shape)
            return UNKNOWN
        certain: bool = value.certain  # type: ignore[attr-defined]
        reads_as: str = value.reads_as  # type: ignore[attr-defined]
        _say(findings, implicit_yaml_scalar, str(value), reads_as, certain, shape)
        return UNKNOWN if certain else check(str(value), findings)

    def _outside_enum(self, value: str, shape: Shape, findings: list[Finding]) -> Any:
        model = self._model
        if value in shape.later:
            _say(findings, newer_than_target, value, model.since(shape.later[value]), model.revision, False)
            return UNKNOWN
        if shape.name not in _INSTANCE_ROLES:
            _say(findings, unknown_value, value, shape)
            return UNKNOWN
        if value in self._extra:
            return value
        roles = {role: model.shape(role) for role in _INSTANCE_ROLES}
        fitting = [name for name, role in roles.items() if role.enum and value in role.enum]
        if fitting:
            _say(findings, instance_wrong_role, value, shape, fitting, model.revision)
            return UNKNOWN
        known = [name for role in roles.values() for name in (*(role.enum or ()), *role.later)]
        _say(findings, unknown_instance_type, value, shape, known, not model.is_latest)
        return value if findings[-1][1].severity == "warning" else UNKNOWN

    def _boolean(self, shape: Shape) -> Check:
        def check(value: Any, findings: list[Finding]) -> Any:
            if value is True or value is False:
                return value
            if self._lenient and isinstance(value, str) and not is_template(value):
                return _coerced_boolean(value, shape, findings)
            if isinstance(value, str) and type(value) is not str:
                _say(findings, implicit_yaml_scalar, str(value), "a string", True, shape)
                return UNKNOWN
            return _mistyped(value, shape, findings)

        return check

    def _number(self, shape: Shape) -> Check:
        takes = (int,) if shape.type in ("integer", "long") else (int, float)
        low = float("-inf") if shape.min is None else shape.min
        high = float("inf") if shape.max is None else shape.max

        def check(value: Any, findings: list[Finding]) -> Any:
            if type(value) not in takes:
                if not (self._lenient and type(value) is str and _is_integer(value)):
                    return _mistyped(value, shape, findings)
                value = int(value)
            if value < low or value > high:
                _say(findings, number_range, value, shape)
            return value

        return check


def _cut(message: str, rule: Rule, findings: list[Finding]) -> None:
    """Say what of an overlong container is not looked at."""
    findings.append((rule, Problem(Key(), message)))


def _say(findings: list[Finding], rule: Rule, *facts: Any) -> None:
    findings.extend((rule, problem) for problem in rule.check(*facts))


def _move(findings: list[Finding], start: int, key: str | int) -> None:
    """Put the findings from `start` on below a key, as binding returns from it."""
    for i in range(start, len(findings)):
        rule, problem = findings[i]
        findings[i] = rule, problem.under((key,))


def _mistyped(value: Any, shape: Shape, findings: list[Finding]) -> Any:
    if value is not UNKNOWN and not (isinstance(value, str) and is_template(value)):
        _say(findings, wrong_type, value, shape)
    return UNKNOWN


def _reading(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return f"the boolean {shown(value)}"
        case _:
            return f"the number {shown(value)}"


def _copied(bound: Any, original: Any) -> Any:
    """A container that may be changed: the copy made earlier, or one made now."""
    return type(original)(original) if bound is original else bound


def _opened(bound: dict[str, Any], original: dict[str, Any]) -> OpenDict:
    """An open object that may be changed: the copy made earlier, or one made now."""
    return bound if isinstance(bound, OpenDict) and bound is not original else OpenDict(bound)


def _maybe(bound: dict[str, Any], original: dict[str, Any], key: str, required: bool) -> dict[str, Any]:
    """The object with a field that may be absent: a required one cannot be."""
    if required:
        bound = _copied(bound, original)
        bound[key] = UNKNOWN
        return bound
    bound = _opened(bound, original)
    del bound[key]
    return bound


def _is_integer(text: str) -> bool:
    """Whether what coerces texts to numbers makes an integer of this one."""
    digits = text[1:] if text[:1] == "-" else text
    return digits.isascii() and digits.isdecimal() and len(digits) <= 18


def _coerced_text(value: str | bool | float) -> Any:
    """The text that a number or a boolean becomes on its way to a string field."""
    if isinstance(value, str):
        # A plain YAML scalar; where YAML 1.1 reads it otherwise, what arrives is not known.
        return str(value) if value.certain else UNKNOWN  # type: ignore[attr-defined]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _coerced_boolean(value: str, shape: Shape, findings: list[Finding]) -> Any:
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    # What YAML 1.1 reads as a boolean may well arrive as one.
    return UNKNOWN if type(value) is not str else _mistyped(value, shape, findings)
