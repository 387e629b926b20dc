"""Messages of Amazon EMR and EMR Serverless."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_EMR = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles-custom.html"

EMR_SERVERLESS: tuple[ServiceSentence, ...] = (
    row(
        "could not assume runtime role",
        r"Could not assume runtime role (?P<principal>arn:\S+) because it",
        "EMR Serverless",
        "EMR Serverless cannot assume the job's runtime role",
        "EMR Serverless cannot assume the job's runtime role: it does not exist, or its trust policy does not let "
        "emr-serverless.amazonaws.com assume it.",
        UsualCause("Compare the ARN, and the trust policy's conditions: aws:SourceArn must match the ARN of this "
                   "application. A change to a trust policy can take a few seconds to take effect.", None,
                   Who.RESOURCE_OWNER),
        page=f"{_API}/emr/latest/EMR-Serverless-UserGuide/getting-started.html",
        # EMR Serverless User Guide, "Cross-service confused deputy prevention": the application's ARN is aws:SourceArn
        # (https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/security-iam-confused-deputy.html).
        asks=(OwnRequest("emr-serverless.amazonaws.com", "sts:AssumeRole", keys=(
            ("aws:SourceArn", "arn:{partition}:emr-serverless:{region}:{account}:/applications/{application}"),
            ("aws:SourceAccount", "{account}"),
        )),),
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "please check complete logs in configured logging destination",
        r"Job failed, please check complete logs in configured logging destination[\s\S]{0,800}?(?:Access ?Denied"
        r"|Status Code: 403)",
        "the job's runtime role",
        "AWS refused the job's runtime role",
        "AWS refuses the runtime role of the EMR Serverless job: allow that role the action that the exception names, "
        "on the bucket and its KMS key.",
        UsualCause("For S3: s3:GetObject, s3:PutObject, s3:DeleteObject on the objects and s3:ListBucket on the bucket "
                   "(for the script, the data and the logs). The role's policies must allow these actions. If the "
                   "bucket is in another account, its bucket policy must allow them, too. Whoever starts the job needs "
                   "no further permission.",
                   "aws emr-serverless get-job-run --application-id APP --job-run-id RUN --query jobRun.executionRole"),
        page=f"{_API}/emr/latest/EMR-Serverless-UserGuide/getting-started.html",
    ),
)  # fmt: skip

EMR_INSTANCE_PROFILES: tuple[ServiceSentence, ...] = (
    row(
        "failed to authorize instance profile",
        r"Failed to authorize instance profile (?P<name>[\w+=,.@-]+)",
        "Amazon EMR",
        "EMR cannot use the instance profile {name}",
        "EMR cannot use the instance profile {name}: it does not exist (a role of that name is not enough), or the "
        "caller is not allowed to see or pass it.",
        UsualCause("The role is in no instance profile: create one, and add the role.", None,
                   shown_by=r"\"InstanceProfiles\"\s*:\s*\[\s*\]",
                   decides="The role {name} is in no instance profile, as the text shows, and EMR needs an instance "
                   "profile of that name: aws iam create-instance-profile --instance-profile-name {name}, then "
                   "aws iam add-role-to-instance-profile --instance-profile-name {name} --role-name {name}."),
        UsualCause("Check whether the instance profile exists and contains a role. If not, create it and add the role, "
                   "or run aws emr create-default-roles.",
                   "aws iam get-instance-profile --instance-profile-name {name}"),
        UsualCause("Whoever creates the cluster needs iam:PassRole on the role in the profile, and "
                   "iam:GetInstanceProfile.", None),
        page=f"{_API}/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html",
    ),
    row(
        "failed attempting to download bootstrap action",
        r"failed attempting to download bootstrap action \d+ file from S3",
        "the cluster's EC2 instance profile",
        "the instances cannot read the bootstrap script",
        "The cluster's instances could not read the bootstrap script: they use the role of the EC2 instance profile "
        "(EMR_EC2_DefaultRole), which needs s3:GetObject on the script.",
        UsualCause("Check whether the script is at that path. Then allow the instance profile's role s3:GetObject and, "
                   "for an encrypted object, kms:Decrypt. The permissions of EMR's service role and of the caller do "
                   "not matter. In a private subnet an S3 endpoint and its policy must allow the bucket.",
                   "aws emr describe-cluster --cluster-id CLUSTER --query "
                   "Cluster.Ec2InstanceAttributes.IamInstanceProfile"),
        page=f"{_API}/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html",
    ),
)  # fmt: skip

EMR_SERVICE_ROLE: tuple[ServiceSentence, ...] = (
    row(
        "is invalid",
        r"\b(?:EMR )?service role (?P<role>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+) is invalid",
        "the EMR service role",
        "EMR does not accept its service role",
        "EMR does not accept the service role {role}: it does not exist, or its trust policy does not let "
        "elasticmapreduce.amazonaws.com assume it.",
        UsualCause("Look the role up. If the role is missing, create it (aws emr create-default-roles) or name "
                   "another role. If the role exists, its trust policy must name elasticmapreduce.amazonaws.com, and "
                   "the role needs AmazonEMRServicePolicy_v2 (or AmazonElasticMapReduceRole). A new role takes a "
                   "moment.",
                   "aws iam get-role --role-name EMR_DefaultRole --query Role.AssumeRolePolicyDocument",
                   Who.RESOURCE_OWNER),
        page=f"{_API}/emr/latest/ManagementGuide/emr-iam-role.html",
        asks=(OwnRequest("elasticmapreduce.amazonaws.com", "sts:AssumeRole"),),
    ),
)  # fmt: skip

EMR_EC2_PERMISSIONS: tuple[ServiceSentence, ...] = (
    row(
        "has insufficient ec2 permissions",
        r"[Ss]ervice role (?P<principal>arn:\S+|[\w+=,.@-]+) has insufficient EC2 permissions",
        "the service role of the EMR cluster",
        "the cluster's service role lacks EC2 permissions",
        "The service role {principal} of the EMR cluster lacks EC2 permissions, not whoever creates the cluster.",
        UsualCause("Tag the cluster, its subnet, its VPC and your own security groups with "
                   "for-use-with-amazon-emr-managed-policies = true, and create the cluster again: only then does "
                   "AmazonEMRServicePolicy_v2 allow EC2 calls on them. A tag on the cluster is not enough.",
                   "aws ec2 describe-tags --filters Name=key,Values=for-use-with-amazon-emr-managed-policies",
                   shown_by=r"\A(?![\s\S]*for-use-with-amazon-emr-managed-policies)[\s\S]*"
                            r"(?<!not )(?<!no )AmazonEMRServicePolicy_v2\b",
                   decides="The service role {principal} of the EMR cluster has AmazonEMRServicePolicy_v2, which works "
                           "only on resources with the tag for-use-with-amazon-emr-managed-policies = true: most "
                           "likely the cluster, the subnet or the VPC lacks it."),
        UsualCause("With AmazonEMRServicePolicy_v2 the cluster must be created with the tag "
                   "for-use-with-amazon-emr-managed-policies = true, and the subnet, the security groups and the VPC "
                   "need that tag, too. If you use your own policy, allow the EC2 actions that EMR's message or the "
                   "event in CloudTrail names."),
        page=_EMR,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "is not authorized to call ec2",
        r"(?:User )?account is not authorized to call EC2(?!:)",
        "whoever creates the EMR cluster",
        "the creator of the cluster lacks permissions to find and pass its roles",
        "Whoever creates the EMR cluster lacks permissions in EC2, or the permissions to find and pass the cluster's "
        "roles.",
        UsualCause("Allow whoever creates the cluster to perform iam:PassRole on the service role and on the instance "
                   "profile's role, iam:ListRoles, iam:GetInstanceProfile, and the EC2 actions of EMR's managed "
                   "policy for users."),
        page=_EMR,
    ),
    row(
        "invalid instanceprofile",
        r"\bInvalid InstanceProfile: (?P<name>[\w+=,.@/-]*[\w+=@-])",
        "the EMR cluster",
        "EMR does not accept the instance profile {name}",
        "EMR does not accept the instance profile {name}: this profile does not exist in this account, or has a "
        "different name from its role, which EMR does not support.",
        UsualCause("Give EMR an instance profile that has the same name as its role, and contains that role.",
                   "aws iam list-instance-profiles --query "
                   "'InstanceProfiles[].[InstanceProfileName,Roles[].RoleName]'"),
        page=_EMR,
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
