"""Interface for reading resources of other services: their policies, and the workloads that run with a role."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Binding:
    """A workload that runs with a role: a function, a task definition, a Pod Identity association, an instance.

    ``service`` is lambda, ecs, eks or ec2; ``use`` says how it uses the role (``execution role``, ``task role`` …).
    ``region`` is empty if unknown.
    """

    service: str
    name: str
    use: str
    role_arn: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """A resource that can run with roles, or hand out role sessions. Some have no role.

    ``kind`` is one of `iam.facts.workloads`. ``roles`` are ARNs, or names if AWS's response contains only a name.
    ``region`` is "" if unknown; ``arn`` then has a wildcard in its place. ``traits`` are the traits of the kind that
    the resource has.
    """

    kind: str
    arn: str
    region: str
    roles: tuple[str, ...]
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkloadRegions:
    """The enabled Regions in which workloads are searched for, and those in which they are not."""

    read: tuple[str, ...]
    not_read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """The four settings of S3 Block Public Access of a bucket."""

    block_public_acls: bool
    ignore_public_acls: bool
    block_public_policy: bool
    restrict_public_buckets: bool


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """A grant on a KMS key. It can allow actions that the key policy does not allow."""

    id: str
    grantee: str
    operations: tuple[str, ...]
