"""Credentials that work in one program, or in one way, and not in another."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

INVALID = (
    "An error occurred (UnrecognizedClientException) when calling the Converse operation: The security token included "
    "in the request is invalid."
)
LOGIN = "[profile dev]\nlogin_session = arn:aws:iam::111122223333:user/me\n"
AMBIENT = "unable to construct route53 provider: empty credentials; perhaps you meant to enable ambient credentials?"
EXPIRED = "ExpiredTokenException - The security token included in the request is expired"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            f"{INVALID}\nsns fails, sqs works in the same program. {{accessKeyId, sessionToken}}",
            "failing client drops",
        ),
        (f"session_token=t\ns3.list_buckets() in the same script works\n{INVALID}", "failing client drops"),
        (f"The same three values work with the CLI; aws_session_token is set.\n{INVALID}", "drops the session token"),
        (f"The same keys work in boto3 (with session_token).\n{INVALID}", "drops the session token"),
        (
            f"{LOGIN}error: NoCredentialProviders: no valid providers in chain",
            "aws login made the profile (login_session)",
        ),
        (
            f"{LOGIN}failed to refresh cached credentials, no EC2 IMDS role found",
            "aws login made the profile (login_session)",
        ),
        (f"{LOGIN}Unable to locate credentials", "credential_process"),
        (f"With IRSA it works, with EKS Pod Identity we get\n{AMBIENT}", "SDK is too old for EKS Pod Identity"),
        (f"We moved from IRSA to Pod Identity.\n{AMBIENT}", "SDK is too old for EKS Pod Identity"),
        (AMBIENT, "cert-manager lets only a ClusterIssuer use its own credentials"),
        (
            f"AWS credentials refreshed successfully\n{EXPIRED}\nOnly the tools fail, while the stream itself goes on.",
            "the clients that it created earlier keep the old keys",
        ),
        (
            f"id-token: write\nenv:\n  AWS_ACCESS_KEY_ID: ***\n{INVALID}",
            "signs in with a token (OIDC), but its environment also has access keys",
        ),
        (
            f"TFC_AWS_PROVIDER_AUTH = true\nAWS_ACCESS_KEY_ID = (sensitive)\n{INVALID}",
            "signs in with a token (OIDC), but its environment also has access keys",
        ),
    ],
)
def test_the_difference_is_named(text: str, wanted: str) -> None:
    assert wanted in " ".join(answer_to(text).split())


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        (f"session_token=t\ns3.list_buckets() in the same script does not work\n{INVALID}", "failing client drops"),
        (f"The same keys do not work with the CLI. aws_session_token is set.\n{INVALID}", "drops the session token"),
        (f"The same keys work with the CLI.\n{INVALID}", "drops the session token"),
        ("[profile dev]\nsso_session = x\nUnable to locate credentials", "login_session"),
        (f"id-token: write\nAWS_ACCESS_KEY_ID: ***\nAWS_SESSION_TOKEN: ***\n{INVALID}", "but its environment also has"),
        (f"id-token: write\naws-access-key-id: ***\n{INVALID}", "but its environment also has"),
        (f"{EXPIRED}\nEverything stops.", "the clients that it created earlier"),
    ],
)
def test_other_texts_do_not_get_it(text: str, unwanted: str) -> None:
    assert unwanted not in " ".join(answer_to(text).split())


@pytest.mark.parametrize(
    ("said", "old"),
    [
        ("aws sso login works", True),
        ("Successfully logged into Start URL: https://d-90670ca1fe.awsapps.com/start", True),
        ("The SSO sign-in works in the browser", True),
        ("We do not use SSO.", False),
        ("aws sso login fails, too", False),
    ],
)
def test_old_keys_are_used_in_place_of_a_sign_in_that_works(said: str, old: bool) -> None:
    assert ("Most likely the program uses old keys" in answer_to(f"{INVALID}\n{said}")) is old


SCOPE = (
    "aws sts api returned status: 403 Forbidden body: SignatureDoesNotMatch: Credential should be scoped to a valid "
    "region."
)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("v16.4.3 fails, joined fine with 16.4.0", "16.4.0"),
        ("The agent 2.8.1 worked; we now have 2.9.0.", "2.8.1"),
        ("It does not work with 2.8.1 either.", ""),
    ],
)
def test_the_version_that_signs_rightly_is_named(said: str, version: str) -> None:
    answer = " ".join(answer_to(f"{SCOPE}\n{said}").split())
    assert (f"The text says that it worked with {version}:" in answer) == bool(version)
    assert ("says that it worked with" in answer) == bool(version)
