"""The entry point for jupyter-lsp: how to start the language server, and for which languages."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def spec(manager: object) -> dict[str, Any]:  # noqa: ARG001
    """Return the servers of this package by name, for the entry point group jupyter_lsp_spec_v1."""
    return {
        "algolint": {
            "version": 2,
            "argv": [sys.executable, "-m", "algolint", "server"],
            "languages": ["python", "json", "yaml"],
            "mime_types": ["text/x-python", "text/x-ipython", "application/json", "text/x-yaml", "text/yaml"],
            "display_name": "algolint",
            "urls": {
                "home": "https://github.com/algolint/algolint",
                "issues": "https://github.com/algolint/algolint/issues",
            },
            "install": {"pip": "pip install algolint"},
        }
    }
