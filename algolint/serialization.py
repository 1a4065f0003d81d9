"""Diagnostics as bytes, for another process of the same run."""

from __future__ import annotations

import io
import pickle

from algolint.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.diagnostic import Diagnostic


class _Packer(pickle.Pickler):
    """Rules go by their names: functions are the same on both sides and do not travel."""

    def persistent_id(self, value: object) -> str | None:
        return value.name if isinstance(value, Rule) else None


class _Unpacker(pickle.Unpickler):
    def __init__(self, data: bytes, rules: dict[str, Rule]) -> None:
        super().__init__(io.BytesIO(data))
        self._rules = rules

    def persistent_load(self, name: Any) -> Rule:
        return self._rules[name]


def packed(diagnostics: list[Diagnostic]) -> bytes:
    """The bytes of diagnostics."""
    buffer = io.BytesIO()
    _Packer(buffer).dump(diagnostics)
    return buffer.getvalue()


def unpacked(data: bytes, rules: dict[str, Rule]) -> list[Diagnostic]:
    """The diagnostics of bytes that `packed` made, with rules by name."""
    diagnostics: list[Diagnostic] = _Unpacker(data, rules).load()
    return diagnostics
