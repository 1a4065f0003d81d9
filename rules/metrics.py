"""The metrics that SageMaker reads from the algorithm's log, and the objectives of tuning."""

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
    select,
    shown,
)
from algolint.aws.notation import image
from algolint.lazy_module import LazyModule
from algolint.limits import keep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from . import _regex_facts
    from ._regex_lines import Comparison
else:
    # Loaded when there is a pattern.
    _regex_facts = LazyModule(f"{__package__}._regex_facts")

# The repositories of AWS's built-in algorithms, whose metrics SageMaker knows without a definition.
_BUILT_IN_ALGORITHMS = frozenset(
    "blazingtext factorization-machines forecasting-deepar image-classification ipinsights kmeans knn lda"
    " linear-learner ntm object-detection object2vec pca randomcutforest sagemaker-xgboost"
    " semantic-segmentation seq2seq xgboost".split()
)


class _Pattern:
    """The Regex of a metric, as written and as fixed.

    The fixed forms are compared, so that no fix makes two patterns equal or one match the lines of another.
    """

    __slots__ = ("fixed", "folded", "index", "is_comparable", "name", "plain_text", "text")

    def __init__(self, index: int, name: str, text: str) -> None:
        self.index = index
        self.name = name
        self.folded = name.strip().casefold()
        self.text = text
        regex = _regex_facts.analyzed(text)
        self.fixed = text
        if regex.is_imperfect or "\\\\" in text:
            from ._regex_fixes import fixed

            self.fixed = fixed(text)
            regex = _regex_facts.analyzed(self.fixed)
        self.plain_text = regex.plain_text
        #: Whether it is valid, has text that names the metric, and is quickly matched.
        self.is_comparable = (
            len(self.fixed) <= _regex_facts.MAX_LENGTH
            and regex.is_known
            and regex.has_text
            and not (regex.fault or regex.nullable or regex.catastrophic)
        )


def _patterns(metrics: list[Any]) -> Iterator[_Pattern]:
    """Yield the patterns of the metrics whose Name and Regex are known."""
    for index, metric in enumerate(metrics):
        match metric:
            case {"Name": str() as name, "Regex": str() as text}:
                yield _Pattern(index, name, text)


# ---------------------------------------------------------------- definitions


@rule(
    on="MetricDefinitionList",
    severity="warning",
    evidence="derived: objectives refer to a metric by its Name",
)
def metric_duplicate_name(metrics: list[Any]) -> Iterator[Problem]:
    """Two metrics have the same Name, nearly the same Name, or the same Regex under two names.

    A tuning job refers to its objective metric by Name, which should therefore be unique; names that
    differ only in letter case or spaces are easily confused. Two metrics with the same Regex always have
    the same values, usually because an entry was copied and not edited. Several patterns for one metric
    may be intended, so this is a warning.

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
    for index, metric in enumerate(metrics):
        match metric:
            case {"Name": str() as name}:
                first, other = names.setdefault(name.strip().casefold(), (index, name))
                if first != index:
                    message = f"duplicate Name {shown(name)}; each metric needs its own"
                    if other != name:
                        fact = f"differs from the earlier {shown(other)} only in letter case or spaces"
                        message = f"{shown(name)} {fact}"
                    yield Problem(
                        (index, "Name"),
                        message,
                        related=Related((first, "Name"), f"the earlier metric {shown(other)} is here"),
                    )
    yield from _copied_patterns(metrics)


def _copied_patterns(metrics: list[Any]) -> Iterator[Problem]:
    """Report a Regex that an earlier metric with another Name also has."""
    users: dict[str, list[_Pattern]] = {}
    for pattern in _patterns(metrics):
        earlier = users.setdefault(pattern.fixed, [])
        other = next((user for user in earlier if user.name != pattern.name), None)
        earlier.append(pattern)
        if other is not None:
            same = (
                "has the same Regex as" if other.text == pattern.text else "has a Regex equivalent to that of"
            )
            yield Problem(
                (pattern.index, "Regex"),
                f"{shown(pattern.name)} {same} {shown(other.name)}, so both get the same values",
                related=Related((other.index, "Regex"), f"the Regex of {shown(other.name)} is here"),
            )


@rule(
    on="MetricDefinitionList",
    severity="warning",
    evidence="derived: Python's re, `loss: (…)` is found in `val_loss: 0.5` too; the logs of Keras and an AWS"
    " sample (`MSE: …` and `RMSE: …`) have such lines",
    fix="unsafe",
)
def metric_regex_overlap(metrics: list[Any]) -> Iterator[Problem]:
    """A metric's Regex also matches lines that are meant for another metric.

    A pattern is searched anywhere in a line, so `loss: ([0-9.]+)` also reads the number of "val_loss:
    0.5", and the metric, perhaps the objective of a tuning job, gets the values of both. Begin the pattern
    with `\\b` or `^`, or with the text that precedes it in the log. To find overlaps, the rule makes a
    short line for each pattern, of its literal text and a number, and tries the other patterns on it.

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
    patterns = [pattern for pattern in _patterns(metrics) if pattern.is_comparable][:_MOST_COMPARED]
    near = [(one, others) for one in patterns if (others := [two for two in patterns if _is_near(one, two)])]
    if not near:
        return
    from algolint import limits

    from ._regex_lines import Comparison

    work, key = limits.pattern_steps, "\n".join(one.fixed for one, _ in near)
    if not work.is_left_for(key):
        return
    comparison = Comparison()
    for one, others in near:
        for other in others:
            line = comparison.line_read_by(one.fixed, other.fixed)
            if line:
                yield Problem(
                    (one.index, "Regex"),
                    f"the Regex also matches {shown(line)}, a line of the metric {shown(other.name)}, so"
                    f" {shown(one.name)} gets the values of both",
                    fix=_bounded(one, patterns, comparison),
                    related=Related((other.index, "Regex"), f"the Regex of {shown(other.name)} is here"),
                )
                break
    work.take_once(key, comparison.steps)


# All pairs are compared; the API allows 40 metrics.
_MOST_COMPARED = 100


def _is_near(one: _Pattern, two: _Pattern) -> bool:
    """Whether two patterns have to be compared, since the first may match a line of the second."""
    if one.fixed == two.fixed or one.folded == two.folded:
        return False
    # Most names of metrics do not contain one another, which is seen without parsing the patterns.
    text, around = one.plain_text, two.plain_text
    return text is None or around is None or text[0] in around[0] or text[0] in around[1]


def _bounded(pattern: _Pattern, patterns: list[_Pattern], comparison: Comparison) -> Replace | None:
    """Return the fix that puts a word boundary before a pattern, if it then matches no line of the others."""
    from ._regex_facts import MAX_LENGTH

    better, fixed = rf"\b{pattern.text}", rf"\b{pattern.fixed}"
    if len(better) > MAX_LENGTH or not (pattern.text[0].isalnum() or pattern.text[0] == "_"):
        return None
    others = [other.fixed for other in patterns if other.folded != pattern.folded]
    if any(comparison.line_read_by(fixed, other) for other in others):
        return None
    return Replace((pattern.index, "Regex"), better)


# ---------------------------------------------------------------- objectives of tuning


@rule(
    on="TrainingSpecification",
    severity="error",
    also=("warning",),
    evidence="reference: TrainingSpecification.MetricDefinitions, botocore 1.44.8; an objective is one of"
    " the defined metrics",
    fix="unsafe",
)
def objective_metric_undefined(training: dict[str, Any], context: Context) -> Iterator[Problem]:
    """An objective metric of tuning is not defined in MetricDefinitions.

    Such a metric gets no values from the log, and a tuning job that optimizes it is rejected: "Provide a
    metric in the metric definitions". Names are case-sensitive. SageMaker knows the metrics of AWS's
    built-in algorithms without a definition; with one of their images it is a warning.

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
    for where, name in select(training, "SupportedTuningJobObjectiveMetrics", ..., "MetricName"):
        defined = context.metrics
        if not isinstance(name, str) or name in defined:
            continue
        fact = "is not defined; MetricDefinitions has no metrics"
        related: Related | tuple[()] = ()
        if defined:
            fact = f"is not in MetricDefinitions ({listed(defined)}){meant(name, defined)}"
            related = Related(Key("MetricDefinitions"), "the metrics are defined here")
        best = nearest(name, defined)
        yield Problem(
            where,
            f"the metric {shown(name)} {fact}",
            "warning" if _is_built_in(training) else None,
            fix=Replace(where, best) if best is not None else None,
            related=related,
        )


def _is_built_in(training: dict[str, Any]) -> bool:
    """Whether the training image is that of a built-in algorithm of AWS."""
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

    A metric improves in one direction only. With both in the list a tuning job may search for the worst
    model. A duplicate objective has no effect; the fix deletes it.

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
            case {"Type": str() as kind, "MetricName": str() as name} if kind in _DIRECTIONS:
                same = first.setdefault((name, kind), index)
                opposite = first.get((name, "Minimize" if kind == "Maximize" else "Maximize"))
                if same != index:
                    yield Problem(
                        index,
                        f"the objective {kind} {shown(name)} is listed twice",
                        fix=Remove(index, title="delete the duplicate", safe=True),
                        related=Related(same, "first listed here"),
                    )
                if opposite is not None:
                    yield Problem(
                        (index, "Type"),
                        f"the metric {shown(name)} is listed both as Maximize and as Minimize",
                        related=Related((opposite, "Type"), "the other direction is listed here"),
                    )


@rule(
    on="HyperParameterTuningJobObjective",
    severity="info",
    evidence="heuristic: what the words in a metric's name usually mean",
)
def objective_direction_suspicious(objective: dict[str, Any]) -> Iterator[Problem]:
    """An objective of tuning maximizes a metric that is usually minimized, or the reverse.

    Losses and errors are minimized, accuracies and other scores are maximized. With the wrong direction a
    tuning job finds the worst model and reports no error. Negated metrics (`neg_mse`) are not reported.

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
        case {"Type": str() as kind, "MetricName": str() as name} if kind in _DIRECTIONS:
            usual = _usual_direction(name)
            if usual and usual != kind:
                yield Problem(
                    "Type",
                    f"Type is {kind}, but a metric such as {shown(name)} is usually {usual.lower()}d",
                    related=Related("MetricName", f"usually {usual.lower()}d"),
                )


_DIRECTIONS = ("Maximize", "Minimize")
_TO_MINIMIZE = frozenset("loss error err rmse mae mse mape perplexity wer".split())
_TO_MAXIMIZE = frozenset("accuracy acc auc f1 precision recall r2 map mrr ndcg bleu gini iou".split())
_NEGATED = frozenset("neg negative negated minus inverse inverted".split())


_directions: dict[str, str | None] = {}


def _usual_direction(name: str) -> str | None:
    """Return the usual direction of a metric, judged by its name; None if the name does not show it."""
    if name in _directions:
        return _directions[name]
    direction = _direction(name)
    keep(_directions, name, direction)
    return direction


def _direction(name: str) -> str | None:
    words = set("".join(char if char.isalnum() else " " for char in name.lower()).split())
    errs = bool(words & _TO_MINIMIZE) or any(word.endswith(("loss", "error")) for word in words)
    scores = bool(words & _TO_MAXIMIZE)
    if errs == scores or words & _NEGATED:
        return None
    return "Minimize" if errs else "Maximize"
