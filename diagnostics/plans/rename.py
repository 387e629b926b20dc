"""Rename a role by creating a new role. Documents that name the old role then name both roles.

IAM cannot rename a role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.plans.changes import CopyAs
from diagnostics.plans.references import RoleReference, changed, references
from iam import field_rules as fields
from iam.account import Group, InlinePolicy, ManagedPolicy, Role, User
from iam.changes.builders.policies import new_version, put_inline, together, whole_policy
from iam.changes.builders.roles import update_trust
from iam.changes.in_use import role_use
from iam.changes.plan import NothingToDo, Plan, PlanError
from iam.facts import quotas
from iam.foreign_text import shortened
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined


@dataclass(frozen=True, slots=True)
class Rename:
    """Create a new role with the trust policy, policies, boundary, tags and instance profile of the old one.

    Trust policies, inline and customer managed policies that name the old role then name both. The old role stays until
    nothing uses it.
    """

    name: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        if fault := fields.name_fault(self.name):
            raise PlanError(fault)
        if role.service_owned:
            raise PlanError(
                f"The role {role.name} belongs to an AWS service, and only that service may change the role."
            )
        taken = opened.account.role_ignoring_case(self.name)
        if taken is not None:
            raise PlanError(f"There is already a role {taken.name}, and IAM ignores case when it compares names.")
        new_arn = f"{role.arn.removesuffix(role.name)}{self.name}"
        found, unread = references(role, new_arn, opened)
        plans = [CopyAs(self.name).plan(_with_both(role, found), opened)]
        notes: list[str] = []
        for each in found:
            try:
                plans += _names_both(each, role, opened)
            except NothingToDo:
                continue
            except PlanError as error:
                notes.append(f"{_head(each)} names {role.name} and is not changed here: {error}")
        notes += [note for each in found if (note := _for_others(each, role, new_arn))]
        notes += _to_move(role, new_arn, opened)
        notes += [f"Not checked: {why.rstrip('.')}." for why in unread]
        notes.append(
            f"References to {role.name} outside IAM (pipelines, profiles, templates, other accounts) are not checked. "
            f"The old role remains: delete it (x) once {self.name} is used instead."
        )
        plan = together(f"rename {role.name} to {self.name}", plans, kind=plans[0].kind)
        more = ""
        if len(plans) > 1:
            more = f" Afterwards {joined([each.target.rpartition('/')[2] for each in plans[1:]])} name both roles."
        sentence = f"{plans[0].sentence.rstrip('.')}, with all that {role.name} has.{more}"
        return replace(plan, sentence=sentence, target=new_arn, warnings=(*dict.fromkeys(notes), *plan.warnings))


def _with_both(role: Role, found: tuple[RoleReference, ...]) -> Role:
    """Return the role with both roles named in its own documents, so that the copy has the same documents."""
    own = [each for each in found if isinstance(each.holder, Role) and each.holder.arn == role.arn]
    holder = own[0].holder if own else None
    inline = role.inline and tuple(
        InlinePolicy(each.name, changed(own, holder, each.name) or each.document) for each in role.inline
    )
    return replace(role, trust=changed(own, holder) or role.trust, inline=inline)


def _names_both(each: RoleReference, role: Role, opened: OpenedAccount) -> Iterator[Plan]:
    """Yield the plan that adds the new name to a document, if IAM can change it. The current text is read again.

    Raises `PlanError`.
    """
    holder, account = each.holder, opened.account
    if each.beside is None or holder is None:
        return
    text = each.beside.text
    match holder:
        case ManagedPolicy():
            policy = whole_policy(opened.reader.managed_policy(holder.arn), holder.arn)
            _refuse(fields.managed_fault(each.beside, holder.name))
            if policy.document != holder.document:
                raise PlanError(_SINCE)
            yield new_version(policy, text, account)
        case Role() if not each.inline:
            role_now = opened.reader.role(holder.name).value
            _refuse(fields.trust_fault(each.beside, quotas.TRUST_SIZE.most_in(account.summary)))
            if role_now is None or role_now.trust != holder.trust:
                raise PlanError(_SINCE)
            yield update_trust(role_now, text, account)
        case _:
            now = _now(holder, opened)
            if now is None or now.inline is None or now.inline != holder.inline:
                raise PlanError(_SINCE)
            _refuse(fields.permissions_fault(each.beside, f"inline policy {each.inline}"))
            yield put_inline(now, each.inline, text, account)


_SINCE = "it was changed since the account was read, or could not be read again"


def _now(holder: Role | User | Group, opened: OpenedAccount) -> Role | User | Group | None:
    match holder:
        case Role():
            return opened.reader.role(holder.name).value
        case User():
            return opened.reader.user(holder.name).value
    return opened.reader.group(holder.name).value


def _refuse(fault: str | None) -> None:
    if fault:
        raise PlanError(fault)


def _head(each: RoleReference) -> str:
    where = shortened(each.where, 160)
    return f"{where[0].upper()}{where[1:]}"


def _for_others(each: RoleReference, role: Role, new_arn: str) -> str:
    """Return a sentence about the change that somebody has to make by hand; "" if there is none."""
    if each.by_id:
        return (
            f"{_head(each)} has the unique ID {role.id} of {role.name}: replace this ID with the new role's ID "
            "once the new role exists."
        )
    if each.holder is None:
        return f"{_head(each)} names {role.name} ({joined(each.elements)}): add {new_arn} there."
    return ""


def _to_move(role: Role, new_arn: str, opened: OpenedAccount) -> Iterator[str]:
    """Yield sentences about resources that run with the old role until somebody changes them."""
    use = role_use(role, opened.account, opened.reader)
    if use.running:
        command = "aws ec2 replace-iam-instance-profile-association"
        yield (
            f"The instances {joined(use.running)} run as {role.name} until their instance profile is replaced: "
            f"{command}"
        )
    for each in use.bound:
        how = " (aws lambda update-function-configuration --role)" if each.service == "lambda" else ""
        yield (
            f"{each.service} {shortened(each.name)} ({each.use}) runs as {role.name} until it gets the new role{how}: "
            f"{new_arn}"
        )
    yield from use.not_looked_at
