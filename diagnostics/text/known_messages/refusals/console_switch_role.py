"""Messages of the AWS console about switching roles."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

SWITCH_ROLE: tuple[ServiceSentence, ...] = (
    # IAM User Guide, "Switch from a user to an IAM role (console)"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-console.html), and "Create a role to
    # delegate permissions to an IAM user": not in the console with an external ID
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html).
    row(
        ("invalid information in one or more fields", "switch roles using the provided information"),
        r"Invalid information in one or more fields|Could not switch roles using the provided information",
        "the person who switches roles",
        "the console could not switch to the role",
        "The console could not switch to the role, and its message does not say why. The account or the role's name is "
        "wrong, the role's trust policy does not accept this caller, or the caller's policies lack sts:AssumeRole.",
        UsualCause(
            "Ask the same person to call AssumeRole with the AWS CLI: its message says whether it is refused. "
            "Compare account number (or alias) and role name exactly: letter case matters, and the path is part "
            "of the name.",
            "aws sts assume-role --role-arn arn:aws:iam::ACCOUNT:role/ROLE --role-session-name test",
            Who.CALLER,
        ),
        UsualCause(
            "The role's trust policy must allow sts:AssumeRole to this caller or to its account. Its conditions "
            "apply, too: the console sends no external ID, and sends MFA information only if the person signed "
            "in with MFA.",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The caller's own policies must allow sts:AssumeRole on the role's ARN. The root user cannot switch "
            "roles, and if the person has already switched to a role, the console uses the credentials of the "
            "first sign-in."
        ),
        page="https://repost.aws/knowledge-center/iam-assume-role-error",
        actions=("sts:AssumeRole",),
    ),
)
