"""The verdict about a name conflict: the cause code, the confidence, and one sentence."""

from __future__ import annotations

from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.find.spelling import fault_of, looks_like
from diagnostics.already_exists.kinds import FACTS, EntityKind
from diagnostics.already_exists.words import age
from diagnostics.commands import shown
from diagnostics.diagnosis import Confidence, Verdict
from iam.account import InstanceProfile
from iam.claims import Ground, at_most_likely, confidence, only
from iam.words import joined

_NEED_THE_OWNER = (
    "name.taken",
    "name.taken-other-case",
    "name.taken-other-path",
    "policy.taken",
    "deletion.unfinished",
)
_PROVIDERS = (EntityKind.OIDC_PROVIDER, EntityKind.SAML_PROVIDER)


def verdict_of(case: ConflictCase) -> Verdict:
    """Return the verdict. Its confidence depends on whether the owner, use and deletion of the entity could be read."""
    if case.found is None:
        return _of_nothing(case)
    if case.other_account:
        verdict = _of_found(case, case.found)
        said = (
            f"{verdict.summary} But the text mentions account {case.other_account}, whereas this is {case.account.id}."
        )
        return Verdict(verdict.cause, at_most_likely(verdict.confidence), said)
    verdict = _of_found(case, case.found)
    deletion = case.deletion_unknown and not case.use.used
    unseen = [
        *(["its owner"] if case.owner.unknown else []),
        *(["whether it is used"] if case.use.gaps and not case.use.used else []),
        *(["whether its deletion has begun"] if deletion else []),
    ]
    if unseen and verdict.cause in _NEED_THE_OWNER:
        said = f"{verdict.summary} {joined(unseen).capitalize()} cannot be seen from here."
        # A deletion that has started would be the cause. If a file contains none, nothing more can be known.
        failed = deletion and case.reader.kind != "snapshot"
        sure = at_most_likely(verdict.confidence) if failed else verdict.confidence
        return Verdict(verdict.cause, sure, said)
    return verdict


def _of_found(case: ConflictCase, found: Found) -> Verdict:
    # If the kind is unknown, a different entity with this name may be meant.
    several = case.kind is None and (len([look for look in case.looks if look.found]) > 1 or case.gaps)
    sure = confidence(Ground.LIKENESS if several else Ground.READ)
    what = f"{FACTS[found.kind].word} {shown(found.name)}"
    role = found.role
    if case.deletion:
        sure = sure if case.deletion.certain else at_most_likely(sure)
        return Verdict("deletion.unfinished", sure, f"The {what} still exists: {case.deletion.sentence}.")
    if role and role.service_owned:
        by = "it is a service's own role" if role.service_linked else "IAM Identity Center or AWS reserves it"
        return Verdict(
            "role.service-owned", sure, f"The {what} exists and belongs to AWS: {by}, so you cannot change it."
        )
    if isinstance(found.entity, InstanceProfile):
        return _of_profile(case, found.entity, sure)

    facts = _facts(case, found)
    wanted = shown(case.name or found.name)
    differs = (
        f" Its name is written {shown(found.name)}; IAM ignores case when it compares names."
        if found.name != case.name
        else ""
    )
    if found.kind is EntityKind.ACCOUNT_ALIAS:
        return Verdict("name.taken", sure, f"The account has the alias {shown(found.name)} already.")
    if found.kind in _PROVIDERS:
        said = f"The account already has the {FACTS[found.kind].word} {shown(found.name)}{facts}."
        return Verdict("provider.taken", sure, said)
    elsewhere = bool(case.wanted.path and found.path and case.wanted.path != found.path)
    path = f" It has the path {shown(found.path or '/')}; the path is not part of the name." if elsewhere else ""
    if found.kind is EntityKind.POLICY:
        said = f"A customer managed policy already has the name {wanted}{facts}.{differs}{path}"
        return Verdict("policy.taken", sure, said)
    if differs and case.name is not None:
        said = (
            f"{found.name} already has the name{facts}. IAM ignores case in names, so {wanted} is the same name.{path}"
        )
        return Verdict("name.taken-other-case", sure, shown(said, 400))
    if elsewhere:
        said = f"The {what} exists in path {shown(found.path or '/')}{facts}: the path is not part of the name."
        return Verdict("name.taken-other-path", sure, said)
    if case.own_try:
        facts = (
            f" (your own call created it {age(found.created, case.account.now)}, though it may not have reported "
            "success)"
        )
    verb = "is assigned" if found.kind is EntityKind.MFA_DEVICE and case.use.users else "exists"
    return Verdict("name.taken", sure, f"The {what} {verb} already{facts}.")


def _facts(case: ConflictCase, found: Found) -> str:
    """Return the main facts about the entity for a sentence: owner, age, use."""
    parts = []
    owner = case.owner.words()
    if owner:
        parts.append(f"it belongs to {owner}")
    if case.use.recent:
        parts.append(case.use.recent)
    elif case.use.users and found.kind is not EntityKind.LOGIN_PROFILE:
        parts.append("it is in use")
    elif case.use.unused:
        parts.append("nothing uses it")
    if found.created and not owner:
        parts.append(f"made {age(found.created, case.account.now)}")
    return f" ({'; '.join(parts)})" if parts else ""


def _of_profile(case: ConflictCase, profile: InstanceProfile, sure: Confidence) -> Verdict:
    name = shown(profile.name)
    free = " The role's own name is free." if case.kind is EntityKind.ROLE else ""
    if not profile.roles:
        said = f"The instance profile {name} exists and contains no role.{free}"
        return Verdict("profile.empty", sure, said)
    held = profile.roles[0]
    ours = case.wanted.role_name or (case.name if case.kind is EntityKind.ROLE else None)
    if ours is None:
        # The text does not say which role the profile was to contain. Consoles give both the same name.
        same = held.lower() == profile.name.lower()
        sure = at_most_likely(sure)
    else:
        same = held.lower() == ours.lower()
    if same:
        said = f"The instance profile {name} exists and already contains the role {shown(held)}: nothing is left to do."
        return Verdict("profile.same-role", sure, said)
    said = (
        f"The instance profile {name} exists and contains another role, {shown(held)}, but it can contain only "
        f"one.{free}"
    )
    return Verdict("profile.other-role", sure, said)


def _of_nothing(case: ConflictCase) -> Verdict:
    word = FACTS[case.kind].word if case.kind else "entity"
    name = shown(case.name) if case.name else "of the device"
    complete = bool(case.looks) and all(look.complete for look in case.looks)
    if not complete:
        return _unseen(case, word, name)
    fault = fault_of(case.kind, case.name)
    if parts := case.misread:
        here = [part for part in parts if case.kind is EntityKind.ROLE and case.account.role(part) is not None]
        found = (
            f" {joined(map(shown, here))} {'exists' if len(here) == 1 else 'exist'} in this account." if here else ""
        )
        said = (
            f"The text says that {name} exists. No {word} has a slash in its name, so this is a path and a name, "
            f"or the names {joined(map(shown, parts))}.{found} The text may be from an account other than "
            f"{case.account.id}."
        )
        return Verdict("name.taken", confidence(Ground.LIKENESS), said)
    if fault:
        roles = (role.name for role in case.account.roles)
        twin = looks_like(case.name or "", roles) if case.kind is EntityKind.ROLE else None
        like = f" The role {shown(twin)} looks the same but has a different name." if twin else ""
        said = f"No {word} can be called {name}: the name {fault}.{like}"
        return Verdict("name.free", confidence(Ground.RULE), said)
    unsure = (*case.gaps, *filter(None, (case.other_account, case.older)))
    sure = confidence(Ground.READ, hangs_on=unsure)
    since = f" This answer is based on {case.older}; the entity may have been created since." if case.older else ""
    other = [look.found for look in case.others if look.found]
    if other:
        kinds = joined(f"{FACTS[each.kind].word} {shown(each.name)}" for each in other)
        these = only(f"the {kinds}", complete=sure is Confidence.CERTAIN)
        said = (
            f"No {word} here is called {name}. {these} has that name, but does not conflict, because each kind has "
            "its own names."
        )
        return Verdict("name.other-namespace", sure, said + since)
    if case.fullness and case.fullness.full:
        said = (
            f"The name {name} is free, but the account has {case.fullness.used} of {case.fullness.limit} "
            f"{case.fullness.quota.words.removesuffix(' in the account')}."
        )
        return Verdict("quota.reached", confidence(Ground.PARTLY), said)
    now = ""
    if case.other_account:
        now = (
            f" The text mentions account {case.other_account}, but this is {case.account.id}: the name may be "
            "taken there."
        )
    elif since:
        now = since
    elif case.refused:
        now = (
            " AWS refused the request all the same: the resource may have been deleted since, or the refusal may "
            "come from another account."
        )
    return Verdict(
        "name.free", sure, f"No {word} of account {case.account.id} has the name {name}, in any case or path.{now}"
    )


def _unseen(case: ConflictCase, word: str, name: str) -> Verdict:
    """Return the verdict if not everything could be searched."""
    missing = joined(case.gaps) or "the text does not say which name"
    if case.kind is EntityKind.ACCOUNT_ALIAS:
        said = f"Another AWS account has the alias {name}: aliases are unique among all accounts."
        return Verdict("name.taken", confidence(Ground.PARTLY), said)
    if not case.refused:
        said = f"It cannot be seen from here whether the {word} {name} exists: {missing}."
        return Verdict(_cause_unseen(case.kind), confidence(Ground.NOTHING), said)
    if case.name is None and case.kind is not EntityKind.MFA_DEVICE:
        said = f"AWS says that a name is taken, but the text does not say which name: give the {word} and its name."
        return Verdict("name.taken", confidence(Ground.NOTHING), said)
    if case.name is None:
        said = f"AWS says that a device of the same name exists, but it is unknown which device that is: {missing}."
        return Verdict("name.taken", confidence(Ground.NOTHING if case.gaps else Ground.PARTLY), said)
    looked = any(
        each.call and not each.text.startswith("could not look") for look in case.looks for each in look.evidence
    )
    said = (
        f"AWS says that the name {name} is taken, but the entity with that name cannot be seen from here: {missing}. "
        "It may still exist."
    )
    return Verdict(_cause_unseen(case.kind), confidence(Ground.PARTLY if looked else Ground.NOTHING), said)


def _cause_unseen(kind: EntityKind | None) -> str:
    """Return the cause if AWS says that the name is taken and only the kind is known."""
    if kind in _PROVIDERS:
        return "provider.taken"
    if kind is EntityKind.SERVICE_LINKED_ROLE:
        return "role.service-owned"
    return "policy.taken" if kind is EntityKind.POLICY else "name.taken"
