"""Requests with repeated parts, and features to put into each of them, in every syntax.

`campaigns/growth.py` counts the steps for twice as many; `campaigns/hostile.py` makes the largest files of
them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

IMAGE = "246618743249.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2"

# More than any key has.
INDENT = " " * 40

# The fields of an object in order; a key may be repeated. A field without a key is a separate line.
Fields: TypeAlias = list[tuple[str, Any]]


class Written(str):
    """A value, or a line, as it is written in the text."""


# ---------------------------------------------------------------- what is put into each


class Feature:
    """A feature of each repetition: values, and lines in the form of a family of syntaxes.

    `{n}` in a text is the number of the object.
    """

    def __init__(self, fields: Fields, families: str = "", head: str = "") -> None:
        self.fields = fields
        #: The families of syntaxes that have it, or all.
        self.families = families.split()
        #: The text at the start of the file.
        self.head = head

    def is_of(self, syntax: Syntax) -> bool:
        """Whether a syntax has it."""
        return not self.families or not {syntax.family, syntax.name}.isdisjoint(self.families)

    def of(self, number: int, misspelt: str) -> Fields:
        """Return the fields for one object, whose misspelt key is known."""
        return [
            (key.replace("{n}", str(number)).replace("{near}", misspelt), _numbered(value, number))
            for key, value in self.fields
        ]


def _numbered(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return type(value)(value.replace("{n}", str(number)))
    return value


def _line(text: str) -> tuple[str, Any]:
    return "", Written(text)


FEATURES: dict[str, Feature] = {
    "nothing": Feature([]),
    "an unknown name": Feature([("Unheard{n}", 1)]),
    "a name nearly right": Feature([("{near}", "text")]),
    "a name in another case": Feature([("description", "x")]),
    "a duplicate key": Feature([("Description", "a"), ("Description", "b")], "json yaml python"),
    "a value of another type": Feature([("Description", 1)]),
    "a null": Feature([("Description", None)], "json yaml python ts"),
    "nested objects": Feature([("Description", {"a": {"b": [{"c": 1}]}})]),
    "a secret": Feature([("Description", "ghp_{n}0123456789abcdefghijABCDEFGHIJ012345")]),
    "a password": Feature([("Environment", {"DB_PASSWORD": "MyS3cretP4ss{n}"})]),
    "an emoji": Feature([("Description", "\U0001f600 {n}")]),
    "quotes and escapes": Feature([("Description", "a\"b'c\\d\n{n}")]),
    "control characters": Feature([("Description", "a\x07\u202e{n}")]),
    "a long text": Feature([("Description", "x y " * 40)]),
    "a fix": Feature([("SupportedInputModes", ["FILE"]), ("IsTunable", "true")]),
    "an address": Feature([("Description", "https://user:pass{n}@example.com/?token=abc{n}")]),
    "an expression": Feature([("Regex", "(a|b)*x{1,{n}}(.*)")]),
    # Comments and suppressions
    "a comment": Feature([_line("# a comment")], "yaml python hcl"),
    "a comment of JavaScript": Feature([_line("// a comment"), _line("/* another */")], "ts hcl"),
    "a suppression": Feature([_line("# algolint: ignore[pattern-mismatch]")], "yaml python hcl"),
    "a suppression of JavaScript": Feature([_line("// algolint: ignore[pattern-mismatch]")], "ts"),
    "a suppression of all": Feature([_line("# algolint: ignore[*]")], "yaml python hcl"),
    "off and on": Feature(
        [_line("# algolint: off[unknown-field]"), ("Unheard{n}", 1), _line("# algolint: on")],
        "yaml python hcl",
    ),
    "a suppression of the file": Feature(
        [_line("# algolint: ignore-file[unknown-f*{n}]")], "yaml python hcl"
    ),
    "a suppression that is wrong": Feature([_line("# algolint: ignor[x{n}]")], "yaml python hcl"),
    "a suppression, and lines that are kept": Feature(
        [_line("# algolint: ignore[unknown-field]")], "yaml", "x: |+\n  a\n\n"
    ),
    # YAML
    "an alias": Feature(
        [("Other", Written("[&a{n} {{k: v}}, *a{n}]".replace("{{", "{").replace("}}", "}")))], "yaml"
    ),
    "an anchor": Feature([("Description", Written("&b{n} text"))], "yaml"),
    "an anchor of other characters": Feature([("Description", Written("&b.{n} text"))], "yaml"),
    "one anchor again": Feature([("Description", Written("&b text")), ("Other", Written("*b"))], "yaml"),
    "a tag": Feature([("Description", Written("!!str text"))], "yaml"),
    "a tag of its own": Feature([("Description", Written("!own{n} text"))], "yaml"),
    "a merge": Feature([("<<", Written("{Description: text}"))], "yaml"),
    "a literal block": Feature([("Description", Written(f"|\n{INDENT}text\n\n{INDENT}more"))], "yaml"),
    "a folded block": Feature([("Description", Written(f">-\n{INDENT}text\n\n{INDENT}more"))], "yaml"),
    "a tab": Feature([("Description", Written("a\ttext"))], "yaml"),
    "a tab after a key": Feature([("Description", Written("\ttext"))], "yaml"),
    "a comment at the end": Feature([("Description", Written("text # a comment"))], "yaml python hcl"),
    "an explicit key": Feature([_line("? Other{n}")], "yaml"),
    "an implicit value": Feature([("Description", Written("no")), ("IsTunable", Written("yes"))], "yaml"),
    "a date": Feature([("Description", Written("2001-12-14"))], "yaml"),
    "a lone surrogate": Feature([("Description", Written('"\\ud83d"'))], "json yaml"),
    "escaped surrogates": Feature([("Description", Written('"\\ud83d\\ude00"'))], "json yaml"),
    # Templates of YAML and JSON
    "a mark in quotes": Feature([("Description", Written("'{{ x }}'"))], "yaml"),
    "a bare mark": Feature([("Description", Written("{{ x }}"))], "yaml json"),
    "a line of a template": Feature([_line("{{ x }}")], "yaml"),
    "a condition": Feature([_line("{% if x %}"), ("Other", 1), _line("{% endif %}")], "yaml"),
    "a loop": Feature([_line("{% for x in y %}"), ("Other", 1), _line("{% endfor %}")], "yaml"),
    "a comment of a template": Feature([_line("{# x #}")], "yaml"),
    "a dollar": Feature([("Description", "${X{n}}")]),
    # CloudFormation
    "a reference": Feature([("Description", {"Ref": "X{n}"})], "cloudformation cloudformation-yaml"),
    "a condition of a template": Feature(
        [("Description", {"Fn::If": ["C", "a b", {"Ref": "AWS::NoValue"}]})],
        "cloudformation cloudformation-yaml",
    ),
    "a substitution": Feature([("Description", {"Fn::Sub": "a${X}b"})], "cloudformation cloudformation-yaml"),
    "a short reference": Feature([("Description", Written("!Ref X"))], "cloudformation-yaml"),
    "a short condition": Feature(
        [("Description", Written("!If [C, a b, !Ref AWS::NoValue]"))], "cloudformation-yaml"
    ),
    # Python
    "a constant": Feature([("Description", Written("CONSTANT"))], "python ts", "CONSTANT = 'a'\n"),
    "an f-string": Feature([("Description", Written("f'{CONSTANT} a'"))], "python", "CONSTANT = 'a'\n"),
    "a sum": Feature([("Description", Written("'a' + CONSTANT + 'b'"))], "python", "CONSTANT = 'a'\n"),
    "a format": Feature([("Description", Written("'{} %s'.format(CONSTANT)"))], "python", "CONSTANT = 'a'\n"),
    "a function": Feature(
        [("Description", Written("made({n})"))], "python", "def made(x):\n    return str(x) + 'a'\n"
    ),
    "a comprehension": Feature([("Description", Written("[str(i) for i in range(3)]"))], "python"),
    "an unknown call": Feature([("Description", Written("os.environ['X{n}']"))], "python"),
    "unpacking": Feature([_line("**MORE,")], "python", "MORE = {'Description': 'a b'}\n"),
    "a text of several lines": Feature([("Description", Written('"""a\n\nb"""'))], "python"),
    "a choice": Feature([("Description", Written("'a' if CONSTANT else 'b'"))], "python", "CONSTANT = x()\n"),
    # TypeScript
    "a template literal": Feature([("Description", Written("`a${x} b`"))], "ts"),
    "a spread": Feature([_line("...more,")], "ts", "const more = {Description: 'a b'}\n"),
    "a choice in JavaScript": Feature([("Description", Written("x ? 'a' : 'b'"))], "ts"),
    "an assertion": Feature([("Description", Written("('a' as string)!"))], "ts"),
    # Terraform
    "a here-document": Feature([("Description", Written("<<-E\n  text\n\n  more\n  E"))], "hcl"),
    "an interpolation": Feature(
        [("Description", Written('"a${var.x}b${local.y}"'))], "hcl", "locals {\n y = 1\n}\n"
    ),
    "a variable": Feature(
        [("Description", Written("var.x"))], "hcl", 'variable "x" {\n default = "a b"\n}\n'
    ),
    "a call": Feature([("Description", Written('jsonencode({a = upper("b")})'))], "hcl"),
    "a conditional": Feature([("Description", Written('var.x ? "a" : "b"'))], "hcl"),
    "a dynamic block": Feature(
        [_line('dynamic "other" {\n for_each = var.x\n content {\n a = other.value\n }\n}')], "hcl"
    ),
    "a directive of a template": Feature(
        [("Description", Written('"%{ if x }a%{ else }b%{ endif }"'))], "hcl"
    ),
}


# ---------------------------------------------------------------- what there are many of


class Repeated:
    """The repeated part of a request or a file. `field` is the misspelt name of a key of each."""

    def __init__(self, make: Callable[[int, Callable[[int], Fields]], Fields], field: str) -> None:
        self.make = make
        self.field = field


def _training(name: str, of: Callable[[int], Fields], count: int, more: Callable[[int], Fields]) -> Fields:
    rows = [[*of(number), *more(number)] for number in range(count)]
    return _request([("TrainingImage", IMAGE), (name, rows)])


def _request(training: Fields, *others: tuple[str, Any]) -> Fields:
    return [("AlgorithmName", "a b"), ("TrainingSpecification", training), *others]


def _hyperparameters(count: int, more: Callable[[int], Fields]) -> Fields:
    def one(n: int) -> Fields:
        return [("Name", f"p{n}"), ("Type", "Integr"), ("DefaultValue", f"0{n}"), ("IsRequired", True)]

    return _training("SupportedHyperParameters", one, count, more)


def _channels(count: int, more: Callable[[int], Fields]) -> Fields:
    def one(n: int) -> Fields:
        return [("Name", f"c {n}"), ("SupportedContentTypes", ["text/csv", f"text/{n}"])]

    return _training("TrainingChannels", one, count, more)


def _metrics(count: int, more: Callable[[int], Fields]) -> Fields:
    return _training(
        "MetricDefinitions", lambda n: [("Name", f"m{n}"), ("Regex", f"loss{n}=(.*)")], count, more
    )


def _profiles(count: int, more: Callable[[int], Fields]) -> Fields:
    job: Fields = [
        ("TrainingInputMode", "Fil"),
        ("HyperParameters", [("dept", "1")]),
        ("InputDataConfig", [[("ChannelName", "trian")]]),
    ]
    rows = [[("ProfileName", f"p_{n}"), ("TrainingJobDefinition", [*job, *more(n)])] for n in range(count)]
    declared = [[("Name", "depth"), ("Type", "FreeText")]]
    return _request(
        [("TrainingImage", IMAGE), ("SupportedHyperParameters", declared)],
        ("ValidationSpecification", [("ValidationProfiles", rows)]),
    )


def _containers(count: int, more: Callable[[int], Fields]) -> Fields:
    rows = [[("Image", f"a b{n}"), ("ModelDataUrl", f"s3://b/{n}.zip"), *more(n)] for n in range(count)]
    return _request([("TrainingImage", IMAGE)], ("InferenceSpecification", [("Containers", rows)]))


def _tags(count: int, more: Callable[[int], Fields]) -> Fields:
    rows = [[("Key", f"aws:{n % 7}"), ("Value", f"v{n}\t"), *more(n)] for n in range(count)]
    return _request([("TrainingImage", IMAGE)], ("Tags", rows))


def _groups(count: int, more: Callable[[int], Fields]) -> Fields:
    rows = [[("InstanceGroupName", f"g{n}"), ("InstanceType", "ml.m5.larg"), *more(n)] for n in range(count)]
    job: Fields = [("ResourceConfig", [("InstanceGroups", rows)])]
    return _request(
        [("TrainingImage", IMAGE)],
        (
            "ValidationSpecification",
            [("ValidationProfiles", [[("ProfileName", "p"), ("TrainingJobDefinition", job)]])],
        ),
    )


REPEATED: dict[str, Repeated] = {
    "hyperparameters": Repeated(_hyperparameters, "Descripton"),
    "channels": Repeated(_channels, "SupportedContentType"),
    "metrics": Repeated(_metrics, "Regx"),
    "profiles": Repeated(_profiles, "OutputDataConfg"),
    "containers": Repeated(_containers, "Imag"),
    "tags": Repeated(_tags, "Valu"),
    "instance groups": Repeated(_groups, "InstanceCont"),
}


# ---------------------------------------------------------------- how it is written


class Syntax:
    """A syntax: how to write a request, and how several of them make a file."""

    def __init__(
        self,
        name: str,
        family: str,
        ending: str,
        write: Callable[[Fields], str],
        together: Callable[[list[str]], str],
    ) -> None:
        self.name = name
        self.family = family
        self.ending = ending
        self.write = write
        self.together = together

    def text(self, repeated: str, count: int, *features: str) -> str:
        """Return a file with a number of repetitions, each with some features."""
        chosen = [FEATURES[feature] for feature in features]

        def more(number: int) -> Fields:
            near = "AlgorithmDescripton" if repeated == "specs" else REPEATED[repeated].field
            return [field for feature in chosen for field in feature.of(number, near)]

        if repeated == "specs":
            requests = [_request([("TrainingImage", IMAGE)], *more(number)) for number in range(count)]
        else:
            requests = [REPEATED[repeated].make(count, more)]
        head = "".join({feature.head: None for feature in chosen})
        return self._headed(head, self.together([self.write(request) for request in requests]))

    def _headed(self, head: str, text: str) -> str:
        if self.name == "notebook" and head:
            return text.replace('"source": "', f'"source": {json.dumps(head)[:-1]}', 1)
        return head + text


def _fields(value: Any) -> Fields | None:
    """Return the fields of an object, or None for another value."""
    if isinstance(value, dict):
        return list(value.items())
    is_fields = isinstance(value, list) and bool(value) and all(isinstance(item, tuple) for item in value)
    return value if is_fields else None


class Braces:
    """Writes objects in braces, a field on each line."""

    def __init__(self, key: Callable[[str], str], scalar: Callable[[Any], str], between: str = ": ") -> None:
        self.key = key
        self.scalar = scalar
        self.between = between

    def write(self, value: Any, indent: str = "  ") -> str:
        """Return the text of a value."""
        if isinstance(value, Written):
            return value
        fields = _fields(value)
        if fields is not None:
            lines = [
                item if not key else f"{self.key(key)}{self.between}{self.write(item, indent + '  ')}"
                for key, item in fields
            ]
            return (
                "{\n"
                + "".join(f"{indent}{line}\n" for line in self._separated(lines, fields))
                + indent[2:]
                + "}"
            )
        if isinstance(value, list):
            items = [self.write(item, indent + "  ") for item in value]
            return "[" + ", ".join(items) + "]"
        return self.scalar(value)

    def _separated(self, lines: list[str], fields: Fields) -> Iterator[str]:
        last = max((i for i, (key, _) in enumerate(fields) if key), default=-1)
        for number, (line, (key, _)) in enumerate(zip(lines, fields, strict=True)):
            comment = line.rpartition(" # ")
            if not key or number == last:
                yield line
            elif comment[1] and "\n" not in comment[2]:
                yield f"{comment[0]}, # {comment[2]}"
            else:
                yield line + ","


_JSON = Braces(json.dumps, json.dumps)
_PYTHON = Braces(repr, repr)
_TYPESCRIPT = Braces(lambda key: key if key.isidentifier() else json.dumps(key), json.dumps)


def _yaml(value: Any, indent: str = "") -> str:
    """Return the lines of a value in block style."""
    if isinstance(value, Written):
        return f" {value}\n"
    fields = _fields(value)
    if fields is not None:
        lines = [
            f"{indent}{item}\n" if not key else f"{indent}{_yaml_key(key)}:{_yaml(item, indent + '  ')}"
            for key, item in fields
        ]
        return "\n" + "".join(lines)
    if isinstance(value, list) and value and all(_fields(item) is not None for item in value):
        return "\n" + "".join(f"{indent}-{_yaml(item, indent + '  ')}" for item in value)
    return f" {json.dumps(value)}\n"


def _yaml_key(key: str) -> str:
    return key if re.fullmatch(r"[\w<]+", key) else json.dumps(key)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _hcl(value: Any) -> str:
    if isinstance(value, Written):
        return value
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_hcl(item)}" for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("${", "$${")


def _block(fields: Fields) -> str:
    """Return the arguments and blocks of a resource."""
    text = ""
    for key, value in fields:
        inner = _fields(value) if not isinstance(value, dict) else None
        if not key:
            text += f"{value}\n"
        elif inner is not None:
            text += f"{_snake(key)} {{\n{_block(inner)}}}\n"
        elif isinstance(value, list) and value and all(_fields(item) is not None for item in value):
            text += "".join(f"{_snake(key)} {{\n{_block(_fields(item) or [])}}}\n" for item in value)
        else:
            text += f"{_snake(key)} = {_hcl(value)}\n"
    return text


def _resources(texts: list[str]) -> str:
    return "".join(
        f'resource "aws_sagemaker_algorithm" "a{number}" {{\n{text}}}\n' for number, text in enumerate(texts)
    )


def _template(texts: list[str]) -> str:
    rows = [
        f'"A{number}": {{"Type": "AWS::SageMaker::Algorithm", "Properties": {text}}}'
        for number, text in enumerate(texts)
    ]
    return '{"Resources": {' + ",\n".join(rows) + "}}"


def _yaml_template(texts: list[str]) -> str:
    rows = [
        f"  A{number}:\n    Type: AWS::SageMaker::Algorithm\n    Properties:{text}"
        for number, text in enumerate(texts)
    ]
    return "Resources:\n" + "".join(rows)


def _terraform_json(texts: list[str]) -> str:
    rows = ",\n".join(f'"a{number}": {text}' for number, text in enumerate(texts))
    return f'{{"resource": {{"aws_sagemaker_algorithm": {{{rows}}}}}}}'


def _cells(texts: list[str]) -> str:
    cells = [
        f'{{"cell_type": "code", "metadata": {{}}, "outputs": [], "source": {json.dumps(text)}}}'
        for text in texts
    ]
    return '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + ",\n".join(cells) + "]}"


def _snake_json(fields: Fields) -> str:
    def snaked(value: Any) -> Any:
        inner = _fields(value)
        if inner is not None:
            return [(_snake(key), snaked(item)) for key, item in inner]
        return [snaked(item) for item in value] if isinstance(value, list) else value

    return _JSON.write(snaked(fields))


def _python_call(fields: Fields) -> str:
    return f"client.create_algorithm(**{_PYTHON.write(fields)})\n"


def _joined(before: str, between: str, after: str, texts: list[str]) -> str:
    return before + between.join(texts) + after


def _sum(texts: list[str]) -> str:
    return "".join(texts)


SYNTAXES: dict[str, Syntax] = {
    syntax.name: syntax
    for syntax in (
        Syntax("json", "json", ".json", _JSON.write, partial(_joined, "[", ",\n", "]")),
        Syntax("yaml", "yaml", ".yaml", _yaml, partial(_joined, "---", "---", "")),
        Syntax("python", "python", ".py", _python_call, _sum),
        Syntax("notebook", "python", ".ipynb", _python_call, _cells),
        Syntax("terraform", "hcl", ".tf", _block, _resources),
        Syntax("terraform-json", "json", ".tf.json", _snake_json, _terraform_json),
        Syntax("cloudformation", "json", ".json", _JSON.write, _template),
        Syntax("cloudformation-yaml", "yaml", ".yaml", lambda fields: _yaml(fields, "      "), _yaml_template),
        Syntax("markdown", "json", ".md", _JSON.write, partial(_joined, "# Page\n```json\n", "\n```\n\ntext\n```json\n", "\n```\n")),
        Syntax(
            "typescript",
            "ts",
            ".ts",
            lambda fields: f"await client.send(new CreateAlgorithmCommand({_TYPESCRIPT.write(fields)}));\n",
            _sum,
        ),
        Syntax(
            "shell",
            "json",
            ".sh",
            lambda fields: "aws sagemaker create-algorithm --cli-input-json "
            + "'" + _JSON.write(fields).replace("'", "'\\''") + "'\n",
            _sum,
        ),
    )
}  # fmt: skip


def pairs() -> Iterator[tuple[str, str, str]]:
    """Yield every sensible combination: the syntax, what is repeated, and the feature."""
    for syntax in SYNTAXES.values():
        for repeated in ("specs", *REPEATED):
            for name, feature in FEATURES.items():
                if feature.is_of(syntax) and not (feature.head and syntax.name == "markdown"):
                    yield syntax.name, repeated, name
