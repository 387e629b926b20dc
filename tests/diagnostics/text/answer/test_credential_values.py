"""What a text shows of keys, sessions and machines decides which cause of a rejected key is named."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

REFUSED = (
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token "
    "included in the request is invalid"
)
USER, SECRET, TOKEN = "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=****\n", "IQoJb3JpZ2luX2VjEXAMPLE"
LEFT_OVER = "Remove the token"
EXPIRED = "An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired."
OUTLASTED, KEPT = "The run took longer than the session", "took its role's temporary credentials once"
WRONG = "An error occurred (SignatureDoesNotMatch) when calling the PutObject operation: The request signature we"
WRONG = f"{WRONG} calculated does not match the signature you provided. Check your key and signing method."
CHECKSUMS, CLOCK = "sends checksums with uploads", "machine's clock first"
NO_KEYS = "botocore.exceptions.NoCredentialsError: Unable to locate credentials"
ONE_HOP = '\n"HttpTokens": "required", "HttpPutResponseHopLimit": 1'
TWO_HOPS = '\n"HttpTokens": "required", "HttpPutResponseHopLimit": 2'
CASES = [
    # A user's key with a session token.
    (f"AWS_ACCESS_KEY_ID={USER}\n{SECRET}AWS_SESSION_TOKEN={TOKEN}\n{REFUSED}", LEFT_OVER, "deleted or inactive"),
    (f"[default]\naws_access_key_id = {USER}\naws_secret_access_key = x\naws_session_token = {TOKEN}\n{REFUSED}",
     LEFT_OVER, "deleted or inactive"),
    (f'- name: AWS_ACCESS_KEY_ID\n  value: "{USER}"\n- name: AWS_SESSION_TOKEN\n  value: "{TOKEN}"\n{REFUSED}',
     LEFT_OVER, "deleted or inactive"),
    (f"AWS_ACCESS_KEY_ID={USER}\n{SECRET}AWS_SESSION_TOKEN=\n{REFUSED}", "", LEFT_OVER),
    (f"[old]\naws_access_key_id = {USER}\n[new]\naws_session_token = {TOKEN}\n{REFUSED}", "", LEFT_OVER),
    # Temporary keys of the environment that override a profile.
    (f"AWS_PROFILE=ops\nAWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n{SECRET}{REFUSED}", "overrides AWS_PROFILE=ops",
     "Start"),
    (f"AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\n{SECRET}{REFUSED}", "no session token", "overrides"),
    # The same key works in another Region.
    ("$ aws sqs list-queues --region af-south-1\n" + REFUSED.replace("GetCallerIdentity", "ListQueues")
     + '\n$ aws sqs list-queues --region eu-west-1\n{ "QueueUrls": [] }', "So the key is valid", "itself is deleted"),
    ("$ aws sqs list-queues --region af-south-1\n" + REFUSED.replace("GetCallerIdentity", "ListQueues"),
     "itself is deleted", "So the key is valid"),
    # A job that outlasts its session, and a program that keeps its role's first credentials.
    (f"Our GitHub Actions build fails after an hour:\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"Jenkins pipeline, long-running integration tests\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"CircleCI: after 75 minutes\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"release failed after 6010.02s\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"A github action that takes longer than 1h says\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"It was running for about 1h40m: terraform apply\n{EXPIRED}", OUTLASTED, "aws sso login"),
    (f"On my laptop, after an hour:\n{EXPIRED}", "have expired", OUTLASTED),
    (f"In GitHub Actions, the first step says\n{EXPIRED}", "have expired", OUTLASTED),
    (f"EC2 with an instance profile. Every six hours, until we restart the service:\n{EXPIRED}", KEPT, "aws sso login"),
    (f"The task role is fine. Restarting the container helps.\n{EXPIRED}", KEPT, "aws sso login"),
    (f"I restarted my shell, with my own keys\n{EXPIRED}", "have expired", KEPT),
    (f"The instance profile works for the other program.\n{EXPIRED}", "have expired", KEPT),
    (f"DuckDB on ECS, secret of the credential_chain\n{EXPIRED}", "REFRESH auto", "aws sso login"),
    # Signatures: a new default, one machine's clock.
    (f"since awscli 1.37.4, s3 cp to our MinIO\n{WRONG}", CHECKSUMS, "no pair"),
    (f"boto3 went from 1.35 to 1.36.2\n{WRONG}", CHECKSUMS, "no pair"),
    (f"aws-cli/2.15.1\n{WRONG}", "does not fit", CHECKSUMS),
    ("SignatureDoesNotMatch\nOnly on one machine; others are fine.", CLOCK, "no pair"),
    ("SignatureDoesNotMatch from the Go SDK, all other servers work", CLOCK, "no pair"),
    (f"only on my laptop\n{WRONG}", "does not fit", CLOCK),
    ("SignatureDoesNotMatch", "does not fit", CLOCK),
    # The metadata service's hop limit.
    (f"web-1  | {NO_KEYS}\nweb-1 exited with code 1{ONE_HOP}", "program in the container got no token", "only IMDSv1."),
    (f"docker run app\n{NO_KEYS}{ONE_HOP}", "program in the container got no token", "only IMDSv1."),
    (f"{NO_KEYS}{ONE_HOP}", "In a container, raise the hop limit", "it supports only IMDSv1."),
    (f"GET http://169.254.169.254/latest/meta-data/ 401\n{NO_KEYS}{ONE_HOP}", "it supports only IMDSv1.",
     "hop limit to 2"),
    (f"{NO_KEYS}{TWO_HOPS}", "it supports only IMDSv1.", "hop limit to 2"),
    # A profile whose heading lacks the word.
    ("The config profile (audit) could not be found\n$ cat ~/.aws/config\n[default]\nregion = eu-west-3\n[audit]\n"
     "region = eu-west-1", "it must be [profile audit]", "another user"),
    ("The config profile (audit) could not be found\n$ cat ~/.aws/config\n[default]\nregion = eu-west-3",
     "is not in the", "it must be"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "unsaid"), CASES)
def test_what_the_text_shows_decides(text: str, said: str, unsaid: str) -> None:
    answer = answer_to(text)
    assert said in answer
    assert unsaid not in answer
