"""Detection of secrets, and masking them in reports."""
