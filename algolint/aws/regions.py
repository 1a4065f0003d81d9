"""AWS's regions and partitions, and where AWS's own image registries are."""

from __future__ import annotations

from algolint.aws.region_table import PARTITIONS

#: The names of all regions of all partitions.
REGIONS = frozenset(region for _, regions in PARTITIONS.values() for region in regions.split())


def registry_regions(account: str) -> tuple[str, ...]:
    """Return the regions that an account of AWS's own image registries serves; none for other accounts."""
    # Only an image needs the table.
    from algolint.aws.registry_table import REGISTRIES

    return tuple(REGISTRIES.get(account, "").split())
