"""Deleting a role: the plan, with everything that speaks against it as warnings."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.kinds import Kind
from diagnostics.already_exists.owner import find_owner
from diagnostics.already_exists.search import Found
from diagnostics.already_exists.use import find_use
from iam.account import Account, Role
from iam.changes.plan import Plan, PlanError
from iam.changes.profiles import finish_deletion
from iam.changes.roles import delete_role, disable_role
from iam.sources.reader import AccountReader, Reading


def deletion_plan(name: str, account: Account, reader: AccountReader) -> Plan:
    """The role is read now, and who owns and uses it is looked for. Raises `PlanError`. May block: call in a worker."""
    reading = reader.role(name)
    if reading.absent:
        return finish_deletion(name, account, reader)
    role = _found(reading, name)
    return delete_role(role, account, warnings=tuple(_against(role, account, reader)))


def disabling_plan(name: str, account: Account, reader: AccountReader) -> Plan:
    """The gentle step before. Raises `PlanError`. May block."""
    return disable_role(_found(reader.role(name), name), account)


def _found(reading: Reading[Role], name: str) -> Role:
    if reading.value is None:
        raise PlanError(reading.why or f"The role {name} is not there any more.")
    return reading.value


def _against(role: Role, account: Account, reader: AccountReader) -> Iterator[str]:
    found = Found(Kind.ROLE, role.name, role.arn, role.path, role, "iam:GetRole")
    owner, _ = find_owner(found, account, reader, reader.events(resource_name=role.name), None)
    use, _ = find_use(found, account, reader)
    if use.recent:
        yield f"In use: {use.recent}."
    if use.users:
        yield f"These run with it and lose their rights: {', '.join(use.users)}."
    if owner.owned:
        yield f"It belongs to {owner.words()}: delete it there, or it is made again, or that fails."
    trusting = [each.name for each in account.roles if each.trust is not None and f'"{role.arn}"' in each.trust.text]
    if trusting:
        yield (
            f"Trust policies of {', '.join(sorted(trusting))} name it: there it turns into an ID that nobody has, and "
            "a new role of this name does not get its place."
        )
    others = [each for each in use.named_in if not any(name in each for name in trusting)]
    if others:
        yield f"Named in: {', '.join(others)}."
    for gap in (*owner.gaps, *use.gaps, *use.unseen):
        yield f"Not looked at: {gap}."
