"""Policies beside a refusal that names no action or no caller: the text around them says which request it was."""

from __future__ import annotations

import json

import pytest

from diagnostics.access_denied.pasted.request_in_words import with_service, without
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from iam.policy.document import Document
from iam.policy.statements import Statement
from tests.support.denials.pasted import allow, refused

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
QUEUE = "arn:aws:sqs:eu-central-1:210987654321:dlq"
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
        f'the export of GuardDuty fails with "AccessDenied"; the key policy:\n{KEY_POLICY}',
        "resource.condition-unmet",
        ("aws:PrincipalOrgID", "a request of an AWS service has no such key", "aws:SourceArn or aws:SourceAccount"),
    ),
    "a service that may not send the key": (
        "AccessDenied for GetBucketAcl by cloudtrail.amazonaws.com in the events\n"
        + TRAIL % ("StringEquals", "aws:SourceOrgID", "data.aws_organizations_organization.root.id"),
        "resource.condition-unknown",
        ("allows s3:GetBucketAcl only where aws:SourceOrgID is", "Write the statement, with aws:SourceArn"),
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
        ("needs iam:PermissionsBoundary to be Boundary", "Put iam:TagRole into a separate statement"),
    ),
    "an SCP that the text shows, and a command's value": (
        "$ aws ec2 run-instances --instance-type m5.4xlarge\nAn error occurred (UnauthorizedOperation) when calling "
        "the RunInstances operation: You are not authorized to perform this operation.\nour SCP: "
        '{"Sid":"Small","Effect":"Deny","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:*:*:instance/*",'
        '"Condition":{"StringNotLike":{"ec2:InstanceType":["t3.*"]}}}',
        "scp.explicit-deny",
        ("(here it is m5.4xlarge)", "change --instance-type to t3.*", "No Allow can help"),
    ),
    "a setting of the text": (
        "UnauthorizedOperation on ec2:CreateVolume\n"
        '{"Sid":"Enc","Effect":"Deny","Action":"ec2:CreateVolume","Resource":"arn:aws:ec2:*:*:volume/*",'
        '"Condition":{"Bool":{"ec2:Encrypted":"false"}}}\nebs: { volumeSize: 50Gi, encrypted: false }',
        "identity.explicit-deny",
        ("where ec2:Encrypted is false", "encrypt the volume"),
    ),
    "tags that reach the instance alone": (
        "our SCP:\nDeny ec2:RunInstances if aws:RequestTag/Cost is null\n"
        + refused(
            "ec2:RunInstances",
            "arn:aws:ec2:eu-west-1:210987654321:volume/*",
            "with an explicit deny in a service control policy",
        )
        + '\nresource "aws_instance" "a" {\n  instance_type = "t3.micro"\n  tags = { Cost = "42" }\n}',
        "scp.explicit-deny",
        ("aws_instance.a sets the tag only on the instance", "set the tag Cost"),
    ),
    "a key of another Region": (
        refused(
            "kms:Decrypt",
            "arn:aws:kms:eu-west-1:210987654321:key/11111111-2222-3333-4444-555555555555",
            "because no identity-based policy allows the kms:Decrypt action",
        )
        + '\n{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":'
        '{"kms:ViaService":"sqs.us-east-1.amazonaws.com"}}}',
        "identity.condition-unmet",
        ("the key is in eu-west-1", "Write sqs.eu-west-1.amazonaws.com for kms:ViaService"),
    ),
    "a program that calls KMS itself": (
        refused(
            "kms:Decrypt",
            "arn:aws:kms:eu-west-1:210987654321:key/11111111-2222-3333-4444-555555555555",
            "because no identity-based policy allows the kms:Decrypt action",
        )
        + '\n{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":'
        '{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}}\nawait kms.send(new DecryptCommand({ CiphertextBlob: b }))',
        "identity.condition-unmet",
        ("the program calls KMS itself", "Keep the existing statement"),
    ),
    "an operator that is true without the key": (
        refused(
            "dynamodb:UpdateItem",
            "arn:aws:dynamodb:eu-west-1:210987654321:table/t",
            "because no identity-based policy allows the dynamodb:UpdateItem action",
        )
        + '\n{"Effect":"Allow","Action":"dynamodb:UpdateItem","Resource":"*","Condition":'
        '{"ForAllValues:StringEquals":{"dynamodb:Attributes":["id"]}}}',
        "identity.condition-unknown",
        ("only where every dynamodb:Attributes is id",),
    ),
    "tags that are made with another call": (
        "run-instances fails\n"
        + refused(
            "ec2:CreateTags",
            "arn:aws:ec2:eu-west-1:210987654321:volume/*",
            "because no identity-based policy allows the ec2:CreateTags action",
        )
        + '\n{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"StringEquals":'
        '{"ec2:CreateAction":"CreateVolume"}}}',
        "identity.condition-unmet",
        ("and it is RunInstances", "Add RunInstances to the values"),
    ),
    "a resource of Terraform tells who gets the role": (
        refused(
            "iam:PassRole",
            "arn:aws:iam::210987654321:role/web",
            "because no identity-based policy allows the iam:PassRole action",
        )
        + '\n  with aws_ecs_task_definition.web,\n{"Effect":"Allow","Action":"iam:PassRole","Resource":"*",'
        '"Condition":{"StringEquals":{"iam:PassedToService":"ecs.amazonaws.com"}}}',
        "identity.condition-unmet",
        ("and it is ecs-tasks.amazonaws.com",),
    ),
    "a builder of Java, and another Region": (
        'PolicyStatement.Builder.create()\n  .effect(Effect.ALLOW)\n  .actions(List.of("sns:Publish"))\n'
        '  .resources(List.of("arn:aws:sns:us-east-1:210987654321:alerts"))\n  .build()\n'
        + refused(
            "sns:Publish",
            "arn:aws:sns:eu-west-1:210987654321:alerts",
            "because no identity-based policy allows the sns:Publish action",
        ),
        "identity.resource-mismatch",
        ("Compare us-east-1 with eu-west-1",),
    ),
    "a global service in a lock on Regions": (
        refused(
            "cloudfront:CreateFunction",
            "arn:aws:cloudfront::210987654321:function/f",
            "with an explicit deny in a service control policy",
        )
        + '\n{"Effect":"Deny","NotAction":["iam:*"],"Resource":"*","Condition":{"StringNotEquals":'
        '{"aws:RequestedRegion":"eu-central-1"}}}',
        "scp.explicit-deny",
        ("cloudfront has one endpoint, in us-east-1", "add cloudfront:* to its NotAction"),
    ),
    "a trust policy of another account": (
        "Could not assume role arn:aws:iam::260011223344:role/sm. Please ensure that the role exists and "
        "allows principal 'sagemaker.amazonaws.com' to assume the role.\n"
        '{"Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole",'
        '"Condition":{"StringEquals":{"aws:SourceAccount":"260011223345"}}}]}',
        "trust.condition-unmet",
        ("aws:SourceAccount is 260011223345", "Write the account 260011223344"),
    ),
    "Pod Identity without the session's tags": (
        "An error occurred (AccessDeniedException) when calling the AssumeRoleForPodIdentity operation: no\n"
        '{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":"sts:AssumeRole"}',
        "trust.no-action",
        ("not sts:TagSession",),
    ),
    "a boundary that the text sets": (
        'module "m" {\n  permissions_boundary = "org"\n}\n'
        + refused(
            "iam:CreateRole",
            "arn:aws:iam::210987654321:role/events",
            "with an explicit deny in a permissions boundary",
        ),
        "boundary.explicit-deny",
        ("the setting does not reach events", "Pass permissions_boundary on"),
    ),
    "a policy that was attached seconds before": (
        "04:30:02 attach-role-policy AmazonSSMReadOnlyAccess -> role exporter  OK\n04:30:11 "
        + refused(
            "ssm:GetParameters",
            "arn:aws:ssm:us-east-2:210987654321:parameter/edge/cfg",
            "because no identity-based policy allows the ssm:GetParameters action",
        ),
        "unreadable",
        ("attached only 9 seconds before the denial", "You need no new credentials"),
    ),
    "the context of a bucket without its key": (
        refused(
            "kms:Decrypt",
            "arn:aws:kms:eu-west-1:210987654321:key/11111111-2222-3333-4444-555555555555",
            "because no resource-based policy allows the kms:Decrypt action",
        )
        + '\n"Condition": {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::raw"}}\n'
        "BucketKeyEnabled: false",
        "resource.condition-unmet",
        ("requires the bucket's ARN", "arn:aws:s3:::raw/*"),
    ),
    "a model's profile in another area": (
        refused(
            "bedrock:InvokeModel",
            "arn:aws:bedrock:eu-central-1:210987654321:inference-profile/eu.anthropic.claude-3",
            "because no identity-based policy allows the bedrock:InvokeModel action",
        )
        + "\nactions: ['bedrock:InvokeModel'], resources: "
        "[`arn:aws:bedrock:${region}:${account}:inference-profile/us.anthropic.claude-3`]",
        "identity.resource-mismatch",
        ("the call uses eu.anthropic.claude-3", "If you meant us.anthropic.claude-3, send that ID"),
    ),
    "a Region that does not exist": (
        refused("sqs:SetQueueAttributes", QUEUE, "because no identity-based policy allows the action")
        + '\n{"Effect":"Allow","Action":"sqs:*","Resource":"*","Condition":{"StringEquals":'
        '{"aws:RequestedRegion":["all"]}}}',
        "identity.condition-unmet",
        ("No Region is called all", "Write Regions in the condition"),
    ),
    "another Region beside what a deployment fills in": (
        refused(
            "ecr:PutImage",
            "arn:aws:ecr:us-east-1:210987654321:repository/team/api",
            "because no identity-based policy allows the ecr:PutImage action",
        )
        + '\niam.PolicyStatement(\n    actions=["ecr:PutImage"],\n'
        '    resources=[f"arn:aws:ecr:us-west-2:{account}:repository/team/*"],\n)',
        "identity.resource-mismatch",
        ("(the region differs)", "If you meant us-west-2, call that Region"),
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
        assert "has that policy" not in collect_offline(failure).verdict.summary


def test_a_service_is_the_caller_where_the_policies_allow_nobody_else() -> None:
    def allowing(*principals: str) -> Statement:
        statement = allow("sqs:*", "*", Principal={"Service": list(principals)})
        return Document.from_value({"Version": "2012-10-17", "Statement": [statement]}).statements[0]

    denial = Denial("AccessDenied")
    one = [allowing("events.amazonaws.com")]
    assert with_service(denial, "the EventBridge rule", one).principal == "events.amazonaws.com"
    assert with_service(denial, "my upload fails", one).principal is None
    two = [allowing("events.amazonaws.com", "sns.amazonaws.com")]
    assert with_service(denial, "", two).principal is None
    assert with_service(denial, "sent by sns.amazonaws.com", two).principal == "sns.amazonaws.com"


def test_parts_of_a_text_are_taken_out() -> None:
    assert without("abcdef", [(3, 5), (0, 1), (4, 5)]) == "\nbc\nf"


CALLER = "$ aws sts get-caller-identity --query Arn --output text\narn:aws:sts::{}:assumed-role/admin/kim\n"
CENTRAL = (
    "$ aws cloudtrail create-trail --name member --s3-bucket-name central\nAn error occurred "
    "(InsufficientS3BucketPolicyException) when calling the CreateTrail operation: Incorrect S3 bucket policy is "
    "detected for bucket: central\n"
)


@pytest.mark.parametrize(("account", "other"), [("444455556666", True), ("111122223333", False)])
def test_a_service_acts_for_the_account_of_the_call(account: str, other: bool) -> None:
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::central", "arn:aws:s3:::central/*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    }
    text = f"{CALLER.format(account)}{CENTRAL}{json.dumps(allowed)}"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("and it is 444455556666" in summary) is other


LOOKS = '$ aws kinesis describe-stream-summary --stream-name s --query Status\n"ACTIVE"'
LISTS = '$ aws sqs get-queue-attributes --queue-url q\n{"Attributes": {}}'
FILTER = (
    "$ aws logs put-subscription-filter --filter-name f --role-arn arn:aws:iam::111122223333:role/r\n\nAn error "
    "occurred (InvalidParameterException) when calling the PutSubscriptionFilter operation: Could not deliver test "
    "message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state."
)
PUT = '{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"*"}'
ON_KEY = "KMS arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (f"{FILTER}\n{LOOKS}\n{PUT}", None),
        (f"{LOOKS}\n{FILTER}\n{PUT}", None),
        (f"AccessDenied in the worker\n{LISTS}\n{PUT.replace('kinesis:PutRecord', 'sqs:SendMessage')}",
         "sqs:GetQueueAttributes"),
    ],
)  # fmt: skip
def test_a_command_that_only_looks_is_not_the_call_that_failed(text: str, action: str | None) -> None:
    (failure,) = read_text(text)
    said = collect_offline(failure).verdict.summary
    assert "DescribeStreamSummary" not in said
    assert action is None or action in said


@pytest.mark.parametrize(
    ("policy", "missing"), [(PUT, True), (PUT.replace('PutRecord"', 'PutRecord","kms:GenerateDataKey"'), False)]
)
def test_the_role_of_an_encrypted_stream_needs_its_key(policy: str, missing: bool) -> None:
    (failure,) = read_text(f"{FILTER}\n{LOOKS}\n{ON_KEY}\n{policy}")
    assert ("The stream is encrypted with the KMS key" in collect_offline(failure).verdict.summary) == missing


@pytest.mark.parametrize(
    ("before", "after", "direct"),
    [
        ("operation error KMS: Decrypt, https response error StatusCode: 400, AccessDeniedException: ", "", True),
        ("An error occurred (AccessDeniedException) when calling the Decrypt operation: ", "", True),
        ("KmsException: ", " (Service: Kms, Status Code: 400, Request ID: 1)", True),
        ("operation error S3: GetObject, https response error StatusCode: 403, AccessDenied: ", "", False),
        ("An error occurred (AccessDeniedException) when calling the GetSecretValue operation: ", "", False),
        ("operation error KMS: Encrypt, https response error\n", "", False),
        ("", " (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: AccessDeniedException)", False),
    ],
)
def test_a_call_of_kms_itself_comes_through_no_service(before: str, after: str, direct: bool) -> None:
    key = "arn:aws:kms:eu-west-1:210987654321:key/11111111-2222-3333-4444-555555555555"
    said = refused("kms:Decrypt", key, "because no identity-based policy allows the kms:Decrypt action")
    through = {"StringEquals": {"kms:ViaService": "rds.eu-west-1.amazonaws.com"}}
    (failure,) = read_text(
        f"{before}{said}{after}\npolicy:\n{json.dumps(allow('kms:Decrypt', '*', Condition=through))}"
    )
    answer = collect_offline(failure)
    assert (answer.verdict.cause == "identity.condition-unmet") is direct
    assert ("in a separate statement, without kms:ViaService" in str(answer.fixes)) is direct


BUCKET = "arn:aws:s3:::north-ledger"


@pytest.mark.parametrize(
    ("action", "on", "around", "met"),
    [
        ("s3:ListBucket", BUCKET, "GET https://north-ledger.s3.eu-west-3.amazonaws.com/?list-type=2", False),
        ("s3:ListBucket", BUCKET, "endpoint_url = https://s3.eu-west-3.amazonaws.com", False),
        ("ec2:DescribeInstances", "*", "POST https://ec2.eu-west-3.amazonaws.com/", False),
        ("s3:ListBucket", BUCKET, "https://s3.eu-west-3.amazonaws.com, then https://s3.eu-west-1.amazonaws.com", None),
        ("s3:ListBucket", BUCKET, "https://sts.eu-west-3.amazonaws.com", None),
        ("s3:ListBucket", BUCKET, "https://s3.eu-west-1.amazonaws.com", True),
    ],
)
def test_the_region_of_the_services_endpoint_is_the_requested_one(
    action: str, on: str, around: str, met: bool | None
) -> None:
    reason = f"because no identity-based policy allows the {action} action"
    only = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    text = f"{around}\n{refused(action, on, reason)}\npolicy:\n{json.dumps(allow(action, '*', Condition=only))}"
    answer = collect_offline(read_text(text)[0])
    assert (answer.verdict.cause == "identity.condition-unmet") is (met is False)
    assert (answer.verdict.cause == "identity.condition-unknown") is (met is None)
