"""Benchmarks of algolint, compared with what its users would run otherwise."""
