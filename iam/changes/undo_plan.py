"""Make a plan that undoes an earlier change. It is shown and carried out like any other plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from iam.changes.journal import CallProgress, End, JournalRecord
from iam.changes.operations.instances import ASSOCIATION
from iam.changes.operations.undo import NOTHING, undo_of
from iam.changes.plan import AnswerValue, Plan, PlanError, make_plan, resolve

OTHERS_SINCE = "Overwrites any later change in the same place."
OTHERS_DELETED = "Later changes to the entities that the undo deletes are also lost."
_ENTITIES = ("DeleteRole", "DeletePolicy", "DeleteInstanceProfile")
"""Operations that delete an entity, including all changes to the entity in the meantime."""


def undo_plan(record: JournalRecord) -> Plan:
    """Return a plan that undoes every call that was made, the last one first.

    If that plan is itself undone, each of its calls is reversed by repeating the original call.

    What existed before the earlier plan stays. Values that its calls returned come from the journal; values that only
    the undo will return, such as the number of a version that is saved again, are resolved when it runs. Raises
    `PlanError` if a call cannot be undone, or if no call was made.
    """
    made = [index for index, state in enumerate(record.states) if state.progress is CallProgress.DONE]
    places = {index: place for place, index in enumerate(reversed(made))}
    kept = {index: answer for index, answer in record.answers.items() if index not in places}
    calls = []
    for index, place in places.items():
        call = record.plan.calls[index]
        if call.undo is None:
            raise PlanError(f"This cannot be undone: {call.why} {call.undo_note}".rstrip())
        undo = resolve(call.undo, record.answers, places)
        # the version gets a new number, so a call with the old number would not find it
        if undo.operation == "CreatePolicyVersion":
            again = undo_of(undo, NOTHING, place)
        elif undo.operation == "ReplaceIamInstanceProfileAssociation":  # an association gets a new ID too
            given = {**call.parameters, "AssociationId": AnswerValue(place, ASSOCIATION)}
            again = replace(call, undo=None, parameters=given)
        else:
            again = resolve(replace(call, undo=None), kept, places)
        calls.append(replace(undo, undo=again, caution=undo.caution or call.undo_note))
    if not calls:
        raise PlanError("There is nothing to undo: this change made no call.")
    plan = make_plan(
        f"undo {record.plan.title}",
        f"Undoes what “{record.plan.title}” did, the last call first.",
        calls,
        kind="undo",
        target=record.plan.target,
        account_id=record.plan.account_id,
        warnings=(OTHERS_DELETED if any(call.operation in _ENTITIES for call in calls) else OTHERS_SINCE,),
    )
    return replace(plan, undoes=record.plan.id)


HALF_UNDONE = "The undo of this change stopped halfway: resume the undo, or roll it back (Activity)."


def undone_by(record: JournalRecord, records: Iterable[JournalRecord]) -> JournalRecord | None:
    """Return the journal of the plan that undid this change and is still in effect; None if there is no such plan.

    A plan that was itself undone, or whose calls were rolled back, is not in effect.
    """
    later = [each for each in records if each.started >= record.started and each.plan.id != record.plan.id]
    for each in later:
        if each.plan.undoes != record.plan.id or each.end is End.ROLLED_BACK or not each.touched:
            continue
        again = undone_by(each, later)
        if again is None or again.half_done:
            return each
    return None


def undone_sentence(undo: JournalRecord, shown: Callable[[datetime], datetime] = lambda moment: moment) -> str:
    """Return a clause that describes the change that ``undo`` undoes: ``undone at 11-20 10:42 UTC``.

    ``shown`` converts a time on this machine's clock into the time to show.
    """
    if undo.half_done:
        return f"undo {undo.sentence_at(shown)}"
    return f"undone at {shown(undo.ended or undo.started):%m-%d %H:%M} UTC"
