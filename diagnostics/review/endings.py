"""What a fix of a finding ends in: a plan that can be carried out from here, a draft, or what somebody else does."""

from __future__ import annotations

from enum import StrEnum

from diagnostics.fix import Calls, Fix, Who
from diagnostics.plans.fix import why_no_plan
from diagnostics.review.finding import Finding
from diagnostics.review.rules.habits import NAMING, OWNER


class Ending(StrEnum):
    """The words of the JSON format."""

    PLAN = "plan"
    DELETION = "deletion"
    DRAFT = "draft"
    """The role's policies cut down to what it used (`diagnostics.right_size`)."""
    TOOL_EDIT = "tool-edit"
    """An edit where another tool declares the role."""
    OTHERS = "others"
    """A text for those who can do it: another account's owners, an organization's, the user."""
    NOTE = "note"
    """What a person has to decide first; `why_note` is the reason."""


_ASKED_ON_THE_SCREEN = (OWNER.id, NAMING.id)
"""Rules whose plan needs a value that the screen asks for."""
_RIGHT_SIZED = ("permissions.", "use.unused-", "trust.outside-admin")


def ending(one: Finding, fix: Fix) -> Ending:
    """What a fix of this finding ends in."""
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
    """Why a fix is no more than a note, in one sentence; "" for one that is more."""
    return why_no_plan(fix) if ending(one, fix) is Ending.NOTE else ""
