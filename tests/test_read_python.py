"""Python: the arguments that a program passes to create_algorithm, without running it."""

from __future__ import annotations

import ast
import contextlib
import copy
import json
import random
import re
import sys
import sysconfig
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from conftest import ROOT, Run, Share, shares
from hypothesis import given
from hypothesis import strategies as st
from renderings import LINTER, added, findings, stack, template, values

from algolint.document import Document
from algolint.linting.linter import Linter
from algolint.readers import python as read_python
from algolint.readers.python_specs import snake_case
from algolint.source import MissingRequirement, Source, SourceSyntaxError
from algolint.syntaxes import read
from algolint.testing import is_unknown, model_of
from algolint.values import UNKNOWN, OpenDict, OpenList, PartialText
from campaigns import complete
from campaigns.breaks import BREAKS
from campaigns.parts import Inapplicable


def documents(text: str, name: str = "spec.py") -> list[Document]:
    return read(Source(name, text))


def document(text: str) -> Document:
    [found] = documents(text)
    return found


def same(found: Any, expected: Any) -> bool:
    """Whether values are equal, including types and unknown and open parts."""
    if is_unknown(expected) or is_unknown(found):
        return is_unknown(expected) and is_unknown(found)
    if type(found) is not type(expected):
        return False
    if isinstance(found, dict):
        return found.keys() == expected.keys() and all(same(found[key], expected[key]) for key in found)
    if isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return bool(found == expected)


def passed(program: str) -> Any:
    """Return the Tags that a program's only call passes, in any form."""
    spec = document(program).spec
    return spec["Tags"]


# ---------------------------------------------------------------- expressions

KNOWN = [
    ('"a"', "a"),
    ('"a" "b"', "ab"),
    ('"a" + "b" + \'c\'', "abc"),
    ('f"a"', "a"),
    ("r'\\d'", "\\d"),
    ('"""a\nb"""', "a\nb"),
    ('"a-b".replace("-", "+")', "a+b"),
    ('" a ".strip()', "a"),
    ("1", 1),
    ("-1", -1),
    ("1.5", 1.5),
    ("True", True),
    ("None", None),
    ("[1, 2]", [1, 2]),
    ("(1, 2)", [1, 2]),
    ("[1, *[2, 3]]", [1, 2, 3]),
    ("[1] + [2]", [1, 2]),
    ("list([1])", [1]),
    ("tuple((1,))", [1]),
    ('{"a": 1}', {"a": 1}),
    ('{"a": 1, **{"b": 2}, "a": 3}', {"a": 3, "b": 2}),
    ('{"a": 1} | {"b": 2}', {"a": 1, "b": 2}),
    ('dict(a=1, **{"b": 2})', {"a": 1, "b": 2}),
    ('dict({"a": 1}, b=2)', {"a": 1, "b": 2}),
    ('{"a": [1]}["a"]', [1]),
    ('{"a": [1]}.get("a")', [1]),
    ('{"a": 1}.copy()', {"a": 1}),
    ('copy.deepcopy({"a": [1]})', {"a": [1]}),
    ('json.loads("""{"a": [true, null, 1.5, "x"]}""")', {"a": [True, None, 1.5, "x"]}),
    ('json.loads(\'{"a": "N", "b": X}\'.replace("N", "n").replace("X", "[1]"))', {"a": "n", "b": [1]}),
    ("(given := 1)", 1),
    ("1 + 1", 2),
    ("20 * 60", 1200),
    ("(7 - 1) / 2", 3.0),
    ("7 // 2 + 7 % 2", 4),
    ("2 ** 10", 1024),
    ("not True", False),
    ("str(7)", "7"),
    ("str(1.5)", "1.5"),
    ("int(900)", 900),
    ("int('900')", 900),
    ("float('0.5')", 0.5),
    ("'a' * 2", "aa"),
    ("'A'.lower() + 'b'.upper()", "aB"),
    ("f'{1}-{\"a\"}-{None}'", "1-a-None"),
    ("f'{\"a\"!s}{{}}'", "a{}"),
    ("'%s-%d%%' % ('a', 2)", "a-2%"),
    ("'%s' % 'a'", "a"),
    ("'%(x)s!' % {'x': 1}", "1!"),
    ("'{}-{}'.format('a', 1)", "a-1"),
    ("'{1}{0}{x}{{'.format('a', 'b', x='c')", "bac{"),
    ("'-'.join(['a', 'b', 'c'])", "a-b-c"),
    ("[1, 2].copy()", [1, 2]),
    ("copy.copy([1])", [1]),
    ("[1, 2][-1]", 2),
    ("yaml.safe_load('a: [1, x]')", {"a": [1, "x"]}),
    ("yaml.load(textwrap.dedent('\\n  a:\\n    - 1\\n  b: x\\n'), Loader=Safe)", {"a": [1], "b": "x"}),
    ("textwrap.dedent('  a\\n    b\\n \\n  c')", "a\n  b\n\nc"),
    ("'a,b'.split(',')", ["a", "b"]),
    ("' a b '.split()", ["a", "b"]),
    ("[x for x in [1, None, 0] if x is not None]", [1, 0]),
    ("{k: v for k, v in {'a': None, 'b': 1}.items() if v}", {"b": 1}),
    ("1 if not '' else 2", 1),
    ("None or [] or 'b'", "b"),
    ("'a' and 'b'", "b"),
    (
        "['a' == 'b', 'a' != 1, 1 is None, 'a' in ('a',), 'c' not in {'a': 1}]",
        [False, True, False, True, True],
    ),
]


@pytest.mark.parametrize(("expression", "value"), KNOWN)
def test_known_values(expression: str, value: Any) -> None:
    assert same(passed(f"sm.create_algorithm(AlgorithmName='a', Tags={expression})"), value)
    assert same(passed(f"value = {expression}\nsm.create_algorithm(AlgorithmName='a', Tags=value)"), value)


#: Partially known texts, with `*` for unknown parts.
PARTIAL = [
    ("f'a{x}'", "a*"),
    ("f'{x}{y}-b{{}}'", "*-b{}"),
    ("f'{1:02d}.a'", "*.a"),
    ("f'a{\"b\"!r}'", "a*"),
    ("'a%sb' % x", "a*b"),
    ("'%s:%s' % (x, 1)", "*:1"),
    ("'%5d.' % 1", "*."),
    ("'a{}-{y}'.format(x, y=1)", "a*-1"),
    ("'{:>5}.'.format(1)", "*."),
    ("'a' + x", "a*"),
    ("x + 'a' + y + 'b'", "*a*b"),
    ("'a-b'.replace('-', x)", "a*b"),
    ("'-'.join(['a', x])", "a-*"),
    ("'trees-' + str(round(time.time()))", "trees-*"),
]


@pytest.mark.parametrize(("expression", "text"), PARTIAL)
def test_texts_that_are_known_in_part(expression: str, text: str) -> None:
    found = passed(f"sm.create_algorithm(AlgorithmName='a', Tags={expression})")
    assert isinstance(found, PartialText)
    assert "*".join(found.pieces) == text


UNKNOWN_PARTS = [
    ("x == 'a'", UNKNOWN),
    ("f'{x}a' == 'a'", UNKNOWN),
    ("'a' in ['b', x]", UNKNOWN),
    ("'a' in {**x}", UNKNOWN),
    ("1 < 2 < x", UNKNOWN),
    ("'a'.split(x)", UNKNOWN),
    ("yaml.safe_load('a: 1\\n---\\nb: 2')", UNKNOWN),
    ("sorted(['b', 'a'])", UNKNOWN),
    ("{'a', 'b'}", UNKNOWN),
    ("compute()", UNKNOWN),
    ("nowhere", UNKNOWN),
    ("a.b", UNKNOWN),
    ("a[0]", UNKNOWN),
    ("{}['a']", UNKNOWN),
    ("b'a'", UNKNOWN),
    ("1j", UNKNOWN),
    ("...", UNKNOWN),
    ("{1, 2}", UNKNOWN),
    ("'a' if x else 'b'", UNKNOWN),
    ("x or 'b'", UNKNOWN),
    ("[x for x in y]", UNKNOWN),
    ("[x for x in [1] if y]", UNKNOWN),
    ("{x for x in [1]}", UNKNOWN),
    ("[f(x) for x in [[1]]]", [UNKNOWN]),
    ("{x: 1 for x in 'a'}", UNKNOWN),
    ("lambda: 1", UNKNOWN),
    ("'%s' % x", UNKNOWN),
    ("'{}'.format(x)", UNKNOWN),
    ("'a'.replace('a', x)", UNKNOWN),
    ("str(round(time.time()))", UNKNOWN),
    ("json.loads('{')", UNKNOWN),
    ("json.loads(x)", UNKNOWN),
    ("json.loads('[]', parse_float=f)", UNKNOWN),
    ("yaml.safe_load('[')", UNKNOWN),
    ("yaml.safe_load(f'a: {x}1')", {"a": UNKNOWN}),
    ("functools.partial(f, a=1)", UNKNOWN),
    ("[1, x]", [1, UNKNOWN]),
    ("[1, *x, 2]", OpenList([1, 2])),
    ("[*x, 2][0]", UNKNOWN),
    ("[1, *x, 2][0]", 1),
    ("[1, *x][-1]", UNKNOWN),
    ("[1] + x", OpenList([1])),
    ("x + [1]", OpenList([1])),
    ("x + [1] + [2]", OpenList([1, 2])),
    ("[1] + 'a'", UNKNOWN),
    ("{'a': x}", {"a": UNKNOWN}),
    ("{**x, 'a': 1}", OpenDict({"a": 1})),
    ("{'a': 1, **x}", OpenDict({"a": UNKNOWN})),
    ("{'a': 1, x: 2, 'b': 3}", OpenDict({"a": UNKNOWN, "b": 3})),
    ("dict(x, a=1)", OpenDict({"a": 1})),
    ("{'a': 1} | x", OpenDict({"a": UNKNOWN})),
    ("x | {'a': 1}", OpenDict({"a": 1})),
    ("'%s' % ['a']", UNKNOWN),
    ("'%5d' % 1", UNKNOWN),
    ("'%' % 1", UNKNOWN),
    ("f'{1:02d}'", UNKNOWN),
    ("f'{\"a\"!r}'", UNKNOWN),
    ("'{:>5}'.format(1)", UNKNOWN),
    ("'{'.format(1)", UNKNOWN),
    ("'{0.real}'.format(1)", UNKNOWN),
    ("'{x}'.format(**x)", UNKNOWN),
    ("'-'.join(x)", UNKNOWN),
    ("str(x)", UNKNOWN),
    ("str(b'a', 'ascii')", UNKNOWN),
    ("int(x)", UNKNOWN),
    ("int('x')", UNKNOWN),
    ("int('1' * 5000)", UNKNOWN),
    ("int('11', 2)", UNKNOWN),
    ("1 / 0", UNKNOWN),
    ("10 ** 100", UNKNOWN),
    ("9 ** 9 ** 9", UNKNOWN),
    ("(-8) ** 0.5", UNKNOWN),
    ("True + 1", UNKNOWN),
    ("1 + x", UNKNOWN),
    ("1 & 1", UNKNOWN),
    ("""json.loads('{"a": "<A>", "b": B, "c": 1}'.replace("<A>", x).replace("B", y()))""",
     {"a": UNKNOWN, "b": UNKNOWN, "c": 1}),
    ("""json.loads('{"a-A": 1, "c": 2}'.replace("A", x))""", OpenDict({"c": 2})),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "value"), UNKNOWN_PARTS, ids=repr)
def test_what_is_not_known(expression: str, value: Any) -> None:
    assert same(passed(f"sm.create_algorithm(AlgorithmName='a', Tags={expression})"), value)
    assert same(passed(f"value = {expression}\nsm.create_algorithm(AlgorithmName='a', Tags=value)"), value)


# ---------------------------------------------------------------- statements

CALL = "sm.create_algorithm(AlgorithmName='a', Tags=x)"

STATEMENTS = [
    # What is known.
    ("x = {'a': 1}\nx['b'] = 2", {"a": 1, "b": 2}),
    ("x = {'a': {}}\nx['a']['b'] = 2", {"a": {"b": 2}}),
    ("x = {'a': 1}\nx.update({'a': 2}, b=3)", {"a": 2, "b": 3}),
    ("y = {'b': 1}\nx = {}\nx.update(y)", {"b": 1}),
    ("x = [1]\nx.append(2)\nx.extend([3])\nx += [4]", [1, 2, 3, 4]),
    ("x = {'a': 1}\nx |= {'b': 2}", {"a": 1, "b": 2}),
    ("x = 'a'\nx += 'b'", "ab"),
    ("x = 'a-b'\nx = x.replace('-', '+')", "a+b"),
    ("x = {'a': 1}\nx = {**x, 'b': 2}", {"a": 1, "b": 2}),
    ("x: dict[str, int] = {'a': 1}", {"a": 1}),
    ("x, y = [1], 2", [1]),
    ("x = y = [1]", [1]),
    ("x = {'a': 1, 'b': 2}\ndel x['a']\nx.pop('b')", {}),
    ("x = {'a': 1}\nx.setdefault('a', 2)\nx.setdefault('b', 3)", {"a": 1, "b": 3}),
    ("x = [{'a': 1}]\nx[0]['a'] = 2", [{"a": 2}]),
    ("y = {'a': 1}\nx = [y]\ny['a'] = 2", [{"a": 2}]),
    ("x = {'a': 1}\ny = x\ny['a'] = 2", {"a": 2}),
    ("x = {'a': 1}\nprint(json.dumps(x), len(x))\nlogger.info(x)", {"a": 1}),
    ("x = {'a': 1}\nwith open('f') as f:\n    json.dump(x, f)", {"a": 1}),
    ("x = {'a': 1}\nif 'a' in x:\n    print(x['a'])", {"a": 1}),
    ("x = 1\nx = 2", 2),
    ("x = y\nx = [x, 1]", [UNKNOWN, 1]),
    ("x = {'a': 1}\nz = x\nx = {'a': 2}\nz['a'] = 3", {"a": 2}),
    ("if y:\n    x = 1\n    print(x)\nx = 2", 2),
    ("for y in z:\n    x = 1\nx = 2", 2),
    ("x = 1\ndef f(x):\n    x = 3\nf(2)", 1),
    ("import x\nx = 2", 2),
    # Later changes do not count.
    ("x = {'a': 1}\nsm.create_algorithm(AlgorithmName='a', Tags=x)\nx['a'] = 2\nf(x)\nX = 1", {"a": 1}),
    # Changes that may have happened.
    ("x = {'a': 1, 'c': 1}\nif y:\n    x['a'] = 2", {"a": UNKNOWN, "c": 1}),
    ("x = {'a': 1}\nif y:\n    x['b'] = 2", OpenDict({"a": 1})),
    ("x = {'a': 1}\nif y:\n    del x['a']", OpenDict()),
    ("x = {'a': 1}\nfor i in y:\n    x[i] = 2", OpenDict({"a": UNKNOWN})),
    ("x = [1]\nwhile y:\n    x.append(2)", OpenList([1])),
    ("x = {'a': 1}\ntry:\n    x['a'] = 2\nexcept E:\n    pass", {"a": UNKNOWN}),
    ("x = {'a': 1}\nwith suppress(E):\n    x['a'] = 2", {"a": UNKNOWN}),
    ("x = {'a': 1}\nmatch y:\n    case 1:\n        x['a'] = 2", {"a": UNKNOWN}),
    ("x = {'a': 1}\nx.update(y)", OpenDict({"a": UNKNOWN})),
    ("x = {'a': 1}\nx[y] = 2", OpenDict({"a": UNKNOWN})),
    ("x = [1]\nx.extend(y)", OpenList([1])),
    ("x = {'a': 1}\nx.pop(y)", OpenDict()),
    # What is out of sight.
    ("if y:\n    x = 1", UNKNOWN),
    ("x = 1\ndel x", UNKNOWN),
    ("x = 1\nif y:\n    x = 2", UNKNOWN),
    ("x = 1\nfor y in z:\n    w = x\n    x = 2\nx = w", UNKNOWN),
    ("x = 1\ntry:\n    x = 2\nexcept E:\n    pass", UNKNOWN),
    ("x = {}\ndef f(p):\n    def g():\n        p['a'] = 1\n    p = {}\n    h(g)\nf(x)", UNKNOWN),
    ("x = {'a': 1}\nfill(x)", UNKNOWN),
    ("x = {'a': 1}\nfill([x])", UNKNOWN),
    ("x = {'a': 1}\nfill(lambda: x.clear())", UNKNOWN),
    ("x = {'a': 1}\ny.z = x", UNKNOWN),
    ("x = {'a': 1}\ny[0] = x", UNKNOWN),
    ("x = {'a': {}}\nfor y in x.values():\n    y['b'] = 1", {"a": UNKNOWN}),
    ("x = [{}]\nfor y in x:\n    y['b'] = 1", [{"b": 1}]),
    ("x = []\nfor y in ['a', 'b']:\n    x.append({'c': y})", [{"c": "a"}, {"c": "b"}]),
    ("x = []\nfor y, (z, w) in [(1, (2, 3))]:\n    x += [y, z, w]", [1, 2, 3]),
    ("x = []\nfor y, z in {'a': 1, 'b': 2}.items():\n    x.append(y)\n    x.append(z)", ["a", 1, "b", 2]),
    ("x = []\nfor y in range(2):\n    for z in (1, 2):\n        x.append(y * z)", [0, 0, 1, 2]),
    ("x = []\nfor y, z in enumerate(['a']):\n    x.append(f'{z}{y}')", ["a0"]),
    ("x = []\nfor y, z in zip(['a', 'b'], [1, 2, 3]):\n    x.append({y: z})", [{"a": 1}, {"b": 2}]),
    ("x = [{'a': y} for y in range(2)]", [{"a": 0}, {"a": 1}]),
    ("x = [{'a': y, 'b': z} for y, z in {'c': 1}.items()]", [{"a": "c", "b": 1}]),
    ("x = {y: [y] for y in ('a', 'b')}", {"a": ["a"], "b": ["b"]}),
    ("y = 1\nx = [y for y in ['a']] + [y]", ["a", 1]),
    ("x = list(f'{y}' for y in [1, 2])", ["1", "2"]),
    ("x = []\nfor y in ['a', 'b']:\n    if y == 'a':\n        continue\n    x.append(y)", OpenList([])),
    ("x = ['a']\nfor y in x:\n    x.append(y)", OpenList(["a", "a"])),
    ("x = []\nfor y in ['a']:\n    x.append(y)\n    f(x)", UNKNOWN),
    # Long loops, or many, are followed as any loop is.
    ("x = []\nfor y in range(65):\n    x.append(y)", OpenList([])),
    ("x = []\nfor y in range(40):\n    for z in range(40):\n        x.append(0)", OpenList([0] * 440)),
    ("x = {'a': 1}\ny = x if z else {}\ny['a'] = 2", UNKNOWN),
    ("x = {'a': 1}\nx.clear()", UNKNOWN),
    ("x = [1]\nx.sort()", UNKNOWN),
    ("x = {'a': 1, 'b': 1}\ndef f():\n    x['a'] = 2\nf()", {"a": UNKNOWN, "b": 1}),
    ("x = {'a': 1}\ndef f():\n    x['a'] = 2\nf()\nx['a'] = 3", {"a": UNKNOWN}),
    ("x = {'a': 1}\ndef f():\n    x['b'] = 2\nf()", OpenDict({"a": 1, "b": UNKNOWN})),
    ("x = {'a': 1}\n@g\ndef f():\n    x['b'] = 2\nf()", OpenDict({"a": 1})),
    ("x = {'a': 1, 'b': 1}\ndef f():\n    del x['a']\nf()", OpenDict({"b": 1})),
    ("x = {'a': 1}\ndef f():\n    x['b'] = 2\nf()\nx.pop('b')", OpenDict({"a": 1})),
    ("x = {'a': 1}\n@g\ndef f():\n    x.update(a=2, b=2)\nf()", OpenDict({"a": UNKNOWN})),
    ("x = {'a': 1}\ndef f():\n    x.update(y)\nf()", UNKNOWN),
    ("x = {'a': 1}\ndef f():\n    x[y] = 2\nf()", UNKNOWN),
    ("x = {'a': 1}\ndef f():\n    g(x)\nf()", UNKNOWN),
    ("x = {'a': [1]}\ndef f():\n    x['a'].append(2)\nf()", {"a": OpenList([1, 2])}),
    ("x = {'a': [1]}\n@g\ndef f():\n    x['a'].append(2)\nf()", {"a": OpenList([1])}),
    ("x = [1]\ndef f():\n    x.append(2)\nf()\nx.append(3)", OpenList([1, 2, 3])),
    ("x = [1]\n@g\ndef f():\n    x.append(2)\nf()\nx.append(3)", OpenList([1, 3])),
    ("y = {'a': [1]}\nx = y['a']\n@g\ndef f():\n    y['a'][0] = 2\nf()\ny['a'] = 1", UNKNOWN),
    ("y = [[1]]\nx = y[0]\n@g\ndef f():\n    y[0][0] = 2\nf()\ny[0] = 1", UNKNOWN),
    ("x = [1]\ndef f():\n    x[0] = 2\nf()", UNKNOWN),
    ("x = {'a': 1}\ndef f():\n    global x\n    x = 2\nf()", UNKNOWN),
    ("x = {'a': 1}\nexec('x = 2')", UNKNOWN),
    ("x = {'a': 1}\nglobals()['x'] = 2", UNKNOWN),
    ("x = {'a': 1}\nfrom y import *", UNKNOWN),
    ("import x", UNKNOWN),
    ("from y import x", UNKNOWN),
    ("def x(): pass", UNKNOWN),
    ("class x: pass", UNKNOWN),
    ("for x in [1]: pass", 1),
    ("with y as x: pass", UNKNOWN),
    ("[x := 1 for y in z]", UNKNOWN),
    ("class A:\n    x = 1", UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("program", "value"), STATEMENTS, ids=repr)
def test_statements(program: str, value: Any) -> None:
    if "create_algorithm" not in program:
        program = f"{program}\n{CALL}"
    assert same(passed(program), value)
    # The same in a function of its own, but for what only a module has.
    if "import *" not in program and "global" not in program:
        inner = "".join(f"    {line}\n" for line in program.splitlines())
        assert same(passed(f"def main():\n{inner}"), value)


@pytest.mark.parametrize(
    ("program", "value"),
    [
        # Constants of the module are known in its functions, before and after them.
        ("X = [1]\ndef f():\n    sm.create_algorithm(AlgorithmName='a', Tags=X)", [1]),
        ("def f():\n    sm.create_algorithm(AlgorithmName='a', Tags=X)\nX = [1]", [1]),
        ("X = [1]\nX.append(2)\ndef f():\n    sm.create_algorithm(AlgorithmName='a', Tags=X)", [1, 2]),
        ("class A:\n    def f(self):\n        x = [1]\n        sm.create_algorithm(AlgorithmName='a', Tags=x)", [1]),
        ("if __name__ == '__main__':\n    x = [1]\n    sm.create_algorithm(AlgorithmName='a', Tags=x)", [1]),
        ("async def f():\n    x = [1]\n    await sm.create_algorithm(AlgorithmName='a', Tags=x)", [1]),
        # Variables that may change before the function runs are not known.
        ("X = [1]\ndef f():\n    sm.create_algorithm(AlgorithmName='a', Tags=X)\nX = [2]", UNKNOWN),
        ("def f(X):\n    def g():\n        sm.create_algorithm(AlgorithmName='a', Tags=X)\n    h(g)\n    X = [2]", UNKNOWN),
        ("X = 'a'\ndef f():\n    sm.create_algorithm(AlgorithmName='a', Tags=X)\ng(f)\nX += 'b'", UNKNOWN),
        ("X = [1]\ndef f():\n    X.append(2)\nf()\nsm.create_algorithm(AlgorithmName='a', Tags=X)\nX = X + [3]", UNKNOWN),
        ("X = [1]\ndef f():\n    sm.create_algorithm(AlgorithmName='a', Tags=X)\nX.append(2)", UNKNOWN),
        ("X = [1]\ndef f(X):\n    sm.create_algorithm(AlgorithmName='a', Tags=X)", UNKNOWN),
        ("X = [1]\ndef f(y=X):\n    y.append(1)\nf()\nsm.create_algorithm(AlgorithmName='a', Tags=X)", UNKNOWN),
        ("def f():\n    x = [1]\n    def g():\n        x.append(2)\n    g()\n"
         "    sm.create_algorithm(AlgorithmName='a', Tags=x)", OpenList([1, 2])),
        ("for i in y:\n    x = [1]\n    x.append(i)\n    sm.create_algorithm(AlgorithmName='a', Tags=x)", [1, UNKNOWN]),
    ],
    ids=repr,
)  # fmt: skip
def test_scopes(program: str, value: Any) -> None:
    assert same(passed(program), value)


SEND = "def send(x, y=2, *, z=3):\n    sm.create_algorithm(AlgorithmName='a', Tags=[x, y, z])\n"
CLASS = dedent(
    """\
    class A:
        tags = [1]
        blank = None
        def send(self, x):
            sm.create_algorithm(AlgorithmName='a', Tags=x)
        def all(self):
            self.send(self.tags)
        @staticmethod
        def plain(x):
            sm.create_algorithm(AlgorithmName='a', Tags=x)
        @classmethod
        def of(cls):
            cls.plain(cls.tags)
        @wrapped
        def other(self, x):
            x.append(2)
    """
)


@pytest.mark.parametrize(
    ("program", "value"),
    [
        # Functions of the program get what they are called with.
        (f"{SEND}send(1)", [1, 2, 3]),
        (f"{SEND}send(1, y=4, z=5)", [1, 4, 5]),
        (f"{SEND}send(*[1, 4], **{{'z': 5}})", [1, 4, 5]),
        (f"{SEND}send(1, **more)", [1, UNKNOWN, UNKNOWN]),
        (f"{SEND}send(*more)", [UNKNOWN, UNKNOWN, UNKNOWN]),
        (f"{SEND}send(1, 2, 3)", [UNKNOWN, UNKNOWN, UNKNOWN]),
        (f"{SEND}send()", [UNKNOWN, UNKNOWN, UNKNOWN]),
        ("def send(*x, **y):\n    sm.create_algorithm(AlgorithmName='a', Tags=[x, y])\nsend(1, 2, a=3)", [[1, 2], {"a": 3}]),
        ("def send(x=[1]):\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend()", UNKNOWN),
        ("send = lambda x: sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend([1])", [1]),
        ("async def send(x):\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nasync def f():\n    await send([1])", [1]),
        ("async def send(x):\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nasyncio.run(send([1]))", [1]),
        ("async def send(x):\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend([1])", UNKNOWN),
        ("def send(x):\n    x = [*x, 2]\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend([1])", [1, 2]),
        ("def one(x):\n    two(x)\ndef two(x):\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\none([1])", [1]),
        ("def send(x):\n    if y: return\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend([1])", [1]),
        ("def send(x):\n    send(x)\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend([1])", UNKNOWN),
        ("@wrapped\ndef send(x):\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend([1])", UNKNOWN),
        ("def send(x):\n    yield sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend([1])", UNKNOWN),
        ("def main():\n    sm.create_algorithm(AlgorithmName='a', Tags=X)\nX = [1]\nX.append(2)\nmain()", [1, 2]),
        # What they return, and what they change.
        (f"def make():\n    return [1]\nx = make()\n{CALL}", [1]),
        (f"def make(x):\n    x.append(2)\n    return x\nx = make([1])\n{CALL}", [1, 2]),
        (f"def make():\n    if y: return [1]\n    return [2]\nx = make()\n{CALL}", UNKNOWN),
        (f"def fill(x):\n    x['b'] = 2\nx = {{'a': 1}}\nfill(x)\n{CALL}", {"a": 1, "b": 2}),
        (f"def fill(x):\n    if y: return\n    x['b'] = 2\nx = {{'a': 1}}\nfill(x)\n{CALL}", OpenDict({"a": 1})),
        (f"def look(x):\n    for k in x: print(k)\nx = {{'a': 1}}\nlook(x)\n{CALL}", {"a": 1}),
        # What is compared with None.
        (f"def make(y=None):\n    x = {{'a': 1}}\n    if y is not None:\n        x['b'] = y\n    return x\nx = make()\n{CALL}", {"a": 1}),
        (f"def make(y=None):\n    x = {{'a': 1}}\n    if y is not None:\n        x['b'] = y\n    return x\nx = make(2)\n{CALL}", {"a": 1, "b": 2}),
        (f"def make(y=None):\n    x = {{}}\n    if y is None:\n        x['a'] = 1\n    else:\n        x['a'] = y\n    return x\nx = make(z)\n{CALL}", OpenDict({})),
        (f"x = [1]\ny = None\nfor z in w:\n    if y is None:\n        y = z\n    else:\n        x.append(z)\n{CALL}", OpenList([1])),
        ("def send(x=None):\n    if x is None:\n        return\n    sm.create_algorithm(AlgorithmName='a', Tags=x)\nsend([1])", [1]),
        # Constants of the module in what a function returns.
        (f"X = [1]\ndef make():\n    return {{'a': X}}\ndef main():\n    x = make()\n    {CALL}\nmain()", {"a": [1]}),
        (f"X = [1]\ndef make():\n    return {{'a': X}}\ndef main():\n    x = make()\n    x['a'].append(y)\n    {CALL}\nmain()", {"a": OpenList([1, UNKNOWN])}),
        (f"X = [1]\ndef make():\n    return X\ndef main():\n    x = make()\n    {CALL}\nmain()", UNKNOWN),
        (f"def keep(x):\n    kept.append(x)\nx = {{'a': 1}}\nkeep(x)\n{CALL}", UNKNOWN),
        (f"def make(y):\n    if y == 'a':\n        return [1]\n    w.append(y)\n    return [2]\nx = make('a')\n{CALL}", [1]),
        (f"def make(y):\n    if y:\n        if z:\n            return [1]\n        return [2]\n    return 3\nx = make('a')\n{CALL}", UNKNOWN),
        # Classes.
        (f"@dataclass\nclass B:\n    tags: int = 1\nx = [B().tags, B(tags=2).tags, B(3).tags, B(**y).tags]\n{CALL}", [1, 2, UNKNOWN, UNKNOWN]),
        (f"class B(BaseModel):\n    tags: int = 1\n    def f(self):\n        return self.tags\nx = [B().f(), B(tags=2).f()]\n{CALL}", [1, 2]),
        ("@dataclass\nclass B:\n    tags: int = 1\n    def f(self):\n        sm.create_algorithm(AlgorithmName='a', Tags=self.tags)", UNKNOWN),
        (f"{CLASS}A().send([1])", [1]),
        (f"{CLASS}a = A()\na.send([1])", [1]),
        (f"{CLASS}A().all()", [1]),
        (f"{CLASS}A.plain([1])\nA().plain([1])", [1]),
        (f"{CLASS}A.of()", [1]),
        (f"{CLASS}x = A.tags\n{CALL}", [1]),
        (f"{CLASS}x = A().tags\n{CALL}", [1]),
        (f"{CLASS}x = A().blank\n{CALL}", UNKNOWN),
        (f"{CLASS}x = A.nothing\n{CALL}", UNKNOWN),
        (f"{CLASS}x = A().send\n{CALL}", UNKNOWN),
        (f"{CLASS}x = [1]\nA().other(x)\n{CALL}", UNKNOWN),
        (f"{CLASS}A.tags.append(2)\nx = A.tags\n{CALL}", [1, 2]),
        (f"{CLASS}register(A)\nx = A.tags\n{CALL}", UNKNOWN),
        (f"{CLASS}y.tags.append(2)\nx = A.tags\n{CALL}", UNKNOWN),
        (f"{CLASS}y.tags = 2\nx = A.tags\n{CALL}", UNKNOWN),
        (f"{CLASS}setattr(A, 'tags', 2)\nx = A.tags\n{CALL}", UNKNOWN),
        (f"{CLASS}setattr(A, y, 2)\nx = A.tags\n{CALL}", UNKNOWN),
        (f"{CLASS}getattr(A, 'tags').append(2)\nx = A.tags\n{CALL}", UNKNOWN),
        (f"{CLASS}def f():\n    A.tags[y] = 2\nx = A.tags\n{CALL}", UNKNOWN),
        (f"{CLASS}class B(A):\n    tags = [2]\nx = B.tags\n{CALL}", [2]),
        (f"@wrapped\n{CLASS}x = A.tags\n{CALL}", UNKNOWN),
        (f"class A(metaclass=M):\n    tags = [1]\nx = A.tags\n{CALL}", UNKNOWN),
    ],
    ids=repr,
)  # fmt: skip
def test_calls_of_the_programs_own_functions(program: str, value: Any) -> None:
    found = [one.spec["Tags"] for one in documents(program)]
    if program.endswith(CALL):
        assert same(found[-1], value)
    else:
        assert any(same(tags, value) for tags in found)
        assert all(same(tags, value) or (is_unknown(tags) and CLASS in program) for tags in found)


# ---------------------------------------------------------------- soundness: what is known is so


class _Writer:
    """Writes random programs about dicts and lists."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.dicts = ["a", "b", "c"]
        self.lists = ["d", "e"]
        self.count = 0

    def key(self) -> str:
        return self.dice.choice(["Tags", "A", "B"])

    def scalar(self) -> str:
        self.count += 1
        return self.dice.choice(
            [
                *(str(self.count), f"'t{self.count}'", "(1 if coin() else 2)", "f'{coin()}'", "-1"),
                *(f"({self.count} * 60 - 1)", f"f'{{{self.count}}}-x'", f"'%s-%d' % ('y', {self.count})"),
                *("'{}{}'.format('z', 1)", "'-'.join(['a', 'b'])", "int('7')", "str(1.5)", "not 1"),
            ]
        )

    def test(self) -> str:
        """Return a condition, of which the result is often known."""
        o, a = self.dice.choice(self.dicts), self.dice.choice(self.lists)
        return self.dice.choice(
            [
                *(o, a, f"not {o}", f"not {a}", "'A' in " + o, f"1 not in {a}", f"{o}.get('A') == 't1'"),
                *(
                    f"{o} and {a}",
                    f"coin() or {o}",
                    f"{o}.get('A') != -1",
                    f"not ({a} or coin())",
                    "not coin()",
                ),
                *(f"'t1' == ({self.scalar()})", f"({self.scalar()}) in [1, '1-x', {self.scalar()}]"),
            ]
        )

    def any(self, depth: int = 0) -> str:
        chance = self.dice.random()
        if depth > 2 or chance < 0.4:
            return self.scalar()
        return self.object(depth + 1) if chance < 0.7 else self.array(depth + 1)

    def object(self, depth: int = 0) -> str:
        name = self.dice.choice(self.dicts)
        if depth > 2:
            return self.dice.choice(["{}", name])
        entries = ", ".join(f"'{self.key()}': {self.any(depth + 1)}" for _ in range(self.dice.randrange(3)))
        return self.dice.choice([
            f"{{{entries}}}", f"{{{entries}}}", name, f"{{**{name}, {entries}}}", f"dict({name}, A={self.any(depth + 1)})",
            f"({name} | {{{entries}}})", f"{name}.copy()", f"copy.deepcopy({name})", f"identity({name})",
            f"({name} if {self.test()} else {{{entries}}})", f"({name} or {{}})", f"({name} and {self.dice.choice(self.dicts)})", "{k: v for k, v in a.items()}",
            f"{{k: v for k, v in {name}.items()}}", f"{{f'T{{q}}': {self.any(depth + 1)} for q in range(2)}}",
            f"{{k: {self.any(depth + 1)} for k in {name}}}",
            """json.loads('{"A": [1, {"B": "x"}], "Tags": QQ}'.replace("QQ", json.dumps(1)))""",
            f"{{('A' if coin() else 'B'): {self.any(depth + 1)}, 'A': 1}}",
        ])  # fmt: skip

    def array(self, depth: int = 0) -> str:
        name = self.dice.choice(self.lists)
        item = self.any(depth + 1)
        return self.dice.choice([
            f"[{item}]", f"[{item}]", "[]", name, f"[*{name}, {item}]", f"({name} + [{item}])", f"list({name})",
            f"[x for x in {name}]", f"[{item} for x in {name}]", f"[{{'A': x}} for x in {name} if {self.test()}]", f"[x for x in {name} if x]",
            f"list({{'A': x, 'B': {item}}} for x in {name})", f"[v for k, v in {self.dice.choice(self.dicts)}.items()]",
            f"identity({name})", f"[{item}, *{name}]", f"[*identity({name}), {item}]",
            f"(identity({name}) + [{item}])", f"{name}.copy()", f"copy.copy({name})",
        ])  # fmt: skip

    def block(self, indent: str, depth: int) -> list[str]:
        lines = [
            line for _ in range(self.dice.randrange(1, 4)) for line in self.statement(indent + "    ", depth)
        ]
        return lines or [indent + "    pass"]

    def statement(self, indent: str = "", depth: int = 0) -> list[str]:
        self.count += 1
        o, a = self.dice.choice(self.dicts), self.dice.choice(self.lists)
        both = self.dice.choice([o, a])
        if depth < 2 and self.dice.random() < 0.2:
            return self.definition(indent, depth)
        if depth < 3 and self.dice.random() < 0.25:
            z = f"z{self.dice.randrange(9)}"
            head = self.dice.choice([
                "if coin():", "for q in range(2):", f"for z in list({a}):", "try:", "while coin():", "with null:", "def",
                f"for {z} in {a}:", f"for q, {z} in enumerate({a}):", f"for {z}, q in zip({a}, {self.array()}):",
                f"for q, {z} in {o}.items():", f"for {z} in [{self.object()}, {self.object()}]:", f"for q in {o}:",
                f"for {z} in ({self.any()}, {o}):", f"if {o} is None:", f"if {o} is not None:", f"if {self.test()}:",
            ])  # fmt: skip
            self.dicts += [z] * 3 if z in head else []
            body = self.block(indent, depth + 1)
            self.dicts = [name for name in self.dicts if name != z]
            if self.dice.random() < 0.2 and head.startswith("for "):
                body.append(f"{indent}    if coin(): {self.dice.choice(['break', 'continue'])}")
            if head == "def":
                return [f"{indent}def f{self.count}(z=None):", *body, f"{indent}safely(f{self.count})"]
            if head == "try:":
                body += [f"{indent}    boom()", f"{indent}except Exception:", *self.block(indent, depth + 1)]
            if head.startswith("if ") and self.dice.random() < 0.5:
                body += [f"{indent}else:", *self.block(indent, depth + 1)]
            return [indent + head, *body]
        if self.dice.random() < 0.2:
            fresh = f"n{self.count}"
            # Names that are bound once are known, but those of a branch may not exist later.
            if depth == 0:
                self.dicts.append(fresh)
            return [f"{indent}{fresh} = {self.object()}"]
        return [indent + self.dice.choice([
            f"{o}['{self.key()}'] = {self.any()}", f"{o}.update({self.object()})", f"{a}.append({self.any()})",
            f"{a}.extend({self.array()})", f"{a} += {self.array()}", f"{o} |= {self.object()}",
            f"{o}.pop('{self.key()}', None)", f"mutate({both})", f"print({both}, file=null)",
            f"{o}.setdefault('T', {{}})['{self.key()}'] = {self.any()}", f"mutate({o}.get('{self.key()}'))",
            f"{o}['{self.key()}'], w = {self.any()}, {self.any()}", f"{o} = {self.object()}", f"safely(lambda: mutate({both}))", f"{o} = None",
            f"rec.create_algorithm(AlgorithmName=1, **{o})", f"rec.create_algorithm(AlgorithmName=1, Tags={self.any()})",
        ])]  # fmt: skip

    def definition(self, indent: str, depth: int) -> list[str]:
        """Return a function or a class, and what the program does with it."""
        name, inner = f"f{self.count}", indent + "    "
        argument, other = self.dice.choice([*self.dicts, "None"]), self.dice.choice(self.dicts)
        if self.dice.random() < 0.3:
            attribute = f"{inner}X = {self.object()}"
            self.dicts += ["p", "self.X"]
            go = [f"{inner}def go(self, p):", *self.block(inner, depth + 1)]
            self.dicts = self.dicts[:-2]
            self.dicts.append("p")
            static = [f"{inner}@staticmethod", f"{inner}def st(p):", *self.block(inner, depth + 1)]
            self.dicts.pop()
            lines = [f"{indent}class {name}:", attribute, *go, *static]
            lines.append(f"{indent}safely(lambda: {name}().go({other}))" if self.dice.random() < 0.3 else "")
            lines.append(f"{indent}{name}.X['B'] = {self.any()}" if self.dice.random() < 0.3 else "")
            lines.append(
                self.dice.choice([f"{indent}{name}().go({argument})", f"{indent}{name}.st({argument})"])
            )
            return [*lines, f"{indent}rec.create_algorithm(AlgorithmName=1, **{name}.X)"]
        self.dicts.append("p")
        head = self.dice.choice(
            [f"def {name}(p, q=1):", f"def {name}(p, *r, **s):", f"def {name}(q=2, *, p):"]
        )
        body = self.block(indent, depth + 1)
        if self.dice.random() < 0.3:
            rests = [line[len(inner) :] for line in body]
            starts = [
                i
                for i, rest in enumerate(rests)
                if rest and not rest.startswith((" ", "except", "else", "@"))
            ]
            value = self.dice.choice(["", "p", self.object()])
            body.insert(self.dice.choice([*starts, len(body)]), f"{inner}if {self.test()}: return {value}")
        body.append(self.dice.choice(["", f"{inner}return p", f"{inner}return {self.object()}"]))
        self.dicts.pop()
        call = (
            f"{name}(p={argument})" if "*, p" in head or self.dice.random() < 0.3 else f"{name}({argument})"
        )
        uses = [f"{indent}{call}", f"{indent}safely(lambda: {call})", f"{indent}m{self.count} = {call}"]
        lines = [indent + head, *body, self.dice.choice(uses), self.dice.choice(["", *uses])]
        if depth == 0 and any(line.startswith("m") for line in lines[-2:]):
            lines.append(f"rec.create_algorithm(AlgorithmName=1, Tags=m{self.count})")
        return lines

    def program(self) -> str:
        lines = [f"{name} = {{'A': {self.scalar()}, 'Tags': []}}" for name in self.dicts]
        lines += ["d = [1]", "e = [{}]"]
        for _ in range(self.dice.randrange(3, 12)):
            lines += self.statement()
        return "\n".join(
            [*lines, f"rec.create_algorithm(AlgorithmName=1, **{self.dice.choice(self.dicts)})", ""]
        )


def contradiction(known: Any, actual: Any) -> Any:
    """Return where known values differ from the actual ones."""
    if known is UNKNOWN:
        return None
    if isinstance(known, dict):
        if not isinstance(actual, dict) or not known.keys() <= actual.keys():
            return known, actual
        if not isinstance(known, OpenDict) and known.keys() != actual.keys():
            return known, actual
        return next(
            (bad for key in known if (bad := contradiction(known[key], actual[key])) is not None), None
        )
    if isinstance(known, list):
        if not isinstance(actual, list):
            return known, actual
        if isinstance(known, OpenList):
            # There may be more between the items, but their order is known.
            rest = list(actual)
            for item in known:
                while rest and contradiction(item, rest[0]) is not None:
                    rest.pop(0)
                if not rest:
                    return known, actual
                rest.pop(0)
            return None
        if len(known) != len(actual):
            return known, actual
        pairs = zip(known, actual, strict=True)
        return next((bad for pair in pairs if (bad := contradiction(*pair)) is not None), None)
    return None if type(known) is type(actual) and known == actual else (known, actual)


class _TooLong(BaseException):  # which no program catches
    pass


def _run(program: str, seed: int, check: Any) -> None:
    """Run a program of the test, with calls of create_algorithm passed to `check`."""
    dice = random.Random(seed)
    lines = 0

    class Recorder:
        def create_algorithm(self, **arguments: Any) -> None:
            check(sys._getframe(1).f_lineno, arguments)

    class Null(contextlib.nullcontext[None]):
        def write(self, *_: object) -> None: ...

    def mutate(value: Any, seen: tuple[Any, ...] = ()) -> None:
        if isinstance(value, dict):
            value.update(dict.fromkeys([key for key in value if dice.random() < 0.5], "mutated"), New=1)
        elif isinstance(value, list) and len(seen) < 4 and not any(value is other for other in seen):
            for item in value[:2]:
                mutate(item, (*seen, value))
            value.append("mutated")

    def safely(function: Any) -> None:
        with contextlib.suppress(NameError, TypeError, AttributeError, UnboundLocalError, RecursionError):
            function()

    def trace(*_: object) -> Any:
        nonlocal lines
        lines += 1
        if lines > 400 or any(isinstance(value, list) and len(value) > 500 for value in names.values()):
            raise _TooLong
        return trace

    names = {
        "rec": Recorder(),
        "null": Null(),
        "mutate": mutate,
        "safely": safely,
        "copy": copy,
        "json": json,
        # The text of a value that contains others many times may be endless.
        "print": lambda *_, **__: None,
    }
    names |= {"coin": lambda: dice.random() < 0.5, "identity": lambda value: value}
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        exec(compile(program, "program", "exec"), names)
    except (
        _TooLong,
        NameError,
        TypeError,
        AttributeError,
        KeyError,
        ValueError,
        RecursionError,
        RuntimeError,
    ):
        pass
    finally:
        sys.settrace(before)


@given(st.integers(0, 10**9))
def test_what_is_known_is_so(seed: int) -> None:
    """Random programs are run, and each call is compared with what the reader knows of it, for all branches."""
    program = _Writer(seed).program()
    found: dict[int, list[Any]] = {}
    for one in documents(program):
        if one.is_call and len(repr(one.spec)) < 5000:
            line = one.source.position(one.locate((), key=True)[0])[0]
            found.setdefault(line, []).append(one.spec)
    wrong = []

    def check(line: int, arguments: dict[str, Any]) -> None:
        # Several ways may lead to a call.
        bad = [contradiction(spec, arguments) for spec in found.get(line, ())]
        if bad and None not in bad:
            wrong.append((line, bad))

    for coins in range(2):
        _run(program, coins, check)
    assert not wrong, program


# ---------------------------------------------------------------- which calls count


@pytest.mark.parametrize(
    "program",
    [
        "factory.create_algorithm('AlgorithmName')",
        "factory.create_algorithm(name='a')",
        "factory.create_algorithm(**parameters)",
        "factory.create_algorithm()",
        "create_algorithm(AlgorithmName='a b')",
        "client.create_algorithm({'AlgorithmName': 'a b'})",
        "def create_algorithm(AlgorithmName='a b'): ...",
        "backend.create_algorithm(algorithm_name='a b')",
        "import sagemaker\nself.create_algorithm(algorithm_name='a', training_specification=x)",
        "import sagemaker\nself.create_algorithm(algorithmName='a', Name='b', trainingSpecification=x)",
        "platform.create_algorithm(AlgorithmNam='a b')",
        "Algorithm.create(algorithm_name='a b')",
        "import sagemaker\nAlgorithm.create(name='a b')",
        "import sagemaker\nModel.create(algorithm_name='a b')",
        "Algorithm.objects.create(TrainingSpecification=1)",
    ],
)
def test_other_calls_of_that_name(program: str) -> None:
    assert documents(program) == []


def test_each_call_is_a_document() -> None:
    found = documents(
        "def f(): c.create_algorithm(AlgorithmName='b')\nc.create_algorithm(AlgorithmName='a')\n"
    )
    assert [(one.index, one.spec, one.shape) for one in found] == [
        (0, {"AlgorithmName": "b"}, "CreateAlgorithmInput"),
        (1, {"AlgorithmName": "a"}, "CreateAlgorithmInput"),
    ]


@pytest.mark.parametrize(
    ("program", "spec"),
    [
        ("functools.partial(sm.create_algorithm, AlgorithmName='a', **x)", OpenDict({"AlgorithmName": "a"})),
        ("retry(sm.create_algorithm, AlgorithmName='a')", OpenDict({"AlgorithmName": "a"})),
        ("import sagemaker\nsm.create_algorithm(**x)", OpenDict()),
        ("import sagemaker\nsm.create_algorithm(**x, region='a')", None),
        ("retry(sm.create_algorithm)", None),
        ("retry(sm.create_algorithm, **x)", None),
    ],
)
def test_calls_that_are_known_in_part(program: str, spec: Any) -> None:
    found = documents(program)
    assert [one.shape for one in found] == ["CreateAlgorithmInput"] * (spec is not None)
    assert all(same(one.spec, spec) and one.is_call for one in found)


@pytest.mark.parametrize(
    ("program", "unknown"),
    [
        ("{client}.create_algorithm(algorithmName='a', TrainingSpecifcation=x)", 2),
        ("{client}.create_algorithm(algorithm_name='a', training_specification=x)", 2),
        ("{client}.create_algorithm(name='a')", 1),
        ("{client}.create_algorithm(**x, region='a')", 1),
        ("sm = {client}\ndef register(c, t): c.create_algorithm(name='a', spec=t)\nregister(sm, {{}})", 2),
        ("def f(sagemaker): sagemaker.create_algorithm(AlgorithmNam='a', spec=x)", 2),
        ("def f(sagemaker): sagemaker.create_algorithm(TrainingSpecifcation=x)", 1),
    ],
)
def test_a_call_without_a_field_of_the_request(program: str, unknown: int) -> None:
    """Misspelt arguments must not hide a request that is sent."""
    [found] = documents(program.format(client="boto3.client('sagemaker')"))
    reported = LINTER.lint_source(found.source).diagnostics
    assert [d.rule.name for d in reported].count("unknown-field") == unknown


def test_misspelt_arguments_do_not_hide_another_request() -> None:
    """A value that an unknown function gets may be changed by it."""
    program = "t = {'TrainingImage': 'a'}\ndef main():\n    c = boto3.client('sagemaker')\n"
    program += "    c.create_algorithm(AlgorithmName='a', TrainingSpecification=t)\n"
    expected = documents(program)[0].spec
    assert expected["TrainingSpecification"] == {"TrainingImage": "a"}
    assert same(documents(f"{program}    c.create_algorithm(name='a', spec=t)\n")[0].spec, expected)


def test_a_request_passed_by_position_is_reported_and_linted() -> None:
    text = "x = {'AlgorithmName': 'a b', 'TrainingSpecification': y}\nc.create_algorithm(x)"
    assert {("positional-request", ""), ("pattern-mismatch", "/AlgorithmName")} <= findings("a.py", text)
    [found] = documents(text)
    [fault] = found.faults
    assert text[slice(*fault.span)] == "{'AlgorithmName': 'a b', 'TrainingSpecification': y}"


@pytest.mark.parametrize(
    ("program", "region"),
    [
        ("c = boto3.client('sagemaker', region_name='eu-west-1')", "eu-west-1"),
        ("R = 'eu-west-1'\nc = boto3.client('sagemaker', region_name=R)", "eu-west-1"),
        ("c = boto3.Session(region_name='eu-west-1').client('sagemaker')", "eu-west-1"),
        ("s = boto3.Session(region_name='eu-west-1')\nc = s.client('sagemaker', region_name='us-east-1')", "us-east-1"),
        ("d = boto3.client('ecr', region_name='us-east-1')\nc = boto3.client('sagemaker', region_name='eu-west-1')", "eu-west-1"),
        ("class A:\n    def __init__(self):\n        self.c = boto3.client('sagemaker', region_name='eu-west-1')", "eu-west-1"),
        ("d = boto3.client('sagemaker', region_name='us-east-1')\nc = boto3.client('sagemaker', region_name='eu-west-1')", "eu-west-1"),
        ("d = boto3.client('sagemaker', region_name='us-east-1')\nd = boto3.client('sagemaker', region_name='eu-west-1')", None),
        ("c = boto3.client('sagemaker', region_name=x)", None),
        ("c = boto3.client('sagemaker')", None),
        ("c = boto3.client('ecr', region_name='us-east-1')\nc = get()", None),
    ],
)  # fmt: skip
def test_the_region_of_the_client(program: str, region: str | None) -> None:
    assert document(f"{program}\nc.create_algorithm(AlgorithmName='a')").region == region


def test_the_region_of_the_client_serves_as_that_of_the_spec() -> None:
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1"
    text = "boto3.client('sagemaker', region_name='eu-central-1').create_algorithm(\n"
    text += f"    AlgorithmName='a', TrainingSpecification={{'TrainingImage': '{image}'}})"
    assert ("image-region-mismatch", "/TrainingSpecification/TrainingImage") in findings("a.py", text)


# ---------------------------------------------------------------- literals

FRAGMENT = '{"TrainingImage": "i", "SupportedTrainingInstanceTypes": [], "TrainingChannels": []}'


@pytest.mark.parametrize(
    ("program", "shapes"),
    [
        (f"training_specification = {FRAGMENT}", ["TrainingSpecification"]),
        (f"REQUEST = {{'AlgorithmName': 'a', 'TrainingSpecification': {FRAGMENT}}}", ["CreateAlgorithmInput"]),
        (f"wrapper = {{'TrainingSpecification': {FRAGMENT}}}", ["CreateAlgorithmInput"]),
        (f"SPEC = json.loads('{FRAGMENT}')", ["TrainingSpecification"]),
        (f"t = {FRAGMENT}\nr = {{'TrainingSpecification': t}}", ["CreateAlgorithmInput"]),
        (f"t = {FRAGMENT}\nc.create_algorithm(TrainingSpecification=t)", ["CreateAlgorithmInput"]),
        (f"w = {{'TrainingSpecification': {FRAGMENT}}}\nr = {{}}\nr.update(w)\nc.create_algorithm(**r)",
         ["CreateAlgorithmInput"]),
        (f"w = {{'TrainingSpecification': {FRAGMENT}}}\nc.create_algorithm(**{{**w}}, AlgorithmName='a')",
         ["CreateAlgorithmInput"]),
        # Wherever it goes, and once.
        (f"t = {FRAGMENT}\nadapt(t)", ["TrainingSpecification"]),
        (f"t = {FRAGMENT}\nt = {FRAGMENT}", ["TrainingSpecification"] * 2),
        (f"def f():\n    t = {FRAGMENT}", ["TrainingSpecification"]),
        (f"def f():\n    return {FRAGMENT}", ["TrainingSpecification"]),
        (f"def f(t={FRAGMENT}): ...", ["TrainingSpecification"]),
        (f"class A:\n    t = {FRAGMENT}", ["TrainingSpecification"]),
        (f"if x:\n    t = {FRAGMENT}", ["TrainingSpecification"]),
        (f"t = lambda: {FRAGMENT}", ["TrainingSpecification"]),
        (f"t = f({FRAGMENT})", ["TrainingSpecification"]),
        (f"t = f(**{{'TrainingSpecification': {FRAGMENT}}})", ["CreateAlgorithmInput"]),
        (f"[f(x) for x in [{FRAGMENT}]]", ["TrainingSpecification"]),
        (f"t = {FRAGMENT}\nu = {{**t, 'MetricDefinitions': []}}", ["TrainingSpecification"]),
        (f"t = {FRAGMENT}\ndef f():\n    g(t)\n    t['TrainingImage'] = 1", ["TrainingSpecification"]),
        (f"r = {{'AlgorithmName': 'a', 'TrainingSpecification': {FRAGMENT}}}\n"
         "c.create_algorithm(AlgorithmName='a', TrainingSpecification=r['TrainingSpecification'])",
         ["CreateAlgorithmInput"]),
        ("t = {'TrainingImage': 'i', 'SupportedTrainingInstanceTypes': []}", []),
        ("TrainingSpecification = {'a': 1, 'b': 2, 'c': 3}", []),
        (f"p = {{'ModelPackageName': 'a', 'TrainingSpecification': {FRAGMENT}}}", ["CreateAlgorithmInput"]),
        (f"p = {{'ModelPackageName': 'a', 'Training': {FRAGMENT}}}", ["TrainingSpecification"]),
    ],
)  # fmt: skip
def test_literals_that_are_plainly_a_spec(program: str, shapes: list[str]) -> None:
    assert [one.shape for one in documents(program)] == shapes


@pytest.mark.parametrize(
    ("program", "spec"),
    [
        # Changes that are visible are known.
        ("x['A'] = 1", {"A": 1, "B": [2]}),
        ("x['B'].append(3)\nf(x)", OpenDict({"A": 0, "B": OpenList([2, 3])})),
        # Invisible code may change more.
        ("f(x)", OpenDict({"A": 0, "B": OpenList([2])})),
        ("f(x)\nx['A'] = 1", OpenDict({"A": 1, "B": OpenList([2])})),
        ("f(x)\nx.update(A=1)", OpenDict({"A": 1, "B": OpenList([2])})),
        ("f(x)\nx['B'] += [3]", OpenDict({"A": 0, "B": OpenList([2, 3])})),
        ("f(x)\nif y:\n    x['A'] = 1", OpenDict({"A": UNKNOWN, "B": OpenList([2])})),
        ("def f():\n    x['A'] = 1", {"A": UNKNOWN, "B": [2]}),
        ("def f():\n    g(x)\n    x['A'] = 1", OpenDict({"A": UNKNOWN, "B": OpenList([2])})),
        ("def f():\n    del x['A']\n    g(x)", OpenDict({"B": OpenList([2])})),
    ],
)
def test_literals_as_the_visible_code_leaves_them(program: str, spec: Any) -> None:
    text = "x = {'TrainingImage': 'i', 'SupportedTrainingInstanceTypes': [], 'TrainingChannels': [], 'A': 0, 'B': [2]}"
    [found] = documents(f"{text}\n{program}")
    assert isinstance(found.spec, OpenDict)
    rest = {key: value for key, value in found.spec.items() if key in "AB"}
    assert same(rest, dict(spec))


@pytest.mark.parametrize("change", ["AlgorithmArn", "AlgorithmStatus"])
def test_a_literal_that_describe_algorithm_returns(change: str) -> None:
    """A test double of a response is not a request."""
    text = f"d = {{'AlgorithmName': 'a', 'TrainingSpecification': {FRAGMENT}, '{change}': 'x', 'ProductId': 'y'}}"
    assert document(text).spec.keys() == {"AlgorithmName", "TrainingSpecification"}


def test_programs_that_are_too_much_to_follow_are_read_piece_by_piece() -> None:
    double = "a = {}\n" + "a = {'x': a, 'y': a, **{'z': [*range(9)]}}\n" * 60
    program = double + "b = [1]\n" + "b = b + b\n" * 40
    program += f"x = 'a b'\ndef f():\n    sm.create_algorithm(AlgorithmName=x, Tags=[])\nt = g({FRAGMENT})"
    call, literal = documents(program)
    assert same(call.spec, {"AlgorithmName": UNKNOWN, "Tags": []})
    assert literal.shape == "TrainingSpecification"


def test_a_literal_that_no_call_sends_may_be_completed_elsewhere() -> None:
    text = 'specification = {"SupportedTrainingInstanceTypes": [], "TrainingChannels": [], "MetricDefinitions": 1}'
    assert ("wrong-type", "/MetricDefinitions") in findings("a.py", text)
    assert not any(rule == "missing-field" for rule, _ in findings("a.py", text))


# A text, and one with a member that is to be filled in.
TEXT = '{"AlgorithmName": "a", "TrainingSpecification": {"TrainingChannels": []}}'
OPEN_TEXT = '{"AlgorithmName": "a", "TrainingSpecification": {"TrainingChannels": [@]}}'


@pytest.mark.parametrize(
    ("program", "channels"),
    [
        (f"t = '{TEXT}'", []),
        (f"t = '\\n  {TEXT}'", []),
        (f"class A:\n    t = '{TEXT}'", []),
        (f"def f():\n    return '{TEXT}'", []),
        (f"def f(x='{TEXT}'): ...", []),
        (f"send('{TEXT}')", []),
        ("t = f'" + TEXT.replace("{", "{{").replace("}", "}}") + "'", []),
        # Placeholders: text that is not JSON in place of a value, and text that the program replaces.
        (f"t = '{OPEN_TEXT.replace('@', 'CHANNEL, $more, ${most}, %(all)s, <last>')}'", [UNKNOWN] * 5),
        (f"t = '{OPEN_TEXT}'.replace('@', more)", [UNKNOWN]),
        (f"""t = '{OPEN_TEXT.replace("@", '"FIRST"')}'""", ["FIRST"]),
        (f"""t = '{OPEN_TEXT.replace("@", '"FIRST"')}'\nt.replace('FIRST', x)""", [UNKNOWN]),
        # A text that is decoded is the spec that results from it.
        (f"d = json.loads('{TEXT}')", []),
        (f"t = '{TEXT}'\nd = json.loads(t)", []),
        (f"t = '{OPEN_TEXT}'\nd = json.loads(t.replace('@', '1, 2'))", [1, 2]),
        (f"class A:\n    t = '{OPEN_TEXT}'\n    def f(self, x):\n        return self.t.replace('@', x)\n"
         "    def g(self, x):\n        return json.loads(self.f(x))\nA().g('3')", [3]),
    ],
)  # fmt: skip
def test_a_text_that_is_a_template_of_a_spec(program: str, channels: list[Any]) -> None:
    [found] = documents(program)
    assert found.shape == "CreateAlgorithmInput"
    known = found.spec["TrainingSpecification"]["TrainingChannels"]
    assert same(known, channels)


def test_a_placeholder_in_a_string_of_a_template() -> None:
    text = TEXT.replace('"a"', '"a-STAGE"')
    assert document(f"t = '{text}'").spec["AlgorithmName"] == "a-STAGE"
    found = document(f"t = '{text}'\ndef f(t):\n    return t.replace('STAGE', x)").spec
    assert found["AlgorithmName"].pieces == ("a-", "")


@pytest.mark.parametrize(
    "program",
    [
        't = \'{"AlgorithmName": "a", "TrainingSpecification": {\'',
        f"t = 'see {TEXT}'",
        f"t = '[{TEXT}]'",
        "t = '{\"TrainingSpecification\": 1}'",
        f"t = b'{TEXT}'",
    ],
)
def test_a_text_that_is_no_template_of_a_spec(program: str) -> None:
    assert documents(program) == []


# ---------------------------------------------------------------- places


def blamed(text: str, *path: str | int, key: bool = False) -> str:
    one = document(text)
    return text[slice(*one.locate(path, key))]


LOCATIONS = dedent(
    '''\
    # ÄÖÜ 🌲
    name = ("äö"
            "ü")
    train = {"Name": "train", 'IsRequired': True}; more = {"Type": "🌲", "Name": name}
    spec = {
        "TrainingChannels": [train, more, {"Name": -1}],
        "TrainingImage": """a
    b""",
    }
    spec["SupportedTrainingInstanceTypes"] = ["x"]
    spec.update(MetricDefinitions=[])
    client.create_algorithm(
        AlgorithmName=name,  # the name
        TrainingSpecification=spec,
        **{"Tags": dict(a=1)},
    )
    '''
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), None, "create_algorithm"),
        (("AlgorithmName",), '"äö"\n        "ü"', "AlgorithmName"),
        (("TrainingSpecification",), None, "TrainingSpecification"),
        (("TrainingSpecification", "TrainingChannels"), None, '"TrainingChannels"'),
        (("TrainingSpecification", "TrainingChannels", 0), '{"Name": "train", \'IsRequired\': True}', "{"),
        (("TrainingSpecification", "TrainingChannels", 0, "IsRequired"), "True", "'IsRequired'"),
        (("TrainingSpecification", "TrainingChannels", 1, "Type"), '"🌲"', '"Type"'),
        (("TrainingSpecification", "TrainingChannels", 1, "Name"), '"äö"\n        "ü"', '"Name"'),
        (("TrainingSpecification", "TrainingChannels", 2, "Name"), "-1", '"Name"'),
        (("TrainingSpecification", "TrainingImage"), '"""a\nb"""', '"TrainingImage"'),
        (("TrainingSpecification", "SupportedTrainingInstanceTypes", 0), '"x"', '"x"'),
        (("TrainingSpecification", "SupportedTrainingInstanceTypes"), '["x"]', '"SupportedTrainingInstanceTypes"'),
        (("TrainingSpecification", "MetricDefinitions"), "[]", "MetricDefinitions"),
        (("Tags",), "dict(a=1)", '"Tags"'),
        (("Tags", "a"), "1", "a"),
        (("TrainingSpecification", "TrainingChannels", 0, "nothing"), '{"Name": "train", \'IsRequired\': True}', None),
    ],
)  # fmt: skip
def test_places(path: tuple[str | int, ...], value: str | None, key: str | None, newline: str) -> None:
    text = LOCATIONS.replace("\n", newline)
    if value is not None:
        assert blamed(text, *path) == value.replace("\n", newline)
    if key is not None:
        assert blamed(text, *path, key=True) == key


def test_the_root_of_a_call_is_the_call() -> None:
    assert blamed(LOCATIONS).startswith("client.create_algorithm(")


def test_the_root_of_a_literal_is_its_name() -> None:
    text = f"training_specification = {FRAGMENT}\n"
    assert blamed(text, key=True) == "training_specification"
    assert blamed(text) == FRAGMENT


@pytest.mark.parametrize(
    ("literal", "value", "key"),
    [
        ('"""{"Tags": [1, "x"]}"""', '"x"', '"Tags"'),
        ('\'{"Tags": [1, "x"]}\'', '"x"', '"Tags"'),
        ('"{\\"Tags\\": [1, \\"x\\"]}"', '\\"x\\', '\\"Tags\\'),
        ('r"""{"Tags": [1, "x"]}"""', '"x"', '"Tags"'),
        ("""('{"Tags": '\n  '[1, "x"]}')""", '"x"', '"Tags"'),
        ("""'{"Tags": ' + '[1, "x"]}'""", '"x"', '"Tags"'),
        ('"""\\\n{"T\\u0061gs": [1,\n "x"]}"""', '"x"', '"T\\u0061gs"'),
        ('"""{"Tags": [A, "x"]}""".replace("A", "1")', '"x"', '"Tags"'),
        ('"""{"Tags": [A, "x"]}""".replace("A", a)', '"x"', '"Tags"'),
        ('""" {"Tags": [1, "x"]} """.strip()', '"x"', '"Tags"'),
        ('"""{"Tags": [1, Y]}""".replace("Y", \'"x"\')', '"x"', '"Tags"'),
    ],
)
def test_places_in_a_json_text(literal: str, value: str, key: str) -> None:
    text = f"c.create_algorithm(AlgorithmName='é', **json.loads({literal}))"
    assert blamed(text, "Tags", 1) == value
    assert blamed(text, "Tags", key=True) == key


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'Tags: [1, x]'", "x"),
        ("'Tags:\\n- 1\\n- \\'x\\'\\n'", "\\'x\\"),
        ('textwrap.dedent("""\\\n    Tags:\n      - 1\n      - x\n""")', "x"),
    ],
)
def test_places_in_a_yaml_text(literal: str, value: str) -> None:
    text = f"c.create_algorithm(AlgorithmName='é', **yaml.safe_load({literal}))"
    assert blamed(text, "Tags", 1) == value


def test_places_in_a_json_text_that_is_built() -> None:
    """If a value is not in one literal as a whole, its location is that of the text."""
    text = """c.create_algorithm(AlgorithmName='é', **json.loads('{"Tags": ["xAz", B]}'.replace("A", "y")"""
    text += """.replace("B", '"' + "b" + '"')))"""
    assert document(text).spec["Tags"] == ["xyz", "b"]
    assert blamed(text, "Tags", 0) == '"xAz"'
    assert blamed(text, "Tags", 1) == """'{"Tags": ["xAz", B]}'"""


def test_a_duplicate_key() -> None:
    text = "c.create_algorithm(Tags=[{'Key': 1, 'Key': 2}], **json.loads('{\"AlgorithmName\": 1, \"AlgorithmName\": 2}'))"
    locations = [(fault.path, fault.span, fault.related) for fault in document(text).faults]
    assert sorted(
        (path, text[slice(*span)], text[slice(*first[0])]) for path, span, first in locations if first
    ) == [
        (("AlgorithmName",), '"AlgorithmName"', '"AlgorithmName"'),
        (("Tags", 0, "Key"), "'Key'", "'Key'"),
    ]
    assert all(first is not None and first[0] < span for _, span, first in locations)


def test_every_place_of_the_fixtures_is_in_the_text() -> None:
    for path in sorted((ROOT / "fixtures" / "same").glob("*/spec.py")):
        text = path.read_text(encoding="utf-8")
        for one in documents(text):
            for route, value in values(one.spec):
                start, end = one.locate(route)
                assert 0 <= start < end <= len(text)
                if isinstance(value, str) and text[start] in "\"'" and value.isalnum():
                    assert value in text[start:end]


# ---------------------------------------------------------------- sagemaker-core

CORE = dedent(
    """\
    from sagemaker.core import shapes
    from sagemaker.core.resources import Algorithm
    channel = shapes.ChannelSpecification(name="train", supported_content_types=["text/csv"])
    Algorithm.create(
        "a b",
        training_specification=shapes.TrainingSpecification(
            training_image="i",
            supported_training_instance_types=["ml.m5.large"],
            training_channels=[channel, {"name": 1}],
            colour="red",
        ),
        inference_specification=None,
        validation_specification=shapes.AlgorithmValidationSpecification(
            validation_profiles=[
                shapes.AlgorithmValidationProfile(
                    training_job_definition=shapes.TrainingJobDefinition(
                        hyper_parameters={"learning_rate": "1"},
                        stopping_condition=shapes.StoppingCondition(max_runtime_in_seconds="60"),
                    ),
                )
            ]
        ),
        session=session,
    )
    """
)


def test_sagemaker_core() -> None:
    one = document(CORE)
    training = {
        "TrainingImage": "i",
        "SupportedTrainingInstanceTypes": ["ml.m5.large"],
        "TrainingChannels": [{"Name": "train", "SupportedContentTypes": ["text/csv"]}, {"Name": 1}],
        "colour": "red",
    }
    job = {"HyperParameters": {"learning_rate": "1"}, "StoppingCondition": {"MaxRuntimeInSeconds": UNKNOWN}}
    validation = {"ValidationProfiles": [{"TrainingJobDefinition": job}]}
    spec = {
        "TrainingSpecification": training,
        "InferenceSpecification": UNKNOWN,
        "ValidationSpecification": validation,
        "AlgorithmName": "a b",
    }
    assert same(one.spec, spec)
    assert blamed(CORE, key=True) == "create"
    assert blamed(CORE, "AlgorithmName", key=True) == '"a b"'
    assert blamed(CORE, "TrainingSpecification", "TrainingChannels", 0, "Name", key=True) == "name"
    assert (
        blamed(CORE, "TrainingSpecification", "TrainingChannels", 0, key=True)
        == "shapes.ChannelSpecification"
    )
    assert ("unknown-field", "/TrainingSpecification/colour") in findings("a.py", CORE)


def test_suggestions_for_sagemaker_core_are_in_snake_case() -> None:
    text = CORE.replace('"train", supported_content_types', '"train", supported_content_type')
    found = Linter(model_of(), []).lint_source(Source("a.py", text)).diagnostics
    messages = " ".join(d.message for d in found)
    assert "'supported_content_type' is not a field" in messages
    assert "did you mean 'supported_content_types'?" in messages
    assert "lacks the required field 'profile_name'" in messages
    assert not re.search(r"'[A-Z]\w+(Types|Name)'", messages)


@pytest.mark.parametrize(
    "change", ["channel.name = 'x'", "f(channel)", "channel['name'] = 1", "setattr(channel, 'name', 1)"]
)
def test_what_happens_to_an_instance_is_not_known(change: str) -> None:
    spec = document(CORE.replace("Algorithm.create(", f"{change}\nAlgorithm.create(")).spec
    assert is_unknown(spec["TrainingSpecification"]["TrainingChannels"][0])


def test_names_of_fields_in_sagemaker_core() -> None:
    assert snake_case("SupportedResponseMIMETypes") == "supported_response_mime_types"
    assert snake_case("S3DataSource") == "s3_data_source"
    assert snake_case("MaxPayloadInMB") == "max_payload_in_mb"
    # No two fields of a shape fall together.
    model = model_of()
    for name in model.names():
        members = list(model.shape(name).members)
        assert len(set(map(snake_case, members))) == len(members)


# ---------------------------------------------------------------- CDK and Pulumi

CDK = dedent(
    """\
    from aws_cdk import CfnTag, Stack, aws_sagemaker as sagemaker

    class Algorithms(Stack):
        def __init__(self, scope, name, **more):
            super().__init__(scope, name, **more)
            channel = sagemaker.CfnAlgorithm.ChannelSpecificationProperty(
                name="train", supported_content_types=["text/csv"], supported_input_modes=["FILE"]
            )
            sagemaker.CfnAlgorithm(
                self,
                "Algorithm",
                algorithm_name="a b",
                training_specification=sagemaker.CfnAlgorithm.TrainingSpecificationProperty(
                    training_image=f"{self.account}.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2",
                    supported_training_instance_types=["ml.m5.large"],
                    training_channels=[channel],
                ),
                tags=[CfnTag(key="Team", value="forecasting")],
            )
    """
)
PULUMI = dedent(
    """\
    import pulumi
    import pulumi_aws as aws

    image = aws.ecr.get_image(repository_name="forecaster").image_uri
    aws.sagemaker.Algorithm(
        "algorithm",
        algorithm_name="a b",
        training_specification=aws.sagemaker.AlgorithmTrainingSpecificationArgs(
            training_image=image,
            supported_training_instance_types=["ml.m5.large"],
            training_channels=[
                aws.sagemaker.AlgorithmTrainingSpecificationTrainingChannelArgs(
                    name="train", supported_content_types=["text/csv"], supported_input_modes=["FILE"]
                )
            ],
        ),
        tags={"Team": "forecasting"},
        opts=pulumi.ResourceOptions(protect=True),
    )
    """
)
# The classes have dicts in camelCase in their place.
IN_DICTS = dedent(
    """\
    from aws_cdk.aws_sagemaker import CfnAlgorithm

    CfnAlgorithm(
        scope=stack,
        id="Algorithm",
        algorithm_name="a b",
        training_specification={
            "trainingImage": image,
            "supportedTrainingInstanceTypes": ["ml.m5.large"],
            "trainingChannels": [
                {"name": "train", "supportedContentTypes": ["text/csv"], "supportedInputModes": ["FILE"]}
            ],
        },
        tags=tags,
    )
    """
)


@pytest.mark.parametrize("text", [CDK, PULUMI, IN_DICTS], ids=["CDK", "Pulumi", "dicts"])
def test_cdk_and_pulumi(text: str) -> None:
    spec = document(text).spec
    assert spec.keys() == {"AlgorithmName", "TrainingSpecification", "Tags"}
    training = spec["TrainingSpecification"]
    assert is_unknown(training.pop("TrainingImage"))
    assert training == {
        "SupportedTrainingInstanceTypes": ["ml.m5.large"],
        "TrainingChannels": [
            {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["FILE"]}
        ],
    }
    assert blamed(text, "AlgorithmName") == '"a b"'
    found = findings("stack.py", text)
    assert {row for row in found if row[0] != "missing-descriptions"} == {
        ("pattern-mismatch", "/AlgorithmName"),
        ("unknown-value", "/TrainingSpecification/TrainingChannels/0/SupportedInputModes/0"),
    }


# What other names for fields and converted values change.
_OF_NAMES = frozenset(("unknown-field", "describe-output-pasted", "wrong-type"))


@pytest.mark.parametrize("share", shares(6))
def test_a_program_for_the_cdk_has_the_findings_of_its_template(share: Share) -> None:
    ways = [way for way in BREAKS if way.revision == "latest" and way.rule not in _OF_NAMES]
    compared = 0
    for number in share(range(len(ways))):
        dice = random.Random(number)
        request = complete.request(dice)
        with contextlib.suppress(Inapplicable):
            ways[number].applied(request, dice)
        expected = findings("template.json", json.dumps(template(request)))
        found = findings("stack.py", stack(request))
        assert {row for row in found ^ expected if row[0] not in _OF_NAMES} == set()
        compared += len(found)
    assert compared > len(ways) / 6


def test_tags_of_the_cdk_are_those_of_the_api() -> None:
    assert document(CDK).spec["Tags"] == [{"Key": "Team", "Value": "forecasting"}]


def test_messages_about_the_cdk_are_in_snake_case() -> None:
    text = CDK.replace("supported_content_types", "supported_content_type")
    found = Linter(model_of(), []).lint_source(Source("a.py", text)).diagnostics
    assert "did you mean 'supported_content_types'?" in " ".join(d.message for d in found)


@pytest.mark.parametrize(
    "text",
    [
        "import pulumi\nAlgorithm(algorithm_name='a b')",
        "import sagemaker\nAlgorithm('x', algorithm_name='a b')",
        "from aws_cdk import aws_sagemaker\nCfnModel(self, 'x', training_specification={})",
        "from aws_cdk import aws_sagemaker\nCfnAlgorithm.TrainingSpecificationProperty(training_image='a b')",
    ],
)
def test_classes_that_make_no_algorithm(text: str) -> None:
    assert documents(text) == []


# ---------------------------------------------------------------- what is no spec, and what is not Python


@pytest.mark.parametrize("text", ["", "import os\n", "\0", "x = (", "print 'x'", "\ud800"])
def test_a_program_without_a_word_of_a_spec_is_not_parsed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_python, "parsed", lambda _: pytest.fail("parsed"))
    assert documents(text) == []


@pytest.mark.parametrize(
    ("text", "message", "blamed"),
    [
        ("create_algorithm\nx = {'a': 1\n", "'{' was never closed", "{"),
        ("create_algorithm\nx = = 1\n", "invalid syntax", "="),
        ("create_algorithm\n  x = 1\n", "unexpected indent", None),
        ("create_algorithm\nx = 'ä\n", "unterminated string literal", None),
    ],
)
def test_invalid_syntax(text: str, message: str, blamed: str | None) -> None:
    with pytest.raises(SourceSyntaxError) as caught:
        documents(text)
    assert message in caught.value.message
    start, end = caught.value.span
    assert 0 <= start <= end <= len(text)
    if blamed is not None:
        assert text[start:end] == blamed


@pytest.mark.parametrize(
    ("since", "line"),
    [
        ((3, 12), "type X = int"),
        ((3, 12), "def f[T](x: T): ..."),
        ((3, 12), "class C[T]: ..."),
        ((3, 12), "f'{x['a']}'"),
        ((3, 11), "try:\n    pass\nexcept* E:\n    pass"),
        ((3, 14), "try:\n    pass\nexcept A, B:\n    pass"),
        ((3, 14), "t'{x}'"),
    ],
)
def test_newer_syntax_is_not_the_files_fault(since: tuple[int, int], line: str) -> None:
    """The text is read if this Python supports it; otherwise the reason names the Python that does."""
    text = f"{line}\nc.create_algorithm(AlgorithmName='a')\n"
    if sys.version_info >= since:
        assert documents(text)
    else:
        with pytest.raises(MissingRequirement, match=f"Python {since[0]}\\.{since[1]}"):
            documents(text)


def test_a_file_for_a_newer_python_is_not_skipped_silently(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "x = f\"{a\" + (\nboto3.client('sagemaker').create_algorithm(AlgorithmName='a b')\n"
    )
    done = algolint("a.py")
    assert done.returncode == (1 if sys.version_info >= (3, 12) else 2)
    assert "not valid Python" in done.stdout + done.stderr
    done = algolint(".")
    assert "not valid Python" in done.stdout + done.stderr or sys.version_info >= (3, 12)


@pytest.mark.parametrize(
    "text",
    [
        "create_algorithm\0",
        "create_algorithm = '\ud800'",
        "create_algorithm = " + "(" * 500 + ")" * 500,
        "create_algorithm = " + "-" * 5000 + "1",
        "x = c.create_algorithm(AlgorithmName='a')" + ".a" * 3000,
        "create_algorithm = " + "+".join(["1"] * 5000),
        "a = []\na.append(a)\nc.create_algorithm(AlgorithmName='a', Tags=a)",
        "a = {}\n" + "a = {'x': a, 'y': a}\n" * 60 + "c.create_algorithm(AlgorithmName='a', Tags=a)",
        "def f():\n" * 1
        + "    for a in b:\n        for c in d:\n            for e in g: create_algorithm()\n",
        "".join("    " * i + "for x in y:\n" for i in range(18))
        + "    " * 18
        + "c.create_algorithm(Tags=[])",
        "create_algorithm: int\ndel (a, b), [c]\n(a, *b), [c] = d\nfor a.b, c[0] in d: pass\nglobal q\nq += 1",
    ],
)
def test_no_program_is_too_strange(text: str) -> None:
    with contextlib.suppress(SourceSyntaxError):
        for one in documents(text):
            list(values(one.spec))


def test_a_named_program_without_a_spec_is_silent(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print 'create'\n")
    (tmp_path / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\nx = '\xe4'\n")
    done = algolint("a.py", "latin.py")
    assert (done.returncode, done.stdout) == (0, done.stdout)
    assert "not-an-algorithm" not in done.stdout
    assert "invalid-syntax" not in done.stdout


def test_programs_of_a_folder(algolint: Run, tmp_path: Path) -> None:
    (tmp_path / "deploy.py").write_text(
        "client.create_algorithm(\n    AlgorithmName='a b',\n    TrainingSpecification=x)\n"
    )
    (tmp_path / "other.py").write_text("x = (\n")
    done = algolint(".", "--format", "concise", "--select", "pattern-mismatch")
    assert done.stdout.startswith("deploy.py:2:19: error: 'a b' contains ' '")
    assert done.returncode == 1


def test_comments_suppress(algolint: Run, tmp_path: Path) -> None:
    program = dedent(
        """\
        text = "# algolint: ignore-file[pattern-mismatch]"
        client.create_algorithm(
            AlgorithmName='a b',  # algolint: ignore[pattern-mismatch] on purpose
            # algolint: ignore[wrong-type] the tuner wants it
            AlgorithmDescription=1,
            TrainingSpecification=x,
            CertifyForMarketplace="no",
            Tags=y,  # algolint: ignore[wrong-type]
        )
        """
    )
    (tmp_path / "a.py").write_text(program)
    done = algolint(
        "a.py", "--format", "concise", "--select", "pattern-mismatch,wrong-type,unused-suppression"
    )
    assert [line.split(": ")[0] + line[line.rindex("[") :] for line in done.stdout.splitlines()[:2]] == [
        "a.py:7:27[wrong-type]",
        "a.py:8:33[unused-suppression]",
    ]


# ---------------------------------------------------------------- hiding


@pytest.mark.parametrize("share", shares(48))
@pytest.mark.parametrize(
    "path", sorted((ROOT / "fixtures" / "same").glob("*/spec.py")), ids=lambda path: path.parent.name
)
def test_hiding_a_literal_never_adds_a_problem(path: Path, share: Share) -> None:
    """Each expression of a program is replaced by a call."""
    text = path.read_text(encoding="utf-8")
    before = findings("spec.py", text)
    lines = text.splitlines(keepends=True)
    tree = ast.parse(text)
    # Without these, a change of a value would be removed instead of masked.
    changed = {node.value for node in ast.walk(tree) if isinstance(node, (ast.Subscript, ast.Attribute))}
    for node in share(ast.walk(tree)):
        if (
            node in changed
            or not isinstance(node, (ast.Constant, ast.Dict, ast.List, ast.Name))
            or node.end_lineno is None
        ):
            continue
        if isinstance(getattr(node, "ctx", None), ast.Store):
            continue
        start, end = (
            sum(len(line.encode()) for line in lines[: line - 1]) + column
            for line, column in (
                (node.lineno, node.col_offset),
                (node.end_lineno, node.end_col_offset or 0),
            )
        )
        data = text.encode()
        hidden = (data[:start] + b"hidden()" + data[end:]).decode()
        try:
            ast.parse(hidden)
        except SyntaxError:
            # A string among others that are put together.
            continue
        try:
            after = findings("spec.py", hidden)
        except AssertionError:
            # Nothing is left to lint.
            continue
        # A literal that no longer reaches the call may be a spec itself, with the same faults.
        new = {
            (rule, pointer)
            for rule, pointer in added(after, before)
            if not any(rule == other and whole.endswith(pointer) for other, whole in before)
        }
        assert new == set(), hidden[max(start - 80, 0) : start + 40]


# ---------------------------------------------------------------- other people's programs


def standard_library() -> list[Path]:
    root = Path(sysconfig.get_paths()["stdlib"])
    files = [path for path in sorted(root.rglob("*.py")) if "site-packages" not in path.parts]
    return random.Random(5).sample(files, min(1000, len(files)))


@pytest.mark.parametrize("share", shares(4))
def test_the_standard_library_gives_no_finding(share: Share) -> None:
    for path in share(standard_library()):
        text = path.read_text(encoding="utf-8", errors="replace")
        assert read(Source(str(path), text)) == []


@pytest.mark.parametrize("share", shares(24))
def test_the_standard_library_read_all_the_same_gives_no_finding(share: Share) -> None:
    """All of each file is followed, as if it contained words of a spec."""
    for path in share(standard_library()[:60]):
        text = path.read_text(encoding="utf-8", errors="replace")
        with contextlib.suppress(SourceSyntaxError):
            assert read(Source(str(path), f"{text}\n# create_algorithm\n")) == []
