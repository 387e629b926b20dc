"""The one interface behind which every kind of account stands.

A reader first yields the account, in fuller and fuller states; then it answers single questions, each read-only and
each with what it found, that there is nothing, or that it could not look. Every method may block: call it in a worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from iam.account import (
    Account,
    Event,
    Instance,
    ManagedPolicy,
    Organization,
    Role,
    ServiceLastAccessed,
    StackResource,
    VpcEndpoint,
)
from iam.policy.document import Document
from iam.simulate import Simulator

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """The answer to one question: a value, or nothing there, or not readable.

    ``call`` is the AWS call that was made (``kms:GetKeyPolicy``), or the file's part for a snapshot. ``why`` is one
    sentence when the answer is "not readable" and empty otherwise.
    """

    call: str
    value: T | None = None
    why: str = ""

    @property
    def found(self) -> bool:
        return self.value is not None

    @property
    def absent(self) -> bool:
        return self.value is None and not self.why

    @property
    def unreadable(self) -> bool:
        return bool(self.why)


@dataclass(frozen=True, slots=True)
class Binding:
    """Something that runs with a role: a function, a task definition, a Pod Identity association, an instance.

    ``service`` is lambda, ecs, eks or ec2; ``use`` says in which part (``execution role``, ``task role`` …).
    """

    service: str
    name: str
    use: str
    role_arn: str


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """S3's four settings of Block Public Access, of a bucket."""

    block_public_acls: bool
    ignore_public_acls: bool
    block_public_policy: bool
    restrict_public_buckets: bool


class AccountReader(Protocol):
    """``kind`` is ``aws``, ``demo`` or ``snapshot``."""

    @property
    def kind(self) -> str: ...

    def accounts(self) -> Iterator[Account]:
        """The account, again and again, fuller each time; the last one has ``progress`` None.

        Raises `SourceError` when nothing at all can be read.
        """
        ...

    def role(self, name: str) -> Reading[Role]:
        """One role with all its details, read now."""
        ...

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        """A managed policy with its default version's document (all versions for customer policies)."""
        ...

    def resource_policy(self, arn: str) -> Reading[Document]:
        """The resource's own policy: bucket, key, queue, topic, function, secret, repository … or a role's trust."""
        ...

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]: ...

    def organization(self) -> Reading[Organization]: ...

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        """The endpoints for a service (``s3``), in the region in use."""
        ...

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        """CloudTrail's events of the last 90 days, newest first, for a resource's name, an event's name, or both."""
        ...

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        """Which CloudFormation stacks, in the regions in use, own the resource."""
        ...

    def instances(self) -> Reading[tuple[Instance, ...]]: ...

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        """Which functions, task definitions, associations and instances run with the role."""
        ...

    def account_summary(self) -> Reading[Mapping[str, int]]:
        """GetAccountSummary's map of usage and quotas."""
        ...

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]: ...

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        """The JSON text behind EC2's encoded message (sts:DecodeAuthorizationMessage)."""
        ...

    def deletion_status(self, role_name: str) -> Reading[str]:
        """Where a service-linked role's deletion stands (NOT_STARTED, IN_PROGRESS, SUCCEEDED, FAILED), if one runs."""
        ...

    def simulator(self) -> Simulator | None:
        """AWS's policy simulator, or None where there is none (snapshots)."""
        ...

    def clock(self) -> datetime: ...


class SourceError(Exception):
    """The account cannot be read at all. ``str()`` is one sentence: what happened, to what, and what to do."""
