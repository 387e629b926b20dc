"""A tool that is not allowed to read a resource treats it as missing: its plan then creates again what exists."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.denials.signs import Signs
from diagnostics.text.causes.look import AN_ALLOW_HELPS, contains
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.service_reference import has_resource_types

_READS = regex(r"[a-z0-9-]+:(?:describe|get|head|list)\w+")
_PLANS = (
    r"\b(?:terraform|tofu|opentofu|pulumi|terragrunt|cdktf|crossplane|ansible)\b[\s\S]{0,2000}?"
    r"\b(?:plans?|planned|preview|refresh|drift|state)\b"
)
_AS_GONE = (
    r"\b(?:has|have|was|were|been) (?:been )?(?:deleted|removed)\b|\"deleted\"|\bdeleted? \(refresh\)"
    r"|\b(?:wants?|plans?) to (?:re)?create\b|\bremov(?:ed|ing) from state\b"
)
_STOPPED = r"\b[Ee]rror: |\b[Ee]rror (?:reading|refreshing)\b|\bfailed to (?:read|refresh)\b"
"""What a tool prints that does not go on after a refused call."""


def refused_read(signs: Signs) -> Iterator[FirstLook]:
    """Yield a warning not to apply the plan: the tool treats what it was not allowed to read as missing."""
    if _READS.fullmatch(signs.action) is None or signs.denied_explicitly or not signs.says(_PLANS):
        return
    gone = signs.quote(_AS_GONE)
    if not gone or signs.says(_STOPPED):
        return
    everything = "" if has_resource_types(signs.action) is not False else ' on Resource "*"'
    yield FirstLook(
        "Do not apply this plan or accept this refresh: most likely the tool treats what it is not allowed to read "
        f"as missing, and would create it again. Allow its identity {signs.denial.action}{everything}, then plan "
        "again.",
        contains(gone),
        None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )
