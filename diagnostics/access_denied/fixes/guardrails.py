"""Fixes for layers that limit permissions and grant none, if they lack an Allow: SCPs, a session policy."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.notes import request_words
from diagnostics.access_denied.fixes.place import place_of
from diagnostics.access_denied.fixes.proof import evaluated
from diagnostics.access_denied.fixes.statements import minimal_statement
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from diagnostics.words import POLICY_TYPES
from iam.policy.edits import printed, with_free_sid, with_statement
from iam.policy.layer import Layer, LayerResult
from iam.policy.principal import Kind
from iam.policy.request import NamedPolicy, Policies
from iam.policy.unknown_keys import KeyReading
from iam.service_reference import spelled


def scp_fix(case: Case, finding: DenialFinding) -> Fix:
    """Return the fix that adds an Allow at the first level of the organization without one, in an SCP of that level.

    Every level has to allow (Organizations User Guide, "SCP evaluation"). An Allow there may name resources ("SCP
    syntax").
    """
    kind = POLICY_TYPES[finding.word]
    near = finding.near
    note = (
        f"{request_words(case)}. No {kind} allows the request at every level of the organization, so no policy in "
        f"account {case.caller.account_id or case.account.id} can allow it."
    )
    title = f"Ask the organization's administrators to allow {spelled(case.request.action)} in the {kind}"
    levels = case.effective_policies.scps or ()
    number = next(iter(levels_that_lack(case)), None)
    if number is None or not case.resource_known or case.request.resource == "*":
        return Fix(title, Who.ORG_ADMIN, Note(place_of(near.policy, kind).words if near else kind, note))
    own = [policy for policy in levels[number] if ":organizations::aws:" not in (policy.arn or "")]
    home = near.policy if near is not None and near.policy in own else next(iter(own), None)
    statement = minimal_statement(case, near if near is not None and near.policy == home else None)
    statement = with_free_sid(home.document if home else None, statement)
    after = with_statement(home.document if home else None, statement)
    new = replace(home, document=after) if home else NamedPolicy(after, statement["Sid"])
    level = tuple(new if policy == home else policy for policy in levels[number]) if home else (*levels[number], new)
    changed = replace(case.effective_policies, scps=(*levels[:number], level, *levels[number + 1 :]))
    where = _target(case, number)
    change = Note(
        place_of(home, kind).words if home else f"a new {kind} for {where}",
        f"{note} {where} needs this statement:\n{printed(statement)}",
        before=home.document if home else None,
        after=after,
    )
    condition = statement.get("Condition")
    shared = (
        f"The change widens the {kind} for every principal below {where}, not only for "
        f"{case.caller.name or 'the caller'}; all other policies still decide"
    )
    fix = evaluated(
        case, f"{title} of {where}", Who.ORG_ADMIN, change, changed, condition=condition, cautions=(shared,)
    )
    # Only the effects on the caller are computed: an SCP applies to all principals of all accounts under its target.
    return replace(fix, effects=replace(fix.effects, fully_computed=False))


def levels_that_lack(case: Case) -> tuple[int, ...]:
    """Return the levels of the organization, counted from the root, whose SCPs have no Allow for the request."""
    return tuple(
        number
        for number, level in enumerate(case.effective_policies.scps or ())
        if _result(case, level) is LayerResult.IMPLICIT_DENY
    )


def _result(case: Case, level: tuple[NamedPolicy, ...]) -> LayerResult | None:
    return case.read(Policies(scps=(level,))).decision(KeyReading.OPTIMISTIC).layers.get(Layer.SCP)


def _target(case: Case, number: int) -> str:
    """Return the root, unit or account that the level is attached to."""
    accounts, caller = case.opened.accounts, case.caller.account_id
    organization = case.account.organization
    if accounts is not None and caller is not None:
        organization = accounts.standing(caller).organization
    levels = organization.scps if organization is not None else None
    return levels[number].target if levels is not None and number < len(levels) else f"level {number + 1}"


def session_fix(case: Case, finding: DenialFinding, issuer: str) -> Fix:
    """Return the fix for a session that a session policy limits, or may limit.

    Only the creator of the session can widen that policy.
    """
    title = f"Ask the creator of the session ({issuer}) for a wider session policy"
    if finding.word != "session":
        title = f"Ask the creator of the session ({issuer}) whether a session policy limits the session"
        note = (
            f"{request_words(case)}. It cannot be determined from here whether the session was created with a "
            "session policy."
        )
        return Fix(title, Who.CALLER, Note(case.caller.entity_arn or "the session", note))
    target = case.caller.entity_arn or "the session"
    may = case.result(Layer.IDENTITY, KeyReading.OPTIMISTIC) is LayerResult.ALLOWED
    own = "user" if case.caller.kind in (Kind.USER, Kind.FEDERATED_USER) else "role"
    itself = f" The {own} itself is allowed to perform the action, as far as can be read." if may else ""
    note = (
        f"{request_words(case)}.{itself} The session policy that {issuer} passes does not allow the action, and no "
        f"change to the {own}'s own policies helps."
    )
    if case.caller.kind is not Kind.FEDERATED_USER:  # without one such a session may do nothing (STS API Reference)
        note += f" Without a session policy, the session has all permissions of the {own}."
    if not case.resource_known or case.request.resource == "*":
        return Fix(title, Who.CALLER, Note(target, note))
    session, *others = case.policies.session or (None,)
    statement = with_free_sid(session.document if session else None, minimal_statement(case, finding.near))
    note = f"{note} The smallest addition:\n{printed(statement)}"
    if session is None:
        return Fix(title, Who.CALLER, Note(target, note))
    after = with_statement(session.document, statement)
    changed = replace(case.effective_policies, session=(replace(session, document=after), *others))
    change = Note(target, note, before=session.document, after=after)
    return evaluated(case, title, Who.CALLER, change, changed, condition=statement.get("Condition"))
