"""Guardrails attached at targets and accounts moved: losers and gainers against brute force by the specification.

    python -m tests.support.organizations.what_if [CHANGES [MOVES [SEED]]]

Brute force asks every role for every planted request, before and after, with the policies of both sides. What a role's
own policies grant on a bucket is told whatever the bucket's policy says: of those only the missed ones count.
Exit status 1 where somebody is missed, or named in vain.
"""

from __future__ import annotations

import copy
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from diagnostics.differences.organization import move_across, put_across
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.sources.organization.folder import open_folder
from tests.support.organizations import generate as organization
from tests.support.organizations.generate import MEMBERS, UNITS, Generated, Planted, document, generate, path_of
from tests.support.organizations.who_can import may

Able = set[tuple[str, str, str]]
Pairs = set[tuple[str, str]]


def able(made: Generated) -> Able:
    """Each role with what both sides allow it: an action on a resource that a request was planted for."""
    return {
        (entry["Arn"], asked.case["action"], asked.resource)
        for asked in made.denials
        for account in MEMBERS
        for entry in made.roles.get(account, ())
        if may(made, account, entry, with_rcps(made, asked))
    }


def with_rcps(made: Generated, asked: Planted) -> Planted:
    """The request under the guardrails as they are now."""
    return replace(asked, case={**asked.case, "rcps": made.levels(asked.owner, "rcp")})


def told(found: Any, key: str) -> Pairs:
    entries = found.json()["principals"]
    return {(one["arn"], action) for one in entries for access in one[key] for action in access["actions"]}


def main(changes: int, moves: int, seed: int) -> int:
    chance = random.Random(seed)
    made = generate(60, seed, sides="open")
    before = able(made)
    wrong = gained = lost = 0

    def compare(what: str, found: Any, after: Able) -> None:
        nonlocal wrong, gained, lost
        losses = {(arn, action) for arn, action, _ in before - after}
        gains = {(arn, action) for arn, action, _ in after - before}
        lost, gained = lost + len(losses), gained + len(gains)
        missed = (losses - told(found, "lost")) | (gains - told(found, "gained"))
        extra = (told(found, "lost") - losses) | (told(found, "gained") - gains)
        extra = {each for each in extra if not each[1].startswith("s3:")}
        if missed or extra:
            wrong += 1
            print(what, "missed", missed, "extra", extra)

    with tempfile.TemporaryDirectory() as folder:
        accounts = open_folder(made.write(Path(folder) / "it"))
        for _ in range(changes):
            target = chance.choice((organization.ROOT, *UNITS, *MEMBERS))
            asked = chance.choice(made.denials).case
            deny = {"Effect": "Deny", "Action": asked["action"], "Resource": "*"}
            changed = copy.deepcopy(made)
            changed.scp_denies.setdefault(target, []).append(deny)
            body = Document.from_value(document(deny))
            found = put_across(accounts, body, target, PolicyKind.SCP, None, lambda *_: None)
            compare(f"{asked['action']} at {target}", found, able(changed))
        for _ in range(moves):
            account = chance.choice([each for each in MEMBERS if each != organization.MANAGEMENT])
            unit = chance.choice([each for each in (organization.ROOT, *UNITS) if each != path_of(account)[-1]])
            was = MEMBERS[account]
            found = move_across(accounts, account, unit, lambda *_: None)
            MEMBERS[account] = unit
            after = able(made)
            MEMBERS[account] = was
            compare(f"{account} to {unit}", found, after)
    print(f"{changes + moves - wrong} of {changes + moves} changes right: {lost} lost, {gained} gained")
    return 1 if wrong else 0


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(*numbers, *(20, 5, 1)[len(numbers) :])))
