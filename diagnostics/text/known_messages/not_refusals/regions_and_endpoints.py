"""Rows for the Region or the endpoint that a program's settings lack or name wrongly."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_NONE_MISSING = "No AWS permission is missing."

MISSING_REGIONS: tuple[System, ...] = (
    # AWS Tools for PowerShell, "Specify AWS Regions"; SDKs and Tools Reference Guide, "AWS Region"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html).
    made_system(
        "the Region of the call",
        "Set a Region: AWS_REGION (for the CLI also AWS_DEFAULT_REGION), region in the profile, --region or -Region. "
        f"{_NONE_MISSING}",
        r"No\s+region\s+specified\s+or\s+obtained|You\s+must\s+specify\s+a\s+region|Unable\s+to\s+find\s+a\s+region\s+via"
        r"|could\s+not\s+find\s+region\s+configuration|Missing\s+[Rr]egion\s+in\s+config|Configuration:\s+Missing\s+Region|\bRegion\s+is\s+missing\b|MissingRegion\b"
        r"|Invalid\s+AWS\s+Region:\s*$|NoRegionError|No\s+RegionEndpoint\s+or\s+ServiceURL\s+configured"
        # AWS SDK for Go, version 2, and Terraform's provider.
        r"|an\s+AWS\s+region\s+is\s+required,\s+but\s+was\s+not\s+found|Invalid\s+Configuration:\s+Missing\s+Region",
        "region is required, but",
        "region specified",
        "specify a region",
        "find a region via",
        "find region configuration",
        "missing region",
        "missingregion",
        "region is missing",
        "invalid aws region",
        "noregionerror",
        "no regionendpoint",
        flags=re.MULTILINE,
        verdict="The program has no Region: no call reached AWS, and no permission is missing.",
        regional=True,
    ),
)

WRONG_ENDPOINTS: tuple[System, ...] = (
    # What AWS's front end answers if host, path or signing name belong to no operation of the service.
    made_system(
        "the endpoint of the call",
        "Compare host, path and signing name with the operation: the program, or a custom endpoint, sends the request "
        "to a different service. Objects of a table bucket (--table-s3) are at S3's own endpoint "
        f"(s3.REGION.amazonaws.com), not at s3tables.REGION. {_NONE_MISSING}",
        r"Unable\s+to\s+determine\s+service/operation\s+name\s+to\s+be\s+authorized",
        "unable to determine service/operation",
        subject=r"https?://([\w.-]+\.amazonaws\.com(?:\.cn)?)",
        verdict="No operation of the service has this host and path: the request went to a wrong endpoint, and no "
        "permission is missing.",
    ),
)

ENDPOINTS_OF_PROGRAMS: tuple[System, ...] = (
    # AWS SDKs and Tools Reference Guide, "Service-specific endpoints": AWS_ENDPOINT_URL is for every service
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
    made_system(
        "the endpoint in the program's settings",
        "For Amazon S3, Region and bucket are enough. In Loki, remove endpoint (and a host in the s3 URL) from the "
        "storage's s3 section. AWS_ENDPOINT_URL is for every service: set AWS_ENDPOINT_URL_S3 instead. "
        "No permission is missing: no role was assumed yet.",
        r"WebIdentity(?:Err|Role)\b[\s\S]{0,60}?(?:SerializationError|failed\s+to\s+unmarshal\s+error\s+message)"
        r"[\s\S]{0,80}?status\s+code:\s+40[45]\b"
        r"|AssumeRoleWithWebIdentity,\s+https\s+response\s+error\s+StatusCode:\s+40[45]\b",
        "webidentityerr",
        "assumerolewithwebidentity, https",
        verdict="Something other than STS answered the request for the pod's credentials: most likely the endpoint in "
        "the program's settings is used for STS, too.",
        title="Leave the endpoint out of the program's settings for S3",
        sure=False,
    ),
)
