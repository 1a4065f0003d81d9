"""The rules about two specs of one algorithm (`algolint diff`), each a function, as in the folder above."""
