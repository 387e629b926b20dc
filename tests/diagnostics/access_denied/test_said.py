"""What the verdict and the steps say: the value that decides, and nothing of what was not in play."""

from __future__ import annotations

from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis, Status
from diagnostics.report import to_text
from diagnostics.who import Who
from tests.support.demo.failures import FAILURES
from tests.support.denials.invented import Read, denied, no
from tests.support.denials.invented import diagnosis_of as diagnosis_of_text
from tests.support.denials.of_demo import administrator, diagnosis_of

__all__ = ["administrator"]

BY_ID = {failure.id: failure for failure in FAILURES}
REGION = "aws:RequestedRegion is ap-south-1, not us-east-1 or eu-west-1"


def status_of(diagnosis: Diagnosis, step: str) -> Status:
    return next(each.status for each in diagnosis.steps if each.id == step)


@pytest.mark.parametrize(
    ("failure", "words", "value"),
    [
        ("F14", "stated", REGION),
        ("F22", "stated", REGION),
        ("F29a", "stated", REGION),
        ("F17", "bare", "the resource is not arn:aws:s3:::harbor-* or arn:aws:s3:::harbor-*/*"),
        ("F06", "stated", "it is system:serviceaccount:inventory-v2:inventory-api"),
        ("F30", "bare", "aws:PrincipalTag/department to be HR, and it is hr. Only upper and lower case differ"),
    ],
)
def test_the_value_that_decides_stands_in_the_sentence(
    failure: str, words: str, value: str, administrator: Read
) -> None:
    assert value in diagnosis_of(BY_ID[failure], words, administrator).verdict.summary


def test_a_region_that_nobody_told_is_said_to_be_unknown(administrator: Read) -> None:
    said = diagnosis_of(BY_ID["F14"], "bare", administrator).verdict.summary
    # The demo's text names a bucket in its name only; AWS's own record of the call tells the region.
    assert REGION in said or "the value is unknown here" in said


@pytest.mark.parametrize(("failure", "element"), [("F14", "Condition"), ("F17", "NotResource"), ("F22", "Condition")])
def test_the_part_of_a_deny_that_decides_is_the_lit_one(failure: str, element: str, administrator: Read) -> None:
    found = diagnosis_of(BY_ID[failure], "stated", administrator)
    step = next(each for each in found.steps if each.id == found.verdict.cause.partition(".")[0])
    assert step.evidence[0].element == element


def test_the_first_deny_named_is_the_verdicts(administrator: Read) -> None:
    found = diagnosis_of(BY_ID["F14"], "stated", administrator)
    denies = next(each for each in found.steps if each.id == "explicit-denies")
    assert denies.summary.startswith("guard-region") and found.verdict.summary.startswith("guard-region")


def test_the_root_user_is_refused_by_no_policy_of_its_own(administrator: Read) -> None:
    text = denied("arn:aws:iam::111122223333:root", "s3:GetObject", "arn:aws:s3:::harbor-assets/x")
    found = diagnosis_of_text(text, administrator, aws__RequestedRegion="us-east-1")
    assert status_of(found, "identity") is Status.SKIPPED
    assert "identity-based policy" not in found.verdict.summary


def test_a_layer_that_is_not_there_does_not_allow(administrator: Read) -> None:
    text = denied(
        "arn:aws:iam::111122223333:user/ben", "iam:ListRoles", None, no("permissions boundary", "iam:ListRoles")
    )
    said = diagnosis_of_text(text, administrator).verdict.summary
    assert "now there is none" in said and "now one does" not in said


def test_a_record_that_is_gone_is_not_asked_for(administrator: Read) -> None:
    text = denied("arn:aws:iam::111122223333:user/ben", "iam:DeleteRole", "arn:aws:iam::111122223333:role/app/x")
    text += " or call the GetRequestAuthorizationDetails API with the following authorization id: q7r2zk1m"
    found = diagnosis_of_text(text, administrator)
    assert any("not found from here" in step.summary for step in found.steps)
    assert "get-request-authorization-details" not in to_text(found)


def test_of_what_cannot_be_read_that_comes_first_which_has_to_allow(demo_reader_as: Any) -> None:
    reader = demo_reader_as("carla")
    found = diagnosis_of(BY_ID["F20"], "stated", (list(reader.accounts())[-1], reader))
    assert found.verdict.unread[0] == "resource"
    assert found.fixes[0].who is Who.RESOURCE_OWNER


def test_a_subject_that_differs_in_case_only_is_called_so(administrator: Read) -> None:
    told = {
        "token.actions.githubusercontent.com__aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com__sub": "repo:Harbor-demo/storefront:ref:refs/heads/main",
    }
    text = "Not authorized to perform sts:AssumeRoleWithWebIdentity for role gha-deploy-storefront"
    assert (
        "Only upper and lower case differ, and the comparison is case-sensitive."
        in diagnosis_of_text(text, administrator, **told).verdict.summary
    )
    told["token.actions.githubusercontent.com__sub"] = "repo:harbor-demo/storefront:ref:refs/heads/other"
    assert "upper and lower case" not in diagnosis_of_text(text, administrator, **told).verdict.summary
