"""Accounts in memory under review."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from diagnostics.fix import InlinePlace, ManagedPlace, PolicyChange
from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.run import review
from diagnostics.review.subject import ReviewedAccount
from tests.support.accounts.questions import opened, snapshot


def reviewed(tmp_path: Path, content: dict[str, Any], limits: Limits | None = None) -> ReviewedAccount:
    account, reader = opened(tmp_path, content)
    return ReviewedAccount(account, reader, limits or Limits())


def findings_in(
    tmp_path: Path, content: dict[str, Any], *rules: str, limits: Limits | None = None
) -> tuple[Finding, ...]:
    """What the review finds in a snapshot's content, by the rules of these ids."""
    found = review(reviewed(tmp_path, content, limits), rules=rules)
    return tuple(one for one in found if isinstance(one, Finding))


def names(found: Sequence[Finding]) -> set[str]:
    """The names of the subjects."""
    return {one.subject.rpartition("/")[2] for one in found}


def with_fix(content: dict[str, Any], finding: Finding) -> dict[str, Any] | None:
    """The snapshot with the finding's fix in place; None where it changes no policy."""
    (fix,) = finding.fixes
    if not isinstance(fix.change, PolicyChange) or fix.after is None:
        return None
    after = copy.deepcopy(content)
    if isinstance(fix.change.place, ManagedPlace):
        policy = next(one for one in after["Policies"] if one["Arn"] == fix.change.place.arn)
        for version in policy["PolicyVersionList"]:
            version["Document"] = fix.after.value if version["IsDefaultVersion"] else version["Document"]
        return after
    assert isinstance(fix.change.place, InlinePlace)
    for kind in ("Role", "User", "Group"):
        for entity in after.get(f"{kind}DetailList", ()):
            if entity["Arn"] == fix.change.place.holder.arn:
                listed = entity.setdefault("GroupPolicyList" if kind == "Group" else f"{kind}PolicyList", [])
                listed[:] = [one for one in listed if one["PolicyName"] != fix.change.place.name]
                listed.append({"PolicyName": fix.change.place.name, "PolicyDocument": fix.after.value})
    return after


__all__ = ["findings_in", "names", "reviewed", "snapshot", "with_fix"]
