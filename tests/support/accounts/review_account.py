"""An account of N roles with planted defects and decoys, and the review scored on it::

    python -m tests.support.accounts.review_account [N]      (default 5000)

The roles of `review_cases` are put into the account of `scale`, both beside this: those that a rule finds,
each with its rule, and those that only look like it. Prints what was missed and what was wrongly accused, and the time
of the whole review beside that of reading the same JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.run import review
from diagnostics.review.subject import ReviewedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import scale
from tests.support.accounts.questions import allow, scps
from tests.support.accounts.review_cases import (
    DECOYS,
    ESCALATION_BOUNDARIES,
    ESCALATION_GROUPS,
    ESCALATION_POLICIES,
    POLICIES,
    PROVIDERS,
    ROLES,
    WAYS,
)

HABITS = ("tags.owner-missing", "naming.outside", "boundary.missing")
"""Rules on what most roles of an account have: this one has other habits than their cases."""
Planted = set[tuple[str, str]]


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """A case under names of its own, so that it does not meet the others."""
    text = json.dumps(value)
    for old, new in names.items():
        for sign in ('"', "/"):
            text = text.replace(f"{sign}{old}", f"{sign}{new}")
    return json.loads(text)


def planted_account(count: int) -> tuple[dict[str, Any], Planted, Planted]:
    """The snapshot, the (rule, role) pairs that must be found, and those that must not."""
    content = scale.make(count)[0]
    wanted: Planted = set()
    decoys: Planted = set()
    for turn in "ab":
        for rule, roles in ROLES.items():
            stem = f"{turn}-{rule.replace('.', '-')}"
            for each in _renamed(roles, {"bad": f"{stem}-bad", "good": f"{stem}-good"}) if rule not in HABITS else ():
                content["RoleDetailList"].append(each)
                name = each["RoleName"]
                (wanted if "-bad" in name else decoys).add((rule, name))
        for number, (roles, users) in enumerate([*WAYS.values(), *DECOYS.values()]):
            names = {old: f"{turn}{number}-{old}" for old in ("doer", "boss", "ben", "other")}
            content["RoleDetailList"] += _renamed(roles, names)
            content["UserDetailList"] += _renamed(users, names)
            (wanted if number < len(WAYS) else decoys).add(("escalation.path", names["doer"]))
    content["Policies"] += [*POLICIES, *ESCALATION_POLICIES, *ESCALATION_BOUNDARIES]
    content["GroupDetailList"] = [*content.get("GroupDetailList", []), *ESCALATION_GROUPS]
    ours = content["Rolescope"]
    for key, value in PROVIDERS.items():
        if isinstance(value, list):
            known = {each["Arn"] for each in value}
            value = [*(each for each in ours.get(key, []) if each["Arn"] not in known), *value]
        ours[key] = value
    ours["Organization"] = {**scps([allow("*")]), "ResourceControlPolicies": []}
    for turn in "ab":
        ours.setdefault("Roles", {})[f"{turn}-session-long-bad"] = {"MaxSessionDuration": 43200}
    return content, wanted, decoys


def main(count: int = 5000) -> int:
    content, wanted, decoys = planted_account(count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "account.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        started = time.process_time()
        json.loads(path.read_text(encoding="utf-8"))
        reading = time.process_time() - started
        started = time.process_time()
        reader = open_snapshot(path)
        account = list(reader.accounts())[-1]
        reviewed = ReviewedAccount(account, reader, Limits(own_accounts=("555566667777",)))
        found, first = [], 0.0
        for one in review(reviewed):
            if isinstance(one, Finding):
                first = first or time.process_time() - started
                found.append(one)
        whole = time.process_time() - started
    told = {(one.rule, one.subject.rpartition("/")[2]) for one in found}
    missed, accused = sorted(wanted - told), sorted(decoys & told)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{len(account.roles):,} roles, {len(wanted)} planted, {len(decoys)} decoys, {len(found):,} findings")
    print(f"missed: {missed or 'none'}\naccused: {accused or 'none'}")
    print(
        f"processor: whole {whole:.1f} s ({whole / reading:.0f} x reading the JSON), first finding {first:.1f} s, "
        f"most memory {memory} MB"
    )
    return 1 if missed or accused else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])) if len(sys.argv) > 1 else main())
