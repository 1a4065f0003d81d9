"""Which files of a folder are looked at."""
