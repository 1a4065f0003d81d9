"""Files for fuzzing: the seeds of each syntax, and files made from them by random mutations."""

from __future__ import annotations

import functools
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from algolint.aws.model import REQUEST, Model
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.syntaxes import read
from algolint.testing import examples, model_of
from algolint.values import UNKNOWN

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "campaigns" / "seeds"
#: The syntaxes of generated files.
SYNTAXES = ("json", "yaml", "python", "notebook", "cloudformation", "terraform", "template")
#: The longest generated file, in bytes.
LONGEST = 20_000

# Tokens for which readers and rules have branches; mutations insert them.
TOKENS = [
    *'{}[]()",:\'#&*!|>?-%@`\\ \n\r\t\0\x7f\x85\xa0\xad\u2028\u202e\ue000\ufeff\ud800\udfff\U0001f600$<>~=.+0',
    "null", "true", "yes", "1e999", "-0", "0o17", "0x1F", "1_000", "12:30:45", "2023-05-01", ".inf", "NaN", "9" * 400, "\\ud83d", "\\u0000", '""', "''", "\r\n",
    "AlgorithmName", "TrainingSpecification", "SupportedHyperParameters", "DefaultValue", "Range", "Tags", "<RoleArn>", "arn:aws:iam::123456789012:role/x", "s3://b/k", "ml.m5.xlarge", "AKIAIOSFODNN7EXAMPLE",
    "# algolint: ignore[*]", "# algolint: off", "# algolint: on", "# algolint: ignore-file[pattern]", "ignore[x, unknown-field]",
    "${X}", "{{ x }}", "%(x)s", "<X>",
]  # fmt: skip
TOKENS_OF = {
    "json": ["{{ x }}", "//", "/*", "True", '\\"', '{"a":', "],", "1.", "1e5", "-"],
    "yaml": ["- ", ": ", "? ", "---\n", "...\n", "<<: ", "&a ", "*a", "!!str ", "!!int ", "!!binary ", "!!set ", "!x ", "! ", "%YAML 1.1\n", "%TAG ! x\n", "|\n ", "|2-\n  ", ">-\n", ">+\n\n", "\n  ", "\n    "],
    "python": ["create_algorithm(", "**kw", "f'{x}'", "lambda: 0", "def f():\n ", "import boto3\n", "\n    ", "if x:\n  ", "for x in y:", "x = ", "del x", " + ", " * 3", ".update(", ".append(", "dict(", "'''", "b''", "\\N{DASH}", "r'", "[*x]", ":=", "with a as b:\n ", "class A:\n ", "return ", "global x\n", "%", ".format(", "\\\n", "\x0c"],
    "notebook": ['{"cells": [', '"source": ', '"cell_type": "code"', "%%time\\n", "%matplotlib\\n", "!ls \\\\\\n", "x?\\n", "= !ls", "\\n", "\\ud83d\\ude00", "create_algorithm(", '"worksheets"', '"language": "r"', "NaN", '",\n"'],
    "cloudformation": ["!Ref x", "!If [a, b, !Ref AWS::NoValue]", "!Sub ", "!GetAtt ", "!Select [", "Fn::Transform: {}", "Fn::ForEach::X", "Ref", "Fn::If", "AWS::NoValue", "AWS::SageMaker::Algorithm", "Resources", "Properties", "Type", '{"Ref": "AWS::NoValue"}', "---\n", "<<: *a", "&a "],
    "terraform": ['resource "aws_sagemaker_algorithm" "x" {\n', "<<E\n", "<<-E\n", "\nE\n", "${", "%{if x}", "$${", "}", "dynamic ", "content {", "tags = {", " = ", "null", "var.x", "local.", "? a : b", "for x in y :", "=>", "...", "/*", "*/", "//", "try(", "lookup(", "\\u0041", "\\U00110000", "1.5e3", "awscc_sagemaker_algorithm", "training_channels {", "aws_sagemaker_algorithm", '"resource"', '"dynamic"'],
    "template": ["{{ x }}", "{{- x -}}", "{{", "}}", "{% if x %}", "{%- else %}", "{% endif %}", "{% for x in y %}", "{% endfor %}", "{% set x = 1 %}", "{% raw %}", "{% endraw %}", "{% include 'x' %}", "{% block x %}", "{# x #}", "{{/* x */}}", "{{ if .x }}", "{{ else }}", "{{ end }}", "{{ range .x }}", "{{ $x := 1 }}", '{{ {"a": {}}}}', "${X}", "%(x)s", "{%", "%}", "{#", "#}", "| indent 2", "\n  {{ x }}\n", "- {{ x }}\n", "---\n", "<%= x %>", "<% x.each do |y| %>", "<% end %>", "<% if x %>", "%{ if x }", "%{ for x in y ~}", "%{ endfor }", "%{ endif }", "{{#x}}", "{{^x}}", "{{/x}}", "{{! x }}", "\n{{ x | indent(4) }}\n", "$(x)", "@@X@@", "__X__"],
}  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, -1, 10**30, 1.5, "", "x" * 300, "\ud800", "a\nb", " a: b # c", [], {}, [[]], {"": {}}, "${X}", "<X>", "0.10", "(a+)+$", "{{ x }}",
    {"Ref": "X"}, {"Ref": "AWS::NoValue"}, {"Fn::If": ["C", {"Name": "a"}, {"Ref": "AWS::NoValue"}]}, {"Fn::Transform": {}}, {"dynamic": {"tags": {}}},
]  # fmt: skip


class Corpus:
    """The seeds of a syntax: texts, and specs as values with a function that writes them."""

    def __init__(
        self,
        texts: list[bytes],
        values: list[Any],
        written: Callable[[random.Random, Any], str],
        tokens: list[str],
    ) -> None:
        self.texts = texts
        self.values = values
        self.written = written
        self.tokens = [token.encode("utf-8", "surrogatepass") for token in tokens]

    def files(self) -> list[bytes]:
        """Return a file for each seed."""
        dice = random.Random(1)
        return self.texts + [_encoded(self.written(dice, value)) for value in self.values]


@functools.cache
def corpus(syntax: str) -> Corpus:
    """Return the seeds of a syntax, or of all of them ("run")."""
    if syntax == "run":
        all_of_them = [corpus(one) for one in SYNTAXES]
        values = [(one, value) for one in all_of_them for value in one.values]
        return Corpus(
            [text for one in all_of_them for text in one.texts],
            values,
            # A pair, so that each is written in its own syntax; a reshaped one may no longer be a pair.
            lambda dice, pair: pair[0].written(dice, pair[1]),
            [*TOKENS, *(token for tokens in TOKENS_OF.values() for token in tokens)],
        )
    texts = [path.read_bytes() for path in _paths(syntax)]
    # Small files are quicker to read, and their mutations are more effective.
    texts = [part for text in texts for part in text.split(b"\n---\n") if len(part) < LONGEST // 2]
    wrap, written = _WRITTEN[syntax]
    values = [wrap(spec) for spec in _specs()] if wrap else []
    return Corpus(texts, values, written, TOKENS + TOKENS_OF[syntax])


def _paths(syntax: str) -> Iterator[Path]:
    """Yield the seeds that are files: those made for fuzzing, and fixtures."""
    yield from sorted((SEEDS / syntax).glob("*.*"))
    for path in sorted((ROOT / "fixtures").rglob("*.*")):
        if path.name.endswith(_ENDINGS[syntax]) and (".cfn." in path.name) == (syntax == "cloudformation"):
            yield path


_ENDINGS: dict[str, tuple[str, ...]] = {
    "json": (".json",),
    "yaml": (".yaml", ".yml"),
    "python": (".py",),
    "notebook": (".ipynb",),
    "cloudformation": (".cfn.yaml", ".cfn.json"),
    "terraform": (".tf", ".tf.json"),
    "template": (),
}


@functools.cache
def _specs() -> list[Any]:
    """Yield the examples of the rules' pages, each in its place in a request, and the smaller fixtures."""
    routes = _routes(model_of())
    found = []
    for rule in first_party_rules():
        for example in examples(rule):
            spec = _plain(example.document().spec)
            for step in reversed(routes.get(example.shape, ())):
                spec = [spec] if step is ... else {step: spec}
            if isinstance(spec, dict):
                found.append({"AlgorithmName": "a", "TrainingSpecification": {}, **spec})
    for path in (*_paths("json"), *_paths("yaml")):
        text = path.read_text("utf-8")
        if len(text) < 3000 and SEEDS not in path.parents:
            found += [_plain(document.spec) for document in read(Source(path.name, text))]
    return found


def _routes(model: Model) -> dict[str, tuple[Any, ...]]:
    """Return the shortest path from a request to each shape; `...` is an item."""
    routes: dict[str, tuple[Any, ...]] = {REQUEST: ()}
    for name in (waiting := [REQUEST]):
        shape = model.shape(name)
        steps: list[tuple[Any, str]] = list(shape.members.items())
        steps += [(..., shape.item)] if shape.item else []
        for step, below in steps:
            if below not in routes:
                routes[below] = (*routes[name], step)
                waiting.append(below)
    return routes


def _plain(value: Any) -> Any:
    if value is UNKNOWN:
        return "${X}"
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


# ---------------------------------------------------------------- writing values


def _json(dice: random.Random, value: Any) -> str:
    return json.dumps(value, indent=dice.choice((None, 2)), ensure_ascii=dice.random() < 0.5)


def _yaml(dice: random.Random, value: Any) -> str:
    return _json(dice, value) if dice.random() < 0.3 else "\n".join(_block(dice, value, ""))


def _block(dice: random.Random, value: Any, indent: str) -> list[str]:
    """Return the lines of a value in block style; texts are in quotes, or plain, and then may be other
    values.
    """
    if not isinstance(value, (dict, list)):
        return [indent + _scalar(dice, value)]
    lines = []
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        lead = f"{indent}{_scalar(dice, key)}:" if isinstance(value, dict) else f"{indent}-"
        if isinstance(item, (dict, list)) and item:
            below = _block(dice, item, indent + "  ")
            if lead.endswith("-"):
                lines += [f"{lead} {below[0].lstrip(' ')}", *below[1:]]
            else:
                lines += [lead, *below]
        else:
            lines.append(f"{lead} {_scalar(dice, item)}")
    return lines


def _scalar(dice: random.Random, value: Any) -> str:
    plain = isinstance(value, str) and value and dice.random() < 0.7
    return value if plain else json.dumps(value)


def _python(dice: random.Random, value: Any) -> str:
    way = dice.randrange(3)
    if way and isinstance(value, dict):
        value = {str(key): item for key, item in value.items()}
        return f"import boto3\nspec = {value!r}\nboto3.client('sagemaker').create_algorithm(**spec)\n"
    return f"x.create_algorithm(**{value!r})\n" if way == 1 else f"TrainingSpecification = {value!r}\n"


def _hcl(dice: random.Random, value: Any) -> str:
    if isinstance(value, dict) and "resource" in value:
        return _json(dice, value)
    body = "".join(_argument(dice, name, item) for name, item in value.items()) if type(value) is dict else ""
    return f'resource "{dice.choice(_KINDS)}" "this" {{\n{body}}}\n'


_KINDS = ("aws_sagemaker_algorithm", "awscc_sagemaker_algorithm")


def _argument(dice: random.Random, name: str, value: Any) -> str:
    if isinstance(value, dict) and dice.random() < 0.8:
        return f"{name} {{\n{''.join(_argument(dice, key, item) for key, item in value.items())}}}\n"
    if isinstance(value, list) and value and isinstance(value[0], dict) and dice.random() < 0.8:
        return "".join(_argument(dice, name, item) for item in value)
    return f"{name} = {json.dumps(value, ensure_ascii=False)}\n"


def _snake(value: Any) -> Any:
    if isinstance(value, dict):
        return {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower(): _snake(v) for key, v in value.items()}
    return [_snake(item) for item in value] if isinstance(value, list) else value


def _resources(spec: Any) -> Any:
    return {"Resources": {"This": {"Type": "AWS::SageMaker::Algorithm", "Properties": spec}}}


def _cells(spec: Any) -> Any:
    source = [f"spec = {spec!r}\n", "x.create_algorithm(**spec)"]
    return {"cells": [{"cell_type": "code", "metadata": {}, "source": source}], "metadata": {}, "nbformat": 4}


def _same(spec: Any) -> Any:
    return spec


# What surrounds a spec, and how that is written; templates are only texts.
_WRITTEN: dict[str, tuple[Callable[[Any], Any] | None, Callable[[random.Random, Any], str]]] = {
    "json": (_same, _json),
    "yaml": (_same, _yaml),
    "python": (_same, _python),
    "notebook": (_cells, _json),
    "cloudformation": (_resources, _yaml),
    "terraform": (_snake, _hcl),
    "template": (_same, _yaml),
}


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


# ---------------------------------------------------------------- mutations


def reshaped(dice: random.Random, value: Any) -> Any:
    """Return a value of which parts are replaced, dropped, doubled or moved to wrong places."""
    chance = dice.random()
    if chance < 0.03:
        return dice.choice(VALUES)
    if isinstance(value, dict):
        items = [(key, reshaped(dice, item)) for key, item in value.items() if dice.random() > 0.02]
        if items and chance > 0.9:
            name = dice.choice(items)[0] + dice.choice(("", "s", "\u202e"))
            items[dice.randrange(len(items))] = name, dice.choice(VALUES)
        return dict(items)
    if isinstance(value, list):
        found = [reshaped(dice, item) for item in value if dice.random() > 0.02]
        return found + found[:1] if chance > 0.95 else found
    return value


def mutated(dice: random.Random, seeds: Corpus) -> bytes:
    """Return a file made from the seeds: a spec reshaped, or a text with some mutations, or both."""
    chance = dice.random()
    if seeds.values and chance < 0.5:
        value = dice.choice(seeds.values)
        if isinstance(value, tuple):
            value = value[0], reshaped(dice, value[1])
        else:
            value = reshaped(dice, value)
        text = _encoded(seeds.written(dice, value))
        if chance < 0.25:
            return text[:LONGEST]
    else:
        text = dice.choice(seeds.texts)
        if len(text) > 800 and dice.random() < 0.8:
            start = dice.randrange(len(text) - 400) if dice.random() < 0.5 else 0
            text = text[start : start + dice.randrange(50, 800)]
    return damaged(dice, text, seeds)


def damaged(dice: random.Random, text: bytes, seeds: Corpus, longest: int = LONGEST) -> bytes:
    """Return a text with some mutations of bytes, tokens and parts; sometimes a part is repeated very often."""
    data = bytearray(text)
    if dice.random() < 0.01:
        # Repeating a part up to the limit shows what takes too long or nests too deeply.
        at = dice.randrange(len(data) + 1)
        piece = bytes(data[at : at + dice.choice((1, 2, 3, 8, 20, 60))]) if dice.random() < 0.5 else b""
        piece = piece or b"".join(dice.choice(seeds.tokens) for _ in range(dice.choice((1, 1, 2, 3))))
        room = dice.choice((300, 2000, longest)) // len(piece)
        data[at:at] = piece * room
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 8))):
        at = dice.randrange(len(data) + 1)
        length = dice.choice((0, 1, 1, 2, 4, 16, 64))
        match dice.randrange(8):
            case 0:
                data[at : at + length] = b""
            case 1:
                data[at:at] = dice.randbytes(dice.choice((1, 1, 2, 4)))
            case 2 | 3 | 4:
                data[at : at + dice.choice((0, 0, length))] = dice.choice(seeds.tokens)
            case 5:
                data[at:at] = data[at : at + length] * dice.choice((1, 2, 8))
            case 6:
                other = dice.choice(seeds.texts)
                start = dice.randrange(len(other) + 1)
                data[at : at + length] = other[start : start + dice.randrange(80)]
            case _ if at < len(data):
                data[at] ^= 1 << dice.randrange(8)
    return bytes(data[:longest])
