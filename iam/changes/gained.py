"""Find what a plan exposes: roles that strangers can assume afterwards, and principals that become administrators.

Both must be confirmed by typing a name, like removals. A stranger is everybody, another account, or an identity from an
identity provider (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html). An
administrator is allowed ``*`` on ``*`` without a condition, and no permissions boundary limits that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from iam.account import Account, Group, Role, User
from iam.arn import Arn, name_of
from iam.changes.call import Call
from iam.foreign_text import shortened
from iam.policy.document import Document, PolicyError
from iam.policy.statements import ConditionBlock, Statement
from iam.words import joined, listing

_ADMINISTRATOR = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/AdministratorAccess")
_ACCOUNT = re.compile(r"\d{12}")
_ASSUME = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")
_EVERYBODY = "*"
_MOST = 5


@dataclass(frozen=True, slots=True)
class Opening:
    """Something that a plan exposes. ``sentence`` says who gains what; ``name`` must be typed to confirm it."""

    sentence: str
    name: str


@dataclass(frozen=True, slots=True)
class _Stranger:
    """A stranger whom a trust policy statement allows to assume the role.

    ``who`` is ``*``, an account's ID, an ARN of another account, or an identity provider.
    """

    who: str
    federated: bool
    conditions: tuple[ConditionBlock, ...]

    def covers(self, other: _Stranger) -> bool:
        """Whether the other stranger gains only access that this stranger gains too."""
        named = self.who in (other.who, _EVERYBODY, _account_of(other.who)) and self.federated == other.federated
        return named and all(any(_tighter(mine, its) for its in other.conditions) for mine in self.conditions)


def openings(calls: Iterable[Call], account_id: str) -> tuple[Opening, ...]:
    """Return what the trust policies in the calls expose to strangers, in the order of the calls."""
    found: list[Opening] = []
    for call in calls:
        before: list[Document] = []
        if call.operation == "UpdateAssumeRolePolicy":
            after = Document(call.text("PolicyDocument"))
            if call.undo is not None:
                before = [Document(call.undo.text("PolicyDocument"))]
        elif call.operation == "CreateRole":
            after = Document(call.text("AssumeRolePolicyDocument"))
        else:
            continue
        name = call.text("RoleName")
        found += (Opening(sentence, name) for sentence in _let_in(name, after, before, account_id))
    return tuple(dict.fromkeys(found))


def made_administrator(role: Role, account: Account) -> tuple[Opening, ...]:
    """Return an `Opening` if the role, which does not exist yet, will be an administrator; otherwise an empty tuple."""
    return (_administrators([role]),) if administers(role, account) else ()


def new_administrators(before: Account, after: Account) -> tuple[Opening, ...]:
    """Return an `Opening` if roles or users that exist in both accounts are administrators only in ``after``.

    Policies that were not read are ignored.
    """
    were: dict[str, Role | User] = {each.arn: each for each in _holders(before)}
    changed = changed_holders(before, after)
    found = [each for each in changed if administers(each, after) and not administers(were[each.arn], before)]
    return (_administrators(found),) if found else ()


def changed_holders(before: Account, after: Account) -> list[Role | User]:
    """Return the roles and users of ``after`` that also exist in ``before``, if their permissions may differ."""
    were: dict[str, Role | User] = {each.arn: each for each in _holders(before)}
    documents = {each.arn: each.document for each in before.policies or ()}
    policies = {each.arn for each in after.policies or () if documents.get(each.arn) != each.document}
    former = {each.name: each for each in before.groups or ()}
    groups = {
        each.name
        for each in after.groups or ()
        if each is not former.get(each.name) or policies.intersection(_attached(each))
    }
    return [
        each
        for each in _holders(after)
        if each.arn in were
        and (
            each is not were[each.arn]
            or policies.intersection((*_attached(each), each.boundary_arn or ""))
            or (isinstance(each, User) and groups.intersection(each.groups or ()))
        )
    ]


def administers(holder: Role | User, account: Account) -> bool:
    """Whether the policies that were read allow the role or user everything."""
    if holder.boundary_arn is not None and not _gives_all(holder.boundary_arn, account):
        return False
    groups = [each for each in account.groups or () if isinstance(holder, User) and each.name in (holder.groups or ())]
    holders: list[Role | User | Group] = [holder, *groups]
    return any(
        any(_all(policy.document) for policy in each.inline or ())
        or any(_gives_all(arn, account) for arn in _attached(each))
        for each in holders
    )


def _holders(account: Account) -> Iterator[Role | User]:
    yield from account.roles
    yield from account.users or ()


def _attached(holder: Role | User | Group) -> tuple[str, ...]:
    return tuple(each.arn for each in holder.attached or ())


def _gives_all(arn: str, account: Account) -> bool:
    policy = account.policy(arn)
    known = policy is not None and policy.document is not None and _all(policy.document)
    return known or _ADMINISTRATOR.fullmatch(arn) is not None


def _all(document: Document) -> bool:
    return any(
        each.effect == "Allow"
        and not each.conditions
        and {"*", "*:*"}.intersection(each.action or ())
        and "*" in (each.resource or ())
        for each in _statements(document)
    )


def _statements(document: Document) -> tuple[Statement, ...]:
    try:
        return document.statements
    except PolicyError:
        return ()


def _administrators(holders: Sequence[Role | User]) -> Opening:
    names = [shortened(each.name) for each in holders]
    if len(names) == 1:
        return Opening(
            f"{names[0]} becomes an administrator: it can perform every action on every resource (* on *).",
            holders[0].name,
        )
    said = listing(names, limit=_MOST)
    return Opening(
        f"{said} become administrators: they can perform every action on every resource (* on *).",
        f"{len(names)} administrators",
    )


# Trust policies.


def _let_in(role: str, after: Document, before: Iterable[Document], account_id: str) -> Iterator[str]:
    former = [statement for document in before for statement in _statements(document)]
    now = _statements(after)
    # A Deny that was removed may have excluded anybody.
    denials = {_said(each) for each in now if each.effect == "Deny"}
    lifted = any(each.effect == "Deny" and _said(each) not in denials for each in former)
    had = [] if lifted else list(_strangers(former, account_id))
    found = [each for each in dict.fromkeys(_strangers(now, account_id)) if not any(one.covers(each) for one in had)]
    for each in found[:_MOST]:
        yield f"{_who(each)} may assume {shortened(role)}{_if(each.conditions)}."
    if len(found) > _MOST:
        yield f"{len(found) - _MOST} more external principals may assume {shortened(role)}."


def _said(each: Statement) -> tuple[object, ...]:
    return (each.principal, each.not_principal, each.action, each.not_action, each.conditions)


def _strangers(statements: Iterable[Statement], account_id: str) -> Iterator[_Stranger]:
    for each in statements:
        if each.effect != "Allow" or not _assumes(each):
            continue
        if each.not_principal is not None:
            yield _Stranger(_EVERYBODY, False, each.conditions)
        for kind, value in each.principal or ():
            if kind == "Federated":
                yield _Stranger(value, True, each.conditions)
            elif kind in ("*", "AWS"):
                who = _account_of(value) if value.endswith(":root") else value
                everybody = who == _EVERYBODY and not _of_own_account(each.conditions, account_id)
                if everybody or _account_of(who) not in ("", account_id):
                    yield _Stranger(who, False, each.conditions)


def _assumes(each: Statement) -> bool:
    if each.action is None:
        return each.not_action is not None
    return any(fnmatchcase(action, pattern.lower()) for pattern in each.action for action in _ASSUME)


def _account_of(who: str) -> str:
    """Return the account that a principal is or belongs to, or ""."""
    if _ACCOUNT.fullmatch(who):
        return who
    arn = Arn.parse(who)
    return arn.account if arn is not None else ""


def _of_own_account(conditions: Iterable[ConditionBlock], account_id: str) -> bool:
    """Whether only principals of this account meet the conditions."""
    return any(
        each.operator in ("StringEquals", "StringLike")
        and each.key.lower() == "aws:principalaccount"
        and each.values == (account_id,)
        for each in conditions
    )


def _tighter(mine: ConditionBlock, its: ConditionBlock) -> bool:
    """Whether every request that meets the second condition also meets the first."""
    if (mine.operator, mine.key.lower()) != (its.operator, its.key.lower()):
        return False
    first, second = set(mine.values), set(its.values)
    return first <= second if "Not" in mine.operator else second <= first


def _who(stranger: _Stranger) -> str:
    if stranger.who == _EVERYBODY and not stranger.federated:
        return "Everybody, in any AWS account,"
    if stranger.federated:
        arn = Arn.parse(stranger.who)
        return f"Anyone who signs in through {shortened(name_of(stranger.who) if arn is not None else stranger.who)}"
    if _ACCOUNT.fullmatch(stranger.who):
        return f"Another account, {stranger.who},"
    return f"{shortened(stranger.who, 160)}, of another account,"


def _if(conditions: Iterable[ConditionBlock]) -> str:
    found = [f"{each.key} {each.operator} {joined(each.values, 'or')}" for each in conditions]
    return f" if {shortened(joined(found), 300)}" if found else ""
