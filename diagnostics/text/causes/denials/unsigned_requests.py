"""Unsigned requests of a browser, plain HTTP client or DuckDB, which AWS refuses unless a policy admits everybody.

Amazon S3 API Reference, "GetObject" (403 in place of 404 without s3:ListBucket:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html) and "GetBucketPolicyStatus"
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html); Boto3, "Presigned URLs"
(https://boto3.amazonaws.com/v1/documentation/api/latest/guide/s3-presigned-urls.html); IAM User Guide, "AWS Signature
Version 4 for API requests" (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, matches, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.services import iam_prefix

_LINK = regex(
    r"https?://(?!\S*s3-website)(?:(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.s3(?:[.-][a-z0-9-]+)*"
    r"|s3(?:[.-][a-z0-9-]+)*)"
    r"\.amazonaws\.com(?:\.cn)?/[^\s\"'<>)]*"
)
_SIGNED = (
    r"X-Amz-(?:Signature|Credential)|[?&](?:Signature|AWSAccessKeyId)=|\bpre-?signed?\b|Authorization:|--aws-sigv4"
)
_OF_A_PROGRAM = (
    r"when calling the \w+ operation|\boperation error S3\b|\bboto\w*|\baws s3\b|\baws s3api\b|\bS3Client\b"
    r"|S3Exception|\bGeneric S3 error\b|\bError performing (?:GET|HEAD|PUT|LIST)\b|\b(?:duckdb|polars|deltalake"
    r"|rclone|s3fs)\b"
    r"|\bCloudFront\b|\bterraform\b|\bs3:[A-Z]\w+|\barn:aws"
)
_OPENED = (
    r"\bbrowser\b|\bcurl\b|\bwget\b|\bincognito\b|\bpublic(?:ly)?\b|<Message>Access Denied</Message>|\banonymous\w*"
    r"|\b(?:open|click|visit|paste)\w* (?:the|this|a|its)? ?(?:link|url|page|file|image)\b|\b(?:link|url)\b"
    r"|<(?:img|a|script) |\b(?:GET|HEAD) https?://\S+ (?:net::\w+ )?(?:403 \(|\[HTTP/)"
    r"|\bserver responded with a status of\b|\bawaiting response\.\.\."
)
"""Signs of a browser or of a plain client."""
_SHOULD_BE_PRIVATE = (
    r"\b(?:from|on) the (?:public )?internet\b|\bfindings?\b|\b(?:security|vulnerability) (?:scan\w*|test|report)\b|"
    r"\b(?:is|are) (?:our|the|my|this|that) [\w' -]{0,40}public\b|\bauditors?\b|\bgood or bad\b|\bpen[- ]?test\w*"
    r"|\bshould(?: not|n['’]t) be (?:public|readable|reachable)|\bmust not be public\b|\bexposed\b|\bleak\w*"
)


def plain_link(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an unsigned link was refused, as it should be unless the object is public."""
    denial = signs.denial
    if denial.principal or denial.stated_reason or signs.action not in ("", "s3:getobject", "s3:listbucket"):
        return
    links = list(_LINK.finditer(denial.text))
    if not links or signs.says(_SIGNED) or signs.says(_OF_A_PROGRAM) or not signs.says(_OPENED):
        return
    bucket = next((each["bucket"] for each in links if each["bucket"]), None)
    if matches(denial.text, _SHOULD_BE_PRIVATE):
        advice = (
            "This is intended: nobody can read the object with only the link. Change nothing: let readers sign in, "
            "or give them a presigned URL (aws s3 presign). This answer shows nothing about other objects: for "
            "these, check the bucket's policy, its ACLs and Block Public Access."
        )
    else:
        advice = (
            "If the object is meant to be private, change nothing: let readers sign in, or give them a presigned URL "
            "(aws s3 presign). If everybody may read it, check Block Public Access and the bucket's policy, or let "
            "CloudFront serve it."
        )
    yield FirstLook(
        "The link has no signature, so S3 refuses it unless the object is public; a missing object gives the same "
        f"answer. {advice}",
        contains(links[0][0][:96]),
        reading("s3api", "get-bucket-policy-status", ("bucket", bucket)) if bucket else None,
        Who.RESOURCE_OWNER,
    )


_CLIENT = (
    r"\b(?:curl|wget|https?ie|Invoke-(?:RestMethod|WebRequest)|irm|iwr|GET|POST|browser|open(?:ed|ing)?"
    r"|visit(?:ed|ing)?)\b"
)
_ENDPOINT = regex(
    rf"{_CLIENT}[^\n]{{0,120}}?(?P<url>https?://(?P<service>[a-z][a-z0-9-]+)\.[a-z]{{2}}(?:-[a-z]+)+-\d"
    r"\.amazonaws\.com(?:\.cn)?/[^\s\"'<>)]*)",
    re.IGNORECASE,
)
"""A request to the endpoint of an AWS service. Hosts of load balancers, instances and APIs have another form."""
_WITH_CREDENTIALS = rf"{_SIGNED}|\b(?:-u|--user)[ =]|x-amz-date|x-api-key|\bawscurl\b|\bSigV4\b"


def plain_request(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an unsigned request was refused, as it should be unless everybody is allowed to call."""
    denial = signs.denial
    request = _ENDPOINT.search(denial.text)
    if request is None or denial.principal or denial.stated_reason or iam_prefix(request["service"]) in (None, "s3"):
        return
    if signs.says(_WITH_CREDENTIALS) or signs.says(_OF_A_PROGRAM):
        return
    wanted = (
        "That is the expected answer"
        if matches(denial.text, _SHOULD_BE_PRIVATE)
        else "If the resource is meant to be private, this answer is correct"
    )
    yield FirstLook(
        "The request has no signature, so AWS refuses it unless a policy of the resource lets everybody call. "
        f"{wanted}: open nothing and change no policy. Callers who are allowed to call sign the request (AWS CLI, SDK, "
        f"curl "
        "--aws-sigv4). This answer does not show what others are allowed to do: check the resource's policy for "
        'Principal "*".',
        contains(request["url"][:96]),
        None,
        Who.RESOURCE_OWNER,
    )


_DUCKDB = r"\bduck[-_ ]?db\b|\bhttpfs\b|\biceberg_scan\b"


_DUCKDB_SIGNS = (
    r"\bCREATE (?:OR REPLACE )?(?:PERSISTENT )?SECRET\b|\bs3_access_key_id\b|\bload_aws_credentials\b|\bKEY_ID\b"
)


def duckdb(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if DuckDB was refused, and the text shows no secret for it.

    DuckDB's documentation, "S3 API support" (https://duckdb.org/docs/stable/core_extensions/httpfs/s3api.html).
    """
    if signs.denial.principal or signs.denial.stated_reason or signs.service not in ("", "s3"):
        return
    unsent = signs.quote(r"No credentials are provided")
    said = signs.quote(_DUCKDB) or (signs.quote(r"\bread_(?:parquet|csv|json)\w*\(['\"]s3://") if unsent else "")
    if not said or not (unsent or signs.says(r"\b403\b")) or (not unsent and signs.says(_DUCKDB_SIGNS)):
        return
    sure = "" if unsent else "most likely "
    yield FirstLook(
        f"DuckDB {sure}sent the request without credentials: on its own, it looks neither for a profile nor for the "
        f"role "
        "of its pod or instance. Load DuckDB's extension aws and run CREATE SECRET (TYPE s3, PROVIDER "
        "credential_chain, "
        "REGION '…'). If it has a secret, SELECT * FROM which_secret('s3://BUCKET/', 's3') shows whether it applies. "
        + ("No policy is at fault." if unsent else "Change no policy before that."),
        contains(unsent or said),
        None,
        Who.CALLER,
    )
