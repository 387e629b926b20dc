"""Sentences about instances, and of Elastic Beanstalk, Image Builder, VM Import and Service Catalog."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_BEANSTALK = f"{_DOCS}/elasticbeanstalk/latest/dg"
_DISTRIBUTES = "EC2ImageBuilderDistributionCrossAccountRole"

INSTANCES: tuple[ServiceSentence, ...] = (
    # AWS Elastic Beanstalk Developer Guide, "Managing Elastic Beanstalk instance profiles", "… service roles".
    row(
        "environment must have instance profile associated",
        r"Environment must have instance profile associated with it",
        "the environment, which names no instance profile",
        "the environment has no instance profile",
        "The environment names no instance profile, and Elastic Beanstalk no longer creates one: create an instance "
        "profile and set it as IamInstanceProfile.",
        UsualCause("Create a role for ec2.amazonaws.com with AWSElasticBeanstalkWebTier (and WorkerTier, "
                   "MulticontainerDocker) in an instance profile, such as aws-elasticbeanstalk-ec2-role. Set the "
                   "profile with the option IamInstanceProfile in aws:autoscaling:launchconfiguration. Whoever "
                   "deploys needs iam:PassRole on the role.",
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
        "aws-elasticbeanstalk-service-role and name it in the environment's settings.",
        UsualCause("With the EB CLI, run eb create without an environment name: it offers to create the default role. "
                   "Or use --service-role. In templates, set the option ServiceRole in "
                   "aws:elasticbeanstalk:environment. Whoever deploys needs iam:PassRole on the role.",
                   "aws iam get-role --role-name aws-elasticbeanstalk-service-role"),
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
        "the environment's health. The instances' role is not the cause.",
        UsualCause("Attach AWSElasticBeanstalkEnhancedHealth and AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy "
                   "to that role; it must trust elasticbeanstalk.amazonaws.com. The application itself may still be "
                   "healthy.",
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
        "The instances could not read the registry's credentials (.dockercfg) in S3: the bucket or key in "
        "Dockerrun.aws.json is wrong, or the instance profile's role lacks s3:GetObject.",
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
        "the bucket is in a different Region from the environment",
        "The bucket is not in the Region in which Elastic Beanstalk was called: use a bucket of that Region. No "
        "permission is missing.",
        "Copy the source bundle into a bucket of the environment's Region, or call Elastic Beanstalk in the Region of "
        "the bucket.",
        f"{_DOCS}/elasticbeanstalk/latest/api/API_CreateApplicationVersion.html",
        check="aws s3api get-bucket-location --bucket BUCKET",
        who=Who.CALLER,
        refuses=False,
    ),
    # AWS Elastic Beanstalk Developer Guide, "Managing Elastic Beanstalk instance profiles": the instances read the
    # application's source bundle from the bucket elasticbeanstalk-REGION-ACCOUNT.
    row(
        ("source bundle", "download source", "downloading source", "download the source"),
        r"(?:download(?:ing)?(?: the)? source|source bundle)[^\n]{0,160}?"
        r"(?:Access ?Denied|403 Forbidden|: 403)",
        "the environment's instances",
        "the environment's instances are not allowed to read the source bundle",
        "The instances of the environment read the source bundle with their instance profile, whose role is not "
        "allowed to read it: most often the role lacks AWSElasticBeanstalkWebTier. The permissions of whoever deploys "
        "do not matter.",
        UsualCause("Attach AWSElasticBeanstalkWebTier (for workers AWSElasticBeanstalkWorkerTier) to the role of the "
                   "environment's instance profile. These policies allow s3:GetObject on buckets whose name begins "
                   "with elasticbeanstalk-; for a bundle in another bucket, allow the action in a policy of your own.",
                   "aws elasticbeanstalk describe-configuration-settings --application-name APPLICATION "
                   "--environment-name ENVIRONMENT --query "
                   "\"ConfigurationSettings[].OptionSettings[?OptionName=='IamInstanceProfile'].Value\""),
        UsualCause("The bucket's policy or its KMS key refuses the instance profile's role, or the VPC endpoint of S3 "
                   "has a policy that leaves this bucket out.", None, Who.RESOURCE_OWNER),
        page=f"{_BEANSTALK}/iam-instanceprofile.html",
        actions=("s3:GetObject",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # Amazon EC2 User Guide, "Copy an Amazon EC2 AMI": the owner of a shared AMI must also grant read permissions for
    # the storage that backs it.
    row(
        "access the storage of this ami",
        r"You do not have permission to access the storage of this ami",
        "the account that copies the image",
        "the image's snapshots are not shared with this account",
        "The image is shared, but the snapshots behind it are not: the image's owner must share each snapshot with "
        "this account, too, and the KMS key if the snapshots are encrypted. Permissions of the caller do not "
        "replace the sharing.",
        UsualCause("In the owner's account: aws ec2 modify-snapshot-attribute --snapshot-id SNAPSHOT --attribute "
                   "createVolumePermission --operation-type add --user-ids ACCOUNT, for every snapshot of the image.",
                   "aws ec2 describe-images --image-ids IMAGE --query "
                   "'Images[].BlockDeviceMappings[].Ebs.[SnapshotId,Encrypted]'", Who.RESOURCE_OWNER),
        UsualCause("Encrypted snapshots: the customer managed key's policy must let this account perform "
                   "kms:DescribeKey, kms:CreateGrant, kms:Decrypt and kms:ReEncrypt*. A snapshot under the AWS "
                   "managed key aws/ebs cannot be shared: its owner has to copy it under another key first.", None,
                   Who.RESOURCE_OWNER),
        page=f"{_DOCS}/AWSEC2/latest/UserGuide/CopyingAMIs.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    # EC2 Image Builder User Guide, "Troubleshoot EC2 Image Builder".
    row(
        "verifying the systems manager agent availability",
        r"Step timed out while step is verifying the Systems Manager Agent availability",
        "the build instance",
        "the build instance does not report to Systems Manager",
        "The build instance did not report to Systems Manager: its subnet cannot reach the endpoints, or the instance "
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
        UsualCause("The role's trust policy names the root of the account that builds; the role needs "
                   "Ec2ImageBuilderCrossAccountDistributionAccess and, for an encrypted AMI, the use of its KMS key "
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
        "(not the root user). IAM policies do not replace this access.",
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
        "EC2 Instance Connect refuses the caller: its credentials are not valid, or the caller is not allowed to send "
        "a key to this instance.",
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
        UsualCause("Allow the caller the action that the message names; if it is encoded, aws sts "
                   "decode-authorization-message --encoded-message … names it. In all, the caller needs "
                   "ec2:RunInstances on what the template names, often also iam:PassRole on its instance profile's "
                   "role, and ec2:CreateTags.",
                   "aws ec2 describe-launch-template-versions --launch-template-id TEMPLATE"),
        page=f"{_DOCS}/autoscaling/ec2/userguide/ts-as-launch-template.html",
    ),
    row(
        "accessdenied: access denied status code: 403",
        r"AccessDenied: Access Denied status code: 403(?=[\s\S]{0,2000}?\bimage\s?builder\b)"
        r"|\bimage\s?builder\b[\s\S]{0,2000}?AccessDenied: Access Denied status code: 403",
        "the build instance's role",
        "the instance profile of the build lacks permissions",
        "The role of the build instance lacks a permission: most often s3:PutObject for the logs, or reading the "
        "components and what they download. Whoever starts the pipeline does not need this permission.",
        UsualCause("Allow the role of the infrastructure configuration's instance profile s3:PutObject on the bucket "
                   "of the logs, and attach EC2InstanceProfileForImageBuilder and AmazonSSMManagedInstanceCore.",
                   "aws imagebuilder list-infrastructure-configurations"),
        page=f"{_DOCS}/imagebuilder/latest/userguide/troubleshooting.html",
    ),
    row(
        "s3bucket=",
        r"InsufficientPrivilegesException[^\n]{0,60}?Access Denied: S3Bucket=(?P<bucket>[\w.-]+), S3Key=(?P<key>\S*\w)",
        "whoever deploys",
        "the deployer is not allowed to read the source bundle",
        "Elastic Beanstalk could not read the source bundle {bucket}/{key} with the deployer's permissions: the "
        "deployer lacks s3:GetObject there, or the object does not exist.",
        UsualCause("First check whether the object exists: without s3:ListBucket, S3 also refuses access to a missing "
                   "object. Then allow the deployer s3:GetObject on it, and compare the bucket's "
                   "policy.", None, Who.CALLER),
        page=f"{_DOCS}/elasticbeanstalk/latest/api/API_CreateApplicationVersion.html",
        actions=("s3:GetObject",),
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
)  # fmt: skip
