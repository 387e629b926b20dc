"""Messages of Control Tower about AWSControlTowerExecution: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

NOT_ENROLLED = (
    "AWS Control Tower is unable to assume the AWSControlTowerExecution role. Be sure that the role exists.\n"
)


TRUSTS = '{{"Effect": "Allow", "Principal": {{"AWS": "{}"}}, "Action": "sts:AssumeRole"}}\nmanagement account: {}'


@pytest.mark.parametrize(
    ("trusted", "management", "differs"),
    [
        ("arn:aws:iam::111122223333:root", "444455556666", True),
        ("111122223333", "444455556666", True),
        ("arn:aws:iam::444455556666:root", "444455556666", False),
    ],
)
def test_the_trusted_account_is_compared_with_the_management_account(
    trusted: str, management: str, differs: bool
) -> None:
    answer = collect_offline(read_text(NOT_ENROLLED + TRUSTS.format(trusted, management))[0])
    assert ("names account 111122223333, not the management account" in answer.verdict.summary) is differs
    assert answer.verdict.cause == "trust.principal-mismatch"
