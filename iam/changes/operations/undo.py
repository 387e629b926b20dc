"""Determine the call that undoes another call, from the state before that call is made."""

from __future__ import annotations

import re
from dataclasses import replace

from iam.changes.call import Call
from iam.changes.operations.operation import Existing as Existing
from iam.changes.operations.table import OPERATIONS

NOTHING = Existing()

# IAM replaces a deleted principal in a trust policy with its unique ID, and rejects a document with such an ID.
_ORPHAN = re.compile(r'"A(?:ROA|IDA)[A-Z0-9]{8,}"')


def with_undo(call: Call, held: Existing = NOTHING, *, index: int = 0) -> Call:
    """Return the call with its undo. ``index`` is the call's index in the plan, needed for values from its response."""
    undo = undo_of(call, held, index)
    if undo is not None and _ORPHAN.search(undo.text("PolicyDocument") + undo.text("AssumeRolePolicyDocument")):
        note = "IAM no longer accepts the former trust policy, because it names a deleted principal."
        return replace(call, undo_note=note)
    if undo is None:
        return replace(call, undo_note=call.undo_note or "This cannot be undone.")
    note = OPERATIONS[call.operation].undo_note or call.undo_note
    if call.operation == "DeleteInstanceProfile" and (held.profile is None or held.profile.tags is None):
        note = "The tags of the instance profile are unknown and will not be restored."
    return replace(call, undo=undo, undo_note=note)


def undo_of(call: Call, held: Existing, index: int) -> Call | None:
    """Return the call that undoes a call; None if it cannot be undone, or if the necessary state is unknown."""
    operation = OPERATIONS.get(call.operation)
    return None if operation is None else operation.undo(call, held, index)
