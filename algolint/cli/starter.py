"""The template that `algolint init` writes, in the syntax of the file's extension."""

from __future__ import annotations

import json
import os

from algolint.errors import UserError
from algolint.messages import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_HEAD = (
    "A template of a CreateAlgorithm request. Replace each <...>, delete what you do not need, and check it"
    " with"
)
# Left out in CloudFormation, whose resource type has no validation, without which nothing can be certified.
_NOT_IN_CLOUDFORMATION = ("ValidationSpecification:", "CertifyForMarketplace:")


def text_for(path: str) -> str:
    """Return the template for a file. Raises `UserError` for unknown extensions."""
    name = os.path.basename(path).lower()
    for endings, written in _WRITERS:
        if name.endswith(endings):
            return written(path)
    known = ", ".join(ending for endings, _ in _WRITERS for ending in endings)
    raise UserError(f"{path} cannot be written: its extension is not one of {known}")


def in_shell(path: str) -> str:
    """Return a path on one line, quoted for a shell if necessary."""
    path = escaped(path)
    return f'"{path}"' if " " in path else path


def _yaml(path: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), "starter.yaml"), encoding="utf-8") as file:
        return file.read().replace("algorithm.yaml", in_shell(os.path.basename(path)))


def _request() -> dict[str, Any]:
    import yaml

    request: dict[str, Any] = yaml.safe_load(_yaml("algorithm.yaml"))
    return request


def _json(path: str) -> str:  # noqa: ARG001
    return json.dumps(_request(), indent=2) + "\n"


def _cloudformation(path: str) -> str:
    head, *parts = _yaml(path).split("\n\n")
    name = head[head.index("AlgorithmName:") :]
    kept = [part for part in (name, *parts) if not any(key in part for key in _NOT_IN_CLOUDFORMATION)]
    body = "\n\n".join(kept)
    lines = [f"      {line}" if line else "" for line in body.splitlines()]
    resource = ["  Algorithm:", "    Type: AWS::SageMaker::Algorithm", "    Properties:", *lines]
    return "\n".join(
        [f"# {_HEAD}:", f"#   algolint {in_shell(os.path.basename(path))}", "Resources:", *resource, ""]
    )


def _python(path: str) -> str:
    lines = [f"# {_HEAD}:", f"#   algolint {in_shell(os.path.basename(path))}", "import boto3", ""]
    lines += ['client = boto3.client("sagemaker")', "client.create_algorithm("]
    lines += [f"    {key}={_literal(value, 1)}," for key, value in _request().items()]
    return "\n".join([*lines, ")", ""])


def _literal(value: Any, depth: int) -> str:
    pad = "    " * depth
    match value:
        case dict():
            rows = [f"{pad}    {key!r}: {_literal(item, depth + 1)},\n" for key, item in value.items()]
            return f"{{\n{''.join(rows)}{pad}}}".replace("'", '"')
        case [dict(), *_]:
            rows = [f"{pad}    {_literal(item, depth + 1)},\n" for item in value]
            return f"[\n{''.join(rows)}{pad}]"
        case list():
            return f"[{', '.join(_literal(item, depth) for item in value)}]"
        case str():
            return json.dumps(value)
    return repr(value)


def _terraform(path: str) -> str:
    body = "".join(_argument(key, value, 1) for key, value in _request().items())
    head = f"# {_HEAD}:\n#   algolint {in_shell(os.path.basename(path))}\n"
    return f'{head}resource "aws_sagemaker_algorithm" "algorithm" {{\n{_aligned(body)}}}\n'


def _aligned(body: str) -> str:
    """Return a body formatted like `terraform fmt`: the = signs of consecutive arguments in one column."""
    lines: list[str] = []
    group: list[tuple[str, str]] = []
    for line in [*body.splitlines(), ""]:
        name, sign, value = line.partition(" = ")
        if sign:
            group.append((name, value))
            continue
        width = max((len(name) for name, _ in group), default=0)
        lines += [f"{name:{width}} = {value}" for name, value in group]
        lines.append(line)
        group.clear()
    return "\n".join(lines)


def _terraform_json(path: str) -> str:  # noqa: ARG001
    resource = {"aws_sagemaker_algorithm": {"algorithm": _in_provider_names(_request())}}
    return json.dumps({"resource": resource}, indent=2) + "\n"


def _in_provider_names(value: Any) -> Any:
    from algolint.readers.terraform_names import MAPS, provider_name

    match value:
        case dict():
            return {
                provider_name(key): item if key in MAPS else _in_provider_names(item)
                for key, item in value.items()
            }
        case list():
            return [_in_provider_names(item) for item in value]
    return value


def _argument(key: str, value: Any, depth: int) -> str:
    from algolint.readers.terraform_names import MAPS, provider_name

    pad = "  " * depth
    name = provider_name(key)
    match value:
        case dict() if key not in MAPS:
            inner = "".join(_argument(field, item, depth + 1) for field, item in value.items())
            return f"{pad}{name} {{\n{inner}{pad}}}\n"
        case [dict(), *_]:
            return "".join(_argument(key, item, depth) for item in value)
        case dict():
            entries = ", ".join(f"{field} = {json.dumps(item)}" for field, item in value.items())
            return f"{pad}{name} = {{ {entries} }}\n"
    return f"{pad}{name} = {json.dumps(value)}\n"


# The first entry with the file's extension is used.
_WRITERS: tuple[tuple[tuple[str, ...], Callable[[str], str]], ...] = (
    ((".template", ".template.yaml", ".template.yml", ".cfn.yaml", ".cfn.yml"), _cloudformation),
    ((".yaml", ".yml"), _yaml),
    ((".tf.json",), _terraform_json),
    ((".json",), _json),
    ((".tf",), _terraform),
    ((".py",), _python),
)
