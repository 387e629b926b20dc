"""A guardrail attached, changed or detached at a target, or an account moved: who gains and loses over all accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.differences.foreign_access import ForeignAccess, foreign_changes, named_elsewhere, resources_of
from diagnostics.differences.report import access_json, assuming_json
from diagnostics.differences.what_if import WhatIf, WhatIfError, WhatIfUnread, put, remove
from diagnostics.differences.whole import AccessDifference, Tell, compare_access
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account
from iam.arn import Arn, account_of
from iam.foreign_text import visible
from iam.organization.accounts import Accounts
from iam.organization.tree import OrganizationTree
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.policy.match import compile_glob
from iam.sources.reader import OpenedAccount

_PATHS = ("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths")


@dataclass(frozen=True, slots=True)
class NamedPath:
    """A statement of an account's policies that asks for the organization's path, of an account that is moved:
    ``before`` and ``after`` say whether the path fits.
    """

    account: str
    holder: str
    statement: int
    sid: str | None
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class OrganizationDifference:
    """``found`` are the differences by account; ``asked`` the accounts below the target; ``unread`` sentences on what
    was left out; ``paths`` the statements that ask for the old or the new path of an account that is moved;
    ``foreign`` what principals gain and lose on resources of other accounts.
    """

    sentence: str
    asked: tuple[str, ...]
    found: dict[str, AccessDifference]
    unread: tuple[str, ...] = ()
    paths: tuple[NamedPath, ...] = ()
    foreign: tuple[ForeignAccess, ...] = ()

    def json(self) -> dict[str, Any]:
        own = [{**access_json(one), "account": account} for account, each in self.found.items() for one in each.found]
        return {
            "change": self.sentence,
            "accounts": list(self.asked),
            "principals": _joined([*own, *(one.json() for one in self.foreign)]),
            "assuming": [
                {**assuming_json(one), "account": account}
                for account, each in self.found.items()
                for one in each.assuming
            ],
            "unread": list(self.unread),
            "paths": [
                {
                    "account": one.account,
                    "holder": one.holder,
                    "statement": one.statement,
                    "sid": one.sid,
                    "before": one.before,
                    "after": one.after,
                }
                for one in self.paths
            ],
        }

    def lines(self, accounts: Accounts) -> Iterator[str]:
        yield visible(f"{self.sentence} Accounts compared: {len(self.found)} of {len(self.asked)}.")
        for account, each in self.found.items():
            if each.found or each.assuming:
                words = accounts.standing(account).words
                yield from ("", visible(f"{words[0].upper()}{words[1:]}:"), *(f"  {line}" for line in each.lines()))
        for other in self.foreign:
            changes = [f"loses {', '.join(other.lost[:5])}"] * bool(other.lost)
            changes += [f"gains {', '.join(other.gained[:5])}"] * bool(other.gained)
            yield visible(f"{other.arn} (account {other.account}) {' and '.join(changes)} on {other.resource}")
        if not self.foreign and not any(each.found or each.assuming for each in self.found.values()):
            complete = not self.unread and all(each.complete for each in self.found.values())
            yield from AccessDifference((), (), 0, complete).lines()
        for one in self.paths:
            fits = "no longer fits" if one.before and not one.after else "fits now" if one.after else "fits neither"
            if one.before != one.after:
                yield visible(
                    f"The path in {one.holder} (account {one.account}), statement {one.statement + 1}, {fits}."
                )
        yield from (visible(f"? {each}") for each in self.unread)


def _joined(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each principal, sorted by account and ARN; an action that it has already is not told again."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        had = found.setdefault(entry["arn"], entry)
        if had is not entry:
            for key in ("gained", "lost"):
                known = {action for one in had[key] for action in one["actions"]}
                had[key] = [*had[key], *(one for one in entry[key] if not known.issuperset(one["actions"]))]
    return sorted(found.values(), key=lambda one: (one["account"], one["arn"]))


def put_across(
    accounts: Accounts, document: Document, at: str, kind: PolicyKind | None, within: Sequence[str] | None, tell: Tell
) -> OrganizationDifference:
    """A document put at a target of the organization (its ID or name), into a guardrail by its ARN, or into an account
    by the ARN of what it changes. Raises `WhatIfError`.
    """
    target, asked = _targets(accounts, at, within)
    return _compared(accounts, asked, lambda account: put(account, document, target, kind), tell)


def remove_across(
    accounts: Accounts, at: str, policy: str, within: Sequence[str] | None, tell: Tell
) -> OrganizationDifference:
    """A policy taken away, as `diagnostics.differences.what_if.remove` does, in every account below the target."""
    target, asked = _targets(accounts, at, within)
    return _compared(accounts, asked, lambda account: remove(account, target, policy), tell)


def move_across(accounts: Accounts, account: str, unit: str, tell: Tell) -> OrganizationDifference:
    """An account moved to another unit, or to the root. Raises `WhatIfError`."""
    tree = _tree(accounts)
    found = accounts.called(account)
    if len(found) != 1 or tree.member(found[0]) is None:
        raise WhatIfError(f"{account[:120]} is no account of the organization, or several have that name.")
    units = [each for each in tree.targets_called(unit) if tree.member(each) is None]
    if len(units) != 1:
        raise WhatIfError(f"{unit[:120]} is no unit of the organization, or several have that name.")
    id, parent = found[0], units[0]
    after = tree.moved(id, parent)
    sentence = f"Account {tree.member(id).name or id} is moved to {parent}."  # type: ignore[union-attr]

    def moved(before: Account) -> WhatIf:
        organization = after.organization_of(id)
        if organization is None or organization.path is None:
            raise WhatIfUnread(f"The units above {parent} were not read.")
        return WhatIf(replace(before, organization=organization), sentence)

    found_difference = _compared(accounts, (id,), moved, tell)
    old, new = _path(tree, id), _path(after, id)
    paths = tuple(_named_paths(accounts, old, new)) if old and new else ()
    opened = accounts.opened(id)
    foreign: tuple[ForeignAccess, ...] = ()
    if opened is not None:
        # What the account's own principals may do elsewhere where its path is asked for.
        changed = {id: moved(opened.account).account}
        elsewhere = {(one.account, one.holder) for one in paths if one.account != id and one.before != one.after}
        asked = [
            each
            for account in sorted({account for account, _ in elsewhere})
            if (other := accounts.opened(account)) is not None
            for each in resources_of(other)
            if any(each[0].startswith(holder) for owner, holder in elsewhere if owner == account)
        ]
        foreign = tuple(foreign_changes(accounts, changed, asked, (id,)))
    return replace(found_difference, sentence=sentence, paths=paths, foreign=(*found_difference.foreign, *foreign))


def _path(tree: OrganizationTree, account: str) -> str:
    path = tree.path_of(account)
    return "/".join((tree.id, *path, "")) if path is not None else ""


def _tree(accounts: Accounts) -> OrganizationTree:
    if accounts.tree is None or not accounts.tree.complete:
        raise WhatIfUnread("The accounts and units of the organization were not read (organization.json).")
    return accounts.tree


def _targets(accounts: Accounts, at: str, within: Sequence[str] | None) -> tuple[str, tuple[str, ...]]:
    """The target as the accounts' own levels name it, and the accounts that the change reaches."""
    arn = Arn.parse(at)
    if arn is not None and arn.service != "organizations":
        number = account_of(at)
        if number is None or accounts.opened(number) is None:
            raise WhatIfUnread(f"The account of {at[:120]} was not read.")
        return at, (number,)
    if arn is not None:
        found = tuple(id for id in accounts.ids if _has_guardrail(accounts.opened(id), at))
        if not found:
            raise WhatIfError(f"No account that was read is under a policy {at[:120]}.")
        return at, tuple(id for id in found if within is None or id in within)
    tree = _tree(accounts)
    named = tree.targets_called(at)
    if len(named) != 1:
        said = "several targets" if named else "neither an ARN nor a root, unit or account"
        raise WhatIfError(f"{at[:120]} is {said} of the organization: give its ID.")
    below = sorted(tree.under(named[0]))
    return named[0], tuple(id for id in below if within is None or id in within)


def _has_guardrail(opened: OpenedAccount | None, arn: str) -> bool:
    organization = opened.account.organization if opened is not None else None
    levels = (*((organization and organization.scps) or ()), *((organization and organization.rcps) or ()))
    return any(policy.arn == arn for level in levels for policy in level.policies)


def _compared(
    accounts: Accounts, asked: Sequence[str], change: Callable[[Account], WhatIf], tell: Tell
) -> OrganizationDifference:
    found: dict[str, AccessDifference] = {}
    unread: list[str] = []
    sentence = ""
    foreign: list[ForeignAccess] = []
    for number, id in enumerate(asked):
        tell("accounts", number, len(asked))
        opened = accounts.opened(id)
        if opened is None:
            standing = accounts.standing(id)
            unread.append(f"{standing.words[0].upper()}{standing.words[1:]} was not read: {standing.why}")
            continue
        try:
            changed = change(opened.account)
        except WhatIfUnread as error:
            unread.append(f"Account {id}: {error}")
            continue
        sentence = changed.sentence
        before = ReviewedAccount(opened.account, opened.reader)
        found[id] = compare_access(before, ReviewedAccount(changed.account, opened.reader), tell)
        if _rcps(changed.account) != _rcps(opened.account):
            others = [other for other in accounts.ids if other != id]
            foreign += foreign_changes(accounts, {id: changed.account}, resources_of(opened), others)
        if _scps(changed.account) != _scps(opened.account):
            others = [other for other in accounts.ids if other != id]
            if len(others) > MOST_OTHERS:
                unread.append(f"Of account {id}, access to resources of other accounts was not compared.")
                continue
            sides = (side for other in others if (side := accounts.opened(other)) is not None)
            named = (*resources_of(opened), *named_elsewhere(opened, sides))
            foreign += foreign_changes(accounts, {id: changed.account}, named, (id,))
    return OrganizationDifference(sentence, tuple(asked), found, tuple(unread), foreign=tuple(foreign))


MOST_OTHERS = 50
"""Accounts whose resources are looked at for each account that an SCP changes."""


def _scps(account: Account) -> object:
    return account.organization.scps if account.organization is not None else None


def _rcps(account: Account) -> object:
    return account.organization.rcps if account.organization is not None else None


def _named_paths(accounts: Accounts, old: str, new: str) -> Iterator[NamedPath]:
    """Every statement of the accounts that were read which asks for a path that fits the old or the new one."""
    for id in accounts.ids:
        opened = accounts.opened(id)
        for holder, document in _documents(opened) if opened is not None else ():
            for statement in document.readable_statements:
                for block in statement.conditions:
                    if block.key.lower() not in _PATHS:
                        continue
                    patterns = [compile_glob(value) for value in block.values]
                    before, after = any(fits(old) for fits in patterns), any(fits(new) for fits in patterns)
                    if before or after:
                        yield NamedPath(id, holder, statement.index, statement.sid, before, after)


def _documents(opened: OpenedAccount) -> Iterator[tuple[str, Document]]:
    account = opened.account
    for role in account.roles:
        if role.trust is not None:
            yield role.arn, role.trust
        yield from ((role.arn, policy.document) for policy in role.inline or ())
    for user in account.users or ():
        yield from ((user.arn, policy.document) for policy in user.inline or ())
    for policy in account.policies or ():
        if policy.document is not None:
            yield policy.arn, policy.document
    yield from (opened.reader.resource_policies().value or {}).items()
