"""Explain failed changes to roles that belong to AWS: service-linked roles, and those of IAM Identity Center."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.access_denied.request.kept_by_aws import owned_parts
from diagnostics.access_denied.request.subject import roles_spoken_of
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Fix
from diagnostics.text.answer.other_failures import message_step
from iam.account import Role
from iam.lazy_pattern import regex
from iam.sources.reader.opened import OpenedAccount


def explain(failure: OtherFailure, opened: OpenedAccount, hint: str | None) -> Iterator[Step | Verdict | Fix]:
    yield message_step(failure)
    role = _role(failure, opened, hint)
    name = role.name if role is not None else failure.name or "the role"
    if role is not None:
        said = f"{role.arn}: its path is {role.path}, which AWS reserves"
        evidence = (Evidence(text=said, arn=role.arn, call="iam:GetRole"),)
        status = Status.FAIL if role.service_owned else Status.PASS
        yield Step("owner", "Owner of the role", status, said, evidence)
    yield from owned_parts(role, name, failure.operation or _operation(failure.text))


_DELETES = regex(r"\b(?:delete-role|Remove-IAMRole|DeleteRole|deleting IAM Role|delete_role)\b(?!-)", re.IGNORECASE)


def _operation(text: str) -> str | None:
    """Return the operation in the pasted command or the tool's output, for an error that names none."""
    return "DeleteRole" if _DELETES.search(text) else None


def _role(failure: OtherFailure, opened: OpenedAccount, hint: str | None) -> Role | None:
    if failure.name:
        return opened.account.role(failure.name) or opened.reader.role(failure.name).value
    names = (*roles_spoken_of(failure.text, opened.account), hint)
    return next((role for name in names if name and (role := opened.account.role(name)) is not None), None)
