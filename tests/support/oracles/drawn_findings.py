"""Findings drawn after folding, written for a reader who judges each: useful, noise or wrong.

    python -m tests.support.oracles.drawn_findings COUNT SEED FILE...

They are the causes of three kinds of account: the demo's, a generated one with planted defects, and the snapshots of
the FILEs. Each cause is printed as the command shows it, with what the account says of its first subject, and with a
number. Every account gives the same share, as far as it has so many.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from diagnostics.review.causes import Cause
from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.report.text import cause_lines
from diagnostics.review.run import concluded, review
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account, Role, User
from iam.demo.open import open_demo
from iam.sources.reader.account_reader import AccountReader
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.review_account import planted_account

GENERATED_ROLES = 300
LONGEST = 1500
"""Characters of one document that are shown."""


def causes_of(account: Account, reader: AccountReader) -> tuple[Cause, ...]:
    """What the review of an account says, folded as people read it."""
    reviewed = ReviewedAccount(account, reader, Limits())
    found = [one for one in review(reviewed) if isinstance(one, Finding)]
    return concluded(reviewed, found).causes()


def drawn(of_accounts: Sequence[Sequence[Cause]], count: int, seed: int) -> list[tuple[int, Cause]]:
    """The causes drawn, each with the number of its account: equal shares, and the rest from those that have more."""
    chance = random.Random(seed)
    piles = [[(number, one) for one in chance.sample(pile, len(pile))] for number, pile in enumerate(of_accounts)]
    found: list[tuple[int, Cause]] = []
    while len(found) < count and any(piles):
        for pile in piles:
            if pile and len(found) < count:
                found.append(pile.pop())
    return sorted(found, key=lambda each: each[0])


def page(number: int, account: Account, cause: Cause) -> Iterator[str]:
    """One cause as the command shows it, and what its first subject is."""
    yield f"## {number}"
    yield ""
    yield from cause_lines(cause)
    yield ""
    entity = account.role(cause.subjects[0]) or next(
        (user for user in account.users or () if user.arn == cause.subjects[0]), None
    )
    if entity is not None:
        yield from _of(entity, account)
    yield ""


def _of(entity: Role | User, account: Account) -> Iterator[str]:
    yield f"About {entity.arn}:"
    if isinstance(entity, Role):
        yield f"- trust policy: {_short(entity.trust.value if entity.trust else None)}"
        yield f"- last used: {entity.last_used.when if entity.last_used is not None else 'unknown'}"
    for inline in entity.inline or ():
        yield f"- inline policy {inline.name}: {_short(inline.document.value)}"
    for attached in entity.attached or ():
        policy = next((each for each in account.policies or () if each.arn == attached.arn), None)
        document = policy.document if policy is not None else None
        yield f"- attached policy {attached.name}: {_short(document.value if document else attached.arn)}"
    yield f"- boundary: {entity.boundary_arn or 'none'}"


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def main(arguments: list[str]) -> int:
    if len(arguments) < 2:
        print("usage: python -m tests.support.oracles.drawn_findings COUNT SEED FILE...", file=sys.stderr)
        return 2
    count, seed, *files = arguments
    with tempfile.TemporaryDirectory() as folder:
        generated = Path(folder, "generated.json")
        generated.write_text(json.dumps(planted_account(GENERATED_ROLES)[0]), encoding="utf-8")
        readers: list[AccountReader] = [open_demo()]
        readers += [open_snapshot(file) for file in (generated, *map(Path, files))]
        accounts = [(list(reader.accounts())[-1], reader) for reader in readers]
        of_accounts = [causes_of(*each) for each in accounts]
        for number, (at, cause) in enumerate(drawn(of_accounts, int(count), int(seed)), 1):
            print("\n".join(page(number, accounts[at][0], cause)))
    print(f"{', '.join(str(len(each)) for each in of_accounts)} causes in the accounts", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
