"""Denials across two accounts: cause, account and fixes of both sides; what is unread, outside, or nobody's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.fix_report import proof_of
from diagnostics.view import view_of, with_unread_accounts
from iam.sources.organization.folder import FolderAccounts, open_folder
from tests.support.organizations.generate import MANAGEMENT, ORG, PARTNER, UNREAD, VENDOR, document, generate, role
from tests.support.organizations.judge import diagnosed, faults

CI, APP = "200000000001", "200000000002"
Ask = Callable[..., Diagnosis]


def test_planted_causes_are_named_and_mended(tmp_path: Path) -> None:
    made = generate(24, 11)
    accounts = open_folder(made.write(tmp_path / "both"))
    wrong = {each.text: said for each in made.denials if (said := faults(each, diagnosed(each, accounts)))}
    assert not wrong


def test_an_unread_side_is_never_certain(tmp_path: Path) -> None:
    made = generate(10, 12, sides="unread")
    accounts = open_folder(made.write(tmp_path / "unread"))
    for planted in made.denials:
        verdict = diagnosed(planted, accounts).verdict
        absent = next(each for each in (UNREAD, VENDOR) if each in (planted.caller, planted.owner))
        nobodys = absent == planted.owner and ":s3:" in planted.resource  # no account that was read has the bucket
        assert verdict.confidence is not Confidence.CERTAIN, planted.text
        assert ("No account that was read" if nobodys else absent) in verdict.summary


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> FolderAccounts:
    """Two accounts: a deployer that may assume and read all, and what it asks for."""
    made = generate(0)
    may = document({"Effect": "Allow", "Action": ["sts:AssumeRole", "s3:GetObject"], "Resource": "*"})
    named = {"AWS": f"arn:aws:iam::{CI}:role/deployer"}
    trusting = document({"Effect": "Allow", "Principal": named, "Action": "sts:AssumeRole"})
    gone = document({"Effect": "Allow", "Principal": {"AWS": "AROAGONEGONEGONEGONE1"}, "Action": "sts:AssumeRole"})
    ours = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ours/*"}
    made.roles[CI] = [role(CI, "deployer", trusting, {"own": may}), role(CI, "builder", trusting, {})]
    made.roles[APP] = [role(APP, "target", trusting, {}), role(APP, "recreated", gone, {})]
    made.roles[PARTNER] = [role(PARTNER, "partner", trusting, {"own": may})]
    theirs = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-partner123"}}}
    made.resources[APP] = {
        "arn:aws:s3:::ours": document({**ours, "Condition": {"StringEquals": {"aws:PrincipalOrgID": ORG}}}),
        "arn:aws:s3:::theirs": document({**ours, "Resource": "arn:aws:s3:::theirs/*", **theirs}),
    }
    return open_folder(made.write(tmp_path_factory.mktemp("two") / "it"))


@pytest.fixture
def ask(accounts: FolderAccounts) -> Ask:
    def asked(caller: str, action: str, resource: str) -> Diagnosis:
        text = f"User: {caller} is not authorized to perform: {action} on resource: {resource}"
        (failure,) = read_text(text)
        opened = view_of(failure, accounts)
        assert opened is not None
        return collect(failure, opened)

    return asked


DEPLOYER = f"arn:aws:sts::{CI}:assumed-role/deployer/run"


def test_what_both_sides_allow_is_allowed_now(ask: Ask) -> None:
    assert ask(DEPLOYER, "sts:AssumeRole", f"arn:aws:iam::{APP}:role/target").verdict.cause == "allowed.now"
    assert ask(DEPLOYER, "s3:GetObject", "arn:aws:s3:::ours/x").verdict.cause == "allowed.now"


def test_whether_an_outside_account_is_in_a_third_organization_is_unknown(ask: Ask) -> None:
    partner = f"arn:aws:sts::{VENDOR}:assumed-role/etl/run"
    verdict = ask(partner, "s3:GetObject", "arn:aws:s3:::ours/x").verdict
    assert (verdict.cause, verdict.account) == ("resource.condition-unmet", APP)
    verdict = ask(partner, "s3:GetObject", "arn:aws:s3:::theirs/x").verdict
    assert verdict.confidence is not Confidence.CERTAIN and verdict.cause != "resource.condition-unmet"
    assert ask(DEPLOYER, "s3:GetObject", "arn:aws:s3:::theirs/x").verdict.cause == "resource.condition-unmet"


def test_a_bucket_that_no_account_has_is_unread(ask: Ask) -> None:
    verdict = ask(DEPLOYER, "s3:GetObject", "arn:aws:s3:::nobody/x").verdict
    assert verdict.cause == "unreadable" and "No account that was read has arn:aws:s3:::nobody" in verdict.summary


@pytest.mark.parametrize("who", [f"{VENDOR}:assumed-role/v", f"{PARTNER}:assumed-role/partner"])
def test_who_is_outside_is_not_of_the_organization(ask: Ask, who: str) -> None:
    found = ask(f"arn:aws:sts::{who}/run", "s3:GetObject", "arn:aws:s3:::ours/x")
    assert found.verdict.cause == "resource.condition-unmet" and found.verdict.account == APP


def test_an_unread_account_of_the_organization_has_its_id(ask: Ask) -> None:
    found = ask(f"arn:aws:sts::{UNREAD}:assumed-role/x/run", "s3:GetObject", "arn:aws:s3:::ours/x")
    assert (found.verdict.cause, found.verdict.account) == ("unreadable", UNREAD)
    assert {step.status.value for step in found.steps if step.id == "resource"} == {"pass"}


def test_a_recreated_role_is_not_the_one_that_is_trusted(ask: Ask) -> None:
    found = ask(DEPLOYER, "sts:AssumeRole", f"arn:aws:iam::{APP}:role/recreated")
    assert (found.verdict.cause, found.verdict.account) == ("trust.orphan-principal", APP)


def test_the_role_of_a_neighbour_account_is_named(ask: Ask) -> None:
    target = ask(DEPLOYER, "sts:AssumeRole", f"arn:aws:iam::{APP}:role/builder").verdict
    assert (target.cause, target.account) == ("principal.not-found", APP)
    assert f"there is a role builder in account account-01 ({CI})" in target.summary
    caller = ask(f"arn:aws:sts::{APP}:assumed-role/deployer/run", "s3:GetObject", "arn:aws:s3:::ours/x").verdict
    assert caller.cause == "principal.not-found" and f"account-01 ({CI})" in caller.summary


def test_the_view_follows_the_text(accounts: FolderAccounts) -> None:
    def begins(text: str) -> str | None:
        opened = view_of(read_text(text)[0], accounts)
        return opened.account.id if opened is not None else None

    assert begins("AccessDenied: role builder may not call s3:GetObject") == CI
    assert begins(f"EntityAlreadyExists: Role with name target already exists in {APP}") == APP
    assert begins("something else") is None
    assert json.dumps(begins("account-02 says AccessDenied")) == f'"{APP}"'


KEPT_IN = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringNotEqualsIfExists"])
@pytest.mark.parametrize("who", [f"{VENDOR}:assumed-role/v", f"{PARTNER}:assumed-role/partner"])
def test_an_rcp_against_others_surely_refuses_who_is_outside(tmp_path: Path, who: str, operator: str) -> None:
    made = generate(0)
    made.roles[PARTNER] = [role(PARTNER, "partner", document(), {})]
    open_to_all = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    made.resources[APP] = {"arn:aws:s3:::b": document(open_to_all)}
    made.rcp_denies[APP] = [{**KEPT_IN, "Condition": {operator: {"aws:PrincipalOrgID": ORG}}}]
    found = denied(open_folder(made.write(tmp_path)), f"arn:aws:sts::{who}/run", "arn:aws:s3:::b/x")
    assert (found.verdict.cause, found.verdict.account) == ("rcp.explicit-deny", MANAGEMENT)
    assert "denies" in found.verdict.summary and not found.verdict.questions
    assert "conditions" not in {step.id for step in found.steps}


def denied(accounts: FolderAccounts, caller: str, resource: str, said: str = "") -> Diagnosis:
    text = f"User: {caller} is not authorized to perform: s3:GetObject on resource: {resource}{said}"
    (failure,) = read_text(text)
    opened = view_of(failure, accounts)
    assert opened is not None
    return collect(failure, opened)


@pytest.mark.parametrize(
    ("caller", "resource", "kind"),
    [
        (DEPLOYER, "arn:aws:s3:::theirs/x", "resource control policy"),
        (f"arn:aws:sts::{PARTNER}:assumed-role/partner/run", "arn:aws:s3:::ours/x", "service control policy"),
        (f"arn:aws:sts::{VENDOR}:assumed-role/v/run", "arn:aws:s3:::ours/x", "service control policy"),
    ],
)
def test_a_guardrail_of_another_organization_is_not_changed_in_ours(
    tmp_path: Path, caller: str, resource: str, kind: str
) -> None:
    made = generate(0)
    may = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    made.roles[CI] = [role(CI, "deployer", document(), {"own": may})]
    made.roles[PARTNER] = [role(PARTNER, "partner", document(), {"own": may})]
    open_to_all = document({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"})
    made.resources = {APP: {"arn:aws:s3:::ours": open_to_all}, PARTNER: {"arn:aws:s3:::theirs": open_to_all}}
    file = made.write(tmp_path) / "accounts" / f"{PARTNER}.json"
    partner = json.loads(file.read_text())
    del partner["Rolescope"]["Organization"]  # whether it is in one is unknown
    file.write_text(json.dumps(partner))
    found = denied(open_folder(tmp_path), caller, resource, f" with an explicit deny in a {kind}")
    assert found.verdict.cause.endswith(".explicit-deny") and found.verdict.account is None
    assert MANAGEMENT not in {fix.account for fix in found.fixes}


OTHERS_PATH = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [f"{ORG}/r-plan/ou-plan-gone/*"]}}


@pytest.mark.parametrize(
    ("caller", "condition", "said", "accounts"),
    [
        # A path that the caller's account is not under, beside a policy of its own that lacks the bucket.
        (f"{CI}:assumed-role/idle", OTHERS_PATH, "", [CI, APP]),
        # An outsider: the RCP, and the bucket's own condition.
        (f"{VENDOR}:assumed-role/v", {"StringEquals": {"aws:PrincipalOrgID": ORG}}, "", [MANAGEMENT, APP]),
        # A Deny that only the text knows, on top of a bucket that does not let the caller in.
        (f"{CI}:assumed-role/idle", OTHERS_PATH, " with an explicit deny in a service control policy",
         [MANAGEMENT, CI, APP]),
    ],
)  # fmt: skip
def test_what_is_not_enough_alone_is_linked_with_the_rest(
    tmp_path: Path, caller: str, condition: object, said: str, accounts: list[str]
) -> None:
    made = generate(0)
    made.roles[CI] = [role(CI, "idle", document(), {})]
    open_to = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    made.resources[APP] = {"arn:aws:s3:::b": document({**open_to, "Condition": condition})}
    outside = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORG}}
    made.rcp_denies[APP] = [{**KEPT_IN, "Condition": outside}]
    found = denied(open_folder(made.write(tmp_path)), f"arn:aws:sts::{caller}/run", "arn:aws:s3:::b/x", said)
    needed = [fix for fix in found.fixes if fix.together is not None]
    assert [fix.account for fix in needed] == accounts
    assert not any(fix.verified for fix in needed)
    assert all(
        "not evaluated together" in proof_of(fix) for fix in needed if fix.together and not fix.together.hangs_on
    )


def test_an_account_that_cannot_be_opened_is_named(accounts: FolderAccounts) -> None:
    text = f"User: arn:aws:sts::{UNREAD}:assumed-role/x/run is not authorized to perform: s3:DeleteBucket"
    (failure,) = read_text(text)
    assert view_of(failure, accounts) is None
    verdict = with_unread_accounts(collect_offline(failure, {}), accounts).verdict
    assert (verdict.cause, verdict.account) == ("unreadable", UNREAD)
    assert "is in the organization but was not read: The role reader cannot be assumed there." in verdict.summary


@pytest.mark.parametrize("known", [True, False])
def test_guardrails_that_a_partners_snapshot_lacks_count_alike_on_both_sides(tmp_path: Path, known: bool) -> None:
    made = generate(0)
    may = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
    for account in (CI, PARTNER):
        made.roles[account] = [role(account, "reader", document(), {"own": may})]
        policy = document({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"})
        made.resources[account] = {f"arn:aws:s3:::of-{account}": policy}
    file = made.write(tmp_path) / "accounts" / f"{PARTNER}.json"
    partner = json.loads(file.read_text())
    del partner["Rolescope"]["Organization"]
    if known:
        partner["Rolescope"]["Organization"] = {"Id": "o-another0000", "ManagementAccountId": VENDOR}
    file.write_text(json.dumps(partner))
    both = {
        denied(open_folder(tmp_path), f"arn:aws:sts::{caller}:assumed-role/reader/x", f"arn:aws:s3:::of-{owner}/x")
        .verdict.cause
        for caller, owner in ((CI, PARTNER), (PARTNER, CI))
    }  # fmt: skip
    assert both == {"unreadable" if known else "allowed.now"}
