"""Decide a refused web identity whose trust policy tests a key or a subject that no token can have."""

from __future__ import annotations

from collections.abc import Iterable

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.identities.token_conditions import TokenCondition, token_conditions
from diagnostics.who import Who
from iam.lazy_pattern import regex

_ARN = regex(r"\Aoidc-provider/|(?<![a-z])(?:oidc_?provider_?arn|oidcProviderArn)\b|\.arn\}")
"""A key that begins with the provider's ARN, or with a template's value that is this ARN."""
_WITH_SCHEME = regex(
    r"\A//|\bhttps?:|\$\{[^}]*(?:\bcluster_oidc_issuer_url|\boidc(?:\[0\]|\.0)\.issuer|ClusterOpenIdConnectIssuerUrl)\}"
)
"""A key that begins with the issuer's URL and its scheme, or with a template's value that contains the scheme."""
_ACCOUNT = "system:serviceaccount:"
_SERVICE_ACCOUNT = regex(r"system:serviceaccount:[^:*?$]+:?")
"""The subject of a pod without the name of its service account."""


def of_a_condition_that_no_token_meets(denial: Denial) -> Decision | None:
    """Return the decision for a trust policy whose conditions on the subject have a key or value that no token has.

    The key is the issuer's URL without ``https://``: IAM User Guide, "Available keys for AWS OIDC federation"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html). The subject of a pod
    has a namespace and a name: Amazon EKS User Guide, "Assign IAM roles to Kubernetes service accounts"
    (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
    """
    if (denial.action or "").lower() != "sts:assumerolewithwebidentity":
        return None
    conditions = [each for each in token_conditions(denial.pasted or denial.text) if each.claim == "sub"]
    faults = [_faults(each) for each in conditions]
    if not faults or not all(faults):
        return None
    found = dict.fromkeys(fault for each in faults for fault in each)
    first = conditions[0]
    return decide(
        "trust.condition-unmet",
        f"the condition on {first.issuer}:sub: {' or '.join(first.values)}",
        f"No token meets the trust policy's condition on the subject: {'; '.join(said for said, _ in found)}.",
        "Correct the condition of the trust policy",
        Who.RESOURCE_OWNER,
        "the trust policy in the text",
        " ".join(change for _, change in found),
        nearer=True,
    )


def _faults(condition: TokenCondition) -> list[tuple[str, str]]:
    """Return what is wrong with a condition on the subject, each with its correction."""
    return [*_of_key(condition.issuer), *_of_values(condition)]


def _of_key(issuer: str) -> Iterable[tuple[str, str]]:
    if _ARN.search(issuer):
        yield (
            f"the key {issuer}:sub begins with the provider's ARN instead of the issuer's URL",
            "Write the issuer's URL without https:// in the key (oidc.eks.REGION.amazonaws.com/id/ID:sub; with "
            "terraform-aws-modules/eks, module.eks.oidc_provider). The ARN is for the Principal only.",
        )
    elif _WITH_SCHEME.search(issuer):
        yield (
            f"the key {issuer}:sub contains https://",
            'Leave out https:// in the key; in Terraform, use replace(URL, "https://", "").',
        )


def _of_values(condition: TokenCondition) -> Iterable[tuple[str, str]]:
    accounts = [each for each in condition.values if each.startswith(_ACCOUNT)]
    lacking = [each for each in accounts if _SERVICE_ACCOUNT.fullmatch(each)]
    if lacking and len(lacking) == len(condition.values):
        yield (
            f"{lacking[0]} lacks the name of a service account",
            f"A pod's subject is {_ACCOUNT}NAMESPACE:NAME: write {lacking[0].rstrip(':')}:NAME.",
        )
