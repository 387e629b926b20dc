"""The role that the text names, or that the operator views."""

from __future__ import annotations

from diagnostics.access_denied.request.assumed_role.principal import principal_to_assume
from diagnostics.access_denied.request.assumed_role.target import Target
from diagnostics.access_denied.request.resources import is_cut_off, without_end
from diagnostics.access_denied.request.subject import Subject, roles_spoken_of
from iam.account import Role
from iam.arn import account_of, name_of
from iam.claims import Source
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount


def named_target(subject: Subject, opened: OpenedAccount, hint: str | None) -> Target | None:
    """Return the role that the text names, or else the one that the operator views."""

    def target(role: Role, source: Source, how: str) -> Target:
        role = with_trust(role, opened.reader)
        return Target(role, source, how, principal_to_assume(subject, role, opened.account))

    if subject.on is not None and subject.resource is not None:
        role = opened.account.role(subject.resource) or opened.account.role(name_of(subject.resource))
        if role is not None and account_of(subject.resource) in (None, opened.account.id):
            return target(role, subject.on.source, "the text names it")
    spoken = roles_spoken_of(subject.denial.text, opened.account)
    spoken = tuple(each for each in spoken if may_be_asked(each, subject))
    if len(spoken) == 1:
        role = opened.account.role(spoken[0])
        assert role is not None
        return target(role, Source.TEXT, "the text contains its name")
    role = opened.account.role(hint) if hint else None
    if role is not None:
        return target(role, Source.OPERATOR, "it is the role that you are looking at")
    return None


def may_be_asked(name: str, subject: Subject) -> bool:
    """Return whether the role with this name may be the requested one.

    If the text shows only the beginning of the requested role's ARN, roles with other names, such as the caller's, are
    excluded.
    """
    asked = subject.denial.resource or ""
    return not is_cut_off(asked) or name.startswith(name_of(without_end(asked)))


def with_trust(role: Role, reader: AccountReader) -> Role:
    return role if role.trust is not None else reader.role(role.name).value or role
