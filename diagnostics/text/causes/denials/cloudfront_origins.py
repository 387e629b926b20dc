"""Causes of a refusal by the S3 origin of a CloudFront distribution."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import StatedFact
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.messages.additions_to_message import facts_of
from diagnostics.who import Who

_OTHER_ORIGIN = (
    r"\borigin\b[^.\n]{0,40}\b(?:ALB|ELB|load balancer|API Gateway|EC2|nginx)\b|\b(?:ALB|load balancer) origin\b"
)


_CLOUDFRONT = r"Error from cloudfront|\.cloudfront\.net|origin access (?:control|identity)"


_LEGACY_IDENTITY = r"origin[- ]access[- ]identity(?:/cloudfront/\w+)?|\bOAI\b|legacy access identity"


def distribution(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a CloudFront distribution that S3 denies.

    CloudFront Developer Guide, "Restrict access to an Amazon S3 origin"
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html);
    re:Post, "Why does CloudFront return HTTP response code 403 from Amazon S3?".
    """
    if signs.denial.principal or signs.denial.action or not signs.says(r"AmazonS3|\bS3\b|\bAccessDenied\b"):
        return
    if not (said := signs.quote(_CLOUDFRONT)) or signs.says(_OTHER_ORIGIN):
        return
    if (identity := signs.quote(_LEGACY_IDENTITY)) and not signs.says(r"origin access control|\bOAC\b(?!\s*\?)"):
        known = re.search(r"(?i:origin[- ]access[- ]identity)(?:/cloudfront/| )(E[A-Z0-9]{6,14})\b", signs.denial.text)
        which = known[1] if known else "ID"
        signs_in = signs.says(r"(?i)\bsign(?:s|ed)?[- ]?in\b|\blog[- ]?in\b|\bcognito\b|lambda@edge|\bauth\w*")
        in_front = " The sign-in in front of the distribution is not the cause." if signs_in else ""
        yield FirstLook(
            "S3 refused the distribution's origin access identity: the bucket's policy must let "
            f"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity {which} (or CanonicalUser with the "
            "identity's S3CanonicalUserId) perform s3:GetObject on BUCKET/*. Do not use cloudfront.amazonaws.com, "
            f"which is for an origin access control.{in_front}",
            contains(identity),
            reading("cloudfront", "list-cloud-front-origin-access-identities"),
            Who.RESOURCE_OWNER,
        )
        yield FirstLook(
            "The object does not exist: unless the identity has s3:ListBucket on the bucket, S3 answers 403 instead of "
            "404. Check the key, the origin path and the default root object.",
            contains(said),
            None,
            Who.CALLER,
        )
        return
    if (serves := facts_of(signs.denial).get(StatedFact.SERVES)) is not None:
        yield FirstLook(
            "Most likely the object does not exist: other objects are served, and without s3:ListBucket S3 answers 403 "
            "instead of 404 for a missing key. For a single-page app, add an error response for 403, too, that returns "
            "/index.html with 200; or let CloudFront perform s3:ListBucket on the bucket.",
            contains(serves.words),
            None,
            Who.CALLER,
        )
        return
    yield FirstLook(
        "CloudFront calls S3 as a service, not as you: the bucket's policy must let cloudfront.amazonaws.com perform "
        "s3:GetObject on BUCKET/*, with AWS:SourceArn = the distribution's ARN. With an origin access identity, the "
        "policy must name that identity instead.",
        contains(said),
        reading("cloudfront", "list-distributions", query="DistributionList.Items[].[Id,DomainName]"),
        Who.RESOURCE_OWNER,
    )
    yield FirstLook(
        "The object does not exist: unless CloudFront has s3:ListBucket, S3 answers 403 instead of 404. Check the "
        "key, the origin path and the default root object.",
        contains(said),
        None,
        Who.CALLER,
    )
    if encrypted := signs.quote(r"\bSSE-KMS\b|aws:kms\b|\bKMS\b"):
        yield FirstLook(
            "The object is encrypted with a KMS key whose policy does not let cloudfront.amazonaws.com decrypt.",
            contains(encrypted),
            None,
            Who.RESOURCE_OWNER,
        )
