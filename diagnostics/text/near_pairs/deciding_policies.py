"""Determine which kind of policy decides the failed request, and which of the policy's elements contains an ARN."""

from __future__ import annotations

from diagnostics.text.near_pairs.difference_and_advice import ENTRIES
from diagnostics.text.near_pairs.named_values import Named, Paste
from diagnostics.words import is_trust_action
from iam.arn import Arn
from iam.lazy_pattern import regex


def layer_of(paste: Paste, fault: str) -> str:
    """Return the cause code for the kind of policy that decides and the kind of ``fault`` in that policy."""
    denial = paste.denial
    if denial is None:
        return "not-iam"
    layer = (denial.stated_reason or "").partition(":")[2]
    if is_trust_action(denial.action or ""):
        return "trust.condition-unmet" if fault == "condition" else "trust.principal-mismatch"
    if layer in ("boundary", "scp", "rcp", "session", "vpce") and fault in (
        "condition",
        "mismatch",
        "resource",
        "named",
    ):
        return f"{layer}.resource-mismatch" if fault in ("resource", "named") else f"{layer}.condition-unmet"
    if layer not in ("identity", "resource"):
        layer = "resource" if fault in ("mismatch", "named") else "identity"
    return {
        "mismatch": f"{layer}.principal-mismatch" if layer == "resource" else "identity.resource-mismatch",
        "condition": f"{layer}.condition-unmet",
        "resource": f"{layer}.resource-mismatch",
        "named": f"{layer}.resource-mismatch",
        "holder": "identity.no-action",
    }[fault]


_OF_RESOURCE = regex(r"\b(?:Not)?[Rr]esources?\b|\bon\s+$|\bSourceArn\b")
_OF_PRINCIPAL = regex(r"\bPrincipal(?:Arn)?\b|\bAWS\b|\b(?:role|user)arn\b|\bbound_iam_principal_arn\b|access entries")


def element_of(paste: Paste, one: Named) -> str:
    """Return whether an ARN of a rule is a "principal" or a "resource"; "" if the text shows neither.

    Principals have ARNs of IAM and STS. IAM User Guide, "AWS JSON policy elements: Principal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    if one.place == ENTRIES:
        return "principal"
    arn = Arn.parse(one.value)
    if arn is not None and arn.service not in ("iam", "sts"):
        return "resource"
    before = paste.rule_before(one.at)
    resources, principals = list(_OF_RESOURCE.finditer(before)), list(_OF_PRINCIPAL.finditer(before))
    if not resources and not principals:
        return ""
    last_resource = resources[-1].start() if resources else -1
    last_principal = principals[-1].start() if principals else -1
    return "principal" if last_principal > last_resource else "resource"
