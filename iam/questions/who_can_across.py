"""Find who may perform an action, in several accounts.

An account is opened only if the resource's policy may accept its principals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from iam.arn import Arn, account_of
from iam.layers import LayerReading
from iam.organization.accounts import Accounts
from iam.organization.place import Place
from iam.policy.compiled import CompiledStatement
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.match import has_wildcard
from iam.policy.principal import TRUST_ACTIONS, Kind, caller
from iam.policy.request import NamedPolicy
from iam.questions.answers import AccessVerdict, PrincipalAnswer, WhoCan
from iam.questions.index import AccountIndex, may_name
from iam.questions.trust_index import trust_index
from iam.questions.who_can import Across, nobody_asked, who_can
from iam.sources.reader.opened import OpenedAccount

_UNIT = re.compile(r"\bou-[a-z0-9]{4,32}(?:-[a-z0-9]{8,32})?", re.IGNORECASE)
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
_PATHS = ("aws:principalorgpaths", "aws:sourceorgpaths")
_ORGANIZATIONS = ("aws:principalorgid", "aws:sourceorgid")


@dataclass(frozen=True, slots=True)
class NotFound:
    """Accounts, units, organizations and principals that the resource's policy names and that were not found."""

    accounts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoCanAcross:
    """The answer for several accounts.

    ``owner`` is the resource's account, or None if no account that was read has it. ``all_accounts_checked``: no
    account of the organization was left out or unread.
    """

    answer: WhoCan
    owner: str | None
    not_found: NotFound
    all_accounts_checked: bool


def who_can_across(
    accounts: Accounts,
    action: str,
    resource: str = "*",
    context: Mapping[str, tuple[str, ...]] | None = None,
    *,
    within: Sequence[str] | None = None,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> WhoCanAcross:
    """Return every principal in several accounts that may perform the action, with its account.

    ``within`` are the accounts to query, None for all. If the resource is a pattern without an account, each account is
    queried for its own resources. May block. Raises `iam.questions.who_can.QuestionError` for an invalid action.
    """
    asked = [id for id in accounts.ids if within is None or id in within]
    owner = _owner(accounts, resource)
    found = list(answers_of(accounts, action, resource, context, asked, owner=owner, progress=progress))
    if owner is not None and owner not in asked and (side := accounts.opened(owner)) is not None:
        index = AccountIndex(side.account, side.reader)
        of_owner = who_can(index, action, resource, context, across=Across(accounts, owner))
        found.append(replace(_of_account(of_owner, owner, owner, accounts, known=True), principals=(), kept_out=()))
    if not found:  # no principal of these accounts has access, but the question itself may still be wrong
        found.append(nobody_asked(action, resource))
    policy = _policy_of(accounts, owner, resource) if owner is not None and not has_wildcard(resource) else None
    return WhoCanAcross(
        _merged(found),
        owner,
        _not_found(policy, action, accounts) if policy is not None else NotFound(),
        all_read(accounts) and set(asked) == set(accounts.ids),
    )


def answers_of(
    accounts: Accounts,
    action: str,
    resource: str,
    context: Mapping[str, tuple[str, ...]] | None,
    asked: Sequence[str],
    *,
    owner: str | None,
    index_of: Callable[[OpenedAccount], AccountIndex] = lambda opened: AccountIndex(opened.account, opened.reader),
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> Iterator[WhoCan]:
    """Yield answers for those accounts in ``asked`` whose principals the policy of ``owner``'s resource may accept.

    May block. Raises `iam.questions.who_can.QuestionError`.
    """
    named = Arn.parse(resource) is not None and resource != "*"
    if has_wildcard(resource) and action.lower() in TRUST_ACTIONS:
        owners = accounts.ids if owner is None else (owner,)
        yield from _who_assume(accounts, action, resource, context, asked, owners, index_of, progress)
        return
    for number, id in enumerate(asked):
        progress(number, len(asked))
        there = owner if named else id
        if there != id and not _may_reach(accounts, there, resource, action, id):
            continue
        opened = accounts.opened(id)
        if opened is not None:
            answer = who_can(index_of(opened), action, resource, context, across=Across(accounts, there))
            yield _of_account(answer, id, there, accounts, known=there is not None)


SIDE_BY_SIDE = 16
"""The number of accounts whose roles are processed together, so that both accounts of a pair are in memory."""


def _who_assume(
    accounts: Accounts,
    action: str,
    resource: str,
    context: Mapping[str, tuple[str, ...]] | None,
    asked: Sequence[str],
    owners: Sequence[str],
    index_of: Callable[[OpenedAccount], AccountIndex],
    progress: Callable[[int, int], object],
) -> Iterator[WhoCan]:
    """Yield the answers for a pattern of roles.

    Principals are evaluated only for roles whose trust policies may admit them.
    """
    trusts = trust_index(accounts, owners, action, resource)
    total = len(owners)
    for first in range(0, total, SIDE_BY_SIDE):
        progress(first, total)
        for id in asked:
            index: AccountIndex | None = None
            for there in owners[first : first + SIDE_BY_SIDE]:
                # An account's own roles are always evaluated, because they may also accept principals from outside.
                roles = None if there == id else trusts.roles(there, id)
                if roles is not None and not roles:
                    continue
                opened = accounts.opened(id)
                if opened is None:
                    break
                index = index or index_of(opened)
                answer = who_can(index, action, resource, context, across=Across(accounts, there, roles))
                yield _of_account(answer, id, there, accounts, known=True)


def all_read(accounts: Accounts) -> bool:
    """Whether every account of the organization was read."""
    return accounts.tree is not None and accounts.tree.complete and not accounts.missing


def _owner(accounts: Accounts, resource: str) -> str | None:
    number = account_of(resource)
    return number if number is not None or not resource.startswith("arn:") else accounts.owner_of(resource)


def _policy_of(accounts: Accounts, owner: str, resource: str) -> NamedPolicy | None:
    opened = accounts.opened(owner)
    document = opened.reader.resource_policy(resource).value if opened is not None else None
    return NamedPolicy(document, "resource policy") if document is not None else None


def _may_reach(accounts: Accounts, owner: str | None, resource: str, action: str, account: str) -> bool:
    """Whether an account may have access to another account's resource.

    False if the resource's policy names only other accounts.
    """
    opened = accounts.opened(owner) if owner is not None else None
    if owner is None or opened is None:
        return True
    if has_wildcard(resource):
        return True
    reading = opened.reader.resource_policy(resource)
    if reading.value is None:
        return reading.unreadable
    return any(_lets_in(one, account) for one in _allows(NamedPolicy(reading.value, ""), action))


def _allows(policy: NamedPolicy, action: str) -> Iterable[CompiledStatement]:
    lowered = action.lower()
    wild = has_wildcard(action)
    for one in ready(policy, Layer.RESOURCE).statements:
        if not one.deny and (may_name(one, lowered) if wild else one.action.names(lowered)):
            yield one


def _lets_in(one: CompiledStatement, account: str) -> bool:
    element = one.principal
    if element is None or element.everyone or element.negated:
        return True
    # A unique ID may belong to a role or user of any account.
    return any(
        account in value or (kind == "AWS" and not value.startswith("arn:") and not value.isdigit())
        for kind, value in element.pairs
    )


_NOBODY_HAS = "No account that was read has this resource, so the resource's own policy was not checked."
_UNASKED = (
    "Both sides must allow the request, but the resource's own policy, in another account, was not read or not checked."
)


def _of_account(answer: WhoCan, account: str, owner: str | None, accounts: Accounts, *, known: bool) -> WhoCan:
    """Return the answer of one account. Access that only an unread resource policy could allow is unknown."""
    roles = answer.action.lower() in TRUST_ACTIONS  # the trust policies of roles are looked up one by one
    pattern = has_wildcard(answer.resource) and not roles
    unread = any(each.layer is Layer.RESOURCE for each in answer.unread)
    # Whether the decision is open because the owner's policy was not read, or because the owner is unknown.
    open_side = answer.resource != "*" and (not known or (owner != account and (unread or pattern)))

    def placed(reading: LayerReading) -> LayerReading:
        """Return the reading with its account: the caller's, or the resource's."""
        of = owner if reading.layer in (Layer.RESOURCE, Layer.RCP) else account
        if not reading.unread or of is None or of in reading.why:
            return reading
        words = accounts.standing(of).words
        return replace(reading, why=f"{words[0].upper()}{words[1:]}: {reading.why}")

    answer = replace(answer, unread=tuple(map(placed, answer.unread)))

    def own(one: PrincipalAnswer) -> PrincipalAnswer:
        unread = tuple(dict.fromkeys((*map(placed, one.unread), *answer.unread)))
        one = replace(one, account=account, unread=unread)
        if open_side and one.granted:
            return replace(one, verdict=AccessVerdict.UNKNOWN, rule=_UNASKED if known else _NOBODY_HAS)
        return one

    others = []
    if owner == account:
        for one in answer.others:
            number = caller(one.arn).account
            place = accounts.standing(number).place if number is not None else None
            if place is Place.READ:
                continue  # the answer for that account was computed separately
            others.append(replace(one, account=number))
    return replace(
        answer,
        principals=tuple(map(own, answer.principals)),
        others=tuple(others),
        kept_out=tuple(replace(one, account=account) for one in answer.kept_out),
    )


_ORDER = (AccessVerdict.ALLOWED, AccessVerdict.CONDITIONAL, AccessVerdict.UNKNOWN, AccessVerdict.DENIED)


def _merged(found: Sequence[WhoCan]) -> WhoCan:
    """Merge the answers of several accounts. If a principal occurs in several, its best answer is used."""
    first = found[0]

    def joined(groups: Iterable[tuple[PrincipalAnswer, ...]]) -> tuple[PrincipalAnswer, ...]:
        best: dict[str, PrincipalAnswer] = {}
        for one in (each for group in groups for each in group):
            had = best.get(one.arn)
            if had is None:
                best[one.arn] = one
            elif _ORDER.index(one.verdict) < _ORDER.index(had.verdict):
                best[one.arn] = replace(one, resources_if=(*one.resources_if, *had.resources))
            elif one.verdict is had.verdict:
                resources = tuple(dict.fromkeys((*had.resources, *one.resources)))
                # Equal documents of two accounts are one object, so statements are distinguished by their policies.
                said = {(each.layer, each.policy.arn, each.policy.name, each.statement, each.level): each
                        for each in (*one.statements, *had.statements)}  # fmt: skip
                best[one.arn] = replace(had, resources=resources, statements=tuple(said.values()))
        return tuple(sorted(best.values(), key=lambda one: (_ORDER.index(one.verdict), one.account or "", one.name)))

    allowed = joined(each.principals for each in found)
    able = {one.arn for one in allowed}
    return replace(
        first,
        principals=allowed,
        others=joined(each.others for each in found),
        kept_out=tuple(one for one in joined(each.kept_out for each in found) if one.arn not in able),
        unread=tuple(dict.fromkeys(reading for each in found for reading in each.unread)),
        not_listed=tuple(dict.fromkeys(sentence for each in found for sentence in each.not_listed)),
        notes=tuple(dict.fromkeys(note for each in found for note in each.notes)),
    )


def _not_found(policy: NamedPolicy, action: str, accounts: Accounts) -> NotFound:
    """Return the principals in the Allow statements for the action that were not found in the data read."""
    numbers: dict[str, None] = {}
    units: dict[str, None] = {}
    organizations: dict[str, None] = {}
    principals: dict[str, None] = {}
    tree = accounts.tree
    for one in _allows(policy, action):
        for kind, value in one.principal.pairs if one.principal is not None and not one.principal.negated else ():
            if kind == "AWS" and value != "*":
                _look_for(value, accounts, numbers, principals)
        for block in one.statement.conditions:
            if block.key.lower() in _PATHS:
                named = {unit for value in block.values for unit in _UNIT.findall(value)}
                units.update(dict.fromkeys(unit for unit in sorted(named) if tree is None or tree.unit(unit) is None))
            if block.key.lower() in (*_ORGANIZATIONS, *_PATHS):
                ids = {id for value in block.values for id in _ORGANIZATION.findall(value.partition("/")[0])}
                organizations.update(dict.fromkeys(id for id in sorted(ids) if tree is None or id != tree.id))
            if block.key.lower() == "aws:principalaccount":
                unread = (each for each in block.values if each.isdigit())
                numbers.update(dict.fromkeys(id for id in unread if accounts.standing(id).place is not Place.READ))
            if block.key.lower() == "aws:principalarn":
                for value in block.values:
                    if not has_wildcard(value):
                        _look_for(value, accounts, numbers, principals)
    return NotFound(tuple(numbers), tuple(units), tuple(organizations), tuple(principals))


def _look_for(value: str, accounts: Accounts, numbers: dict[str, None], principals: dict[str, None]) -> None:
    who = caller(value)
    number = who.account or (value if value.isdigit() else None)
    if number is None:
        if accounts.holder_of_id(value) is None:
            principals[value] = None
        return
    opened = accounts.opened(number)
    if opened is None:
        numbers[number] = None
        return
    role = who.kind in (Kind.ROLE, Kind.SESSION)
    if who.name and (role or who.kind is Kind.USER):
        found = opened.account.role(who.name) if role else opened.account.user(who.name)
        if found is None:
            principals[value] = None
