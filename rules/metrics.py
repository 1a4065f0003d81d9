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
    from typing import Any

    from ._regex import Regex

# A metric's Regex may have this many characters.
_LONGEST_REGEX = 500
# Repositories of AWS's own algorithms, whose metrics SageMaker knows without a definition.
_BUILT_IN_ALGORITHMS = frozenset(
    "blazingtext factorization-machines forecasting-deepar image-classification ipinsights kmeans knn lda"
    " linear-learner ntm object-detection object2vec pca randomcutforest sagemaker-xgboost"
    " semantic-segmentation seq2seq xgboost".split()
)


def analyzed(pattern: str) -> Regex:
    """The facts of a pattern; what takes patterns apart is loaded where there is one."""
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

    An objective of tuning names a metric, and of two with one name nobody can say which it gets; names
    that differ only in letter case or spaces are as good as the same. One Regex under two names reads
    the same number twice, which mostly is a copy that was not finished. Several patterns for one metric
    may be meant, so this is a warning.

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
                    fact = (
                        "is the Name of an earlier metric too" if other == name else "is nearly the earlier"
                    )
                    yield Problem(
                        (index, "Name"),
                        f"{shown(name)} {fact}{'' if other == name else ' ' + shown(other)}",
                        related=Related((first, "Name"), f"here it is {shown(other)}"),
                    )
                match metric:
                    case {"Regex": str() as regex}:
                        users = regexes.setdefault(regex, [])
                        for first, other in users:
                            if other != name:
                                yield Problem(
                                    (index, "Regex"),
                                    f"{shown(name)} has the Regex of {shown(other)}; both read one number",
                                    related=Related((first, "Regex"), f"the Regex of {shown(other)}"),
                                )
                                break
                        users.append((index, name))


@rule(
    on="MetricRegex",
    severity="error",
    also=("warning",),
    evidence="guide: automatic-model-tuning-define-metrics-variables, regular expressions as in Python",
)
def metric_regex_invalid(pattern: str) -> Iterator[Problem]:
    """A metric's Regex is not a valid regular expression.

    SageMaker reads the pattern as Python does. An invalid one reads no metric, and tuning by it fails.
    Where the only fault is an escape that other languages know and Python does not (`\\p{L}`), or a rule
    that newer Pythons brought, it is a warning.

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

    The parentheses tell which part of the matching text is the metric's value. What SageMaker takes
    without any is not documented.

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
            "the pattern has no capturing group; put the number in parentheses",
            fix=_replaced(_with_group(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: the documented patterns have one group, which of several counts is not said",
    fix="unsafe",
)
def metric_regex_multiple_groups(pattern: str) -> Iterator[Problem]:
    """A metric's Regex has more than one capturing group.

    Which of the groups is the metric's value is not documented. Groups that only hold alternatives
    together are written `(?:…)`. Where each alternative of the pattern has a group of its own, only one
    takes part in a match, and nothing is said.

    ```yaml bad MetricDefinition
    Regex: '(loss|err)=([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: '(?:loss|err)=([0-9.]+)'
    ```
    """
    regex = analyzed(pattern)
    if regex.at_once > 1:
        yield Problem(
            (),
            f"the pattern has {regex.groups} capturing groups; which of them is the value is not documented",
            fix=_replaced(_with_one_group(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: Python's re, a lazy quantifier at the end takes as little as it may",
    fix="unsafe",
)
def metric_regex_lazy_tail(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex ends in a lazy quantifier that nothing behind it extends.

    `F1=(.*?)` matches "F1=0.93; …" and captures the empty text, `(.+?)` a single character: a lazy
    quantifier takes more only when something behind it has to match. Write that something, as in
    `F1=(.*?);`, or say what a number looks like.

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
            "the group ends in a lazy quantifier and nothing that must match follows; it takes as little as"
            " it may",
            fix=_replaced(_with_number(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: Python's re, a greedy dot takes the rest of the line",
    fix="unsafe",
)
def metric_regex_greedy_any(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex takes any text up to the end of the line.

    On "loss=0.3; acc=0.9" the pattern `loss=(.*)` captures "0.3; acc=0.9", which is no number. It works
    only as long as nothing else stands on the line.

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
            "the group takes everything up to the end of the line, not only the number",
            fix=_replaced(_with_number(pattern)),
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="model: MetricDefinition, Regex gets the value of the metric from the output",
)
def metric_regex_non_numeric_group(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex cannot match a number.

    A metric is a number, and what the group captures is its value. Numbers with separators for
    thousands or a unit behind them count as numbers here.

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
            (), "the group matches no number, such as 12, -0.5 or 1e-05; a metric's value is a number"
        )


@rule(
    on="MetricRegex",
    severity="info",
    evidence="derived: the pattern of AWS's XGBoost container takes signs and exponents",
    fix="unsafe",
)
def metric_regex_partial_number(pattern: str) -> Iterator[Problem]:
    """The group of a metric's Regex takes 0.5, but no negative numbers or no exponents.

    Many losses turn negative, and most languages print small numbers as 1e-05. A group that does not
    take these reads another number from the line, or none. Where a metric can be neither negative nor
    tiny the group may stay as it is.

    ```yaml bad MetricDefinition
    Regex: 'mse: ([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: 'mse: ([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)'
    ```
    """
    refused = analyzed(pattern).refused
    if refused:
        yield Problem(
            (), f"the group takes 0.5 and not {' nor '.join(refused)}", fix=_replaced(_with_number(pattern))
        )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: backtracking matchers try every way to divide the text",
)
def metric_regex_catastrophic(pattern: str) -> Iterator[Problem]:
    """A metric's Regex can take exponentially long on a line that does not match.

    A repeat inside a repeat that can match the same text in two ways, such as `(a+)+` or `(.*)*`, is
    tried in every division of the line, twice as many for each character. So are, less dramatically,
    two unbounded dots side by side. `([a-z]+ )+` is harmless: a space ends each round.

    ```yaml bad MetricDefinition
    Regex: '(?:.*)*loss=([0-9.]+)'
    ```

    ```yaml good MetricDefinition
    Regex: '.*loss=([0-9.]+)'
    ```
    """
    catastrophic = analyzed(pattern).catastrophic
    if catastrophic:
        yield Problem((), f"{catastrophic}; a line that does not match can take very long")


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: a backslash that was escaped once too often",
    replaces=("metric-regex-non-numeric-group", "metric-regex-partial-number"),
    fix="unsafe",
)
def metric_regex_double_escaped(pattern: str) -> Iterator[Problem]:
    r"""A metric's Regex has a doubled backslash, which matches a backslash in the log.

    `\\d` is a literal backslash and the letter d, not a digit. It comes of escaping for two languages
    where one reads the text: in JSON a backslash is doubled, in YAML's plain and single-quoted text it
    is not.

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
                f"{shown(doubled)} matches a backslash and {shown(doubled[2])}; one backslash is meant",
                fix=_replaced(pattern.replace("\\\\", "\\")),
            )


@rule(
    on="MetricRegex",
    severity="warning",
    evidence="derived: the pattern matches lines that have nothing to do with the metric",
)
def metric_regex_matches_empty(pattern: str) -> Iterator[Problem]:
    """A metric's Regex matches empty text, or nothing in it names the metric.

    Without text of its own such as `loss=` the pattern matches the first number of every line, or even
    no text at all, and whatever stands there becomes the metric. A pattern for a whole line, from `^` to
    `$`, may do without.

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
        yield Problem((), "the pattern matches empty text, so every line of the log matches")
    elif not regex.has_text and not regex.is_line:
        yield Problem((), "the pattern has no text that names the metric, so unrelated lines match it")


# ---------------------------------------------------------------- objectives of tuning


@rule(
    on="TrainingSpecification",
    severity="error",
    also=("warning",),
    evidence="reference: MetricDefinitions, specify one of the defined metrics as the objective",
    fix="unsafe",
)
def objective_metric_undefined(training: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An objective of tuning names a metric that MetricDefinitions does not define.

    Nothing reads such a metric from the log, and a tuning job that aims at it is refused: "Provide a
    metric in the metric definitions". Names are compared letter for letter. AWS's own algorithms have
    metrics that SageMaker knows without a definition; with one of their images it is a warning.

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
                        fact = f"defined: {listed(defined)}" if defined else "there are none"
                        where = ("SupportedTuningJobObjectiveMetrics", index, "MetricName")
                        yield Problem(
                            where,
                            f"MetricName {shown(name)} is in no MetricDefinitions entry;"
                            f" {fact}{meant(name, defined)}",
                            "warning" if _is_built_in(training) else None,
                            fix=Replace(where, best) if best is not None else None,
                            related=Related(Key("MetricDefinitions"), "the definitions") if defined else (),
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

    A metric is better in one direction. Where both are listed a tuning job can be made to look for the
    worst model; listing the same objective twice does nothing, and the second is deleted.

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
                        f"{kind} {shown(name)} is in the list already",
                        fix=Remove(index, title="delete the second of the two", safe=True),
                        related=Related(same, "the first one"),
                    )
                if opposite is not None:
                    yield Problem(
                        (index, "Type"),
                        f"{shown(name)} is to be both maximized and minimized",
                        related=Related((opposite, "Type"), "the opposite"),
                    )


@rule(
    on="HyperParameterTuningJobObjective",
    severity="info",
    evidence="heuristic: what the words in a metric's name usually mean",
)
def objective_direction_suspicious(objective: dict[str, Any]) -> Iterator[Problem]:
    """An objective of tuning maximizes what sounds like an error, or minimizes what sounds like a score.

    Losses and errors are minimized, accuracies and the like are maximized. A tuning job that has the
    direction wrong finds the worst model without any complaint. Names that say they are negated
    (`neg_mse`) are passed over.

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
                    f"Type is {kind}, and {shown(name)} sounds like something to {usual.lower()}",
                    related=Related("MetricName", f"usually to {usual.lower()}"),
                )


_TO_MINIMIZE = frozenset("loss error err rmse mae mse mape perplexity wer".split())
_TO_MAXIMIZE = frozenset("accuracy acc auc f1 precision recall r2 map ndcg bleu".split())
_NEGATED = frozenset("neg negative negated minus inverse inverted".split())


_directions: dict[str, str | None] = {}


def _usual_direction(name: str) -> str | None:
    """Where a metric of that name usually should go; None where the name does not say, or says both."""
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


def _replaced(pattern: str | None) -> Replace | None:
    """A better pattern in the place of the given one, where there is one."""
    if pattern is None or len(pattern) > _LONGEST_REGEX or analyzed(pattern).fault:
        return None
    return Replace((), pattern)


def _with_number(pattern: str) -> str | None:
    """The pattern with its only group taking a number."""
    from ._regex import NUMBER, groups_in

    match groups_in(pattern):
        case [(_, start, end)]:
            return pattern[:start] + NUMBER + pattern[end:]
    return None


def _with_one_group(pattern: str) -> str | None:
    """The pattern with only its numeric group capturing, where that is clear."""
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
    """The pattern with a group around the number that it ends in, but for plain text behind that."""
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
    """A literal backslash with a letter of a character class or a dot behind it."""
    at = pattern.find("\\")
    while at >= 0:
        if pattern.startswith(_DOUBLED, at):
            return pattern[at : at + 3]
        at = pattern.find("\\", at + 2)
    return None
