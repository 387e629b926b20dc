"""A refusal by a stack policy is not answered with IAM's policies."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

TEXTS = (
    (
        "UPDATE_FAILED Action denied by stack policy: Statement [#1] does not allow [Update:Delete] for resource "
        "[LogicalResourceId/Orders];",
        "this update of Orders",
    ),
    (
        '"ResourceStatusReason": "Action not allowed by stack policy: LogicalResourceId/Db-1"',
        "this update of Db-1",
    ),
)


@pytest.mark.parametrize(("text", "said"), TEXTS)
def test_the_service_that_refused_is_named(text: str, said: str) -> None:
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "not-iam"
    assert said in verdict.summary


@pytest.mark.parametrize(
    "text",
    (
        "User: arn:aws:iam::444455556666:user/kim is not authorized to perform: cloudformation:SetStackPolicy on "
        "resource: arn:aws:cloudformation:eu-west-1:444455556666:stack/shop/1 because no identity-based policy allows "
        "the cloudformation:SetStackPolicy action",
    ),
)
def test_a_refusal_to_manage_them_is_one_of_iam(text: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.cause != "not-iam"
