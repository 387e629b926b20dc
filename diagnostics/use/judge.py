"""Evaluate, over every layer, whether a principal may assume a role, with which values, and what prevents it.

The caller itself chooses what the call passes (external ID, tags, source identity, session name): values that were not
given are taken from the conditions that require them. If the result then still depends on an unknown key, the result
names that key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from diagnostics.use.side import MFA_KEYS, CallingSide
from diagnostics.use.way import Refusal, SessionValues
from iam.credentials.assume_request import ACTION, TAG_KEY, AssumeRequest, wanted_value
from iam.policy.condition_keys import KnownAbsent, without
from iam.policy.decision import Decision, Outcome
from iam.policy.explain import explain, explicit_denials
from iam.policy.layer import Layer
from iam.policy.principal import Kind
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import Judged, Possibility, possible
from iam.policy.words import holding
from iam.words import joined

_PASSED = frozenset({"sts:externalid", "sts:rolesessionname", "sts:sourceidentity", "aws:tagkeys"})
LAYER_WORDS: Mapping[Layer, str] = {Layer.RESOURCE: "trust", Layer.VPC_ENDPOINT: "vpce"}
"""Names of layers in the JSON output that differ from the engine's."""


def is_passed(key: str) -> bool:
    """Return whether the caller chooses the value of a key (in lower case) in the call."""
    return key in _PASSED or key.startswith((TAG_KEY, "sts:transitivetagkeys"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of evaluating ``request``.

    If ``works`` is None, the result depends on the unknown ``keys`` and ``layers``.
    """

    works: bool | None
    why: str
    request: AssumeRequest
    refusal: Refusal | None = None
    keys: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustedBy:
    """A trust policy reduced to the statement for one principal and every Deny, and the complete trust policy."""

    this_way: NamedPolicy
    whole: NamedPolicy
    places: tuple[int, ...]
    """For each statement of ``this_way``, its index in the full document."""


def judge(side: CallingSide, role_arn: str, trust: TrustedBy | None, entered: SessionValues) -> Judgement:
    """Evaluate AssumeRole called by ``side``. ``trust`` is None if the trust policy could not be read."""
    serial = entered.mfa_serial or next(iter(side.serials or ()), "")
    code = entered.mfa_code if serial else ""
    asked = AssumeRequest(
        entered.session_name, entered.external_id, entered.source_identity, entered.tags, entered.seconds, serial, code
    )
    work = _Judge(side, role_arn, trust, entered)
    optimistic = work.look(asked, lambda key: not is_passed(key) and side.absent(key))
    chosen = _chosen(asked, optimistic, side)
    may_carry_mfa = not side.long_term or chosen.mfa_code
    settled = work.look(
        chosen, lambda key: is_passed(key) or (key in MFA_KEYS and not may_carry_mfa) or side.absent(key)
    )
    if not settled.allowed:
        # Values that are unknown can still be passed: an MFA code, or a value that only a Deny tests.
        open_ended = work.look(chosen, lambda key: not is_passed(key) and side.absent(key))
        settled = open_ended if open_ended.allowed else settled
    return work.said(settled, chosen)


def _chosen(asked: AssumeRequest, found: _Looked, side: CallingSide) -> AssumeRequest:
    """Return the call with the values that the allowing statements require, except where others were given."""
    name, external_id, source, tags = asked.session_name, asked.external_id, asked.source_identity, dict(asked.tags)
    for block in (block for one in found.statements for block in one.conditions):
        key, value = block.key.lower(), wanted_value(block, side.who)
        if not value:
            continue
        if key == "sts:externalid":
            external_id = external_id or value
        elif key == "sts:rolesessionname":
            name = name or value
        elif key == "sts:sourceidentity":
            source = source or value
        elif key.startswith(TAG_KEY):
            tags.setdefault(block.key.partition("/")[2], value)
    return replace(
        asked,
        session_name=name or side.session_name,
        external_id=external_id,
        source_identity=source,
        tags=tuple(tags.items()),
    )


@dataclass(frozen=True, slots=True)
class _Looked:
    """The result for all actions that the call needs.

    It is the result for the first denied action or, if none is denied, for all actions together.
    """

    request: Request
    policies: Policies
    possibility: Possibility
    certain: bool
    statements: tuple[Judged, ...]
    unless: tuple[Judged, ...]

    @property
    def allowed(self) -> bool:
        return self.possibility.allowed


@dataclass(frozen=True, slots=True)
class _Judge:
    side: CallingSide
    role_arn: str
    trust: TrustedBy | None
    entered: SessionValues

    def look(self, asked: AssumeRequest, absent: KnownAbsent) -> _Looked:
        context = {**self.entered.context, **asked.context}
        if not asked.session_name:
            del context["sts:RoleSessionName"]
        certain = True
        statements: tuple[Judged, ...] = ()
        unless: tuple[Judged, ...] = ()
        for action in asked.actions:
            request = self.side.request(action, self.role_arn, context)
            policies = self._policies(action)
            found = possible(request, policies, without(absent, self.side.presence))
            if not found.allowed:
                return _Looked(request, policies, found, found.certain, found.statements, found.unless)
            certain = certain and found.certain
            statements, unless = (*statements, *found.statements), (*unless, *found.unless)
        return _Looked(request, policies, found, certain, statements, unless)

    def _policies(self, action: str) -> Policies:
        own = self.side.policies
        if self.trust is None:
            return replace(own, resource=None, unread=own.unread | {Layer.RESOURCE})
        return replace(own, resource=self.trust.this_way if action == ACTION else self.trust.whole)

    def said(self, found: _Looked, asked: AssumeRequest) -> Judgement:
        if not found.allowed:
            return self._refused(found, asked)
        unread = tuple(sorted({_word(Layer(layer)) for layer in found.policies.unread}))
        if not found.certain:
            hanging = (*found.statements, *found.unless)
            keys = dict.fromkeys(block.key for one in hanging for block in one.conditions)
            keys |= dict.fromkeys(key for one in hanging for key in one.variables)
            named = tuple(dict.fromkeys("mfa" if key.lower() in MFA_KEYS else key for key in keys))
            return Judgement(None, self._hanging(found), asked, keys=named, layers=unread)
        granted = self._granted(found.possibility.decision)
        if unread:
            return Judgement(None, f"{granted} Some policies that also apply could not be read.", asked, layers=unread)
        return Judgement(True, granted, asked)

    def _granted(self, decision: Decision) -> str:
        by = next((one for one in decision.reasons if one.layer is Layer.IDENTITY), None)
        if decision.decided_by is Layer.RESOURCE or by is None:
            return decision.rule
        policy = f"{by.policy.name}, statement {by.statement + 1}"
        return f"The trust policy and your own policy allow the call: {policy}."

    def _hanging(self, found: _Looked) -> str:
        allows = [holding(b.operator, b.key, b.values) for one in found.statements for b in one.conditions]
        denies = [holding(b.operator, b.key, b.values) for one in found.unless for b in one.conditions]
        mfa = any(
            block.key.lower() in MFA_KEYS for one in (*found.statements, *found.unless) for block in one.conditions
        )
        if mfa and self.side.long_term:
            devices = self.side.serials
            device = f"your device {devices[0].rpartition('/')[2]}" if devices else "your MFA device"
            return f"The trust policy requires MFA, which access keys do not provide: enter the code from {device}."
        parts = [f"it works if {joined(dict.fromkeys(allows))}"] if allows else []
        parts += [f"it is denied if {joined(dict.fromkeys(denies))}"] if denies else []
        variables = dict.fromkeys(key for one in found.statements for key in one.variables)
        parts += [f"it depends on the value of {joined(variables)}"] if variables else []
        text = "; ".join(parts) or "it depends on an unknown value"
        return f"{text[0].upper()}{text[1:]}."

    def _refused(self, found: _Looked, asked: AssumeRequest) -> Judgement:
        decision = found.possibility.decision
        action = found.request.action
        if decision.outcome is Outcome.EXPLICIT_DENY:
            denial = next(iter(explicit_denials(found.request, found.policies)), None)
            if denial is not None:
                place = self._place(denial.layer, denial.policy, denial.statement, denial.sid, action)
                return Judgement(False, f"{action} is denied: {denial.sentence}", asked, place)
        if decision.decided_by is not None and decision.decided_by in found.policies.unread:
            hidden = decision.decided_by
            why = next((one.why for one in self.side.readings if one.layer is hidden), "They could not be read.")
            return Judgement(None, f"It depends on your {hidden.policies}: {why}", asked, layers=(_word(hidden),))
        explained = explain(found.request, found.policies)
        miss = next((one for one in explained.near_misses if one.layer is decision.decided_by), None)
        layer = decision.decided_by
        refusal = Refusal(_word(layer), action=action) if layer is not None else None
        if miss is not None:
            refusal = self._place(miss.layer, miss.policy, miss.statement, miss.sid, action)
        if miss is None or not miss.sentence:
            return Judgement(False, explained.rule, asked, refusal)
        if refusal is not None and any(failed.key.lower() in MFA_KEYS for failed in miss.conditions):
            return Judgement(False, self._no_mfa(), asked, refusal)
        lead = _LEADS.get(miss.layer, explained.rule)
        where = "" if miss.layer is Layer.RESOURCE else f"{miss.policy.name}, "
        index = refusal.statement if refusal is not None and refusal.statement is not None else miss.statement
        why = f"{lead.format(action=action)} Nearest: {where}statement {index + 1} {miss.sentence}."
        return Judgement(False, why, asked, refusal)

    def _no_mfa(self) -> str:
        if self.side.who.kind is Kind.SESSION:
            return (
                "The trust policy requires MFA, which a role session does not have: assume the role as a user with "
                "an MFA device."
            )
        return "The trust policy requires MFA, but you have no MFA device."

    def _place(self, layer: Layer, policy: NamedPolicy, statement: int, sid: str | None, action: str) -> Refusal:
        trust = self.trust
        if layer is Layer.RESOURCE and trust is not None and policy.document is trust.this_way.document:
            statement = trust.places[statement]
        return Refusal(_word(layer), policy.name, statement, sid, action)


_LEADS: Mapping[Layer, str] = {
    Layer.IDENTITY: "None of your policies allows {action} on this role.",
    Layer.RESOURCE: "The role's trust policy does not allow you {action}.",
    Layer.BOUNDARY: "Your permissions boundary does not allow {action} on this role.",
}


def _word(layer: Layer) -> str:
    return LAYER_WORDS.get(layer, layer.value)
