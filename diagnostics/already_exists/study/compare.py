"""What was wanted against what is there: each difference, and the command that would make the one like the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from diagnostics.already_exists.find.search import Found, list_is_complete
from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.study.documents import (
    Difference,
    canonical,
    difference_text,
    gives_everything,
    wide_open,
)
from diagnostics.already_exists.study.trusts import trust_difference
from diagnostics.already_exists.wanted import Wanted
from diagnostics.already_exists.words import allowed_principals, value_of
from diagnostics.commands import compact_json, shown
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.fix import iam_call
from iam.account import Account, ManagedPolicy, OIDCProvider, Role
from iam.changes.plan import Call
from iam.policy.document import Document
from iam.words import joined


@dataclass(frozen=True, slots=True)
class EntityComparison:
    """``differences`` that were seen, ``same`` the aspects that agree, ``unknown`` those that could not be compared.

    ``other_purpose`` is True when the two are trusted by entirely different principals: then they are not the same
    thing. ``essential`` is True when what makes the entity what it is was compared: a role's trust policy, a policy's
    document, a provider's audiences; of other kinds the name is all there is.
    """

    told: bool
    differences: tuple[Difference, ...] = ()
    same: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    other_purpose: bool = False
    essential: bool = False

    @property
    def identical(self) -> bool:
        return self.essential and not self.differences and not self.unknown

    @property
    def calls(self) -> tuple[Call, ...]:
        found: list[Call] = []
        for each in self.differences:
            if each.call is not None and each.call not in found:
                found.append(each.call)
        return tuple(found)


def compare(found: Found, wanted: Wanted, account: Account) -> tuple[EntityComparison, Step]:
    """The differences between what was wanted and ``found``. Nothing told is said so, and compares nothing."""
    title = "What was wanted, and what is there"
    if not wanted.told:
        said = "unknown: the text does not say what the new one was to be"
        if wanted.elsewhere:
            said = f"unknown: it is in {joined(shown(each) for each in wanted.elsewhere)}, which was not pasted"
        return EntityComparison(False), Step("wanted", title, Status.UNKNOWN, said)
    differences: list[Difference] = []
    same: list[str] = []
    unknown: list[str] = [f"what is in {shown(each)}" for each in wanted.elsewhere]
    entity = found.entity
    if wanted.path is not None and found.path is not None:
        _note("path", wanted.path, found.path, None, differences, same)
    if isinstance(entity, Role):
        _compare_role(entity, wanted, differences, same, unknown)
        _compare_profile(entity, wanted, account, differences, same, unknown)
    elif isinstance(entity, ManagedPolicy) and wanted.document is not None:
        if entity.document is None:
            unknown.append("the policy's default version")
        else:
            _compare_documents("document", wanted.document, entity.document, None, differences, same)
    elif isinstance(entity, OIDCProvider) and wanted.audiences is not None:
        if entity.client_ids is None:
            unknown.append("its audiences")
        else:
            missing = [each for each in wanted.audiences if each not in entity.client_ids]
            for each in missing:
                call = iam_call(
                    "AddClientIDToOpenIDConnectProvider", OpenIDConnectProviderArn=entity.arn, ClientID=each
                )
                differences.append(Difference(f"audience {each}", each, "not in the list", call))
            if not missing:
                same.append("audiences")
    other_purpose = _other_purpose(entity, wanted)
    comparison = EntityComparison(
        True, tuple(differences), tuple(same), tuple(unknown), other_purpose, _essential(found, wanted)
    )
    return comparison, _step(comparison, wanted, title)


def _compare_role(
    role: Role, wanted: Wanted, differences: list[Difference], same: list[str], unknown: list[str]
) -> None:
    if wanted.trust is not None:
        if role.trust is None:
            unknown.append("the trust policy")
        else:
            differences += trust_difference(role, wanted.trust)
            same += [] if differences and differences[-1].aspect == "trust policy" else ["trust policy"]
    if wanted.attached is not None:
        if role.attached is None:
            unknown.append("the attached policies")
        else:
            have = {each.arn for each in role.attached}
            for arn in wanted.attached:
                if arn in have:
                    same.append(f"policy {arn}")
                elif gives_everything(arn):
                    held = "it allows everything, which is nobody's advice"
                    differences.append(Difference(f"policy {arn}", arn, "not attached", held=held))
                else:
                    call = iam_call("AttachRolePolicy", RoleName=role.name, PolicyArn=arn)
                    differences.append(Difference(f"policy {arn}", arn, "not attached", call))
            extra = sorted(have - set(wanted.attached))
            if extra:
                differences.append(Difference("more policies", "not asked for", joined(extra)))
    if wanted.inline is not None:
        if role.inline is None:
            unknown.append("the inline policies")
        else:
            documents = {each.name: each.document for each in role.inline}
            for name, document in wanted.inline.items():
                put = _inline_policy(role, name, document)
                if name in documents:
                    _compare_documents(f"inline {name}", document, documents[name], put, differences, same)
                else:
                    _note(f"inline {name}", "there", "not there", put, differences, same)
    if wanted.boundary is not None:
        if role.boundary_arn is not None and role.boundary_arn != wanted.boundary:
            held = "somebody set another boundary, and it is not for this to replace it"
            differences.append(Difference("boundary", wanted.boundary, role.boundary_arn, held=held))
        else:
            call = iam_call("PutRolePermissionsBoundary", RoleName=role.name, PermissionsBoundary=wanted.boundary)
            _note("boundary", wanted.boundary, role.boundary_arn or "none", call, differences, same)
    if wanted.tags is not None:
        if role.tags is None:
            unknown.append("the tags")
        else:
            missing = {key: value for key, value in wanted.tags.items() if role.tags.get(key) != value}
            if missing:
                there = {key: role.tags.get(key, "") for key in missing}
                call = iam_call("TagRole", RoleName=role.name, Tags=missing)
                differences.append(Difference("tags", _tag_words(missing), _tag_words(there), call))
            else:
                same.append("tags")
    update = _update_call(role, wanted)
    if wanted.description is not None:
        if role.description is None:
            unknown.append("the description")
        else:
            _note("description", wanted.description, role.description, update, differences, same)
    if wanted.max_session_seconds is not None:
        if role.max_session_seconds is None:
            unknown.append("the session length")
        else:
            seconds = str(wanted.max_session_seconds)
            _note("session length", seconds, str(role.max_session_seconds), update, differences, same)


def _update_call(role: Role, wanted: Wanted) -> Call:
    """Description and session length in one call, as far as they are known: IAM sets a session length that is not sent
    back to one hour (API reference, UpdateRole)."""
    description = role.description if wanted.description is None else wanted.description
    seconds = role.max_session_seconds if wanted.max_session_seconds is None else wanted.max_session_seconds
    return iam_call("UpdateRole", RoleName=role.name, Description=description, MaxSessionDuration=seconds)


def _compare_profile(
    role: Role, wanted: Wanted, account: Account, differences: list[Difference], same: list[str], unknown: list[str]
) -> None:
    """Whether the role is in the instance profile that it was wanted in, and what puts it there."""
    name = wanted.instance_profile
    if name is None:
        return
    held = account.instance_profile_ignoring_case(name)
    if role.instance_profiles is None or (held is None and not list_is_complete(account, "instance_profiles")):
        unknown.append("the instance profile")
    elif name.lower() in {each.lower() for each in role.instance_profiles}:
        same.append("instance profile")
    elif held is not None and held.roles:
        why = f"it holds the role {shown(held.roles[0])}, and takes one"
        differences.append(Difference(f"instance profile {name}", role.name, held.roles[0], held=why))
    else:
        profile = held.name if held else name
        if held is None:
            made = iam_call("CreateInstanceProfile", InstanceProfileName=profile)
            differences.append(Difference(f"instance profile {name}", "there", "not there", made))
        call = iam_call("AddRoleToInstanceProfile", InstanceProfileName=profile, RoleName=role.name)
        differences.append(Difference(f"place in instance profile {name}", "in it", "not in it", call))


def _inline_policy(role: Role, name: str, document: Document) -> Call | None:
    """The call that writes it, or None where it would open something to everything: that is never advice."""
    if wide_open(document):
        return None
    return iam_call(
        "PutRolePolicy", RoleName=role.name, PolicyName=name, PolicyDocument=compact_json(value_of(document))
    )


def _tag_words(tags: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in tags.items())


def _note(
    aspect: str, wanted: str, is_: str, call: Call | None, differences: list[Difference], same: list[str]
) -> None:
    if wanted == is_:
        same.append(aspect)
    else:
        differences.append(Difference(aspect, wanted, is_, call))


def _compare_documents(
    aspect: str,
    wanted: Document,
    is_: Document,
    call: Call | None,
    differences: list[Difference],
    same: list[str],
) -> None:
    if canonical(wanted) == canonical(is_):
        same.append(aspect)
    else:
        differences.append(Difference(aspect, "otherwise", "otherwise", call, wanted, is_))


def _essential(found: Found, wanted: Wanted) -> bool:
    if isinstance(found.entity, Role):
        return wanted.trust is not None
    if isinstance(found.entity, ManagedPolicy):
        return wanted.document is not None
    if isinstance(found.entity, OIDCProvider):
        return wanted.audiences is not None
    return found.kind in (EntityKind.USER, EntityKind.GROUP)


def _other_purpose(entity: Any, wanted: Wanted) -> bool:
    if not isinstance(entity, Role) or wanted.trust is None or entity.trust is None:
        return False
    wanted_principals, have = set(allowed_principals(wanted.trust)), set(allowed_principals(entity.trust))
    return bool(wanted_principals and have) and not wanted_principals & have


def _step(comparison: EntityComparison, wanted: Wanted, title: str) -> Step:
    evidence = []
    for each in comparison.differences:
        if each.wanted_document and each.document:
            text = f"{each.aspect}:\n{difference_text(each.wanted_document, each.document)}"
            evidence.append(Evidence(text, element=each.aspect, document=each.document))
        else:
            text = f"{each.aspect}: wanted {shown(each.wanted)}, there is {shown(each.is_)}"
            evidence.append(Evidence(text, element=each.aspect))
    evidence += [
        Evidence(f"{shown(each.aspect)} is left as it is: {each.held}") for each in comparison.differences if each.held
    ]
    evidence += [Evidence(f"{shown(each)}: the same") for each in comparison.same]
    evidence += [Evidence(f"could not be compared: {shown(each)}") for each in comparison.unknown]
    parts = []
    if comparison.differences:
        parts.append(f"other than wanted: {joined(shown(each.aspect) for each in comparison.differences)}")
    if comparison.same:
        parts.append(f"the same: {joined(shown(each) for each in comparison.same)}")
    if comparison.unknown:
        parts.append(f"not compared: {joined(comparison.unknown)}")
    if comparison.other_purpose:
        parts.insert(0, "made for something else: nobody who should be trusted is")
    status = Status.FAIL if comparison.differences else Status.UNKNOWN if comparison.unknown else Status.PASS
    summary = f"{'; '.join(parts) or 'nothing to compare'} (by {wanted.source})"
    return Step("wanted", title, status, summary, tuple(evidence))
