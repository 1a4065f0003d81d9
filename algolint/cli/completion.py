"""Shell completion: short scripts that ask algolint for the words that may come next."""

from __future__ import annotations

from algolint.cli.options import COMMANDS
from algolint.config.settings import OPTIONS
from algolint.rule import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Callable, Sequence

    from algolint.rule import Rule

    Command = Callable[[Sequence[str]], int | None]
    Commands = dict[str, Command]
    # A word that may come next, and what it means.
    Candidate = tuple[str, str]

# Each passes the word at the cursor as `--words=WORD`, because it may be empty, and then the words before it.
SCRIPTS = {
    "bash": """\
_algolint() {
  local IFS=$'\\n' word line
  local -a words=()
  # Bash also splits words at =, and only replaces what follows the last one.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if (( ${#words[@]} )) && [[ $word == = || ${words[-1]} == *= ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  local current=${words[-1]-}
  local before=${current%"${current##*=}"}
  COMPREPLY=()
  while read -r line; do
    line=${line%%$'\\t'*}
    COMPREPLY+=("${line#"$before"}")
  done < <("${COMP_WORDS[0]}" completion "--words=$current" "${words[@]:0:${#words[@]}-1}" 2>/dev/null)
  [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
  if (( COMP_CWORD == 1 )) && [[ $current != -* ]]; then
    compopt -o filenames
    while read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
  fi
}
complete -o bashdefault -o default -F _algolint algolint""",
    "zsh": """\
#compdef algolint
_algolint() {
  local -a found
  local current="--words=${words[CURRENT]}"
  found=("${(@f)$("${words[1]}" completion "$current" "${(@)words[2,CURRENT-1]}" 2>/dev/null)}")
  found=("${(@)found%%$'\\t'*}")
  if [[ -n ${found[1]} ]]; then
    if [[ ${found[1]} == *= ]]; then compadd -S '' -a found; else compadd -a found; fi
    (( CURRENT == 2 )) && _files
  else
    _files
  fi
}
compdef _algolint algolint""",
    "fish": """\
function __algolint
  algolint completion --words=(commandline -ct) (commandline -opc)[2..-1] 2>/dev/null
end
complete -c algolint -a '(__algolint)'""",
    "powershell": """\
Register-ArgumentCompleter -Native -CommandName algolint -ScriptBlock {
  param($word, $tree, $cursor)
  $before = @($tree.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
  algolint completion "--words=$word" @before 2>$null | ForEach-Object {
    $value, $about = $_ -split "`t", 2
    if (-not $about) { $about = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
  }
}""",
}


def candidates(current: str, before: Sequence[str], run: Commands) -> list[Candidate]:
    """Return the completions of the word at the cursor, given the words before it; none for files."""
    command = before[0] if before and before[0] in ("check", *COMMANDS) else "check"
    # The options of `job` are those of `check`.
    options = _check_options() if command in ("check", "job") else _options_of(run[command])
    name, equals, value = current.partition("=")
    if equals and name in options:
        found = [(f"{name}={word}", about) for word, about in _values(options[name][0], value)]
    elif before and before[-1] in options and options[before[-1]][0]:
        found = _values(options[before[-1]][0], current)
    elif current.startswith("-"):
        found = [(name, about) for name, (_, about) in options.items()]
    else:
        found = _arguments(command, before)
    return [(word, about) for word, about in found if word.startswith(current)]


def _check_options() -> dict[str, tuple[str, str]]:
    """Return the options of `check`, each with its metavar, or its choices in braces, and its help."""
    options = {}
    for name, setting in OPTIONS.items():
        kind = setting.kind
        takes = f"{{{','.join(kind.words)}}}" if kind.words else kind.metavar if kind.parse else ""
        options[name] = (takes or "", setting.about)
    return options


def _options_of(command: Command) -> dict[str, tuple[str, str]]:
    """Return the options of another command, as `_check_options` does."""
    actions: list[Action] = _parser_actions(command)
    return {
        name: (_taken(action), action.help or "")
        for action in actions
        for name in action.option_strings
        if name.startswith("--")
    }


def _taken(action: Action) -> str:
    if action.choices is not None:
        return f"{{{','.join(map(str, action.choices))}}}"
    return "" if action.nargs == 0 else str(action.metavar or "")


def _parser_actions(command: Command) -> list[Action]:
    from algolint.cli.parser import Parser, ParserFound

    Parser.is_sought = True
    try:
        command([])
    except ParserFound as found:
        return found.parser._actions
    finally:
        Parser.is_sought = False
    return []


def _arguments(command: str, before: Sequence[str]) -> list[Candidate]:
    if not before:
        return [(name, about) for name, (_, about) in COMMANDS.items()]
    if command == "explain":
        return _rules()
    return [(shell, "") for shell in SCRIPTS] if command == "completion" else []


def _values(takes: str, text: str) -> list[Candidate]:
    """Return the values of an option, given its beginning."""
    if takes.startswith("{"):
        return [(word, "") for word in takes[1:-1].split(",")]
    return _VALUES[takes](text) if takes in _VALUES else []


def _selectors(text: str) -> list[Candidate]:
    """Return rules and groups of rules, each after the items already in the list."""
    from algolint.config.selectors import ALL, group_of

    given = text[: text.rfind(",") + 1]
    rules = _configured()
    groups = sorted({group_of(rule) for rule in rules})
    names = [
        *((rule.name, rule.summary) for rule in rules),
        *((group, "") for group in (*groups, *SEVERITIES, ALL)),
    ]
    return [(given + name, about) for name, about in names]


def _severities(text: str) -> list[Candidate]:
    name, equals, _ = text.partition("=")
    if equals:
        return [(f"{name}={level}", "") for level in (*SEVERITIES, "off")]
    return [(f"{name}=", about) for name, about in _selectors("")]


def _configured() -> list[Rule]:
    from algolint.cli.known_rules import configured_rules
    from algolint.rule_files import all_rules

    try:
        return configured_rules()
    except Exception:
        return all_rules()


def _rules() -> list[Candidate]:
    from algolint.cli.known_rules import compare_rules
    from algolint.jobs.linter import job_rules

    rules = [*_configured(), *compare_rules(), *job_rules()]
    return [(rule.name, rule.summary) for rule in rules]


def _revisions(_: str) -> list[Candidate]:
    from algolint.aws.model import Model

    return [
        ("latest", ""),
        *((revision.version, revision.date) for revision in reversed(Model().revisions())),
    ]


def _regions(_: str) -> list[Candidate]:
    from algolint.aws.region_table import REGIONS

    return [(region, "") for region in sorted(REGIONS)]


def _shapes(_: str) -> list[Candidate]:
    from algolint.aws.model import Model
    from algolint.spec import json_schema

    return [(name, "") for name in sorted(json_schema.names(Model()))]


def _reports(text: str) -> list[Candidate]:
    from algolint.config.settings import FORMATS

    return [] if "=" in text else [(f"{form}=", "") for form in FORMATS]


# By the metavar of an option; other options take files.
_VALUES: dict[str, Callable[[str], list[Candidate]]] = {
    "NAMES": _selectors,
    "RULE=LEVEL": _severities,
    "FORMAT=FILE": _reports,
    "REVISION": _revisions,
    "REGION": _regions,
    "SHAPE": _shapes,
}
