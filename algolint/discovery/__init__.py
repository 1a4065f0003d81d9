"""Finding the files of a folder that are linted."""
