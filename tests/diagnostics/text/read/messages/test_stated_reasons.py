"""A reason that the text states in words of its own is said."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence

STS = "An error occurred ({}) when calling the {} operation: {}"
NO_PROVIDER = STS.format(
    "InvalidIdentityToken", "AssumeRoleWithWebIdentity", "No OpenIDConnect provider found in your account"
)
KEY = "arn:aws:kms:us-east-1:444455556666:key/1"


@pytest.mark.parametrize(
    ("text", "cause", "confidence", "word"),
    [
        (
            STS.format(
                "InvalidIdentityToken",
                "AssumeRoleWithWebIdentity",
                "No OpenIDConnect provider found in your account for https://oidc.example/id/1",
            ),
            "trust.provider-missing",
            Confidence.CERTAIN,
            "https://oidc.example/id/1",
        ),
        (
            f"pod in us-gov-west-1\n{NO_PROVIDER}",
            "trust.provider-missing",
            Confidence.LIKELY,
            "does not call STS in the partition of us-gov-west-1",
        ),
        (
            f"{NO_PROVIDER}\nThe OIDC provider is in the account.",
            "trust.provider-missing",
            Confidence.LIKELY,
            "Compare the existing provider's URL",
        ),
        (
            f"{NO_PROVIDER} for https://oidc.example/id/1\narn:aws:iam::444455556666:oidc-provider/oidc.example/id/1/",
            "trust.provider-missing",
            Confidence.LIKELY,
            "Compare the existing provider's URL",
        ),
        (
            f"{NO_PROVIDER} for https://oidc.example/id/1\narn:aws:iam::444455556666:oidc-provider/oidc.example/id/2",
            "trust.provider-missing",
            Confidence.LIKELY,
            "IAM has the provider oidc.example/id/2, but the token comes from oidc.example/id/1",
        ),
        (
            f"{NO_PROVIDER}\nthe OIDC provider no longer exists",
            "trust.provider-missing",
            Confidence.CERTAIN,
            "create one there",
        ),
        (
            f"{NO_PROVIDER}\nwhat is an OIDC provider for? region eu-west-1",
            "trust.provider-missing",
            Confidence.CERTAIN,
            "create one there",
        ),
        (
            STS.format("InvalidIdentityToken", "AssumeRoleWithWebIdentity", "Incorrect token audience"),
            "credentials.invalid",
            Confidence.CERTAIN,
            "audience",
        ),
        (
            STS.format(
                "InvalidIdentityToken", "AssumeRoleWithSAML", "Response signature invalid (Service: AWSSecurity)"
            ),
            "credentials.invalid",
            Confidence.CERTAIN,
            "metadata",
        ),
        (
            STS.format(
                "AccessDenied", "AssumeRole", "MultiFactorAuthentication failed with invalid MFA one time pass code."
            ),
            "credentials.invalid",
            Confidence.CERTAIN,
            "MFA code",
        ),
        (
            STS.format("AccessDenied", "GetSessionToken", "Cannot call GetSessionToken with session credentials"),
            "credentials.invalid",
            Confidence.CERTAIN,
            "long-term",
        ),
        (
            STS.format("AccessDenied", "AssumeRole", "Roles may not be assumed by root accounts."),
            "credentials.invalid",
            Confidence.CERTAIN,
            "root user",
        ),
        (
            STS.format(
                "SubscriptionRequiredException",
                "DescribeTrustedAdvisorChecks",
                "Amazon Web Services Premium Support Subscription is required to use this service.",
            ),
            "not-iam",
            Confidence.CERTAIN,
            "support plan",
        ),
        (
            f"User: arn:aws:iam::111122223333:user/ada is not authorized to perform: kms:Decrypt on resource: {KEY} "
            "because the resource does not exist in this Region, no resource-based policies allow access, or a "
            "resource-based policy explicitly denies access",
            "unreadable",
            Confidence.UNKNOWN,
            "key policy",
        ),
        (
            "pull access denied for 111122223333.dkr.ecr.eu-west-1.amazonaws.com/x, repository does not exist",
            "unreadable",
            Confidence.UNKNOWN,
            "logged in",
        ),
        (
            STS.format(
                "AccessDeniedException",
                "CreateProject",
                "User is not permitted to perform operation: CreateProject\nthe role has datazone:* on *",
            ),
            "not-iam",
            Confidence.LIKELY,
            "not ACTIVATED",
        ),
        (
            "CannotPullContainerError: failed to copy: httpReadSeeker: failed open: unexpected status code "
            "https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/x: 403 Forbidden",
            "vpce.no-action",
            Confidence.LIKELY,
            "the policy of the VPC's S3 endpoint",
        ),
    ],
)
def test_the_reason_is_said(text: str, cause: str, confidence: Confidence, word: str) -> None:
    (failure,) = read_text(text)
    diagnosis = collect_offline(failure)
    assert (diagnosis.verdict.cause, diagnosis.verdict.confidence) == (cause, confidence)
    assert word in diagnosis.verdict.summary


def test_a_reason_of_iams_own_grammar_goes_first() -> None:
    (failure,) = read_text(
        "pull access denied for 111122223333.dkr.ecr.eu-west-1.amazonaws.com/x: denied: User: "
        "arn:aws:iam::111122223333:user/ada is not authorized to perform: ecr:BatchGetImage on resource: "
        "arn:aws:ecr:eu-west-1:111122223333:repository/x with an explicit deny in a resource-based policy"
    )
    assert collect_offline(failure).verdict.cause == "resource.explicit-deny"


GITHUB = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("role", "provider", "apart"),
    [
        ("210987654321", "210987645321", True),
        ("444455556666", "555566667777", True),
        ("210987654321", "210987654321", False),
    ],
)
def test_the_account_of_the_role_is_compared_with_that_of_the_provider(role: str, provider: str, apart: bool) -> None:
    text = (
        f"role-to-assume: arn:aws:iam::{role}:role/release\nError: Could not assume role with OIDC: No OpenIDConnect "
        f"provider found in your account for https://{GITHUB}\nthere is arn:aws:iam::{provider}:oidc-provider/{GITHUB}"
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert (f"the text shows the provider in account {provider}" in summary) is apart
