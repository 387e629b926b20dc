"""A program that asks Bedrock for AWS's own profile, although the text names application profiles, uses a default."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

OF_AWS = "arn:aws:bedrock:us-west-2:111122223333:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0"
OWN = "arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/a1b2c3d4e5f6"
MODEL = "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0"
REFUSED = (
    "User: arn:aws:sts::111122223333:assumed-role/dev/kim is not authorized to perform: bedrock:InvokeModel on "
    "resource: {} because no {} policy allows the bedrock:InvokeModel action"
)


@pytest.mark.parametrize("kind", ["identity-based", "session"])
@pytest.mark.parametrize(
    ("said", "resource", "other"),
    [
        ("We may use only application inference profiles.", OF_AWS, True),
        ("The program is set to our custom inference profile.", OF_AWS, True),
        ("Its model is our own inference-profile in eu.", OF_AWS.replace("us.anthropic", "eu.anthropic"), True),
        ("We may use only application inference profiles.", OWN, False),
        ("We may use only application inference profiles.", MODEL, False),
        ("We use an inference profile.", OF_AWS, False),
        ("ANTHROPIC_MODEL=us.anthropic.claude-opus-4-20250514-v1:0", OF_AWS, True),
        ('model_id = "eu.amazon.nova-pro-v1:0"', OF_AWS, True),
        ('model_id = "anthropic.claude-sonnet-4-20250514-v1:0"', OF_AWS, False),
        ("model: global.anthropic.claude-sonnet-4-20250514-v1:0", OF_AWS, False),
    ],
)
def test_a_model_that_the_text_does_not_set(said: str, resource: str, other: bool, kind: str) -> None:
    text = f"{said}\nAPI Error 403: {REFUSED.format(resource, kind)}\n"
    assert ("The program asked for " in collect_offline(read_text(text)[0]).verdict.summary) == other


def test_a_policy_for_the_model_that_is_set_does_not_need_the_other() -> None:
    allowed = f'{{"Effect": "Allow", "Action": "bedrock:InvokeModel*", "Resource": "{OWN}"}}'
    text = f"$ ANTHROPIC_MODEL={OWN} agent\n{REFUSED.format(OF_AWS, 'identity-based')}\n{allowed}"
    answer = collect_offline(read_text(text)[0])
    assert "The program asked for us.anthropic" in answer.verdict.summary
    assert answer.fixes[0].title == "Set the program's other model, or allow it"


AGENT = (
    "An error occurred (AccessDeniedException) when calling the InvokeAgent operation: Access denied when calling "
    "Bedrock. Check your request permissions and retry the request.\n"
)
ALLOWS = '{{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "{}"}}\n'
OF_MODEL = "arn:aws:bedrock:us-east-1::foundation-model/{}"


@pytest.mark.parametrize(
    ("model", "resource", "said"),
    [
        ("us.amazon.nova-pro-v1:0", OF_MODEL.format("amazon.nova-lite-v1:0"), "only another model"),
        ("eu.anthropic.claude-sonnet-4-20250514-v1:0", OF_MODEL.format("anthropic.*"), "only foundation models"),
        ("us.amazon.nova-pro-v1:0", "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova*", ""),
        ("us.amazon.nova-pro-v1:0", "*", ""),
        ("amazon.nova-pro-v1:0", OF_MODEL.format("amazon.nova-lite-v1:0"), ""),
    ],
)
def test_a_profile_that_the_policy_of_the_agent_does_not_name(model: str, resource: str, said: str) -> None:
    summary = collect_offline(read_text(f"The agent's model is now {model}.\n{AGENT}{ALLOWS.format(resource)}")[0])
    assert ("The call uses the inference profile" in summary.verdict.summary) is bool(said)
    assert said in summary.verdict.summary
