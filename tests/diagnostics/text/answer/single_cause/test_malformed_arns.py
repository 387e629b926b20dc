"""An ARN without a colon in the message and in a setting is the cause; one in the message alone may be mistyped."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

WRONG, RIGHT = "arn:aws:iam:480175926033:role/deploy-admin", "arn:aws:iam::480175926033:role/deploy-admin"
REFUSED = "User: arn:aws:iam::480175926033:user/jonas is not authorized to perform: sts:AssumeRole on resource: "


@pytest.mark.parametrize(
    ("text", "malformed"),
    [
        (f"role_arn = {WRONG}\n\n{REFUSED}{WRONG}", True),
        (f'assume_role {{\n  role_arn = "{WRONG}"\n}}\n{REFUSED}{WRONG}', True),
        (f"{REFUSED}{WRONG}", False),
        (f"role_arn = {RIGHT}\n\n{REFUSED}{RIGHT}", False),
    ],
)
def test_the_setting_is_corrected(text: str, malformed: bool) -> None:
    found = collect_offline(read_text(text)[0])
    assert (f"The ARN {WRONG} lacks a colon" in found.verdict.summary) is malformed
    assert any(RIGHT in fix.text for fix in found.fixes) is malformed
