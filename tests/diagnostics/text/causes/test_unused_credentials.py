"""The role of an instance, a task or a notebook calls, although the text sets a profile or keys."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed


def refused(role: str, session: str, action: str = "sqs:SendMessage") -> str:
    return (
        f"User: arn:aws:sts::612340987765:assumed-role/{role}/{session} is not authorized to perform: {action} on "
        f"resource: arn:aws:sqs:eu-north-1:612340987765:orders because no identity-based policy allows "
        f"the {action} action"
    )


@pytest.mark.parametrize(
    ("around", "session", "machine"),
    [
        ("$ export AWS_PROFILE=ops\n$ pulumi up", "i-0ab12cd34ef567890", "instance"),
        ("The access keys are set in ~/.aws/credentials of my user, but cron says:", "i-0ab12cd34ef567890", "instance"),
        (
            "I have added AWS_ACCESS_KEY_ID and the secret to the .env file.",
            "0123456789abcdef0123456789abcdef",
            "ECS task",
        ),
        ("os.environ['AWS_PROFILE'] = 'ops'", "SageMaker", "notebook or job"),
    ],
)
def test_the_role_of_a_machine_calls_in_place_of_the_credentials_that_are_set(
    around: str, session: str, machine: str
) -> None:
    first = diagnosed(f"{around}\n{refused('base', session)}").first_look[0]
    assert first.cause.startswith(f"The call came with the role of the {machine} (base), although the text sets")


@pytest.mark.parametrize(
    ("around", "session"),
    [
        ("$ export AWS_PROFILE=ops\n$ pulumi up", "deploy-1"),
        ("AWS_PROFILE is not set here.", "i-0ab12cd34ef567890"),
        ("$ AWS_PROFILE=admin aws iam get-role --role-name base", "i-0ab12cd34ef567890"),
        ("$ aws iam get-role --role-name base --profile admin", "i-0ab12cd34ef567890"),
        ("[profile ops]\nrole_arn = arn:aws:iam::612340987765:role/base\nAWS_PROFILE=ops", "i-0ab12cd34ef567890"),
        ("Should I put access keys in the .env file?", "i-0ab12cd34ef567890"),
    ],
)
def test_credentials_that_are_not_set_or_lead_to_the_role_are_not_the_cause(around: str, session: str) -> None:
    found = diagnosed(f"{around}\n{refused('base', session)}").first_look
    assert not any("although the text sets credentials" in each.cause for each in found)
