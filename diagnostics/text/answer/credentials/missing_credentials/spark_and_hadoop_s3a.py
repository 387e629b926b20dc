"""Rows for Hadoop's S3A, Spark and Iceberg without credentials."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import NO_CREDENTIALS, CredentialFault, fault
from iam.claims import Ground

S3A: tuple[CredentialFault, ...] = (
    # Apache Iceberg, "AWS Integrations": the settings of S3FileIO and of the AWS clients
    # (https://iceberg.apache.org/docs/latest/aws/).
    fault(
        rf"{NO_CREDENTIALS}",
        "The keys in fs.s3a.… are read by Hadoop's S3A only: Iceberg's GlueCatalog and S3FileIO call AWS with the "
        "default chain of SDK v2, which found nothing. No permission is missing.",
        "Give the credentials to Iceberg's own clients",
        'eval "$(aws configure export-credentials --format env)"  # before the Spark session starts',
        "Or set system properties (aws.accessKeyId, aws.secretAccessKey) or a profile; for files alone there is "
        "spark.sql.catalog.CATALOG.s3.access-key-id with s3.secret-access-key, and for all clients "
        "spark.sql.catalog.CATALOG.client.credentials-provider. Set client.region, too.",
        speaker=r"\A(?=[\s\S]*\bfs\.s3a\.(?:access|secret)\.key\b)[\s\S]*(?:S3FileIO|\bGlueCatalog\b|iceberg\.aws\b)",
        ground=Ground.LIKENESS,
    ),
    # Apache Hadoop, "Authenticating with S3": the default of fs.s3a.aws.credentials.provider; "Upgrading S3A to AWS SDK
    # V2" (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/index.html).
    fault(
        r"\bNoA(?:uth|ws)\w*Exception: No AWS Credentials provided by [\w ]*(?:Simple|Temporary)AWSCredentialsProvider",
        "None of S3A's providers found credentials: unless set otherwise, they look at fs.s3a.access.key and "
        "fs.s3a.secret.key, at AWS_ACCESS_KEY_ID and at the instance's role, but not at ~/.aws or at the role of a "
        "pod. No permission is missing.",
        "Name the provider for the credentials that you have",
        'eval "$(aws configure export-credentials --profile PROFILE --format env)"  # or set a provider:\n'
        "spark.hadoop.fs.s3a.aws.credentials.provider=com.amazonaws.auth.DefaultAWSCredentialsProviderChain",
        "For a pod's role (IRSA): com.amazonaws.auth.WebIdentityTokenCredentialsProvider; for a profile: "
        "com.amazonaws.auth.profile.ProfileCredentialsProvider. Hadoop 3.4 and later take the classes of SDK v2 "
        "(software.amazon.awssdk.auth.credentials.…). Public data: AnonymousAWSCredentialsProvider of S3A.",
        also=("The settings were made after the session was created, or not in the process that reads (executors).",),
    ),
)
