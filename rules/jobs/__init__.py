"""The rules about requests that use an algorithm (`algolint job`), each a function."""
