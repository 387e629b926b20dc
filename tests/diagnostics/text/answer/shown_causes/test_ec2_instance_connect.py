"""A key that was sent for another user of the instance is named."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

PUSHED = "aws ec2-instance-connect send-ssh-public-key --instance-id i-0b7e9c2d4f6a8b1c3 --instance-os-user {}\n"


@pytest.mark.parametrize(
    ("pushed", "signs_in", "other"),
    [("ec2-user", "ubuntu", True), ("ubuntu", "ubuntu", False), ("$USER", "ubuntu", False)],
)
def test_a_key_that_was_sent_for_another_user_is_named(pushed: str, signs_in: str, other: bool) -> None:
    text = f"{PUSHED.format(pushed)}{signs_in}@10.20.4.17: Permission denied (publickey).\n"
    assert ("ssh signs in as" in collect_offline(read_text(text)[0]).verdict.summary) is other
