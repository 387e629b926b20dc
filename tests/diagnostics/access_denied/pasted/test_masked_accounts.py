"""A policy is compared with a request although the text masks the accounts of both."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "User: arn:aws:sts::{0}:assumed-role/app/x is not authorized to perform: sqs:SendMessage on resource: "
    "arn:aws:sqs:eu-west-1:{0}:orders because no identity-based policy allows the sqs:SendMessage action\n\npolicy:\n"
)
POLICY = '{{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:{0}:{1}"}}'


@pytest.mark.parametrize("mask", ["XXXXXXXXXXXX", "<account>", "************", "xxx", "ACCOUNT_ID", "1234XXXXXXXX"])
def test_a_masked_account_is_compared_as_one_account(mask: str) -> None:
    verdict = collect_offline(read_text(REFUSED.format(mask) + POLICY.format(mask, "events"))[0]).verdict
    assert verdict.cause == "identity.resource-mismatch"
    assert f"names arn:aws:sqs:eu-west-1:{mask}:events, not arn:aws:sqs:eu-west-1:{mask}:orders" in verdict.summary


@pytest.mark.parametrize(
    ("mask", "account", "name"),
    [("XXXXXXXXXXXX", "111122223333", "events"), ("111122223333", "111122223333", "orders"), ("XXX", "XXX", "orders")],
)
def test_a_mask_is_not_compared_with_a_number(mask: str, account: str, name: str) -> None:
    verdict = collect_offline(read_text(REFUSED.format(mask) + POLICY.format(account, name))[0]).verdict
    assert verdict.cause == "identity.no-action" and "900000000001" not in verdict.summary
