"""A spec against something else: another release of it, or the log of a training job."""
