"""The audience of a trust policy is compared with those of the identity provider in the text."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import diagnosed

WEB = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity\n"
)


def trust(host: str, audience: str, **more: object) -> str:
    condition = {"StringEquals": {f"{host}:aud": audience}, **more}
    provider = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{host}"}
    return json.dumps(
        {"Effect": "Allow", "Principal": provider, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition}
    )


GITLAB = "gitlab.acme.example"
OF_ACTION = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("beside", "document", "has"),
    [
        ("Identity provider: Audience = acme-aws\n", trust(GITLAB, "sts.amazonaws.com"), "acme-aws"),
        ("the provider has client ids: acme-aws\n", trust(GITLAB, f"https://{GITLAB}"), "acme-aws"),
        (
            '"ClientIDList": [\n  "https://github.com/acme"\n]\n',
            trust(OF_ACTION, "sts.amazonaws.com"),
            "github.com/acme",
        ),
    ],
)
def test_a_required_audience_that_the_provider_does_not_list_is_the_cause(beside: str, document: str, has: str) -> None:
    found = diagnosed(f"{WEB}{beside}{document}")
    assert found.verdict.cause == "trust.condition-unmet"
    assert "no token meets both" in found.verdict.summary
    assert has in found.fixes[0].change.text


@pytest.mark.parametrize(
    "text",
    [
        f"{WEB}Identity provider: Audience = sts.amazonaws.com, acme-aws\n{trust(GITLAB, 'sts.amazonaws.com')}",
        f"{WEB}{trust(GITLAB, 'sts.amazonaws.com')}",
        "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Incorrect "
        f"token audience\nIdentity provider: Audience = acme-aws\n{trust(GITLAB, 'sts.amazonaws.com')}",
    ],
)
def test_a_listed_audience_and_another_refusal_are_not_contradicted(text: str) -> None:
    assert "no token meets both" not in diagnosed(text).verdict.summary


def test_a_policy_that_does_not_test_the_subject_is_not_said_to_refuse_it() -> None:
    (first, *_) = diagnosed(f"{WEB}{trust(OF_ACTION, 'sts.amazonaws.com')}").first_look
    assert first.cause.startswith("The trust policy in the text tests the audience and not the subject")
    both = trust(OF_ACTION, "sts.amazonaws.com", StringLike={f"{OF_ACTION}:sub": "repo:acme/*"})
    assert "and not the subject" not in diagnosed(f"{WEB}{both}").first_look[0].cause
