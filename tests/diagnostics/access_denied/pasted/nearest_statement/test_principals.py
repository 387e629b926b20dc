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
