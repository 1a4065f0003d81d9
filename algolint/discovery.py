"""Finding the rules, and the files to lint."""

from __future__ import annotations

import os
import sys

from algolint.messages import shown
from algolint.rule import Rule
from algolint.source import UnreadableSource, read_settings
from algolint.spec.structural_rules import RULES as STRUCTURAL_RULES
from algolint.syntaxes import extensions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from algolint.gitignore import IgnorePatterns

# Folders of other people's files and of tools.
_VENDORED = frozenset(("node_modules", "__pycache__", "venv", "site-packages", "vendor", "third_party"))


class BrokenRules(Exception):
    """Rules that cannot be used: a pack that is missing or fails to import, two rules of one name."""


# ---------------------------------------------------------------- rules


def first_party_rules() -> list[Rule]:
    """algolint's own plug-in rules: every `Rule` in every file of the rules package, by name."""
    rules: list[Rule] = []
    for module in rule_modules("algolint_rules"):
        rules += rules_of(module)
    if not rules:
        # As with byte code alone: rule files are found by their names.
        raise BrokenRules("no rule of algolint itself was found; install it with its source files")
    return sorted(rules, key=lambda rule: rule.name)


def rule_modules(package: str) -> Iterator[ModuleType]:
    """Import the rule files of a package of rules."""
    folder = os.path.dirname(_imported(package).__file__ or "")
    for name in _rule_files(folder):
        yield _imported(f"{package}.{name}")


def all_rules() -> list[Rule]:
    """The structural rules and the plug-in rules, by name."""
    return sorted([*STRUCTURAL_RULES, *first_party_rules()], key=lambda rule: rule.name)


def rules_of(module: ModuleType) -> list[Rule]:
    """The rules of every kind that a module defines (not those it imports)."""
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    return [rule for rule in found if rule.module == module.__name__]


def local_rules(folder: str) -> list[Rule]:
    """The rules of a folder of rule files, named `<folder>/<rule>`. This runs their code."""
    import importlib.util

    pack = os.path.basename(os.path.normpath(folder))
    try:
        names = _rule_files(folder)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BrokenRules(f"rule directory {folder}: {why}") from None
    rules: list[Rule] = []
    for name in names:
        path = os.path.join(folder, f"{name}.py")
        spec = importlib.util.spec_from_file_location(f"algolint_local.{pack}.{name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:  # whatever the file does wrong is the user's to know
            raise BrokenRules(f"rule file {path}: {type(error).__name__}: {error}") from error
        rules += _of_pack(pack, rules_of(module), f"rule file {path}")
    return rules


def installed_rules(pack: str) -> list[Rule]:
    """The rules of an installed pack, an entry point in the group algolint.rules, named `<pack>/<rule>`."""
    from importlib.metadata import entry_points

    from algolint.messages import meant

    found = {entry.name: entry for entry in entry_points(group="algolint.rules")}
    if pack not in found:
        raise BrokenRules(f"no installed package offers the rule pack {shown(pack)}{meant(pack, found)}")
    try:
        module = found[pack].load()
    except (Exception, SystemExit) as error:  # whatever the pack does wrong is the user's to know
        raise BrokenRules(f"rule pack {shown(pack)}: {type(error).__name__}: {error}") from error
    return _of_pack(pack, rules_of(module), f"rule pack {shown(pack)}")


def _of_pack(pack: str, rules: list[Rule], origin: str) -> list[Rule]:
    """The rules of a pack under their full names. Raises `BrokenRules` for what was declared wrongly."""
    from algolint import pack_rules

    for rule in rules:
        fault = pack_rules.fault(rule)
        if fault is not None:
            raise BrokenRules(f"{origin}: rule {rule.name}: {fault}")
        if not rule.name.startswith(f"{pack}/"):
            rule.name = f"{pack}/{rule.name}"
            rule.check = pack_rules.checked(rule.check)
    return rules


def without_duplicates(rules: list[Rule]) -> list[Rule]:
    """The rules, if no two have one name. Raises `BrokenRules`."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.name in seen:
            raise BrokenRules(
                f"two rules are named {rule.name}: in {seen[rule.name].module} and {rule.module}"
            )
        seen[rule.name] = rule
    return rules


def _rule_files(folder: str) -> list[str]:
    """The names, without ending, of the rule files of a folder."""
    names = (os.path.splitext(entry) for entry in sorted(os.listdir(folder)))
    return [name for name, extension in names if extension == ".py" and not name.startswith(("_", "."))]


def _imported(name: str) -> ModuleType:
    # As `importlib.import_module`, whose own import takes 1.5 of the 92 million instructions of a run.
    __import__(name)
    return sys.modules[name]


# ---------------------------------------------------------------- files


def files_below(
    folder: str, skipped: Callable[[str, str], None], wanted: Callable[[str], bool] | None = None
) -> Iterator[str]:
    """Return the files of a folder that may hold a spec, in a stable order.

    Hidden and vendored folders, symbolic links to folders and what .gitignore files exclude are left out, but
    for the folder itself and for the templates that the CDK synthesises, which projects keep out of git.
    `wanted` decides by path instead of the file's ending. `skipped` is called with what would be looked at
    and cannot be, and why.
    """
    ignores = _GitIgnores(folder)
    endings = extensions()
    folders = [folder]
    while folders:
        base = folders.pop()
        try:
            with os.scandir(base) as entries:
                found = sorted(entries, key=_name_of)
        except OSError as error:
            skipped(base, f"cannot be listed: {error.strerror or error}")
            continue
        ignores.enter(base, found)
        prefix = "" if os.path.normpath(base) == "." else os.path.join(os.path.normpath(base), "")
        below = []
        for entry in found:
            name = entry.name
            if name.startswith("."):
                continue
            path = prefix + name
            if entry.is_dir(follow_symlinks=False):
                if name not in _VENDORED and (name == _SYNTHESISED or not ignores.excludes(path + "/")):
                    below.append(path)
            elif (wanted(path) if wanted else name.endswith(endings)) and (
                not ignores.excludes(path) or _is_synthesised(path)
            ):
                why = _not_a_file(entry)
                if why is None:
                    yield path
                elif why:
                    skipped(path, why)
        folders += reversed(below)


#: The folder of what `cdk synth` writes.
_SYNTHESISED = "cdk.out"


def _is_synthesised(path: str) -> bool:
    """Whether a file is a template that the CDK synthesises."""
    return path.endswith(".template.json") and os.path.basename(os.path.dirname(path)) == _SYNTHESISED


def _name_of(entry: os.DirEntry[str]) -> str:
    return entry.name


def _not_a_file(entry: os.DirEntry[str]) -> str | None:
    """Return why an entry of a folder is not a file to read, or None; empty for a link to a folder."""
    try:
        if entry.is_file():
            return None
        if entry.is_dir():
            return ""
        return "is a dangling link" if entry.is_symlink() else "is not a regular file"
    except OSError as error:
        return error.strerror or str(error)


class _GitIgnores:
    """The .gitignore files from the root of the repository down to where a walk is."""

    def __init__(self, folder: str) -> None:
        self._patterns: list[tuple[str, IgnorePatterns]] = []
        above = os.path.abspath(folder)
        chain = []
        while not os.path.exists(os.path.join(above, ".git")):
            parent = os.path.dirname(above)
            if parent == above:
                # Outside of a repository only the files below the folder count.
                return
            above = parent
            chain.append(above)
        for parent in reversed(chain):
            self._add(parent)
        if self.excludes(os.path.join(folder, "")):
            # Who names a folder means what is in it.
            self._patterns.clear()

    def enter(self, base: str, entries: list[os.DirEntry[str]]) -> None:
        if any(entry.name == ".gitignore" for entry in entries):
            self._add(os.path.abspath(base))

    def _add(self, folder: str) -> None:
        try:
            text = read_settings(os.path.join(folder, ".gitignore"), named=False, errors="replace")
        except (OSError, UnreadableSource):
            return
        from algolint.gitignore import IgnorePatterns

        self._patterns.append((folder, IgnorePatterns(text.splitlines())))

    def excludes(self, path: str) -> bool:
        """Whether the innermost .gitignore with a pattern for a path (folders end in /) excludes it."""
        if not self._patterns:
            return False
        whole = os.path.abspath(path) + ("/" if path.endswith("/") else "")
        excluded = False
        for folder, patterns in self._patterns:
            prefix = folder.rstrip(os.sep) + os.sep
            if whole.startswith(prefix):
                matched = patterns.excludes(whole[len(prefix) :].replace(os.sep, "/"))
                excluded = excluded if matched is None else matched
        return excluded
