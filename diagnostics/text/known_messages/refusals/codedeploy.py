"""Messages of AWS CodeDeploy, its agent and its service role."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.text.read.identities.instance_profiles import HAS_A_PROFILE
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_DEPLOY = f"{_DOCS}/codedeploy/latest/userguide"
_DEPLOY_FAILS = f"{_DEPLOY}/troubleshooting-deployments.html"

CODEDEPLOY_DEPLOYMENTS: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

CODEDEPLOY_ROLE_CODES: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

CODEDEPLOY_AGENT: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

CODEDEPLOY_SERVICE_ROLE: tuple[ServiceSentence, ...] = (
    row(
        "give you permission to perform operations",
        r"role (?P<resource>arn:\S+) does not give you permission to perform operations in the following AWS service",
        "CodeDeploy's service role",
        "CodeDeploy's service role lacks permissions",
        "The deployment group's service role lacks permissions in the service that the text names; whoever starts the "
        "deployment does not need them.",
        UsualCause(
            "Add ec2:RunInstances, ec2:CreateTags and iam:PassRole (on the role of the instance profile) to the "
            "policies of the service role {name}: a group with a launch template needs them in addition to "
            "AWSCodeDeployRole.",
            "aws iam list-attached-role-policies --role-name {name}",
            shown_by=r"role/(?:\S+/)?(?P<name>[\w+=,.@-]+) does not give you[\s\S]*"
            r"(?:launch ?template|\blt-[0-9a-f]{8,17}\b)",
            decides="The Auto Scaling group has a launch template: {name} needs ec2:RunInstances, "
            "ec2:CreateTags and iam:PassRole in addition to AWSCodeDeployRole.",
        ),
        UsualCause(
            "The deployment group's service role lacks AWSCodeDeployRole (for ECS AWSCodeDeployRoleForECS, for "
            "Lambda AWSCodeDeployRoleForLambda). With launch templates, it also needs ec2:RunInstances, "
            "ec2:CreateTags and iam:PassRole.",
            "aws deploy list-applications",
        ),
        page="https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
