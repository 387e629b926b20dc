"""Messages of Keyspaces about users without permissions: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


def answer(text: str) -> str:
    diagnoses = [collect_offline(failure) for failure in read_text(text)]
    return "\n".join(f"{each.verdict.summary} {' '.join(look.cause for look in each.first_look)}" for each in diagnoses)


KEYSPACES = (
    'cqlsh cassandra.us-east-1.amazonaws.com 9142 --ssl\ncode=2100 [Unauthorized] message="User '
    'arn:aws:iam::444455556666:user/load has no permissions."\n'
)


REGIONS = '{"Condition": {"StringEquals": {"aws:RequestedRegion": %s}}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cassandra.Unauthorized: Error from server: code=2100 [Unauthorized] message=\"User "
         "arn:aws:iam::444455556666:user/load has no permissions.\"\nkeyspace: shop table: orders",
         "/keyspace/shop/table/orders"),
        (KEYSPACES + REGIONS % '"eu-west-1"', "to the endpoint of eu-west-1"),
        (KEYSPACES + "Condition: StringEquals aws:RequestedRegion eu-central-1", "call went to us-east-1"),
        (KEYSPACES.replace("us-east-1", "ap-south-1") + REGIONS % '["us-east-1"]', "call went to ap-south-1"),
        (KEYSPACES + REGIONS % '"us-east-1"', "names neither the action"),
        (KEYSPACES + REGIONS % '["eu-west-1", "us-east-1"]', "names neither the action"),
        ("com.datastax.oss.driver.api.core.servererrors.UnauthorizedException: User "
         "arn:aws:sts::444455556666:assumed-role/etl/x has no permissions.", "cassandra:Modify to write"),
    ],
)  # fmt: skip
def test_the_text_decides_what_a_user_of_keyspaces_lacks(text: str, said: str) -> None:
    assert said in answer(text)
