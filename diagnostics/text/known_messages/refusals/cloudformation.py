"""Messages of AWS CloudFormation: templates, service roles, custom resources, StackSets, tags."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_CFN = f"{_DOCS}/AWSCloudFormation/latest"

# Service Authorization Reference: what sets and removes the tags of these resources
# (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
_TAGGED = (
    (r"AWS::CloudWatch::|\bCloudWatch\b[^\n]{0,30}\balarms?\b", "cloudwatch:TagResource", "cloudwatch:UntagResource"),
    (r"AWS::Lambda::", "lambda:TagResource", "lambda:UntagResource"),
    (r"AWS::Logs::", "logs:TagResource", "logs:UntagResource"),
    (r"AWS::SNS::", "sns:TagResource", "sns:UntagResource"),
    (r"AWS::SQS::", "sqs:TagQueue", "sqs:UntagQueue"),
    (r"AWS::DynamoDB::", "dynamodb:TagResource", "dynamodb:UntagResource"),
    (r"AWS::KMS::", "kms:TagResource", "kms:UntagResource"),
    (r"AWS::Events::", "events:TagResource", "events:UntagResource"),
    (r"AWS::StepFunctions::", "states:TagResource", "states:UntagResource"),
    (r"AWS::ECS::", "ecs:TagResource", "ecs:UntagResource"),
    (r"AWS::EKS::", "eks:TagResource", "eks:UntagResource"),
    (r"AWS::ECR::", "ecr:TagResource", "ecr:UntagResource"),
    (r"AWS::IAM::Role\b", "iam:TagRole", "iam:UntagRole"),
    (r"AWS::SecretsManager::", "secretsmanager:TagResource", "secretsmanager:UntagResource"),
)
"""For each type of resource: how a text names it, and the actions that set and remove its tags."""


def _tagging(signs: str, sets: str, removes: str) -> UsualCause:
    return UsualCause(
        f"Allow that principal to perform {sets} (and {removes}, for changes of the tags) on the resource: "
        "CloudFormation puts the stack's tags on each of its resources. If the stack has no service role, the "
        "principal is whoever deploys.",
        # A message with IAM's own sentence names the action: it may be another one, such as the listing of tags.
        shown_by=rf"\A(?![\s\S]*authorized to perform:? (?!{sets}\b|{removes}\b)[\w-]+:\w)[\s\S]*?(?:{signs})",
        needs_evidence=True,
    )


CLOUDFORMATION_TEMPLATES_AND_RESOURCES: tuple[ServiceSentence, ...] = (
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
                   "encrypts it. The policy of another account's bucket must allow that identity, too.",
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
)  # fmt: skip

CLOUDFORMATION_ROLES: tuple[ServiceSentence, ...] = (
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
    # AWS CloudFormation User Guide, "Grant self-managed permissions".
    row(
        "role with trust relationship to role",
        r"Account (?P<account>\d{12}) should have '(?P<name>[\w+=,.@-]+)' role with trust relationship to Role "
        r"'(?:[\w+=,.@-]+/)*(?P<by>[\w+=,.@-]+)'",
        "the StackSet's administration role",
        "the target account has no such execution role, or it does not trust the administration role",
        "CloudFormation found no role {name} in account {account} that trusts {by} in the StackSet's account. The "
        "permissions of whoever starts the operation do not matter.",
        # AWS Control Tower User Guide, "Manually add the required IAM role to an existing AWS account".
        UsualCause("Control Tower creates AWSControlTowerExecution when it enrolls an account, and never in the "
                   "management account. If {account} is the management account, create the role there yourself (with "
                   "AdministratorAccess, trusting its role {by}), or leave the account out. Otherwise enroll the "
                   "account.",
                   "aws organizations describe-organization --query Organization.MasterAccountId", Who.ORG_ADMIN,
                   shown_by=r"should have 'AWSControlTowerExecution' role", needs_evidence=True),
        UsualCause("In account {account}, create the role {name} with the permissions that the stack needs, and with a "
                   "trust policy for {by}'s ARN in the administrator account. Service-managed StackSets need no such "
                   "roles.", None, Who.RESOURCE_OWNER),
        UsualCause("{by} lacks sts:AssumeRole on the role {name}.", None),
        page="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html",
        actions=("sts:AssumeRole",),
    ),
)  # fmt: skip

CLOUDFORMATION_TAGS_AND_STACK_SETS: tuple[ServiceSentence, ...] = (
    # A bucket with ABAC: Amazon S3 API Reference, "PutBucketAbac"
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html).
    row(
        ("performing a tagging operation", "unauthorizedtaggingoperation"),
        r"permissions error performing a tagging operation|\bUnauthorizedTaggingOperation\b",
        "the principal with which CloudFormation makes the stack",
        "the stack's principal lacks the permission to tag the resource",
        "CloudFormation adds the stack's tags to the resource, but the principal that it acts as is not allowed to "
        "tag the resource. That principal is the stack's service role or, without one, whoever called CloudFormation.",
        UsualCause("Allow that principal to perform s3:PutBucketTagging on the bucket, or s3:TagResource if the bucket "
                   "uses tags for access control (ABAC). If a Lambda function deploys the stack, the principal is the "
                   "function's role, not you.", None,
                   shown_by=r"\bService: (?:Amazon )?S3\b|AWS::S3::Bucket", needs_evidence=True),
        *(_tagging(*each) for each in _TAGGED),
        UsualCause("So far this is only a warning: CloudFormation tries again and creates the resource without the "
                   "tags. Read the next events of the stack.", None, Who.CALLER,
                   # The status of the same event.
                   shown_by=r"\A(?![\s\S]*(?:CREATE|UPDATE)_FAILED\b[\s\S]{0,300}performing a\s+tagging)[\s\S]*?"
                   r"Retrying request without including tags", needs_evidence=True),
        UsualCause("Allow that principal the tagging action of the resource's service (often TagResource; for EC2 "
                   "ec2:CreateTags). The stack's event names the call. If the stack has no role, CloudTrail names the "
                   "principal.",
                   "aws cloudformation describe-stacks --query 'Stacks[].[StackName,RoleARN]' --output text",
                   # A message with IAM's own sentence names the action.
                   shown_by=r"\A(?![\s\S]*authorized to perform:? [\w-]+:\w)[\s\S]*?(?:performing a tagging "
                   r"operation|UnauthorizedTaggingOperation)", needs_evidence=True),
        page="https://repost.aws/knowledge-center/cloudformation-tagging-permission-error",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "role with trust relationship to cloudformation",
        r"Account (?P<account>\S+) should have '?(?P<role>\w+)'? role with trust relationship to CloudFormation "
        r"service",
        "the StackSet's administration role",
        "account {account} has no role {role} that trusts CloudFormation",
        "CloudFormation found no role {role} in account {account} that it is allowed to assume.",
        UsualCause("In the administrator account, create the role {role}: it must trust cloudformation.amazonaws.com, "
                   "and be allowed sts:AssumeRole on AWSCloudFormationStackSetExecutionRole of each target account. A "
                   "StackSet with service-managed permissions needs neither role.", None, Who.RESOURCE_OWNER),
        page=f"{_DOCS}/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
