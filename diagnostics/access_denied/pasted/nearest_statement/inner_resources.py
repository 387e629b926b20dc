"""Why the closest statement does not match: it names only the resource's container, such as the bucket of an object."""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.nearest_statement.lack import Closest, Lack
from diagnostics.access_denied.pasted.placeholders import OF_BUCKET, OF_TABLE
from iam.lazy_pattern import regex
from iam.policy.decision import NearMiss
from iam.policy.request import Request


def names_the_outer_resource(closest: Closest) -> Lack | None:
    """The statement names the resource's container, such as its bucket."""
    found = _without_inner(closest.near, closest.request) if closest.by_name else None
    if not found:
        return None
    inner, kind = found
    return Lack(f": that is the {kind}, so add {inner}{_of_its_keys(closest.near, inner)}", inner=inner)


def _without_inner(near: NearMiss, request: Request) -> tuple[str, str] | None:
    """Return the resource to add if a statement names only the container.

    The statement names a bucket and not its objects, a table and not its indexes, a log group and not its streams, or a
    secret without the end of its ARN.
    """
    bucket, table = re.match(r"arn:[\w-]+:s3:::[^/]+(?=/)", request.resource), _INDEX.match(request.resource)
    version = _VERSION.match(request.resource)
    group, secret = _STREAM.match(request.resource), _SECRET.match(request.resource)
    for own, pattern, ends, kind in (
        (bucket, OF_BUCKET, "/*", "bucket without its objects"),
        (table, OF_TABLE, "/index/*", "table without its indexes"),
        (group, None, ":*", "log group without its streams"),
        (version, None, ":*", "function without its versions and aliases"),
        (secret, None, "-??????", "secret without the dash and the six characters that end its ARN"),
    ):
        if own is None:
            continue
        named = next(
            (
                each
                for each in near.wanted
                if each == own[0] or own[0].endswith((f"/{each}", f":{each}")) or (pattern and pattern.fullmatch(each))
            ),
            None,
        )
        if named is not None:
            return f"{named}{ends}", kind
    return None


def _of_its_keys(near: NearMiss, inner: str) -> str:
    """Return what the statement's condition on the partition key means for an index; "" without such a condition.

    A query on an index uses the index's own partition key. Amazon DynamoDB Developer Guide, "Using IAM policy
    conditions for fine-grained access control"
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
    """
    blocks = near.policy.document.statements[near.statement].conditions
    if "/index/" not in inner or not any(each.key.lower() == "dynamodb:leadingkeys" for each in blocks):
        return ""
    return (
        ". Its condition on dynamodb:LeadingKeys then tests the index's partition key, so a query is still refused "
        "on an index whose partition key is another attribute"
    )


_STREAM = regex(r"arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:]+(?=:)")


_SECRET = regex(r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:\S+(?=-(?:[A-Za-z0-9]{6}|\?{6})$)")


# AWS Lambda Developer Guide, "Fine-tuning the Resources and Conditions sections of policies"
# (https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html).
_VERSION = regex(r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[^:]+(?=:)")


_INDEX = regex(r"arn:[\w-]+:dynamodb:[^/]+/[^/]+(?=/index/)")
