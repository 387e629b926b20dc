"""A trust policy that names a service account of its own, where EMR on EKS creates the accounts of its jobs."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

_OF_EMR = regex(r"\bEMR[ -](?:jobs? )?on[ -]EKS\b|\bemr-containers\b|\bEmr(?:Eks)?Containers?\w*Operator", 2)
_SUBJECT = regex(r"(?<!/)\bsystem:serviceaccount:(?P<namespace>[^:\s\"']+):(?P<name>[^\s\"',;\]}]+)")
_GENERATED = "emr-containers-sa-"
_OPERATOR = regex(r"\bspark-operator\b|\bSpark operator\b|\bserviceAccount(?:Name)?[\"']?\s*[:=]|\bFlinkDeployment\b")


def of_a_generated_account(denial: Denial) -> Decision | None:
    """Return the decision that the trust policy's subjects cannot be those of EMR on EKS; else None.

    Amazon EMR on EKS Development Guide, "Using job execution roles with Amazon EMR on EKS": StartJobRun creates service
    accounts named emr-containers-sa-*-*-ACCOUNT-ENCODED_ROLE_NAME
    (https://docs.aws.amazon.com/emr/latest/EMR-on-EKS-DevelopmentGuide/iam-execution-role.html).
    """
    text = denial.pasted or denial.text
    if (denial.action or "").lower() != "sts:assumerolewithwebidentity" or not _OF_EMR.search(text):
        return None
    subjects = {found[0]: found for found in _SUBJECT.finditer(text)}
    if not subjects or _OPERATOR.search(text) or any(map(_may_be_generated, subjects)):
        return None
    named, first = listing(list(subjects), limit=2), next(iter(subjects.values()))
    decision = decide(
        "trust.condition-unmet",
        f"the trust policy names {named}, which is no service account that EMR on EKS creates",
        f"EMR on EKS runs each job with service accounts that it creates (emr-containers-sa-…), but the trust policy "
        f"in the text accepts only {named}: let the AWS CLI write the statement for them.",
        "Let the trust policy accept the service accounts of EMR on EKS",
        Who.ACCOUNT_ADMIN,
        "the job execution role's trust policy",
        f"aws emr-containers update-role-trust-policy --cluster-name CLUSTER --namespace {_plain(first['namespace'])} "
        "--role-name ROLE adds the statement (StringLike on the issuer's sub). Run it again for each cluster and "
        "namespace, and after the role was recreated under another name.",
    )
    return replace(decision, nearer=True)


def _may_be_generated(subject: str) -> bool:
    """Whether the subject, or a pattern of subjects, may be one of EMR's own service accounts."""
    name = subject.rpartition(":")[2]
    return (name.startswith(_GENERATED) and "*" in name) or name.strip("*?") == "" or name.startswith(("$", "<", "{"))


def _plain(namespace: str) -> str:
    return "NAMESPACE" if set("*?${<") & set(namespace) else namespace
