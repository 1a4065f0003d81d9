"""What the command line says."""

from __future__ import annotations

from algolint.session import MAX_FILE_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from algolint.rule import Severity

#: The commands beside `check`, each a function of `algolint.commands`.
COMMANDS = ("explain", "rules", "revisions", "config", "schema", "init", "completion")


class UsageError(Exception):
    """What the user asked for cannot be done; the message says why and what can."""


class Options:
    """What the command line says, each option by its name; here is what holds where it says nothing."""

    paths: Sequence[str] = ()
    select: list[str] | None = None
    ignore: list[str] | None = None
    extend_select: list[str] | None = None
    extend_ignore: list[str] | None = None
    severity: list[tuple[str, Severity]] | None = None
    fail_on: Severity | None = None
    show_info: bool | None = None
    api_revision: str | None = None
    region: str | None = None
    format: str | None = None
    output: str | None = None
    color = "auto"
    statistics = False
    quiet = False
    verbose = False
    exit_zero = False
    fix = False
    fix_only = False
    unsafe_fixes = False
    add_ignore = False
    diff = False
    config: str | None = None
    isolated = False
    baseline: str | None = None
    write_baseline: str | None = None
    stdin_filename = "<stdin>"
    max_file_size = MAX_FILE_SIZE
    jobs: int | None = None
    list_files = False
    version = False
