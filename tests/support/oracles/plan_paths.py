"""Every published escalation path as a Terraform plan, and every good policy of AWS's pages.

    python -m tests.support.oracles.plan_paths

The review of each path must fail with an escalation of the one who takes it; that of each good policy must pass. Exit
status 1 where one does not.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from diagnostics.plan_review.files.read import read_planned
from diagnostics.plan_review.report import to_markdown
from diagnostics.plan_review.review import PlanReview, review_plan
from tests.support.accounts.plan_files import terraform_plan
from tests.support.accounts.questions import allow, opened, role, scps, snapshot
from tests.support.accounts.review_cases import ESCALATION_GROUPS, ESCALATION_POLICIES, WAYS
from tests.support.gate.pages import PAGES


def reviewed(folder: Path, plan: dict[str, Any]) -> PlanReview:
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    guard = {**scps([allow("*")]), "ResourceControlPolicies": []}
    before = snapshot([], organization=guard, policies=ESCALATION_POLICIES, GroupDetailList=ESCALATION_GROUPS)
    account, reader = opened(folder, before)
    return review_plan(read_planned(path, account, "eu-west-1"), account, reader)


def main() -> int:
    wrong, sizes = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for way, (roles, users) in WAYS.items():
            review = reviewed(folder, terraform_plan(roles, users))
            sizes.append(len(to_markdown(review).encode()))
            found = {one.subject.rpartition("/")[2] for one in review.problems() if one.rule == "escalation.path"}
            if not review.failed or "doer" not in found:
                wrong.append(f"path {way}: failed {review.failed}, escalations of {sorted(found)}")
        pages = [page for page in PAGES if "trust" not in page]
        for page in pages:
            inline = [{"PolicyName": "page", "PolicyDocument": PAGES[page].value}]
            review = reviewed(folder, terraform_plan([role("app-worker", RolePolicyList=inline)]))
            sizes.append(len(to_markdown(review).encode()))
            if review.failed:
                wrong.append(f"page {page}: {[one.sentence for one in review.problems() if one.fails]}")
    said = f"{len(WAYS)} paths, {len(pages)} good policies: {len(wrong)} wrong"
    print("\n".join((*wrong, f"{said}; comments of {min(sizes):,} to {max(sizes):,} bytes")))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
