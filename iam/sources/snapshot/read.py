"""Reading a snapshot file: size, encoding, JSON, and the shape of each part, with the place of what is wrong."""

from __future__ import annotations

import gc
import json
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from iam.account import (
    Account,
    Group,
    ManagedPolicy,
    Organization,
    OrganizationLevel,
    Role,
    User,
)
from iam.arn import account_of
from iam.sources import shapes
from iam.sources.reader import SourceError
from iam.sources.shapes import Entry, ShapeError
from iam.sources.snapshot import parts
from iam.sources.snapshot.contents import Contents

T = TypeVar("T")

# 10,000 roles are about 45 MB pretty-printed.
MAX_BYTES = 400_000_000
PARTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
HOW_TO_MAKE_ONE = (
    "make one with `rolescope snapshot FILE` or `aws iam get-account-authorization-details --output json > FILE`"
)


def load(path: Path) -> Contents:
    """The account in a file. Raises `SourceError` with the file, the place and what to do."""
    raw, modified = _read(path)
    collecting = gc.isenabled()
    gc.disable()  # a million small objects that all stay: collecting in between only costs time
    try:
        return _snapshot(path, _decode(path, raw), modified)
    except ShapeError as error:
        raise SourceError(f"{path}: {error}. Is this a saved account? If not, {HOW_TO_MAKE_ONE}.") from error
    finally:
        if collecting:
            gc.enable()


def _read(path: Path) -> tuple[bytes, datetime]:
    try:
        # Not blocking: a named pipe without a writer would otherwise wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            about = os.fstat(descriptor)
            _check(path, about)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(MAX_BYTES), datetime.fromtimestamp(about.st_mtime, UTC)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise SourceError(f"There is no file {path}: {HOW_TO_MAKE_ONE}.") from None
    except ValueError as error:  # a NUL in the name
        raise SourceError(f"{str(path)!r} is no file name: {error}.") from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error


def _check(path: Path, about: os.stat_result) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise SourceError(f"{path} is a directory: name the snapshot file in it.")
    if not stat.S_ISREG(about.st_mode):
        raise SourceError(f"{path} is no ordinary file: save the account to one, then open that.")
    if about.st_size > MAX_BYTES:
        size, most = f"{about.st_size / 1e6:,.0f}", f"{MAX_BYTES / 1e6:,.0f}"
        raise SourceError(f"{path} has {size} MB, and over {most} MB no snapshot is read: {HOW_TO_MAKE_ONE}.")


def _decode(path: Path, raw: bytes) -> Mapping[str, Any]:
    if not raw.strip():
        raise SourceError(f"{path} is empty: {HOW_TO_MAKE_ONE}.")
    try:
        value = json.loads(raw)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} is not text in UTF-8 (byte {error.start:,}): it is no snapshot; {HOW_TO_MAKE_ONE}."
        ) from None
    except json.JSONDecodeError as error:
        if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string"):
            raise SourceError(
                f"{path} breaks off at line {error.lineno}, column {error.colno}: it was not saved whole; "
                f"{HOW_TO_MAKE_ONE}."
            ) from None
        raise SourceError(
            f"{path} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}; {HOW_TO_MAKE_ONE}."
        ) from None
    except RecursionError:
        raise SourceError(f"{path} is nested too deeply to be a snapshot: {HOW_TO_MAKE_ONE}.") from None
    except ValueError as error:
        raise SourceError(f"{path} is not JSON: {error}; {HOW_TO_MAKE_ONE}.") from None
    if not isinstance(value, dict) or not any(key in value for key in (*PARTS, "Rolescope")):
        raise SourceError(
            f"{path} is JSON, but no saved account (it has none of {', '.join(PARTS)}, Rolescope): {HOW_TO_MAKE_ONE}."
        )
    return value


def _snapshot(path: Path, value: Mapping[str, Any], modified: datetime) -> Contents:
    own = shapes.mapping(value, "Rolescope", "") or {}
    about = shapes.mapping(own, "Account", "Rolescope") or {}
    skipped: dict[str, int] = {}
    roles = _named(
        value, "RoleDetailList", "RoleName", lambda entry, at: shapes.role(entry, at, detailed=True), skipped
    )
    users = _named(
        value, "UserDetailList", "UserName", lambda entry, at: shapes.user(entry, at, detailed=True), skipped
    )
    groups = _named(
        value, "GroupDetailList", "GroupName", lambda entry, at: shapes.group(entry, at, detailed=True), skipped
    )
    policies = _named(value, "Policies", "PolicyName", shapes.managed_policy, skipped)
    warnings = []
    incomplete = set(shapes.texts(own, "Incomplete", "Rolescope") or ())
    if value.get("IsTruncated") is True:
        incomplete |= {"roles", "users", "groups", "policies"}
        warnings.append(
            "The file holds only a part of the account (IsTruncated): what is not in it may exist all the same. "
            "Save it again, all pages."
        )
    if roles is None:
        incomplete.add("roles")
        warnings.append("The file has no list of roles (RoleDetailList).")
    if skipped:
        total = sum(skipped.values())
        where = ", ".join(f"{key}: {count}" for key, count in skipped.items())
        warnings.append(f"{total:,} {'entry' if total == 1 else 'entries'} without a name left out ({where}).")
    account_id = shapes.text(about, "Id", "Rolescope.Account") or _account_id(roles, users, groups, policies)
    if account_id is None:
        warnings.append("The file does not say which account it is of.")
    captured = shapes.time(about, "CapturedAt", "Rolescope.Account")
    organization_known = "Organization" in own
    organization = _organization(own)
    account = Account(
        id=account_id or "unknown",
        source="snapshot",
        now=captured or modified,
        alias=shapes.text(about, "Alias", "Rolescope.Account"),
        caller_arn=shapes.text(about, "Caller", "Rolescope.Account"),
        region=shapes.text(about, "Region", "Rolescope.Account"),
        captured_at=captured,
        roles=_with_own(roles or (), shapes.mapping(own, "Roles", "Rolescope") or {}),
        users=users,
        groups=groups,
        policies=policies,
        instance_profiles=_own(own, "InstanceProfiles", shapes.instance_profile),
        oidc_providers=_own(own, "OpenIDConnectProviders", shapes.oidc_provider),
        saml_providers=_own(own, "SAMLProviders", shapes.saml_provider),
        organization=organization,
        in_organization=organization is not None if organization_known else None,
        summary=_summary(own),
        unreadable=_own(own, "Unreadable", parts.unreadable) or (),
        warnings=tuple(warnings),
        incomplete=frozenset(incomplete),
    )
    return Contents(
        account=account,
        organization_known=organization_known,
        resource_policies=parts.documents(own, "ResourcePolicies"),
        public_access_blocks=parts.blocks(own),
        vpc_endpoints=_own(own, "VpcEndpoints", shapes.vpc_endpoint),
        instances=_own(own, "Instances", shapes.instance),
        last_accessed=parts.last_accessed(own),
        events=_own(own, "Events", parts.event),
        stack_resources=_own(own, "StackResources", parts.stack_resource),
        bindings=_own(own, "Bindings", parts.binding),
        login_profiles=_own(own, "LoginProfiles", parts.login_profile),
        mfa_devices=_own(own, "MFADevices", parts.mfa_device),
        access_keys=_own(own, "AccessKeys", parts.access_key),
        deletions={
            key: str(status) for key, status in (shapes.mapping(own, "Deletions", "Rolescope") or {}).items() if status
        },
    )


def _named(
    value: Entry, key: str, name_key: str, make: Callable[[Entry, str], T], skipped: dict[str, int]
) -> tuple[T, ...] | None:
    """A list of GetAccountAuthorizationDetails. Some tools put other things among the entries: those have no name."""
    listed = value.get(key)
    if listed is None:
        return None
    if not isinstance(listed, list):
        raise ShapeError(key, "a list", listed)
    found = []
    for index, entry in enumerate(listed):
        place = f"{key}[{index}]"
        if entry is None or (isinstance(entry, dict) and not entry.get(name_key)):
            skipped[key] = skipped.get(key, 0) + 1
            continue
        if not isinstance(entry, dict):
            raise ShapeError(place, "an object", entry)
        found.append(make(entry, place))
    return tuple(found)


def _own(own: Entry, key: str, make: Callable[[Entry, str], T]) -> tuple[T, ...] | None:
    listed = shapes.objects(own, key, "Rolescope")
    return None if listed is None else tuple(make(entry, place) for place, entry in listed)


def _account_id(
    *lists: Sequence[Role] | Sequence[User] | Sequence[Group] | Sequence[ManagedPolicy] | None,
) -> str | None:
    """The account in the first ARN that has one: AWS-managed policies have none."""
    for entities in lists:
        for entity in entities or ():
            if account := account_of(entity.arn):
                return account
    return None


def _with_own(roles: tuple[Role, ...], own: Entry) -> tuple[Role, ...]:
    """What only ListRoles tells. Entries for roles that the file does not have are left out."""
    if not own:
        return roles
    found = []
    for role in roles:
        extra = own.get(role.name)
        if extra is not None:
            place = f"Rolescope.Roles[{role.name!r}]"
            if not isinstance(extra, dict):
                raise ShapeError(place, "an object", extra)
            template = shapes.text(extra, "SourceRoleTemplate", place)
            role = replace(
                role,
                description=shapes.text(extra, "Description", place),
                max_session_seconds=shapes.number(extra, "MaxSessionDuration", place),
                max_signin_session_seconds=shapes.number(extra, "MaxSigninSessionDuration", place),
                source_template=template or role.source_template,
            )
        found.append(role)
    return tuple(found)


def _organization(own: Entry) -> Organization | None:
    value = shapes.mapping(own, "Organization", "Rolescope")
    if value is None:
        return None
    place = "Rolescope.Organization"
    return Organization(
        id=shapes.text(value, "Id", place) or "",
        management_account_id=shapes.text(value, "ManagementAccountId", place),
        path=shapes.texts(value, "Path", place),
        scps=_levels(value, "ServiceControlPolicies", place),
        rcps=_levels(value, "ResourceControlPolicies", place),
    )


def _levels(value: Entry, key: str, place: str) -> tuple[OrganizationLevel, ...] | None:
    levels = shapes.objects(value, key, place)
    if levels is None:
        return None
    return tuple(
        OrganizationLevel(
            shapes.text(level, "Target", where) or "",
            tuple(shapes.organization_policy(one, at) for at, one in shapes.objects(level, "Policies", where) or ()),
        )
        for where, level in levels
    )


def _summary(own: Entry) -> Mapping[str, int] | None:
    value = shapes.mapping(own, "AccountSummary", "Rolescope")
    if value is None:
        return None
    return {key: shapes.number(value, key, "Rolescope.AccountSummary") or 0 for key in value}
