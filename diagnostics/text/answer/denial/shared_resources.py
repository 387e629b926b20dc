"""Which share has to allow a request on a resource that other accounts use through AWS RAM."""

from __future__ import annotations

from diagnostics.failure import Denial
from diagnostics.text.answer.denial.identity_policies import who_lacks
from iam.arn import account_of
from iam.lazy_pattern import regex

_STANDARD = regex(r"\b[Tt]ier\b\W{1,6}(?:is\s+)?[Ss]tandard\b|\b[Ss]tandard(?:[- ]tier)?\s+parameter")
_SHARED = regex(
    r"\bRAM\b[^\n]{0,60}\bshar|\bshar\w*\b[^\n]{0,60}\bRAM\b|\bAWS Resource Access Manager\b|\bAWSRAM\w{8,}"
    r"|\bresource[- ]share\b|:resource-share/"
)
_PERMISSION = regex(r"\bAWSRAM\w{8,}")
_TEMPLATE = regex(r"\barn:[\w-]+:acm-pca:::template/(?P<name>[\w-]+/V\d+)")
_DEFAULT_TEMPLATE = "EndEntityCertificate/V1"
"""The template of a request that names none (AWS Private CA API Reference, "IssueCertificate", TemplateArn:
https://docs.aws.amazon.com/privateca/latest/APIReference/API_IssueCertificate.html)."""


def share_must_allow(denial: Denial, missing: str) -> str:
    """Return what the share of the resource must allow; "" if its type has a policy that its owner writes.

    AWS Systems Manager User Guide, "Working with shared parameters in Parameter Store"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html); AWS Private
    CA User Guide, "Resource-based policies" (https://docs.aws.amazon.com/privateca/latest/userguide/pca-rbp.html).
    """
    resource, text = denial.resource or "", denial.pasted or denial.text
    if ":ssm:" in resource and ":parameter/" in resource:
        return _of_a_parameter(denial, missing, text)
    if ":acm-pca:" in resource and missing.lower() == "acm-pca:issuecertificate" and _SHARED.search(text):
        return _of_a_ca(denial, text)
    return ""


def _of_a_parameter(denial: Denial, missing: str, text: str) -> str:
    owner, home = account_of(denial.resource or ""), account_of(denial.principal or "")
    who, _ = who_lacks(denial.principal or "")
    then = f" The policies of {who} must allow {missing} on this ARN, too."
    if _STANDARD.search(text):
        return (
            f"Change the parameter to the advanced tier in account {owner} (put-parameter --tier Advanced "
            "--overwrite), then share it again: only advanced parameters can be shared, and the text says that this "
            f"one is standard.{then}"
        )
    if _SHARED.search(text):
        return (
            f"The share does not reach the caller: in account {owner}, check that the parameter has the advanced tier "
            f"(only those can be shared), and that the share is active, has account {home}, and was accepted "
            f"there.{then}"
        )
    return (
        f"Account {owner} must share the parameter with account {home} through AWS RAM, which requires the advanced "
        f"tier; a SecureString also needs a customer managed key whose policy allows that account.{then}"
    )


def _of_a_ca(denial: Denial, text: str) -> str:
    owner = account_of(denial.resource or "")
    permission, templates = _PERMISSION.search(text), {each["name"] for each in _TEMPLATE.finditer(text)}
    template = templates.pop() if len(templates) == 1 else ""
    if not template or template == _DEFAULT_TEMPLATE:
        return ""
    of = f" {permission[0]}" if permission is not None else ""
    return (
        f"Most likely the share's permission{of} does not allow the template {template}: a permission of a CA's share "
        f"allows only certain templates, the default one {_DEFAULT_TEMPLATE}. In account {owner}, add to the share a "
        "permission that allows this template (aws ram list-permissions, associate-resource-share-permission)."
    )
