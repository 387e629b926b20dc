"""Whether a call's effect exists in AWS, and the interface of the reader that checks this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from iam.account import Group, InstanceProfile, ManagedPolicy, OIDCProvider, Role, User
from iam.other_services import InstanceAssociation
from iam.protocols import Protocol
from iam.sources.reader.entities import AccessKey, Credential, LoginProfile, MfaDevice, ServerCertificate
from iam.sources.reader.reading import Reading


class EntityReader(Protocol):
    """The methods of an account's reader that are needed to check effects."""

    def role(self, name: str) -> Reading[Role]: ...
    def user(self, name: str) -> Reading[User]: ...
    def group(self, name: str) -> Reading[Group]: ...
    def instance_profile(self, name: str) -> Reading[InstanceProfile]: ...
    def instance_association(self, instance_arn: str) -> Reading[InstanceAssociation]: ...
    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]: ...
    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]: ...
    def login_profile(self, user: str) -> Reading[LoginProfile]: ...
    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]: ...
    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]: ...
    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]: ...
    def server_certificate(self, name: str) -> Reading[ServerCertificate]: ...


class State(StrEnum):
    """Whether a call's effect exists.

    ``OTHER``: an entity with this name exists, but differs from what the call creates.
    """

    DONE = "done"
    NOT_DONE = "not-done"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """The result of checking whether a call's effect exists.

    ``what`` is a sentence for ``OTHER`` and ``UNKNOWN``. If the effect exists already, ``answer`` contains what the
    call would have returned (`iam.changes.plan.KEPT_OF_ANSWERS`).
    """

    state: State
    what: str = ""
    answer: Mapping[str, str] = field(default_factory=dict)


DONE, NOT_DONE = Seen(State.DONE), Seen(State.NOT_DONE)


def unread(reading: Reading[Any]) -> Seen:
    return Seen(State.UNKNOWN, reading.why)


def done_if(done: bool) -> Seen:
    return DONE if done else NOT_DONE
