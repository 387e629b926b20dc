"""A KMS key that cannot be used: its state and who caused it are read from the text."""

from __future__ import annotations

import pytest

from diagnostics.text.answer.key_state import enabled_key_of_scaling, key_state
from tests.support.texts.answers import answer_to

KEY = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OPS = "arn:aws:sts::444455556666:assumed-role/ops/ana"


@pytest.mark.parametrize(
    ("text", "sentence", "step"),
    [
        (f"DisabledException: {KEY} is disabled.\n(cloudtrail) DisableKey by {OPS}", f"DisableKey by {OPS}",
         f"aws kms enable-key --key-id {KEY}"),
        (f"KMSInvalidStateException: {KEY} is pending deletion.", "is pending deletion", "cancel-key-deletion"),
        (f'{KEY} is disabled.\n{{"userIdentity": {{"arn": "{OPS}"}}, "eventName": "DisableKey"}}', f"by {OPS}",
         f"ask {OPS} whether"),
        (f"{KEY} is pending deletion\n2026-11-02 ScheduleKeyDeletion {OPS}", f"ScheduleKeyDeletion by {OPS}",
         "enable-key"),
        ('"KeyState": "Disabled"\nDisabledException', "is disabled",
         "find out in CloudTrail who made the call DisableKey"),
    ],
)  # fmt: skip
def test_the_state_and_its_author_are_named(text: str, sentence: str, step: str) -> None:
    state = key_state(text)
    assert state is not None
    assert sentence in state.sentence
    assert step in state.step


@pytest.mark.parametrize(
    "text", ["NotFoundException: Key does not exist", f"{KEY} is pending import", '"KeyState": "Enabled"']
)
def test_no_other_state_is_claimed(text: str) -> None:
    assert key_state(text) is None


def test_two_authors_are_none() -> None:
    state = key_state(f"{KEY} is disabled\nDisableKey by {OPS}\nDisableKey by {OPS}2")
    assert state is not None
    assert "by arn" not in state.sentence


LAUNCH = "Launching a new EC2 instance: i-1. Client.InvalidKMSKey.InvalidState: The key is in an incorrect state"


DESCRIBED = "aws kms describe-key --key-id"


@pytest.mark.parametrize(
    ("shown", "state", "until"),
    [
        (f'{DESCRIBED} alias/a --query "KeyMetadata.[KeyState,DeletionDate]"\n["PendingDeletion","2026-12-09T1:2:4Z"]',
         "pending deletion", "before 2026-12-09"),
        (f"{DESCRIBED} {KEY} --query KeyMetadata.KeyState --output text\nDisabled\n$ ls", "is disabled", f"{KEY}."),
        (f"{DESCRIBED} {KEY} --query KeyMetadata.KeyState --output text\nDisabled\n{DESCRIBED} {KEY}\n"
         '{"KeyMetadata": {"KeyState": "Enabled"}}', "", ""),
        (f'{DESCRIBED} alias/a\n{{"KeyMetadata": {{"KeyState": "Enabled"}}}}\nwhich key is disabled?', "", ""),
    ],
)  # fmt: skip
def test_the_printed_state_decides(shown: str, state: str, until: str) -> None:
    found = key_state(f"{LAUNCH}\n{shown}")
    assert (found is not None) is bool(state)
    assert found is None or (state in found.sentence and until in found.step)
    assert not state or state in answer_to(f"{LAUNCH}\n{shown}")


@pytest.mark.parametrize(
    "shown", ['--query KeyMetadata.KeyState\n"Enabled"', '"KeyState": "Enabled"', "the key is enabled"]
)
def test_an_enabled_key_is_not_allowed_for_auto_scalings_role(shown: str) -> None:
    found = enabled_key_of_scaling(f"{LAUNCH}\n{shown}")
    assert found is not None and "AWSServiceRoleForAutoScaling" in found.sentence and "kms:CreateGrant" in found.step


@pytest.mark.parametrize(
    "text",
    [
        LAUNCH,
        f'{LAUNCH}\n"KeyState": "PendingDeletion"',
        f"{LAUNCH}\nis the key disabled?",
        'run-instances: Client.InvalidKMSKey.InvalidState\n"KeyState": "Enabled"',
    ],
)
def test_other_states_and_launches_say_nothing_of_that_role(text: str) -> None:
    assert enabled_key_of_scaling(text) is None


@pytest.mark.parametrize(
    ("call", "shown", "is_undone"),
    [("kms:DisableKey", '"KeyState": "Disabled"', True), ("cloudtrail:StopLogging", "Logging is disabled", False)],
)
def test_only_a_test_of_kms_leaves_a_key_to_restore(call: str, shown: str, is_undone: bool) -> None:
    answer = answer_to(f"FAIL  {call} x\n      expected AccessDenied, got 200 {{}}\n{shown}\n")
    assert f"A test expects {call} to be denied" in answer
    assert ("aws kms enable-key" in answer) is is_undone
