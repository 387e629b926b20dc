"""Steps about each kind of policy: its result for the request, with the statements that decide it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case, policies_of
from diagnostics.access_denied.evidence.recorded_case import as_recorded
from diagnostics.access_denied.evidence.simulator import Witness
from diagnostics.access_denied.judge import DenialFinding, session_unknown
from diagnostics.access_denied.matching_denies import matching_denies, reason_of, stated_denies
from diagnostics.access_denied.near_misses import (
    near_evidence,
    near_words,
    place_words,
    ranked,
    reason_evidence,
)
from diagnostics.claims.kinds import Claim, DenyDecides, Exists, LayerPresent, LayerRead, LayerRefuses
from diagnostics.diagnosis import Evidence, Status, Step, distinct
from diagnostics.words import POLICY_TYPES, TITLES
from iam.policy.decision import Reason
from iam.policy.explain import explicit_denials
from iam.policy.layer import Layer, LayerResult
from iam.policy.principal import Kind
from iam.policy.request import Holder, NamedPolicy, Policies, Request
from iam.policy.unknown_keys import KeyReading
from iam.sources.reader.recorded_effect import Effect
from iam.words import listing, plural

SHOWN_NEAR_MISSES = 3
NO_DENY = "no Deny matched, because the text would name it"


def deny_step(case: Case, witness: Witness) -> Step:
    """Return the step about explicit denies in all policies that can be read."""
    step = _with_witnesses(_deny_step(case, witness), witness.agree_on("identity"))
    return step if step.status is Status.UNKNOWN else replace(step, asserts=(DenyDecides(step.status is Status.FAIL),))


def _deny_step(case: Case, witness: Witness) -> Step:
    count = sum(1 for _ in _policies_read(case))
    denies = [reason_of(one) for one in matching_denies(case.decided, KeyReading.PESSIMISTIC)]
    unread = f"; not read: {_names(case.unread)}" if case.unread else ""
    stated = list(map(reason_of, stated_denies(case)))
    firm = [reason_of(one) for one in matching_denies(case.decided, KeyReading.OPTIMISTIC)]
    # The Deny that the text refers to comes first, because the verdict is about it.
    firm = [*stated, *(reason for reason in firm if reason not in stated)]
    if not firm and (not denies or case.no_deny_matched):
        blamed = (case.denial.stated_reason or "").startswith("explicit:")
        open_end = not count or blamed or (case.unread and not case.no_deny_matched)
        status = Status.UNKNOWN if open_end else Status.PASS
        said = f"none in {plural(count, 'policy', 'policies')}{unread}" if count else f"no policy was read{unread}"
        if case.no_deny_matched and (denies or unread):
            said = f"{said}; {NO_DENY}"
        if blamed:
            said = f"{said}; the text says that one matched"
        return Step("explicit-denies", "Explicit denies", status, said, (), _heard(witness))
    first = (firm or denies)[0]
    place = place_words(first.policy.name, first.statement, first.sid)
    hangs = "" if firm else ", if values that are unknown here match"
    return Step(
        "explicit-denies",
        "Explicit denies",
        Status.FAIL if firm else Status.UNKNOWN,
        f"{place} ({POLICY_TYPES[case.word(first.layer)]}) denies it{hangs}{unread}",
        tuple(_deny_evidence(case, reason, certain=bool(firm)) for reason in (firm or denies)[:6]),
        _heard(witness),
    )


def _deny_sentences(request: Request, policies: Policies) -> dict[tuple[Layer, Holder | None, str | None, int], str]:
    """Return a sentence about each matching Deny that says what it denies and why.

    The key of a sentence is the layer, holder, policy name and index.
    """
    return {
        (denial.layer, denial.policy.holder, denial.policy.name, denial.statement): denial.sentence
        for denial in explicit_denials(request, policies)
    }


def _deny_evidence(case: Case, reason: Reason, *, certain: bool = True) -> Evidence:
    """Return evidence that shows what a Deny denies and why.

    For a Deny that only may match, the evidence names the values on which the match depends.
    """
    sentences = _deny_sentences(case.request, case.effective_policies)
    sentence = sentences.get((reason.layer, reason.policy.holder, reason.policy.name, reason.statement), "")
    if not sentence:
        from diagnostics.access_denied.refusal import refusal_words

        why = refusal_words(case, reason)
        sentence = f"{'denies it' if certain else 'may deny it'}{f': {why}' if why else ''}"
    return reason_evidence(reason, case.word(reason.layer), sentence)


def layer_steps(case: Case, witness: Witness) -> Iterator[Step]:
    """Yield the steps about the layers, in the procedure's order.

    The VPC endpoint's step comes later: see `explain`.
    """
    for layer in (Layer.SCP, Layer.RCP, Layer.BOUNDARY, Layer.SESSION, Layer.IDENTITY, Layer.RESOURCE):
        yield layer_step(case, layer, witness)


def layer_step(case: Case, layer: Layer, witness: Witness) -> Step:
    step = _layer_step(case, layer, witness)
    step = replace(step, asserts=_claims_of_layer(case, layer, step))
    recorded = case.recorded.effect_of(layer) if case.recorded else None
    if recorded is not None and step.witnesses:
        step = replace(step, witnesses=f"{step.witnesses}; AWS's record: {recorded.words}")
    return _with_witnesses(step, witness.agree_on(case.word(layer)), as_recorded(case, layer))


def _claims_of_layer(case: Case, layer: Layer, step: Step) -> tuple[Claim, ...]:
    """Return what the step for a layer states: whether the layer denies, and whether the layer has a policy.

    The result is empty if this is undecided.
    """
    if case.beside is not None:
        return ()  # an access point and its bucket both have each layer
    there = (Exists("role", case.request.resource),) if step.id == "trust" else ()
    if step.status is Status.UNKNOWN:
        return (LayerRead(step.id, False),) if step.id in case.unread else there
    absent = case.result(layer) is LayerResult.NOT_APPLICABLE and step.id not in case.unread
    if absent and not _known_absent(case, layer):
        return ()
    refuses = LayerRefuses(step.id, step.status is Status.FAIL)
    return (refuses, LayerPresent(step.id, False)) if absent else (refuses, *there)


def _known_absent(case: Case, layer: Layer) -> bool:
    """Return whether a layer without policies is known to have none.

    Only the creator of a session can see its policy, and only the owner of the network can see an endpoint's.
    """
    if layer is Layer.SESSION:
        return case.session_seen or (case.caller.kind in (Kind.USER, Kind.ROOT) and not names_a_session_policy(case))
    return layer is not Layer.VPC_ENDPOINT


def _with_witnesses(step: Step, *agree: bool | None) -> Step:
    """Return the step with the number of sources with a result, and whether the others agree with the local engine."""
    heard = [each for each in agree if each is not None]
    if not step.witnesses:
        return step
    return replace(step, heard=1 + len(heard), agree=all(heard) if heard else None)


def _layer_step(case: Case, layer: Layer, witness: Witness) -> Step:
    word = case.word(layer)
    title = TITLES[word]
    heard = witness.words(word)
    result = case.result(layer)
    recorded = case.recorded.effect_of(layer) if case.recorded and layer in case.policies.unread else None
    if recorded is not None:
        refused = recorded in (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY)
        said = f"{_what_is_unread(case, word)}: AWS's own record says {recorded.words}; cannot be read from here"
        line = Evidence(text=said, layer=word, call="iam:GetRequestAuthorizationDetails")
        return Step(word, title, Status.FAIL if refused else Status.PASS, said, (line,), heard)
    if word in case.unread and result is not LayerResult.EXPLICIT_DENY:
        reading = case.reading(layer)
        why = f": {reading.why}" if reading and reading.why else ""
        call = reading.call if reading else None
        unread = Evidence(text=f"cannot be read from here{why}", layer=word, call=call or None)
        summary = f"{_what_is_unread(case, word)}: cannot be read from here{why}"
        return Step(word, title, Status.UNKNOWN, summary, (unread,), heard)
    if layer is Layer.SESSION and result is LayerResult.NOT_APPLICABLE and session_unknown(case):
        said = "another account creates the role's sessions, and it is unknown whether that account limits them"
        return Step(word, title, Status.UNKNOWN, said)
    if layer is Layer.SESSION and result is LayerResult.NOT_APPLICABLE and names_a_session_policy(case):
        said = "the text mentions a session policy, but only the call that created the session contains it"
        return Step(word, title, Status.UNKNOWN, said)
    if layer is Layer.VPC_ENDPOINT and result is LayerResult.NOT_APPLICABLE and _names_an_endpoint(case):
        said = "the text says that the call went through an endpoint, but not which one"
        return Step(word, title, Status.UNKNOWN, said)
    if result is LayerResult.NOT_APPLICABLE:
        absent = _absent_words(case, layer, word)
        if layer is Layer.RESOURCE and case.refuses(layer):
            status = Status.FAIL if case.resource_known else Status.UNKNOWN
            return Step(word, title, status, f"{absent.rstrip('.')}, and only such a policy could allow the request")
        return Step(word, title, Status.SKIPPED, absent)
    stated = [reason_of(one) for one in stated_denies(case) if one.layer is layer]
    if stated and case.result(layer, KeyReading.OPTIMISTIC) is not LayerResult.EXPLICIT_DENY:
        place = place_words(stated[0].policy.name, stated[0].statement, stated[0].sid)
        evidence = tuple(_deny_evidence(case, reason) for reason in stated[:SHOWN_NEAR_MISSES])
        return Step(
            word, title, Status.FAIL, f"{place} denies the request: the text mentions this Deny", evidence, heard
        )
    denies = _denies_in(case, layer, KeyReading.OPTIMISTIC)
    if denies:
        place = place_words(denies[0].policy.name, denies[0].statement, denies[0].sid)
        evidence = tuple(_deny_evidence(case, reason) for reason in denies[:SHOWN_NEAR_MISSES])
        return Step(word, title, Status.FAIL, f"{place} denies it", evidence, heard)
    doubts = [] if case.no_deny_matched else _denies_in(case, layer, KeyReading.PESSIMISTIC)
    if result is LayerResult.IMPLICIT_DENY and (not doubts or case.refuses(layer, optimistic=False)):
        return _lacking_step(case, layer, word, title, heard)
    allows = [reason for reason in case.cautious.reasons if reason.layer is layer and reason.effect == "Allow"]
    by = f" by {place_words(allows[0].policy.name, allows[0].statement, allows[0].sid)}" if allows else ""
    levels = f" ({len(case.policies.scps or ())} levels)" if layer is Layer.SCP else ""
    evidence = distinct(reason_evidence(reason, word) for reason in allows)[:SHOWN_NEAR_MISSES]
    if doubts:
        place = place_words(doubts[0].policy.name, doubts[0].statement, doubts[0].sid)
        said = f"{place} denies it, if values that are unknown here match"
        evidence = tuple(_deny_evidence(case, reason, certain=False) for reason in doubts[:SHOWN_NEAR_MISSES])
        return Step(word, title, Status.UNKNOWN, said, evidence, heard)
    no_deny = f"; {NO_DENY}" if case.no_deny_matched and _denies_in(case, layer, KeyReading.PESSIMISTIC) else ""
    return Step(word, title, Status.PASS, f"allows it{by}{levels}{no_deny}", evidence, heard)


def names_a_session_policy(case: Case) -> bool:
    """Return whether the text names a session policy, and no record shows how the session was created."""
    return (case.denial.stated_reason or "").endswith(":session") and not case.session_seen


def _names_an_endpoint(case: Case) -> bool:
    return (case.denial.stated_reason or "").endswith(":vpce")


def _denies_in(case: Case, layer: Layer, reading: KeyReading) -> list[Reason]:
    return [reason_of(one) for one in case.decided.judged(layer, reading, deny=True)]


def _lacking_step(case: Case, layer: Layer, word: str, title: str, heard: str) -> Step:
    misses = ranked(case.cautious, layer)
    evidence: tuple[Evidence, ...] = tuple(near_evidence(miss, word) for miss in misses[:SHOWN_NEAR_MISSES])
    if layer is Layer.RESOURCE and case.left_to_the_caller:
        said = "names the account, so the caller's own policies decide"
        return Step(word, title, Status.PASS, said, _looked_at(case, layer, word, "names the account"), heard)
    if not case.refuses(layer, optimistic=False):
        root = layer is Layer.IDENTITY and case.caller.kind is Kind.ROOT
        said = "the account's root user needs no policy" if root else "does not allow the request, and does not have to"
        return Step(word, title, Status.SKIPPED, said, () if root else evidence, "" if root else heard)
    optimistic = case.result(layer, KeyReading.OPTIMISTIC) is LayerResult.ALLOWED
    if misses:
        nearest = misses[0]
        place = place_words(nearest.policy.name, nearest.statement, nearest.sid)
        said = f"nearest: {place}: {near_words(nearest)}"
    else:
        said = "no statement is similar"
        evidence = _looked_at(case, layer, word, "looked at")
    return Step(word, title, Status.UNKNOWN if optimistic else Status.FAIL, said, evidence, heard)


def _looked_at(case: Case, layer: Layer, word: str, text: str) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(text=text, layer=word, policy=policy.name, arn=policy.arn, document=policy.document)
        for policy in policies_of(case.policies, layer)
    )[:SHOWN_NEAR_MISSES]


def _absent_words(case: Case, layer: Layer, word: str) -> str:
    reading = case.reading(layer)
    if reading is not None and reading.note:
        return reading.note
    if word == "boundary":
        return "none is set"
    if word == "session":
        # GetSessionToken accepts no policy, and a federated user is a different kind of caller (STS API Reference).
        if case.caller.kind in (Kind.USER, Kind.ROOT):
            return "calls by a user have no session policy"
        if case.caller.kind in (Kind.SERVICE, Kind.PROVIDER, Kind.ANONYMOUS):
            return "none: there is no session yet" if case.trust else "none: the caller has no session"
        if case.session_seen:
            return "no session policy was passed when the session was created"
        return "not recorded: only the call that created the session contains the session policy"
    if word in ("scp", "rcp"):
        return "the account is in no organization, or no such policy applies"
    if word == "resource":
        return f"{case.request.resource} has none"
    if word == "vpce":
        return "the request is not known to go through an endpoint"
    return "none"


def _what_is_unread(case: Case, word: str) -> str:
    if word in ("resource", "trust"):
        return f"that of {case.request.resource}"
    return f"the {POLICY_TYPES[word]}"


def _policies_read(case: Case) -> Iterator[NamedPolicy]:
    for layer in Layer:
        yield from policies_of(case.policies, layer)


def _names(words: frozenset[str]) -> str:
    return ", ".join(POLICY_TYPES.get(word, word) for word in sorted(words))


def _heard(witness: Witness) -> str:
    return witness.words("identity")


def conditions_step(finding: DenialFinding) -> Step:
    """Return the step about condition keys whose values are unknown, with the values that would meet the conditions."""
    evidence = tuple(
        Evidence(
            text=f"{question.key}: {question.why}"
            + (f"; wanted: {listing(question.wanted)}" if question.wanted else ""),
            layer=finding.word or None,
            element="Condition",
        )
        for question in finding.questions
    )
    keys = listing([question.key for question in finding.questions])
    return Step(
        "conditions",
        "Conditions with unknown values",
        Status.UNKNOWN,
        f"{keys} {'is' if len(finding.questions) == 1 else 'are'} unknown",
        evidence,
    )
