"""A change of a role that AWS keeps, refused for want of a permission: no Allow would let anybody make it."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.fix import Fix
from diagnostics.other.protected import owned_parts
from iam.account import Account
from iam.arn import account_of, name_of
from iam.policy.reserved import kept_from_everybody
from iam.service_reference import spelled


def protected_target_parts(subject: Subject, account: Account) -> Iterator[Step | Verdict | Fix]:
    """Whose role it is, verdict and what to do instead; nothing where the action could be allowed."""
    action, arn = (subject.action or "").lower(), subject.resource or ""
    if ":role/" not in arn or not kept_from_everybody(action, arn):
        return
    role = account.role(arn) if account_of(arn) in (account.id, None) else None
    said = f"{arn}: its path is one that AWS keeps"
    call = "iam:GetRole" if role is not None else None
    evidence = (Evidence(text=said, arn=arn, call=call),)
    yield Step("owner", "Whose role it is", Status.FAIL, said, evidence)
    written = spelled(subject.action or "")
    besides = f" An Allow of {written} would not help: IAM refuses the change itself."
    yield from owned_parts(role, name_of(arn), written.partition(":")[2], besides)
