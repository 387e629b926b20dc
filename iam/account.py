"""An AWS account as far as it was read: immutable values, indexed by name and ARN.

Throughout, None means "not known" (not read, or not readable) and an empty tuple means "known to be none".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from iam.arn import SERVICE_LINKED_PATH, SERVICE_PATHS, is_aws_managed
from iam.kept_roles import KeptRoles
from iam.policy.document import Document
from iam.policy.statements import Statement

if TYPE_CHECKING:
    from iam.organization.levels import Organization


@dataclass(frozen=True, slots=True)
class InlinePolicy:
    name: str
    document: Document


@dataclass(frozen=True, slots=True)
class AttachedPolicy:
    """The name and ARN of an attached managed policy. Its document is returned by `Account.policy`."""

    name: str
    arn: str


TRACKED_DAYS = 400
"""The minimum number of days for which IAM keeps a role's last use (IAM User Guide, "Last accessed information")."""


@dataclass(frozen=True, slots=True)
class LastUsed:
    """The RoleLastUsed element that IAM returns.

    ``when`` is None for a role that was not used in the last `TRACKED_DAYS` days.
    """

    when: datetime | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role.

    ``trust`` is None if it could not be read; ``inline`` and ``attached`` are None until the details are read.
    """

    name: str
    arn: str
    path: str = "/"
    id: str = ""
    created: datetime | None = None
    trust: Document | None = None
    inline: tuple[InlinePolicy, ...] | None = None
    attached: tuple[AttachedPolicy, ...] | None = None
    boundary_arn: str | None = None
    tags: Mapping[str, str] | None = None
    last_used: LastUsed | None = None
    description: str | None = None
    max_session_seconds: int | None = None
    max_signin_session_seconds: int | None = None
    instance_profiles: tuple[str, ...] | None = None
    source_template: str | None = None

    @property
    def trust_statements(self) -> tuple[Statement, ...]:
        """Return the statements of the trust policy, or none if it cannot be parsed."""
        return self.trust.readable_statements if self.trust is not None else ()

    @property
    def service_linked(self) -> bool:
        return self.path.startswith(SERVICE_LINKED_PATH)

    @property
    def service_owned(self) -> bool:
        """Whether AWS owns the role (service-linked or reserved), so that calls to IAM cannot change it."""
        return self.path.startswith(SERVICE_PATHS)

    @property
    def has_details(self) -> bool:
        return self.inline is not None and self.attached is not None


@dataclass(frozen=True, slots=True)
class User:
    name: str
    arn: str
    path: str = "/"
    id: str = ""
    created: datetime | None = None
    inline: tuple[InlinePolicy, ...] | None = None
    attached: tuple[AttachedPolicy, ...] | None = None
    groups: tuple[str, ...] | None = None
    boundary_arn: str | None = None
    tags: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    arn: str
    path: str = "/"
    id: str = ""
    created: datetime | None = None
    inline: tuple[InlinePolicy, ...] | None = None
    attached: tuple[AttachedPolicy, ...] | None = None


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    id: str
    document: Document
    is_default: bool
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    name: str
    arn: str
    path: str = "/"
    id: str = ""
    versions: tuple[PolicyVersion, ...] = ()
    default_version_id: str | None = None
    attachment_count: int | None = None
    boundary_usage_count: int | None = None
    created: datetime | None = None
    updated: datetime | None = None
    description: str | None = None
    tags: Mapping[str, str] | None = None
    attachable: bool = True

    def __post_init__(self) -> None:
        """Set the default version: the one named by ``default_version_id``, or else the only one marked as default."""
        flagged = [version for version in self.versions if version.is_default]
        default = self.default_version_id or (flagged[0].id if len(flagged) == 1 else None)
        if default is not None or len(flagged) > 1:
            versions = tuple(replace(version, is_default=version.id == default) for version in self.versions)
            object.__setattr__(self, "versions", versions)
            object.__setattr__(self, "default_version_id", default)

    @property
    def aws_managed(self) -> bool:
        return is_aws_managed(self.arn)

    @property
    def document(self) -> Document | None:
        """The document of the default version, or None if no version was read."""
        return next((version.document for version in self.versions if version.is_default), None)


@dataclass(frozen=True, slots=True)
class InstanceProfile:
    """An instance profile.

    ``roles`` contains role names: none or one, by AWS's quota. ``tags`` is None if unknown: lists of profiles do not
    include them.
    """

    name: str
    arn: str
    path: str = "/"
    id: str = ""
    roles: tuple[str, ...] = ()
    created: datetime | None = None
    tags: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OIDCProvider:
    """An OpenID Connect provider.

    ``url`` has no scheme, as in condition keys; ``client_ids`` are the accepted audiences.
    """

    arn: str
    url: str
    client_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SAMLProvider:
    arn: str
    name: str
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A read that failed: the call, the reason in one sentence, and what rolescope cannot do without the data."""

    call: str
    why: str
    costs: str


@dataclass(frozen=True)
class Account:
    """Everything that has been read of an account so far. Immutable: a source yields more and more complete accounts.

    ``progress`` is a short text while the account is being read, and None when reading is done. ``unreadable`` lists
    the reads that failed. ``incomplete`` names the lists (``roles``, ``users`` …) that may be partial: a name that is
    missing from such a list may still exist. ``in_organization`` is False if the account is known to belong to no
    organization. ``now`` is the account's current time: the wall clock for AWS, the capture time for snapshots, the
    fixed clock of the demo.
    """

    id: str
    source: str
    now: datetime
    alias: str | None = None
    caller_arn: str | None = None
    region: str | None = None
    captured_at: datetime | None = None
    roles: Sequence[Role] = ()
    users: tuple[User, ...] | None = None
    groups: tuple[Group, ...] | None = None
    policies: tuple[ManagedPolicy, ...] | None = None
    instance_profiles: tuple[InstanceProfile, ...] | None = None
    oidc_providers: tuple[OIDCProvider, ...] | None = None
    saml_providers: tuple[SAMLProvider, ...] | None = None
    organization: Organization | None = None
    summary: Mapping[str, int] | None = None
    unreadable: tuple[Unreadable, ...] = ()
    warnings: tuple[str, ...] = ()
    incomplete: frozenset[str] = frozenset()
    in_organization: bool | None = None
    progress: str | None = None

    @cached_property
    def role_names(self) -> Sequence[str]:
        """The names of the roles, in the order of ``roles``. Reading the names builds no `Role`."""
        return self.roles.names if isinstance(self.roles, KeptRoles) else [role.name for role in self.roles]

    @cached_property
    def role_arns(self) -> Sequence[str]:
        """The ARNs of the roles, in the order of ``roles``. Reading the ARNs builds no `Role`."""
        return self.roles.arns if isinstance(self.roles, KeptRoles) else [role.arn for role in self.roles]

    @cached_property
    def _roles_by_name(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.role_names)}

    @cached_property
    def _roles_by_arn(self) -> dict[str, int]:
        return {arn: at for at, arn in enumerate(self.role_arns)}

    @cached_property
    def _roles_by_lower_name(self) -> dict[str, int]:
        return {name.lower(): at for at, name in enumerate(self.role_names)}

    @cached_property
    def _users_by_name(self) -> dict[str, User]:
        return {user.name: user for user in self.users or ()}

    @cached_property
    def _groups_by_name(self) -> dict[str, Group]:
        return {group.name: group for group in self.groups or ()}

    @cached_property
    def _policies_by_arn(self) -> dict[str, ManagedPolicy]:
        return {policy.arn: policy for policy in self.policies or ()}

    @cached_property
    def _profiles_by_lower_name(self) -> dict[str, InstanceProfile]:
        return {profile.name.lower(): profile for profile in self.instance_profiles or ()}

    @cached_property
    def _policies_by_lower_name(self) -> dict[str, ManagedPolicy]:
        return {policy.name.lower(): policy for policy in self.policies or () if not policy.aws_managed}

    @property
    def partition(self) -> str:
        """The partition in the ARNs that were read: ``aws``, ``aws-us-gov`` or ``aws-cn``."""
        arn = self.caller_arn or (self.role_arns[0] if self.role_arns else "")
        return arn.split(":")[1] if arn.startswith("arn:") else "aws"

    def role(self, name_or_arn: str) -> Role | None:
        """Return the role with exactly this name or ARN, or None.

        Case matters, as it does in IAM when a role is used.
        """
        at = self._roles_by_arn.get(name_or_arn, self._roles_by_name.get(name_or_arn))
        return None if at is None else self.roles[at]

    def role_ignoring_case(self, name: str) -> Role | None:
        """Return the existing role that prevents the creation of a role called ``name``, or None.

        Role names are unique regardless of case (IAM quotas page).
        """
        at = self._roles_by_name.get(name)
        if at is None:
            at = self._roles_by_lower_name.get(name.lower())
        return None if at is None else self.roles[at]

    def user(self, name: str) -> User | None:
        return self._users_by_name.get(name)

    def group(self, name: str) -> Group | None:
        return self._groups_by_name.get(name)

    def policy(self, arn: str) -> ManagedPolicy | None:
        return self._policies_by_arn.get(arn)

    def instance_profile_ignoring_case(self, name: str) -> InstanceProfile | None:
        """Return the instance profile called ``name``, whatever its case and path, or None."""
        return self._profiles_by_lower_name.get(name.lower())

    def policy_ignoring_case(self, name: str) -> ManagedPolicy | None:
        """Return the customer managed policy called ``name``, whatever its case and path, or None."""
        return self._policies_by_lower_name.get(name.lower())
