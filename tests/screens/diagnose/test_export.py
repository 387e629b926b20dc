"""What of a diagnosis is copied and saved: the token's table whole, no secret, ids masked where that is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import ClaimComparison, Diagnosis, Status, Step
from diagnostics.masking.masks import Masks
from diagnostics.policy_tests.read import read_tests
from iam.sources.reader.opened import OpenedAccount
from screens.diagnose.claims import comparison_lines
from screens.diagnose.export import CASE_FORM, TEST_FORM, append_test, copies_of, evidence_text, written
from screens.export.menu import REPORT_FORMS, ReportForm
from tests.support.driving.explained import diagnose_text
from tests.support.texts.canaries import SAID, TEXTS, leaks

DENIED = (
    "User: arn:aws:iam::111122223333:user/ben is not authorized to perform: s3:PutObject on resource: "
    "arn:aws:s3:::harbor-assets/x"
)


@pytest.fixture(scope="module")
def found(demo_reader: Any) -> dict[str, Diagnosis]:
    account = list(demo_reader.accounts())[-1]
    return {name: next(diagnose_text(text, OpenedAccount(account, demo_reader))) for name, text in TEXTS.items()}


def said_as(diagnosis: Diagnosis, way: ReportForm) -> str:
    masks = Masks()
    masks.learn(diagnosis)
    return written(diagnosis, way.suffix, masks if way.mask else None)


def test_nothing_that_can_be_copied_or_saved_is_a_secret(found: dict[str, Diagnosis]) -> None:
    for diagnosis in found.values():
        subjects = (None, *diagnosis.steps, *diagnosis.fixes)
        copied = " ".join(copy.text for subject in subjects for copy in copies_of(diagnosis, subject))
        saved = " ".join(said_as(diagnosis, way) for way in REPORT_FORMS)
        assert not leaks(copied + saved)


def test_ids_are_masked_where_that_is_asked(found: dict[str, Diagnosis]) -> None:
    diagnosis = found["token with a refusal"]
    for way in REPORT_FORMS:
        text = said_as(diagnosis, way)
        assert ("111122223333" in text) is not way.mask
        assert ("ACCOUNT-1" in text) is way.mask
        if way.suffix == "json":
            assert json.loads(text)["kind"] == "access-denied"


def test_a_case_file_is_among_the_forms_where_policies_were_evaluated(demo_reader: Any) -> None:
    account = list(demo_reader.accounts())[-1]
    diagnosis = next(diagnose_text(DENIED, OpenedAccount(account, demo_reader)))
    [line] = said_as(diagnosis, CASE_FORM).splitlines()
    assert json.loads(line)["principal"] == "arn:aws:iam::111122223333:user/ben"
    masked = written(diagnosis, CASE_FORM.suffix, Masks())
    assert "111122223333" not in masked and json.loads(masked)["principal"].endswith(":user/ben")


def test_the_claims_are_in_every_form(found: dict[str, Diagnosis]) -> None:
    diagnosis = found["token with a refusal"]
    step = next(step for step in diagnosis.steps if step.comparisons)
    page = said_as(diagnosis, REPORT_FORMS[0])
    assert f"| ✗ | sub | {SAID}".replace("_", "\\_") in page
    document = json.loads(said_as(diagnosis, REPORT_FORMS[1]))
    (claims,) = [entry["claims"] for entry in document["steps"] if entry["claims"]]
    (wrong,) = [row for row in claims if row["holds"] is False]
    assert (wrong["claim"], wrong["token"]) == ("sub", SAID)
    assert wrong["wanted"] == "repo:harbor-demo/storefront:ref:refs/heads/main"
    assert SAID in evidence_text(step)


ROW = ClaimComparison("sub", "repo:" + "o" * 60 + "/END", "repo:" + "w" * 60 + "/LAST", False, "the repository differs")


@pytest.mark.parametrize("width", [30, 78, 118])
def test_no_end_of_a_value_is_cut_off(width: int) -> None:
    rows = ["".join(text for text, _ in row) for row in comparison_lines((ROW, ROW), width)]
    assert all(len(row) <= width for row in rows)
    columns = "".join(row.replace(" ", "") for row in rows)
    assert columns.count("/END") == 2 or "END" in columns
    assert "LAST" in columns and "differs" in columns


def test_a_step_without_claims_has_no_table() -> None:
    assert "CLAIM" not in evidence_text(Step("x", "X", Status.PASS, "fine"))


def test_a_denials_request_is_appended_as_a_policy_test(demo_reader: Any, tmp_path: Path) -> None:
    account = list(demo_reader.accounts())[-1]
    diagnosis = next(diagnose_text(DENIED, OpenedAccount(account, demo_reader)))
    path = tmp_path / "rolescope-tests.yaml"
    for count in (1, 2):
        sentence, trouble = append_test(path, said_as(diagnosis, TEST_FORM))
        assert not trouble and str(path) in sentence
        tests = read_tests(path.read_text(encoding="utf-8"), "f")
        assert len(tests) == count
    assert (tests[0].principals.names, tests[0].actions, tests[0].resources) == (
        ("arn:aws:iam::111122223333:user/ben",),
        ("s3:PutObject",),
        ("arn:aws:s3:::harbor-assets/x",),
    )
    path.write_text('{"tests": []}', encoding="utf-8")
    assert append_test(path, said_as(diagnosis, TEST_FORM))[1]
