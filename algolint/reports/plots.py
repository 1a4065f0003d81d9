"""The series of metrics as plots of the `html` report, in SVG without scripts."""

from __future__ import annotations

from html import escape

from algolint.messages import escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    # A line number of the log, and the number read from that line.
    Point = tuple[int, float]

_WIDTH, _HEIGHT, _MARGIN = 640, 160, 6
# The labels of the axis are to the left of the curve.
_LEFT = 72
# More columns than this look the same. Each keeps its lowest and highest number.
_COLUMNS = 320
_DIRECTIONS = {"Maximize": "to be maximized", "Minimize": "to be minimized"}


def section(metrics: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the section with a plot for each metric, given as rows of the JSON report."""
    if metrics:
        yield '<section class="plots" aria-label="Metrics"><h2>Metrics</h2>'
        for metric in metrics:
            yield from _figure(metric)
        yield "</section>"


def _figure(metric: dict[str, Any]) -> Iterator[str]:
    points = [(x, y) for x, y in zip(metric["lines"], metric["values"], strict=True) if y is not None]
    name = escape(escaped(metric["name"]))
    yield f"<figure><figcaption><b>{name}</b> {_summary(metric, points)}</figcaption>"
    if points:
        yield f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{name} by line of the log">'
        yield from _drawn(points)
        yield "</svg>"
        yield f'<p class="axis"><span>line {points[0][0]:,}</span> <span>line {points[-1][0]:,}</span></p>'
    yield "</figure>"


def _summary(metric: dict[str, Any], points: list[Point]) -> str:
    """Return a summary of the series in words."""
    if not points:
        return "no numbers"
    parts = [f"{metric['numbers']:,} numbers, from {points[0][1]:.6g} to {points[-1][1]:.6g}"]
    if metric["objective"] in _DIRECTIONS:
        best = (max if metric["objective"] == "Maximize" else min)(points, key=lambda point: point[1])
        parts.insert(0, _DIRECTIONS[metric["objective"]])
        parts.append(f"best {best[1]:.6g} on line {best[0]:,}")
    return escape("; ".join(parts))


def _drawn(points: list[Point]) -> Iterator[str]:
    """Yield the axis and the curve."""
    low, high = min(y for _, y in points), max(y for _, y in points)
    first, last = points[0][0], points[-1][0]

    def at(point: Point) -> tuple[float, float]:
        x = (point[0] - first) / (last - first) if last > first else 0.5
        y = (point[1] - low) / (high - low) if high > low else 0.5
        return (
            round(_LEFT + x * (_WIDTH - _LEFT - _MARGIN), 1),
            round(_HEIGHT - _MARGIN - y * (_HEIGHT - 2 * _MARGIN), 1),
        )

    yield f'<path class="limits" d="M{_LEFT} {_MARGIN}H{_WIDTH}M{_LEFT} {_HEIGHT - _MARGIN}H{_WIDTH}"/>'
    drawn = [at(point) for point in _thinned(points)]
    if len(drawn) == 1:
        yield f'<circle class="series" cx="{drawn[0][0]}" cy="{drawn[0][1]}" r="3"/>'
    else:
        yield f'<polyline class="series" points="{" ".join(f"{x},{y}" for x, y in drawn)}"/>'
    yield f'<text x="0" y="{_MARGIN + 5}">{high:.6g}</text>'
    yield f'<text x="0" y="{_HEIGHT - _MARGIN + 3}">{low:.6g}</text>'


def _thinned(points: list[Point]) -> list[Point]:
    """Return the lowest and the highest point of each column."""
    if len(points) <= 2 * _COLUMNS:
        return points
    size = -(-len(points) // _COLUMNS)
    kept: list[Point] = []
    for start in range(0, len(points), size):
        some = points[start : start + size]
        kept += sorted({min(some, key=lambda p: p[1]), max(some, key=lambda p: p[1])})
    return kept
