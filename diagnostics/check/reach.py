"""Check how many existing resources a role's own policies match: none, one, or all of a kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.arn import Arn
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.creation.statements.action_table import ActionTable, action_table
from iam.creation.statements.parts import Parts, StatementPart, Weight, all_kinds, remarks
from iam.foreign_text import shortened
from iam.gate.finding import GateFinding
from iam.policy.document import Document, PolicyError
from iam.policy.match import compile_glob, has_wildcard
from iam.policy.statements import Statement
from iam.risks.administrator import administrators
from iam.words import listing

_MOST_NAMED = 3
_ON_ROLES = ("iam:passrole", "sts:assumerole")


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a statement: the field of the specification, the policy's name, and the line."""

    field: str
    name: str
    line: int

    def warning(self, code: str, text: str, way: str = "") -> GateFinding:
        return GateFinding(code, text, way, self.field, self.name, self.line)


def reach_findings(spec: RoleSpec, reviewed: ReviewedAccount) -> Iterator[GateFinding]:
    """Yield findings about the resources in the role's policies.

    This loads AWS's list of actions and, if a pattern matches roles, determines which roles are administrators.
    """
    table = action_table()
    facts = AccountFacts.of(reviewed.account)
    others = tuple(role for role in reviewed.account.roles if role.name != spec.name)
    for field, name, document in _own(spec):
        try:
            listed = document.statements
        except PolicyError:
            continue  # the check of the fields has reported this
        for statement in listed:
            if statement.effect != "Allow" or statement.action is None or statement.resource is None:
                continue
            place = _Place(field, name, statement.first_line)
            yield from _kinds(statement, place, table, facts)
            for written in statement.resource:
                if written == "*" and "sts:assumerole" in {action.lower() for action in statement.action}:
                    text = (
                        "sts:AssumeRole on * matches every role, in any account, whose trust policy allows this role."
                    )
                    yield place.warning("reach.roles", text, "Name the intended roles.")
                if ":role/" in written or written.endswith((":role*", ":*")):
                    yield from _roles(written, statement, place, others, reviewed)


def _own(spec: RoleSpec) -> Iterator[tuple[str, str, Document]]:
    yield from (("inline", each.name, each.document) for each in spec.inline)
    yield from (("policies", each.name, each.document) for each in spec.new_policies)


def _kinds(statement: Statement, place: _Place, table: ActionTable, facts: AccountFacts) -> Iterator[GateFinding]:
    """Yield findings about resources that the actions do not work on, and about resources with any name.

    ``*`` and unknown actions are left to other checks.
    """
    parts = Parts("Allow", tuple(statement.action or ()), tuple(statement.resource or ()))
    known = table.named(parts.actions)
    for remark in remarks(parts, table, facts):
        if remark.weight not in (Weight.FAULT, Weight.WARNING):
            continue
        if remark.part is StatementPart.RESOURCE:
            if remark.index >= len(parts.resources):
                continue  # it does not exist: lint reports this
            written = parts.resources[remark.index]
            if not written.strip("*") or all(kind.name == "role" for kind in all_kinds(known)):
                continue  # reported by the review, or counted below
            yield place.warning("statement.resource", f"{shortened(written)}: {remark.sentence}")
        elif remark.part is StatementPart.ACTION and remark.index < len(parts.actions):
            if table.action(parts.actions[remark.index]) is None:
                continue
            yield place.warning("statement.action", remark.sentence)


# Roles.


def _roles(
    written: str, statement: Statement, place: _Place, others: tuple[Role, ...], reviewed: ReviewedAccount
) -> Iterator[GateFinding]:
    account = reviewed.account
    arn = Arn.parse(written)
    if arn is None or arn.service != "iam" or "roles" in account.incomplete:
        return
    if not has_wildcard(written):
        if arn.account == account.id and account.role(written) is None and _on_roles(statement):
            near = account.role_ignoring_case(arn.name)
            meant = f" Did you mean {near.arn}?" if near is not None else ""
            yield place.warning("role.missing", f"There is no role {shortened(written)} in this account.{meant}")
        return
    if has_wildcard(arn.account) or not arn.account:
        text = f"{shortened(written)} names roles of any account."
        yield place.warning("reach.accounts", text, f"Write an account number instead: {account.id} for this account.")
    matches = compile_glob(written)
    reached = [role for role in others if matches(role.arn)]
    if not reached:
        return
    every = len(reached) == len(others)
    what = f"all {len(reached):,} roles" if every else f"{len(reached):,} of the {len(others):,} roles"
    able = administrators(reviewed)
    strong = [role.name for role in reached if role.arn in able]
    also = f", {len(strong):,} of them administrators ({listing(strong, limit=_MOST_NAMED)})" if strong else ""
    text = f"{shortened(written)} matches {what} of this account{also}, and roles created later."
    if every or strong:
        yield place.warning("reach.roles", text, "Name the intended roles.")
    else:
        yield GateFinding.fine("reach.roles", text)


def _on_roles(statement: Statement) -> bool:
    return any(action.lower() in _ON_ROLES for action in statement.action or ())
