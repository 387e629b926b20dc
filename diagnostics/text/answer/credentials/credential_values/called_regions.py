"""Read which Region was called, and whether the account has enabled it."""

from __future__ import annotations

import re

from diagnostics.text.answer.credentials.credential_fault import UNKNOWN_KEY
from diagnostics.text.answer.credentials.key_faults import OF_USER, called_default_region
from diagnostics.text.answer.credentials.partition_values import OPTION_OF_REGION
from diagnostics.text.answer.regions.called_region import profile_region, regions_off
from diagnostics.text.read.identities.call_settings import around
from diagnostics.text.read.sequence.regions_of_failures import failing_regions
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, opt_in_region, other_partition_region
from iam.words import listing


def _is_enabled(region: str, text: str) -> bool:
    """Return whether the text says that the opt-in Region is enabled in the account."""
    words = (
        r"and|or|both|all|of|them|is|are|was|were|which|that|already|has|have|been|long|fails?|failing|governed|the|an?|opt-in"
        rf"|regions?|our|account|{REGION_NAME}"
    )
    said = (
        rf"(?<!if )(?<!whether )(?<!once ){region}\W{{1,4}}(?:(?:{words})\W{{1,4}}){{0,8}}(?:enabled|opted[ -]in)\b"
        rf"(?!\W*\?)|\b(?:we|I|they) (?:have |had )?(?:already )?enabled (?:the )?(?:opt-in )?(?:region )?{region}"
        rf"|{region}[^.\n]{{1,40}}\b(?:we|I) (?:have |had )?(?:already )?enabled it\b"
    )
    named = _NAMED_IN_STATUS.findall(text)
    is_of_it = not named or region in named
    return (is_of_it and _STATUS.search(text) is not None) or re.search(said, text, re.IGNORECASE) is not None


_STATUS = regex(r"RegionOptStatus\W{1,6}ENABLED(?!_BY_DEFAULT)\b")
_NAMED_IN_STATUS = regex(rf"(?:\bRegionName\W{{1,12}}|--region-name[ =][\"']?)(?P<region>{REGION_NAME})\b")


_STATE_IN_WORDS = {"not-opted-in": "not opted in"}
# AWS SDKs and Tools Reference Guide, "AWS STS Regional endpoints": with legacy, requests of Regions that are enabled by
# default go to the global endpoint
# (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html).
_GLOBAL_TOKENS = regex(r"\b(?:AWS_STS_REGIONAL_ENDPOINTS|sts_regional_endpoints)\b[\"']?[ \t]*[=:][ \t]*[\"']?legacy\b")


def _called_off(text: str, failing: tuple[str, ...]) -> dict[str, str]:
    """Return the Regions that are off and that a failed call went to, with their state, in the order of the calls."""
    off = regions_off(text)
    if failing:
        return {region: off[region] for region in failing if region in off}
    called = {region: state for region, state in off.items() if _is_called(region, text)}
    if len(called) > 1:  # a list of the account's Regions: the called one is also named elsewhere
        called = {region: state for region, state in called.items() if len(re.findall(rf"\b{region}\b", text)) > 1}
    return called if len(called) == 1 else {}


def of_called_regions(text: str) -> dict[str, str]:
    """Return what the text shows about the called Region: whether the account or another partition has it."""
    values: dict[str, str] = {}
    failing = failing_regions(text, UNKNOWN_KEY)
    off = _called_off(text, failing)
    if len(set(off.values())) == 1:
        state = next(iter(off.values()))
        are, each = ("is", "it is") if len(off) == 1 else ("are", "each is")
        values |= {
            "off_region": listing(list(off)),
            "off_state": f"{are} {_STATE_IN_WORDS.get(state, state)}",
            "region_name": next(iter(off)),
            "enable_off": "\n".join(f"aws account enable-region --region-name {region}" for region in off),
        }
        pending = state == "ENABLING"
        until = "its status is ENABLED" if pending else f"{each} enabled"
        values["off_means"] = f"until {until}, no key is valid there{': wait for that' if pending else ''}"
    elif (called := opt_in_region("\n".join(failing) or text)) and (called in failing or _is_called(called, text)):
        values |= {"enabled_region" if _is_enabled(called, text) else "opt_in_region": called, "region_name": called}
        if (
            "enabled_region" in values
            and not OF_USER.search(text)
            and (legacy := _GLOBAL_TOKENS.search(text)) is not None
        ):
            values |= {"legacy_enabled": "yes", "legacy_setting": " ".join(legacy[0].split())}
    if (named := other_partition_region(text)) and _is_called(named, text):
        values["partition_region"] = named
    if default := called_default_region(text):
        values["default_region"] = default
    return values


def _is_called(region: str, text: str) -> bool:
    """Return whether the call may have gone to the Region: no command, profile or setting names a different one."""
    failed = re.search(UNKNOWN_KEY, text, re.IGNORECASE)
    commands = re.findall(r"--region[ =]([a-z0-9-]+)", text[: failed.start()] if failed else "")
    if commands:
        return bool(commands[-1] == region)
    its_own = profile_region(text)
    if its_own is not None and its_own.region:
        return its_own.region == region
    end = failed.end() if failed else len(text)
    # A command below the failure is another call.
    called = around(text[:end] + OPTION_OF_REGION.sub("", text[end:])).region
    return called is None or not called.value or called.value == region
