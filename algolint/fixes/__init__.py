"""From what to change to text edits, verified by reading the result."""
