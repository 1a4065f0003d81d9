"""Turning fixes, which describe changes of a spec, into text edits that are proved by reading the result."""
