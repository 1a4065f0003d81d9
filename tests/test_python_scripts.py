"""Ways to write a program that sends one faulty request: the fault is found, or the request is reported as
unknown.
"""

from __future__ import annotations

import ast
import json

import pytest

from algolint import limits
from algolint.linting.linter import Linter
from algolint.rule_files import first_party_rules
from algolint.source import Source
from algolint.syntaxes import read
from algolint.testing import is_unknown, model_of
from algolint.values import UNKNOWN, OpenDict

LINTER = Linter(model_of(), first_party_rules())

FAULT = "ml.m5.3xlarge"
CHANNEL = {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}
TRAINING = {
    "TrainingImage": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/forecast:1",
    "SupportedTrainingInstanceTypes": ["ml.m5.large", FAULT],
    "TrainingChannels": [CHANNEL],
}
REQUEST = {"AlgorithmName": "forecast", "TrainingSpecification": TRAINING}

#: Programs with `@SPEC` in place of the faulty request, `@TRAINING` of a part of it, `@JSON` of its text, and
#: `@CLEAN` of a request that the program makes faulty.
WAYS = {
    # Statements of a module.
    "keywords": "sm.create_algorithm(AlgorithmName='forecast', TrainingSpecification=@TRAINING)",
    "splat": "spec = @SPEC\nsm.create_algorithm(**spec)",
    "parts": "spec = @SPEC\nsm.create_algorithm(AlgorithmName=spec['AlgorithmName'],"
    " TrainingSpecification=spec['TrainingSpecification'])",
    "update": "spec = {'AlgorithmName': 'forecast'}\nspec.update({'TrainingSpecification': @TRAINING})\n"
    "sm.create_algorithm(**spec)",
    "union": "spec = {'AlgorithmName': 'forecast'} | {'TrainingSpecification': @TRAINING}\nsm.create_algorithm(**spec)",
    "assigned": "spec = {'AlgorithmName': 'forecast'}\nspec['TrainingSpecification'] = @TRAINING\n"
    "sm.create_algorithm(**spec)",
    "deepcopy": "import copy\nbase = @SPEC\nspec = copy.deepcopy(base)\nspec['AlgorithmName'] = 'other'\n"
    "sm.create_algorithm(**spec)",
    "dict": "sm.create_algorithm(**dict(AlgorithmName='forecast', TrainingSpecification=@TRAINING))",
    "json": "import json\nsm.create_algorithm(**json.loads('''@JSON'''))",
    "template": "import json\nTEXT = '''@JSON'''.replace('forecast\"', name + '\"')\nsm.create_algorithm(**json.loads(TEXT))",
    "formatted": "F = 'ml.{}.3xlarge'.format('m5')\nspec = @FORMATTED\nsm.create_algorithm(**spec)",
    "appended": "spec = @CLEAN\nspec['TrainingSpecification']['SupportedTrainingInstanceTypes']"
    ".append(f'ml.{\"m5\"}.3xlarge')\nsm.create_algorithm(**spec)",
    "loop": "for name in names:\n    sm.create_algorithm(AlgorithmName=name, TrainingSpecification=@TRAINING)",
    "loop over requests": "for request in [@SPEC]:\n    sm.create_algorithm(**request)",
    "built in a loop": "channels = []\nfor name in ('train', 'test'):\n    channels.append({'Name': name,"
    " 'SupportedContentTypes': ['text/csv'], 'SupportedInputModes': ['File']})\ntraining = @CLEAN_TRAINING\n"
    "types = training['SupportedTrainingInstanceTypes']\nfor size in ['.3xlarge']:\n    types.append('ml.m5' + size)\n"
    "training['TrainingChannels'] = channels\nsm.create_algorithm(AlgorithmName='a', TrainingSpecification=training)",
    "conditional": "if production:\n    spec = @SPEC\nelse:\n    spec = load()\nsm.create_algorithm(**spec)",
    "try": "spec = @SPEC\ntry:\n    sm.create_algorithm(**spec)\nexcept sm.exceptions.ClientError:\n    raise",
    "logged": "import logging\nspec = @SPEC\nlogging.getLogger(__name__).info('%s', spec)\nsm.create_algorithm(**spec)",
    "rich": "from rich import print as rprint\nspec = @SPEC\nrprint(spec)\nsm.create_algorithm(**spec)",
    "checked": "from ours import check\nspec = @SPEC\ncheck(spec)\nsm.create_algorithm(**spec)",
    "position": "spec = @SPEC\nsm.create_algorithm(spec)",
    # Functions.
    "main": "def main():\n    sm.create_algorithm(**@SPEC)\n\nif __name__ == '__main__':\n    main()",
    "register": "def register(spec):\n    sm.create_algorithm(**spec)\n\nregister(@SPEC)",
    "two functions": "def build():\n    return @SPEC\n\ndef send(client, spec):\n    client.create_algorithm(**spec)\n\n"
    "send(sm, build())",
    "handler": "request = @SPEC\n\ndef handler(event, context):\n    request['AlgorithmName'] = event['name']\n"
    "    return sm.create_algorithm(**request)",
    "click": "import click\nrequest = @SPEC\n\n@click.command()\n@click.argument('name')\ndef main(name):\n"
    "    request['AlgorithmName'] = name\n    sm.create_algorithm(**request)\n\nmain()",
    "lambda": "send = lambda spec: sm.create_algorithm(**spec)\nsend(@SPEC)",
    "partial": "import functools\nspec = @SPEC\nrun = functools.partial(sm.create_algorithm, **spec)\nrun()",
    "retry": "def retry(call, **arguments):\n    return call(**arguments)\n\nretry(sm.create_algorithm, **@SPEC)",
    "gathered": "import asyncio\n\nasync def send(spec):\n    sm.create_algorithm(**spec)\n\nasync def main():\n"
    "    await asyncio.gather(send(@SPEC), other())\n\nasyncio.run(main())",
    "async": "import asyncio\n\nasync def main(spec):\n    async with session.client('sagemaker') as sm:\n"
    "        await sm.create_algorithm(**spec)\n\nasyncio.run(main(@SPEC))",
    # Classes.
    "method": "class Registrar:\n    def go(self, spec):\n        self.client.create_algorithm(**spec)\n\nRegistrar().go(@SPEC)",
    "class attribute": "class Job:\n    spec = @SPEC\n\n    def run(self):\n        sm.create_algorithm(**self.spec)\n\nJob().run()",
    "instance attribute": "class Job:\n    def __init__(self):\n        self.spec = @SPEC\n\n    def run(self):\n"
    "        sm.create_algorithm(**self.spec)\n\nJob().run()",
    "dataclass": "from dataclasses import dataclass, field\n\n@dataclass\nclass Job:\n"
    "    spec: dict = field(default_factory=lambda: @SPEC)\n\nsm.create_algorithm(**Job().spec)",
    # Values that this program does not send.
    "mock": "from unittest.mock import Mock\nclient = Mock()\nclient.describe_algorithm = Mock(return_value=@SPEC)",
    "fixture": "import pytest\n\n@pytest.fixture\ndef request_():\n    return @SPEC\n\n"
    "def test_it(request_):\n    sm.create_algorithm(**request_)",
    "pool": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as pool:\n"
    "    pool.map(lambda spec: sm.create_algorithm(**spec), [@SPEC])",
}  # fmt: skip
#: Programs that contain no part of the request.
OUT_OF_SIGHT = {
    "another module": "from ours import more\nspec = {'AlgorithmName': 'forecast'}\nspec.update(more)\n"
    "sm.create_algorithm(**spec)",
    "another module, whole": "import ours\nsm.create_algorithm(**ours.build())",
    "a parameter": "def send(spec):\n    sm.create_algorithm(**spec)",
    "environment": "import json, os\nsm.create_algorithm(**json.loads(os.environ['SPEC']))",
}

START = "import boto3\nsm = boto3.client('sagemaker')\n"


def program(way: str) -> str:
    """Return the program of a way, with the literals inserted."""
    whole = repr(REQUEST)
    literals = {
        "@SPEC": whole,
        "@TRAINING": repr(TRAINING),
        "@JSON": json.dumps(REQUEST, indent=2),
        "@FORMATTED": whole.replace(repr(FAULT), "F"),
        "@CLEAN_TRAINING": repr(TRAINING).replace(f", {FAULT!r}", ""),
        "@CLEAN": whole.replace(f", {FAULT!r}", ""),
    }
    for mark, literal in literals.items():
        way = way.replace(mark, literal)
    return START + way


def blamed(text: str) -> list[str]:
    """Return the texts that are reported for the fault."""
    found = LINTER.lint_source(Source("deploy.py", text)).diagnostics
    return [text[slice(*d.location.span)] for d in found if d.rule.name == "unknown-instance-type"]


def is_open(text: str) -> bool:
    """Whether some call has an unknown training specification."""
    return any(
        isinstance(one.spec, OpenDict) and is_unknown(one.spec.get("TrainingSpecification", UNKNOWN))
        for one in read(Source("deploy.py", text))
        if one.is_call
    )


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_the_fault_is_found_once(way: str) -> None:
    text = program(way)
    ast.parse(text)
    assert FAULT in text or "format" in way or "{" in way or ".m5' + size" in way
    assert len(blamed(text)) == 1


@pytest.mark.parametrize("way", OUT_OF_SIGHT.values(), ids=list(OUT_OF_SIGHT))
def test_a_request_that_is_not_in_the_program_is_open(way: str) -> None:
    text = program(way)
    assert blamed(text) == []
    assert is_open(text)


def test_each_turn_of_a_loop_is_a_request() -> None:
    text = program(
        "for name in ['a_b', 'c', 'd_e']:\n    sm.create_algorithm(AlgorithmName=name, TrainingSpecification=@TRAINING)"
    )
    found = LINTER.lint_source(Source("deploy.py", text)).diagnostics
    names = [text[slice(*d.location.span)] for d in found if d.rule.name == "pattern-mismatch"]
    assert names == ["'a_b'", "'d_e'"]
    assert len(blamed(text)) == 1


def test_there_are_as_many_ways_as_promised() -> None:
    assert len(WAYS) >= 34


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_a_request_without_the_fault_has_no_error(way: str) -> None:
    text = program(way.replace(".3xlarge", ".2xlarge")).replace(FAULT, "ml.m5.2xlarge")
    errors = [d for d in LINTER.lint_source(Source("deploy.py", text)).diagnostics if d.severity == "error"]
    assert [d.rule.name for d in errors] == (
        ["positional-request"] if "create_algorithm(spec)" in way else []
    )


def test_a_request_that_may_hold_more_is_another_one() -> None:
    text = program("for more in ({}, load()):\n    sm.create_algorithm(AlgorithmName='a', **more)")
    assert sorted(repr(one.spec) for one in read(Source("deploy.py", text))) == [
        "OpenDict({'AlgorithmName': 'a'})",
        "{'AlgorithmName': 'a'}",
    ]


# ---------------------------------------------------------------- values that depend on something unknown

#: Programs in which the fault is in a value that the request may have, and `@SEND` is a call that sends `types`.
BRANCHES = {
    "conditional": "types = @FAULTY if gpu else ['ml.m5.large']\n@SEND",
    "conditional, otherwise": "types = ['ml.m5.large'] if gpu else @FAULTY\n@SEND",
    "or": "types = args.types or @FAULTY\n@SEND",
    "and": "types = gpu and @FAULTY\n@SEND",
    "get": "types = event.get('types', @FAULTY)\n@SEND",
    "environment": "import os\nSIZE = os.environ.get('SIZE', '@FAULT')\ntypes = ['ml.m5.large', SIZE]\n@SEND",
    "getenv": "import os\nSIZE = os.getenv('SIZE', '@FAULT')\ntypes = ['ml.m5.large', SIZE]\n@SEND",
    "if": "types = ['ml.m5.large']\nif gpu:\n    types = @FAULTY\n@SEND",
    "before": "types = @FAULTY\nif gpu:\n    types = ['ml.m5.large']\n@SEND",
    "elif": "if gpu:\n    types = load()\nelif cpu:\n    types = @FAULTY\nelse:\n    raise ValueError\n@SEND",
    "match": "match kind:\n    case 'gpu':\n        types = @FAULTY\n    case _:\n        types = load()\n@SEND",
    "try": "try:\n    types = load()\nexcept OSError:\n    types = @FAULTY\n@SEND",
    "suppress": "types = None\nwith suppress(OSError):\n    types = @FAULTY\n@SEND",
    "for": "types = None\nfor one in load():\n    types = @FAULTY\n@SEND",
    "while": "types = None\nwhile load():\n    types = @FAULTY\n@SEND",
    "skipped turns": "for size in ['ml.m5.large', '@FAULT']:\n    if exists(size):\n        continue\n"
    "    types = [size]\n    @SEND",
    "tuples": "for name, size in [('a', 'ml.m5.large'), ('b', '@FAULT')]:\n    if exists(name):\n        continue\n"
    "    types = [size]\n    @SEND",
    "lookup": "types = {'cpu': ['ml.m5.large'], 'gpu': @FAULTY}[kind]\n@SEND",
    "lookup, get": "KINDS = {'cpu': ['ml.m5.large'], 'gpu': @FAULTY}\ntypes = KINDS.get(kind)\n@SEND",
    "lookup of a row": "KINDS = {'cpu': {'types': ['ml.m5.large']}, 'gpu': {'types': @FAULTY}}\n"
    "types = KINDS[kind]['types']\n@SEND",
    "a row or another": "row = {'types': @FAULTY} if gpu else {'types': []}\ntypes = row['types']\n@SEND",
    "appended": "types = ['ml.m5.large']\nif gpu:\n    types.append('@FAULT')\n@SEND",
    "added": "types = ['ml.m5.large']\nfor one in load():\n    types += ['@FAULT']\n@SEND",
    "spread list": "types = ['ml.m5.large', *(['@FAULT'] if gpu else [])]\n@SEND",
    "set": "types = sorted({'ml.m5.large', '@FAULT'})\n@SEND",
    "sorted": "types = sorted(@FAULTY)\n@SEND",
    "returned": "def make(gpu):\n    if gpu:\n        return @FAULTY\n    return ['ml.m5.large']\n"
    "types = make(load())\n@SEND",
    "returned in the end": "def make(gpu):\n    if gpu:\n        return ['ml.m5.large']\n    return @FAULTY\n"
    "types = make(load())\n@SEND",
    "the command line": "import argparse\ndef parse():\n    parser = argparse.ArgumentParser()\n"
    "    parser.add_argument('-s', '--my-size', default='@FAULT', help='x')\n    return parser.parse_args()\n"
    "args = parse()\ntypes = [args.my_size]\n@SEND",
    "the command line, several": "import argparse\nparser = argparse.ArgumentParser()\n"
    "parser.add_argument('--sizes', nargs='*', dest='all', default=@FAULTY)\ndef main(args):\n    types = args.all\n"
    "    @SEND\nmain(parser.parse_args())",
    "a parameter": "def send(types=@FAULTY):\n    @SEND",
    "a parameter in a call": "def send(name, types=@FAULTY):\n    @SEND\nsend('a')",
    "a keyword": "def send(*, size='@FAULT'):\n    types = [size]\n    @SEND",
    "an attribute": "class Job:\n    def __init__(self):\n        self.types = @FAULTY\n\n    def send(self):\n"
    "        types = self.types\n        @SEND",
    "a dataclass": "@dataclass\nclass Job:\n    size: str = '@FAULT'\n\n    def send(self):\n"
    "        types = [self.size]\n        @SEND",
    "nested": "types = (@FAULTY if gpu else ['ml.m5.xlarge']) if production else ['ml.m5.large']\n@SEND",
    "a condition in a choice": "if production:\n    types = ['ml.m5.large', '@FAULT' if gpu else 'ml.m5.xlarge']\n"
    "else:\n    types = load()\n@SEND",
    "an entry": "types = ['ml.m5.large']\nif gpu:\n    training['SupportedTrainingInstanceTypes'] = @FAULTY\n@SEND",
    "an entry of one branch": "types = ['ml.m5.large']\ntraining.pop('SupportedTrainingInstanceTypes', None)\n"
    "if gpu:\n    training['SupportedTrainingInstanceTypes'] = @FAULTY\nclient.create_algorithm(AlgorithmName='a',"
    " TrainingSpecification=training)",
    "spread dict": "client.create_algorithm(AlgorithmName='a', TrainingSpecification={**training,"
    " **({'SupportedTrainingInstanceTypes': @FAULTY} if gpu else {})})",
    "deepcopy": "import copy\nif gpu:\n    training['SupportedTrainingInstanceTypes'] = @FAULTY\n"
    "client.create_algorithm(AlgorithmName='a', TrainingSpecification=copy.deepcopy(training))",
}  # fmt: skip
#: Programs that never send the faulty value, or may know that they do not.
GUARDED = {
    "decided": "kind = 'cpu'\nif kind == 'gpu':\n    types = @FAULTY\nelse:\n    types = ['ml.m5.large']\n@SEND",
    "a flag": "GPU = False\ntypes = @FAULTY if GPU else ['ml.m5.large']\n@SEND",
    "in": "kind = 'cpu'\nif kind in ('gpu', 'tpu'):\n    types = @FAULTY\nelse:\n    types = ['ml.m5.large']\n@SEND",
    "not in": "row = {'types': ['ml.m5.large']}\nif 'types' not in row:\n    row['types'] = @FAULTY\ntypes = row['types']\n@SEND",
    "or": "types = ['ml.m5.large'] or @FAULTY\n@SEND",
    "a known value": "kind = 'cpu'\nif kind.startswith('g'):\n    types = @FAULTY\nelse:\n    types = ['ml.m5.large']\n@SEND",
    "corrected": "size = 'ml.m5.large_'\nif size.endswith('_'):\n    size = size[:-1]\ntypes = [size]\n@SEND",
    "corrected, unknown": "import os\nsize = os.environ.get('SIZE', '@FAULT')\nif not size.startswith('ml.m4'):\n"
    "    size = 'ml.m5.large'\ntypes = [size]\n@SEND",
    "an argument": "def make(kind):\n    if kind == 'gpu':\n        return @FAULTY\n    return ['ml.m5.large']\n"
    "types = make('cpu')\n@SEND",
    "an argument not understood": "def make(kind):\n    if kind.lower() == 'gpu':\n        return @FAULTY\n"
    "    return ['ml.m5.large']\ntypes = make('cpu')\n@SEND",
    "leaves": "types = ['ml.m5.large']\nif gpu:\n    types = @FAULTY\n    raise ValueError(types)\n@SEND",
    "returns": "def send(types):\n    if gpu:\n        types = @FAULTY\n        print(types)\n        return\n    @SEND\n"
    "send(['ml.m5.large'])",
    "replaced": "types = ['ml.m5.large']\nif gpu:\n    types = @FAULTY\ntypes = ['ml.m5.xlarge']\n@SEND",
    "replaced in it": "types = @FAULTY if gpu else ['ml.m5.large']\ntypes[1] = 'ml.m5.xlarge'\n@SEND",
    "filtered": "types = [one for one in @FAULTY if one in supported]\n@SEND",
    "filtered, known": "types = [one for one in @FAULTY if one != '@FAULT']\n@SEND",
    "passed over": "types = ['ml.m5.large']\nfor one in @FAULTY:\n    if not one.startswith('ml.m4'):\n        continue\n"
    "    types.append(one)\n@SEND",
    "a filter": "def make(kind):\n    if kind.startswith('c'):\n        return []\n    if gpu:\n        return @FAULTY\n"
    "    return ['ml.m5.large']\ntypes = make('cpu')\n@SEND",
    "a default that is given": "def send(types=@FAULTY):\n    @SEND\nsend(['ml.m5.large'])",
    "converted": "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--size', default='5', type=size_of)\n"
    "args = parser.parse_args()\ntypes = [args.size]\n@SEND",
    "a field that is given": "@dataclass\nclass Job:\n    size: str = '@FAULT'\ntypes = [Job(size='ml.m5.large').size]\n@SEND",
}  # fmt: skip


def conditional_program(way: str) -> str:
    """Return the program of a way, with `training` a part of its request."""
    training = repr(
        {key: value for key, value in TRAINING.items() if key != "SupportedTrainingInstanceTypes"}
    )
    send = (
        "client.create_algorithm(AlgorithmName='a',"
        " TrainingSpecification={'SupportedTrainingInstanceTypes': types, **training})"
    )
    way = way.replace("@SEND", send).replace("@FAULTY", f"['ml.m5.large', {FAULT!r}]")
    way = way.replace("@FAULT", FAULT)
    return f"{START}client = sm\ntraining = {training}\n{way}\n"


@pytest.mark.parametrize("way", BRANCHES.values(), ids=list(BRANCHES))
def test_a_fault_of_a_value_that_may_be_sent_is_found_once(way: str) -> None:
    text = conditional_program(way)
    ast.parse(text)
    assert len(blamed(text)) == 1, text
    assert FAULT in blamed(text)[0]
    # What is only set in some branches is not reported as missing.
    clean = text.replace(FAULT, "ml.m5.2xlarge")
    assert [
        d.rule.name for d in LINTER.lint_source(Source("a.py", clean)).diagnostics if d.severity != "info"
    ] == []


def test_the_values_that_are_linted_for_the_branches_of_a_program_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    types = ", ".join(f"'ml.m5.large' if {name} else {FAULT!r}" for name in "abcdefgh")
    (document,) = read(Source("deploy.py", conditional_program(f"types = [{types}]\n@SEND")))
    assert len([*document.variants()]) == 16
    monkeypatch.setattr(limits, "MAX_BRANCH_VALUES", 100)
    (document,) = read(Source("deploy.py", conditional_program(f"types = [{types}]\n@SEND")))
    assert 1 <= len([*document.variants()]) <= 5


@pytest.mark.parametrize("way", GUARDED.values(), ids=list(GUARDED))
def test_a_fault_of_a_value_that_is_not_sent_is_not_reported(way: str) -> None:
    text = conditional_program(way)
    ast.parse(text)
    assert blamed(text) == []


@pytest.mark.parametrize("way", BRANCHES.values(), ids=list(BRANCHES))
def test_a_value_that_may_be_sent_is_not_fixed(way: str) -> None:
    """The other branches are for what is wrong with it in this one."""
    text = conditional_program(way).replace(FAULT, "m5.xlarge")
    found = LINTER.lint_source(Source("deploy.py", text)).diagnostics
    assert [d.fix for d in found if d.rule.name == "unknown-instance-type"] == [None]
