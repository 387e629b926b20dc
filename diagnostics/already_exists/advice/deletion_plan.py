"""A plan that deletes an entity of any kind. What depends on the entity is removed first, in IAM's required order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagnostics.already_exists.find.search import Found, search_name
from diagnostics.already_exists.kinds import FACTS, EntityKind
from diagnostics.already_exists.study.owner import find_owner
from diagnostics.already_exists.study.use import find_use
from iam.account import Group, InstanceProfile, ManagedPolicy, Role, User
from iam.changes.builders.identities import SignIn, delete_certificate, delete_device, delete_group, delete_user
from iam.changes.builders.instance_profiles import delete_profile
from iam.changes.builders.policies import delete_policy, whole_policy
from iam.changes.builders.roles import delete_role
from iam.changes.plan import Plan, PlanError
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.entities import MfaDevice, ServerCertificate
from iam.sources.reader.opened import OpenedAccount


def build(found: Found, opened: OpenedAccount, warnings: Iterable[str] = ()) -> Plan:
    """Return the plan for an entity that was just read. Raises `PlanError` if a part is unreadable. May block."""
    entity = found.entity
    match entity:
        case Role():
            return delete_role(entity, opened.account, opened.reader, warnings=warnings)
        case User():
            return delete_user(entity, _sign_in(entity, opened.reader), opened.account, warnings=warnings)
        case Group():
            return delete_group(entity, opened.account, warnings=warnings)
        case ManagedPolicy():
            policy = whole_policy(opened.reader.managed_policy(entity.arn), entity.arn)
            return delete_policy(policy, opened.account, warnings=warnings)
        case InstanceProfile():
            return delete_profile(entity, opened.account, warnings=warnings)
        case MfaDevice():
            return delete_device(entity, opened.account, warnings=warnings)
        case ServerCertificate():
            return delete_certificate(entity, opened.account, warnings=warnings)
    raise PlanError(f"The deletion of the {FACTS[found.kind].word} {found.name} is not planned from here.")


def plan_of(kind: EntityKind, name: str, opened: OpenedAccount) -> Plan:
    """Read an entity, its owner and its use, and return the deletion plan. Raises `PlanError`. May block."""
    found = _found(kind, name, opened)
    return build(found, opened, tuple(against(found, opened)))


def _found(kind: EntityKind, name: str, opened: OpenedAccount) -> Found:
    if kind is EntityKind.MFA_DEVICE:
        devices = opened.reader.mfa_devices()
        device = next((each for each in devices.value or () if each.serial == name), None)
        if device is None:
            raise PlanError(devices.why or f"The MFA device {name} no longer exists.")
        return Found(kind, name.rpartition("/")[2], device.serial, None, device, devices.call)
    seen = search_name(kind, name, opened)
    if seen.gaps:
        raise PlanError(f"The {FACTS[kind].word} {name} could not be read: {seen.gaps[0]}.")
    if seen.found is None:
        raise PlanError(f"The {FACTS[kind].word} {name} no longer exists.")
    return seen.found


def _sign_in(user: User, reader: AccountReader) -> SignIn:
    password, keys = reader.login_profile(user.name), reader.access_keys(user.name)
    devices, others = reader.mfa_devices(user.name), reader.credentials(user.name)
    for reading in (password, keys, devices, others):
        if reading.unreadable:
            raise PlanError(f"Not all of {user.name}'s credentials could be read: {reading.why}")
    return SignIn(password.found, keys.value or (), devices.value or (), others.value or ())


def against(found: Found, opened: OpenedAccount) -> Iterator[str]:
    """Yield sentences about reasons not to delete the entity, and about what was not checked."""
    owner, _ = find_owner(found, opened, opened.reader.events(resource_name=found.name), None)
    use, _ = find_use(found, opened)
    if use.recent:
        yield f"In use: {use.recent}."
    if use.users:
        yield f"These use the {FACTS[found.kind].word}, and lose what it provides: {', '.join(use.users)}."
    if owner.has_owner:
        yield (
            f"The {FACTS[found.kind].word} belongs to {owner.words()}: delete it there. Otherwise it may be "
            "created again, or later operations there may fail."
        )
    trusting = [
        each.name for each in opened.account.roles if each.trust is not None and f'"{found.arn}"' in each.trust.text
    ]
    if trusting:
        yield (
            f"The trust policies of {', '.join(sorted(trusting))} name the {FACTS[found.kind].word}. After the "
            "deletion, these trust policies show an ID that belongs to nobody, and do not trust a new "
            f"{FACTS[found.kind].word} with the same name."
        )
    others = [each for each in use.named_in if not any(name in each for name in trusting)]
    if others:
        yield f"Named in: {', '.join(others)}."
    for gap in (*owner.gaps, *use.gaps, *use.unseen):
        yield f"Not checked: {gap}."
