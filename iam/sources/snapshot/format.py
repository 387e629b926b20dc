"""The format of a snapshot: the keys of GetAccountAuthorizationDetails, and ``Rolescope``; one row for each part.

In addition to the published keys, ``Rolescope`` contains PublicAccessBlocks (by bucket; null: none is set), Bindings
(what runs with a role), Workloads (what else can run with a role, by kind of `iam.facts.workloads`; a missing kind is
unknown), WorkloadGaps (what was not read of a kind, by kind), WorkloadRegions (the enabled Regions that were searched
for workloads, and those that were not), LoginProfiles, PasswordPolicy, MFADevices, AccessKeys (IDs cut to four
characters), AccessAnalyzer (its analyzers and findings), Deletions (the status, by service-linked role), Unreadable
(what was denied when the snapshot was saved) and Incomplete (lists that may be partial). A null in ResourcePolicies
means that the resource has no policy; a null Organization means that the account belongs to none. If reading an entity
was partly denied, its RolescopeUnread lists the denied keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from iam.account import Account, Group, ManagedPolicy, Role, User
from iam.arn import account_of
from iam.kept_roles import KeptRoles
from iam.sources.json_objects import (
    GROUP,
    INSTANCE_PROFILE,
    MANAGED_POLICY,
    OIDC_PROVIDER,
    ROLE,
    ROLE_SETTINGS,
    SAML_PROVIDER,
    USER,
    is_role,
    read_role,
)
from iam.sources.json_values import (
    ANYTHING,
    NUMBER,
    TEXT,
    TEXTS,
    TIME,
    Entry,
    JsonKind,
    JsonObject,
    MalformedJson,
    by_key,
    inside,
    objects_of,
    unless_empty,
)
from iam.sources.json_values import JsonRow as Row
from iam.sources.snapshot.contents import Contents

_VERSION = 1
T = TypeVar("T")


_SUMMARY = JsonKind(
    "an object",
    lambda value: {name: number or 0 for name, number in by_key(NUMBER).read(value).items()},
    dict,
)

# ``Rolescope.Account``, and the other data about IAM itself in ``Rolescope``. `format_evidence` has the other parts.
_ABOUT = JsonObject(
    Account,
    Row("Id", "id", TEXT),
    Row("Alias", "alias", TEXT),
    Row("CapturedAt", "now", TIME),
    Row("Caller", "caller_arn", TEXT),
    Row("Region", "region", TEXT),
)
_OF_ACCOUNT = JsonObject(
    Account,
    Row("InstanceProfiles", "instance_profiles", objects_of(INSTANCE_PROFILE)),
    Row("OpenIDConnectProviders", "oidc_providers", objects_of(OIDC_PROVIDER)),
    Row("SAMLProviders", "saml_providers", objects_of(SAML_PROVIDER)),
    Row("AccountSummary", "summary", _SUMMARY),
    Row(
        "Incomplete",
        "incomplete",
        unless_empty(JsonKind("a list", lambda value: frozenset(TEXTS.read(value)), sorted)),
    ),
)
_OF_IAM = frozenset({"Version", "Account", "Roles", *(row.key for row in _OF_ACCOUNT.rows)})
"""The keys of ``Rolescope`` that are read here."""


def to_json(contents: Contents) -> dict[str, Any]:
    """Return the JSON for a snapshot file with these contents."""
    from iam.sources.snapshot import format_evidence as evidence

    account = contents.account
    known = {policy.arn: policy for policy in (*(account.policies or ()), *contents.aws_managed)}
    saved: dict[str, Any] = {"RoleDetailList": [ROLE.write(role) for role in account.roles]}
    if account.users is not None:
        saved["UserDetailList"] = [USER.write(user) for user in account.users]
    if account.groups is not None:
        saved["GroupDetailList"] = [GROUP.write(group) for group in account.groups]
    if account.policies is not None or known:
        saved["Policies"] = [MANAGED_POLICY.write(policy) for policy in known.values()]
    if account.policies is None and known:
        # If there are only documents of AWS managed policies, it is unknown which customer policies exist.
        account = replace(account, incomplete=account.incomplete | {"policies"})
    own: dict[str, Any] = {
        "Version": _VERSION,
        "Account": _ABOUT.write(account),
        "Roles": {role.name: ROLE_SETTINGS.write(role) for role in account.roles},
    }
    if contents.organization_known:
        own["Organization"] = None
    own |= evidence.OF_ACCOUNT.write(account) | _OF_ACCOUNT.write(account)
    saved["Rolescope"] = own | evidence.OF_CONTENTS.write(contents)
    return saved


def contents(value: Entry, modified: datetime) -> Contents:
    """Return the contents of a snapshot file from its decoded JSON. Raises `MalformedJson`.

    ``modified`` is the file's modification time, used if the JSON does not say when it was saved.
    """
    listed = {key: value[key] for key in ENTITIES if isinstance(value.get(key), list)}
    read = {key: [ENTITIES[key](number, entry) for number, entry in enumerate(its)] for key, its in listed.items()}
    return contents_of_read({**value, **read}, modified)


def contents_of_read(value: Entry, modified: datetime) -> Contents:
    """Return the contents of a snapshot file from its JSON, in which `ENTITIES` has already converted the entities."""
    own = inside(_OBJECT, "Rolescope", value.get("Rolescope", {}))
    about = _values(_ABOUT, own.get("Account"), "Rolescope.Account")
    of_account, of_contents = _values(_OF_ACCOUNT, own, "Rolescope"), {}
    if any(own[key] is not None for key in own.keys() - _OF_IAM):
        from iam.sources.snapshot.format_evidence import OF_ACCOUNT, OF_CONTENTS

        of_account |= _values(OF_ACCOUNT, own, "Rolescope")
        of_contents = _values(OF_CONTENTS, own, "Rolescope")
    nameless: dict[str, int] = {}
    entries: tuple[Role | Entry, ...] | None = _named(value, "RoleDetailList", nameless)
    users: tuple[User, ...] | None = _named(value, "UserDetailList", nameless)
    groups: tuple[Group, ...] | None = _named(value, "GroupDetailList", nameless)
    policies: tuple[ManagedPolicy, ...] | None = _named(value, "Policies", nameless)
    incomplete: frozenset[str] = of_account.pop("incomplete", frozenset())
    warnings = []
    if value.get("IsTruncated") is True:
        incomplete |= {"roles", "users", "groups", "policies"}
        warnings.append(
            "The file contains only part of the account (IsTruncated): an entity that the file lacks may still "
            "exist. Save the account again with all pages."
        )
    if entries is None:
        incomplete |= {"roles"}
        warnings.append("The file has no list of roles (RoleDetailList).")
    if nameless:
        total = sum(nameless.values())
        where = ", ".join(f"{key}: {count}" for key, count in nameless.items())
        warnings.append(f"{total:,} {'entry' if total == 1 else 'entries'} without a name left out ({where}).")
    roles = _roles(entries or (), own.get("Roles"))
    account_id = about.pop("id", None) or _account_id(roles, users, groups, policies)
    if account_id is None:
        warnings.append("The file does not say to which account it belongs.")
    captured = about.pop("now", None)
    organization_known = "Organization" in own
    account = Account(
        id=account_id or "unknown",
        source="snapshot",
        now=captured or modified,
        captured_at=captured,
        roles=roles or (),
        users=users,
        groups=groups,
        policies=policies,
        in_organization="organization" in of_account if organization_known else None,
        warnings=tuple(warnings),
        incomplete=incomplete,
        **about,
        **of_account,
    )
    return Contents(account, organization_known=organization_known, **of_contents)


_OBJECT = by_key(ANYTHING)
_SETTINGS = tuple(row.key for row in ROLE_SETTINGS.rows)


def _values(type_: JsonObject[Any], entry: object, place: str) -> dict[str, Any]:
    """Return the optional attributes of a part."""
    values: dict[str, Any] = inside(JsonKind("an object", type_.values), place, {} if entry is None else entry)
    return values


def _entity(key: str, name_key: str, read: Callable[[Entry], T]) -> Callable[[int, Any], T | None]:
    """Return a function that parses an entry in a list of GetAccountAuthorizationDetails.

    It returns None for an entry without a name: some tools put other data among the entries.
    """
    kind = JsonKind("an object", read)

    def entity(index: int, entry: Any) -> T | None:
        if entry is None or (isinstance(entry, dict) and not entry.get(name_key)):
            return None
        found: T = inside(kind, f"{key}[{index}]", entry)
        return found

    return entity


ENTITIES: dict[str, Callable[[int, Any], Any]] = {
    "RoleDetailList": _entity("RoleDetailList", "RoleName", lambda entry: read_role(entry, detailed=True)),
    "UserDetailList": _entity("UserDetailList", "UserName", lambda entry: USER.read(entry, detailed=True)),
    "GroupDetailList": _entity("GroupDetailList", "GroupName", lambda entry: GROUP.read(entry, detailed=True)),
    "Policies": _entity("Policies", "PolicyName", MANAGED_POLICY.read),
}
"""Functions that convert the entries of a list, by the list's key. They return None for an entry without a name."""
ENTITIES_LATER = ENTITIES | {
    "RoleDetailList": lambda index, entry: (
        entry if is_role(entry) and entry.get("RoleName") else ENTITIES["RoleDetailList"](index, entry)
    )
}
"""Like `ENTITIES`, but roles that are certain to be readable stay as they are.

`contents_of_read` converts them on first access.
"""


def _named(value: Entry, key: str, nameless: dict[str, int]) -> tuple[Any, ...] | None:
    """Return the entities of a list, and record in ``nameless`` how many entries had no name."""
    listed = value.get(key)
    if listed is None:
        return None
    if not isinstance(listed, list):
        raise MalformedJson("a list", listed).inside(key)
    found = tuple(one for one in listed if one is not None)
    if len(found) < len(listed):
        nameless[key] = len(listed) - len(found)
    return found


def _account_id(
    *lists: Sequence[Role] | Sequence[User] | Sequence[Group] | Sequence[ManagedPolicy] | None,
) -> str | None:
    """Return the account ID in the first ARN that has one: ARNs of AWS managed policies have none."""
    return next((found for each in lists for one in each or () if (found := account_of(one.arn))), None)


def _roles(entries: tuple[Role | Entry, ...], settings: object) -> Sequence[Role]:
    """Return the roles with the settings that only ListRoles returns. Settings of roles not in the file are ignored."""
    known = inside(_OBJECT, "Rolescope.Roles", {} if settings is None else settings)

    def known_fields(name: str) -> dict[str, Any]:
        return _values(ROLE_SETTINGS, known.get(name), f"Rolescope.Roles[{name!r}]")

    def whole(entry: Role | Entry) -> Role:
        if isinstance(entry, Role):
            return replace(entry, **known_fields(entry.name)) if known else entry
        its = known.get(entry["RoleName"]) or {}
        return read_role({**entry, **{key: its[key] for key in _SETTINGS if its.get(key) is not None}}, detailed=True)

    names = [entry.name if isinstance(entry, Role) else str(entry["RoleName"]) for entry in entries]
    if all(isinstance(entry, Role) for entry in entries):
        return tuple(map(whole, entries))
    for name in names if known else ():
        if name in known and not ROLE_SETTINGS.fits(known[name]):
            known_fields(name)
    arns = [entry.arn if isinstance(entry, Role) else entry.get("Arn") or "" for entry in entries]
    return KeptRoles(names, arns, lambda at: whole(entries[at]))
