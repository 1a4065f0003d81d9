"""From fixes, which say what to change in a spec, to text edits, each proved by reading the result."""
