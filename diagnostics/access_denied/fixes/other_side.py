"""Fixes for the other account of a cross-account request: what it has to add, ready to send.

Both accounts have to allow such a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.notes import request_words
from diagnostics.access_denied.fixes.statements import foreign_caller_note, principal_element, resource_policy_fixes
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import account_of, name_of
from iam.policy.edits import printed
from iam.policy.principal import Kind
from iam.service_reference import spelled


def other_side(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield the fix for the account that could not be read, if the finding is about the account that was read."""
    if not case.cross_account or not case.resource_known or finding.fault == "explicit-deny":
        return
    if finding.word in ("identity", "boundary") and case.unread & {"resource", "trust"}:
        yield from _resources_side(case)
    elif finding.word in ("resource", "trust") and "identity" in case.unread and case.caller.kind is not Kind.SERVICE:
        yield foreign_caller_note(case)


def _resources_side(case: Case) -> Iterator[Fix]:
    if not case.trust:
        yield from (replace(fix, verified=None, hangs_on=()) for fix in resource_policy_fixes(case))
        return
    principal = principal_element(case)
    role, owner = name_of(case.request.resource), account_of(case.request.resource)
    statement = {"Effect": "Allow", "Principal": principal, "Action": spelled(case.request.action)}
    yield Fix(
        f"Ask account {owner} to name {case.caller.name} in the trust policy of {role}, which cannot be read from here",
        Who.RESOURCE_OWNER,
        Note(
            case.request.resource,
            f"{request_words(case)}. The trust policy of {role} must also allow the call, for instance with this "
            f"statement (with an external ID, if we are a third party to you):\n{printed(statement)}",
        ),
    )
