"""The first look at a text: which usual cause comes first, and the command that tells."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from diagnostics.claims.check import Facts, false_claims, truth
from diagnostics.claims.kinds import Sentence, opposite
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import FirstLook
from diagnostics.report import to_json, to_markdown, to_text
from diagnostics.text.causes.confirm_or_rule_out import weighed
from diagnostics.text.causes.find_causes import first_look
from tests.support.texts.first_look import TEXTS, answered

ROLE = "arn:aws:sts::444455556666:assumed-role"
IAM = "arn:aws:iam::444455556666"
W, MO = f"{ROLE}/w/x", f"{IAM}:user/mo"


def looks(text: str) -> tuple[FirstLook, ...]:
    return tuple(look for _, diagnosis in answered(text) for look in diagnosis.first_look)


def refused(who: str, action: str, on: str = "", why: str = "") -> str:
    said = f" on resource: {on}" if on else ""
    return f"User: {who} is not authorized to perform: {action}{said} {why}".strip()


def none_of(kind: str, action: str) -> str:
    return f"because no {kind} allows the {action} action"


def called(operation: str, message: str = "Access Denied", code: str = "AccessDenied") -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {message}"


NODE = f"{ROLE}/prod-eks-node/i-0123456789abcdef0"
TASK = "0123456789abcdef0123456789abcdef"
WEB_ACTION = "sts:AssumeRoleWithWebIdentity"
WEB = called("AssumeRoleWithWebIdentity", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
SCP = (
    "with an explicit deny in a service control policy: "
    "arn:aws:organizations::777788889999:policy/o-abcdefghij/service_control_policy/p-0abc1234"
)

CONTROLLER = '"controller": "ingress", "error": "AccessDenied: '
DENIALS = [
    (
        CONTROLLER + refused(W, "elasticloadbalancing:AddTags", "arn:aws:elasticloadbalancing:eu-west-1:1:t/x"),
        "older than the program",
        "--action-names elasticloadbalancing:AddTags",
    ),
    (
        CONTROLLER + refused(W, "elasticloadbalancing:DescribeListenerAttributes", "", none_of("identity-based policy",
                             "elasticloadbalancing:DescribeListenerAttributes")),
        "older than the program",
        "--role-name w",
    ),
    (
        called("GetObjectTagging", refused(W, "s3:ListBucket", "arn:aws:s3:::m", none_of("identity-based policy",
                                           "s3:ListBucket"))),
        "the object does not exist",
        "list-objects-v2 --bucket m",
    ),
    (
        called("GetDatabases", refused(W, "glue:GetDatabases", "arn:aws:glue:us-east-2:777788889999:catalog",
                                       none_of("resource-based policy", "glue:GetDatabases"))),
        "account 777788889999 in us-east-2",
        None,
    ),
    # Who is calling.
    (refused(NODE, "route53:ListHostedZones"), "came with the node's role", "get-caller-identity"),
    (refused(NODE, "secretsmanager:GetSecretValue"), "came with the node's role", "get-caller-identity"),
    (refused(f"{ROLE}/workers.k8s/i-xxxxxxxx", "route53:ListHostedZones"), "the node's role", "get-caller-identity"),
    (f"kiam: {refused(NODE, 'sts:AssumeRole', f'{IAM}:role/dns')}", "kube2iam", "get-role --role-name dns"),
    (refused(NODE, "ecr:BatchGetImage"), "Most often no", "--role-name prod-eks-node"),
    (refused(f"{ROLE}/AWSCloud9SSMAccessRole/i-0a1b2c3d", "iam:CreateRole"), "Cloud9", "get-caller-identity"),
    (refused(f"{ROLE}/build/AWSCodeBuild-7f", "s3:PutBucketTagging"), "build's own service role", "--role-name build"),
    (refused(f"{ROLE}/AWSReservedSSO_Dev_0a1b2c3d4e5f6071/mo", "sqs:SendMessage"), "set Dev", "AWSReservedSSO"),
    (
        refused(f"{ROLE}/cdk-hnb659fds-deploy-role-444455556666-eu-west-1/aws-cdk-mo", "cloudformation:DeleteStack"),
        "CDK's bootstrap role makes the call, not you",
        "--stack-name CDKToolkit --region eu-west-1",
    ),
    (
        refused(MO, "sts:AssumeRole", f"{IAM}:role/cdk-abc-lookup-role-444455556666-us-east-1"),
        "not allowed to assume CDK's bootstrap role",
        "--stack-name CDKToolkit --region us-east-1",
    ),
    (refused("anonymous", "es:ESHttpPost"), "without a signature", "get-caller-identity"),
    (refused(f"{IAM}:root", "s3:GetObject", "arn:aws:s3:::m/a"), "root user", "get-caller-identity"),
    (refused(f"{ROLE}/deploy/ci", "sts:AssumeRole", f"{IAM}:role/deploy"), "already a session", "--role-name deploy"),
    (refused(f"{ROLE}/deploy/ci", "sts:AssumeRole", f"{IAM}:user/deploy"), "Only roles", "list-roles"),
    (refused(f"{ROLE}/deploy/ci", "sts:AssumeRole", "arn:aws:iam:eu-west-1"), "malformed", "list-roles"),
    (
        refused(f"{ROLE}/deploy/ci", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs"),
        "belongs to account 444455556666 and the resource to 111122223333",
        "get-caller-identity",
    ),
    (refused(MO, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:444455556666:jobs"), "Most often no", "--user-name mo"),
    (refused(f"{ROLE}/api-exec/{TASK}", "sqs:SendMessage"), "execution role", "--role-name api-exec"),
    (refused(f"{ROLE}/api/{TASK}", "sqs:SendMessage"), "two are easily confused", "--role-name api"),
    # The operation that is not the action.
    (
        called("PutObject", refused(MO, "s3:PutObjectTagging", "arn:aws:s3:::m/a")),
        "sets tags on the object",
        "--user-name mo",
    ),
    (called("PutObject", refused(W, "s3:PutObjectAcl", "arn:aws:s3:::m/a")), "sets an ACL", "--role-name w"),
    (called("CopyObject"), "both sides", None),
    (called("HeadBucket", "Forbidden", "403"), "s3:ListBucket on the bucket itself", None),
    (called("ListObjectsV2"), "s3:ListBucket on the bucket itself", None),
    (called("HeadObject", "Forbidden", "403"), "answers 403 instead of 404", None),
    (
        called("GetObject", "The ciphertext refers to a customer master key that does not exist"),
        "is encrypted with a KMS key, and the caller is not allowed to use the key",
        None,
    ),
    (
        called("PutObject", "The ciphertext refers to a customer master key that does not exist", "KMS.AccessDenied"),
        "is encrypted with a KMS key, and the caller is not allowed to use the key",
        None,
    ),
    (
        called("Invoke", "Lambda was unable to decrypt the environment variables because KMS access was denied."),
        "was deleted and created again",
        None,
    ),
    (
        refused(W, "ec2:RunInstances", "arn:aws:ec2:eu-west-1:444455556666:subnet/subnet-0a"),
        "covers the subnet",
        "--role-name w",
    ),
    (refused(W, "ec2:RunInstances"), "once for each resource", "--role-name w"),
    (
        refused(W, "ec2:CreateTags", "arn:aws:ec2:eu-west-1:444455556666:spot-instances-request/*"),
        "sets tags on the resources that it creates",
        "--role-name w",
    ),
    (
        refused(W, "ec2:CreateTags", "arn:aws:ec2:eu-west-1:444455556666:instance/i-0123456789abcdef0"),
        "existing resource is tagged",
        "--role-name w",
    ),
    (
        called("CreateFunction", refused(f"{ROLE}/ci/x", "iam:PassRole", f"{IAM}:role/fn"), "AccessDeniedException"),
        "passes a role to a service",
        "get-role --role-name fn",
    ),
    (
        refused(f"{ROLE}/ci/x", "iam:PassRole", f"{IAM}:role/fn", "with an explicit deny in an identity-based policy"),
        "A Deny refuses iam:PassRole",
        "--role-name ci",
    ),
    (refused(f"{ROLE}/ci/x", "iam:PassRole", f"{IAM}:role/fn", "with an explicit deny"), "no Allow can override", "ci"),
    (refused(f"{ROLE}/ci/x", "iam:CreateServiceLinkedRole"), "first time", "/aws-service-role/"),
    (refused(f"{ROLE}/ci/x", "sts:TagSession", f"{IAM}:role/pub"), "session tags", "--role-name pub"),
    (
        refused(f"{ROLE}/ci/x", "sts:TagSession", f"{IAM}:role/pub") + "\nour self-hosted GitHub runners, role by OIDC",
        "the runner's own role, and not GitHub's web identity",
        "",
    ),
    (
        refused(f"{ROLE}/ci/x", "sts:TagSession", f"{IAM}:role/pub") + "\nGitHub runner, role-chaining: true, by OIDC",
        "must allow sts:TagSession in addition to sts:AssumeRole",
        "--role-name pub",
    ),
    (
        "moved from IRSA to EKS Pod Identity\nis not authorized to perform: sts:TagSession on resource: "
        f"{IAM}:role/pub",
        "must allow sts:TagSession in addition to sts:AssumeRole",
        "--role-name pub",
    ),
    (
        refused(W, "states:StopExecution", "arn:aws:states:eu-west-1:444455556666:execution:m:1"),
        "to executions",
        "--role-name w",
    ),
    (
        refused(W, "logs:CreateLogStream", "arn:aws:logs:eu-west-1:444455556666:log-group:/a:log-stream:b"),
        "Log streams",
        "--role-name w",
    ),
    (
        refused(W, "dynamodb:Query", "arn:aws:dynamodb:eu-west-1:444455556666:table/t/index/by"),
        "An index is a separate resource",
        "--role-name w",
    ),
    (
        refused(W, "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:444455556666:secret:a-Ab12Cd")
        + '\n"Resource": "arn:aws:secretsmanager:eu-west-1:444455556666:secret:a"',
        "six random characters",
        "--role-name w",
    ),
    (
        refused(W, "ssm:GetParameter", "arn:aws:ssm:eu-west-1:444455556666:parameter/a/b")
        + "\nin the module: arn:aws:ssm:eu-west-1:444455556666:parameter//a/*",
        "has one slash before its path",
        "--role-name w",
    ),
    (
        refused(W, "ecr:GetAuthorizationToken", "*"),
        "Most often no policy of the caller allows ecr:GetAuthorizationToken",
        "--role-name w",
    ),
    (
        refused(
            W,
            "kms:GenerateDataKey",
            "",
            "because the resource does not exist in this Region, no resource-based policies allow access, or a "
            "resource-based policy explicitly denies access",
        ),
        "whether the key exists",
        "list-aliases",
    ),
    ("UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: "
     + "aB3" * 30, "encoded message", "decode-authorization-message"),
    (called("PutBucketPolicy"), "Block Public Access refuses", None),
    (refused(W, "iam:CreateRole", f"{IAM}:role/n", "with an explicit deny") + "\niam:PermissionsBoundary is null",
     "certain permissions boundary", "-name w"),
    (
        refused(f"{ROLE}/AWSReservedSSO_Dev_0a1b2c3d4e5f6071/mo", "sts:AssumeRole", f"{IAM}:role/tf"),
        "whom the role's trust policy names",
        "--role-name tf",
    ),
    (called("AssumeRole", "Roles may not be assumed by root accounts."), "root user", "get-caller-identity"),
    ("ResourceInitializationError: AccessDeniedException: Access to KMS is not allowed", "not allowed to use the key",
     None),
    (refused(f"{ROLE}/guest/CognitoIdentityCredentials", "polly:SynthesizeSpeech"), "identity pool", "-name guest"),
    ("CannotPullContainerError: pull access denied for 444455556666.dkr.ecr.eu-west-1.amazonaws.com/web",
     "task's execution role", None),
    ("unable to pull secrets or registry auth: execution resource retrieval failed: AccessDeniedException: Access to "
     "KMS is not allowed", "and the task's execution role is not allowed to use the key", None),
    ("AmazonS3Exception: Forbidden (Service: Amazon S3; Status Code: 403; Error Code: 403 Forbidden)\n"
     "\tat com.amazonaws.services.s3.AmazonS3Client.doesObjectExist(AmazonS3Client.java:1050)",
     "answers 403 instead of 404", None),
    ("UnhandledPromiseRejectionWarning: AccessDenied: Access Denied", "Find out which call failed", "get-caller"),
    ("AccessDenied: User: arn:aws:sts::444455556666:assumed-role/bk/i-01 is not authorized to perfo\nexit status 1",
     "has the full message", "AttributeValue=i-01"),
    ("User with accountId: 444455556666 is not authorized to perform CreateLogGroup with Tags (Service: "
     "CloudWatchLogs, Status Code: 400)", "The call sets tags", None),
    (refused(W, "sqs:TagQueue", "arn:aws:sqs:eu-west-1:444455556666:q"), "The call sets tags", "--role-name w"),
    ("controller: WebIdentityErr: failed to retrieve credentials caused by: AccessDenied: Not authorized to perform "
     "sts:AssumeRoleWithWebIdentity", "token's subject", None),
    ("InvalidParameterValueException: The provided execution role does not have permissions to call "
     "CreateNetworkInterface on EC2", "function's own execution role", None),
    ("Error saving state: failed to upload state: AccessDenied: Access Denied", "Terraform's backend", "get-caller"),
    (refused(MO, "sts:AssumeRole", "aws:iam::444455556666:role/r"), "malformed", "list-roles"),
    (called("InvokeModel", "Your account is not authorized to invoke this API operation.", "AccessDeniedException"),
     "not enabled Bedrock", None),
    ("DOWNLOAD_SOURCE CLIENT_ERROR: AccessDenied: Access Denied status code: 403", "to use the artifacts", None),
    ('CREATE_FAILED AWS::S3::BucketPolicy P "Access Denied (Service: S3, Status Code: 403, Request ID: X)"',
     "Block Public Access refuses", None),
    ("creating S3 bucket public access block (m): AccessDenied: Access Denied", "a bucket and for the account", None),
    ("AccessDenied: Access to the resource https://sqs.eu-west-1.amazonaws.com/444455556666/q is denied.",
     "queue's own policy", "list-queues"),
    (called("SetQueueAttributes", "Access to the resource https://sqs.eu-west-1.amazonaws.com/444455556666/q is denied."
            "\nqueue policy: Allow arn:aws:iam::111122223333:root sqs:* on the queue"),
     "SQS does not let other accounts perform sqs:SetQueueAttributes", "list-queues"),
    (called("SendMessage", "Access to the resource https://sqs.eu-west-1.amazonaws.com/444455556666/q is denied."
            "\nqueue policy: Allow arn:aws:iam::111122223333:root sqs:* on the queue"),
     "The queue's URL is wrong or empty", "list-queues"),
    ("could not get token: AccessDenied: Access denied\n\tstatus code: 403", "kubectl's plug-in", "get-caller"),
    (refused(W, "iam:UpdateRole", "role AWSReservedSSO_View_0a1b"), "IAM Identity Center", "AWSReservedSSO_View_0a1b"),
    ("Account 444455556666 should have 'AWSControlTowerExecution' role with trust relationship to Role "
     "'service-role/AWSControlTowerStackSetRole'.", "never in the management account",
     "describe-organization"),
    # Web identity and SAML.
    (WEB, "token's subject", None),
    (f"##[group]Run aws-actions/configure-aws-credentials\n{WEB}", "A branch, a pull request, a tag", None),
    (f"pod/dns-0 in the namespace kube-system: {WEB}", "accept the pod's service account", None),
    (
        called("AssumeRoleWithWebIdentity", "No OpenIDConnect provider found in your account for https://oidc.example/a",
               "InvalidIdentityToken"),
        "no identity provider",
        "list-open-id-connect-providers",
    ),
    (called("AssumeRoleWithWebIdentity", "Incorrect token audience", "InvalidIdentityToken"), "client ID list", "list"),
    (called("AssumeRoleWithSAML", "Not authorized to perform sts:AssumeRoleWithSAML"), "pair of role", "list-saml"),
    # The guardrails, by their words.
    (refused(W, "ec2:RunInstances", "*", SCP), "The organization denies", "--policy-id p-0abc1234"),
    (
        refused(W, "s3:GetObject", "arn:aws:s3:::m/a", "with an explicit deny in a resource control policy"),
        "resource's organization denies the call, also to callers of other accounts",
        None,
    ),
    (
        refused(W, "sqs:SendMessage", "*", none_of("service control policy", "sqs:SendMessage")),
        "each level",
        "list-policies-for-target --target-id 444455556666",
    ),
    (
        refused(W, "sqs:SendMessage", "*", none_of("permissions boundary", "sqs:SendMessage")),
        "permissions boundary",
        "Role.PermissionsBoundary",
    ),
    (
        refused(f"{ROLE}/pool/CognitoIdentityCredentials", "polly:X", "*", none_of("session policy", "polly:X")),
        "Cognito itself adds a session policy",
        "list-identity-pools",
    ),
    (
        refused(W, "s3:GetObject", "arn:aws:s3:::m/a", none_of("VPC endpoint policy", "s3:GetObject")),
        "VPC endpoint",
        "describe-vpc-endpoints",
    ),
    (
        refused(W, "s3:GetObject", "arn:aws:s3:::m/a", "with an explicit deny in a resource-based policy"),
        "read its statements",
        "get-bucket-policy --bucket m",
    ),
    (
        refused(W, "s3:PutBucketPolicy", "arn:aws:s3:::m",
                "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access"),
        "Block Public Access",
        "get-public-access-block --bucket m",
    ),
    (
        refused(W, "s3:PutObject", "arn:aws:s3:::m/a",
                "because public access is prevented by the BlockPublicAcls setting in S3 Block Public Access"),
        "send it without an ACL",
        "get-public-access-block --bucket m",
    ),
    # Services.
    ("The role defined for the function cannot be assumed by Lambda.", "lambda.amazonaws.com", None),
    (
        f"ECS was unable to assume the role '{IAM}:role/api' that was provided for this task.",
        "ecs-tasks.amazonaws.com",
        "get-role --role-name api",
    ),
    (refused(W, "es:ESHttpGet"), "fine-grained access control", None),
    ("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
     "scheduler.amazonaws.com (EventBridge's rules", None),
    (f"Could not assume role {IAM}:role/service-role/sm. Please ensure that the role exists and allows principal "
     "'sagemaker.amazonaws.com' to assume the role.", "sagemaker.amazonaws.com", "get-role --role-name sm"),
    (f"CodePipeline is not authorized to perform AssumeRole on role {IAM}:role/pipe.", "codepipeline.amazonaws.com",
     "get-role --role-name pipe"),
    (f"Role with arn: {IAM}:role/c, could not be assumed because it does not exist or the trusted entity is not "
     "correct",
     "nodes' role", "get-role --role-name c"),
    (called("CreateJob", f"Role {IAM}:role/g should be given assume role permissions for Glue Service."),
     "glue.amazonaws.com", "get-role --role-name g"),
    (f"ECS was unable to assume the infrastructure role {IAM}:role/i.", "infrastructure role", "--role-name i"),
    ("The provided role does not have sufficient permissions to access CodeDeploy", "role that the pipeline uses",
     "list-pipelines"),
    ("Please make sure all images included in the model for the production variant a exist, and that the "
     "execution role "
     "used to create the model has permissions to access them.", "not allowed to pull the image", "list-models"),
    (refused(f"{ROLE}/nb/SageMaker", "glue:GetTable"), "Studio profile", "--role-name nb"),
    (refused(f"{ROLE}/etl/GlueJobRunnerSession", "s3:DeleteObject"), "Glue job", "--role-name etl"),
    (refused(f"{ROLE}/nb/SageMaker", "glue:GetTable", "", "with an explicit deny"), "A Deny in the caller's", "nb"),
    ("pull access denied for 444455556666.dkr.ecr.eu-west-1.amazonaws.com/web, may require docker login",
     "Docker is not logged in", "get-caller-identity"),
    ("AuthFailure: Not authorized for images: [ami-0a1b2c3d]", "deregistered", "--image-ids ami-0a1b2c3d"),
    ("aws_instance.web: UnauthorizedOperation: You are not authorized to perform this operation.",
     "A launch needs", None),
    ("current credentials could not be used to assume "
     f"'{IAM}:role/cdk-hnb659fds-deploy-role-444455556666-eu-west-1', but are for the right account.",
     "never bootstrapped", "CDKToolkit"),
    (refused(f"{ROLE}/cdk-x/AWSCloudFormation", "iam:GetRole", "role cdk-hnb659fds-lookup-role-444455556666-eu-west-1"),
     "CloudFormation made the call with the stack's service role cdk-x", "--role-name cdk-x"),
    ("Resource does not exist or requester is not authorized to access requested permissions. (Service: "
     "AWSLakeFormation; Status Code: 400; Error Code: AccessDeniedException)", "Lake Formation protects",
      "list-permissions"),
    (refused(W, "redshift:GetClusterCredentials"), "dbuser:CLUSTER/USER", "--role-name w"),
    (refused(W, "sts:AssumeRole", f"{IAM}:role/pub"), "whom the role's trust policy names", "--role-name pub"),
    (refused(W, "sqs:SendMessage", "*", none_of("identity-based policy", "sqs:SendMessage")), "of the caller's", "w"),
]  # fmt: skip

CONFLICTS = [
    ("Error: creating IAM Role (a): EntityAlreadyExists: Role with name a already exists.\n with aws_iam_role.a,",
     "terraform import", "get-role --role-name a"),
    ("pulumi:providers:aws error: EntityAlreadyExists: Role with name a already exists.", "pulumi import", "-name a"),
    ("CREATE_FAILED AWS::IAM::Role Fn a already exists in stack "
     "arn:aws:cloudformation:eu-west-1:444455556666:stack/old/1", "another stack", "describe-stack-resources"),
    ("CREATE_FAILED AWS::IAM::Role Fn role a-b already exists (EntityAlreadyExists)", "IMPORT", None),
    ("eksctl: EntityAlreadyExists: Role with name a already exists.", "attachRoleARN", "get-role --role-name a"),
    ("Serverless: EntityAlreadyExists: Role with name a already exists.", "provider.iam.role", "get-role"),
    ("amplify push: EntityAlreadyExists: Role with name a already exists.", "amplify pull", "get-role"),
    ("crossplane: cannot create: EntityAlreadyExists: Role with name a already exists.", "external-name", "get-role"),
    ("EntityAlreadyExists: Role with name dms-vpc-role already exists.", "guides use this name",
     "--role-name dms-vpc-role"),
    ("EntityAlreadyExists: Role with name ecsTaskExecutionRole already exists.", "guides use this name", "get-role"),
    ("aws_iam_instance_profile.web: EntityAlreadyExists: Instance Profile web already exists.", "not a role",
     "get-instance-profile"),
    ("InvalidInput: Service role name AWSServiceRoleForECS has been taken in this account, please try a different "
     "suffix.", "service-linked role exists already", "get-role --role-name AWSServiceRoleForECS"),
    ("job sst:aws:Queue → jobRole aws:iam:Role EntityAlreadyExists: Role with name a already exists.", "with SST",
     "get-role"),
    ("Resource of type 'AWS::IAM::OIDCProvider' with identifier 'arn:aws:iam::444455556666:oidc-provider/i.example' "
     "already exists.", "type IMPORT", "list-open-id-connect-providers"),
    (called("CreateLoginProfile", "Login Profile for user mo already exists.", "EntityAlreadyExists"), "console",
     "get-login-profile --user-name mo"),
    (called("CreateAccountAlias", "The account alias mill already exists.", "EntityAlreadyExists"), "unique across all",
     "list-account-aliases"),
    (called("CreateVirtualMFADevice", "MFADevice entity at the same path and name already exists.",
            "EntityAlreadyExists"), "unfinished registration left", "list-virtual-mfa-devices"),
    ("chalice deploy: EntityAlreadyExists: Role with name a already exists.", "manage_iam_role", "get-role"),
    ("botocore.errorfactory.EntityAlreadyExistsException: An error occurred (EntityAlreadyExists) when calling the "
     "CreateRole operation: Role with name a already exists.", "the script", "get-role --role-name a"),
    ("EntityAlreadyExists: Role with name a already exists.", "already created a resource", "get-role --role-name a"),
]  # fmt: skip

SCP = " with an explicit deny in a service control policy"
DENIALS += [
    (
        f"It depends on bedrock:GuardrailIdentifier\n{refused('assumed-role/dev/me', 'bedrock:InvokeModel')}{SCP}",
        "was sent without that guardrail",
        None,
    ),
    (
        f"aws:RequestedRegion, us-east-1, sts.amazonaws.com\n{refused('user/svc', 'sts:GetCallerIdentity')}{SCP}",
        "STS's global endpoint",
        None,
    ),
    (
        f"{called('HeadObject', 'Forbidden', '403')}\nConfig(signature_version=UNSIGNED)",
        "calls without a signature",
        None,
    ),
    (
        f"{called('ListObjectsV2')} on a Requester Pays bucket, aws s3 ls --request-payer requester works",
        "Send x-amz-request-payer: requester",
        None,
    ),
]

GATEWAY = (
    "$ curl -X POST https://q1w2e3r4t5.execute-api.eu-west-1.amazonaws.com/prod{}\n"
    '{{"message":"Missing Authentication Token"}}\n$ aws apigateway get-resources --rest-api-id q1w2e3r4t5\n'
    '[["/carts",["POST"]],["/carts/{{id}}",["GET"]]]\n'
)
OTHERS = [
    (
        "Error: Credentials could not be loaded, please check your action inputs: Could not load credentials from any "
        "providers",
        "id-token: write",
        None,
    ),
    ("error: You must be logged in to the server (Unauthorized)", "access entry", "get-caller-identity"),
    ("Insufficient Lake Formation permission(s): Required Select on orders", "Lake Formation", "list-permissions"),
    (
        called("ListBuckets", "The provided token has expired.", "ExpiredToken"),
        "are never renewed",
        "aws configure list",
    ),
    (
        "region ap-east-1: UnrecognizedClientException: The security token included in the request is invalid.",
        "ap-east-1 is disabled until",
        "get-region-opt-status --region-name ap-east-1",
    ),
    (
        "https://ec2.cn-north-1.amazonaws.com.cn AuthFailure: AWS cannot validate the provided access credentials",
        "partition with separate accounts",
        "get-caller-identity",
    ),
    (
        called(
            "AssumeRoleWithWebIdentity",
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
            "InvalidIdentityToken",
        ),
        "certificate is not the one",
        "list-open-id-connect-providers",
    ),
    ('{"message":"Missing Authentication Token"}', "does not have this path", "get-rest-apis"),
    (
        GATEWAY.format("/cart"),
        "The API has no /cart, as far as the text lists its paths: /carts and /carts/{id}. ",
        None,
    ),
    (GATEWAY.format("/carts/7"), "The path or the method of the request is not among the API's", None),
    (GATEWAY.format("/carts"), "does not have this path", "get-rest-apis"),
    (called("AssumeRole", "Rate exceeded", "ThrottlingException"), "Too many calls", None),
    (
        called("DeleteRole", "Cannot delete entity, must remove roles from instance profile first.", "DeleteConflict"),
        "Instance profiles still contain",
        None,
    ),
    (
        called(
            "AssumeRole",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
            "ValidationError",
        ),
        "one hour at most",
        None,
    ),
    (
        called(
            "CreateRole",
            'Invalid principal in policy: "AWS":"arn:aws:iam::444455556666:role/gone"',
            "MalformedPolicyDocument",
        ),
        "does not exist",
        "list-roles",
    ),
    (
        called("CreateRole", "Cannot exceed quota for RolesPerAccount: 1000", "LimitExceeded"),
        "Delete roles that nothing uses",
        "summary",
    ),
]


@pytest.mark.parametrize(("text", "words", "check"), [*DENIALS, *CONFLICTS, *OTHERS], ids=lambda each: str(each)[:60])
def test_the_most_usual_cause_comes_first(text: str, words: str, check: str | None) -> None:
    first = looks(text)[0]
    assert words in first.cause
    assert first.because.text
    assert check is None or check in (first.check or "")


READS = re.compile(
    r"aws (?:configure list|sts (?:get-caller-identity|decode-authorization-message)|"
    r"cloudtrail lookup-events|iam simulate-principal-policy|[\w-]+ (?:get|list|describe)-[\w-]+)(?: |$)"
)


def test_a_service_that_is_closed_to_the_account_is_the_only_cause() -> None:
    text = called(
        "ListFoundationModels", "Your account is not authorized to invoke this API operation.", "AccessDeniedException"
    )
    (look,) = looks(text)
    assert "AWS has not enabled Bedrock" in look.cause


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("Model access was requested in us-west-2; the stack is in eu-west-1.", "granted in us-west-2 only"),
        ("We call Bedrock in ap-south-1. I enabled access to the model in us-east-1.", "the call goes to ap-south-1"),
        ("Model access is granted in us-west-2, where we call it.", "AWS has not enabled Bedrock"),
        ("We call amazon.nova-lite-1 in us-east-1.", "AWS has not enabled Bedrock"),
    ],
)
def test_access_to_a_model_that_was_granted_in_another_region(said: str, cause: str) -> None:
    refused = called(
        "InvokeModel", "Your account is not authorized to invoke this API operation.", "ValidationException"
    )
    assert cause in looks(f"{said}\n{refused}")[0].cause


def test_each_line_has_a_predicate_that_its_own_text_does_not_contradict_and_no_command_that_writes() -> None:
    """What in the text speaks for a line is data that the checker compares with the text, for every line."""
    assert len(TEXTS) > 200
    lines = 0
    for text in [*TEXTS[::2], *(text for text, _, _ in [*DENIALS, *CONFLICTS, *OTHERS])]:
        for failure, diagnosis in answered(text):
            facts = Facts(failure, ())
            shown = diagnosis.first_look
            for look in shown:
                assert look.cause.endswith(".")
                assert look.because.text
                assert look.check is None or READS.match(look.check), look.check
                assert look.check is None or "\n" not in look.check
            for look in first_look(failure):
                lines += 1
                wrong = false_claims(look.because.claims, facts)
                assert not wrong or look not in shown, (look.cause, wrong)
                known = [truth(claim, facts) for claim in look.because.claims]
                assert any(each is not None for each in known), (look.cause, look.because)
    assert lines > 400


def test_a_line_whose_predicate_is_turned_around_is_dropped() -> None:
    for text, _, _ in [*DENIALS, *CONFLICTS, *OTHERS]:
        failure, _ = answered(text)[0]
        for look in looks(text):
            turned = Sentence(look.because.text, tuple(map(opposite, look.because.claims)))
            assert not weighed([replace(look, because=turned)], (), None, failure), look.cause


MODULES = sorted((Path(__file__).parents[4] / "diagnostics" / "text" / "causes").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_line_is_made_without_a_predicate(path: Path) -> None:
    """``because`` is made by what gives it its claims, never of bare words."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "FirstLook":
            assert not isinstance(node.args[1], ast.Constant | ast.JoinedStr), node.lineno
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Sentence":
            assert len(node.args) == 2 and ast.unparse(node.args[1]) != "()", node.lineno


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (refused(f"{ROLE}/ci/x", "iam:PassRole", f"{IAM}:role/fn", "with an explicit deny"), "allow iam:PassRole"),
        (
            refused(W, "ec2:CreateTags", "*", "with an explicit deny in an identity-based policy"),
            "needs ec2:CreateTags",
        ),
        (refused(W, "sqs:SendMessage", "*", "with an explicit deny"), "policy of w allows sqs:SendMessage"),
        (refused(W, "kms:Decrypt", "*", "with an explicit deny in a resource-based policy"), "Allow kms:Decrypt"),
        (
            refused(W, "lambda:TagResource", "*", "with an explicit deny in an identity-based policy"),
            "allow lambda:Tag",
        ),
    ],
)
def test_beside_an_explicit_deny_no_line_advises_an_allow(text: str, advice: str) -> None:
    assert not [look.cause for look in looks(text) if advice in look.cause]
    assert [look.cause for look in looks(text.partition(" with an")[0]) if advice in look.cause]


def test_a_value_of_the_text_is_quoted_for_a_shell_or_there_is_no_command() -> None:
    (conflict,) = read_text("EntityAlreadyExists: Role with name a;reboot already exists.")
    assert all("name a;" not in (look.check or "") for look in collect_offline(conflict).first_look)
    masked = looks(refused("arn:aws:iam::444455556666:user/****", "sts:AssumeRole", f"{IAM}:role/<role>"))
    assert all("*" not in (look.check or "") and "<" not in (look.check or "") for look in masked)


def test_the_first_look_is_in_every_report() -> None:
    (failure,) = read_text(refused(NODE, "route53:ListHostedZones"))
    diagnosis = collect_offline(failure)
    first = to_json(diagnosis)["first_look"][0]
    assert set(first) == {"cause", "because", "check", "who"}
    assert (first["check"], first["who"]) == ("aws sts get-caller-identity", "caller")
    for page in (to_text(diagnosis), to_markdown(diagnosis)):
        assert "first" in page.lower()
        assert first["cause"] in page
        assert first["check"] in page


def test_nothing_is_usual_about_a_text_that_nothing_is_known_of() -> None:
    (failure,) = read_text("the build was green")
    assert to_json(collect_offline(failure))["first_look"] == []


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        (called("PutObject"), "The call PutObject was refused", "s3:PutObject was refused"),
        (
            refused(NODE, WEB_ACTION, f"{IAM}:role/a"),
            "The caller of this operation has no policies",
            "read.",
        ),
        (
            refused(
                NODE,
                "sts:AssumeRoleWithWebIdentity",
                f"{IAM}:role/a",
                none_of("identity-based policy", WEB_ACTION),
            ),
            "The caller of this operation has no policies",
            "identity-based",
        ),
    ],
)
def test_the_verdict_does_not_lead_astray(text: str, said: str, unsaid: str) -> None:
    (failure,) = read_text(text)
    summary = collect_offline(failure).verdict.summary
    assert said in summary
    assert unsaid not in summary


@pytest.mark.parametrize(
    "text",
    [
        called("PutObject", "The ciphertext refers to a customer master key that does not exist", "KMS.AccessDenied"),
        called("GetSecretValue", "Access to KMS is not allowed", "AccessDeniedException"),
    ],
)
def test_where_the_text_states_a_reason_none_is_told_that_it_states_none(text: str) -> None:
    assert looks(text)
    assert not [
        each for each in looks(text) if "no reason" in each.because.text or "no other reason" in each.because.text
    ]


def test_the_ruby_sdks_error_is_not_cloudformation() -> None:
    found = looks("Aws::IAM::Errors::EntityAlreadyExists: A policy called kiam-policy already exists.")
    assert not any("CloudFormation" in each.cause or "CloudFormation" in each.because.text for each in found)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("creating IAM Role (a): EntityAlreadyExists: Role with name a already exists.", "name_prefix"),
        ("creating IAM User (a): EntityAlreadyExists: User with name a already exists.", "give the new entity another"),
        (
            "creating IAM OIDC Provider: EntityAlreadyExists: Provider with url https://i.example already exists.",
            "",
        ),
    ],
)
def test_terraform_is_told_what_its_resource_has(said: str, words: str) -> None:
    """``aws_iam_user`` has no ``name_prefix``, and a provider has no name at all."""
    replaces = "# aws_iam_user.a must be replaced\n"
    replaced = [each.cause for each in looks(f"{replaces}Error: {said}") if each.cause.startswith("The tool replaces")]
    assert (words in replaced[0]) if words else not replaced


@pytest.mark.parametrize(
    ("remark", "anew"),
    [
        ("14:20 recreated, role mailer has the same name", True),
        ("the role was deleted and created again by the stack yesterday", True),
        ("terraform destroyed and re-created the role mailer-exec", True),
        ("yesterday the role mailer was removed, then created with the same policies", True),
        ("the role was never recreated", False),
        ("somebody deleted the old table and created a new queue", False),
        ("14:20 recreated the queue", False),
    ],
)
def test_a_role_that_was_created_again_lost_the_grant_on_the_key(remark: str, anew: bool) -> None:
    (failure,) = read_text(
        "Lambda was unable to decrypt the environment variables because KMS access was denied. Please check the "
        "function's KMS key settings. KMS Exception: AccessDeniedException KMS Message: The ciphertext refers to a "
        "customer master key that does not exist, does not exist in this region, or you are not allowed to access.\n\n"
        + remark
    )
    causes = [each.cause for each in collect_offline(failure).first_look]
    assert causes[0].startswith("The role was created again") == anew
    assert (len(causes) == 1) == anew


SDK_SESSION = "arn:aws:sts::111122223333:assumed-role/infra-deploy/aws-go-sdk-1712345678901234567"


@pytest.mark.parametrize(
    ("action", "first"),
    [
        ("dms:AddTagsToResource", "The call sets tags (perhaps a tool's default tags)"),
        ("backup:TagResource", "The call sets tags (perhaps a tool's default tags)"),
        ("batch:CreateJobQueue", "Check that infra-deploy is the role that is meant: an SDK chose the session's name"),
    ],
)
def test_the_session_name_of_an_sdk_comes_after_what_the_action_needs(action: str, first: str) -> None:
    found = [look.cause for look in looks(refused(SDK_SESSION, action, "*", ""))]
    assert found[0].startswith(first)
    assert sum("an SDK chose" in each for each in found) == 1
    other = [look.cause for look in looks(refused(SDK_SESSION.replace("aws-go-sdk", "run"), action, "*", ""))]
    assert not any("an SDK chose" in each for each in other)


@pytest.mark.parametrize("host", ["git.corp.example.org", "idp.intern.example.net"])
def test_keys_that_aws_cannot_fetch_are_no_fault_of_the_registered_certificate(host: str) -> None:
    text = (
        "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Couldn't "
        "retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity "
        f"documentation for requirements\ncurl https://{host}/.well-known/openid-configuration -> 200\n"
    )
    first = collect_offline(read_text(text)[0]).first_look[0].cause
    assert "from the internet" in first and "not the one registered" not in first
