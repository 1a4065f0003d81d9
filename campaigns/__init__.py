"""Campaigns: long comparisons of algolint with other validators, each run by one command (docs/trust.md)."""
