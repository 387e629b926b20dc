"""The caller is compared with the list of allowed principals of an endpoint service."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

SERVICE = "com.amazonaws.vpce.us-east-2.vpce-svc-0a7c3e91b5d4f2680"
FAILED = (
    "An error occurred (InvalidServiceName) when calling the CreateVpcEndpoint operation: The Vpc Endpoint Service "
    f"'{SERVICE}' does not exist\n"
)
WHO = '$ aws sts get-caller-identity\n{{"Account": "111122223333", "Arn": "{}"}}\n'
SESSION = WHO.format("arn:aws:sts::111122223333:assumed-role/net-pipeline/run-1")
LISTED = 'provider:\n{{"AllowedPrincipals": [{{"PrincipalType": "Role", "Principal": "{}"}}]}}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            FAILED + SESSION + LISTED.format("arn:aws:iam::111122223333:role/net-admin"),
            "role/net-admin, and the caller is arn:aws:iam::111122223333:role/net-pipeline",
        ),
        (
            WHO.format("arn:aws:iam::111122223333:user/kim")
            + FAILED
            + 'allowed_principals = ["arn:aws:iam::111122223333:user/lee", "arn:aws:iam::444455556666:root"]\n',
            "the caller is arn:aws:iam::111122223333:user/kim",
        ),
        (FAILED + SESSION + LISTED.format("arn:aws:iam::111122223333:root"), "admits"),
        (FAILED + SESSION + LISTED.format("arn:aws:iam::111122223333:role/ci/net-pipeline"), "admits"),
        (FAILED + LISTED.format("arn:aws:iam::111122223333:role/net-admin"), "has not allowed this account"),
    ],
)
def test_the_list_decides(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary
