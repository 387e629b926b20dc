"""Temporary keys that a program or a container gets without their token, and signatures with an old time."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.answers import answer_to

INVALID = (
    "An error occurred (InvalidClientTokenId) when calling the ListQueues operation: The security token included in "
    "the request is invalid."
)
SKEWED = (
    "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is "
    "too large.</Message><RequestTime>20260614T024626Z</RequestTime><ServerTime>2026-06-14T03:02:32Z</ServerTime>"
    "<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds></Error>"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"I pasted key and secret from the access portal into n8n.\n{INVALID}", True),
        (f"The plugin stores temporary credentials of our role.\n{INVALID}", True),
        (f"configure-aws-credentials works; the next step is a Docker action.\n{INVALID}", True),
        (f"I pasted key and secret with the session token from the access portal.\n{INVALID}", False),
        (f"I pasted my user's key and secret into n8n.\n{INVALID}", False),
        (f"We log in with OIDC, then run the AWS CLI.\n{INVALID}", False),
    ],
)
def test_temporary_keys_need_their_token(text: str, said: bool) -> None:
    assert ("without its session token, but AWS accepts the two only together" in answer_to(text)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"After about 15 minutes each upload fails:\n{SKEWED}", True),
        (f"The client works at first.\n{SKEWED}", True),
        (f"Works after a restart, then:\n{SKEWED}", True),
        (SKEWED, False),
        (f"Every upload fails on this machine:\n{SKEWED}", False),
    ],
)
def test_a_program_that_works_at_first_keeps_an_old_time(text: str, said: bool) -> None:
    assert ("signs with the time of its start" in answer_to(text)) == said


@pytest.mark.parametrize(
    ("settings", "override"),
    [
        (".env:\nAWS_ACCESS_KEY_ID=AKIAEXAMPLE\nAWS_PROFILE=stage", True),
        ("export AWS_PROFILE=stage\nexport AWS_ACCESS_KEY_ID=AKIAEXAMPLE", True),
        ("AWS_PROFILE=stage", False),
        ("AWS_ACCESS_KEY_ID=AKIAEXAMPLE", False),
    ],
)
def test_keys_beside_a_profile_override_it(settings: str, override: bool) -> None:
    text = (
        "litellm.AuthenticationError: BedrockException Invalid Authentication - The security token included in the "
        f"request is invalid.\nThis works:\naws bedrock-runtime converse --model-id x --profile stage\n{settings}\n"
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("the keys override the profile" in summary) is override
