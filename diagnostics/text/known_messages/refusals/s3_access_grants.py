"""Messages of S3 Access Grants."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"

S3_ACCESS_GRANTS: tuple[ServiceSentence, ...] = (
    row(
        "permissions to the requested s3 prefix",
        r"do not have (?P<permission>READWRITE|READ"
        r"|WRITE) permissions to the requested S3 Prefix: (?P<prefix>s3://\S+)",
        "the caller",
        "no access grant covers {prefix}",
        "No S3 access grant gives this caller {permission} on {prefix}: create a grant, or request a prefix that the "
        "caller's grant covers. Bucket policies do not matter here.",
        UsualCause("List the grants: the grantee must be this very IAM user or role (or the directory user or group), "
                   "and the grant's scope must contain the requested prefix. The default Privilege requests the full "
                   "scope of the best matching grant.",
                   "aws s3control list-access-grants --account-id ACCOUNT", Who.RESOURCE_OWNER),
        page=f"{_S3}/access-grants-get-data-access.html",
    ),
    row(
        "createaccessgrantslocation",
        r"CreateAccessGrantsLocation(?=[\s\S]{0,400}(?:assume|trust))",
        "S3 Access Grants",
        "S3 Access Grants cannot assume the role of the location",
        "S3 Access Grants cannot assume the location's role: its trust policy must let access-grants.s3.amazonaws.com "
        "perform sts:AssumeRole, sts:SetSourceIdentity and sts:SetContext.",
        UsualCause("Correct the role's trust policy; sts:SetContext is only needed for grants to directory users. A "
                   "condition on aws:SourceAccount or aws:SourceArn must name the Access Grants instance.", None,
                   Who.RESOURCE_OWNER),
        page=f"{_S3}/access-grants-location-register.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
