"""A later answer to the same call shows that the credentials are now accepted."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

EXPIRED = "An error occurred (ExpiredToken) when calling the {} operation: The security token included is expired"
OTHERWISE = "The same call later fails for another reason"


@pytest.mark.parametrize(
    ("operation", "between", "later"),
    [
        ("DeleteStack", "<ana> that was before lunch\n<bo> and now?", "(ValidationError) when calling the DeleteStack"),
        ("PutItem", "logged in again", "(ResourceNotFoundException) when calling the PutItem"),
        ("DeleteVpc", "", "(DependencyViolation) when calling the DeleteVpc"),
    ],
)
def test_expired_credentials_are_past_where_the_call_is_answered_later(
    operation: str, between: str, later: str
) -> None:
    text = f"{EXPIRED.format(operation)}\n{between}\nAn error occurred {later} operation: it cannot be done"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert summary.startswith(OTHERWISE)
    assert "it cannot be done" in summary


@pytest.mark.parametrize(
    "later",
    [
        "(InvalidClientTokenId) when calling the DeleteStack",
        "(Throttling) when calling the DeleteStack",
        "(ValidationError) when calling the CreateStack",
    ],
)
def test_another_call_or_an_answer_about_the_keys_leaves_them_expired(later: str) -> None:
    text = f"{EXPIRED.format('DeleteStack')}\nAn error occurred {later} operation: it cannot be done"
    assert all(not collect_offline(each).verdict.summary.startswith(OTHERWISE) for each in read_text(text))


def _refused(action: str) -> str:
    return (
        f"AccessDeniedException: User: arn:aws:iam::111122223333:user/eva is not authorized to perform: {action} on "
        f"resource: * because no identity-based policy allows the {action} action"
    )


NOT_SUPPORTED = (
    "NotAuthorizedException: Invalid login token. Token is not from a supported provider of this identity pool."
)


@pytest.mark.parametrize(
    ("first", "note", "over"),
    [
        (_refused("lambda:CreateFunction"), "after adding lambda:CreateFunction:", True),
        (_refused("kms:Decrypt"), "then once we fixed the key policy:", True),
        (NOT_SUPPORTED, "then once we added the user pool to the pool:", True),
        (_refused("kms:Decrypt"), "with that granted, the next one:", True),
        (_refused("kms:Decrypt"), "even after adding the policy:", False),
        (_refused("kms:Decrypt"), "after adding the policy it still fails, and:", False),
        (_refused("kms:Decrypt"), "the other lambda says:", False),
    ],
)
def test_a_failure_that_its_author_removed_is_not_the_present_one(first: str, note: str, over: bool) -> None:
    present, *_ = read_text(f"{first}\n\n{note}\n{_refused('iam:PassRole')}")
    assert ((present.operation or getattr(present, "action", "")) == "iam:PassRole") == over


@pytest.mark.parametrize("label", ["older, from this morning:", "this one is from yesterday:"])
def test_a_failure_labelled_as_older_is_not_a_later_answer(label: str) -> None:
    older = (
        "An error occurred (AccessDeniedException) when calling the ListGraphqlApis operation: User: "
        "arn:aws:sts::111122223333:assumed-role/viewer/ana is not authorized to perform: appsync:ListGraphqlApis "
        "because no identity-based policy allows the appsync:ListGraphqlApis action"
    )
    first, *_ = read_text(f"{EXPIRED.format('ListGraphqlApis')}\n\n{label}\n{older}\n(fixed at noon, they say)")
    summary = collect_offline(first).verdict.summary
    assert "credentials have expired" in summary
    assert not summary.startswith(OTHERWISE)
