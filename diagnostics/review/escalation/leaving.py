"""Paths that leave the account. A role in another account leads to administrator there, or in further accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagnostics.fix import Fix, Note
from diagnostics.review.escalation.elsewhere import ASSUME, Exit, Neighbours, Steps
from diagnostics.review.finding import Finding
from diagnostics.review.rules.escalation import PATH
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.arn import account_of, name_of
from iam.foreign_text import shortened
from iam.organization.accounts import Accounts
from iam.risks.risk import Severity
from iam.words import listing, plural

_MOST_NAMES = 3


def leaving(reviewed: ReviewedAccount, neighbours: Neighbours) -> Iterator[Finding | None]:
    """Yield findings about principals that may assume a role in another account that leads to administrator. May block.

    The role is administrator there, or can become it there or in further accounts. Principals that can first get the
    rights of such a principal are included. Regularly yields the value None, so that the caller can stop.
    """
    account, accounts = reviewed.account.id, neighbours.accounts
    administrators = neighbours.ways(account)
    found: dict[str, set[str]] = {}
    exits_of = neighbours.exits(account, reviewed)
    for arn, exits in exits_of.items():
        for one in exits:
            yield None
            reached = dict(neighbours.beyond(one.role, one.account))
            there = reached.pop(one.account, None)
            if arn in administrators:
                reached.pop(account, None)
            if there is not None:
                yield _finding((one.step,), one, there, accounts)
            if reached:
                yield _beyond((one.step,), one, reached, accounts)
            found.setdefault(arn, set()).update(reached, () if there is None else (one.account,))
    for leaver in [arn for arn, reached in found.items() if reached]:
        for arn, inside in neighbours.becoming(leaver, account, reviewed).items():
            if not inside or arn in administrators:
                continue  # an administrator can get every role's rights
            yield None
            for one in exits_of[leaver]:
                reached = {
                    id: steps
                    for id, steps in neighbours.beyond(one.role, one.account).items()
                    if id not in found.setdefault(arn, set())
                }
                if reached:
                    found[arn].update(reached)
                    yield _beyond((*inside, one.step), one, reached, accounts)


def _finding(first: Steps, leaves: Exit, steps: Steps, accounts: Accounts) -> Finding:
    """Return the finding about a role that is, or can become, administrator in its own account."""
    there = leaves.account
    what = "which has full access there"
    if steps:
        what = f"and from there reach full access to that account in {plural(len(steps), 'step')}"
    deliberate = leaves.deliberate and not steps
    return _path_finding(first, leaves, steps, f"{_words(there, accounts)}, {what}", accounts, deliberate=deliberate)


def _beyond(first: Steps, leaves: Exit, reached: Mapping[str, Steps], accounts: Accounts) -> Finding:
    """Return the finding about a role in another account that leads to full access in further accounts.

    The finding shows the shortest path.
    """
    nearest = min(reached, key=lambda id: (len(reached[id]), id))
    names = [_words(id, accounts) for id in sorted(reached)]
    steps = reached[nearest]
    what = f"and from there reach full access to {listing(names, limit=_MOST_NAMES)}"
    deliberate = all(step.deliberate and step.hop.actions == (ASSUME,) for step in (*first, *steps))
    where = f"{_words(leaves.account, accounts)}, {what}"
    return _path_finding(first, leaves, steps, where, accounts, deliberate=deliberate)


def _path_finding(
    first: Steps, leaves: Exit, steps: Steps, where: str, accounts: Accounts, *, deliberate: bool
) -> Finding:
    who, role = first[0].hop.who, leaves.role
    way = "may assume"
    if len(first) > 1:
        way = f"may become {shortened(leaves.name)} in {plural(len(first) - 1, 'step')}, and then assume"
    hops = (*first, *steps)
    of = account_of(who) or ""
    on = first[0].hop.on
    actions = listing(list(first[0].hop.actions))
    note = f"Remove the Allow of {actions} from {name_of(who)}"
    if first[0].hop.actions == (ASSUME,):
        note += f", or remove that principal and its account from the trust policy of {on}"
    return PATH.finding(
        who,
        f"{shortened(name_of(who))} {way} {shortened(name_of(role))} of {where}.",
        (each for step in hops for each in step.hop.evidence),
        severity=Severity.MEDIUM if deliberate else Severity.HIGH,
        hangs_on=(key for step in hops for key in step.hangs_on),
        path=(step.hop for step in hops),
        references=(each for step in hops for each in step.references),
        fixes=[
            Fix(
                f"Remove {actions} on {shortened(name_of(on), 40)} of account "
                f"{account_of(on) or of} from {shortened(name_of(who), 40)}",
                Who.YOU,
                Note(who, f"{note}."),
            )
        ],
        cause=f"role {name_of(role)} of account {leaves.account}",
    )


def _words(account: str, accounts: Accounts) -> str:
    name = accounts.name_of(account)
    return f"account {name} ({account})" if name else f"account {account}"
