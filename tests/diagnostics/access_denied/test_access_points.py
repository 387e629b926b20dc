"""A request through an S3 access point must be permitted by the access point and by the bucket behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis
from diagnostics.fix import UnreadLayer
from tests.diagnostics.access_denied.test_invented import denied, diagnosis_of, read
from tests.support import alder
from tests.support.alder import ID, OTHER, allow, document, role, service, session
from tests.support.contradictions import contradictions

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
    text = denied(session("reader"), "s3:GetObject", f"{POINT}/object/a/b.pdf")
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
    assert [step for step in found.steps if step.title.startswith("The bucket behind it, ward-files")]


def test_the_bucket_is_named_where_it_refuses(tmp_path: Path) -> None:
    found = diagnosis(tmp_path, ONLY_POINT, None, None)
    assert f"names {POINT}/object/*, not {BUCKET}/a/b.pdf" in found.verdict.summary


def test_a_fix_of_one_side_is_proved_on_both(tmp_path: Path) -> None:
    mends = diagnosis(tmp_path, None, None, DELEGATES).fixes[0]
    assert (mends.verified, f"{POINT}/object/a/b.pdf" in mends.text) == (True, True)
    alone = diagnosis(tmp_path, None, None, None)
    assert not any(fix.verified for fix in alone.fixes)
    assert "the bucket behind it refuses it too" in alone.verdict.summary


def test_a_bucket_that_cannot_be_read_is_what_it_hangs_on(tmp_path: Path) -> None:
    found = diagnosis(tmp_path, None, None, None, owner=OTHER, unread=True)
    assert found.verdict.cause == "identity.no-action" and "resource" in found.verdict.unread
    assert not any(fix.verified for fix in found.fixes)
    permitted = diagnosis(tmp_path, ALL, NAMES_READER, None, owner=OTHER, unread=True)
    assert (permitted.verdict.cause, permitted.verdict.unread) == ("unreadable", ("resource", "rcp"))
    asked = diagnosis(tmp_path, None, NAMES_READER, DELEGATES, owner=OTHER, unread=True)
    assert asked.verdict.cause == "identity.no-action"
    assert UnreadLayer("resource", OTHER) in asked.fixes[0].hangs_on
