"""Compare a file operation of AWS Transfer Family with the session policy of its user."""

from __future__ import annotations

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.causes.look import written_values
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.words import listing

# These variables have a value only in a session policy.
_VARIABLE = regex(r"\$\{transfer:(?:HomeBucket|HomeDirectory|HomeFolder|UserName)\}")


def of_a_transfer_user(denial: Denial) -> Finding | None:
    """Return a finding if the user's session policy lacks the action, which the role cannot make up for; else None.

    AWS Transfer Family User Guide, "Creating a session policy for an Amazon S3 bucket"
    (https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html).
    """
    text, action = denial.pasted or denial.text, denial.action or ""
    if not action.startswith("s3:") or denial.stated_reason or not _VARIABLE.search(text):
        return None
    statements = text[max(0, text.rfind("Statement", 0, _first(text))) :]
    allowed = tuple(written_values(statements, "Action"))
    if not allowed or names_action(allowed, action):
        return None
    said = f"the session policy of the Transfer Family user has {listing(allowed)}, and not {action}"
    change = (
        f"Add {action} on arn:aws:s3:::${{transfer:HomeDirectory}}* to the Policy of the user (aws transfer "
        "update-user), and connect again. Leave the role as it is."
    )
    fix = Fix(f"Allow {action} in the user's session policy", Who.RESOURCE_OWNER, Note("the session policy", change))
    return Finding(
        f"session.{Fault.NO_ACTION.value}",
        said,
        f"In the text, {said}. A session may do only what both this policy and the role allow, so more permissions of "
        "the role do not help.",
        fix=fix,
    )


def _first(text: str) -> int:
    found = _VARIABLE.search(text)
    return found.start() if found else 0
