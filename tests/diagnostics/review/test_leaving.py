"""Paths that leave the account: who may assume a role of another account that is, or becomes, administrator there."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from diagnostics.fix import Note
from diagnostics.review.escalation.elsewhere import Neighbours
from diagnostics.review.escalation.leaving import leaving
from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.subject import ReviewedAccount
from iam.risks.risk import Severity
from iam.sources.organization.folder import open_folder
from tests.support.organizations.generate import Generated, document, generate, role

CI, APP, DATA = "200000000001", "200000000002", "200000000003"
BOSS, STAIRS = f"arn:aws:iam::{DATA}:role/boss", f"arn:aws:iam::{DATA}:role/stairs"


def trusting(who: str | list[str], **more: object) -> dict[str, object]:
    return document({"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole", **more})


def allowing(action: str, resource: str | list[str]) -> dict[str, object]:
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


def found_by(made: Generated, folder: Path, account: str) -> dict[tuple[str, str], Finding]:
    """The findings of an account, by the names of who it is and of the role of the first step."""
    accounts = open_folder(made.write(folder))
    opened = accounts.opened(account)
    assert opened is not None
    subject = ReviewedAccount(opened.account, opened.reader, Limits())
    several = [one for one in leaving(subject, Neighbours(accounts, Limits())) if one is not None]
    return {(one.subject.rpartition("/")[2], one.path[0].on.rpartition("/")[2]): one for one in several}


def named(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def chain(made: Generated, last_trusts: str) -> None:
    """deployer (CI) → relay (APP) → boss (DATA), which has full access."""
    made.roles[CI] = [role(CI, "deployer", document(), {"own": allowing("sts:AssumeRole", named(APP, "relay"))})]
    made.roles[APP] = [
        role(APP, "relay", trusting(named(CI, "deployer")), {"own": allowing("sts:AssumeRole", BOSS)}),
    ]
    made.roles[DATA] = [role(DATA, "boss", trusting(last_trusts), {"all": allowing("*", "*")})]


def test_a_path_over_two_boundaries(tmp_path: Path) -> None:
    made = generate(0)
    chain(made, named(APP, "relay"))
    found = found_by(made, tmp_path / "it", CI)
    assert set(found) == {("deployer", "relay")}
    one = found["deployer", "relay"]
    assert [hop.on for hop in one.path] == [named(APP, "relay"), BOSS] and one.severity is Severity.MEDIUM
    assert DATA in one.summary and APP in one.summary and "full access to account" in one.summary and one.certain
    assert set(found_by(made, tmp_path / "again", APP)) == {("relay", "boss")}


@pytest.mark.parametrize(("unique_id", "leads"), [("AROAOLDOLDOLDOLDOLD12", False), ("", True)])
def test_a_role_that_was_made_again_is_not_the_one_that_is_trusted(tmp_path: Path, unique_id: str, leads: bool) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles"""
    made = generate(0)
    chain(made, "")
    present = made.roles[APP][0]["RoleId"]
    made.roles[DATA][0]["AssumeRolePolicyDocument"] = trusting(unique_id or present)
    assert bool(found_by(made, tmp_path / "it", CI)) is leads


def test_a_path_that_comes_home_and_one_that_begins_inside(tmp_path: Path) -> None:
    made = generate(0)
    pass_on = {"own": allowing("sts:AssumeRole", "*")}
    made.roles[CI] = [
        role(CI, "deployer", trusting(named(CI, "intern")), pass_on),
        role(CI, "intern", document(), {"own": allowing("sts:AssumeRole", named(CI, "deployer"))}),
        role(CI, "owner", trusting(named(APP, "inner")), {"all": allowing("*", "*")}),
    ]
    made.roles[APP] = [
        role(APP, "relay", trusting(named(CI, "deployer")), pass_on),
        role(APP, "inner", trusting(named(APP, "relay")), pass_on),
    ]
    found = found_by(made, tmp_path / "it", CI)
    home, inside = found["deployer", "relay"], found["intern", "deployer"]
    roads = [named(APP, "relay"), named(APP, "inner"), named(CI, "owner")]
    assert [hop.on for hop in home.path] == roads and f"({CI})" in home.summary
    assert [hop.on for hop in inside.path] == [named(CI, "deployer"), *roads]
    assert "may become deployer in 1 step" in inside.summary


def test_what_to_remove_is_that_of_the_first_step(tmp_path: Path) -> None:
    """Only who assumes a role is kept out by its trust policy."""
    made = generate(0)
    pass_on = {"own": allowing("sts:AssumeRole", "*")}
    made.roles[CI] = [
        role(CI, "deployer", document(), pass_on),
        role(CI, "intern", document(), {"own": allowing("iam:UpdateAssumeRolePolicy", named(CI, "deployer"))}),
    ]
    made.roles[APP] = [role(APP, "boss", trusting(named(CI, "deployer")), {"all": allowing("*", "*")})]
    found = found_by(made, tmp_path / "it", CI)
    notes = {who: one.fixes[0].change for (who, _), one in found.items()}
    assert isinstance(notes["deployer"], Note) and isinstance(notes["intern"], Note)
    assert "the trust policy of" in notes["deployer"].text
    assert notes["intern"].text == "Remove the Allow of iam:UpdateAssumeRolePolicy from intern."


def test_a_circle_of_roles_ends(tmp_path: Path) -> None:
    made = generate(0)
    around = (CI, APP, DATA)
    for at, account in enumerate(around):
        last = f"arn:aws:iam::{around[at - 1]}:root"
        made.roles[account] = [role(account, "ring", trusting(last), {"own": allowing("sts:AssumeRole", "*")})]
    assert found_by(made, tmp_path / "it", CI) == {}


@pytest.mark.parametrize("seed", range(6))
def test_paths_by_chance_are_those_of_a_plain_search(tmp_path: Path, seed: int) -> None:
    """Roles of three accounts that trust each other by name: who reaches full access in which account."""
    chance = Random(seed)
    roles = [(account, f"r{number}") for account in (CI, APP, DATA) for number in range(6)]
    full = {each: chance.random() < 0.15 for each in roles}
    edges = {(a, b) for a in roles for b in roles if a != b and not full[a] and chance.random() < 0.08}
    made = generate(0)
    for account, name in roles:
        trusted = [named(*a) for a, b in edges if b == (account, name)] or [named(account, "nobody")]
        onto = [named(*b) for a, b in edges if a == (account, name)] or [named(account, "nobody")]
        own = allowing("*", "*") if full[account, name] else allowing("sts:AssumeRole", onto)
        made.roles.setdefault(account, []).append(role(account, name, trusting(trusted), {"own": own}))
    accounts = open_folder(made.write(tmp_path / "it"))
    neighbours = Neighbours(accounts, Limits())
    for account in (CI, APP, DATA):
        opened = accounts.opened(account)
        assert opened is not None
        found: dict[str, set[str]] = {}
        for one in leaving(ReviewedAccount(opened.account, opened.reader, Limits()), neighbours):
            if one is not None:
                found.setdefault(one.subject, set()).update(reached_in(one.summary))
        inside = neighbours.ways(account)
        for start in (each for each in roles if each[0] == account and named(*each) not in inside):
            seen, left = {start}, [start]
            while left:
                at = left.pop()
                onward = [b for a, b in edges if a == at]
                onward += [each for each in roles if full[at] and each[0] == at[0]]  # an administrator gets all of it
                onward = [each for each in onward if each not in seen]
                seen.update(onward)
                left += onward
            assert found.get(named(*start), set()) == {each[0] for each in seen if full[each]}, start


def reached_in(summary: str) -> set[str]:
    """The accounts to which a finding says that there is full access."""
    first, _, beyond = summary.partition("reach full access to account ")
    return set(re.findall(r"\((\d{12})\)", beyond or first))


@pytest.mark.parametrize("trusted", ["*", f"arn:aws:iam::{APP}:root", APP])
def test_a_path_leads_over_a_neighbour_to_a_role_that_trusts_everyone_or_the_whole_neighbour(
    tmp_path: Path, trusted: str
) -> None:
    made = generate(0)
    made.roles[CI] = [
        role(CI, "deployer", document(), {"own": allowing("sts:AssumeRole", named(APP, "relay"))}),
        role(CI, "idle", document(), {"own": allowing("s3:GetObject", "*")}),
    ]
    made.roles[APP] = [
        role(APP, "relay", trusting(named(CI, "deployer")), {"own": allowing("sts:AssumeRole", "*")}),
        role(APP, "other", trusting(named(CI, "idle")), {"own": allowing("s3:GetObject", "*")}),
    ]
    made.roles[DATA] = [
        role(DATA, "open", trusting(trusted), {"all": allowing("*", "*")}),
        role(DATA, "harmless", trusting(trusted), {"own": allowing("s3:GetObject", "*")}),
    ]
    found = found_by(made, tmp_path / "it", CI)
    assert set(found) == {("deployer", "relay")}
    (one,) = found.values()
    assert [hop.on.rpartition("/")[2] for hop in one.path] == ["relay", "open"]
    assert f"reach full access to account account-03 ({DATA})" in one.summary
    assert set(found_by(made, tmp_path / "again", APP)) == {("relay", "open")}


@pytest.mark.parametrize("seed", range(4))
def test_paths_by_chance_over_roles_that_trust_accounts_and_everyone(tmp_path: Path, seed: int) -> None:
    """Each role may assume some roles by name; each trusts one account, or everyone: who reaches full access where."""
    chance = Random(100 + seed)
    roles = [(account, f"r{number}") for account in (CI, APP, DATA) for number in range(6)]
    full = {each: chance.random() < 0.2 for each in roles}
    others = {each: chance.choice([*({CI, APP, DATA} - {each[0]}), "*" if full[each] else each[0]]) for each in roles}
    onto = {each: chance.sample([one for one in roles if one[0] != each[0]], 2) for each in roles}
    made = generate(0)
    for each in roles:
        account, name = each
        trust = trusting("*" if others[each] == "*" else f"arn:aws:iam::{others[each]}:root")
        own = allowing("*", "*") if full[each] else allowing("sts:AssumeRole", [named(*one) for one in onto[each]])
        made.roles.setdefault(account, []).append(role(account, name, trust, {"own": own}))
    accounts = open_folder(made.write(tmp_path / "it"))
    neighbours = Neighbours(accounts, Limits())
    found: dict[str, set[str]] = {}
    for account in (CI, APP, DATA):
        opened = accounts.opened(account)
        assert opened is not None
        for one in leaving(ReviewedAccount(opened.account, opened.reader, Limits()), neighbours):
            if one is not None:
                found.setdefault(one.subject, set()).update(reached_in(one.summary))
    for start in (each for each in roles if named(*each) not in neighbours.ways(each[0])):
        seen, left = {start}, [start]
        while left:
            at = left.pop()
            onward = [one for one in roles if others[one] in ("*", at[0]) and (full[at] or one in onto[at])]
            onward += [one for one in roles if one[0] == at[0] and full[at]]  # an administrator gets all of it
            onward = [one for one in onward if one not in seen]
            seen.update(onward)
            left += onward
        assert found.get(named(*start), set()) == {one[0] for one in seen if full[one]}, start
