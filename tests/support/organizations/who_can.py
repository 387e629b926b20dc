"""Who may do something over all accounts, against brute force over every principal by the specification.

    python -m tests.support.organizations.who_can [COUNT [SEED]]

COUNT questions; each principal whose answer differs is printed. Exit status 1 where there is one.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from iam.questions.answers import AccessVerdict
from iam.questions.who_can_across import who_can_across
from iam.sources.organization.folder import open_folder
from tests.specification.model import ALLOWED, decisions
from tests.support.organizations.generate import MEMBERS, ORG, PARTNER, Generated, Planted, generate, path_of


def may(made: Generated, account: str, entry: dict[str, Any], asked: Planted) -> bool:
    """Whether a role may do what a planted request asks for."""
    limits = {each["Arn"]: each["PolicyVersionList"][0]["Document"] for each in made.policies.get(account, ())}
    boundary = entry.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    path = path_of(account)
    organization = {"aws:PrincipalOrgID": ORG, "aws:PrincipalOrgPaths": ["/".join((ORG, *path, ""))]} if path else {}
    case = {
        **asked.case,
        "principal": entry["Arn"],
        "identityPolicies": [each["PolicyDocument"] for each in entry["RolePolicyList"]],
        "boundaryPolicies": [limits[boundary]] if boundary else [],
        "scps": made.levels(account, "scp"),
        "contextVariables": {"aws:PrincipalArn": entry["Arn"], "aws:SecureTransport": "true", **organization},
    }
    return ALLOWED in decisions(case)


def brute_force(made: Generated, asked: Planted) -> set[str]:
    """The ARNs of every role of the folder that may do it."""
    return {
        entry["Arn"]
        for account in (*MEMBERS, PARTNER)
        for entry in made.roles.get(account, ())
        if may(made, account, entry, asked)
    }


def differences(made: Generated, folder: Path) -> dict[str, tuple[set[str], set[str]]]:
    """By question those who are missed, and those who are said to be allowed and are not."""
    accounts = open_folder(made.write(folder))
    found = {}
    for asked in made.denials:
        answer = who_can_across(accounts, asked.case["action"], asked.resource).answer
        told = {one.arn for one in answer.principals if one.verdict is AccessVerdict.ALLOWED}
        wanted = brute_force(made, asked)
        if told != wanted:
            found[f"{asked.case['action']} {asked.resource}"] = (wanted - told, told - wanted)
    return found


def main(count: int, seed: int) -> int:
    made = generate(count, seed, sides="open")
    allowed = sum(len(brute_force(made, each)) for each in made.denials)
    with tempfile.TemporaryDirectory() as folder:
        wrong = differences(made, Path(folder) / "it")
    for question, (missed, extra) in wrong.items():
        print(question, "missed", sorted(missed), "extra", sorted(extra))
    print(f"{count - len(wrong)} of {count} questions right, {allowed} principals allowed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
