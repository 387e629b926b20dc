"""Compare a wanted role with the existing role of the same name."""

from __future__ import annotations

import re

from diagnostics.already_exists.find.search import list_is_complete
from diagnostics.already_exists.study.aspects import Aspects
from diagnostics.already_exists.study.documents import Difference, gives_everything, wide_open
from diagnostics.already_exists.study.trusts import trust_difference
from diagnostics.already_exists.wanted import Wanted
from diagnostics.already_exists.words import value_of
from diagnostics.commands import compact_json, shown
from diagnostics.fix import iam_call
from iam.account import Account, Role
from iam.changes.plan import Call
from iam.policy.document import Document
from iam.policy.match import glob_regex
from iam.words import joined


def compare_role(role: Role, wanted: Wanted, account: Account, aspects: Aspects) -> None:
    """Compare each known aspect of the two roles, and add the results to ``aspects``."""
    _trust(role, wanted, aspects)
    _service_account(role, wanted, aspects)
    _attached(role, wanted, aspects)
    _inline(role, wanted, aspects)
    _boundary(role, wanted, aspects)
    _tags(role, wanted, aspects)
    _settings(role, wanted, aspects)
    _profile(role, wanted, account, aspects)


def _trust(role: Role, wanted: Wanted, aspects: Aspects) -> None:
    if wanted.trust is None:
        return
    if role.trust is None:
        aspects.unknown.append("the trust policy")
    elif differences := trust_difference(role, wanted.trust):
        aspects.differences += differences
    else:
        aspects.same.append("trust policy")


def _service_account(role: Role, wanted: Wanted, aspects: Aspects) -> None:
    """Compare whether the trust policy accepts tokens of the wanted service account."""
    if wanted.service_account is None:
        return
    if role.trust is None:
        aspects.unknown.append("the trust policy")
    elif takes_service_account(role, wanted.service_account):
        aspects.same.append("service account")
    else:
        subject = f"system:serviceaccount:{wanted.service_account}"
        named = joined(sorted(subjects(role))) or "no service account"
        held = "the role's owner decides which principals the role trusts"
        aspects.differences.append(Difference("service account", subject, named, held=held))


def subjects(role: Role) -> set[str]:
    """Return the token subjects that a role's trust policy names, possibly as patterns."""
    return {
        value
        for statement in role.trust_statements
        for block in statement.conditions
        if block.key.lower().endswith(":sub")
        for value in block.values
    }


def takes_service_account(role: Role, account: str) -> bool:
    """Return whether a role's trust policy names the service account (``namespace:name``), or requires no subject."""
    named = subjects(role)
    wanted = f"system:serviceaccount:{account}"
    return any(re.fullmatch(glob_regex(value), wanted) for value in named) or not named


def _attached(role: Role, wanted: Wanted, aspects: Aspects) -> None:
    if wanted.attached is None:
        return
    if role.attached is None:
        aspects.unknown.append("the attached policies")
        return
    have = {each.arn for each in role.attached}
    for arn in wanted.attached:
        if arn in have:
            aspects.same.append(f"policy {arn}")
        elif gives_everything(arn):
            held = "it allows everything, which is not advisable"
            aspects.differences.append(Difference(f"policy {arn}", arn, "not attached", held=held))
        else:
            call = iam_call("AttachRolePolicy", RoleName=role.name, PolicyArn=arn)
            aspects.differences.append(Difference(f"policy {arn}", arn, "not attached", call))
    if extra := sorted(have - set(wanted.attached)):
        aspects.differences.append(Difference("more policies", "not requested", joined(extra)))


def _inline(role: Role, wanted: Wanted, aspects: Aspects) -> None:
    if wanted.inline is None:
        return
    if role.inline is None:
        aspects.unknown.append("the inline policies")
        return
    documents = {each.name: each.document for each in role.inline}
    for name, document in wanted.inline.items():
        put = _inline_policy(role, name, document)
        if name in documents:
            aspects.compare_documents(f"inline {name}", document, documents[name], put)
        else:
            aspects.compare(f"inline {name}", "there", "missing", put)


def _boundary(role: Role, wanted: Wanted, aspects: Aspects) -> None:
    if wanted.boundary is None:
        return
    if role.boundary_arn is not None and role.boundary_arn != wanted.boundary:
        held = "another permissions boundary is set, and is not replaced here"
        aspects.differences.append(Difference("boundary", wanted.boundary, role.boundary_arn, held=held))
        return
    call = iam_call("PutRolePermissionsBoundary", RoleName=role.name, PermissionsBoundary=wanted.boundary)
    aspects.compare("boundary", wanted.boundary, role.boundary_arn or "none", call)


def _tags(role: Role, wanted: Wanted, aspects: Aspects) -> None:
    if wanted.tags is None:
        return
    if role.tags is None:
        aspects.unknown.append("the tags")
        return
    missing = {key: value for key, value in wanted.tags.items() if role.tags.get(key) != value}
    if not missing:
        aspects.same.append("tags")
        return
    there = {key: role.tags.get(key, "") for key in missing}
    call = iam_call("TagRole", RoleName=role.name, Tags=missing)
    aspects.differences.append(Difference("tags", _tag_words(missing), _tag_words(there), call))


def _tag_words(tags: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in tags.items())


def _settings(role: Role, wanted: Wanted, aspects: Aspects) -> None:
    """Compare description and session length."""
    update = _update_call(role, wanted)
    for aspect, asked, there in (
        ("description", wanted.description, role.description),
        ("session length", wanted.max_session_seconds, role.max_session_seconds),
    ):
        if asked is not None and there is None:
            aspects.unknown.append(f"the {aspect}")
        elif asked is not None:
            aspects.compare(aspect, str(asked), str(there), update)


def _update_call(role: Role, wanted: Wanted) -> Call:
    """Return one call that sets description and session length to the wanted values, or else to the existing ones.

    IAM resets a session length that is not sent to one hour (API reference, UpdateRole).
    """
    description = role.description if wanted.description is None else wanted.description
    seconds = role.max_session_seconds if wanted.max_session_seconds is None else wanted.max_session_seconds
    return iam_call("UpdateRole", RoleName=role.name, Description=description, MaxSessionDuration=seconds)


def _profile(role: Role, wanted: Wanted, account: Account, aspects: Aspects) -> None:
    """Compare whether the role is in the wanted instance profile, and add the call that puts the role there."""
    name = wanted.instance_profile
    if name is None:
        return
    held = account.instance_profile_ignoring_case(name)
    if role.instance_profiles is None or (held is None and not list_is_complete(account, "instance_profiles")):
        aspects.unknown.append("the instance profile")
    elif name.lower() in {each.lower() for each in role.instance_profiles}:
        aspects.same.append("instance profile")
    elif held is not None and held.roles:
        why = f"the profile contains the role {shown(held.roles[0])}, and can contain only one role"
        aspects.differences.append(Difference(f"instance profile {name}", role.name, held.roles[0], held=why))
    else:
        profile = held.name if held else name
        if held is None:
            made = iam_call("CreateInstanceProfile", InstanceProfileName=profile)
            aspects.differences.append(Difference(f"instance profile {name}", "there", "missing", made))
        call = iam_call("AddRoleToInstanceProfile", InstanceProfileName=profile, RoleName=role.name)
        aspects.differences.append(Difference(f"place in instance profile {name}", "in it", "not in it", call))


def _inline_policy(role: Role, name: str, document: Document) -> Call | None:
    """Return the call that saves the policy; None if the policy would allow everything."""
    if wide_open(document):
        return None
    return iam_call(
        "PutRolePolicy", RoleName=role.name, PolicyName=name, PolicyDocument=compact_json(value_of(document))
    )
