"""The C scanner of Python's json, without the package, whose import costs as much as linting a file."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    # Takes a text and an offset, and returns the value there and the offset of its end. Raises ValueError,
    # StopIteration and RecursionError, as json does.
    ScanOnce: TypeAlias = Callable[[str, int], tuple[Any, int]]


def scanner(
    build: Callable[[list[tuple[str, Any]]], Any] | None = None,
    parse_float: Callable[[str], float] = float,
    parse_constant: Callable[[str], Any] = float,
) -> ScanOnce:
    """Return a scanner for JSON values, with hooks of `json.JSONDecoder`; `build` is `object_pairs_hook`."""
    try:
        # `from` would cost a Python call for each file.
        import _json
    except ImportError:
        # The interpreter is not CPython.
        from json import JSONDecoder

        decoder = JSONDecoder(object_pairs_hook=build, parse_float=parse_float, parse_constant=parse_constant)
        return decoder.scan_once  # type: ignore[attr-defined, no-any-return]
    # This is `types.SimpleNamespace`, without importing `types`.
    namespace: Any = type(sys.implementation)
    # The attributes of a decoder that the scanner reads.
    settings = namespace(
        strict=True,
        object_hook=None,
        object_pairs_hook=build,
        parse_int=int,
        parse_float=parse_float,
        parse_constant=parse_constant,
    )
    scan: ScanOnce = _json.make_scanner(settings)

    def scan_once(text: str, start: int) -> tuple[Any, int]:
        try:
            return scan(text, start)
        except SystemError:
            # Some Pythons can only raise a JSONDecodeError if json was imported.
            import json.decoder  # noqa: F401

            return scan(text, start)

    return scan_once


def scanstring(text: str, start: int) -> tuple[str, int]:
    """Return the string that starts at an offset, after its quote, and the offset after its end."""
    try:
        from _json import scanstring as scan
    except ImportError:
        from json.decoder import scanstring as scan  # type: ignore[attr-defined, no-redef]
    return scan(text, start)
