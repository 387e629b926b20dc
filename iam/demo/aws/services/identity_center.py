"""IAM Identity Center as a delegated administrator sees it: the permission set in the demo account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iam.demo.account.facts import ACCOUNT, MANAGEMENT
from iam.demo.aws.server import Handler
from iam.demo.aws.wire import DemoCall
from iam.demo.aws.world import World

_INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
_SET = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
_SANDBOX = "444455556666"


def _list_instances(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"Instances": [{"InstanceArn": _INSTANCE, "IdentityStoreId": "d-1234567890", "OwnerAccountId": MANAGEMENT}]}


def _list_sets(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"PermissionSets": [_SET] if call.get("AccountId") in (ACCOUNT, _SANDBOX) else []}


def _describe_set(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"PermissionSet": {"Name": "DataAnalyst", "PermissionSetArn": _SET, "SessionDuration": "PT4H"}}


def _list_accounts(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"AccountIds": [ACCOUNT, _SANDBOX]}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("sso-admin", "ListInstances"): _list_instances,
    ("sso-admin", "ListPermissionSetsProvisionedToAccount"): _list_sets,
    ("sso-admin", "DescribePermissionSet"): _describe_set,
    ("sso-admin", "ListAccountsForProvisionedPermissionSet"): _list_accounts,
}
