"""An account behind boto3: AWS itself, or moto as the demo and the tests run it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from weakref import WeakSet

import boto3
from botocore.exceptions import BotoCoreError

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
from iam.arn import Arn, name_of
from iam.policy.document import Document
from iam.policy.lint import Finding, PolicyKind
from iam.simulator import Simulator
from iam.sources.aws import errors as aws_errors
from iam.sources.aws import evidence as aws_evidence
from iam.sources.aws import listing as aws_listing
from iam.sources.aws import organization as aws_organization
from iam.sources.aws import resources as aws_resources
from iam.sources.aws import trail as aws_trail
from iam.sources.aws import validation as aws_validation
from iam.sources.aws.account import AccountReading, base_account
from iam.sources.aws.entities import IamQuestions
from iam.sources.aws.session import FAILURES, Aws
from iam.sources.aws.simulator import AwsSimulator
from iam.sources.aws.user_credentials import credentials
from iam.sources.calls import CallLog
from iam.sources.reader import (
    AccessKey,
    AuthorizationDetails,
    Binding,
    Caller,
    Credential,
    EntityName,
    EventPage,
    KeyGrant,
    LoginProfile,
    MfaDevice,
    PublicAccessBlock,
    Reading,
    ServerCertificate,
    SourceError,
)


def open_aws(*, profile: str | None, region: str | None, endpoint_url: str | None) -> AwsReader:
    """The account that a profile, or the ordinary chain of credentials, reaches.

    No call is made yet. Raises `SourceError` when the profile or the configuration cannot be read.
    """
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        reader = AwsReader(session, endpoint_url=endpoint_url)
    except (BotoCoreError, ValueError) as error:
        raise aws_errors.source_error(error, profile) from error
    return reader


class AwsReader:
    """Reads the account of a boto3 session. Single answers about managed policies and the organization are kept.

    ``regions`` are the regions in which regional services are asked (stacks, instances, functions); without them it is
    the session's own. ``clock`` replaces the wall clock, for the demo and for tests.
    """

    def __init__(
        self,
        session: boto3.Session,
        *,
        kind: str = "aws",
        clock: Callable[[], datetime] | None = None,
        endpoint_url: str | None = None,
        regions: tuple[str, ...] | None = None,
        log: CallLog | None = None,
    ) -> None:
        self._kind = kind
        self._clock = clock or aws_evidence.utc_now
        self.aws = Aws(session, endpoint_url=endpoint_url, log=log)
        self.regions = regions or (self.aws.region,)
        self._questions = IamQuestions(self.aws)
        self._lock = threading.Lock()
        self._caller: Caller | None = None
        self._managed: dict[str, Reading[ManagedPolicy]] = {}
        self._organization: Reading[Organization] | None = None
        self._resource_policies: dict[str, Document] = {}
        self._readings: WeakSet[AccountReading] = WeakSet()

    @property
    def kind(self) -> str:
        return self._kind

    @property
    def log(self) -> CallLog:
        """Every AWS call of this reader."""
        return self.aws.log

    @property
    def region(self) -> str:
        return self.aws.region

    def has_credentials(self) -> bool:
        """Whether there are credentials at all; whether they are any good only a call tells."""
        try:
            return self.aws.session.get_credentials() is not None
        except BotoCoreError:
            return True  # there are some, and the first call will say what is wrong with them

    def clock(self) -> datetime:
        return self._clock()

    def _known_caller(self) -> Caller:
        """The caller, asked for once. Raises botocore's errors."""
        with self._lock:
            if self._caller is None:
                self._caller = self.aws.caller()
            return self._caller

    def caller(self) -> Reading[Caller]:
        return self.aws.read("sts:GetCallerIdentity", self._known_caller)

    def accounts(self) -> Iterator[Account]:
        with self._lock:
            self._caller = None
            self._managed.clear()
            self._organization = None
        try:
            caller = self._known_caller()
        except FAILURES as error:
            raise aws_errors.source_error(error, self.aws.profile) from error
        warnings: tuple[str, ...] = ()
        if self.aws.configured_region is None:
            warnings = (f"No region is configured: {self.aws.region} is used. Choose one with --region NAME.",)
        base = base_account(caller, self._kind, self.aws.region, self.clock(), warnings)
        reading = AccountReading(self.aws, self._questions, caller, base)
        self._readings.add(reading)
        yield from reading.states()

    def close(self) -> None:
        for reading in tuple(self._readings):
            reading.stop()
        self.aws.close()

    # IAM's entities.

    def role(self, name: str) -> Reading[Role]:
        return self._questions.role(name)

    def roles(self) -> Reading[tuple[Role, ...]]:
        return self._questions.roles()

    def user(self, name: str) -> Reading[User]:
        return self._questions.user(name)

    def group(self, name: str) -> Reading[Group]:
        return self._questions.group(name)

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        return self._questions.instance_profile(name)

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        return self._questions.oidc_provider(arn)

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]:
        return self._questions.saml_provider(arn)

    def server_certificate(self, name: str) -> Reading[ServerCertificate]:
        return self._questions.server_certificate(name)

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        return self._questions.mfa_devices(user)

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        return self._questions.login_profile(user)

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        return self._questions.access_keys(user)

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        return credentials(self.aws, user)

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        """Kept for AWS-managed policies, which the account's own changes do not touch."""
        with self._lock:
            kept = self._managed.get(arn)
        if kept is not None:
            return kept
        reading = self._questions.managed_policy(arn)
        if ":iam::aws:policy/" in arn and reading.found:
            with self._lock:
                self._managed[arn] = reading
        return reading

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        return self._questions.customer_policy(name)

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        return self._questions.entity_names(kind)

    def account_summary(self) -> Reading[Mapping[str, int]]:
        return self._questions.account_summary()

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]:
        return aws_evidence.last_accessed(self.aws, arn)

    def deletion_status(self, role_name: str) -> Reading[str]:
        return aws_evidence.deletion_status(self.aws, role_name)

    # Resources of other services.

    def resource_policy(self, arn: str) -> Reading[Document]:
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        parts = Arn.parse(arn)
        if parts is not None and parts.service == "iam":
            return self._trust_policy(arn, parts, caller.value.account)
        reading = aws_resources.resource_policy(self.aws, arn, caller.value.account)
        if reading.value is not None:
            with self._lock:
                self._resource_policies[arn] = reading.value
        return reading

    def _trust_policy(self, arn: str, parts: Arn, account_id: str) -> Reading[Document]:
        call = "iam:GetRole"
        if not parts.resource.startswith("role/"):
            return Reading(call, note="Of IAM's own resources only roles have a policy: their trust policy.")
        if parts.account != account_id:
            return Reading(call, why=f"The role belongs to account {parts.account}: only there can its trust be read.")
        name = name_of(arn)
        reading = self.aws.read(
            call, lambda: self._questions.bare_role(name), absent=("NoSuchEntity",), note="There is no such role."
        )
        if reading.value is None:
            return Reading(call, why=reading.why, note=reading.note)
        return Reading(call, reading.value.trust)

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        """Those read before in this run."""
        with self._lock:
            known = dict(self._resource_policies)
        if not known:
            return Reading("", why="AWS has no call that lists resource policies, and none was read yet.")
        return Reading("", known, note="Only the resource policies that were looked up in this run.")

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        return aws_resources.key_grants(self.aws, key_arn)

    def resource_tags(self, arn: str) -> Reading[Mapping[str, str]]:
        return aws_resources.resource_tags(self.aws, arn)

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]:
        return aws_resources.public_access_block(self.aws, bucket)

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        return aws_evidence.vpc_endpoints(self.aws, service)

    def all_stack_resources(self) -> Reading[tuple[StackResource, ...]]:
        return aws_evidence.all_stack_resources(self.aws, self.regions)

    def resources(self) -> Reading[tuple[str, ...]]:
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        return aws_listing.resources(self.aws, self.regions, caller.value)

    def instances(self) -> Reading[tuple[Instance, ...]]:
        return aws_evidence.instances(self.aws, self.regions)

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        profiles = self._questions.profiles_of(name_of(role_arn))
        reading = aws_evidence.bindings(
            self.aws, self.regions, role_arn, tuple(profile.arn for profile in profiles.value or ())
        )
        return replace(reading, note=f"{reading.note} {profiles.why}".strip()) if profiles.why else reading

    # The organization.

    def organization(self) -> Reading[Organization]:
        with self._lock:
            kept = self._organization
        if kept is not None:
            return kept
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        reading = aws_organization.organization(self.aws, caller.value.account)
        with self._lock:
            self._organization = reading
        return reading

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        return aws_organization.policy_document(self.aws, arn)

    # Evidence.

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        return aws_evidence.events(self.aws, self.regions, resource_name, event_name)

    def recent_events(self) -> Iterator[EventPage]:
        return aws_trail.recent_events(self.aws, self.regions)

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        return aws_evidence.stack_resources(self.aws, self.regions, physical_id)

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        return aws_evidence.decode_authorization_message(self.aws, blob)

    def authorization_details(self, authorization_id: str) -> Reading[tuple[AuthorizationDetails, ...]]:
        return aws_evidence.authorization_details(self.aws, authorization_id)

    def validate_policy(self, document: Document, kind: PolicyKind) -> Reading[tuple[Finding, ...]]:
        return aws_validation.validate_policy(self.aws, document, kind)

    def simulator(self) -> Simulator | None:
        return AwsSimulator(self.aws.client("iam"), profile=self.aws.profile)


__all__ = ["AwsReader", "SourceError", "open_aws"]
