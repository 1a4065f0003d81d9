"""What PyYAML is, imported with patterns that are compiled late: the same, for whoever uses it in this process."""

from __future__ import annotations

import re
import subprocess
import sys

import tomli

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


def used(before: str) -> str:
    code = USES.format(before=f"compiled = re.compile\n{before}")
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_reader_in_python_reads_as_ever() -> None:
    assert used("") == "_Pattern 1\n"


def test_toml_is_read_as_ever() -> None:
    text = (
        "a = 1.5e3\nb = 2023-05-01T10:00:00Z\nc = 0x1F\nd = 10:00:00\ne = [2023-05-01, -7, 'x', true, nan]\n"
    )
    code = f"from algolint import config\nprint(sorted(config._parsed('a', {text!r}).items()))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == f"{sorted(tomli.loads(text).items())}\n"


def test_beside_other_threads_nothing_is_put_off() -> None:
    thread = "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    assert used(thread) == "Pattern 1\n"


def test_a_module_may_use_its_patterns_while_it_is_imported() -> None:
    with lazily_compiled_patterns():
        pattern = re.compile("a+")
        assert type(pattern).__name__ == "_Pattern"
        assert pattern.fullmatch("aa")
    assert type(re.compile("a+")) is re.Pattern


def test_a_late_pattern_is_compiled_once_and_when_used() -> None:
    pattern = lazy(r"a(b)", re.IGNORECASE)
    assert pattern.fullmatch("AB")
    assert pattern.sub("x", "ab") == "x"
    assert pattern.flags & re.IGNORECASE
    lazy("(")
