"""What a plan changed and cannot be read again is unknown, and not what it was."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from iam.account import (
    Account,
    AttachedPolicy,
    Group,
    InstanceProfile,
    ManagedPolicy,
    OIDCProvider,
    Role,
    User,
)
from iam.changes.read_again import ChangedEntities
from iam.sources.reader.reading import Reading
from tests.support.accounts.documents import policy

ARN = "arn:aws-cn:iam::111122223333:"
WHY = "The host iam.example could not be reached."
POLICY = ManagedPolicy("p", f"{ARN}policy/p")
ATTACHED = (AttachedPolicy("p", POLICY.arn),)
ACCOUNT = Account(
    "111122223333",
    "aws",
    datetime(2026, 11, 20, tzinfo=UTC),
    roles=(Role("r", f"{ARN}role/r", trust=policy(), inline=(), attached=ATTACHED, tags={}),),
    users=(User("u", f"{ARN}user/u", inline=(), attached=(), groups=(), tags={}),),
    groups=(Group("g", f"{ARN}group/g", inline=(), attached=()),),
    policies=(POLICY,),
    instance_profiles=(InstanceProfile("i", f"{ARN}instance-profile/i"),),
    oidc_providers=(OIDCProvider(f"{ARN}oidc-provider/o", "o", ("a",)),),
)


def changed(**read: dict[str, Reading[Any]]) -> Account:
    nothing: dict[str, Any] = {each.name: {} for each in fields(ChangedEntities)}
    return ChangedEntities(**{**nothing, **read}).into(ACCOUNT)


def test_what_is_read_takes_the_place_and_what_is_gone_goes() -> None:
    new = replace(ACCOUNT.roles[0], tags={"team": "x"})
    after = changed(roles={"r": Reading("iam:GetRole", new)}, policies={POLICY.arn: Reading("iam:GetPolicy")})
    assert (after.roles, after.policies) == ((new,), ())
    assert (after.incomplete, after.unreadable) == (frozenset(), ())


def test_what_cannot_be_read_again_is_not_what_it_was() -> None:
    after = changed(
        roles={"r": Reading("iam:GetRole", why=WHY)},
        users={"u": Reading("iam:GetUser", why=WHY)},
        groups={"g": Reading("iam:GetGroup", why=WHY)},
        policies={POLICY.arn: Reading("iam:GetPolicy", why=WHY)},
        profiles={"i": Reading("iam:GetInstanceProfile", why=WHY)},
        providers={f"{ARN}oidc-provider/o": Reading("iam:GetOpenIDConnectProvider", why=WHY)},
    )
    [role], users, groups, providers = after.roles, after.users, after.groups, after.oidc_providers
    assert users and groups and providers
    assert (role.name, role.trust, role.attached, role.tags, role.has_details) == ("r", None, None, None, False)
    assert (users[0].attached, users[0].groups, groups[0].attached, providers[0].client_ids) == (None,) * 4
    assert (after.policies, after.instance_profiles) == ((), ())  # asked for when they are needed
    assert after.incomplete == {"policies", "instance_profiles"}
    assert len(after.unreadable) == 6 and {each.why for each in after.unreadable} == {WHY}
    assert "policy/p after the change is unknown" in " ".join(each.costs for each in after.unreadable)
