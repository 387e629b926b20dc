"""Sentences of AWS CodeBuild, CodePipeline, CodeDeploy, CodeCommit, CodeConnections and CodeArtifact."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking, row
from diagnostics.text.read.identities.instance_profiles import HAS_A_PROFILE
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_BUILD = f"{_DOCS}/codebuild/latest/userguide"
_BUILD_FAILS = f"{_BUILD}/troubleshooting.html"
_PIPE_FAILS = f"{_DOCS}/codepipeline/latest/userguide/troubleshooting.html"
_DEPLOY = f"{_DOCS}/codedeploy/latest/userguide"
_DEPLOY_FAILS = f"{_DEPLOY}/troubleshooting-deployments.html"
_PROJECT = "aws codebuild batch-get-projects --names PROJECT"
_PIPELINE = "aws codepipeline get-pipeline --name PIPELINE --query 'pipeline.[roleArn,artifactStore]'"

_ARTIFACTS = f"{_DOCS}/codeartifact/latest/ug"
PIPELINES: tuple[ServiceSentence, ...] = (
    row(
        "unable to download certificate from s3",
        r"Unable to download certificate from S3",
        "the build project's service role",
        "the build cannot read the certificate that the project names",
        "The build cannot read the certificate that the project installs from S3: the bucket or object key in the "
        "project is wrong, or the project's service role is not allowed to read the object.",
        UsualCause("Compare “Bucket of certificate” and “Object key of certificate” in the project with the bucket: S3 "
                   "answers AccessDenied for a missing object, too.", _PROJECT, Who.CALLER),
        UsualCause("Allow the project's service role s3:GetObject on that object, and kms:Decrypt if a KMS key "
                   "encrypts it. Whoever starts the build does not need this permission."),
        page=_BUILD_FAILS,
        actions=("s3:GetObject",),
    ),
    row(
        "bucket owner for the report group",
        r"bucket owner for the report group does not match the owner of the S3 bucket",
        "the report group, or the build project's service role",
        "the bucket of the test reports has a different owner from the one in the report group",
        "The report group names the wrong account as owner of its bucket: set the bucket's real owner in the report "
        "group.",
        UsualCause("Set bucketOwner of the report group's S3 export to the account that owns the bucket (aws codebuild "
                   "update-report-group).", "aws codebuild list-report-groups", Who.RESOURCE_OWNER),
        UsualCause("Allow the project's service role to write to the bucket (s3:PutObject); the policy of another "
                   "account's bucket must allow this role, too."),
        page=_BUILD_FAILS,
    ),
    row(
        "unable to verify jobworker identity",
        r"Unable to verify JobWorker identity",
        "the role that opens the console",
        "the role has the reserved tag jobId",
        "The role that opens the CodeBuild console has a tag with the key jobId, which CodeBuild reserves. Rename that "
        "tag key. No permission is missing.",
        UsualCause("Give the tag a different key, such as jobIdentifier: aws iam tag-role, then aws iam untag-role "
                   "--tag-keys jobId.", "aws iam list-role-tags --role-name ROLE"),
        page=_BUILD_FAILS,
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "unexpected ec2 error: unauthorizedoperation",
        r"Unexpected EC2 error: UnauthorizedOperation",
        "the build project's service role",
        "the build project's service role lacks EC2 permissions for the VPC",
        "The build project's service role lacks EC2 permissions that a build in a VPC needs; whoever starts the build "
        "does not need them.",
        UsualCause("Compare the subnets in the condition ec2:Subnet with those of the project, and add the missing "
                   "subnets. A build is refused only when it gets a subnet that is not in the condition.", _PROJECT,
                   shown_by=r"ec2:CreateNetworkInterfacePermission[\s\S]{0,800}?ec2:Subnet\b",
                   decides=(
                       "The service role has ec2:CreateNetworkInterfacePermission only for the subnets of a condition "
                       "(ec2:Subnet): most likely the project uses another subnet. Compare both lists."
                   )),
        UsualCause("Allow the project's service role ec2:CreateNetworkInterface, ec2:DescribeDhcpOptions, "
                   "ec2:DescribeNetworkInterfaces, ec2:DeleteNetworkInterface, ec2:DescribeSubnets, "
                   "ec2:DescribeSecurityGroups and ec2:DescribeVpcs on *, and ec2:CreateNetworkInterfacePermission on "
                   "network-interface/* with ec2:AuthorizedService = codebuild.amazonaws.com and the project's "
                   "subnets.",
                   _PROJECT,
                   needs=("ec2:CreateNetworkInterface", "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces",
                          "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
                          "ec2:DescribeVpcs", "ec2:CreateNetworkInterfacePermission")),
        page=f"{_BUILD}/auth-and-access-control-iam-identity-based-access-control.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "is getting s3 access denied for the s3 bucket",
        r"service role \"?(?P<principal>arn:[^\s\"]+)\"? is getting S3 access denied for the S3 bucket "
        r"\"?(?P<bucket>[\w.-]*[\w-])",
        "the pipeline's service role",
        "the service role is not allowed to see the artifact bucket",
        "S3 does not let the pipeline's service role use the artifact bucket {bucket}: the role needs s3:ListBucket "
        "there, in its own policy, and the bucket's policy must not deny it.",
        UsualCause("Allow the service role s3:ListBucket on arn:aws:s3:::{bucket}. If the bucket's policy restricts "
                   "who may use the bucket, it must allow the role, too. Whoever released the change does not need "
                   "this permission.",
                   "aws s3api get-bucket-policy --bucket {bucket}"),
        page=_PIPE_FAILS,
        actions=("s3:ListBucket",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "service role or action role does",
        r"service role or action role does(?:n't| not) have the permissions required to access the Amazon S3 bucket"
        r" named (?P<bucket>[\w.-]*[\w-])",
        "the action's role, or the pipeline's service role",
        "the role of the action, or the service role, is not allowed to use the artifact bucket",
        "The role of this action, or else the pipeline's service role, is not allowed to use the artifact bucket "
        "{bucket}. The message does not say whether its own policies, the bucket's policy or the KMS key is the cause.",
        UsualCause("The action's role is of account {account}, but the pipeline is in another: the role's own policies "
                   "are not enough. The bucket's policy must allow the role, and the artifact store needs a customer "
                   "managed key (encryptionKey) with a key policy that allows the role: another account cannot use the "
                   "default key aws/s3.", _PIPELINE, Who.RESOURCE_OWNER,
                   shown_by=r"\brole_?[Aa]rn\b\W{0,6}arn:[\w-]+:iam::(?P<account>\d{12}):role/"
                   r"(?=[\s\S]{0,800}?\bpipeline\b[^\n]{0,30}?(?!(?P=account))\d{12}\b)",
                   decides="The action's role is of account {account}, but the pipeline is in another: that role's own "
                   "policies are not enough. The bucket's policy must allow the role, and the artifacts need a "
                   "customer managed KMS key that it can use."),
        UsualCause("Find the role: the action's own roleArn, else the pipeline's. Allow this role s3:GetObject and "
                   "s3:PutObject on arn:aws:s3:::{bucket}/*, s3:GetBucketLocation on the bucket, and kms:Decrypt and "
                   "kms:GenerateDataKey on the artifact store's key.",
                   _PIPELINE,
                   needs=("s3:GetObject", "s3:PutObject", "s3:GetBucketLocation", "kms:Decrypt",
                          "kms:GenerateDataKey")),
        UsualCause("If the action works in another account, the bucket's policy and the key policy must allow its "
                   "role, and the key must be a customer managed key.",
                   "aws s3api get-bucket-policy --bucket {bucket}", Who.RESOURCE_OWNER),
        page=f"{_DOCS}/codepipeline/latest/userguide/pipelines-create-cross-account.html",
    ),
    row(
        "unable to access the artifact with amazon s3 object key",
        r"Unable to access the artifact with Amazon S3 object key '(?P<key>[^'\n]+)' located in the Amazon S3 artifact "
        r"bucket '(?P<bucket>[^'\n]+)'",
        "the action's role, or the pipeline's service role",
        "the role of the action is not allowed to read the artifact",
        "The role of this action (or else the pipeline's service role) is not allowed to read the artifact in "
        "{bucket}: this role needs s3:GetObject and s3:GetObjectVersion there, and kms:Decrypt on the artifact's key.",
        UsualCause("Find the role: the action's own roleArn, else the pipeline's. Allow this role the actions on "
                   "arn:aws:s3:::{bucket}/*, and kms:Decrypt and kms:DescribeKey on the artifact store's key.",
                   _PIPELINE),
        UsualCause("The action works in another account: the bucket's policy and the key policy must allow that role, "
                   "and the key must be a customer managed key.", "aws s3api get-bucket-policy --bucket {bucket}",
                   Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/codepipeline-access-denied-errors",
        actions=("s3:GetObject", "s3:GetObjectVersion"),
    ),
    row(
        "the provided role does not have sufficient permissions: service:",
        r"The provided role does not have sufficient permissions: Service:(?P<service>[\w-]+)",
        "the pipeline's service role",
        "the pipeline's service role lacks permissions in {service}",
        "The pipeline's service role lacks permissions in {service}, which the deployment uses. Whoever released the "
        "change does not need them.",
        UsualCause("Add the actions of this service to the policy of the pipeline's service role; for Elastic "
                   "Beanstalk these are elasticbeanstalk:*, ec2:*, elasticloadbalancing:*, autoscaling:*, "
                   "cloudwatch:*, cloudformation:* and s3:* of CodePipeline's example policy. CloudTrail names the "
                   "action that was refused.", _PIPELINE),
        page=_PIPE_FAILS,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "artifact or the amazon s3 bucket could not be found",
        r"artifact or the Amazon S3 bucket could not be found",
        "the pipeline's artifact bucket",
        "the artifact, or its bucket, does not exist where the pipeline looks",
        "The artifact or its bucket does not exist where the pipeline looks: it was deleted, a lifecycle rule removed "
        "it, or the bucket is in a different Region from the pipeline.",
        UsualCause("Check that the bucket exists in the pipeline's Region, and check its lifecycle rules. Then release "
                   "the change again: this creates a new artifact.", _PIPELINE, Who.RESOURCE_OWNER),
        page=_PIPE_FAILS,
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        "read the task definition artifact file",
        r"Exception while trying to read the task definition artifact file from:?\s?(?P<artifact>[\w.-]*)",
        "the pipeline's artifact",
        "the task definition is not in the artifact, or the artifact is too large",
        "The pipeline finds no task definition in the artifact, or the artifact is larger than 3 MB compressed. No "
        "permission is named.",
        UsualCause("Put the task definition file (taskdef.json) under the configured name into the artifact of the "
                   "action, and keep the ZIP below 3 MB. To make it smaller, let the source action include only the "
                   "needed files.",
                   _PIPELINE, Who.CALLER),
        page=_PIPE_FAILS,
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    # AWS CodeDeploy User Guide, "CodeDeploy plugin CommandPoller missing credentials error".
    row(
        "commandpoller: missing credentials",
        r"CommandPoller: Missing credentials",
        "the instance",
        "the CodeDeploy agent has no credentials",
        "The CodeDeploy agent has no credentials: the instance has no instance profile, or the profile's role lacks "
        "permissions. The deployment group's service role is not the cause.",
        UsualCause("Restart the agent: sudo service codedeploy-agent restart. If the agent then finds no credentials "
                   "either, check whether root on the instance reaches the instance metadata service.",
                   None, Who.CALLER,
                   shown_by=HAS_A_PROFILE,
                   decides="Restart the CodeDeploy agent: the text shows an instance profile, which the agent does "
                   "not use. Most likely it was started before the profile was attached."),
        UsualCause("Attach an instance profile whose role is allowed to read the revision (s3:GetObject and "
                   "s3:ListBucket on the bucket; AmazonEC2RoleforAWSCodeDeployLimited is an example), then restart the "
                   "agent: sudo service codedeploy-agent restart.",
                   "aws ec2 describe-instances --instance-ids INSTANCE --query "
                   "'Reservations[].Instances[].IamInstanceProfile'", Who.RESOURCE_OWNER,
                   needs=("s3:GetObject", "s3:ListBucket")),
        page=_DEPLOY_FAILS,
        cause="instance-profile.missing",
    ),
    row(
        "unknownerror: not opened for reading",
        r"UnknownError\W{1,4}not opened for reading|not opened for reading(?=[\s\S]{0,200}?DownloadBundle)",
        "the instance's role, which downloads the revision",
        "the instance could not download the revision from S3",
        "The instance could not download the revision: its instance profile's role is not allowed to read it in S3, or "
        "the bucket is in a different Region from the instance. The service role is not used for that.",
        UsualCause("Allow the instance profile's role s3:GetObject on the revision, and kms:Decrypt if a KMS key "
                   "encrypts it. The bucket's policy must not deny access to that role.",
                   "aws ec2 describe-instances --instance-ids INSTANCE --query "
                   "'Reservations[].Instances[].IamInstanceProfile'"),
        UsualCause("Use a bucket in the Region of the instances.", "aws s3api get-bucket-location --bucket BUCKET",
                   Who.CALLER),
        UsualCause("If both are right, deploy again: an internal error of S3 causes the same message. The agent's wire "
                   "log (:log_aws_wire: true) shows S3's answer.", None, Who.CALLER),
        page=_DEPLOY_FAILS,
        actions=("s3:GetObject",),
    ),
    row(
        ("health_constraints", "too many individual instances failed deployment"),
        r"too many individual instances failed deployment|\bHEALTH_CONSTRAINTS\b",
        "CodeDeploy, which ends the deployment",
        "too many instances failed: the message does not say why",
        "Too many instances failed, and this message does not say why. If all lifecycle events were skipped, check the "
        "CodeDeploy agent, the instance profile and the service role; otherwise check the first failed event.",
        UsualCause("Read the failed instance's events: aws deploy get-deployment-instance (or "
                   "batch-get-deployment-targets) names the failed event and shows its log.",
                   "aws deploy list-deployment-targets --deployment-id DEPLOYMENT", Who.CALLER),
        UsualCause("The CodeDeploy agent is not installed or does not run on the instance (sudo service "
                   "codedeploy-agent status).", None, Who.CALLER),
        UsualCause("The instance has no instance profile, or the profile's role is not allowed to read the revision in "
                   "S3. After you attach a profile, restart the "
                   "agent.", "aws ec2 describe-iam-instance-profile-associations"),
        UsualCause("The deployment group's service role lacks AWSCodeDeployRole.",
                   "aws deploy get-deployment-group --application-name APPLICATION --deployment-group-name GROUP "
                   "--query deploymentGroupInfo.serviceRoleArn"),
        page=_DEPLOY_FAILS,
    ),
    row(
        "complete user's lifecycle action",
        r"failed to complete user's Lifecycle Action\b[\s\S]{0,200}?abandoned: Heartbeat Timeout",
        "Auto Scaling, which waits for the lifecycle hook",
        "nobody completed the lifecycle action",
        "The lifecycle hook's action was not completed before its timeout, so Auto Scaling terminated the instance. "
        "The message names no permission.",
        UsualCause("List the group's hooks, and delete those that belonged to a CodeDeploy deployment group that no "
                   "longer exists (their names begin with CodeDeploy).",
                   "aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name GROUP", Who.RESOURCE_OWNER),
        UsualCause("The program that completes the action failed: the CodeDeploy agent, or your own program, which "
                   "needs autoscaling:CompleteLifecycleAction. Its log shows why.", None, Who.CALLER),
        page=f"{_DEPLOY}/troubleshooting-auto-scaling.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        ("encryptionkeyaccessdenied", "master key for codecommit"),
        r"\bEncryptionKeyAccessDeniedException\b"
        r"|User is not authorized for the KMS default (?:master )?key for CodeCommit",
        "the caller, at the repository's KMS key",
        "the repository's KMS key could not be used",
        "CodeCommit could not use the repository's KMS key for this caller: allow the caller to use the key through "
        "CodeCommit, or remove the Deny.",
        UsualCause("An SCP, permissions boundary or policy denies kms:* to the caller: CodeCommit needs kms:Encrypt, "
                   "kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey, with kms:ViaService = "
                   "codecommit.REGION.amazonaws.com. The key policy of aws/codecommit cannot be changed.",
                   "aws kms describe-key --key-id alias/aws/codecommit"),
        UsualCause("The account was not signed up for AWS KMS: open the KMS console in this Region once.", None,
                   Who.ACCOUNT_ADMIN),
        page=f"{_DOCS}/codecommit/latest/userguide/troubleshooting-cs.html",
    ),
    # AWS CodeDeploy User Guide, "Error codes for AWS CodeDeploy".
    row(
        ("iam_role_permissions", "iam_role_missing"),
        r"\bIAM_ROLE_(?:PERMISSIONS|MISSING)\b",
        "CodeDeploy's service role",
        "CodeDeploy cannot use the deployment group's service role",
        "CodeDeploy cannot use the deployment group's service role: it was deleted, does not trust "
        "codedeploy.amazonaws.com, or lacks permissions. Whoever starts the deployment does not need them.",
        UsualCause("Check whether the role of the deployment group still exists. It must trust "
                   "codedeploy.amazonaws.com and have AWSCodeDeployRole (for ECS AWSCodeDeployRoleForECS, for Lambda "
                   "AWSCodeDeployRoleForLambda).",
                   "aws deploy get-deployment-group --application-name APPLICATION --deployment-group-name GROUP "
                   "--query deploymentGroupInfo.serviceRoleArn"),
        page=f"{_DEPLOY}/error-codes.html",
    ),
    row(
        "invalidapprovaltokenexception",
        r"\bInvalidApprovalTokenException\b",
        "the token of the approval",
        "the approval was answered already, or has expired",
        "Somebody has already answered the approval, or the approval has expired. Credentials and permissions are "
        "not the cause.",
        UsualCause("Take the token of the present approval from aws codepipeline get-pipeline-state "
                   "(latestExecution.token of the action), and answer with that token.",
                   "aws codepipeline "
                                                                                  "get-pipeline-state --name "
                                                                                  "PIPELINE", Who.CALLER),
        page=f"{_DOCS}/codepipeline/latest/APIReference/API_PutApprovalResult.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        ("aws account was blocked", "access has been suspended for the calling"),
        r"AWS account was blocked|access has been suspended for the calling (?:AWS|Amazon Web Services) account",
        "the account",
        "AWS has blocked the account for this service",
        "AWS has blocked the account for this service. Only AWS Support can end the block: no policy helps.",
        UsualCause("Write to AWS Support (account and billing), which also says why.", None, Who.ACCOUNT_ADMIN),
        page=f"{_DOCS}/AmazonECS/latest/APIReference/API_RunTask.html",
        cause="not-iam",
        ground=Ground.STATED,
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
    # CodeArtifact User Guide, "Repository policies": a user of another account needs both policies.
    row(
        ".d.codeartifact.",
        r"(?:\A|\n)(?=(?:[^\n]*\n)?[^\n]*\b403\b)[^\n]*?https?://(?P<domain>[a-z][a-z0-9-]{0,48}[a-z0-9])-(?P<owner>\d{12})"
        r"\.d\.codeartifact\.(?P<region>[\w-]+)\.amazonaws\.com/\w+/(?P<repository>[\w.-]+)",
        "the identity that fetched the token",
        "the identity that fetched the token is not allowed to use the repository {repository}",
        "CodeArtifact refused the request to the repository {repository} of the domain {domain} (account {owner}): "
        "most likely the identity that fetched the token lacks codeartifact:ReadFromRepository on it.",
        UsualCause("In {of}: aws codeartifact put-repository-permissions-policy --domain {domain} --repository "
                   "{repository}, with account {home} or its role as Principal. The role's own policy stays.",
                   "aws codeartifact get-repository-permissions-policy --domain {domain} --domain-owner {owner} "
                   "--repository {repository} --region {region}", Who.RESOURCE_OWNER,
                   shown_by=r"\A(?=[\s\S]*?-(?P<of>\d{12})\.d\.codeartifact\.)"
                   r"(?=[\s\S]*?codeartifact:(?:ReadFromRepository|\*))"
                   r"(?=[\s\S]*?(?<!\d)(?!(?P=of))(?P<home>\d{12}):(?:role|user|assumed-role)/)"
                   r"(?![\s\S]*?\"Principal\"[\s\S]{0,200}?(?P=home))",
                   decides="Let the policy of the repository {repository} in account {of} allow account {home} "
                   "codeartifact:ReadFromRepository: the caller's own Allow is not enough across accounts."),
        UsualCause("Allow the identity that ran aws codeartifact login to perform codeartifact:ReadFromRepository on "
                   "the repository. If that identity does not belong to {owner}, the repository's policy must allow "
                   "its account, too. A login needs only the domain, so a successful login does not show that the "
                   "identity can read the repository.",
                   "aws codeartifact get-repository-permissions-policy --domain {domain} --domain-owner {owner} "
                   "--repository {repository} --region {region}"),
        UsualCause("To publish (PUT), allow codeartifact:PublishPackageVersion on the package, whose ARN begins with "
                   "arn:aws:codeartifact:{region}:{owner}:package/{domain}/{repository}/."),
        UsualCause("Or the token is old (12 hours at most): fetch a new token and try again.", None, Who.CALLER),
        page=f"{_ARTIFACTS}/repo-policies.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # CodeDeploy User Guide, "Create an IAM instance profile for your Amazon EC2 instances".
    row(
        ("aws::s3::errors::", "download_from_s3"),
        r"Aws::S3::Errors::(?:AccessDenied|Forbidden|Http403Error)\b(?=[\s\S]{0,600}?(?:codedeploy|download_from_s3))"
        r"|CodeDeployPlugin[\s\S]{0,200}?Aws::S3::Errors::(?:AccessDenied|Forbidden|Http403Error)\b",
        "the role of the instance profile",
        "the CodeDeploy agent is not allowed to download the revision from S3",
        "The CodeDeploy agent downloads the revision with the role of the instance profile, and that role is not "
        "allowed to read it. CodeDeploy's service role is not used for this.",
        UsualCause("Allow the role of the instance profile s3:GetObject, s3:GetObjectVersion and s3:ListBucket on "
                   "the bucket of the revision (for a pipeline the artifact bucket), and kms:Decrypt on the bucket's "
                   "key (if the key is in another account, in the key policy, too).",
                   "aws ec2 describe-instances --instance-ids INSTANCE --query "
                   "Reservations[].Instances[].IamInstanceProfile.Arn", needs=("s3:GetObject",)),
        UsualCause("If that role has these permissions, the agent may use other credentials (/root/.aws), or those "
                   "of a profile that was replaced: remove the keys, and restart the agent.",
                   "sudo ls -l /root/.aws", Who.CALLER),
        page=f"{_DOCS}/codedeploy/latest/userguide/getting-started-create-iam-instance-profile.html",
        actions=("s3:GetObject",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # CodeDeploy User Guide, "Use CodeDeploy with Amazon Virtual Private Cloud", and the agent's issue 331.
    row(
        ("commandpoller: cannot reach instanceservice", "poll_host_command"),
        r"(?:CommandPoller: Cannot reach InstanceService|poll_host_command)[\s\S]{0,300}?AccessDenied",
        "the CodeDeploy agent",
        "CodeDeploy refused the agent of the instance",
        "CodeDeploy refused the agent: the agent must sign with the instance profile's role, and most likely it found "
        "other or old credentials. The deployment group's service role is not the cause.",
        UsualCause("Remove the keys of the user that runs the agent (root: /root/.aws, AWS_ variables): the agent uses "
                   "them instead of the instance profile's credentials. Then restart the agent: sudo systemctl restart "
                   "codedeploy-agent.", "sudo ls -l /root/.aws", Who.CALLER),
        UsualCause("Was the profile attached or replaced while the agent ran? Restart the agent.", None, Who.CALLER),
        UsualCause("If the agent uses a VPC endpoint (enable_auth_policy), the role needs "
                   "codedeploy-commands-secure:PollHostCommand, GetDeploymentSpecification, "
                   "PutHostCommandAcknowledgement and PutHostCommandComplete."),
        page=f"{_DOCS}/codedeploy/latest/userguide/vpc-endpoints.html",
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
        UsualCause("Each time you edit the project, clear “Allow CodeBuild to modify this service role so it can be "
                   "used with this build project”. Then check that the role's own policies are sufficient, or choose "
                   "a new service role.",
                   None, Who.CALLER),
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
)  # fmt: skip
