"""What algolint costs, beside what its users would run otherwise."""
