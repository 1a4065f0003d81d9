"""What a rule may ask of the whole spec. Every answer is worked out at most once.

A question that the visible part of a spec does not settle raises `Undecided`, and the rule that asked
is silent.
"""

from __future__ import annotations

from functools import cached_property

from algolint.model import REQUEST
from algolint.notation import arn, image, partition_of
from algolint.values import UNKNOWN, OpenDict, Undecided, every, lacks, select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from algolint.model import Model
    from algolint.values import Path


class Context:
    """The surroundings of a value: the whole spec, the revision aimed at and the derived facts.

    `spec` is the whole bound document. In a fragment (a training specification alone, a list of
    hyperparameters) `is_whole` is False, and facts of the parts that a fragment does not show are
    undecided.
    """

    def __init__(self, model: Model, spec: Any, shape: str = REQUEST, region: str | None = None) -> None:
        self.model = model
        self.revision = model.revision
        self.spec = spec
        self.shape = shape
        self.is_whole = shape == REQUEST
        self._region = region

    # ------------------------------------------------------------ the parts

    def _part(self, name: str) -> dict[str, Any] | None:
        """A part of the request: the object, None where it is certainly absent."""
        if not self.is_whole or not isinstance(self.spec, dict):
            raise Undecided
        if lacks(self.spec, name):
            return None
        part = self.spec.get(name, UNKNOWN)
        if not isinstance(part, dict):
            raise Undecided
        return part

    @cached_property
    def training(self) -> dict[str, Any]:
        """The TrainingSpecification. Undecided where there is none to be seen."""
        if self.shape == "TrainingSpecification" and isinstance(self.spec, dict):
            return self.spec
        part = self._part("TrainingSpecification")
        if part is None:
            raise Undecided
        return part

    @cached_property
    def inference(self) -> dict[str, Any] | None:
        """The InferenceSpecification, or None where there certainly is none."""
        if self.shape == "InferenceSpecification" and isinstance(self.spec, dict):
            return self.spec
        return self._part("InferenceSpecification")

    @cached_property
    def validation(self) -> dict[str, Any] | None:
        """The ValidationSpecification, or None where there certainly is none."""
        if self.shape == "AlgorithmValidationSpecification" and isinstance(self.spec, dict):
            return self.spec
        return self._part("ValidationSpecification")

    @cached_property
    def for_marketplace(self) -> bool:
        """Whether CertifyForMarketplace is true; in a fragment it is not."""
        if not self.is_whole or not isinstance(self.spec, dict):
            return False
        if lacks(self.spec, "CertifyForMarketplace"):
            return False
        match self.spec.get("CertifyForMarketplace", UNKNOWN):
            case bool() as flag:
                return flag
        raise Undecided

    @cached_property
    def profiles(self) -> list[tuple[Path, dict[str, Any]]]:
        """The validation profiles that can be seen, each with its path from the request."""
        return [
            (path, profile)
            for path, profile in select(self.spec, "ValidationSpecification", "ValidationProfiles", ...)
            if isinstance(profile, dict)
        ]

    @cached_property
    def training_jobs(self) -> list[tuple[Path, dict[str, Any]]]:
        """The TrainingJobDefinitions that can be seen, each with its path from the request."""
        return self._jobs("TrainingJobDefinition")

    @cached_property
    def transform_jobs(self) -> list[tuple[Path, dict[str, Any]]]:
        """The TransformJobDefinitions that can be seen, each with its path from the request."""
        return self._jobs("TransformJobDefinition")

    def _jobs(self, name: str) -> list[tuple[Path, dict[str, Any]]]:
        return [
            ((*path, name), job)
            for path, profile in self.profiles
            if isinstance(job := profile.get(name), dict)
        ]

    # ------------------------------------------------------------ declarations

    @cached_property
    def hyperparameters(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """The declared hyperparameters by name, each with its path; of two with one name the first.

        Undecided where one of them, or its name, is not known: for "is this name declared?".
        """
        return self._declared("SupportedHyperParameters")

    @cached_property
    def channels(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """The declared channels by name, each with its path; of two with one name the first.

        Undecided where one of them, or its name, is not known: for "is this name declared?".
        """
        return self._declared("TrainingChannels")

    @cached_property
    def metrics(self) -> dict[str, tuple[Path, dict[str, Any]]]:
        """The metric definitions by name, as `channels`."""
        return self._declared("MetricDefinitions")

    def _declared(self, field: str) -> dict[str, tuple[Path, dict[str, Any]]]:
        base: Path = ("TrainingSpecification", field) if self.is_whole else (field,)
        names: dict[str, tuple[Path, dict[str, Any]]] = {}
        for path, item in every(self.training, field, ...):
            match item:
                case {"Name": str() as name}:
                    names.setdefault(name, (base + path[1:], item))
                case _:
                    raise Undecided
        return names

    # ------------------------------------------------------------ where and whose

    @cached_property
    def region(self) -> str | None:
        """The region the spec is for: `--region`, else the one of the first private ECR image."""
        if self._region:
            return self._region
        return next((found.region for _, found in self.images if found.region), None)

    @cached_property
    def partition(self) -> str | None:
        """The partition of `region`."""
        return partition_of(self.region) if self.region else None

    @cached_property
    def account(self) -> str | None:
        """The account that the spec is for: the one of ValidationRole."""
        for _, role in select(self.spec, "ValidationSpecification", "ValidationRole"):
            parts = arn(role) if isinstance(role, str) else None
            if parts and parts.account:
                return parts.account
        return None

    @cached_property
    def images(self) -> list[tuple[Path, Any]]:
        """The images that can be seen, taken apart (`notation.Image`), each with its path; the training image first."""
        routes = (
            ("TrainingSpecification", "TrainingImage"),
            ("InferenceSpecification", "Containers", ..., "Image"),
            ("TrainingImage",),
            ("Containers", ..., "Image"),
        )
        return [
            (path, image(text))
            for route in routes
            for path, text in select(self.spec, *route)
            if isinstance(text, str)
        ]


def input_mode(job: dict[str, Any], channel: dict[str, Any]) -> str:
    """The mode in which a training job's channel is read: its InputMode, or else TrainingInputMode."""
    if lacks(channel, "InputMode"):
        mode = job.get("TrainingInputMode", UNKNOWN)
    else:
        mode = channel.get("InputMode", UNKNOWN)
    if not isinstance(mode, str):
        raise Undecided
    return mode


def channels_with_mode(job: dict[str, Any]) -> list[tuple[int, dict[str, Any], str]]:
    """The channels of a training job whose effective input mode is known: (index, channel, mode)."""
    found = []
    channels = job.get("InputDataConfig")
    if isinstance(channels, list):
        for index, channel in enumerate(channels):
            if isinstance(channel, dict):
                try:
                    found.append((index, channel, input_mode(job, channel)))
                except Undecided:
                    continue
    return found


def total_instances(resources: dict[str, Any]) -> tuple[int, bool]:
    """The instances of a ResourceConfig, and whether that is all of them or only what can be seen."""
    count = 0
    exact = not isinstance(resources, OpenDict)
    match resources:
        case {"InstanceGroups": list() as groups} if groups:
            for group in groups:
                match group:
                    case {"InstanceCount": int() as more}:
                        count += more
                    case _:
                        exact = False
            exact = exact and type(groups) is list
        case {"InstanceCount": int() as count}:
            pass
        case _:
            exact = False
    return count, exact
