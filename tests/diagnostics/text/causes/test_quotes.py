"""What a cause, or the sequence, quotes as evidence is a literal part of the text, apart from breaks and escapes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from diagnostics.claims.kinds import Quotes
from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Failure
from tests.support.texts.first_look import answered

TESTS = Path(__file__).parents[3]
FILES = sorted(
    {*TESTS.glob("diagnostics/text/read/texts/*.jsonl"), *TESTS.glob("diagnostics/text/read/conformance/*.jsonl")}
)
_NO_LETTERS = re.compile(r"\\u[0-9a-f]{4}|\\[nrt\"'/]|\x1b\[[0-9;]*m|[\s│┃║|>\\\"'“”‘’`]+", re.IGNORECASE)


def letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.replace("&quot;", "").replace("&#39;", ""))


def quoted(failure: Failure, diagnosis: Diagnosis) -> list[str]:
    claims = (claim for look in diagnosis.first_look for claim in look.because.claims)
    found = [claim.words for claim in claims if isinstance(claim, Quotes) and claim.holds]
    sequel = failure.sequel
    found += [sequel.succeeded, sequel.aside, sequel.fails_otherwise, sequel.exists] if sequel is not None else []
    return [each for each in found if each]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_quoted_evidence_is_in_the_text(path: Path) -> None:
    wrong = []
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        text = next((case[name] for name in ("text", "message", "raw") if isinstance(case.get(name), str)), "")
        for failure, diagnosis in answered(text) if text else ():
            wrong += [(said, text[:60]) for said in quoted(failure, diagnosis) if letters(said) not in letters(text)]
    assert not wrong


BOOTSTRAP = (
    "Error: Billing: SSM parameter /cdk-bootstrap/hnb659fds/version not found. Has the environment been bootstrapped? "
    "Please run 'cdk bootstrap'\ncurrent credentials could not be used to assume 'arn:aws:iam::444455556666:role/"
    "cdk-hnb659fds-deploy-role-444455556666-ca-central-1', but are for the right account. Proceeding anyway.\n"
)


def test_a_rewritten_text_is_not_quoted() -> None:
    said = quoted(*answered(BOOTSTRAP)[0])
    assert said
    assert all(letters(each) in letters(BOOTSTRAP) for each in said)
