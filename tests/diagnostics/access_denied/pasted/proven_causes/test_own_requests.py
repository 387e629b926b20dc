"""The request that a service makes by itself is evaluated with the policies of the text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.report import to_text
from tests.support.denials.pasted import diagnosed, policy

EVENTS = "api error InvalidArgument: Unable to validate the following destination configurations"
KEY = (
    "An error occurred (InvalidParameterException) when calling the AssociateKmsKey operation: The specified KMS key "
    "does not exist or is not allowed to be used with LogGroup 'arn:aws:logs:eu-west-3:111122223333:log-group:{}'\n"
)
TRAIL = (
    "$ aws cloudtrail create-trail --name {} --s3-bucket-name audit-logs\n"
    "An error occurred (InsufficientS3BucketPolicyException) when calling the CreateTrail operation: Incorrect S3 "
    "bucket policy is detected for bucket: audit-logs\n"
)
CONFIG = (
    "InsufficientDeliveryPolicyException: Insufficient delivery policy to s3 bucket: cfg-logs, unable to write to "
    "bucket, provided s3 key prefix is 'null'.\n"
)
GATEWAY = "$ curl {}\nExecution failed due to configuration error: Invalid permissions on Lambda function\n"
API = "https://a1b2c3d4e5.execute-api.eu-west-3.amazonaws.com/prod/"
MOUNT = (
    "$ mount -t efs -o tls,iam fs-0123456789abcdef0:/ /data\n"
    "mount.nfs4: access denied by server while mounting 127.0.0.1:/\n$ aws sts get-caller-identity\n"
    '{{"UserId": "AROAEXAMPLE:i-1", "Account": "111122223333", "Arn": "{}"}}\n'
)
ROTATION = "AccessDeniedException: Secrets Manager cannot invoke the specified Lambda function.\n"
FLOW_LOG = "Access Denied for LogDestination: flow-logs. Please check LogDestination permission\n"
DMS = "AccessDeniedFault: The IAM Role arn:aws:iam::111122223333:role/dms-vpc-role is not configured properly.\n"
MONITORING = (
    "InvalidParameterValue: IAM role ARN value is invalid or does not include the required permissions for: "
    "ENHANCED_MONITORING\n"
)
NO_PERMISSIONS = '"RULE_ARN": "arn:aws:events:eu-west-3:111122223333:rule/nightly", "ERROR_CODE": "NO_PERMISSIONS"\n'


def lets(service: str, actions: Any, resource: Any = "*", **condition: dict[str, str]) -> str:
    given = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": actions}
    given |= {} if resource is None else {"Resource": resource}
    return policy(given | ({"Condition": condition} if condition else {}))


def of_key(group: str) -> str:
    pattern = {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:eu-west-3:111122223333:log-group:{group}"}
    return lets("logs.eu-west-3", ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"], "*", ArnLike=pattern)


def of_function(arn: str) -> str:
    function = "arn:aws:lambda:eu-west-3:111122223333:function:work"
    return lets("apigateway", "lambda:InvokeFunction", function, ArnLike={"aws:SourceArn": arn})


def of_file_system(role: str) -> str:
    on = "arn:aws:elasticfilesystem:eu-west-3:111122223333:file-system/fs-0123456789abcdef0"
    client = {"AWS": f"arn:aws:iam::111122223333:role/{role}"}
    actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    return policy({"Effect": "Allow", "Principal": client, "Action": actions, "Resource": on})


FLOW = "arn:aws:s3:::flow-logs"
ALB = "Access Denied for bucket: alb-logs. Please check S3bucket permission\n"
FILTER = (
    "$ aws logs put-subscription-filter --log-group-name /app --filter-name all --filter-pattern '' "
    "--destination-arn arn:aws:lambda:eu-west-3:111122223333:function:ship\n"
    "InvalidParameterException: Could not execute the lambda function. Make sure you have given CloudWatch Logs "
    "permission to execute your function.\n"
)
STORE = "InsufficientEncryptionPolicyException when calling the CreateEventDataStore operation: denied\n"
TRAIL_KEY = "InsufficientEncryptionPolicyException when calling the CreateTrail operation: Insufficient permissions\n"


def of_config(*actions: str, **condition: dict[str, str]) -> str:
    return lets("config", [*actions], ["arn:aws:s3:::cfg-logs", "arn:aws:s3:::cfg-logs/*"], **condition)


def of_flow_logs(source: str) -> str:
    account, source_arn = {"aws:SourceAccount": "111122223333"}, {"aws:SourceArn": source}
    owned = {"s3:x-amz-acl": "bucket-owner-full-control", **account}
    written = lets("delivery.logs", "s3:PutObject", f"{FLOW}/*", StringEquals=owned, ArnLike=source_arn)
    read = lets("delivery.logs", "s3:GetBucketAcl", FLOW, StringEquals=account, ArnLike=source_arn)
    return policy(*(statement for each in (written, read) for statement in json.loads(each)["Statement"]))


def of_shipper(service: str, source: str) -> str:
    function = "arn:aws:lambda:eu-west-3:111122223333:function:ship"
    return lets(service, "lambda:InvokeFunction", function, ArnLike={"aws:SourceArn": source})


def of_trail(name: str) -> str:
    source = {"aws:SourceArn": f"arn:aws:cloudtrail:eu-west-3:111122223333:trail/{name}"}
    return lets(
        "cloudtrail",
        ["s3:GetBucketAcl", "s3:PutObject"],
        ["arn:aws:s3:::audit-logs", "arn:aws:s3:::audit-logs/*"],
        StringEquals=source,
    )


PERMISSION = """
  NotifyPermission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Notify
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceAccount: !Ref AWS::AccountId
      SourceArn: !Sub "arn:aws:s3:::{}-${{AWS::AccountId}}{}"
  Scans:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "scans-${{AWS::AccountId}}"
stack of account 111122223333
"""
TOPIC = """
data "aws_iam_policy_document" "topic" {{
  statement {{
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.scans.arn]
    principals {{
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }}
    condition {{
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:s3:::{}"]
    }}
  }}
}}
Error: creating S3 Bucket (scans) Notification: operation error S3: PutBucketNotificationConfiguration, """


@pytest.mark.parametrize(
    ("text", "cause", "said"),
    [
        (KEY.format("/app/web") + of_key("/api/*"), "resource.condition-unmet", "log-group:/app/web"),
        (
            KEY.format("/app/web") + lets("logs.eu-west-1", "kms:*"),
            "resource.principal-mismatch",
            "let logs.eu-west-3.amazonaws.com do kms:GenerateDataKey",
        ),
        (TRAIL.format("new") + of_trail("old"), "resource.condition-unmet", "trail/new"),
        (
            TRAIL.format("new") + lets("cloudtrail", ["s3:GetBucketAcl", "s3:PutObject"], "arn:aws:s3:::audit-logs/*"),
            "resource.resource-mismatch",
            "let cloudtrail.amazonaws.com do s3:GetBucketAcl",
        ),
        (
            CONFIG + lets("config", "s3:*", "arn:aws:s3:::cfg-log*/x"),
            "resource.resource-mismatch",
            "arn:aws:s3:::cfg-logs",
        ),
        (
            GATEWAY.format(f"-X PUT {API}carts")
            + of_function("arn:aws:execute-api:eu-west-3:111122223333:a1b2c3d4e5/*/GET/carts"),
            "resource.condition-unmet",
            "a1b2c3d4e5/prod/PUT/carts",
        ),
        (
            GATEWAY.format(f"{API}carts")
            + of_function("arn:aws:execute-api:eu-west-3:111122223333:zzzzzzzzzz/*/GET/carts"),
            "resource.condition-unmet",
            "a1b2c3d4e5/prod/GET/carts",
        ),
        (
            GATEWAY.format(f"{API}carts")
            + "Endpoint request URI: https://lambda.eu-west-3.amazonaws.com/2015-03-31/functions/"
            + "arn:aws:lambda:eu-west-3:111122223333:function:work:blue/invocations\n"
            + of_function("arn:aws:execute-api:eu-west-3:111122223333:a1b2c3d4e5/*/GET/carts"),
            "resource.resource-mismatch",
            "get-policy --function-name work --qualifier blue",
        ),
        (
            CONFIG
            + "recorder in 444455556666\n"
            + lets("config", "s3:*", ["arn:aws:s3:::cfg-logs", "arn:aws:s3:::cfg-logs/AWSLogs/111122223333/Config/*"]),
            "resource.resource-mismatch",
            "cfg-logs/AWSLogs/444455556666/Config/",
        ),
        (
            MOUNT.format("arn:aws:sts::111122223333:assumed-role/batch/i-1") + of_file_system("web"),
            "resource.principal-mismatch",
            "role/web, not arn:aws:sts::111122223333:assumed-role/batch/i-1",
        ),
        (
            ROTATION + lets("lambda", "lambda:InvokeFunction", "arn:aws:lambda:eu-west-3:111122223333:function:rotate"),
            "resource.principal-mismatch",
            "let secretsmanager.amazonaws.com do lambda:InvokeFunction",
        ),
        (
            FLOW_LOG
            + lets(
                "vpc-flow-logs",
                ["s3:PutObject", "s3:GetBucketAcl"],
                ["arn:aws:s3:::flow-logs", "arn:aws:s3:::flow-logs/*"],
            ),
            "resource.principal-mismatch",
            "delivery.logs.amazonaws.com",
        ),
        (DMS + lets("ec2", "sts:AssumeRole", None), "trust.principal-mismatch", "not dms.amazonaws.com"),
        (MONITORING + lets("rds", "sts:AssumeRole", None), "trust.principal-mismatch", "not monitoring.rds.amazonaws"),
        (
            NO_PERMISSIONS
            + lets(
                "events",
                "sqs:SendMessage",
                "arn:aws:sqs:eu-west-3:111122223333:jobs",
                ArnEquals={"aws:SourceArn": "arn:aws:events:eu-west-3:111122223333:rule/hourly"},
            ),
            "resource.condition-unmet",
            "rule/nightly",
        ),
        (TOPIC.format("scans/in/*") + EVENTS, "resource.condition-unmet", "sends this ARN without a path"),
        (PERMISSION.format("scans", "/*") + EVENTS, "resource.condition-unmet", "arn:aws:s3:::scans-111122223333."),
        (PERMISSION.format("scans-old", "") + EVENTS, "resource.condition-unmet", "arn:aws:s3:::scans-111122223333."),
        (CONFIG + of_config("s3:GetBucketAcl"), "resource.no-action", "s3:PutObject"),
        (
            CONFIG + of_config("s3:*", ArnLike={"aws:SourceArn": "arn:aws:config:eu-west-3:111122223333:channel/main"}),
            "resource.condition-unmet",
            "arn:aws:config:eu-west-3:111122223333:*",
        ),
        (
            FLOW_LOG + of_flow_logs("arn:aws:ec2:eu-west-3:111122223333:vpc-flow-log/*"),
            "resource.condition-unmet",
            "arn:aws:logs:eu-west-3:111122223333:*",
        ),
        (
            FILTER + of_shipper("logs", "arn:aws:logs:eu-west-3:111122223333:log-group:/other:*"),
            "resource.condition-unmet",
            "log-group:/app:*",
        ),
        (
            GATEWAY.format(f"-d x=1 {API.replace('.com/', '.com.cn/')}carts")
            + of_function("arn:aws:execute-api:eu-west-3:111122223333:a1b2c3d4e5/*/GET/carts"),
            "resource.condition-unmet",
            "a1b2c3d4e5/prod/POST/carts",
        ),
        (STORE + lets("cloudtrail", "kms:GenerateDataKey*"), "resource.no-action", "kms:Decrypt"),
        (TRAIL_KEY + lets("cloudtrail", "kms:GenerateDataKey*"), "resource.no-action", "kms:DescribeKey"),
    ],
)
def test_the_policy_of_the_text_decides(text: str, cause: str, said: str) -> None:
    verdict = diagnosed(text).verdict
    assert verdict.cause == cause
    assert said in verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        KEY.format("/app/web") + of_key("/app/*"),
        TRAIL.format("new") + of_trail("new"),
        TRAIL.format("new") + lets("config", "s3:PutObject", "arn:aws:s3:::audit-logs/*") + lets("cloudtrail", "s3:*"),
        GATEWAY.format(f"{API}carts") + of_function("arn:aws:execute-api:eu-west-3:111122223333:a1b2c3d4e5/*/GET/*"),
        MOUNT.format("arn:aws:sts::111122223333:assumed-role/web/i-1") + of_file_system("web"),
        DMS + lets("dms", "sts:AssumeRole", None),
        MONITORING + lets("monitoring.rds", "sts:AssumeRole", None),
        TOPIC.format("scans") + EVENTS,
        PERMISSION.format("scans", "") + EVENTS,
        CONFIG + of_config("s3:GetBucketAcl", "s3:PutObject"),
        CONFIG + of_config("s3:*", ArnLike={"aws:SourceArn": "arn:aws:config:eu-west-3:111122223333:*"}),
        CONFIG
        + policy(
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111122223333:role/recorder"},
                "Action": ["s3:PutObject", "s3:GetBucketAcl"],
                "Resource": ["arn:aws:s3:::cfg-logs", "arn:aws:s3:::cfg-logs/*"],
            }
        ),
        FLOW_LOG + of_flow_logs("arn:aws:logs:eu-west-3:111122223333:*"),
        ALB + lets("logdelivery.elasticloadbalancing", "s3:PutObject", "arn:aws:s3:::alb-logs/AWSLogs/*"),
        ALB + lets("logdelivery.elb", "s3:PutObject", "arn:aws:s3:::alb-logs/AWSLogs/*"),
        FILTER + of_shipper("logs", "arn:aws:logs:eu-west-3:111122223333:log-group:/app:*"),
        FILTER + of_shipper("logs", "arn:aws:logs:eu-west-3:111122223333:log-group:/app:"),
        FILTER + of_shipper("logs.eu-west-3", "arn:aws:logs:eu-west-3:111122223333:log-group:/app:*"),
        GATEWAY.format(f"{API}carts")
        + of_function("arn:aws:execute-api:eu-west-3:111122223333:a1b2c3d4e5/authorizers/abc123"),
        GATEWAY.format(f"{API}carts")
        + of_function("arn:aws:execute-api:eu-west-3:111122223333:a1b2c3d4e5/$default/$default"),
        GATEWAY.format(f"{API}carts") + of_function("arn:aws:execute-api:*:*:a1b2c3d4e5/$default/GET/prod/carts"),
        GATEWAY.format(f"{API}carts | base64 -d")
        + of_function("arn:aws:execute-api:eu-west-3:111122223333:a1b2c3d4e5/*/GET/carts"),
        KEY.replace(":eu-west-3", ":cn-north-1").replace("arn:aws:", "arn:aws-cn:").format("/app")
        + lets("logs.cn-north-1.amazonaws.com.cn", "kms:*").replace("com.cn.amazonaws.com", "com.cn"),
        KEY.replace(":eu-west-3", ":cn-north-1").replace("arn:aws:", "arn:aws-cn:").format("/app")
        + lets("logs.cn-north-1", "kms:*"),
        STORE + lets("cloudtrail", ["kms:GenerateDataKey", "kms:Decrypt"]),
        # The text does not name the bucket, or it shows the policy of another kind of resource.
        "PutBucketNotificationConfiguration: "
        + EVENTS
        + lets("s3", "sqs:SendMessage", ArnLike={"aws:SourceArn": "arn:aws:s3:::a"}),
        KEY.format("/app/web") + lets("logs", "s3:PutObject", "arn:aws:s3:::exports/*"),
    ],
)
def test_a_policy_that_allows_the_request_is_not_the_cause(text: str) -> None:
    assert "The policy in the text does not" not in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    ("text", "then"),
    [
        (KEY.format("/app/web") + of_key("/app/*"), "The key is in a Region other than eu-west-3"),
        (TRAIL.format("new") + of_trail("new"), "Compare the statement's Resource"),
        (TOPIC.format("scans") + EVENTS, "If the queue or topic is encrypted"),
        (PERMISSION.format("scans", "") + EVENTS, "If the queue or topic is encrypted"),
    ],
)
def test_what_the_policy_has_is_not_offered_as_the_cause(text: str, then: str) -> None:
    answer = diagnosed(text)
    assert "the policy lets" in answer.verdict.summary and then in answer.verdict.summary
    assert not answer.first_look


@pytest.mark.parametrize(
    ("message", "statement"),
    [
        (
            "AssociateKmsKey: The specified KMS key does not exist or is not allowed to be used with "
            "Arn 'arn:aws-us-gov:logs:us-gov-west-1:444455556666:log-group:/a/b'",
            '"Principal":{"Service":"logs.us-gov-west-1.amazonaws.com"},"Action":"kms:Describe*"',
        ),
        (
            "Unable to validate the following destination configurations (Service: Amazon S3; Status Code: 400; Error "
            "Code: InvalidArgument) PutBucketNotificationConfiguration",
            '"Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:ReceiveMessage"',
        ),
    ],
)
def test_a_resource_that_nothing_names_is_not_invented(message: str, statement: str) -> None:
    text = f'{message}\npolicy: {{"Statement":[{{"Effect":"Allow",{statement},"Resource":"*"}}]}}'
    diagnosis = diagnosed(text)
    assert diagnosis.verdict.cause == "resource.no-action"
    assert "111122223333" not in to_text(diagnosis)


FIREHOSE = (
    "S3.AccessDenied  Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to "
    "assume the role, and the access policy allows access to the S3 bucket.\naccount {}\n"
    '"Principal": {{"Service": "firehose.amazonaws.com"}}, "Action": "sts:AssumeRole", '
    '"Condition": {{"StringEquals": {{"sts:ExternalId": "111122223333"}}}}\n'
    'policy: "Action": ["s3:PutObject", "s3:ListBucket", "s3:GetBucketLocation"], "Resource": {}\n'
)
PODS = "CreatePodIdentityAssociation: InvalidParameterException: Trust policy of the role provided is invalid\n"


def trusts(principal: dict[str, str], *actions: str) -> str:
    return policy({"Effect": "Allow", "Principal": principal, "Action": list(actions)})


@pytest.mark.parametrize(
    ("text", "said", "change"),
    [
        (
            FIREHOSE.format("111122223333", '"arn:aws:s3:::logs/*"'),
            "does not allow s3:ListBucket",
            "with arn:aws:s3:::logs as its Resource. Do the same for s3:GetBucketLocation.",
        ),
        (
            PODS + trusts({"Federated": "arn:aws:iam::111122223333:oidc-provider/a"}, "sts:AssumeRoleWithWebIdentity"),
            "does not trust pods.eks.amazonaws.com",
            "Allow it sts:TagSession, too.",
        ),
        (PODS + trusts({"Service": "pods.eks.amazonaws.com"}, "sts:AssumeRole"), "sts:TagSession", "sts:TagSession"),
    ],
)
def test_the_statement_at_fault_is_not_the_trust_that_the_service_meets(text: str, said: str, change: str) -> None:
    answer = diagnosed(text)
    assert said in answer.verdict.summary and change in str(answer.fixes[0].change)
    assert "external ID" not in answer.fixes[0].title


@pytest.mark.parametrize("on", ['["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]'])
def test_a_role_of_firehose_with_both_arns_has_no_such_fault(on: str) -> None:
    assert "does not allow s3:ListBucket" not in diagnosed(FIREHOSE.format("111122223333", on)).verdict.summary


@pytest.mark.parametrize(("region", "differs"), [("eu-west-3", True), ("us-east-1", False)])
def test_a_condition_alone_is_compared_with_the_region_of_the_call(region: str, differs: bool) -> None:
    condition = (
        '"Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", '
        '"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/all"}}\n'
    )
    text = TRAIL.format("all").replace(" --s3-bucket-name", f" --region {region} --s3-bucket-name")
    said = diagnosed(text + condition).verdict.summary
    assert (f"and it is arn:aws:cloudtrail:{region}:111122223333:trail/all" in said) is differs


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        (CONFIG + of_config("s3:*", StringEquals={"aws:SourceAccount": "111122223333"}), True),
        (FLOW_LOG + of_flow_logs("arn:aws:logs:eu-west-3:111122223333:*"), True),
        # No page of AWS says that these send aws:SourceAccount, or the text does not show which API it is.
        (STORE + lets("cloudtrail", "kms:*", "*", StringEquals={"aws:SourceAccount": "111122223333"}), False),
        (KEY.format("/app") + lets("logs.eu-west-3", "kms:*", StringEquals={"aws:SourceAccount": "1" * 12}), False),
        (
            GATEWAY.format(f"{API}carts")
            + of_function("arn:aws:execute-api:eu-west-3:111122223333:a1b2c3d4e5/authorizers/abc123"),
            False,
        ),
    ],
)
def test_a_policy_is_right_only_by_keys_that_the_service_is_documented_to_send(text: str, covers: bool) -> None:
    assert ("the policy lets" in diagnosed(text).verdict.summary) is covers


MODEL = "ValidationException: Could not access model data at s3://models/churn/model.tar.gz.\n"
FLOW = "DeliverLogsErrorMessage  Access error\n"
BACKUP = "Backup job failed: Insufficient privileges to perform this action.\n"
EXPORT = "RDS Export can't write the export task metadata because it can't assume the IAM role\n"


@pytest.mark.parametrize(
    ("message", "service", "other"),
    [
        (MODEL, "sagemaker", "ec2"),
        (FLOW, "vpc-flow-logs", "logs"),
        (BACKUP, "backup", "events"),
        (EXPORT, "export.rds", "rds"),
    ],
)
def test_a_service_assumes_the_role_of_its_sentence(message: str, service: str, other: str) -> None:
    wrong = diagnosed(f"{message}trust policy:\n{lets(other, 'sts:AssumeRole', None)}").verdict
    assert wrong.cause == "trust.principal-mismatch"
    assert f"names {other}.amazonaws.com, not {service}.amazonaws.com" in wrong.summary
    both = policy(*(json.loads(lets(each, "sts:AssumeRole", None))["Statement"][0] for each in (other, service)))
    assert not diagnosed(f"{message}trust policy:\n{both}").verdict.cause.startswith("trust.principal")
    assert not diagnosed(f"{message}bucket policy:\n{lets(other, 's3:GetObject')}").verdict.cause.startswith(
        "trust.pri"
    )


def delivered_to(*trails: str) -> str:
    """Return a bucket's policy with a statement for each trail."""
    statements = []
    for number, trail in enumerate(trails):
        action, path = ("s3:PutObject", "/*") if number else ("s3:GetBucketAcl", "")
        source = {"aws:SourceArn": f"arn:aws:cloudtrail:eu-west-3:111122223333:trail/{trail}"}
        one = json.loads(lets("cloudtrail", action, f"arn:aws:s3:::audit-logs{path}", StringEquals=source))
        statements.append(one["Statement"][0] | {"Sid": f"S{number}"})
    return policy(*statements)


@pytest.mark.parametrize(
    ("trails", "title"),
    [
        (("old", "old"), "Let statement S0 and statement S1 name"),
        (("old", "old", "old"), "Let statement S0, statement S1 and statement S2 name"),
        # Near misses: the other statement has the new trail already, or another value.
        (("old", "new"), "Let statement S0 name"),
        (("old", "third"), "Let statement S0 name"),
    ],
)
def test_every_statement_with_the_same_condition_gets_the_new_trail(trails: tuple[str, ...], title: str) -> None:
    (fix, *_) = diagnosed(f"{TRAIL.format('new')}\n{delivered_to(*trails)}").fixes
    assert fix.title.startswith(f"{title} arn:aws:cloudtrail:eu-west-3:111122223333:trail/new")
    assert "trail/old only if it no longer needs access" in str(fix.change)


NOTIFIED = (
    "An error occurred (InvalidArgument) when calling the PutBucketNotificationConfiguration operation: Unable to "
    "validate "
    'the following destination configurations\n"{}Arn": "arn:aws:{}:eu-west-1:111122223333:{}"\n'
)


@pytest.mark.parametrize(
    ("kind", "service", "action", "named", "other"),
    [
        ("Queue", "sqs", "sqs:SendMessage", "in-event", True),
        ("Queue", "sqs", "sqs:SendMessage", "in-events", False),
        ("Topic", "sns", "sns:Publish", "in-event", True),
        ("Queue", "sqs", "sqs:SendMessage", "*", False),
    ],
)
def test_the_destination_of_events_is_compared_with_its_policy(
    kind: str, service: str, action: str, named: str, other: bool
) -> None:
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": action,
        "Resource": f"arn:aws:{service}:eu-west-1:111122223333:{named}",
    }
    text = NOTIFIED.format(kind, service, "in-events") + json.dumps({"Statement": [allowed]})
    assert (":in-event, not arn" in diagnosed(text).verdict.summary) is other


COPY = (
    "StatusMessage: Access Denied trying to call AWS Backup service\nDestinationBackupVaultArn: "
    "arn:aws:backup:eu-west-3:444455556666:backup-vault:copies\n{}vault policy:\n"
)
COPIED_BY = "IamRoleArn: arn:aws:iam::666677778888:role/service-role/backups\n"
INTO_VAULT = {"Effect": "Allow", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}


@pytest.mark.parametrize(
    ("role", "principal", "condition", "said"),
    [
        (COPIED_BY, {"AWS": "arn:aws:iam::777788889999:root"}, {}, "names arn:aws:iam::777788889999:root, not"),
        (COPIED_BY, {"AWS": "222233334444"}, {}, "names 222233334444, not"),
        (
            COPIED_BY,
            "*",
            {"Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-prod/*"}}},
            "only where one aws:PrincipalOrgPaths matches",
        ),
        # The vault lets the account copy, or the text does not show who copies.
        (COPIED_BY, {"AWS": "arn:aws:iam::666677778888:root"}, {}, "the role's own policies must allow"),
        ("", {"AWS": "arn:aws:iam::777788889999:root"}, {}, "most likely the vault's access policy"),
    ],
)
def test_the_vaults_policy_is_compared_with_the_role_that_copies(
    role: str, principal: Any, condition: dict[str, Any], said: str
) -> None:
    text = COPY.format(role) + policy({**INTO_VAULT, "Principal": principal, **condition})
    assert said in diagnosed(text).verdict.summary


FINDINGS = (
    "BadRequestException when calling the CreatePublishingDestination operation: The request failed because the "
    "GuardDuty service principal does not have permission to the KMS key or the resource specified by the "
    "destinationArn parameter.\ndetector 12abc34d567e8fa901bc2d34e56789f0 in {}\n"
)
TESTED = (
    "CreateLocationS3: DataSync location access test failed: could not perform s3:ListObjectsV2 on bucket lake. "
    "Access denied.\nrole arn:aws:iam::666677778888:role/sync, the bucket is in account {}\n"
)


def of_detector(region: str) -> str:
    source = f"arn:aws:guardduty:{region}:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0"
    return lets("guardduty", "kms:GenerateDataKey", "*", StringEquals={"aws:SourceArn": source})


@pytest.mark.parametrize(("region", "cause"), [("us-east-2", "resource.condition-unmet"), ("eu-west-3", "")])
def test_the_detectors_region_is_compared_with_the_condition(region: str, cause: str) -> None:
    verdict = diagnosed(FINDINGS.format("eu-west-3") + of_detector(region)).verdict
    assert (verdict.cause == cause) if cause else ("does not let" not in verdict.summary)


@pytest.mark.parametrize(
    ("owner", "named", "differs"),
    [
        ("999900001111", "arn:aws:iam::666677778888:role/copy", True),
        ("999900001111", "arn:aws:iam::666677778888:role/sync", False),
        # In one account, the role's own policies may allow what the bucket's policy does not.
        ("666677778888", "arn:aws:iam::666677778888:role/copy", False),
    ],
)
def test_a_foreign_bucket_names_the_role_of_the_location(owner: str, named: str, differs: bool) -> None:
    lists = {"Effect": "Allow", "Principal": {"AWS": named}, "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::lake"}
    verdict = diagnosed(TESTED.format(owner) + policy(lists)).verdict
    assert (verdict.cause == "resource.principal-mismatch") is differs


SMS = (
    "InvalidSmsRoleTrustRelationshipException: Role does not have a trust relationship allowing Cognito to assume the "
    'role\nSmsConfiguration: {{ "SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "{}" }}\n'
)


@pytest.mark.parametrize(("sent", "differs"), [("pool-2", True), ("other.id", True), ("pool-1", False)])
def test_the_external_id_of_a_services_configuration_is_compared(sent: str, differs: bool) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "cognito-idp.amazonaws.com"}, "Action": "sts:AssumeRole"}
    condition = {"StringEquals": {"sts:ExternalId": "pool-1"}}
    verdict = diagnosed(SMS.format(sent) + policy({**trust, "Condition": condition})).verdict
    assert (verdict.cause == "trust.condition-unmet") is differs
    assert (f"the service is set up with {sent}" in verdict.summary) is differs


def test_a_trust_policy_for_everybody_is_not_taken_for_one_of_pod_identity() -> None:
    refused = (
        "User: arn:aws:sts::111122223333:assumed-role/runner/s is not authorized to perform: sts:AssumeRole on "
        "resource: arn:aws:iam::444455556666:role/net\n"
    )
    trust = "trust policy:\n Principal: AWS: arn:aws:iam::111122223333:role/runner\n"
    trust += " Condition: StringEquals: aws:SourceIdentity: ci\n"
    assert "pods.eks" not in diagnosed(f"{refused}{trust}").verdict.summary


ALARM = 'Received error: "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."\n'
ADMINS = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/keys"}, "Resource": "*"}


@pytest.mark.parametrize(
    ("document", "actions"),
    [
        (policy(ADMINS | {"Action": "kms:*"}), '"Action": ["kms:GenerateDataKey*", "kms:Decrypt"]'),
        (lets("sns", ["kms:GenerateDataKey*", "kms:Decrypt"]), '"Action": ["kms:GenerateDataKey*", "kms:Decrypt"]'),
        (lets("cloudwatch", "kms:GenerateDataKey*"), '"kms:Decrypt"'),
    ],
)
def test_a_service_that_writes_to_an_encrypted_topic_gets_all_that_it_lacks(document: str, actions: str) -> None:
    change = str(diagnosed(ALARM + document).fixes[0].change)
    assert actions in change
    assert ("kms:GenerateDataKey*" in change) is ("GenerateDataKey" in actions)


LEX = (
    "{}: Access denied while invoking lambda function arn:aws:lambda:eu-west-3:111122223333:function:f from Amazon "
    "Lex.\n"
)


@pytest.mark.parametrize(("bot", "named", "sent"), [
    ("Lex V2 bot", "lex", "lexv2"),
    ("bot of lex-models", "lexv2", "lex"),
    ("Lex V2 bot", "lexv2", ""),
])  # fmt: skip
def test_a_bot_of_each_version_of_lex_has_its_own_principal(bot: str, named: str, sent: str) -> None:
    document = lets(named, "lambda:InvokeFunction", "arn:aws:lambda:eu-west-3:111122223333:function:f")
    verdict = diagnosed(LEX.format(bot) + document).verdict
    assert (verdict.cause == "resource.principal-mismatch") is bool(sent)
    assert not sent or f"names {named}.amazonaws.com, not {sent}.amazonaws.com" in verdict.summary


def test_the_trail_of_the_authors_words_is_compared_with_the_condition() -> None:
    said = "We create the trail {} in eu-west-3, account 111122223333.\n"
    refused = (
        "An error occurred (InsufficientS3BucketPolicyException) when calling the CreateTrail operation: Incorrect S3 "
        "bucket policy is detected for bucket: audit-logs\n"
    )
    source = {"aws:SourceArn": "arn:aws:cloudtrail:eu-west-3:111122223333:trail/audit-eu"}
    document = lets("cloudtrail", "s3:GetBucketAcl", "arn:aws:s3:::audit-logs", StringEquals=source)
    other = diagnosed(said.format("audit-all") + refused + document).verdict
    assert other.cause == "resource.condition-unmet"
    assert "trail/audit-all" in other.summary
    assert diagnosed(said.format("audit-eu") + refused + document).verdict.cause != "resource.condition-unmet"


DESCRIBED = (
    "SQL execution error: Error assuming AWS_ROLE. Please verify the role and externalId are configured correctly in "
    "your AWS policy.\nDESC STORAGE INTEGRATION crm;\n"
    "| STORAGE_AWS_IAM_USER_ARN | String | arn:aws:iam::730214896655:user/q7ab0000-s |\n"
    "| STORAGE_AWS_EXTERNAL_ID | String | ZK_SFCRole=5_new= |\ntrust policy of crm-lake:\n"
)


@pytest.mark.parametrize(
    ("user", "external", "lacks"),
    [
        (
            "q7ab0000-s",
            "ZK_SFCRole=1_old=",
            "needs sts:ExternalId to be ZK_SFCRole=1_old=, and it is ZK_SFCRole=5_new=",
        ),
        ("zz990000-s", "ZK_SFCRole=5_new=", "user/zz990000-s, not arn:aws:iam::730214896655:user/q7ab0000-s"),
        ("q7ab0000-s", "ZK_SFCRole=5_new=", ""),
    ],
)
def test_the_trust_policy_is_compared_with_the_integration(user: str, external: str, lacks: str) -> None:
    trust = (
        f'"Principal": {{"AWS": "arn:aws:iam::730214896655:user/{user}"}}, "Action": "sts:AssumeRole",\n'
        f'"Condition": {{"StringEquals": {{"sts:ExternalId": "{external}"}}}}'
    )
    said = diagnosed(f"{DESCRIBED}{trust}").verdict.summary
    assert lacks in said
    assert ("does not let arn" in said) == bool(lacks)
