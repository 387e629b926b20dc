"""Messages of services that move and show data: what a text decides, and texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        "the role cannot be provided",
        "failed attempting to download the file",
        "Too many connects from one host",
        "ldap: SaslAuthenticationException: Access denied",
        "Job failed, please check complete logs in configured logging destination. ExitCode: 1. OutOfMemoryError",
        "the secret is encrypted with the default key",
        "Splunk.Connected",
        "You don't have sufficient permissions to edit this page",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


SECRET = (
    "Test Endpoint failed: Application-Message: Failed to build connection string Unable to find Secrets Manager secret"
)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "its own role (SecretsManagerAccessRoleArn) is refused, or"),
        (" curlCode: 28, Timeout was reached", "cannot reach Secrets Manager (timeout)"),
    ],
)
def test_a_timeout_shows_that_the_network_is_at_fault(more: str, said: str) -> None:
    (failure,) = read_text(SECRET + more)
    assert said in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            '\n$ aws iam list-instance-profiles-for-role --role-name spark\n{"InstanceProfiles": []}',
            "is in no instance",
        ),
        ("", "a role of that name is not enough"),
    ],
)
def test_a_role_without_its_instance_profile_is_named(more: str, said: str) -> None:
    (failure,) = read_text(
        f"Terminated with errors: Failed to authorize instance profile spark (VALIDATION_ERROR){more}"
    )
    assert said in collect_offline(failure).verdict.summary
