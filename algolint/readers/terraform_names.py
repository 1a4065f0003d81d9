"""Converting between the field names of Terraform's providers and those of the API."""

from __future__ import annotations

import re

from algolint.spec.context import AWSCC, TERRAFORM
from algolint.spec.recognition import TERRAFORM_TYPE

#: The types of resources that are requests, and how messages name their fields.
TARGETS = {f"aws_{TERRAFORM_TYPE}": TERRAFORM, f"awscc_{TERRAFORM_TYPE}": AWSCC}

# The positions in a field's name where a word begins.
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS = {"mime": "MIME", "gb": "GB", "mb": "MB"}
# Names that the providers do not split at capitals.
_NAMES = {"etag": "ETag", "model_data_etag": "ModelDataETag"}

#: The fields that are lists of objects, written as repeated blocks.
LISTS = frozenset(
    {"AdditionalModelDataSources", "Containers", "InputDataConfig", "InstanceGroups", "InstancePreferences"}
    | {"MetricDefinitions", "PlacementSpecifications", "SupportedHyperParameters"}
    | {"SupportedTuningJobObjectiveMetrics", "Tags", "TrainingChannels", "ValidationProfiles"}
    | {"AcceleratorPartitionLayouts", "AutoParameters", "CaptureOptions", "CategoricalParameterRanges"}
    | {"CollectionConfigurations", "ContinuousParameterRanges", "DebugRuleConfigurations", "InstanceConfigs"}
    | {"InstancePools", "IntegerParameterRanges", "ParentHyperParameterTuningJobs", "ProductionVariants"}
    | {"ProfilerRuleConfigurations", "ShadowProductionVariants", "TrainingJobDefinitions"}
)
#: The fields whose keys are the author's own.
MAPS = frozenset(
    {"CollectionParameters", "Environment", "HookParameters", "HyperParameters", "ProfilingParameters"}
    | {"RuleParameters", "StaticHyperParameters"}
)

#: The arguments of a resource that are for Terraform or the provider, not for the API.
META = frozenset(
    {"connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner", "region"}
    | {"timeouts"}
)


def api_name(name: str) -> str:
    """Return the API's name for an argument: `MaxPayloadInMB` for `max_payload_in_mb`."""
    return _NAMES.get(name) or "".join(
        _WORDS.get(word, word.capitalize() if word else "_") for word in name.split("_")
    )


def provider_name(field: str) -> str:
    """Return the providers' name for a field: `max_payload_in_mb` for `MaxPayloadInMB`."""
    known = next((name for name, own in _NAMES.items() if own == field), None)
    return known or _WORD_START.sub("_", field).lower()
