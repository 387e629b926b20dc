"""Planted findings under folding: is each still said, at its own rule or by a finding of the same role that says more?

    python -m tests.support.oracles.folded_findings COUNT SEED

COUNT of the planted defects of a generated account are drawn. Beside each, statements and tags are planted in the same
role that folding joins with it: full access, telemetry, a whole service, a wide statement. Hidden is what is in no
cause, and whose double is in none, is of another role, or is less grave. Exit status 1 where one is hidden.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.run import Review, concluded, review
from tests.support.accounts.questions import allow, document
from tests.support.accounts.review_account import planted_account
from tests.support.accounts.reviewing import reviewed

ROLES = 200
BESIDE: tuple[list[dict[str, Any]], ...] = (
    [],
    [allow("*")],
    [allow(["logs:CreateLogStream", "logs:PutLogEvents"])],
    [allow("sqs:*")],
    [allow("dynamodb:PutItem"), allow("s3:GetObject")],
    [allow("iam:PutRolePolicy"), allow("sts:AssumeRole")],
)
OWN_ACCOUNTS = ("555566667777",)


def with_beside(content: dict[str, Any], names: Sequence[str], chance: random.Random) -> None:
    """Put statements of `BESIDE` into roles."""
    for role in content["RoleDetailList"]:
        statements = chance.choice(BESIDE) if role["RoleName"] in names else []
        if statements:
            beside = {"PolicyName": "beside", "PolicyDocument": document(*statements)}
            role["RolePolicyList"] = [*role.get("RolePolicyList", ()), beside]


def said(done: Review, rule: str, name: str) -> str:
    """Where a planted finding is said: ``own``, ``double``, ``administrator`` where the role needs no path any more,
    ``absent`` where it is no finding, ``hidden``.
    """
    shown = {one.key: one for cause in done.causes() for one in cause.findings}
    planted = [one for one in done.findings if one.rule == rule and one.subject.rpartition("/")[2] == name]
    if not planted:
        arns = (one.subject for one in shown.values() if one.rule == "permissions.admin")
        is_admin = rule == "escalation.path" and name in {arn.rpartition("/")[2] for arn in arns}
        return "administrator" if is_admin else "absent"
    if any(one.key in shown for one in planted):
        return "own"
    covers = [(one, shown.get(one.double_of or ("", ""))) for one in planted]
    good = (one.subject == other.subject and other.severity.rank <= one.severity.rank for one, other in covers if other)
    return "double" if any(good) or _of_a_provider(planted, shown) else "hidden"


def _of_a_provider(planted: Sequence[Finding], shown: dict[tuple[str, str], Finding]) -> bool:
    """Whether the provider's finding names the role that nobody can sign in to."""
    found = (shown.get(one.double_of) for one in planted if one.double_of is not None)
    return any(other is not None and ":saml-provider/" in other.subject for other in found)


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("usage: python -m tests.support.oracles.folded_findings COUNT SEED", file=sys.stderr)
        return 2
    count, chance = int(arguments[0]), random.Random(int(arguments[1]))
    content, wanted, _ = planted_account(ROLES)
    drawn = chance.sample(sorted(wanted), count)
    with_beside(content, [name for _, name in drawn], chance)
    with tempfile.TemporaryDirectory() as folder:
        seen = reviewed(Path(folder), content, Limits(own_accounts=OWN_ACCOUNTS))
        done = concluded(seen, [one for one in review(seen) if isinstance(one, Finding)])
    found = {each: said(done, *each) for each in drawn}
    counts = Counter(found.values())
    print(f"{count} planted: {dict(counts)}, {len(done.findings):,} findings in {len(done.causes()):,} causes")
    for (rule, name), where in found.items():
        if where in ("hidden", "absent"):
            print(f"{where}: {rule} of {name}")
    return 1 if counts["hidden"] or counts["absent"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
