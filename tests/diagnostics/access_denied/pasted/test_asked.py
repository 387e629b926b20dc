"""Policies beside a refusal that names no action or no caller: the text around them says which request it was."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.pasted.asked import with_service, without
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from iam.policy.document import Document
from iam.policy.statements import Statement
from tests.support.denials.pasted import allow

SSE = (
    '{"Sid": "Sse", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::drop/*", '
    '"Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}}'
)
TRAIL = """
statement {
  sid       = "Trail"
  actions   = ["s3:PutObject", "s3:GetBucketAcl"]
  resources = ["${aws_s3_bucket.trail.arn}/*", aws_s3_bucket.trail.arn]
  principals { type = "Service", identifiers = ["cloudtrail.amazonaws.com"] }
  condition { test = "%s", variable = "%s", values = [%s] }
}
"""
KEY_POLICY = (
    '{"Effect": "Allow", "Principal": {"Service": "guardduty.amazonaws.com"}, "Action": "kms:GenerateDataKey", '
    '"Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "1234", "aws:PrincipalOrgID": "o-a"}}}'
)
CASES = {
    "a Deny with a condition is the first suspect": (
        f"AccessDenied on every upload since the new baseline\n{SSE}\nsettings: bucket drop",
        "resource.explicit-deny",
        ("statement Sse denies s3:PutObject", "or is missing", "--sse aws:kms"),
    ),
    "a call in code that lacks the parameter": (
        f'AccessDenied on every upload\n{SSE}\ns3.put_object(Bucket="drop", Key=key, Body=body)',
        "resource.explicit-deny",
        ("the request does not have it", "s3.put_object was called without ServerSideEncryption"),
    ),
    "code that calls another action": (
        'the model answers 403 AccessDeniedException\npolicy: {"Effect": "Allow", "Action": ["bedrock:InvokeModel"], '
        '"Resource": "*"}\nawait client.send(new InvokeModelWithResponseStreamCommand({ modelId }))',
        "identity.no-action",
        ("names bedrock:InvokeModel, not bedrock:InvokeModelWithResponseStream",),
    ),
    "a service whose call has no such key": (
        f'the export of findings fails with "AccessDenied"; the key policy:\n{KEY_POLICY}',
        "resource.condition-unmet",
        ("aws:PrincipalOrgID", "a request of an AWS service has no such key", "aws:SourceArn or aws:SourceAccount"),
    ),
    "a service that may not send the key": (
        "AccessDenied for GetBucketAcl by cloudtrail.amazonaws.com in the events\n"
        + TRAIL % ("StringEquals", "aws:SourceOrgID", "data.aws_organizations_organization.root.id"),
        "resource.condition-unknown",
        ("does not show whether the request has it", "Put s3:GetBucketAcl into a statement of its own"),
    ),
    "the resource itself in aws:SourceArn": (
        "AccessDenied for PutObject by cloudtrail.amazonaws.com\n"
        + TRAIL % ("ArnEquals", "aws:SourceArn", "aws_s3_bucket.trail.arn"),
        "resource.condition-unmet",
        ("which is the resource itself",),
    ),
    "another resource of the service than the text names": (
        "User: sns.amazonaws.com is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:"
        "210987654321:q because no resource-based policy allows the sqs:SendMessage action\n"
        'topic arn:aws:sns:eu-west-1:210987654321:orders\n{"Effect":"Allow",'
        '"Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage",'
        '"Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-west-1:210987654321:order"}}}',
        "resource.condition-unmet",
        ("and it is arn:aws:sns:eu-west-1:210987654321:orders", "Keep the condition"),
    ),
    "a key that the action never has": (
        "still: the service role is not authorized to perform iam:TagRole. The statement ends in\n\n  Resource: '*'\n"
        "  Condition:\n    StringEquals:\n      iam:PermissionsBoundary: !Ref Boundary\n",
        "identity.condition-unmet",
        ("needs iam:PermissionsBoundary to be Boundary", "Put iam:TagRole into a statement of its own"),
    ),
}


@pytest.mark.parametrize(("text", "cause", "words"), CASES.values(), ids=CASES)
def test_the_statement_that_decides_leads(text: str, cause: str, words: tuple[str, ...]) -> None:
    answer = collect_offline(read_text(text)[0])
    said = " ".join((answer.verdict.summary, *(f"{fix.title}. {fix.change.text}" for fix in answer.fixes)))  # type: ignore[union-attr]
    assert answer.verdict.cause == cause
    assert [each for each in words if each not in said] == []
    assert answer.first_look == ()


def test_an_allow_of_an_action_that_only_the_policy_names_says_nothing() -> None:
    text = '403 Forbidden from the proxy\npolicy: {"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}'
    for failure in read_text(text):
        assert "would allow" not in collect_offline(failure).verdict.summary


def test_a_service_is_the_caller_where_the_policies_allow_nobody_else() -> None:
    def allowing(*principals: str) -> Statement:
        statement = allow("sqs:*", "*", Principal={"Service": list(principals)})
        return Document.from_value({"Version": "2012-10-17", "Statement": [statement]}).statements[0]

    denial = Denial("AccessDenied")
    assert with_service(denial, "", [allowing("events.amazonaws.com")]).principal == "events.amazonaws.com"
    two = [allowing("events.amazonaws.com", "sns.amazonaws.com")]
    assert with_service(denial, "", two).principal is None
    assert with_service(denial, "sent by sns.amazonaws.com", two).principal == "sns.amazonaws.com"


def test_parts_of_a_text_are_taken_out() -> None:
    assert without("abcdef", [(3, 5), (0, 1), (4, 5)]) == "\nbc\nf"
