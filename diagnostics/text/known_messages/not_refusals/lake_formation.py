"""Rows for Lake Formation's own permissions, columns and locations."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

LAKE_LOCATION = "Lake Formation's permission on the location"
COLUMN = "the column, or Lake Formation's permission on it"

LAKE_COLUMNS: tuple[System, ...] = (
    # AWS Lake Formation developer guide, "Data filtering and cell-level security"
    # (https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html); Athena User Guide, "Manage
    # Lake Formation and Athena user permissions"
    # (https://docs.aws.amazon.com/athena/latest/ug/lf-athena-user-permissions.html).
    made_system(
        COLUMN,
        "Compare the columns that DESCRIBE shows to this caller with those of the table (AWS Glue). If the table has "
        "the column, a Lake Formation administrator must grant SELECT on it. IAM policies, including "
        "AdministratorAccess, do not grant that. If the table has no column of that name, correct the query.",
        r"Column\s+'[^'\n]{1,128}'\s+cannot\s+be\s+resolved\s+or\s+requester\s+is\s+not\s+authorized",
        "or requester is not authorized",
        subject=r"Column\s+'([^'\n]{1,128})'",
        verdict="Athena refused the column {name}: the table has no column of that name, or Lake Formation does not "
        "grant it to the caller.",
        title="Compare the table's columns, and grant SELECT on the column",
        sure=False,
    ),
)

LAKE_LOCATIONS: tuple[System, ...] = (
    # AWS Lake Formation developer guide, "Granting data location permissions"
    # (https://docs.aws.amazon.com/lake-formation/latest/dg/granting-location-permissions.html).
    made_system(
        LAKE_LOCATION,
        "Let a Lake Formation administrator grant it: aws lakeformation grant-permissions --principal "
        "DataLakePrincipalIdentifier=ROLE-ARN --permissions DATA_LOCATION_ACCESS, with the registered location as "
        "DataLocation. S3 and Glue policies do not replace this grant, and neither does CREATE_TABLE on the database.",
        r"Insufficient\s+Lake\s+Formation\s+permission\(s\)\s+on\s+s3://",
        "insufficient lake formation permission",
        subject=r"permission\(s\)\s+on\s+(s3://[^\s\"'()]{3,200})",
        verdict="Lake Formation refuses the location {name}: the role lacks its data location permission, which must "
        "be granted separately.",
        title="Grant DATA_LOCATION_ACCESS on the location",
    ),
)
LAKE_FORMATION: tuple[System, ...] = (
    made_system(
        "Lake Formation",
        "Check Lake Formation's own permissions on the database, table and location: IAM alone does not grant them.",
        r"Insufficient\s+Lake\s+Formation\s+permission|Required\s+\w+\s+on\s+\w[^\n]{0,200}Lake\s+Formation"
        r"|Relation\s+contains\s+no\s+accessible\s+columns",
        "lake formation",
        "no accessible columns",
    ),
)
