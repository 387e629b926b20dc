"""How the account's credentials are kept, and the controls of benchmarks that rules stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.report.json_document import finding_json
from diagnostics.review.rules.table import RULES
from iam.facts.controls import CONTROLS
from tests.support.accounts.questions import ID, allow, attached, deny, role, snapshot, user
from tests.support.accounts.reviewing import findings_in, names

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
