"""Convert AWS Config's items about IAM, from a configuration snapshot, a history or a query, into a saved account.

Config describes roles, users, groups and policies with the fields of GetAccountAuthorizationDetails, but their names
begin with a small letter, and documents are URL-encoded. It contains neither the last use of a role nor anything about
the organization. It is configured which types Config records. So data that is missing in the items is unknown, never
absent. https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
https://docs.aws.amazon.com/config/latest/APIReference/API_SelectResourceConfig.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from iam.account import Group, Role, User
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.format import contents

E = TypeVar("E", Role, User, Group)


class SeveralAccounts(ValueError):
    """Raised if a file contains items from more than one account. ``str()`` is one sentence."""


_LISTS = ("configurationItems", "baseConfigurationItems", "Results", "BaseConfigurationItems")
_KINDS = {
    "AWS::IAM::Role": ("RoleDetailList", "RoleName", "roles"),
    "AWS::IAM::User": ("UserDetailList", "UserName", "users"),
    "AWS::IAM::Group": ("GroupDetailList", "GroupName", "groups"),
    "AWS::IAM::Policy": ("Policies", "PolicyName", "policies"),
}
_INLINE = ("RolePolicyList", "UserPolicyList", "GroupPolicyList")
_PARTS = {
    "AttachedManagedPolicies": "attached",
    "GroupList": "groups",
    "Tags": "tags",
    "InstanceProfileList": "instance_profiles",
}
_DOCUMENTS = ("AssumeRolePolicyDocument", "PolicyDocument", "Document")
_GONE = ("ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded")


def are_config_items(value: Any) -> bool:
    """Whether the JSON contains AWS Config items: as a snapshot, a history, a query's result, or a list."""
    return next(_items(value), None) is not None


def contents_of_items(value: Any, modified: datetime) -> Contents:
    """Return the account that the items describe. Missing data is unread. Raises `MalformedJson`, `SeveralAccounts`."""
    value = _as_snapshot(value)
    found = contents(value, modified)
    account = found.account
    account = replace(
        account,
        roles=_unread(account.roles, value["RoleDetailList"]) or (),
        users=_unread(account.users, value.get("UserDetailList")),
        groups=_unread(account.groups, value.get("GroupDetailList")),
    )
    return replace(found, account=account)


def _unread(entities: Sequence[E] | None, written: Sequence[Mapping[str, Any]] | None) -> tuple[E, ...] | None:
    """Return the entities, with None for lists that are missing in their items.

    In a saved account these would mean "none".
    """
    if entities is None or written is None:
        return None
    by_name = {each.get("RoleName") or each.get("UserName") or each.get("GroupName"): each for each in written}
    return tuple(replace(each, **_lacking(each, by_name[each.name])) for each in entities)


def _lacking(entity: Role | User | Group, written: Mapping[str, Any]) -> dict[str, Any]:
    missing = [attribute for key, attribute in _PARTS.items() if key not in written and hasattr(entity, attribute)]
    inline = next((key for key in _INLINE if key in written), None)
    unbounded = not isinstance(entity, Group) and "PermissionsBoundary" not in written
    if inline is None or unbounded:
        # If an item does not contain the boundary, the effect of the policies is unknown, so they count as not read.
        missing += ["inline", "attached"]
    return dict.fromkeys(missing)


def _as_snapshot(value: Any) -> dict[str, Any]:
    """Return the items in the format of a snapshot. If an entity has several items, the newest is used."""
    newest: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {}
    accounts: set[str] = set()
    for item in _items(value):
        kind = str(item["resourceType"])
        if kind not in _KINDS:
            continue
        account = item.get("awsAccountId") or item.get("accountId")
        if account:
            accounts.add(str(account))
        name = str(item.get("resourceId") or item.get("arn") or item.get("resourceName") or len(newest))
        at = str(item.get("configurationItemCaptureTime") or "")
        if (kind, name) not in newest or at >= newest[kind, name][0]:
            newest[kind, name] = (at, item)
    if len(accounts) > 1:
        raise SeveralAccounts(
            f"The file has items of {len(accounts)} accounts: save the items of each account in a separate file."
        )
    found: dict[str, Any] = {}
    for (kind, _), (_, item) in newest.items():
        key, name_key, _ = _KINDS[kind]
        entities = found.setdefault(key, [])
        if item.get("configurationItemStatus") not in _GONE:
            entities.append(_entity(item, name_key))
    found.setdefault("RoleDetailList", [])
    own: dict[str, Any] = {"Version": 1, "Incomplete": [word for _, _, word in _KINDS.values()]}
    if accounts:
        own["Account"] = {"Id": accounts.pop()}
    return {**found, "Rolescope": own}


def _items(value: Any) -> Iterator[Mapping[str, Any]]:
    listed = value
    if isinstance(value, dict):
        listed = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    for each in listed if isinstance(listed, list) else ():
        item = _decoded(each)
        if isinstance(item, dict) and str(item.get("resourceType", "")).startswith("AWS::"):
            yield item


def _decoded(value: Any) -> Any:
    """Parse a JSON string: queries return each row as a string, and histories the configuration."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _entity(item: Mapping[str, Any], name_key: str) -> dict[str, Any]:
    content = _decoded(item.get("configuration"))
    entity = _capitalized(content) if isinstance(content, dict) else {}
    entity.setdefault(name_key, item.get("resourceName"))
    entity.setdefault("Arn", item.get("arn"))
    return entity


def _capitalized(value: Any) -> Any:
    """Return the value with the key names of GetAccountAuthorizationDetails. Documents are not changed."""
    if isinstance(value, dict):
        named = {key[:1].upper() + key[1:]: inner for key, inner in value.items()}
        return {key: inner if key in _DOCUMENTS else _capitalized(inner) for key, inner in named.items()}
    return [_capitalized(each) for each in value] if isinstance(value, list) else value
