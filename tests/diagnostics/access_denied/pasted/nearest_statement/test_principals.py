"""A trust policy that names the role of a permission set without the role's path."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

DENIED = (
    "User: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_1a2b3c/ana is not authorized to perform: "
    "sts:AssumeRole on resource: arn:aws:iam::444455556666:role/ops\ntrust policy of ops: "
    '{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::111122223333:role/{}"}},'
    '"Action":"sts:AssumeRole"}}]}}'
)


@pytest.mark.parametrize(
    ("named", "without_path"),
    [
        ("AWSReservedSSO_Dev_1a2b3c", True),
        ("AWSReservedSSO_Ops_9f8e7d", False),
        ("Dev", False),
    ],
)
def test_the_role_of_a_permission_set_has_a_path(named: str, without_path: bool) -> None:
    found = collect_offline(read_text(DENIED.format(named))[0])
    assert ("without its path" in found.verdict.summary) is without_path
    if without_path:
        assert "role/aws-reserved/sso.amazonaws.com/REGION/AWSReservedSSO_Dev_1a2b3c" in str(found.fixes[0])


@pytest.mark.parametrize(
    ("principal", "renamed"), [("AROAEXAMPLEEXAMPLE12", True), ("arn:aws:iam::111122223333:role/other", False)]
)
def test_the_id_of_a_role_that_was_created_again_is_replaced_by_its_arn(principal: str, renamed: bool) -> None:
    trust = f'{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}}]}}'
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/batch/s is not authorized to perform: sts:AssumeRole on "
        f"resource: arn:aws:iam::444455556666:role/ops\ntrust policy of ops: {trust}"
    )
    first = str(collect_offline(read_text(text)[0]).fixes[0])
    assert ("AROAEXAMPLEEXAMPLE12" in first and "arn:aws:iam::111122223333:role/batch" in first) is renamed


def test_the_role_of_a_session_exists_so_only_the_other_name_may_be_wrong() -> None:
    trust = (
        '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/shipper"},'
        '"Action":"sts:AssumeRole"}]}'
    )
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/shippers/s is not authorized to perform: sts:AssumeRole on "
        f"resource: arn:aws:iam::444455556666:role/ops\ntrust policy of ops: {trust}"
    )
    found = collect_offline(read_text(text)[0])
    assert "AWS names a session of shippers, so that role exists" in found.verdict.summary
    assert "Find out which" not in str(found.fixes[0])
    assert "Otherwise make the call with the role shipper." in str(found.fixes[0])


@pytest.mark.parametrize(("said", "both"), [("Both roles exist in our account.", True), ("", False)])
def test_two_similar_roles_that_both_exist(said: str, both: bool) -> None:
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/loader/x is not authorized to perform: s3:PutObject on resource: "
        f'"arn:aws:s3:::raw/a" because no resource-based policy allows the s3:PutObject action. {said}\n'
        "bucket policy: Principal AWS: arn:aws:iam::111122223333:role/loaders, Action s3:PutObject\n"
    )
    assert ("The text shows that both exist" in collect_offline(read_text(text)[0]).verdict.summary) is both
