"""The verdict in one sentence that a tired operator understands."""

from __future__ import annotations

from collections.abc import Iterable

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import PROPAGATION, Changes
from diagnostics.access_denied.evidence.policy_of_text import Standing
from diagnostics.access_denied.fixes.versions import Regression
from diagnostics.access_denied.iam_action import operation_words
from diagnostics.access_denied.judge import ALLOWED_NOW, NOT_FOUND, UNREADABLE, DenialFinding, kind_of_id
from diagnostics.access_denied.near_misses import near_words, place_words, statement_words
from diagnostics.diagnosis import Verdict
from diagnostics.stated.denial import denial_verdict
from diagnostics.words import POLICY_TYPES
from iam.ages import short_age
from iam.arn import name_of
from iam.frozen import replace
from iam.policy.decision import Fault, Layer, LayerResult, NearMiss
from iam.policy.match import compile_glob
from iam.policy.operators import operator
from iam.policy.principal import Kind
from iam.words import listing


def verdict_of(
    finding: DenialFinding,
    case: Case,
    changes: Changes,
    *,
    helpers: tuple[str, ...] = (),
    versions: tuple[Regression, ...] = (),
) -> Verdict:
    """The finding as a verdict. ``helpers`` are other roles of the same service that may do it, ``versions`` earlier
    ones of policies that allowed it."""
    finding = replace(finding, unread=tuple(_likeliest_first(finding.unread, case)))
    sentences = [_presumed(case) + _summary(finding, case, changes)]
    if versions:
        sentences.append(f"{versions[0].policy.name} {versions[0].words}.")
    if helpers:
        sentences.append(f"{listing(helpers)} may do it: the right permission, on another role.")
    sentences += _then(finding, case)
    if finding.contradiction and changes.own is None:  # after a change the text speaks of what was before it
        sentences.append(finding.contradiction)
    unread = tuple(dict.fromkeys((*finding.unread, *_likeliest_first(case.unread, case))))
    return Verdict(finding.cause, finding.confidence, " ".join(sentences), finding.questions, unread)


def _presumed(case: Case) -> str:
    """The guess that the verdict rests on, to be said before it."""
    return "".join(
        f"If the call came through {value}, which nothing says: "
        for key, values in case.request.context.items()
        if key in case.assumed
        for value in values
    )


def _likeliest_first(unread: Iterable[str], case: Case) -> list[str]:
    """Unread layers, those first that have to allow: what only can refuse seldom does."""
    must = ("trust", "resource") if case.resource_must_allow else ()
    order = (*must, "identity", "session", "boundary", "vpce", "resource", "scp", "rcp")
    return sorted(unread, key=lambda word: order.index(word) if word in order else len(order))


def _then(finding: DenialFinding, case: Case) -> list[str]:
    """What else may have refused it, and what would stop the request next, were this put right."""
    sentences = []
    if finding.also:
        named = [place_words(one.policy.name, one.statement, one.sid) for one in finding.also]
        kinds = {POLICY_TYPES[case.word(one.layer)] for one in finding.also}
        kind = f" ({kinds.pop()})" if len(kinds) == 1 else ""
        sentences.append(f"{listing(named)}{kind} may refuse it as well: nothing tells which did.")
    others = [
        (case.word(reason.layer), reason.policy.name)
        for reason in case.hopeful.reasons
        if finding.fault == "explicit-deny" and reason.effect == "Deny" and reason != finding.deny
    ]
    if others:
        named = [f"{name} ({POLICY_TYPES[word]})" for word, name in dict.fromkeys(others)]
        sentences.append(f"Another Deny refuses it too: {listing(named)}.")
    stops = [
        POLICY_TYPES[case.word(layer)]
        for layer in Layer
        if case.word(layer) not in (finding.word, *(word for word, _ in others))
        and finding.word in POLICY_TYPES
        and case.refuses(layer)
    ]
    beside = case.beside
    if beside is not None and not beside.hopeful.allowed:
        other = "the access point" if ":accesspoint/" in beside.request.resource else "the bucket behind it"
        if beside.hopeful.decided_by is case.hopeful.decided_by is not Layer.RESOURCE:
            # The same policies speak of both.
            sentences.append(f"The same is missing for {other}: {beside.request.resource}.")
        else:
            sentences.append(f"Put right alone, this would not be enough: {other} refuses it too.")
    if stops:
        refuse = "refuses" if len(stops) == 1 else "refuse"
        sentences.append(f"Put right alone, this would not be enough: the {listing(stops)} {refuse} it too.")
    return sentences


def who_words(case: Case) -> str:
    caller = case.caller
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
        return _allowed_words(case, changes, who, what)
    if finding.cause == NOT_FOUND:
        other = case.caller.other_case
        hint = f" There is {other}: names are case-sensitive when used." if other else ""
        return f"The account has no {case.caller.kind.value.replace('session', 'role')} {case.caller.name}.{hint}"
    if case.denial.stated_reason == "s3-block-public-access":
        return denial_verdict(case.denial).summary
    if finding.cause == UNREADABLE and not finding.unread:
        return (
            f"It depends on the resource whether {who} may do {case.request.action}, and the text does not say which."
        )
    if finding.cause == UNREADABLE and case.named is not None and case.named.standing is Standing.UNREAD:
        return (
            f"AWS refused {who} {what} by an explicit deny in {case.named.arn} ({POLICY_TYPES[case.named.word]}), "
            f"which is not among what can be read from here: {case.named.why}"
        )
    if finding.cause == UNREADABLE:
        unread = listing([POLICY_TYPES.get(word, word) for word in finding.unread])
        return f"What can be read does not refuse {who} {what}: the {unread} cannot be read from here and may decide."
    kind = POLICY_TYPES[finding.word]
    if finding.fault == "explicit-deny":
        if finding.deny is None:
            named = f" ({case.denial.policy_arn})" if case.denial.policy_arn else ""
            return f"A Deny in the {kind}{named} refuses {who} {what}: no Allow can help."
        place = place_words(finding.deny.policy.name, finding.deny.statement, finding.deny.sid)
        from diagnostics.access_denied.refusal import refusal_words

        why = refusal_words(case, finding.deny)
        if finding.questions:
            return f"{place} ({kind}) may refuse {who} {what}: {why}. No Allow can help where it does."
        refuses = f"{place} ({kind}) refuses {who} {what}"
        return (
            f"{refuses}: {why}. No Allow can help while it stands."
            if why
            else f"{refuses}: no Allow can help while it stands."
        )
    return _lack(finding, case, who, what, kind) + (CASE_ALONE if finding.near and case_alone(finding.near) else "")


def _allowed_words(case: Case, changes: Changes, who: str, what: str) -> str:
    unknown = [POLICY_TYPES.get(word, word) for word in sorted(case.unread)]
    but = f" (nothing is known of the {listing(unknown)})" if unknown else ""
    if changes.own is not None:
        age = short_age(case.reader.clock() - changes.own.time)
        return f"Your change is in: allowed now{but}. {changes.own.title}, {age} ago; {who} may do {what}."
    allows = f"Everything readable allows {who} {what} now{but}"
    if fresh := changes.within(PROPAGATION, case.account.now):
        age = short_age(case.account.now - fresh[0].time)
        made = f"{fresh[0].name} was made {age} ago"
        if len(fresh) > 1:
            made = f"{len(fresh)} changes were made lately (the last is {fresh[0].name}, {age} ago)"
        return f"{allows}: {made} and may not have been everywhere yet. Wait and try again."
    if not case.denial.text.strip():
        return f"{who} may do {what}, as far as can be read{but}."
    if case.named is not None and case.named.became:
        return f"{allows}: {case.named.became}."
    return f"{allows}: it may have been changed since, or the text is old."


def _lack(finding: DenialFinding, case: Case, who: str, what: str, kind: str) -> str:
    """What an Allow lacks, one sentence for each fault."""
    role = name_of(case.request.resource)
    if finding.fault == "provider-missing":
        return f"The trust policy of {role} names {case.caller.arn}, and there is no such identity provider."
    near = finding.near
    refused = f"{who} may not do {what}"
    if finding.word == "trust":
        assumes = case.request.action.lower().startswith("sts:assumerole")
        refused = f"{who} may not {'assume' if assumes else f'do {case.request.action} on'} {role}"
    if near is None:
        return f"{refused}: {_names_nothing(finding.word, kind, case)}."
    place = f"{place_words(near.policy.name, near.statement, near.sid)} ({kind})"
    if finding.word in ("trust", "session"):
        place = f"{'its trust' if finding.word == 'trust' else 'the session'} policy ({statement_words(near)})"
    words = near_words(near)
    match finding.fault:
        case "orphan-principal":
            return (
                f"The trust of {role} is in the ID of a deleted {_deleted_kind(near)} ({statement_words(near)}): one "
                "that was made again under the same name is not it."
            )
        case "no-action" if finding.word in ("trust", "session"):
            return f"{refused}: {place} {words}."
        case "no-action":
            nothing = _names_nothing(finding.word, kind, case)
            return f"{refused}: {nothing}. Nearest is {place}: it {words}.{operation_words(near)}"
        case "principal-mismatch":
            return f"{refused}: {place} {words}."
        case "resource-mismatch":
            return f"{who} may not do {case.request.action} on this resource: {place} {words}."
        case "condition-unknown":
            keys = listing([question.key for question in finding.questions])
            return f"{refused} unless {keys} fits, which is unknown here: {place} {words}."
        case "unresolved-variable":
            return f"{refused}: {place} would allow it, but {words}, so it matches nothing."
        case _:
            return f"{refused}: {place} would allow it, but {words}."


def _deleted_kind(near: NearMiss) -> str:
    """``user``, ``role``: what the first unique ID of the statement was."""
    return next(filter(None, map(kind_of_id, near.wanted)), "principal")


CASE_ALONE = " Only upper and lower case differ, and they count."


def case_alone(near: NearMiss) -> bool:
    """Whether what a statement wants and what the request has differ in the case of letters only, where that counts."""
    if near.fault in (Fault.RESOURCE_MISMATCH, Fault.PRINCIPAL_MISMATCH):
        pairs = [(wanted, near.had) for wanted in near.wanted]
    else:
        pairs = [
            (wanted, had)
            for failure in near.conditions
            if (parts := operator(failure.operator)) and parts.base in _BY_CASE and not parts.negated
            for wanted in failure.wanted
            for had in failure.had or ()
        ]
    return any(compile_glob(wanted.lower())(had.lower()) for wanted, had in pairs)


_BY_CASE = ("StringEquals", "StringLike", "ArnLike")


def _names_nothing(word: str, kind: str, case: Case) -> str:
    """That no Allow of the layer names the action."""
    if word == "resource" and case.result(Layer.RESOURCE) is LayerResult.NOT_APPLICABLE:
        return f"there is no {kind}, and only one could allow it"
    if word == "identity":
        return f"no {kind} names the action"
    if word in ("scp", "rcp"):
        return f"at a level of the organization no {kind} names the action"
    return f"the {kind} does not name the action"
