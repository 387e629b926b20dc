"""Say where a service-linked role is given access: in the resource's own policy, as its own policies are fixed.

IAM User Guide, "Create a service-linked role"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html).
"""

from __future__ import annotations

from iam.arn import Arn
from iam.policy.principal import caller
from iam.sources.resource_policies import has_no_policy

_FIXED = "Only its service changes the policies of a service-linked role"
_NO_POLICY = (
    f"{_FIXED}, and no resource policy can allow this: change what the service is configured to use, or give the "
    "service a role of your own, if it accepts one."
)


def allow_elsewhere(principal: str, action: str, resource: str) -> str:
    """Return a sentence saying which policy must allow the action; "" if the caller is no service-linked role."""
    who = caller(principal)
    if not who.service_linked:
        return ""
    parts, of_key = Arn.parse(resource), action.lower().startswith("kms:")
    if not of_key and (parts is None or has_no_policy(parts)):
        return _NO_POLICY
    policy = "the key policy" if of_key else "the resource's own policy"
    name = who.name or ""
    needed = _OF_VOLUMES if of_key and name.startswith("AWSServiceRoleForAutoScaling") else action
    return f"{_FIXED}: let {policy} allow {name} {needed}.{_across(who.account, parts)}"


_OF_VOLUMES = (
    "kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey, and kms:CreateGrant if "
    "kms:GrantIsForAWSResource is true"
)
"""The permissions that Amazon EC2 Auto Scaling needs on the key of encrypted volumes.

Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes"
(https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html).
"""


def _across(account: str | None, resource: Arn | None) -> str:
    """Return the further requirement of another account's key.

    It is a grant for the role, created in the role's account (the page above).
    """
    if resource is None or resource.service != "kms" or resource.account in ("", account):
        return ""
    return (
        f" The key is in another account, so the key policy must allow account {account} to use the key and create "
        "grants, and an identity of that account must create a grant for the role."
    )
