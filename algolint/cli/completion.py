"""Completion scripts for bash, zsh and fish, made from the parser's options and the rules' names."""

from __future__ import annotations

from algolint.discovery import all_rules
from algolint.settings import OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.settings import Setting

SHELLS = ("bash", "zsh", "fish")


def script(shell: str, commands: list[str]) -> str:
    """Return the script that a shell sources."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](_options(), commands)


def _options() -> list[tuple[str, str, list[str] | None]]:
    """(option, help, values): None where it takes no value, [] where any file will do."""
    return [(s.names[-1], s.help, _values(s)) for s in dict.fromkeys(OPTIONS.values())]


def _values(setting: Setting) -> list[str] | None:
    kind = setting.kind
    if kind.words:
        return list(kind.words)
    if kind.parse is None:
        return None
    return [rule.name for rule in all_rules()] if kind.collects else []


def _bash(options: list[tuple[str, str, list[str] | None]], commands: list[str]) -> str:
    cases = "\n".join(
        f'    {name}) COMPREPLY=($(compgen -W "{" ".join(values)}" -- "$cur")); return;;'
        for name, _, values in options
        if values
    )
    names = " ".join(name for name, _, _ in options)
    rules = " ".join(rule.name for rule in all_rules())
    return f"""\
_algolint() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  case $prev in
{cases}
    explain) COMPREPLY=($(compgen -W "{rules}" -- "$cur")); return;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "{names}" -- "$cur"))
  elif [[ $COMP_CWORD == 1 ]]; then
    COMPREPLY=($(compgen -f -W "{" ".join(commands)}" -- "$cur"))
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}}
complete -o filenames -F _algolint algolint"""


def _zsh(options: list[tuple[str, str, list[str] | None]], commands: list[str]) -> str:
    def entry(name: str, text: str, values: list[str] | None) -> str:
        about = text.translate(str.maketrans("[]:", "(),", "'"))
        takes = "" if values is None else f": :({' '.join(values)})" if values else ": :_files"
        return f"    '{name}[{about}]{takes}'"

    entries = " \\\n".join(entry(*option) for option in options)
    rules = " ".join(rule.name for rule in all_rules())
    return f"""\
#compdef algolint
_algolint() {{
  if (( CURRENT == 3 )) && [[ $words[2] == explain ]]; then
    compadd {rules}
    return
  fi
  (( CURRENT == 2 )) && compadd {" ".join(commands)}
  _arguments \\
{entries} \\
    '*:file:_files'
}}
compdef _algolint algolint"""


def _fish(options: list[tuple[str, str, list[str] | None]], commands: list[str]) -> str:
    lines = [f"complete -c algolint -n __fish_use_subcommand -a '{' '.join(commands)}'"]
    rules = " ".join(rule.name for rule in all_rules())
    lines.append(f"complete -c algolint -n '__fish_seen_subcommand_from explain' -x -a '{rules}'")
    for name, text, values in options:
        about = text.replace("'", "")
        takes = "" if values is None else f" -x -a '{' '.join(values)}'" if values else " -r"
        lines.append(f"complete -c algolint -l {name[2:]} -d '{about}'{takes}")
    return "\n".join(lines)
