"""The operator Null in an Allow: its value says whether the key must be absent, and is no value of the key."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.fix import Note

GROUP = "arn:aws:elasticloadbalancing:eu-west-2:111122223333:targetgroup/web/7d0c3f1a92"
REFUSED = (
    "User: arn:aws:sts::111122223333:assumed-role/alb/1 is not authorized to perform: elasticloadbalancing:AddTags on "
    f"resource: {GROUP} because no identity-based policy allows the elasticloadbalancing:AddTags action"
)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("aws:ResourceTag/cluster", "must have the tag cluster, with any value"),
        ("elasticloadbalancing:ResourceTag/team", "must have the tag team, with any value"),
    ],
)
def test_what_must_be_there_is_said_without_a_value(key: str, said: str) -> None:
    statement = {
        "Effect": "Allow",
        "Action": "elasticloadbalancing:AddTags",
        "Resource": "*",
        "Condition": {"Null": {key: "false"}},
    }
    (failure,) = read_text(f"{REFUSED}\n\n{json.dumps(statement)}")
    (fix, *_) = collect_offline(failure).fixes
    assert isinstance(fix.change, Note)
    assert said in fix.change.text
    assert "must be" not in fix.change.text
