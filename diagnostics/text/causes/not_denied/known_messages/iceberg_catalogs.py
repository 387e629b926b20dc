"""An Iceberg catalog refused a request that was not validly signed."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

ICEBERG_MESSAGES = (
    # AWS Glue Developer Guide, "Connecting to the Data Catalog using AWS Glue Iceberg REST endpoint"; Amazon S3 User
    # Guide, "Accessing tables using the Amazon S3 Tables Iceberg REST endpoint"
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html).
    Said(
        r"iceberg\S*NotAuthorizedException[^\n]{0,40}(?=[\s\S]*(?:amazonaws\.com|\b[Gg]lue\b|s3tables))",
        "The request to the catalog was not validly signed: set rest.sigv4-enabled=true, rest.signing-name (glue, or "
        "s3tables for its own endpoint) and rest.signing-region. No permission is checked before the signature is "
        "valid.",
        None,
        Who.CALLER,
        r"snowflakecomputing|\b[Pp]olaris\b|\b[Nn]essie\b|\b[Ll]akekeeper\b|unity[-_]?catalog|databricks"
        r"|invalid_client|oauth|\.credential\s*[=:]",
    ),
)
