"""Rows for Hadoop's S3A, also in Spark."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

HADOOP_S3A: tuple[System, ...] = (
    # Apache Hadoop, "Troubleshooting S3A" (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/
    # troubleshooting_s3a.html) and "Upgrading S3A to AWS SDK V2".
    made_system(
        "a class that S3A does not find",
        "Compare the name with the SDK on the classpath. com.amazonaws.auth.… belongs to AWS SDK v1 (the JAR "
        "aws-java-sdk-bundle in the version with which this hadoop-aws was built). Hadoop 3.4 and later use SDK v2: "
        f"name a class of that SDK there (software.amazon.awssdk.auth.credentials.…). {NONE_MISSING}",
        r"fs\.s3a\.aws\.credentials\.provider[^\x1e]{0,200}?(?:ClassNotFoundException|not\s+found)"
        r"|ClassNotFoundException:[^\n]{0,40}?(?:com\.amazonaws\.\w|org\.apache\.hadoop\.fs\.s3a\.\w"
        r"|software\.amazon\.awssdk\.\w)"
        r"|NoClassDefFoundError:\s+(?:com/amazonaws/|software/amazon/awssdk/)",
        "classnotfoundexception",
        "noclassdeffounderror",
        "fs.s3a.aws.credentials.provider",
        unless=r"\A(?![\s\S]*(?i:s3a|hadoop|spark))|module must be on the class path",
        subject=r"(?:Class\s+|ClassNotFoundException:\s+|NoClassDefFoundError:\s+)((?:com|org|software)[./][\w./$]+)",
        verdict="The class {name} is not on the program's classpath: add the JAR that contains it, in the matching "
        "version. AWS was not called.",
        title="Add the missing JAR, or name another class",
    ),
    # Apache Hadoop, "Working with IAM Assumed Roles", Troubleshooting
    # (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/assumed_roles.html).
    documented(
        "the credentials to assume the role with",
        "fs.s3a.assumed.role.credentials.provider must name the provider of the source credentials, but it names the "
        "provider of the assumed role itself.",
        "Name a different provider there, for example SimpleAWSCredentialsProvider or "
        "EnvironmentVariableCredentialsProvider.",
        "AssumedRoleCredentialProvider cannot be in fs.s3a.assumed.role.credentials.provider",
        title="Name another provider for the source credentials",
    ),
    documented(
        "keys in the S3A address",
        "S3A no longer takes keys in the address (s3a://KEY:SECRET@bucket): remove them, and set them with "
        "fs.s3a.access.key and fs.s3a.secret.key or another provider.",
        "The keys were in an address, which programs log: treat the keys as known to others, and replace them.",
        "The Filesystem URI contains login details",
        title="Remove the keys from the address",
    ),
)
