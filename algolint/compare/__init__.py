"""Comparing a spec with another release of it, or with the log of a training job."""
