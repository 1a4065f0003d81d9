"""The parts of a request, for those who break it; `Inapplicable` is raised where it lacks one."""

from __future__ import annotations

import random
from typing import Any

Request = dict[str, Any]


class Inapplicable(Exception):
    """The request has nothing that could be broken so."""


def training(request: Request) -> Any:
    """The TrainingSpecification."""
    return request["TrainingSpecification"]


def hyperparameter(request: Request, dice: random.Random, *kinds: str) -> Any:
    """A declared hyperparameter of one of some types."""
    found = [h for h in training(request)["SupportedHyperParameters"] if not kinds or h["Type"] in kinds]
    return one(dice, found)


def ranged(request: Request, dice: random.Random) -> tuple[Any, Any]:
    """A number's declaration, and its bounds."""
    spec = hyperparameter(request, dice, "Integer", "Continuous")
    (bounds,) = spec["Range"].values() if "Range" in spec else nothing()
    return spec, bounds


def container(request: Request, dice: random.Random) -> Any:
    """A container of the InferenceSpecification."""
    return one(dice, request["InferenceSpecification"]["Containers"])


def profile(request: Request) -> Any:
    """The validation profile."""
    return request["ValidationSpecification"]["ValidationProfiles"][0]


def job(request: Request) -> Any:
    """The training job of the profile."""
    return profile(request)["TrainingJobDefinition"]


def transform(request: Request) -> Any:
    """The transform job of the profile."""
    return profile(request)["TransformJobDefinition"]


def channel(request: Request, dice: random.Random, *modes: str, source: str = "") -> Any:
    """A channel of the training job, read in one of some modes, with a kind of source."""
    general = job(request)["TrainingInputMode"]
    found = [
        channel
        for channel in job(request)["InputDataConfig"]
        if (not modes or channel.get("InputMode", general) in modes)
        and (not source or source in channel["DataSource"])
    ]
    return one(dice, found)


def declared(request: Request, channel: Any) -> Any:
    """What the algorithm says of a job's channel."""
    channels = training(request)["TrainingChannels"]
    found = [declared for declared in channels if declared["Name"] == channel["ChannelName"]]
    return found[0] if found else nothing()


def one(dice: random.Random, found: Any) -> Any:
    """One of some things; `Inapplicable` where there is none."""
    return dice.choice(list(found)) if found else nothing()


def nothing() -> Any:
    """Raise `Inapplicable`."""
    raise Inapplicable


def need(condition: object) -> None:
    """Raise `Inapplicable` where a condition does not hold."""
    if not condition:
        raise Inapplicable
