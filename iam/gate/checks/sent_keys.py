"""Determine which condition keys the calls of a plan contain.

Their parameters are known, so keys that belong to other parameters are absent.
"""

from __future__ import annotations

from iam.account import Account
from iam.changes.operations.permissions import Need
from iam.key_presence import key_presence
from iam.layers import Gathered
from iam.policy.condition_keys import KeyPresence, without
from iam.policy.principal import caller

_PARAMETERS = ("iam:policyarn", "iam:passedtoservice", "aws:tagkeys")
_OF_HOLDER = ("aws:resourcetag/", "iam:resourcetag/", "iam:permissionsboundary")


def presence_in_calls(gathered: Gathered, need: Need, account: Account) -> KeyPresence:
    """Return a function that says whether the plan's request contains a condition key whose value is unknown.

    Keys that depend on the caller, such as an MFA code or an IP address, stay unknown
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html).
    """
    request = gathered.request
    kind = caller(request.principal).kind
    absent = ("aws:requesttag/", *_PARAMETERS, *(_OF_HOLDER if need.tags_known else ()))
    return without(lambda key: key.startswith(absent), key_presence(kind, gathered.principal, account, request.action))
