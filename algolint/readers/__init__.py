"""Readers: from a text to values with their locations, in one module or more for each syntax."""
