"""How long a validation job may run and wait."""

from __future__ import annotations

from algolint import Problem, Related, Replace, lacks, rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

DAY = 86_400


@rule(
    on="StoppingCondition",
    severity="error",
    also=("warning",),
    evidence="reference: StoppingCondition, MaxWaitTimeInSeconds equal to or greater than the run",
    fix="unsafe",
)
def max_wait_below_runtime(condition: dict[str, Any]) -> Iterator[Problem]:
    """MaxWaitTimeInSeconds is shorter than MaxRuntimeInSeconds.

    The wait covers the run itself plus the time spent waiting for Spot capacity, so it can never be
    the shorter of the two, and the service refuses the pair. Where MaxRuntimeInSeconds is left out it
    is one day; a shorter wait then earns a warning.

    ```yaml bad
    MaxRuntimeInSeconds: 7200
    MaxWaitTimeInSeconds: 3600
    ```

    ```yaml good
    MaxRuntimeInSeconds: 7200
    MaxWaitTimeInSeconds: 7200
    ```
    """
    match condition:
        case {
            "MaxRuntimeInSeconds": int() as runtime,
            "MaxWaitTimeInSeconds": int() as wait,
        } if wait < runtime:
            yield Problem(
                "MaxWaitTimeInSeconds",
                f"{wait} is shorter than MaxRuntimeInSeconds, {runtime}",
                fix=Replace("MaxWaitTimeInSeconds", runtime, title=f"wait as long as the run, {runtime}"),
                related=Related("MaxRuntimeInSeconds", f"the run may take {runtime} seconds"),
            )
        case {"MaxWaitTimeInSeconds": int() as wait} if (
            lacks(condition, "MaxRuntimeInSeconds") and wait < DAY
        ):
            yield Problem(
                "MaxWaitTimeInSeconds",
                f"{wait} is shorter than the default of MaxRuntimeInSeconds, one day ({DAY})",
                "warning",
            )
