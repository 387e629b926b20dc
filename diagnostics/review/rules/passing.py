"""A rule about principals that may pass any role. Its fix names the roles and services instead."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.fixes.place import place_of
from diagnostics.fix import Fix, OtherPlace, PolicyChange
from diagnostics.review.finding import Finding
from diagnostics.review.rules.shared import finding_of
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.arn import is_aws_managed
from iam.claims import verified
from iam.passed_roles import PASSED_TO
from iam.policy.document import Document
from iam.policy.edits import as_list, as_written, statements_of
from iam.policy.layer import Layer
from iam.policy.match import compile_glob
from iam.policy.request import NamedPolicy
from iam.questions.index import Principal
from iam.risks.administrator import administrators
from iam.risks.judged_account import statements
from iam.risks.permissions import pass_role
from iam.risks.risk import Risk
from iam.services import service_name
from iam.words import listing, plural

MOST_ROLES = 20
"""The maximum number of roles that a statement names individually."""
_PASS = "iam:passrole"


def pass_any(reviewed: ReviewedAccount, principal: Principal) -> Iterator[Finding]:
    """Report the risk. The fix limits passing to roles that the principal can pass to a service they trust."""
    for risk in pass_role(reviewed, principal):
        found = finding_of(risk)
        fix = _narrower(reviewed, principal, risk)
        yield found if fix is None else replace(found, fixes=(fix, *found.fixes))


def _narrower(reviewed: ReviewedAccount, principal: Principal, risk: Risk) -> Fix | None:
    """Return the fix with a narrower statement.

    Return None if this account cannot change the statement, or if it names iam:PassRole only by a pattern.
    """
    proof = risk.proofs[0]
    policy, index = proof.policy, proof.statement
    if index is None or is_aws_managed(policy.arn) or isinstance(place_of(policy), OtherPlace):
        return None
    statement = statements_of(policy.document.value)[index]
    actions = as_list(statement.get("Action"))
    others = [each for each in actions if each.lower() != _PASS]
    if len(others) == len(actions) or any(_names(each) for each in others) or "Resource" not in statement:
        return None
    passed = _passed(reviewed, principal, as_list(statement["Resource"]))
    if not passed or len(passed) > MOST_ROLES:
        return None
    services = sorted(set().union(*passed.values()))
    condition = copy.deepcopy(statement.get("Condition") or {})
    condition.setdefault("StringEquals", {})["iam:PassedToService"] = as_written(services)
    narrow = {**statement, "Action": "iam:PassRole", "Resource": as_written(sorted(passed)), "Condition": condition}
    rest = {**statement, "Action": as_written(others)}
    if others:
        narrow.pop("Sid", None)
    value: dict[str, Any] = copy.deepcopy(policy.document.value)
    listed = statements_of(value)
    listed[index : index + 1] = [rest, narrow] if others else [narrow]
    after = Document.from_value({**value, "Statement": listed})
    changed = NamedPolicy(after, policy.name, policy.arn, policy.holder)
    identity = tuple(changed if each is policy else each for each in principal.identity)
    closed = verified(next(pass_role(reviewed, replace(principal, identity=identity)), None) is None)
    named = listing([service_name(each) or each for each in services], limit=3)
    title = f"Pass only {plural(len(passed), 'role')}, to {named}"
    cautions = ("Add the roles that the caller will need to pass", *_left_out(reviewed, as_list(statement["Resource"])))
    change = PolicyChange(place_of(policy), narrow, policy.document, after)
    return Fix(title, Who.YOU, change, verified=closed, cautions=cautions)


def _names(pattern: str) -> bool:
    return compile_glob(pattern.lower())(_PASS)


def _passed(reviewed: ReviewedAccount, principal: Principal, resources: list[str]) -> dict[str, set[str]]:
    """Return the roles in the statement that the principal can pass to a service, by ARN, with these services.

    The role must trust them. Roles with full access are left out.
    """
    number = reviewed.index.by_arn[principal.entity.arn]
    handed = {service for action, service in PASSED_TO.items() if number in reviewed.able(action)}
    grave = administrators(reviewed)
    found: dict[str, set[str]] = {}
    for role in reviewed.roles:
        trust = reviewed.trust(role)
        if trust is None or role.arn in grave or not any(compile_glob(each)(role.arn) for each in resources):
            continue
        trusted = {
            value
            for one in statements(trust, Layer.RESOURCE)
            if not one.deny and one.principal is not None
            for kind, value in one.principal.pairs
            if kind == "Service"
        }
        if both := trusted & handed:
            found[role.arn] = both
    return found


def _left_out(reviewed: ReviewedAccount, resources: list[str]) -> tuple[str, ...]:
    grave = [
        arn
        for arn in administrators(reviewed)
        if ":role/" in arn and any(compile_glob(each)(arn) for each in resources)
    ]
    return (f"{plural(len(grave), 'role')} with full access can no longer be passed",) if grave else ()
