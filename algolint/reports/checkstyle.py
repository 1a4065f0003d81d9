"""The `checkstyle` report, which Jenkins and many review tools read."""

from __future__ import annotations

from algolint.reports.parts import FAILURE, NAME, by_file, inert_markup, quoted, relative

TYPE_CHECKING = False
if TYPE_CHECKING:
    from algolint.runs.outcome import Outcome

# The version of the format, that is, of the Checkstyle release that introduced it.
_VERSION = "4.3"


def report(outcome: Outcome) -> str:
    """Return a `file` element for each file with findings, which contains an `error` for each finding."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<checkstyle version="{_VERSION}">']
    for name, diagnostics in by_file(outcome).items():
        lines.append(f"  <file name={quoted(relative(name))}>")
        for diagnostic in diagnostics:
            location = diagnostic.location
            lines.append(
                f'    <error line="{location.line}" column="{location.column}"'
                f' severity="{diagnostic.severity}"'
                f" message={quoted(location.message)} source={quoted(f'{NAME}.{diagnostic.rule.name}')}/>"
            )
        lines.append("  </file>")
    for path, message in outcome.errors:
        lines += [
            f"  <file name={quoted(relative(path))}>",
            f'    <error line="1" column="1" severity="error" message={quoted(message)}'
            f' source="{NAME}.{FAILURE}"/>',
            "  </file>",
        ]
    lines.append("</checkstyle>")
    return inert_markup("\n".join(lines))
