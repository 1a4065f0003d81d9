"""A run over files: configuration, suppression, baseline, fixes and several processes."""
