"""Messages of services that move and show data: EMR, QuickSight, DMS, AppFlow and MWAA."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_API = "https://docs.aws.amazon.com"
_QUICKSIGHT = f"{_API}/quicksight/latest/APIReference"
ANALYTICS: tuple[ServiceSentence, ...] = (
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
    row(
        "to connect to this dataset or run this query",
        r"don['’]t have sufficient permissions to connect to this dataset or run this query",
        "QuickSight's own role",
        "QuickSight is not allowed to use the data source",
        "QuickSight itself lacks access to the data source: select the bucket and Athena under Manage QuickSight, "
        "Security and permissions. The reader's own IAM policies do not matter.",
        UsualCause("Select Athena and the buckets of the data and of the query results (with write permission for the "
                   "workgroup). Allow QuickSight's role to use the KMS key, and to invoke the function of a federated "
                   "connector. If Lake Formation protects the data, grant the QuickSight user, group or role SELECT."),
        page=f"{_API}/quicksight/latest/user/troubleshoot-athena-insufficient-permissions.html",
    ),
    no_permission(
        "service role required to access your aws resources has not been created",
        r"QuickSight service role required to access your AWS resources has not been created",
        "QuickSight has no role of its own in this account yet: a QuickSight administrator creates it by choosing AWS "
        "services (or an existing role) under Manage QuickSight, Security and permissions. The caller lacks nothing.",
        "Select Athena and the S3 buckets there, once for each account; or give the data source a role of its own "
        "(RoleArn in its parameters), which QuickSight may assume and the caller may pass. Then create the data "
        "source again.",
        f"{_API}/quicksight/latest/user/accessing-data-sources.html",
        "aws iam get-role --role-name aws-quicksight-service-role-v0",
    ),
    row(
        "permission to access the manifest file",
        r"Insufficient permissions? to access the manifest file",
        "QuickSight's own role",
        "QuickSight cannot read the manifest file",
        "QuickSight reads the manifest and the data with its own role, not with the caller's: a QuickSight "
        "administrator selects the buckets under Manage QuickSight, Security and permissions.",
        UsualCause("Select the bucket of the manifest and those of the files in it, and allow QuickSight's role "
                   "(aws-quicksight-service-role-v0) to use the KMS key. A bucket of another account must allow "
                   "that role in its policy. Or set a role in the data source (RoleArn of its S3 parameters).",
                   "aws iam get-role --role-name aws-quicksight-service-role-v0"),
        page=f"{_API}/quicksight/latest/user/troubleshoot-connect-S3.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "domainnotwhitelisted",
        r"\bDomainNotWhitelistedException\b",
        "The page's domain is not on QuickSight's list for embedding: a QuickSight administrator adds it under Manage "
        "QuickSight, Domains and embedding. No permission is missing.",
        "Write the domain with https:// and without a path; or pass it as AllowedDomains in GenerateEmbedUrl…, for "
        "which the caller's policy must allow quicksight:AllowedEmbeddingDomains.",
        f"{_QUICKSIGHT}/API_GenerateEmbedUrlForRegisteredUser.html",
    ),
    no_permission(
        "quicksightusernotfound",
        r"\bQuickSightUserNotFoundException\b",
        "QuickSight does not know this user: register it in QuickSight first (aws quicksight register-user), in the "
        "identity Region. IAM permissions do not create the user.",
        "A role's user is named ROLE/SESSION: with --identity-type IAM register the role's ARN and the same session "
        "name that the embedding call uses.",
        f"{_QUICKSIGHT}/API_RegisterUser.html",
        "aws quicksight list-users --aws-account-id ACCOUNT --namespace default",
    ),
    row(
        "unable to find secrets manager secret",
        r"Unable to find (?:AWS )?Secrets Manager secret",
        "the endpoint's secret access role",
        "DMS could not read the endpoint's secret",
        "DMS could not read the secret of the endpoint: its own role (SecretsManagerAccessRoleArn) is refused, or the "
        "replication instance cannot reach Secrets Manager.",
        UsualCause("The text shows a timeout: the replication instance cannot reach Secrets Manager.", None,
                   Who.RESOURCE_OWNER, shown_by=r"curlCode: (?:28|6|7)\b|Timeout was reached",
                   decides="The DMS replication instance cannot reach Secrets Manager (timeout): give it access "
                   "through a NAT gateway or an interface endpoint, and in the security groups. No permission is "
                   "missing."),
        UsualCause("The role must trust dms.REGION.amazonaws.com (with the Region), and needs "
                   "secretsmanager:GetSecretValue on the secret and kms:Decrypt on its key.",
                   "aws dms describe-endpoints --query 'Endpoints[].[EndpointIdentifier,EndpointArn]'",
                   needs=("secretsmanager:GetSecretValue", "kms:Decrypt")),
        page=f"{_API}/dms/latest/userguide/security_iam_secretsmanager.html",
    ),
    # AWS DMS User Guide, "Using Amazon S3 as a target": prerequisites, and encryption with KMS keys.
    row(
        ("failed to upload file", "s3 write/upload failed"),
        r"Failed to upload file '[^'\n]{1,300}' to bucket '(?P<bucket>[a-z0-9.-]+)' as '(?P<key>[^'\n]+)'",
        "the role of the S3 endpoint",
        "DMS could not write to the bucket",
        "DMS could not write {key} to {bucket}. It writes with the role of the target endpoint "
        "(ServiceAccessRoleArn): check that role, not the person who starts the task.",
        UsualCause("The endpoint encrypts with a KMS key (SSE_KMS): allow its role kms:Encrypt, kms:Decrypt, "
                   "kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey on the key, in the role's policies and in "
                   "the key policy.",
                   "aws dms describe-endpoints --query 'Endpoints[].[EndpointIdentifier,S3Settings]'",
                   shown_by=r"\bSSE_KMS\b|ServerSideEncryptionKmsKeyId|serverSideEncryptionKmsKeyId",
                   needs_evidence=True),
        UsualCause("Allow the role s3:PutObject, s3:DeleteObject and s3:PutObjectTagging on arn:aws:s3:::{bucket}/*, "
                   "and s3:ListBucket on arn:aws:s3:::{bucket}; it must trust dms.amazonaws.com. A bucket of another "
                   "account must allow the role in its policy, and in a private subnet an S3 endpoint is needed.",
                   "aws dms describe-endpoints --query 'Endpoints[].[EndpointIdentifier,S3Settings]'",
                   needs=("s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging", "s3:ListBucket")),
        page=f"{_API}/dms/latest/userguide/CHAP_Target.S3.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "incorrect_configuration",
        r"need to check the execution role permissions policy for your environment",
        "the environment's execution role, or its network",
        "the execution role or the network of the environment is incomplete",
        "The MWAA environment could not start: its execution role lacks permissions, or its subnets cannot reach the "
        "services. The message does not say which.",
        UsualCause("Compare the execution role with MWAA's page: airflow:PublishMetrics, s3:GetObject*, s3:GetBucket* "
                   "and s3:List* on the bucket, logs on airflow-ENVIRONMENT-*, SQS on airflow-celery-*, KMS, and "
                   "airflow.amazonaws.com and airflow-env.amazonaws.com in its trust policy.",
                   "aws mwaa get-environment --name NAME --query Environment.[ExecutionRoleArn,LastUpdate]",
                   needs=("airflow:PublishMetrics", "s3:GetObject", "s3:ListBucket")),
        UsualCause("Private subnets need a NAT gateway or all VPC endpoints of MWAA's page, and a security group that "
                   "allows itself.", None, Who.RESOURCE_OWNER),
        page=f"{_API}/mwaa/latest/userguide/troubleshooting.html",
    ),
    no_permission(
        "connectorauthenticationexception",
        r"\bConnectorAuthenticationException\b",
        "The application behind the connector (not AWS) refuses its credentials: sign in again or renew the OAuth "
        "client or token. No IAM permission is missing.",
        "Check the client ID and secret, the granted scopes, the user's rights in the application, and the connector's "
        "own limits on IP addresses. Then update the connection (aws appflow update-connector-profile).",
        f"{_API}/appflow/1.0/APIReference/API_CreateConnectorProfile.html",
    ),
    no_permission(
        "homeregionnotset",
        r"\bHomeRegionNotSetException\b",
        "The account has no Migration Hub home Region yet: choose it once, then call in that Region. No permission is "
        "missing.",
        "aws migrationhub-config create-home-region-control --home-region REGION --target Type=ACCOUNT.",
        f"{_API}/migrationhub-home-region/latest/APIReference/API_CreateHomeRegionControl.html",
        "aws migrationhub-config get-home-region",
    ),
    no_permission(
        "uninitializedaccountexception",
        r"\bUninitializedAccountException\b",
        "The service was never initialized for this account in this Region: initialize the service there, or call the "
        "Region in which it is used. No permission is missing.",
        "aws mgn initialize-service (for Elastic Disaster Recovery aws drs initialize-service), by an administrator: "
        "it creates the service's roles.",
        f"{_API}/mgn/latest/ug/mgn-initialize-api.html",
    ),
    no_permission(
        ("unsupporteduseredition", "unsupportedpricingplan"),
        r"\bUnsupported(?:UserEdition|PricingPlan)Exception\b",
        "QuickSight's subscription does not include this operation: it needs the Enterprise edition, and embedding for "
        "anonymous users also needs capacity pricing. No permission is missing.",
        "The command shows the edition. A QuickSight administrator can upgrade the edition, or add capacity pricing.",
        f"{_QUICKSIGHT}/API_GenerateEmbedUrlForAnonymousUser.html",
        "aws quicksight describe-account-settings --aws-account-id ACCOUNT",
    ),
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
    row(
        "identity region is",
        rf"called from endpoint (?P<called>{REGION_NAME}), but your identity region is "
        rf"(?P<home>{REGION_NAME})",
        "the call in this Region",
        "the call went to {called}, and the identity Region is {home}",
        "The call went to {called}, which is the wrong Region: the account's identity Region in this service is "
        "{home}. No policy is missing.",
        UsualCause("Call the endpoint of {home} (--region {home}), or do not create this resource in {called}. The "
                   "account's users, groups and subscription exist only in the identity Region.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/quicksight/latest/APIReference/API_CreateAccountSubscription.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip
