"""Actions that organizations and accounts deny on purpose, because they would remove a guardrail."""

from __future__ import annotations

from iam.lazy_pattern import regex

_LEAVE_IT = "is most likely meant to refuse this: leave it."
_GUARDED = tuple(
    (regex(actions), sentence)
    for actions, sentence in (
        # IAM User Guide, "Permissions boundaries for IAM entities": delegating responsibility with boundaries, whose
        # example denies exactly this (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
        (
            r"iam:(?:delete|put)(?:role|user)permissionsboundary",
            f"Such a Deny protects permissions boundaries and {_LEAVE_IT} Ask which action the boundary refuses; if it "
            "is justified, its owner allows that action in the boundary.",
        ),
        # AWS Organizations User Guide, "Example SCPs for Amazon GuardDuty"
        # (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_guardduty.html).
        (
            r"guardduty:(?:delete|disassociate|stop|update)\w+",
            f"Such a Deny keeps GuardDuty on and {_LEAVE_IT} Ask the security team for the change.",
        ),
        # Datadog Security, "SCP should prevent accounts from leaving the organization"
        # (https://docs.datadoghq.com/security/default_rules/def-000-gbq/).
        (
            r"organizations:leaveorganization",
            f"Such a Deny keeps the account in its organization and {_LEAVE_IT} Ask the organization's administrators.",
        ),
    )
)


def meant_deny(action: str) -> str:
    """Return the sentence on a Deny that is most likely meant, for the denied action; "" for other actions."""
    return next((sentence for actions, sentence in _GUARDED if actions.fullmatch(action.lower())), "")
