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
