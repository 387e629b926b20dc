"""Planted denials across accounts asked of ``diagnose``, and its fixes of the specification.

    python -m tests.support.organizations.judge [COUNT [SEED]]

Prints how many causes and accounts are right, how many fixes let the request through where the specification decides
with both sides, and each denial that is not answered so. Exit status 1 where one is not.
"""

from __future__ import annotations

import copy
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.fix import Fix
from diagnostics.report import to_json
from diagnostics.view import view_of
from iam.sources.organization.folder import FolderAccounts, open_folder
from tests.specification.model import ALLOWED, decisions
from tests.support.organizations.generate import Generated, Planted, generate


def diagnosed(planted: Planted, accounts: FolderAccounts) -> Diagnosis:
    (failure,) = read_text(planted.text)
    opened = view_of(failure, accounts)
    assert opened is not None
    return collect(failure, opened)


def fixes_of(diagnosis: Diagnosis) -> list[Fix]:
    """The fixes that are needed together, or the first that changes a policy."""
    together = [fix for fix in diagnosis.fixes if fix.together is not None]
    return together or [fix for fix in diagnosis.fixes if fix.after is not None][:1]


def applied(case: dict[str, Any], fixes: list[Fix]) -> dict[str, Any]:
    """The case with the documents of the fixes in the place of those that they change."""
    case = copy.deepcopy(case)
    for fix in fixes:
        assert fix.after is not None
        before, after = (fix.before.value if fix.before is not None else None), fix.after.value
        if before is None:
            # A new policy: the caller's own, or one of a level of the organization that lacks an Allow.
            case["identityPolicies"].append(after)
            continue
        groups = [case["identityPolicies"], case["boundaryPolicies"], *case["scps"], *case["rcps"]]
        if case["resourcePolicy"] == before:
            case["resourcePolicy"] = after
        for group in groups:
            group[:] = [after if each == before else each for each in group]
    return case


def faults(planted: Planted, diagnosis: Diagnosis) -> list[str]:
    """What is wrong with the diagnosis of one denial whose sides are both read."""
    verdict = diagnosis.verdict
    found = []
    if verdict.cause != planted.expected:
        found.append(f"cause {verdict.cause}, planted {planted.expected} of {dict(planted.causes)}")
    if verdict.account != planted.account:
        found.append(f"account {verdict.account}, planted {planted.account}")
    document = to_json(diagnosis)
    for step in document["steps"]:
        for each in (step, *step["evidence"]):
            word = each.get("layer") or each.get("id")
            side = {"identity": planted.caller, "boundary": planted.caller, "scp": planted.caller,
                    "resource": planted.owner, "trust": planted.owner, "rcp": planted.owner}.get(word)  # fmt: skip
            if side is not None and each["account"] != side:
                found.append(f"{word} is said to be of account {each['account']}, and is of {side}")
    fixes = fixes_of(diagnosis)
    if dict(planted.causes).get("resource") == "condition-unmet":
        # No fix loosens a condition on purpose, so none is enough: then none may say that it is.
        found += [f"{fix.title} is called verified" for fix in diagnosis.fixes if fix.verified]
        found += [f"{fix.title} is called enough" for fix in fixes if fix.together and fix.together.verified]
    elif not fixes:
        found.append("no fix changes a policy")
    elif set(decisions(applied(planted.case, fixes))) - {None} != {ALLOWED}:
        found.append(f"refused with {[fix.title for fix in fixes]}")
    return found


def main(count: int, seed: int) -> int:
    made: Generated = generate(count, seed)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        accounts = open_folder(made.write(Path(folder) / "both"))
        for planted in made.denials:
            assert ALLOWED not in decisions(planted.case), planted
            said = faults(planted, diagnosed(planted, accounts))
            wrong += bool(said)
            if said:
                print(json.dumps({"text": planted.text, "causes": planted.causes, "wrong": said}, indent=1))
        absent = generate(count // 4, seed, sides="unread")
        accounts = open_folder(absent.write(Path(folder) / "unread"))
        certain = [
            each.text for each in absent.denials if diagnosed(each, accounts).verdict.confidence is Confidence.CERTAIN
        ]
    print(f"{count - wrong} of {count} denials right; {len(certain)} of {count // 4} with an unread side certain")
    print("\n".join(certain))
    return 1 if wrong or certain else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 150, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
