"""Rows for tag policies of an organization, and for policies that a permission set names."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

TAG_POLICIES: tuple[System, ...] = (
    # AWS Organizations User Guide, "Tag policies": enforced tag policies refuse noncompliant values
    # (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-enforcement.html).
    made_system(
        "the organization's tag policy",
        "Use a value that the tag policy permits for this key (aws organizations describe-effective-policy "
        f"--policy-type TAG_POLICY), or ask the organization's administrators to change the policy. {NONE_MISSING}",
        r"tag\s+policy\s+does\s+not\s+allow\s+the\s+specified\s+value\s+for\s+the\s+following\s+tag\s+key",
        "tag policy does not allow the specified value",
        verdict="A tag policy of the organization does not allow this value for this tag key: use a value that it "
        "permits. No permission is missing.",
        title="Use a permitted value",
    ),
)

POLICIES_OF_PERMISSION_SETS: tuple[System, ...] = (
    # IAM Identity Center User Guide, "Custom permissions": customer managed policies have the same name and path in
    # every account (https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html).
    made_system(
        "the customer managed policy in that account",
        "Create the policy {name} in that account, with this name and path: a permission set finds a customer managed "
        "policy by both, in every account. A policy's path cannot be changed. Then provision again.",
        r"Received\s+a\s+404\s+status\s+error:\s+Not\s+supported\s+policy\s+arn:",
        "not supported policy",
        subject=r"Not\s+supported\s+policy\s+(arn:[\w-]+:iam::\d{12}:policy/[\w+=,.@/-]*\w)",
        verdict="The account has no policy {name}, which the permission set names. No permission is missing in IAM "
        "Identity Center.",
        title="Create the customer managed policy in that account",
    ),
)
