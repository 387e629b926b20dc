"""A profile whose sso_region is another Region than the one in which, as the text says, IAM Identity Center is."""

from __future__ import annotations

from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_SET = regex(rf"\b\w*sso_region[\"']?\s*[=:]\s*[\"']?(?P<region>{REGION_NAME})\b")
_CENTER = r"(?:IAM )?Identity Center|AWS SSO|SSO instance|Identity Store"
_SAID = regex(
    rf"\b(?:{_CENTER})\b(?P<words>[^.\n=]{{0,60}}?"
    r"\b(?:is|runs|lives|enabled|instance|home|moved|migrated|region)\b[^.\n=]{0,60}?)"
    rf"\b(?P<region>{REGION_NAME})\b(?![^.\n]{{0,20}}\bto {REGION_NAME})"
    rf"|\b(?:moved|migrated|recreated|switched)\b[^.\n]{{0,30}}\b(?:{_CENTER})\b[^.\n]{{0,40}}?"
    rf"\b(?:to|in)\s+(?P<moved>{REGION_NAME})\b"
    rf"|https://(?P<console>{REGION_NAME})\.console\.aws\.amazon\.com/singlesignon\b"
)
_NOT_SAID = regex(r"n't\b|\bnot?\b|\bfrom\s*$|\?")
_FROM_TO = regex(rf"\bfrom {REGION_NAME} to (?P<region>{REGION_NAME})")


def sso_regions(text: str) -> tuple[str, str] | None:
    """Return the profile's sso_region and the Region of Identity Center that the text says, if they differ; else None.

    AWS CLI User Guide, "Configuring IAM Identity Center authentication with the AWS CLI": sso_region is the Region of
    Identity Center (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    """
    configured = {found["region"] for found in _SET.finditer(text)}
    stated: set[str] = set()
    for found in _SAID.finditer(text):
        line = text[found.start() : (text + "\n").index("\n", found.end())]
        moved = _FROM_TO.search(line)
        if not _NOT_SAID.search(found["words"] or ""):
            stated.add(moved["region"] if moved else found["region"] or found["moved"] or found["console"])
    if len(configured) != 1 or len(stated) != 1 or configured == stated:
        return None
    return configured.pop(), stated.pop()


def sso_region_sentence(text: str) -> str:
    """Return what to do about a profile whose sso_region is not the Region of Identity Center; "" if the text has none.

    Its cached sign-in is of the other Region, so AWS does not find the session.
    """
    if (regions := sso_regions(text)) is None:
        return ""
    return (
        f"The profile's sso_region is {regions[0]}, but the text says that IAM Identity Center is in {regions[1]}: set "
        f"sso_region to {regions[1]} and sign in again. The Region of the workloads does not matter for it."
    )


def sso_region_fix(text: str) -> Fix | None:
    """Return the fix for a profile whose sso_region is not the Region of Identity Center; None if the text has none."""
    if (regions := sso_regions(text)) is None:
        return None
    change = (
        f"Set sso_region (or granted_sso_region) to {regions[1]} in every profile and sso-session, compare "
        "sso_start_url with the access portal's URL, then aws sso logout and aws sso login. After a move, account "
        "assignments and permission sets exist only where they were made again."
    )
    return Fix(f"Set sso_region to {regions[1]}", Who.CALLER, Note("the profile in ~/.aws/config", change))
