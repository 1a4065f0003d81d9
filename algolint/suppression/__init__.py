"""Suppressing findings, by comments and by entries of the configuration.

A comment names the rules to suppress, and may give a reason:

    MinValue: "0"  # algolint: ignore[rule, other-rule] reason    the findings on this line
    # algolint: ignore[rule] reason                               on the first line of the next entry
    # algolint: ignore-file[rule] reason                          in the whole file, wherever it is
    # algolint: off[rule]  …  # algolint: on[rule]                between the two, their own lines included

A rule is given by its name, or by a pattern with `*` and `?`. `off` and `on` without names mean every rule,
and an `off` without an `on` reaches to the end of the file. Lines and ranges are those of the file, even if
it is a stream of several documents. The next entry begins on the next line that is not blank, a comment or a
document marker.

A finding is covered on the line that is reported, where its location starts. It is also covered on the line
of the value's key, because that is where a person looks for a list or a text that starts below its key; and,
for a text over several lines, on the line where the text ends, because there is no room for a comment before.
In braces and brackets only the line itself counts. A comment at the key of an entry does not cover what is
nested deeper in the entry; use a range for that. In a shell script, the lines on which the finding's
statement starts and ends cover it as well, and in a script inside of YAML those on which the script and its
key start.

If several comments cover one finding, each counts as used; comments at a key or at a text's end are only
considered if there is none on the line itself. A rule's name is only reported as unused if the absence of
findings is certain: the rule has to be selected, and enabled at every severity that it reports. Findings
about the comments themselves and `invalid-syntax` cannot be suppressed.
"""
