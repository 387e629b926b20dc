"""A request through an S3 access point must be permitted by the access point and by the bucket behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis
from diagnostics.fix import InlinePlace, PolicyChange, Together, UnreadLayer
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, OTHER, allow, document, role, service, session
from tests.support.denials.invented import denied, diagnosis_of, read
from tests.support.oracles.contradictions import contradictions

POINT = alder.arn("s3", "accesspoint/ward")
BUCKET = "arn:aws:s3:::ward-files"
READER = alder.role_arn("reader")


def said(principal: Any, resource: str, effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": resource, "Sid": "S"}
    return {**statement, "Condition": condition} if condition else statement


DELEGATES = said("*", f"{BUCKET}/*", StringEquals={"s3:DataAccessPointAccount": ID})
NAMES_READER = said({"AWS": READER}, f"{POINT}/object/*")


def diagnosis(
    folder: Path,
    own: dict[str, Any] | None,
    point: dict[str, Any] | None,
    bucket: dict[str, Any] | None,
    *,
    owner: str = ID,
    unread: bool = False,
    caller: str = "",
) -> Diagnosis:
    content = alder.snapshot()
    content["RoleDetailList"].append(role("reader", service("ec2"), inline={"own": document(own)} if own else None))
    rest = content["Rolescope"]
    rest["VpcEndpoints"] = []
    rest["Organization"]["ServiceControlPolicies"] = rest["Organization"]["ResourceControlPolicies"] = []
    rest["ResourcePolicies"] = {POINT: document(point) if point else None}
    if not unread:
        rest["ResourcePolicies"][BUCKET] = document(bucket) if bucket else None
    rest["AccessPoints"] = [{"Arn": POINT, "Bucket": "ward-files", "BucketAccountId": owner, "NetworkOrigin": "VPC"}]
    text = denied(caller or session("reader"), "s3:GetObject", f"{POINT}/object/a/b.pdf")
    found = diagnosis_of(text, read(folder / "account.json", content), aws__RequestedRegion="eu-central-1")
    assert list(contradictions(found)) == []
    return found


ALL = allow("s3:GetObject", "*")
ONLY_POINT = allow("s3:GetObject", f"{POINT}/object/*")


@pytest.mark.parametrize(
    ("own", "point", "bucket", "cause"),
    [
        (ALL, None, None, "allowed.now"),
        (ONLY_POINT, None, DELEGATES, "allowed.now"),
        (None, NAMES_READER, DELEGATES, "allowed.now"),
        # What an access point's policy permits counts only where the bucket permits the same.
        (None, NAMES_READER, None, "identity.no-action"),
        (ONLY_POINT, None, None, "identity.resource-mismatch"),
        (allow("s3:GetObject", f"{BUCKET}/*"), None, None, "identity.resource-mismatch"),
        (None, None, DELEGATES, "identity.no-action"),
        (ALL, None, said("*", f"{BUCKET}/*", "Deny"), "resource.explicit-deny"),
        (ALL, said("*", f"{POINT}/object/*", "Deny"), None, "resource.explicit-deny"),
        (
            ALL,
            None,
            said("*", f"{BUCKET}/*", "Deny", StringEquals={"s3:AccessPointNetworkOrigin": "VPC"}),
            "resource.explicit-deny",
        ),
    ],
)
def test_both_must_permit(tmp_path: Path, own: Any, point: Any, bucket: Any, cause: str) -> None:
    found = diagnosis(tmp_path, own, point, bucket)
    assert found.verdict.cause == cause
    assert found.verdict.unread == ()
    assert [step for step in found.steps if step.title.startswith("The access point's bucket, ward-files")]


def test_the_bucket_is_named_where_it_refuses(tmp_path: Path) -> None:
    found = diagnosis(tmp_path, ONLY_POINT, None, None)
    assert f"names {POINT}/object/*, not {BUCKET}/a/b.pdf" in found.verdict.summary


def test_a_fix_of_one_side_is_proved_on_both(tmp_path: Path) -> None:
    mends = diagnosis(tmp_path, None, None, DELEGATES).fixes[0]
    assert (mends.verified, f"{POINT}/object/a/b.pdf" in mends.text) == (True, True)


NO_POINT = said("*", f"{POINT}/object/*", "Deny")
NO_BUCKET = said("*", f"{BUCKET}/*", "Deny")


@pytest.mark.parametrize(
    ("own", "point", "bucket", "titles"),
    [
        (
            ALL,
            NO_POINT,
            NO_BUCKET,
            ("accesspoint/ward to exempt reader from statement S", "ward-files to exempt reader from statement S"),
        ),
        (ONLY_POINT, NO_POINT, None, ("accesspoint/ward to exempt", f"Add s3:GetObject on {BUCKET}/a/b.pdf to own")),
        (None, None, NO_BUCKET, (f"on {BUCKET}/a/b.pdf to reader", "ward-files to exempt")),
    ],
)
def test_what_both_refuse_is_the_smallest_set_of_changes_for_both(
    tmp_path: Path, own: Any, point: Any, bucket: Any, titles: tuple[str, ...]
) -> None:
    found = diagnosis(tmp_path, own, point, bucket)
    of_set = [fix for fix in found.fixes if fix.together is not None]
    assert len(of_set) == len(titles) and all(map(str.__contains__, [fix.title for fix in of_set], titles))
    assert all(fix.together == Together(2, True) and fix.verified is False for fix in of_set)
    assert (
        "Fixing this alone is not enough, because the access point's bucket also denies the request."
        in found.verdict.summary
    )


def test_one_document_that_lacks_both_is_one_change(tmp_path: Path) -> None:
    found = diagnosis(tmp_path, None, None, None)
    (fix,) = [each for each in found.fixes if each.verified]
    assert isinstance(fix.change, PolicyChange) and isinstance(fix.change.place, InlinePlace) and fix.change.place.new
    assert fix.after is not None
    assert {statement.sid for statement in fix.after.statements} == {"AllowS3GetObject", "AllowS3GetObject2"}
    assert {resource for each in fix.after.statements for resource in each.resource or ()} == {
        f"{POINT}/object/a/b.pdf",
        f"{BUCKET}/a/b.pdf",
    }
    assert f"The same permission is missing for the access point's bucket: {BUCKET}/a/b.pdf." in found.verdict.summary


def test_both_policies_must_name_a_caller_of_another_account(tmp_path: Path) -> None:
    guest = f"arn:aws:sts::{OTHER}:assumed-role/guest/run"
    found = diagnosis(tmp_path, None, None, None, caller=guest)
    of_set = [fix for fix in found.fixes if fix.together is not None]
    assert [fix.together.count for fix in of_set if fix.together] == [2, 2]
    assert "access point policy of ward" in of_set[0].title and "bucket policy of" in of_set[1].title
    assert all(fix.together and UnreadLayer("identity", OTHER) in fix.together.hangs_on for fix in of_set)
    # A bucket that leaves it to its account's access points asks for one change alone.
    delegated = diagnosis(tmp_path, None, None, DELEGATES, caller=guest)
    assert not [fix for fix in delegated.fixes if fix.together is not None]
    assert "access point policy" in delegated.fixes[0].title and delegated.fixes[0].hangs_on


def test_a_bucket_that_cannot_be_read_is_what_it_hangs_on(tmp_path: Path) -> None:
    found = diagnosis(tmp_path, None, None, None, owner=OTHER, unread=True)
    assert found.verdict.cause == "identity.no-action" and "resource" in found.verdict.unread
    assert not any(fix.verified for fix in found.fixes)
    permitted = diagnosis(tmp_path, ALL, NAMES_READER, None, owner=OTHER, unread=True)
    assert (permitted.verdict.cause, permitted.verdict.unread) == ("unreadable", ("resource", "rcp"))
    asked = diagnosis(tmp_path, None, NAMES_READER, DELEGATES, owner=OTHER, unread=True)
    assert asked.verdict.cause == "identity.no-action"
    assert UnreadLayer("resource", OTHER) in asked.fixes[0].hangs_on
