"""Paths that leave the account: who may assume a role of another account that is, or becomes, administrator there."""

from __future__ import annotations

from pathlib import Path

from diagnostics.review.escalation.leaving import Neighbours, leaving
from diagnostics.review.limits import Limits
from diagnostics.review.subject import ReviewedAccount
from iam.risks.risk import Severity
from iam.sources.organization.folder import open_folder
from tests.support.organizations.generate import document, generate, role

CI, APP, DATA = "200000000001", "200000000002", "200000000003"
BOSS, STAIRS = f"arn:aws:iam::{DATA}:role/boss", f"arn:aws:iam::{DATA}:role/stairs"


def trusting(who: str, **more: object) -> dict[str, object]:
    return document({"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole", **more})


def allowing(action: str, resource: str) -> dict[str, object]:
    return document({"Effect": "Allow", "Action": action, "Resource": resource})


def test_a_path_goes_on_in_the_other_account(tmp_path: Path) -> None:
    made = generate(0)
    secret = {"Condition": {"StringEquals": {"sts:ExternalId": "x-42"}}}
    all_of_it = {"all": allowing("*", "*")}
    made.roles[CI] = [
        role(CI, "deployer", document(), {"own": allowing("sts:AssumeRole", BOSS)}),
        role(CI, "runner", document(), {"own": allowing("sts:AssumeRole", "*")}),
        role(CI, "idle", document(), {"own": allowing("s3:GetObject", "*")}),
    ]
    made.roles[DATA] = [
        role(DATA, "boss", trusting(f"arn:aws:iam::{CI}:role/deployer"), all_of_it),
        role(DATA, "stairs", trusting(f"arn:aws:iam::{CI}:root"), {"own": allowing("iam:PutRolePolicy", STAIRS)}),
        role(DATA, "guarded", trusting(f"arn:aws:iam::{CI}:role/runner", **secret), all_of_it),
        role(DATA, "of-another", trusting(f"arn:aws:iam::{APP}:root"), all_of_it),
        role(DATA, "reader", trusting(f"arn:aws:iam::{CI}:root"), {"own": allowing("s3:GetObject", "*")}),
    ]
    accounts = open_folder(made.write(tmp_path / "it"))
    opened = accounts.opened(CI)
    assert opened is not None
    subject = ReviewedAccount(opened.account, opened.reader, Limits())
    found = {
        (one.subject.rpartition("/")[2], one.path[0].on.rpartition("/")[2]): one
        for one in leaving(subject, Neighbours(accounts, Limits()))
        if one is not None
    }
    assert set(found) == {("deployer", "boss"), ("runner", "stairs"), ("runner", "guarded")}
    boss, stairs, guarded = (found[key] for key in (("deployer", "boss"), ("runner", "stairs"), ("runner", "guarded")))
    assert boss.severity is Severity.MEDIUM and len(boss.path) == 1 and "full access there" in boss.summary
    assert stairs.severity is Severity.HIGH and [hop.on for hop in stairs.path] == [STAIRS, STAIRS]
    assert guarded.hangs_on == ("sts:ExternalId",) and boss.hangs_on == ()
    assert all(one.evidence and one.rule == "escalation.path" and DATA in one.summary for one in found.values())
