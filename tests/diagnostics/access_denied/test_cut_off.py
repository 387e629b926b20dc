"""A value that the text cuts off is looked up nowhere in the account, and no fix contains it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect, read_text
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.denials.of_demo import administrator as administrator

CALLER = "User: arn:aws:sts::111122223333:assumed-role/orders-ecs-execution/8f3c2d5e is not authorized to perform: "
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:"


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ('s3:GetObject on resource: "arn:aws:s3:::harbor-art\n(screen ends here)', "harbor-art"),
        ("s3:GetObject on resource: arn:aws:s3:::harbor-art\u2026", "harbor-art"),
        ("sqs:SendMessage on resource: arn:aws:sqs:us-east-1:111122223333:ord[truncated]", "ord"),
        ("secretsmanager:GetSecretValue on resource: " + SECRET + "or\u2026", "or"),
    ],
)
def test_a_cut_resource_is_not_looked_up(asked: str, begins: str, administrator: tuple[Account, AccountReader]) -> None:
    (failure,) = read_text(CALLER + asked)
    found = collect(failure, OpenedAccount(*administrator))
    assert not any("does not exist" in step.summary for step in found.steps)
    assert all(step.status.value == "skipped" for step in found.steps if step.id == "resource")
    for fix in found.fixes:
        assert f'{begins}"' not in fix.text
        assert "\u2026" not in fix.text
    if found.case_file is not None:
        assert not found.case_file.resource_known


def test_a_cut_role_is_not_the_callers(administrator: tuple[Account, AccountReader]) -> None:
    (failure,) = read_text(f"{CALLER}sts:AssumeRole on resource: arn:aws:iam::111122223333:role/break-gl\u2026")
    found = collect(failure, OpenedAccount(*administrator))
    assert "may not assume orders-ecs-execution" not in found.verdict.summary
    assert not any("orders-ecs-execution name" in fix.title for fix in found.fixes)
