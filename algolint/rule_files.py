"""Finding rules: algolint's own, those in a folder of rule files, and those of an installed pack."""

from __future__ import annotations

import os
import sys

from algolint.errors import UserError
from algolint.messages import shown
from algolint.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


def first_party_rules() -> list[Rule]:
    """Return algolint's own plug-in rules: all rules in the files of the rules package, by name."""
    rules: list[Rule] = []
    for module in rule_modules("algolint_rules"):
        rules += rules_of(module)
    if not rules:
        # Rule files are found by name, even if only their byte code is installed.
        raise UserError("no rule of algolint itself was found; install it with its source files")
    return sorted(rules, key=lambda rule: rule.name)


def rule_modules(package: str) -> Iterator[ModuleType]:
    """Import the rule files of a package of rules."""
    folder = os.path.dirname(_imported(package).__file__ or "")
    for name in _rule_files(folder):
        yield _imported(f"{package}.{name}")


def all_rules() -> list[Rule]:
    """Return the structural rules and the plug-in rules, by name."""
    from algolint.spec.structural_rules import RULES as STRUCTURAL_RULES

    return sorted([*STRUCTURAL_RULES, *first_party_rules()], key=lambda rule: rule.name)


def rules_of(module: ModuleType) -> list[Rule]:
    """Return all rules that a module defines, but not those it imports."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, Rule) and value.check.__module__ == module.__name__
    ]


def local_rules(folder: str) -> list[Rule]:
    """Return the rules in a folder of rule files, named `<folder>/<rule>`. This runs their code."""
    import importlib.util

    pack = os.path.basename(os.path.normpath(folder))
    try:
        names = _rule_files(folder)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UserError(f"rule directory {folder}: {why}") from None
    rules: list[Rule] = []
    for name in names:
        path = os.path.join(folder, f"{name}.py")
        spec = importlib.util.spec_from_file_location(f"algolint_local.{pack}.{name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:  # The user is told about any error.
            raise UserError(f"rule file {path}: {type(error).__name__}: {error}") from error
        rules += _of_pack(pack, rules_of(module), f"rule file {path}")
    return rules


def installed_rules(pack: str) -> list[Rule]:
    """Return the rules of a pack (entry point in the group algolint.rules), named `<pack>/<rule>`."""
    from importlib.metadata import entry_points

    from algolint.messages import meant

    found = {entry.name: entry for entry in entry_points(group="algolint.rules")}
    if pack not in found:
        raise UserError(f"no installed package offers the rule pack {shown(pack)}{meant(pack, found)}")
    try:
        module = found[pack].load()
    except (Exception, SystemExit) as error:  # The user is told about any error.
        raise UserError(f"rule pack {shown(pack)}: {type(error).__name__}: {error}") from error
    return _of_pack(pack, rules_of(module), f"rule pack {shown(pack)}")


def _of_pack(pack: str, rules: list[Rule], origin: str) -> list[Rule]:
    """Return the rules of a pack with their full names. Raises `UserError` if one is declared wrongly."""
    from algolint import pack_rules

    for rule in rules:
        fault = pack_rules.fault(rule)
        if fault is not None:
            raise UserError(f"{origin}: rule {rule.name}: {fault}")
        if not rule.name.startswith(f"{pack}/"):
            rule.name = f"{pack}/{rule.name}"
            rule.check = pack_rules.checked(rule.check)
    return rules


def without_duplicates(rules: list[Rule]) -> list[Rule]:
    """Return the rules. Raises `UserError` if two have the same name."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.name in seen:
            import inspect

            files = " and ".join(
                inspect.getfile(inspect.unwrap(each.check)) for each in (seen[rule.name], rule)
            )
            raise UserError(f"two rules are named {rule.name}: in {files}")
        seen[rule.name] = rule
    return rules


def check_replaced(rules: list[Rule], others: list[Rule]) -> None:
    """Raise `UserError` if a rule of a pack replaces one that does not exist."""
    from algolint.messages import meant

    known = {rule.name for rule in (*all_rules(), *others, *rules)}
    for rule in rules:
        for name in rule.replaces:
            if name not in known:
                raise UserError(
                    f"rule {rule.name} in {rule.module}: it replaces {shown(name)}, "
                    f"which is not a rule{meant(name, known)}"
                )


def _rule_files(folder: str) -> list[str]:
    """Return the names of the rule files in a folder, without extension."""
    files = (entry for entry in sorted(os.listdir(folder)) if entry.endswith(".py"))
    return [file.removesuffix(".py") for file in files if not file.startswith(("_", "."))]


def _imported(name: str) -> ModuleType:
    # This is `importlib.import_module`, whose import would take 1.6 % of a clean run.
    __import__(name)
    return sys.modules[name]
