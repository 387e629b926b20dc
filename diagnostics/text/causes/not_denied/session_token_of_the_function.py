"""The session token of a Lambda function that a library sends together with another store's keys."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains, quoted
from diagnostics.who import Who

_FUNCTION = r"\b(?:AWS )?Lambda(?! authorizer)\b"
_OWN_KEYS = (
    r"\bstatic (?:keys|credentials)\b|\bCREATE (?:OR REPLACE )?SECRET\b[^;]{0,200}\bKEY_ID\b|\baccess_?key_?id\b"
    r"|\bsecret_?access_?key\b"
)
_OTHER_STORE = (
    r"\br2\.cloudflarestorage\.com\b|\bCloudflare R2\b|\bMinIO\b|\bBackblaze\b|\bWasabi\b|\bDigitalOcean Spaces\b"
    r"|\bS3[- ]compatible\b|\bGarage\b|\bCeph\b|\bHetzner\b|\bScaleway\b"
)
_REFUSED = (
    r"\bHTTP(?: code| status)?:? ?40[03]\b|\b40[03] (?:Bad Request|Forbidden)\b|\bBad Request\b|\bInvalidToken\b"
    r"|\bX-Amz-Security-Token\b"
)
_WITHOUT = r"\bunset\b[^\n]{0,40}\bAWS_SESSION_TOKEN\b|\bno AWS_SESSION_TOKEN\b"


def of_the_function(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a function calls a store that is not Amazon S3 with keys of that store.

    AWS Lambda Developer Guide, "Using Lambda environment variables": the runtime sets AWS_SESSION_TOKEN
    (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html); what users found of a library that adds
    it to other keys (https://github.com/duckdb/duckdb-httpfs/issues/254).
    """
    text = failure.text
    if failure.trouble is not Trouble.UNRECOGNIZED or quoted(text, _WITHOUT):
        return
    said = [quoted(text, each) for each in (_FUNCTION, _OWN_KEYS, _OTHER_STORE, _REFUSED)]
    if not all(said):
        return
    yield FirstLook(
        "Remove AWS_SESSION_TOKEN from the process before the library connects: Lambda sets it to its own role's "
        "token, and most likely the library sends that token with the store's keys, which the store refuses. Neither "
        "the keys nor the function's role have to change. To prove it, look for X-Amz-Security-Token in the request.",
        contains(said[0], said[2]),
        None,
        Who.CALLER,
        decides=True,
    )
