"""Messages of AWS Lake Formation about its own grants and administrators."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_LAKE = f"{_API}/lake-formation/latest/dg/troubleshooting.html"

LAKE_KEYS_AND_GLUE_PERMISSIONS: tuple[ServiceSentence, ...] = (
    row(
        "insufficient glue permissions to access",
        r"Insufficient Glue permissions to access (?P<kind>catalog|database|table)(?: (?P<name>(?!resource)[\w:-]+))?",
        "whoever grants",
        "the grantor lacks Glue's read permissions, or is not a data lake administrator",
        "The grantor lacks a Lake Formation or Glue permission on the {kind}: the grantor must be a data lake "
        "administrator or have the grant option, and be allowed to read the {kind} in Glue.",
        UsualCause("Make the grantor a data lake administrator (aws lakeformation put-data-lake-settings), or grant it "
                   "the permission with the grant option.", "aws lakeformation get-data-lake-settings",
                   Who.RESOURCE_OWNER),
        UsualCause("In IAM, allow the grantor glue:GetCatalog, glue:GetDatabase and glue:GetTable on the resource; a "
                   "resource of another account must also be shared with this one.",
                   needs=("glue:GetCatalog", "glue:GetDatabase", "glue:GetTable")),
        page=_LAKE,
    ),
    row(
        "insufficient encryption key permissions for glue",
        r"Insufficient encryption key permissions for Glue",
        "whoever grants",
        "the caller is not allowed to use the Data Catalog's KMS key",
        "The caller is not allowed to use the KMS key that encrypts the Data Catalog: allow its use in the caller's "
        "policies and in the key policy.",
        UsualCause("Find out which key the catalog uses, and allow kms:Decrypt, kms:Encrypt and kms:GenerateDataKey on "
                   "it.",
                   "aws glue get-data-catalog-encryption-settings",
                   needs=("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")),
        page=_LAKE,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

LAKE_DEFAULT_DATABASE: tuple[ServiceSentence, ...] = (
    row(
        "unable to verify existence of default database",
        r"Unable to verify existence of default database[\s\S]{0,300}?Insufficient Lake ?Formation permission",
        "the job's role, in Lake Formation",
        "Lake Formation has no grant on the database default",
        "Spark first looks for the database “default”, and Lake Formation does not let the job's role see it: grant "
        "the role DESCRIBE on default.",
        UsualCause("aws lakeformation grant-permissions --permissions DESCRIBE on the database default; if that "
                   "database does not exist, create it, or grant the role CREATE_DATABASE. Grants on the job's own "
                   "tables are a separate matter.", "aws glue get-database --name default", Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/glue-insufficient-lakeformation-permissions",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip
LAKE_ADMINISTRATORS: tuple[ServiceSentence, ...] = (
    no_permission(
        "add caller's principal arn to lake formation data lake admin",
        r"failed to add caller's principal ARN to Lake Formation data lake admin",
        "The list of data lake administrators contains principals that no longer exist: remove them in Lake Formation, "
        "then repeat the call. No permission of the caller is missing.",
        "In Lake Formation, Administrative roles and tasks, clear the administrators labeled “Not found in IAM” and "
        "save.",
        f"{_API}/security-lake/latest/userguide/securitylake-lf-troubleshoot.html",
        "aws lakeformation get-data-lake-settings --query DataLakeSettings.DataLakeAdmins",
    ),
)  # fmt: skip
