"""The commands besides `check`."""

from __future__ import annotations

import os
import sys
from argparse import SUPPRESS

from algolint.aws.model import REQUEST, Model
from algolint.cli.known_rules import compare_rules, configured_rules
from algolint.cli.parser import Help, Parser
from algolint.config.effective import SettingsFinder
from algolint.config.settings import IN_FILE
from algolint.config.toml import quoted
from algolint.errors import UserError
from algolint.messages import counted, escaped, meant, printed, shown
from algolint.reports.text import style_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Any


_NO_PAGES = "python -OO removes the pages of the rules; run without it, or with -O"


def explain(arguments: Sequence[str]) -> None:
    """Show a rule's page."""
    parser = Parser("algolint explain", formatter_class=Help, description="Show a rule's page.")
    parser.add_argument("rule", metavar="RULE")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help=SUPPRESS)
    options = parser.parse_args(list(arguments))
    from algolint.jobs.linter import job_rules
    from algolint.reports import pages
    from algolint.rule_files import all_rules

    rules = {rule.name: rule for rule in (*all_rules(), *compare_rules(), *job_rules())}
    if options.rule not in rules:
        # Only then, so that a bad configuration does not keep pages from being shown.
        rules |= {rule.name: rule for rule in configured_rules()}
    rule = rules.get(options.rule)
    if rule is None:
        raise UserError(f"there is no rule {shown(options.rule)}{_rules_meant(options.rule, rules)}")
    if not rule.page:
        raise UserError(_NO_PAGES)
    style = style_of(options.color, sys.stdout)
    print(pages.for_terminal(rule, style.color, style.width))


def _rules_meant(name: str, rules: Collection[str]) -> str:
    """Return a suggestion for a name that no rule has: longer names, then similar ones, else the command."""
    longer = [rule for rule in sorted(rules) if rule.startswith(name)]
    longer = longer or [rule for rule in sorted(rules) if f"-{name}" in rule]
    if longer:
        return f"; did you mean {' or '.join(map(shown, longer[:3]))}?"
    return meant(name, rules) or "; algolint rules lists them"


def rules(arguments: Sequence[str]) -> None:
    """List the rules."""
    parser = Parser("algolint rules", formatter_class=Help, description="List the rules.")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.add_argument(
        "--kind",
        choices=("check", "compare", "job"),
        default="check",
        help="the rules of check, job, or compare (diff and metrics)",
    )
    options = parser.parse_args(list(arguments))
    from algolint.jobs.linter import job_rules
    from algolint.reports import pages

    found = {"check": configured_rules, "compare": compare_rules, "job": job_rules}[options.kind]()
    if options.format == "markdown":
        print(pages.as_markdown(found, options.kind))
    elif options.format == "json":
        print(pages.as_json(found))
    else:
        print(pages.table(found, style_of("auto", sys.stdout).width))


def revisions(arguments: Sequence[str]) -> None:
    """List the API revisions."""
    parser = Parser("algolint revisions", formatter_class=Help, description="List the API revisions.")
    parser.parse_args(list(arguments))
    for revision in Model().revisions():
        print(f"{revision.date}  botocore {revision.version}")


def config(arguments: Sequence[str]) -> None:
    """Show the settings that apply to a file."""
    parser = Parser(
        "algolint config", formatter_class=Help, description="Show the settings that apply to a file."
    )
    parser.add_argument("--show", metavar="FILE", default=".", help="the file (default: the current folder)")
    options = parser.parse_args(list(arguments))
    shown_path = os.path.join(options.show, "") if os.path.isdir(options.show) else options.show
    settings = SettingsFinder({}).of(shown_path)
    for key in IN_FILE:
        value = settings.get(key)
        origin = printed(settings.origin(key))
        print(f"{key} = {_as_toml(value)}  # from {origin}" if value is not None else f"# {key} is not set")


def _as_toml(value: Any) -> str:
    match value:
        case dict():
            items = (f"{_shown_key(key)} = {_as_toml(item)}" for key, item in value.items())
            return f"{{ {', '.join(items)} }}"
        case list():
            return f"[{', '.join(_as_toml(item) for item in value)}]"
        case bool():
            return str(value).lower()
        case _:
            return quoted(value)


def _shown_key(key: str) -> str:
    """Return a key in TOML, quoted if necessary."""
    is_bare = key.replace("-", "").replace("_", "").isalnum() and key.isascii()
    return key if is_bare else quoted(key)


def schema(arguments: Sequence[str]) -> None:
    """Print the JSON Schema of a request or of the configuration."""
    parser = Parser(
        "algolint schema", formatter_class=Help, description="Print the JSON Schema of a request."
    )
    add = parser.add_argument
    add(
        "--api-revision",
        metavar="REVISION",
        default="latest",
        help="API revision: latest (default), a botocore version or a date",
    )
    add(
        "--shape",
        metavar="SHAPE",
        help="print the schema of this part of a request, such as TrainingSpecification",
    )
    add("--config", action="store_true", help="print the schema of algolint's configuration")
    options = parser.parse_args(list(arguments))
    import json

    if options.config:
        from algolint.config import loading as configuration

        print(json.dumps(configuration.schema(), indent=2))
        return
    from algolint.spec import json_schema

    model = Model(options.api_revision)
    name = options.shape or REQUEST
    names = json_schema.names(model)
    if name not in names:
        raise UserError(f"no shape {shown(name)} in the request of {model.revision}{meant(name, names)}")
    print(json.dumps(json_schema.schema(model, name), indent=2))


def test_rules(arguments: Sequence[str]) -> int:
    """Test the rules of a folder; return the exit code."""
    about = (
        "Test the rules of a folder: their examples, fixes and field names, and specs with unknown values."
    )
    parser = Parser("algolint test-rules", formatter_class=Help, description=about)
    parser.add_argument(
        "folder", metavar="FOLDER", help="a folder of rule files, as in the setting rule-directories"
    )
    options = parser.parse_args(list(arguments))
    from algolint.rule_files import local_rules
    from algolint.testing import examples, faults

    rules = local_rules(options.folder)
    if not rules:
        raise UserError(f"{options.folder} has no rules")
    count = 0
    for rule in rules:
        found = list(faults(rule))
        count += len(found)
        for fault in found:
            print(f"{rule.name}: {escaped(fault)}")
        if not found:
            print(f"{rule.name}: {counted(len(examples(rule)), 'example')}")
    print(f"{counted(count, 'problem')} in {counted(len(rules), 'rule')}")
    return int(count > 0)


def init(arguments: Sequence[str]) -> None:
    """Write a template of a request."""
    parser = Parser(
        "algolint init", formatter_class=Help, description="Write a template of a request, to be filled in."
    )
    about = "its extension chooses YAML, JSON, CloudFormation, Terraform or Python (default: algorithm.yaml)"
    parser.add_argument("file", nargs="?", default="algorithm.yaml", metavar="FILE", help=about)
    options = parser.parse_args(list(arguments))
    from algolint.cli.starter import in_shell, text_for

    text = text_for(options.file)
    try:
        with open(options.file, "x", encoding="utf-8") as file:
            try:
                file.write(text)
                file.flush()
            except BaseException:
                # A full disk or Ctrl-C keeps no part of it.
                os.unlink(options.file)
                raise
    except OSError as error:
        raise UserError(f"{options.file} cannot be written: {error.strerror}") from None
    print(f"wrote {escaped(options.file)}; replace each <...>, then run: algolint {in_shell(options.file)}")


def completion(arguments: Sequence[str]) -> None:
    """Print a shell's completion script, or, when called by it, the words that may come next."""
    from algolint.cli import completion

    if arguments and arguments[0].startswith("--words="):
        for word, about in completion.candidates(arguments[0].partition("=")[2], arguments[1:], RUN):
            print(f"{word}\t{about}" if about else word)
        return
    about = "Print a completion script, for example: source <(algolint completion bash)"
    parser = Parser("algolint completion", formatter_class=Help, description=about)
    parser.add_argument("shell", choices=tuple(completion.SCRIPTS))
    options = parser.parse_args(list(arguments))
    print(completion.SCRIPTS[options.shell])


def diff(arguments: Sequence[str]) -> int:
    """Compare two releases of an algorithm; return the exit code."""
    from algolint.cli.diff import diff

    return diff(arguments)


def metrics(arguments: Sequence[str]) -> int:
    """Try the metrics on a log; return the exit code."""
    from algolint.cli.metrics import metrics

    return metrics(arguments)


def server(arguments: Sequence[str]) -> int:
    """Start the language server; return the exit code."""
    from algolint.cli.server import server

    return server(arguments)


RUN: dict[str, Callable[[Sequence[str]], int | None]] = {
    "diff": diff,
    "metrics": metrics,
    "explain": explain,
    "rules": rules,
    "revisions": revisions,
    "config": config,
    "schema": schema,
    "test-rules": test_rules,
    "init": init,
    "server": server,
    "completion": completion,
}
