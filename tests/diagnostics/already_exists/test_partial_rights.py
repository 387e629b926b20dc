"""Any read may be refused. What may not be looked at is never taken for what is not there, nor for what is not used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from diagnostics.already_exists.procedure import explain
from diagnostics.diagnosis import Confidence, Status
from diagnostics.failure import Conflict
from diagnostics.fix import Fix
from iam.account import Account, LastUsed
from iam.event import Event
from iam.other_services import Instance
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Binding
from tests.support.accounts.conflict_memory import (
    MemoryReader,
    account,
    ago,
    arn,
    asleep,
    group,
    oidc,
    policy,
    profile,
    role,
    saml,
    user,
)
from tests.support.driving.conflict_run import first_word, run, sort_out, taken

EVERYTHING = frozenset({"*"})
UNREAD: dict[str, Any] = {
    "roles": (),
    "users": None,
    "groups": None,
    "policies": None,
    "instance_profiles": None,
    "oidc_providers": None,
    "saml_providers": None,
    "summary": None,
    "incomplete": frozenset({"roles"}),
}

TRUTH = account(
    roles=(asleep("tide"),),
    users=(user("tide"),),
    groups=(group("tide"),),
    policies=(policy("tide"),),
    instance_profiles=(profile("tide"),),
    oidc_providers=(oidc("tide.example", "sts"),),
    saml_providers=(saml("tide"),),
)
BLIND = account(**UNREAD)


def look_with(conflict: Conflict, seen: Account, truth: Account = TRUTH, **reader: Any) -> Any:
    """An explanation in which the account as read (``seen``) and as it is (``truth``) differ."""
    return sort_out(list(explain(conflict, OpenedAccount(seen, MemoryReader(truth, **reader)))))  # type: ignore[arg-type]  # it has the reads that conflicts need


KINDS = (
    ("role", "tide"),
    ("user", "tide"),
    ("group", "tide"),
    ("policy", "tide"),
    ("instance-profile", "tide"),
    ("oidc-provider", "https://tide.example"),
    ("saml-provider", "tide"),
    ("server-certificate", "tide"),
    ("virtual-mfa-device", "tide"),
    ("login-profile", "tide"),
    ("service-linked-role", "tide"),
    (None, "tide"),
)


ASKED_BY_NAME = tuple(pair for pair in KINDS if pair[0] in ("role", "user", "group", "instance-profile"))


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_nothing_may_be_read(kind: str | None, name: str) -> None:
    steps, verdict, fixes = look_with(taken(kind, name), BLIND, denied=EVERYTHING)
    causes = {"policy": "policy.taken", "oidc-provider": "provider.taken", "saml-provider": "provider.taken"}
    causes["service-linked-role"] = "role.service-owned"
    assert (verdict.cause, verdict.confidence) == (causes.get(kind or "", "name.taken"), Confidence.UNKNOWN)
    assert "cannot be seen" in verdict.summary
    assert steps["name"].status is Status.UNKNOWN
    harmless = {"oidc-provider": "reuse", "login-profile": "adopt", "service-linked-role": "leave"}
    assert [first_word(fix) for fix in fixes] == [harmless.get(kind or "", "rename"), "leave"]


@pytest.mark.parametrize(("kind", "name"), ASKED_BY_NAME)
def test_the_listing_alone_is_refused_and_the_case_may_differ(kind: str, name: str) -> None:
    """GetX knows no such name, and a name in another case cannot be ruled out."""
    steps, verdict, _ = look_with(taken(kind, "TIDE"), BLIND, denied=frozenset({"entity_names"}))
    assert (verdict.cause, verdict.confidence) == ("name.taken", Confidence.LIKELY)
    assert steps["name"].status is Status.UNKNOWN


@pytest.mark.parametrize(("kind", "name"), ASKED_BY_NAME)
def test_the_look_at_one_is_refused_and_the_listing_shows_it(kind: str, name: str) -> None:
    denied = frozenset({kind.replace("-", "_")})
    steps, verdict, _ = look_with(taken(kind, "TIDE"), BLIND, denied=denied)
    assert verdict.cause == ("name.taken-other-case" if kind != "instance-profile" else verdict.cause)
    assert verdict.cause != "name.free"
    assert steps["name"].status is Status.FAIL


def test_a_profile_is_known_by_the_role_that_it_holds() -> None:
    """A plain file of the account's details has no list of profiles, but each role names those that it is in."""
    seen = account(roles=(role("tide", instance_profiles=("Buoy",)),), instance_profiles=None)
    _, verdict, _ = look_with(taken("instance-profile", "buoy"), seen, denied=EVERYTHING)
    assert verdict.cause == "profile.other-role"
    assert "tide" in verdict.summary


def test_a_name_that_nobody_tells() -> None:
    for kind in ("role", None):
        _, verdict, fixes = look_with(taken(kind, None, text="EntityAlreadyExists"), TRUTH)
        assert (verdict.cause, verdict.confidence) == ("name.taken", Confidence.UNKNOWN)
        assert first_word(fixes[0]) == "leave"


def test_a_refused_look_proves_nothing() -> None:
    """GetRole's AccessDenied is no proof that the role exists, nor that it does not."""
    _, verdict, _ = look_with(taken("role", "other"), account(roles=(role("x"),)), denied=frozenset({"role"}))
    assert (verdict.cause, verdict.confidence) == ("name.free", Confidence.LIKELY)


def test_found_by_the_listing_when_the_account_was_not_read() -> None:
    _, verdict, _ = look_with(taken("role", "Tide"), BLIND)
    assert verdict.cause == "name.taken-other-case"


def test_a_list_of_which_a_part_is_missing_is_no_proof() -> None:
    part = account(roles=(role("x"),), incomplete=frozenset({"roles"}))
    _, verdict, _ = look_with(taken("role", "y"), part, denied=frozenset({"entity_names"}))
    assert verdict.cause == "name.taken"
    part = account(roles=(role("x"),), progress="reading roles")
    _, verdict, _ = look_with(taken("role", "y"), part, denied=frozenset({"entity_names"}))
    assert verdict.cause == "name.taken"


def test_another_kind_that_cannot_be_seen_is_said_and_is_no_conflict() -> None:
    seen = account(roles=(role("x"),), users=None)
    steps, verdict, _ = look_with(taken("role", "free"), seen, denied=frozenset({"user", "entity_names:user"}))
    assert (verdict.cause, verdict.confidence) == ("name.free", Confidence.CERTAIN)
    assert steps["other-kinds"].status is Status.UNKNOWN


def deletes(fixes: list[Fix]) -> list[Fix]:
    return [fix for fix in fixes if first_word(fix) == "delete"]


def test_delete_is_offered_when_everything_was_seen() -> None:
    _, _, fixes = run(taken("role", "tide"), TRUTH)
    assert len(deletes(fixes)) == 2
    assert first_word(fixes[0]) == "adopt"


@pytest.mark.parametrize("denied", ["stack_resources", "events", "bindings"], ids=lambda denied: f"without {denied}")
def test_delete_is_not_offered_where_owner_or_use_cannot_be_seen(denied: str) -> None:
    steps, _, fixes = run(taken("role", "tide"), TRUTH, denied=frozenset({denied}))
    assert not deletes(fixes)
    assert Status.UNKNOWN in (steps["owner"].status, steps["use"].status)


USED: tuple[tuple[str, Account, dict[str, Any]], ...] = (
    ("used lately", account(roles=(role("tide"),)), {}),
    ("its last use is not known", account(roles=(asleep("tide", last_used=None),)), {}),
    ("made today", account(roles=(asleep("tide", created=ago(hours=3)),)), {}),
    ("used within a year", account(roles=(asleep("tide", last_used=LastUsed(ago(days=300))),)), {}),
    ("a function runs with it", TRUTH, {"bound": (Binding("lambda", "f", "execution role", arn("role/tide")),)}),
    (
        "an instance runs with it",
        account(roles=(asleep("tide", instance_profiles=("p",)),), instance_profiles=(profile("p", "tide"),)),
        {"running": (Instance("i-1", arn("instance-profile/p")),)},
    ),
    ("its policies are not known", account(roles=(asleep("tide", attached=None),)), {}),
    ("a service's template made it", account(roles=(asleep("tide", source_template="arn:t"),)), {}),
    ("Terraform's tag is on it", account(roles=(asleep("tide", tags={"ManagedBy": "terraform"}),)), {}),
    ("its tags are not known", account(roles=(asleep("tide", tags=None),)), {}),
)


@pytest.mark.parametrize(("why", "seen", "reader"), USED, ids=[each[0] for each in USED])
def test_delete_is_never_offered_for_what_is_used_or_owned(why: str, seen: Account, reader: dict[str, Any]) -> None:
    _, _, fixes = run(taken("role", "tide"), seen, **reader)
    assert not deletes(fixes), why


METHODS = (
    *("role", "user", "group", "instance_profile", "customer_policy", "oidc_provider", "saml_provider"),
    *("server_certificate", "login_profile", "access_keys", "mfa_devices", "entity_names", "resource_policies"),
    *("resources", "resource_policy", "key_grants", "events", "stack_resources", "instances", "bindings"),
    *("account_summary", "deletion_status"),
)


@pytest.mark.parametrize("denied", METHODS)
@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_each_refused_read_leaves_an_answer(denied: str, kind: str | None, name: str) -> None:
    for seen in (TRUTH, BLIND):
        _, verdict, fixes = look_with(taken(kind, name), seen, denied=frozenset({denied}))
        assert verdict.summary
        assert fixes
        if seen is TRUTH and kind in ("role", "user", "group", "policy", "oidc-provider", "saml-provider", None):
            assert verdict.cause not in ("name.free", "name.other-namespace")


def test_a_snapshot_may_be_older_than_the_refusal() -> None:
    seen = replace(account(users=(user("jo"),)), source="snapshot", captured_at=ago(days=3))
    for name, cause in (("jo", "name.other-namespace"), ("mo", "name.free")):
        _, verdict, fixes = run(taken("role", name), seen)
        assert (verdict.cause, verdict.confidence) == (cause, Confidence.LIKELY)
        assert "the snapshot of 2026-03-01 12:00 UTC; the entity may have been created since" in verdict.summary
        assert first_word(fixes[0]) == "leave"
    _, verdict, _ = run(Conflict("role mo", entity_type="role", name="mo"), seen)
    assert verdict.confidence is Confidence.CERTAIN, "whoever only asks is answered by the snapshot"


def test_a_region_whose_events_could_not_be_read_may_have_told_of_a_deletion() -> None:
    class Partly(MemoryReader):
        def events(self, **asked: Any) -> Reading[Any]:
            return replace(super().events(**asked), note="us-east-1: AWS denied cloudtrail:LookupEvents.")

    parts = list(explain(taken("role", "tide", "CreateRole"), OpenedAccount(TRUTH, Partly(TRUTH))))  # type: ignore[arg-type]  # it has the reads that conflicts need
    steps, verdict, _ = sort_out(parts)
    assert steps["deletion"].status is Status.UNKNOWN and "us-east-1" in steps["deletion"].summary
    assert verdict.confidence is not Confidence.CERTAIN


class BusyReader(MemoryReader):
    """Only the newest events were read, those of the last hour or, with ``days``, of some days."""

    days = 0

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        found = super().events(resource_name=resource_name, event_name=event_name)
        return replace(found, note="Only the newest 200 events were read.", back_to=ago(hours=1, days=self.days))


@pytest.mark.parametrize(("made", "days", "unknown"), [(10, 0, True), (10, 20, False), (300, 0, False)])
def test_who_made_it_may_stand_in_the_events_that_were_not_read(made: int, days: int, unknown: bool) -> None:
    seen = account(roles=(role("tide", created=ago(days=made)),))
    reader = BusyReader(seen)
    reader.days = days
    found = explain(taken("role", "tide"), OpenedAccount(seen, reader))  # type: ignore[arg-type]  # it has the reads that conflicts need
    steps, *_ = sort_out(list(found))
    assert (steps["owner"].status is Status.UNKNOWN) == unknown
    assert (steps["deletion"].status is Status.UNKNOWN) == (days == 0)
