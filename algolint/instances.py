"""Instance types and their families. For rule authors."""

from algolint.aws.instances import *  # noqa: F403
