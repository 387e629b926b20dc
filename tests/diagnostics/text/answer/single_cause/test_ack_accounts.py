"""An ACK controller's map of accounts is compared with the account of the namespace."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

TEXT = (
    "User: arn:aws:sts::111122223333:assumed-role/ack-sqs/1 is not authorized to perform: sqs:CreateQueue on resource: "
    "arn:aws:sqs:eu-west-1:111122223333:a because no identity-based policy allows the sqs:CreateQueue action\n"
    'annotations:\n  services.k8s.aws/owner-account-id: "{}"\nname: ack-role-account-map\ndata:\n{}'
)
ROW = '  "{0}": arn:aws:iam::{0}:role/ack\n'


@pytest.mark.parametrize(
    ("owner", "mapped", "said"),
    [
        ("444455556666", ("444455556667",), "has no role for it"),
        ("444455556666", ("777788889999", "222233334444"), "has no role for it"),
        ("444455556666", ("444455556666",), ""),
        ("444455556666", (), ""),
        ("111122223333", ("444455556666",), ""),  # the controller's own account
    ],
)
def test_the_namespaces_account_needs_a_role(owner: str, mapped: tuple[str, ...], said: str) -> None:
    answer = answer_to(TEXT.format(owner, "".join(map(ROW.format, mapped))))
    assert ("ack-role-account-map has no role" in answer) is bool(said)
    assert ("most likely one of the two is mistyped" in answer) is (mapped == ("444455556667",))
