"""algolint's own rules, one file per family. A new rule is a function in one of these files."""
