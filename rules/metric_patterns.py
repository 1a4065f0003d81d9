"""The regular expression of each metric."""

from __future__ import annotations

from algolint import Problem, Replace, rule, shown
from algolint.lazy_module import LazyModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import _regex_facts, _regex_fixes
else:
    # The first is loaded if there is a pattern, the second if one can be improved.
    _regex_facts = LazyModule(f"{__package__}._regex_facts")
    _regex_fixes = LazyModule(f"{__package__}._regex_fixes")


def _fix(better: str | None) -> Replace | None:
    """Return the fix that replaces a pattern with a better one, if there is a better one."""
    return Replace((), better) if better is not None else None


@rule(
    on="MetricRegex",
    severity="error",
    also=("warning",),
    evidence="guide: Developer Guide, automatic-model-tuning-define-metrics-variables, 2023; 'regular"
    " expressions in Python', the only documentation of the syntax",
)
def metric_regex_invalid(pattern: str) -> Iterator[Problem]:
    """A metric's Regex is not a valid regular expression.

    According to the guide these patterns have Python's syntax. With an invalid pattern the metric gets no
    values, and a tuning job that optimizes it fails. It is a warning if only some engines or some versions
    of Python reject the pattern: an escape that Python does not know (`\\p{L}`), or flags that are not at
    the start.

    ```yaml bad MetricDefinition
    Regex: 'loss=([0-9.]+'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss=([0-9.]+);'
    ```

    ```yaml bad MetricDefinition
    Regex: 'loss\\h=\\h([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss\\s=\\s([0-9.]+)'
    ```
    """
    regex = _regex_facts.analyzed(pattern)
    if regex.fault:
        yield Problem(
            (),
            f"not a valid regular expression: {regex.fault}",
            None if regex.is_fault_certain else "warning",
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="guide: Developer Guide, training-metrics, 2023; the parentheses capture the metric's value",
    fix="unsafe",
)
def metric_regex_no_group(pattern: str) -> Iterator[Problem]:
    """A metric's Regex has no capturing group.

    The parentheses mark the part of the matching text that is the metric's value. It is not documented
    which value SageMaker reads without them.

    ```yaml bad MetricDefinition
    Regex: 'loss=[0-9.]+;'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss=([0-9.]+);'
    ```
    """
    regex = _regex_facts.analyzed(pattern)
    if regex.groups == 0:
        yield Problem(
            (),
            "the Regex has no capturing group; put the part that matches the number in parentheses",
            fix=_fix(_regex_fixes.with_group(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: Developer Guide, training-metrics, 2023; its patterns have one group, and the"
    " service was seen to take the first",
    fix="unsafe",
)
def metric_regex_multiple_groups(pattern: str) -> Iterator[Problem]:
    """A metric's Regex has several capturing groups, and the first is not the only number.

    The documented patterns have one group. With several, the service has been seen to read the first, so a
    first group that is not for the number, or a second one that is for another number, is a mistake. Write
    `(?:…)` for a group of alternatives. Nothing is reported if the other groups are inside a first group
    that matches a number, or if each alternative has a group of its own.

    ```yaml bad MetricDefinition
    Regex: '(loss|err)=([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: '(?:loss|err)=([0-9.]+)'
    ```

    ```yaml bad MetricDefinition
    Regex: 'loss=([0-9.]+) acc=([0-9.]+)'
    ```
    """
    regex = _regex_facts.analyzed(pattern)
    if regex.at_once > 1:
        if regex.numeric[0] is False:
            fact = "the first is the value of the metric, but cannot match a number"
        elif any(regex.numeric[1 + regex.groups_in_first :]):
            fact = "only the first is the value of the metric"
        else:
            return
        yield Problem(
            (),
            f"the Regex has {regex.groups} capturing groups; {fact}",
            fix=_fix(_regex_fixes.with_one_group(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: Python's re, a lazy quantifier at the end matches as little as possible",
    fix="unsafe",
)
def metric_regex_lazy_tail(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex ends in a lazy quantifier, and captures as little as possible.

    On "F1=0.93; …" the pattern `F1=(.*?)` captures an empty text, and `F1=(.+?)` a single character: a
    lazy quantifier matches more only if something after it has to match. Add what follows the number, as
    in `F1=(.*?);`, or use a pattern for numbers.

    ```yaml bad MetricDefinition
    Regex: 'F1=(.*?)'
    ```

    ```yaml good MetricDefinition
    Regex: 'F1=([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    ```
    """
    if _regex_facts.analyzed(pattern).lazy_tail:
        yield Problem(
            (),
            "the group ends in a lazy quantifier and nothing after it has to match, so it captures as little"
            " as possible",
            fix=_fix(_regex_fixes.with_number(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: Python's re, a greedy dot matches the rest of the line",
    fix="unsafe",
)
def metric_regex_greedy_any(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex matches any text up to the end of the line.

    On "loss=0.3; acc=0.9" the pattern `loss=(.*)` captures "0.3; acc=0.9", which is not a number. It works
    only as long as nothing follows the number on the line.

    ```yaml bad MetricDefinition
    Regex: 'loss=(.*)'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss=([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    ```
    """
    if _regex_facts.analyzed(pattern).greedy:
        yield Problem(
            (),
            "the group matches everything up to the end of the line, not only the number",
            fix=_fix(_regex_fixes.with_number(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="model: MetricDefinition.Regex, botocore 1.44.8; it 'gets the value of the metric'",
)
def metric_regex_non_numeric_group(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex cannot match a number.

    The group captures the value of the metric, which has to be a number. Numbers with thousands separators
    or a unit count as numbers here.

    ```yaml bad MetricDefinition
    Regex: 'epoch=([a-z]+)'
    ```

    ```yaml good MetricDefinition
    Regex: 'epoch=([0-9]+)'
    ```
    """
    numeric = _regex_facts.analyzed(pattern).numeric
    if numeric and not any(is_numeric is not False for is_numeric in numeric):
        yield Problem(
            (),
            "the group cannot match a number such as 12, -0.5 or 1e-05, so the metric gets no value",
        )


@rule(
    on="MetricRegex",
    severity="info",
    also=("warning",),
    evidence="derived: aws/sagemaker-xgboost-container#121; the pattern of AWS's container matches signs"
    " and exponents",
    fix="unsafe",
)
def metric_regex_partial_number(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex matches 0.5, but no negative numbers or no exponents.

    Many losses become negative, and most languages print small numbers as 1.5e-05. A group that does not
    match these captures another number, such as 1.5, or the pattern finds none. Ignore this for a metric
    that is neither negative nor tiny. It is a warning if the group is meant to match an exponent and still
    does not match 1.5e-05, as in a pattern that is often copied, `'loss': ([0-9]+(.|e\\-)[0-9]+)`.

    ```yaml bad MetricDefinition
    Regex: 'mse: ([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: 'mse: ([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    ```

    ```yaml bad MetricDefinition
    Regex: 'loss: ([0-9]+(.|e\\-)[0-9]+)'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss: ([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    ```
    """
    regex = _regex_facts.analyzed(pattern)
    if regex.unmatched:
        yield Problem(
            (),
            f"the group matches 0.5, but not the whole of {' or '.join(regex.unmatched)}",
            "warning" if regex.cuts_exponents else None,
            fix=_fix(_regex_fixes.with_number(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="info",
    evidence="derived: Python's re, `*` also matches no character; an AWS sample has `AUC: ([0-9.]*)`",
    fix="unsafe",
)
def metric_regex_empty_group(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex can match an empty text.

    On "AUC: NaN" the pattern `AUC: ([0-9.]*)` matches and captures an empty text, which is not a number. A
    group that has to match a digit skips such a line.

    ```yaml bad MetricDefinition
    Regex: 'AUC: ([0-9.]*)'
    ```

    ```yaml good MetricDefinition
    Regex: 'AUC: ([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    ```
    """
    regex = _regex_facts.analyzed(pattern)
    if regex.has_empty_number and not regex.nullable:
        yield Problem(
            (),
            "the group can match an empty text, as on a line with NaN; it should require a digit",
            fix=_fix(_regex_fixes.with_number(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: backtracking matchers try every way to divide the text",
)
def metric_regex_catastrophic(pattern: str) -> Iterator[Problem]:
    """A metric's Regex can take exponentially long on a line that does not match.

    A repeat inside another that can match the same text in two ways, such as `(a+)+` or `(.*)*`, is tried
    with every division of the line, and each further character doubles their number. Two consecutive
    unbounded dots are slow too, though not as slow. `([a-z]+ )+` is harmless, since each round ends with a
    space.

    ```yaml bad MetricDefinition
    Regex: '(?:.*)*loss=([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: '.*loss=([0-9.]+)'
    ```
    """
    catastrophic = _regex_facts.analyzed(pattern).catastrophic
    if catastrophic:
        yield Problem((), f"{catastrophic}, so a line that does not match can take very long")


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: a backslash that was escaped once too often",
    replaces=("metric-regex-non-numeric-group", "metric-regex-partial-number"),
    fix="unsafe",
)
def metric_regex_double_escaped(pattern: str) -> Iterator[Problem]:
    r"""A metric's Regex has a doubled backslash, which matches a backslash in the log.

    `\\d` matches a backslash and the letter d, not a digit. In JSON a backslash has to be doubled; in
    YAML's plain and single-quoted scalars it must not be.

    ```yaml bad MetricDefinition
    Regex: 'loss=([0-9]+\\.[0-9]+)'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss=([0-9]+\.[0-9]+)'
    ```
    """
    if "\\\\" in pattern and not _regex_facts.analyzed(pattern).fault:
        doubled = _regex_fixes.doubled_escape(pattern)
        if doubled:
            yield Problem(
                (),
                f"{shown(doubled)} matches a backslash followed by {shown(doubled[2])};"
                f" did you mean {shown(doubled[1:])}?",
                fix=_fix(_regex_fixes.with_single_escapes(pattern)),
            )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: the pattern matches lines that have nothing to do with the metric",
)
def metric_regex_matches_empty(pattern: str) -> Iterator[Problem]:
    """A metric's Regex matches an empty text, or nothing in it names the metric.

    Without a text such as `loss=` the pattern matches the first number of every line, or even an empty
    text, which becomes the metric's value. A pattern for a whole line, from `^` to `$`, does not need such
    a text.

    ```yaml bad MetricDefinition
    Regex: '([0-9.]*)'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss=([0-9.]+)'
    ```

    ```yaml bad MetricDefinition
    Regex: '([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: '^([0-9.]+)$'
    ```
    """
    regex = _regex_facts.analyzed(pattern)
    if regex.nullable:
        yield Problem((), "the Regex matches an empty text, so every line of the log matches")
    elif not regex.has_text and not regex.is_line:
        yield Problem((), "the Regex has no text that names the metric, so unrelated lines match it")
