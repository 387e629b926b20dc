"""Sentences about instances and what manages them: Systems Manager, Elastic Beanstalk, Image Builder and others."""

from __future__ import annotations

from diagnostics.text.read.sentences.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_SSM = f"{_DOCS}/systems-manager/latest"
_BEANSTALK = f"{_DOCS}/elasticbeanstalk/latest/dg"
_PROFILE_OF = (
    "aws ec2 describe-instances --instance-ids INSTANCE --query 'Reservations[].Instances[].IamInstanceProfile'"
)
_DISTRIBUTES = "EC2ImageBuilderDistributionCrossAccountRole"

INSTANCES: tuple[ServiceSentence, ...] = (
    # AWS Systems Manager API Reference, "SendCommand": InvalidInstanceId.
    row(
        "not in a valid state for account",
        r"\bInstances \[\[?[\w, -]+\]?\] not in a valid state for account",
        "the managed node, or the caller",
        "Systems Manager does not know the instance as a managed node that is ready",
        "Systems Manager cannot reach this instance as a managed node: its agent does not run or is not registered, "
        "its role lacks permissions, it was ended, or it belongs to another account or Region.",
        UsualCause("See whether it is listed and online. If not: attach an instance profile with "
                   "AmazonSSMManagedInstanceCore (or turn on Default Host Management Configuration), and let the "
                   "subnet reach ssm, ssmmessages and ec2messages.",
                   "aws ssm describe-instance-information --query "
                   "'InstanceInformationList[].[InstanceId,PingStatus]'", Who.RESOURCE_OWNER),
        UsualCause("Compare the Region and account of the call with the instance's.", None, Who.CALLER),
        UsualCause("If the node is online: the caller is not allowed to access it (ssm:SendCommand on the instance's "
                   "ARN, or a condition on its tags)."),
        page=f"{_SSM}/APIReference/API_SendCommand.html",
    ),
    # AWS Systems Manager User Guide, "Troubleshooting Patch Manager": Unable to download payload.
    row(
        ("patch-baseline-operations", "patchbaselineoperations", "unable to download payload"),
        r"(?:Unable to download|Failed to download|download error)[^\n]{0,240}?patch-?baseline-?operations"
        r"|Unable to download payload",
        "the managed node, at AWS's own S3 bucket",
        "the node could not download Patch Manager's payload from S3",
        "The node could not download Patch Manager's payload from AWS's S3 bucket: its network has no way to S3, or "
        "the S3 endpoint's policy or the role's policy does not allow aws-ssm-REGION.",
        UsualCause("Give the subnet a way to S3 (gateway endpoint, NAT). The endpoint's policy must allow "
                   "s3:GetObject on arn:aws:s3:::aws-ssm-REGION/* and arn:aws:s3:::patch-baseline-snapshot-REGION/*.",
                   "aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[ServiceName,PolicyDocument]'",
                   Who.RESOURCE_OWNER),
        UsualCause("The instance profile's role needs the same permissions if a boundary or SCP restricts S3.",
                   _PROFILE_OF),
        page=f"{_SSM}/userguide/ssm-agent-minimum-s3-permissions.html",
        actions=("s3:GetObject",),
    ),
    row(
        "fetching data key failed",
        r"Fetching data key failed:(?=[\s\S]{0,200}?(?:[Dd]ata key|KMS|AccessDenied|ciphertext))"
        r"(?![\s\S]{0,600}?authorized to perform)",
        "the target's role, at the session's KMS key",
        "the target is not allowed to use the KMS key of Session Manager",
        "The session is encrypted with a KMS key that the target's own role may not use: allow the instance's (or "
        "task's) role kms:Decrypt on it, and whoever starts the session kms:GenerateDataKey.",
        UsualCause("The key is in Session Manager's preferences. Add kms:Decrypt on it to the instance profile's "
                   "role; its key policy must allow both, or leave it to IAM. A key of another Region or a deleted "
                   "one has the same message.", "aws ssm get-document --name SSM-SessionManagerRunShell --query "
                                                "Content"),
        page=f"{_SSM}/userguide/getting-started-create-iam-instance-profile.html",
        actions=("kms:Decrypt",),
    ),
    row(
        "does not contain the correct ssm permissions",
        r"provided role does not contain the correct SSM permissions",
        "the maintenance window's service role",
        "the maintenance window's role lacks permissions for its task",
        "The maintenance window's service role lacks permissions for this task; whoever made the window does not need "
        "them.",
        UsualCause("Allow the role what the task itself does, too: an Automation runbook its calls "
                   "(ec2:CreateSnapshot, cloudformation:CreateStack), Run Command ssm:SendCommand. It must trust "
                   "ssm.amazonaws.com.",
                   "aws ssm describe-maintenance-window-tasks --window-id WINDOW --query "
                   "'Tasks[].[TaskArn,ServiceRoleArn]'"),
        page=f"{_SSM}/userguide/troubleshooting-maintenance-windows.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "format of the supplied assume role arn",
        r"format of the supplied assume role ARN (?:is invalid|isn.t valid)",
        "the runbook's AutomationAssumeRole",
        "the runbook's role is no valid ARN",
        "The value of AutomationAssumeRole is no valid role ARN: write arn:aws:iam::ACCOUNT:role/PATH/NAME in full. No "
        "permission is missing.",
        UsualCause("Look for a parameter that was not replaced ({{ AutomationAssumeRole }}, an empty string), a role "
                   "name alone, or an instance profile's ARN.", None, Who.CALLER),
        page=f"{_SSM}/userguide/automation-troubleshooting.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "automation step execution fails",
        r"Automation Step Execution fails[\s\S]{0,300}?Exception Message from (?P<call>\w+) API: "
        r"\[You (?:are not|aren.t) authorized",
        "the runbook's role",
        "the role of the automation lacks permissions for {call}",
        "The automation's role (AutomationAssumeRole; without one whoever started it) lacks the permission for "
        "{call}, on one of the resources that this step uses.",
        UsualCause("Decode the message (aws sts decode-authorization-message --encoded-message …): it names action and "
                   "resource. Then allow them to the role of the runbook, with iam:PassRole for an instance profile's "
                   "role.", "aws ssm get-automation-execution --automation-execution-id EXECUTION --query "
                   "AutomationExecution.Parameters"),
        page=f"{_SSM}/userguide/automation-troubleshooting.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    of_codes(
        "OpsItemAccessDeniedException",
        "the account that calls",
        "the account may not see OpsItems of the other account",
        "This account may not work with OpsItems of another account: call from Systems Manager's delegated "
        "administrator, or from the organization's management account.",
        "Sign in to that account, or have this one registered as delegated administrator for Systems Manager. In the "
        "own account leave the account ID out.",
        f"{_SSM}/APIReference/API_CreateOpsItem.html",
        check="aws organizations list-delegated-administrators --service-principal ssm.amazonaws.com",
        who=Who.ORG_ADMIN,
    ),
    row(
        "first enable the systems manager integrated experience",
        r"must first enable the Systems Manager integrated experience",
        "the account",
        "Systems Manager's unified console is not set up in the account",
        "The account has not enabled Systems Manager's integrated experience, which this operation needs. No "
        "permission is missing.",
        UsualCause("Enable it once in the Systems Manager console (for an organization from its delegated "
                   "administrator account), then repeat the call.", None, Who.ACCOUNT_ADMIN),
        page=f"{_SSM}/APIReference/API_ListNodes.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # AWS Elastic Beanstalk Developer Guide, "Managing Elastic Beanstalk instance profiles", "… service roles".
    row(
        "environment must have instance profile associated",
        r"Environment must have instance profile associated with it",
        "the environment, which names no instance profile",
        "the environment has no instance profile",
        "The environment names no instance profile, and Elastic Beanstalk no longer creates one: create a profile and "
        "set it as IamInstanceProfile.",
        UsualCause("Create a role for ec2.amazonaws.com with AWSElasticBeanstalkWebTier (and WorkerTier, "
                   "MulticontainerDocker) in an instance profile, such as aws-elasticbeanstalk-ec2-role. Set it: "
                   "option IamInstanceProfile in aws:autoscaling:launchconfiguration. Whoever deploys needs "
                   "iam:PassRole on it.",
                   "aws iam list-instance-profiles --query 'InstanceProfiles[].InstanceProfileName'"),
        page=f"{_BEANSTALK}/iam-instanceprofile.html",
        cause="instance-profile.missing",
    ),
    row(
        ("platforms require a service role", "service role is required in this region"),
        r"Platforms require a service role|A Service Role is required in this region",
        "the environment, which names no service role",
        "the environment has no service role",
        "The environment names no service role, which Elastic Beanstalk needs here: create "
        "aws-elasticbeanstalk-service-role and name it.",
        UsualCause("EB CLI: run eb create without an environment name, which offers to create the default role, or use "
                   "--service-role. Templates: option ServiceRole in aws:elasticbeanstalk:environment. Whoever deploys "
                   "needs iam:PassRole on it.", "aws iam get-role --role-name aws-elasticbeanstalk-service-role"),
        page=f"{_BEANSTALK}/eb-cli-troubleshooting.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "access denied while accessing",
        r"Access denied while accessing (?P<services>[A-Z][\w ,]{2,80}?) using role "
        r"\"?(?P<principal>arn:[^\s\"]*[\w-])",
        "the environment's service role",
        "the environment's service role lacks permissions on {services}",
        "The environment's service role lacks the read permissions on {services} with which Elastic Beanstalk checks "
        "its health. The instances' role is not the cause.",
        UsualCause("Attach AWSElasticBeanstalkEnhancedHealth and "
                   "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy to that role; it must trust "
                   "elasticbeanstalk.amazonaws.com. The application itself may be well meanwhile.",
                   "aws iam list-attached-role-policies --role-name aws-elasticbeanstalk-service-role"),
        page=f"{_BEANSTALK}/iam-servicerole.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "failed to download authentication credentials",
        r"Failed to download authentication credentials \S+ from \S+",
        "the instance profile's role",
        "the instance could not read the registry's credentials in S3",
        "The instances could not read the registry's credentials (.dockercfg) in S3: bucket or key in "
        "Dockerrun.aws.json are wrong, or the instance profile's role lacks s3:GetObject.",
        UsualCause("Compare Authentication.Bucket and Key in Dockerrun.aws.json with the bucket, which must be in the "
                   "environment's Region.", None, Who.CALLER),
        UsualCause("Allow the instance profile's role s3:GetObject on that object.",
                   "aws iam list-instance-profiles --query 'InstanceProfiles[].InstanceProfileName'"),
        page=f"{_BEANSTALK}/troubleshooting-docker.html",
        actions=("s3:GetObject",),
    ),
    of_codes(
        "S3LocationNotInServiceRegion",
        "the bucket of the source bundle",
        "the bucket is in another Region than the environment",
        "The bucket is in another Region than Elastic Beanstalk was called in: use a bucket of that Region. No "
        "permission is missing.",
        "Copy the source bundle into a bucket of the environment's Region, or call the Region of the bucket.",
        f"{_DOCS}/elasticbeanstalk/latest/api/API_CreateApplicationVersion.html",
        check="aws s3api get-bucket-location --bucket BUCKET",
        who=Who.CALLER,
        refuses=False,
    ),
    # EC2 Image Builder User Guide, "Troubleshoot EC2 Image Builder".
    row(
        "verifying the systems manager agent availability",
        r"Step timed out while step is verifying the Systems Manager Agent availability",
        "the build instance",
        "the build instance does not report to Systems Manager",
        "The build instance did not report to Systems Manager: its subnet has no way to the endpoints, or the instance "
        "profile lacks EC2InstanceProfileForImageBuilder and AmazonSSMManagedInstanceCore.",
        UsualCause("A private subnet needs NAT, or endpoints for ssm, ssmmessages, ec2messages, Image Builder, S3 and "
                   "CloudWatch Logs.", "aws imagebuilder list-infrastructure-configurations", Who.RESOURCE_OWNER),
        UsualCause("Attach EC2InstanceProfileForImageBuilder, AmazonSSMManagedInstanceCore (for containers also "
                   "EC2InstanceProfileForImageBuilderECRContainerBuilds) to the role of the infrastructure "
                   "configuration's instance profile."),
        page=f"{_DOCS}/imagebuilder/latest/userguide/troubleshooting.html",
    ),
    row(
        _DISTRIBUTES.lower(),
        rf"(?:not authorized|AccessDenied|denied|cannot assume|failed)[^\n]{{0,240}}?{_DISTRIBUTES}"
        rf"|{_DISTRIBUTES}[^\n]{{0,160}}?(?:not authorized|AccessDenied|denied|does not exist)",
        "Image Builder, in the target account",
        "Image Builder cannot use its role in the target account",
        "Image Builder could not assume EC2ImageBuilderDistributionCrossAccountRole in the target account: create it "
        "there with exactly this name, and let it trust the source account.",
        UsualCause("The role's trust policy names the root of the account that builds; it needs "
                   "Ec2ImageBuilderCrossAccountDistributionAccess, and the use of the KMS key for an encrypted AMI "
                   "(kms:CreateGrant, kms:Decrypt …).",
                   "aws iam get-role --role-name EC2ImageBuilderDistributionCrossAccountRole", Who.RESOURCE_OWNER),
        page=f"{_DOCS}/imagebuilder/latest/userguide/cross-account-dist.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "no launch paths found",
        r"No launch paths found for resource",
        "the caller, in the portfolio",
        "the portfolio of the product does not list the caller",
        "No portfolio with this product gives the caller access: add the caller's role, user or group to the portfolio "
        "(not the root user). IAM policies do not replace that.",
        UsualCause("aws servicecatalog associate-principal-with-portfolio --portfolio-id PORTFOLIO --principal-type "
                   "IAM --principal-arn ROLE-ARN; for Control Tower's Account Factory the permission set's role "
                   "(AWSReservedSSO_…) in the Account Factory portfolio.",
                   "aws servicecatalog list-principals-for-portfolio --portfolio-id PORTFOLIO", Who.RESOURCE_OWNER),
        page=f"{_DOCS}/controltower/latest/userguide/troubleshooting.html",
    ),
    of_codes(
        "AuthException",
        "the caller of EC2 Instance Connect",
        "the caller is not allowed to send the key to this instance",
        "EC2 Instance Connect refuses the caller: its credentials are not valid, or it is not allowed to send a key to "
        "this instance.",
        "Allow the caller ec2-instance-connect:SendSSHPublicKey on the instance's ARN; a condition on ec2:osuser must "
        "match the OS user of the call. Compare the instance's account and Region.",
        f"{_DOCS}/ec2-instance-connect/latest/APIReference/API_SendSSHPublicKey.html",
        check="aws sts get-caller-identity",
    ),
    row(
        "valid fully-formed launch template",
        r"must use a valid fully-formed launch template\.? You (?:are not|aren.t) authorized to perform this operation",
        "the caller, at what the launch template describes",
        "the caller is not allowed to launch what the template describes",
        "The template itself may be valid: the caller is not allowed to launch what it describes. Auto Scaling checks "
        "the caller's own ec2:RunInstances, ec2:CreateTags and iam:PassRole.",
        UsualCause("Decode the message: aws sts decode-authorization-message --encoded-message …; it names action and "
                   "resource. Often it is iam:PassRole on the template's instance profile role, or ec2:CreateTags.",
                   "aws ec2 describe-launch-template-versions --launch-template-id TEMPLATE"),
        page=f"{_DOCS}/autoscaling/ec2/userguide/ts-as-launch-template.html",
    ),
)  # fmt: skip
