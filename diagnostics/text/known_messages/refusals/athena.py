"""Messages of Amazon Athena about tables, data and query results."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
# Amazon QuickSight User Guide, "Insufficient permissions when using Athena with Amazon QuickSight"
# (https://docs.aws.amazon.com/quicksight/latest/user/troubleshoot-athena-insufficient-permissions.html).
_QUICKSIGHT = UsualCause(
    "A QuickSight administrator selects the bucket of the data (and the bucket of the results, with write permission "
    "for the Athena workgroup) under Manage QuickSight, Security and permissions. Then allow QuickSight's role "
    "(aws-quicksight-service-role-v0) kms:Decrypt on a customer managed key. With Lake Formation, grant SELECT to the "
    "QuickSight user or group.",
    None,
    Who.ACCOUNT_ADMIN,
    shown_by=r"\bQuick ?Sight\b",
    decides="QuickSight runs the query with its own role, whatever the reader may do in the Athena console: that role "
    "is not allowed to read the data. Select the bucket in QuickSight's settings.",
)

ATHENA_TABLES_AND_LOCATIONS: tuple[ServiceSentence, ...] = (
    row(
        "relation that has no columns",
        r"SELECT \* not allowed from relation that has no columns",
        "the caller of the query",
        "the caller sees no column of the table",
        "The caller sees no column of the table: if Lake Formation protects the table, the caller lacks SELECT on it "
        "or its columns; otherwise the table's definition has no columns.",
        UsualCause("Let a data lake administrator grant the caller SELECT on the table or columns (aws lakeformation "
                   "grant-permissions). For another engine (Trino), check the engine's own column privileges.",
                   "aws glue get-table --database-name DATABASE --name TABLE --query "
                   "Table.[StorageDescriptor.Columns,IsRegisteredWithLakeFormation]", Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/athena-glue-fix-select-error",
    ),
    row(
        "hive_cannot_open_split",
        r"HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split (?P<object>s3://[^\s()]+)(?=[\s\S]{0,600}"
        r"(?:Access ?Denied|Status Code: 403))",
        "whoever runs the query",
        "S3 refuses to let the caller read the data",
        "S3 does not let the caller of the query read the object {object}: Athena reads the data with the permissions "
        "of whoever runs the query.",
        _QUICKSIGHT,
        UsualCause("Allow the caller s3:GetObject on the data and s3:ListBucket on its bucket, in its policies and, "
                   "for a bucket of another account, in the bucket's policy; and kms:Decrypt on the data's key.",
                   "aws sts get-caller-identity", needs=("s3:GetObject", "s3:ListBucket")),
        UsualCause("An object that another account wrote may still belong to that account: set the bucket's Object "
                   "Ownership to BucketOwnerEnforced. Data that Lake Formation protects needs a Lake Formation grant "
                   "instead.",
                   "aws s3api get-bucket-ownership-controls --bucket BUCKET", Who.RESOURCE_OWNER),
        page=f"{_API}/athena/latest/ug/troubleshooting-athena.html",
    ),
    no_permission(
        "no output location provided",
        r"No output location provided\. An output location is required",
        "The query has no location for its results: set a result location in the workgroup or in the call "
        "(OutputLocation). No permission is missing.",
        "In the workgroup's settings set an S3 location to which the caller is allowed to write, or pass "
        "--result-configuration OutputLocation=s3://BUCKET/PREFIX/.",
        f"{_API}/athena/latest/ug/querying.html",
    ),
)  # fmt: skip

ATHENA_DATA_AND_RESULTS: tuple[ServiceSentence, ...] = (
    row(
        "permission denied on s3 path",
        r"Permission denied on S3 path: (?P<path>s3://\S+)",
        "whoever runs the query",
        "the caller is not allowed to read the data at {path}",
        "Whoever runs the query is not allowed to read the data at {path}: Athena reads S3 as the caller, and "
        "athena:* does not include this permission. The text does not show which policy is missing.",
        _QUICKSIGHT,
        UsualCause("Allow the caller s3:GetObject on the objects and s3:ListBucket on the bucket, and kms:Decrypt on "
                   "a customer managed key. A Deny in the bucket's policy refuses the read, too, and so does another "
                   "account's bucket without an Allow.",
                   needs=("s3:GetObject", "s3:ListBucket")),
        UsualCause("If Lake Formation manages the location, its registered role reads the data and needs these "
                   "permissions; the caller needs SELECT on the table there."),
        page="https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html",
    ),
    # Athena's own sentence; AWS managed policy AmazonAthenaFullAccess: the Glue actions that queries use.
    lacking(
        "create partitions on glue catalog",
        r"not authorized to create partitions on Glue catalog",
        "the caller of the query",
        ("glue:CreatePartition", "glue:BatchCreatePartition"),
        UsualCause("Allow whoever runs the query to perform glue:CreatePartition and glue:BatchCreatePartition (and "
                   "glue:UpdatePartition where partitions are overwritten) on the catalog, the database and the table. "
                   "The S3 location in the message only shows where data may have to be removed before the next "
                   "attempt."),
        page="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonAthenaFullAccess.html",
        on="on Glue's catalog, database and table",
    ),
    # Amazon Athena API Reference, "GetQueryResults": the caller also needs s3:GetObject on the location of the results.
    row(
        "access to the s3 location of your query results",
        r"do not seem to have access to the S3 location of your query results",
        "the caller of GetQueryResults",
        "the caller cannot read the file with the query's results",
        "Whoever calls GetQueryResults cannot read the results in S3: allow that caller s3:GetObject on the location "
        "of the results. Athena reads them with the caller's permissions; athena:* does not include this permission.",
        UsualCause("The results are encrypted with a KMS key: allow the caller kms:Decrypt on that key, in its "
                   "policies and in the key policy, in addition to s3:GetObject on the results.",
                   "aws athena get-query-execution --query-execution-id ID --query "
                   "QueryExecution.ResultConfiguration",
                   shown_by=r"\b(?:SSE|CSE)[_-]KMS\b|:kms:[\w-]*:\d|\balias/\w|\bkms:[A-Z]",
                   needs_evidence=True),
        UsualCause("Find the location of the results, and allow s3:GetObject on its objects and s3:ListBucket and "
                   "s3:GetBucketLocation on its bucket. A call with ExpectedBucketOwner also fails if another account "
                   "owns the bucket. Every call fails after a lifecycle rule has deleted the file.",
                   "aws athena get-query-execution --query-execution-id ID --query "
                   "QueryExecution.ResultConfiguration",
                   needs=("s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation")),
        page="https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("verify/create output bucket", "when writing output to url", "when writing to location"),
        r"Unable to verify/create output bucket(?: (?P<bucket>[a-z0-9][a-z0-9.-]{2,62}))?"
        r"|Access denied when writing (?:output to url|to location): s3://(?P<written>[a-z0-9][a-z0-9.-]{2,62})",
        "the caller of the query",
        "the caller is not allowed to use the query's output location",
        "The caller of the query is not allowed to write its results to the output location, or the bucket does not "
        "exist in this Region. Athena calls S3 with the caller's own permissions.",
        # Amazon QuickSight User Guide, "Insufficient permissions when using Athena with Amazon QuickSight"
        # (https://docs.aws.amazon.com/quicksight/latest/user/troubleshoot-athena-insufficient-permissions.html).
        UsualCause("QuickSight makes the query with its own role: a QuickSight administrator selects the bucket of the "
                   "results, with write permission for the Athena workgroup.", None, Who.ACCOUNT_ADMIN,
                   shown_by=r"\bQuick ?Sight\b",
                   decides="QuickSight runs the query with its own role: select the results' bucket, with write "
                   "permission for the Athena workgroup, under Manage QuickSight, Security and permissions."),
        UsualCause("The workgroup encrypts the results with a KMS key (SSE_KMS): the caller also needs "
                   "kms:GenerateDataKey and kms:Decrypt on that key, in its policies and in the key policy. The "
                   "bucket's own default encryption does not matter for this.",
                   "aws athena list-work-groups --query 'WorkGroups[].Name'",
                   shown_by=r"\b(?:SSE|CSE)[_-]KMS\b", needs_evidence=True),
        UsualCause("The caller lacks s3:GetBucketLocation and s3:ListBucket on the output bucket, or s3:PutObject, "
                   "s3:GetObject, s3:ListMultipartUploadParts and s3:AbortMultipartUpload on its objects, or the use "
                   "of its KMS key. AmazonAthenaFullAccess covers only buckets named aws-athena-query-results-*.",
                   "aws athena list-work-groups --query 'WorkGroups[].Name'"),
        UsualCause("The program assumes the role {role} for the query: give the permissions to that role.", None,
                   needs_evidence=True,
                   shown_by=r"\bassume_?role(?:_?arn)?[\"']?\s*[:=]\s*[\"']?arn:[\w-]+:iam::\d{12}:role/(?P<role>[\w+=,.@/-]+)"),
        UsualCause("The output location names a bucket that does not exist or is in another Region; the work group's "
                   "own location overrides the client's.", "aws athena list-work-groups", Who.CALLER),
        page="https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html",
        actions=("s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "s3:PutObject",
                 "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"),
    ),
)  # fmt: skip
