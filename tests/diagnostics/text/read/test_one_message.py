"""A text that is one message of IAM is read, and answered, like any other text that has the message."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Failure
from diagnostics.text.read import one_message
from diagnostics.text.read.one_message import message_alone
from diagnostics.text.read.parse import parse
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.failures import FAILURES
from tests.support.denials.of_demo import administrator as administrator
from tests.support.texts.conformance import DENIALS

ROLE = "arn:aws:sts::111122223333:assumed-role/orders-api/i-0123456789abcdef0"
USER = "arn:aws:iam::123456789012:user/team/jane@example.com"


def message(caller: str, action: str, resource: str, reason: str, before: str = "") -> str:
    on = f" on resource: {resource}" if resource else ""
    return f"{before}User: {caller} is not authorized to perform: {action}{on} {reason}"


def because(policy: str, action: str) -> str:
    return f"because no {policy} allows the {action} action"


CALLED = "An error occurred (AccessDenied) when calling the GetObject operation: "
MADE = (
    message(
        ROLE, "s3:GetObject", '"arn:aws:s3:::harbor/a.csv"', because("identity-based policy", "s3:GetObject"), CALLED
    ),
    message(ROLE, "s3:GetObject", "arn:aws:s3:::harbor/a.csv", "with an explicit deny in a resource-based policy\n"),
    message(USER, "iam:ListRoles", "", because("permissions boundary", "iam:ListRoles")),
    message(USER, "ec2:RunInstances", "", "with an explicit deny in a service control policy"),
    message(
        ROLE,
        "sqs:SendMessage",
        "arn:aws:sqs:eu-west-1:111122223333:jobs",
        because("VPC endpoint policy", "sqs:SendMessage"),
    ),
    message(
        ROLE,
        "iam:PassRole",
        "arn:aws:iam::111122223333:role/task",
        because("identity-based policy", "iam:PassRole"),
        CALLED.replace("GetObject", "RegisterTaskDefinition").replace("(AccessDenied)", "(AccessDeniedException)"),
    ),
    message(
        USER.replace("aws:", "aws-us-gov:"),
        "kms:Decrypt",
        "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        because("session policy", "kms:Decrypt"),
    ),
)
FIELD = [str(case["message"]) for case in DENIALS] + [failure.text for failure in FAILURES]
ALONE = [text for text in FIELD if message_alone(text) is not None]
WHOLE = message(ROLE, "s3:GetObject", "arn:aws:s3:::harbor/a.csv", because("identity-based policy", "s3:GetObject"))


@pytest.fixture
def as_any_text(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A function after which a text that is one message is read like any other."""
    yield lambda: monkeypatch.setattr(one_message, "message_alone", lambda text: None)


def parts(found: Diagnosis) -> tuple[object, ...]:
    return (found.failure, found.steps, found.verdict, found.fixes, found.first_look, found.request)


def test_the_field_has_several() -> None:
    assert len(ALONE) > 8


@pytest.mark.parametrize("text", [*MADE, *ALONE])
def test_it_is_read_like_any_text(text: str) -> None:
    assert (message_alone(text),) == parse(text)


@pytest.mark.parametrize("text", [*MADE, *ALONE])
def test_it_is_answered_like_any_text(text: str, as_any_text: Callable[[], None]) -> None:
    (failure,) = read_text(text)
    found = parts(collect_offline(failure))
    as_any_text()
    assert read_text(text) == (failure,)
    assert parts(collect_offline(failure)) == found


@pytest.mark.parametrize("text", [failure.text for failure in FAILURES if message_alone(failure.text) is not None][:4])
def test_it_is_answered_like_any_text_in_an_account(
    text: str, administrator: tuple[Account, AccountReader], as_any_text: Callable[[], None]
) -> None:
    def answer(failure: Failure) -> Diagnosis:
        return collect(failure, OpenedAccount(*administrator))

    (failure,) = read_text(text)
    found = parts(answer(failure))
    as_any_text()
    assert parts(answer(failure)) == found


@pytest.mark.parametrize(
    "text",
    [
        f"{WHOLE}.",
        f"{WHOLE} (but the policy allows it)",
        f"my policy allows s3:GetObject\n{WHOLE}",
        f"{WHOLE}\n{WHOLE}",
        f"{WHOLE}: arn:aws:iam::111122223333:policy/x",
        WHOLE.replace("s3:GetObject", "s3:GetObjct"),
        WHOLE.replace("perform: s3:GetObject", "perform: s3:PutObject"),
        WHOLE.replace("arn:aws:s3:::harbor/a.csv", "arn:aws:sqs:us-east-1:111122223332:jobs"),
        WHOLE.replace("arn:aws:s3:::harbor/a.csv", "arn:aws:s3:::harbor/a…"),
        WHOLE.replace("111122223333", "000000000000"),
        WHOLE.replace("orders-api/i-0123456789abcdef0", "orders-api"),
        "",
    ],
)
def test_anything_else_is_read_in_full(text: str) -> None:
    assert message_alone(text) is None


def test_a_secret_in_a_name_is_taken_out() -> None:
    token = "ghp_" + "a1B2" * 9
    (failure,) = read_text(WHOLE.replace("a.csv", token))
    assert token not in failure.text
