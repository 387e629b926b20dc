"""Denials in the words of many services, tools and partitions: (text, what `parsed` must hold; the rest is null)."""

from __future__ import annotations

A = "111122223333"
SESSION = f"arn:aws:sts::{A}:assumed-role/app/i-0abc"
USER = f"arn:aws:iam::{A}:user/dev"
CN = f"arn:aws-cn:iam::{A}:user/dev"
GOV = f"arn:aws-us-gov:sts::{A}:assumed-role/ops/jo@example.com"

IDENTITY = [
    (
        f"An error occurred (AccessDeniedException) when calling the GetParameter operation: User: {SESSION} is not authorized to perform: "
        f"ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:{A}:parameter/app/db because no identity-based policy allows the ssm:GetParameter action",
        {
            "principal": SESSION,
            "action": "ssm:GetParameter",
            "resource": f"arn:aws:ssm:eu-west-1:{A}:parameter/app/db",
            "operation": "GetParameter",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"An error occurred (AccessDenied) when calling the SendMessage operation: User: {SESSION} is not authorized to perform: sqs:sendmessage on "
        f"resource: arn:aws:sqs:us-east-1:{A}:jobs because no identity-based policy allows the sqs:sendmessage action",
        {
            "principal": SESSION,
            "action": "sqs:sendmessage",
            "resource": f"arn:aws:sqs:us-east-1:{A}:jobs",
            "operation": "SendMessage",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"AuthorizationErrorException: User: {USER} is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:{A}:alerts because "
        "no identity-based policy allows the SNS:Publish action",
        {
            "principal": USER,
            "action": "SNS:Publish",
            "resource": f"arn:aws:sns:us-east-1:{A}:alerts",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"denied: User: {USER} is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-central-1:{A}:repository/app because no "
        "identity-based policy allows the ecr:InitiateLayerUpload action",
        {
            "principal": USER,
            "action": "ecr:InitiateLayerUpload",
            "resource": f"arn:aws:ecr:eu-central-1:{A}:repository/app",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"User: {CN} is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action",
        {"principal": CN, "action": "ec2:DescribeVpcs", "stated_reason": "implicit:identity"},
    ),
    (
        f"operation error Secrets Manager: GetSecretValue, https response error StatusCode: 400, RequestID: 1b2c, AccessDeniedException: User: {GOV} is not "
        f"authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws-us-gov:secretsmanager:us-gov-west-1:{A}:secret:x-AbCdEf because no "
        "resource-based policy allows the secretsmanager:GetSecretValue action",
        {
            "principal": GOV,
            "action": "secretsmanager:GetSecretValue",
            "resource": f"arn:aws-us-gov:secretsmanager:us-gov-west-1:{A}:secret:x-AbCdEf",
            "operation": "GetSecretValue",
            "stated_reason": "implicit:resource",
        },
    ),
    (
        f"Error: Error creating KMS Key: AccessDeniedException: User: {USER} is not authorized to perform: kms:CreateKey because no identity-based policy "
        "allows the kms:CreateKey action\n\tstatus code: 400, request id: 5c1d",
        {"principal": USER, "action": "kms:CreateKey", "stated_reason": "implicit:identity"},
    ),
    (
        f'Resource handler returned message: "User: {SESSION} is not authorized to perform: events:PutRule on resource: arn:aws:events:us-east-1:{A}:rule/nightly '
        'because no identity-based policy allows the events:PutRule action (Service: EventBridge, Status Code: 400, Request ID: 77)" (RequestToken: 1f, '
        "HandlerErrorCode: AccessDenied)",
        {
            "principal": SESSION,
            "action": "events:PutRule",
            "resource": f"arn:aws:events:us-east-1:{A}:rule/nightly",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"API: iam:CreateRole User: {SESSION} is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::{A}:role/x because no identity-based "
        "policy allows the iam:CreateRole action",
        {
            "principal": SESSION,
            "action": "iam:CreateRole",
            "resource": f"arn:aws:iam::{A}:role/x",
            "operation": "CreateRole",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"AccessDeniedException: User: {SESSION} is not authorized to perform: dynamodb:Scan on resource: arn:aws:dynamodb:us-east-1:{A}:table/Orders because "
        "no identity-based policy allows the dynamodb:Scan action\n    at throwDefaultError (/var/task/node_modules/@smithy/smithy-client/dist-cjs/index.js:838:20)\n"
        "    at de_ScanCommandError",
        {
            "principal": SESSION,
            "action": "dynamodb:Scan",
            "resource": f"arn:aws:dynamodb:us-east-1:{A}:table/Orders",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"Aws::DynamoDB::Errors::AccessDeniedException: User: {SESSION} is not authorized to perform: dynamodb:DescribeTable on resource: "
        f"arn:aws:dynamodb:us-east-1:{A}:table/t because no identity-based policy allows the dynamodb:DescribeTable action",
        {
            "principal": SESSION,
            "action": "dynamodb:DescribeTable",
            "resource": f"arn:aws:dynamodb:us-east-1:{A}:table/t",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"Amazon.SQS.AmazonSQSException: User: {USER} is not authorized to perform: sqs:createqueue on resource: arn:aws:sqs:us-east-1:{A}:q because no "
        "identity-based policy allows the sqs:createqueue action ---> Amazon.Runtime.Internal.HttpErrorResponseException",
        {
            "principal": USER,
            "action": "sqs:createqueue",
            "resource": f"arn:aws:sqs:us-east-1:{A}:q",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"New-IAMRole : User: {USER} is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::{A}:role/r because no identity-based policy allows "
        "the iam:CreateRole action\nAt line:1 char:1\n+ New-IAMRole -RoleName r\n+ ~~~~~~~~~~~~\n    + CategoryInfo          : InvalidOperation",
        {
            "principal": USER,
            "action": "iam:CreateRole",
            "resource": f"arn:aws:iam::{A}:role/r",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f'Error executing "ListUsers" on "https://iam.amazonaws.com"; AWS HTTP error: Client error: `POST https://iam.amazonaws.com` resulted in a `403 Forbidden` '
        f"response: AccessDenied (client): User: {USER} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::{A}:user/ because no identity-based "
        "policy allows the iam:ListUsers action",
        {
            "principal": USER,
            "action": "iam:ListUsers",
            "resource": f"arn:aws:iam::{A}:user/",
            "operation": "ListUsers",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"com.amazonaws.services.lambda.model.AWSLambdaException: User: {SESSION} is not authorized to perform: lambda:InvokeFunction on resource: "
        f"arn:aws:lambda:us-east-1:{A}:function:f because no identity-based policy allows the lambda:InvokeFunction action (Service: AWSLambda; Status Code: 403; "
        "Error Code: AccessDeniedException; Request ID: 1; Proxy: null)",
        {
            "principal": SESSION,
            "action": "lambda:InvokeFunction",
            "resource": f"arn:aws:lambda:us-east-1:{A}:function:f",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: iam:UpdateAccessKey on resource: user dev because no identity-based policy allows the iam:UpdateAccessKey action",
        {
            "principal": USER,
            "action": "iam:UpdateAccessKey",
            "resource": "user dev",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key AKIAIOSFODNN7EXAMPLE",
        {"principal": USER, "action": "iam:GetAccessKeyLastUsed", "resource": "access key AKIAIOSFODNN7EXAMPLE"},
    ),
    (
        f"User: {USER} is not authorized to perform: iam:AddRoleToInstanceProfile on resource: instance profile web because no identity-based policy allows the "
        "iam:AddRoleToInstanceProfile action",
        {
            "principal": USER,
            "action": "iam:AddRoleToInstanceProfile",
            "resource": "instance profile web",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: ec2:CreateVpcEndpoint on resource: arn:aws:ec2:us-east-1:{A}:vpc-endpoint/* because no identity-based policy "
        "allows the vpce:AllowMultiRegion action",
        {
            "principal": USER,
            "action": "ec2:CreateVpcEndpoint",
            "resource": f"arn:aws:ec2:us-east-1:{A}:vpc-endpoint/*",
            "stated_reason": "implicit:identity",
            "missing_action": "vpce:AllowMultiRegion",
        },
    ),
    (
        f"User: {SESSION} is not authorized to perform: ssm:StartSession on resource: * because no identity-based policy allows the ssm:StartSession action",
        {"principal": SESSION, "action": "ssm:StartSession", "resource": "*", "stated_reason": "implicit:identity"},
    ),
    (
        '{"__type":"AccessDeniedException","Message":"User: '
        + USER
        + " is not authorized to perform: kinesis:PutRecords on resource: "
        f'arn:aws:kinesis:us-east-1:{A}:stream/s because no identity-based policy allows the kinesis:PutRecords action"}}',
        {
            "principal": USER,
            "action": "kinesis:PutRecords",
            "resource": f"arn:aws:kinesis:us-east-1:{A}:stream/s",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"Nov 24 10:11:12 ip-10-0-0-1 app[812]: ERROR S3 upload: AccessDenied: User: {SESSION} is not authorized to perform: s3:PutObject on resource: "
        '"arn:aws:s3:::data/in/x y.csv" because no identity-based policy allows the s3:PutObject action',
        {
            "principal": SESSION,
            "action": "s3:PutObject",
            "resource": "arn:aws:s3:::data/in/x y.csv",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        'time="2026-11-24T10:00:00Z" level=error msg="AccessDenied: User: '
        + SESSION
        + f" is not authorized to perform: route53:ChangeResourceRecordSets on resource: "
        'arn:aws:route53:::hostedzone/Z1 because no identity-based policy allows the route53:ChangeResourceRecordSets action\\n\\tstatus code: 403, request id: a"',
        {
            "principal": SESSION,
            "action": "route53:ChangeResourceRecordSets",
            "resource": "arn:aws:route53:::hostedzone/Z1",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f'Warning  FailedAttachVolume  12s (x6 over 31s)  attachdetach-controller  AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = Internal desc = '
        f"Could not attach volume: operation error EC2: AttachVolume, https response error StatusCode: 403, RequestID: 8, api error UnauthorizedOperation: You are not "
        f"authorized to perform this operation. User: {SESSION} is not authorized to perform: ec2:AttachVolume on resource: arn:aws:ec2:us-east-1:{A}:volume/vol-1 because "
        "no identity-based policy allows the ec2:AttachVolume action. Encoded authorization failure message: 3dWMuT7nLXeZ1nGq5XwNOMbAvyBDKXGGOAWf5cqLrMcyhlu",
        {
            "principal": SESSION,
            "action": "ec2:AttachVolume",
            "resource": f"arn:aws:ec2:us-east-1:{A}:volume/vol-1",
            "operation": "AttachVolume",
            "stated_reason": "implicit:identity",
            "encoded_message": "3dWMuT7nLXeZ1nGq5XwNOMbAvyBDKXGGOAWf5cqLrMcyhlu",
        },
    ),
    (
        f"(service app) failed to launch a task with (error ECS was unable to pull secrets: AccessDeniedException: User: {SESSION} is not authorized to perform: "
        f"ssm:GetParameters on resource: arn:aws:ssm:us-east-1:{A}:parameter/p because no identity-based policy allows the ssm:GetParameters action status code: 400, request id: 1)",
        {
            "principal": SESSION,
            "action": "ssm:GetParameters",
            "resource": f"arn:aws:ssm:us-east-1:{A}:parameter/p",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        f"An error occurred (AccessDeniedException) when calling the RunTask operation (reached max retries: 2): User: {USER} is not authorized to perform: iam:PassRole on "
        f"resource: arn:aws:iam::{A}:role/task because no identity-based policy allows the iam:PassRole action",
        {
            "principal": USER,
            "action": "iam:PassRole",
            "resource": f"arn:aws:iam::{A}:role/task",
            "operation": "RunTask",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        "Access denied to ec2:DescribeInstances\nYou don't have permission to ec2:DescribeInstances. To request access, copy the following text and send it to your AWS "
        f"administrator. Learn more about troubleshooting access denied errors.\nUser: {USER}\nAction: ec2:DescribeInstances\nContext: no identity-based policy allows the action",
        {"principal": USER, "action": "ec2:DescribeInstances", "stated_reason": "implicit:identity"},
    ),
    (
        f"You need permissions\nUser: {SESSION}\nAction: iam:ListRoles\nOn resource(s): arn:aws:iam::{A}:role/\nContext: with an explicit deny in a service control policy",
        {
            "principal": SESSION,
            "action": "iam:ListRoles",
            "resource": f"arn:aws:iam::{A}:role/",
            "stated_reason": "explicit:scp",
        },
    ),
]

LAYERS = [
    (
        f'User: {USER} is not authorized to perform: s3:CreateBucket on resource: "arn:aws:s3:::x" because no permissions boundary allows the s3:CreateBucket action',
        {
            "principal": USER,
            "action": "s3:CreateBucket",
            "resource": "arn:aws:s3:::x",
            "stated_reason": "implicit:boundary",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: lambda:CreateFunction on resource: arn:aws:lambda:eu-west-1:{A}:function:f because no service control policy allows the "
        "lambda:CreateFunction action",
        {
            "principal": USER,
            "action": "lambda:CreateFunction",
            "resource": f"arn:aws:lambda:eu-west-1:{A}:function:f",
            "stated_reason": "implicit:scp",
        },
    ),
    (
        f"User: {SESSION} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{A}:role/x because no role trust policy allows the sts:AssumeRole action",
        {
            "principal": SESSION,
            "action": "sts:AssumeRole",
            "resource": f"arn:aws:iam::{A}:role/x",
            "stated_reason": "implicit:trust",
        },
    ),
    (
        f"User: {SESSION} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{A}:role/x with an explicit deny in the role trust policy",
        {
            "principal": SESSION,
            "action": "sts:AssumeRole",
            "resource": f"arn:aws:iam::{A}:role/x",
            "stated_reason": "explicit:trust",
        },
    ),
    (
        f"User: {SESSION} is not authorized to perform: codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:{A}:deploymentgroup:* with an explicit deny in a "
        "VPC endpoint policy",
        {
            "principal": SESSION,
            "action": "codedeploy:ListDeployments",
            "resource": f"arn:aws:codedeploy:us-east-1:{A}:deploymentgroup:*",
            "stated_reason": "explicit:vpce",
        },
    ),
    (
        f'User: {SESSION} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a VPC endpoint policy transitively through a '
        "service control policy",
        {
            "principal": SESSION,
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "stated_reason": "explicit:vpce",
        },
    ),
    (
        f'User: {SESSION} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a session policy: arn:aws:iam::aws:policy/X',
        {
            "principal": SESSION,
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "stated_reason": "explicit:session",
            "policy_arn": "arn:aws:iam::aws:policy/X",
        },
    ),
    (
        f'User: {SESSION} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::b" with an explicit deny in a resource control policy: '
        "arn:aws:organizations::777788889999:policy/o-a/resource_control_policy/p-1, request id: X",
        {
            "principal": SESSION,
            "action": "s3:ListBucket",
            "resource": "arn:aws:s3:::b",
            "stated_reason": "explicit:rcp",
            "policy_arn": "arn:aws:organizations::777788889999:policy/o-a/resource_control_policy/p-1",
        },
    ),
    (
        f"User: {GOV} is not authorized to perform: kms:Decrypt on resource: arn:aws-us-gov:kms:us-gov-west-1:{A}:key/1 with an explicit deny in an identity-based policy: "
        f"arn:aws-us-gov:iam::{A}:policy/guard.",
        {
            "principal": GOV,
            "action": "kms:Decrypt",
            "resource": f"arn:aws-us-gov:kms:us-gov-west-1:{A}:key/1",
            "stated_reason": "explicit:identity",
            "policy_arn": f"arn:aws-us-gov:iam::{A}:policy/guard",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: rds:CreateDBInstance on resource: arn:aws:rds:eu-west-1:{A}:db:x with an explicit deny in a permissions boundary",
        {
            "principal": USER,
            "action": "rds:CreateDBInstance",
            "resource": f"arn:aws:rds:eu-west-1:{A}:db:x",
            "stated_reason": "explicit:boundary",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: ecr:GetAuthorizationToken on resource: * with an explicit deny",
        {
            "principal": USER,
            "action": "ecr:GetAuthorizationToken",
            "resource": "*",
            "stated_reason": "explicit:unknown",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: ecr:GetAuthorizationToken with an explicit deny in an identity-based pol",
        {"principal": USER, "action": "ecr:GetAuthorizationToken", "stated_reason": "explicit:identity"},
    ),
    (
        f"User: {USER} is not authorized to perform: glue:GetTable on resource: arn:aws:glue:us-east-1:{A}:catalog because no resource-based policy allows the glu",
        {
            "principal": USER,
            "action": "glue:GetTable",
            "resource": f"arn:aws:glue:us-east-1:{A}:catalog",
            "stated_reason": "implicit:resource",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: glue:GetTable on resource: arn:aws:glue:us-east-1:{A}:cat",
        {"principal": USER, "action": "glue:GetTable", "resource": f"arn:aws:glue:us-east-1:{A}:cat"},
    ),
    (f"User: {USER} is not authorized to perform: glue:GetTable", {"principal": USER, "action": "glue:GetTable"}),
    (
        f'User: {USER} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::b" because public policies are prevented by the BlockPublicPolicy setting in '
        "S3 Block Public Access.",
        {
            "principal": USER,
            "action": "s3:PutBucketPolicy",
            "resource": "arn:aws:s3:::b",
            "stated_reason": "s3-block-public-access",
        },
    ),
    (
        f'An error occurred (AccessDenied) when calling the PutObject operation: User: {USER} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k" because public '
        "ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access",
        {
            "principal": USER,
            "action": "s3:PutObject",
            "resource": "arn:aws:s3:::b/k",
            "operation": "PutObject",
            "stated_reason": "s3-block-public-access",
        },
    ),
    (
        f"An error occurred (AccessDeniedException) when calling the GetParameter operation: User: {SESSION} is not authorized to perform: kms:Decrypt on this resource because the "
        "resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
        {"principal": SESSION, "action": "kms:Decrypt", "operation": "GetParameter"},
    ),
    (
        f"User: {USER} is not authorized to perform: iam:GetRole on resource: role web because no identity-based policy allows the iam:GetRole action. Go to "
        "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/q7r2zk1m for complete details, or call the GetRequestAuthorizationDetails API with "
        "the following authorization id: q7r2zk1m",
        {
            "principal": USER,
            "action": "iam:GetRole",
            "resource": "role web",
            "stated_reason": "implicit:identity",
            "authorization_id": "q7r2zk1m",
        },
    ),
    (
        f"User: {USER} is not authorized to perform: iam:DeletePolicy on resource: policy arn:aws:iam::{A}:policy/x with an explicit deny in a service control policy: "
        "arn:aws:organizations::777788889999:policy/o-a/service_control_policy/p-9. Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/abc123 "
        "for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: abc123",
        {
            "principal": USER,
            "action": "iam:DeletePolicy",
            "resource": f"policy arn:aws:iam::{A}:policy/x",
            "stated_reason": "explicit:scp",
            "policy_arn": "arn:aws:organizations::777788889999:policy/o-a/service_control_policy/p-9",
            "authorization_id": "abc123",
        },
    ),
]

OLD_AND_ODD = [
    (
        "User: anonymous is not authorized to perform: es:ESHttpGet",
        {"principal": "anonymous", "action": "es:ESHttpGet"},
    ),
    (
        '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:a1b2/prod/GET/"}',
        {
            "principal": "anonymous",
            "action": "execute-api:Invoke",
            "resource": "arn:aws:execute-api:us-east-1:********3333:a1b2/prod/GET/",
        },
    ),
    (
        '{"Message":"User is not authorized to access this resource with an explicit deny"}',
        {"stated_reason": "explicit:unknown"},
    ),
    (f"User: {USER} is not authorized to access this resource", {"principal": USER}),
    (
        f"Principal [{USER}] is not allowed to execute [sdb:Select] on the resource",
        {"principal": USER, "action": "sdb:Select"},
    ),
    (
        "An error occurred (AccessDenied) when calling the GetQueueAttributes operation: Access to the resource https://sqs.eu-west-1.amazonaws.com/ is denied.",
        {
            "action": "sqs:GetQueueAttributes",
            "operation": "GetQueueAttributes",
            "resource": "https://sqs.eu-west-1.amazonaws.com/",
        },
    ),
    (
        "Not authorized to access resource arn:aws:wafv2:us-east-1:1:global/webacl/x",
        {"resource": "arn:aws:wafv2:us-east-1:1:global/webacl/x"},
    ),
    ("No access to any requested resource", {}),
    ("You are not authorized to perform this operation.", {}),
    (
        "An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: You are not authorized to perform this operation.",
        {"action": "ec2:DescribeInstances", "operation": "DescribeInstances"},
    ),
    (
        "An error occurred (UnauthorizedOperation) when calling the CreateTags operation: You are not authorized to perform this operation. Encoded authorization failure message: "
        "HFAQV4ngUZ9Zb5R-R1dZyk8y2w_Iz0wZ",
        {"action": "ec2:CreateTags", "operation": "CreateTags", "encoded_message": "HFAQV4ngUZ9Zb5R-R1dZyk8y2w_Iz0wZ"},
    ),
    (
        "API: ec2:RunInstances You are not authorized to perform this operation. Encoded authorization failure message: AAbbCCddEEffGGhh0011223344",
        {"action": "ec2:RunInstances", "operation": "RunInstances", "encoded_message": "AAbbCCddEEffGGhh0011223344"},
    ),
    (
        "Launching a new EC2 instance. Status Reason: You are not authorized to use launch template: web. Encoded Failure: zzYYxx00112233445566778899aabb",
        {"encoded_message": "zzYYxx00112233445566778899aabb"},
    ),
    (
        "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied",
        {"action": "s3:ListBucket", "operation": "ListObjectsV2"},
    ),
    (
        "An error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied",
        {"action": "s3:ListAllMyBuckets", "operation": "ListBuckets"},
    ),
    (
        "An error occurred (AccessDenied) when calling the CreateMultipartUpload operation: Access Denied",
        {"action": "s3:PutObject", "operation": "CreateMultipartUpload"},
    ),
    (
        "An error occurred (AccessDenied) when calling the GetBucketLifecycleConfiguration operation: Access Denied",
        {"action": "s3:GetLifecycleConfiguration", "operation": "GetBucketLifecycleConfiguration"},
    ),
    (
        "An error occurred (AccessDenied) when calling the DeleteObjects operation: Access Denied",
        {"action": "s3:DeleteObject", "operation": "DeleteObjects"},
    ),
    (
        "An error occurred (403) when calling the HeadBucket operation: Forbidden",
        {"action": "s3:ListBucket", "operation": "HeadBucket"},
    ),
    (
        "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden",
        {"action": "s3:GetObject", "operation": "HeadObject"},
    ),
    (
        "download failed: s3://b/k to ./k An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
        {"action": "s3:GetObject", "operation": "GetObject"},
    ),
    (
        "A client error (UnauthorizedOperation) occurred when calling the DescribeRegions operation: You are not authorized to perform this operation.",
        {"action": "ec2:DescribeRegions", "operation": "DescribeRegions"},
    ),
    (
        "A client error (AccessDenied) occurred when calling the ListObjects operation: Access Denied",
        {"action": "s3:ListBucket", "operation": "ListObjects"},
    ),
    (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>ABC</RequestId><HostId>x</HostId></Error>',
        {},
    ),
    ('{"code":"AccessDenied","message":"Access Denied","requestId":"X"}', {}),
    (
        "software.amazon.awssdk.services.s3.model.S3Exception: Access Denied (Service: S3, Status Code: 403, Request ID: X, Extended Request ID: y)",
        {},
    ),
    (
        "com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 4; S3 Extended Request ID: z)",
        {},
    ),
    (
        "Error: reading S3 Bucket (logs): operation error S3: HeadBucket, https response error StatusCode: 403, RequestID: N, HostID: 8, api error Forbidden: Forbidden",
        {"action": "s3:ListBucket", "operation": "HeadBucket"},
    ),
    (
        "operation error S3: PutObject, https response error StatusCode: 403, RequestID: A, HostID: b, api error AccessDenied: Access Denied",
        {"action": "s3:PutObject", "operation": "PutObject"},
    ),
    (
        "operation error Lambda: Invoke, https response error StatusCode: 403, RequestID: A, api error AccessDeniedException: Access denied",
        {"action": "lambda:InvokeFunction", "operation": "Invoke"},
    ),
    (
        "operation error API Gateway: GetRestApis, https response error StatusCode: 403, RequestID: A, api error AccessDeniedException: Access denied",
        {"action": "apigateway:GET", "operation": "GetRestApis"},
    ),
    (
        "operation error SFN: StartExecution, https response error StatusCode: 400, RequestID: A, AccessDeniedException: Access denied",
        {"action": "states:StartExecution", "operation": "StartExecution"},
    ),
    (
        "operation error Elastic Load Balancing v2: DescribeLoadBalancers, https response error StatusCode: 403, RequestID: a, api error AccessDenied: Access denied",
        {"action": "elasticloadbalancing:DescribeLoadBalancers", "operation": "DescribeLoadBalancers"},
    ),
    (
        "operation error Bedrock Runtime: Converse, https response error StatusCode: 403, RequestID: a, AccessDeniedException: Access denied",
        {"action": "bedrock:InvokeModel", "operation": "Converse"},
    ),
    (
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        {"action": "sts:AssumeRoleWithWebIdentity", "operation": "AssumeRoleWithWebIdentity"},
    ),
    (
        "operation error STS: AssumeRoleWithSAML, https response error StatusCode: 403, RequestID: 3, api error AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML",
        {"action": "sts:AssumeRoleWithSAML", "operation": "AssumeRoleWithSAML"},
    ),
    (
        "An error occurred (AccessDenied) when calling the AssumeRole operation: Roles may not be assumed by root accounts.",
        {"action": "sts:AssumeRole", "operation": "AssumeRole"},
    ),
    (
        "An error occurred (AccessDeniedException) when calling the CreateFunction operation: Cross-account pass role is not allowed.",
        {"action": "iam:PassRole", "operation": "CreateFunction"},
    ),
    (
        "An error occurred (AccessDeniedException) when calling the Decrypt operation: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
        {"action": "kms:Decrypt", "operation": "Decrypt"},
    ),
    (
        "You are not authorized to perform: athena:StartQueryExecution on the resource. After your AWS administrator or you have updated your permissions, please try again.",
        {"action": "athena:StartQueryExecution"},
    ),
    (
        "arn:aws:iam::111122223333:role/glue is not authorized to perform: glue:GetDatabase on resource: arn:aws:glue:us-east-1:111122223333:catalog because no identity-based policy allows the glue:GetDatabase action",
        {
            "principal": "arn:aws:iam::111122223333:role/glue",
            "action": "glue:GetDatabase",
            "resource": "arn:aws:glue:us-east-1:111122223333:catalog",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        "MyFunction is not authorized to perform: SES:SendEmail on resource: arn:aws:ses:us-east-1:111122223333:identity/x@example.com",
        {
            "principal": "MyFunction",
            "action": "SES:SendEmail",
            "resource": "arn:aws:ses:us-east-1:111122223333:identity/x@example.com",
        },
    ),
    (
        "User: arn:aws:iam::<account id>:user/<your user> is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::<my bucket> because no identity-based policy allows the s3:ListBucket action",
        {
            "principal": "arn:aws:iam::<account id>:user/<your user>",
            "action": "s3:ListBucket",
            "resource": "arn:aws:s3:::<my bucket>",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        "User: *** is not authorized to perform: sts:AssumeRole on resource: ***",
        {"principal": "***", "action": "sts:AssumeRole", "resource": "***"},
    ),
    (
        'User: delivery.logs.amazonaws.com is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::x/AWSLogs" because no resource-based policy allows the s3:PutObject action',
        {
            "principal": "delivery.logs.amazonaws.com",
            "action": "s3:PutObject",
            "resource": "arn:aws:s3:::x/AWSLogs",
            "stated_reason": "implicit:resource",
        },
    ),
    (
        "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access",
        {"operation": "GetRoleCredentials"},
    ),
    (
        "User: arn:aws:sts::111122223333:federated-user/kim is not authorized to perform: ec2:StopInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/i-1 because no session policy allows the ec2:StopInstances action",
        {
            "principal": "arn:aws:sts::111122223333:federated-user/kim",
            "action": "ec2:StopInstances",
            "resource": "arn:aws:ec2:us-east-1:111122223333:instance/i-1",
            "stated_reason": "implicit:session",
        },
    ),
    (
        'User: arn:aws:iam::111122223333:root is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::b" with an explicit deny in a service control policy',
        {
            "principal": "arn:aws:iam::111122223333:root",
            "action": "s3:ListBucket",
            "resource": "arn:aws:s3:::b",
            "stated_reason": "explicit:scp",
        },
    ),
    (
        "User: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0a1b/jo@example.com is not authorized to perform: cloudformation:DescribeStacks on resource: "
        "arn:aws:cloudformation:us-east-1:111122223333:stack/CDKToolkit/* because no identity-based policy allows the cloudformation:DescribeStacks action",
        {
            "principal": "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0a1b/jo@example.com",
            "action": "cloudformation:DescribeStacks",
            "resource": "arn:aws:cloudformation:us-east-1:111122223333:stack/CDKToolkit/*",
            "stated_reason": "implicit:identity",
        },
    ),
    (
        "The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
        {"action": "ec2:CreateNetworkInterface", "operation": "CreateNetworkInterface"},
    ),
    (
        "An error occurred (InvalidParameterValueException) when calling the CreateEventSourceMapping operation: The provided execution role does not have permissions to call ReceiveMessage on SQS",
        {"action": "sqs:ReceiveMessage", "operation": "CreateEventSourceMapping"},
    ),
]
