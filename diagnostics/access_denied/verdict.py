"""The verdict about a denial, as sentences for the operator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diagnostics.access_denied.case import Case, every_policy, policies_of
from diagnostics.access_denied.evidence.history import PROPAGATION, Changes
from diagnostics.access_denied.evidence.other_roles import Helpers
from diagnostics.access_denied.evidence.policy_of_text import Standing
from diagnostics.access_denied.fixes.protected_guardrails import guard_of
from diagnostics.access_denied.fixes.versions import Regression
from diagnostics.access_denied.iam_action import operation_words
from diagnostics.access_denied.judge import (
    ALLOWED_NOW,
    NOT_FOUND,
    UNREADABLE,
    DenialFinding,
    kind_of_id,
    statements_differ,
)
from diagnostics.access_denied.letter_case import case_alone
from diagnostics.access_denied.matching_denies import matching_denies, reason_of
from diagnostics.access_denied.near_misses import near_words, place_words, statement_words
from diagnostics.access_denied.next_denials import next_denials
from diagnostics.claims.kinds import (
    Claim,
    DenyDecides,
    Exists,
    KeyKnown,
    LayerRead,
    LayerRefuses,
    OneRefuses,
    Sentence,
    Shown,
    TextBlames,
    TextPart,
    TextStates,
    WitnessesAgree,
    joined,
)
from diagnostics.diagnosis import Verdict
from diagnostics.text.answer.denial.misspelled_actions import unlisted_words
from diagnostics.text.answer.denial.verdict_rules import denial_verdict
from diagnostics.text.read.layout.text_time import old_words
from diagnostics.words import POLICY_TYPES, layer_of
from iam.ages import short_age
from iam.arn import name_of
from iam.policy.decision import NearMiss
from iam.policy.evaluate import ready
from iam.policy.layer import Layer, LayerResult
from iam.policy.principal import Kind
from iam.policy.unknown_keys import KeyReading
from iam.words import listing


def verdict_of(
    finding: DenialFinding,
    case: Case,
    changes: Changes,
    *,
    helpers: Helpers | None = None,
    versions: tuple[Regression, ...] = (),
    day: str = "",
) -> Verdict:
    """Return the verdict that states the finding.

    ``helpers`` contains other roles of the same service that may be allowed, ``versions`` the earlier policy versions
    that allowed the request. ``day`` is the date of a text that is too old to be checked (see `old_day`).
    """
    finding = replace(finding, unread=tuple(_likeliest_first(finding.unread, case)))
    sentences: list[Sentence] = []
    if is_nobody(case):
        said = "is not the ARN of a role, a session, a user or an identity provider. A letter may be wrong."
        sentences.append(Sentence(f"{case.caller.arn} {said}"))
        finding = replace(finding, confidence=finding.likely)
    if case.missing is not None and not case.missing.existed:
        sentences.append(Sentence(case.missing.sentence))
    if day:
        finding = replace(finding, confidence=finding.likely)
        sentences.append(Sentence(old_words(day)))
    summary = _summary(finding, case, changes)
    if day and finding.fault == "explicit-deny" and finding.deny is None:
        summary = f"That day {summary[0].lower()}{summary[1:]}".replace(" denies ", " denied ", 1)
        summary = summary.replace(": no Allow can help.", ", which no Allow could have overridden.")
    summary = _presumed(case) + summary
    if sentences and is_nobody(case):
        summary = summary[0].upper() + summary[1:]
    sentences.append(Sentence(summary, _claims(finding, case)))
    if case.missing is not None and case.missing.existed:
        sentences.append(Sentence(case.missing.sentence))
    if versions:
        name = versions[0].policy.name or ""
        sentences.append(Sentence(f"{name} {versions[0].words}.", (Shown("versions", name),)))
    if helpers is not None and helpers.roles:
        shown = tuple(Shown("binding", role.name) for role in helpers.roles)
        sentences.append(Sentence(f"{helpers.words}.", shown))
    if case.caller.exists is False and finding.cause != NOT_FOUND:
        sentences.append(Sentence(_no_caller(case), (Exists("principal", case.caller.name or "", False),)))
    sentences += _then(finding, case)
    if finding.contradiction and changes.own is None:  # after a change, the text is about the state before the change
        sentences.append(Sentence(finding.contradiction))
    if finding.disagreement:
        sentences.append(Sentence(finding.disagreement, (WitnessesAgree(False),)))
    if said := unlisted_words(case.request.action):
        sentences.append(Sentence(said))
        finding = replace(finding, confidence=finding.likely)
    unread = tuple(dict.fromkeys((*finding.unread, *_likeliest_first(case.unread, case))))
    said_all = tuple(sentences)
    return Verdict(
        finding.cause,
        finding.confidence,
        joined(said_all),
        finding.questions,
        unread,
        said_all,
        left_open=_left_open(finding, case),
    )


def _left_open(finding: DenialFinding, case: Case) -> Sentence | None:
    """Return why no policy that was read decides, or None if one does."""
    if finding.cause == NOT_FOUND:
        missing = f" {case.missing.sentence}" if case.missing is not None else ""
        said = f"{_nobody_of_this_name(case)}{missing}"
        return Sentence(said, (Exists("principal", case.caller.name or "", False),))
    if finding.left_over and finding.deny is not None:
        deny = finding.deny
        place, kind = place_words(deny.policy.name, deny.statement, deny.sid), POLICY_TYPES[finding.word]
        said = f"In the current policies, {place} has the only Deny in the {kind} that may match."
        return Sentence(joined((Sentence(said), *_then(finding, case))))
    stated_alone = finding.word in case.unread and finding.near is None and finding.deny is None
    if finding.cause != UNREADABLE and not stated_alone:
        return None
    elsewhere = case.caller.account_id is not None and not case.caller.here
    word = "identity" if elsewhere else next(filter(None, (_stated_word(case), *finding.unread)), "identity")
    return Sentence(_why_unread(case, word) if word in case.unread else "")


def _claims(finding: DenialFinding, case: Case) -> tuple[Claim, ...]:
    """Return the claims made by the first sentence: which layer denies, and what is unread, unknown or not stated."""
    if finding.fault == "provider-missing":
        return ()  # the trust policy allows it, but the provider that it names no longer exists
    if case.beside is not None:
        return ()  # the steps are about an access point and its bucket
    unknown = tuple(KeyKnown(question.key, False) for question in finding.questions)
    if finding.cause == ALLOWED_NOW:
        return (OneRefuses(holds=False), *unknown)
    if finding.cause == NOT_FOUND:
        return (Exists("principal", case.caller.name or "", False),)
    if finding.cause == UNREADABLE and not finding.unread:
        return (TextStates(TextPart.RESOURCE, bool(case.denial.resource)), *unknown)
    if finding.cause == UNREADABLE:
        unread = tuple(LayerRead(word, False) for word in finding.unread)
        refusing = refusing_layers(finding, case)
        if (stated := _stated_word(case)) in finding.unread and not refusing:
            return (*unread, TextBlames(stated), *unknown)
        if case.named is not None and case.named.standing is Standing.UNREAD:
            return unread
        return (*unread, *(map(LayerRefuses, refusing) if refusing else (OneRefuses(holds=False),)), *unknown)
    if finding.contradiction and finding.fault == "explicit-deny":
        return (TextBlames(finding.word),)
    denies = (DenyDecides(),) if finding.fault == "explicit-deny" and not finding.questions else ()
    open_layer = finding.questions or finding.word in case.unread or finding.word in finding.unread
    return (*denies, *(() if open_layer else (LayerRefuses(finding.word),)), *unknown)


def refusing_layers(finding: DenialFinding, case: Case) -> list[str]:
    """Return the words of the layers that were read and deny the request."""
    return [case.word(layer) for layer in Layer if case.word(layer) not in finding.unread and _refuses(case, layer)]


def _refuses(case: Case, layer: Layer) -> bool:
    """Return whether a layer that was read, and that has or must have a policy, denies the request by itself."""
    there = case.result(layer) is not LayerResult.NOT_APPLICABLE or layer is Layer.RESOURCE
    return there and case.word(layer) not in case.unread and case.refuses(layer)


def _presumed(case: Case) -> str:
    """Return the guess that the verdict is based on, as a clause to put before it, or ""."""
    source = "the text names none" if (case.denial.stated_reason or "").endswith(":vpce") else "nothing says so"
    return "".join(
        f"If the call came through {value} ({source}): "
        for key, values in case.request.context.items()
        if key in case.assumed
        for value in values
    )


def _likeliest_first(unread: Iterable[str], case: Case) -> list[str]:
    """Return the unread layers, the likeliest cause first: layers that can only deny are seldom the cause."""
    must = ("trust", "resource") if case.resource_must_allow else ()
    order = (*must, "identity", "session", "boundary", "vpce", "resource", "scp", "rcp")
    return sorted(unread, key=lambda word: order.index(word) if word in order else len(order))


def _then(finding: DenialFinding, case: Case) -> list[Sentence]:
    """Return sentences about what else may have denied the request, and what would deny it next once this is fixed."""
    sentences: list[Sentence] = []
    if finding.also:
        named = [place_words(one.policy.name, one.statement, one.sid) for one in finding.also]
        kinds = {POLICY_TYPES[case.word(one.layer)] for one in finding.also}
        kind = f" ({kinds.pop()})" if len(kinds) == 1 else ""
        sentences.append(
            Sentence(f"{listing(named)}{kind} may also deny the request, so it is unknown which statement denied it.")
        )
    others = [
        (case.word(reason.layer), reason.policy.name)
        for reason in case.optimistic.reasons
        if finding.fault == "explicit-deny" and reason.effect == "Deny" and reason != finding.deny
    ]
    if others:
        named = [f"{name} ({POLICY_TYPES[word]})" for word, name in dict.fromkeys(others)]
        claims = tuple(LayerRefuses(word) for word, _ in dict.fromkeys(others))
        sentences.append(Sentence(f"Another Deny statement also denies the request: {listing(named)}.", claims))
    stops = [
        case.word(layer)
        for layer in Layer
        if case.word(layer) not in (finding.word, *(word for word, _ in others))
        and finding.word in POLICY_TYPES
        and _refuses(case, layer)
    ]
    beside = case.beside
    if beside is not None and not beside.optimistic.allowed:
        other = "the access point" if ":accesspoint/" in beside.request.resource else "the access point's bucket"
        if beside.optimistic.decided_by is case.optimistic.decided_by is not Layer.RESOURCE:
            # The same policies are used for both.
            sentences.append(Sentence(f"The same permission is missing for {other}: {beside.request.resource}."))
        else:
            sentences.append(Sentence(f"Fixing this alone is not enough, because {other} also denies the request."))
    if finding.word == "identity" and finding.fault == "explicit-deny" and not _has_allow(case):
        action = case.request.action
        said = f"Fixing this alone is not enough, because no identity-based policy allows {action} either."
        sentences.append(Sentence(said, (LayerRefuses("identity"),)))
    if stops and guard_of(case, finding.deny) is None:
        refuse = "refuses" if len(stops) == 1 else "refuse"
        said = listing([POLICY_TYPES[word] for word in stops])
        claims = tuple(map(LayerRefuses, stops))
        sentences.append(Sentence(f"Fixing this alone is not enough, because the {said} {refuse} it too.", claims))
        if case.no_deny_matched and any(one.effect == "Deny" for one in case.optimistic.reasons):
            sentences.append(
                Sentence("AWS would report this Deny first, but the text does not mention it: the Deny may be newer.")
            )
    if not case.no_deny_matched and (unsure := _may_deny_too(finding, case)):
        # An organization's Deny above all, because no change of this account's policies helps against it.
        end = "" if finding.fault == "explicit-deny" else ": then no Allow can help"
        sentences.append(
            Sentence(f"{listing(unsure)} may also deny it, depending on values that are unknown here{end}.")
        )
    return sentences


def _may_deny_too(finding: DenialFinding, case: Case) -> list[str]:
    """Return the other Deny statements that deny the request for some values of unknown keys.

    If a Deny certainly matches, those of every layer are included, otherwise only the organization's. If the resource
    belongs to no known account, the resource control policies that apply to it are unknown.
    """
    if finding.cause == NOT_FOUND:
        return []  # it is unknown whether the caller belongs to this organization
    said = (finding.deny, *finding.also, *case.optimistic.reasons)
    of = Layer if finding.fault == "explicit-deny" and not finding.questions else (Layer.RCP, Layer.SCP)
    foreign = not case.caller.here and case.caller.account_id is not None and case.owner is None
    ownerless = foreign or (case.missing is not None and case.missing.partition_wide)
    return [
        place_words(one.policy.name, one.statement, one.sid) + f" ({POLICY_TYPES[case.word(one.layer)]})"
        for one in map(reason_of, matching_denies(case.decided, KeyReading.PESSIMISTIC))
        if one.layer in of and one not in said and not (one.layer is Layer.RCP and ownerless)
    ]


def _has_allow(case: Case) -> bool:
    """Return whether the caller's policies allow the action on some resource, or were not all read."""
    if "identity" in case.unread or case.request.resource_account not in (None, case.account.id):
        return True
    action = case.request.action.lower()
    named = (one for policy in case.policies.identity for one in ready(policy, Layer.IDENTITY).naming(action))
    return any(not one.deny for one in named)


def is_nobody(case: Case) -> bool:
    """Return whether the text names the caller by an ARN that no principal can have."""
    return case.caller.kind is Kind.UNKNOWN and case.caller.arn is not None


def who_words(case: Case) -> str:
    """Return the name of the caller for the verdict."""
    caller = case.caller
    if is_nobody(case):
        return "the caller"
    if caller.kind is Kind.PROVIDER and caller.name:
        return f"{'an assertion' if ':saml-provider/' in (caller.arn or '') else 'a token'} of {caller.name}"
    if caller.name:
        return caller.name if caller.here or caller.account_id is None else f"{caller.name} of {caller.account_id}"
    return caller.arn or "the caller"


def _summary(finding: DenialFinding, case: Case, changes: Changes) -> str:
    who = who_words(case)
    action, resource = case.request.action, case.request.resource
    what = f"{action} on {resource}" if case.resource_known and resource != "*" else action
    if finding.cause == ALLOWED_NOW:
        return _allowed_words(finding, case, changes, who, what)
    if finding.cause == NOT_FOUND:
        return _no_caller(case)
    if case.denial.stated_reason == "s3-block-public-access":
        return denial_verdict(case.denial).summary
    if finding.cause == UNREADABLE and not finding.unread:
        depends = f"Whether {who} is allowed to perform {case.request.action} depends on the resource"
        if said := case.denial.resource:
            return (
                f"{depends}. The text contains only {said}, which cannot be compared with policies, because it "
                "is not an ARN."
            )
        if not statements_differ(case) and case.pessimistic.allowed and not case.unread:
            return (
                f"The policies that can be read allow {who} {case.request.action} on every resource. Only the "
                "resource's own policy could still deny the request, but the text does not say which resource was "
                "requested."
            )
        return f"{depends}, but the text does not say which resource was requested."
    if finding.cause == UNREADABLE and case.named is not None and case.named.standing is Standing.UNREAD:
        return (
            f"AWS refused {who} {what} by an explicit deny in {case.named.arn} ({POLICY_TYPES[case.named.word]}), "
            f"which is not among the policies that can be read from here: {case.named.why}"
        )
    if finding.cause == UNREADABLE:
        unread = listing([POLICY_TYPES.get(word, word) for word in finding.unread])
        if refusing := refusing_layers(finding, case):
            also = listing([POLICY_TYPES[word] for word in refusing])
            refuse = "refuses" if len(refusing) == 1 else "refuse"
            if (stated := _stated_word(case)) in finding.unread and case.no_deny_matched:
                return f"{_stated_unread(case, who, what, stated)} The {also} {refuse} it too."
            return (
                f"The {unread} cannot be read from here and may also be a cause; the {also} {refuse} {who} {what}, "
                "whatever the other policies say."
            )
        if (stated := _stated_word(case)) in finding.unread:
            named = POLICY_TYPES[stated]
            if case.no_deny_matched:
                return _stated_unread(case, who, what, stated)
            return (
                f"The text says that a Deny statement in the {named} denies {who} {what}. {_why_unread(case, stated)}"
            )
        if is_nobody(case):
            return "So no policies can be looked up. Compare the ARN with the original message."
        if not any(True for _ in every_policy(case.policies)):
            return f"None of the policies that decide on {who} and {what} can be read from here: {unread}."
        if keys := _unknown_keys(case):
            return (
                f"The policies that can be read allow {who} {what} only with the right value for {listing(keys)}, "
                f"and that value is unknown here. The {unread} cannot be read from here and may also be a cause."
            )
        return _open_words(finding, case, f"The policies that can be read do not deny {who} {what}")
    kind = POLICY_TYPES[finding.word]
    if finding.cause == "session.no-action" and case.policies.session is None:
        return (
            f"The text says that no session policy allows {who} {what}. Only the call that made the session shows "
            "whether the action or resource is missing, or a condition is not met."
        )
    if finding.fault == "explicit-deny":
        if finding.deny is None:
            named = f" ({case.denial.policy_arn})" if case.denial.policy_arn else ""
            return f"A Deny statement in the {kind}{named} denies {who} {what}: no Allow can help."
        place = place_words(finding.deny.policy.name, finding.deny.statement, finding.deny.sid)
        from diagnostics.access_denied.refusal import refusal_words

        why = refusal_words(case, finding.deny)
        if finding.questions:
            return f"{place} ({kind}) may deny {who} {what}: {why}. If so, no Allow can help."
        denies = f"{place} ({kind}) denies {who} {what}"
        return f"{denies}: {why}. No Allow can override that." if why else f"{denies}. No Allow can override that."
    alone = finding.near is not None and case_alone(finding.near, case.request, case.presumed)
    return _lack(finding, case, who, what, kind) + (CASE_ALONE if alone else "")


def _open_words(finding: DenialFinding, case: Case, begins: str) -> str:
    """Return a sentence about what else may decide the request: unread layers, or a session policy."""
    there = [word for word in finding.unread if word != "session" or word in case.unread]
    perhaps = "it is unknown whether the session was created with a session policy"
    if not there:
        return f"{begins}. A session policy may deny the request, and {perhaps}."
    unread = listing([POLICY_TYPES.get(word, word) for word in there])
    also = f" A session policy may also be a cause: {perhaps}." if len(there) < len(finding.unread) else ""
    return f"{begins}. The {unread} cannot be read from here and may be the cause.{also}"


def _stated_unread(case: Case, who: str, what: str, word: str) -> str:
    """Return a sentence saying that AWS found no Allow in a layer.

    It also says why that layer cannot be read from this account.
    """
    return f"The text says that no {POLICY_TYPES[word]} allows {who} {what}. {_why_unread(case, word)}"


def _why_unread(case: Case, word: str) -> str:
    reading = case.reading(layer_of(word))
    why = reading.why if reading else ""
    return why if why and len(why) <= _LONGEST_REASON else f"The {POLICY_TYPES[word]} cannot be read from here."


_LONGEST_REASON = 120
"""The maximum number of characters of a reason in a verdict. AWS's own messages are longer; the step contains them."""


def _unknown_keys(case: Case) -> list[str]:
    """Return the condition keys that allow the request only with the right value, if their values are unknown."""
    if case.pessimistic.allowed or not case.optimistic.allowed:
        return []
    keys = (key.key for one in case.decided.statements(case.optimistic) for key in one.keys)
    return list({key.lower(): key for key in keys}.values())


def _no_caller(case: Case) -> str:
    """Return a sentence saying that the caller does not exist in the account."""
    said = _nobody_of_this_name(case)
    if case.no_deny_matched and (kind := POLICY_TYPES.get(_stated_word(case))):
        said += (
            f" The text says that no {kind} allowed {case.request.action}. Look at the policies of the calling "
            f"{_kind_of_caller(case)}, which may have been deleted since."
        )
    return said


def _kind_of_caller(case: Case) -> str:
    return case.caller.kind.value.replace("session", "role")


def _nobody_of_this_name(case: Case) -> str:
    """Return a sentence saying that the account has no such caller, and which similar name exists."""
    other = case.caller.other_case
    hint = f" {other} exists: names are case-sensitive when used." if other else ""
    hint = hint or neighbours(case)
    hint = hint or (f" The most similar name is {case.caller.similar}." if case.caller.similar else "")
    return f"The account has no {_kind_of_caller(case)} {case.caller.name}.{hint}"


def neighbours(case: Case) -> str:
    """Return a sentence about other accounts that have a role with the caller's name, or "" if none does."""
    accounts, name = case.opened.accounts, case.caller.name
    if accounts is None or not name or case.caller.kind not in (Kind.ROLE, Kind.SESSION):
        return ""
    others = [accounts.standing(id).words for id in accounts.holders_of(name) if id != case.account.id]
    return f" There is a role {name} in {listing(others, limit=3)}." if others else ""


def _stated_word(case: Case) -> str:
    """Return the layer that the text names as the one that denied the request, or ""."""
    word = (case.denial.stated_reason or "").partition(":")[2]
    return "trust" if case.trust and word == "resource" else word


def can_explain(unread: Iterable[str], case: Case) -> tuple[str, ...]:
    """Return the unread layers that may have denied the request.

    If the text names a layer, only that layer is a candidate.
    """
    stated = _stated_word(case)
    return tuple(sorted(word for word in unread if stated in ("", word)))


def _allowed_words(finding: DenialFinding, case: Case, changes: Changes, who: str, what: str) -> str:
    """Return why the request is allowed now, what is unknown about that, and what else the operation lacks."""
    unseen = _session_unseen(case) and changes.own is not None
    session = (
        "No record shows whether the session has a session policy, which could deny the request." if unseen else ""
    )
    return " ".join(filter(None, (_now_allowed(finding, case, changes, who, what), session, _next_words(case))))


def _session_unseen(case: Case) -> bool:
    """Return whether the caller is a session and it is unknown whether it was created with a session policy."""
    return case.caller.kind is Kind.SESSION and not case.session_seen and not case.policies.session


def _next_words(case: Case) -> str:
    """Return a sentence about the next denials of the same operation, or "" if none is known."""
    refused = next_denials(case)
    certain = [each for each in refused if each.certain]
    actions = list(dict.fromkeys(each.need.action for each in certain or refused))
    if not actions:
        return ""
    need = "also needs" if certain else "may also need"
    verb = "is" if len(actions) == 1 else "are"
    return f"The same operation {need} {listing(actions, limit=3)}, which {verb} not allowed (see the last step)."


def _now_allowed(finding: DenialFinding, case: Case, changes: Changes, who: str, what: str) -> str:
    unknown = [POLICY_TYPES.get(word, word) for word in sorted({*case.unread, *finding.unread})]
    but = f" (not read: the {listing(unknown)})" if unknown else ""
    if changes.own is not None:
        return (
            f"Your change is in effect: the request is allowed now{but}. Since the change “{changes.own.title}”, made "
            f"at {changes.own.time:%H:%M} UTC, {who} is allowed to perform {what}."
        )
    allows = f"The policies that can be read allow {who} {what} now{but}"
    if fresh := changes.within(PROPAGATION, case.account.now):
        age = short_age(case.account.now - fresh[0].time)
        made = f"{fresh[0].name} was made {age} ago"
        if len(fresh) > 1:
            made = f"{len(fresh)} changes were made recently (the last is {fresh[0].name}, {age} ago)"
        return f"{allows}: {made} and may not have reached every server yet. Wait and try again."
    if not case.denial.text.strip():
        return f"{who} is allowed to perform {what}, as far as can be read{but}."
    if case.named is not None and case.named.became:
        return f"{allows}: {case.named.became}."
    unseen = _session_unseen(case)
    address = _without_address(case)
    # AWS states the reason if it is a session policy.
    session = (
        ["a session policy (not recorded) denies the request"] if unseen and case.denial.stated_reason is None else []
    )
    unread = (
        ["a policy that was not read denies the request"] if can_explain({*case.unread, *finding.unread}, case) else []
    )
    why = [*address, "a policy was changed since", "the text is old", *session, *unread]
    return f"{allows}: {', '.join(why[:-1])}, or {why[-1]}."


def _without_address(case: Case) -> list[str]:
    """Return clauses about statements that test the caller's address, for a call assumed to come through an endpoint.

    Such a call has no aws:SourceIp. The clauses say when these statements would decide differently.
    """
    if not case.through_an_endpoint:
        return []
    tested = [
        place_words(policy.name, one.statement.index, one.statement.sid)
        for layer in Layer
        for policy in policies_of(case.policies, layer)
        for one in ready(policy, layer).naming(case.request.action.lower())
        if any(block.key.lower() == "aws:sourceip" for block in one.statement.conditions)
    ]
    if not tested:
        return []
    places = listing(list(dict.fromkeys(tested)))
    return [f"the call came not through the endpoint, but from an address for which {places} may decide otherwise"]


def _lack(finding: DenialFinding, case: Case, who: str, what: str, kind: str) -> str:
    """Return a sentence that says what the Allow lacks, depending on the fault."""
    role = name_of(case.request.resource)
    if finding.fault == "provider-missing":
        return f"The trust policy of {role} names {case.caller.arn}, but there is no such identity provider."
    near = finding.near
    refused = f"{who} is not allowed to perform {what}"
    if finding.word == "trust":
        assumes = case.request.action.lower().startswith("sts:assumerole")
        refused = f"{who} is not allowed to {'assume' if assumes else f'perform {case.request.action} on'} {role}"
    if near is None:
        return f"{refused}: {_names_nothing(finding.word, kind, case)}."
    place = f"{place_words(near.policy.name, near.statement, near.sid)} ({kind})"
    if finding.word in ("trust", "session"):
        place = f"{'its trust' if finding.word == 'trust' else 'the session'} policy ({statement_words(near)})"
    words = near_words(near)
    match finding.fault:
        case "orphan-principal":
            return (
                f"The trust policy of {role} ({statement_words(near)}) names the ID of a deleted "
                f"{_deleted_kind(near)}. No principal has this ID now, not even a new one of the same name."
            )
        case "no-action" if finding.word in ("trust", "session"):
            return f"{refused}: {place} {words}."
        case "no-action":
            nothing = _names_nothing(finding.word, kind, case)
            return f"{refused}: {nothing}. The nearest is {place}: it {words}.{operation_words(near)}"
        case "principal-mismatch":
            return f"{refused}: {place} {words}."
        case "resource-mismatch":
            return f"{who} is not allowed to perform {case.request.action} on this resource: {place} {words}."
        case "condition-unknown" if finding.questions:
            keys = listing([question.key for question in finding.questions])
            fits = "fits, which is" if len(finding.questions) == 1 else "fit, which are"
            return f"{refused} unless {keys} {fits} unknown here: {place} {words}."
        case "unresolved-variable":
            return (
                f"{refused}: {place} would allow the request, but {words}; without a value, the statement matches "
                "nothing."
            )
        case _:
            return f"{refused}: {place} would allow the request, but {words}."


def _deleted_kind(near: NearMiss) -> str:
    """Return the kind (``user``, ``role``) of the first unique ID in the statement."""
    return next(filter(None, map(kind_of_id, near.wanted)), "principal")


CASE_ALONE = " Only upper and lower case differ, and the comparison is case-sensitive."


def _names_nothing(word: str, kind: str, case: Case) -> str:
    """Return a clause saying that no Allow of the layer names the action."""
    if word == "resource" and case.result(Layer.RESOURCE) is LayerResult.NOT_APPLICABLE:
        return f"there is no {kind}, and only a {kind} could allow the request"
    if word == "identity":
        return f"no {kind} names the action"
    if word in ("scp", "rcp"):
        return f"at a level of the organization no {kind} names the action"
    return f"the {kind} does not name the action"
