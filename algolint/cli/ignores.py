"""`--add-ignore`: comments where a file can have them, and entries for the configuration elsewhere."""

from __future__ import annotations

import os

from algolint import limits
from algolint.cli.report import tell
from algolint.messages import counted, escaped, inert, printed
from algolint.runs import fixing
from algolint.source import Source, SourceSyntaxError, UnreadableSource, read_file
from algolint.suppression.config_entries import file_of_entries, texts_of_entries
from algolint.suppression.writing import add_ignores
from algolint.syntaxes import JSON, syntax_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.config.files import Configuration
    from algolint.diagnostic import Diagnostic
    from algolint.runs.session import Result, Session


def added(session: Session, name: str, named: bool, max_size: int) -> Result:
    """Write comments that suppress a file's findings, and return what is left; print how to suppress that."""
    result = session.lint(name, named)
    is_perhaps_job = result.is_other and result.may_hold_job
    if not result.diagnostics or is_perhaps_job:
        return result
    try:
        before = read_file(name, max_size)
    except (UnreadableSource, SourceSyntaxError):
        # Linting has reported why the file cannot be read.
        return result
    text, left = add_ignores(before, result.diagnostics)
    if text != before.text:
        try:
            fixing.write(name, before, Source(name, ("\ufeff" if before.bom else "") + text))
        except fixing.NotWritten as error:
            result.error = str(error)
            return result
        result = session.lint(name, named)
    if left:
        advice = _advice(before, left, session.settings.of(name).configuration)
        for line in f"algolint: {advice}".split("\n"):
            tell(inert(escaped(line)))
    return result


def _advice(source: Source, left: list[Diagnostic], configuration: Configuration) -> str:
    """Return how to suppress the diagnostics for which no comment could be written."""
    syntax = syntax_of(source)
    if syntax is JSON:
        why = "JSON takes no comments"
    elif syntax.strings is None:
        why = f"algolint writes no comments in {syntax.name} files"
    elif len(source.text) > limits.MAX_FIXED_LENGTH:
        why = f"comments are added to files of at most {limits.MAX_FIXED_LENGTH:,} characters"
    else:
        why = f"{counted(len(left), 'finding')} {'has' if len(left) == 1 else 'have'} no room for a comment"
    entries = "\n\n".join(texts_of_entries(source.name, left, configuration))
    where = printed(os.path.relpath(file_of_entries(source.name, configuration)))
    new = "" if configuration.path else "a new "
    return f"{source.name}: {why}; to suppress what is left, add this to {new}{where}:\n\n{entries}\n"
