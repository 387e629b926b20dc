"""Read from a text in which Region a call was made, and which Regions are off in the account."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.text.answer.credentials.credential_fault import UNKNOWN_KEY
from diagnostics.text.read.identities.call_settings import around
from diagnostics.text.read.layout.shell import PROFILE_OPTION, PROFILE_VARIABLE
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_SECTION = regex(r"^[ \t]*\[(?:profile[ \t]+)?[\"']?(?P<name>[\w.@+-]{1,64})[\"']?\][ \t]*$", re.MULTILINE)
_SETTING = regex(rf"^[ \t]*region[ \t]*=[ \t]*(?P<region>{REGION_NAME})\b", re.MULTILINE)
_IS_SETTING = regex(r"^[ \t]*(?:[a-z_]+[ \t]*=|#|;|$)")
_CONFIGURATION = regex(r"^[ \t]*(?:region|output|role_arn|sso_\w+|source_profile)[ \t]*=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProfileRegion:
    """The profile of the failed call, and its Region in the text's configuration; "" if the profile sets none."""

    profile: str
    region: str


def profile_region(text: str) -> ProfileRegion | None:
    """Return the profile of the failed call with its Region; None if an option or a variable sets it, or none is shown.

    AWS SDKs and Tools Reference Guide, "Shared config and credentials files": a profile has its own settings, and
    does not use those of [default] (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
    """
    if around(text).region is not None or not _CONFIGURATION.search(text):
        return None
    failed = re.search(UNKNOWN_KEY, text, re.IGNORECASE)
    options = list(PROFILE_OPTION.finditer(text, 0, failed.start() if failed else len(text)))
    named = options[-1] if options else PROFILE_VARIABLE.search(text)
    sections = _regions_of_profiles(text)
    name = named["name"] if named is not None else next(iter(sections)) if len(sections) == 1 else ""
    return ProfileRegion(name, sections[name]) if name in sections else None


def _regions_of_profiles(text: str) -> dict[str, str]:
    """Return the profiles of the printed configuration files with their Regions; "" for a profile that sets none."""
    found: dict[str, str] = {}
    for section in _SECTION.finditer(text):
        lines = []
        for line in text[section.end() + 1 :].splitlines():
            if not _IS_SETTING.match(line):
                break
            lines.append(line)
        setting = _SETTING.search("\n".join(lines))
        found[section["name"]] = setting["region"] if setting else found.get(section["name"], "")
    return found


_OFF = r"(?P<state>DISABLED|DISABLING|ENABLING|not-opted-in)"
_STATES = (
    regex(rf"\bRegionName\W{{1,12}}(?P<region>{REGION_NAME})\W{{1,40}}RegionOptStatus\W{{1,12}}{_OFF}\b"),
    regex(rf"\bRegionOptStatus\W{{1,12}}{_OFF}\W{{1,40}}RegionName\W{{1,12}}(?P<region>{REGION_NAME})\b"),
    regex(rf"\bOptInStatus\W{{1,12}}{_OFF}\b[^{{}}]{{0,120}}?\bRegionName\W{{1,12}}(?P<region>{REGION_NAME})\b"),
    regex(rf"\bRegionName\W{{1,12}}(?P<region>{REGION_NAME})\W[^{{}}]{{0,120}}?\bOptInStatus\W{{1,12}}{_OFF}\b"),
    regex(
        rf"--region-name[ =][\"']?(?P<region>{REGION_NAME})\b[^\n]*\n\W{{0,12}}(?:RegionOptStatus\W{{1,12}})?{_OFF}\b"
    ),
    regex(rf"(?<![\w.-])(?P<region>{REGION_NAME})[ \t|,:\"'=-]{{1,20}}(?:>[ \t]*)?{_OFF}(?![\w-])"),
    regex(rf"(?<![\w.-]){_OFF}[ \t|,:\"']{{1,20}}(?P<region>{REGION_NAME})(?![\w.-])"),
)
_FILTERED = regex(
    rf"\b(?:describe-regions|list-regions)\b[^\n]{{0,200}}?(?:[`'\"=]|-contains |Values=)"
    rf"(?P<state>DISABLED|not-opted-in)\b[^\n]{{0,200}}\n(?P<regions>(?:[\s\[\]\"',|+-]*{REGION_NAME}\b)+)"
)
"""A command that lists only Regions of this state, with its output."""
_SAID = regex(
    rf"(?<![\w.-])(?P<region>{REGION_NAME})(?:[ \t]+(?:region|is|was|has|been|still|currently))*[ \t]+"
    r"(?P<state>disabled|not (?:yet )?enabled|never (?:been )?enabled|not opted[ -]in)\b(?!\?)"
    rf"|\b(?P<said>(?:have|has|had)(?:n['\u2019]t| not| never)|never|did(?:n['\u2019]t| not)) (?:yet )?"
    rf"(?:enabled?|opted? in(?:to)?) (?:the )?(?:opt-in )?(?:region )?(?P<named>{REGION_NAME})\b",
    re.IGNORECASE,
)


def regions_off(text: str) -> dict[str, str]:
    """Return the Regions that the text shows to be disabled in the account, with their state in words.

    AWS Account Management API Reference, "Region": ENABLED, ENABLING, DISABLING, DISABLED and ENABLED_BY_DEFAULT
    (https://docs.aws.amazon.com/accounts/latest/reference/API_Region.html). Amazon EC2 API Reference, "Region":
    not-opted-in (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Region.html).
    """
    found: dict[str, str] = {}
    if re.search(_OFF, text):
        for pattern in _STATES:
            for each in pattern.finditer(text):
                found.setdefault(each["region"], each["state"])
        for listed in _FILTERED.finditer(text):
            for region in re.findall(REGION_NAME, listed["regions"]):
                found.setdefault(region, listed["state"])
    for each in _SAID.finditer(text):
        found.setdefault(each["region"] or each["named"], "not enabled")
    return found
