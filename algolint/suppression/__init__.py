"""Comments, and entries of the configuration, that keep findings from being reported.

A comment names the rules to suppress, and a reason may follow:

    MinValue: "0"  # algolint: ignore[rule, other-rule] reason    the findings on this line
    # algolint: ignore[rule] reason                               on the first line of the next entry
    # algolint: ignore-file[rule] reason                          in the whole file, wherever it is
    # algolint: off[rule]  …  # algolint: on[rule]                between the two, their own lines included

A rule is given by its name or by a pattern with `*` and `?`. `off` and `on` alone mean every rule; an `off`
without an `on` reaches to the end of the file. A line, a file and a range are those of the text, whatever
documents a stream has. The next entry begins on the next line that is neither blank nor a comment nor a
document marker.

A finding is covered on the line that its report names, where its location begins. It is covered too on the
line of the key of the value that is blamed (a list or a text that begins below its key is suppressed where
a person looks for it, at the key), and, where that value is a text over several lines, on the line where
the text ends, since a comment has no room before. In braces and brackets each line counts for itself.
What is nested deeper in an entry is not covered by a comment at its key: that is what ranges are for.

Each of several comments that cover one finding counts as used; those at a key or at a text's end are only
looked for where the line itself has none. A rule's name is reported as unused only where the absence of
findings means something: the rule was selected, and enabled at every severity that it reports. Findings
about the comments themselves cannot be suppressed, nor can `invalid-syntax`.
"""
