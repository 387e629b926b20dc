"""Describe how two token subjects differ: "the branch is dev, wanted main", not two long lines to compare by eye.

Formats: GitHub's documentation of OIDC claims (names, and since July 2026 names with immutable IDs), GitLab's of ID
tokens, HCP Terraform's of workload identity, Kubernetes' of service accounts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from iam.lazy_pattern import regex
from iam.policy.operators import operator
from iam.policy.words import nearest_first, unlikeness

_LABELS = {
    "repo": "repository",
    "repository": "repository",
    "repository_id": "repository ID",
    "repository_owner": "owner",
    "repository_owner_id": "owner ID",
    "enterprise": "enterprise",
    "ref_type": "kind of ref",
    "ref": "ref",
    "environment": "environment",
    "pull_request": "event",
    "job_workflow_ref": "workflow",
    "workflow": "workflow",
    "actor": "actor",
    "context": "context",
    "project_path": "project",
    "project_id": "project ID",
    "namespace_path": "group",
    "namespace_id": "group ID",
    "organization": "organization",
    "project": "project",
    "workspace": "workspace",
    "run_phase": "run phase",
}
_LABEL = regex(rf"(?:^|:)({'|'.join(sorted(_LABELS, key=len, reverse=True))})(?=:|$)")
_ID = regex(r"@\d+(?=[/:]|$)")
_SERVICE_ACCOUNT = regex(r"system:serviceaccount:([^:]+):(.+)")


def without_ids(subject: str) -> str:
    """Return a GitHub subject without the numeric owner and repository IDs that subjects have contained since 2026."""
    return _ID.sub("", subject)


def difference(had: Sequence[str], wanted: Sequence[str], written: str) -> str:
    """Return a clause that says why values do not meet a condition, or "" if they are simply different."""
    parts = operator(written)
    if parts is None or not wanted or not had or parts.negated or not parts.base.startswith("String"):
        return ""
    if len(had) > 1 and parts.over is None:
        return f"the token has {len(had)} values, but only ForAnyValue: and ForAllValues: compare several values"
    value = had[0]
    exact = parts.base != "StringLike"
    near = nearest_first(wanted, value)[0]
    if exact and any("*" in each or "?" in each for each in wanted) and _matches_one(value, wanted):
        return f"{parts.base} takes * and ? literally: StringLike would match"
    if parts.base != "StringEqualsIgnoreCase" and _matches_one(value.lower(), [each.lower() for each in wanted]):
        return "they differ only in upper and lower case, and the comparison is case-sensitive"
    if _trimmed(value) in map(_trimmed, wanted):
        return "they differ only in blanks, https:// or a slash at the end, but must be identical"
    return _ids(value, wanted) or _parts_that_differ(value, near)


def apart(had: Sequence[str], wanted: Sequence[str]) -> int:
    """Return how much a value differs from the wanted ones, as a number from 1.

    Another form of the same subject is closer than another branch, and another branch closer than another repository.
    """
    if not had or not wanted:
        return 60
    return min(_apart(without_ids(had[0]).lower(), without_ids(each).lower()) for each in wanted)


def _apart(value: str, wanted: str) -> int:
    if _matches(value, wanted):
        return 1
    ours, theirs = parts_of(value), parts_of(wanted)
    if not ours or not theirs:
        return unlikeness(value, wanted)
    first = next(iter(theirs))
    far = unlikeness(value, wanted) // 10
    for label in dict.fromkeys((*theirs, *ours)):
        if not _matches(ours.get(label, ""), theirs.get(label, "")):
            far += 100 if label == first else 10
    return far


def _trimmed(text: str) -> str:
    return re.sub(r"^https?://", "", text.strip()).rstrip("/")


def _ids(value: str, wanted: Sequence[str]) -> str:
    if not _ID.search(value) and not any(_ID.search(each) for each in wanted):
        return ""
    for each in wanted:
        if not _matches(without_ids(value), without_ids(each)):
            continue
        if _ID.search(value) and _ID.search(each):
            return "the names are the same, but the IDs differ: the name belonged to another owner or repository before"
        if _ID.search(value):
            return (
                "the same names with IDs, the form that GitHub uses for repositories created, renamed or transferred "
                "since July 2026"
            )
        return (
            "the policy names the repository with its IDs, but the token without IDs: GitHub has not changed this "
            "repository's subjects"
        )
    return ""


def _parts_that_differ(value: str, wanted: str) -> str:
    ours, theirs = parts_of(value), parts_of(wanted)
    if not ours or not theirs:
        return ""
    said = []
    for label in dict.fromkeys((*theirs, *ours)):
        one, other = ours.get(label), theirs.get(label)
        if one is not None and other is not None and not _matches(without_ids(one), without_ids(other)):
            said.append(f"the {label} is {one}, but the policy requires {other}")
        elif one is None and other is not None and other != "*":
            said.append(f"the subject names no {label}, but the policy requires {other}")
        elif other is None and one is not None and "*" not in wanted:
            said.append(f"the subject names the {label} {one}, but the policy's subject does not")
    return "; ".join(said[:3])


def parts_of(subject: str) -> dict[str, str]:
    """Return the parts of a subject by their common names; empty for an unknown form."""
    if match := _SERVICE_ACCOUNT.fullmatch(subject):
        return {"namespace": match[1], "service account": match[2]}
    marks = list(_LABEL.finditer(subject))
    if not marks or marks[0].start() > 0:
        return {}
    found: dict[str, str] = {}
    for mark, end in zip(marks, [*(mark.start() for mark in marks[1:]), len(subject)], strict=True):
        label, text = _LABELS[mark[1]], subject[mark.end() + 1 : end]
        if mark[1] == "pull_request":
            text = "pull_request"
        if mark[1] == "ref":
            for prefix, name in (("refs/heads/", "branch"), ("refs/tags/", "tag")):
                if text.startswith(prefix):
                    label, text = name, text.removeprefix(prefix)
        if mark[1] == "repo":
            text = text.partition(":")[0]  # a pattern's "repo:OWNER/NAME:*"
        found.setdefault(label, text)
    return found


def _matches_one(value: str, patterns: Sequence[str]) -> bool:
    return any(_matches(value, pattern) for pattern in patterns)


def _matches(value: str, pattern: str) -> bool:
    regex = "".join(".*" if each == "*" else "." if each == "?" else re.escape(each) for each in pattern)
    return re.fullmatch(re.sub(r"(?:\.\*)+", ".*", regex), value, re.DOTALL) is not None
