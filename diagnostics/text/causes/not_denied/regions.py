"""Causes for Regions that are not enabled."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import contains, quoted, reading
from diagnostics.who import Who


def region(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the Region that may be disabled; nothing if the called Region is enabled in every account.

    Another row covers the latter case.
    """
    from diagnostics.text.answer.credentials.key_faults import called_default_region

    said = quoted(failure.text, r"RegionDisabled\w*|STS is not activated in this region")
    if said and not called_default_region(failure.text):
        yield FirstLook(
            "The Region, or STS in it, is not enabled for this account; or the service is not available there.",
            contains(said),
            reading("account", "list-regions", query="Regions[].[RegionName,RegionOptStatus]"),
            Who.ACCOUNT_ADMIN,
        )
