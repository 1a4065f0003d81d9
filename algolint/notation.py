"""The notations of AWS: images, ARNs, numbers, S3 addresses. For rule authors."""

from algolint.aws.notation import *  # noqa: F403
