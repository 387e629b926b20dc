"""The one interface behind which every kind of account stands.

A reader first yields the account, in fuller and fuller states; then it answers single questions, each read-only and
each with what it found, that there is nothing, or that it could not look. Every method may block: call it in a worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from iam.account import (
    Account,
    Event,
    Group,
    Instance,
    InstanceProfile,
    ManagedPolicy,
    OIDCProvider,
    Organization,
    OrganizationPolicy,
    Role,
    SAMLProvider,
    ServiceLastAccessed,
    StackResource,
    User,
    VpcEndpoint,
)
from iam.policy.document import Document
from iam.simulator import Simulator

if TYPE_CHECKING:
    from iam.policy.lint import Finding, PolicyKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """The answer to one question: a value, or nothing there, or not readable.

    ``call`` is the AWS call that was made (``kms:GetKeyPolicy``), or the file's part for a snapshot. ``why`` is one
    sentence when the answer is "not readable" and empty otherwise. ``note`` says more where there is more to say: that
    the resource itself does not exist, or that only a part could be read.
    """

    call: str
    value: T | None = None
    why: str = ""
    note: str = ""

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


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes the calls, and where the credentials came from.

    ``method`` is botocore's name of the provider that gave them (``env``, ``shared-credentials-file``, ``sso``,
    ``assume-role``, ``iam-role`` …), ``key_kind`` is ``long-term`` (AKIA…), ``temporary`` (ASIA…) or None.
    """

    arn: str
    account: str
    user_id: str = ""
    method: str | None = None
    profile: str | None = None
    key_kind: str | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    name: str
    arn: str
    path: str = "/"
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class MfaDevice:
    """An MFA device. ``user`` is None for a virtual device that is assigned to nobody."""

    serial: str
    user: str | None = None
    enabled: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoginProfile:
    user: str
    created: datetime | None = None
    reset_required: bool | None = None


@dataclass(frozen=True, slots=True)
class AccessKey:
    """Metadata only: an access key's ID is no secret, its secret key is never readable."""

    id: str
    user: str
    active: bool
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """Something else that a user proves itself with: ``kind`` is ``signing-certificate``, ``ssh-key`` or
    ``service-credential`` (of CodeCommit, Keyspaces, Bedrock …)."""

    kind: str
    id: str
    active: bool
    service: str = ""


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """A grant on a KMS key: what the key's policy need not allow."""

    id: str
    grantee: str
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorizationCheck:
    """One policy type's say in a request, as IAM's own record of the denial has it (iam-toolbox)."""

    kind: str
    effect: str
    target: str | None = None
    policies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizationDetails:
    """What IAM recorded for an authorization id: ``effect`` and the checks of each policy type."""

    action: str
    resource: str
    effect: str
    context: Mapping[str, tuple[str, ...]]
    checks: tuple[AuthorizationCheck, ...]


@dataclass(frozen=True, slots=True)
class EntityName:
    """One entity of a namespace, as the List calls tell it: enough to see who has a name.

    ``kind`` is an ``entity_type`` of the JSON format (``role``, ``policy``, ``virtual-mfa-device`` …). ``name`` of an
    OIDC provider is its URL without scheme, of an MFA device the last part of its serial number. ``assigned_to`` is
    the user who has an MFA device, and empty when nobody has it; None where the call does not tell.
    """

    kind: str
    name: str
    arn: str
    path: str = "/"
    created: datetime | None = None
    expires: datetime | None = None
    assigned_to: str | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of CloudTrail's events of one region, newest first.

    ``more`` is False when the region has nothing older. ``why`` is one sentence where the region cannot be read, or not
    any further: then ``events`` is empty.
    """

    region: str
    events: tuple[Event, ...] = ()
    more: bool = False
    why: str = ""


class AccountReader(Protocol):
    """``kind`` is ``aws``, ``demo`` or ``snapshot``."""

    @property
    def kind(self) -> str: ...

    def accounts(self) -> Iterator[Account]:
        """The account, again and again, fuller each time; the last one has ``progress`` None.

        Raises `SourceError` when nothing at all can be read.
        """
        ...

    def caller(self) -> Reading[Caller]:
        """Who calls, by GetCallerIdentity and the credential chain."""
        ...

    def role(self, name: str) -> Reading[Role]:
        """One role with all its details, read now. AWS looks it up by name whatever the case; see the name returned."""
        ...

    def roles(self) -> Reading[tuple[Role, ...]]:
        """Every role by name, read now, without permissions (ListRoles)."""
        ...

    def user(self, name: str) -> Reading[User]:
        """One user with policies, groups, boundary and tags, read now."""
        ...

    def group(self, name: str) -> Reading[Group]: ...

    def instance_profile(self, name: str) -> Reading[InstanceProfile]: ...

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        """An OpenID Connect provider with its list of audiences."""
        ...

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]: ...

    def server_certificate(self, name: str) -> Reading[ServerCertificate]: ...

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        """The MFA devices of a user, or without one the account's virtual devices."""
        ...

    def login_profile(self, user: str) -> Reading[LoginProfile]: ...

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]: ...

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        """Signing certificates, SSH keys and service-specific credentials of a user: all of them, or "not readable"."""
        ...

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        """The customer managed policy that has this name in any case and path, with all its versions."""
        ...

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        """Every entity of one namespace, by the List call of its kind; no details, so few calls in a big account.

        ``kind`` is ``role``, ``user``, ``group``, ``policy`` (customer policies only), ``instance-profile``,
        ``oidc-provider``, ``saml-provider``, ``server-certificate``, ``virtual-mfa-device`` or ``account-alias``. A
        snapshot answers from its lists; a part the file does not have, and an unknown kind, are "not readable".
        """
        ...

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        """The resource policies that can be had at once, by resource ARN: those of a snapshot, of the demo, or those
        read before. AWS has no call that lists them, so a source that would have to guess says "not readable"."""
        ...

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        """A managed policy with its default version's document (all versions for customer policies)."""
        ...

    def resource_policy(self, arn: str) -> Reading[Document]:
        """The resource's own policy: bucket, key, queue, topic, function, secret, repository … or a role's trust."""
        ...

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        """A KMS key's grants (kms:ListGrants)."""
        ...

    def resource_tags(self, arn: str) -> Reading[Mapping[str, str]]: ...

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]: ...

    def organization(self) -> Reading[Organization]:
        """The account's organization, absent when it is in none."""
        ...

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        """One SCP or RCP, by the ARN that newer messages carry."""
        ...

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        """The endpoints for a service (``s3``), in the region in use."""
        ...

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        """CloudTrail's events of the last 90 days, newest first, for a resource's name, an event's name, or both."""
        ...

    def recent_events(self) -> Iterator[EventPage]:
        """All of CloudTrail's events, page by page as they are read, of the regions in use and of the home region.

        LookupEvents answers per region, twice a second: the region that stands at the latest time is asked next, so
        that the pages come about newest first. The iterator makes a call only when the next page is asked for: whoever
        has enough leaves it. It never raises; a region that cannot be read gives one page that says why.
        """
        ...

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        """Which CloudFormation stacks, in the regions in use, own the resource."""
        ...

    def all_stack_resources(self) -> Reading[tuple[StackResource, ...]]:
        """Every IAM resource that a CloudFormation stack of the regions in use owns."""
        ...

    def resources(self) -> Reading[tuple[str, ...]]:
        """ARNs of the account's resources that may have a policy of their own, as far as they can be listed. ``note``
        says which services could not be asked."""
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

    def authorization_details(self, authorization_id: str) -> Reading[tuple[AuthorizationDetails, ...]]:
        """IAM's own record of a denial, for the id that newer messages carry (iam-toolbox)."""
        ...

    def validate_policy(self, document: Document, kind: PolicyKind) -> Reading[tuple[Finding, ...]]:
        """What Access Analyzer's ValidatePolicy finds in a document that need not be saved anywhere. The local checks
        are `iam.policy.lint.lint`; where both speak, both are shown, each under its ``source``."""
        ...

    def simulator(self) -> Simulator | None:
        """AWS's policy simulator, or None where there is none (snapshots)."""
        ...

    def clock(self) -> datetime: ...

    def close(self) -> None:
        """Give up what is being read, from any thread, to quit: readings end soon, and no call is made any more."""
        ...


class SourceError(Exception):
    """The account cannot be read at all. ``str()`` is one sentence: what happened, to what, and what to do."""
