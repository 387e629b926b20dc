"""A policy in the text that belongs to the other role of an ECS task: the execution role, or the task role."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.diagnosis import PolicyFact
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from diagnostics.words import TASK_START
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.policy.match import names_action

_TASK = regex(r":assumed-role/[\w+=,.@-]+/[0-9a-f]{32}$")
_OF_EXECUTION = regex(r"\b(?:task[_ -]?)?exec(?:ution)?(?:[_ -]?(?:iam|role|policy|statements?))+\b", re.IGNORECASE)
_OF_TASK = regex(r"\btasks?[_ -]?(?:iam[_ -]?)?role(?:[_ -]?(?:policy|policies|statements?))?\b", re.IGNORECASE)
_WITHIN = 160
_FOR = {
    True: "which ECS uses to start the task (image, secrets, logs)",
    False: "which the program in the container uses",
}


def of_the_other_role(denial: Denial, policies: Sequence[PastedPolicy], text: str, action: str) -> Finding | None:
    """Return a finding if the text gives the action to the ECS task's other role instead of the caller; None otherwise.

    Amazon ECS Developer Guide, "Amazon ECS task execution IAM role", "Amazon ECS task IAM role"
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
    """
    caller = denial.principal or ""
    if not _TASK.search(caller) or not policies:
        return None
    starts = re.search(TASK_START, denial.pasted or denial.text) is not None
    giving = [
        one for one in policies if any(names_action(each.action or (), action) for each in one.document.statements)
    ]
    said = {_heading(text[max(0, one.span[0] - _WITHIN) : one.span[0]], starts=starts) for one in giving}
    words = said.pop() if len(said) == 1 else ""
    if not words:
        return None
    name = identity_of(caller)[2]
    own, other = ("execution role", "task role") if starts else ("task role", "execution role")
    more = ""
    if words == "task_exec_iam_statements":
        # https://registry.terraform.io/modules/terraform-aws-modules/ecs/aws/latest/submodules/service
        more = " In terraform-aws-modules/ecs, use tasks_iam_role_statements."
    fact = f"“{words}” gives {action} to the {other}, {_FOR[not starts]}, but the {own} {name} makes the call"
    change = (
        f"Move the statement to the policies of the {own}, {_FOR[starts]}.{more} Its Resource does not have to change."
    )
    fix = Fix(f"Give {action} to the {own}", Who.ACCOUNT_ADMIN, Note(f"the {own}", change))
    return Finding("identity.no-action", fact, f"In the text, {fact}.", fix=fix, fact=PolicyFact.OF_ANOTHER_ROLE)


def _heading(before: str, *, starts: bool) -> str:
    """Return the words before a policy that assign it to the task's other role, not the calling one; else ""."""
    found = [
        (each.end(), each[0], name)
        for name, form in (("exec", _OF_EXECUTION), ("task", _OF_TASK))
        for each in form.finditer(before)
    ]
    if not found:
        return ""
    _, words, name = max(found)
    return words if (name == "task") is starts else ""
