"""Hypothesis strategies that make requests from the model, at any revision."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from algolint.aws.model import Model

# Texts for each pattern, written by hand: strategies from regular expressions are slow and rarely long.
_WORD = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789", min_size=1, max_size=8)
_NAME = st.lists(_WORD, min_size=1, max_size=3).map("-".join)
_URI = st.builds("{}://{}/{}".format, st.sampled_from(("s3", "https")), _NAME, _WORD)
_TEXTS: dict[str, st.SearchStrategy[str]] = {
    "FileSystemId": st.text("0123456789abcdef", min_size=8, max_size=17).map("fs-{}".format),
    "HubContentVersion": st.sampled_from(("1.0.0", "12.3.4444")),
    "HubDataSetArn": _WORD.map("arn:aws:sagemaker:us-east-1:246618743249:hub-content/hub/DataSet/{}".format),
    "ImageDigest": st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256:{}".format),
    "ModelPackageFrameworkVersion": st.sampled_from(("2.1", "1.13-cpu", "0.9.1")),
    "ResponseMIMEType": st.sampled_from(("text/csv", "application/json", "x/y;z=1")),
    "RoleArn": _NAME.map("arn:aws:iam::246618743249:role/{}".format),
    "TrainingPlanArn": _NAME.map("arn:aws:sagemaker:us-east-1:246618743249:training-plan/{}".format),
}
_TEXTS |= dict.fromkeys(("S3Uri", "S3ModelUri", "Url"), _URI)
_TEXTS |= dict.fromkeys(("EntityDescription", "ParameterName"), st.text("aé 日∑,.😀", max_size=20))
_TEXTS |= dict.fromkeys(("TagKey", "TagValue"), st.text("aé 日_.:/=+-@", min_size=1, max_size=20))
_TEXTS |= dict.fromkeys(("EnvironmentKey", "TransformEnvironmentKey"), _WORD.map("_{}".format))


def request(revision: str, shape: str = "CreateAlgorithmInput") -> st.SearchStrategy[Any]:
    """Values that satisfy every constraint of a shape at a revision, optional fields at random."""
    return _of(_model(revision), shape)


@cache
def _model(revision: str) -> Model:
    return Model(revision)


@cache
def _of(model: Model, name: str) -> st.SearchStrategy[Any]:
    shape = model.shape(name)
    low = shape.min or 0
    high = min(shape.max if shape.max is not None else low + 3, low + 3)
    match shape.type:
        case "structure":
            fields = {k: _of(model, m) for k, m in shape.members.items() if k not in shape.read_only}
            required = {k: fields.pop(k) for k in shape.required}
            return st.fixed_dictionaries(required, optional=fields)
        case "list":
            return st.lists(_of(model, shape.item), min_size=low, max_size=high)
        case "map":
            return st.dictionaries(
                _of(model, shape.key), _of(model, shape.value), min_size=low, max_size=high
            )
        case "boolean":
            return st.booleans()
        case "string" if shape.enum is not None:
            return st.sampled_from(shape.enum)
        case "string":
            return _TEXTS.get(name, _NAME).map(lambda text: text.ljust(low, "a")[: shape.max])
        case _:
            return st.integers(shape.min if shape.min is not None else -(2**31), shape.max or 2**31 - 1)
