"""Where a service-linked role gets access: not in its own policies, which only its service changes."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.service_linked_roles import allow_elsewhere

SESSION = "arn:aws:sts::111122223333:assumed-role/{}/session"
KEY = "arn:aws:kms:eu-west-1:{}:key/11111111-2222-3333-4444-555555555555"
SAID = "User: {} is not authorized to perform: {} on resource: {} because no identity-based policy allows the {} action"


@pytest.mark.parametrize(
    ("role", "action", "resource", "said"),
    [
        ("AWSServiceRoleForAutoScaling_web", "kms:Decrypt", KEY.format("111122223333"),
         "let the key policy allow AWSServiceRoleForAutoScaling_web kms:Encrypt, kms:Decrypt,"),
        ("AWSServiceRoleForAutoScaling", "kms:CreateGrant", KEY.format("444455556666"), "create a grant for the role"),
        ("AWSServiceRoleForBackup", "kms:Decrypt", KEY.format("111122223333"),
         "let the key policy allow AWSServiceRoleForBackup kms:Decrypt."),
        ("AWSServiceRoleForConfig", "s3:PutObject", "arn:aws:s3:::history/x", "let the resource's own policy allow"),
        ("AWSServiceRoleForECS", "elasticloadbalancing:RegisterTargets",
         "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef", "a role of your own"),
        ("AWSServiceRoleForAutoScaling", "ec2:RunInstances", "*", "no resource policy can allow this"),
    ],
)  # fmt: skip
def test_the_resources_own_policy_must_allow_it(role: str, action: str, resource: str, said: str) -> None:
    caller = SESSION.format(role)
    (failure,) = read_text(SAID.format(caller, action, resource, action))
    answer = collect_offline(failure)
    assert said in answer.verdict.summary
    assert "caller's policies" not in answer.verdict.summary
    assert not any("identity-based policies allows" in each.cause for each in answer.first_look)


@pytest.mark.parametrize("caller", [SESSION.format("worker"), "arn:aws:iam::111122223333:role/AWSServiceRoleForX-copy"])
def test_nothing_is_said_of_an_ordinary_role(caller: str) -> None:
    assert allow_elsewhere(caller, "kms:Decrypt", KEY.format("111122223333")) == ""
