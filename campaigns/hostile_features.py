"""Hostile files, folders and messages for single features: jobs, releases, logs, pipelines, state machines,
the server.

A few generators make each family, so that each feature gets many kinds of hostile input.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from algolint.config.settings import FORMATS
from campaigns.hostile_files import CALL, COMMAND, RESOURCE, SEND, YAML, faults, nested
from campaigns.hostile_parts import IMAGE

# A description, a function that makes the case in a folder, and the arguments; a file `stdin` is the standard
# input.
Case: TypeAlias = tuple[str, Callable[[Path], object], tuple[str, ...]]
Text: TypeAlias = Callable[[], str]

CHECK = ("--isolated", "--format", "concise")
ARN = "arn:aws:sagemaker:us-west-2:246618743249:algorithm/a"


def _folder(**files: Text) -> Callable[[Path], object]:
    """Make files, with `__` for a dot in the names of arguments."""

    def make(folder: Path) -> None:
        for name, text in files.items():
            path = folder / name.replace("__", ".")
            path.write_bytes(text().encode("utf-8", "surrogatepass"))

    return make


def _rows(count: int, line: str) -> str:
    return "".join(line.replace("{n}", str(n)).replace("{m}", str(n - 1)) for n in range(1, count))


# Values in place of an object or a text.
OTHERS: list[Any] = [1, None, "x", True, [], [[]], {}, [None], 1.5]


# ---------------------------------------------------------------- requests that use an algorithm


def _algorithm(count: int = 1000) -> dict[str, Any]:
    metrics = [{"Name": f"m{n}", "Regex": f"m{n}=(.*?)"} for n in range(count)]
    return {
        "AlgorithmName": "a",
        "TrainingSpecification": {
            "TrainingImage": IMAGE,
            "SupportedHyperParameters": [
                {"Name": f"param_{n}", "Type": "Integer", "IsTunable": True, "IsRequired": True}
                for n in range(count)
            ],
            "TrainingChannels": [{"Name": f"channel{n}", "IsRequired": True} for n in range(count)],
            "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
            "MetricDefinitions": metrics,
        },
        "InferenceSpecification": {
            "Containers": [{"Image": IMAGE}],
            "SupportedContentTypes": ["text/csv"] * 100,
        },
    }


def _many_of(count: int, name: str, value: str) -> dict[str, Any]:
    """Return every part of a job that can be repeated, with names and values of a kind."""
    names = [name.replace("{n}", str(n)) for n in range(count)]
    return {
        "values": dict.fromkeys(names, value),
        "channels": [{"ChannelName": one, "ContentType": value, "CompressionType": value} for one in names],
        "ranges": [
            {"Name": one, "MinValue": value, "MaxValue": value, "ScalingType": value} for one in names
        ],
        "names": names,
    }


def _requests(many: dict[str, Any]) -> dict[str, dict[str, Any]]:
    training = {
        "TrainingJobName": "a",
        "AlgorithmSpecification": {"AlgorithmName": "a", "TrainingInputMode": "File"},
        "HyperParameters": many["values"],
        "InputDataConfig": many["channels"],
    }
    tuning = {
        "AlgorithmSpecification": {"AlgorithmName": "a", "TrainingInputMode": "File"},
        "StaticHyperParameters": many["values"],
        "InputDataConfig": many["channels"],
        "HyperParameterRanges": {
            "IntegerParameterRanges": many["ranges"],
            "ContinuousParameterRanges": many["ranges"],
            "CategoricalParameterRanges": [
                {"Name": name, "Values": many["names"][:50]} for name in many["names"]
            ],
        },
        "TuningObjective": {"Type": "Maximize", "MetricName": "m"},
    }
    containers = [{"ContainerHostname": name, "AlgorithmName": "a", "Image": name} for name in many["names"]]
    return {
        "training": training,
        "tuning": {"HyperParameterTuningJobName": "a", "HyperParameterTuningJobConfig": {}, "TrainingJobDefinition": tuning},
        "tunings": {
            "HyperParameterTuningJobName": "a",
            "HyperParameterTuningJobConfig": {},
            "TrainingJobDefinitions": [{**tuning, "DefinitionName": name} for name in many["names"][:20]],
        },
        "transform": {"TransformJobName": "a", "ModelName": "a", "TransformInput": {"ContentType": many["names"][-1]}, "Environment": many["values"]},
        "package": {
            "ModelPackageName": "a",
            "SourceAlgorithmSpecification": {"SourceAlgorithms": [{"AlgorithmName": "a", "ModelDataUrl": name} for name in many["names"]]},
            "InferenceSpecification": {"Containers": containers, "SupportedContentTypes": many["names"]},
        },
        "endpoint": {
            "EndpointConfigName": "a",
            "ProductionVariants": [{"VariantName": name, "ModelName": "a", "InstanceType": name} for name in many["names"]],
        },
    }  # fmt: skip


_NAMES = {
    "names nearly right": ("parm_{n}", "1"),
    "names in another case": ("PARAM_{n}", "0.5"),
    "long names": ("p" * 2000 + "{n}", "x"),
    "long values": ("param_{n}", "9" * 3000),
    "secrets": ("password_{n}", "MyS3cretP4ss{n}"),
    "odd characters": ("\u202e{n}\x07", "\U0001f600"),
}


def jobs() -> Iterator[Case]:
    """Yield algorithms and requests that use them."""
    for what, (name, value) in _NAMES.items():
        count = 300 if what == "long values" else 1000
        for kind in ("training", "tuning", "tunings", "transform", "package", "endpoint"):
            job = partial(
                lambda k, c, n, v: json.dumps(_requests(_many_of(c, n, v))[k]), kind, count, name, value
            )
            spec = partial(lambda c: json.dumps(_algorithm(c)), count)
            yield (
                f"job: {kind} of {what}",
                _folder(a__json=spec, b__json=job),
                ("job", "--isolated", "a.json", "b.json"),
            )
    texts: dict[str, tuple[str, Text]] = {
        "a thousand jobs in documents": ("b.yaml", lambda: _rows(1000, "---\nTrainingJobName: a\nAlgorithmSpecification: {AlgorithmName: a}\nHyperParameters: {parm_{n}: 1}\n")),
        "calls of a program": ("b.py", lambda: "client.create_training_job(TrainingJobName='a', AlgorithmSpecification={'AlgorithmName': 'a'})\n" * 2500),
        "estimators of a program": ("b.py", lambda: _rows(1500, "e{n} = AlgorithmEstimator(algorithm_arn='a', hyperparameters={'parm_{n}': 1})\ne{n}.fit({'c{n}': 's3://a'})\n")),
        "tuners of a program": ("b.py", lambda: "e = AlgorithmEstimator(algorithm_arn='a')\n" + _rows(2000, "t{n} = HyperparameterTuner(e, 'm', {'parm_{n}': IntegerParameter(1, 2)})\n")),
        "tasks of a state machine": ("b.json", lambda: json.dumps({"States": {f"s{n}": {"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync", "Parameters": {"TrainingJobName": "a", "AlgorithmSpecification": {"AlgorithmName": "a"}, "HyperParameters": {f"parm_{n}": "1"}}} for n in range(900)}})),
        "an open text": ("b.json", lambda: '{"TrainingJobName": "a", "AlgorithmSpecification": {"AlgorithmName": "a"}, "HyperParameters": {' + '"a": "' * 200_000),
        "values in one another": ("b.json", lambda: '{"TrainingJobName": "a", "AlgorithmSpecification": {"AlgorithmName": "a"}, "InputDataConfig": ' + nested('[{"DataSource": ', "1", "}]", 90) + "}"),
    }  # fmt: skip
    for what, (name, text) in texts.items():
        made = _folder(**{"a__json": lambda: json.dumps(_algorithm(300)), name.replace(".", "__"): text})
        yield f"job: {what}", made, ("job", "--isolated", "a.json", name)
        yield f"job in a folder: {what}", made, ("--isolated", "--format", "concise", ".")


# ---------------------------------------------------------------- pipelines, state machines, Terraform's JSON


def documents() -> Iterator[Case]:
    """Yield documents that contain specs."""
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:createAlgorithm"}
    spec = {"AlgorithmName": "a b", "TrainingSpecification": {"TrainingImage": IMAGE}}

    def states(parameters: Any, count: int) -> str:
        return json.dumps(
            {"StartAt": "s0", "States": {f"s{n}": {**task, "Parameters": parameters} for n in range(count)}}
        )

    def deep(kind: str, around: str, depth: int) -> str:
        before = f'{{"StartAt": "m", "States": {{"m": {{"Type": "{kind}", "{around}": '
        before, after = (before + "[", "]}}}") if around == "Branches" else (before, "}}}")
        return nested(
            before, json.dumps({"StartAt": "s", "States": {"s": {**task, "Parameters": spec}}}), after, depth
        )

    def step(number: int, more: dict[str, Any]) -> dict[str, Any]:
        arguments = {"TrainingJobName": "a", "AlgorithmSpecification": {"AlgorithmName": ARN}, **more}
        return {"Name": f"s{number}", "Type": "Training", "Arguments": arguments}

    def pipeline(steps: list[Any], parameters: int = 0) -> str:
        declared = [{"Name": f"p{n}", "Type": "String", "DefaultValue": "x"} for n in range(parameters)]
        return json.dumps({"Version": "2020-12-01", "Parameters": declared, "Steps": steps})

    rows: dict[str, tuple[str, Text]] = {
        "state machine: paths": ("a.json", lambda: states({f"K{n}.$": "$.a" for n in range(90)}, 900)),
        "state machine: intrinsic functions": ("a.json", lambda: states({"AlgorithmName.$": "States.Format('{}', " * 300 + "$.a" + ")" * 300}, 300)),
        "state machine: a long function": ("a.json", lambda: states({"AlgorithmName.$": "States.Format('" + "{}" * 100_000 + "')"}, 3)),
        "state machine: JSONata": ("a.json", lambda: states({"AlgorithmName": "{% " + "(" * 5000 + "%}", "Tags": "{% $a %}"}, 300)),
        "state machine: maps": ("a.json", lambda: deep("Map", "Iterator", 45)),
        "state machine: processors": ("a.json", lambda: deep("Map", "ItemProcessor", 45)),
        "state machine: branches": ("a.json", lambda: deep("Parallel", "Branches", 35)),
        "state machine: too deep": ("a.json", lambda: deep("Map", "Iterator", 500)),
        "state machine: in YAML": ("a.yaml", lambda: "States:\n" + _rows(900, "  s{n}:\n    Type: Task\n    Resource: arn:aws:states:::aws-sdk:sagemaker:createAlgorithm\n    Parameters: {AlgorithmName: a b, Tags: [1]}\n")),
        "state machine: aliases": ("a.yaml", lambda: "x: &x {AlgorithmName: a b, Tags: [1]}\nStates:\n" + _rows(900, "  s{n}: {Type: Task, Resource: 'arn:aws:states:::aws-sdk:sagemaker:createAlgorithm', Parameters: *x}\n")),
        "state machine: in a template": ("a.json", lambda: json.dumps({"Resources": {f"r{n}": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": states(spec, 3)}} for n in range(400)}})),
        "state machine: of substitutions": ("a.json", lambda: json.dumps({"Resources": {f"r{n}": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Sub": states({"AlgorithmName": "${x}" * 200}, 3)}}} for n in range(300)}})),
        "state machine: joined": ("a.json", lambda: json.dumps({"Resources": {"r": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", [*states(spec, 30)]]}}}}})),
        "state machine: in Terraform": ("a.tf", lambda: 'resource "aws_sfn_state_machine" "x" {\ndefinition = jsonencode({\nStates = {\n' + _rows(900, 's{n} = { Type = "Task", Resource = "arn:aws:states:::aws-sdk:sagemaker:createAlgorithm", Parameters = { AlgorithmName = "a b" } }\n') + "}\n})\n}\n"),
        "state machine: text in Terraform": ("a.tf", lambda: 'resource "aws_sfn_state_machine" "x" {\ndefinition = <<E\n' + states(spec, 900) + "\nE\n}\n"),
        "pipeline: steps": ("a.json", lambda: pipeline([step(n, {}) for n in range(900)])),
        "pipeline: too many steps": ("a.json", lambda: pipeline([step(n, {}) for n in range(4000)])),
        "pipeline: parameters": ("a.json", lambda: pipeline([step(n, {"HyperParameters": {f"h{k}": {"Get": f"Parameters.p{k}"} for k in range(90)}}) for n in range(200)], 1000)),
        "pipeline: functions": ("a.json", lambda: pipeline([step(n, {"HyperParameters": {"h": {"Std:Join": {"On": "", "Values": [{"Get": "Parameters.p0"}] * 90}}}}) for n in range(300)], 3)),
        "pipeline: functions in one another": ("a.json", lambda: '{"Version": "2020-12-01", "Steps": [{"Name": "s", "Type": "Training", "Arguments": {"TrainingJobName": "a", "AlgorithmSpecification": {"AlgorithmName": ' + nested('{"Std:Join": {"On": "", "Values": [', "1", "]}}", 55) + "}}}]}"),
        "pipeline: conditions": ("a.json", lambda: nested('{"Version": "2020-12-01", "Steps": [{"Name": "c", "Type": "Condition", "Arguments": {"IfSteps": [', json.dumps(step(1, {})), '], "ElseSteps": []}}]}', 20)),
        "pipeline: named in a circle": ("a.json", lambda: pipeline([step(n, {"AlgorithmSpecification": {"AlgorithmName": {"Get": f"Steps.s{(n + 1) % 900}.AlgorithmArn"}}}) for n in range(900)])),
        "Terraform's JSON: resources": ("a.tf.json", lambda: json.dumps({"resource": {"aws_sagemaker_algorithm": {f"a{n}": {"algorithm_name": "a b"} for n in range(900)}}})),
        "Terraform's JSON: expressions": ("a.tf.json", lambda: json.dumps({"resource": {"aws_sagemaker_algorithm": {"a": {"algorithm_name": "${" * 200_000, "algorithm_description": "%{if x}" * 100_000}}}})),
        "Terraform's JSON: interpolations": ("a.tf.json", lambda: json.dumps({"locals": {f"x{n}": f"${{local.x{n - 1}}}${{local.x{n - 1}}}" for n in range(1, 200)}, "resource": {"aws_sagemaker_algorithm": {"a": {"algorithm_name": "${local.x199}"}}}})),
        "Terraform's JSON: locals in a circle": ("a.tf.json", lambda: json.dumps({"locals": {f"x{n}": f"${{local.x{(n + 1) % 900}}}" for n in range(900)}, "resource": {"aws_sagemaker_algorithm": {"a": {"algorithm_name": "${local.x0}"}}}})),
        "Terraform's JSON: dynamic blocks": ("a.tf.json", lambda: json.dumps({"resource": {"aws_sagemaker_algorithm": {"a": {"algorithm_name": "a b", "dynamic": {"training_specification": [{"for_each": [1] * 90, "content": {"training_image": "a b"}}] * 900}}}}})),
        "Terraform's JSON: lists in lists": ("a.tf.json", lambda: '{"resource": ' + nested("[", '{"aws_sagemaker_algorithm": ' + nested("[", '{"a": [{"algorithm_name": "a b"}]}', "]", 60) + "}", "]", 60) + "}"),
        "Terraform's JSON: comments": ("a.tf.json", lambda: json.dumps({"resource": {"aws_sagemaker_algorithm": {"a": {"//": "x" * 90_000, **{f"//{n}": n for n in range(20_000)}, "algorithm_name": "a b"}}}})),
        "Terraform's JSON: other types": ("a.tf.json", lambda: json.dumps({"resource": {"aws_sagemaker_algorithm": {f"a{n}": value for n, value in enumerate(OTHERS * 900)}}})),
        "Terraform: names beyond ASCII": ("a.tf", lambda: RESOURCE + _rows(9000, "é{n} = <<É{n}\na\nÉ{n}\n") + "}"),
        "Terraform: open names beyond ASCII": ("a.tf", lambda: RESOURCE + "x = <<" + "É" * 300_000 + '"\n}'),
        "Terraform: stars": ("a.tf", lambda: RESOURCE + "x = y" + "[ * ]" * 15_000 + "\n}"),
        "Terraform: NUL": ("a.tf", lambda: RESOURCE + '# ' + "\0" * 900_000 + "\n}"),
        "CDK: assets": ("a.template.json", lambda: json.dumps({"Resources": {f"r{n}": {"Type": "Custom::AWS", "Properties": {"Create": json.dumps({"service": "SageMaker", "action": "createAlgorithm", "parameters": spec})}} for n in range(900)}})),
        "CDK: joined calls": ("a.template.json", lambda: json.dumps({"Resources": {f"r{n}": {"Type": "Custom::AWS", "Properties": {"Create": {"Fn::Join": ["", ['{"service":"SageMaker","action":"createAlgorithm","parameters":{"AlgorithmName":"', {"Ref": "x"}, '"}}'] * 90]}}} for n in range(300)}})),
        "documents in texts in texts": ("a.json", lambda: json.dumps({"a": _wrapped(json.dumps(spec), 12)})),
        "documents in other documents": ("a.yaml", lambda: _rows(900, "k{n}:\n  spec: {AlgorithmName: a b, Tags: [1], TrainingSpecification: {TrainingImage: x}}\n")),
    }  # fmt: skip
    for what, (name, text) in rows.items():
        yield what, _folder(**{name.replace(".", "__"): text}), (*CHECK, name)


def _wrapped(text: str, times: int) -> str:
    for _ in range(times):
        text = json.dumps(text)
    return text


# ---------------------------------------------------------------- TypeScript, shell, Markdown, notebooks


def programs() -> Iterator[Case]:
    """Yield programs and pages in the syntaxes other than Python."""
    cell = {"cell_type": "code", "metadata": {}, "outputs": []}
    spec = '{"AlgorithmName": "a b", "TrainingSpecification": {"TrainingImage": "x"}, "Tags": [1]}'

    def notebook(cells: list[Any], **more: Any) -> str:
        return json.dumps({"cells": cells, "nbformat": 4, "metadata": {}, **more})

    rows: dict[str, tuple[str, Text]] = {
        "TypeScript: classes": ("a.ts", lambda: _rows(2000, "class A{n} extends A{m} { x = A{m}.x; f() { return this.x; } }\n") + SEND),
        "TypeScript: functions": ("a.ts", lambda: _rows(2500, "function f{n}(x) { return f{m}(x) + f{m}(x); }\n") + SEND),
        "TypeScript: enumerations": ("a.ts", lambda: "enum E {\n" + _rows(9000, "  A{n} = 'a{n}',\n") + "}\n" + SEND),
        "TypeScript: conditions": ("a.ts", lambda: "let X = {};\n" + _rows(2500, "if (a{n}) { X.k{n} = 1; } else { X.l{n} = 2; }\n") + SEND),
        "TypeScript: optional chains": ("a.ts", lambda: "const X = a" + "?.b" * 15_000 + ";\n" + SEND),
        "TypeScript: spread of spreads": ("a.ts", lambda: "const X = " + nested("{...", "{}", ", a: 1}", 90) + ";\n" + SEND),
        "TypeScript: arrow functions": ("a.ts", lambda: "const f = " + "() => " * 150 + "1;\n" + SEND),
        "TypeScript: awaited clients": ("a.ts", lambda: "async function f() {\n" + ("await " + SEND) * 1500 + "}\n"),
        "TypeScript: comments": ("a.ts", lambda: "/* * */" * 40_000 + "\n" + SEND),
        "TypeScript: open comment": ("a.ts", lambda: SEND + "/*" * 300_000),
        "TypeScript: constructs": ("a.ts", lambda: _rows(1500, "new CfnAlgorithm(this, 'a{n}', {algorithmName: 'a b', trainingSpecification: {trainingImage: X}});\n")),
        "TypeScript: texts of emoji": ("a.ts", lambda: "const X = '" + "\U0001f600" * 200_000 + "';\n" + SEND),
        "TypeScript: escapes": ("a.ts", lambda: "const X = '" + "\\u{1F600}\\x41\\0" * 50_000 + "';\n" + SEND),
        "TypeScript: regular expressions": ("a.js", lambda: "const y = " + "/(a|b)*[/]/g, " * 9000 + "1;\n" + SEND),
        "TypeScript: JSX": ("a.tsx", lambda: "const y = <a b={{" + "c: 1, " * 9000 + "}} />;\n" + SEND),
        "TypeScript: decorators": ("a.ts", lambda: "@a()\n" * 15_000 + "class A {}\n" + SEND),
        "shell: functions": ("a.sh", lambda: _rows(3000, "f{n}() {\n f{m}\n}\n") + COMMAND),
        "shell: cases": ("a.sh", lambda: "case $x in\n" + _rows(5000, "a{n}) y={n};;\n") + "esac\n" + COMMAND),
        "shell: pipes": ("a.sh", lambda: "a | " * 15_000 + COMMAND),
        "shell: here-strings": ("a.sh", lambda: "cat <<< 'a'\n" * 9000 + COMMAND),
        "shell: arrays": ("a.sh", lambda: "x=(" + "a " * 60_000 + ')\n' + COMMAND + ' "${x[@]}"'),
        "shell: variables that double": ("a.sh", lambda: "x0=ab\n" + _rows(200, 'x{n}="$x{m}$x{m}"\n') + COMMAND + " --algorithm-description $x199"),
        "shell: arithmetic": ("a.sh", lambda: "x=$((" + "1+" * 30_000 + "1))\n" + COMMAND),
        "shell: expansions": ("a.sh", lambda: "x=" + nested("${a:-", "b", "}", 150) + "\n" + COMMAND),
        "shell: YAML of a here-document": ("a.sh", lambda: "aws sagemaker create-algorithm --cli-input-yaml \"$(cat <<'E'\n" + YAML + "x: [" + "[" * 190 + "]" * 190 + "]\nE\n)\""),
        "shell: shorthand": ("a.sh", lambda: COMMAND + " --tags " + "Key=a,Value=b " * 15_000),
        "shell: shorthand of quotes": ("a.sh", lambda: COMMAND + " --tags Key=\"" + "\\\"a" * 60_000 + '"'),
        "shell: JSON of quotes": ("a.sh", lambda: COMMAND + " --training-specification '" + json.dumps({"TrainingImage": "\\\"'" * 30_000}).replace("'", "'\\''") + "'"),
        "Makefile: recipes": ("Makefile", lambda: _rows(3000, "t{n}: t{m}\n\t" + COMMAND + "\n")),
        "Makefile: variables": ("Makefile", lambda: "X0 = ab\n" + _rows(200, "X{n} = $(X{m})$(X{m})\n") + "all:\n\t" + COMMAND + " --x $(X199)\n"),
        "Markdown: lists": ("a.md", lambda: "".join("  " * (n % 200) + "- ```json\n" + "  " * (n % 200) + spec + "\n" for n in range(900))),
        "Markdown: quotes": ("a.md", lambda: ("> " * 300 + "```json\n" + "> " * 300 + spec + "\n" + "> " * 300 + "```\n") * 200),
        "Markdown: fences of many kinds": ("a.md", lambda: _rows(900, "```json title={n}\n" + spec + "\n```\n~~~yaml\nAlgorithmName: a b\nTags: [1]\n~~~\n")),
        "Markdown: HTML": ("a.md", lambda: "<!--" * 300_000 + "\n```json\n" + spec + "\n```\n"),
        "Markdown: line ends": ("a.md", lambda: "\r" * 1_000_000 + "```json\r" + spec + "\r```\r"),
        "Markdown: deep blocks": ("a.md", lambda: "```json\n" + nested('{"a": ', spec, "}", 5000) + "\n```\n"),
        "notebook: metadata": ("a.ipynb", lambda: notebook([{**cell, "source": CALL}], metadata={"a": {str(n): [n] for n in range(40_000)}})),
        "notebook: deep metadata": ("a.ipynb", lambda: '{"cells": [{"cell_type": "code", "source": "create_algorithm(X)"}], "metadata": ' + nested("[", "1", "]", 5000) + "}"),
        "notebook: attachments": ("a.ipynb", lambda: notebook([{"cell_type": "markdown", "attachments": {"a": {"image/png": "QUJD" * 1_500_000}}, "source": "x"}, {**cell, "source": CALL}])),
        "notebook: sources of other types": ("a.ipynb", lambda: notebook([{**cell, "source": source} for source in OTHERS * 600] + [{**cell, "source": CALL}])),
        "notebook: old form": ("a.ipynb", lambda: json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": CALL}] * 900}], "nbformat": 3, "x": "create_algorithm"})),
        "notebook: functions across cells": ("a.ipynb", lambda: notebook([{**cell, "source": f"def f{n}(x):\n    return f{n - 1}(x)\n"} for n in range(1500)] + [{**cell, "source": "X = f1499(1)\n" + CALL}])),
        "notebook: names of cells": ("a.ipynb", lambda: notebook([{**cell, "source": f"X = {{**X, 'a{n}': 1}}\n"} for n in range(1500)] + [{**cell, "source": CALL}])),
        "notebook: keys twice": ("a.ipynb", lambda: '{"cells": [{"cell_type": "code", ' + '"source": "x", ' * 90_000 + '"source": "create_algorithm(X)"}]}'),
        "Python: dicts of a name": ("a.py", lambda: "X = {}\n" + _rows(2500, "X = {**X, 'a': {n}}\n") + _rows(4000, "def f{n}():\n    X\n") + CALL),
        "Python: dicts of classes": ("a.py", lambda: _rows(3000, "class A{n}:\n    x = {}\n") + _rows(6000, "def f{n}():\n    y.x\n") + CALL),
        "Python: every name": ("a.py", lambda: _rows(6000, "D{n} = {}\n") + _rows(6000, "def f{n}():\n    exec(D)\n") + CALL),
        "Python: a large dict": ("a.py", lambda: "D = {" + _rows(6000, "'a{n}': [],") + "}\n" + _rows(6000, "def f{n}():\n    g(D)\n") + CALL),
        "Python: keys of one dict": ("a.py", lambda: "D = {}\n" + _rows(6000, "def f{n}():\n    D['a{n}'] = 1\n") + CALL),
        "Python: attempts": ("a.py", lambda: "X = {}\n" + _rows(3500, "try:\n    X['a{n}'] = 1\nexcept E:\n    X['b{n}'] = 2\n") + CALL),
        "Python: instances": ("a.py", lambda: "class A:\n    def f(self):\n        self.x = {}\n        return self\na = A()\n" + "a = a.f()\n" * 9000 + CALL),
        "Python: names of any attribute": ("a.py", lambda: _rows(3000, "class A{n}:\n    x = {}\n") + "getattr(y, z)\n" * 6000 + CALL),
        "Python: dataclasses": ("a.py", lambda: _rows(2000, "@dataclass\nclass A{n}(A{m}):\n    x{n}: int = {n}\n") + "X = asdict(A1999())\n" + CALL),
        "Python: generic types": ("a.py", lambda: "x: " + nested("list[", "int", "]", 90) + " = 1\n" + CALL),
        "Python: loads of loads": ("a.py", lambda: "import json\nX = " + nested("json.loads(json.dumps(", "{}", "))", 45) + "\n" + CALL),
        "Python: shadowed names": ("a.py", lambda: _rows(1500, "def f{n}(client):\n    [client for client in client]\n    client.create_algorithm(AlgorithmName='a b')\n")),
    }  # fmt: skip
    for what, (name, text) in rows.items():
        yield what, _folder(**{name.replace(".", "__"): text}), (*CHECK, name)


# ---------------------------------------------------------------- releases, logs, baselines, configurations, reports


def commands() -> Iterator[Case]:
    """Yield inputs for the other commands and options."""
    releases: dict[str, tuple[Text, Text]] = {
        "names in another order": (lambda: json.dumps(_algorithm()), lambda: json.dumps(_algorithm(), sort_keys=True)),
        "nothing in common": (lambda: json.dumps(_algorithm()), lambda: faults(900)),
        "one name for all": (lambda: json.dumps(_algorithm()), lambda: json.dumps(_algorithm()).replace("param_", "p").replace("channel", "c")),
        "long texts": (lambda: json.dumps({**_algorithm(3), "AlgorithmDescription": "a " * 2_000_000}), lambda: json.dumps({**_algorithm(3), "AlgorithmDescription": "b " * 2_000_000})),
        "what is not a spec": (lambda: "[" * 90_000, lambda: "{" * 90_000),
        "patterns": (lambda: json.dumps(_algorithm()), lambda: json.dumps(_algorithm()).replace("(.*?)", "((a|b)*c)*=(.*?)")),
    }  # fmt: skip
    for what, (old, new) in releases.items():
        for form in ("full", "json", "html", "sarif"):
            made = _folder(a__json=old, b__json=new)
            yield (
                f"diff as {form}: {what}",
                made,
                ("diff", "--isolated", "--format", form, "a.json", "b.json"),
            )
    few = {**_algorithm(40), "AlgorithmName": "a"}
    logs: dict[str, Callable[[Path], object]] = {
        "events of JSON in lines": _folder(b__log=lambda: _rows(90_000, '{"timestamp": {n}, "message": "m1=0.{n}"}\n')),
        "lines of progress": _folder(b__log=lambda: _rows(200_000, "\rm1=0.{n}: 1%")),
        "numbers without an end": _folder(b__log=lambda: "m1=" + "9" * 5_000_000),
        "numbers of all forms": _folder(b__log=lambda: "m1=nan\nm1=-inf\nm1=1e999\nm1=1,000.5\nm1=0x1F\n" * 40_000),
        "NUL": _folder(b__log=lambda: "m1=1\0" * 600_000),
        "odd spaces": _folder(b__log=lambda: "m1=1\u2028m2=2\x85" * 300_000),
        "a bomb": lambda folder: (folder / "b.log").write_bytes(gzip.compress(b"m1=0.5 \n" * 40_000_000, 9)),
        "bombs in one another": lambda folder: (folder / "b.log").write_bytes(gzip.compress(gzip.compress(b"m1=1\n" * 9_000_000))),
        "a broken archive": lambda folder: (folder / "b.log").write_bytes(gzip.compress(b"m1=0.5 \n" * 100_000)[:-900]),
        "bytes": lambda folder: (folder / "b.log").write_bytes(bytes(range(256)) * 20_000),
    }  # fmt: skip
    for what, log in logs.items():

        def both(folder: Path, log: Callable[[Path], object] = log) -> None:
            (folder / "a.json").write_text(json.dumps(few), encoding="utf-8")
            log(folder)

        for form in ("full", "json", "html"):
            yield (
                f"metrics as {form}: {what}",
                both,
                ("metrics", "--isolated", "--format", form, "a.json", "--log", "b.log"),
            )
    fingerprint = "0" * 16
    baselines: dict[str, Text] = {
        "one file again": lambda: '{"version": 1, "findings": {' + ",".join(['"a.json": []'] * 100_000) + "}}",
        "one finding again": lambda: json.dumps({"version": 1, "findings": {"a.json": [{"rule": "pattern-mismatch", "fingerprint": fingerprint}] * 100_000}}),
        "deep": lambda: '{"version": 1, "findings": ' + nested("[", "1", "]", 50_000) + "}",
        "other types": lambda: json.dumps({"version": 1, "findings": {"a.json": [1, None, {}, [], {"rule": 1, "fingerprint": 2}]}}),
        "long names": lambda: json.dumps({"version": 1, "findings": {"a" * 3_000_000: [{"rule": "x" * 3_000_000, "fingerprint": fingerprint}]}}),
        "open": lambda: '{"version": 1, "findings": {"' + "a\\" * 3_000_000,
    }  # fmt: skip
    for what, baseline in baselines.items():
        for option in ("--baseline", "--write-baseline"):
            made = _folder(a__json=lambda: faults(90), b__json=baseline)
            yield f"{option}: {what}", made, ("--isolated", option, "b.json", "a.json")

    def chain(count: int, circle: bool) -> Callable[[Path], object]:
        def make(folder: Path) -> None:
            for n in range(count):
                last = n == count - 1
                text = "" if last and not circle else f'extend = "c{(n + 1) % count}.toml"\n'
                (folder / f"c{n}.toml").write_text(text + f'extend-ignore = ["x{n}-*"]\n', encoding="utf-8")
            (folder / "a.json").write_text(faults(9), encoding="utf-8")

        return make

    settings: dict[str, Text] = {
        "stars": lambda: "exclude = [" + ",".join('"' + "*a" * 2000 + '"' for _ in range(19)) + "]\n",
        "stars of files": lambda: "[per-file-ignores]\n" + "".join('"' + "*a" * 1900 + f'{n}" = ["unknown-field"]\n' for n in range(20)),
        "folders of stars": lambda: "include = [" + ",".join('"' + "**/" * 650 + f'a{n}"' for n in range(30)) + "]\n",
        "suppressions": lambda: "".join(f'[[suppressions]]\nrules = ["x{n}"]\npath = "a{n}*"\npointer = "/a"\nreason = "r"\n' for n in range(9000)),
        "one key again": lambda: 'ignore = ["x"]\n' * 30_000,
        "strings of lines": lambda: 'exclude = ["""' + "\n" * 900_000 + '"""]\n',
        "escapes": lambda: 'exclude = ["' + "\\u0041" * 150_000 + '"]\n',
        "dates": lambda: "exclude = [" + "1979-05-27T07:32:00Z, " * 40_000 + "]\n",
        "inline tables": lambda: "severity = {" + ", ".join(f'"a{n}" = "off"' for n in range(30_000)) + "}\n",
        "globs of rules": lambda: "ignore = [" + ",".join('"' + "*a" * 900 + '*"' for _ in range(40)) + "]\n",
    }  # fmt: skip
    for what, text in settings.items():
        made = _folder(a__json=lambda: faults(9), algolint__toml=text)
        yield f"a configuration with {what}", made, ("--format", "concise", "a.json")
    yield "200 configurations in a row", chain(200, False), ("--config", "c0.toml", "a.json")
    yield "5,000 configurations in a row", chain(5000, False), ("--config", "c0.toml", "a.json")
    yield "configurations in a circle", chain(200, True), ("--config", "c0.toml", "a.json")
    specs: dict[str, Text] = {
        "a thousand secrets on a line": lambda: json.dumps({"AlgorithmName": "a b", "Tags": [{"Key": f"aws:{n}", "Value": f"ghp_{n:036d}"} for n in range(1000)], "TrainingSpecification": {"SupportedHyperParameters": [{"Name": f"password_{n}", "DefaultValue": f"MyS3cretP4ss{n}"} for n in range(1000)]}}),
        "related places far apart": lambda: json.dumps({"AlgorithmName": "a", "Tags": [{"Key": "k", "Value": "x" * 3000} for _ in range(1000)], "TrainingSpecification": {"TrainingChannels": [{"Name": "train"} for _ in range(1000)]}}, indent=1),
        "names of odd characters": lambda: json.dumps({"AlgorithmName": "a b", "Tags": [], **{f"\u202e\x07]]>\"'<{n}": 1 for n in range(3000)}}),
    }  # fmt: skip
    for what, text in specs.items():
        for form in FORMATS:
            yield f"{what} as {form}", _folder(a__json=text), ("--isolated", "--format", form, "a.json")
    every = (
        "--report",
        "sarif=a.sarif",
        "--report",
        "html=a.html",
        "--report",
        "junit=a.xml",
        "--report",
        "gitlab=a.gl",
    )
    yield "all reports at once", _folder(a__json=lambda: faults(900)), ("--isolated", *every, "a.json")
    names = ",".join(f"unknown-fiel{n}" for n in range(5000))
    yield (
        "names of rules nearly right",
        _folder(a__json=lambda: faults(9)),
        ("--isolated", "--ignore", names, "a.json"),
    )
    severities = [part for n in range(900) for part in ("--severity", f"metric-{n}=off")]
    yield "severities", _folder(a__json=lambda: faults(9)), ("--isolated", *severities, "a.json")
    yield (
        "patterns on the command line",
        _folder(a__json=lambda: faults(9)),
        ("--isolated", "--select", "*a" * 9000, "a.json"),
    )


# ---------------------------------------------------------------- the language server


def _messages(*messages: dict[str, Any]) -> str:
    texts = [json.dumps({"jsonrpc": "2.0", **message}) for message in messages]
    return "".join(f"Content-Length: {len(text)}\r\n\r\n{text}" for text in texts)


def _session(name: str, text: str, edits: list[tuple[int, int, str]], *requests: str) -> str:
    """Return the messages of an editor that opens a text, types, sends requests, and ends."""
    uri = f"file:///tmp/hostile/{name}"
    document = {"uri": uri, "languageId": "x", "version": 1, "text": text}
    changes = [
        {"method": "textDocument/didChange", "params": {"textDocument": {"uri": uri, "version": number}, "contentChanges": [
            {"range": {"start": {"line": line, "character": column}, "end": {"line": line, "character": column}}, "text": typed}
        ]}}
        for number, (line, column, typed) in enumerate(edits, 2)
    ]  # fmt: skip
    place = {
        "textDocument": {"uri": uri},
        "position": {"line": 1, "character": 5},
        "context": {"diagnostics": []},
    }
    place["range"] = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    asked = [
        {"id": number, "method": f"textDocument/{what}", "params": place}
        for number, what in enumerate(requests, 2)
    ]
    return _messages(
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
        *changes,
        *asked,
        {"id": 99, "method": "shutdown"},
        {"method": "exit"},
    )


def servers() -> Iterator[Case]:
    """Yield sessions of an editor."""
    asked = ("hover", "completion", "codeAction", "documentSymbol", "definition")
    broken = [(1, 0, typed) for typed in ('{"', "[", ",", "\n", "'")]
    texts: dict[str, tuple[str, Text, list[tuple[int, int, str]]]] = {
        "a long text that is broken": ("a.json", lambda: faults(400), broken),
        "one line that is broken": ("a.json", lambda: json.dumps(json.loads(faults(400))), [(0, 1, "{"), (0, 2, '"')]),
        "open brackets": ("a.json", lambda: "[" * 100_000, broken),
        "open objects": ("a.json", lambda: '{"AlgorithmName": {"a": ' * 9000, broken),
        "commas": ("a.json", lambda: '{"AlgorithmName": "a b"' + "," * 60_000 + "}", broken),
        "quotes": ("a.json", lambda: '{"AlgorithmName": "a b", ' + '"' * 60_001 + "}", broken),
        "YAML that is broken": ("a.yaml", lambda: YAML + "Tags:\n" + "- {Key: a, Value: b\n" * 2000, broken),
        "YAML of tabs": ("a.yaml", lambda: YAML + "\tx: 1\n" * 6000, broken),
        "YAML of colons": ("a.yaml", lambda: YAML + "x: y: z\n" * 6000, broken),
        "YAML of open lists": ("a.yaml", lambda: YAML + "x: [\n" * 6000, broken),
        "a program that is broken": ("a.py", lambda: CALL * 900 + "x = (\n", broken),
        "a program of open texts": ("a.py", lambda: CALL + "x = '''\n" * 900, broken),
        "Terraform that is broken": ("a.tf", lambda: RESOURCE + "x = {\n" * 900, broken),
        "TypeScript that is broken": ("a.ts", lambda: SEND + "const x = {\n" * 900, broken),
        "a notebook": ("a.ipynb", lambda: json.dumps({"cells": [{"cell_type": "code", "source": CALL}] * 200}), broken),
        "emoji": ("a.json", lambda: json.dumps({"AlgorithmName": "\U0001f600" * 200_000, "Tags": []}, ensure_ascii=False), broken),
        "many edits": ("a.json", lambda: faults(30), [(1, 0, "\n")] * 60),
        "edits outside of the text": ("a.json", lambda: faults(30), [(10**9, 10**9, "x"), (0, 10**9, "y")]),
    }  # fmt: skip
    for what, (name, text, edits) in texts.items():
        made = partial(lambda n, t, e: _session(n, t(), e, *asked), name, text, edits)
        yield f"server: {what}", _folder(stdin=made), ("server",)
    frames: dict[str, Text] = {
        "a length that is not a number": lambda: "Content-Length: x\r\n\r\n{}" * 900,
        "a length without an end": lambda: "Content-Length: 999999999999\r\n\r\n{}",
        "a negative length": lambda: "Content-Length: -1\r\n\r\n{}" * 900,
        "headers without an end": lambda: "A: b\r\n" * 600_000,
        "a header of megabytes": lambda: "Content-Length: " + "1" * 5_000_000,
        "JSON that is deep": lambda: f"Content-Length: 200000\r\n\r\n{'[' * 200_000}",
        "messages of other types": lambda: _messages(*[*({"id": value, "method": value, "params": value} for value in OTHERS), {"method": "x" * 90_000}] * 90),
    }  # fmt: skip
    for what, text in frames.items():
        yield f"server: {what}", _folder(stdin=text), ("server",)


def every() -> Iterator[Case]:
    """Yield all of them."""
    for family in (jobs, documents, programs, commands, servers):
        yield from family()
