"""A tool that is not allowed to read a resource treats it as missing, and plans to create it again."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.service_reference import has_resource_types
from iam.words import listing

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
"""The output of a tool that stops after a refused call."""


def refused_read(signs: Signs) -> Iterator[FirstLook]:
    """Yield a warning not to apply the plan, which treats resources that the tool cannot read as missing."""
    if _READS.fullmatch(signs.action) is None or signs.denied_explicitly or not signs.says(_PLANS):
        return
    gone = signs.quote(_AS_GONE)
    if not gone or signs.says(_STOPPED):
        return
    everything = "" if has_resource_types(signs.action) is not False else ' on Resource "*"'
    yield FirstLook(
        "Do not apply this plan or accept this refresh: most likely the tool treats resources that it is not allowed "
        "to read as missing, and would create them again. Allow the tool's identity "
        f"{signs.denial.action}{everything}, then plan again.",
        contains(gone),
        None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


# Terraform, "terraform plan": it first reads the current state of all objects that it manages
# (https://developer.hashicorp.com/terraform/cli/commands/plan).
_REFRESHES = r"\bError: (?:reading|listing|describing) [A-Z]"
_A_READ = r"(?P<{}>(?:Get|Describe|List|Head)[A-Z][A-Za-z]+)\b"
_READING = regex(
    rf"\boperation error [\w ]{{2,40}}: {_A_READ.format('call')}"
    rf"|: {_A_READ.format('also')}[^\n]{{0,60}}\b(?:AccessDenied\w*|403\b|not authorized)"
)
_SEVERAL = 3


def of_a_refresh(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if Terraform is refused several reads: it refreshes every resource of its state."""
    text = signs.denial.pasted or signs.denial.text
    calls = dict.fromkeys(found["call"] or found["also"] for found in _READING.finditer(text))
    if len(calls) < _SEVERAL or signs.denied_explicitly or not signs.says(_REFRESHES):
        return
    yield FirstLook(
        "Before it changes anything, Terraform reads every resource of its state: its identity needs the read actions "
        f"of all of them. Allow them together ({listing(list(calls), limit=8)}, and the others of these services), not "
        "one error at a time. For a KMS key, check its key policy, too.",
        contains(*list(calls)[:2]),
        None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )
