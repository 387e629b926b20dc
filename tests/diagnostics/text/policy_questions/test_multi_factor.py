"""What a condition on MFA means for calls with long-term access keys."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

ASKED = "Is MFA really enforced for the CLI, too?\n"


def summary(text: str, effect: str, operator: str, value: object, **more: object) -> str:
    keys = {"aws:MultiFactorAuthPresent": value}
    statement = {"Effect": effect, "Action": "ec2:*", "Resource": "*", "Condition": {operator: keys}, **more}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return collect_offline(read_text(f"{text}{document}\n")[0]).verdict.summary


@pytest.mark.parametrize(
    ("text", "effect", "operator", "value", "said"),
    [
        (ASKED, "Deny", "Bool", "false", "pass without MFA, because the statement does not deny them"),
        ("Why can they still stop machines without MFA?\n", "Deny", "Bool", ["false"], "Write BoolIfExists instead"),
        (ASKED, "Allow", "BoolIfExists", "true", "pass without MFA, because the statement allows them"),
        (ASKED, "Deny", "BoolIfExists", "false", "also need MFA"),
    ],
)
def test_access_keys_have_no_mfa_key(text: str, effect: str, operator: str, value: object, said: str) -> None:
    assert said in summary(text, effect, operator, value)


@pytest.mark.parametrize(
    ("text", "effect", "operator"),
    [
        ("Does this allow ec2:RunInstances?\n", "Deny", "Bool"),
        (ASKED, "Allow", "Bool"),
        ("An error occurred (AccessDenied) when calling the StopInstances operation: needs MFA?\n", "Deny", "Bool"),
    ],
)
def test_other_questions_and_conditions_say_nothing_about_keys_without_mfa(
    text: str, effect: str, operator: str
) -> None:
    assert "long-term access keys" not in summary(text, effect, operator, "true" if effect == "Allow" else "false")
