"""Feeds mutated files to a reader, or to the whole program, which must accept them or report a clear error.

    python -m campaigns.fuzz json --count 1000000 --seed 1
    python -m campaigns.fuzz yaml --count 1000000 --seed 1 --guided

Targets are the readers, by syntax, and `run`, which lints, suppresses, reports and fixes. The properties of a
reader are in `check_reader`, those of a run in `Run`; neither may take longer than `SLOW`. One in four of a
reader's files contains a secret and is linted, and one in 32 is given to the command line, as in
`campaigns.fuzz_command`.

Without `--guided`, random mutations of the seed files are generated, and the seed and a number reproduce each
(`--number`). With it, atheris (extra `fuzz`) searches for files that take new branches of algolint's own
code. Its corpus is written to `--corpus`, and files that fail next to it.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import random
import re
import shutil
import sys
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from algolint import limits
from algolint.config.effective import SettingsFinder
from algolint.config.settings import FORMATS
from algolint.diagnostic import Diagnostic, Location
from algolint.document import Document
from algolint.fixes.edit import apply
from algolint.messages import escaped
from algolint.readers.cloudformation import HostedDocument
from algolint.readers.yaml_scalars import resolve
from algolint.runs import fixing
from algolint.runs.outcome import Outcome
from algolint.runs.session import Result, Session
from algolint.source import Source, SourceSyntaxError, UnreadableSource, decoded
from algolint.spec.recognition import shape_of
from algolint.suppression.coverage import UNSUPPRESSIBLE
from algolint.suppression.writing import add_ignores
from algolint.syntaxes import read
from algolint.values import Unknown
from campaigns.corpus import ROOT, SYNTAXES, TOKENS, TOKENS_OF, corpus, damaged, mutated

TARGETS = (*SYNTAXES, "run")
LIMIT = 1 << 23
#: The maximum of processor seconds for a file.
SLOW = 2.0
# Letters that occur in no seed file in this order, and tokens of them.
_LETTERS = "Qz7" * 12
SECRETS = (f"ghp_{_LETTERS}", f"AKIA{_LETTERS.upper()[:16]}")
#: One file in this many contains the secret, and one in this many is given to the command line.
SECRET_IN, COMMAND_IN = 4, 32

_NAMES = {"json": "a.json", "yaml": "a.yaml", "python": "a.py", "notebook": "a.ipynb"}


class Wrong(Exception):
    """Raised if a target violates a property."""


def name_of(what: str, data: bytes) -> str:
    """Return the name for a target's file; if several syntaxes are possible, the content decides."""
    is_object = data.lstrip()[:1] == b"{"
    match what:
        case "cloudformation":
            return "a.json" if is_object else "a.yaml"
        case "terraform":
            return "a.tf.json" if is_object else "a.tf"
        case "template":
            return "a.json" if re.match(rb"\s*(?:\[|\{(?![{%#]))", data) else "a.yaml"
        case "run" if is_object:
            if b'"cells"' in data or b'"worksheets"' in data:
                return "a.ipynb"
            return "a.tf.json" if b'"resource"' in data else "a.json"
        case "run" if b'resource "' in data:
            return "a.tf"
        case "run":
            return "a.py" if re.search(rb"create_algorithm\(|^import |^\w+ = ", data, re.M) else "a.yaml"
    return _NAMES[what]


def chosen(data: bytes, one_in: int) -> bool:
    """Whether a file is among those for an expensive check; always the same for the same file."""
    return zlib.crc32(data) % one_in == 0


def check_masked(text: str) -> None:
    """Raise `Wrong` if shown text contains a secret, or most of it, in any case."""
    at = text.lower().find(_LETTERS[:12].lower())
    if at >= 0:
        raise Wrong(f"the secret is shown: {text[max(at - 200, 0) : at + 60]!r}")


# ---------------------------------------------------------------- readers


def check_reader(name: str, data: bytes, thorough: bool) -> str:
    """Read a file, and return the result in one word.

    Raises any exception of the reader except `SourceSyntaxError` and `UnreadableSource`. Raises `Wrong` if a
    fault has no location in the text, a value is of a type that rules do not know, a path has no location, or
    the text at a location does not match the value. With `thorough`, the file is read twice, with the same
    result.
    """
    try:
        source = decoded(name, data, LIMIT)
        documents = read(source)
    except SourceSyntaxError as fault:
        if fault.source is not None:
            source = fault.source
        _check_location(fault.span, source.text, "a fault")
        _check_message(fault.message)
        return "refused"
    except UnreadableSource:
        return "unreadable"
    for document in documents:
        _check_document(document)
    if thorough:
        again = [_seen(document) for document in read(Source(name, data.decode()))]
        if again != [_seen(document) for document in documents]:
            raise Wrong("the file reads otherwise when it is read again")
    return "read"


def _check_location(span: tuple[int, int], text: str, what: str) -> None:
    if not 0 <= span[0] <= span[1] <= len(text):
        raise Wrong(f"{what} is at {span} in {len(text)} characters")


def _check_message(message: str) -> None:
    if not message or escaped(message) != message:
        raise Wrong(f"a message is {message!r}")


# The maximum of values of a document that are checked.
_MOST_CHECKED = 300


def _values(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield a value and all values in it, each with its path."""
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _values(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, (*path, index))


def _seen(document: Document) -> tuple[Any, ...]:
    """Return everything that is visible of a document."""
    locations = [
        (path, type(value), document.locate(path), document.locate(path, key=True))
        for (path, value), _ in zip(_values(document.spec), range(_MOST_CHECKED), strict=False)
    ]
    faults = [(fault.path, fault.span, fault.message, fault.related) for fault in document.faults]
    return repr(document.spec), locations, faults, document.index, document.shape, document.target


def _check_document(document: Document) -> None:
    text = document.source.text
    for fault in document.faults:
        _check_location(fault.span, text, "a fault")
        _check_message(fault.message)
    strangers: list[tuple[str | int, ...]] = [("A",), (0,), ("A", 0)]
    for stranger in strangers:
        _check_location(document.locate(stranger), text, "what is not there")
    for (path, value), _ in zip(_values(document.spec), range(_MOST_CHECKED), strict=False):
        if len(path) > limits.MAX_DEPTH:
            raise Wrong(f"a value {len(path)} levels deep")
        if not isinstance(value, Unknown):
            _check_value(value, text)
        span, key_span = document.locate(path), document.locate(path, key=True)
        _check_location(span, text, str(path))
        _check_location(key_span, text, f"the key of {path}")
        if not document.is_template and not document.renames:
            written, key = text[slice(*span)], text[slice(*key_span)]
            matches = _MATCHING.get(
                document.host.syntax if isinstance(document, HostedDocument) else document.syntax
            )
            # A tag may change the value of the text.
            is_tagged = document.syntax == "yaml" and re.search(r"![^\s]*\s+$", text[: span[0]][-200:])
            known = not isinstance(value, (dict, list, Unknown)) and not is_tagged
            if matches is not None and known and not matches(written, value):
                raise Wrong(f"{path} is {value!r}, where {written!r} is written")
            if (
                document.syntax == "json"
                and path
                and isinstance(path[-1], str)
                and path[-1] != json.loads(key)
            ):
                raise Wrong(f"the key of {path} is at {key!r}")


def _check_value(value: Any, text: str) -> None:
    if isinstance(value, dict):
        for key in value:
            if type(key) is not str:
                raise Wrong(f"a key that is a {type(key).__name__}")
            _check_value(key, text)
    elif isinstance(value, str):
        # The mask of a template's expressions is not its text.
        if re.search("[\ue000-\uf8ff]", value) and "\\" not in text and not set(value) & set(text):
            raise Wrong(f"{value!r} is not in the text")
    elif not isinstance(value, (list, int, float, type(None))):
        raise Wrong(f"a value that is a {type(value).__name__}")


def _json_matches(written: str, value: Any) -> bool:
    found = json.loads(written)
    return type(found) is type(value) and bool(found == value)


def _yaml_matches(written: str, value: Any) -> bool:
    """Check a scalar on one line, as far as possible without a parser."""
    if not written:
        return value is None or value == ""
    if written[0] in "'\"":
        return isinstance(value, str) and len(written) > 1 and written[-1] == written[0]
    if not re.fullmatch(r"[\w./+-][\w./+ -]*", written, re.ASCII):
        return True
    if isinstance(value, str):
        return value == written
    return repr(resolve(written)) == repr(value)


def _python_matches(written: str, value: Any) -> bool:
    """Check a literal; computed values may be anywhere, and JSON in a text has its own escapes."""
    if written[:1] not in "'\"0123456789" or "\\" in written:
        return True
    try:
        found = ast.literal_eval(written)
    except (ValueError, SyntaxError):
        return True
    return type(found) is type(value) and bool(found == value)


def _terraform_matches(written: str, value: Any) -> bool:
    """Check a literal without escapes."""
    if written in ("true", "false"):
        return value is (written == "true")
    if re.fullmatch(r"-?\d+(\.\d+)?", written, re.ASCII):
        return not isinstance(value, str) and float(written) == float(value)
    if re.fullmatch(r'"[^"\\$%]*"', written):
        return bool(written[1:-1] == value)
    return True


_MATCHING: dict[str, Callable[[str, Any], bool]] = {
    "terraform": _terraform_matches,
    "json": _json_matches,
    "yaml": _yaml_matches,
    "python": _python_matches,
}


# ---------------------------------------------------------------- the whole run


class Run:
    """A file through everything except the command line.

    Nothing may be raised, no rule may fail, and no message, path or line that is shown may contain the
    secret. Some files get all further checks. Another session gives the same result, and so does this one if
    nobody named the file and it is a spec. Every report is well-formed. The text is readable after each fix
    and after all of them, without more findings than before. Comments that suppress all findings do so.
    """

    def __init__(self) -> None:
        self.quick = Session(SettingsFinder({"show-info": True}, isolated=True))
        self.whole = _whole_session()

    def check(self, name: str, data: bytes, thorough: bool) -> str:
        """Lint a file, and return the result in one word."""
        fault = None
        try:
            source = decoded(name, data, LIMIT)
        except SourceSyntaxError as error:
            assert error.source is not None
            source, fault = error.source, error
        result = self._linted(self.whole if thorough else self.quick, name, source, fault)
        for diagnostic in result.diagnostics:
            _check_message(diagnostic.message)
            for location in (diagnostic.location, *diagnostic.related):
                _check_location(location.span, source.text, diagnostic.rule.name)
                _check_message(location.message)
                if any(secret in source.text for secret in SECRETS):
                    _check_shown(source, diagnostic, location)
        if thorough:
            others = (self.quick, _whole_session())
            if any(_reported(other.lint(name, True, source, fault)) != _reported(result) for other in others):
                raise Wrong("another session reports something else")
            self._come_across(source, result, fault)
            self._report(source, result)
            if fault is None:
                self._fix(source, result)
                self._suppress(source, result)
        return "findings" if result.diagnostics else "silent"

    def _come_across(self, source: Source, result: Result, fault: SourceSyntaxError | None) -> None:
        other = self.whole.lint(source.name, False, source, fault)
        if other.is_spec and _reported(other) != _reported(result):
            raise Wrong("a file that nobody named is reported differently")
        if fault is None and not other.is_spec and _is_plainly_a_spec(source):
            raise Wrong("a spec is skipped where nobody named the file")

    def _linted(
        self, session: Session, name: str, source: Source, fault: SourceSyntaxError | None = None
    ) -> Result:
        result = session.lint(name, True, source, fault)
        for crash in result.crashes:
            raise Wrong(crash)
        if result.error:
            _check_message(result.error)
        return result

    def _report(self, source: Source, result: Result) -> None:
        from algolint.reports import text as report_text

        found = result.diagnostics
        outcome = Outcome(self.whole.model_of(self.whole.settings.of(source.name)))
        outcome.files, outcome.names = 1, [source.name]
        outcome.add(found)
        for text in (*report_text.full(found), *report_text.concise(found)):
            if escaped(text) != text:
                raise Wrong(f"a line of the report is {text!r}")
        for form in FORMATS.values():
            if form.is_for_people:
                continue
            report: str = importlib.import_module(form.module).report(outcome)
            report.encode("utf-8")
            if form.syntax == "json":
                json.loads(report)
            elif form.syntax == "xml":
                ElementTree.fromstring(report)

    def _fix(self, source: Source, result: Result) -> None:
        for diagnostic in result.diagnostics:
            if diagnostic.edits:
                read(Source(source.name, apply(source.text, diagnostic.edits)))
        after, then = fixing.fixed(self.whole, source.name, True, source, unsafe=True)
        if after.text == source.text:
            return
        read(after)
        if then.fixes is None or not then.fixes.fixed:
            raise Wrong("the fixes removed no finding")
        added = len(then.diagnostics) + then.unlisted - len(result.diagnostics) - result.unlisted
        if added > then.fixes.uncovered:
            raise Wrong("there are more findings after the fixes than they uncovered")
        again, _ = fixing.fixed(self.whole, after.name, True, after, unsafe=True)
        if again.text != after.text:
            raise Wrong("what was fixed is fixed again")

    def _suppress(self, source: Source, result: Result) -> None:
        text, left = add_ignores(source, result.diagnostics)
        if text != source.text:
            then = self._linted(self.whole, source.name, Source(source.name, text))
            found = [d.rule.name for d in then.diagnostics if d.rule.name not in UNSUPPRESSIBLE]
            if len(found) != len(left):
                raise Wrong(f"comments do not suppress {', '.join(sorted(found))}")


def _check_shown(source: Source, diagnostic: Diagnostic, location: Location) -> None:
    for text in (
        diagnostic.message,
        location.message,
        location.pointer,
        source.masked(source.line_span(location.line)),
    ):
        check_masked(text)


def _whole_session() -> Session:
    return Session(
        SettingsFinder({"show-info": True}, isolated=True), with_edits=True, with_fingerprints=True
    )


def _is_plainly_a_spec(source: Source) -> bool:
    try:
        documents = read(source)
    except (SourceSyntaxError, UnreadableSource):
        return False
    return any(document.shape or shape_of(document.spec, named=False) for document in documents)


def _reported(result: Result) -> list[tuple[Any, ...]]:
    found: list[Diagnostic] = result.diagnostics
    return [(d.rule.name, d.severity, d.location.span, d.location.pointer, d.message) for d in found]


# ---------------------------------------------------------------- targets


def target(what: str, always: bool = False) -> Callable[[bytes], str]:
    """Return the function that a target's files are given to; with `always`, all checks are made for every
    file.
    """
    whole = Run()
    if what == "run":
        return lambda data: whole.check(name_of(what, data), data, always or chosen(data, 64))

    from campaigns.fuzz_command import check as check_command
    from campaigns.kept_session import keep_models_and_rules

    keep_models_and_rules()

    def check(data: bytes) -> str:
        name = name_of(what, data)
        word = check_reader(name, data, always or chosen(data, 8))
        if any(secret.encode() in data for secret in SECRETS):
            whole.check(name, data, thorough=False)
        if always or chosen(data, COMMAND_IN):
            # Whether a file is fixed or reported, and in which format, depends on the file alone.
            check_command(name, data, zlib.crc32(data) // COMMAND_IN)
        return word

    return check


class Slowest:
    """The slowest file so far, and how it was made, in seconds of processor time."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.data = b""
        self.number = 0
        # Reading the clock can take as long as reading a file, so it is read once for each.
        self._last = time.process_time()

    def measured(self, check: Callable[[bytes], str], data: bytes, number: int = 0) -> str:
        """Return the result for a file. Raises `Wrong` if it takes longer than `SLOW`."""
        try:
            word = check(data)
        finally:
            now = time.process_time()
            took, self._last = now - self._last, now
            if took > self.seconds:
                self.seconds, self.data, self.number = took, data, number
        if took > SLOW:
            raise Wrong(f"took {took:.1f} s for {len(data):,} bytes")
        return word

    def __str__(self) -> str:
        return f"slowest {self.seconds * 1000:.0f} ms, number {self.number:,} of {len(self.data):,} bytes"


# ---------------------------------------------------------------- campaigns


def file_of(what: str, seed: int, number: int, secret_in: int = SECRET_IN) -> bytes:
    """Return a file of a campaign. Each has its own random generator, so that it can be generated separately."""
    dice = random.Random(f"{seed}:{number}")
    data = mutated(dice, corpus(what))
    return data if number % secret_in else _with_secret(dice, data)


def _with_secret(dice: random.Random, data: bytes) -> bytes:
    """Return a file with the secret at a random position, as a word or instead of one."""
    text = data.decode("utf-8", "surrogateescape")
    start = end = dice.randint(text.startswith("\ufeff"), len(text))
    word = re.compile(r"\b\w+").search(text, start)
    if word and dice.random() < 0.5:
        start, end, planted = *word.span(), dice.choice(SECRETS)
    else:
        planted = f" {dice.choice(SECRETS)} "
    return f"{text[:start]}{planted}{text[end:]}".encode("utf-8", "surrogateescape")


def campaign(what: str, count: int, seed: int, seconds: float) -> int:
    """Run random files, the same for the same seed, and return the number of those that failed."""
    check = target(what)
    corpus(what)
    slowest = Slowest()
    came: dict[str, int] = {}
    start = time.monotonic()
    done = failed = 0
    for number in range(count):
        data = file_of(what, seed, number)
        try:
            word = slowest.measured(check, data, number)
        except Exception:
            failed += 1
            word = "failed"
            print(f"number {number}: {data!r}\n{traceback.format_exc()}", flush=True)
            if failed == 20:
                break
        came[word] = came.get(word, 0) + 1
        done += 1
        if time.monotonic() - start > seconds:
            break
    took = time.monotonic() - start
    words = ", ".join(f"{n:,} {word}" for word, n in sorted(came.items()))
    print(f"seed {seed}: {what}: {done:,} files in {took:.0f} s: {words}; {slowest}")
    return failed


def guided(what: str, count: int, seed: int, seconds: float, folder: str | None) -> None:
    """Run files from atheris, which searches for new branches; ends the process, with 0 if none failed.

    Half of the mutations are libFuzzer's own, half those of `campaigns.corpus`. The corpus is empty at the
    start, so that the seed determines the files.
    """
    import atheris

    # Modules that were imported before are not instrumented.
    for name in [name for name in sys.modules if name.startswith("algolint")]:
        del sys.modules[name]
    modules = [path.relative_to(ROOT).with_suffix("") for path in sorted((ROOT / "algolint").rglob("*.py"))]
    names = [".".join(module.parts) for module in modules if module.stem[0] != "_"]
    aside = [] if what == "run" else [name for name in names if not name.startswith(_READING)]
    packages = ["algolint", "algolint_rules"] if what == "run" else ["algolint"]
    with atheris.instrument_imports(include=packages, exclude=aside):
        sys.modules.pop("campaigns.fuzz", None)
        sys.modules.pop("campaigns.corpus", None)
        from campaigns import corpus as fresh
        from campaigns import fuzz

        # Most modules are imported when needed; here they must be imported while they are instrumented.
        for module in modules:
            importlib.import_module(f"algolint.{module}")

        check, seeds, slowest = fuzz.target(what), fresh.corpus(what), fuzz.Slowest()
    grown = Path(folder or f".fuzz/{what}")
    given = grown.with_name(f"{grown.name}-seeds")
    for location in (grown, given):
        shutil.rmtree(location, ignore_errors=True)
        location.mkdir(parents=True)
    for number, data in enumerate(seeds.files()):
        if len(data) <= _LONGEST_GUIDED:
            (given / f"{number:04}").write_bytes(data)
    words = grown.with_name(f"{grown.name}-words")
    tokens = [token for token in (*TOKENS, *TOKENS_OF.get(what, ())) if len(token) < 60]
    words.write_text("".join(f'"{_escaped(token)}"\n' for token in tokens), encoding="ascii")
    options = [
        f"-runs={count}",
        f"-seed={seed}",
        f"-dict={words}",
        f"-max_len={_LONGEST_GUIDED}",
        "-timeout=60",
        "-verbosity=1",
    ]
    options += [f"-max_total_time={int(seconds)}"] if seconds < float("inf") else []
    options += [f"-artifact_prefix={grown}-failed-", "-print_final_stats=1"]
    slow = grown.with_name(f"{grown.name}-slowest")
    number, recorded = 0, 0.0

    def one(data: bytes) -> None:
        nonlocal number, recorded, slowest
        number += 1
        if number == 1:
            slowest = fuzz.Slowest()
        slowest.measured(check, data, number)
        # libFuzzer ends the process, so nothing can run after it.
        if slowest.seconds > recorded * 1.1:
            recorded = slowest.seconds
            slow.write_bytes(slowest.data)
            print(f"{slowest}: {slow}", flush=True)

    def changed(data: bytes, longest: int, dice_seed: int) -> bytes:
        dice = random.Random(dice_seed)
        if dice.random() < 0.5:
            return bytes(atheris.Mutate(data, longest))
        return damaged(dice, data, seeds, longest)

    print(f"seed {seed}: {what}: {count:,} guided files", flush=True)
    atheris.Setup([sys.argv[0], *options, str(grown), str(given)], one, custom_mutator=changed)
    atheris.Fuzz()


_LONGEST_GUIDED = 4000
# The modules whose branches are searched for a reader.
_READING = (
    "algolint.linting.linter",
    "algolint.syntaxes",
    "algolint.readers.",
    "algolint.source",
    "algolint.spec.recognition",
    "algolint.values",
)


def _escaped(token: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token.encode("utf-8", "surrogatepass"))


def main() -> None:
    """Run the command line; the exit code is 1 if any file failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after that time")
    parser.add_argument("--guided", action="store_true", help="let atheris search for new branches")
    parser.add_argument("--corpus", help="folder of the corpus (default: .fuzz/<target>)")
    parser.add_argument("--number", type=int, help="only this file of the seed, with all checks")
    parser.add_argument("--again", help="only this file, as saved by atheris, with all checks")
    options = parser.parse_args()
    if options.again or options.number is not None:
        file = options.again
        data = Path(file).read_bytes() if file else file_of(options.target, options.seed, options.number)
        print(data)
        print(Slowest().measured(target(options.target, always=True), data))
        return
    os.chdir(ROOT)
    if options.guided:
        guided(options.target, options.count, options.seed, options.seconds, options.corpus)
    else:
        sys.exit(1 if campaign(options.target, options.count, options.seed, options.seconds) else 0)


if __name__ == "__main__":
    main()
