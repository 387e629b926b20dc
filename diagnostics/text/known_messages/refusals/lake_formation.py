"""Messages of AWS Lake Formation about its own grants, shares and administrators."""

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
SHOWS_ADMINISTRATORS = "aws lakeformation get-data-lake-settings --query DataLakeSettings.DataLakeAdmins"

LAKE_GRANTS_AND_SHARES: tuple[ServiceSentence, ...] = (
    # AWS Lake Formation Developer Guide, "Application integration for full table access" and "Enabling permissions for
    # third-party query engines" (https://docs.aws.amazon.com/lake-formation/latest/dg/permitting-third-party-call.html).
    row(
        "access is not allowed",
        r"GetTemporaryGlue(?:Table|Partition)Credentials\b[^\n]{0,120}?\bAccess is not allowed"
        r"|\bAccess is not allowed\.? \(Service: (?:AWS ?)?Lake ?Formation",
        "the engine that asks Lake Formation for credentials",
        "Lake Formation gives this engine no credentials for the table",
        "Lake Formation gives this engine no credentials for the table. Most often its application integration is not "
        "set up for engines outside of AWS's own; an Allow in IAM does not replace that.",
        UsualCause("In Lake Formation, Application integration settings, a data lake administrator allows external "
                   "engines: with full table access (AllowFullTableExternalDataAccess), or filtered, which takes the "
                   "account (ExternalDataFilteringAllowList) and the tag of the engine's session "
                   "(AuthorizedSessionTagValueList; the session has the tag LakeFormationAuthorizedCaller).",
                   "aws lakeformation get-data-lake-settings", Who.RESOURCE_OWNER),
        UsualCause("A data lake administrator sets AllowFullTableExternalDataAccess to true (aws lakeformation "
                   "put-data-lake-settings replaces all settings: read them first), for principals with full access "
                   "to the table. To filter instead, set AllowExternalDataFiltering, the account in "
                   "ExternalDataFilteringAllowList and a value in AuthorizedSessionTagValueList, and give the session "
                   "the tag LakeFormationAuthorizedCaller with that value.",
                   "aws lakeformation get-data-lake-settings", Who.RESOURCE_OWNER,
                   shown_by=r"(?=[\s\S]*\bAllowFullTableExternalDataAccess\b)(?![\s\S]*\bAllow(?:FullTable"
                   r"ExternalDataAccess|ExternalDataFiltering)[\"']?\s*[:=]\s*true\b)\A[\s\S]*?"
                   r"(?:\bAllowFullTableExternalDataAccess[\"']?\s*[:=]\s*false\b"
                   r"|get-data-lake-settings[^\n]*\n\s*\[\s*false,\s*false\b)",
                   decides="The data lake settings in the text allow no external engine, so Lake Formation gives this "
                   "one no credentials for the table: turn on application integration. More grants, or an Allow in "
                   "IAM, do not replace it."),
        UsualCause("Then the caller needs lakeformation:GetDataAccess and glue:GetTable in IAM, and in Lake Formation "
                   "SELECT on all columns of the table without filters; the location must be registered with a role "
                   "that can read it.", "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        page=f"{_API}/lake-formation/latest/dg/full-table-credential-vending.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "not authorized to grant permissions for the resource",
        r"Not authorized to grant permissions for the resource",
        "The database or table belongs to another account: this account can grant permissions on shared resources only "
        "to its own users and roles, not to a third account.",
        "The owner's account must grant to the third account itself. Or grant to principals of this account.",
        _LAKE,
    ),
    row(
        "access denied to retrieve aws organization information",
        r"Access denied to retrieve AWS Organization information",
        "whoever grants",
        "the grantor is not allowed to read the organization",
        "The grantor is not allowed to read the organization's units and accounts: in IAM, allow the principal in the "
        "management account the read actions of Organizations.",
        UsualCause("Attach AWSLakeFormationCrossAccountManager to the grantor, or allow the grantor "
                   "organizations:Describe* and organizations:List*. The grants of Lake Formation are not the cause.",
                   "aws organizations describe-organization", Who.ORG_ADMIN),
        page=_LAKE,
    ),
    no_permission(
        "not found",
        r"\bOrganization o-[a-z0-9]{10,32} not found",
        "Sharing with the organization is not turned on in AWS RAM, so Lake Formation does not find the organization: "
        "turn sharing on in the management account. No permission of the caller is missing.",
        "aws ram enable-sharing-with-aws-organization, by the management account; also check that the ID is that of "
        "this account's organization.",
        _LAKE,
        "aws organizations describe-organization --query Organization.Id",
    ),
    no_permission(
        "illegal combination",
        r"Insufficient Lake Formation permissions?(?:\(s\))?: Illegal combination",
        "The resource still has grants for IAMAllowedPrincipals, and with these grants it cannot be shared with "
        "another account: revoke these grants first.",
        "aws lakeformation revoke-permissions for the principal IAM_ALLOWED_PRINCIPALS on the database and its "
        "tables, then share again. Principals that have access only through IAM lose that access: before you revoke, "
        "grant them access in Lake Formation.",
        _LAKE,
        "aws lakeformation list-permissions --principal DataLakePrincipalIdentifier=IAM_ALLOWED_PRINCIPALS",
    ),
    no_permission(
        "required create tag on catalog",
        r"Required create tag on catalog",
        "Only a data lake administrator (or an LF-Tag creator) can create LF-Tags: add the caller to the "
        "administrators in Lake Formation. IAM permissions are not enough.",
        "aws lakeformation put-data-lake-settings replaces the list: read it first and add the caller's ARN.",
        _LAKE,
        SHOWS_ADMINISTRATORS,
    ),
    row(
        "association failed because the caller was not authorized",
        r"Association failed because the caller was not authorized",
        "the role that shared the resource",
        "the grantor's role lacks glue:PutResourcePolicy",
        "The share could not be attached. If it is a Lake Formation share, the role that granted it in the owner's "
        "account lacks glue:PutResourcePolicy, which is called when the invitation is accepted.",
        UsualCause("In the owner's account, allow that role glue:PutResourcePolicy on the account's Data Catalog, "
                   "and repeat the grant. Whoever accepts the invitation needs no further permission.",
                   "aws ram get-resource-shares --resource-owner SELF", Who.RESOURCE_OWNER),
        page=_LAKE,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

LAKE_REQUESTERS: tuple[ServiceSentence, ...] = (
    row(
        "requester is not authorized to access requested permissions",
        r"Resource does not exist or requester is not authorized to access requested permissions",
        "the caller of Lake Formation",
        "the resource does not exist in Lake Formation, or the caller is not allowed to grant on it",
        "Lake Formation names two possible reasons and does not say which applies. Either the database, table or "
        "location does not exist in Lake Formation (a location must be registered), or the caller is not allowed to "
        "grant the permission. An S3 policy is not the cause.",
        # Amazon EMR Management Guide, "Troubleshoot a Lake Formation cluster": no permissions on the requested table.
        UsualCause("aws lakeformation grant-permissions: SELECT and DESCRIBE on {table} for the user or role with "
                   "which the query runs, which may be the runtime role of the step or session.", None,
                   Who.RESOURCE_OWNER, shown_by=r"Unable to fetch table (?P<table>[\w.$-]*\w)",
                   decides="Lake Formation does not let the caller of the query use the table {table}, or the table "
                   "does not exist: in Lake Formation, grant the user or role SELECT and DESCRIBE on it."),
        UsualCause("Lake Formation protects the table, database or location. The grantor must be its administrator "
                   "or have the permission with the grant option, as well as lakeformation:GrantPermissions in IAM.",
                   "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        UsualCause("The location is not registered with Lake Formation (lakeformation:RegisterResource), or the "
                   "name of the database or table is mistyped or belongs to another catalog.",
                   "aws lakeformation list-resources", Who.RESOURCE_OWNER),
        UsualCause("The role with which a location is registered must trust lakeformation.amazonaws.com, and the trust "
                   "policy in the text names only {service}. Add lakeformation.amazonaws.com to it, and register the "
                   "location before the grant "
                   "(https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html).", None,
                   Who.RESOURCE_OWNER, needs_evidence=True,
                   shown_by=r"(?=[\s\S]*\b(?:un)?register\w*\b)(?![\s\S]*lakeformation\.amazonaws\.com)"
                   r"[\s\S]*\"Service\"\s*:\s*\[?\s*\"(?P<service>[\w.-]+\.amazonaws\.com)\""),
        page="https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html",
    ),
    row(
        "any privilege on specified resource",
        r"Principal does not have any privilege on specified resource",
        "the caller",
        "Lake Formation has no grant for the caller",
        "Lake Formation has no grant for the caller on the database, table or columns: IAM permissions alone are not "
        "enough.",
        UsualCause("Let a data lake administrator grant the caller's role SELECT and DESCRIBE on the table and "
                   "DESCRIBE on the database (aws lakeformation grant-permissions). For a resource link, also grant "
                   "SELECT and DESCRIBE on its target.",
                   "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        UsualCause('In IAM, the caller also needs lakeformation:GetDataAccess on "*".', None),
        page="https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html",
    ),
)  # fmt: skip
