"""What the call always needs next is allowed with the denied action."""

from __future__ import annotations

import pytest

from tests.support.texts.iam_sentence import summary


@pytest.mark.parametrize(
    ("action", "also"),
    [
        ("codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken, which is needed next"),
        ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer, which is needed next"),
        ("route53:ChangeResourceRecordSets", ""),
        ("iam:CreateRole", ""),
        ("ecr:InitiateLayerUpload", ""),
        ("sqs:SendMessage", ""),
    ],
)
def test_what_the_call_always_needs_next_is_allowed_with_it(action: str, also: str) -> None:
    said = summary("app", action, f"on resource: x because no identity-based policy allows the {action} action")
    assert (also or "allow the action in the caller's policies") in said
