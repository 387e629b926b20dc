"""Read the entire account: the names first, then the details page by page. A denied read does not stop the others."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from iam.account import Account, Group, InstanceProfile, ManagedPolicy, Role, Unreadable, User
from iam.organization.levels import Organization
from iam.sources.aws import errors as aws_errors
from iam.sources.aws.entities import AwsEntities
from iam.sources.aws.organization import read_organization
from iam.sources.aws.session import FAILURES, PAGE, PARALLEL_CALLS, that_end
from iam.sources.json_objects import GROUP, INSTANCE_PROFILE, MANAGED_POLICY, USER, read_role
from iam.sources.reader.caller_identity import CallerIdentity
from iam.sources.reader.reading import Reading

# AWS managed policies are read on demand: with this filter, unattached ones would be returned too, each in several
# versions.
_FILTER = ["Role", "LocalManagedPolicy", "User", "Group"]
_DETAILS = "iam:GetAccountAuthorizationDetails"
_LISTED = ("RoleDetailList", "UserDetailList", "GroupDetailList", "Policies")

_COSTS = {
    _DETAILS: "permissions are read one role at a time, when a role is opened; search covers names and trust policies",
    "iam:ListRoles": "descriptions and session lengths are missing until a role is opened; if the account's details "
    "are denied too, no role is listed",
    "iam:ListUsers": "users are read one at a time, by name",
    "iam:ListGroups": "groups are read one at a time, by name",
    "iam:ListPolicies": "customer policies are read one at a time, by ARN",
    "iam:ListAccountAliases": "the account is shown by its number only",
    "iam:ListInstanceProfiles": "instance profiles are looked up one at a time, by name",
    "iam:ListOpenIDConnectProviders": "it cannot be determined whether an identity provider exists",
    "iam:GetOpenIDConnectProvider": "the audiences of an identity provider are unknown",
    "iam:ListSAMLProviders": "it cannot be determined whether a SAML provider exists",
    "iam:GetAccountSummary": "quotas and their usage are unknown",
    "organizations:DescribeOrganization": "service and resource control policies are unknown",
    "organizations:ListParents": "service and resource control policies are unknown",
}


class _Stopped(Exception):
    """Raised in the reading threads when the account is no longer being read."""


class AccountReading:
    """Reads an account once. ``states`` yields the account repeatedly, each time more complete."""

    def __init__(
        self, entities: AwsEntities, caller: CallerIdentity, base: Account, *, organization: bool = True
    ) -> None:
        self._with_organization = organization
        self._aws = entities.aws
        self._entities = entities
        self._caller = caller
        self._base = base
        self._roles: dict[str, Role] = {}
        self._users: dict[str, User] | None = None
        self._groups: dict[str, Group] | None = None
        self._policies: dict[str, ManagedPolicy] | None = None
        self._parts: dict[str, Any] = {}
        self._unreadable: list[Unreadable] = list(base.unreadable)
        self._warnings: list[str] = list(base.warnings)
        self._incomplete: set[str] = set()
        self._arrived: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._stop = threading.Event()

    def states(self) -> Iterator[Account]:
        tasks = (
            self._read_details,
            self._read_roles,
            self._read_alias,
            self._read_profiles,
            self._read_oidc,
            self._read_saml,
            self._read_summary,
            *([self._read_organization] if self._with_organization else []),
        )
        try:
            yield self._account("connected; reading roles")
            waiting = len(tasks)
            todo = iter(tasks)
            lock = threading.Lock()
            for number in range(PARALLEL_CALLS):
                # Daemon threads, so that a hanging call does not keep the process from ending.
                threading.Thread(
                    target=self._work, args=(todo, lock), name=f"rolescope-read-{number}", daemon=True
                ).start()
            while waiting:
                merge = self._arrived.get()
                if self._stop.is_set():
                    return
                if merge is _task_ended:
                    waiting -= 1
                    continue
                merge()
                yield self._account(self._progress())
            yield self._account(None)
        finally:
            self._stop.set()

    def stop(self) -> None:
        """Stop reading, from any thread: ``states`` then yields nothing more."""
        self._stop.set()
        self._arrived.put(_task_ended)

    def _work(self, todo: Iterator[Callable[[], None]], lock: threading.Lock) -> None:
        while not self._stop.is_set():
            with lock:
                task = next(todo, None)
            if task is None:
                return
            self._run(task)

    def _run(self, task: Callable[[], None]) -> None:
        try:
            task()
        except _Stopped:
            return
        except FAILURES as error:
            self._missing(str(getattr(error, "operation_name", "an AWS call")), aws_errors.message_of(error))
        # an error of the program in a worker would otherwise leave the screen waiting forever
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            self._put(lambda: self._warnings.append(f"A part of the account could not be read ({message})."))
        finally:
            self._arrived.put(_task_ended)

    def _put(self, merge: Callable[[], None]) -> None:
        """Pass a part to the thread that yields the states: only that thread changes the account."""
        if self._stop.is_set():
            raise _Stopped
        self._arrived.put(merge)

    def _missing(self, call: str, why: str, costs: str | None = None) -> None:
        entry = Unreadable(call, why, costs or _COSTS.get(call, "what depends on it is unknown"))
        self._put(lambda: self._unreadable.append(entry))

    # Roles, users, groups, customer policies.

    def _read_details(self) -> None:
        """Read GetAccountAuthorizationDetails. If it fails or breaks off, the lists of names are used instead."""
        try:
            pages = self._aws.client("iam").get_paginator("get_account_authorization_details")
            for page in that_end(pages.paginate(Filter=_FILTER, PaginationConfig=PAGE), *_LISTED):
                part = _Details.of(page)
                self._put(partial(self._merge_details, part))
        except FAILURES as error:
            why = aws_errors.why(_DETAILS, error, self._aws.profile)
            self._missing(_DETAILS, why)
            self._put(lambda: self._incomplete.update(("users", "groups", "policies")))
            if not aws_errors.is_credentials(error):
                self._read_names()
            return
        self._put(self._details_done)

    def _details_done(self) -> None:
        # All pages were read, so what none of them contained is known to be empty.
        self._users = self._users or {}
        self._groups = self._groups or {}
        self._policies = self._policies or {}
        self._parts["details"] = True

    def _merge_details(self, part: _Details) -> None:
        for role in part.roles:
            listed = self._roles.get(role.arn)
            self._roles[role.arn] = _with_listed(role, listed) if listed else role
        self._users = {**(self._users or {}), **{user.arn: user for user in part.users}}
        self._groups = {**(self._groups or {}), **{group.arn: group for group in part.groups}}
        self._policies = {**(self._policies or {}), **{policy.arn: policy for policy in part.policies}}

    def _read_roles(self) -> None:
        try:
            pages = self._aws.client("iam").get_paginator("list_roles")
            for page in that_end(pages.paginate(PaginationConfig=PAGE), "Roles"):
                roles = [read_role(entry) for entry in page["Roles"]]
                self._put(partial(self._merge_listed, roles))
        except FAILURES as error:
            self._missing("iam:ListRoles", aws_errors.why("iam:ListRoles", error, self._aws.profile))
            self._put(lambda: self._parts.__setitem__("roles listed", False))
            return
        self._put(lambda: self._parts.__setitem__("roles listed", True))

    def _merge_listed(self, roles: list[Role]) -> None:
        for listed in roles:
            role = self._roles.get(listed.arn)
            self._roles[listed.arn] = _with_listed(role, listed) if role else listed

    def _read_names(self) -> None:
        """Read users, groups and customer policies by name. Their details are read on demand."""
        lists: tuple[tuple[str, str, str, str, Callable[[list[Any]], None]], ...] = (
            ("users", "iam:ListUsers", "list_users", "Users", self._merge_users),
            ("groups", "iam:ListGroups", "list_groups", "Groups", self._merge_groups),
            ("policies", "iam:ListPolicies", "list_policies", "Policies", self._merge_policies),
        )
        for part, call, operation, key, merge in lists:
            arguments: dict[str, Any] = {"Scope": "Local"} if part == "policies" else {}
            try:
                entries = list(self._aws.pages("iam", operation, key, PaginationConfig=PAGE, **arguments))
            except FAILURES as error:
                self._missing(call, aws_errors.why(call, error, self._aws.profile))
                continue

            def done(part: str = part, merge: Callable[[list[Any]], None] = merge, found: Any = entries) -> None:
                merge(found)
                self._incomplete.discard(part)

            self._put(done)

    def _merge_users(self, entries: list[Any]) -> None:
        listed = {user.arn: user for user in (USER.read(entry) for entry in entries)}
        self._users = {**listed, **(self._users or {})}

    def _merge_groups(self, entries: list[Any]) -> None:
        listed = {group.arn: group for group in (GROUP.read(one) for one in entries)}
        self._groups = {**listed, **(self._groups or {})}

    def _merge_policies(self, entries: list[Any]) -> None:
        listed = {policy.arn: policy for policy in (MANAGED_POLICY.read(one) for one in entries)}
        self._policies = {**listed, **(self._policies or {})}

    # The rest of the account, with a call for each part.

    def _read_alias(self) -> None:
        call = "iam:ListAccountAliases"
        reading = self._aws.read(
            call, lambda: next(self._aws.pages("iam", "list_account_aliases", "AccountAliases"), "")
        )
        self._store("alias", reading, call)

    def _read_profiles(self) -> None:
        call = "iam:ListInstanceProfiles"

        def read() -> tuple[InstanceProfile, ...]:
            listed = self._aws.pages("iam", "list_instance_profiles", "InstanceProfiles", PaginationConfig=PAGE)
            return tuple(INSTANCE_PROFILE.read(entry) for entry in listed)

        self._store("instance_profiles", self._aws.read(call, read), call)

    def _read_oidc(self) -> None:
        reading = self._entities.oidc_providers()
        self._store("oidc_providers", reading, "iam:ListOpenIDConnectProviders")
        if reading.note:
            self._missing("iam:GetOpenIDConnectProvider", reading.note)

    def _read_saml(self) -> None:
        self._store("saml_providers", self._entities.saml_providers(), "iam:ListSAMLProviders")

    def _read_summary(self) -> None:
        self._store("summary", self._entities.account_summary(), "iam:GetAccountSummary")

    def _read_organization(self) -> None:
        reading: Reading[Organization] = read_organization(self._aws, self._caller.account)
        self._store("organization", reading, "organizations:DescribeOrganization")
        if reading.absent:
            self._put(lambda: self._parts.__setitem__("in_organization", False))
        elif reading.value is not None:
            self._put(lambda: self._parts.__setitem__("in_organization", True))
            if reading.note:
                self._missing("organizations:ListParents", reading.note)

    def _store(self, part: str, reading: Reading[Any], call: str) -> None:
        if reading.unreadable:
            self._missing(call, reading.why)
        else:
            self._put(lambda: self._parts.__setitem__(part, reading.value))

    # The progress of reading the account.

    def _progress(self) -> str:
        if "roles listed" not in self._parts or ("details" not in self._parts and not self._incomplete):
            return f"reading roles: {len(self._roles):,} so far"
        return "reading what belongs to the account"

    def _account(self, progress: str | None) -> Account:
        parts: Mapping[str, Any] = self._parts
        incomplete = set(self._incomplete)
        if not parts.get("roles listed") and not parts.get("details"):
            incomplete.add("roles")
        return replace(
            self._base,
            alias=parts.get("alias") or None,
            roles=tuple(sorted(self._roles.values(), key=lambda role: role.name.lower())),
            users=None if self._users is None else tuple(self._users.values()),
            groups=None if self._groups is None else tuple(self._groups.values()),
            policies=None if self._policies is None else tuple(self._policies.values()),
            instance_profiles=parts.get("instance_profiles"),
            oidc_providers=parts.get("oidc_providers"),
            saml_providers=parts.get("saml_providers"),
            organization=parts.get("organization"),
            in_organization=parts.get("in_organization"),
            summary=parts.get("summary"),
            unreadable=tuple(self._unreadable),
            warnings=tuple(self._warnings),
            incomplete=frozenset(incomplete),
            progress=progress,
        )


def _task_ended() -> None:
    """Marker in the queue: a task has ended."""


@dataclass(frozen=True, slots=True)
class _Details:
    """One page of GetAccountAuthorizationDetails."""

    roles: list[Role]
    users: list[User]
    groups: list[Group]
    policies: list[ManagedPolicy]

    @classmethod
    def of(cls, page: Mapping[str, Any]) -> _Details:
        return cls(
            [read_role(entry, detailed=True) for entry in page["RoleDetailList"]],
            [USER.read(entry, detailed=True) for entry in page["UserDetailList"]],
            [GROUP.read(entry, detailed=True) for entry in page["GroupDetailList"]],
            [MANAGED_POLICY.read(entry) for entry in page["Policies"]],
        )


def _with_listed(role: Role, listed: Role) -> Role:
    """Return the role with the fields that ListRoles returns and GetAccountAuthorizationDetails does not."""
    if role.inline is None:
        role, listed = listed, role
    return replace(
        role,
        description=listed.description if role.description is None else role.description,
        max_session_seconds=listed.max_session_seconds or role.max_session_seconds,
        max_signin_session_seconds=listed.max_signin_session_seconds or role.max_signin_session_seconds,
        source_template=listed.source_template or role.source_template,
    )


def base_account(caller: CallerIdentity, kind: str, region: str, now: datetime, warnings: tuple[str, ...]) -> Account:
    """Return the account as it is when only its ID and the caller are known."""
    return Account(
        id=caller.account,
        source=kind,
        now=now,
        caller_arn=caller.arn,
        region=region,
        warnings=warnings,
    )
