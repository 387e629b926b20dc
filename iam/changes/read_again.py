"""Reread the entities that a plan changed, and update the account with the results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from iam.account import Account, Group, InstanceProfile, ManagedPolicy, OIDCProvider, Role, Unreadable, User
from iam.changes.entity_name import EntityKind, entities_of
from iam.changes.plan import Plan
from iam.foreign_text import shortened
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChangedEntities:
    """The results of reading the entities that a plan names again, by name (policies and providers by ARN)."""

    roles: Mapping[str, Reading[Role]]
    users: Mapping[str, Reading[User]]
    groups: Mapping[str, Reading[Group]]
    policies: Mapping[str, Reading[ManagedPolicy]]
    profiles: Mapping[str, Reading[InstanceProfile]]
    providers: Mapping[str, Reading[OIDCProvider]]

    def into(self, account: Account) -> Account:
        """Return the account, updated with the results.

        If an entity could not be read, only properties that changes do not affect are kept, because the other
        properties may be out of date. Lists that were never read stay unknown.
        """
        left_out: Mapping[str, Mapping[str, Reading[Any]]]
        left_out = {"policies": self.policies, "instance_profiles": self.profiles}
        lost = {part for part, read in left_out.items() if any(each.unreadable for each in read.values())}
        return replace(
            account,
            roles=_merged(account.roles, self.roles, lambda role: role.name, _bare_role),
            users=_or_unknown(account.users, self.users, lambda user: user.name, _bare_user),
            groups=_or_unknown(account.groups, self.groups, lambda group: group.name, _bare_group),
            policies=_or_unknown(account.policies, self.policies, lambda policy: policy.arn),
            instance_profiles=_or_unknown(account.instance_profiles, self.profiles, lambda profile: profile.name),
            oidc_providers=_or_unknown(
                account.oidc_providers, self.providers, lambda provider: provider.arn, _bare_provider
            ),
            incomplete=account.incomplete | lost,
            unreadable=(*account.unreadable, *self._unreadable()),
        )

    def _unreadable(self) -> Iterator[Unreadable]:
        read: tuple[Mapping[str, Reading[Any]], ...]
        read = (self.roles, self.users, self.groups, self.policies, self.profiles, self.providers)
        for name, reading in (each for readings in read for each in readings.items() if each[1].unreadable):
            yield Unreadable(
                reading.call, reading.why, f"the state of {shortened(name, 200)} after the change is unknown"
            )


def read_changed(plan: Plan, reader: AccountReader) -> ChangedEntities:
    """Read all entities that the plan's calls name. Makes only read calls."""
    names: dict[EntityKind, list[str]] = defaultdict(list)
    for one in entities_of(plan):
        names[one.kind].append(one.name)
    return ChangedEntities(
        roles={name: reader.role(name) for name in names[EntityKind.ROLE]},
        users={name: reader.user(name) for name in names[EntityKind.USER]},
        groups={name: reader.group(name) for name in names[EntityKind.GROUP]},
        policies={arn: reader.managed_policy(arn) for arn in names[EntityKind.POLICY]},
        profiles={name: reader.instance_profile(name) for name in names[EntityKind.INSTANCE_PROFILE]},
        providers={arn: reader.oidc_provider(arn) for arn in names[EntityKind.PROVIDER]},
    )


def _bare_role(role: Role) -> Role:
    return replace(role, trust=None, inline=None, attached=None, tags=None, instance_profiles=None)


def _bare_user(user: User) -> User:
    return replace(user, inline=None, attached=None, groups=None, tags=None)


def _bare_group(group: Group) -> Group:
    return replace(group, inline=None, attached=None)


def _bare_provider(provider: OIDCProvider) -> OIDCProvider:
    return replace(provider, client_ids=None)


def _or_unknown(
    held: tuple[T, ...] | None,
    fresh: Mapping[str, Reading[T]],
    key: Callable[[Any], str],
    bare: Callable[[T], T] | None = None,
) -> tuple[T, ...] | None:
    return None if held is None else _merged(held, fresh, key, bare)


def _merged(
    held: Sequence[T], fresh: Mapping[str, Reading[T]], key: Callable[[Any], str], bare: Callable[[T], T] | None
) -> tuple[T, ...]:
    """Return the entities in the old order; new ones come last, deleted ones are removed.

    ``bare`` reduces an entity that could not be read to what changes do not affect; without it, such an entity is
    removed and read when it is needed.
    """
    known = {key(each): each for each in held}
    for name, reading in fresh.items():
        before = known.get(name)
        if reading.value is not None:
            known[key(reading.value)] = reading.value
        elif reading.unreadable and before is not None and bare is not None:
            known[name] = bare(before)
        else:
            known.pop(name, None)
    return tuple(known.values())
