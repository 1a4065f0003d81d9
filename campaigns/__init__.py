"""Campaigns: long comparisons of algolint with other judges, each started by one command (docs/trust.md)."""
