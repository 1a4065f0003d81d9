"""One text to its diagnostics."""
