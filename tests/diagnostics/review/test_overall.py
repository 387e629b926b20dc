"""The reviews of several accounts as one list."""

from __future__ import annotations

from pathlib import Path

from diagnostics.review.across import HowReviewed, review_account
from diagnostics.review.escalation.elsewhere import Neighbours
from diagnostics.review.limits import Limits
from diagnostics.review.overall import OverallReview
from iam.risks.risk import Severity
from iam.sources.organization.folder import open_folder
from tests.support.organizations.generate import document, generate, role

CI, APP, DATADOG, STRANGER = "200000000001", "200000000002", "464622532012", "555566667777"


def test_findings_outsiders_gone_names_and_ours_are_lines(tmp_path: Path) -> None:
    made = generate(0)
    who = [f"arn:aws:iam::{each}" for each in (f"{DATADOG}:root", f"{STRANGER}:root", f"{APP}:role/gone")]
    trust = document({"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"})
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    for account in (CI, APP):
        made.roles[account] = [role(account, "wide", trust, {"all": everything})]
    accounts = open_folder(made.write(tmp_path / "it"))
    neighbours, overall = Neighbours(accounts, Limits()), OverallReview()
    for id in (CI, APP):
        one = review_account(neighbours, id, HowReviewed(Limits()))
        assert one is not None
        overall.add(one)
    lines = overall.lines()
    by_title = {line.title: line for line in lines}
    admin = by_title["Has full access to the account"]
    assert admin.kind == "high" and admin.accounts == (CI, APP) and admin.who == "2 roles" and admin.rule
    assert {place.account for place in admin.places} == {CI, APP}
    vendor, unknown = by_title["Open to Datadog"], by_title["Open to an unknown account"]
    assert vendor.accounts == (CI, APP) and "https://docs.datadoghq.com/" in vendor.note
    assert unknown.who == f"account {STRANGER}" and unknown.name == f"arn:aws:iam::{STRANGER}:root"
    assert unknown.places[0].sentence == "sts:AssumeRole"
    gone = by_title["Names a role or user that does not exist in its account"]
    assert gone.kind == "gone" and gone.who == f"gone ({APP})" and len(gone.places) == 2
    ours = by_title["Account of ours"]
    assert ours.who == f"account-02 ({APP})" and ours.accounts == (CI,)
    kinds = [line.kind for line in lines]
    assert kinds.index("outside") < kinds.index("gone") < kinds.index("ours") == len(kinds) - 1
    assert overall.counts[Severity.CRITICAL] == sum(len(one.places) for one in lines if one.kind == "critical")
