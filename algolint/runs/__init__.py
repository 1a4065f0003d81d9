"""A run over files, with configuration, suppression, a baseline and fixes."""
