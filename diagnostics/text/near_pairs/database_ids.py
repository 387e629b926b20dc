"""Find a database whose resource ID differs from the only one that a statement on rds-db:connect names."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from iam.lazy_pattern import regex

# Amazon RDS User Guide, "Creating and using an IAM policy for IAM database access": the ARN has the resource ID, which
# is unique to a Region and never changes
# (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html).
_ID = r"(?P<kind>db|cluster)-[A-Z0-9]{20,30}"
_SHOWN = regex(rf"(?<![\w:/-])(?P<id>{_ID})(?![\w/-])")
_IN_ARN = regex(rf"arn:[\w-]+:rds-db:[a-z0-9-]+:\d{{12}}:dbuser:(?P<id>{_ID})/[^\s\"',\]}}]+")


def of_database_ids(paste: Paste) -> Iterator[NearPair]:
    """Yield the resource ID that the text shows for a database, if the statements name only another one of its kind."""
    if "rds-db" not in paste.text:
        return
    named = {found["id"]: found for found in _IN_ARN.finditer(paste.text)}
    for kind in ("db", "cluster"):
        shown = {
            found["id"]: found
            for found in _SHOWN.finditer(paste.text)
            if found["kind"] == kind and paste.at(found.start()).side is not Side.RULE
        }
        wanted = {each: found for each, found in named.items() if found["kind"] == kind}
        if len(shown) != 1 or len(wanted) != 1 or shown.keys() == wanted.keys():
            continue
        ((current, at),), ((old, arn),) = shown.items(), wanted.items()
        yield NearPair(
            "database",
            current,
            paste.at(at.start()).place,
            old,
            "the policy",
            "they are the IDs of two databases",
            Basis.RECREATED,
            "identity.resource-mismatch",
            whole=arn[0].replace(old, current),
        )
