"""What a plan changed, read again: only that, and put into the account in the place of what was there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from iam.account import Account, Group, InstanceProfile, ManagedPolicy, OIDCProvider, Role, User
from iam.arn import is_aws_managed
from iam.changes.plan import Call, Plan
from iam.sources.reader import AccountReader, Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChangedEntities:
    """Fresh readings of what a plan names, by name (policies and providers by ARN)."""

    roles: Mapping[str, Reading[Role]]
    users: Mapping[str, Reading[User]]
    groups: Mapping[str, Reading[Group]]
    policies: Mapping[str, Reading[ManagedPolicy]]
    profiles: Mapping[str, Reading[InstanceProfile]]
    providers: Mapping[str, Reading[OIDCProvider]]

    def into(self, account: Account) -> Account:
        """The account with what was read now. What could not be read stays as it was; lists that were never read
        stay unknown."""
        return replace(
            account,
            roles=_merged(account.roles, self.roles, lambda role: role.name),
            users=_or_unknown(account.users, self.users, lambda user: user.name),
            groups=_or_unknown(account.groups, self.groups, lambda group: group.name),
            policies=_or_unknown(account.policies, self.policies, lambda policy: policy.arn),
            instance_profiles=_or_unknown(account.instance_profiles, self.profiles, lambda profile: profile.name),
            oidc_providers=_or_unknown(account.oidc_providers, self.providers, lambda provider: provider.arn),
        )


def read_changed(plan: Plan, reader: AccountReader) -> ChangedEntities:
    """Read again everything that the plan's calls name. Makes only read calls."""
    calls = tuple(plan.calls)
    customer = (arn for arn in _arns(calls, "PolicyArn", "CreatePolicy") if not is_aws_managed(arn))
    return ChangedEntities(
        roles={name: reader.role(name) for name in _names(calls, "RoleName")},
        users={name: reader.user(name) for name in _names(calls, "UserName")},
        groups={name: reader.group(name) for name in _names(calls, "GroupName")},
        policies={arn: reader.managed_policy(arn) for arn in customer},
        profiles={name: reader.instance_profile(name) for name in _names(calls, "InstanceProfileName")},
        providers={
            arn: reader.oidc_provider(arn)
            for arn in _arns(calls, "OpenIDConnectProviderArn", "CreateOpenIDConnectProvider")
        },
    )


def _names(calls: Iterable[Call], parameter: str) -> Iterable[str]:
    return dict.fromkeys(name for call in calls if (name := call.text(parameter)))


def _arns(calls: Iterable[Call], parameter: str, creating: str) -> Iterable[str]:
    def found() -> Iterator[str]:
        for call in calls:
            arn = call.target if call.operation == creating else call.text(parameter)
            if arn:
                yield arn

    return dict.fromkeys(found())


def _or_unknown(
    held: tuple[T, ...] | None, fresh: Mapping[str, Reading[T]], key: Callable[[Any], str]
) -> tuple[T, ...] | None:
    return None if held is None else _merged(held, fresh, key)


def _merged(held: tuple[T, ...], fresh: Mapping[str, Reading[T]], key: Callable[[Any], str]) -> tuple[T, ...]:
    """In the old order; what is new comes last, what is gone is left out."""
    known = {key(each): each for each in held}
    for name, reading in fresh.items():
        if reading.value is not None:
            known[key(reading.value)] = reading.value
        elif reading.absent:
            known.pop(name, None)
    return tuple(known.values())
