"""Derive the cause from the evaluated decisions.

The cause consists of the layer that decides, what is wrong there, and how certain that is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diagnostics.access_denied.case import Case, policies_of
from diagnostics.access_denied.evidence.history import Changes
from diagnostics.access_denied.evidence.policy_of_text import Standing
from diagnostics.access_denied.evidence.simulator import MODELLED, Witness
from diagnostics.access_denied.matching_denies import (
    ASSUMED,
    denies_of,
    matching_denies,
    possible_denies,
    reason_of,
    same_statement,
)
from diagnostics.access_denied.near_misses import farthest_first, near_words, place_words, questions, ranked
from diagnostics.access_denied.request.context_keys import source_of
from diagnostics.diagnosis import Confidence, Question
from diagnostics.words import POLICY_TYPES, layer_of
from iam.arn import Arn, name_of
from iam.claims import Ground, Source, at_most_likely, confidence
from iam.policy.decision import ConditionFailure, Fault, NearMiss, Reason
from iam.policy.evaluate import evaluate, ready
from iam.policy.explain import explain_layer, unmet_denies
from iam.policy.layer import Layer, LayerResult
from iam.policy.named_principals import principals
from iam.policy.principal import Kind
from iam.policy.unknown_keys import Judged, KeyReading, UnknownKey
from iam.sources.resource_policies import has_no_policy

if TYPE_CHECKING:
    from diagnostics.past_changes import OwnChange

ALLOWED_NOW = "allowed.now"
UNREADABLE = "unreadable"
NOT_FOUND = "principal.not-found"
RESOURCE_NOT_FOUND = "resource.not-found"


_NEAREST = (
    Layer.IDENTITY,
    Layer.BOUNDARY,
    Layer.SESSION,
    Layer.RESOURCE,
    Layer.VPC_ENDPOINT,
    Layer.RCP,
    Layer.SCP,
)


@dataclass(frozen=True, slots=True)
class DenialFinding:
    """The cause of a denial.

    ``word`` is the word for the layer at fault, empty for causes without a layer. ``near`` or ``deny`` is the statement
    at fault. ``contradiction`` is a sentence if the text and the evaluation differ, ``disagreement`` is one if AWS's
    policy simulator and the local engine differ. ``also`` are further Deny statements that may have denied the request.
    ``left_over``: AWS says that a Deny matched, and ``deny`` is the only Deny that may match, depending on unknown
    values.
    """

    cause: str
    confidence: Confidence
    word: str = ""
    near: NearMiss | None = None
    deny: Reason | None = None
    questions: tuple[Question, ...] = ()
    contradiction: str = ""
    unread: tuple[str, ...] = ()
    also: tuple[Reason, ...] = ()
    disagreement: str = ""
    left_over: bool = False

    @property
    def hangs_on_region_alone(self) -> bool:
        """Whether the cause is a Deny that depends on no unknown value except the Region.

        If the Region of a request is unknown, as for a global name, an SCP that limits the Regions always looks like a
        possible cause. It is seldom the actual one.
        """
        return self.deny is not None and {entry.key.lower() for entry in self.questions} == {"aws:requestedregion"}

    @property
    def hangs_on_where_it_was(self) -> bool:
        """Whether the cause is a Deny that depends only on unknown facts about the place of the request.

        These facts are the Region, and the resource's owner and tags.
        """
        keys = {entry.key.lower() for entry in self.questions}
        return self.deny is not None and all(
            key == "aws:requestedregion" or key.startswith("aws:resource") for key in keys
        )

    @property
    def likely(self) -> Confidence:
        """The confidence, lowered from certain to likely."""
        return at_most_likely(self.confidence)

    @property
    def fault(self) -> str:
        return self.cause.partition(".")[2]


def judge(case: Case, witness: Witness, changes: Changes) -> DenialFinding:
    """Return the cause of the denial. Statements in the text take precedence.

    If AWS's policy simulator and the local engine disagree, both results are reported and the confidence is at most
    likely. There is one exception: if a layer that the engine could not read explains the difference, the simulator
    confirms that this layer is the cause.
    """
    finding = _judged(case, witness, changes)
    if not witness.disagreement:
        return finding
    confirmed = finding.word and finding.word in (witness.unseen_denier, witness.unseen_limit)
    sure = finding.confidence if confirmed else at_most_likely(finding.confidence)
    return replace(finding, confidence=sure, disagreement=witness.disagreement)


def _judged(case: Case, witness: Witness, changes: Changes) -> DenialFinding:
    kind, _, word = (case.denial.stated_reason or "").partition(":")
    if case.trust and word == "resource":
        word = "trust"
    if case.denial.stated_reason == "s3-block-public-access":
        return DenialFinding("resource.explicit-deny", confidence(Ground.STATED), "resource")
    if case.caller.exists is False:
        return _whoever_called(case, witness) or DenialFinding(NOT_FOUND, confidence(Ground.READ))
    if kind == "explicit":
        return _named_deny(case, witness, changes) or _stated_deny(case, word, witness, changes)
    if kind == "implicit" and word in POLICY_TYPES:
        return _stated_lack(case, word, witness, changes)
    return _unstated(case, witness, changes)


def _whoever_called(case: Case, witness: Witness) -> DenialFinding | None:
    """Return the cause of a denial that does not depend on the unknown caller, or None.

    Such a cause is a deleted principal's ID in a policy that should name the caller, or a Deny that matches every
    caller.
    """
    layer = Layer.RESOURCE
    if not case.no_deny_matched or case.denial.stated_reason == "implicit:resource":
        near = next(iter(ranked(case.cautious, layer)), None)
        if near is not None and near.fault is Fault.PRINCIPAL_MISMATCH and orphans_of_caller(case, near):
            found = _lacking(case, layer, witness, heard=False, near=near)
            return replace(found, confidence=found.likely)
    firm = [one for one in matching_denies(case.decided, KeyReading.OPTIMISTIC) if one.certain and _for_everybody(one)]
    if firm and not case.no_deny_matched:
        found = _denied_by(case, firm[:1], witness)
        return replace(found, confidence=found.likely)
    return None


def _for_everybody(one: Judged) -> bool:
    """Return whether a Deny applies to every caller: it has no condition on the caller and excludes no principals."""
    statement = next(each for each in one.policy.document.statements if each.index == one.statement)
    of_caller = any(not block.key.lower().startswith(_OF_THE_CALL) for block in statement.conditions)
    return not of_caller and statement.not_principal is None and not one.variables


_OF_THE_CALL = ("aws:requestedregion", "aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:resource")
"""Prefixes of condition keys that do not depend on the caller.

See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
"""


def _named_deny(case: Case, witness: Witness, changes: Changes) -> DenialFinding | None:
    """Return the cause if the text names a denying policy that does not apply or was not read."""
    named = case.named
    if named is None:
        return None
    if named.standing is Standing.UNREAD:
        return DenialFinding(UNREADABLE, confidence(Ground.NOTHING), unread=(named.word,))
    if named.standing is Standing.GONE:
        other = _unstated(case, witness, changes)
        # AWS has named the denying policy, so nothing suggests unread policies or Deny statements that only may match.
        if other.cause in (ALLOWED_NOW, UNREADABLE) or other.confidence is Confidence.UNKNOWN:
            now = _allowed(case, changes, "")
            return replace(now, questions=other.questions, confidence=now.likely if other.questions else now.confidence)
        return replace(other, contradiction=f"{named.became}.")
    held = any(policy.arn == named.arn for policy in policies_of(case.policies, layer_of(named.word)))
    if held or named.document is None:
        return None
    cause = f"{named.word}.explicit-deny"
    if named.deny is not None:
        return DenialFinding(cause, confidence(Ground.STATED), named.word, deny=named.deny)
    said = f"No Deny of {name_of(named.arn)} matches, as far as the request's values are known."
    return DenialFinding(cause, confidence(Ground.EVALUATED), named.word, contradiction=said)


def _stated_deny(case: Case, word: str, witness: Witness, changes: Changes) -> DenialFinding:
    """Return the cause for a text that says that a Deny matched: the Deny statement that did."""
    known = word in POLICY_TYPES
    inside = denies_of(case, word if known else None)
    if not known:
        # AWS means one of several Deny statements and does not say which one, so the one closest to the caller comes
        # first.
        inside.sort(key=lambda one: _NEAREST.index(one.layer))
    if inside:
        chosen = inside[0]
        layer = case.word(chosen.layer)
        possible = possible_denies(case, word if known else None)
        if case.denial.policy_arn and (named := [one for one in possible if one.policy.arn == case.denial.policy_arn]):
            possible = named
        others = [one for one in possible if not same_statement(one, chosen)]
        surely = any(one.certain and same_statement(one, chosen) for one in possible)
        # If there is only one Deny, AWS's statement shows that its keys had the values that it tests for, unless such
        # values are unusual. If AWS names no layer, the Deny may also be in a policy that could not be read.
        all_read = known or not case.unread
        left_over = len(inside) == 1 and all_read and not (surely or chosen.certain)
        usual = left_over and any(key.key.lower() not in ASSUMED for key in chosen.keys)
        settled = surely or (not others and (chosen.certain or usual))
        suspects = inside if surely else [*inside, *possible]
        # A Deny that matches whatever the unknown values are denies the request, whatever the unread policies say.
        sure = settled and (surely or all_read) and (known or len({one.layer for one in suspects}) == 1)
        return DenialFinding(
            f"{layer}.explicit-deny",
            confidence(Ground.STATED if sure else Ground.EVALUATED),
            layer,
            deny=reason_of(chosen),
            questions=() if settled else _deny_questions([*inside, *possible]),
            also=() if settled else tuple(map(reason_of, others)),
            left_over=left_over,
        )
    if known:
        layer = layer_of(word)
        made_elsewhere = layer in (Layer.SESSION, Layer.VPC_ENDPOINT) and not policies_of(case.policies, layer)
        read = word not in case.unread and not made_elsewhere and case.resource_known
        if read and word == "scp" and case.result(Layer.SCP, KeyReading.OPTIMISTIC) is LayerResult.IMPLICIT_DENY:
            # AWS uses these words also if a level of the organization only lacks an Allow.
            return _lacking(case, Layer.SCP, witness, heard=True)
        unmet = _deny_by_given_values(case, layer) if read else ""
        if read and case.pessimistic.allowed:
            if unmet:
                return DenialFinding(f"{word}.explicit-deny", confidence(Ground.EVALUATED), word, contradiction=unmet)
            became = case.named is not None and case.named.became
            said = "" if became else f"The text mentions a Deny in the {POLICY_TYPES[word]}; none matches now."
            return _allowed(case, changes, said)
        contradiction = unmet or (f"No Deny of the {POLICY_TYPES[word]} that can be read matches now." if read else "")
        found = confidence(Ground.EVALUATED if contradiction and not case.denial.policy_arn else Ground.STATED)
        return DenialFinding(f"{word}.explicit-deny", found, word, contradiction=contradiction)
    if unseen := witness.unseen_denier:
        return DenialFinding(f"{unseen}.explicit-deny", confidence(Ground.EVALUATED), unseen)
    if case.unread:
        return DenialFinding(UNREADABLE, confidence(Ground.NOTHING), unread=tuple(sorted(case.unread)))
    return replace(
        _unstated(case, witness, changes),
        contradiction="The text says that a Deny matched; no Deny that can be read matches now.",
    )


def _deny_by_given_values(case: Case, layer: Layer) -> str:
    """Return a sentence about the Deny of a layer that only doubtful values keep from matching, or "".

    Doubtful values are the operator's, guesses, and keys without a value. AWS says that a Deny matched, so these values
    may be wrong.
    """
    readings = case.read(case.effective_policies)
    for near in unmet_denies(readings.asked, case.effective_policies, layer, readings.judge):
        if all(_may_differ(case, failure) for failure in near.conditions):
            aside = ""
            if case.through_an_endpoint and any(each.key.lower() == "aws:sourceip" for each in near.conditions):
                aside = " (a call through a VPC endpoint has no aws:SourceIp)"
            place = place_words(near.policy.name, near.statement, near.sid)
            return f"No Deny matches with the values given. The nearest is {place}, which {near_words(near)}{aside}."
    return ""


def _may_differ(case: Case, failure: ConditionFailure) -> bool:
    """Return whether the value that the condition was compared with may be wrong because it was not read from AWS."""
    if not failure.had:
        return True
    value = next((had for key, had in case.values.items() if key.lower() == failure.key.lower()), None)
    return value is not None and (value.source is Source.OPERATOR or not value.known)


def _stated_lack(case: Case, word: str, witness: Witness, changes: Changes) -> DenialFinding:
    """Return the cause for a text that says that a layer has no Allow. The cause is what is wrong in that layer."""
    layer = layer_of(word)
    if word == "resource" and case.missing is not None:
        return DenialFinding("resource.no-action", confidence(Ground.STATED), "resource")
    if word == "session" and case.policies.session is None:
        return DenialFinding("session.no-action", confidence(Ground.EVALUATED), "session", unread=("session",))
    if word == "identity" and word in case.unread and (near := _nearest_read(case)) is not None:
        # AWS has evaluated all policies, and none allows the request: those that can be read here show what is wrong,
        # though not for certain.
        finding = _lacking(case, layer, witness, heard=True, near=near)
        return replace(finding, confidence=finding.likely)
    if word in case.unread or (word == "vpce" and case.policies.vpc_endpoint is None):
        return DenialFinding(UNREADABLE, confidence(Ground.NOTHING), unread=(word,))
    if not case.resource_known and word in ("resource", "trust"):
        return _which_resource()
    if layer is Layer.RESOURCE and case.left_to_the_caller:
        left = f"The text names the {POLICY_TYPES[word]}, which lets the account's own policies decide."
        return replace(_unstated(case, witness, changes), contradiction=left)
    if layer is Layer.IDENTITY and case.cautious.allowed and case.result(layer) is LayerResult.IMPLICIT_DENY:
        said = f"The text says that no {POLICY_TYPES[word]} allows the action, although the resource's own policy does."
        return _allowed(case, changes, said)
    if case.result(layer) is LayerResult.IMPLICIT_DENY:
        return _lacking(case, layer, witness, heard=True)
    if not case.resource_known and differs_over_resources(case):
        return _which_resource()
    if case.cautious.allowed:
        # The remaining possibility is a Deny that depends on an unknown value. If it had matched, the text would name
        # it: AWS reports an explicit deny rather than a missing Allow (UG:
        # reference_policies_evaluation-logic_policy-eval-denyallow).
        denies = [] if case.pessimistic.allowed else matching_denies(case.decided, KeyReading.PESSIMISTIC)
        if changes.own is not None:  # a Deny that the change did not write still does not match the same request
            denies = [one for one in denies if _may_be_new(one, changes.own, case)]
        settled = KeyReading.CAUTIOUS if changes.own is not None and not denies else KeyReading.PESSIMISTIC
        now = _allowed(case, changes, _by_now(case, layer), settled)
        asked = _deny_questions(denies)
        return replace(now, questions=asked, confidence=now.likely if asked else now.confidence)
    other = _unstated(case, witness, changes)
    return replace(
        other,
        confidence=other.likely,
        contradiction=(
            f"The text says that no {POLICY_TYPES[word]} allows the action, but the policies that can be read do."
        ),
    )


def _may_be_new(deny: Judged, own: OwnChange, case: Case) -> bool:
    """Return whether a Deny may be new.

    The Deny may be new if it is in a policy that the operator's own change wrote, or in the trust policy.
    """
    return (case.trust and deny.layer is Layer.RESOURCE) or deny.policy.name in own.policies


def _nearest_read(case: Case) -> NearMiss | None:
    """Return the Allow statement that comes closest to matching, among the identity policies that were read.

    None if those policies allow the request.
    """
    read = explain_layer(case.request, case.policies, Layer.IDENTITY)
    if read.result is not LayerResult.IMPLICIT_DENY:
        return None
    return next(iter(farthest_first(read.near_misses)), None)


def _unstated(case: Case, witness: Witness, changes: Changes) -> DenialFinding:
    """Return the cause found by the evaluation, for a text that states no reason."""
    firm = [one for one in matching_denies(case.decided, KeyReading.OPTIMISTIC) if one.certain]
    if firm:
        return _denied_by(case, firm[:1], witness)
    if unseen := witness.unseen_denier:
        return DenialFinding(f"{unseen}.explicit-deny", confidence(Ground.EVALUATED), unseen, unread=(unseen,))
    if not case.optimistic.allowed:
        layer = case.optimistic.decided_by
        if layer is Layer.RESOURCE and not case.resource_known:
            return _which_resource()
        if layer is not None:
            return _lacking(case, layer, witness, heard=False)
    if case.caller.exists is False:
        return DenialFinding(NOT_FOUND, confidence(Ground.READ))
    fresh = changes.within_propagation(case.account.now)
    hanging = _hanging(case, witness)
    # If the request is allowed without the unknown keys, these are a less likely cause than a recent change or an
    # unread layer.
    weak = hanging is None or evaluate(case.request, case.effective_policies).allowed
    if hanging is not None and hanging.deny is None and not weak:
        return hanging
    open_resource = not case.resource_known and differs_over_resources(case)
    if open_resource and (weak or (hanging is not None and hanging.hangs_on_where_it_was)):
        return _which_resource()
    settled = {"scp"} if witness.result and witness.result.allowed_by_organization else set()
    unread = set(case.unread - settled - case.perhaps_absent)
    if weak and session_unknown(case):
        unread.add("session")
    if unread:  # then the resource's policy may decide as well
        unread |= case.unread & case.perhaps_absent & {"resource"}
    if unread and not fresh:
        if witness.unseen_limit:
            return DenialFinding(UNREADABLE, confidence(Ground.NOTHING), unread=(witness.unseen_limit,))
        # An unknown value and an unread layer are equally likely causes: nothing suggests either.
        asked = hanging.questions if hanging else ()
        return DenialFinding(UNREADABLE, confidence(Ground.NOTHING), unread=tuple(sorted(unread)), questions=asked)
    if hanging is None or (weak and fresh):
        now = _allowed(case, changes, "")
        return now if hanging is None else replace(now, confidence=now.likely, questions=hanging.questions)
    return hanging


def _which_resource() -> DenialFinding:
    """Return the finding if the decision depends on the resource and the text does not name the resource."""
    question = Question("resource", (), "the ARN of the resource: the text does not contain it")
    return DenialFinding(UNREADABLE, confidence(Ground.NOTHING), questions=(question,))


def differs_over_resources(case: Case) -> bool:
    """Return whether a layer's result may differ between the resources that the action works on.

    The result may differ if the resource can have a policy, if a statement that names the action does not cover every
    resource, or if a condition uses a key that only the resource determines (its tags, its owner).
    """
    return may_carry_a_policy(case) or statements_differ(case)


def may_carry_a_policy(case: Case) -> bool:
    """Return whether resources of the action's service can have policies of their own."""
    service = case.request.action.partition(":")[0].lower()
    kind = Arn.parse(f"arn:{case.account.partition}:{service}:::any/any")
    return kind is None or not has_no_policy(kind)


def statements_differ(case: Case) -> bool:
    """Return whether a statement that names the action covers only some of the resources."""
    named = (
        one
        for layer in Layer
        for policy in policies_of(case.policies, layer)
        for one in ready(policy, layer).naming(case.request.action.lower())
    )
    return any(
        (one.resource is not None and not one.resource.everything)
        or any(
            condition.key.startswith("aws:resource") or "resourcetag/" in condition.key for condition in one.conditions
        )
        for one in named
    )


def session_unknown(case: Case) -> bool:
    """Return whether another account created the session and may have limited it in a way that is not recorded here."""
    role = case.caller.role
    if case.caller.kind is not Kind.SESSION or role is None or role.trust is None or case.session_seen:
        return False
    owners = {
        match[1]
        for kind, value in principals(role.trust)
        if kind == "AWS" and (match := re.search(r"(?<!\d)(\d{12})(?!\d)", value))
    }
    return bool(owners) and case.account.id not in owners


def _hanging(case: Case, witness: Witness) -> DenialFinding | None:
    """Return the cause that applies only for some unknown values (a failed condition, a matched Deny), or None."""
    if not case.cautious.allowed and case.cautious.decided_by is not None:
        return _lacking(case, case.cautious.decided_by, witness, heard=False)
    if case.pessimistic.allowed:
        return None
    found = _denied_by(case, matching_denies(case.decided, KeyReading.PESSIMISTIC), witness)
    # Where the request was made does not show whether it was denied there.
    return replace(found, confidence=confidence(Ground.NOTHING)) if found.hangs_on_where_it_was else found


def _denied_by(case: Case, denies: list[Judged], witness: Witness) -> DenialFinding:
    """Return the cause for Deny statements that match or, if there are several, that may match."""
    first = denies[0]
    word = case.word(first.layer)
    possible = possible_denies(case, None)
    certain = first.certain and any(one.certain and same_statement(one, first) for one in possible)
    # If the Deny only may match, other Deny statements that may match are equally likely causes.
    others = [] if certain else [one for one in possible if not any(same_statement(one, each) for each in denies[:1])]
    hangs = () if certain else _deny_questions([*denies, *possible])
    confirmed = certain and word in MODELLED and witness.agrees is True
    return DenialFinding(
        f"{word}.explicit-deny",
        confidence(Ground.CONFIRMED if confirmed else Ground.EVALUATED, hangs_on=hangs),
        word,
        deny=reason_of(first),
        questions=hangs,
        also=tuple(map(reason_of, others)),
    )


def _lacking(case: Case, layer: Layer, witness: Witness, *, heard: bool, near: NearMiss | None = None) -> DenialFinding:
    """Return the cause for a layer in which no statement allows the request.

    ``heard`` is True if the text also blames that layer.
    """
    word = case.word(layer)
    near = near or next(iter(ranked(case.cautious, layer)), None)
    fault = near.fault if near else Fault.NO_ACTION
    cause = f"{word}.{fault.value}"
    if fault is Fault.PRINCIPAL_MISMATCH and near is not None and _orphan(case, near):
        cause = f"{word}.orphan-principal"
    asked = questions(_hangs_on(case, layer, near, heard))
    agreed = heard or (word in MODELLED and witness.agrees is True)
    return DenialFinding(
        cause,
        confidence(Ground.CONFIRMED if agreed else Ground.EVALUATED, hangs_on=asked),
        word,
        near=near,
        questions=asked,
    )


def _hangs_on(case: Case, layer: Layer, near: NearMiss | None, heard: bool) -> list[UnknownKey]:
    """Return the keys whose right values would make the layer allow the request.

    The closest statement's keys come first. Keys that the caller may have sent count as well, unless the text says that
    the layer has no Allow.
    """
    readings = case.doubting(case.effective_policies, presumed=heard)
    optimistic = readings.decision(KeyReading.OPTIMISTIC)
    # A key policy that only names the account is sufficient without allowing anything by itself.
    if not optimistic.allowed and optimistic.layers.get(layer) is not LayerResult.ALLOWED:
        return []
    may = [one for one in readings.judged(layer, KeyReading.OPTIMISTIC, deny=False) if not one.certain]
    if near is not None:
        may.sort(key=lambda one: (one.policy != near.policy, one.statement != near.statement))
    return [key for one in may for key in one.keys]


def _by_now(case: Case, layer: Layer) -> str:
    """Return a sentence about the current state of the layer that, according to the text, has no Allow."""
    kind = POLICY_TYPES[case.word(layer)]
    absent = case.result(layer) is LayerResult.NOT_APPLICABLE
    return f"The text says that no {kind} allows the action; now {'there is none' if absent else 'one does'}."


def _allowed(
    case: Case, changes: Changes, contradiction: str, reading: KeyReading = KeyReading.PESSIMISTIC
) -> DenialFinding:
    """Return the finding for a request that is allowed now.

    ``reading`` is the assumption about unknown keys under which the result counts as certain.
    """
    allowed = changes.within_propagation(case.account.now) and case.doubted.decision(reading).allowed
    found = confidence(Ground.READ if allowed else Ground.EVALUATED, hangs_on=case.unread)
    return DenialFinding(ALLOWED_NOW, found, contradiction=contradiction)


def kind_of_id(value: str) -> str:
    """Return ``user``, ``role`` or ``group`` for a unique ID, by its prefix, or "" for any other ID.

    See the IAM User Guide, "IAM identifiers": "Understanding unique ID prefixes".
    """
    return {"AIDA": "user", "AROA": "role", "AGPA": "group"}.get(value[:4], "")


def orphans(values: tuple[str, ...], case: Case) -> tuple[str, ...]:
    """Return the unique IDs among a policy's principals that belong to no entity of a readable account."""
    living = {role.id for role in case.account.roles} | {user.id for user in case.account.users or ()}
    gone = tuple(value for value in values if kind_of_id(value) and ":" not in value and value not in living)
    accounts = case.opened.accounts
    if accounts is None:
        return gone
    return tuple(value for value in gone if accounts.holder_of_id(value) is None)


def orphans_of_caller(case: Case, near: NearMiss) -> tuple[str, ...]:
    """Return the IDs in a statement that belong to deleted principals of the caller's kind (user or role)."""
    own = "user" if case.caller.kind is Kind.USER else "role"
    return tuple(value for value in orphans(near.wanted, case) if kind_of_id(value) == own)


def _orphan(case: Case, near: NearMiss) -> bool:
    if case.caller.kind in (Kind.SERVICE, Kind.PROVIDER, Kind.ANONYMOUS):
        return False  # such callers have no unique ID that a policy could contain
    return bool(orphans(near.wanted, case))


def _deny_questions(denies: list[Judged]) -> tuple[Question, ...]:
    """Return a question for each key on which Deny statements depend.

    Each question has the value that the first such statement tests for.
    """
    asked: dict[str, Question] = {}
    for one in denies:
        for key in one.keys:
            tested = f"; the Deny tests it ({key.operator} {', '.join(key.wanted)})" if key.operator else ""
            asked.setdefault(key.key.lower(), Question(key.key, (), f"{source_of(key.key)}{tested}"))
    return tuple(asked.values())
