"""Sentences about templates, stacks and notifications: AWS CloudFormation, and AWS CodeBuild's parameters."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_CFN = f"{_DOCS}/AWSCloudFormation/latest"

STACKS: tuple[ServiceSentence, ...] = (
    # AWS CloudFormation API Reference, "CreateStack": TemplateURL.
    row(
        ("templateurl must reference a valid s3 object", "s3 error: access denied"),
        r"TemplateURL must reference a valid S3 object to which you have access"
        r"|S3 error: Access Denied(?=[\s\S]{0,300}?(?:ErrorResponses\.html|TemplateURL))"
        r"|(?:CloudFormation|(?:Create|Update)Stack|TemplateURL|CreateChangeSet)[\s\S]{0,300}?S3 error: Access Denied",
        "whoever makes the stack, at the template in S3",
        "CloudFormation cannot read the template in S3",
        "CloudFormation cannot read the template in S3: the object does not exist, or whoever creates the stack is not "
        "allowed to perform s3:GetObject on it (no policy allows it, or a policy denies it).",
        UsualCause("Compare bucket, key and Region of the URL with what was uploaded: S3 also refuses access to a "
                   "missing object, unless the caller has s3:ListBucket. An asset's hash changes with each "
                   "build.", None, Who.CALLER),
        UsualCause("Allow the identity that makes the call s3:GetObject on the object, and kms:Decrypt if a KMS key "
                   "encrypts it. A bucket of another account must allow it in its policy, too.",
                   "aws sts get-caller-identity"),
        page=f"{_CFN}/APIReference/API_CreateStack.html",
        actions=("s3:GetObject",),
    ),
    row(
        "access denied for operation '",
        r"Access denied for operation '(?P<type>(?:AWS|Alexa)::\w+::\w+)'(?!:)",
        "whoever deploys, or the stack's service role",
        "a call of the handler of {type} was refused",
        "The stack's service role, or without one whoever deploys, was refused a call that creates or changes {type}. "
        "The message does not name the action: CloudTrail does.",
        UsualCause("Find the refused call in CloudTrail (errorCode AccessDenied, userAgent "
                   "cloudformation.amazonaws.com), then allow it. The handler's list of actions: aws cloudformation "
                   "describe-type --type RESOURCE --type-name {type} --query Schema (handlers, permissions).",
                   "aws cloudformation describe-type --type RESOURCE --type-name {type} --query Schema"),
        UsualCause("Often the cause is iam:PassRole on a role of the resource, the use of a KMS key, or a "
                   "service-linked role that the account does not have yet."),
        page=f"{_CFN}/UserGuide/troubleshooting.html",
    ),
    row(
        "no transform named",
        r"No transform named (?P<macro>[\w:.-]*\w) found",
        "the macro of the template",
        "the macro is not known in this account and Region",
        "This account has no macro {macro} in this Region: the macro was not created here, or its name lacks the "
        "account (ACCOUNT::NAME). The message names no permission.",
        UsualCause("Create the macro (AWS::CloudFormation::Macro) in this Region first. A macro of another account "
                   "must be named with that account's number, and its function's policy must let this account invoke "
                   "it.", None,
                   Who.RESOURCE_OWNER),
        page=f"{_CFN}/UserGuide/template-macros.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        "did not receive a response from your custom resource",
        r"did not receive a response from your Custom Resource",
        "the function of the custom resource",
        "the function did not answer CloudFormation",
        "The custom resource's function sent no answer in time: it failed before that, or its network cannot reach S3. "
        "This message does not refuse a permission.",
        UsualCause("Read the function's log at that time: it shows an error, a missing permission of the function's "
                   "own role, or a timeout. If there is no log, the function did not run, or its role lacks logs "
                   "actions.", None, Who.CALLER),
        UsualCause("In a VPC, the function needs access to S3 (a gateway endpoint or NAT): it sends its answer with a "
                   "PUT to a presigned URL of a CloudFormation bucket, which the endpoint's policy must allow.", None,
                   Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/cloudformation-lambda-custom-resource",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    # AWS CloudFormation User Guide, "Update rollback failed": invalid security token.
    row(
        "update_rollback_failed",
        r"UPDATE_ROLLBACK_FAILED[\s\S]{0,400}?security token included in the request is (?:invalid|expired)",
        "the credentials with which the stack was updated",
        "the credentials of the update expired before its rollback ended",
        "The credentials with which the update was started expired before the rollback ended. Continue the rollback "
        "with new credentials: no other change is needed.",
        UsualCause("Sign in again, then run aws cloudformation continue-update-rollback --stack-name STACK. A service "
                   "role (--role-arn) gives the operation more time.", None, Who.CALLER),
        page=f"{_CFN}/UserGuide/troubleshooting.html",
        cause="credentials.invalid",
        ground=Ground.LIKENESS,
    ),
    # AWS CodeBuild User Guide, "Builds might fail when getting parameters from Amazon EC2 Parameter Store".
    row(
        "parameter does not exist",
        r"(?:DOWNLOAD_SOURCE|CodeBuild|\bbuildspec\b)[\s\S]{0,400}?Parameter does not exist"
        r"|Parameter does not exist(?=[\s\S]{0,400}?(?:\bCodeBuild\b|\bbuildspec\b|DOWNLOAD_SOURCE))",
        "the build project's service role",
        "the build gets no such parameter",
        "The build's service role is not allowed to perform ssm:GetParameters on this parameter, or no parameter has "
        "that name in the build's Region. The message is the same in both cases.",
        UsualCause("Compare the name with its leading slash, and the Region: aws ssm get-parameter --name NAME.", None,
                   Who.CALLER),
        UsualCause("Allow the service role ssm:GetParameters (with the s) on the parameter: a role that CodeBuild "
                   "created covers only /CodeBuild/*. A SecureString with a customer managed key also needs "
                   "kms:Decrypt.",
                   "aws codebuild batch-get-projects --names PROJECT --query 'projects[].serviceRole'"),
        page=f"{_DOCS}/codebuild/latest/userguide/troubleshooting.html",
        actions=("ssm:GetParameters",),
    ),
    row(
        "access token not found in codebuild project",
        r"Access token not found in CodeBuild project",
        "CodeBuild, which has no credentials for the source provider",
        "CodeBuild has no credentials for the source provider in this Region",
        "A webhook needs credentials for the source provider, and CodeBuild has none in this account and Region: "
        "import them first. No IAM permission is missing.",
        UsualCause("Run aws codebuild import-source-credentials (a token), or connect the provider once in the "
                   "console or with a connection of CodeConnections, in the Region of the project.",
                   "aws codebuild list-source-credentials", Who.RESOURCE_OWNER),
        page=f"{_DOCS}/codebuild/latest/userguide/access-tokens.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # AWS CodeStar Notifications API Reference, "CreateNotificationRule".
    row(
        "can't create the notification rule because you do not have sufficient",
        r"CodeStar Notifications can't create the notification rule because you do not have sufficient permissions",
        "the caller",
        "the caller lacks permissions for the rule, its resource or its target",
        "The caller lacks permissions for the notification rule, for reading the resource, or for creating the "
        "service-linked role AWSServiceRoleForCodeStarNotifications.",
        UsualCause("Allow the caller codestar-notifications:CreateNotificationRule (with its condition on "
                   "codestar-notifications:NotificationsForResource), the resource's Get and List actions, and, once, "
                   "iam:CreateServiceLinkedRole for codestar-notifications.amazonaws.com.",
                   "aws iam get-role --role-name AWSServiceRoleForCodeStarNotifications"),
        page="https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html",
    ),
)  # fmt: skip
