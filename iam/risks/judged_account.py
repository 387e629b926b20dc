"""An account that is being checked, with the queries that the rules make.

Rules rely on the engine, not on the names of roles and policies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cached_property

from iam.account import Account, Role, User
from iam.event import Event
from iam.key_presence import key_presence, kind_of
from iam.layers import Gathered, organization_layers
from iam.policy.compiled import CompiledStatement
from iam.policy.condition_keys import KeyPresence, KnownAbsent, without
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import Possibility, always_perhaps, possible
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.change.callers_of_resource import others_let_in
from iam.questions.index import AccountIndex, Principal, forget_index, index_of
from iam.sources.reader.account_reader import AccountReader

STRANGERS = tuple(f"{number:012}" for number in range(210987654321, 210987654351))
"""Account IDs that occur in no policy. They represent any unknown account."""

_CHOSEN = ("aws:requestedregion",)
"""Condition keys whose value the caller chooses freely. It is enough if one of their values is allowed."""

_TOKEN_ISSUED = "aws:TokenIssueTime"

ALLOW_ALL = Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
EVERYTHING = NamedPolicy(ALLOW_ALL, "AdministratorAccess")


@dataclass
class JudgedAccount:
    """An account that is being checked, and what could not be read.

    ``worked_out`` contains results that several rules need, by name. ``near`` contains, by ARN of a role or user, the
    indexes of the principals that may get its permissions.
    """

    account: Account
    reader: AccountReader
    _: KW_ONLY
    worked_out: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    near: dict[str, frozenset[int]] = field(default_factory=dict)
    asked: int = 0
    """The number of requests that the engine has evaluated so far."""
    _named: dict[str, frozenset[str]] = field(default_factory=dict)
    _trusts: dict[str, NamedPolicy] = field(default_factory=dict)
    _able: dict[str, set[int]] = field(default_factory=dict)
    _unreadable: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def own_accounts(self) -> tuple[str, ...]:
        """Other accounts of the same owner. Subclasses override this if they know some."""
        return ()

    def cannot_tell(self, what: str, why: str) -> None:
        """Record that something could not be read. Only the first reason is kept, with the number of further ones."""
        first, more = self._unreadable.get(what, (why, -1))
        self._unreadable[what] = first, more + 1

    @cached_property
    def web_identities(self) -> tuple[Event, ...]:
        """CloudTrail's latest AssumeRoleWithWebIdentity events, successful and denied; empty if they could not be read.

        They are read with one call, on first access.
        """
        reading = self.reader.events(event_name="AssumeRoleWithWebIdentity")
        if unread := reading.why or reading.note:
            self.cannot_tell("web identity events", unread)
        return reading.value or ()

    @cached_property
    def index(self) -> AccountIndex:
        return index_of(self.account, self.reader)

    def forget(self) -> None:
        """Free the data that only the review's rules need. It is computed again on demand."""
        for name in ("index", "principals"):
            self.__dict__.pop(name, None)
        for kept in (self._trusts, self._able, self._named):
            kept.clear()
        forget_index()

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """The roles that the account can change. Roles owned by AWS are left out."""
        return tuple(role for role in self.account.roles if not role.service_owned)

    @cached_property
    def principals(self) -> tuple[Principal, ...]:
        return tuple(one for one in self.index.principals if not one.service_owned)

    @cached_property
    def _organization(self) -> Gathered:
        # RCPs also apply to requests to sts, so both types of policies are looked up.
        root = f"arn:{self.account.partition}:iam::{self.account.id}:root"
        asked = Request(root, "sts:AssumeRole", f"arn:{self.account.partition}:iam::{self.account.id}:role/any")
        return organization_layers(asked, self.account, self.reader)

    @cached_property
    def _bare(self) -> tuple[Principal, ...]:
        return tuple(one for one in self.principals if one.unread)

    @property
    def shared(self) -> Policies:
        return self._organization.policies

    def unread_above(self, layer: Layer) -> tuple[str, ...]:
        """Return the name of this organization layer if it could not be read; empty otherwise.

        SCPs limit principals, RCPs limit who can assume roles.
        """
        unread = any(reading.layer is layer and reading.unread for reading in self._organization.readings)
        return (f"{layer.policies} (not read)",) if unread else ()

    def stranger(self, trust: NamedPolicy) -> str:
        """Return an account ID that is not this account's and does not occur in the trust policy."""
        return next(one for one in STRANGERS if one != self.account.id and one not in trust.document.text)

    def arn(self, resource: str) -> str:
        """Return the ARN of an IAM entity in the account, given its resource part: ``role/x``, ``root``."""
        return f"arn:{self.account.partition}:iam::{self.account.id}:{resource}"

    def ours(self, account_id: str) -> bool:
        """Whether an account belongs to the operator: it is this one, the management account, or in `own_accounts`."""
        organization = self.account.organization
        management = organization.management_account_id if organization is not None else None
        return account_id in (self.account.id, management, *self.own_accounts)

    def able(self, action: str) -> set[int]:
        """Return the indexes of the principals with an Allow statement for the action on at least one resource.

        If the principal has a boundary, an Allow statement of the boundary must contain the action too.
        """
        found = self._able.get(action)
        if found is None:
            # Statements about resources of other services do not concern roles and users.
            wanted = self.arn("*") if action.startswith(("iam:", "sts:")) else "*"
            low = action.lower()
            found = self._able[action] = {
                number
                for number in self.index.candidates(action, wanted)
                if (boundary := self.index.principals[number].boundary) is None
                or any(not one.deny and one.action.names(low) for policy in boundary for one in statements(policy))
            }
        return found

    def named_by(self, role: Role) -> frozenset[str]:
        """Return the principals in the Allow statements of a role's trust policy.

        They are ARNs of roles and users, or the account's ID if the statement names the entire account or everyone.
        """
        found = self._named.get(role.arn)
        if found is None:
            trust = self.trust(role)
            listed: set[str] = set()
            for one in statements(trust, Layer.RESOURCE) if trust is not None else ():
                if one.deny or one.principal is None:
                    continue
                if one.principal.everyone or one.principal.negated:
                    listed.add(self.account.id)
                for _, value in one.principal.pairs:
                    number = self.index.by_id.get(value)
                    listed.add(
                        self.account.id
                        if value == self.arn("root")
                        else value
                        if number is None
                        else self.index.principals[number].entity.arn
                    )
            found = self._named[role.arn] = frozenset(listed)
        return found

    def principal(self, arn: str) -> Principal | None:
        number = self.index.by_arn.get(arn)
        return None if number is None else self.index.principals[number]

    def may(
        self,
        principal: Principal,
        action: str,
        resource: str = "*",
        context: Mapping[str, tuple[str, ...]] | None = None,
        *,
        absent: KnownAbsent | None = None,
        trust: NamedPolicy | None = None,
        extra: tuple[NamedPolicy, ...] = (),
    ) -> Possibility:
        """Return whether a role or user may make a request, according to the engine.

        Its boundary and the organization's policies are included. ``absent`` says which further keys such a request
        never has. ``trust`` is the trust policy of the role that is assumed, ``extra`` are identity policies that the
        principal is assumed to have in addition.
        """
        self.asked += 1
        entity = principal.entity
        policies = principal.policies(self.shared)
        if trust is not None:
            policies = replace(policies, resource=trust, unread=policies.unread - {Layer.RESOURCE})
        if extra:
            policies = replace(policies, identity=(*policies.identity, *extra))
        given = dict(context or {})
        now = self.account.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        if principal.is_role:
            # "The temporary credentials returned by AssumeRole do not include MFA information" (IAM User Guide, "Secure
            # API access with MFA").
            given.setdefault("aws:MultiFactorAuthPresent", ("false",))
            # A new session can always be created: https://docs.aws.amazon.com/IAM/latest/UserGuide/
            # reference_policies_condition-keys.html#condition-keys-tokenissuetime
            given.setdefault(_TOKEN_ISSUED, (now,))
        found = self._asked(entity, policies, action, resource, given, absent)
        if principal.is_role or not found.allowed or not _depends_on(found, _TOKEN_ISSUED):
            return found
        # A user calls with access keys, whose requests lack this time, or with temporary credentials created now; the
        # result then depends on this time.
        with_keys = self._asked(entity, policies, action, resource, given, lambda key: _of_keys(key, absent))
        if with_keys.allowed:
            return with_keys
        made_now = self._asked(entity, policies, action, resource, {**given, _TOKEN_ISSUED: (now,)}, absent)
        return found if made_now.allowed else made_now

    def _asked(
        self,
        entity: Role | User,
        policies: Policies,
        action: str,
        resource: str,
        given: Mapping[str, tuple[str, ...]],
        absent: KnownAbsent | None,
    ) -> Possibility:
        request = AccessQuestion(action, resource, self.account, given).request(entity.arn, entity, action, resource)
        return possible(request, applicable_policies(policies, action, resource), self._presence(entity, absent))

    def _presence(self, entity: Role | User, absent: KnownAbsent | None) -> KeyPresence:
        own = key_presence(kind_of(entity), entity, self.account)
        if isinstance(entity, Role):
            own = without(lambda key: key == "aws:multifactorauthage", own)
        return own if absent is None else without(absent, own)

    def lets_in(
        self,
        role: Role,
        trust: NamedPolicy,
        principal: str,
        action: str,
        context: Mapping[str, tuple[str, ...]],
        absent: KnownAbsent,
    ) -> Possibility:
        """Return whether a role's trust policy and the RCPs accept a principal from outside the account.

        The policies of the other account are assumed to allow it.
        """
        question = AccessQuestion(action, role.arn, self.account, context)
        request = question.request(principal, None, action, role.arn)
        policies = Policies(identity=(EVERYTHING,), resource=trust, rcps=self.shared.rcps, unread=self.shared.unread)
        return possible(request, policies, without(absent, always_perhaps))

    def others_let_in(
        self,
        role: Role,
        trust: NamedPolicy,
        action: str,
        context: Mapping[str, tuple[str, ...]],
        absent: KnownAbsent,
    ) -> Iterator[tuple[str, Possibility]]:
        """Yield the accounts whose principals a role's trust policy and the RCPs accept, each with the decision.

        The account is in the form that policies use. The decision is about one caller of the account.
        """
        policies = Policies(resource=trust, rcps=self.shared.rcps, unread=self.shared.unread)
        asked = Request(None, action, role.arn, self.account.id, context)
        for each in others_let_in(policies, asked, self.account, absent):
            found = self.lets_in(role, trust, each.principal, action, context, absent)
            if found.allowed:
                yield each.account, found

    def trust(self, role: Role) -> NamedPolicy | None:
        """Return the role's trust policy, or None if it was not read or cannot be evaluated."""
        if role.trust is None:
            return None
        policy = self._trusts.get(role.arn)
        if policy is None or policy.document is not role.trust:
            policy = NamedPolicy(role.trust, f"trust policy of {role.name}", role.arn)
            try:
                ready(policy, Layer.RESOURCE)
            except PolicyError:
                return None
            self._trusts[role.arn] = policy
        return policy

    def hangs_on(self, found: Possibility, principal: Principal | None = None) -> tuple[str, ...]:
        """Return what an allowed result depends on: condition keys, and layers that could not be read.

        Without a ``principal``, the result is that of a trust policy.
        """
        keys: dict[str, None] = {}
        if not found.certain:
            for one in (*found.statements, *found.unless):
                keys.update(dict.fromkeys(block.key for block in one.conditions if block.key.lower() not in _CHOSEN))
                keys.update(dict.fromkeys(one.variables))
        if principal is not None:
            keys.update(dict.fromkeys(f"{reading.layer.policies} (not read)" for reading in principal.unread))
        keys.update(dict.fromkeys(self.unread_above(Layer.RCP if principal is None else Layer.SCP)))
        return tuple(keys)


def _of_keys(key: str, absent: KnownAbsent | None) -> bool:
    """Whether requests with access keys lack a condition key, or the key is known to be ``absent``."""
    return key == _TOKEN_ISSUED.lower() or (absent is not None and absent(key))


def _depends_on(found: Possibility, key: str) -> bool:
    blocks = (block for one in (*found.statements, *found.unless) for block in one.conditions)
    return any(block.key.lower() == key.lower() for block in blocks)


def statements(policy: NamedPolicy, layer: Layer = Layer.IDENTITY) -> tuple[CompiledStatement, ...]:
    """Return the compiled statements of a policy, or an empty tuple if it cannot be evaluated."""
    try:
        return ready(policy, layer).statements
    except PolicyError:
        return ()


def allows(trust: NamedPolicy) -> Iterator[CompiledStatement]:
    """Return the Allow statements of a trust policy that name principals."""
    return (one for one in statements(trust, Layer.RESOURCE) if not one.deny and one.principal is not None)
