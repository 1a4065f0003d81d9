"""The rules about a spec's structure and about the file itself: their pages and their messages.

`Binder` calls the rules about structure directly, each with the facts for its message, so they subscribe to
no shape. The rules that readers and suppression report have only a page here.
"""

from __future__ import annotations

from algolint.aws.model import REQUEST
from algolint.aws.patterns import matches, may_match
from algolint.messages import counted, listed, meant, nearest, shown
from algolint.rule import Key, Problem, Quote, Rename, Replace, Rule, rule
from algolint.values import UNKNOWN, PartialText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Generic, Literal, ParamSpec

    from algolint.aws.model import Revision, Shape
    from algolint.rule import Finding, Fix, Severity
    from algolint.values import Text

    Facts = ParamSpec("Facts")

    class StructuralRule(Rule, Generic[Facts]):
        """A rule that is called with its own kind of facts and returns a finding."""

        def __call__(self, *facts: Facts.args, **named: Facts.kwargs) -> Finding: ...

else:

    class StructuralRule(Rule):
        __slots__ = ()

        def __call__(self, *facts, **named):
            return self, self.check(*facts, **named)


def structural(
    *,
    severity: Severity,
    evidence: str,
    also: tuple[Severity, ...] = (),
    fix: Literal["safe", "unsafe"] | None = None,
    collapses: bool = False,
) -> Callable[[Callable[Facts, Problem]], StructuralRule[Facts]]:
    """Return a decorator for a rule that `Binder` calls: a function from facts to a problem."""

    def declare(check: Callable[Facts, Problem]) -> StructuralRule[Facts]:
        # Other rules yield several problems, but the walker never calls this one.
        return StructuralRule(check, (), severity, also, evidence, fix=fix, collapses=collapses)  # type: ignore[arg-type]

    return declare


# ---------------------------------------------------------------- words

_ARTICLES = {"structure": "an object", "map": "an object", "list": "a list", "integer": "an integer"}
_ARTICLES |= {"long": "an integer", "boolean": "true or false", "string": "a string", "float": "a number"}
_ARTICLES |= {"double": "a number"}

_NAME = "letters, digits and hyphens, a letter or digit first and last"

#: The form that a shape's pattern requires of a string, in words.
FORMS = {
    "ArnOrName": f"{_NAME}, or an ARN of SageMaker",
    "ClientToken": "letters, digits and hyphens",
    "ContainerHostname": _NAME,
    "ContainerImage": "an image reference without spaces",
    "ContentDigest": "sha256: and 64 hexadecimal digits",
    "CsvContentType": "a MIME type such as text/csv",
    "DestinationS3Uri": "an S3 address, s3://bucket/key",
    "EntityDescription": "text on one line, without control characters",
    "EntityName": _NAME,
    "EnvironmentKey": "letters, digits and underscores, no digit first",
    "FileSystemId": "fs- and at least eight hexadecimal digits",
    "HubContentName": _NAME,
    "HubContentVersion": "three numbers joined by dots, such as 1.0.0",
    "HubDataSetArn": "the ARN of a hub's data set",
    "HyperParameterTrainingJobEnvironmentKey": "letters, digits and underscores, no digit first",
    "ImageDigest": "sha256: and 64 hexadecimal digits",
    "JsonContentType": "a MIME type such as application/json",
    "KmsKeyId": "a KMS key id, key ARN, alias/name or alias ARN, without dots or spaces",
    "MlReservationArn": "the ARN of a capacity reservation of SageMaker",
    "ModelPackageArn": "the ARN of a model package",
    "ModelPackageFrameworkVersion": "a version such as 2.1 or 1.13-cpu",
    "ModelPackageGroupArn": "the ARN of a model package group",
    "ParameterName": "text without control characters",
    "ProductId": _NAME,
    "ResponseMIMEType": "a MIME type such as text/csv",
    "RoleArn": "the ARN of an IAM role, arn:aws:iam::<12 digits>:role/<name>",
    "S3ModelUri": "an S3 address, s3://bucket/key",
    "S3Uri": "an S3 address, s3://bucket/key",
    "SecurityGroupId": "letters, digits and hyphens",
    "SnsTopicArn": "the ARN of an SNS topic",
    "SubnetId": "letters, digits and hyphens",
    "TagKey": "letters, digits, spaces and _ . : / = + - @",
    "TagValue": "letters, digits, spaces and _ . : / = + - @",
    "TrainingEnvironmentKey": "letters, digits and underscores, no digit first",
    "TrainingPlanArn": "the ARN of a SageMaker training plan",
    "TransformAmiVersion": "letters and digits joined by hyphens",
    "TransformEnvironmentKey": "letters, digits and underscores, no digit first",
    "Url": "an S3 address, s3://bucket/key",
}
FORMS |= dict.fromkeys(
    "TrainingJobName HyperParameterTuningJobName TransformJobName ModelName EndpointConfigName VariantName"
    " ExperimentEntityName HyperParameterTrainingJobDefinitionName".split(),
    _NAME,
)
FORMS |= dict.fromkeys(("ChannelName", "AdditionalModelChannelName"), "letters, digits and . - _ only")
FORMS |= dict.fromkeys(
    "HyperParameterKey HyperParameterValue ParameterValue MetricName MetricRegex ContentType Accept"
    " AttributeName InstanceGroupName DirectoryPath HubContentArn AlgorithmImage ParameterKey ConfigKey"
    " ConfigValue TrainingContainerEntrypointString TrainingContainerArgument RuleConfigurationName".split(),
    "text without line breaks",
)

#: What the instance types of each role are for.
INSTANCE_ROLES = {
    "TrainingInstanceType": "training",
    "TransformInstanceType": "batch transform",
    "ProductionVariantInstanceType": "real-time inference",
}
_INSTANCE_TYPE = (
    r"ml\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"
    r"\.(?:nano|micro|small|medium|large|x?large|\d{1,3}xlarge|metal(?:-\d+xl)?)"
)

_TRUTHS = dict.fromkeys(("yes", "on", "y"), True) | dict.fromkeys(("no", "off", "n"), False)


def _one(field: str) -> str:
    """Return the name of a field; that of an item, key or value gets an article ("a Tags item")."""
    if " " not in field:
        return field
    return f"{'an' if field[0] in 'AEIOU' else 'a'} {field}"


def _kind(value: object) -> str:
    match value:
        case bool():
            return f"{shown(value)} is a boolean"
        case int():
            return f"{shown(value)} is a number"
        case float():
            return f"{value} is a number"
        case str() | PartialText():
            return f"{shown(value)} is a string"
        case None:
            return "this is null"
        case _:
            return f"this is {shown(value)}"


# ---------------------------------------------------------------- the rules


@structural(severity="error", evidence="model: the members of the shape, botocore 1.44.8", fix="unsafe")
def unknown_field(
    key: str,
    shape: Shape,
    field: str,
    spelled: Callable[[str], str],
    *,
    meant: str | None = None,
    is_free: bool = False,
    home: str | None = None,
) -> Problem:
    """A field that the API does not know.

    The AWS clients refuse a request with a field that its shape does not have, and other tools drop
    it silently. It is usually a typo, or a field of another request. The fix corrects the name. It is safe
    where only the case of the letters is wrong, as in specs written for tools with other naming conventions.

    ```yaml bad StoppingCondition
    maxRuntimeInSeconds: 3600
    ```

    ```yaml good StoppingCondition
    MaxRuntimeInSeconds: 3600
    ```

    ```yaml bad StoppingCondition
    MaxRuntimeInSecond: 3600
    ```

    ```yaml good StoppingCondition
    MaxRuntimeInSeconds: 3600
    ```

    ```yaml bad IntegerParameterRangeSpecification
    Min: "1"
    MaxValue: "10"
    ```

    ```yaml good IntegerParameterRangeSpecification
    MinValue: "1"
    MaxValue: "10"
    ```
    """
    written = shown(spelled(key))
    if key in shape.members:
        return Problem(Key(key), f"{written} of {_one(field)} is set by the service, never by a request")
    fix = None
    if meant is not None and is_free:
        fix = Rename(key, meant, safe=meant.casefold() == key.casefold())
    hint = f"; it is one of {home}" if home else ""
    if meant is not None:
        hint = f"; did you mean {shown(spelled(meant))}?"
    return Problem(Key(key), f"{written} is not a field of {_one(field)}{hint}", fix=fix)


def more_unknown_fields(count: int, field: str) -> Finding:
    """Return the finding of `unknown_field` that counts the keys that are not reported one by one."""
    what = f"{counted(count, 'more key')} {'is not a field' if count == 1 else 'are not fields'}"
    return unknown_field, Problem(Key(), f"{what} of {_one(field)}")


@structural(severity="error", evidence="model: the required members of the shape, botocore 1.44.8")
def missing_field(names: list[str], field: str) -> Problem:
    """A required field is absent.

    The request cannot be sent without it. Which fields are required has changed over the years, so the
    target revision decides.

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
    return Problem(Key(), f"{_one(field)} lacks the required {noun} {listed(names)}")


@structural(severity="error", evidence="model: the type of the shape, botocore 1.44.8", fix="unsafe")
def wrong_type(value: object, shape: Shape, field: str) -> Problem:
    """A value whose type the API does not accept.

    The AWS clients do not convert: a number where a string belongs is refused, and so is text where a
    number belongs, 3600.0 or true for an integer, and null anywhere (leave the field out instead).
    Hyperparameters, their bounds and their defaults are strings even where they hold numbers; a number
    there is quoted by the fix. Where a whole number or a boolean is expected, the fix removes the quotes
    around one. Tags are a list of objects with Key and Value, and environment variables an object: what is
    written in the other form has an unsafe fix.

    ```json bad HyperParameterSpecification
    {"DefaultValue": 10}
    ```

    ```json good HyperParameterSpecification
    {"DefaultValue": "10"}
    ```

    ```json bad ChannelSpecification
    {"SupportedContentTypes": "text/csv"}
    ```

    ```json good ChannelSpecification
    {"SupportedContentTypes": ["text/csv"]}
    ```

    ```json bad HyperParameterSpecification
    {"IsTunable": "false"}
    ```

    ```json good HyperParameterSpecification
    {"IsTunable": false}
    ```

    ```json bad CreateAlgorithmInput
    {"Tags": {"team": "pricing"}}
    ```

    ```json good CreateAlgorithmInput
    {"Tags": [{"Key": "team", "Value": "pricing"}]}
    ```
    """
    takes = _ARTICLES.get(shape.type, shape.type)
    hint = "; leave the field out instead" if value is None else ""
    if isinstance(value, str) and value.startswith("-") and shape.type == "list":
        hint = "; in YAML an item begins with '- ', with a space"
    return Problem((), f"{_kind(value)}; {_one(field)} takes {takes}{hint}", fix=_of_right_type(value, shape))


def _of_right_type(value: object, shape: Shape) -> Fix | None:
    """Return the fix that converts a value to the type of its shape, if it is certain what was meant."""
    match value:
        case bool():
            return None
        case int() | float() if shape.type == "string":
            return Quote((), safe=True)
        case str() if shape.type == "boolean" and value.lower() in ("true", "false"):
            return Replace((), value.lower() == "true", safe=True)
        case str() | float() if shape.type in ("integer", "long"):
            number = _whole_number(value)
            if number is not None and shape.least <= number <= shape.most:
                return Replace((), number, safe=True)
    return None


# The digits of the largest 64-bit number.
_MAX_DIGITS = 19


def _whole_number(value: str | float) -> int | None:
    """Return the whole number that a text or a float represents, or None if it is not one."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    is_usual = value.isascii() and value.isdecimal() and len(value) <= _MAX_DIGITS
    return int(value) if is_usual and str(int(value)) == value else None


def required_null(finding: Finding, field: str) -> Finding:
    """Return a finding reworded for null in a required field, which cannot be left out."""
    rule, problem = finding
    return rule, Problem(problem.path, f"this is null, and {field} is required; give it a value")


@structural(
    severity="error",
    also=("warning",),
    evidence="derived: YAML 1.2 as AWS CLI v2 reads it",
    fix="safe",
)
def implicit_yaml_scalar(
    value: object,
    shape: Shape,
    field: str,
    reads_as: str,
    *,
    only_in_1_1: bool = False,
    becomes: str | None = None,
) -> Problem:
    """A YAML value without quotes that is read as something other than text.

    AWS CLI v2 reads YAML 1.2: `0.10`, `010`, `true`, `null` and `2023-05-01` are not strings there, and
    the request is refused. `yes`, `no`, `on`, `off` and `12:30:45` are strings in YAML 1.2, but a
    YAML 1.1 reader (PyYAML among them) turns them into booleans and numbers, so they are reported as a
    warning; where true or false is expected they are an error. CloudFormation is such a reader: in a template
    `yes` becomes the text `true` and `010` the text `8`. The fix quotes the text unchanged.

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
    if becomes is not None:
        message = f"without quotes {shown(value)} becomes {shown(becomes)} in CloudFormation; quote it"
        return Problem((), message, "warning", fix=Quote((), safe=False))
    fix: Fix | None = Quote((), safe=True) if value is not None else None
    if shape.type == "boolean":
        truth = _TRUTHS.get(str(value).lower())
        fix = None if truth is None else Replace((), truth, safe=True)
        return Problem((), f"{shown(value)} is a string in YAML 1.2; write true or false", fix=fix)
    if only_in_1_1:
        message = f"without quotes {shown(value)} is {reads_as} to a YAML 1.1 reader; quote it"
        return Problem((), message, "warning", fix=fix)
    return Problem((), f"without quotes this is {reads_as}; {_one(field)} takes a string", fix=fix)


@structural(severity="error", evidence="model: the enum of the shape, botocore 1.44.8", fix="unsafe")
def unknown_value(value: str, shape: Shape, field: str) -> Problem:
    """A value outside the list that the API accepts.

    The AWS clients send such a value without a check and the service refuses the whole request.
    Case matters: the reference itself writes FILE and PIPE where the API takes File and
    Pipe. The fix corrects the value, and is safe where only the case differs. What other tools call a type
    of hyperparameters, such as float, has a suggestion, and a fix if it means one type of numbers.

    ```yaml bad ChannelSpecification
    SupportedInputModes: [FILE]
    ```

    ```yaml good ChannelSpecification
    SupportedInputModes: [File]
    ```

    ```yaml bad ChannelSpecification
    SupportedInputModes: [Fille]
    ```

    ```yaml good ChannelSpecification
    SupportedInputModes: [File]
    ```

    ```yaml bad HyperParameterSpecification
    Type: float
    ```

    ```yaml good HyperParameterSpecification
    Type: Continuous
    ```
    """
    allowed = shape.enum or ()
    choice = f"; allowed: {listed(allowed)}" if len(allowed) <= 6 else meant(value, allowed)
    fix = _corrected(value, allowed)
    also_called = [name for name in allowed if value.casefold() in _SYNONYMS.get(name, ())]
    if also_called and fix is None:
        choice += f"; did you mean {' or '.join(map(shown, also_called))}?"
        # FreeText takes no Range, and the hyperparameter may have one.
        is_certain = len(also_called) == 1 and also_called != ["FreeText"]
        fix = Replace((), also_called[0]) if is_certain else None
    return Problem((), f"{shown(value)} is not a valid {field}{choice}", fix=fix)


# What other tools call the values of an enum, in lower case.
_SYNONYMS = {
    "Integer": ("int", "long", "int32", "int64", "number", "numeric", "bool", "boolean"),
    "Continuous": ("float", "double", "real", "decimal", "float32", "float64", "number", "numeric"),
    "Categorical": ("enum", "choice", "category", "bool", "boolean"),
    "FreeText": ("string", "str", "text"),
    "Minimize": ("min", "minimum"),
    "Maximize": ("max", "maximum"),
    "FullyReplicated": ("replicated",),
    "ShardedByS3Key": ("sharded",),
    "MultiRecord": ("multi",),
    "SingleRecord": ("single",),
}


def _corrected(value: Text, allowed: Iterable[str]) -> Replace | None:
    """Return the fix that writes the most similar of the allowed values, if one is similar enough."""
    best = nearest(value, allowed) if isinstance(value, str) else None
    return Replace((), best, safe=best.casefold() == str(value).casefold()) if best is not None else None


@structural(
    severity="error",
    also=("warning",),
    evidence="model: the instance type enums of all revisions, botocore 1.44.8",
    fix="unsafe",
)
def unknown_instance_type(value: Text, shape: Shape, known: Iterable[str], *, is_pinned: bool) -> Problem:
    """An instance type that no revision of the API knows.

    New families appear every few weeks, so a well-formed name of an unknown family is only a warning
    when the target is the newest revision. A malformed name, an unknown size of a known family, and any
    unknown name where a revision is pinned are errors. `extra-instance-types` in the configuration
    adds names that are newer than this program.

    ```yaml bad TransformResources
    InstanceType: ml.m5.3xlarge
    ```

    ```yaml good TransformResources
    InstanceType: ml.m5.xlarge
    ```
    """
    role = INSTANCE_ROLES[shape.name]
    allowed = shape.enum or ()
    text = value if isinstance(value, str) else value.written
    family = _family(value)
    if family is None:
        hint = meant(text, allowed) or "; the form is ml.<family>.<size>"
        fix = _corrected(value, allowed)
        return Problem((), f"{shown(value)} is not an instance type for {role}{hint}", fix=fix)
    if any(name.startswith(f"ml.{family}.") for name in known):
        sizes = [name for name in allowed if name.startswith(f"ml.{family}.")]
        hint = f"; that family has {listed(size.rpartition('.')[2] for size in sizes)}" if sizes else ""
        hint = meant(text, sizes) or hint
        fix = _corrected(value, sizes)
        return Problem((), f"{shown(value)} is not an instance type for {role}{hint}", fix=fix)
    if is_pinned:
        message = f"{shown(value)} is not an instance type of this revision{meant(text, allowed)}"
        return Problem((), message, fix=_corrected(value, allowed))
    message = f"{shown(value)} is not known as an instance type{meant(text, allowed)}"
    return Problem((), message, "warning")


def _family(value: Text) -> str | None:
    """Return the family of an instance type, empty if unknown; None if the text is not of that form."""
    import re

    if isinstance(value, PartialText):
        if not may_match(_INSTANCE_TYPE, value):
            return None
        parts = value.pieces[0].split(".")
        return parts[1] if len(parts) > 2 else ""
    match = re.fullmatch(_INSTANCE_TYPE, value)
    return match[1] if match else None


@structural(severity="error", evidence="model: the instance type enums of the three roles, botocore 1.44.8")
def instance_wrong_role(value: Text, shape: Shape, roles: list[str], target: Revision) -> Problem:
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
    others = " and ".join(INSTANCE_ROLES[role] for role in roles)
    return Problem(
        (),
        f"{shown(value)} is an instance type for {others}, not for {INSTANCE_ROLES[shape.name]}"
        f" (botocore {target.version})",
    )


@structural(severity="error", evidence="model: the revision that brought a member or value, botocore 1.44.8")
def newer_than_target(what: str, since: Revision, target: Revision, *, is_key: bool = False) -> Problem:
    """A field or value that is newer than the target revision.

    An SDK of that age refuses the field before sending, and an endpoint of that age does not know it.
    Choose a newer revision with `--api-revision`, or leave the field or value out.

    ```yaml bad OutputDataConfig revision=1.29.150
    S3OutputPath: s3://amzn-example-bucket/models/
    CompressionType: NONE
    ```

    ```yaml good OutputDataConfig
    S3OutputPath: s3://amzn-example-bucket/models/
    CompressionType: NONE
    ```
    """
    return Problem(
        Key(what) if is_key else (),
        f"{shown(what)} was added in botocore {since.version} ({since.date});"
        f" the target is {target.as_target}",
    )


@structural(severity="error", evidence="model: the min and max of strings, botocore 1.44.8")
def string_length(value: Text, shape: Shape, field: str) -> Problem:
    """Text shorter or longer than the API allows.

    The AWS clients check the minimum at most; text that is too long is sent and refused.

    ```yaml bad CreateAlgorithmInput
    AlgorithmName: hierarchical-demand-forecaster-with-covariates-for-retail-stores-2
    ```

    ```yaml good CreateAlgorithmInput
    AlgorithmName: hierarchical-demand-forecaster-2
    ```
    """
    if isinstance(value, PartialText):
        length = value.least_length
        return Problem((), f"at least {length} characters; {_one(field)} takes at most {shape.max}")
    length = len(value)
    if shape.min is not None and length < shape.min:
        amount = counted(length, "character") if length else "the text is empty"
        least = counted(shape.min, "character")
        return Problem((), f"{amount}; {_one(field)} takes at least {least}")
    return Problem((), f"{length} characters; {_one(field)} takes at most {shape.max}")


@structural(severity="error", evidence="model: the min, max and type of numbers, botocore 1.44.8")
def number_range(value: int, shape: Shape, field: str) -> Problem:
    """A number below the minimum or above the maximum.

    If the API states no limit, that of the type applies: a signed integer of 32 bits, or of 64 bits for
    the Seed of a shuffle.

    ```yaml bad StoppingCondition
    MaxRuntimeInSeconds: 0
    ```

    ```yaml good StoppingCondition
    MaxRuntimeInSeconds: 3600
    ```
    """
    if value < shape.least:
        return Problem((), f"{shown(value)} is below the minimum of {_one(field)}, {shape.least}")
    return Problem((), f"{shown(value)} is above the maximum of {_one(field)}, {shape.most}")


@structural(severity="error", evidence="model: the min and max of lists and maps, botocore 1.44.8")
def item_count(count: int, shape: Shape, field: str) -> Problem:
    """Too few or too many items in a list, or entries in a map.

    The reference asks for "one or more" validation profiles; the API has taken exactly one in every
    revision so far.

    ```yaml bad CategoricalParameterRangeSpecification
    Values: []
    ```

    ```yaml good CategoricalParameterRangeSpecification
    Values: [relu]
    ```
    """

    def of(number: int) -> str:
        if shape.type == "map":
            return f"{number:,} {'entry' if number == 1 else 'entries'}"
        return counted(number, "item")

    hint = ""
    if shape.name == "AlgorithmValidationProfiles":
        hint = "; the reference says one or more, the API takes exactly one"
    if shape.min is not None and count < shape.min:
        amount = of(count) if count else f"the {shape.type} is empty"
        return Problem(Key(), f"{amount}; {_one(field)} takes at least {of(shape.min)}{hint}")
    return Problem(Key(), f"{of(count)}; {_one(field)} takes at most {shape.max}{hint}")


def items_not_checked(count: int, limit: int, shape: Shape) -> Finding:
    """Return the finding of `item_count` about the items or entries that are beyond the limit."""
    noun = "entries" if shape.type == "map" else "items"
    return item_count, Problem(Key(), f"only the first {limit:,} of {count:,} {noun} are checked")


@structural(severity="error", evidence="model: the pattern of the shape, botocore 1.44.8; matched in full")
def pattern_mismatch(value: Text, shape: Shape, field: str) -> Problem:
    """Text that does not have the form the API requires.

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
    wrong = _refused_characters(value, shape.pattern) if isinstance(value, str) and shape.pattern else []
    fault = f"contains {listed(wrong)}" if wrong else "does not have the right form"
    return Problem((), f"{shown(value)} {fault}; {_one(field)} {expected}")


# As many different characters of a text are looked at.
_MAX_CHARACTERS = 200


def _refused_characters(text: str, pattern: str) -> list[str]:
    """Return the characters of a text that a pattern does not accept anywhere, if it is one of names."""
    if not matches(pattern, "aaa"):
        return []
    characters = [*dict.fromkeys(text)][:_MAX_CHARACTERS]
    return [character for character in characters if not matches(pattern, f"a{character}a")]


@structural(
    severity="warning",
    also=("error", "info"),
    evidence="derived: the value cannot be what the author means to send",
    collapses=True,
)
def placeholder_left_in(value: Text, example: str = "", *, is_refused: bool = False) -> Problem:
    """A placeholder that was not filled in.

    Text such as `<RoleArn>`, REPLACE_ME or CHANGEME in a name, image, ARN, address or id comes
    from a template. It is reported once, and what it will be replaced with is unknown to every other rule.
    Template expressions (`${X}`, `{{ x }}`) are not placeholders: they are filled in before the request is
    sent. Where the API's pattern or list of values refuses the placeholder, it is an error.
    The accounts of AWS's documentation (123456789012, 111122223333, 000000000000) in an image, an ARN
    or a bucket's name, and its buckets (amzn-s3-demo-…, DOC-EXAMPLE-BUCKET), are reported as info: tests
    use them on purpose, and the other rules still see the value.

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
    if example:
        message = f"{shown(value)} names {example}, which AWS's documentation uses for examples"
        return Problem((), message, "info")
    message = f"{shown(value)} looks like a placeholder that was not filled in"
    return Problem((), message, "error" if is_refused else None)


@structural(severity="error", evidence="derived: the values cannot be what the author means to send")
def unfilled_skeleton(word: str, count: int, total: int) -> Problem:
    """A request skeleton in which most values were not filled in.

    The documentation of AWS shows the syntax of a request with the text "string" for each value, and
    `aws sagemaker create-algorithm --generate-cli-skeleton` writes empty texts. Nothing else is reported of
    such a document; `algolint init` writes a request to start from in which every value is explained.

    ```json bad CreateAlgorithmInput
    {
      "AlgorithmName": "string",
      "AlgorithmDescription": "string",
      "TrainingSpecification": {
        "TrainingImage": "string",
        "TrainingImageDigest": "string",
        "TrainingChannels": [{"Name": "string", "Description": "string", "SupportedContentTypes": ["string"]}]
      }
    }
    ```

    ```json good CreateAlgorithmInput
    {
      "AlgorithmName": "forecaster-1",
      "AlgorithmDescription": "Forecasts the demand of many series.",
      "TrainingSpecification": {
        "TrainingImage": "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2",
        "TrainingChannels": [{"Name": "train", "SupportedContentTypes": ["text/csv"]}]
      }
    }
    ```
    """
    return Problem(Key(), f"{count} of {total} texts are {shown(word)}; fill in the values of this skeleton")


@rule(on=(), severity="error", evidence="derived: the file cannot be read as its syntax")
def invalid_syntax() -> Iterator[Problem]:
    """The file cannot be read: it is not valid in its syntax, not valid UTF-8, or larger than a spec can be.

    Nothing else can be checked until this is fixed. The position is where the reader stopped; the mistake
    is there or shortly before. A file that is too large, too deep or too long to be read may be valid: the
    message says so. It is reported if it is named on the command line, and skipped in a folder.

    ```json bad StoppingCondition
    {"MaxRuntimeInSeconds": 3600,}
    ```

    ```json good StoppingCondition
    {"MaxRuntimeInSeconds": 3600}
    ```
    """
    yield from ()


@rule(on=(), severity="error", evidence="derived: readers disagree which of the two values counts")
def duplicate_key() -> Iterator[Problem]:
    """An object has the same key twice.

    JSON readers silently take the last one, YAML 1.2 readers refuse the file; either way one of the
    two values does not do what its author expects.

    ```yaml bad StoppingCondition
    MaxRuntimeInSeconds: 3600
    MaxRuntimeInSeconds: 7200
    ```

    ```yaml good StoppingCondition
    MaxRuntimeInSeconds: 7200
    ```
    """
    yield from ()


@rule(
    on=(),
    severity="error",
    evidence="derived: the parsers of AWS CLI v2, ruamel.yaml's in Python and json, end in an error",
)
def refused_by_aws_cli() -> Iterator[Problem]:
    """A text that AWS CLI v2 cannot read, although other readers can.

    `aws sagemaker create-algorithm --cli-input-yaml` ends in "Invalid YAML received", while a script with
    PyYAML reads the same file. The usual cause is a tab between values or at the end of a line, in JSON a
    byte order mark. Rewrite the line so that every reader accepts it.

    ```yaml bad OutputDataConfig
    S3OutputPath: >-# where the model goes
      s3://amzn-example-bucket/models/
    ```

    ```yaml good OutputDataConfig
    S3OutputPath: >- # where the model goes
      s3://amzn-example-bucket/models/
    ```
    """
    yield from ()


@rule(on=(), severity="error", evidence="derived: boto3 refuses arguments by position with a TypeError")
def positional_request() -> Iterator[Problem]:
    """A program passes the request to create_algorithm() as a positional argument.

    The methods of a boto3 client take keyword arguments only: the call raises a TypeError before anything
    is sent. Two asterisks make a dict the keyword arguments.

    ```py bad CreateAlgorithmInput
    request = {"AlgorithmName": "forecaster", "TrainingSpecification": training}
    boto3.client("sagemaker").create_algorithm(request)
    ```

    ```py good CreateAlgorithmInput
    request = {"AlgorithmName": "forecaster", "TrainingSpecification": training}
    boto3.client("sagemaker").create_algorithm(**request)
    ```
    """
    yield from ()


@structural(severity="warning", evidence="derived: the file was named, and nothing in it can be checked")
def not_an_algorithm(spec: Any) -> Problem:
    """A file named on the command line holds nothing recognisable as an algorithm spec.

    A spec is a CreateAlgorithm request, a DescribeAlgorithm response, or a part of one: a training,
    inference or validation specification, or a list of hyperparameters. In a folder, other files are
    skipped silently.

    ```yaml bad CreateAlgorithmInput
    name: my-package
    version: 1.0.0
    ```

    ```yaml good CreateAlgorithmInput
    AlgorithmName: my-algorithm
    AlgorithmDescription: Forecasts the demand of many series.
    ```
    """
    return Problem(Key(), f"no algorithm spec is recognized here: {_described(spec)}")


@structural(severity="error", evidence="derived: the file was named, and it shares fields with a spec")
def unrecognised_spec(spec: Any, key: str, field: str, shape: str) -> Problem:
    """A file named on the command line looks like an algorithm spec, but is not recognised as one.

    It has a field of a CreateAlgorithm request or of a part of one, or a misspelling of such a field, but
    its other fields belong to something else. Nothing in it was checked, and a run without findings must
    not hide that.

    ```yaml bad CreateAlgorithmInput
    TrainingImages: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    Owner: forecasting
    Stage: beta
    ```

    ```yaml good CreateAlgorithmInput
    TrainingImage: 246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2
    SupportedTrainingInstanceTypes: [ml.m5.large]
    TrainingChannels:
      - Name: train
        SupportedContentTypes: [text/csv]
        SupportedInputModes: [File]
    ```
    """
    owner = "a CreateAlgorithm request" if shape == REQUEST else shape
    near = f"is a field of {owner}" if key == field else f"is close to {shown(field)} of {owner}"
    return Problem(Key(key), f"{shown(key)} {near}, but {_described(spec)} is not recognized as a spec")


def _described(spec: Any) -> str:
    match spec:
        case dict() if not spec:
            return "an empty object"
        case dict():
            keys = ", ".join(shown(key) for key in list(spec)[:3])
            return f"an object with {keys}{' …' if len(spec) > 3 else ''}"
        case list():
            return "a list, but not of hyperparameters"
        case _:
            return "a value that the file does not show" if spec is UNKNOWN else shown(spec)


@rule(on=(), severity="warning", evidence="derived: no finding at the comment's location", fix="safe")
def unused_suppression() -> Iterator[Problem]:
    """A comment suppresses a rule that reports nothing there.

    Left in, it hides the next fault of that kind. Usually the fault was fixed or has moved to another
    line; a name may be misspelt, so that the finding it was meant for is still reported. A comment is not
    judged in a run that does not select its rule, or does not show all of the rule's levels.
    The fix removes the rule from the comment, or the whole comment if it names no other rule.

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


#: The rules about the file itself, whose evidence is the file.
FILE_RULES: tuple[Rule, ...] = (
    invalid_syntax,
    duplicate_key,
    not_an_algorithm,
    unrecognised_spec,
    unused_suppression,
    malformed_suppression,
    positional_request,
    refused_by_aws_cli,
)
#: All rules of this module.
RULES: tuple[Rule, ...] = (
    *FILE_RULES,
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
    unfilled_skeleton,
)
