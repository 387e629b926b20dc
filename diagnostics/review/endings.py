"""The result of a finding's fix: a plan that can be carried out from here, a draft, or a task for somebody else."""

from __future__ import annotations

from enum import StrEnum

from diagnostics.fix import Calls, Fix
from diagnostics.plans.fix import why_no_plan
from diagnostics.review.finding import Finding
from diagnostics.review.rules.habits import NAMING, OWNER
from diagnostics.who import Who


class Ending(StrEnum):
    """The result of a fix. The values are the words in the JSON format."""

    PLAN = "plan"
    DELETION = "deletion"
    DRAFT = "draft"
    """A draft of the role's policies, reduced to what was used (`diagnostics.right_size`)."""
    TOOL_EDIT = "tool-edit"
    """An edit in the tool that declares the role."""
    OTHERS = "others"
    """A text for those who can make the change: the owners of another account or organization, or the user."""
    NOTE = "note"
    """A decision that a person has to make first; `why_note` is the reason."""


_ASKED_ON_THE_SCREEN = (OWNER.id, NAMING.id)
"""Rules with a plan that needs a value from the user."""
_RIGHT_SIZED = ("permissions.", "use.unused-", "trust.outside-admin")


def ending(one: Finding, fix: Fix) -> Ending:
    """Return the result of a fix for this finding."""
    why = why_no_plan(fix)
    if not why:
        deletes = isinstance(fix.change, Calls) and any(call.operation == "DeletePolicy" for call in fix.change.calls)
        return Ending.DELETION if deletes else Ending.PLAN
    if one.rule in _ASKED_ON_THE_SCREEN:
        return Ending.PLAN
    if fix.who in (Who.ORG_ADMIN, Who.RESOURCE_OWNER, Who.CALLER):
        return Ending.OTHERS
    if one.rule.startswith(_RIGHT_SIZED) and ":role/" in one.subject:
        return Ending.DRAFT
    return Ending.TOOL_EDIT if fix.in_tool is not None else Ending.NOTE


def why_note(one: Finding, fix: Fix) -> str:
    """Return one sentence that says why a fix is only a note; "" if the fix is not only a note."""
    return why_no_plan(fix) if ending(one, fix) is Ending.NOTE else ""
