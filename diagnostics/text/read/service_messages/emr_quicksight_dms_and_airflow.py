"""Messages of services that move and show data: Firehose, EMR, MSK, QuickSight, DMS, AppFlow and MWAA."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_QUICKSIGHT = f"{_API}/quicksight/latest/APIReference"
_FIREHOSE = f"{_API}/firehose/latest/dev/monitoring-with-cloudwatch-logs.html"
_STREAM = "aws firehose describe-delivery-stream --delivery-stream-name STREAM"
ANALYTICS: tuple[ServiceSentence, ...] = (
    row(
        ("lambda.assumeroleaccessdenied", "redshift.accessdenied"),
        r"\b(?:Lambda\.AssumeRoleAccessDenied|Redshift\.AccessDenied)\b",
        "Firehose",
        "Firehose cannot assume the stream's role",
        "Firehose cannot assume the role of the stream: its trust policy must let firehose.amazonaws.com perform "
        "sts:AssumeRole.",
        UsualCause("If the trust policy has conditions, sts:ExternalId must be the account's number, and aws:SourceArn "
                   "the stream's ARN. The producer's permissions are not the cause.", _STREAM, Who.RESOURCE_OWNER),
        page=_FIREHOSE,
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "redshift.s3bucketaccessdenied",
        r"\bRedshift\.S3BucketAccessDenied\b",
        "the delivery role, which Redshift's COPY uses",
        "the COPY of the stream cannot read the bucket",
        "The COPY command of the stream cannot read the intermediate bucket: allow the stream's role to perform "
        "s3:GetObject and s3:ListBucket on the bucket, and to use its KMS key.",
        UsualCause("COPY reads with the role in the stream's S3 settings. The bucket's policy must not deny access to "
                   "this role.",
                   _STREAM),
        page=_FIREHOSE,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        ("redshift.authenticationfailed", "redshift.insufficientprivilege"),
        r"\bRedshift\.(?:AuthenticationFailed|InsufficientPrivilege)\b",
        "Redshift refuses the stream's database user: its password is wrong, or it lacks INSERT on the table. No IAM "
        "permission is missing.",
        "For AuthenticationFailed, correct the user name and password in the stream (aws firehose update-destination). "
        "For InsufficientPrivilege, run GRANT INSERT ON TABLE … for the user.",
        _FIREHOSE,
    ),
    no_permission(
        ("splunk.invalidtoken", "splunk.disabledtoken", "splunk.invalidindex"),
        r"\bSplunk\.(?:InvalidToken|DisabledToken|InvalidIndex)\b",
        "Splunk refuses the stream's HEC token: it is wrong, disabled, or for another index. No permission in AWS is "
        "missing.",
        "Compare the token with Splunk's HTTP Event Collector and update the stream (or its secret in Secrets "
        "Manager). In Splunk, enable the token and indexer acknowledgement.",
        _FIREHOSE,
    ),
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
                   "it. Let Glue assume {principal} only if sessions should run with this role.", None, Who.CALLER,
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
    no_permission(
        "you can't use this secret with amazon msk",
        r"secret is encrypted with the default key\. You can['’]t use this secret with Amazon MSK",
        "MSK does not accept a secret that is encrypted with the default key (aws/secretsmanager): create it with a "
        "customer managed KMS key. No permission is missing.",
        "Create the secret again: its name must begin with AmazonMSK_, and --kms-key-id must name a symmetric customer "
        "managed key. Then associate the secret with the cluster.",
        f"{_API}/msk/latest/developerguide/msk-password-limitations.html",
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
        "The service was never initialized for this account in this Region: initialize it there, or call the Region "
        "in which it is used. No permission is missing.",
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
    no_permission(
        ("lengthofcloudwatchresourcepolicylimit", "numberofcloudwatchresourcepolicieslimit"),
        r"\b(?:LengthOfCloudWatchResourcePolicy|NumberOfCloudWatchResourcePolicies)LimitExceeded\b",
        "The resource policies of CloudWatch Logs are full, so MSK cannot add its log group: use a log group whose "
        "name begins with /aws/vendedlogs/. No permission of the caller is missing.",
        "If the Region has too many of these policies, add the statement for delivery.logs.amazonaws.com to an "
        "existing resource policy (aws logs put-resource-policy), or delete a resource policy that nobody uses.",
        f"{_API}/msk/latest/developerguide/troubleshooting.html",
        "aws logs describe-resource-policies",
    ),
    no_permission(
        "cannot be provided as service execution role",
        r"service[- ]linked role ARN cannot be provided as (?:the )?service execution role",
        "MSK Connect does not accept a service-linked role as service execution role: use a role that you created.",
        "Create a role that trusts kafkaconnect.amazonaws.com. Allow the role the kafka-cluster actions and the "
        "actions that the connector's source or target needs, and allow the caller iam:PassRole on the role.",
        f"{_API}/msk/latest/developerguide/msk-connect-service-execution-role.html",
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
        "invalidkmsresource",
        r"\bInvalidKMSResourceException\b(?![\s\S]{0,300}?grant for the CMK)",
        "Firehose, or the caller of the encryption",
        "Firehose cannot use the stream's KMS key",
        "Firehose cannot use the KMS key of the stream's own encryption: the caller lacks kms:CreateGrant on the key, "
        "or the key is disabled, missing or of the wrong kind.",
        UsualCause("Turn on the stream's encryption again as a caller with kms:CreateGrant on the key. The key policy "
                   "must allow kms:CreateGrant to that caller, too. If records are refused, check the key's state and "
                   "its grants.",
                   "aws kms describe-key --key-id KEY"),
        page=f"{_API}/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html",
    ),
)  # fmt: skip
