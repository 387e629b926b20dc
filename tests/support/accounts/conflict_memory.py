"""An account in memory, and a reader that answers from it and may be refused any of its reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from iam.account import (
    Account,
    AttachedPolicy,
    Group,
    InlinePolicy,
    InstanceProfile,
    LastUsed,
    ManagedPolicy,
    OIDCProvider,
    PolicyVersion,
    Role,
    SAMLProvider,
    User,
)
from iam.event import Event
from iam.other_services import Instance, StackResource
from iam.policy.document import Document
from iam.simulator import Simulator
from iam.sources.reader.entities import (
    DEFAULT_PASSWORD_POLICY,
    AccessKey,
    Credential,
    EntityName,
    LoginProfile,
    MfaDevice,
    PasswordPolicy,
    ServerCertificate,
)
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Binding, KeyGrant

T = TypeVar("T")

ID = "210987654321"
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


def arn(rest: str) -> str:
    return f"arn:aws:iam::{ID}:{rest}"


def trust(*services: str, **principal: Any) -> Document:
    who: dict[str, Any] = {"Service": list(services)} if services else {}
    who.update(principal)
    statement = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}
    return Document(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def permissions(action: str = "s3:GetObject", resource: str = "arn:aws:s3:::tide-tables/*") -> Document:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return Document(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def role(name: str, path: str = "/", **more: Any) -> Role:
    """A role with details: one policy, trusted by Lambda, used an hour ago; ``more`` changes any of it."""
    values: dict[str, Any] = {
        "id": "AROA" + name.upper()[:16],
        "created": ago(days=300),
        "trust": trust("lambda.amazonaws.com"),
        "inline": (),
        "attached": (AttachedPolicy("ReadTides", arn("policy/ReadTides")),),
        "tags": {},
        "last_used": LastUsed(ago(hours=1), "eu-west-1"),
        "description": "",
        "max_session_seconds": 3600,
        "instance_profiles": (),
    }
    return Role(name, arn(f"role{path}{name}"), path, **{**values, **more})


def asleep(name: str, path: str = "/", **more: Any) -> Role:
    """A role that nobody has used for years."""
    return role(name, path, **{"last_used": LastUsed(None), "created": ago(days=2000), **more})


def policy(name: str, path: str = "/", versions: int = 1, default: int | None = None, **more: Any) -> ManagedPolicy:
    default = versions if default is None else default
    listed = tuple(
        PolicyVersion(
            f"v{number}", permissions(resource=f"arn:aws:s3:::v{number}/*"), number == default, ago(days=99 - number)
        )
        for number in range(versions, 0, -1)
    )
    values: dict[str, Any] = {"attachment_count": 0, "boundary_usage_count": 0, "tags": {}, **more}
    return ManagedPolicy(
        name, arn(f"policy{path}{name}"), path, versions=listed, default_version_id=f"v{default}", **values
    )


def inline(name: str) -> InlinePolicy:
    return InlinePolicy(name, permissions())


def profile(name: str, *roles: str, path: str = "/") -> InstanceProfile:
    return InstanceProfile(name, arn(f"instance-profile{path}{name}"), path, roles=roles)


def user(name: str, path: str = "/", **more: Any) -> User:
    values: dict[str, Any] = {"inline": (), "attached": (), "groups": (), "tags": {}, **more}
    return User(name, arn(f"user{path}{name}"), path, **values)


def group(name: str, path: str = "/") -> Group:
    return Group(name, arn(f"group{path}{name}"), path, inline=(), attached=())


def event(name: str, when: Any, username: str = "jo", agent: str | None = None, **detail: Any) -> Event:
    return Event(name, when, username, ("tide",), agent, json.dumps({"eventName": name, **detail}) if detail else None)


def oidc(url: str, *audiences: str) -> OIDCProvider:
    return OIDCProvider(arn(f"oidc-provider/{url}"), url, audiences)


def saml(name: str) -> SAMLProvider:
    return SAMLProvider(arn(f"saml-provider/{name}"), name, NOW + timedelta(days=30))


def account(**more: Any) -> Account:
    values: dict[str, Any] = {
        "id": ID,
        "source": "memory",
        "now": NOW,
        "users": (),
        "groups": (),
        "policies": (),
        "instance_profiles": (),
        "oidc_providers": (),
        "saml_providers": (),
        "summary": {"Roles": 10, "RolesQuota": 1000, "InstanceProfiles": 2, "InstanceProfilesQuota": 1000},
    }
    return Account(**{**values, **more})


@dataclass
class MemoryReader:
    """Answers from ``truth``, what the account really is; ``denied`` holds the names of the methods that are refused.

    ``entity_names:role`` and the like refuse the listing of one kind.
    """

    truth: Account
    denied: frozenset[str] = frozenset()
    stacks: tuple[StackResource, ...] = ()
    neighbours: None = None
    trail: tuple[Event, ...] = ()
    running: tuple[Instance, ...] = ()
    bound: tuple[Binding, ...] = ()
    devices: tuple[MfaDevice, ...] = ()
    passwords: tuple[str, ...] = ()
    keys: tuple[AccessKey, ...] = ()
    credentials_: tuple[Credential, ...] = ()
    certificates: tuple[ServerCertificate, ...] = ()
    deletions: Mapping[str, str] = field(default_factory=dict)
    policies_of_resources: Mapping[str, Document] = field(default_factory=dict)
    grants: tuple[KeyGrant, ...] = ()
    asked: list[str] = field(default_factory=list)
    kind: str = "memory"
    simulator_: Simulator | None = None

    def _answer(self, method: str, value: T | None) -> Reading[T]:
        self.asked.append(method)
        if method in self.denied or method.split(":")[0] in self.denied or "*" in self.denied:
            return Reading(method, why=f"not allowed to call {method}")
        return Reading(method, value)

    def accounts(self) -> Iterator[Account]:
        yield self.truth

    def role(self, name: str) -> Reading[Role]:
        return self._answer("role", self.truth.role(name))

    def user(self, name: str) -> Reading[User]:
        return self._answer("user", self.truth.user(name))

    def group(self, name: str) -> Reading[Group]:
        return self._answer("group", self.truth.group(name))

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        found = [each for each in self.truth.instance_profiles or () if each.name == name]
        return self._answer("instance_profile", found[0] if found else None)

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        found = [each for each in self.truth.policies or () if each.name.lower() == name.lower()]
        return self._answer("customer_policy", found[0] if found else None)

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        found = [each for each in self.truth.policies or () if each.arn == arn]
        return self._answer("customer_policy", found[0] if found else None)

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        found = [each for each in self.truth.oidc_providers or () if each.arn == arn]
        return self._answer("oidc_provider", found[0] if found else None)

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]:
        found = [each for each in self.truth.saml_providers or () if each.arn == arn]
        return self._answer("saml_provider", found[0] if found else None)

    def server_certificate(self, name: str) -> Reading[ServerCertificate]:
        found = [each for each in self.certificates if each.name == name]
        return self._answer("server_certificate", found[0] if found else None)

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        return self._answer("login_profile", LoginProfile(user, ago(days=9)) if user in self.passwords else None)

    def password_policy(self) -> Reading[PasswordPolicy]:
        return self._answer("password_policy", DEFAULT_PASSWORD_POLICY)

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        return self._answer("access_keys", tuple(each for each in self.keys if each.user == user))

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        return self._answer("credentials", self.credentials_)

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        devices = tuple(each for each in self.devices if user is None or each.user == user)
        return self._answer("mfa_devices", devices)

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        lists: dict[str, Any] = {
            "role": self.truth.roles,
            "user": self.truth.users,
            "group": self.truth.groups,
            "policy": self.truth.policies,
            "instance-profile": self.truth.instance_profiles,
            "saml-provider": self.truth.saml_providers,
            "server-certificate": self.certificates,
        }
        if kind == "oidc-provider":
            names = tuple(EntityName(kind, each.url, each.arn) for each in self.truth.oidc_providers or ())
        elif kind == "virtual-mfa-device":
            names = tuple(EntityName(kind, each.serial.rsplit("/", 1)[-1], each.serial) for each in self.devices)
        else:
            names = tuple(
                EntityName(kind, each.name, each.arn, getattr(each, "path", "/")) for each in lists.get(kind) or ()
            )
        return self._answer(f"entity_names:{kind}", names)

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        return self._answer("resource_policies", self.policies_of_resources)

    def resources(self) -> Reading[tuple[str, ...]]:
        return self._answer("resources", tuple(self.policies_of_resources))

    def resource_policy(self, arn: str) -> Reading[Document]:
        return self._answer("resource_policy", self.policies_of_resources.get(arn))

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        return self._answer("key_grants", self.grants)

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        found = tuple(
            each
            for each in self.trail
            if (resource_name is None or resource_name in each.resources) and event_name in (None, each.name)
        )
        return self._answer("events", found)

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        return self._answer("stack_resources", tuple(each for each in self.stacks if each.physical_id == physical_id))

    def instances(self) -> Reading[tuple[Instance, ...]]:
        return self._answer("instances", self.running)

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        return self._answer("bindings", tuple(each for each in self.bound if each.role_arn == role_arn))

    def account_summary(self) -> Reading[Mapping[str, int]]:
        return self._answer("account_summary", self.truth.summary)

    def deletion_status(self, role_name: str) -> Reading[str]:
        return self._answer("deletion_status", self.deletions.get(role_name))

    def simulator(self) -> Simulator | None:
        return self.simulator_

    def clock(self) -> datetime:
        return NOW
