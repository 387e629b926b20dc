"""A session of AssumeRoot that is refused what its task policy does not contain."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_ASSUMED = regex(r"\bassume-root\b[\s\S]{0,400}?root-task/(?P<task>\w+)")


def of_a_task_policy(denial: Denial) -> Decision | None:
    """Return the decision that a later call is not among the tasks of the session from AssumeRoot; else None.

    IAM User Guide, "Perform a privileged task on an AWS Organizations member account"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html).
    """
    text = denial.pasted or denial.text
    assumed = _ASSUMED.search(text)
    if assumed is None or denial.stated_reason or (denial.principal or ":root") != ":root":
        return None
    what = denial.operation or denial.action or "the call"
    if what.lower() == "assumeroot":
        return None
    decision = decide(
        "session.no-action",
        f"the session is of AssumeRoot with {assumed['task']}",
        "Make the call with a role of the account: the session comes from AssumeRoot, and its task policy "
        f"{assumed['task']} limits it to that task. {what} is not part of the task, although the session is a root "
        "user's session.",
        "Unset the session's credentials, and call with a role of the account",
        Who.CALLER,
        "the caller's credentials",
        "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, then sign in as a role of that account.",
    )
    return replace(decision, nearer=True)
