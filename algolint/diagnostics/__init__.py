"""What is reported: diagnostics, and the outcome of a run."""
