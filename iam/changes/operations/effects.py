"""Check in AWS whether a write call's effect exists, does not exist, or something else exists instead.

This resolves calls whose outcome is unknown (a lost terminal, a killed process), and verifies plans.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from iam.account import Group, InstanceProfile, ManagedPolicy, OIDCProvider, Role, User
from iam.changes.call import Call
from iam.changes.operations.seen import EntityReader as EntityReader
from iam.changes.operations.seen import Seen as Seen
from iam.changes.operations.seen import State as State
from iam.changes.operations.table import OPERATIONS
from iam.other_services import InstanceAssociation
from iam.sources.reader.entities import AccessKey, Credential, LoginProfile, MfaDevice, ServerCertificate
from iam.sources.reader.reading import Reading

T = TypeVar("T")


def look(call: Call, reader: EntityReader) -> Seen:
    """Return whether the effect of ``call`` exists in AWS. Its parameters must be resolved. Makes only read calls."""
    operation = OPERATIONS.get(call.operation)
    if operation is None:
        return Seen(State.UNKNOWN, f"It cannot be determined whether {call.operation} was done.")
    return operation.look(call, reader)


TAGGING = frozenset({"TagRole", "UntagRole", "TagUser", "UntagUser"})


def tags_changed_since(call: Call, reader: EntityReader) -> bool:
    """Whether undoing this call, one of `TAGGING`, would lose tags that others have written in the meantime.

    If a tag that the call added is gone, nothing is lost. Tags that cannot be read now are ignored.
    """
    reading = reader.role(call.text("RoleName")) if call.text("RoleName") else reader.user(call.text("UserName"))
    now = reading.value.tags if reading.value is not None else None
    if now is None:
        return False
    if call.operation.startswith("Untag"):
        return any(key in now for key in call.parameters["TagKeys"])
    former = call.undo.parameters.get("Tags", {}) if call.undo is not None else {}
    written = call.parameters["Tags"]
    return any((key in now or key in former) and now.get(key) != value for key, value in written.items())


class Once:
    """A reader that reads each entity only once, so that many calls are checked against the same state."""

    def __init__(self, reader: EntityReader) -> None:
        self._reader = reader
        self._read: dict[tuple[str, str], Any] = {}

    def _ask(self, question: Callable[[str], Reading[T]], name: str) -> Reading[T]:
        key = (question.__name__, name)
        if key not in self._read:
            self._read[key] = question(name)
        answer: Reading[T] = self._read[key]
        return answer

    def role(self, name: str) -> Reading[Role]:
        return self._ask(self._reader.role, name)

    def user(self, name: str) -> Reading[User]:
        return self._ask(self._reader.user, name)

    def group(self, name: str) -> Reading[Group]:
        return self._ask(self._reader.group, name)

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        return self._ask(self._reader.instance_profile, name)

    def instance_association(self, instance_arn: str) -> Reading[InstanceAssociation]:
        return self._ask(self._reader.instance_association, instance_arn)

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        return self._ask(self._reader.managed_policy, arn)

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        return self._ask(self._reader.oidc_provider, arn)

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        return self._ask(self._reader.login_profile, user)

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        return self._ask(self._reader.access_keys, user)

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        return self._ask(lambda name: self._reader.mfa_devices(name or None), user or "")

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        return self._ask(self._reader.credentials, user)

    def server_certificate(self, name: str) -> Reading[ServerCertificate]:
        return self._ask(self._reader.server_certificate, name)
