"""The demo account's conflicts, by everybody who may look: a verdict for each, and no guess for what is hidden."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from diagnostics.diagnosis import Confidence, Diagnosis, Status
from iam.account import Account
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.failures import CONFLICTS, DemoConflict
from tests.support.driving.conflict_run import first_word
from tests.support.driving.explained import diagnose_text

# E08's evidence is CloudTrail, which neither ben nor carla may read: the role is there, and that is all they can know.
WITHOUT_CLOUDTRAIL = {"E08": "name.taken"}


Diagnosed = Callable[[str, str], Diagnosis]
BY_ID = {conflict.id: conflict for conflict in CONFLICTS}


@pytest.fixture(scope="module")
def diagnosed(demo_reader_as: Callable[[str | None], AwsReader]) -> Diagnosed:
    """The diagnosis of a conflict (by its id) for one of the account's people."""

    @cache
    def opened(who: str) -> tuple[Account, AwsReader]:
        reader = demo_reader_as(None if who == "org-admin" else who)
        *_, account = reader.accounts()
        return account, reader

    @cache
    def diagnose(conflict: str, who: str) -> Diagnosis:
        (diagnosis,) = diagnose_text(BY_ID[conflict].text, OpenedAccount(*opened(who)))
        return diagnosis

    return diagnose


@pytest.mark.parametrize("conflict", CONFLICTS, ids=lambda conflict: conflict.id)
def test_org_admin_sees_everything(diagnosed: Diagnosed, conflict: DemoConflict) -> None:
    diagnosis = diagnosed(conflict.id, "org-admin")
    first = diagnosis.fixes[0]
    assert (diagnosis.verdict.cause, diagnosis.verdict.confidence) == (conflict.cause, Confidence.CERTAIN)
    assert first_word(first) in conflict.advice
    for word in conflict.fix_words:
        assert word.lower() in f"{first.title} {first.target} {first.text}".lower()


@pytest.mark.parametrize("who", ["ben", "carla"])
@pytest.mark.parametrize("conflict", CONFLICTS, ids=lambda conflict: conflict.id)
def test_others_get_the_same_cause_and_no_guess(diagnosed: Diagnosed, conflict: DemoConflict, who: str) -> None:
    diagnosis = diagnosed(conflict.id, who)
    assert diagnosis.verdict.cause == WITHOUT_CLOUDTRAIL.get(conflict.id, conflict.cause)
    assert first_word(diagnosis.fixes[0]) in conflict.advice
    deletes = [fix for fix in diagnosis.fixes if first_word(fix) == "delete" and fix.text.startswith("aws")]
    assert not deletes, "neither may see who owns the role and what uses it"


@pytest.mark.parametrize("who", ["ben", "carla"])
def test_what_they_may_not_see_is_said(diagnosed: Diagnosed, who: str) -> None:
    diagnosis = diagnosed("E08", who)
    steps = {step.id: step for step in diagnosis.steps}
    assert steps["deletion"].status is Status.UNKNOWN
    assert steps["owner"].status is Status.UNKNOWN
    assert "LookupEvents" in steps["owner"].summary
    assert "cannot be seen from here" in diagnosis.verdict.summary


def test_e08_goes_on_from_where_the_deletion_stopped(diagnosed: Diagnosed) -> None:
    diagnosis = diagnosed("E08", "org-admin")
    assert diagnosis.fixes[0].text.splitlines()[-1] == "aws iam delete-role --role-name legacy-ftp-sync"
    assert "new unique ID" in diagnosis.fixes[0].cautions[0]
