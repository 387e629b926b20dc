"""A denied request with everything known about it, and its decision under each assumption about the unknown values.

An unknown key may have any value (`iam.policy.unknown_keys`). The optimistic decision assumes the values that allow the
request. If it is a denial, the request is denied whatever the unknown values are. The cautious decision counts only the
statements that match whatever the values are. If only this decision is a denial, the result depends on an unknown
value. A key that exists only if the caller sends it is assumed to be absent when the cause is determined, but the
operator is still asked for its value. Layers that cannot be read are assumed to allow the request.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from diagnostics.access_denied.evidence.policy_of_text import PolicyOfText
from diagnostics.access_denied.request.caller import Caller
from diagnostics.access_denied.request.context_keys import no_claim_of
from diagnostics.access_denied.request.values import RequestValues
from diagnostics.failure import Denial
from diagnostics.words import is_trust_action, word_of
from iam.account import Account
from iam.arn import account_of
from iam.claims import Sourced, sensitive
from iam.key_presence import key_presence
from iam.layers import FIELD_OF_LAYER, LayerReading
from iam.policy.condition_keys import KeyPresence, Presence, through_an_endpoint
from iam.policy.decision import Decision
from iam.policy.document import Document
from iam.policy.explain import explain_reading
from iam.policy.layer import Layer, LayerResult
from iam.policy.other_than import is_known
from iam.policy.principal import Kind
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import KeyReading, Readings
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.recorded_effect import Effect

if TYPE_CHECKING:
    from diagnostics.access_denied.evidence.existence import Missing
    from iam.sources.reader.authorization import AuthorizationRecord, RecordedEvaluation

_LIMITS = (Layer.SCP, Layer.RCP, Layer.BOUNDARY, Layer.VPC_ENDPOINT)
_LETS_THROUGH = (Effect.ALLOW, Effect.NO_IMPACT)
_UNREAD_WORDS = {"vpcEndpoint": "vpce"}
_WITHOUT_ACCOUNT = (Kind.SERVICE, Kind.PROVIDER, Kind.ANONYMOUS)
"""Kinds of callers that have no identity policies."""


@dataclass
class Case:
    """A denied request with the policies that decide it.

    ``resource_known`` is False if neither the text nor the action identifies the requested resource. ``values`` are the
    request's values with their sources; ``given`` contains the condition keys (lower case) that come from the operator,
    the text or CloudTrail. ``notes`` are sentences about what was assumed. ``session_seen``: CloudTrail's record shows
    how the caller's session was created; ``call_seen``: the record contains everything that the call itself sent.
    ``assumed`` are the keys with guessed values. ``named`` is the policy that the text names, if it was found;
    ``record`` is AWS's own record of the denial, and ``recorded`` is the part of it about this request. ``missing`` is
    set if the resource does not exist in this account. ``beside`` is the same request on a second resource that must
    also allow it: for an access point its bucket, for a bucket the access point. ``endpoint_account`` is the account of
    the VPC endpoint, or None if unknown.
    """

    denial: Denial
    opened: OpenedAccount
    caller: Caller
    request: Request
    policies: Policies
    readings: tuple[LayerReading, ...] = ()
    resource_known: bool = True
    given: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)
    session_seen: bool = False
    named: PolicyOfText | None = None
    record: AuthorizationRecord | None = None
    recorded: RecordedEvaluation | None = None
    call_seen: bool = False
    assumed: tuple[str, ...] = ()
    missing: Missing | None = None
    values: RequestValues = field(default_factory=dict)
    beside: Case | None = field(default=None, repr=False, compare=False)
    endpoint_account: str | None = None
    decided: Readings = field(init=False)
    cautious: Decision = field(init=False)

    @property
    def account(self) -> Account:
        return self.opened.account

    @property
    def reader(self) -> AccountReader:
        return self.opened.reader

    def __post_init__(self) -> None:
        self.decide()

    @property
    def effective_policies(self) -> Policies:
        """The policies to evaluate.

        If a layer must allow, its unread policy is replaced by one that allows everything.
        """
        resource, identity = self.policies.resource, self.policies.identity
        if resource is None and self.unread & {"resource", "trust"}:
            resource = self.generous_resource_policy()
        if "identity" in self.unread:
            identity = (*identity, generous_identity_policy())
        return replace(self.policies, resource=resource, identity=identity)

    def decide(self) -> None:
        """Evaluate again after ``request`` or ``policies`` changed."""
        self.__dict__.pop("doubted", None)
        self.__dict__.pop("sensitive_keys", None)
        self.decided = self.read(self.effective_policies)
        self.cautious = explain_reading(self.decided, KeyReading.CAUTIOUS)

    @property
    def optimistic(self) -> Decision:
        """The decision if every unknown condition of an Allow is met, and no unknown condition of a Deny is met."""
        return self.decided.decision(KeyReading.OPTIMISTIC)

    @property
    def pessimistic(self) -> Decision:
        """The decision if no unknown condition of an Allow is met, and every unknown condition of a Deny is."""
        return self.decided.decision(KeyReading.PESSIMISTIC)

    @property
    def trust(self) -> bool:
        return is_trust_action(self.request.action)

    @property
    def unread(self) -> frozenset[str]:
        """The words for layers that exist but were not read, except those that allowed the request in AWS's record."""
        passed = {layer for layer in _LIMITS if self.recorded and self.recorded.effect_of(layer) in _LETS_THROUGH}
        words = {_UNREAD_WORDS.get(str(word), str(word)) for word in self.policies.unread - passed}
        return frozenset("trust" if self.trust and word == "resource" else word for word in words)

    @property
    def no_deny_matched(self) -> bool:
        """Whether the text says that an Allow was missing.

        In that case no Deny matched, because AWS evaluates Deny statements first (UG:
        reference_policies_evaluation-logic_policy-eval-denyallow).
        """
        return (self.denial.stated_reason or "").startswith("implicit:")

    @property
    def perhaps_absent(self) -> frozenset[str]:
        """The unread layers that may not exist.

        A snapshot taken without the organization or resource policies does not show whether there are any. A layer that
        must allow does exist, because otherwise the request could never be allowed. A resource policy is also assumed
        to exist if the message names no principal: S3 shortens its message in this way only for buckets of other
        accounts.
        """
        if self.reader.kind != "snapshot":
            return frozenset()
        sides = {"scp": self.account, "rcp": self.owner_side.account}
        absent = {word for word, one in sides.items() if one.organization is None and not one.in_organization}
        if self.opened.accounts is not None and self.owner not in (None, self.owner_side.account.id):
            absent.discard("rcp")  # an RCP of an account that was not read
        if not self.resource_must_allow and self.denial.principal is not None:
            absent.add("resource")
        return frozenset(absent & self.unread)

    def reading(self, layer: Layer) -> LayerReading | None:
        """Return how the layer was read, or None if it was not.

        If it was read several times, an incomplete result is preferred.
        """
        of_layer = [reading for reading in self.readings if reading.layer is layer]
        return next((reading for reading in of_layer if reading.unread), of_layer[-1] if of_layer else None)

    def word(self, layer: Layer) -> str:
        return word_of(layer, trust=self.trust)

    def result(self, layer: Layer, reading: KeyReading = KeyReading.CAUTIOUS) -> LayerResult:
        return self.decided.decision(reading).layers.get(layer, LayerResult.NOT_APPLICABLE)

    def read(self, policies: Policies, request: Request | None = None) -> Readings:
        """Evaluate a request (by default the case's) under other policies.

        Optional keys that are unknown are assumed to be absent.
        """
        known = self.resource_known
        return Readings(
            request or self.request, policies, self.presumed, resource_known=known, may_be_sent=self.may_be_sent
        )

    @property
    def assumed_keys(self) -> dict[str, Sourced[tuple[str, ...]]]:
        """The condition keys whose values are guesses or defaults that may be wrong."""
        return {key: had for key, had in self.values.items() if ":" in key and not had.settled}

    @cached_property
    def sensitive_keys(self) -> tuple[str, ...]:
        """The keys with an assumed value, if another possible value would make something else decide the request."""
        return tuple(sensitive(self.assumed_keys, self._decided_with, self._decided_with("", None)))

    def _decided_with(self, name: str, other: tuple[str, ...] | None) -> Hashable:
        """Return what decides the request if the value of ``name`` is replaced with ``other`` (None: unknown).

        The result has two parts: for the assumption that every unknown condition is met, and for the assumption that
        none is. Each part consists of the outcome, the deciding layer and the matching Deny statements.
        """
        low = name.lower()
        context = {key: had for key, had in self.request.context.items() if key.lower() != low}
        if other is not None:
            context[name] = other

        def found(key: str) -> Presence:
            return Presence.PERHAPS if low and key == low else self.presumed(key)

        request = replace(self.request, context=context)
        readings = Readings(request, self.effective_policies, found, resource_known=self.resource_known)
        return tuple(
            (
                readings.decision(reading).outcome,
                readings.decision(reading).decided_by,
                tuple(
                    (one.layer, one.policy.name, one.statement, one.level)
                    for layer in readings.matched(reading)
                    for one in readings.judged(layer, reading, deny=True)
                ),
            )
            for reading in (KeyReading.OPTIMISTIC, KeyReading.PESSIMISTIC)
        )

    def doubting(self, policies: Policies, request: Request | None = None, *, presumed: bool = False) -> Readings:
        """Evaluate a request (by default the case's) and treat values that may be wrong as unknown.

        A key that the caller may have sent counts as possibly present, unless ``presumed``. For the case's own request
        and policies, a value is treated as unknown only if another value could change which statement decides.
        """
        own = self.request
        asked = request or own
        same = asked == own and policies == self.effective_policies
        names = self.sensitive_keys if same else self.assumed_keys.keys()
        weak = {name.lower() for name in names}
        kept = {
            key: had for key, had in asked.context.items() if key.lower() not in weak or own.context.get(key) != had
        }
        of_others = self.presumed if presumed else self.presence

        def found(key: str) -> Presence:
            return Presence.PERHAPS if key in weak else of_others(key)

        return Readings(replace(asked, context=kept), policies, found, resource_known=self.resource_known)

    @cached_property
    def doubted(self) -> Readings:
        """The case's own request and policies, evaluated without assumptions."""
        return self.doubting(self.effective_policies)

    def may_be_allowed(self, policies: Policies, request: Request | None = None) -> bool:
        """Return whether the request is allowed for at least one combination of the unknown values."""
        return self.read(policies, request).decision(KeyReading.OPTIMISTIC).allowed

    def refuses(self, layer: Layer, *, optimistic: bool = True) -> bool:
        """Return whether the layer denies the request by itself, that is, even if all other layers allow it."""
        policies, reading = self.effective_policies, KeyReading.OPTIMISTIC if optimistic else KeyReading.CAUTIOUS

        def allowed(others: Policies) -> bool:
            return self.read(others).decision(reading).allowed

        resource = self.generous_resource_policy(always=self.caller.kind in _WITHOUT_ACCOUNT)
        # Without a session policy, a federated user is allowed nothing.
        session = (generous_identity_policy(),) if self.caller.kind is Kind.FEDERATED_USER else None
        generous = Policies(identity=(generous_identity_policy(),), resource=resource, session=session)
        name = FIELD_OF_LAYER[layer]
        alone = replace(generous, **{name: getattr(policies, name)})
        if layer is not Layer.IDENTITY:
            return not allowed(alone)
        # If the resource's policy names the caller itself, the caller's own policies need not allow anything. If that
        # policy lacks an Allow, it is the resource's policy that denies.
        if self.resource_must_allow and not self.cross_account and self.refuses(Layer.RESOURCE, optimistic=optimistic):
            return False
        either = (alone, replace(alone, resource=policies.resource))
        return not any(map(allowed, either))

    @property
    def owner(self) -> str | None:
        """The account that owns the resource, or None if it is unknown (S3 ARNs contain no account)."""
        return self.request.resource_account or account_of(self.request.resource)

    @cached_property
    def owner_side(self) -> OpenedAccount:
        """The resource's account if it can be opened, else the current account."""
        if self.opened.accounts is None or self.owner in (None, self.account.id):
            return self.opened
        assert self.owner is not None
        return self.opened.accounts.opened(self.owner) or self.opened

    @property
    def management_account(self) -> str | None:
        """The management account of the caller's organization, or None if unknown."""
        organization = self.account.organization
        if organization is None and self.opened.accounts is not None and self.opened.accounts.tree is not None:
            return self.opened.accounts.tree.management_account_id
        return organization.management_account_id if organization is not None else None

    def account_of_layer(self, word: str | None) -> str | None:
        """Return the account that a layer belongs to (the caller's or the resource's), or None if it is unknown.

        ``word`` is the layer's word in cause codes; "" means no layer.
        """
        if word in ("identity", "boundary", "session", "scp"):
            return self.caller.account_id
        if word in ("resource", "trust", "rcp"):
            return self.owner or (self.account.id if self.opened.accounts is None else None)
        if word == "vpce":
            return self.endpoint_account or (self.account.id if self.opened.accounts is None else None)
        return None

    @property
    def cross_account(self) -> bool:
        owner = self.owner
        return bool(owner and self.caller.account_id and owner != self.caller.account_id)

    @property
    def resource_must_allow(self) -> bool:
        """Whether the resource's policy must allow the request: a trust or key policy, or a cross-account request."""
        return self.trust or self.cross_account or self.request.action.lower().startswith("kms:")

    @property
    def left_to_the_caller(self) -> bool:
        """Whether the trust or key policy only names the caller's account, and leaves the decision to other policies.

        The evaluation reaches the caller's own policies only in that case (UG: reference_policies_evaluation-logic).
        """
        own = self.cautious.decided_by in (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)
        return self.resource_must_allow and not self.cross_account and own

    def generous_resource_policy(self, *, always: bool = False) -> NamedPolicy | None:
        """Return a made-up resource policy that allows the caller every action, to replace the resource's own policy.

        Return None if the resource's policy does not have to allow the request, unless ``always``.
        """
        if not self.resource_must_allow and not always:
            return None
        partition = self.account.partition
        principal: dict[str, str] = {"AWS": f"arn:{partition}:iam::{self.caller.account_id or self.account.id}:root"}
        if self.caller.kind is Kind.SERVICE and self.caller.arn:
            principal = {"Service": self.caller.arn}
        elif self.caller.kind is Kind.PROVIDER and self.caller.arn:
            principal = {"Federated": self.caller.arn}
        elif self.caller.kind is Kind.ANONYMOUS:
            principal = {"AWS": "*"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": "*"}
        if not self.trust:
            statement["Resource"] = "*"
        document = Document.from_value({"Version": "2012-10-17", "Statement": [statement]})
        return NamedPolicy(document, "what could not be read")

    def _has_value(self, key: str) -> bool:
        low = key.lower()
        return any(name.lower() == low and is_known(had) for name, had in self.request.context.items())

    @property
    def through_an_endpoint(self) -> bool:
        """Whether the request used a VPC endpoint, according to its condition keys or to the text.

        A text that names the endpoint policy shows that an endpoint was used.
        """
        stated = (self.denial.stated_reason or "").endswith(":vpce")
        return stated or through_an_endpoint(self.request.context)

    def presence(self, key: str) -> Presence:
        """Return whether the request contains this key (in lower case), whose value is unknown."""
        caller = self.caller
        if caller.kind is Kind.PROVIDER and no_claim_of(key, caller):
            return Presence.NEVER
        if key == "aws:sourceip" and self.through_an_endpoint:
            return Presence.NEVER
        found = self._presence_of_caller(key)
        return Presence.NEVER if found is Presence.IF_SENT and self.call_seen else found

    def presumed(self, key: str) -> Presence:
        """Return the key's `presence`, except that an unknown optional key is assumed to be absent."""
        found = self.presence(key)
        return Presence.NEVER if found is Presence.IF_SENT else found

    def may_be_sent(self, key: str) -> bool:
        """Return whether a key (in lower case) that is assumed absent may have been sent."""
        return self.presence(key) is Presence.IF_SENT

    @cached_property
    def _presence_of_caller(self) -> KeyPresence:
        caller = self.caller
        account = self.account if caller.here else None
        return key_presence(caller.kind, caller.role or caller.user, account, self.request.action)

    def is_open(self, key: str) -> bool:
        """Return whether the key may be in the request with an unknown value."""
        return not self._has_value(key) and self.presumed(key.lower()) is not Presence.NEVER


def generous_identity_policy() -> NamedPolicy:
    """Return a policy that allows everything, to replace an identity policy that could not be read."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = Document.from_value({"Version": "2012-10-17", "Statement": [statement]})
    return NamedPolicy(document, "what could not be read")


def every_policy(policies: Policies) -> Iterable[NamedPolicy]:
    """Return every policy that takes part in the decision."""
    for layer in Layer:
        yield from policies_of(policies, layer)


def policies_of(policies: Policies, layer: Layer) -> tuple[NamedPolicy, ...]:
    """Return the policies of one layer."""
    match layer:
        case Layer.IDENTITY:
            return policies.identity
        case Layer.RESOURCE:
            return (policies.resource,) if policies.resource else ()
        case Layer.BOUNDARY:
            return policies.boundary or ()
        case Layer.SESSION:
            return policies.session or ()
        case Layer.SCP:
            return tuple(policy for level in policies.scps or () for policy in level)
        case Layer.RCP:
            return tuple(policy for level in policies.rcps or () for policy in level)
        case Layer.VPC_ENDPOINT:
            return policies.vpc_endpoint or ()
