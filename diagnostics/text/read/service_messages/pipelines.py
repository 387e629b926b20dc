"""Sentences of builds, pipelines and releases: AWS CodeBuild, CodePipeline, CodeDeploy and CodeCommit."""

from __future__ import annotations

from diagnostics.text.read.identities.instance_profiles import HAS_A_PROFILE
from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, row
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

PIPELINES: tuple[ServiceSentence, ...] = (
    row(
        "unable to download certificate from s3",
        r"Unable to download certificate from S3",
        "the build project's service role",
        "the build cannot read the certificate that the project names",
        "The build cannot read the certificate that the project installs from S3: the bucket or object key in the "
        "project is wrong, or its service role is not allowed to read the object.",
        UsualCause("Compare “Bucket of certificate” and “Object key of certificate” in the project with the bucket: S3 "
                   "answers AccessDenied for a missing object, too.", _PROJECT, Who.CALLER),
        UsualCause("Allow the project's service role s3:GetObject on that object, and kms:Decrypt if a KMS key "
                   "encrypts it. Whoever starts the build does not need it."),
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
        UsualCause("Allow the project's service role to write to the bucket (s3:PutObject); a bucket of another "
                   "account must allow it in its policy, too."),
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
                   "ones. A build is refused only when it gets a subnet that is not in the condition.", _PROJECT,
                   shown_by=r"ec2:CreateNetworkInterfacePermission[\s\S]{0,800}?ec2:Subnet\b",
                   decides="The service role has ec2:CreateNetworkInterfacePermission only for the subnets of a "
                   "condition (ec2:Subnet): most likely the project uses another one. Compare both lists."),
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
        UsualCause("Allow the service role s3:ListBucket on arn:aws:s3:::{bucket}, and let the bucket's policy allow "
                   "it if it restricts who may use the bucket. Whoever released the change does not need it.",
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
        UsualCause("Find the role: the action's own roleArn, else the pipeline's. Allow it s3:GetObject and "
                   "s3:PutObject on arn:aws:s3:::{bucket}/*, s3:GetBucketLocation on the bucket, and kms:Decrypt and "
                   "kms:GenerateDataKey on the artifact store's key.", _PIPELINE,
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
        "{bucket}: it needs s3:GetObject and s3:GetObjectVersion there, and kms:Decrypt on its key.",
        UsualCause("Find the role: the action's own roleArn, else the pipeline's. Allow it the actions on "
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
        UsualCause("Restart the agent: sudo service codedeploy-agent restart. If it then finds none either, check "
                   "whether root on the instance reaches the instance metadata service.", None, Who.CALLER,
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
                   "(latestExecution.token of the action), and answer that one.", "aws codepipeline "
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
        "AWS has blocked the account for this service. Only AWS Support can end that: no policy helps.",
        UsualCause("Write to AWS Support (account and billing), which also says why.", None, Who.ACCOUNT_ADMIN),
        page=f"{_DOCS}/AmazonECS/latest/APIReference/API_RunTask.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip
