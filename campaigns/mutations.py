"""Changes the rules, one small change at a time, and checks whether the tests fail.

    python -m campaigns.mutations                              # all of rules/
    python -m campaigns.mutations rules/tags.py --sample 50 --seed 1
    python -m campaigns.mutations --own                        # with the tests of each file's own rules only

The changes are cosmic-ray's. A new process for each would take most of the time to start. Therefore the tests
are collected once, and a fork of that process runs them on one changed file: first those of the file's own
rules, and if these pass, the others that lint whole requests. No file is written.

Changes without an effect at run time are left out: annotations, docstrings, imports for type checkers, and
changes that are not valid Python. Exits with 1 if the tests fail without a change.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import gc
import importlib
import inspect
import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from hypothesis import HealthCheck, Phase, settings

from algolint.rule import Rule
from algolint.rule_files import first_party_rules
from campaigns import complete, complete_requests

ROOT = Path(__file__).parent.parent
RULES = ROOT / "rules"
# Tests that lint whole requests, in addition to those of the families.
WIDER = [
    f"tests/test_{name}.py"
    for name in "rules fixtures replacement same read_cloudformation redaction".split()
]
# Only the quick ones of these.
_QUICK = 0.05
_REQUESTS = 20
_MEMORY = 4 << 30

# ---------------------------------------------------------------- changes


class Change:
    """A changed version of a file."""

    def __init__(self, operator: str, line: int, before: str, after: str) -> None:
        self.operator = operator.removeprefix("core/")
        self.line = line
        self.after = after
        differing = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        self.lines = [f"{row[0]} {row[1:].strip()}" for row in list(differing)[3:]]


class _Seen(ast.NodeTransformer):
    """The parts of a file that affect a run."""

    def visit(self, node: ast.AST) -> Any:
        for name in ("annotation", "returns"):
            if getattr(node, name, None):
                setattr(node, name, ast.Constant(None))
        match node:
            case ast.If(
                test=ast.Name(id="TYPE_CHECKING") | ast.UnaryOp(operand=ast.Name(id="TYPE_CHECKING"))
            ):
                return None
            case ast.Assign(targets=[ast.Name(id="TYPE_CHECKING")]):
                return None
            case ast.Expr(value=ast.Constant(value=str())):
                return ast.Pass()
        return self.generic_visit(node)


def _seen(text: str) -> str:
    return ast.dump(_Seen().visit(ast.parse(text)))


def _statements(source: str) -> Iterator[tuple[int, int]]:
    """Return the first and last line of each statement. Parsing one takes a hundredth of the file's time."""
    for node in ast.parse(source).body:
        decorators = getattr(node, "decorator_list", [])
        yield min([node.lineno, *(d.lineno for d in decorators)]), node.end_lineno or node.lineno


def changes(source: str) -> list[Change]:
    """Return all changes of cosmic-ray to a source that affect a run, each once."""
    # Operators with arguments replace a variable with a given name by a random number.
    operators = {
        name: get_operator(name)() for name in operator_names() if not get_operator(name).arguments()
    }
    lines = source.split("\n")
    found = []
    for first, last in _statements(source):
        statement = "\n".join(lines[first - 1 : last])
        seen = {_seen(statement)}
        nodes = list(ast_nodes(get_ast(statement)))
        for name, operator in operators.items():
            for number in range(sum(len(list(operator.mutation_positions(node))) for node in nodes)):
                changed = mutate_code(statement, operator, number)
                try:
                    shown = _seen(changed)
                except SyntaxError:
                    continue
                if shown not in seen:
                    seen.add(shown)
                    pairs = zip(statement.split("\n"), changed.split("\n"), strict=False)
                    offset = next((i for i, (a, b) in enumerate(pairs) if a != b), 0)
                    whole = "\n".join([*lines[: first - 1], changed, *lines[last:]])
                    found.append(Change(name, first + offset, source, whole))
    return sorted(found, key=lambda change: change.line)


def install(module: ModuleType, source: str) -> None:
    """Replace the content of a loaded module, for everything that has its rules, names or itself."""
    before = dict(vars(module))
    exec(compile(source, str(module.__file__), "exec"), vars(module))
    now = vars(module)
    for name, old in before.items():
        if isinstance(old, Rule):
            new = now[name]
            if isinstance(new, Rule):
                for slot in Rule.__slots__:
                    setattr(old, slot, getattr(new, slot))
            else:
                # Without its decorator it is not a rule, and reports nothing.
                old.check = lambda *_: ()
            now[name] = old
    package = module.__name__.rpartition(".")[0]
    for other_name, other in list(sys.modules.items()):
        if other is not module and (other_name.startswith(f"{package}.") or "test_" in other_name):
            for name, value in list(vars(other).items()):
                if name in before and value is before[name] is not now[name]:
                    setattr(other, name, now[name])


# ---------------------------------------------------------------- runs


class Result:
    """The results of the changes of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.survivors: list[Change] = []
        self.noticed = 0
        self.stopped = 0

    def __str__(self) -> str:
        tried = self.noticed + len(self.survivors)
        share = self.noticed / tried if tried else 1.0
        lines = [
            f"{self.name:30} {tried:5} changes {self.noticed:5} noticed {len(self.survivors):4} survived {share:6.1%}"
        ]
        for change in self.survivors:
            lines += [f"  {change.line}: {change.operator}", *(f"    {line}" for line in change.lines)]
        return "\n".join(lines)


class Forks:
    """A plug-in of pytest that runs the collected tests in forks, each on one changed module.

    `belongs` decides whether a test is one of the module's own, which come first; None leaves it out.
    """

    def __init__(
        self,
        modules: list[ModuleType],
        belongs: Callable[[ModuleType, pytest.Item], bool | None],
        sample: int | None = None,
        seed: int = 0,
        after: Callable[[], bool] = lambda: True,
    ) -> None:
        self.modules = modules
        self.belongs = belongs
        self.sample = sample
        self.dice = random.Random(seed)
        self.after = after
        self.results: list[Result] = []
        self.broken = ""
        self._seconds: dict[str, float] = {}
        self._pipe = -1
        self._running = ""

    def pytest_configure(self) -> None:
        # The first failure is enough; shrinking the example would take long.
        settings.register_profile(
            "mutations",
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutations")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        if call.excinfo and not call.excinfo.errisinstance(pytest.skip.Exception):
            self._end(1)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            self.broken = "the tests cannot be collected"
            return True
        items = [
            item for item in session.items if any(self.belongs(m, item) is not None for m in self.modules)
        ]
        status, reported = self._forked(lambda: self._run(items))
        if status != 0:
            self.broken = f"without a change: {reported or 'stopped'}"
            return True
        self._seconds = json.loads(reported)
        for module in self.modules:
            self._take(module, items)
        return True

    def _take(self, module: ModuleType, items: list[pytest.Item]) -> None:
        path = Path(str(module.__file__)).resolve()
        result = Result(str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name)
        source = path.read_text(encoding="utf-8")
        found = changes(source)
        if self.sample is not None and self.sample < len(found):
            found = sorted(self.dice.sample(found, self.sample), key=lambda change: change.line)
        # Otherwise each fork would traverse all objects, and so copy them.
        gc.collect()
        gc.freeze()
        own = {item: self.belongs(module, item) for item in items}
        order = [
            item
            for item, is_own in own.items()
            if is_own or (is_own is not None and self._seconds[item.nodeid] < _QUICK)
        ]
        order.sort(key=lambda item: (not own[item], self._seconds[item.nodeid]))
        # A change may make a loop endless, or every test slow.
        most = int(10 + 3 * sum(self._seconds[item.nodeid] for item in order))
        # Also without a change, before and after, as the tests might fail because of forks or the order.
        for change in (None, *found, None):
            text = change.after if change else source
            status, reported = self._forked(lambda t=text, o=order: self._try(module, t, o), most)  # type: ignore[misc]
            if change is None:
                if status != 0:
                    self.broken = f"{result.name} without a change: {reported or 'stopped'}"
                    return
                continue
            if status == 0:
                result.survivors.append(change)
                continue
            result.noticed += 1
            # The test that failed for one change often fails for the next.
            order.sort(key=lambda item: item.nodeid != reported)
        self.results.append(result)
        print(result, flush=True)

    def _try(self, module: ModuleType, source: str, order: list[pytest.Item]) -> None:
        try:
            install(module, source)
        except Exception:  # Whatever the error in the changed file is, the file cannot be imported.
            self._end(1)
        self._run(order)

    def _run(self, items: list[pytest.Item]) -> None:
        seconds = {}
        for item in items:
            self._running = item.nodeid
            # Ends the process.
            signal.setitimer(signal.ITIMER_PROF, 3 + 10 * self._seconds.get(item.nodeid, 30.0))
            started = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            seconds[item.nodeid] = time.process_time() - started
        self._running = "requests"
        signal.setitimer(signal.ITIMER_PROF, 60)
        if not self.after():
            self._end(1)
        self._running = json.dumps(seconds)
        self._end(0)

    def _end(self, status: int) -> NoReturn:
        os.write(self._pipe, self._running.encode())
        os._exit(status)

    def _forked(self, work: Callable[[], None], most: int = 600) -> tuple[int, str]:
        """Return how a fork ended that does the work in a number of seconds at most, and its output."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            self._pipe = writing
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (most, most))
            try:
                work()
            finally:
                os._exit(2)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            reported = pipe.read().decode()
        return os.waitpid(child, 0)[1], reported


def run(forks: Forks, tests: list[str]) -> int:
    """Run the campaign with the tests of some files."""
    options = "-s --assert=plain -p no:cacheprovider -p no:terminal -p no:faulthandler -o addopts="
    pytest.main([*options.split(), f"--rootdir={ROOT}", *tests], plugins=[forks])
    if forks.broken:
        print(forks.broken)
    return 1 if forks.broken else 0


# ---------------------------------------------------------------- rules


# Rule files whose tests are in those of another one.
_TESTED_WITH = {"model_data": "inference", "tuning": "hyperparameters", "volumes": "resources"}


@cache
def _families(module: ModuleType) -> set[str]:
    """Return the rule files whose tests are a module's own; for one without rules, those that import it."""
    name = module.__name__.rpartition(".")[2]
    if not name.startswith("_"):
        return {name, _TESTED_WITH.get(name, name)}
    return {
        p.stem for p in RULES.glob("[a-z]*.py") if f"from .{name} import" in p.read_text(encoding="utf-8")
    }


def _belongs(module: ModuleType, item: pytest.Item) -> bool | None:
    """Return whether a test is of a module's own rules, or None. Few tests of other rules also cover these."""
    assert isinstance(item, pytest.Function)
    if "process_time" in inspect.getsource(item.function):
        # In a fork of a large process, times are not meaningful.
        return None
    families = _families(module)
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    about = parameters.get("rule") or getattr(parameters.get("example"), "rule", None)
    if isinstance(about, Rule):
        return about.family in families or (False if "good_example" in item.name else None)
    family = item.path.stem.removeprefix("test_rules_")
    return family in families or (None if family != item.path.stem else False)


def _broken_requests_are_judged_rightly(drawn: list[Any]) -> bool:
    campaign = complete_requests.Campaign(1)
    for request in drawn:
        campaign.take(request)
    return not campaign.wrong


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Changes the rules and checks whether the tests fail.")
    parser.add_argument("files", nargs="*", metavar="FILE", help="rule files (default: all)")
    parser.add_argument("--sample", type=int, help="number of random changes of each file")
    parser.add_argument("--seed", type=int, default=0, help="seed of the sample")
    parser.add_argument("--own", action="store_true", help="without the tests that lint whole requests")
    options = parser.parse_args()
    first_party_rules()
    names = [Path(f).stem for f in options.files] or sorted(
        path.stem for path in RULES.glob("*.py") if path.stem != "__init__"
    )
    modules = [importlib.import_module(f"algolint_rules.{name}") for name in names]
    families = {family for module in modules for family in _families(module)}
    own = [f"tests/test_rules_{family}.py" for family in sorted(families)]
    tests = [*(WIDER[:1] if options.own else WIDER), *(path for path in own if (ROOT / path).exists())]
    dice = random.Random(1)
    drawn = [] if options.own else [complete.request(dice) for _ in range(_REQUESTS)]

    def belongs(module: ModuleType, item: pytest.Item) -> bool | None:
        is_own = _belongs(module, item)
        return is_own or (None if options.own else is_own)

    forks = Forks(
        modules, belongs, options.sample, options.seed, lambda: _broken_requests_are_judged_rightly(drawn)
    )
    os.chdir(ROOT)
    started = time.perf_counter()
    status = run(forks, tests)
    tried = sum(result.noticed + len(result.survivors) for result in forks.results)
    noticed = sum(result.noticed for result in forks.results)
    print(f"\n{tried} changes, {noticed} noticed, {time.perf_counter() - started:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main())
