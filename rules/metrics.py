"""The metrics that SageMaker reads from the algorithm's log, and those that tuning may aim at."""

from __future__ import annotations

from algolint import (
    Context,
    Key,
    Problem,
    Related,
    Remove,
    Replace,
    listed,
    meant,
    nearest,
    rule,
    shown,
)
from algolint.aws.notation import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from ._regex import Regex
    from ._regex_lines import Comparison

    # Index, Name and Regex of a metric, its name as it is compared, and the text around the only group.
    _Metric: TypeAlias = tuple[int, str, str, str, tuple[str, str] | None]

# A metric's Regex may have this many characters.
_MAX_LENGTH = 500
# Repositories of AWS's own algorithms, whose metrics SageMaker knows without a definition.
_BUILT_IN_ALGORITHMS = frozenset(
    "blazingtext factorization-machines forecasting-deepar image-classification ipinsights kmeans knn lda"
    " linear-learner ntm object-detection object2vec pca randomcutforest sagemaker-xgboost"
    " semantic-segmentation seq2seq xgboost".split()
)


def analyzed(pattern: str) -> Regex:
    """Return the facts of a pattern; what parses patterns is loaded when there is one."""
    from . import _regex

    return _regex.analyzed(pattern)


# ---------------------------------------------------------------- definitions


@rule(
    on="MetricDefinitionList",
    severity="warning",
    evidence="derived: objectives refer to a metric by its Name",
)
def metric_duplicate_name(metrics: list[Any]) -> Iterator[Problem]:
    """Two metrics have the same Name, nearly the same Name, or the same Regex under two names.

    A tuning job refers to its objective metric by Name, which must therefore be unique; names that differ
    only in letter case or spaces are easily confused. Two metrics with one Regex always have the same
    values, usually because an entry was copied and not edited. Several patterns for one metric may be
    intended, so this is a warning.

    ```yaml bad
    - Name: loss
      Regex: 'train_loss=([0-9.]+)'
    - Name: loss
      Regex: 'validation_loss=([0-9.]+)'
    ```

    ```yaml good
    - Name: train:loss
      Regex: 'train_loss=([0-9.]+)'
    - Name: validation:loss
      Regex: 'validation_loss=([0-9.]+)'
    ```

    ```yaml bad
    - Name: precision
      Regex: 'precision=([0-9.]+)'
    - Name: recall
      Regex: 'precision=([0-9.]+)'
    ```

    ```yaml good
    - Name: precision
      Regex: 'precision=([0-9.]+)'
    - Name: recall
      Regex: 'recall=([0-9.]+)'
    ```
    """
    names: dict[str, tuple[int, str]] = {}
    regexes: dict[str, list[tuple[int, str]]] = {}
    for index, metric in enumerate(metrics):
        match metric:
            case {"Name": str() as name}:
                first, other = names.setdefault(name.strip().casefold(), (index, name))
                if first != index:
                    fact = f"differs from the earlier {shown(other)} only in letter case or spaces"
                    yield Problem(
                        (index, "Name"),
                        f"{shown(name)} {'is the Name of two metrics' if other == name else fact}",
                        related=Related((first, "Name"), f"the earlier metric {shown(other)}"),
                    )
                match metric:
                    case {"Regex": str() as regex}:
                        users = regexes.setdefault(regex, [])
                        yield from _copied_regex(index, name, users)
                        users.append((index, name))


def _copied_regex(index: int, name: str, users: list[tuple[int, str]]) -> Iterator[Problem]:
    """Report a Regex that an earlier metric of another name has too."""
    for first, other in users:
        if other != name:
            yield Problem(
                (index, "Regex"),
                f"{shown(name)} has the same Regex as {shown(other)}, so both get the same values",
                related=Related((first, "Regex"), f"the Regex of {shown(other)}"),
            )
            return


@rule(
    on="MetricRegex",
    severity="error",
    also=("warning",),
    evidence="guide: automatic-model-tuning-define-metrics-variables, which points to Python's regular"
    " expressions; how the service reads them is not documented otherwise",
)
def metric_regex_invalid(pattern: str) -> Iterator[Problem]:
    """A metric's Regex is not a valid regular expression.

    Python's syntax is what the guide documents for these patterns. An invalid pattern finds no value, so
    there is no metric, and a tuning job that optimizes it fails. It is a warning where only some engines or
    some versions of Python reject the pattern: an escape that Python does not know (`\\p{L}`), or flags
    that are not at the start.

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
    regex = analyzed(pattern)
    if regex.fault:
        yield Problem(
            (),
            f"not a valid regular expression: {regex.fault}",
            None if regex.is_fault_certain else "warning",
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="guide: training-metrics, the parentheses capture the metric's value",
    fix="unsafe",
)
def metric_regex_no_group(pattern: str) -> Iterator[Problem]:
    """A metric's Regex has no capturing group.

    The parentheses mark the part of the matching text that is the metric's value. Which value SageMaker
    takes without them is not documented.

    ```yaml bad MetricDefinition
    Regex: 'loss=[0-9.]+;'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss=([0-9.]+);'
    ```
    """
    regex = analyzed(pattern)
    if regex.groups == 0:
        yield Problem(
            (),
            "the Regex has no capturing group; put the part that matches the number in parentheses",
            fix=_replaced(pattern, _with_group(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: the guide's patterns have one group; the service was seen to take the first",
    fix="unsafe",
)
def metric_regex_multiple_groups(pattern: str) -> Iterator[Problem]:
    """A metric's Regex has several capturing groups, and the first is not the only number.

    The documented patterns have one group. Of several, the service has been seen to take the first, so a
    first group that holds a name, or a second number, is a mistake. Groups that only hold alternatives
    together are written `(?:…)`. Nothing is reported where the other groups are inside a first group that
    matches a number, or where each alternative has a group of its own.

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
    regex = analyzed(pattern)
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
            fix=_replaced(pattern, _with_one_group(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: Python's re, a lazy quantifier at the end matches as little as possible",
    fix="unsafe",
)
def metric_regex_lazy_tail(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex ends in a lazy quantifier, and nothing after it makes that match more.

    On "F1=0.93; …" the pattern `F1=(.*?)` captures the empty text, and `(.+?)` a single character: a lazy
    quantifier matches more only if something after it has to match. Add what follows the number, as in
    `F1=(.*?);`, or use a pattern for numbers.

    ```yaml bad MetricDefinition
    Regex: 'F1=(.*?)'
    ```

    ```yaml good MetricDefinition
    Regex: 'F1=([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    ```
    """
    if analyzed(pattern).lazy_tail:
        yield Problem(
            (),
            "the group ends in a lazy quantifier with nothing after it that has to match, so it captures as"
            " little as possible",
            fix=_replaced(pattern, _with_number(pattern)),
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
    if analyzed(pattern).greedy:
        yield Problem(
            (),
            "the group matches everything up to the end of the line, not only the number",
            fix=_replaced(pattern, _with_number(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="model: MetricDefinition, Regex gets the value of the metric from the output",
)
def metric_regex_non_numeric_group(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex cannot match a number.

    The value of a metric is a number, and it is what the group captures. Numbers with thousands separators
    or followed by a unit count as numbers here.

    ```yaml bad MetricDefinition
    Regex: 'epoch=([a-z]+)'
    ```

    ```yaml good MetricDefinition
    Regex: 'epoch=([0-9]+)'
    ```
    """
    numeric = analyzed(pattern).numeric
    if numeric and not any(is_numeric is not False for is_numeric in numeric):
        yield Problem(
            (),
            "the group cannot match a number such as 12, -0.5 or 1e-05, so the metric gets no value",
        )


@rule(
    on="MetricRegex",
    severity="info",
    also=("warning",),
    evidence="derived: the pattern of AWS's XGBoost container matches signs and exponents"
    " (aws/sagemaker-xgboost-container#121)",
    fix="unsafe",
)
def metric_regex_partial_number(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex matches 0.5, but no negative numbers or no exponents.

    Many losses become negative, and most languages print small numbers as 1.5e-05. A group that does not
    match these captures another number, such as 1.5, or the pattern finds none. Where a metric is neither
    negative nor tiny the group may stay as it is. It is a warning where the group has a place for an
    exponent and still does not match 1.5e-05, as in a pattern that is often copied,
    `'loss': ([0-9]+(.|e\\-)[0-9]+)`.

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
    regex = analyzed(pattern)
    if regex.refused:
        yield Problem(
            (),
            f"the group matches 0.5, but not the whole of {' or '.join(regex.refused)}",
            "warning" if _cuts_exponents(regex) else None,
            fix=_replaced(pattern, _with_number(pattern)),
        )


def _cuts_exponents(regex: Regex) -> bool:
    """Whether a group that has a place for an exponent does not match a usual number with one."""
    return regex.expects_exponent and "1.5e-05" in regex.refused


@rule(
    on="MetricRegex",
    severity="info",
    evidence="derived: Python's re, `*` matches no character too; an AWS sample has `AUC: ([0-9.]*)`",
    fix="unsafe",
)
def metric_regex_empty_group(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex can match the empty text.

    On "AUC: NaN" the pattern `AUC: ([0-9.]*)` matches and captures nothing, so there is a value that is
    not a number. A group that has to match a digit skips such a line.

    ```yaml bad MetricDefinition
    Regex: 'AUC: ([0-9.]*)'
    ```

    ```yaml good MetricDefinition
    Regex: 'AUC: ([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    ```
    """
    regex = analyzed(pattern)
    if regex.has_empty_number and not regex.nullable:
        yield Problem(
            (),
            "the group can match empty text, as on a line with NaN; a number has at least one digit",
            fix=_replaced(pattern, _with_number(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: backtracking matchers try every way to divide the text",
)
def metric_regex_catastrophic(pattern: str) -> Iterator[Problem]:
    """A metric's Regex can take exponentially long on a line that does not match.

    A repeat inside a repeat that can match the same text in two ways, such as `(a+)+` or `(.*)*`, is tried
    with every division of the line, and there are twice as many for each further character. Two unbounded
    dots that follow each other are slow too, though not as bad. `([a-z]+ )+` is harmless: a space ends
    each round.

    ```yaml bad MetricDefinition
    Regex: '(?:.*)*loss=([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: '.*loss=([0-9.]+)'
    ```
    """
    catastrophic = analyzed(pattern).catastrophic
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

    `\\d` is a literal backslash and the letter d, not a digit. In JSON a backslash has to be doubled, in
    YAML's plain and single-quoted text it must not be.

    ```yaml bad MetricDefinition
    Regex: 'loss=([0-9]+\\.[0-9]+)'
    ```

    ```yaml good MetricDefinition
    Regex: 'loss=([0-9]+\.[0-9]+)'
    ```
    """
    if "\\\\" in pattern and not analyzed(pattern).fault:
        doubled = _doubled_escape(pattern)
        if doubled:
            yield Problem(
                (),
                f"{shown(doubled)} matches a backslash followed by {shown(doubled[2])};"
                f" did you mean {shown(doubled[1:])}?",
                fix=_replaced(pattern, pattern.replace("\\\\", "\\")),
            )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: the pattern matches lines that have nothing to do with the metric",
)
def metric_regex_matches_empty(pattern: str) -> Iterator[Problem]:
    """A metric's Regex matches empty text, or nothing in it names the metric.

    Without text such as `loss=` the pattern matches the first number of every line, or even no text at all,
    and whatever that is becomes the metric's value. A pattern for a whole line, from `^` to `$`, needs no
    such text.

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
    regex = analyzed(pattern)
    if regex.nullable:
        yield Problem((), "the Regex matches empty text, so every line of the log matches")
    elif not regex.has_text and not regex.is_line:
        yield Problem((), "the Regex has no text that names the metric, so unrelated lines match it")


@rule(
    on="MetricDefinitionList",
    severity="warning",
    evidence="derived: Python's re, `loss: (…)` is found in `val_loss: 0.5` too; the logs of Keras and an AWS"
    " sample (`MSE: …` and `RMSE: …`) have such lines",
    fix="unsafe",
)
def metric_regex_overlap(metrics: list[Any]) -> Iterator[Problem]:
    """A metric's Regex also matches the lines that another metric's Regex is written for.

    A pattern is searched anywhere in a line, so `loss: ([0-9.]+)` also reads the number of
    "val_loss: 0.5", and the values of both go into one metric, which may be the objective of a tuning job.
    Begin the pattern with `\\b` or `^`, or with the text before it in the log. For this rule a short line is
    made for each pattern, of its literal text and a number, and the other patterns are tried on it.

    ```yaml bad
    - Name: train:loss
      Regex: 'loss: ([0-9.]+)'
    - Name: validation:loss
      Regex: 'val_loss: ([0-9.]+)'
    ```

    ```yaml good
    - Name: train:loss
      Regex: '\\bloss: ([0-9.]+)'
    - Name: validation:loss
      Regex: 'val_loss: ([0-9.]+)'
    ```
    """
    known = [*_comparable(metrics)]
    candidates = [(one, others) for one in known if (others := [two for two in known if _is_near(one, two)])]
    if not candidates:
        return
    from ._regex_lines import Comparison

    comparison = Comparison()
    for (index, name, pattern, _, _), others in candidates:
        for first, other, regex, _, _ in others:
            line = comparison.line_read_by(pattern, regex)
            if line:
                yield Problem(
                    (index, "Regex"),
                    f"the Regex also matches {shown(line)}, a line of the metric {shown(other)}, so"
                    f" {shown(name)} gets the values of both",
                    fix=_bounded((index, "Regex"), pattern, [two[2] for two in others], comparison),
                    related=Related((first, "Regex"), f"the Regex of {shown(other)}"),
                )
                break


def _comparable(metrics: list[Any]) -> Iterator[_Metric]:
    """Yield the metrics whose pattern is valid, has text that names the metric, and is quickly matched."""
    for index, metric in enumerate(metrics):
        match metric:
            case {"Name": str() as name, "Regex": str() as pattern} if len(pattern) <= _MAX_LENGTH:
                regex = analyzed(pattern)
                if not (regex.fault or regex.nullable or regex.catastrophic) and regex.has_text:
                    yield index, name, pattern, name.strip().casefold(), regex.plain_text


def _is_near(one: _Metric, two: _Metric) -> bool:
    """Whether the patterns of two metrics have to be compared: one may match a line of the other."""
    _, _, pattern, name, text = one
    _, _, regex, other, around = two
    if name == other or pattern == regex:
        return False
    # Most names of metrics are not part of one another, which is seen without parsing the patterns.
    return text is None or around is None or text[0] in around[0] or text[0] in around[1]


def _bounded(
    where: tuple[int, str], pattern: str, others: list[str], comparison: Comparison
) -> Replace | None:
    """Return the pattern with a word boundary before it, where that keeps it apart from the others."""
    better = rf"\b{pattern}"
    if len(better) > _MAX_LENGTH or not (pattern[0].isalnum() or pattern[0] == "_"):
        return None
    return None if any(comparison.line_read_by(better, other) for other in others) else Replace(where, better)


# ---------------------------------------------------------------- objectives of tuning


@rule(
    on="TrainingSpecification",
    severity="error",
    also=("warning",),
    evidence="reference: MetricDefinitions, specify one of the defined metrics as the objective",
    fix="unsafe",
)
def objective_metric_undefined(training: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An objective metric of tuning is not defined in MetricDefinitions.

    Nothing reads the values of such a metric from the log, and a tuning job that optimizes it is rejected:
    "Provide a metric in the metric definitions". Names are case-sensitive. SageMaker knows the metrics of
    AWS's own algorithms without a definition; with one of their images it is a warning.

    ```yaml bad
    MetricDefinitions:
      - Name: validation:loss
        Regex: 'val_loss=([0-9.]+)'
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: validation_loss
    ```

    ```yaml good
    MetricDefinitions:
      - Name: validation:loss
        Regex: 'val_loss=([0-9.]+)'
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: validation:loss
    ```

    ```yaml bad
    TrainingImage: 174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1
    SupportedTuningJobObjectiveMetrics:
      - Type: Minimize
        MetricName: test:objective_loss
    ```
    """
    match training:
        case {"SupportedTuningJobObjectiveMetrics": [_, *_] as objectives}:
            defined = context.metrics
            for index, objective in enumerate(objectives):
                match objective:
                    case {"MetricName": str() as name} if name not in defined:
                        best = nearest(name[:256], defined)
                        among = f" ({listed(defined)})" if defined else ", which defines none"
                        where = ("SupportedTuningJobObjectiveMetrics", index, "MetricName")
                        yield Problem(
                            where,
                            f"the metric {shown(name)} is not in MetricDefinitions{among}"
                            f"{meant(name, defined)}",
                            "warning" if _is_built_in(training) else None,
                            fix=Replace(where, best) if best is not None else None,
                            related=Related(Key("MetricDefinitions"), "the metrics that are defined")
                            if defined
                            else (),
                        )


def _is_built_in(training: dict[str, Any]) -> bool:
    """Whether the training image is one of AWS's own algorithms."""
    match training:
        case {"TrainingImage": str() as text}:
            found = image(text)
            return found.is_private_ecr and found.repository in _BUILT_IN_ALGORITHMS
    return False


@rule(
    on="HyperParameterTuningJobObjectives",
    severity="warning",
    evidence="derived: one metric cannot be both maximized and minimized",
    fix="safe",
)
def objective_duplicate_or_conflicting(objectives: list[Any]) -> Iterator[Problem]:
    """An objective of tuning is listed twice, or once as Maximize and once as Minimize.

    A metric is better in one direction only. With both in the list a tuning job may search for the worst
    model. A repeated objective has no effect; the fix deletes it.

    ```yaml bad
    - Type: Minimize
      MetricName: validation:loss
    - Type: Minimize
      MetricName: validation:loss
    ```

    ```yaml good
    - Type: Minimize
      MetricName: validation:loss
    ```

    ```yaml bad
    - Type: Minimize
      MetricName: validation:loss
    - Type: Maximize
      MetricName: validation:loss
    ```

    ```yaml good
    - Type: Minimize
      MetricName: validation:loss
    - Type: Maximize
      MetricName: validation:accuracy
    ```
    """
    first: dict[tuple[str, str], int] = {}
    for index, objective in enumerate(objectives):
        match objective:
            case {"Type": str("Maximize" | "Minimize" as kind), "MetricName": str() as name}:
                same = first.setdefault((name, kind), index)
                opposite = first.get((name, "Minimize" if kind == "Maximize" else "Maximize"))
                if same != index:
                    yield Problem(
                        index,
                        f"the objective {kind} {shown(name)} is listed twice",
                        fix=Remove(index, title="delete the repetition", safe=True),
                        related=Related(same, "first listed here"),
                    )
                if opposite is not None:
                    yield Problem(
                        (index, "Type"),
                        f"the metric {shown(name)} is listed as Maximize and as Minimize",
                        related=Related((opposite, "Type"), "the other direction"),
                    )


@rule(
    on="HyperParameterTuningJobObjective",
    severity="info",
    evidence="heuristic: what the words in a metric's name usually mean",
)
def objective_direction_suspicious(objective: dict[str, Any]) -> Iterator[Problem]:
    """An objective of tuning maximizes what is usually an error, or minimizes what is usually a score.

    Losses and errors are minimized, accuracies and other scores are maximized. With the wrong direction a
    tuning job finds the worst model and reports no error. Names that are negated (`neg_mse`) are skipped.

    ```yaml bad
    Type: Maximize
    MetricName: validation:loss
    ```

    ```yaml good
    Type: Minimize
    MetricName: validation:loss
    ```
    """
    match objective:
        case {"Type": str("Maximize" | "Minimize" as kind), "MetricName": str() as name}:
            usual = _usual_direction(name)
            if usual and usual != kind:
                yield Problem(
                    "Type",
                    f"Type is {kind}, but a metric such as {shown(name)} is usually {usual.lower()}d",
                    related=Related("MetricName", f"usually {usual.lower()}d"),
                )


_TO_MINIMIZE = frozenset("loss error err rmse mae mse mape perplexity wer".split())
_TO_MAXIMIZE = frozenset("accuracy acc auc f1 precision recall r2 map mrr ndcg bleu gini iou".split())
_NEGATED = frozenset("neg negative negated minus inverse inverted".split())


_directions: dict[str, str | None] = {}


def _usual_direction(name: str) -> str | None:
    """Return the usual direction of a metric of that name; None if the name does not tell."""
    if name in _directions:
        return _directions[name]
    direction = _direction(name)
    if len(_directions) < 4096:
        _directions[name] = direction
    return direction


def _direction(name: str) -> str | None:
    words = set("".join(char if char.isalnum() else " " for char in name.lower()).split())
    errs = bool(words & _TO_MINIMIZE) or any(word.endswith(("loss", "error")) for word in words)
    scores = bool(words & _TO_MAXIMIZE)
    if errs == scores or words & _NEGATED:
        return None
    return "Minimize" if errs else "Maximize"


# ---------------------------------------------------------------- better patterns


def _replaced(pattern: str, better: str | None) -> Replace | None:
    """Return the fix that writes a better pattern, if there is one with no fault that the other has not."""
    if better is None or len(better) > _MAX_LENGTH or analyzed(better).fault:
        return None
    return Replace((), better) if _faults(better) <= _faults(pattern) else None


def _faults(pattern: str) -> set[str]:
    """Return what a warning is reported for in a valid pattern."""
    regex = analyzed(pattern)
    faults = {
        "no group": regex.groups == 0,
        "several groups": regex.at_once > 1,
        "lazy": regex.lazy_tail,
        "greedy": regex.greedy,
        "no number": bool(regex.numeric) and not any(numeric is not False for numeric in regex.numeric),
        "exponents": _cuts_exponents(regex),
        "exponential": regex.catastrophic is not None,
        "no text": regex.nullable or not (regex.has_text or regex.is_line),
    }
    return {name for name, is_there in faults.items() if is_there}


def _with_number(pattern: str) -> str | None:
    """Return the pattern with a first group that matches numbers, where the group is the only one."""
    from ._regex import NUMBER, groups_in

    regex = analyzed(pattern)
    groups = groups_in(pattern)
    if not regex.has_references and len(groups) == regex.groups == 1 + regex.groups_in_first:
        _, start, end = groups[0]
        return pattern[:start] + NUMBER + pattern[end:]
    return None


def _with_one_group(pattern: str) -> str | None:
    """Return the pattern with only its numeric group capturing, if exactly one is numeric."""
    from ._regex import groups_in

    regex = analyzed(pattern)
    groups = groups_in(pattern)
    if regex.has_references or len(groups) != regex.groups:
        return None
    for (start, body, _), is_numeric in reversed([*zip(groups, regex.numeric, strict=True)]):
        if not is_numeric:
            pattern = pattern[:start] + "(?:" + pattern[body:]
    return pattern if analyzed(pattern).groups == 1 else None


def _with_group(pattern: str) -> str | None:
    """Return the pattern with a group around the number at its end; plain text may follow that."""
    ends = (len(pattern), len(pattern.rstrip(" ;,|%abcdefghijklmnopqrstuvwxyz")))
    starts = [index for index, char in enumerate(pattern) if char in "[(\\-+."][:40]
    for end in dict.fromkeys(ends):
        for start in starts:
            number = analyzed(f"({pattern[start:end]})")
            if number.number_only and number.numeric == (True,):
                better = f"{pattern[:start]}({pattern[start:end]}){pattern[end:]}"
                if analyzed(better).groups == 1 and not analyzed(better).fault:
                    return better
    return None


_DOUBLED = tuple(rf"\\{letter}" for letter in "dDwWsS.")


def _doubled_escape(pattern: str) -> str | None:
    """Return a literal backslash that is followed by the letter of a character class or a dot."""
    at = pattern.find("\\")
    while at >= 0:
        if pattern.startswith(_DOUBLED, at):
            return pattern[at : at + 3]
        at = pattern.find("\\", at + 2)
    return None
