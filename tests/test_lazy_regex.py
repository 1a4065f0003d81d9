"""Lazily compiled patterns behave like others, and are only used in the command line's process."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

import algolint
from algolint.lazy_regex import lazily_compiled_patterns, lazy

USES = """
import re, sys
{before}
import algolint.readers.yaml
import yaml
kind = type(yaml.reader.Reader.NON_PRINTABLE).__name__
assert re.compile is compiled and type(re.compile("a")) is re.Pattern
assert yaml.load("a: [1, 2.5, yes, 2023-05-01, !!binary aGk=]", yaml.SafeLoader) == yaml.safe_load(
    "a: [1, 2.5, true, 2023-05-01, !!binary aGk=]")
try:
    yaml.load("a: \\x01", yaml.SafeLoader)
except yaml.reader.ReaderError as error:
    print(kind, error.character)
"""


COMMAND_LINE = "import algolint\nalgolint.is_command_line = True"


def used(before: str) -> str:
    """Return the type of PyYAML's own pattern, and the position of its error, after some code."""
    code = USES.format(before=f"compiled = re.compile\n{before}")
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_reader_in_python_reads_the_same() -> None:
    assert used(COMMAND_LINE) == "_Pattern 1\n"


def test_a_host_that_imports_algolint_keeps_its_patterns() -> None:
    assert used("") == "Pattern 1\n"


def test_the_command_line_defers_them(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("AlgorithmName: a\nTags: []\n")
    code = (
        "import atexit, sys; from algolint.__main__ import main; sys.argv[1:] = ['a.yaml'];"
        "atexit.register(lambda: print(type(sys.modules['yaml'].reader.Reader.NON_PRINTABLE).__name__)); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1] == "_Pattern"


def test_toml_is_read_the_same() -> None:
    text = (
        "a = 1.5e3\nb = 2023-05-01T10:00:00Z\nc = 0x1F\nd = 10:00:00\ne = [2023-05-01, -7, 'x', true, nan]\n"
    )
    code = f"{COMMAND_LINE}\nfrom algolint.config import toml\nprint(sorted(toml.parsed({text!r}).items()))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == f"{sorted(tomli.loads(text).items())}\n"


def test_beside_other_threads_nothing_is_deferred() -> None:
    thread = f"{COMMAND_LINE}\nimport threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    assert used(thread) == "Pattern 1\n"


def test_a_module_may_use_its_patterns_while_it_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(algolint, "is_command_line", True)
    with lazily_compiled_patterns():
        pattern = re.compile("a+")
        assert type(pattern).__name__ == "_Pattern"
        assert pattern.fullmatch("aa")
    assert type(re.compile("a+")) is re.Pattern


def test_a_lazy_pattern_is_compiled_once_and_when_used() -> None:
    pattern = lazy(r"a(b)", re.IGNORECASE)
    assert pattern.fullmatch("AB")
    assert pattern.sub("x", "ab") == "x"
    assert pattern.flags & re.IGNORECASE
    lazy("(")
