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
    "guardduty:deletedetector": "GuardDuty",
    "guardduty:updatedetector": "GuardDuty",
    "guardduty:disassociate*": "GuardDuty",
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
"""Actions that remove a guard, each with a description of the guard.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html ("Delegating responsibility to others
using permissions boundaries") and
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html
"""


def guard_of_action(action: str) -> str | None:
    """Describe the guard that the action removes or changes; None if it is about none."""
    return next((words for pattern, words in _GUARDS.items() if fnmatchcase(action.lower(), pattern)), None)
