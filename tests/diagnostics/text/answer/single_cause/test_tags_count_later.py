"""A call that a condition on a new tag refuses, and that works a moment later."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

POLICY = (
    '{{"Sid": "Own", "Effect": "Allow", "Action": "{}", "Resource": "*", "Condition": {{"StringEquals": '
    '{{"{}/team": "forecast"}}}}}}\n'
)
REFUSED = (
    "User: arn:aws:sts::111122223333:assumed-role/deploy/gh is not authorized to perform: {} on resource: {} because "
    "no identity-based policy allows the {} action\n"
)


def text(action: str, resource: str, said: str, key: str = "aws:ResourceTag") -> str:
    return POLICY.format(action, key) + REFUSED.format(action, resource, action) + said


NOTEBOOK = ("sagemaker:StopNotebookInstance", "arn:aws:sagemaker:eu-west-2:111122223333:notebook-instance/fc-02")
VOLUME = ("ec2:AttachVolume", "arn:aws:ec2:eu-west-2:111122223333:volume/vol-0a1b2c3d4e5f60718")
SECRET = ("secretsmanager:PutSecretValue", "arn:aws:secretsmanager:eu-west-2:111122223333:secret:a-AbCdEf")


@pytest.mark.parametrize(
    "paste",
    [
        text(*NOTEBOOK, "When I run the last line by hand a minute later it works."),
        text(*VOLUME, "Re-running the job succeeds, nothing was changed.", "ec2:ResourceTag"),
        text(*SECRET, "with a sleep of 20 in between it works"),
    ],
)
def test_the_tag_counts_later(paste: str) -> None:
    answer = collect_offline(read_text(paste)[0])
    assert "did not count yet" in answer.verdict.summary
    assert "team=forecast" in str(answer.fixes[0])


@pytest.mark.parametrize(
    "paste",
    [
        text(*NOTEBOOK, "A minute later it still does not work."),
        text(*VOLUME, "As admin it works a minute later."),
        text(*SECRET, ""),
    ],
)
def test_otherwise_the_tag_is_looked_at(paste: str) -> None:
    assert "did not count yet" not in collect_offline(read_text(paste)[0]).verdict.summary
