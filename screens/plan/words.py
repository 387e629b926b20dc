"""The sentences of the plan screen: the plan's state, its overall effect, and the confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

from diagnostics.sentences import statement_sentence
from iam.changes.journal import CallProgress, End, JournalRecord
from iam.changes.plan import Plan
from iam.changes.undo_plan import undone_by, undone_sentence
from iam.policy.document import Document, PolicyError
from screens.frame.header import caller_name
from screens.plan.call_detail import changed_values, document_of
from screens.plan.run import Order
from screens.plan.timed import left_words
from screens.session import Session
from screens.text import plural
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN

if TYPE_CHECKING:
    from screens.plan.state import PlanState


def account_words(session: Session) -> str:
    """Return the account and the caller: ``account harbor-prod 111122223333 (demo), as carla``."""
    account = session.account
    if account is None:
        return "an account that has not been read yet"
    name = f"{account.alias} {account.id}" if account.alias else account.id
    return f"account {name} ({session.kind}), as {caller_name(account.caller_arn)}"


def why_not_here(session: Session) -> str:
    """Return why no plan can be carried out here, and what to do instead; "" if it can."""
    if session.writable:
        return ""
    others = "The plan can be saved or copied as commands, Terraform, CloudFormation or JSON (e, y)."
    if session.kind == "snapshot":
        return f"A snapshot is a file and cannot be changed: open the account itself. {others}"
    return f"This run is read-only: start rolescope with --write to carry out the plan. {others}"


def undo_in_force(state: PlanState, session: Session) -> JournalRecord | None:
    """Return the record of the change that undid the plan; None if the plan is not undone now."""
    return undone_by(state.record, session.changes) if state.record is not None else None


def head_of(state: PlanState, session: Session) -> tuple[str, str, bool]:
    """Return the heading, a sentence, and whether it is a problem, for the state of the plan."""
    plan, count = state.plan, plural(len(state.plan.calls), "call")
    rows = state.calls
    done = sum(row.state.progress in (CallProgress.DONE, CallProgress.ALREADY) for row in rows)
    undone = sum(row.state.progress is CallProgress.UNDONE for row in rows)
    if state.running:
        if state.stopping:
            timed = plan.id in session.timed
            then = "is undone when its time is over" if timed else "stays until you decide"
            return "stopping", f"The plan stops after the current call; the change so far {then}.", True
        if state.order is Order.ROLL_BACK:
            return f"rolling back, {undone} undone so far (esc stops)", _now(state), False
        if done == len(rows):
            return "reading back from AWS (esc stops)", state.verification, False
        return f"carrying out, {done} of {len(rows)} done (esc stops)", _now(state), False
    undo = undo_in_force(state, session)
    if undo is not None:
        when = undone_sentence(undo, session.shown_time)
        return "done, then undone", f"This change was {when}; its undo is in Activity (5).", False
    if state.end is End.APPLIED:
        said = f"{state.verification or 'Every call succeeded.'} {_undoable(plan)}"
        return ("done, not verified", said, True) if state.trouble else ("done", said, False)
    if state.end is End.ROLLED_BACK:
        return "rolled back", "Each call that the plan made was undone.", False
    if state.end is End.LEFT:
        return "left as it is", f"{done} of {len(rows)} calls were made; nothing more will be done.", False
    if state.pending and state.record is not None:
        said = state.record.sentence_at(session.shown_time)
        if state.watched and state.record.until is not None:
            until = f"{session.shown_time(state.record.until):%H:%M:%S} UTC, in {left_words(state.record)}"
            said = f"This change was made, and will be undone at {until} unless you keep it: = keeps it, u undoes it."
            return "made for a limited time", said, True
        return "roll back pending", f"This change was made; {said}: u rolls it back, = keeps it.", True
    if state.half_done:
        failed = state.failed
        sentence = (failed.sentence if failed else "") or state.trouble
        if state.record is not None and not sentence:
            said = state.record.sentence_at(session.shown_time)
            sentence = f"{said[:1].upper()}{said[1:]}: resume it, or roll it back."
        if state.record is not None and not state.record.half_done:
            sentence = f"{sentence} Nothing was changed."
        if state.for_a_time and state.watched and state.record is not None:
            sentence = f"Undone in {left_words(state.record)}, unless you keep it (=). {sentence}"
        where = (
            f"failed at call {failed.index + 1} of {len(rows)}" if failed else f"stopped, {done} of {len(rows)} done"
        )
        return where, sentence, True
    if state.trouble:
        return "no calls made", state.trouble, True
    refused = why_not_here(session)
    if refused:
        return f"plan, {count}, cannot be carried out here", refused, True
    where = "being checked" if state.checking else "no calls made yet"
    if plan.opens:  # dangerous or rejected changes come first
        return f"plan, {count}, {where}", plan.opens[0], True
    return f"plan, {count}, {where}", " ".join(_lead(plan)), False


def _lead(plan: Plan) -> tuple[str, ...]:
    """Return the sentences of the plan's headline: who loses access, then who gains it.

    The headline omits the changes themselves, because the list of calls shows them.
    """
    return plan.effects.lead or plan.effects.said[:1] or (plan.sentence,)


def _now(state: PlanState) -> str:
    row = next((row for row in state.calls if row.running), None)
    if row is None:
        return ""
    return row.again or row.call.why


def _undoable(plan: Plan) -> str:
    without = [str(index + 1) for index, call in enumerate(plan.calls) if call.undo is None]
    if not without:
        return "The change can be undone: u shows how."
    return f"Nothing can undo call {', '.join(without)}."


Texts = list[tuple[str, Style]]


def summary_texts(state: PlanState, session: Session) -> tuple[Texts, Texts]:
    """Return the texts of the first row, shown above and below the document changes.

    The first says who is affected and what to know first; the second says where the change is made and how it is
    undone.
    """
    plan = state.plan
    head = head_of(state, session)[1]
    in_head = {head, *_lead(plan)} if head == " ".join(_lead(plan)) else {head}
    said = plan.effects.said or (plan.sentence,)
    first: Texts = [(f"! {sentence}", WARN) for sentence in plan.opens if sentence not in in_head]
    first += [(sentence, STRONG) for sentence in said if sentence not in in_head]
    first += [(words, STRONG) for call in plan.calls for words in changed_values(call, plan)]
    first += _made(plan)
    first += [(f"! {sentence}", WARN) for sentence in (*plan.in_use, *plan.warnings)]
    first += [(f"! Call {index + 1}: {call.caution}", WARN) for index, call in enumerate(plan.calls) if call.caution]
    texts: Texts = [(f"In {account_words(session)}.", PLAIN)]
    if state.record is None and not why_not_here(session):
        asks = f"asks for the name {plan.type_name}" if plan.type_name else "asks once"
        texts.append((f"ctrl+r or enter {asks}, then carries it out. @ carries it out for a limited time.", PLAIN))
    without = [call for call in plan.calls if call.undo is None]
    if without:
        texts += [(f"No undo: {call.why} {call.undo_note}", WARN) for call in without]
    else:
        texts.append(("Each call has an undo: j and k go through the calls and show it.", PLAIN))
    if state.record is not None:
        texts.append(
            (
                f"Started {session.shown_time(state.record.started):%Y-%m-%d %H:%M} UTC{_clock_note(session)} by "
                f"{state.record.caller or 'an unknown caller'}.",
                FAINT,
            )
        )
        texts.append((f"Journal: {state.record.path}", FAINT))
    return first, texts


def _clock_note(session: Session) -> str:
    """Return a note that a time is the demo's, which differs from the times of files; "" for other accounts."""
    return " (the demo's clock)" if session.kind == "demo" else ""


def _made(plan: Plan) -> Texts:
    """Return a description of a new role. For an existing one, return nothing, because the plan shows a difference."""
    if plan.kind != "create-role":
        return []
    texts: Texts = []
    for call in plan.calls:
        try:
            statements = Document(text).statements if (text := document_of(call)) else ()
        except PolicyError:
            continue
        if statements or call.operation.startswith(("Attach", "PutRolePermissionsBoundary")):
            texts.append((call.why, PLAIN))
        texts += [(f"  {statement_sentence(statement)}", STRONG) for statement in statements]
    return texts


def asked(
    state: PlanState, session: Session, order: Order, judged: Plan, within: str = "", undo_profile: str = ""
) -> tuple[str, str, str]:
    """Return the title, the text and the label of the "yes" answer for the confirmation.

    ``judged`` is the plan as checked. ``within`` is the time after which a timed change is undone (``10 minutes``),
    with the credentials of ``undo_profile``.
    """
    plan = state.plan
    where = f"In {account_words(session)}."
    if order is Order.ROLL_BACK:
        made = [row for row in state.calls if row.state.progress is CallProgress.DONE]
        unsure = [row for row in state.calls if row.state.progress is CallProgress.STARTED]
        text = f"Undoes {plural(len(made), 'call')}, the last one first. {where}"
        if not made:
            text = (
                "No call is known to have been made, so there is nothing to undo. Rolling back only marks the "
                f"change as ended. {where}"
            )
        if unsure:
            text += f"\nFirst, rolescope checks whether call {unsure[0].index + 1} was made."
        text = "\n".join((text, *(f"! {sentence}" for sentence in judged.opens)))
        return f"Roll back: {plan.title}", text, "roll back"
    left = [row for row in state.calls if row.state.progress not in (CallProgress.DONE, CallProgress.ALREADY)]
    lines = [plan.sentence, where, *(f"! {sentence}" for sentence in plan.to_read_first)]
    if within:
        by = f" with profile {undo_profile}" if undo_profile else ""
        lines.insert(0, f"Undone after {within}{by}, unless you keep it (=). Leaving the program undoes it too.")
    verb = "Resume" if order is Order.GO_ON else "Apply"
    if order is Order.GO_ON:
        lines.append(f"{plural(len(left), 'call')} left; calls already made are not repeated.")
    yes = f"{'resume with' if order is Order.GO_ON else 'carry out'} {plural(len(left), 'call')}"
    yes += f" for {within}" if within else ""
    return f"{verb}: {plan.title}", "\n".join(lines), yes
