"""Compute the account as it will be after a plan's calls, as far as permissions depend on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from iam.account import (
    Account,
    AttachedPolicy,
    Group,
    InlinePolicy,
    ManagedPolicy,
    OIDCProvider,
    PolicyVersion,
    Role,
    User,
)
from iam.arn import name_of
from iam.changes.call import Call
from iam.changes.plan import Plan, resolve
from iam.policy.document import Document

H = TypeVar("H", Role, User, Group)

_OF_HOLDER = re.compile(r"(Put|Attach|Detach|Delete)(Role|User|Group)(Policy|PermissionsBoundary)")


def account_after(plan: Plan, account: Account) -> Account:
    """Return the account after the plan's calls: roles, policies, boundaries, trust policies, tags and group members.

    Data that was not read stays unread. Groups that the plan creates or deletes are ignored.
    """
    return [account, *accounts_during(plan, account)][-1]


def accounts_during(plan: Plan, account: Account) -> Iterator[Account]:
    """Yield the account as it is after each of the plan's calls, in their order (see `account_after`)."""
    answers: dict[int, dict[str, str]] = {}
    for index, call in enumerate(plan.calls):
        # No real version has such a number: the number that AWS will assign is not known yet.
        answers[index] = {"PolicyVersion.VersionId": f"v0.{index}", "Policy.Arn": call.target}
        account = _after(resolve(call, answers), f"v0.{index}", account)
        yield account


def account_with(account: Account, call: Call, number: int = 0) -> Account:
    """Return the account as it is after one call.

    ``number`` distinguishes the policy version that the call creates from those that other calls create.
    """
    return _after(call, f"v0.{number}", account)


def with_named_only(plan: Plan, account: Account, *also: str) -> Account:
    """Return the account with only the roles and users that the plan's calls or ``also`` name.

    This is enough to simulate the calls one by one, however large the account is.
    """
    calls = [each for call in plan.calls for each in (call, call.undo) if each is not None]
    profiles = (account.instance_profile_ignoring_case(call.text("IamInstanceProfile")) for call in calls)
    carried = (name for profile in profiles if profile is not None for name in profile.roles)
    roles = (account.role_ignoring_case(name) for name in (*also, *carried, *_texts(calls, "RoleName")) if name)
    users = (account.user(name) for name in (*also, *_texts(calls, "UserName")) if name)
    named = tuple({each.arn: each for each in users if each is not None}.values())
    return replace(
        account,
        roles=tuple({each.arn: each for each in roles if each is not None}.values()),
        users=None if account.users is None else named,
    )


def _texts(calls: Iterable[Call], parameter: str) -> list[str]:
    return [call.text(parameter) for call in calls]


def _after(call: Call, version: str, account: Account) -> Account:
    if of_holder := _OF_HOLDER.fullmatch(call.operation):
        return _with_holder(call, of_holder[2], account)
    match call.operation:
        case "CreateRole":
            role = _new_role(call, account)
            return replace(account, roles=(*(each for each in account.roles if each.name != role.name), role))
        case "CreateOpenIDConnectProvider" if account.oidc_providers is not None:
            issuer = call.text("Url").removeprefix("https://")
            provider = OIDCProvider(call.target, issuer, tuple(call.parameters.get("ClientIDList") or ()))
            return replace(account, oidc_providers=(*account.oidc_providers, provider))
        case "AddClientIDToOpenIDConnectProvider" | "RemoveClientIDFromOpenIDConnectProvider":
            arn = call.text("OpenIDConnectProviderArn")
            listed = (_with_audience(each, call) if each.arn == arn else each for each in account.oidc_providers or ())
            return account if account.oidc_providers is None else replace(account, oidc_providers=tuple(listed))
        case "DeleteRole":
            return replace(account, roles=tuple(each for each in account.roles if each.name != call.text("RoleName")))
        case "CreateUser" if account.users is not None:
            return replace(account, users=(*account.users, _new_user(call)))
        case "DeleteUser" if account.users is not None:
            return replace(account, users=tuple(each for each in account.users if each.name != call.text("UserName")))
        case "UpdateRole":
            roles = _changed(account.roles, call.text("RoleName"), lambda role: _updated(role, call))
            return replace(account, roles=roles or ())
        case "AddRoleToInstanceProfile" | "RemoveRoleFromInstanceProfile":
            roles = _changed(account.roles, call.text("RoleName"), lambda role: _in_profiles(role, call))
            return replace(account, roles=roles or ())
        case "TagRole" | "UntagRole":
            roles = _changed(account.roles, call.text("RoleName"), lambda role: _tagged(role, call))
            return replace(account, roles=roles or ())
        case "TagUser" | "UntagUser":
            users = _changed(account.users, call.text("UserName"), lambda user: _tagged(user, call))
            return replace(account, users=users)
        case "AddUserToGroup" | "RemoveUserFromGroup":
            users = _changed(account.users, call.text("UserName"), lambda user: _in_groups(user, call))
            return replace(account, users=users)
        case "UpdateAssumeRolePolicy":
            trust = Document(call.text("PolicyDocument"))
            roles = _changed(account.roles, call.text("RoleName"), lambda role: replace(role, trust=trust))
            return replace(account, roles=roles or ())
        case "CreatePolicy":
            document = PolicyVersion("v1", Document(call.text("PolicyDocument")), True)
            made = ManagedPolicy(call.text("PolicyName"), call.target, versions=(document,), default_version_id="v1")
            return replace(account, policies=(*(account.policies or ()), made))
        case "CreatePolicyVersion" | "SetDefaultPolicyVersion":
            arn = call.text("PolicyArn")
            policies = (_versioned(each, call, version) if each.arn == arn else each for each in account.policies or ())
            return replace(account, policies=tuple(policies))
    return account


def _with_audience(provider: OIDCProvider, call: Call) -> OIDCProvider:
    if provider.client_ids is None:
        return provider
    others = tuple(each for each in provider.client_ids if each != call.text("ClientID"))
    added = (call.text("ClientID"),) if call.operation.startswith("Add") else ()
    return replace(provider, client_ids=(*others, *added))


def _new_role(call: Call, account: Account) -> Role:
    return Role(
        call.text("RoleName"),
        call.target,
        call.text("Path") or "/",
        created=account.now,
        trust=Document(call.text("AssumeRolePolicyDocument")),
        inline=(),
        attached=(),
        boundary_arn=call.text("PermissionsBoundary") or None,
        tags=dict(call.parameters.get("Tags") or {}),
        description=call.text("Description"),
        max_session_seconds=call.parameters.get("MaxSessionDuration") or 3600,
        instance_profiles=(),
    )


def _new_user(call: Call) -> User:
    return User(
        call.text("UserName"),
        call.target,
        call.text("Path") or "/",
        inline=(),
        attached=(),
        groups=(),
        boundary_arn=call.text("PermissionsBoundary") or None,
        tags=dict(call.parameters.get("Tags") or {}),
    )


def _updated(role: Role, call: Call) -> Role:
    seconds = call.parameters.get("MaxSessionDuration")
    role = replace(role, description=call.text("Description")) if "Description" in call.parameters else role
    return replace(role, max_session_seconds=seconds) if seconds is not None else role


def _in_profiles(role: Role, call: Call) -> Role:
    if role.instance_profiles is None:
        return role
    name = call.text("InstanceProfileName")
    others = tuple(each for each in role.instance_profiles if each != name)
    return replace(role, instance_profiles=(*others, name) if call.operation.startswith("Add") else others)


def _with_holder(call: Call, word: str, account: Account) -> Account:
    name = call.text(f"{word}Name")
    match word:
        case "Role":
            roles = _changed(account.roles, name, lambda role: _holding(role, call, word))
            return replace(account, roles=roles or ())
        case "User":
            return replace(account, users=_changed(account.users, name, lambda user: _holding(user, call, word)))
    return replace(account, groups=_changed(account.groups, name, lambda group: _holding(group, call, word)))


def _changed(listed: Iterable[H] | None, name: str, change: Callable[[H], H]) -> tuple[H, ...] | None:
    return None if listed is None else tuple(change(each) if each.name == name else each for each in listed)


def _holding(holder: H, call: Call, word: str) -> H:
    match call.operation.replace(word, ""):
        case "PutPermissionsBoundary" if not isinstance(holder, Group):
            return replace(holder, boundary_arn=call.text("PermissionsBoundary"))
        case "DeletePermissionsBoundary" if not isinstance(holder, Group):
            return replace(holder, boundary_arn=None)
        case "AttachPolicy" | "DetachPolicy" if holder.attached is not None:
            return replace(holder, attached=_attached(holder.attached, call))
        case "PutPolicy" | "DeletePolicy" if holder.inline is not None:
            return replace(holder, inline=_inline(holder.inline, call))
    return holder


def _tagged(holder: H, call: Call) -> H:
    if isinstance(holder, Group) or holder.tags is None:
        return holder
    removed = call.parameters.get("TagKeys") or ()
    kept = {key: value for key, value in holder.tags.items() if key not in removed}
    return replace(holder, tags={**kept, **(call.parameters.get("Tags") or {})})


def _in_groups(user: User, call: Call) -> User:
    if user.groups is None:
        return user
    name = call.text("GroupName")
    others = tuple(each for each in user.groups if each != name)
    return replace(user, groups=(*others, name) if call.operation == "AddUserToGroup" else others)


def _attached(attached: tuple[AttachedPolicy, ...], call: Call) -> tuple[AttachedPolicy, ...]:
    arn = call.text("PolicyArn")
    others = tuple(each for each in attached if each.arn != arn)
    return (*others, AttachedPolicy(name_of(arn), arn)) if call.operation.startswith("Attach") else others


def _inline(inline: tuple[InlinePolicy, ...], call: Call) -> tuple[InlinePolicy, ...]:
    name = call.text("PolicyName")
    others = tuple(each for each in inline if each.name != name)
    if call.operation.startswith("Delete"):
        return others
    return (*others, InlinePolicy(name, Document(call.text("PolicyDocument"))))


def _versioned(policy: ManagedPolicy, call: Call, version: str) -> ManagedPolicy:
    if call.operation == "SetDefaultPolicyVersion":
        return replace(policy, default_version_id=call.text("VersionId"))
    default = version if call.parameters.get("SetAsDefault") else policy.default_version_id
    made = PolicyVersion(version, Document(call.text("PolicyDocument")), False)
    return replace(policy, versions=(*policy.versions, made), default_version_id=default)
