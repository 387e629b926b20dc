"""A hundred texts of other systems: none is claimed for IAM with confidence, and each that is named is not IAM's."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence
from diagnostics.failure import OtherFailure, Trouble

TEXTS = Path(__file__).with_name("none_of_iams.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_claimed_for_iam(text: str) -> None:
    for failure in read_text(text):
        assert isinstance(failure, OtherFailure)
        verdict = collect_offline(failure).verdict
        assert verdict.cause == "not-iam" or verdict.confidence is Confidence.UNKNOWN


def test_most_are_named() -> None:
    named = [text for text in TEXTS for each in read_text(text) if _trouble(each) is Trouble.NOT_IAM]
    assert len(named) > 0.6 * len(TEXTS)


def _trouble(failure: object) -> Trouble | None:
    return failure.trouble if isinstance(failure, OtherFailure) else None
