"""From a text to values with their positions, one module a syntax."""
