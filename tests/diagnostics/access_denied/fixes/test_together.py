"""Where several layers refuse, the smallest set of changes is told: enough together, none of them alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.fix import Fix
from diagnostics.fix_report import fix_json, proof_of
from diagnostics.who import Who
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader
from tests.support.accounts import alder
from tests.support.demo.failures import FAILURES
from tests.support.demo.opened import opened
from tests.support.denials.of_demo import diagnosis_of
from tests.support.denials.planted import ASKED, account, refused
from tests.support.oracles.check_answers import plant_too
from tests.support.oracles.contradictions import contradictions
from tests.support.oracles.planted_denials import Planter, allowed, diagnosed, line_of, objections, offered, untrue
from tests.support.oracles.planted_denials import opened as read


@pytest.mark.parametrize("seed", range(6))
def test_the_set_is_small_enough_and_needed(seed: int, tmp_path: Path) -> None:
    planted = Planter(seed).account()
    assert list(objections(planted, tmp_path)) == []


@pytest.mark.parametrize("seed", range(6))
def test_what_is_verified_hangs_on_no_key_that_was_not_told(seed: int, tmp_path: Path) -> None:
    planted = Planter(seed, conditional=True).account(least=1)
    assert list(untrue(planted, tmp_path)) == []


def test_a_set_that_lacks_one_is_refused(tmp_path: Path) -> None:
    planted = Planter(3).account(least=4)
    found = diagnosed(planted, read(planted.content, tmp_path))
    fixes = offered(found)
    assert 2 <= len(fixes) <= len(planted.slots)
    assert not allowed(planted.content, found, fixes[1:], tmp_path)
    assert line_of(planted, tmp_path) is not None


Demo = tuple[Account, AccountReader]


@pytest.fixture(scope="module")
def demo() -> Demo:
    return opened(None)


@pytest.fixture(scope="module")
def many_refuse(demo: Demo) -> Diagnosis:
    """F22: the organization, the boundary and the identity policies refuse."""
    return diagnosis_of(next(each for each in FAILURES if each.id == "F22"), "stated", demo)


def test_each_change_is_for_whom_it_belongs_to(many_refuse: Diagnosis) -> None:
    assert [fix.who for fix in many_refuse.fixes] == [Who.CALLER, Who.ACCOUNT_ADMIN, Who.ACCOUNT_ADMIN]
    assert [fix.verified for fix in many_refuse.fixes] == [False] * 3
    assert {fix.together and (fix.together.count, fix.together.verified) for fix in many_refuse.fixes} == {(3, True)}


def test_it_is_said_that_all_are_needed(many_refuse: Diagnosis) -> None:
    first = many_refuse.fixes[0]
    assert proof_of(first) == "evaluated together: allowed; all 3 are needed"
    assert fix_json(first)["together"] == {"count": 3, "verified": True, "hangs_on": []}
    assert not any(" Or " in fix.title for fix in many_refuse.fixes)


def test_a_way_out_and_an_exception_are_two_fixes(demo: Demo) -> None:
    found = diagnosis_of(next(each for each in FAILURES if each.id == "F14"), "stated", demo)
    fixes: tuple[Fix, ...] = found.fixes
    assert fixes[0].who is Who.CALLER and fixes[0].title.startswith("Call in an allowed Region")
    assert fixes[1].title == "Ask the owner of guard-region to exempt lake-etl-glue from statement OnlyHomeRegions"


def test_one_tag_that_two_layers_ask_for_is_told_once(tmp_path: Path) -> None:
    """An SCP allows other actions, and the boundary and the caller's own policy allow this one with the same tag."""
    asked, chance = ASKED[0], random.Random(1)
    tagged = alder.allow(asked[0], StringLike={"aws:PrincipalTag/team": "blu?"})
    content = account("scp", [alder.allow("logs:*")], chance)
    for layer in ("boundary", "identity"):
        plant_too(content, layer, [tagged], chance)
    opened_account = read(content, tmp_path)
    found = collect(read_text(refused(asked, None, "no-action"))[0], opened_account)
    titles = [fix.title for fix in found.fixes]
    assert any(title.startswith("Tag the role itself") for title in titles)
    assert len(titles) == len(set(titles)) and not list(contradictions(found))
