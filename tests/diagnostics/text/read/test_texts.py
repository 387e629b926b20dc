"""Texts of many tools and services, each with every field that it carries; what is not listed must be null.

The texts lie in ``texts/``, one JSON object a line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, kind_of
from diagnostics.text.read.parse import parse
from diagnostics.text.read.parsed import parsed
from tests.support.texts.json_lines import json_lines

Case = dict[str, Any]
FOLDER = Path(__file__).parent / "texts"


def load(name: str) -> list[Case]:
    return json_lines(FOLDER / f"{name}.jsonl")


def only(text: str) -> Failure:
    failures = parse(text)
    assert len(failures) == 1, failures
    return failures[0]


def said(failure: Failure) -> dict[str, str]:
    """What was read; the time, which depends on the present year, has its own tests (`test_text_time`)."""
    fields = {name: value for name, value in parsed(failure).as_json().items() if value is not None and name != "at"}
    return fields | ({"path": failure.path} if isinstance(failure, Conflict) and failure.path else {})


@pytest.mark.parametrize("case", load("denials"), ids=lambda case: case["text"][:50])
def test_denials(case: Case) -> None:
    failure = only(case["text"])
    assert isinstance(failure, Denial)
    assert kind_of(failure) == "access-denied"
    assert said(failure) == case["wanted"]


@pytest.mark.parametrize("case", load("conflicts"), ids=lambda case: case["text"][:50])
def test_conflicts(case: Case) -> None:
    failure = only(case["text"])
    assert isinstance(failure, Conflict)
    assert said(failure) == case["wanted"]


@pytest.mark.parametrize("case", load("questions"), ids=lambda case: case["text"][:50])
def test_typed_requests_ask_whether_a_name_is_free(case: Case) -> None:
    failure = only(case["text"])
    assert isinstance(failure, Conflict)
    assert failure.code is None
    assert said(failure) == case["wanted"]


@pytest.mark.parametrize("case", load("trust"), ids=lambda case: case["text"][:50])
def test_services_that_refuse_a_role(case: Case) -> None:
    failure = only(case["text"])
    assert isinstance(failure, Denial)
    assert failure.claims_trust
    assert (failure.service, failure.action, failure.principal) == (case["service"], "sts:AssumeRole", None)
    assert (failure.resource, failure.operation) == (case["role"], case["operation"])


@pytest.mark.parametrize("case", load("others"), ids=lambda case: case["text"][:50])
def test_other_failures(case: Case) -> None:
    failure = only(case["text"])
    assert isinstance(failure, OtherFailure)
    assert (failure.trouble.value, said(failure)) == (case["trouble"], case["wanted"])
    assert failure.detail
