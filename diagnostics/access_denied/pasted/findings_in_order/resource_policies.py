"""Evaluate the policies of resources, and decide whether such a policy has to allow the request."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.findings_in_order.comparison import Comparison
from diagnostics.access_denied.pasted.policies_in_text import KEY_ARN, PastedPolicy
from diagnostics.access_denied.request.operation import operation_needs
from diagnostics.failure import Denial
from diagnostics.words import is_trust_action, word_of
from iam.arn import account_of
from iam.policy.document import Document
from iam.policy.layer import Layer


def evaluated_for_resources(case: Comparison) -> list[Finding]:
    """Return what resource policies say about the request.

    An endpoint policy or RCP with principals also counts, if AWS names it; an endpoint policy for the request's service
    also if AWS names no policy.
    """
    findings: list[Finding] = []
    word = word_of(Layer.RESOURCE, trust=case.is_trust)
    for one in case.found:
        if not one.names_principals:
            continue
        if one.label in ("vpce", "rcp") and (one.label == case.stated or _may_limit(one, case)):
            findings += judge(case.denial, case.action, [one], Layer.RESOURCE, one.label, case.values, whole=one.whole)
        elif one.label in ("", word):
            asked, action = _of_the_key(one.document, case.denial, case.action)
            decides = one.whole and _must_allow(asked, action, case.stated)
            findings += judge(asked, action, [one], Layer.RESOURCE, word, case.values, whole=decides)
    return findings


def _may_limit(one: PastedPolicy, case: Comparison) -> bool:
    """Whether the endpoint policy may be the cause of a refusal without a stated reason, as S3's often are.

    AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies"
    (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html).
    """
    return one.label == "vpce" and not case.stated and not case.is_explicit and one.whole and one.speaks


def _must_allow(denial: Denial, action: str, stated: str) -> bool:
    """Return whether the resource's own policy has to allow the request.

    It has to for a trust policy or a key policy, for a caller from another account, and if AWS says that the missing
    Allow is in this policy. Within one account, the caller's own policies suffice.
    """
    home, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    apart = home is not None and owner is not None and home != owner
    return stated in ("resource", "trust") or is_trust_action(action) or action.lower().startswith("kms:") or apart


def _of_the_key(document: Document, denial: Denial, action: str) -> tuple[Denial, str]:
    """Return the request on the KMS key, for a key policy that comes with the denial of a service that uses the key.

    The action is the first action of KMS that AWS documents for the operation, or else kms:Decrypt.
    """
    named = [each.lower() for one in document.statements for each in one.action or ()]
    key = KEY_ARN.search(denial.text)
    of_key = bool(named) and all(each.startswith("kms:") for each in named) and not action.lower().startswith("kms:")
    if not of_key or key is None:
        return denial, action
    needs = (need.action for need in operation_needs(denial, action))
    on_key = next((need for need in needs if need.startswith("kms:")), "kms:Decrypt")
    return replace(denial, resource=key[0]), on_key
