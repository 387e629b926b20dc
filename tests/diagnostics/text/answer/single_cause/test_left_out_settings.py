"""A call that works without one of its settings lacks the action that this setting needs."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

LAUNCH = "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized."
UPLOAD = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
PACKER = "==> amazon-ebs: Error launching source instance: You are not authorized to perform this operation."
STATED = (
    "User: arn:aws:iam::111122223333:user/kim is not authorized to perform: iam:CreateRole on resource: "
    "arn:aws:iam::111122223333:role/t because no identity-based policy allows the iam:CreateRole action"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{LAUNCH}\nIf I remove --iam-instance-profile the launch succeeds.", "lacks iam:PassRole on the role in the"),
        (f'{PACKER}\n"iam_instance_profile": "bake"\nIt works without iam_instance_profile.', "instance profile bake"),
        (f"{LAUNCH}\nIt works when the instance profile is left out", "lacks iam:PassRole"),
        (f"{UPLOAD}\nWithout --sse-kms-key-id the same upload works", "lacks kms:GenerateDataKey on the KMS key"),
    ],
)
def test_the_action_that_only_the_setting_needs_is_missing(text: str, said: str) -> None:
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "identity.no-action"
    assert said in verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"{LAUNCH}\nIt does not work without the instance profile either.",
        f"{LAUNCH}\nWithout the role it works",
        f"{LAUNCH}\nWithout a VPN it works",
        f"{LAUNCH}\nDoes it work without iam_instance_profile?",
        f"{STATED}\nIt works without taskRoleArn",
    ],
)
def test_without_such_a_sentence_or_setting_nothing_is_decided(text: str) -> None:
    assert "the call works without this setting" not in collect_offline(read_text(text)[0]).verdict.summary
