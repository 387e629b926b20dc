"""The guards of an account, and the actions that remove them."""

from __future__ import annotations

from fnmatch import fnmatchcase

BOUNDARY = "the permissions boundary"
_GUARDS = {
    "iam:deleterolepermissionsboundary": BOUNDARY,
    "iam:putrolepermissionsboundary": BOUNDARY,
    "iam:deleteuserpermissionsboundary": BOUNDARY,
    "iam:putuserpermissionsboundary": BOUNDARY,
    "cloudtrail:deletetrail": "the trail",
    "cloudtrail:stoplogging": "the trail",
    "cloudtrail:updatetrail": "the trail",
    "cloudtrail:puteventselectors": "the trail",
    "cloudtrail:deleteeventdatastore": "the trail",
    "config:deleteconfigurationrecorder": "the configuration recorder",
    "config:deletedeliverychannel": "the configuration recorder",
    "config:stopconfigurationrecorder": "the configuration recorder",
    "config:deleteconfigrule": "the configuration rule",
    "guardduty:delete*": "GuardDuty",
    "guardduty:disassociate*": "GuardDuty",
    "guardduty:stop*": "GuardDuty",
    "guardduty:update*": "GuardDuty",
    "securityhub:disablesecurityhub": "Security Hub",
    "access-analyzer:deleteanalyzer": "the access analyzer",
    "organizations:detachpolicy": "the organization's policy",
    "organizations:deletepolicy": "the organization's policy",
    "organizations:updatepolicy": "the organization's policy",
    "organizations:disablepolicytype": "the organization's policies",
    "organizations:leaveorganization": "the organization's policies",
    "s3:putaccountpublicaccessblock": "Block Public Access",
    "account:disableregion": "the account's Regions",
}
"""Actions that remove or change a guard, each with a description of the guard.

The Service Authorization Reference describes the effect of each action:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
Policies that deny such actions on purpose:
- boundaries: IAM User Guide, "Permissions boundaries for IAM entities", delegating responsibility to others
  (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)
- GuardDuty: AWS Organizations User Guide, "Example SCPs for Amazon GuardDuty"
  (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_guardduty.html)
- trails, and the recorder and rules of AWS Config: AWS Control Tower, "Mandatory controls"
  (https://docs.aws.amazon.com/controltower/latest/controlreference/mandatory-controls.html)
- leaving the organization: AWS Organizations API Reference, "LeaveOrganization"
  (https://docs.aws.amazon.com/organizations/latest/APIReference/API_LeaveOrganization.html)
"""


def guard_of_action(action: str) -> str | None:
    """Return a description of the guard that the action removes or changes; None if the action concerns no guard."""
    return next((words for pattern, words in _GUARDS.items() if fnmatchcase(action.lower(), pattern)), None)


def guard_sentence(action: str) -> str:
    """Return a sentence on what a Deny of the action usually protects, and whom to ask.

    "" if the action concerns no guard.
    """
    guard = guard_of_action(action)
    if guard is None:
        return ""
    if guard == BOUNDARY:
        return (
            "Such a Deny usually protects permissions boundaries: keep it. Find out which action the boundary denies; "
            "if that action is justified, ask the boundary's owner to allow it in the boundary."
        )
    return f"Such a Deny usually protects {guard}: keep it, and ask whoever manages {guard} to make the change."
