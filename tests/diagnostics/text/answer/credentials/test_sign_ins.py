"""Sign-ins of IAM Identity Center that a program does not use, and programs that get no credentials from a profile."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

EXPIRED = (
    "CredentialsProviderError: The SSO session associated with this profile has expired. To refresh this SSO session "
    "run aws sso login with the corresponding profile\n"
)
LOGIN = "$ aws sso login --profile dev\nSuccessfully logged into Start URL: https://corp.awsapps.com/start\n"
PROFILE = "[profile dev]\nsso_session = corp\nsso_account_id = 612340987765\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{LOGIN}$ node app.js\n{EXPIRED}",
        f"{EXPIRED}{LOGIN}The service keeps throwing the same exception on each call.\n",
        f"{EXPIRED}Same message even after running aws sso login twice.",
        f"Error loading SSO Token: Token for corp does not exist\n{LOGIN}Error loading SSO Token: Token for corp does "
        "not exist",
    ],
)
def test_a_sign_in_that_changed_nothing_is_not_recommended_again(text: str) -> None:
    found = diagnosed(text)
    assert found.verdict.summary.startswith("The sign-in succeeded, but the program still says")
    assert "aws sso logout" in found.fixes[0].change.text


@pytest.mark.parametrize(
    "text",
    [
        f"{EXPIRED}{LOGIN}But the worker still fails with that error, an hour later.",
        f"{EXPIRED}{LOGIN}The dev server kept throwing the same exception on every call.",
    ],
)
def test_a_sign_in_after_which_the_program_still_fails_does_not_settle_the_failure(text: str) -> None:
    found = diagnosed(text)
    assert found.verdict.summary.startswith("The sign-in succeeded, but the program still says")
    assert "Restart it" in found.verdict.summary


@pytest.mark.parametrize("after", ["", "It failed each time before that."])
def test_a_sign_in_after_which_nothing_fails_settles_the_failure(after: str) -> None:
    assert "works again" in diagnosed(f"{EXPIRED}{LOGIN}$ aws s3 ls\n{after}").verdict.summary


@pytest.mark.parametrize("text", [EXPIRED, f"{LOGIN}$ aws s3 ls\n(ok, next morning)\n", f"{EXPIRED}{LOGIN}"])
def test_without_a_sign_in_before_the_message_the_answer_is_to_sign_in(text: str) -> None:
    assert "The sign-in succeeded" not in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "CredentialsError: Missing credentials in config, if using AWS_CONFIG_FILE, set AWS_SDK_LOAD_CONFIG=1\n"
            "    at ProcessCredentials.load (node_modules/aws-sdk/lib/credentials/process_credentials.js:80:11)",
            "The command that the profile names in credential_process gave",
        ),
        (
            f"Need to perform AWS calls for account 612340987765, but no credentials have been configured\n{PROFILE}",
            "The profile takes its credentials from IAM Identity Center",
        ),
        (
            f"{PROFILE}panic: NoCredentialProviders: no valid providers in chain",
            "The profile takes its credentials from IAM Identity Center",
        ),
        (
            "CredentialsError: Could not load credentials from SharedIniFileCredentials\n[profile pay]\n"
            "credential_process = /opt/creds --account pay\n",
            "SharedIniFileCredentials of the AWS SDK for JavaScript 2 reads keys from the files, but does not run",
        ),
        (
            "CredentialsError: Could not load credentials from SharedIniFileCredentials\n[profile pay]\n"
            "credential_process = /opt/creds --account pay\nnew AWS.ProcessCredentials({profile: 'pay'})\n",
            "The command that the profile names in credential_process gave",
        ),
        (
            "CredentialsError: Missing credentials in config, if using AWS_CONFIG_FILE, set AWS_SDK_LOAD_CONFIG=1",
            "No usable credentials were found",
        ),
    ],
)
def test_a_program_without_credentials_is_told_what_its_profile_uses(text: str, first: str) -> None:
    assert diagnosed(text).verdict.summary.startswith(first)


INVALID = "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token \
included in the request is invalid\n"


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("Runs on a self-hosted runner. The same job passed on ubuntu-latest.", True),
        ("On GitHub-hosted runners it works, on our self-hosted ones it does not.", True),
        ("It fails on our self-hosted runner.", False),
        ("It passed on ubuntu-latest last week.", False),
    ],
)
def test_a_job_that_works_on_hosted_runners_meets_other_keys_on_its_own(told: str, named: bool) -> None:
    summary = diagnosed(f"uses: aws-actions/configure-aws-credentials@v4\n{INVALID}{told}").verdict.summary
    assert summary.startswith("The same workflow works on a hosted runner") is named


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "Error: unable to validate AWS credentials. Details: retrieving credentials: static credentials are empty",
            "Find the empty setting for an access key or secret",
        ),
        (
            "operation error S3: ListObjectsV2, get identity: get credentials: failed to refresh cached credentials, "
            "static credentials are empty",
            "Find the empty setting for an access key or secret",
        ),
        (
            "error configuring Terraform AWS Provider: AWS account ID not previously found and failed retrieving via "
            "all available methods.",
            "The provider has credentials, but sts:GetCallerIdentity failed",
        ),
        (
            "profile: main\npulumi:providers:aws resource 'east' has a problem: No valid credential sources found.",
            "One of the program's providers got no credentials",
        ),
        ("pulumi:providers:aws resource 'east' has a problem: No valid credential sources found.", "No usable cred"),
    ],
)
def test_a_provider_without_usable_credentials_is_told_why(text: str, first: str) -> None:
    assert diagnosed(text).verdict.summary.startswith(first)


GUEST = "NotAuthorizedException: Unauthenticated access is not supported for this identity pool.\n"


@pytest.mark.parametrize(
    ("around", "signed_in"),
    [
        ("The user is signed in (pool eu-west-1_Jq7LkZb1c).\nnew GetIdCommand({ IdentityPoolId: pool })", True),
        ("Auth.signIn works, userPoolId: 'us-east-2_aB3dE6gHi', then fromCognitoIdentityPool({identityPoolId})", True),
        ("signed in, pool eu-west-1_Jq7LkZb1c\nlogins: { [issuer]: idToken }", False),
        ("Nobody has to log in to see the map.", False),
    ],
)
def test_a_user_who_signed_in_calls_the_identity_pool_as_a_guest(around: str, signed_in: bool) -> None:
    summary = diagnosed(f"{GUEST}{around}").verdict.summary
    assert summary.startswith("The user is signed in to the user pool") == signed_in
    assert summary.startswith("The call came without a login") != signed_in
