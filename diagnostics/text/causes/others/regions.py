"""Causes for Regions that are not enabled or misspelled."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.look import contains, quoted, reading
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, is_known_region, known_regions


def region(failure: OtherFailure) -> Iterator[FirstLook]:
    if said := quoted(
        failure.text,
        r"RegionDisabled\w*|STS is not activated in this region|not subscribed to this service",
    ):
        yield FirstLook(
            "The Region, or STS in it, is not enabled for this account; or the service is not available there.",
            contains(said),
            reading("account", "list-regions", query="Regions[].[RegionName,RegionOptStatus]"),
            Who.ACCOUNT_ADMIN,
        )


_REGION_OF_HOST = regex(rf"\.(?P<region>{REGION_NAME})\.(?:amazonaws\.com|api\.aws)")


def mistyped_region(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if an AWS host name has a Region that botocore lists in no partition with customer accounts."""
    host = _REGION_OF_HOST.search(failure.name or "")
    if failure.trouble is not Trouble.NOT_IAM or host is None or is_known_region(host["region"]):
        return
    near = get_close_matches(host["region"], known_regions(), n=1, cutoff=0.8)
    meant = f": it may be {near[0]}" if near else ""
    yield FirstLook(
        f"No Region {host['region']} is known here{meant}. Check the Region's spelling (--region, AWS_REGION, the "
        "profile) before the network.",
        contains(failure.name or ""),
        "aws configure list",
        Who.CALLER,
    )
