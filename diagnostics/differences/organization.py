"""Compute the effects on all accounts if an SCP or RCP is attached, changed or detached, or if an account is moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from diagnostics.differences.access import AccessOf, WhoAssumes
from diagnostics.differences.foreign_access import ASSUME, ForeignAccess, ForeignChanges, resources_of, was_read
from diagnostics.differences.recorded import Recorded, recorded_json, recorded_lines
from diagnostics.differences.report import access_json, assuming_json
from diagnostics.differences.what_if import WhatIf, WhatIfError, WhatIfUnread, put, remove
from diagnostics.differences.whole import AccessDifference, Tell, compare_access
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account, Group, User
from iam.arn import Arn, account_of
from iam.foreign_text import visible
from iam.organization.accounts import Accounts
from iam.organization.levels import Organization, OrganizationLevel
from iam.organization.tree import OrganizationTree
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.policy.match import compile_glob
from iam.policy.statements import Statement
from iam.questions.catalogue import catalogue
from iam.questions.change.compare import KINDS, AccessChange, Changed
from iam.sources.reader.opened import OpenedAccount

_KINDS = ("gained", "lost", "loosened", "tightened")
_PATHS = ("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths")


@dataclass(frozen=True, slots=True)
class NamedPath:
    """A policy statement whose condition tests the organization path of a moved account.

    ``before`` and ``after`` say whether the path matches.
    """

    account: str
    holder: str
    statement: int
    sid: str | None
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class OrganizationDifference:
    """The effects of a change to an organization.

    ``found`` are the differences by account; ``asked`` the accounts below the target; ``unread`` sentences about what
    was left out; ``paths`` the statements with a condition that matches the old or the new path of a moved account;
    ``foreign`` the changes in access to resources of other accounts; ``notes`` say where no SCP or RCP applies.
    """

    sentence: str
    asked: tuple[str, ...]
    found: dict[str, AccessDifference]
    unread: tuple[str, ...] = ()
    paths: tuple[NamedPath, ...] = ()
    foreign: tuple[ForeignAccess, ...] = ()
    notes: tuple[str, ...] = ()
    changed: Mapping[str, Account] = field(default_factory=dict)
    """The accounts that were read, in their state after the change."""
    recorded: Recorded | None = None

    @property
    def fully_computed(self) -> bool:
        """Whether the comparison is complete: principals that it does not list neither gain nor lose access."""
        return (
            not self.unread
            and all(one.fully_computed for one in self.foreign)
            and all(each.complete for each in self.found.values())
        )

    def json(self) -> dict[str, Any]:
        own = [{**access_json(one), "account": account} for account, each in self.found.items() for one in each.found]
        return {
            "change": self.sentence,
            "accounts": list(self.asked),
            "fully_computed": self.fully_computed,
            "principals": joined_principals([*own, *(one.json() for one in self.foreign)]),
            "assuming": joined_assuming(
                [
                    {**assuming_json(one), "account": account}
                    for account, each in self.found.items()
                    for one in each.assuming
                ]
            ),
            "unread": list(self.unread),
            "notes": list(self.notes),
            **({"recorded": recorded_json(self.recorded)} if self.recorded is not None else {}),
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
        yield visible(f"{self.sentence} Accounts compared: {len(self.changed)} of {len(self.asked)}.")
        for account, each in self.found.items():
            if each.found or each.assuming:
                words = accounts.standing(account).words
                yield from ("", visible(f"{words[0].upper()}{words[1:]}:"), *(f"  {line}" for line in each.lines()))
        if self.foreign:
            yield from ("", "On resources of other accounts:")
            yield from (visible(f"  {one.words()}") for one in self.foreign)
        if not self.foreign and not any(each.found or each.assuming for each in self.found.values()):
            yield from AccessDifference((), (), 0, self.fully_computed).lines()
        for one in self.paths:
            fits = "no longer fits" if one.before and not one.after else "fits now" if one.after else "fits neither"
            if one.before != one.after:
                yield visible(
                    f"The path in {one.holder} (account {one.account}), statement {one.statement + 1}, {fits}."
                )
        if self.recorded is not None:
            yield from recorded_lines(self.recorded)
        yield from map(visible, self.notes)
        yield from (visible(f"? {each}") for each in self.unread)


def joined_principals(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge the entries into one for each principal, sorted by account and ARN."""
    return _joined(entries, "arn", _KINDS)


def joined_assuming(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge the entries into one for each role, sorted by account and ARN."""
    return _joined(entries, "role", ("gained", "lost"))


def _joined(entries: Sequence[dict[str, Any]], of: str, kinds: Sequence[str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        had = found.setdefault(entry[of], entry)
        if had is not entry:
            for kind in kinds:
                had[kind] = [*had[kind], *(one for one in entry[kind] if one not in had[kind])]
            had["fully_computed"] = had["fully_computed"] and entry["fully_computed"]
    return sorted(found.values(), key=lambda one: (one["account"], one[of]))


def put_across(
    accounts: Accounts, document: Document, at: str, kind: PolicyKind | None, within: Sequence[str] | None, tell: Tell
) -> OrganizationDifference:
    """Put a document at a target of the organization (its ID or name), or into an entity by its ARN.

    The entity is an SCP, an RCP, or an entity in an account. Raises `WhatIfError`.
    """
    target, asked = _targets(accounts, at, within)
    return _compared(accounts, asked, lambda account: put(account, document, target, kind), tell)


def remove_across(
    accounts: Accounts, at: str, policy: str, within: Sequence[str] | None, tell: Tell
) -> OrganizationDifference:
    """Remove a policy in every account below the target, as `diagnostics.differences.what_if.remove` does in one."""
    target, asked = _targets(accounts, at, within)
    return _compared(accounts, asked, lambda account: remove(account, target, policy), tell)


def move_across(accounts: Accounts, account: str, unit: str, tell: Tell) -> OrganizationDifference:
    """Return what would change if an account were moved to another unit or to the root.

    Raises `WhatIfError` if the organization does not have exactly one account or unit with the name.
    """
    tree = _tree(accounts)
    called = accounts.called(account)
    if len(called) != 1 or tree.member(called[0]) is None:
        raise WhatIfError(f"{account[:120]} is not an account of the organization, or several have that name.")
    units = [each for each in tree.targets_called(unit) if tree.member(each) is None]
    if len(units) != 1:
        raise WhatIfError(f"{unit[:120]} is not a unit of the organization, or several have that name.")
    id, parent = called[0], units[0]
    after = tree.moved(id, parent)
    sentence = f"Account {tree.member(id).name or id} is moved to {parent}."  # type: ignore[union-attr]

    def moved(before: Account) -> WhatIf:
        organization = after.organization_of(id)
        if organization is None or organization.path is None:
            raise WhatIfUnread(f"The units above {parent} were not read.")
        return WhatIf(replace(before, organization=organization), sentence)

    found = _compared(accounts, (id,), moved, tell)
    old, new = _path(tree, id), _path(after, id)
    paths = tuple(_named_paths(accounts, old, new)) if old and new else ()
    return replace(found, sentence=sentence, paths=paths)


def _path(tree: OrganizationTree, account: str) -> str:
    path = tree.path_of(account)
    return "/".join((tree.id, *path, "")) if path is not None else ""


def _tree(accounts: Accounts) -> OrganizationTree:
    if accounts.tree is None or not accounts.tree.complete:
        raise WhatIfUnread("The accounts and units of the organization were not read (organization.json).")
    return accounts.tree


def _targets(accounts: Accounts, at: str, within: Sequence[str] | None) -> tuple[str, tuple[str, ...]]:
    """Return the target, as named in the accounts' organization levels, and the accounts that the change affects."""
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
        said = "names several targets" if named else "is neither an ARN nor a root, unit or account"
        raise WhatIfError(f"{at[:120]} {said} of the organization: give the target's ID.")
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
    changed: dict[str, Account] = {}
    unread: list[str] = []
    sentence = ""
    read = frozenset(id for id in accounts.ids if was_read(accounts, id))
    for number, id in enumerate(asked):
        tell("accounts", number, len(asked))
        opened = accounts.opened(id)
        if opened is None:
            standing = accounts.standing(id)
            unread.append(f"{standing.words[0].upper()}{standing.words[1:]} was not read: {standing.why}")
            continue
        try:
            after = change(opened.account)
        except WhatIfUnread as error:
            unread.append(f"Account {id}: {error}")
            continue
        sentence, changed[id] = after.sentence, after.account
        before = ReviewedAccount(opened.account, opened.reader)
        compared = compare_access(before, ReviewedAccount(after.account, opened.reader), tell, elsewhere=read - {id})
        found[id] = replace(compared, found=tuple(_own(compared.found, id, accounts)))
    foreign = tuple(_not_said(found, _foreign(accounts, changed, unread, tell)))
    for role, gained, lost in _assumed(foreign):
        owner = account_of(role) or ""
        had = found.setdefault(owner, AccessDifference((), (), 0, True))
        found[owner] = replace(had, assuming=tuple(_with_foreign(had.assuming, role, gained, lost)))
    notes = tuple(
        f"SCPs and RCPs do not apply to the management account ({id})."
        for id, after in changed.items()
        if _is_management(after) and after.organization != _organization_of(accounts, id)
    )
    return OrganizationDifference(
        sentence, tuple(asked), found, tuple(unread), foreign=foreign, notes=notes, changed=changed
    )


def _organization_of(accounts: Accounts, id: str) -> Organization | None:
    opened = accounts.opened(id)
    return opened.account.organization if opened is not None else None


def _is_management(account: Account) -> bool:
    """Return whether this is the management account, to which no SCP or RCP applies.

    Organizations User Guide, "Service control policies (SCPs)", orgs_manage_policies_scps.html: SCPs do not affect
    users or roles in the management account; RCPs likewise.
    """
    return account.organization is not None and account.organization.management_account_id == account.id


def _own(found: Sequence[AccessOf], account: str, accounts: Accounts) -> Iterator[AccessOf]:
    """Yield the changes for an account's principals, except those on resources of other accounts that were read.

    Changes on such resources come from `_foreign`, which also evaluates the resources' own policies.
    """

    def elsewhere(one: Changed) -> bool:
        owner = one.provided if one.provided.isdigit() else accounts.owner_of(one.pattern or one.resource)
        return owner not in (None, account) and was_read(accounts, owner or "")

    for one in found:
        allowed, denied, loosened, tightened = (
            tuple(each for each in getattr(one.change, kind) if not elsewhere(each)) for kind in KINDS
        )
        change = AccessChange(allowed, denied, loosened, tightened, one.change.fully_computed)
        if change or one.trouble:
            yield replace(one, change=change)


MOST_PAIRS = 4_000
"""The maximum number of pairs in one comparison.

A pair is a changed account and an account whose resources are evaluated.
"""


def _not_said(found: Mapping[str, AccessDifference], foreign: Iterable[ForeignAccess]) -> Iterator[ForeignAccess]:
    """Yield the changes on resources, except those that the differences in ``found`` already contain.

    ``found`` can contain only the changes of principals in the same account as the resource.
    """
    said = {one.arn: json_actions(access_json(one)) for each in found.values() for one in each.found}
    for one in foreign:
        own = said.get(one.arn) if one.account == one.owner else None
        if own is None or not all(set(getattr(one, kind)) <= own[kind] for kind in own):
            yield one


def json_actions(entry: dict[str, Any]) -> dict[str, set[str]]:
    return {kind: {action for each in entry[kind] for action in each["actions"]} for kind in _KINDS}


def _foreign(
    accounts: Accounts, changed: Mapping[str, Account], unread: list[str], tell: Tell
) -> Iterator[ForeignAccess]:
    """Yield the changes on resources in accounts other than the principal's. Adds sentences to ``unread``."""
    differing: dict[str, _Differing] = {}
    for id, after in changed.items():
        opened = accounts.opened(id)
        assert opened is not None
        differing[id] = _differing(opened.account, after)
    if any(each.moved for each in differing.values()):
        by_path = _actions_by_path(accounts)
        differing = {id: each.with_actions(by_path if each.moved else 0) for id, each in differing.items()}
    callers = [id for id, each in differing.items() if each.acts]
    by_callers = union(each.acts for each in differing.values())
    pairs = sum(bool(each.acts or each.limited) for each in differing.values()) * len(accounts.ids)
    if pairs > MOST_PAIRS:
        unread.append(
            f"Access across accounts is not compared: {pairs:,} pairs of accounts are too many. Divide the accounts "
            "with --shard."
        )
        return
    work = ForeignChanges(accounts, changed)
    for number, owner in enumerate(accounts.ids):
        tell("resources of the accounts", number, len(accounts.ids))
        own = differing.get(owner, _Differing())
        opened = accounts.opened(owner)
        if opened is None or not (callers or own.limited or own.trusts):
            continue
        if callers != [owner] and opened.reader.resource_policies().value is None:
            unread.append(
                f"The policies of the resources in account {owner} were not read, so access to these resources is not "
                "compared."
            )
        # Changes in which of the account's own principals assume its roles are compared with the account.
        asked = list(resources_of(opened))
        others = [id for id in accounts.ids if id != owner]
        trusts = [each for each in asked if each[0] in own.trusts]
        yield from work.of(owner, trusts, accounts.ids if own.limited else others, strangers=bool(own.limited))
        rest = [each for each in asked if each[0] not in own.trusts]
        # What no changed statement names is the same before and after.
        if own.limited:
            rest = [each for each in rest if _names(each[1], own.limited | by_callers)]
            yield from work.of(owner, rest, accounts.ids, strangers=True)
            continue
        yield from work.of(owner, [each for each in rest if _names(each[1], by_callers)], callers)
    if callers:
        for standing in accounts.missing:
            if standing.id not in changed:
                words = f"{standing.words[0].upper()}{standing.words[1:]}"
                unread.append(f"{words} was not read, so gained or lost access to its resources is not computed.")


@dataclass(frozen=True, slots=True)
class _Differing:
    """The differences between two states of an account.

    ``acts`` are the actions that its principals may gain or lose, ``limited`` those that callers of its resources may
    gain or lose, as sets of the catalogue (bit masks). ``moved``: the account's place in the organization changed.
    ``trusts`` are the roles whose trust policies differ.
    """

    acts: int = 0
    limited: int = 0
    moved: bool = False
    trusts: frozenset[str] = frozenset()

    def with_actions(self, actions: int) -> _Differing:
        return replace(self, acts=self.acts | actions, limited=self.limited | actions)


def _differing(before: Account, after: Account) -> _Differing:
    had, has = before.organization, after.organization
    moved = (had and had.path) != (has and has.path)
    scps = rcps = 0
    if not _is_management(after):
        scps = changed_actions(had.scps if had else None, has.scps if has else None)
        rcps = changed_actions(had.rcps if had else None, has.rcps if has else None)
    everything = catalogue().everything
    trusts: set[str] = set()
    entities = (before.users, before.groups, before.policies) != (after.users, after.groups, after.policies)
    if before.roles is not after.roles:
        for one in after.roles:
            was = before.role(one.arn)
            if was is None or was == one:
                continue
            if was.trust != one.trust:
                trusts.add(one.arn)
            entities = entities or replace(was, trust=None) != replace(one, trust=None)
    return _Differing(everything if entities else scps, rcps, moved, frozenset(trusts))


Levels = Sequence[OrganizationLevel]


def changed_actions(before: Levels | None, after: Levels | None) -> int:
    """Return the actions that SCPs or RCPs may decide differently than before, as a set of the catalogue (a bit mask).

    For every other action, the levels are equivalent: each level that differs is paired with a level that names the
    action in the same documents. A level without a counterpart allows the action through AWS's full access policy. If
    the levels were not read in one state, all actions are returned.
    """
    if before == after:
        return 0
    if before is None or after is None:
        return catalogue().everything
    had, has = (Counter(_texts(level) for level in levels) for levels in (before, after))
    gone, new = list((had - has).elements()), list((has - had).elements())
    pairs = zip_longest(gone, new)
    return union(_of_pair(one, other) for one, other in pairs)


def _of_pair(one: frozenset[str] | None, other: frozenset[str] | None) -> int:
    if one is not None and other is not None:
        return union(map(_named_in, one ^ other))
    alone = one if one is not None else other
    assert alone is not None
    limits = [text for text in alone if not _lets_everything(text)]
    return union(map(_named_in, limits)) if len(limits) < len(alone) else catalogue().everything


def _texts(level: OrganizationLevel) -> frozenset[str]:
    return frozenset(policy.document.text for policy in level.policies)


def _named_in(text: str) -> int:
    """Return the actions that a document's statements name (a bit mask)."""
    return union(map(_actions_of, Document(text).readable_statements))


def _actions_of(statement: Statement) -> int:
    if statement.not_action is not None:
        return catalogue().named(statement.not_action, negated=True)
    return catalogue().named(statement.action or ())


def _lets_everything(text: str) -> bool:
    """Return whether a document has a single statement, which allows every action on everything."""
    found = Document(text).readable_statements
    return len(found) == 1 and (found[0].effect, found[0].action, found[0].resource, found[0].conditions) == (
        "Allow",
        ("*",),
        ("*",),
        (),
    )


def union(sets: Iterable[int]) -> int:
    """Return the union of sets of the catalogue (bit masks)."""
    found = 0
    for each in sets:
        found |= each
    return found


def _names(pattern: str, actions: int) -> bool:
    """Return whether a pattern matches one of these actions (a bit mask), or only actions not in the catalogue."""
    named = catalogue().matching(pattern)
    return not named or bool(named & actions)


def _actions_by_path(accounts: Accounts) -> int:
    """Return the actions (a bit mask) of all statements with a condition on a place in the organization."""
    found = 0
    tree = accounts.tree
    guardrails = (*((tree and tree.scps) or ()), *((tree and tree.rcps) or ()))
    documents = [each.document for each in guardrails if each.document is not None]
    for id in accounts.ids:
        opened = accounts.opened(id)
        documents += [document for _, document in _documents(opened)] if opened is not None else []
    for document in dict.fromkeys(documents):
        if "orgpaths" in document.text.lower():
            for each in document.readable_statements:
                if any(block.key.lower() in _PATHS for block in each.conditions):
                    found |= _actions_of(each)
    return found


def _assumed(foreign: Sequence[ForeignAccess]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield the roles that principals in other accounts can newly assume, or can no longer assume.

    Each role comes with the principals that can newly assume it, and those that no longer can.
    """
    roles = dict.fromkeys(one.resource for one in foreign if one.gained == (ASSUME,) or one.lost == (ASSUME,))
    for role in roles:
        of = [one for one in foreign if one.resource == role]
        yield role, tuple(one.arn for one in of if one.gained), tuple(one.arn for one in of if one.lost)


def _with_foreign(
    found: Sequence[WhoAssumes], role: str, gained: Sequence[str], lost: Sequence[str]
) -> Iterator[WhoAssumes]:
    had = next((one for one in found if one.role == role), WhoAssumes(role, (), ()))
    yield from (one for one in found if one.role != role)
    gained, lost = (tuple(dict.fromkeys(each)) for each in ((*had.gained, *gained), (*had.lost, *lost)))
    yield replace(had, gained=gained, lost=lost)


def _named_paths(accounts: Accounts, old: str, new: str) -> Iterator[NamedPath]:
    """Yield every statement with a condition that matches the old or the new path."""
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
    holders: tuple[User | Group, ...] = (*(account.users or ()), *(account.groups or ()))
    for holder in holders:
        yield from ((holder.arn, policy.document) for policy in holder.inline or ())
    for policy in account.policies or ():
        if policy.document is not None:
            yield policy.arn, policy.document
    yield from (opened.reader.resource_policies().value or {}).items()
