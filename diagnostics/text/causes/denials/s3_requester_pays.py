"""Causes in buckets whose requester pays, and in public data of another account."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.resources.open_data import may_need_a_payer
from diagnostics.who import Who

_REQUESTER_PAYS = r"\brequester[ _-]?pays\b(?!\W{0,3}[=:]\W{0,3}(?:False|0|no)\b)"
_PAYS_ENABLED = (
    r"\b(?:bucket|it)\b[^.\n]{0,40}\b(?:has|with|is|uses)\b(?! (?:no|not)\b)[^.\n]{0,12}\brequester pays\b(?! (?:off"
    r"|disabled))"
)
_PAYER_SENT = r"--request-payer\b|\brequest_?payer\b|x-amz-request-payer"


_PAYS_ALREADY = r"\baws s3(?:api)? (?:[^\n]|\\\n){0,300}?--request-payer\b"
_PAYER_WORKS = (
    r"--request-payer\b[^\n]{0,80}\b(?:works?|worked|fine|ok|succeeds?|lists|200)\b"
    r"|\b(?:works?|worked|succeeds?|fine)\b[^.\n]{0,60}--request-payer\b"
)


def _of_public_data(signs: Signs) -> FirstLook | None:
    """Return the cause if S3 refuses public data of another account to a caller who may read S3."""
    reads = signs.action in ("s3:getobject", "s3:listbucket", "")
    if signs.denial.stated_reason or signs.layer or not reads or signs.service not in ("", "s3"):
        return None
    said = may_need_a_payer(signs.denial.pasted or signs.denial.text)
    if not said:
        return None
    return FirstLook(
        "Repeat the call with --request-payer requester (x-amz-request-payer: requester; the caller pays): most "
        "likely the data is in a Requester Pays bucket, which answers 403 to other accounts without it, and to "
        "all anonymous requests. The caller's policies allow the read.",
        contains(said),
        None,
        Who.CALLER,
    )


def requester_pays(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a Requester Pays bucket refuses a program, and the text mentions the request header.

    Amazon S3 User Guide, "Downloading objects from Requester Pays buckets": 403 without x-amz-request-payer
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ObjectsinRequesterPaysBuckets.html).
    """
    if (public := _of_public_data(signs)) is not None:
        yield public
        return
    said, sent = signs.quote(_REQUESTER_PAYS), signs.quote(_PAYER_SENT)
    enabled = signs.quote(_PAYS_ENABLED)
    if not (said and (sent or enabled)) or signs.denial.principal or signs.layer or signs.service not in ("", "s3"):
        return
    if (given := signs.quote(_PAYS_ALREADY)) and not signs.says(_PAYER_WORKS):
        yield FirstLook(
            "The command sends the option for a Requester Pays bucket, so that option is not missing. Such a bucket "
            "accepts no anonymous requests: the caller's own policies must allow the action on it (s3:ListBucket on "
            "the bucket, s3:GetObject on its objects). The check shows the caller.",
            contains(given),
            WHO_AM_I,
            Who.ACCOUNT_ADMIN,
        )
        return
    yield FirstLook(
        "Send x-amz-request-payer: requester with each request, also to list and to read headers (Hadoop: "
        "fs.s3a.requester.pays.enabled): a Requester Pays bucket answers 403 to a request without it, unless its "
        "owner calls. Check whether the program leaves the option out in some calls. If the same credentials work "
        "with --request-payer, no policy is the cause.",
        contains(said, sent or enabled),
        None,
        Who.CALLER,
    )
