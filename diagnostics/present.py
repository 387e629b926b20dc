"""Read the roles and users that a failure concerns again if the account was read a while ago."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from iam.arn import is_aws_managed, service_of
from iam.policy.principal import Kind, caller

if TYPE_CHECKING:
    from iam.account import Account, Role, User
    from iam.sources.reader.account_reader import AccountReader
    from iam.sources.reader.opened import OpenedAccount

FRESH = timedelta(minutes=5)
"""The maximum age at which the account's data is used without reading it again."""


def at_present(opened: OpenedAccount, arns: Iterable[str]) -> OpenedAccount:
    """Return the account with its time set from the reader's clock.

    If the account was read a while ago, the roles and users in ``arns`` are reread with their policies, because they
    may have changed. Entities that cannot be read again completely are left unchanged. May block.
    """
    account, now = opened.account, opened.reader.clock()
    if account.now == now:
        return opened
    if now - account.now > FRESH:
        account = _read_again(account, opened.reader, arns)
    return replace(opened, account=replace(account, now=now))


def _read_again(account: Account, reader: AccountReader, arns: Iterable[str]) -> Account:
    policies: dict[str, None] = {}
    for arn in dict.fromkeys(arns):
        who = caller(arn)
        if service_of(arn) not in ("iam", "sts") or who.account != account.id or not who.name:
            continue
        holder: Role | User | None = None
        if who.kind in (Kind.ROLE, Kind.SESSION):
            of_role = reader.role(who.name)
            if of_role.absent or (of_role.value is not None and not of_role.note):
                holder = of_role.value
                others = [role for role in account.roles if role.name != who.name]
                account = replace(account, roles=(*others, *([holder] if holder is not None else [])))
        elif who.kind is Kind.USER:
            of_user = reader.user(who.name)
            if of_user.absent or (of_user.value is not None and not of_user.note):
                holder = of_user.value
                if account.users is not None:  # a list that was never read stays unknown
                    users = [user for user in account.users if user.name != who.name]
                    account = replace(account, users=(*users, *([holder] if holder is not None else [])))
        for attached in (holder.attached if holder is not None else None) or ():
            policies[attached.arn] = None
        if holder is not None and holder.boundary_arn:
            policies[holder.boundary_arn] = None
    for arn in policies:
        policy = reader.managed_policy(arn) if not is_aws_managed(arn) else None
        if account.policies is not None and policy is not None and policy.value is not None and not policy.note:
            kept = (each for each in account.policies if each.arn != arn)
            account = replace(account, policies=(*kept, policy.value))
    return account
