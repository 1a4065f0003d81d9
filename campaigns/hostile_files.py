"""Generators of hostile files of each syntax: description, name, and a function that makes the text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from campaigns.hostile_parts import IMAGE

# A description, the name of the file, and its text.
Row: TypeAlias = tuple[str, str, Callable[[], str]]

HEAD = f'{{"AlgorithmName": "a b", "TrainingSpecification": {{"TrainingImage": "{IMAGE}"}}, '
YAML = f"AlgorithmName: a b\nTrainingSpecification:\n  TrainingImage: {IMAGE}\n"
CALL = 'client.create_algorithm(AlgorithmName="a b", TrainingSpecification={"TrainingImage": X})\n'
RESOURCE = 'resource "aws_sagemaker_algorithm" "x" {\nalgorithm_name = "a b"\n'
SEND = 'client.send(new CreateAlgorithmCommand({AlgorithmName: "a b", TrainingSpecification: X}));\n'
COMMAND = "aws sagemaker create-algorithm --algorithm-name 'a b'"
MEGABYTE = 1024 * 1024


def described(text: str) -> str:
    """Return a spec in JSON with a description."""
    return HEAD + f'"AlgorithmDescription": {json.dumps(text)}}}'


def environment(values: dict[str, str]) -> str:
    spec = {"TrainingImage": IMAGE}
    containers = [{"Image": IMAGE, "Environment": values}]
    inference = {"Containers": containers}
    return json.dumps(
        {"AlgorithmName": "a b", "TrainingSpecification": spec, "InferenceSpecification": inference}
    )


def repeated(text: str, length: int) -> str:
    return text * (length // len(text))


def nested(before: str, inner: str, after: str, depth: int) -> str:
    return before * depth + inner + after * depth


def faults(count: int) -> str:
    """Return a spec with the same number of findings of many rules."""
    parameters = [
        {"Name": f"p {n}", "Type": "Integr", "IsRequird": 1, "DefaultValue": "x" * 9, "Range": {}}
        for n in range(count)
    ]
    channels = [{"Name": f"c {n}", "SupportedInputModes": ["FILE"], "Bogus": 1} for n in range(count)]
    metrics = [{"Name": "m", "Regex": f"loss{n}="} for n in range(count)]
    training = {
        "TrainingImage": "a b",
        "SupportedHyperParameters": parameters,
        "TrainingChannels": channels,
        "MetricDefinitions": metrics,
    }
    return json.dumps({"AlgorithmName": "a b", "TrainingSpecification": training}, indent=1)


# ---------------------------------------------------------------- JSON

#: Beginnings of secrets, which are searched for in the whole text.
STARTS = (
    "AKIA", "ghp_", "eyJ", "eyJhbGciOi.eyJ", "-----BEGIN RSA PRIVATE KEY-----", "https://a:", "https://a:b@", "?token=", "&X-Amz-Signature=", "password=", "api_key: ", "sk-proj-", "xoxb-", "AccountKey=", "hf_", "//:@", "a=b&",
    "DB_PASSWORD", "SG.", "Bearer ",
)  # fmt: skip

JSON: list[Row] = [
    *((f"a text of {start!r}", "a.json", lambda start=start: described(repeated(start, 7 * MEGABYTE))) for start in STARTS),
    *((f"lines of {start!r}", "a.yaml", lambda start=start: YAML + "x: |\n" + repeated(f"  {start}\n", 4 * MEGABYTE)) for start in STARTS[:12]),
    ("a text of escapes", "a.json", lambda: HEAD + '"x": "' + "\\u0041" * 1_300_000 + '"}'),
    ("a text of escaped surrogates", "a.json", lambda: HEAD + '"x": "' + "\\ud83d\\ude00" * 600_000 + '"}'),
    ("a text of lone surrogates", "a.json", lambda: HEAD + '"AlgorithmDescription": "' + "\\ud83d" * 1_000_000 + '"}'),
    ("a text of bidirectional marks", "a.json", lambda: described("\u202e\u2066" * 600_000)),
    ("a text of emoji", "a.json", lambda: HEAD + f'"AlgorithmDescription": "{"😀" * 1_900_000}"}}'),
    ("a text of combining marks", "a.json", lambda: HEAD + f'"AlgorithmName": "a{"́" * 3_900_000}"}}'),
    ("base64 of seven megabytes", "a.json", lambda: environment({"BLOB": "QWxnb3JpdGhtTmFtZQ" * 400_000})),
    ("a thousand blobs of base64", "a.json", lambda: environment({f"SECRET_{n}": f"{n}" + "QWxnb3JpdGhtTmFtZQ" * 400 for n in range(900)})),
    ("a thousand passwords, each in each description", "a.json", lambda: environment({f"DB_PASSWORD_{n}": f"MyS3cretP4ss{n} MyS3cretP4ss{n - 1}" for n in range(1000)})),
    ("two thousand secrets and ten thousand findings", "a.json", lambda: json.dumps({"AlgorithmName": "a b", "Tags": [{"Key": f"aws:{n}", "Value": f"ghp_{n:036d}"} for n in range(1000)] * 3, "TrainingSpecification": {"TrainingImage": "a b", "SupportedHyperParameters": [{"Name": f"ghp_{n:036d} x", "Type": "I"} for n in range(1000)]}})),
    ("wide and deep", "a.json", lambda: HEAD + '"Tags": [' + ",".join([nested("[", "1", "]", 190)] * 480) + "]}"),
    ("wide and deep objects", "a.json", lambda: HEAD + '"Tags": ' + nested('{"a": 1, "b": [1, 2], "c": ', "1", "}", 190) + "}"),
    ("90,000 keys that are nearly right", "a.json", lambda: "{" + ",".join(f'"AlgorithmNam{n}": 1' for n in range(90_000)) + ', "AlgorithmName": "a", "Tags": []}'),
    ("90,000 times one key", "a.json", lambda: HEAD + ",".join(['"Tags": []'] * 45_000) + "}"),
    ("long keys", "a.json", lambda: HEAD + ",".join(f'"{"k" * 70_000}{n}": 1' for n in range(100)) + "}"),
    ("keys that are numbers and empty", "a.json", lambda: HEAD + ",".join(f'"{n}": {{"": {{"": 1}}}}' for n in range(20_000)) + "}"),
    ("numbers of 4,000 digits", "a.json", lambda: HEAD + '"Tags": [' + ",".join(["9" * 4000] * 1900) + "]}"),
    ("fractions and exponents", "a.json", lambda: HEAD + '"Tags": [' + ",".join(["1" * 300 + "." + "1" * 300 + "e-999999"] * 10_000) + "]}"),
    ("a number of seven megabytes with a fraction", "a.json", lambda: HEAD + '"Tags": 0.' + "1" * 7 * MEGABYTE + "}"),
    ("carriage returns", "a.json", lambda: HEAD + "\r" * 7 * MEGABYTE + '"Tags": 1}'),
    ("one line with findings all over", "a.json", lambda: HEAD + '"Tags": [' + ",".join(f'{{"Key": "aws:é{n}", "Valu": 1}}' for n in range(30_000)) + "]}"),
    ("a missing comma after 90,000 values", "a.json", lambda: HEAD + '"Tags": [' + "1," * 90_000 + "1 1]}"),
    ("comments", "a.json", lambda: HEAD + "/* x */" * 1_000_000 + '"Tags": 1}'),
    ("comments of a line", "a.json", lambda: HEAD + "// x\n" * 1_000_000 + '"Tags": 1}'),
    ("open comments", "a.json", lambda: HEAD + "/*" * 3_000_000 + '"Tags": 1}'),
    ("single quotes", "a.json", lambda: HEAD + "'a': 'b', " * 500_000),
    ("trailing commas", "a.json", lambda: HEAD + '"Tags": [' + "[1,]," * 40_000 + "]}"),
    ("an open quote and escapes", "a.json", lambda: HEAD + '"' + '\\"' * 3_000_000),
    ("many open quotes and line ends", "a.json", lambda: HEAD + '"x": "a\n' * 500_000),
    ("Python's words", "a.json", lambda: HEAD + '"Tags": [' + "True, None, " * 40_000 + "]}"),
    ("many small specs", "a.json", lambda: "[" + ",".join(['{"AlgorithmName":"a b","Tags":[]}'] * 900) + "]"),
    ("too many specs in a list", "a.json", lambda: "[" + ",".join(['{"AlgorithmName":"a b","Tags":[]}'] * 30_000) + "]"),
    ("many wrappers", "a.json", lambda: "{" + ",".join(f'"w{n}": {{"AlgorithmName": "a b", "Tags": []}}' for n in range(900)) + "}"),
    ("a wrapper of 90,000 others", "a.json", lambda: "{" + ",".join(f'"w{n}": {{"x": 1}}' for n in range(45_000)) + ', "s": ' + HEAD + '"Tags": 1}}'),
    ("a state machine of 900 tasks", "a.json", lambda: json.dumps({"States": {f"s{n}": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:createAlgorithm", "Parameters": {"AlgorithmName.$": "$.a", "TrainingSpecification": {"TrainingImage": "a b"}, "Bogus": n}} for n in range(900)}})),
    ("a state machine that is deep", "a.json", lambda: nested('{"States": {"m": {"Type": "Map", "Iterator": ', '{"States": {}}', "}}}", 60)),
    ("a response with everything", "a.json", lambda: json.dumps({"AlgorithmArn": "x", "AlgorithmStatus": "y", "ResponseMetadata": {"HTTPHeaders": {str(n): "x" for n in range(50_000)}}, **json.loads(faults(400))})),
    ("a thousand metrics of long patterns", "a.json", lambda: json.dumps({"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": IMAGE, "MetricDefinitions": [{"Name": f"m{n}", "Regex": f"{n}(" + "a|" * 200 + "b)*" * 3 + "x" * 60} for n in range(1000)]}})),
    ("patterns that are nested", "a.json", lambda: json.dumps({"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": IMAGE, "MetricDefinitions": [{"Name": f"m{n}", "Regex": nested("(", f"a{n}", ")*", 90)} for n in range(1000)]}})),
    ("patterns with classes and look-around", "a.json", lambda: json.dumps({"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": IMAGE, "MetricDefinitions": [{"Name": f"m{n}", "Regex": f"(?<=a{n})(?!b)[[:alpha:]\\d\\w-z^]+" * 10} for n in range(1000)]}})),
    ("1,000 profiles of 1,000 hyperparameters each, shared names", "a.json", lambda: json.dumps({"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": IMAGE, "SupportedHyperParameters": [{"Name": f"p{n}", "Type": "Integer", "Range": {"IntegerParameterRangeSpecification": {"MinValue": "1", "MaxValue": "9"}}} for n in range(1000)]}, "ValidationSpecification": {"ValidationProfiles": [{"ProfileName": f"p{n}", "TrainingJobDefinition": {"HyperParameters": {f"p{k}": "99" for k in range(80)}}} for n in range(1000)]}})),
    ("instance types that are nearly right", "a.json", lambda: json.dumps({"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": IMAGE, "SupportedTrainingInstanceTypes": [f"ml.m5.{n}xlarg" for n in range(1000)]}, "InferenceSpecification": {"Containers": [], "SupportedTransformInstanceTypes": [f"ml.g5.{n}xlrge" for n in range(1000)], "SupportedRealtimeInferenceInstanceTypes": [f"ml.p{n}.xlarge" for n in range(1000)]}})),
    ("content types of megabytes", "a.json", lambda: json.dumps({"AlgorithmName": "a", "InferenceSpecification": {"Containers": [], "SupportedContentTypes": ["text/csv;" * 400_000, "a/" * 900_000]}})),
    ("addresses of megabytes", "a.json", lambda: json.dumps({"AlgorithmName": "a", "TrainingSpecification": {"TrainingImage": "a/" * 900_000 + ":" * 900_000}, "InferenceSpecification": {"Containers": [{"Image": "1." * 900_000 + "dkr.ecr", "ModelDataUrl": "s3://" + "a/" * 900_000}]}})),
    ("roles and keys of megabytes", "a.json", lambda: json.dumps({"AlgorithmName": "a-" * 700_000, "ValidationSpecification": {"ValidationRole": "arn:aws:iam::" * 300_000, "ValidationProfiles": [{"ProfileName": "-" * 900_000, "TrainingJobDefinition": {"OutputDataConfig": {"KmsKeyId": "a:" * 900_000}}}]}})),
]  # fmt: skip


# ---------------------------------------------------------------- YAML and templates


def cloudformation(body: str) -> str:
    return f"Resources:\n A:\n  Type: AWS::SageMaker::Algorithm\n  Properties:\n   AlgorithmName: a b\n   {body}\n"


YAMLS: list[Row] = [
    ("explicit keys", "a.yaml", lambda: YAML + "".join(f"? k{n}\n: v\n" for n in range(40_000))),
    ("explicit keys that are lists", "a.yaml", lambda: YAML + "".join(f"? [a, {n}]\n: v\n" for n in range(20_000))),
    ("20,000 block scalars", "a.yaml", lambda: YAML + "".join(f"k{n}: |+\n  a\n\n\n" for n in range(20_000))),
    ("20,000 folded scalars and comments", "a.yaml", lambda: YAML + "".join(f"k{n}: >-\n  a\n  b\n# c\n" for n in range(20_000))),
    ("a folded scalar of seven megabytes", "a.yaml", lambda: YAML + "AlgorithmDescription: >\n" + "  a b\n\n" * 900_000),
    ("a plain scalar of a million lines", "a.yaml", lambda: YAML + "AlgorithmDescription: a\n" + "  a b\n" * 1_000_000),
    ("a quoted scalar of a million lines", "a.yaml", lambda: YAML + 'AlgorithmDescription: "a\n' + "  a \\\n" * 1_000_000 + '"\n'),
    ("a single quoted scalar of quotes", "a.yaml", lambda: YAML + "AlgorithmDescription: '" + "''" * 3_000_000 + "'\n"),
    ("comments that nearly hold directives", "a.yaml", lambda: YAML + "# algolint:ignore\n# algolint ignore[x]\n" * 100_000),
    ("comments of a directive and much more", "a.yaml", lambda: YAML + "# algolint: ignore[" + "a, " * 900 + "b] # algolint: off " * 2000 + "\n"),
    ("many directives in one comment", "a.yaml", lambda: YAML + "# algolint: ignore[pattern-mismatch] " * 40_000 + "\n"),
    ("a directive that is never closed", "a.yaml", lambda: YAML + "# algolint: ignore[" * 100_000 + "\n"),
    ("a comment of hashes and tabs", "a.yaml", lambda: YAML + "#\t" * 2_000_000 + "algolint:\n"),
    ("a thousand directives for one line of findings", "a.yaml", lambda: YAML + "Tags: [" + "{Key: 'aws:', Value: 1, X: 1}, " * 900 + "]" + " # algolint: ignore[unknown-field]" * 900 + "\n"),
    ("a thousand offs and ten thousand findings", "a.yaml", lambda: YAML + "# algolint: off[no-such*]\n" * 900 + "Tags:\n" + "- {Key: 'aws:', Value: 1, X: 1}\n" * 1000),
    ("a thousand files and ten thousand findings", "a.yaml", lambda: YAML + "# algolint: ignore-file[no-such*]\n" * 900 + "Tags:\n" + "- {Key: 'aws:', Value: 1, X: 1}\n" * 1000),
    ("patterns of a star for every letter", "a.yaml", lambda: YAML + "# algolint: ignore-file[" + ", ".join("*".join("pattern-mismatch"[: n % 16]) + "*" * n for n in range(900)) + "]\n"),
    ("suppressions and kept lines", "a.yaml", lambda: YAML + "x: |+\n  a\n\n" + "# algolint: ignore[unknown-field]\n" * 900 + "y: " + "a" * 3 * MEGABYTE + "\n"),
    ("suppressions in 3,000 documents", "a.yaml", lambda: ("---\n" + YAML + "# algolint: ignore[unknown-field]\nX: 1\n") * 3000),
    ("90,000 anchors", "a.yaml", lambda: YAML + "x: [" + ", ".join(f"&a{n} b" for n in range(90_000)) + "]\n"),
    ("aliases as keys", "a.yaml", lambda: YAML + "x: &a b\n" + "".join(f"y{n}: {{*a : 1}}\n" for n in range(20_000))),
    ("merges of a list", "a.yaml", lambda: YAML + "x: &a {k: 1, l: 2}\ny:\n  <<: [" + "*a, " * 40_000 + "]\n"),
    ("90,000 merges", "a.yaml", lambda: YAML + "x: &a {k: 1}\ny:\n" + "- {<<: *a}\n" * 30_000),
    ("documents that share anchors", "a.yaml", lambda: "".join(f"---\nAlgorithmName: &a a {n}\nTags: [&b {{Key: *a, Value: x}}, *b]\n" for n in range(6000))),
    ("binary of megabytes", "a.yaml", lambda: YAML + "AlgorithmDescription: !!binary " + "QUJD" * 1_500_000 + "\n"),
    ("sexagesimal numbers", "a.yaml", lambda: YAML + "x: " + "1:" * 500_000 + "1\n"),
    ("numbers of digits and underscores", "a.yaml", lambda: YAML + "x: 0x" + "f_" * 2_000_000 + "\ny: 0b" + "1_" * 1_000_000 + "\n"),
    ("an octal number of a megabyte", "a.yaml", lambda: YAML + "x: 0" + "7" * MEGABYTE + "\nMaxRuntimeInSeconds: 0o" + "7" * MEGABYTE),
    ("dates nearly", "a.yaml", lambda: YAML + "x: [" + "2001-12-14t21:59:43.10-05:00, 2001-13-45, " * 20_000 + "]\n"),
    ("line ends of Unicode", "a.yaml", lambda: YAML + "x: a\n" + "\x85\u2028\u2029# b" * 500_000),
    ("byte order marks", "a.yaml", lambda: YAML + "x: " + "\ufeff" * 1_000_000 + "\n"),
    ("ends of documents", "a.yaml", lambda: YAML + "...\n" * 1_000_000),
    ("starts of documents", "a.yaml", lambda: YAML + "---\n" * 90_000),
    ("starts of documents and a text after them", "a.yaml", lambda: YAML + "--- |\n a\n" * 40_000),
    ("a flow of one line", "a.yaml", lambda: YAML + "Tags: [" + "{Key: 'a é', Valu: 1}, " * 15_000 + "]\n"),
    ("keys of many characters", "a.yaml", lambda: YAML + "".join(f"{'k' * 900}{n}: 1\n" for n in range(5000))),
    ("a key over the length that YAML takes", "a.yaml", lambda: YAML + "k" * 3 * MEGABYTE + ": 1\n"),
    ("quoted keys in flows", "a.yaml", lambda: YAML + "x: {" + ", ".join(f'"k{n}":1' for n in range(45_000)) + "}\n"),
    ("brackets in a text for AWS CLI v2", "a.yaml", lambda: YAML + "y:\tz\nx:\n" + ("- " + "[" * 190 + "]" * 190 + "\n") * 160),
    ("open braces in a text for AWS CLI v2", "a.yaml", lambda: YAML + "x: " + "{{ { " * 5000 + "\n"),
    ("tabs between", "a.yaml", lambda: YAML + "".join(f"k{n}:\t1\t# c\n" for n in range(30_000))),
    ("tags and comments", "a.yaml", lambda: YAML + "".join(f"k{n}: !x{n} # c\n  a\n" for n in range(30_000))),
    ("indentation that goes deeper and deeper", "a.yaml", lambda: "".join(" " * n + f"k{n}:\n" for n in range(2500))),
    ("a list at each depth", "a.yaml", lambda: YAML + "x:\n" + "".join(" " * n + "- - a\n" + " " * n + "  - b\n" for n in range(180, 0, -1))),
    ("quotes that are opened in comments", "a.yaml", lambda: YAML + "x: 1 # it's \"\n" * 1 + "y: [1, # '\n" * 90 + "]" * 90 + "\n" + "# '\n" * 500_000),
    # Templates
    ("marks on one line", "a.yaml", lambda: YAML + "x: " + "{{ a }} " * 1990 + "b" * 900_000 + "\n"),
    ("open marks", "a.yaml", lambda: YAML + "{{ x }}\n" + "{% " * 300_000),
    ("marks with quotes that are open", "a.yaml", lambda: YAML + "{{ x }}\n" + "x: '{{ \"' }}\n" * 1900),
    ("conditions in conditions", "a.yaml", lambda: "{% if a %}\n" * 900 + YAML + "{% endif %}\n" * 900),
    ("conditions in a loop", "a.yaml", lambda: YAML + "  SupportedHyperParameters:\n  {% for x in y %}\n" + "  {% if a %}\n" * 990 + "  - {Name: a b}\n" + "  {% endif %}\n" * 990 + "  {% endfor %}\n"),
    ("loops of items in loops", "a.yaml", lambda: YAML + "  SupportedHyperParameters:\n" + "  {% for x in y %}\n  - {Name: a b}\n" * 990 + "  {% endfor %}\n" * 990),
    ("conditions with other branches", "a.yaml", lambda: YAML + "{% if a %}\nTags: []\n{% else %}\nTags: 1\n{% endif %}\n" * 600),
    ("loops around documents", "a.yaml", lambda: "{% for x in y %}\n---\n" + (YAML + "---\n") * 1500 + "{% endfor %}\n"),
    ("a comment of a template of a megabyte", "a.yaml", lambda: "{# " + "x {{ " * 200_000 + " #}\n" + YAML),
    ("raw text", "a.yaml", lambda: "{% raw %}" + "{{ x }}" * 140_000 + "{% endraw %}\n" + YAML),
    ("dollars and braces", "a.yaml", lambda: YAML + "x: " + "${" * 1_000_000 + "\n"),
    ("marks in JSON", "a.json", lambda: HEAD + ", ".join(f'"k{n}": {{{{ x }}}}' for n in range(1900)) + "}"),
    ("marks between all of JSON", "a.json", lambda: HEAD + "{% if x %}" + '"a": 1, ' * 80_000 + '{% endif %} "b": {{ y }}}'),
    ("lines of templates only", "a.yaml", lambda: YAML + "{{ x }}\n" * 1990 + "y: " + "z" * 800_000),
    # CloudFormation
    ("a text that is put together, of a megabyte", "a.yaml", lambda: cloudformation("AlgorithmDescription: !Sub '" + "a${b}" * 200_000 + "'")),
    ("10,000 variables of a text", "a.json", lambda: json.dumps({"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Fn::Sub": ["".join(f"${{v{n}}}" for n in range(10_000)), {f"v{n}": "a b" for n in range(10_000)}]}}}}})),
    ("conditions as deep as may be", "a.json", lambda: json.dumps({"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": "a b", "AlgorithmDescription": 0}}}}).replace(": 0", ": " + nested('{"Fn::If": ["C", "a", ', '"b"', "]}", 90))),
    ("conditions that double", "a.json", lambda: json.dumps({"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": "a b", "Tags": [{"Fn::If": ["C", {"Fn::If": ["D", {"Key": f"aws:{n}", "Value": "b"}, {"Ref": "AWS::NoValue"}]}, {"Key": {"Fn::If": ["E", "c", "d"]}, "Value": "e"}]} for n in range(900)]}}}})),
    ("a join of 40,000", "a.json", lambda: json.dumps({"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Fn::Join": ["-", [{"Ref": "X"}, "a b"] * 20_000]}}}}})),
    ("10,000 parameters with defaults", "a.json", lambda: json.dumps({"Parameters": {f"P{n}": {"Type": "String", "Default": "a b" * 20} for n in range(5000)}, "Resources": {f"A{n}": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Ref": f"P{n}"}, "Tags": [{"Ref": f"P{n}"}]}} for n in range(490)}})),
    ("a long default in a text, 10,000 times", "a.json", lambda: json.dumps({"Parameters": {"P": {"Type": "String", "Default": "a" * 90_000}}, "Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Fn::Sub": "${P}" * 10_000}}}}})),
    ("a default in a text, 900 times", "a.json", lambda: json.dumps({"Parameters": {"P": {"Type": "String", "Default": "a" * 9000}}, "Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Fn::Sub": "${P}" * 900}}}}})),
    ("a long default in a branch", "a.json", lambda: json.dumps({"Parameters": {"P": {"Type": "String", "Default": "a" * 90_000}}, "Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Fn::If": ["C", {"Fn::Sub": "${P}" * 10_000}, "a"]}}}}})),
    ("a long separator, 10,000 times", "a.json", lambda: json.dumps({"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Fn::Join": ["a" * 90_000, ["b"] * 10_000]}}}}})),
    ("texts with many gaps", "a.json", lambda: json.dumps({"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": "a b", "InferenceSpecification": {"Containers": [{"Image": {"Fn::Sub": f"${{P}}a{n}b/" * 90}} for n in range(900)]}}}}})),
    ("references on one line", "a.yaml", lambda: cloudformation("Tags: [" + "{Key: !Ref K}, " * 16_000 + "]")),
    ("references in joins", "a.yaml", lambda: cloudformation("Tags:" + ('\n    - Key: !Join ["", [' + "!Ref A, " * 300 + "]]") * 150)),
    ("items that may be absent", "a.yaml", lambda: cloudformation("Tags:" + "".join(f"\n    - !If [C{n}, {{Key: a}}, !Ref AWS::NoValue]" for n in range(2000)))),
    ("conditions next to a long text", "a.json", lambda: json.dumps({"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": "a b", "AlgorithmDescription": "a" * MEGABYTE, "Tags": [{"Fn::If": [f"C{n}", {"Key": "a"}, {"Key": "b"}]} for n in range(900)]}}}})),
    ("conditions next to a long function", "a.json", lambda: json.dumps({"Resources": {"A": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": "a b", "AlgorithmDescription": {"Fn::Base64": "a" * MEGABYTE}, "Tags": [{"Fn::If": [f"C{n}", {"Key": "a"}, {"Key": "b"}]} for n in range(900)]}}}})),
    ("mappings of 30,000", "a.json", lambda: json.dumps({"Mappings": {f"M{n}": {"a": {"b": "c d"}} for n in range(20_000)}, "Resources": {f"A{n}": {"Type": "AWS::SageMaker::Algorithm", "Properties": {"AlgorithmName": {"Fn::FindInMap": [f"M{n}", "a", "b"]}}} for n in range(490)}})),
    ("30,000 other resources", "a.yaml", lambda: cloudformation("Tags: []") + "".join(f" B{n}:\n  Type: AWS::S3::Bucket\n" for n in range(30_000))),
    ("490 algorithms with all that may be wrong", "a.json", lambda: json.dumps({"Resources": {f"A{n}": {"Type": "AWS::SageMaker::Algorithm", "Properties": json.loads(faults(6))} for n in range(490)}})),
    ("aliases between algorithms", "a.yaml", lambda: "Resources:\n A0: &a\n  Type: AWS::SageMaker::Algorithm\n  Properties:\n   AlgorithmName: a b\n   Tags: [{Key: a, Valu: b}]\n" + "".join(f" A{n}: *a\n" for n in range(1, 490))),
]  # fmt: skip


# ---------------------------------------------------------------- programs


def notebook(*cells: Any, **more: Any) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more})


def chained(first: str, later: str, count: int) -> str:
    """Return definitions that each use the previous one."""
    return first + "".join(later.replace("{n}", str(n)).replace("{m}", str(n - 1)) for n in range(1, count))


PROGRAMS: list[Row] = [
    ("f-strings in f-strings", "a.py", lambda: "X = " + nested("f'{", "1", "}'", 2) + "\n" + "X = f'" + "{a}" * 30_000 + "'\n" + CALL),
    ("a sum of texts", "a.py", lambda: "X = " + " + ".join(["'a'"] * 20_000) + "\n" + CALL),
    ("texts side by side", "a.py", lambda: "X = (" + "'a' " * 60_000 + ")\n" + CALL),
    ("a chain of calls", "a.py", lambda: "X = a" + ".b()" * 10_000 + "\n" + CALL),
    ("a chain of attributes and indexes", "a.py", lambda: "X = a" + ".b[0]" * 10_000 + "\n" + CALL),
    ("functions that call the one before", "a.py", lambda: chained("def f0(x):\n    return x\n", "def f{n}(x):\n    return f{m}(x) + f{m}(x)\n", 3000) + "X = f2999('a')\n" + CALL),
    ("functions that call themselves", "a.py", lambda: "def f(x):\n    return g(x) + f(x)\ndef g(x):\n    return f(x) + g(x)\nX = f('a')\n" + CALL * 300),
    ("lists that double", "a.py", lambda: chained("x0 = ['a']\n", "x{n} = [x{m}, x{m}]\n", 300) + "X = x299\n" + CALL),
    ("dictionaries that double", "a.py", lambda: chained("x0 = {'a': 1}\n", "x{n} = {**x{m}, 'k{n}': x{m}, 'l{n}': x{m}}\n", 200) + "X = x199\n" + CALL),
    ("f-strings that double", "a.py", lambda: chained("x0 = 'a'\n", "x{n} = f'{x{m}}{x{m}}'\n", 200) + "X = x199\n" + CALL),
    ("joins that double", "a.py", lambda: chained("x0 = 'ab'\n", "x{n} = x{m}.join([x{m}, x{m}])\n", 60) + "X = x59\n" + CALL),
    ("replacements that grow", "a.py", lambda: chained("x0 = 'aa'\n", "x{n} = x{m}.replace('a', 'aaaa')\n", 60) + "X = x59\n" + CALL),
    ("widths of formats", "a.py", lambda: "".join(f"X = {made}\n" for made in ("'{:>999999999}'.format(1)", "f'{1:>999999999}'", "'%999999999d' % 1", "'a'.zfill(10**9)", "'a'.ljust(10**9)", "'\\t'.expandtabs(10**9)", "'a'.center(10**9)", "format(1, '>999999999')")) + CALL),
    ("powers and shifts", "a.py", lambda: "".join(f"X = {made}\n" for made in ("10**10**10", "1 << 10**9", "int('9' * 10**6)", "str(9**9**6)", "bytes(10**10)", "'a' * 10**10", "[0] * 10**10", "(1,) * 10**9", "2**-10**9", "9.0**9**9", "round(10**300, -10**9)")) + CALL),
    ("ranges without end", "a.py", lambda: "".join(f"X = {made}\n" for made in ("list(range(10**18))", "sorted(range(10**9))", "[i for i in range(10**9)]", "{i: i for i in range(10**9)}", "dict.fromkeys(range(10**9))", "list(zip(range(10**9), range(10**9)))", "[i for i in range(10**5) for j in range(10**5)]", "sum(range(10**9))", "''.join(str(i) for i in range(10**9))")) + CALL),
    ("loops in loops", "a.py", lambda: "X = []\n" + "".join("    " * n + f"for i{n} in range(100):\n" for n in range(15)) + "    " * 15 + "X.append(i0)\n" + CALL),
    ("a loop that does not end", "a.py", lambda: "X = ['a']\nwhile True:\n    X.append(X)\n    for x in X:\n        X.append(x)\n" + CALL),
    ("comprehensions in comprehensions", "a.py", lambda: "X = " + nested("[", "a", " for i in range(9)]", 60) + "\n" + CALL),
    ("3,000 conditions", "a.py", lambda: "X = {}\n" + "".join(f"if a{n}:\n    X['k{n}'] = 1\nelse:\n    X['l{n}'] = 2\n" for n in range(3000)) + CALL),
    ("3,000 branches", "a.py", lambda: "if a:\n    X = 1\n" + "".join(f"elif b{n}:\n    X = {n}\n" for n in range(90)) + "else:\n    X = 0\n" + CALL * 90),
    ("conditional expressions", "a.py", lambda: "X = " + " if a else ".join(["'b'"] * 90) + "\n" + CALL),
    ("JSON in a program", "a.py", lambda: "import json\n" + f"X = json.loads({json.dumps(faults(400))!r})\n" * 10 + CALL),
    ("an alias bomb in a program", "a.py", lambda: "import yaml\nX = yaml.safe_load('''\na: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24)) + "''')\n" + CALL),
    ("YAML in a program, loaded for each call", "a.py", lambda: "import yaml\nT = '''" + "a: [b, c]\n" * 3000 + "'''\n" + "X = yaml.safe_load(T)\n" * 1000 + CALL),
    ("decorators", "a.py", lambda: "@a\n" * 20_000 + "def f():\n    " + CALL),
    ("classes", "a.py", lambda: "".join(f"class A{n}(A{n - 1}):\n    x = A{n - 1}.x\n    def f(self):\n        return self.x\n" for n in range(1, 2500)) + "X = A2499().f()\n" + CALL),
    ("attempts in attempts", "a.py", lambda: "".join(" " * n + "try:\n" for n in range(19)) + " " * 19 + CALL + "".join(" " * n + "except E:\n" + " " * n + " pass\n" for n in range(18, -1, -1))),
    ("a match of 3,000 cases", "a.py", lambda: "match a:\n" + "".join(f"  case {{'k': {n}, **r}} | [{n}, *s]:\n    X = {n}\n" for n in range(2000)) + CALL),
    ("lambdas", "a.py", lambda: "X = " + "lambda: " * 90 + "1\n" + CALL),
    ("assignments in expressions", "a.py", lambda: "X = [" + ", ".join(f"(y{n} := {n})" for n in range(15_000)) + "]\n" + CALL),
    ("assignments of many targets", "a.py", lambda: " = ".join(f"x{n}" for n in range(30_000)) + " = X = 'a'\n" + CALL),
    ("targets that are unpacked", "a.py", lambda: "X, " + ", ".join(f"x{n}" for n in range(20_000)) + " = " + "1, " * 20_001 + "\n" + CALL),
    ("unpacking in unpacking", "a.py", lambda: "X = " + nested("{**", "{}", ", 'a': 1}", 90) + "\n" + CALL),
    ("calls with many arguments", "a.py", lambda: "client.create_algorithm(" + ", ".join(f"A{n}=1" for n in range(25_000)) + ")\n"),
    ("5,000 calls", "a.py", lambda: "X = 'a'\n" + CALL * 3500),
    ("5,000 calls in functions", "a.py", lambda: "".join(f"def f{n}(X):\n    {CALL}f{n}('a')\nf{n}(1)\n" for n in range(1500))),
    ("one call in a function that is called 5,000 times", "a.py", lambda: f"def f(X):\n    {CALL}" + "".join(f"f('a{n}')\n" for n in range(9000))),
    ("a dictionary that is changed 20,000 times", "a.py", lambda: "X = {}\n" + "".join(f"X['k{n}'] = {n}\n" for n in range(14_000)) + CALL),
    ("a dictionary that is copied 2,000 times", "a.py", lambda: "X = {" + ", ".join(f"'k{n}': 1" for n in range(2000)) + "}\n" + "X = {**X}\nY = dict(X)\n" * 2000 + CALL),
    ("an attribute that is extended", "a.py", lambda: "X = []\n" + "X += ['aaaaaaaaaaaaaaaaaaaaaaaa']\n" * 12_000 + CALL),
    ("a text that is extended", "a.py", lambda: "X = ''\n" + "X += 'aaaaaaaaaaaaaaaaaaaaaaaa'\n" * 12_000 + CALL),
    ("a text that is put together with itself", "a.py", lambda: "X = 'a'\n" + "X = X + 'b'\n" * 12_000 + CALL),
    ("a text of a megabyte in quotes", "a.py", lambda: 'X = """' + "a 'b' \\n\n" * 900_000 + '"""\n' + CALL),
    ("long identifiers", "a.py", lambda: "X = " + " + ".join("x" * 9000 + str(n) for n in range(600)) + "\n" + CALL),
    ("escapes by name", "a.py", lambda: "X = '" + "\\N{DASH}\\N{EM DASH}" * 100_000 + "'\n" + CALL),
    ("continued lines", "a.py", lambda: "X = 1" + " \\\n + 1" * 20_000 + "\n" + CALL),
    ("parentheses", "a.py", lambda: "X = " + nested("(", "1", ")", 150) + "\n" + CALL),
    ("open parentheses", "a.py", lambda: CALL + "(" * 90_000),
    ("indentation", "a.py", lambda: "".join(" " * n + "if a:\n" for n in range(95)) + " " * 95 + CALL),
    ("a literal of 5,000 digits", "a.py", lambda: "X = " + "9" * 5000 + "\n" + CALL),
    ("numbers of all kinds", "a.py", lambda: "X = [" + "0x" + "f" * 900_000 + ", 1e999999999, 1_0_0, 1j]\n" + CALL),
    ("comments and strings", "a.py", lambda: "# 'a\n'b # c'\n" * 8000 + CALL),
    ("null characters", "a.py", lambda: CALL + "\0" * 1_000_000),
    ("form feeds", "a.py", lambda: "\f" * 1_000_000 + CALL),
    # Notebooks
    ("outputs of megabytes", "a.ipynb", lambda: json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": CALL, "outputs": [{"data": {"image/png": "iVBORw0KGgo" * 600_000}}]}], "nbformat": 4})),
    ("30,000 outputs", "a.ipynb", lambda: json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": CALL, "outputs": [{"text": ["x"]}] * 20_000}], "nbformat": 4})),
    ("10,000 empty cells", "a.ipynb", lambda: notebook(*[""] * 10_000, CALL)),
    ("5,000 cells of a line", "a.ipynb", lambda: notebook(*["x = 1\n"] * 5000, CALL)),
    ("1,000 cells with a call", "a.ipynb", lambda: notebook(*[CALL] * 1000)),
    ("a cell of 50,000 lines", "a.ipynb", lambda: notebook(["x\n"] * 45_000 + [CALL])),
    ("a cell of empty texts", "a.ipynb", lambda: notebook([""] * 90_000 + [CALL])),
    ("magics", "a.ipynb", lambda: notebook("%magic x\n!ls {x}\nx?\ny = !ls\n" * 8000 + CALL)),
    ("magics that are continued", "a.ipynb", lambda: notebook("!ls \\\n" * 20_000 + "\n" + CALL)),
    ("a cell of another language", "a.ipynb", lambda: notebook("%%bash\n" + "a " * 1_000_000, CALL)),
    ("cells that cannot be parsed", "a.ipynb", lambda: notebook(*["x = (\n"] * 2000, CALL)),
    ("escapes in a cell", "a.ipynb", lambda: '{"cells": [{"cell_type": "code", "source": "' + "\\u0020" * 1_000_000 + 'create_algorithm(X)"}]}'),
    ("suppressions in cells", "a.ipynb", lambda: notebook(*["# algolint: ignore[pattern-mismatch]\n" + CALL] * 900)),
    # Terraform
    ("blocks in blocks", "a.tf", lambda: RESOURCE + nested("a {\n", "b = 1\n", "}\n", 150) + "}"),
    ("3,000 here-documents", "a.tf", lambda: RESOURCE + "".join(f"a{n} = <<-E\n  a\n   b\n  E\n" for n in range(3000)) + "}"),
    ("a here-document of interpolations", "a.tf", lambda: RESOURCE + "a = <<E\n" + "a ${b} %{if c}d%{endif}\n" * 5000 + "E\n}"),
    ("here-documents that are open", "a.tf", lambda: RESOURCE + "a = <<E\n" * 10_000),
    ("here-documents with indentation", "a.tf", lambda: RESOURCE + "a = <<-E\n" + "".join(" " * (n % 900) + "x\n" for n in range(1900)) + "E\n}"),
    ("locals that double", "a.tf", lambda: "locals {\n" + chained('x0 = "ab"\n', 'x{n} = "${local.x{m}}${local.x{m}}"\n', 60) + "}\n" + RESOURCE + "algorithm_description = local.x59\n}"),
    ("lists of locals that double", "a.tf", lambda: "locals {\n" + chained('x0 = ["a"]\n', "x{n} = concat(local.x{m}, local.x{m})\n", 60) + "}\n" + RESOURCE + "tags = local.x59\n}"),
    ("a chain of 3,000 locals", "a.tf", lambda: "locals {\n" + chained('x0 = "a b"\n', "x{n} = local.x{m}\n", 3000) + "}\n" + RESOURCE + "algorithm_description = local.x2999\n}"),
    ("locals in a circle", "a.tf", lambda: "locals {\n" + "".join(f"x{n} = local.x{(n + 1) % 2000}\n" for n in range(2000)) + "}\n" + RESOURCE + "algorithm_description = local.x0\n}"),
    ("conditions", "a.tf", lambda: RESOURCE + "a = " + "var.x ? 1 : " * 150 + "0\n}"),
    ("a sum of 10,000", "a.tf", lambda: RESOURCE + "a = 1" + " + 1" * 10_000 + "\n}"),
    ("calls in calls", "a.tf", lambda: RESOURCE + "a = " + nested("f(", "1", ")", 150) + "\n}"),
    ("lists in lists", "a.tf", lambda: RESOURCE + "a = " + nested("[", "1", "]", 150) + "\n}"),
    ("expressions of lists", "a.tf", lambda: RESOURCE + "tags = [" + "for x in y : " * 90 + "]\n}"),
    ("open comments in Terraform", "a.tf", lambda: RESOURCE + "/*" * 400_000),
    ("20,000 comments", "a.tf", lambda: RESOURCE + "# a\n// b\n/* c */\n" * 9000 + "}"),
    ("3,000 resources", "a.tf", lambda: (RESOURCE + "}\n") * 3000),
    ("3,000 dynamic blocks", "a.tf", lambda: RESOURCE + "dynamic tags {\nfor_each = x\ncontent {\na = 1\n}\n}\n" * 2000 + "}"),
    ("attributes of accents", "a.tf", lambda: RESOURCE + "".join(f'é{n} = "é😀\\u00e9"\n' for n in range(6000)) + "}"),
    ("dollars that are escaped", "a.tf", lambda: RESOURCE + 'a = "' + "$${" * 100_000 + '"\n}'),
    ("suppressions in Terraform", "a.tf", lambda: RESOURCE + "".join(f"# algolint: ignore[unknown-field]\nx{n} = 1\n" for n in range(5000)) + "}"),
    ("resources in lists", "a.tf.json", lambda: json.dumps({"resource": [{"aws_sagemaker_algorithm": [{f"a{n}": [{"algorithm_name": "a b", "bogus": 1}]}]} for n in range(2000)]})),
    # TypeScript
    ("literals in literals", "a.ts", lambda: "const X = " + nested("`${", "1", "}`", 90) + ";\n" + SEND),
    ("spreads that double", "a.ts", lambda: chained("const x0 = {a: 1};\n", "const x{n} = {...x{m}, k{n}: x{m}, l{n}: x{m}};\n", 100) + "const X = x99;\n" + SEND),
    ("arrays that double", "a.ts", lambda: chained("const x0 = ['a'];\n", "const x{n} = [...x{m}, ...x{m}];\n", 60) + "const X = {TrainingChannels: x59};\n" + SEND),
    ("literals that double", "a.ts", lambda: chained("const x0 = 'ab';\n", "const x{n} = `${x{m}}${x{m}}`;\n", 60) + "const X = {TrainingImage: x59};\n" + SEND),
    ("a chain of 5,000 constants", "a.ts", lambda: chained("const x0 = 'a b';\n", "const x{n} = x{m};\n", 5000) + "const X = {TrainingImage: x4999};\n" + SEND),
    ("choices in choices", "a.ts", lambda: "const X = " + "a ? 'b' : " * 150 + "'c';\n" + SEND),
    ("members of members", "a.ts", lambda: "const X = a" + ".b()" * 9000 + ";\n" + SEND),
    ("a sum of texts in TypeScript", "a.ts", lambda: "const X = " + " + ".join(["'a'"] * 9000) + ";\n" + SEND),
    ("assertions", "a.ts", lambda: "const X = ({}" + " as T" * 5000 + ");\n" + SEND),
    ("2,000 requests", "a.ts", lambda: SEND * 2000),
    ("elements", "a.tsx", lambda: "const y = " + nested("<a>", "b", "</a>", 150) + ";\n" + SEND),
    ("types in types", "a.ts", lambda: "type T = " + nested("A<", "B", ">", 150) + ";\n" + SEND),
    ("open quotes in TypeScript", "a.ts", lambda: SEND + "`${" * 20_000),
    ("expressions between slashes", "a.js", lambda: "const y = /[/" + "(a|b)*" * 9000 + "/;\n" + SEND),
    ("suppressions in TypeScript", "a.ts", lambda: ("// algolint: ignore[pattern-mismatch]\n" + SEND) * 900),
    ("a comment with many directives", "a.ts", lambda: "/*\n" + " * algolint: ignore[pattern-mismatch]\n" * 9000 + " */\n" + SEND),
    # Shell
    ("here-documents in a script", "a.sh", lambda: "".join(f"cat <<E{n}\na\nE{n}\n" for n in range(3000)) + COMMAND),
    ("commands in commands", "a.sh", lambda: "x=" + nested("$(", "a", ")", 150) + "\n" + COMMAND),
    ("open commands", "a.sh", lambda: COMMAND + " $(" * 20_000),
    ("a command of 20,000 lines", "a.sh", lambda: COMMAND + " \\\n --x y" * 15_000),
    ("quotes in quotes", "a.sh", lambda: COMMAND + " --algorithm-description '" + "'\\''" * 20_000 + "'"),
    ("JSON of a script", "a.sh", lambda: "aws sagemaker create-algorithm --cli-input-json '" + faults(300).replace("'", "") + "'"),
    ("JSON of a here-document", "a.sh", lambda: "aws sagemaker create-algorithm --cli-input-json \"$(cat <<E\n" + faults(300) + "\nE\n)\""),
    ("1,000 commands", "a.sh", lambda: (COMMAND + " --training-specification TrainingImage=x\n") * 2000),
    ("shorthand that is nested", "a.sh", lambda: COMMAND + " --training-specification " + nested("a={", "b=c", "}", 150)),
    ("10,000 variables", "a.sh", lambda: "".join(f"X{n}=a\n" for n in range(10_000)) + COMMAND + " --x " + "".join(f"$X{n}" for n in range(9000))),
    ("a Makefile", "Makefile", lambda: "all:\n" + ("\t" + COMMAND + " $(X) \\\n\t\t--x $@\n") * 1500),
    # Markdown
    ("fences", "a.md", lambda: "```\n" * 300_000),
    ("a fence of a million", "a.md", lambda: "`" * 1_000_000 + "\n" + "`" * 999_999 + "\n"),
    ("fences that grow", "a.md", lambda: "".join("`" * (3 + n) + "json\n" for n in range(2000))),
    ("open fences of JSON", "a.md", lambda: "```json\n" + HEAD + "\n" * 1_000_000 + "~~~json\n" * 100_000),
    ("3,000 blocks", "a.md", lambda: ("```json\n" + HEAD + '"Tags": [1]}\n```\n') * 900),
    ("blocks that are not valid", "a.md", lambda: ("```json\n" + HEAD + '"Tags": [...]}\n```\n') * 3000),
    ("spaces before fences", "a.md", lambda: "   `" * 500_000 + "\n" + "  ``" * 500_000),
]  # fmt: skip

ROWS: list[Row] = [*JSON, *YAMLS, *PROGRAMS]
