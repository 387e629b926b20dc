"""Items of AWS Config as a saved account: what a configuration snapshot, a history or a query contains of IAM.

Config describes roles, users, groups and policies with the fields of GetAccountAuthorizationDetails, whose names begin
with a small letter, and with documents that are URL-encoded. It does not say when a role was used last, nor anything of
the organization; which types it records is configured. What is not among the items is therefore unknown, never absent.
https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html
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
    """A file has items of more than one account. ``str()`` is one sentence."""


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
    """Whether a file's JSON has items of AWS Config: as a snapshot, a history, an answer of a query, or a list."""
    return next(_items(value), None) is not None


def contents_of_items(value: Any, modified: datetime) -> Contents:
    """The account that the items describe, with what they lack as unread. Raises `MalformedJson`, `SeveralAccounts`."""
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
    """The entities, with None for the lists that their items do not have: a saved account would mean "none"."""
    if entities is None or written is None:
        return None
    by_name = {each.get("RoleName") or each.get("UserName") or each.get("GroupName"): each for each in written}
    return tuple(replace(each, **_lacking(each, by_name[each.name])) for each in entities)


def _lacking(entity: Role | User | Group, written: Mapping[str, Any]) -> dict[str, Any]:
    missing = [attribute for key, attribute in _PARTS.items() if key not in written and hasattr(entity, attribute)]
    inline = next((key for key in _INLINE if key in written), None)
    unbounded = not isinstance(entity, Group) and "PermissionsBoundary" not in written
    if inline is None or unbounded:
        # An item that does not mention the boundary leaves open what the policies give: they are not taken as read.
        missing += ["inline", "attached"]
    return dict.fromkeys(missing)


def _as_snapshot(value: Any) -> dict[str, Any]:
    """The items in the form of a snapshot; of an entity with several items the newest counts."""
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
        raise SeveralAccounts(f"It has items of {len(accounts)} accounts: save those of one account in a file each.")
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
    """A JSON text as what it says: queries answer each row as text, histories the configuration."""
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
    """With the names of GetAccountAuthorizationDetails; documents stay as they are."""
    if isinstance(value, dict):
        named = {key[:1].upper() + key[1:]: inner for key, inner in value.items()}
        return {key: inner if key in _DOCUMENTS else _capitalized(inner) for key, inner in named.items()}
    return [_capitalized(each) for each in value] if isinstance(value, list) else value
