"""The regions of availability zones."""

from __future__ import annotations

from algolint.aws.region_table import REGIONS


def region_of_zone(zone: str) -> str | None:
    """Return the region of an availability or local zone's id, such as us-east-1 for use1-az4."""
    prefix = zone.partition("-")[0]
    return next((region for region in REGIONS if prefix and zone_prefix(region) == prefix), None)


def zone_prefix(region: str) -> str:
    """Return the prefix of the ids of a region's zones; empty if the region has an unknown form."""
    parts = region.split("-")
    if len(parts) != 3:
        return ""
    area, direction, number = parts
    # northeast becomes ne, and east becomes e.
    for word in ("north", "south", "east", "west", "central"):
        direction = direction.replace(word, word[0])
    return f"{area}{direction}{number}"
