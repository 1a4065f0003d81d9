from __future__ import annotations

import functools
import gc
import importlib.util
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from forked_command import fork_server
from hypothesis import settings

from algolint.values import UNKNOWN

# pytest-xdist requires equal test names in all processes, and some names contain sets.
os.environ.setdefault("PYTHONHASHSEED", "0")

# Most tests that start a process start algolint, and compiling it each time takes twice as long as running
# it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Deadlines measure the machine instead of the code. Slow tests use more examples, and `pytest
# --hypothesis-profile=campaign` even more.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("slow", deadline=None, derandomize=True, max_examples=600)
settings.register_profile("campaign", deadline=None, max_examples=5000)
settings.load_profile("suite")

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the records and pages that tests compare with"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Exclude collected tests from garbage collection, which otherwise takes a tenth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        # As in the command.
        gc.set_threshold(100_000)
        gc.enable()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name an unknown value here, since pytest would compare it, which raises `Undecided`."""
    return "UNKNOWN" if val is UNKNOWN else None


#: Marks texts that libyaml accepts and the AWS CLI rejects, as PyYAML's own parser does.
needs_libyaml = pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML is built without libyaml")


def sampled(values: Iterable[Any], every: int = 4) -> list[Any]:
    """Return values for parametrization: the default run takes one in `every`, and slow tests the others."""
    params = [value if hasattr(value, "marks") else pytest.param(value) for value in values]
    return [
        pytest.param(
            *param.values, id=param.id, marks=[*param.marks, *([pytest.mark.slow] if number % every else [])]
        )
        for number, param in enumerate(params)
    ]


def shares(every: int) -> list[Any]:
    """Return ways to select values in a test: the default run takes one in `every`, and slow tests the
    others.
    """

    def one(values: Iterable[Any]) -> list[Any]:
        return list(itertools.islice(values, 0, None, every))

    def others(values: Iterable[Any]) -> list[Any]:
        return [value for number, value in enumerate(values) if number % every]

    return [pytest.param(one, id="one"), pytest.param(others, id="others", marks=pytest.mark.slow)]


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def tool() -> ModuleType:
    """Import the tool that builds the model, which is not part of a package."""
    spec = importlib.util.spec_from_file_location("build_model", ROOT / "tools" / "build_model.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_model"] = module  # dataclasses look up their module.
    spec.loader.exec_module(module)
    return module


Share = Callable[[Iterable[Any]], list[Any]]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _of_python(env: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that the interpreter reads when it starts."""
    return {key: value for key, value in env.items() if key.startswith("PYTHON")}


def started(
    arguments: Sequence[str], cwd: Path, data: bytes, env: Mapping[str, str] = os.environ
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a new process."""
    command = [sys.executable, "-m", "algolint", *arguments]
    return subprocess.run(command, cwd=cwd, input=data, capture_output=True, timeout=60, check=False, env=env)


def run_command(
    *arguments: str,
    cwd: Path,
    stdin: str | bytes = "",
    env: Mapping[str, str] | None = None,
    new_process: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run the real command in a folder, in a separate process.

    The process is forked from the server, unless a new one is requested or the interpreter gets settings.
    An exception that nothing handles fails the test, since its exit code, 2, is also that of a user's mistake.
    """
    data = stdin.encode() if isinstance(stdin, str) else stdin
    environment = os.environ if env is None else env
    forks = None if new_process or _of_python(environment) != _of_python(os.environ) else fork_server()
    done = (forks.run if forks else started)(arguments, cwd, data, environment)
    stderr = done.stderr.decode()
    assert "please report it" not in stderr, stderr
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), stderr)


@pytest.fixture
def algolint(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """The real command, in an empty folder. With the mark `new_process`, a new interpreter runs it."""
    new_process = request.node.get_closest_marker("new_process") is not None
    return functools.partial(run_command, cwd=tmp_path, new_process=new_process)
