"""The contents of a snapshot file, for reading and for writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iam.account import Account, ManagedPolicy
from iam.policy.document import Document

if TYPE_CHECKING:
    from iam.access_analyzer import AnalyzerReport
    from iam.event import Event
    from iam.other_services import AccessPoint, Instance, ServiceLastAccessed, StackResource, VpcEndpoint
    from iam.sources.reader.entities import AccessKey, LoginProfile, MfaDevice, PasswordPolicy
    from iam.sources.reader.resources import Binding, PublicAccessBlock, Workload, WorkloadRegions


@dataclass
class Contents:
    """The contents of a snapshot file. If a part is None, it is unknown and missing in the file.

    In ``resource_policies`` and ``public_access_blocks``, a value of None means "known to have none". If
    ``organization_known`` and ``account.organization`` is None, the account belongs to no organization.
    """

    account: Account
    aws_managed: tuple[ManagedPolicy, ...] = ()
    organization_known: bool = False
    resource_policies: Mapping[str, Document | None] | None = None
    public_access_blocks: Mapping[str, PublicAccessBlock | None] | None = None
    access_points: tuple[AccessPoint, ...] | None = None
    vpc_endpoints: tuple[VpcEndpoint, ...] | None = None
    instances: tuple[Instance, ...] | None = None
    last_accessed: Mapping[str, tuple[ServiceLastAccessed, ...]] | None = None
    events: tuple[Event, ...] | None = None
    stack_resources: tuple[StackResource, ...] | None = None
    bindings: tuple[Binding, ...] | None = None
    workloads: Mapping[str, tuple[Workload, ...]] | None = None
    workload_gaps: Mapping[str, str] = field(default_factory=dict)
    workload_regions: WorkloadRegions | None = None
    login_profiles: tuple[LoginProfile, ...] | None = None
    password_policy: PasswordPolicy | None = None
    mfa_devices: tuple[MfaDevice, ...] | None = None
    access_keys: tuple[AccessKey, ...] | None = None
    access_analyzer: AnalyzerReport | None = None
    deletions: Mapping[str, str] = field(default_factory=dict)
