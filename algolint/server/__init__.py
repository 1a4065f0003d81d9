"""The language server: the findings of the command line, while a file is being edited.

`protocol` carries messages, `workspace` has the open documents and their findings, and each other module
answers one kind of request. `check` imports nothing of this package.
"""
