"""Further permissions that S3's jobs, CloudFront, X-Ray, Prometheus and EFS need."""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, MANAGED, SAR, Known, known_row

STORAGE_AND_MONITORING: tuple[Known, ...] = (
    known_row(
        r"s3:putreplicationconfiguration$",
        r"",
        "The call passes the replication role to S3: the caller also needs iam:PassRole on that role, to "
        "s3.amazonaws.com. Both buckets must have versioning.",
        f"{DOCS}/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
    ),
    known_row(
        r"s3:createjob$",
        r"",
        'S3 Batch Operations: s3:CreateJob needs Resource "*", and the caller needs iam:PassRole on the job\'s '
        "role, which trusts batchoperations.s3.amazonaws.com and reads the manifest and writes the report.",
        f"{DOCS}/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html",
    ),
    known_row(
        r"s3:bypassgovernanceretention$",
        r"",
        "An object under Object Lock in governance mode is deleted only with s3:BypassGovernanceRetention and "
        "the header x-amz-bypass-governance-retention: true. In compliance mode, nobody can delete it.",
        f"{DOCS}/AmazonS3/latest/userguide/object-lock-managing.html",
    ),
    known_row(
        r"cloudfront:createinvalidation$",
        r"",
        "cloudfront:CreateInvalidation is checked on arn:aws:cloudfront::ACCOUNT:distribution/ID, without a "
        "Region; waiting for it needs cloudfront:GetInvalidation too.",
        f"{SAR}/list_amazoncloudfront.html",
    ),
    known_row(
        r"xray:puttracesegments$|xray:puttelemetryrecords$",
        r"",
        "X-Ray's write actions need Resource \"*\" (AWSXRayDaemonWriteAccess): a function's execution role, a "
        "task role for a sidecar, or the instance's role needs them.",
        f"{MANAGED}/AWSXRayDaemonWriteAccess.html",
    ),
    known_row(
        r"aps:",
        r"",
        "Amazon Managed Prometheus is checked on the workspace: aps:RemoteWrite to write "
        "(AmazonPrometheusRemoteWriteAccess), aps:QueryMetrics, GetSeries, GetLabels and GetMetricMetadata to "
        "query. The request must be signed for aps.",
        f"{DOCS}/prometheus/latest/userguide/AMP-and-IAM.html",
    ),
    known_row(
        r"elasticfilesystem:client(?:mount|write|rootaccess)$",
        r"",
        "Mounting needs elasticfilesystem:ClientMount, writing ClientWrite, and root ClientRootAccess on the file "
        "system, for the mounting role (options tls,iam). They may be in its policies or in the file system policy.",
        f"{DOCS}/efs/latest/ug/iam-access-control-nfs-efs.html",
    ),
)
