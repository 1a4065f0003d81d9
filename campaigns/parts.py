"""The parts of a request for breaks. `Inapplicable` is raised if the request does not have one."""

from __future__ import annotations

import random
from typing import Any

Request = dict[str, Any]


class Inapplicable(Exception):
    """Raised if the request does not have the part to break."""


def training(request: Request) -> Any:
    """Return the TrainingSpecification."""
    return request["TrainingSpecification"]


def hyperparameter(request: Request, dice: random.Random, *kinds: str) -> Any:
    """Return a declared hyperparameter of one of some types."""
    found = [h for h in training(request)["SupportedHyperParameters"] if not kinds or h["Type"] in kinds]
    return one(dice, found)


def ranged(request: Request, dice: random.Random) -> tuple[Any, Any]:
    """Return a number's declaration and bounds."""
    spec = hyperparameter(request, dice, "Integer", "Continuous")
    (bounds,) = spec["Range"].values() if "Range" in spec else nothing()
    return spec, bounds


def container(request: Request, dice: random.Random) -> Any:
    """Return a container of the InferenceSpecification."""
    return one(dice, request["InferenceSpecification"]["Containers"])


def profile(request: Request) -> Any:
    """Return the validation profile."""
    return request["ValidationSpecification"]["ValidationProfiles"][0]


def job(request: Request) -> Any:
    """Return the training job of the profile."""
    return profile(request)["TrainingJobDefinition"]


def transform(request: Request) -> Any:
    """Return the transform job of the profile."""
    return profile(request)["TransformJobDefinition"]


def channel(request: Request, dice: random.Random, *modes: str, source: str = "") -> Any:
    """Return a channel of the training job that is read in one of some modes, with a kind of source."""
    general = job(request)["TrainingInputMode"]
    found = [
        channel
        for channel in job(request)["InputDataConfig"]
        if (not modes or channel.get("InputMode", general) in modes)
        and (not source or source in channel["DataSource"])
    ]
    return one(dice, found)


def declared(request: Request, channel: Any) -> Any:
    """Return the algorithm's declaration of a job's channel."""
    channels = training(request)["TrainingChannels"]
    found = [declared for declared in channels if declared["Name"] == channel["ChannelName"]]
    return found[0] if found else nothing()


def one(dice: random.Random, found: Any) -> Any:
    """Return one of some things. Raises `Inapplicable` if there is none."""
    return dice.choice(list(found)) if found else nothing()


def nothing() -> Any:
    """Raise `Inapplicable`."""
    raise Inapplicable


def need(condition: object) -> None:
    """Raise `Inapplicable` unless a condition holds."""
    if not condition:
        raise Inapplicable
