"""Each rule with roles that are found by it, and with roles that look alike and are none of it."""

from __future__ import annotations

import json
from collections import deque
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from diagnostics.fix import Calls, Note, TrustChange
from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.rules.habits import usual_name
from diagnostics.review.rules.table import RULES
from diagnostics.review.run import concluded, review
from iam.risks.risk import Severity
from iam.sources.reader.entities import EntityName, ServerCertificate
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.reader import SnapshotReader
from tests.support.accounts.questions import (
    allow,
    attached,
    deny,
    document,
    managed,
    role,
    trust,
    user,
)
from tests.support.accounts.review_cases import (
    DOER,
    GITHUB,
    ID,
    ROLES,
    SAML,
    USED,
    VENDOR,
    account,
    boss,
    github,
    guardrails,
    older,
    service,
    subjects,
    vendor,
)
from tests.support.accounts.reviewing import findings_in, names, reviewed

MAIN = "ref:refs/heads/main"


@pytest.mark.parametrize("rule", ROLES)
def test_a_rule_finds_what_is_bad_and_nothing_that_looks_like_it(tmp_path: Path, rule: str) -> None:
    limits = Limits(own_accounts=("555566667777",), habit_least=10)
    found = findings_in(tmp_path, account(ROLES[rule]), rule, limits=limits)
    wanted = {each["RoleName"] for each in ROLES[rule] if each["RoleName"].lower().startswith("bad")}
    assert {one.rule for one in found} == {rule}
    assert names(found) == wanted
    for one in found:
        assert one.summary.endswith(".") and one.evidence and one.references and one.fixes
        assert one.certain or rule == "trust.external-without-id", one.hangs_on


@pytest.mark.parametrize(
    ("usual", "odd", "said"),
    [
        ("{}-lambda", "orders-fn", "does not end in lambda, as those of roles for lambda.amazonaws.com do"),
        ("{}-api-prod", "orders-api", "does not end with a stage, for example prod"),
        ("dev-{}-api", "orders-one-api", "does not begin with a stage, for example prod"),
        ("ferry-{}-api", "orders-one-api", "does not contain its tag Team, ferry"),
    ],
)
def test_a_name_without_what_is_a_habit_here(tmp_path: Path, usual: str, odd: str, said: str) -> None:
    things = ("mail", "cart", "user", "news", "shop", "bill", "pay", "map", "log")
    tags = [{"Key": "Team", "Value": "ferry"}]
    roles = [role(name, Tags=tags) for name in (*(usual.format(each) for each in things), odd)]
    found = findings_in(tmp_path, account(roles), "naming.outside", limits=Limits(habit_least=10))
    assert names(found) == {odd} and all(said in one.summary for one in found)
    few = findings_in(tmp_path, account(roles[2:]), "naming.outside", limits=Limits(habit_least=10))
    assert not few


def test_every_rule_has_its_roles_or_a_test_that_names_it() -> None:
    """A rule about something other than roles has a test in this folder."""
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert set(ROLES) <= set(RULES)
    assert [rule for rule in RULES if rule not in ROLES and f'"{rule}"' not in tests] == []


def test_what_an_scp_forbids_is_no_finding(tmp_path: Path) -> None:
    content = account([role("wide", allow("*")), role("passing", allow("iam:PassRole"))])
    content["Rolescope"]["Organization"] = guardrails([allow("*"), deny(["iam:*", "s3:*"])])
    found = findings_in(tmp_path, content, "permissions")
    assert {(one.rule, name) for one in found for name in names([one])} == {("permissions.wildcard-action", "wide")}


def test_without_the_organizations_policies_a_finding_hangs_on_them(tmp_path: Path) -> None:
    content = account([role("wide", allow("*"))])
    del content["Rolescope"]["Organization"]
    (found,) = findings_in(tmp_path, content, "permissions.admin")
    assert found.hangs_on == ("service control policies (not read)",)


@pytest.mark.parametrize("rule", ["trust.confused-deputy", "trust.missing-audience", "trust.orphan-principal"])
def test_a_changed_trust_policy_is_verified_by_the_rule(tmp_path: Path, rule: str) -> None:
    found = findings_in(tmp_path, account(ROLES[rule]), rule)
    changes = [fix for one in found for fix in one.fixes if fix.after is not None]
    assert all(fix.verified for fix in changes) and (changes or rule == "trust.orphan-principal")


def test_an_external_account_of_an_organization_may_be_ours(tmp_path: Path) -> None:
    (found,) = findings_in(tmp_path, account([vendor("one")]), "trust.external-without-id")
    assert found.hangs_on == (f"whether account {VENDOR} is yours",)


def test_account_rules(tmp_path: Path) -> None:
    keys = {
        "AccessKeys": [
            {"UserName": "ben", "AccessKeyId": "AKIAOLD", "Status": "Active", "CreateDate": "2025-01-01T00:00:00+00:00"}
        ]
    }
    content = account([role("one", **attached("admin"))], [user("ben"), user("ann")], **keys)
    five = [{"VersionId": f"v{n}", "IsDefaultVersion": n == 5, "Document": document(allow("*"))} for n in range(1, 6)]
    content["Policies"][0] |= {"PolicyVersionList": five, "DefaultVersionId": "v5"}
    found = {(one.rule, name) for one in findings_in(tmp_path, content) for name in names([one])}
    assert ("keys.old", "ben") in found and ("keys.old", "ann") not in found
    assert ("provider.expiring", "Idp") in found
    assert ("policy.versions-full", "admin") in found
    assert {name for rule, name in found if rule == "policy.unattached"} == {"s3-only", "reads"}
    assert any(rule == "forecast.quota" for rule, _ in found)


def test_unused_services_of_what_was_last_accessed(tmp_path: Path) -> None:
    roles = [
        role(name, allow(["s3:GetObject", "sqs:SendMessage"]), CreateDate="2020-01-01T00:00:00+00:00")
        for name in ("bad", "good")
    ]
    recent, long_ago = "2026-10-30T00:00:00+00:00", "2026-01-01T00:00:00+00:00"

    def used(s3: str, sqs: str) -> list[dict[str, str]]:
        return [
            {"ServiceNamespace": "s3", "LastAuthenticated": s3},
            {"ServiceNamespace": "sqs", "LastAuthenticated": sqs},
        ]

    accessed = {roles[0]["Arn"]: used(recent, long_ago), roles[1]["Arn"]: used(recent, recent)}
    found = findings_in(tmp_path, account(roles, LastAccessed=accessed), "use.unused-service")
    assert names(found) == {"bad"} and "sqs" in found[0].summary
    assert found[0].fixes[0].title == "Remove sqs from its policies"


def test_of_a_role_that_uses_little_what_it_uses_is_named_and_an_administrator_is_said_once(tmp_path: Path) -> None:
    roles = [
        role(name, allow(actions), CreateDate="2020-01-01T00:00:00+00:00")
        for name, actions in (("wide", ["s3:*", "sqs:*", "sns:*"]), ("boss", "*"))
    ]
    read = [{"ServiceNamespace": "s3", "LastAuthenticated": "2026-10-30T00:00:00+00:00"}]
    read += [{"ServiceNamespace": name} for name in ("sqs", "sns")]
    seen = reviewed(tmp_path, account(roles, LastAccessed={each["Arn"]: read for each in roles}))
    done = concluded(seen, [one for one in review(seen) if isinstance(one, Finding)])
    unused = {one.subject.rpartition("/")[2]: one for one in done.findings if one.rule == "use.unused-service"}
    assert unused["wide"].fixes[0].title == "Grant what was used: s3" and unused["wide"].double_of is None
    assert unused["boss"].double_of == ("permissions.admin", roles[1]["Arn"])


def test_a_role_that_works_lacks_nothing_of_what_a_page_lists(tmp_path: Path) -> None:
    made = [service("works", "codebuild.amazonaws.com") | USED, service("new", "codebuild.amazonaws.com")]
    found = findings_in(tmp_path, account(made), "trust.service-contract")
    assert {one.subject.rpartition("/")[2]: one.severity for one in found} == {"new": "low"}


def test_a_role_whose_only_principal_was_deleted_is_to_go(tmp_path: Path) -> None:
    gone, never = {"AWS": "AROAEXAMPLEDELETED000"}, {"CreateDate": "2020-01-01T00:00:00+00:00", "RoleLastUsed": {}}
    alone = role("alone", allow("s3:GetObject"), AssumeRolePolicyDocument=trust(gone)) | never
    beside = role("beside", AssumeRolePolicyDocument=trust({**gone, "Service": "ec2.amazonaws.com"})) | never
    seen = reviewed(tmp_path, account([alone, beside]))
    done = concluded(seen, [one for one in review(seen) if isinstance(one, Finding)])
    found = {(one.rule, one.subject.rpartition("/")[2]): one for one in done.findings}
    orphan = found["trust.orphan-principal", "alone"]
    assert orphan.summary.endswith("The trust policy names nobody else, so nobody can assume the role.")
    assert [fix.title for fix in orphan.fixes] == ["Delete the role, or name who may assume it"]
    assert found["use.never", "alone"].double_of == orphan.key  # said once
    assert found["permissions.wildcard-resource", "alone"].double_of == orphan.key
    assert found["trust.orphan-principal", "beside"].fixes[0].title == "Remove the deleted principal"
    assert found["use.never", "beside"].double_of is None


def test_an_idle_role_that_aws_set_up_goes_with_its_set_up(tmp_path: Path) -> None:
    never = {"CreateDate": "2020-01-01T00:00:00+00:00", "RoleLastUsed": {}}
    roles = [role(name) | never for name in ("AWS-QuickSetup-StackSet-Local-ExecutionRole", "web")]
    found = {one.subject.rpartition("/")[2]: one for one in findings_in(tmp_path, account(roles), "use.never")}
    set_up = found["AWS-QuickSetup-StackSet-Local-ExecutionRole"]
    assert (
        set_up.fixes[0].title == "Remove the role with the AWS tool that created it"
        and set_up.cause != found["web"].cause
    )
    assert found["web"].fixes[0].title.startswith("Disable the role")


def test_a_sign_in_that_ends_is_said_at_its_provider(tmp_path: Path) -> None:
    content = account(ROLES["forecast.provider-expires"])
    seen = reviewed(tmp_path, content)
    found = [one for one in review(seen) if isinstance(one, Finding)]
    ends = [one for one in found if one.rule == "forecast.provider-expires"]
    expiring = [one for one in found if one.rule == "provider.expiring"]
    assert ends and expiring and names(ends)
    doubles = [one.double_of for one in concluded(seen, found).findings if one.rule == "forecast.provider-expires"]
    assert doubles == [expiring[0].key] * len(ends)
    assert all(name in expiring[0].summary for name in names(ends))


def test_only_roles_of_the_provider_itself_are_named_at_its_end(tmp_path: Path) -> None:
    """The ARN of one provider may begin with that of another."""
    other = trust({"Federated": f"{SAML}-two"}, "sts:AssumeRoleWithSAML")
    content = account([*ROLES["forecast.provider-expires"], role("other", AssumeRolePolicyDocument=other)])
    (one,) = (each for each in findings_in(tmp_path, content, "provider.expiring") if each.subject == SAML)
    assert "sign in to" in one.summary and "other" not in one.summary


def test_in_a_large_account_all_planted_are_found_and_no_decoy_is_accused(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.support.accounts.review_account import main

    assert main(40) == 0, capsys.readouterr().out


def test_unused_actions_of_services_that_are_used(tmp_path: Path) -> None:
    policy = allow(["sqs:CreateQueue", "sqs:DeleteQueue"])
    roles = [role(name, policy, CreateDate="2020-01-01T00:00:00+00:00") for name in ("bad", "good", "untold")]
    recent, long_ago = "2026-10-30T00:00:00+00:00", "2026-01-01T00:00:00+00:00"

    def used(*actions: tuple[str, str]) -> list[dict[str, Any]]:
        tracked = [{"ActionName": name, "LastAccessedTime": when} for name, when in actions]
        return [{"ServiceNamespace": "sqs", "LastAuthenticated": recent, "TrackedActionsLastAccessed": tracked}]

    accessed = {
        roles[0]["Arn"]: used(("CreateQueue", recent), ("DeleteQueue", long_ago), ("PurgeQueue", long_ago)),
        roles[1]["Arn"]: used(("CreateQueue", recent), ("DeleteQueue", recent)),
        roles[2]["Arn"]: [{"ServiceNamespace": "sqs", "LastAuthenticated": recent}],
    }
    found = findings_in(tmp_path, account(roles, LastAccessed=accessed), "use.unused-action")
    assert names(found) == {"bad"} and "did not use sqs:DeleteQueue for" in found[0].summary


def test_a_role_for_emergencies_is_tried_and_kept(tmp_path: Path) -> None:
    """It lies idle by intent: nothing that the review advises takes it away."""
    for used, rule in (("2026-06-01T00:00:00+00:00", "use.stale"), (None, "use.never")):
        roles = [older("break-glass", used), older("idle", used)]
        found = {one.subject.rpartition("/")[2]: one for one in findings_in(tmp_path, account(roles), rule)}
        assert {name: one.severity for name, one in found.items()} == {
            "break-glass": Severity.INFO,
            "idle": Severity.LOW,
        }
        assert not any(isinstance(fix.change, Calls) for fix in found["break-glass"].fixes)


@pytest.mark.parametrize(
    ("statement", "by", "severity"),
    [
        (allow("sts:AssumeRole", f"arn:aws:iam::{ID}:role/boss"), "root", Severity.MEDIUM),
        (allow("sts:AssumeRole", "*"), "root", Severity.HIGH),
        (allow("sts:AssumeRole", "arn:aws:iam::*:role/*"), "root", Severity.HIGH),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "root", Severity.HIGH),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "role/doer", Severity.MEDIUM),
    ],
)
def test_a_way_that_nobody_named_is_graver(tmp_path: Path, statement: Any, by: str, severity: Severity) -> None:
    roles = [role("doer", statement), boss({"AWS": f"arn:aws:iam::{ID}:{by}"})]
    (found,) = findings_in(tmp_path, account(roles), "escalation.path")
    assert (found.subject, found.severity) == (DOER, severity)


@pytest.mark.parametrize(
    ("name", "usual"),
    [("ReportExporter", "report-exporter"), ("S3Reader2", "s3-reader2"), ("EKSNode_role", "eks-node-role"), ("a", "a")],
)
def test_a_name_in_the_usual_form(name: str, usual: str) -> None:
    assert usual_name(name, "lower-case-words-with-hyphens") == usual


@pytest.mark.parametrize(
    ("known", "told", "wanted"),
    [
        (
            "repo:harbor/shop:ref:refs/heads/main",
            "shop@2:ref:refs/heads/main",
            "repo:harbor@1/shop@2:ref:refs/heads/main",
        ),
        ("repo:harbor/*", "shop@2:pull_request", "repo:harbor@1/*"),
        (f"repo:harbor/shop:{MAIN}", f"other@2:{MAIN}", None),
        ("repo:harbor/shop:*", f"shop:{MAIN}", None),
    ],
)
def test_a_token_that_was_refused_tells_the_ids(tmp_path: Path, known: str, told: str, wanted: str | None) -> None:
    """What CloudTrail has seen is no forecast any more: it is grave, and its fix is a change that was tried."""
    content = account([github("bad", subjects(known))])
    content["Rolescope"]["Events"] = [
        {
            "EventName": "AssumeRoleWithWebIdentity",
            "EventTime": "2026-10-31T12:00:00+00:00",
            "Username": f"repo:harbor{'@1' if '@' in told else ''}/{told}",
            "Resources": ["bad"],
            "CloudTrailEvent": json.dumps({"errorCode": "AccessDenied"}),
        }
    ]
    (found,) = findings_in(tmp_path, content, "forecast.github-subject")
    (fix,) = found.fixes
    assert (found.severity is Severity.HIGH, isinstance(fix.change, TrustChange)) == (bool(wanted), bool(wanted))
    if wanted is not None:
        assert isinstance(fix.change, TrustChange) and fix.verified is True and "was refused" in found.summary
        assert fix.change.after.value["Statement"][0]["Condition"]["StringLike"][f"{GITHUB}:sub"] == [known, wanted]


def test_quotas_of_one_role_that_fill_up(tmp_path: Path) -> None:
    """Characters that count are those that are no white space; what may be more here is told by the account."""
    buckets = [f"arn:aws:s3:::bucket-of-the-team-{number:04}/*" for number in range(250)]
    roles = [
        role("inline", allow("s3:GetObject", buckets)),
        role("small", allow("s3:GetObject", buckets[:50])),
        role("attached", AttachedManagedPolicies=[managed_ref(str(number)) for number in range(9)]),
        role("trusts", AssumeRolePolicyDocument=trust({"AWS": [f"{VENDOR[:-2]}{number}" for number in range(10, 99)]})),
    ]
    summary = {"AttachedPoliciesPerRoleQuota": 10, "AssumeRolePolicySizeQuota": 1500}
    content = account(roles, AccountSummary=summary)
    content["Policies"].append(managed("large", allow("s3:GetObject", buckets[:140])))
    found = {one.subject.rpartition("/")[2]: one.summary for one in findings_in(tmp_path, content, "forecast.quota")}
    assert set(found) == {"inline", "attached", "trusts", "large"}
    assert found["attached"].endswith("9 attached policies of 10: 1 more can be attached.")
    assert "its inline policies may have 10,240 characters" in found["inline"]


def managed_ref(name: str) -> dict[str, str]:
    return {"PolicyName": name, "PolicyArn": f"arn:aws:iam::{ID}:policy/{name}"}


@pytest.mark.parametrize(
    ("method", "rule", "why"),
    [
        ("all_bindings", "escalation.path", "AWS denied lambda:ListFunctions."),
        ("events", "forecast.github-subject", "AWS denied cloudtrail:LookupEvents."),
    ],
)
@pytest.mark.parametrize("wholly", [True, False])
def test_what_a_rule_asks_beside_the_account_and_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, rule: str, why: str, wholly: bool
) -> None:
    """And a part that is missing (one service of those that run with a role, one region's events) as well."""
    reading: Reading[Any] = Reading("", why=why) if wholly else Reading("", (), note=why)
    monkeypatch.setattr(SnapshotReader, method, lambda *_, **__: reading)
    function = f"arn:aws:lambda:us-east-1:{ID}:function:nightly"
    doer = role("doer", allow("lambda:UpdateFunctionCode", function))
    roles = [doer, boss({"Service": "lambda.amazonaws.com"}), github("ci", subjects(f"repo:harbor/shop:{MAIN}"))]
    looked_at = reviewed(tmp_path, account(roles))
    deque(review(looked_at, rules=[rule]), maxlen=0)
    said = [(one.what, one.rules) for one in concluded(looked_at, []).unread if why in one.what]
    assert [what for what, _ in said] == [why] and rule in said[0][1]


def test_server_certificates_that_expire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = {"gone": -1, "soon": 20, "later": 400}
    looked_at = reviewed(tmp_path, account([]))
    assert [*review(looked_at, rules=["forecast.certificate-expires"])][1:] == []
    assert "server-certificate" in " ".join(one.what for one in concluded(looked_at, []).unread)
    listed = tuple(
        EntityName("server-certificate", name, f"arn:aws:iam::{ID}:server-certificate/{name}") for name in days
    )

    def read(_: object, name: str) -> Reading[ServerCertificate]:
        expires = looked_at.account.now + timedelta(days=days[name], hours=1)
        arn = f"arn:aws:iam::{ID}:server-certificate/{name}"
        return Reading("iam:GetServerCertificate", ServerCertificate(name, arn, expires=expires))

    monkeypatch.setattr(SnapshotReader, "entity_names", lambda *_: Reading("iam:ListServerCertificates", listed))
    monkeypatch.setattr(SnapshotReader, "server_certificate", read)
    found = {each.subject.rpartition("/")[2]: each for each in findings_in(tmp_path, account([]), "forecast")}
    assert {name: each.severity for name, each in found.items() if name in days} == {
        "gone": Severity.HIGH,
        "soon": Severity.MEDIUM,
    }
    assert "in 20 days" in found["soon"].summary and found["soon"].fixes
    monkeypatch.setattr("diagnostics.review.subject.MOST_CERTIFICATES", 1)
    assert "soon" not in {each.subject.rpartition("/")[2] for each in findings_in(tmp_path, account([]), "forecast")}
    looked_at = reviewed(tmp_path, account([]))
    deque(review(looked_at, rules=["forecast.certificate-expires"]), maxlen=0)
    assert "Only 1 of 3 server certificates" in " ".join(one.what for one in concluded(looked_at, []).unread)


def test_tokens_of_a_provider_that_does_not_exist_are_said_once(tmp_path: Path) -> None:
    seen = reviewed(tmp_path, account(ROLES["trust.provider-missing"]))
    done = concluded(seen, [one for one in review(seen) if isinstance(one, Finding)])
    missing = {one.subject for one in done.findings if one.rule == "trust.provider-missing"}
    doubles = {one.subject for one in done.findings if one.rule == "trust.missing-audience" and one.double_of}
    assert missing and doubles and doubles <= missing


def test_why_anyone_gets_in_is_said_of_what_the_condition_lets_in_or_keeps_out(tmp_path: Path) -> None:
    found = {
        one.subject.rpartition("/")[2]: one for one in findings_in(tmp_path, account(ROLES["trust.public"]), "trust")
    }
    assert "keeps out only roles and users named as arn:aws:iam::*:role/ops-*" in found["bad-but-some"].summary
    assert "named as arn:aws:iam::*:role/deploy can be created" in found["bad-named-anywhere"].summary


def test_of_an_action_that_last_accessed_information_never_shows_nothing_is_unused(tmp_path: Path) -> None:
    roles = [
        role(name, allow(["s3:GetObject", *actions]), CreateDate="2020-01-01T00:00:00+00:00")
        for name, actions in (("passes", ["iam:PassRole"]), ("bad", ["iam:PassRole", "iam:GetRole"]))
    ]
    read = [{"ServiceNamespace": "s3", "LastAuthenticated": "2026-10-30T00:00:00+00:00"}, {"ServiceNamespace": "iam"}]
    content = account(roles, LastAccessed={each["Arn"]: read for each in roles})
    assert names(findings_in(tmp_path, content, "use.unused-service")) == {"bad"}


@pytest.mark.parametrize(
    ("condition", "kept"), [({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, True), (None, False)]
)
def test_a_way_with_mfa_into_an_emergency_role_stays(tmp_path: Path, condition: Any, kept: bool) -> None:
    entry = trust({"AWS": f"arn:aws:iam::{ID}:root"})
    if condition:
        entry["Statement"][0]["Condition"] = condition
    glass = role("break-glass", allow("*"), AssumeRolePolicyDocument=entry)
    content = account([glass], users=[user("doer", allow("sts:AssumeRole", glass["Arn"]))])
    (found,) = findings_in(tmp_path, content, "escalation.path")
    assert found.severity is Severity.INFO
    assert isinstance(found.fixes[0].change, Note) is kept


def concluded_in(tmp_path: Path, content: Any) -> dict[tuple[str, str], Finding]:
    seen = reviewed(tmp_path, content)
    done = concluded(seen, [one for one in review(seen) if isinstance(one, Finding)])
    return {(one.rule, one.subject.rpartition("/")[2]): one for one in done.findings}


def test_what_is_wide_of_an_idle_role_goes_with_it(tmp_path: Path) -> None:
    wide = role("any", allow("s3:*"))["RolePolicyList"]
    found = concluded_in(
        tmp_path, account([older(name, None) | {"RolePolicyList": wide} for name in ("idle", "break-glass")])
    )
    idle = found["use.never", "idle"]
    assert idle.severity is Severity.MEDIUM
    assert found["permissions.wildcard-action", "idle"].double_of == idle.key
    assert found["use.never", "break-glass"].severity is Severity.INFO
    assert found["permissions.wildcard-action", "break-glass"].double_of is None


def test_an_old_key_that_nobody_uses_is_said_once(tmp_path: Path) -> None:
    old, recent = "2020-01-01T00:00:00+00:00", "2026-10-30T00:00:00+00:00"
    keys = [
        {"UserName": name, "AccessKeyId": f"AKIA{name.upper()}", "Status": "Active", "CreateDate": old}
        for name in ("idle", "busy")
    ]
    used = {
        f"arn:aws:iam::{ID}:user/{name}": [{"ServiceNamespace": "s3", **when}]
        for name, when in (("idle", {}), ("busy", {"LastAuthenticated": recent}))
    }
    users = [user(name, allow("s3:ListBucket")) for name in ("idle", "busy")]
    found = concluded_in(tmp_path, account([], users, AccessKeys=keys, LastAccessed=used))
    unused = found["users.unused-credentials", "idle"]
    assert unused.severity is Severity.MEDIUM and found["keys.old", "idle"].double_of == unused.key
    assert found["keys.old", "busy"].double_of is None


@pytest.mark.parametrize(
    ("audiences", "said"),
    [(["one"], ""), (["one", "two"], "tokens for every audience on the provider's list: one and two.")],
)
def test_a_provider_of_one_audience_needs_no_condition_on_it(tmp_path: Path, audiences: list[str], said: str) -> None:
    provider = {"Arn": f"arn:aws:iam::{ID}:oidc-provider/{GITHUB}", "Url": GITHUB, "ClientIDList": audiences}
    content = account(ROLES["trust.missing-audience"], OpenIDConnectProviders=[provider])
    found = {one.subject.rpartition("/")[2]: one for one in findings_in(tmp_path, content, "trust.missing-audience")}
    assert ("bad-github" in found) is bool(said)
    assert not said or found["bad-github"].summary.endswith(said)
