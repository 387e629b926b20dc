"""What tests are told of the demo account without asking it again is what it would say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.support.accounts import over_http
from tests.support.demo import asked_before

if TYPE_CHECKING:
    from iam.demo.aws.world import World

Session = Callable[..., boto3.Session]
NAME = "orders-api-lambda"


@pytest.fixture
def served(demo_world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations that the demo account's server was asked for."""
    from iam.demo.aws import server

    asked: list[str] = []
    read = server.wire.read

    def note(event_name: str, request: Any) -> Any:
        asked.append(event_name.rpartition(".")[2])
        return read(event_name, request)

    monkeypatch.setattr(server.wire, "read", note)
    return asked


def described(session: boto3.Session) -> str:
    return str(session.client("iam").get_role(RoleName=NAME)["Role"]["Description"])


def test_a_question_is_asked_once_whichever_copy_is_asked(
    demo_session: Session, demo_world: World, served: list[str]
) -> None:
    from iam.demo.open import session

    first = demo_session().client("iam").get_role(RoleName=NAME)
    first["Role"]["Tags"].clear()  # the caller's own
    before = len(served)
    again = session(demo_world.copy()).client("iam").get_role(RoleName=NAME)
    assert len(served) == before
    assert again["Role"]["Tags"] and again["Role"]["RoleName"] == NAME


def test_each_caller_gets_an_answer_of_his_own(demo_session: Session) -> None:
    names = {demo_session(user).client("sts").get_caller_identity()["Arn"] for user in ("ben", "carla", None)}
    assert len(names) == 3
    for _ in range(2):
        assert demo_session().client("organizations").list_accounts()["Accounts"]
        organizations = demo_session("carla").client("organizations")
        with pytest.raises(organizations.exceptions.ClientError, match="AccessDenied"):
            organizations.list_accounts()


def test_what_is_written_is_read_and_by_nobody_elses_copy(demo_session: Session, demo_world: World) -> None:
    from iam.demo.open import session

    other = session(demo_world.copy())
    before = described(demo_session())
    demo_session().client("iam").update_role(RoleName=NAME, Description="another")
    assert (described(demo_session()), described(other)) == ("another", before)


def test_what_a_test_does_to_the_account_behind_its_api_is_read(demo_session: Session, demo_world: World) -> None:
    before = described(demo_session())
    with demo_world.in_place():
        next(role for role in demo_world.iam.roles.values() if role.name == NAME).description = "another"
    assert described(demo_session()) == "another" != before


def test_a_fault_on_the_way_is_met(demo_session: Session, demo_world: World) -> None:
    from iam.demo.aws.wire import AwsError

    described(demo_session())
    demo_world.next_failures["GetRole"] = [AwsError("AccessDenied", "not now", 403)]
    iam = demo_session().client("iam")
    with pytest.raises(iam.exceptions.ClientError, match="not now"):
        iam.get_role(RoleName=NAME)
    asked: list[str] = []
    iam.meta.events.register_first("before-send.iam.GetRole", lambda request, **_: asked.append(request.url))
    iam.get_role(RoleName=NAME)
    assert asked


def test_tests_of_the_demo_account_ask_anew(
    demo_session: Session, served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked_before, "READS", ())
    for _ in range(2):
        described(demo_session())
    assert served.count("GetRole") == 2


def test_over_http_too_a_question_is_asked_once_until_something_is_written(
    demo_session: Session, demo_world: World, served: list[str]
) -> None:
    """Also by clients on whose way a test has put something; but not of a session that has ended."""
    mine = demo_session()
    key = mine.get_credentials().access_key

    def asked() -> str:
        other = boto3.Session(key, "demo", "demo", region_name="us-east-1")
        iam = other.client("iam", endpoint_url=url)
        return str(iam.get_role(RoleName=NAME)["Role"]["Description"])

    with over_http.served(demo_world, lambda number, after: False) as (url, _):
        before = asked()
        count = len(served)
        assert asked() == before
        assert len(served) == count
        mine.client("iam").update_role(RoleName=NAME, Description="another")
        assert asked() == "another"
        demo_world.sessions[key] = replace(demo_world.sessions[key], expires=datetime(2020, 1, 1, tzinfo=UTC))
        with pytest.raises(ClientError, match="ExpiredToken"):
            asked()
