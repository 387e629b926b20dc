"""Sentences of builds, pipelines and deployments, and about accounts and the roles that services need."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, lacking, row
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_BILLING = (
    r"informa[cç][oõ]es de faturamento|informaci[oó]n de facturaci[oó]n|information\w de facturation"
    r"|abrechnungsinformationen|請求情報|账单信息"
)
_NAMED_ACTION = r"(?-i:[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z]{2,}\b)"
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


DEPLOYMENTS: tuple[ServiceSentence, ...] = (
    row(
        "credentials.iot",
        r"\bcredentials\.iot\.[\w.-]*amazonaws\.com(?=[\s\S]{0,600}(?:\b403\b|Access ?Denied|Forbidden))"
        r"|(?:\b403\b|Access ?Denied|Forbidden)[\s\S]{0,600}?\bcredentials\.iot\.[\w.-]*amazonaws\.com",
        "the device's certificate, or the alias's role",
        "the role alias gives no credentials",
        "AWS IoT gave the device no credentials: the certificate's policy, or the trust of the role alias's role, does "
        "not allow it.",
        UsualCause("The certificate's IoT policy must allow iot:AssumeRoleWithCertificate on the role alias's ARN.",
                   "aws iot list-attached-policies --target CERTIFICATE-ARN"),
        UsualCause("The role that the alias names must trust credentials.iot.amazonaws.com (sts:AssumeRole).",
                   "aws iot describe-role-alias --role-alias ALIAS"),
        page="https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html",
    ),
    # The text names the role and its actions: whoever made the call is not refused.
    row(
        (" role requires", " role needs", " role must have", " role is missing", " role lacks"),
        rf"(?:the|your|its) (?P<refused>(?:[\w-]+ ){{0,3}}?role) (?:requires?|needs?|must have|is missing|lacks)"
        rf"(?: the)?(?: following| required)?(?: permissions?| actions?)?(?: for| to(?: perform| call)?)?:? "
        rf"[\"'`\[]?(?P<asked>{_NAMED_ACTION}(?:[\"'`,\s]+(?:and )?[\"'`]?{_NAMED_ACTION}){{0,11}})",
        "the {refused}",
        "the {refused} lacks {asked}",
        "The text says that the {refused} lacks {asked}: change that role, not the caller's policies.",
        UsualCause("Allow the {refused} {asked}; an action that supports no resources (ecr:GetAuthorizationToken) "
                   "needs Resource \"*\"."),
        UsualCause("The call was given the wrong role, or the role's policy was attached a moment ago.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        cause="identity.no-action",
        ground=Ground.PARTLY,
    ),
    # AWS CDK CLI, cdk-assets: it asks S3 and ECR for these names, and prints this if they do not exist
    # (https://github.com/aws/aws-cdk-cli).
    row(
        ("no bucket named 'cdk-", "no ecr repository named 'cdk-"),
        r"No (?:bucket|ECR repository) named '(?P<asset>cdk-[\w-]+-(?P<account>\d{12})-"
        rf"(?P<region>{REGION_NAME}))'",
        "the CDK",
        "the CDK's bootstrap stack is missing here",
        "The CDK finds no {asset}, so account {account} is most likely not bootstrapped in {region}: run cdk bootstrap "
        "aws://{account}/{region}. A missing permission is not the cause.",
        UsualCause("Run cdk bootstrap aws://{account}/{region} with the qualifier and options that you used for the "
                   "working Region: each account and Region must be bootstrapped separately. This also creates the "
                   "bootstrap roles, so it most likely resolves any warning that they could not be assumed.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit --region {region}"),
        UsualCause("If the stack CDKToolkit exists, somebody deleted the resources that it created: delete the stack, "
                   "and run cdk bootstrap again."),
        UsualCause("If {region} was not meant, correct the stack's env, AWS_REGION or the profile.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html",
        ground=Ground.LIKENESS,
    ),
    row(
        (
            "has the environment been bootstrapped",
            "please run 'cdk bootstrap'",
            "region has not been bootstrapped",
            "toolkit stack must be deployed to the environment",
        ),
        r"(?:SSM parameter (?P<parameter>/cdk-bootstrap/\S+) not found\. )?Has the environment been bootstrapped\?"
        r"|Please run 'cdk bootstrap'|given region has not been bootstrapped"
        r"|toolkit stack must be deployed to the environment",
        "the CDK, or its lookup role",
        "the CDK finds no bootstrap stack here",
        "The CDK finds no bootstrap stack in this account and Region: bootstrap them, or use a different account or "
        "Region.",
        UsualCause("Run cdk bootstrap aws://ACCOUNT/REGION again with a current CLI, and with the qualifier, trust and "
                   "policies of the first time: it updates the stack CDKToolkit.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit", Who.ACCOUNT_ADMIN,
                   shown_by=r"requires bootstrap stack version '(?P<wanted>\d+)', found '(?P<had>\d+)'",
                   decides="The bootstrap stack exists but is too old: it has version {had}, and this deployment needs "
                   "{wanted}. Run cdk bootstrap again. A missing permission is not the cause."),
        UsualCause("Ask an administrator to run npx cdk bootstrap aws://ACCOUNT/REGION once: the command creates "
                   "roles, a bucket and a stack, which AmplifyBackendDeployFullAccess and other deployment policies do "
                   "not allow. Afterwards, the deployer's own permissions are enough.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit", Who.ACCOUNT_ADMIN,
                   shown_by=r"given region has not been bootstrapped"
                   r"|cdk bootstrap\b[^\n]{0,60}\b(?:denied|refused|fails)",
                   decides="The account is not bootstrapped for the CDK in this Region: an administrator must "
                   "bootstrap it once. First check that this is the intended account and Region."),
        UsualCause("Run cdk bootstrap {environment}, with the options used in the Region that works; or deploy to "
                   "another Region, if that was meant. Bootstrapping also creates the bootstrap roles: most likely the "
                   "refused AssumeRole needs no other change. If the bootstrap stack exists (a custom qualifier may go "
                   "with a stack name other than CDKToolkit), the caller is not allowed to assume its roles or read "
                   "the parameter (ssm:GetParameter on /cdk-bootstrap/*).",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit --region {region}", Who.ACCOUNT_ADMIN,
                   shown_by=r"bootstrapped\?(?=\s+\((?P<environment>aws://(?P<account>\d{12}|ACCOUNT)/"
                   rf"(?P<region>{REGION_NAME})(?: --qualifier \w+)?)\))",
                   decides="aws://{account}/{region} is not, or no longer, bootstrapped for the CDK with this "
                   "qualifier: run cdk bootstrap {environment}. Bootstrapping applies to one account and one Region."),
        UsualCause("The account and Region were never bootstrapped, or only with a different qualifier: cdk bootstrap "
            "aws://ACCOUNT/REGION creates the stack CDKToolkit with its roles, bucket and version parameter.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit", Who.ACCOUNT_ADMIN),
        UsualCause("The credentials belong to another account, or this is the wrong Region.",
                   "aws sts get-caller-identity", Who.CALLER),
        UsualCause("The caller is not allowed to read the parameter: it needs ssm:GetParameter on /cdk-bootstrap/*, or "
                   "permission to assume the bootstrap roles (sts:AssumeRole on cdk-*)."),
        page="https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html",
    ),
    # IAM User Guide, "Switch from a user to an IAM role (console)"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-console.html), and "Create a role to
    # delegate permissions to an IAM user": not in the console with an external ID
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html).
    row(
        ("invalid information in one or more fields", "switch roles using the provided information"),
        r"Invalid information in one or more fields|Could not switch roles using the provided information",
        "the person who switches roles",
        "the console could not switch to the role",
        "The console could not switch to the role, and its message does not say why. The account or the role's name is "
        "wrong, the role's trust policy does not accept this caller, or the caller's policies lack sts:AssumeRole.",
        UsualCause("Ask the same person to call AssumeRole with the AWS CLI: its message says whether it is refused. "
                   "Compare account number (or alias) and role name exactly: letter case matters, and the path is part "
                   "of the name.",
                   "aws sts assume-role --role-arn arn:aws:iam::ACCOUNT:role/ROLE --role-session-name test",
                   Who.CALLER),
        UsualCause("The role's trust policy must allow sts:AssumeRole to this caller or to its account. Its conditions "
                   "apply, too: the console sends no external ID, and sends MFA information only if the person signed "
                   "in with MFA.",
                   "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument", Who.RESOURCE_OWNER),
        UsualCause("The caller's own policies must allow sts:AssumeRole on the role's ARN. The root user cannot switch "
                   "roles, and if the person has already switched to a role, the console uses the credentials of the "
                   "first sign-in."),
        page="https://repost.aws/knowledge-center/iam-assume-role-error",
        actions=("sts:AssumeRole",),
    ),
    lacking(
        "unable to use connection",
        r"Unable to use Connection: (?P<resource>arn:\S+?)\.? The provided role does not have sufficient permissions",
        "the service role of the pipeline or build",
        ("codeconnections:UseConnection", "codestar-connections:UseConnection"),
        UsualCause("The service role lacks codeconnections:UseConnection on the connection (or "
            "codestar-connections:UseConnection: the prefix in the policy must be that of the connection's ARN). The "
            "person in the console does not need this permission.",
                   "aws codepipeline list-pipelines"),
        UsualCause("The policy allows the action for another connection, or under a condition on the repository "
            "(codeconnections:FullRepositoryId) that does not match.", "aws codeconnections list-connections"),
        page="https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html",
        on="on the connection",
    ),
    lacking(
        "not authorized to access connection",
        r"User is not authorized to access connection (?P<resource>arn:\S+[\w])",
        "the build project's service role",
        ("codeconnections:UseConnection", "codeconnections:GetConnection", "codeconnections:GetConnectionToken"),
        UsualCause("“User” is the build project's service role here: allow it to perform "
                   "codeconnections:GetConnection and codeconnections:GetConnectionToken (and UseConnection) on the "
                   "connection, with the prefix of the connection's ARN.", "aws codebuild list-projects"),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html",
        on="on the connection",
    ),
    row(
        "enhanced zero click role creation",
        r"policy's default version was not created by enhanced zero click role creation",
        "CodeBuild's console, which changes the service role",
        "the console cannot change the policy of the service role",
        "CodeBuild's console tries to change the policy of the service role, but somebody has edited that policy. No "
        "permission of the caller is missing.",
        UsualCause("Clear “Allow CodeBuild to modify this service role so it can be used with this build project” when "
                   "you edit the project, each time. Then check that the role's own policies are sufficient, or choose "
                   "a new service role.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # The actions and the other account's image: CodeBuild User Guide, "Amazon ECR sample"
    # (https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html).
    row(
        "build_container_unable_to_pull_image",
        r"BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE(?=[\s\S]{0,600}\.dkr\.ecr\.)|\.dkr\.ecr\.[\s\S]{0,600}?BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
        "CodeBuild, which pulls the build image",
        "CodeBuild cannot pull the build image from ECR",
        "CodeBuild cannot pull the build image from ECR: start with the repository's policy and the project's image "
        "credentials, not with the caller.",
        UsualCause("In the repository's policy, allow the principal codebuild.amazonaws.com these actions: "
                   "ecr:GetDownloadUrlForLayer, ecr:BatchGetImage and ecr:BatchCheckLayerAvailability. Or let the "
                   "project pull with its service role (imagePullCredentialsType: SERVICE_ROLE), which then needs "
                   "these actions and ecr:GetAuthorizationToken. For another account's image, only the service role "
                   "works.",
                   "aws codebuild list-projects", Who.RESOURCE_OWNER),
        UsualCause("The image does not exist in this Region, or is larger than the disk of the compute type.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
    ),
    row(
        "error calling getbucketacl",
        r"Error calling GetBucketAcl: Either the bucket owner has changed or the service role",
        "the build project's service role",
        "the bucket has a different owner, or the service role lacks s3:GetBucketAcl",
        "CodeBuild checks who owns the bucket: the bucket has a different owner now, or the project's service role "
        "lacks s3:GetBucketAcl and s3:GetBucketLocation.",
        UsualCause("Check that the bucket is still yours (if a bucket is deleted, somebody else can create one with "
                   "its name). Then allow the service role to perform s3:GetBucketAcl and s3:GetBucketLocation on it.",
                   "aws codebuild list-projects"),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
        actions=("s3:GetBucketAcl", "s3:GetBucketLocation"),
    ),
    row(
        "could not access the codecommit repository",
        r"Could not access the CodeCommit repository (?P<name>[\w.-]+?)\.? Make sure that the pipeline IAM role",
        "the pipeline's service role",
        "the pipeline's service role cannot read the repository {name}",
        "The pipeline's service role lacks CodeCommit permissions on the repository {name}. Whoever started the "
        "pipeline does not need them.",
        UsualCause("Allow the pipeline's service role to perform codecommit:GetBranch, codecommit:GetCommit, "
                   "codecommit:GetRepository, codecommit:UploadArchive, codecommit:GetUploadArchiveStatus and "
                   "codecommit:CancelUploadArchive on the repository.", "aws codepipeline list-pipelines",
                   needs=("codecommit:GetBranch", "codecommit:GetCommit", "codecommit:GetRepository",
                          "codecommit:UploadArchive", "codecommit:GetUploadArchiveStatus",
                          "codecommit:CancelUploadArchive")),
        page="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
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
    # VM Import/Export User Guide, "Required permissions"; IAM User Guide, "Grant a user permissions to pass a role".
    row(
        "or does not have sufficient permissions",
        r"service role (?P<role>[\w+=,.@-]+) (?:provided )?does not exist or does not have sufficient permissions",
        "the service, or whoever called it",
        "the service could not use the role {role}",
        "The service could not use the role {role} and does not say why: the caller may lack iam:PassRole, or the role "
        "may not trust the service, lack permissions, or not exist in this account.",
        UsualCause("The role was never used, so check this first: its trust policy must let the service assume it, and "
                   "the caller needs iam:PassRole on it.", "aws iam get-role --role-name ROLE --query Role",
                   shown_by=r"\bnever (?:been )?used\b|\bno activity\b|RoleLastUsed\W{1,4}\{\s*\}",
                   needs_evidence=True),
        UsualCause("For VM Import the trust policy must let vmie.amazonaws.com perform sts:AssumeRole with "
                   "sts:ExternalId = vmimport, and the caller needs iam:PassRole on the role. For an import the role "
                   "needs s3:GetBucketLocation, s3:GetObject and s3:ListBucket on the bucket, and ec2:CopySnapshot, "
                   "ec2:ModifySnapshotAttribute, ec2:RegisterImage and ec2:Describe*.",
                   shown_by=r"\bImport(?:Image|Snapshot|Instance)\b|\bvmimport\b|\bvmie\b", needs_evidence=True),
        UsualCause("Allow the caller to perform iam:PassRole on the role, let the role's trust policy name the "
                   "service, and give the role the permissions that the service needs."),
        page="https://docs.aws.amazon.com/vm-import/latest/userguide/required-permissions.html",
    ),
    # AWS CloudFormation User Guide, "Grant self-managed permissions".
    row(
        "role with trust relationship to role",
        r"Account (?P<account>\d{12}) should have '(?P<name>[\w+=,.@-]+)' role with trust relationship to Role "
        r"'(?:[\w+=,.@-]+/)*(?P<by>[\w+=,.@-]+)'",
        "the StackSet's administration role",
        "the target account has no such execution role, or it does not trust the administration role",
        "CloudFormation found no role {name} in account {account} that trusts {by} of the StackSet's account. The "
        "permissions of whoever starts the operation do not matter.",
        # AWS Control Tower User Guide, "Manually add the required IAM role to an existing AWS account".
        UsualCause("Control Tower creates AWSControlTowerExecution when it enrolls an account, and never in the "
                   "management account. Is {account} the management account? Then create the role there yourself "
                   "(AdministratorAccess, trusting its role {by}), or leave it out. Otherwise enroll it.",
                   "aws organizations describe-organization --query Organization.MasterAccountId", Who.ORG_ADMIN,
                   shown_by=r"should have 'AWSControlTowerExecution' role", needs_evidence=True),
        UsualCause("In account {account}, create the role {name} with the permissions that the stack needs, and with a "
                   "trust policy for {by}'s ARN in the administrator account. Service-managed StackSets need no such "
                   "roles.", None, Who.RESOURCE_OWNER),
        UsualCause("{by} lacks sts:AssumeRole on the role {name}.", None),
        page="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html",
        actions=("sts:AssumeRole",),
    ),
    # AWS Billing User Guide, "Overview of managing access permissions": activating access to the console.
    row(
        (
            "billing information", "faturamento", "facturaci", "facturation", "abrechnungsinformationen", "請求情報",
            "账单信息",
        ),
        r"(?:permissions? to access billing information for this account"
        r"|this account allows IAM and federated users to access billing information"
        # The same sentence in the console's other languages, with or without accents.
        rf"|(?:permis|autoris|berechtig|zugreif|権限|权限)[^\n]{{0,120}}(?:{_BILLING})"
        rf"|(?:{_BILLING})[^\n]{{0,120}}(?:permis|autoris|berechtig|zugreif|権限|权限))",
        "the user or role in the console",
        "the account possibly gives its users and roles no access to Billing",
        "The Billing pages open only if the account gives IAM users and roles access to Billing, a setting that no "
        "policy replaces. Check it first: only the account's root user can activate it.",
        UsualCause("Sign in as the account's root user, open Account, and activate “IAM user and role access to "
                   "Billing information”. Only then do policies such as AdministratorAccess take effect. AWS's message "
                   "lists this as its first condition.", None, Who.RESOURCE_OWNER),
        UsualCause("If the setting is active, the user or role lacks a Billing action, or an SCP denies it.", None),
        page="https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html",
    ),
    row(
        ("service-linked role", "service linked role"),
        r"(?:permissions?|authorized) to create (?:(?:a|the) )?service[- ]linked role"
        r"(?: (?:for|in) [\w .-]{2,60}?(?=[.,;:\"'\n]|$)"
        r"|(?=[.,;:\"'\n]|$))|Failed (?:creating|to create) (?:a |the )?service[- ]linked role",
        "the caller",
        "the caller is not allowed to create a service-linked role",
        "The service has no service-linked role in this account yet, and the caller is not allowed to create it "
        "(iam:CreateServiceLinkedRole).",
        UsualCause("A custom resource calls with the role of its Lambda function: allow that role to perform "
                   "iam:CreateServiceLinkedRole, preferably with the condition iam:AWSServiceName = the service's "
                   "principal. Or create the service-linked role once beforehand. The deployer's own permissions do "
                   "not matter.",
                   None, shown_by=r"\bcustom resource\b", needs_evidence=True),
        UsualCause("The service is used for the first time in this account (or its role was deleted), and the caller "
                   "is not allowed to create that role: have somebody with iam:CreateServiceLinkedRole create it once.",
                   "aws iam list-roles --path-prefix /aws-service-role/ --query 'Roles[].RoleName'"),
        page="https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html",
        actions=("iam:CreateServiceLinkedRole",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
