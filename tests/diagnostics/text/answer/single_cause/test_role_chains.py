"""A chain of roles that Redshift cannot assume."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

BASE = "arn:aws:iam::111122223333:role/rs-base"
DATA = "arn:aws:iam::444455556666:role/lake-read"
USER = "ERROR: User arn:aws:redshift:eu-west-1:111122223333:dbuser:dwh/etl is not authorized to assume IAM Role {}"
GET = "ERROR: Not authorized to get credentials of role {}\nrs-base is associated with the cluster"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (USER.format(f"{DATA},{BASE}"), f"must begin with {BASE}, the role that is attached to the cluster"),
        (GET.format(f"{DATA},{BASE}"), f"must begin with {BASE}, the role that is attached to the cluster"),
        (
            USER.format(f"{BASE},{DATA}"),
            "it may assume lake-read (sts:AssumeRole); and the trust policy of lake-read names rs-base",
        ),
        (USER.format(DATA), "First read the role's trust policy"),
    ],
)
def test_the_order_of_the_chain_is_compared_with_the_cluster(text: str, words: str) -> None:
    assert words in collect_offline(read_text(text)[0]).verdict.summary
