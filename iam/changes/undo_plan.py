"""A change that was made, taken back: as a plan of its own, which is shown and carried out like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from iam.changes.journal import Progress, Record
from iam.changes.plan import Answer, Call, Plan, PlanError, make_plan, resolve

OTHERS_SINCE = "What somebody else changed in the same place since then is overwritten."


def undo_plan(record: Record) -> Plan:
    """The undo of every call that the plan made, the last first; each has the call itself as its undo.

    What was there before the plan stays. Raises `PlanError` where a call cannot be taken back, or nothing was done.
    """
    answers = record.answers
    made = [index for index, state in enumerate(record.states) if state.progress is Progress.DONE]
    # Where the undo of each call will stand: what the calls told each other is told anew when the undo is undone.
    places = {index: place for place, index in enumerate(reversed(made))}
    calls = []
    for index in places:
        call = record.plan.calls[index]
        if call.undo is None:
            raise PlanError(f"Nothing takes this back: {call.why} {call.undo_note}".rstrip())
        undo = resolve(call.undo, answers)
        again = resolve(replace(call, parameters=_told_anew(call, places), undo=None), answers)
        calls.append(replace(undo, undo=again, caution=undo.caution or call.undo_note))
    if not calls:
        raise PlanError("There is nothing to take back: this change made no call.")
    return make_plan(
        f"undo {record.plan.title}",
        f"Takes back what “{record.plan.title}” did, the last call first.",
        calls,
        kind="undo",
        target=record.plan.target,
        account_id=record.plan.account_id,
        warnings=(OTHERS_SINCE,),
    )


def _told_anew(call: Call, places: Mapping[int, int]) -> dict[str, Any]:
    return {
        name: Answer(places[value.call], value.path) if isinstance(value, Answer) and value.call in places else value
        for name, value in call.parameters.items()
    }
