"""The advice to use another name: three free names that follow the account's naming pattern."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from diagnostics.already_exists.advice.creation import new_role
from diagnostics.already_exists.find.search import list_is_complete, search_name, unique_name
from diagnostics.already_exists.kinds import FACTS, EntityKind, key_of, valid_name
from diagnostics.already_exists.study.documents import wide_open
from diagnostics.already_exists.wanted import Wanted
from diagnostics.already_exists.words import allowed_principals, value_of
from diagnostics.commands import compact_json, shown
from diagnostics.fix import Advice, Change, Fix, Note, RoleCreation, calls_or_note, iam_call
from diagnostics.who import Who
from iam.account import Account
from iam.changes.plan import Call
from iam.creation.draft.names import STAGES, NamePattern, NameRules, free_names, pattern_of, role_names, words_of
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined

_NAMES_SAID = 60  # the number of characters of names in a title; the change contains all names


def rename_fix(
    kind: EntityKind,
    name: str,
    wanted: Wanted,
    opened: OpenedAccount,
    why: str,
    with_profile: bool = False,
    contradicted: str = "",
) -> Fix:
    """Return the fix that proposes free names.

    ``why`` is the reason, or another way to get a name. With ``with_profile``, the name must be free for an instance
    profile too. ``contradicted`` is the snapshot that AWS's error contradicts.
    """
    pattern = account_pattern(kind, opened.account)
    checks = [free_check(kind, opened)]
    if with_profile and kind is not EntityKind.INSTANCE_PROFILE:
        checks.append(free_check(EntityKind.INSTANCE_PROFILE, opened))

    def free(candidate: str) -> bool | None:
        answers = [check(candidate) for check in checks]
        return False if False in answers else None if None in answers else True

    names = free_names(name, pattern, free, name_rules(kind), _hints(wanted.trust, opened.account, pattern, name))
    checked = all(is_checked for _, is_checked in names)
    listed = [candidate for candidate, _ in names]
    said = (
        (f"free in {contradicted}" if contradicted else "free")
        if checked
        else "not checked: the names taken cannot be read"
    )
    if kind is EntityKind.ACCOUNT_ALIAS:
        said = "not checked: aliases are unique among all accounts"
    names_said = joined(listed, "or")
    if len(names_said) > _NAMES_SAID:
        names_said = f"{shown(listed[0], _NAMES_SAID)} or another of those listed"
    title = f"rename: use {names_said} ({said})"
    cautions = (why,) if why else ()
    target = f"{FACTS[kind].word} to be created, instead of {shown(name)}"
    if kind is EntityKind.ROLE and listed:
        change: Change = RoleCreation(target, new_role(wanted, listed[0], name), tuple(listed))
    elif calls := _calls(kind, listed[0], wanted, opened.account) if listed else ():
        others = f"or {joined(listed[1:], 'or')}" if len(listed) > 1 else ""
        change = calls_or_note(target, *calls, remark=others)
    else:
        change = Note(target)
    if isinstance(change, Note):
        change = Note(target, "\n".join(listed))
    return Fix(title, Who.YOU, change, cautions=cautions, advice=Advice.RENAME)


def _calls(kind: EntityKind, name: str, wanted: Wanted, account: Account) -> tuple[Call, ...]:
    """Return the calls that create the wanted entity with the other name, if all their values are known; else empty."""
    path = {"Path": wanted.path} if wanted.path not in (None, "/") else {}
    if kind is EntityKind.POLICY and wanted.document is not None and not wide_open(wanted.document):
        document = compact_json(value_of(wanted.document))
        return (iam_call("CreatePolicy", PolicyName=name, **path, PolicyDocument=document),)
    if kind is EntityKind.USER:
        return (iam_call("CreateUser", UserName=name, **path),)
    if kind is EntityKind.GROUP:
        return (iam_call("CreateGroup", GroupName=name, **path),)
    if kind is not EntityKind.INSTANCE_PROFILE:
        return ()
    made = iam_call("CreateInstanceProfile", InstanceProfileName=name, **path)
    role = account.role_ignoring_case(wanted.role_name) if wanted.role_name else None
    if role is None:
        return (made,)
    return made, iam_call("AddRoleToInstanceProfile", InstanceProfileName=name, RoleName=role.name)


def account_pattern(kind: EntityKind, account: Account) -> NamePattern:
    """Return the naming pattern of this kind of entity, or of roles if the account has too few of the kind."""
    own: list[str] = []
    if kind is EntityKind.POLICY:
        own = [policy.name for policy in account.policies or () if not policy.aws_managed]
    elif kind is EntityKind.INSTANCE_PROFILE:
        own = [profile.name for profile in account.instance_profiles or ()]
    elif kind is EntityKind.USER:
        own = [user.name for user in account.users or ()]
    elif kind is EntityKind.GROUP:
        own = [group.name for group in account.groups or ()]
    return pattern_of(own if len(own) >= 5 else [*own, *role_names(account)])


def name_rules(kind: EntityKind) -> NameRules:
    rules = NameRules(FACTS[kind].longest, lambda name: valid_name(kind, name), fallback=FACTS[kind].arn or "account")
    if kind is EntityKind.ACCOUNT_ALIAS:
        return replace(rules, refused=re.compile(r"[^a-z0-9-]+"), small=True)
    if kind is EntityKind.SAML_PROVIDER:
        return replace(rules, refused=re.compile(r"[^A-Za-z0-9_.-]+"))
    return rules


def _hints(trust: Document | None, account: Account, pattern: NamePattern, name: str) -> list[str]:
    """Return words for the new entity's purpose: the endings of roles with the same trust policy, and the stage."""
    hints: list[str] = []
    wanted = set(allowed_principals(trust))
    if wanted:
        alike = [role.name for role in account.roles if wanted == set(allowed_principals(role.trust))]
        endings = pattern_of(alike).endings
        hints += [ending for ending in endings if ending in pattern.endings][:1]
    stages = (*pattern.end_stages, *pattern.front_stages)
    if not stages and account.alias:
        words = words_of(account.alias)
        hints += [word for word in words[-1:] if word.lower() in STAGES]
    return hints


def free_check(kind: EntityKind, opened: OpenedAccount) -> Callable[[str], bool | None]:
    """Return a function that returns whether a name is free: True, False, or None if unknown.

    The list of all names is read once if it was not read before. If that is denied, names are read one by one; a name
    that is not found may then still be taken in another letter case.
    """
    part = {
        EntityKind.ROLE: "roles",
        EntityKind.SERVICE_LINKED_ROLE: "roles",
        EntityKind.USER: "users",
        EntityKind.GROUP: "groups",
        EntityKind.POLICY: "policies",
        EntityKind.INSTANCE_PROFILE: "instance_profiles",
    }.get(kind)
    if part and list_is_complete(opened.account, part):
        entities = [each for each in getattr(opened.account, part) if not getattr(each, "aws_managed", False)]
        taken = {key_of(kind, unique_name(each)) for each in entities}
        return lambda name: key_of(kind, name) not in taken
    if kind is EntityKind.ACCOUNT_ALIAS:
        return lambda name: None
    names = opened.reader.entity_names(EntityKind.ROLE.value if kind is EntityKind.SERVICE_LINKED_ROLE else kind.value)
    if not names.unreadable:
        listed = {key_of(kind, each.name) for each in names.value or ()}
        return lambda name: key_of(kind, name) not in listed

    def ask(name: str) -> bool | None:
        answer = search_name(kind, name, opened)
        return False if answer.found else True if answer.free else None

    return ask
