"""The Regions of a partition, and Regions mentioned in a text."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from iam.lazy_pattern import regex

REGION_NAME = r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}"
"""A pattern of a Region's name: us-east-1, us-gov-west-1, eusc-de-east-1.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""
A_REGION = regex(REGION_NAME)


@cache
def regions(partition: str) -> tuple[str, ...]:
    """Return the Regions in a partition, from botocore's data file.

    Does not import botocore, which takes as much memory as a thousand roles.
    """
    return tuple(sorted(_described(partition)))


def _described(partition: str) -> Mapping[str, str]:
    """The Regions of a partition with their names in words."""
    found = find_spec("botocore")
    folder = Path(*(found.submodule_search_locations or ()) if found else ("no botocore",), "data")
    listed = json.loads((folder / "partitions.json").read_bytes())
    known: Mapping[str, Mapping[str, str]] = next(
        (each["regions"] for each in listed["partitions"] if each["id"] == partition), {}
    )
    return {name: each.get("description", "") for name, each in known.items() if not name.endswith("-global")}


@cache
def region_places() -> Mapping[str, str]:
    """Return the Regions by the place in their names: ``Stockholm`` for ``Europe (Stockholm)``, from the same file."""
    named = ((re.search(r"\(([^)]+)\)", words), region) for region, words in _described("aws").items())
    return {found[1]: region for found, region in named if found and found[1] != "Central"}


@cache
def known_regions() -> tuple[str, ...]:
    """Return the Regions in the partitions ``aws``, ``aws-cn`` and ``aws-us-gov``."""
    return tuple(name for partition in ("aws", "aws-cn", "aws-us-gov") for name in regions(partition))


def is_known_region(name: str) -> bool:
    """Whether one of the partitions ``aws``, ``aws-cn`` and ``aws-us-gov`` has a Region with this name."""
    return name in known_regions()


# AWS Account Management reference guide, "Enable or disable AWS Regions in your account": these Regions are disabled by
# default.
_OPT_IN = regex(
    r"\b(?:af-south-1|ap-east-[12]|ap-south-2|ap-southeast-[3-7]|ca-west-1|eu-central-2|eu-south-[12]|il-central-1"
    r"|me-(?:central|south)-1|mx-central-1)\b"
)
_OTHER_PARTITION = regex(r"\b(?:cn-north(?:west)?-1|us-gov-(?:east|west)-1|eusc-de-east-1)\b")


def similar_region(name: str) -> str | None:
    """Return the known Region whose name is most similar to this one.

    None if there is none, or if this name is known. A Region with the same letters in another order comes first:
    us-esat-1 is us-east-1 rather than us-west-1.
    """
    near = [] if is_known_region(name) else get_close_matches(name, known_regions(), n=3, cutoff=0.8)
    return next((each for each in near if Counter(each) == Counter(name)), near[0] if near else None)


def opt_in_region(text: str) -> str | None:
    """Return the first opt-in Region that ``text`` mentions, or None."""
    found = _OPT_IN.search(text)
    return found[0] if found else None


def other_partition_region(text: str) -> str | None:
    """Return the first Region outside the ``aws`` partition that ``text`` mentions, or None."""
    found = _OTHER_PARTITION.search(text)
    return found[0] if found else None
