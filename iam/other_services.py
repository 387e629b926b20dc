"""What an account has apart from IAM's own entities: resources of other services, recorded events and last accesses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from iam.policy.request import EndpointType

if TYPE_CHECKING:
    from iam.policy.document import Document


@dataclass(frozen=True, slots=True)
class VpcEndpoint:
    """A VPC endpoint. ``type`` is None if it is unknown, or if endpoints of that type have no policy."""

    id: str
    service_name: str
    document: Document | None = None
    type: EndpointType | None = None


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """An S3 access point and the name of its bucket.

    The bucket's account and the network origin (``Internet``, ``VPC``) are None if unknown.
    """

    arn: str
    bucket: str
    bucket_account: str | None = None
    network_origin: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceAssociation:
    """The instance profile that is associated with an EC2 instance, whose ARN is ``arn``.

    ``id`` is the association ID, which is needed to end the association. The profile and ``id`` are None if the
    instance has no profile.
    """

    arn: str
    id: str | None = None
    profile_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """An EC2 instance.

    ``instance_profile_id`` is the profile's unique ID at the time of the association. ``hop_limit`` is the hop limit of
    the instance metadata service (containers need at least 2). Both are None if unknown.
    """

    id: str
    instance_profile_arn: str | None = None
    instance_profile_id: str | None = None
    state: str | None = None
    region: str | None = None
    hop_limit: int | None = None


@dataclass(frozen=True, slots=True)
class StackResource:
    """CloudFormation's description of a resource that a stack created. ``stack_id`` is the stack's ARN, if known."""

    stack_name: str
    stack_status: str
    resource_type: str
    physical_id: str
    stack_id: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class ActionLastAccessed:
    """When an action was last used. ``name`` has no service prefix."""

    name: str
    last_accessed: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServiceLastAccessed:
    """When a service was last used. ``actions`` are the actions that IAM tracks individually; None if unknown."""

    namespace: str
    last_authenticated: datetime | None = None
    actions: tuple[ActionLastAccessed, ...] | None = None
