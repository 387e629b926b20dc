"""Questions without an error are answered from the tables: which permission, on what, or that none is needed."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.messages.questions import answers

ASKED = [
    ("does our bot need a policy for sts:GetCallerIdentity? it works", "needs no permission"),
    ("$ aws sts get-caller-identity\nworks without any policy, is that right?", "needs no permission"),
    ("we removed sts:GetSessionToken from bob, he still gets tokens", "needs no permission for sts:GetSessionToken"),
    ("which permission do I need to pull public.ecr.aws/nginx/nginx:1 from a pod?", "needs no permission"),
    ("is s3:HeadObject in the policy enough?", "s3:HeadObject is a call and no IAM action: the permission for it is"),
    ("we want s3:CreateMultipartUpload in the role", "the permission for it is s3:PutObject"),
    ("do I need both ssm:GetParameter and ssm:GetParameters for get_parameters(Names=[...])?",
     "The permission for get_parameters is ssm:GetParameters; ssm:GetParameter is another permission"),
    ("what is needed for aws dynamodb describe-table?", "is dynamodb:DescribeTable"),
    ("can I narrow s3:ListAllMyBuckets to one bucket?", 's3:ListAllMyBuckets supports no resources'),
    ("is sqs:SendMessage on a queue or on an account?", "A statement for sqs:SendMessage names arn:"),
    ('{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"s3:*","Resource":"*"}'
     "]}\ndoes the order matter?", "The order of statements does not matter"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), ASKED)
def test_a_question_is_answered(text: str, said: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert failure.trouble is Trouble.UNRECOGNIZED
    diagnosis = collect_offline(failure)
    assert said in diagnosis.verdict.summary
    assert said in diagnosis.first_look[0].cause
    assert diagnosis.verdict.cause == "unreadable"
    assert not diagnosis.fixes


@pytest.mark.parametrize("text", ["what a day", "see https://x.example/a:B and C:Users", "note:This is fine"])
def test_a_text_that_names_no_call_has_no_answer(text: str) -> None:
    assert answers(text) == ()
