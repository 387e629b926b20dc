"""Recent changes that opened access: what is open still, known before and after, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from diagnostics.fix import Revert
from diagnostics.review.finding import Finding
from diagnostics.review.records import add_records
from diagnostics.review.run import concluded, review
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account, AttachedPolicy, InlinePolicy, Role
from iam.history.cache import EventCache, KeptEvents, Lookup
from iam.history.gather import at_hand
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.accounts.fake_reader import ACCOUNT_ID, NOW, allow, document, role
from tests.support.history.recorded_account import RecordedReader

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
ALL = document(allow("*"))
OWN = document({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}, "Action": "sts:AssumeRole"})
VENDOR = document(
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "sts:AssumeRole"}
)
EVERYBODY = document(
    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::crates/*"}
)
OURS = document(
    {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::crates/*",
    }
)


def record(hours: float, name: str, *, source: str = "iam", **given: Any) -> dict[str, Any]:
    return {
        "eventTime": f"{NOW - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "eventID": f"{name}-{hours}",
        "awsRegion": "us-east-1",
        "recipientAccountId": ACCOUNT_ID,
        "userIdentity": {"arn": f"arn:aws:iam::{ACCOUNT_ID}:user/otto"},
        "userAgent": "aws-cli/2",
        "requestParameters": given,
    }


class Reader(RecordedReader):
    def __init__(self, account: Account, bucket: Document | None) -> None:
        super().__init__(account, ())
        self._bucket = bucket

    def resource_policy(self, arn: str) -> Reading[Document]:
        return (
            Reading("s3:GetBucketPolicy", self._bucket)
            if arn == "arn:aws:s3:::crates"
            else super().resource_policy(arn)
        )


def found(
    tmp_path: Path, *records: dict[str, Any], bucket: Document | None = None, **fields: Any
) -> tuple[list[Finding], list[str]]:
    """The findings of the rule about role mover, and what the review could not read."""
    mover: Role = replace(role("mover", trust=OWN), **fields)
    account = Account(ACCOUNT_ID, "test", NOW, roles=(mover,), users=(), groups=(), policies=(), in_organization=False)
    (tmp_path / "trail.json").write_text(json.dumps({"Records": [record(24 * 80, "GetRole"), *records]}))
    reviewed = ReviewedAccount(account, Reader(account, bucket))  # type: ignore[arg-type]
    add_records(reviewed, (tmp_path,))
    rules = ("history.opened",)
    listed = [one for one in review(reviewed, rules=rules) if isinstance(one, Finding)]
    return listed, [each.what for each in concluded(reviewed, listed, rules=rules).unread]


def trusted(hours: float, policy: Document) -> dict[str, Any]:
    return record(hours, "UpdateAssumeRolePolicy", roleName="mover", policyDocument=policy.text)


def bucket_policy(hours: float, policy: Document) -> dict[str, Any]:
    return record(hours, "PutBucketPolicy", source="s3", bucketName="crates", bucketPolicy=policy.value)


ATTACH = record(5, "AttachRolePolicy", roleName="mover", policyArn=ADMIN)
DETACHED = record(9, "DetachRolePolicy", roleName="mover", policyArn=ADMIN)
HAS_ADMIN = {"attached": (AttachedPolicy("AdministratorAccess", ADMIN),)}
BOUNDED = record(6, "PutRolePermissionsBoundary", roleName="mover", permissionsBoundary="arn:aws:iam::1:policy/b")


@pytest.mark.parametrize(
    ("records", "bucket", "fields", "said"),
    [
        ([trusted(60, OWN), trusted(3, VENDOR)], None, {"trust": VENDOR}, "Account 999988887777 may assume mover"),
        ([bucket_policy(60, OURS), bucket_policy(3, EVERYBODY)], EVERYBODY, {}, "Anybody may use arn:aws:s3:::crates"),
        ([DETACHED, ATTACH], None, HAS_ADMIN, "mover may do everything"),
        (
            [
                record(9, "DeleteRolePolicy", roleName="mover", policyName="x"),
                record(2, "PutRolePolicy", roleName="mover", policyName="x", policyDocument=ALL.text),
            ],
            None,
            {"inline": (InlinePolicy("x", ALL),)},
            "mover may do everything",
        ),
        # A boundary that was taken away.
        (
            [ATTACH, BOUNDED, record(1, "DeleteRolePermissionsBoundary", roleName="mover")],
            None,
            HAS_ADMIN,
            "mover may do everything",
        ),
    ],
)
def test_what_was_opened_is_found_with_its_change(
    tmp_path: Path, records: list[dict[str, Any]], bucket: Document | None, fields: dict[str, Any], said: str
) -> None:
    (one,), unread = found(tmp_path, *records, bucket=bucket, **fields)
    assert one.summary.startswith(said) and "otto" in one.summary
    newest = max(records, key=lambda each: each["eventTime"])
    assert newest["eventName"] in one.evidence[0].text
    (fix,) = one.fixes
    assert isinstance(fix.change, Revert) and fix.change.event_id == newest["eventID"]
    assert all("No records" not in each for each in unread)


@pytest.mark.parametrize(
    ("records", "bucket", "fields"),
    [
        ([trusted(60, OWN), trusted(9, VENDOR), trusted(3, OWN)], None, {}),  # taken back since
        ([trusted(60, VENDOR), trusted(3, VENDOR)], None, {"trust": VENDOR}),  # opened before, or unchanged
        ([trusted(24 * 60, OWN), trusted(24 * 40, VENDOR)], None, {"trust": VENDOR}),  # long ago
        ([trusted(3, VENDOR)], None, {"trust": VENDOR}),  # what it replaced is not recorded
        ([DETACHED, {**ATTACH, "errorCode": "AccessDenied"}], None, {}),  # it failed
        ([bucket_policy(60, EVERYBODY), bucket_policy(3, OURS)], OURS, {}),  # closed
        ([DETACHED, ATTACH], None, {}),  # detached again without a record
    ],
)
def test_what_is_not_open_or_not_known_is_no_finding(
    tmp_path: Path, records: list[dict[str, Any]], bucket: Document | None, fields: dict[str, Any]
) -> None:
    assert found(tmp_path, *records, bucket=bucket, **fields)[0] == []


def test_without_records_the_review_says_so(tmp_path: Path) -> None:
    listed, unread = found(tmp_path)
    assert not listed and any("they do not show what happened at other times" in each for each in unread)


def test_kept_lookups_are_at_hand_and_nothing_is_looked_up(tmp_path: Path) -> None:
    account = Account(ACCOUNT_ID, "test", NOW, roles=(role("mover"),), users=(), groups=(), policies=())
    cache = EventCache(ACCOUNT_ID, tmp_path)
    cache.write(Lookup("ResourceName", "mover"), KeptEvents(NOW - timedelta(days=9), NOW, (ATTACH,)))
    cache.write(Lookup("ResourceName", "other"), KeptEvents(NOW - timedelta(days=9), NOW, (ATTACH, DETACHED)))
    reader = RecordedReader(account, ())
    reader.kind = "aws"
    known = at_hand(OpenedAccount(account, reader), cache)  # type: ignore[arg-type]
    assert known is not None and [each.event for each in known.changes] == ["DetachRolePolicy", "AttachRolePolicy"]
    assert known.gaps and not known.lookups
    assert at_hand(OpenedAccount(account, reader), EventCache(ACCOUNT_ID, tmp_path / "none")) is None  # type: ignore[arg-type]
