"""A pod that gets no role from EKS Pod Identity, because the association in the text is for other pods."""

from __future__ import annotations

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.identities.pod_associations import other_association
from diagnostics.who import Who
from iam.lazy_pattern import regex

_NO_ASSOCIATION = regex(
    r"\b[Nn]o (?:\w+ )?association\w*[^\n]{0,60}?\b[Ss]ervice ?[Aa]ccount\W{1,3}(?P<account>[a-z0-9][a-z0-9.-]{0,61})"
    r"[^\n]{0,30}?\bnamespace\W{1,3}(?P<namespace>[a-z0-9][a-z0-9-]{0,61})"
)


def for_other_pods(denial: Denial) -> Decision | None:
    """Return the decision that the association in the text is for another service account or namespace; else None.

    Amazon EKS User Guide, "Learn how EKS Pod Identity grants pods access to AWS services"
    (https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html).
    """
    text = denial.pasted or denial.text
    refused = _NO_ASSOCIATION.search(text)
    if refused is None:
        return None
    account, namespace = refused["account"].rstrip("."), refused["namespace"]
    other = other_association(text[: refused.start()] + text[refused.end() :], account, namespace)
    if other is None:
        return None
    return decide(
        "not-iam",
        str(other.associated),
        other.sentence,
        f"Create an association for {other.of_pod}, then restart the pods",
        Who.RESOURCE_OWNER,
        "the cluster's Pod Identity associations",
        f"aws eks create-pod-identity-association --cluster-name CLUSTER --namespace {namespace} --service-account "
        f"{account} --role-arn ROLE. Or correct the existing association. No policy has to change.",
    )
