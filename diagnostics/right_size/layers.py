"""Read the policy layers that decide a role's calls. They are read once for all calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from iam.account import Account, Role
from iam.key_presence import key_presence
from iam.layers import organization_layers, principal_layers
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.principal import TRUST_ACTIONS, Kind
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import Possibility, possible
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.index import Principal
from iam.service_reference import rcp_services
from iam.sources.reader.account_reader import AccountReader
from iam.sources.resource_policies import policy_holder

MOST_RESOURCE_POLICIES = 100
"""The maximum number of resource policies to read, with one call for each; any others count as unread."""


@dataclass
class RoleLayers:
    """The policy layers that decide a role's calls. ``policies`` contains all except the resource's own.

    ``unread`` are sentences about what could not be read.
    """

    role: Role
    account: Account
    reader: AccountReader
    policies: Policies
    unread: tuple[str, ...] = ()
    _resource: dict[str, tuple[NamedPolicy | None, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._question = AccessQuestion("*", "*", self.account)
        self._presence = key_presence(Kind.ROLE, self.role, self.account)

    def with_identity(self, identity: tuple[NamedPolicy, ...]) -> RoleLayers:
        """Return the same layers with other identity policies."""
        return RoleLayers(
            self.role, self.account, self.reader, replace(self.policies, identity=identity), self.unread, self._resource
        )

    def asked(self, action: str, resource: str, context: Mapping[str, tuple[str, ...]]) -> Possibility:
        """Evaluate a request by the role over all layers. Raises `PolicyError`. May block."""
        policies = self.policies
        if resource != "*" and (policies.resource is None):
            own, unread = self._resource_policy(action, resource)
            policies = replace(policies, resource=own, unread=policies.unread | ({Layer.RESOURCE} if unread else set()))
        request = replace(self._question, context=context).request(self.role.arn, self.role, action, resource)
        return possible(request, applicable_policies(policies, action, resource), self._presence)

    def _resource_policy(self, action: str, resource: str) -> tuple[NamedPolicy | None, bool]:
        """Return the resource's own policy, and whether it could not be read."""
        if resource.endswith("*") or (":iam:" in resource and action.lower() not in TRUST_ACTIONS):
            return None, False
        holder = policy_holder(resource)
        found = self._resource.get(holder)
        if found is None:
            found = self._read(holder) if len(self._resource) < MOST_RESOURCE_POLICIES else (None, True)
            self._resource[holder] = found
        return found

    def _read(self, holder: str) -> tuple[NamedPolicy | None, bool]:
        reading = self.reader.resource_policy(holder)
        if reading.value is None:
            return None, reading.unreadable
        policy = NamedPolicy(reading.value, holder, holder)
        try:
            ready(policy, Layer.RESOURCE)
        except PolicyError:
            return None, True
        return policy, False

    def text(self) -> str:
        """Return all documents in lower case, to find out which condition keys can affect the decisions."""
        resource = (policy.document for policy, _ in self._resource.values() if policy is not None)
        return "\n".join(each.text for each in (*_documents(self.policies), *resource)).lower()


def _documents(policies: Policies) -> Iterator[Document]:
    groups = (policies.identity, policies.boundary or (), *(policies.scps or ()), *(policies.rcps or ()))
    for group in groups:
        yield from (policy.document for policy in group)


def role_layers(role: Role, account: Account, reader: AccountReader) -> RoleLayers:
    """Read the role's policies, its boundary and the organization's policies. May block."""
    own = principal_layers(role, account, reader, {})
    service = next(iter(sorted(rcp_services())), "s3")
    root = f"arn:{account.partition}:iam::{account.id}:role/any"
    above = organization_layers(Request(role.arn, f"{service}:Any", root), account, reader)
    readings = (*own.readings, *above.readings)
    unread = tuple(reading for reading in readings if reading.unread)
    principal = Principal(own.principal or role, own.policies.identity, own.policies.boundary, unread)
    found = principal.policies(above.policies)
    sentences = tuple(dict.fromkeys(f"{reading.layer.policies}: {reading.why}" for reading in unread))
    kept = own.principal if isinstance(own.principal, Role) else role
    return RoleLayers(kept, account, reader, found, sentences)
