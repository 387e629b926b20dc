"""Texts of many tools and services, each with every field that it carries; what is not listed must be null."""

from __future__ import annotations

import pytest

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.messages import parse
from diagnostics.messages.parsed import kind_of, parsed
from tests.diagnostics.messages import denial_texts, other_texts

DENIALS = [*denial_texts.IDENTITY, *denial_texts.LAYERS, *denial_texts.OLD_AND_ODD]


def only(text: str) -> Failure:
    failures = parse(text)
    assert len(failures) == 1, failures
    return failures[0]


def said(failure: Failure) -> dict[str, str]:
    return {name: value for name, value in parsed(failure).as_json().items() if value is not None}


@pytest.mark.parametrize(("text", "wanted"), DENIALS)
def test_denials(text: str, wanted: dict[str, str]) -> None:
    failure = only(text)
    assert isinstance(failure, Denial)
    assert kind_of(failure) == "access-denied"
    assert said(failure) == wanted


@pytest.mark.parametrize(("text", "wanted"), other_texts.CONFLICTS)
def test_conflicts(text: str, wanted: dict[str, str]) -> None:
    failure = only(text)
    assert isinstance(failure, Conflict)
    path = {"path": failure.path} if failure.path else {}
    assert said(failure) | path == wanted


@pytest.mark.parametrize(("text", "wanted"), other_texts.QUESTIONS)
def test_typed_requests_ask_whether_a_name_is_free(text: str, wanted: dict[str, str]) -> None:
    failure = only(text)
    assert isinstance(failure, Conflict)
    path = {"path": failure.path} if failure.path else {}
    assert failure.code is None
    assert said(failure) | path == wanted


@pytest.mark.parametrize(("text", "service", "role", "operation"), other_texts.TRUST)
def test_services_that_refuse_a_role(text: str, service: str, role: str | None, operation: str | None) -> None:
    failure = only(text)
    assert isinstance(failure, Denial)
    assert failure.claims_trust
    assert (failure.service, failure.action) == (service, "sts:AssumeRole")
    assert (failure.resource, failure.operation, failure.principal) == (role, operation, None)


@pytest.mark.parametrize(("text", "trouble", "wanted"), other_texts.OTHERS)
def test_other_failures(text: str, trouble: Trouble, wanted: dict[str, str]) -> None:
    failure = only(text)
    assert isinstance(failure, OtherFailure)
    assert (failure.trouble, said(failure)) == (trouble, wanted)
    assert failure.detail
