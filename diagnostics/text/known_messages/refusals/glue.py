"""Messages of AWS Glue: sessions, crawlers, jobs, the Data Catalog."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    assumed_by,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_GLUE = f"{_API}/glue/latest/dg"

GLUE_SESSIONS: tuple[ServiceSentence, ...] = (
    # AWS Glue Developer Guide, "Getting started with AWS Glue interactive sessions": %iam_role in the first cell, or
    # glue_role_arn in ~/.aws/config (https://docs.aws.amazon.com/glue/latest/dg/interactive-sessions.html).
    row(
        "should be given assume role permissions for glue",
        r"Role (?P<principal>arn:\S+:role/(?:\S+/)?(?P<role>[^\s/]+)) should be given assume role permissions for "
        r"(?:the )?Glue Service",
        "Glue",
        "Glue cannot assume {principal}",
        "Glue cannot assume {principal}. First check whether this is the role that Glue should use. If it is, the "
        "role's trust policy must name glue.amazonaws.com.",
        UsualCause("In the notebook's first cell, set the role that Glue should use: %iam_role ARN (or set "
                   "glue_role_arn in the profile of ~/.aws/config). Whoever runs the notebook needs iam:PassRole on "
                   "that role. Let Glue assume {principal} only if sessions should run with this role.",
                   None, Who.CALLER,
                   shown_by=r"\A(?!(?:[\s\S]*\n)?[ \t>:.\[\]\w]{0,12}%iam_role\s+arn:)[\s\S]*?"
                   r"(?:%glue_version|%number_of_workers|%worker_type|Glue session for the kernel|creating session)",
                   decides="The session was created with {principal}, which Glue cannot assume: the text shows no "
                   "%iam_role. If Glue should use another role, set it in the notebook's first cell: %iam_role "
                   "ARN."),
        UsualCause("If Glue should use this role, let the role's trust policy name glue.amazonaws.com. If not, set the "
                   "right role in the job, crawler or session.",
                   "aws iam get-role --role-name {role} --query Role.AssumeRolePolicyDocument", Who.RESOURCE_OWNER),
        page=f"{_API}/glue/latest/dg/glue-is-security.html",
        asks=assumed_by("glue.amazonaws.com"),
        cause="trust.principal-mismatch",
    ),
)  # fmt: skip

GLUE_CRAWLERS_AND_JOBS: tuple[ServiceSentence, ...] = (
    row(
        ("permissions in the policies attached to the iam role defined in the crawler", "did not infer schemas"),
        r"Verify the permissions in the policies attached to the IAM role defined in the crawler"
        r"|\bAccess Denied \(Service: (?:Amazon )?S3[^\n()]{0,300}\) retrieving file at s3://[^\n]{1,300}?"
        r"did not infer schemas",
        "the crawler's role",
        "the crawler's role lacks permissions",
        "The role of the Glue crawler lacks permissions; the permissions of whoever starts the crawler do not matter. "
        "Compare the role's policies with what a crawler needs.",
        # AWS Managed Policy Reference Guide, "AWSGlueServiceRole"
        # (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSGlueServiceRole.html).
        UsualCause("The managed policy AWSGlueServiceRole lets the role list every bucket, but read objects only in "
                   "buckets named aws-glue-*: add s3:GetObject on the objects of this bucket (and kms:Decrypt on "
                   "their key), and check that the bucket's policy denies nothing.",
                   "aws glue get-crawler --name CRAWLER --query Crawler.Role",
                   shown_by=r"\bretrieving file at s3://(?!aws-glue-)", needs_evidence=True),
        UsualCause("The role needs AWSGlueServiceRole, s3:GetObject and s3:ListBucket on the data, kms:Decrypt if the "
                   "data is encrypted, and its trust policy must let glue.amazonaws.com assume it. If a security "
                   "configuration encrypts the logs, the role also needs permission to use that KMS key, and "
                   "logs:AssociateKmsKey.",
                   "aws glue get-crawler --name CRAWLER --query Crawler.Role", needs=("s3:GetObject", "s3:ListBucket")),
        page=f"{_GLUE}/crawler-prereqs.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "launch error",
        r"LAUNCH ERROR \| Error downloading from S3 for bucket: (?P<bucket>[\w.-]+), key: (?P<key>[^\s,]+?)\.?\s*"
        r"Access Denied",
        "the job's role",
        "the job's role cannot read its script",
        "The role of the Glue job is not allowed to read its script {key} in {bucket}: allow that role s3:GetObject on "
        "the script, and kms:Decrypt on the bucket's key.",
        UsualCause("The user who starts the job needs no further permission. If the script does not exist, a role "
                   "without s3:ListBucket gets the same "
                   "message.", "aws glue get-job --job-name JOB --query Job.[Role,Command]"),
        page=f"{_GLUE}/troubleshooting-glue.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "could not find s3 endpoint or nat gateway",
        r"Could not find S3 endpoint or NAT gateway for subnetId",
        "The subnet of the Glue connection cannot reach S3: add a gateway endpoint for S3 to its route table, or a NAT "
        "gateway. No permission is missing.",
        "Check the route table of that subnet (aws ec2 describe-route-tables).",
        f"{_GLUE}/glue-troubleshooting-errors.html",
    ),
    no_permission(
        "is not registered",
        r"\bThe S3 location: (?P<location>s3://\S+) is not registered",
        "The crawler is set to use Lake Formation's credentials, but {location} is not registered with Lake "
        "Formation: register the location, or let the crawler use its own role.",
        "aws lakeformation register-resource --resource-arn arn:aws:s3:::BUCKET/PREFIX, then give the crawler's role "
        "the data location permission and lakeformation:GetDataAccess.",
        f"{_GLUE}/error-crawler-config-lf.html",
    ),
)  # fmt: skip
GLUE_RESOURCE_POLICY: tuple[ServiceSentence, ...] = (
    no_permission(
        ("enablehybrid", "enable-hybrid", "enable_hybrid"),
        r"PutResourcePolicy operation[\s\S]{0,2000}?EnableHybrid",
        "This account has cross-account grants of Lake Formation: repeat the call with EnableHybrid TRUE (aws glue "
        "put-resource-policy --enable-hybrid TRUE).",
        "Read the current policy first, and keep its statement that lets ram.amazonaws.com perform glue:ShareResource: "
        "Lake Formation's grants need it.",
        f"{_API}/lake-formation/latest/dg/hybrid-cross-account.html",
        "aws glue get-resource-policy",
    ),
)  # fmt: skip

GLUE_NETWORK: tuple[ServiceSentence, ...] = (
    row(
        ("action is unauthorized", "failed to call ec2:describe"),
        r"\b(?P<operation>Describe(?:VpcEndpoints|RouteTables|Subnets|SecurityGroups|VpcAttribute)) action is "
        r"unauthorized|Failed to call ec2:(?P<called>Describe\w+)",
        "the role that Glue works with",
        "Glue's role lacks ec2:{operation}{called}",
        "The role of the Glue connection or job lacks ec2:{operation}{called}, which Glue needs to prepare its network "
        "interfaces: allow this role the action.",
        UsualCause("Attach AWSGlueServiceRole to that role, which has the EC2 actions (Describe actions only on "
                   'Resource "*", ec2:CreateNetworkInterface, ec2:DeleteNetworkInterface). Whoever starts the job '
                   "needs no further permission.", "aws glue get-job --job-name JOB --query Job.Role",
                   needs=("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
                          "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeRouteTables",
                          "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcAttribute")),
        page=f"{_GLUE}/glue-troubleshooting-errors.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
        # The network plugin and controllers of clusters print the same words.
        unless=r"\bipamd\b|\baws-node\b|\bvpc-cni\b|\bkube-system\b|\bcontroller\b",
    ),
)  # fmt: skip
