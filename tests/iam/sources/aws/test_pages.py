"""Lists in pages that do not end: the reading of them does, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from iam.sources.aws.answers import NotAnAnswer
from iam.sources.aws.reader import AwsReader
from iam.sources.aws.session import by_token, that_end


def test_a_page_that_comes_again_and_again_ends() -> None:
    asked: list[str] = []

    def ask(NextToken: str = "") -> dict[str, Any]:
        asked.append(NextToken)
        return {"Items": [len(asked)], "NextToken": "same"}

    with pytest.raises(NotAnAnswer, match="again"):
        list(by_token(ask, "Items"))
    assert asked == ["", "same"]


def test_a_page_that_comes_again_under_another_marker_ends() -> None:
    pages = ({"Items": [1, 2], "NextToken": str(number)} for number in count())
    with pytest.raises(NotAnAnswer, match="the same page again"):
        list(that_end(pages, "Items"))


@pytest.mark.parametrize("some", [False, True])
def test_pages_that_are_always_others_end(some: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iam.sources.aws.session.PAGES" if some else "iam.sources.aws.session.EMPTY_PAGES", 30)
    pages: Iterator[Any] = ({"Items": [number] if some else [], "NextToken": str(number)} for number in count())
    with pytest.raises(NotAnAnswer, match=r"does not end \(30 pages\)"):
        list(that_end(pages, "Items"))


def test_empty_pages_between_others_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iam.sources.aws.session.EMPTY_PAGES", 3)
    pages = [{"Items": []}, {"Items": []}, {"Items": [1]}, {"Items": []}, {"Items": []}, {"Items": [1]}]
    assert list(that_end(iter(pages), "Items")) == pages


def test_a_list_without_end_could_not_be_read(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iam.sources.aws.session.EMPTY_PAGES", 5)
    reader = AwsReader(session)
    with Stubber(reader.aws.client("iam")) as stub:
        for number in range(5):
            stub.add_response("list_roles", {"Roles": [], "IsTruncated": True, "Marker": str(number)})
        reading = reader.roles()
    assert reading.unreadable and "iam:ListRoles" in reading.why and "does not end (5 pages)" in reading.why


def test_an_organization_of_endless_units(session: boto3.Session) -> None:
    reader = AwsReader(session)
    with Stubber(reader.aws.client("organizations")) as stub:
        stub.add_response("describe_organization", {"Organization": {"Id": "o-1234567890"}})
        for number in range(25):
            parent = {"Id": f"ou-ab12-{number:08}", "Type": "ORGANIZATIONAL_UNIT"}
            stub.add_response("list_parents", {"Parents": [parent]})
        reading = reader.organization()
    assert reading.value is not None and reading.value.path is None and "without a parent" in reading.note
