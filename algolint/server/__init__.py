"""The language server: what the command line reports, while the text is typed.

`protocol` carries messages, `workspace` holds the open documents and what the linter finds in them, and each
other module answers one kind of request. Nothing of it is imported by `check`.
"""
