"""Find whether new roles or users must have a permissions boundary, and where tools set the boundary."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_SENTENCES = regex(r"(?:[^\n.;?]|\.(?=\w))+\??")
_MADE = regex(r"\b(?:roles?|users?|identities|entities)\b", re.IGNORECASE)
_BOUNDARY = r"(?:\bboundar(?:y|ies)\b|:policy/[\w+=,.@/-]*boundar)"
_DEMANDS = regex(
    rf"\b(?:roles?|users?|identities|entities)\b[^\n,]{{0,60}}\b(?:must|ha(?:s|ve) to|needs? to|needs?)\b"
    rf"[^\n,]{{0,60}}{_BOUNDARY}"
    rf"|\b(?:demands?|requires?|enforces?|mandates?)\b[^\n,]{{0,60}}{_BOUNDARY}"
    rf"|\bonly\b[^\n,]{{0,20}}\b(?:with|if|when|where|having)\b[^\n,]{{0,60}}{_BOUNDARY}"
    rf"|{_BOUNDARY}[^\n,]{{0,40}}(?<!not )(?<!n't )\b(?:required|mandatory|enforced|demanded)\b"
    rf"|\bwithout\b[^\n,]{{0,40}}{_BOUNDARY}[^\n]{{0,60}}\b(?:denied|blocked|refused|forbidden|not allowed|rejected)\b",
    re.IGNORECASE,
)
_UNSURE = regex(
    r"\b(?:never|should|could|would|whether|maybe|perhaps)\b|\bnot (?:yet|sure|authorized|have|need)\b|n['’]t have"
    r"|\bexplicit deny\b|^(?:does|do|is|are|must|can|why|how|what|when)\b",
    re.IGNORECASE,
)
"""Words that mark a doubt, a question or IAM's own message."""
_ARN = regex(r"arn:[\w-]+:iam::(?:\d{12}|aws):policy/[\w+=,.@/-]*[\w+=@-]")


def demanded_boundary(text: str) -> tuple[str, str] | None:
    """Return the sentence that demands a boundary for new roles or users, and the boundary's ARN; else None.

    The ARN is "" if the sentence has none.
    """
    for found in _SENTENCES.finditer(text):
        said = " ".join(found[0].split())
        if said.endswith("?") or _UNSURE.search(said):
            continue
        if _MADE.search(said) and _DEMANDS.search(said):
            arn = _ARN.search(said)
            return said[:160], arn[0] if arn is not None else ""
    return None


_TOOLS = (
    # https://www.serverless.com/framework/docs/providers/aws/guide/iam
    (
        regex(r"\bserverless(?:\.ya?ml)?\b|\bsls deploy\b|\bIamRoleLambdaExecution\b", re.IGNORECASE),
        "in serverless.yml provider.iam.role.permissionsBoundary (formerly provider.rolePermissionsBoundary)",
    ),
    # https://docs.aws.amazon.com/cdk/v2/guide/permissions-boundaries.html
    (
        regex(r"\bcdk (?:deploy|bootstrap)\b|\baws-cdk\b|\bCDK\b"),
        "in CDK the context key @aws-cdk/core:permissionsBoundary, or iam.PermissionsBoundary.of(stack).apply(…)",
    ),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
    (regex(r"\baws_iam_(?:role|user)\b|\bterraform\b|\btofu\b", re.IGNORECASE), "in Terraform permissions_boundary"),
    # https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
    (regex(r"\bsam deploy\b|AWS::Serverless"), "in SAM PermissionsBoundary (for all functions: Globals)"),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-iam-role.html
    (regex(r"AWS::IAM::\w+|\bcloudformation\b", re.IGNORECASE), "in CloudFormation PermissionsBoundary"),
    # https://docs.aws.amazon.com/cli/latest/reference/iam/create-role.html
    (regex(r"\baws iam create-(?:role|user)\b"), "with the option --permissions-boundary"),
)
_ANY_TOOL = "permissions_boundary in Terraform, PermissionsBoundary in CloudFormation, the stack's boundary in CDK"


def where_to_set_boundary(text: str) -> str:
    """Return the setting of the tool in the text that gives new roles a boundary, or those of the usual tools."""
    return next((setting for words, setting in _TOOLS if words.search(text)), _ANY_TOOL)
