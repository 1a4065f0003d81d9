"""Passes arguments to the SDK's AlgorithmEstimator; `campaigns.against_sdk` runs this in a separate
environment.

Each line of standard input has a JSON object: a DescribeAlgorithm response and the arguments. The output is
the error that the SDK raised, as JSON, or null. The session is a mock, so nothing is sent.
"""

from __future__ import annotations

import json
import sys
from typing import Any
from unittest.mock import MagicMock


def raised(case: dict[str, Any], estimator: Any) -> str | None:
    """Return the error that the SDK raises for arguments, or None if it would send the job."""
    session = MagicMock()
    session.local_mode = False
    session.config = None
    session.sagemaker_config = {}
    session.boto_region_name = "us-east-1"
    session.default_bucket.return_value = "amzn-example-bucket"
    session.sagemaker_client.describe_algorithm.return_value = case["algorithm"]
    try:
        made = estimator(
            algorithm_arn="arn:aws:sagemaker:us-east-1:246618743249:algorithm/a",
            role="arn:aws:iam::246618743249:role/sagemaker",
            sagemaker_session=session,
            **case["arguments"],
        )
        made.fit(case["channels"], wait=False)
    except (ValueError, KeyError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def main() -> None:
    """Answer each line."""
    import logging

    logging.disable(logging.CRITICAL)
    # Output of the SDK itself is redirected, so that it does not mix with the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    from sagemaker.algorithm import AlgorithmEstimator

    for line in sys.stdin:
        print(json.dumps(raised(json.loads(line), AlgorithmEstimator)), file=answers, flush=True)


if __name__ == "__main__":
    main()
