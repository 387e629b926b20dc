"""The other accounts that policies name: ours, a vendor's, unknown."""

from __future__ import annotations

from pathlib import Path

from diagnostics.review.across import around
from diagnostics.review.limits import Limits
from diagnostics.review.trusted import trusted_accounts, trusted_lines
from iam.sources.organization.folder import open_folder
from tests.support.organizations.generate import document, generate, role

CI, DATA, DATADOG, STRANGER = "200000000001", "200000000003", "464622532012", "555566667777"


def trusting(*who: str) -> dict[str, object]:
    return document({"Effect": "Allow", "Principal": {"AWS": list(who)}, "Action": "sts:AssumeRole"})


def test_each_account_that_is_named_is_ours_a_vendors_or_unknown(tmp_path: Path) -> None:
    made = generate(0)
    made.roles[CI] = [role(CI, "builder", document(), {})]
    unique_id = made.roles[CI][0]["RoleId"]
    made.roles[DATA] = [
        role(DATA, "a", trusting(f"arn:aws:iam::{DATADOG}:root", f"arn:aws:iam::{DATA}:root"), {}),
        role(DATA, "b", trusting(STRANGER, f"arn:aws:iam::{DATADOG}:root", unique_id, "AROAGONEGONEGONEGONE1"), {}),
    ]
    accounts = open_folder(made.write(tmp_path / "it"))
    opened = accounts.opened(DATA)
    assert opened is not None
    found = around(opened, accounts, Limits()).trusted
    a, b = (f"arn:aws:iam::{DATA}:role/{name}" for name in "ab")
    assert [(one.who, one.kind, one.name, one.resources) for one in found] == [
        (CI, "ours", "account-01", (b,)),
        (DATADOG, "vendor", "Datadog", (a, b)),
        (STRANGER, "unknown", "", (b,)),
    ]
    lines = list(trusted_lines(one.json() for one in found))
    assert [line.split()[0] for line in lines[2:]] == ["unknown", "vendor", "ours"]
    assert "Datadog (464622532012): 2 policies in 1 account" in lines[3]


def test_accounts_that_the_configuration_calls_ours_are_not_outside(tmp_path: Path) -> None:
    made = generate(0)
    made.roles[DATA] = [role(DATA, "a", trusting(STRANGER), {})]
    accounts = open_folder(made.write(tmp_path / "it"))
    opened = accounts.opened(DATA)
    assert opened is not None
    assert [one.who for one in around(opened, accounts, Limits()).reach] == [STRANGER]
    found = around(opened, accounts, Limits(own_accounts=(STRANGER,)))
    assert not found.reach and [one.kind for one in found.trusted] == ["ours"]
    assert next(trusted_accounts(opened, accounts, ())).kind == "unknown"
