"""Find the identity that signed a request, with its policies and condition keys."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.iam.models import IAMBackend, Role, User

from iam.demo.account.facts import ACCOUNT, NOW, ORGANIZATION, SOURCE_IP
from iam.demo.account.load import DEMO
from iam.demo.account.organization import RCP, SCP
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import DemoSession, World
from iam.demo.clock import CLOCK
from iam.policy.document import Document
from iam.policy.request import NamedPolicy

_MANAGED = tuple[NamedPolicy, ...]


@dataclass(frozen=True, slots=True)
class DemoCaller:
    """An identity of the account that makes a call. ``arn`` identifies it in messages, ``user_id`` in STS."""

    arn: str
    user_id: str
    entity: User | Role = field(repr=False)
    session: DemoSession | None = None

    @property
    def kind(self) -> str:
        return "role" if self.session else "user"

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]


def caller_of(world: World, call: DemoCall) -> DemoCaller:
    """Return the identity that owns the access key of a request. Raises AWS's error for an unknown key."""
    key = call.access_key
    if key is not None and (session := world.sessions.get(key)):
        if session.expires <= NOW:
            raise AwsError("ExpiredToken", "The security token included in the request is expired", 403)
        try:
            role = world.iam.get_role(session.role_name)
        except Exception as gone:  # moto's NotFoundException: the session's role was deleted
            raise _unknown_key() from gone
        arn = f"arn:aws:sts::{world.account}:assumed-role/{role.name}/{session.name}"
        return DemoCaller(arn, f"{role.id}:{session.name}", role, session)
    for user in world.iam.users.values():
        if key is not None and any(held.access_key_id == key and held.status == "Active" for held in user.access_keys):
            return DemoCaller(user.arn, user.id, user)
    raise _unknown_key()


def _unknown_key() -> AwsError:
    return AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403)


def managed(backend: IAMBackend, attached: Iterable[Any]) -> _MANAGED:
    return tuple(NamedPolicy(_default(policy), policy.name, policy.arn) for policy in attached)


def _default(policy: Any) -> Document:
    text = next((v.document for v in policy.versions if v.version_id == policy.default_version_id), "{}")
    return Document(text)


def inline(policies: Mapping[str, str]) -> _MANAGED:
    return tuple(NamedPolicy(Document(text), name) for name, text in policies.items())


def identity_policies(backend: IAMBackend, entity: Any) -> _MANAGED:
    """Return the inline and attached policies of a user, group or role.

    For a user, those of its groups are included.
    """
    found = inline(entity.policies) + managed(backend, entity.managed_policies.values())
    if isinstance(entity, User):
        for group in backend.get_groups_for_user(entity.name):
            found += inline(group.policies) + managed(backend, group.managed_policies.values())
    return found


def boundary(backend: IAMBackend, entity: Any) -> _MANAGED | None:
    """Return the permissions boundary, or None if there is none. moto stores boundaries only for roles."""
    arn = getattr(entity, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = backend.managed_policies.get(arn)
    # A boundary whose policy was deleted allows nothing.
    return (NamedPolicy(_default(policy), policy.name, arn),) if policy else ()


@functools.cache
def organization_levels(kind: str, account: str) -> tuple[_MANAGED, ...] | None:
    """Return the SCPs or RCPs for an account, root first; None for an account outside the organization."""
    path = DEMO.path_of(account)
    if not path:
        return None
    return tuple(
        tuple(
            NamedPolicy(Document(json.dumps(policy.document)), policy.name, policy.arn)
            for policy in DEMO.organization_policies_at(level.id, kind)
        )
        for level in path
    )


def scps(account: str = ACCOUNT) -> tuple[_MANAGED, ...] | None:
    return organization_levels(SCP, account)


def rcps(account: str = ACCOUNT) -> tuple[_MANAGED, ...] | None:
    return organization_levels(RCP, account)


def tags_of(entity: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in entity.tags or ()}


def principal_context(caller: DemoCaller) -> dict[str, tuple[str, ...]]:
    """Return the condition keys that describe the caller, and those that AWS always sets."""
    tags = tags_of(caller.entity)
    context: dict[str, tuple[str, ...]] = {
        "aws:PrincipalArn": (caller.entity.arn,),
        "aws:PrincipalAccount": (caller.account,),
        "aws:PrincipalIsAWSService": ("false",),
        "aws:userid": (caller.user_id,),
        "aws:CurrentTime": (CLOCK.now().strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:EpochTime": (str(int(CLOCK.now().timestamp())),),
        "aws:SecureTransport": ("true",),
        "aws:SourceIp": (SOURCE_IP,),
        "aws:ViaAWSService": ("false",),
    }
    if path := DEMO.path_of(caller.account):
        context["aws:PrincipalOrgID"] = (ORGANIZATION,)
        context["aws:PrincipalOrgPaths"] = (f"{ORGANIZATION}/{'/'.join(level.id for level in path[:-1])}/",)
    if caller.session is None:
        context["aws:PrincipalType"] = ("User",)
        context["aws:username"] = (caller.entity.name,)
    else:
        tags |= dict(caller.session.tags)
        context["aws:PrincipalType"] = ("AssumedRole",)
        context["aws:MultiFactorAuthPresent"] = ("false",)
        context |= {key: (value,) for key, value in caller.session.context}
    return context | {f"aws:PrincipalTag/{key}": (value,) for key, value in tags.items()}
