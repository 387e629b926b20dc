"""Read the policies that apply to a request, by layer, and record how each layer was read.

They come from the account, or from its reader if the account does not contain them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from iam.account import Account, AttachedPolicy, Group, InlinePolicy, Role, User
from iam.arn import Arn, name_of
from iam.context import across_accounts, resource_account, with_context
from iam.organization.accounts import Accounts
from iam.organization.place import Place
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.principal import TRUST_ACTIONS, Kind, RequestCaller, caller
from iam.policy.request import EndpointType, Holder, HolderKind, NamedPolicy, Policies, Request
from iam.service_reference import rcp_services
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.sources.resource_policies import policy_holder

if TYPE_CHECKING:
    from iam.organization.levels import Organization, OrganizationLevel
    from iam.other_services import VpcEndpoint

_FULL_ACCESS = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
)

BUCKET_UNKNOWN = "s3:GetAccessPoint"
"""The call that a `LayerReading` names if the bucket of an access point was not looked up."""

FIELD_OF_LAYER = {
    Layer.IDENTITY: "identity",
    Layer.RESOURCE: "resource",
    Layer.BOUNDARY: "boundary",
    Layer.SESSION: "session",
    Layer.SCP: "scps",
    Layer.RCP: "rcps",
    Layer.VPC_ENDPOINT: "vpc_endpoint",
}
"""The name of the field in `Policies` for each layer."""


@dataclass(frozen=True, slots=True)
class LayerReading:
    """How one layer was read: the call (or the part of a file) and, if something is missing, the reason.

    ``found`` is the number of documents. ``unread``: the layer may contain more than was read.
    """

    layer: Layer
    call: str
    found: int = 0
    why: str = ""
    note: str = ""

    @property
    def unread(self) -> bool:
        return bool(self.why)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The policies that apply to a request.

    ``request`` includes the condition keys that AWS sets. ``principal`` is the role or user that makes the request;
    None if it is not in this account or could not be read. ``principal_missing`` is True if the role or user is known
    not to exist. ``endpoint_account`` is the account of the VPC endpoint, if one was found.
    """

    request: Request
    policies: Policies
    principal: Role | User | None
    readings: tuple[LayerReading, ...]
    principal_missing: bool = False
    endpoint_account: str | None = None

    def reading(self, layer: Layer) -> tuple[LayerReading, ...]:
        return tuple(reading for reading in self.readings if reading.layer is layer)


@dataclass
class Gathering:
    """Reads the layers of ``request`` one by one, and records in ``readings`` how each was read.

    ``account`` is the caller's account if it can be opened, else the selected one. ``accounts`` are all accounts that
    can be opened; None if there is only one.
    """

    request: Request
    account: Account
    reader: AccountReader
    accounts: Accounts | None = None
    readings: list[LayerReading] = field(default_factory=list)
    entity: Role | User | None = None
    principal_missing: bool = False
    endpoint_type: EndpointType | None = None
    endpoint_account: str | None = None
    documents: dict[str, tuple[Document | None, str]] = field(default_factory=dict)

    def gathered(self, policies: Policies) -> Gathered:
        """Return the result: the policies, with every layer that could not be read completely marked as unread."""
        unread = frozenset(reading.layer for reading in self.readings if reading.unread)
        policies = replace(policies, unread=unread)
        return Gathered(self.request, policies, self.entity, tuple(self.readings), self.principal_missing)

    @property
    def who(self) -> RequestCaller:
        return caller(self.request.principal)

    @property
    def ours(self) -> bool:
        """Whether the caller belongs to the account that is being read."""
        return self.who.account == self.account.id

    @cached_property
    def owner(self) -> str | None:
        """The account that owns the resource, from the request or from the open accounts; None if unknown."""
        stated = resource_account(self.request)
        if stated is not None or self.accounts is None or Arn.parse(self.request.resource) is None:
            return stated
        return self.accounts.owner_of(self.request.resource)

    @cached_property
    def owner_side(self) -> OpenedAccount | None:
        """The opened account that owns the resource. None if that account cannot be opened.

        If the owner is unknown, the caller's account is returned.
        """
        if self.accounts is None or self.owner in (None, self.account.id):
            return OpenedAccount(self.account, self.reader, self.accounts)
        assert self.owner is not None
        return self.accounts.opened(self.owner)

    def why_unread(self, account: str, what: str) -> str:
        """Return why the layer ``what`` could not be read for an account that cannot be opened."""
        assert self.accounts is not None
        standing = self.accounts.standing(account)
        words = standing.words[0].upper() + standing.words[1:]
        if standing.place is Place.UNREAD:
            return f"{words} is in the organization but was not read: {standing.why}"
        if standing.place is Place.OUTSIDE:
            return f"{words} is outside the organization, so its {what} can be read only in that account."
        return f"{words} was not read, and its {what} can be read only in that account."

    def say(self, layer: Layer, call: str, found: int = 0, why: str = "", note: str = "") -> None:
        self.readings.append(LayerReading(layer, call, found, why, note))

    # Identity policies and boundary.

    def principal_layers(self) -> tuple[tuple[NamedPolicy, ...], tuple[NamedPolicy, ...] | None]:
        who = self.who
        if who.kind in (Kind.SERVICE, Kind.PROVIDER, Kind.ANONYMOUS):
            self.say(
                Layer.IDENTITY, "", note="The caller has no identity policies: only resource policies apply to it."
            )
            return (), None
        if not self.ours:
            why = (
                f"The caller belongs to account {who.account}, so the caller's policies can be read only in that "
                "account."
            )
            if self.accounts is not None and who.account:
                why = self.why_unread(who.account, "policies")
            self.say(Layer.IDENTITY, "", why=why)
            self.say(Layer.BOUNDARY, "", why=why)
            return (), None
        if who.kind is Kind.ROOT:
            self.say(Layer.IDENTITY, "", note="The root user has no policies, and may do everything in its account.")
            return (), None
        if who.kind is Kind.FEDERATED_USER:
            why = "A federated user's permissions depend on the user who requested the token, whom the ARN omits."
            self.say(Layer.IDENTITY, "", why=why)
            self.say(Layer.BOUNDARY, "", why=why)
            return (), None
        named = Arn.parse_principal(who.text)
        if who.kind is Kind.USER and named is not None and named.type != "user":
            why = "The ARN names no user or role, so no policies can be looked up."
            self.say(Layer.IDENTITY, "", why=why)
            self.say(Layer.BOUNDARY, "", why=why)
            return (), None
        reading = self._read_principal(who)
        self.entity = reading.value
        if reading.value is None:
            self.principal_missing = reading.absent
            why = reading.why or f"There is no such {'user' if who.kind is Kind.USER else 'role'}: {who.name}."
            self.say(Layer.IDENTITY, reading.call, why=why)
            self.say(Layer.BOUNDARY, reading.call, why=why)
            return (), None
        return self._identity(reading.value, reading.call), self._boundary(reading.value, reading.call)

    def _read_principal(self, who: RequestCaller) -> Reading[Role] | Reading[User]:
        name = who.name or ""
        if who.kind is Kind.USER:
            user = self.account.user(name)
            if user is not None and None not in (user.inline, user.attached, user.groups):
                return Reading("iam:GetAccountAuthorizationDetails", user)
            return self.reader.user(name)
        # A session's ARN contains no path; a role's ARN must contain the correct path.
        role = self.account.role(who.text) if who.kind is Kind.ROLE else self.account.role(name)
        if role is not None and role.has_details:
            return Reading("iam:GetAccountAuthorizationDetails", role)
        reading = self.reader.role(name)
        # IAM finds roles whatever the case of the name; a session exists only under the role's own name.
        if reading.value is not None and reading.value.name != name:
            return Reading(reading.call, note=f"The role is called {reading.value.name}.")
        return reading

    def _identity(self, entity: Role | User, call: str) -> tuple[NamedPolicy, ...]:
        found: list[NamedPolicy] = []
        missing: list[str] = []
        holders: list[Role | User | Group] = [entity]
        if isinstance(entity, User):
            if entity.groups is None:
                missing.append(f"The groups of {entity.name} could not be read.")
            for name in entity.groups or ():
                group = self._group(name, missing)
                holders += [group] if group is not None else []
        for holder in holders:
            found += self._inline(holder, holder.inline, missing)
            found += self._attached(holder, holder.attached, missing)
        self.say(Layer.IDENTITY, call, len(found), why=" ".join(dict.fromkeys(missing)))
        return tuple(found)

    def _group(self, name: str, missing: list[str]) -> Group | None:
        group = self.account.group(name)
        if group is not None and group.inline is not None and group.attached is not None:
            return group
        reading = self.reader.group(name)
        if reading.value is None:
            missing.append(reading.why or f"The group {name} no longer exists.")
        return reading.value

    def _inline(
        self, holder: Role | User | Group, policies: tuple[InlinePolicy, ...] | None, missing: list[str]
    ) -> Iterable[NamedPolicy]:
        if policies is None:
            missing.append(f"The inline policies of {holder.name} could not be read.")
        owner = _holder(holder)
        named = [NamedPolicy(policy.document, policy.name, holder=owner) for policy in policies or ()]
        return [policy for policy in named if _usable(policy.document, policy.name, Layer.IDENTITY, missing)]

    def _attached(
        self, holder: Role | User | Group, policies: tuple[AttachedPolicy, ...] | None, missing: list[str]
    ) -> Iterable[NamedPolicy]:
        if policies is None:
            missing.append(f"The policies attached to {holder.name} could not be read.")
        found = []
        for policy in policies or ():
            document, why = self._managed(policy.arn)
            if document is None:
                missing.append(why)
            elif _usable(document, policy.arn, Layer.IDENTITY, missing):
                found.append(NamedPolicy(document, policy.name, policy.arn))
        return found

    def _managed(self, arn: str) -> tuple[Document | None, str]:
        found = self.documents.get(arn)
        if found is None:
            found = self.documents[arn] = self._look_up_managed(arn)
        return found

    def _look_up_managed(self, arn: str) -> tuple[Document | None, str]:
        known = self.account.policy(arn)
        if known is not None and known.document is not None:
            return known.document, ""
        reading = self.reader.managed_policy(arn)
        if reading.value is not None and reading.value.document is not None:
            return reading.value.document, ""
        return None, reading.why or reading.note or f"The document of {arn} could not be read."

    def _boundary(self, entity: Role | User, call: str) -> tuple[NamedPolicy, ...] | None:
        if entity.boundary_arn is None and entity.tags is None:
            # The same call returns boundary and tags: if one is unknown, so is the other.
            self.say(
                Layer.BOUNDARY, call, why=f"It could not be read whether {entity.name} has a permissions boundary."
            )
            return None
        if entity.boundary_arn is None:
            self.say(Layer.BOUNDARY, call, note="No permissions boundary is set.")
            return None
        document, why = self._managed(entity.boundary_arn)
        faults: list[str] = []
        if document is None or not _usable(document, entity.boundary_arn, Layer.BOUNDARY, faults):
            self.say(Layer.BOUNDARY, "iam:GetPolicyVersion", why=why or " ".join(faults))
            return None
        self.say(Layer.BOUNDARY, "iam:GetPolicyVersion", 1)
        return (NamedPolicy(document, name_of(entity.boundary_arn), entity.boundary_arn),)

    # The organization.

    def _organization(self, side: OpenedAccount) -> Reading[Organization]:
        known = side.account.organization
        if known is not None and (known.scps is not None or known.rcps is not None):
            return Reading("organizations:ListPoliciesForTarget", known)
        if side.account.in_organization is False:
            return Reading("organizations:DescribeOrganization", note="The account is in no organization.")
        return side.reader.organization()

    def scps(self) -> tuple[tuple[NamedPolicy, ...], ...] | None:
        who = self.who
        if who.kind in (Kind.SERVICE, Kind.PROVIDER, Kind.ANONYMOUS):
            self.say(
                Layer.SCP, "", note="Service control policies apply to principals of an account, not to this caller."
            )
            return None
        if not self.ours and self.accounts is not None and who.account:
            return self._levels_of_unread(Layer.SCP, who.account)
        if not self.ours:
            self.say(Layer.SCP, "", why=f"The caller's service control policies are those of account {who.account}.")
            return None
        if who.service_linked or (isinstance(self.entity, Role) and self.entity.service_linked):
            self.say(Layer.SCP, "", note="Service control policies do not apply to service-linked roles.")
            return None
        return self._levels(Layer.SCP, self._own_side)

    @property
    def _own_side(self) -> OpenedAccount:
        return OpenedAccount(self.account, self.reader, self.accounts)

    def _levels_of_unread(self, layer: Layer, account: str) -> tuple[tuple[NamedPolicy, ...], ...] | None:
        """Return the organization policies that apply to an account that was not read itself.

        They come from the organization's tree.
        """
        assert self.accounts is not None
        organization = self.accounts.standing(account).organization
        if organization is None:
            self.say(layer, "", why=self.why_unread(account, f"{layer.policies}"))
            return None
        return self._levels_read(layer, Reading("organizations:ListPoliciesForTarget", organization), account)

    def rcps(self) -> tuple[tuple[NamedPolicy, ...], ...] | None:
        service = self.request.action.partition(":")[0].lower()
        owner = self.owner
        if service not in rcp_services():
            self.say(Layer.RCP, "", note=f"Resource control policies do not apply to {service}.")
            return None
        if self.request.resource == "*":
            self.say(Layer.RCP, "", note="Without the resource's ARN, no resource control policy is evaluated.")
            return None
        if owner is None and self.accounts is not None:
            self.say(Layer.RCP, "", why=f"No account that was read has {self.request.resource}.")
            return None
        if owner is not None and owner != self.account.id and self.accounts is None:
            self.say(Layer.RCP, "", why=f"The resource control policies are those of account {owner}.")
            return None
        if self.who.service_linked or (isinstance(self.entity, Role) and self.entity.service_linked):
            self.say(Layer.RCP, "", note="Resource control policies do not apply to service-linked roles.")
            return None
        if self.owner_side is None:
            assert owner is not None
            return self._levels_of_unread(Layer.RCP, owner)
        return self._levels(Layer.RCP, self.owner_side)

    def _levels(self, layer: Layer, side: OpenedAccount) -> tuple[tuple[NamedPolicy, ...], ...] | None:
        return self._levels_read(layer, self._organization(side), side.account.id)

    def _levels_read(
        self, layer: Layer, reading: Reading[Organization], account: str
    ) -> tuple[tuple[NamedPolicy, ...], ...] | None:
        organization = reading.value
        if organization is None:
            self.say(layer, reading.call, why=reading.why, note=reading.note)
            return None
        if organization.management_account_id == account:
            self.say(layer, reading.call, note="The organization's policies do not apply to its management account.")
            return None
        levels = organization.scps if layer is Layer.SCP else organization.rcps
        if levels is None:
            why = reading.note or "The policies of the organization could not be read."
            self.say(layer, "organizations:ListPoliciesForTarget", why=why)
            return None
        if not any(level.policies for level in levels):
            # If a policy type is enabled, every target has at least one policy of that type.
            self.say(layer, reading.call, note="This type of policy is not enabled in the organization.")
            return None
        faults: list[str] = []
        if not all(
            _usable(policy.document, policy.arn, layer, faults) for level in levels for policy in level.policies
        ):
            self.say(layer, "organizations:DescribePolicy", why=" ".join(faults))
            return None
        named = tuple(_level(level, layer) for level in levels)
        self.say(layer, "organizations:ListPoliciesForTarget", sum(len(level) for level in named))
        return named

    # The resource.

    def resource(self) -> NamedPolicy | None:
        request = self.request
        parts = Arn.parse(request.resource)
        if parts is not None and "*" in (request.resource.split(":", 5)[4]):
            self.say(Layer.RESOURCE, "", why="The account in the resource's ARN is masked.")
            return None
        if parts is None or "*" in request.resource:
            self.say(
                Layer.RESOURCE, "", note="The request has no ARN of one resource, so no resource policy is looked up."
            )
            return None
        if parts.service == "iam" and request.action.lower() not in TRUST_ACTIONS:
            self.say(
                Layer.RESOURCE,
                "",
                note=(
                    "IAM resources have no resource-based policy for this action, so only the caller's policies decide."
                ),
            )
            return None
        holder = policy_holder(request.resource)
        if request.action.lower() == "s3:createbucket":
            self.say(Layer.RESOURCE, "", note="The bucket does not exist yet, so it has no policy.")
            return None
        if self.owner_side is None:
            assert self.owner is not None
            self.say(Layer.RESOURCE, "", why=self.why_unread(self.owner, "resource policies"))
            return None
        reading = self.owner_side.reader.resource_policy(request.resource)
        if reading.unreadable and self.owner is None and self.accounts is not None:
            self.say(Layer.RESOURCE, reading.call, why=f"No account that was read has {holder}.")
            return None
        faults: list[str] = []
        if reading.value is None or not _usable(reading.value, holder, Layer.RESOURCE, faults):
            self.say(Layer.RESOURCE, reading.call, why=reading.why or " ".join(faults), note=reading.note)
            return None
        self.say(Layer.RESOURCE, reading.call, 1)
        return NamedPolicy(reading.value, _holder_name(parts, holder), holder)

    def bucket_behind_access_point(self) -> None:
        """Record that the policy of the access point's bucket, which also decides, was not read.

        See S3 User Guide, "Configuring IAM policies for using access points".
        """
        parts = Arn.parse(self.request.resource)
        if parts is not None and parts.service == "s3" and parts.resource.startswith("accesspoint/"):
            why = "The policy of the access point's bucket also decides, but the name of this bucket was not read."
            self.say(Layer.RESOURCE, BUCKET_UNKNOWN, why=why)

    def resource_tags(self) -> Mapping[str, str] | None:
        """Return the resource's tags.

        They are read only if a policy may depend on them, and not for IAM's own resources.
        """
        parts = Arn.parse(self.request.resource)
        if parts is None or parts.service == "iam" or "*" in self.request.resource:
            return None
        if self.owner_side is None or (parts.account and parts.account != self.owner_side.account.id):
            return None
        if any("resourcetag/" in key.lower() for key in self.request.context):
            return None
        if not self._asks_for_tags():
            return None
        return self.owner_side.reader.resource_tags(self.request.resource).value

    def _asks_for_tags(self) -> bool:
        """Whether an identity policy of the principal mentions the resource's tags."""
        if self.entity is None:
            return False
        documents: list[Document] = [policy.document for policy in self.entity.inline or ()]
        for attached in self.entity.attached or ():
            document, _ = self._managed(attached.arn)
            documents += [document] if document is not None else []
        return any(document.mentions("resourcetag/") for document in documents)

    def session(self, passed: Document | None) -> tuple[NamedPolicy, ...] | None:
        """Return the session policy; None if no session policy is known to have been passed.

        For a federated user it is unknown whether one was passed; without one, the session has no permissions of its
        own.
        """
        if passed is not None:
            return (NamedPolicy(passed, "session policy"),)
        if self.who.kind is Kind.FEDERATED_USER:
            why = "The session policy passed to GetFederationToken is unknown: AWS has no call that returns it."
            self.say(Layer.SESSION, "", why=why)
        return None

    # The endpoint.

    def endpoint(self, chosen: str | VpcEndpoint | None) -> tuple[NamedPolicy, ...] | None:
        """Return the VPC endpoint's policy, or None without an endpoint.

        Sets ``endpoint_type`` to the endpoint's type.
        """
        if chosen is None:
            return None
        endpoint = None if isinstance(chosen, str) else chosen
        reader = self.reader
        if self.accounts is not None:
            self.endpoint_account = self.accounts.endpoint_account(endpoint.id if endpoint is not None else str(chosen))
            opened = self.accounts.opened(self.endpoint_account) if self.endpoint_account else None
            reader = opened.reader if opened is not None else reader
        if isinstance(chosen, str):
            reading = reader.vpc_endpoints("")
            endpoint = next((one for one in reading.value or () if one.id == chosen), None)
            if endpoint is None:
                why = reading.why or reading.note or f"There is no VPC endpoint {chosen} in the Regions in use."
                self.say(Layer.VPC_ENDPOINT, reading.call, why=why)
                return None
        self.endpoint_type = endpoint.type if endpoint is not None else None
        faults = ["The endpoint's policy could not be read."] if endpoint is None or endpoint.document is None else []
        if (
            endpoint is None
            or endpoint.document is None
            or not _usable(endpoint.document, endpoint.id, Layer.VPC_ENDPOINT, faults)
        ):
            self.say(Layer.VPC_ENDPOINT, "ec2:DescribeVpcEndpoints", why=" ".join(faults))
            return None
        self.say(Layer.VPC_ENDPOINT, "ec2:DescribeVpcEndpoints", 1)
        return (NamedPolicy(endpoint.document, endpoint.id),)


def gather(
    request: Request,
    account: Account,
    reader: AccountReader,
    *,
    session_policy: Document | None = None,
    vpc_endpoint: str | VpcEndpoint | None = None,
    accounts: Accounts | None = None,
) -> Gathered:
    """Read all policies that apply to a request, each from the account that it belongs to if ``accounts`` can open it.

    Identity policies, boundary, session policy and SCPs come from the caller's account; the resource policy and RCPs
    from the resource's account. ``session_policy`` is the policy passed when the session was created, if any.
    ``vpc_endpoint`` is the endpoint that the request goes through, or its ID; without it, the request is assumed to go
    through none. May block.
    """
    who = caller(request.principal)
    if accounts is not None and who.account not in (None, account.id):
        assert who.account is not None
        other = accounts.opened(who.account)
        account, reader = (other.account, other.reader) if other is not None else (account, reader)
    work = Gathering(request, account, reader, accounts)
    if work.owner is not None and request.resource_account is None and accounts is not None:
        request = work.request = replace(request, resource_account=work.owner)
    identity, boundary = work.principal_layers()
    tags = work.resource_tags()
    filled = with_context(request, account, work.entity, tags)
    if accounts is not None:
        filled = across_accounts(filled, accounts, work.owner_side.account if work.owner_side is not None else None)
    resource = work.resource()
    work.bucket_behind_access_point()
    policies = Policies(
        identity=identity,
        resource=resource,
        boundary=boundary,
        session=work.session(session_policy),
        scps=work.scps(),
        rcps=work.rcps(),
        vpc_endpoint=work.endpoint(vpc_endpoint),
        vpc_endpoint_type=work.endpoint_type,
        unread=frozenset(reading.layer for reading in work.readings if reading.unread),
    )
    return Gathered(filled, policies, work.entity, tuple(work.readings), work.principal_missing, work.endpoint_account)


def principal_layers(
    entity: Role | User, account: Account, reader: AccountReader, documents: dict[str, tuple[Document | None, str]]
) -> Gathered:
    """Read the identity policies and the boundary of a role or user, which apply to all its requests.

    ``documents`` caches managed policies by ARN, so that they are not read again for the next entity. May block.
    """
    work = Gathering(Request(entity.arn, "", "*"), account, reader, documents=documents)
    identity, boundary = work.principal_layers()
    return work.gathered(Policies(identity=identity, boundary=boundary))


def organization_layers(
    request: Request, account: Account, reader: AccountReader, accounts: Accounts | None = None
) -> Gathered:
    """Read the SCPs and RCPs that apply to a request. They are the same for every role and user of the account.

    Neither applies to service-linked roles. May block.
    """
    work = Gathering(request, account, reader, accounts)
    return work.gathered(Policies(scps=work.scps(), rcps=work.rcps()))


def shared_layers(
    request: Request, account: Account, reader: AccountReader, accounts: Accounts | None = None
) -> Gathered:
    """Read the SCPs, the RCPs and the resource policy that apply to a request. May block."""
    work = Gathering(request, account, reader, accounts)
    return work.gathered(Policies(resource=work.resource(), scps=work.scps(), rcps=work.rcps()))


def _holder(entity: Role | User | Group) -> Holder:
    kinds = {Role: HolderKind.ROLE, User: HolderKind.USER, Group: HolderKind.GROUP}
    return Holder(kinds[type(entity)], entity.name, entity.arn)


def _usable(document: Document, name: str | None, layer: Layer, faults: list[str]) -> bool:
    """Whether the document can be evaluated. AWS saves only valid documents, but a file may contain anything."""
    try:
        ready(NamedPolicy(document, name), layer)
    except PolicyError as error:
        faults.append(str(error))
        return False
    return True


def _level(level: OrganizationLevel, layer: Layer) -> tuple[NamedPolicy, ...]:
    policies = [NamedPolicy(policy.document, policy.name, policy.arn) for policy in level.policies]
    if layer is Layer.RCP and not any(policy.name == "RCPFullAWSAccess" for policy in policies):
        # AWS attaches this policy to every target, and nobody can detach it (Organizations User Guide, "Resource
        # control policies").
        policies.insert(0, NamedPolicy(Document(_FULL_ACCESS), "RCPFullAWSAccess"))
    return tuple(policies)


def _holder_name(parts: Arn, holder: str) -> str:
    if parts.service == "iam":
        return f"trust policy of {name_of(holder)}"
    return holder.rpartition(":")[2]
