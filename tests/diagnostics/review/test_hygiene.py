"""How the account's credentials are kept, and the controls of benchmarks that rules stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.finding import Finding
from diagnostics.review.report.json_document import finding_json
from diagnostics.review.rules.table import RULES
from diagnostics.review.run import concluded, review
from iam.facts.controls import CONTROLS
from tests.support.accounts.questions import ID, allow, attached, deny, role, snapshot, user
from tests.support.accounts.reviewing import findings_in, names, reviewed

OLD = "2024-01-01T00:00:00+00:00"
KEYS = ["AKIAEXAMPLE000000001", "AKIAEXAMPLE000000002"]
SUMMARIES: list[tuple[dict[str, int], set[str]]] = [
    ({"AccountAccessKeysPresent": 1, "AccountMFAEnabled": 1}, {"root.access-key"}),
    ({"AccountAccessKeysPresent": 0, "AccountMFAEnabled": 0}, {"root.no-mfa"}),
    ({"AccountAccessKeysPresent": 0, "AccountMFAEnabled": 0, "AccountPasswordPresent": 0}, set()),
    ({"AccountAccessKeysPresent": 1, "AccountMFAEnabled": 0, "AccountPasswordPresent": 0},
     {"root.access-key", "root.no-mfa"}),
    ({"Roles": 1}, set()),
]  # fmt: skip


def account(users: list[dict[str, Any]], **rolescope: Any) -> dict[str, Any]:
    content = snapshot([], users)
    content["Rolescope"] |= rolescope
    return content


def key(number: int, name: str, status: str = "Active") -> dict[str, Any]:
    return {"AccessKeyId": KEYS[number], "UserName": name, "Status": status, "CreateDate": OLD}


@pytest.mark.parametrize(("summary", "rules"), SUMMARIES)
def test_the_root_user(tmp_path: Path, summary: dict[str, int], rules: set[str]) -> None:
    found = findings_in(tmp_path, account([], AccountSummary=summary), "root")
    assert {one.rule for one in found} == rules
    assert {one.subject for one in found} <= {f"arn:aws:iam::{ID}:root"}


def test_passwords_without_mfa(tmp_path: Path) -> None:
    users = [user("bare"), user("safe"), user("program")]
    profiles = [{"UserName": name, "CreateDate": OLD} for name in ("bare", "safe")]
    devices = [{"SerialNumber": f"arn:aws:iam::{ID}:mfa/safe", "UserName": "safe", "EnableDate": OLD}]
    content = account(users, LoginProfiles=profiles, MFADevices=devices)
    assert names(findings_in(tmp_path, content, "users.no-mfa")) == {"bare"}
    assert findings_in(tmp_path, account(users, LoginProfiles=profiles), "users.no-mfa") == ()  # devices are unread


def test_keys_and_policies_of_users(tmp_path: Path) -> None:
    users = [user("two", allow("s3:Get*")), user("one", **attached("tools")), user("none")]
    keys = [key(0, "two"), key(1, "two"), key(0, "one"), key(1, "one", "Inactive")]
    content = account(users, AccessKeys=keys)
    assert names(findings_in(tmp_path, content, "keys.two-active")) == {"two"}
    assert names(findings_in(tmp_path, content, "users.direct-policy")) == {"two", "one"}
    denied = account([user("limited", deny("s3:*"))])
    assert findings_in(tmp_path, denied, "users.direct-policy") == ()


def test_keys_of_users_who_ask_for_nothing(tmp_path: Path) -> None:
    def services(used: str | None) -> list[dict[str, Any]]:
        when = {"LastAuthenticated": used} if used else {}
        return [{"ServiceName": "S3", "ServiceNamespace": "s3", **when}]

    keys = [key(0, name) for name in ("idle", "busy", "unread")]
    used = {f"arn:aws:iam::{ID}:user/{name}": services(when)
            for name, when in (("idle", OLD), ("busy", "2026-10-30T00:00:00+00:00"))}  # fmt: skip
    content = account([user(name, allow("s3:*")) for name in ("idle", "busy", "unread")], AccessKeys=keys,
                      LastAccessed=used)  # fmt: skip
    assert names(findings_in(tmp_path, content, "users.unused-credentials")) == {"idle"}


def test_a_way_to_support_cases(tmp_path: Path) -> None:
    (one,) = findings_in(tmp_path, snapshot([role("a")]), "support.no-role")
    assert finding_json(one)["controls"][0] == {"framework": "CIS AWS Foundations 3.0", "id": "1.17"}
    policy = {"PolicyName": "AWSSupportAccess", "PolicyArn": "arn:aws:iam::aws:policy/AWSSupportAccess"}
    helped = snapshot([role("a", AttachedManagedPolicies=[policy])])
    assert findings_in(tmp_path, helped, "support.no-role") == ()
    (one,) = findings_in(tmp_path, snapshot([role("boss", allow("*"))]), "support.no-role")
    assert one.summary.endswith("support cases can be opened by boss, with full access.")


def test_controls_are_those_of_rules() -> None:
    assert set(CONTROLS) <= set(RULES)
    listed = [(each.framework, each.id) for row in CONTROLS.values() for each in row]
    assert len(listed) == len(set(listed))


PASSWORDS: list[tuple[dict[str, Any], str]] = [
    ({"MinimumPasswordLength": 14, "PasswordReusePrevention": 24}, ""),
    ({"MinimumPasswordLength": 20}, "allows passwords to be used again at once."),
    ({"MinimumPasswordLength": 14, "PasswordReusePrevention": 5}, "allows passwords to be used again after 5 others."),
    ({"MinimumPasswordLength": 8, "PasswordReusePrevention": 24}, "allows passwords to be 8 characters long."),
    (
        {"MinimumPasswordLength": 8, "Default": True},
        "AWS's default policy allows passwords to be 8 characters long and",
    ),
]


@pytest.mark.parametrize(("policy", "said"), PASSWORDS)
def test_what_is_asked_of_passwords(tmp_path: Path, policy: dict[str, Any], said: str) -> None:
    found = findings_in(tmp_path, account([user("one")], PasswordPolicy=policy), "account.password-policy")
    assert [said in one.summary for one in found] == ([True] if said else [])
    assert findings_in(tmp_path, account([], PasswordPolicy={}), "account.password-policy") == ()
    for one in found:
        assert {"framework": "CIS AWS Foundations 3.0", "id": "1.8"} in finding_json(one)["controls"]


def test_a_password_policy_that_is_not_known_is_no_finding(tmp_path: Path) -> None:
    seen = reviewed(tmp_path, account([user("one")]))
    assert not [one for one in review(seen, rules=["account"]) if isinstance(one, Finding)]
    unread = {one.what: one.rules for one in concluded(seen, []).unread}
    assert any(rules == ("account.password-policy",) for rules in unread.values())
    assert any("account.no-analyzer" in rules for rules in unread.values())


ANALYZER = f"arn:aws:access-analyzer:us-east-1:{ID}:analyzer/"
OUTSIDE = {"Arn": f"{ANALYZER}outside", "Type": "ACCOUNT"}
UNUSED_ACCESS = {"Arn": f"{ANALYZER}unused", "Type": "ACCOUNT_UNUSED_ACCESS", "UnusedDays": 60}


@pytest.mark.parametrize(("analyzers", "found"), [([], 1), ([UNUSED_ACCESS], 1), ([OUTSIDE, UNUSED_ACCESS], 0)])
def test_nobody_looks_for_access_from_outside(tmp_path: Path, analyzers: list[dict[str, Any]], found: int) -> None:
    content = account([], AccessAnalyzer={"Analyzers": analyzers, "Findings": []})
    assert len(findings_in(tmp_path, content, "account.no-analyzer")) == found


def test_the_organization_may_have_an_analyzer_in_another_account(tmp_path: Path) -> None:
    content = account([], AccessAnalyzer={"Analyzers": [], "Findings": []})
    (alone,) = findings_in(tmp_path, content, "account.no-analyzer")
    assert alone.certain and alone.summary.endswith("nothing reports external access.")
    content["Rolescope"]["Organization"] = {"Id": "o-1"}
    (member,) = findings_in(tmp_path, content, "account.no-analyzer")
    assert not member.certain and "the organization may have one in another account" in member.summary


def unused(kind: str, name: str, *what: str) -> dict[str, Any]:
    return {"Id": f"{kind} {name}", "Kind": kind, "Resource": f"arn:aws:iam::{ID}:{name}", "What": list(what),
            "Analyzer": UNUSED_ACCESS["Arn"]}  # fmt: skip


def test_what_access_analyzer_found_unused_joins_where_the_last_use_is_not_known(tmp_path: Path) -> None:
    used = {"RoleLastUsed": {"LastUsedDate": "2026-10-30T00:00:00+00:00"}}
    roles = [role("lost", allow("s3:*")), role("known", allow("s3:*"), **used), role("idle", allow("s3:*"))]
    services = [{"ServiceName": "S3", "ServiceNamespace": "s3", "LastAuthenticated": "2026-10-30T00:00:00+00:00"}]
    found = [
        unused("UnusedPermission", "role/lost", "s3:DeleteBucket", "s3:PutBucketPolicy"),
        unused("UnusedPermission", "role/known", "s3:DeleteBucket"),
        unused("UnusedIAMRole", "role/idle"),
        unused("UnusedIAMRole", "role/known"),
        unused("UnusedIAMUserPassword", "user/one"),
        unused("UnusedIAMUserAccessKey", "user/one", "access key …0001"),
        unused("UnusedPermission", "role/elsewhere", "s3:DeleteBucket"),
        unused("ExternalAccess", "role/lost"),
    ]
    content = snapshot(roles, [user("one")])
    content["Rolescope"] |= {
        "AccessAnalyzer": {"Analyzers": [UNUSED_ACCESS], "Findings": found},
        "LastAccessed": {f"arn:aws:iam::{ID}:role/known": services},
    }
    joined = findings_in(tmp_path, content, "use.access-analyzer")
    assert {one.subject.rpartition("/")[2]: one.summary for one in joined} == {
        "lost": "Access Analyzer reports for lost: permissions were not used for 60 days: s3:DeleteBucket and "
        "s3:PutBucketPolicy.",
        "idle": "Access Analyzer reports for idle: the role was not used for 60 days.",
        "one": "Access Analyzer reports for one: the password was not used and an access key was not used for 60 days: "
        "access key …0001.",
    }


@pytest.mark.parametrize(("days", "said"), [(90, " for 60 days"), (30, " for 30 days"), (None, "")])
def test_the_days_are_true_of_every_finding_that_is_named(tmp_path: Path, days: int | None, said: str) -> None:
    other = {**UNUSED_ACCESS, "Arn": f"{ANALYZER}other", "UnusedDays": days}
    found = [
        unused("UnusedPermission", "role/lost", "s3:DeleteBucket"),
        {**unused("UnusedIAMRole", "role/lost"), "Analyzer": other["Arn"]},
    ]
    content = snapshot([role("lost", allow("s3:*"))])
    content["Rolescope"]["AccessAnalyzer"] = {"Analyzers": [UNUSED_ACCESS, other], "Findings": found}
    (one,) = findings_in(tmp_path, content, "use.access-analyzer")
    assert f"the role was not used{said}: s3:DeleteBucket" in one.summary


def test_unused_access_that_could_not_be_read_is_named(tmp_path: Path) -> None:
    seen = reviewed(tmp_path, snapshot([role("lost", allow("s3:*"))]))
    assert not [one for one in review(seen, rules=["use.access-analyzer"]) if isinstance(one, Finding)]
    assert any("use.access-analyzer" in one.rules for one in concluded(seen, []).unread)
