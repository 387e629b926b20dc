"""Search for a name in one namespace, ignoring letter case and path, and report what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from diagnostics.already_exists.kinds import FACTS, EntityKind, bare_name, key_of
from diagnostics.already_exists.words import counted, refused, unread_evidence
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence
from iam.account import (
    Account,
    Group,
    InstanceProfile,
    ManagedPolicy,
    OIDCProvider,
    Role,
    SAMLProvider,
    User,
)
from iam.arn import name_of
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.entities import EntityName, LoginProfile, MfaDevice, ServerCertificate
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading

Entity = (
    Role
    | User
    | Group
    | ManagedPolicy
    | InstanceProfile
    | OIDCProvider
    | SAMLProvider
    | ServerCertificate
    | MfaDevice
    | LoginProfile
    | EntityName
)


@dataclass(frozen=True, slots=True)
class Found:
    """The entity that has the name.

    ``entity`` is as complete as possible; ``source`` is the call or list it was read from.
    """

    kind: EntityKind
    name: str
    arn: str
    path: str | None
    entity: Entity
    source: str

    @property
    def created(self) -> datetime | None:
        return getattr(self.entity, "created", None)

    @property
    def role(self) -> Role | None:
        return self.entity if isinstance(self.entity, Role) else None


@dataclass(frozen=True, slots=True)
class NameSearch:
    """The result of searching one namespace for a name.

    ``complete`` is True if the complete namespace was read, so that a name that was not found does not exist. ``gaps``
    are sentences about what could not be read. ``vanished``: a list still contains the entity, but a read just now did
    not find the entity.
    """

    kind: EntityKind
    name: str
    found: Found | None = None
    complete: bool = False
    evidence: tuple[Evidence, ...] = ()
    gaps: tuple[str, ...] = ()
    vanished: bool = False

    @property
    def free(self) -> bool:
        return self.found is None and self.complete


@dataclass(frozen=True, slots=True)
class _Namespace:
    """How the entities of a kind are read.

    They are read from the account's list (``part`` is its field name), or one by one with a call.
    """

    part: str
    listed: Callable[[Account], Iterable[Any] | None]
    ask: Callable[[AccountReader, Account, str], Reading[Any]] | None


_NAMESPACES: dict[EntityKind, _Namespace] = {
    EntityKind.ROLE: _Namespace("roles", lambda account: account.roles, lambda reader, _, name: reader.role(name)),
    EntityKind.USER: _Namespace("users", lambda account: account.users, lambda reader, _, name: reader.user(name)),
    EntityKind.GROUP: _Namespace("groups", lambda account: account.groups, lambda reader, _, name: reader.group(name)),
    EntityKind.POLICY: _Namespace(
        "policies",
        lambda account: (
            None if account.policies is None else [policy for policy in account.policies if not policy.aws_managed]
        ),
        lambda reader, _, name: reader.customer_policy(name),
    ),
    EntityKind.INSTANCE_PROFILE: _Namespace(
        "instance_profiles",
        lambda account: account.instance_profiles,
        lambda reader, _, name: reader.instance_profile(name),
    ),
    EntityKind.OIDC_PROVIDER: _Namespace(
        "oidc_providers",
        lambda account: account.oidc_providers,
        lambda reader, account, name: reader.oidc_provider(arn_of(account, EntityKind.OIDC_PROVIDER, name)),
    ),
    EntityKind.SAML_PROVIDER: _Namespace(
        "saml_providers",
        lambda account: account.saml_providers,
        lambda reader, account, name: reader.saml_provider(arn_of(account, EntityKind.SAML_PROVIDER, name)),
    ),
    EntityKind.SERVER_CERTIFICATE: _Namespace(
        "server_certificates", lambda _: None, lambda reader, _, name: reader.server_certificate(name)
    ),
    EntityKind.LOGIN_PROFILE: _Namespace(
        "login_profiles", lambda _: None, lambda reader, _, name: reader.login_profile(name)
    ),
    EntityKind.MFA_DEVICE: _Namespace("mfa_devices", lambda _: None, None),
    EntityKind.ACCOUNT_ALIAS: _Namespace("account_aliases", lambda _: None, None),
}
_NAMESPACES[EntityKind.SERVICE_LINKED_ROLE] = _NAMESPACES[EntityKind.ROLE]


def search_name(kind: EntityKind, name: str, opened: OpenedAccount, fresh: bool = True) -> NameSearch:
    """Search for ``name`` among the entities of this kind: exactly, in other letter case, or with another path.

    The account's list is searched first. Then the entity is read, so that the result is its current state. If no list
    was read, the kind's List call is made. Without ``fresh``, a complete list is enough.
    """
    namespace = _NAMESPACES[kind]
    name = bare_name(kind, name)
    evidence: list[Evidence] = []
    gaps: list[str] = []
    listed = _listed(namespace, kind, name, opened.account)
    complete = listed is not None and listed.complete
    entity = listed.entity if listed else None
    if listed is not None and (entity is not None or complete):
        evidence.append(Evidence(_list_words(kind, name, listed), call=FACTS[kind].listing))

    vanished = False
    if namespace.ask is not None and (fresh or not complete):
        reading = namespace.ask(opened.reader, opened.account, unique_name(entity) if entity is not None else name)
        if reading.found:
            entity = reading.value
            evidence.append(Evidence(f"{reading.call} answers with {unique_name(entity)}", call=reading.call))
        elif reading.unreadable:
            gaps.append(refused(reading))
            evidence.append(unread_evidence(reading))
        else:
            # A snapshot's reader reads the same list, so it would return nothing new.
            vanished = entity is not None and opened.reader.kind != "snapshot"
            entity = None if vanished else entity
            complete = complete or kind is EntityKind.LOGIN_PROFILE
            evidence.append(Evidence(f"{reading.call} answers that it does not exist", call=reading.call))

    if entity is None and not complete:
        names = opened.reader.entity_names(_list_kind(kind))
        if names.unreadable:
            gaps.append(refused(names))
            evidence.append(unread_evidence(names))
        else:
            complete = True
            wanted = key_of(kind, name)
            entity = next((each for each in names.value or () if key_of(kind, each.name) == wanted), None)
            evidence.append(
                Evidence(
                    f"{counted(len(names.value or ()), FACTS[kind].word)} listed, compared in any case and path",
                    call=names.call,
                )
            )
            if entity is not None and namespace.ask is not None and unique_name(entity) != name:
                again = namespace.ask(opened.reader, opened.account, unique_name(entity))
                entity = again.value if again.found else entity
    if entity is None and kind is EntityKind.INSTANCE_PROFILE and not complete:
        entity = _held_profile(name, opened.account)
    found = _found(kind, entity, opened.account, evidence) if entity is not None else None
    return NameSearch(kind, name, found, complete, tuple(evidence), tuple(gaps), vanished)


def _held_profile(name: str, account: Account) -> EntityName | InstanceProfile | None:
    """Return the instance profile, without its path, from a role in the profile, or None if there is no such role.

    This is used if the profiles themselves were not read.
    """
    wanted = name.lower()
    for role in account.roles:
        for profile in role.instance_profiles or ():
            if profile.lower() == wanted:
                arn = arn_of(account, EntityKind.INSTANCE_PROFILE, profile)
                return InstanceProfile(profile, arn, roles=(role.name,))
    return None


@dataclass(frozen=True, slots=True)
class _Listed:
    entity: Any
    complete: bool
    count: int


def _listed(namespace: _Namespace, kind: EntityKind, name: str, account: Account) -> _Listed | None:
    """Return the entity in the account's list, or None if the account has no such list."""
    entities = namespace.listed(account)
    if entities is None:
        return None
    complete = list_is_complete(account, namespace.part)
    if namespace.part == "roles":  # roles have an index, which matters if there are 10,000 of them
        role = account.role_ignoring_case(name)
        same = role is not None and key_of(kind, role.name) == key_of(kind, name)
        return _Listed(role if same else None, complete, len(account.roles))
    wanted = key_of(kind, name)
    matches = [each for each in entities if key_of(kind, unique_name(each)) == wanted]
    exact = next((each for each in matches if unique_name(each) == name), None)
    return _Listed(exact or (matches[0] if matches else None), complete, len(tuple(entities)))


def list_is_complete(account: Account, part: str) -> bool:
    """Return whether the account's list ``part`` (a field's name) is known to be complete."""
    listed = getattr(account, part, None)
    if listed is None or account.progress is not None or part in account.incomplete:
        return False
    # A list of roles is never None. An empty list is known to be complete only if no read was denied.
    return bool(listed) or part != "roles" or not account.unreadable


def _list_kind(kind: EntityKind) -> str:
    return EntityKind.ROLE.value if kind is EntityKind.SERVICE_LINKED_ROLE else kind.value


def _list_words(kind: EntityKind, name: str, listed: _Listed) -> str:
    kind = EntityKind(_list_kind(kind))
    total = counted(listed.count, FACTS[kind].word, plural_of(kind))
    if listed.entity is None:
        return f"not among the account's {total}, compared in any case and path"
    return f"{shown(unique_name(listed.entity))} is among the account's {total}"


def plural_of(kind: EntityKind) -> str:
    word = FACTS[kind].word
    return (
        "customer managed policies" if kind is EntityKind.POLICY else f"{word}es" if word.endswith("s") else f"{word}s"
    )


def unique_name(entity: Any) -> str:
    """Return the name that IAM keeps unique for this entity.

    It is an OIDC provider's URL, the end of an MFA device's serial number, or a login profile's user; for other kinds
    it is the entity's name.
    """
    if isinstance(entity, OIDCProvider):
        return bare_name(EntityKind.OIDC_PROVIDER, entity.url)
    if isinstance(entity, MfaDevice):
        return name_of(entity.serial)
    if isinstance(entity, LoginProfile):
        return entity.user
    return str(entity.name)


def _found(kind: EntityKind, entity: Any, account: Account, evidence: list[Evidence]) -> Found:
    name = unique_name(entity)
    arn = getattr(entity, "arn", None) or getattr(entity, "serial", None) or arn_of(account, kind, name)
    source = next((each.call for each in reversed(evidence) if each.call), "")
    return Found(kind, name, arn, getattr(entity, "path", None), entity, source or "")


def arn_of(account: Account, kind: EntityKind, name: str) -> str:
    """Return the ARN of an entity with the path ``/``, or of one whose kind has no paths."""
    if name.startswith("arn:"):
        return name
    return f"arn:{account.partition}:iam::{account.id}:{FACTS[kind].arn}/{name}"
