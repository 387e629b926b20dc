"""One message broken into lines, each with what a log, a terminal or an editor writes before it."""

from __future__ import annotations

import hashlib
import textwrap

import pytest

from diagnostics.failure import Denial
from diagnostics.text.read.clean.prefixes import without_prefixes
from diagnostics.text.read.parse import parse

WHO = "arn:aws:sts::111122223333:assumed-role/deploy-bot/run-42"
WHAT = "arn:aws:ecs:eu-west-1:111122223333:service/prod/web"
MESSAGE = (
    f"Error: updating ECS Service: AccessDeniedException: User: {WHO} is not authorized to perform: ecs:UpdateService "
    f"on resource: {WHAT} because no identity-based policy allows the ecs:UpdateService action"
)
# ``{n}`` is the line's number.
PREFIXES = (
    "2026-11-20T09:00:00.{n}234567Z │ ",
    "deploy\tTerraform Apply\t2026-11-20T09:00:00.{n}234567Z │ ",
    "deploy\tTerraform Apply\t2026-11-20T09:00:00.{n}234567Z ",
    "[Container] 2026/11/20 09:00:00.{n}23 ",
    "[2026-11-20T09:00:00.{n}23Z] ",
    "Nov 20 09:00:0{n} ip-10-0-0-1 agent[812]: ",
    "2026-11-20T09:00:00+0000 host agent[812]: ",
    "web-1  | ",
    "2026-11-20T09:00:00.{n}23+01:00\t",
    "2026-11-20 09:00:00,{n}23 ERROR app.worker ",
    "2026-11-20T09:00:00.{n}23456789Z stderr F ",
    "1{n}: ",
    "    {n}\t",
    "# ",
    "// ",
    "> ",
    "+ ",
    "09:00:0{n} ",
    "[ERROR] ",
    "terraform: ",
)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("width", [50, 72, 100, 130])
def test_a_broken_message_is_read_whole(prefix: str, width: int) -> None:
    lines = textwrap.wrap(MESSAGE, width, break_long_words=False, break_on_hyphens=False)
    text = "\n".join(prefix.format(n=number) + line for number, line in enumerate(lines))
    (failure,) = parse(text)
    assert isinstance(failure, Denial)
    assert (failure.principal, failure.action, failure.resource) == (WHO, "ecs:UpdateService", WHAT)
    assert failure.stated_reason == "implicit:identity"


def test_messages_of_their_own_stay_apart() -> None:
    lines = [
        f"2026-11-20T09:00:0{number}Z app: User: {WHO} is not authorized to perform: s3:{action} on resource: "
        f'"arn:aws:s3:::b/{number}" because no identity-based policy allows the s3:{action} action'
        for number, action in enumerate(("GetObject", "PutObject", "DeleteObject"))
    ]
    found = parse("\n".join(lines))
    assert [failure.action for failure in found if isinstance(failure, Denial)] == [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
    ]


def test_lines_that_begin_with_the_same_words_lose_none() -> None:
    text = "An error occurred (AccessDenied) when calling A\nAn error occurred (AccessDenied) when calling B"
    assert without_prefixes(text) == text


@pytest.mark.parametrize("cut", ["…", "..."])
def test_what_a_log_cut_off_keeps_the_mark_of_it(cut: str) -> None:
    (failure,) = parse(
        f"User: {WHO} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/a{cut}"
    )
    assert isinstance(failure, Denial)
    assert failure.resource == f"arn:aws:iam::1:role/a{cut}"


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("width", [60, 76, 120])
def test_an_encoded_message_cut_by_the_lines_of_a_log(prefix: str, width: int) -> None:
    blob = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(10)) + "_-Zz"
    said = "You are not authorized to perform this operation. Encoded authorization failure message:"
    head = f"An error occurred (UnauthorizedOperation) when calling the RunInstances operation: {said}"
    lines = textwrap.wrap(head, width) + [blob[at : at + width] for at in range(0, len(blob), width)]
    (failure,) = parse("\n".join(prefix.format(n=number % 10) + line for number, line in enumerate(lines)))
    assert isinstance(failure, Denial)
    assert failure.encoded_message == blob


@pytest.mark.parametrize("width", [30, 40, 60, 100])
@pytest.mark.parametrize(
    "prefix", ["> ", "worker-1  | ", "2026-01-02T03:04:0{n}.123Z ", "{n}: ", "[pod/web-7d9c/app] ", "#12 1.{n}34 "]
)
def test_a_prefix_before_pieces_of_any_width_is_taken_off(prefix: str, width: int) -> None:
    """Whole words and names are cut through, and the first line has more before it than the others."""
    pieces = [MESSAGE[at : at + width] for at in range(0, len(MESSAGE), width)]
    lines = "\n".join(prefix.replace("{n}", str(number % 10)) + piece for number, piece in enumerate(pieces))
    (failure,) = parse(f"the deploy failed\n\n{lines}\n\nwhat now?")
    assert isinstance(failure, Denial)
    assert (failure.principal, failure.action, failure.resource) == (WHO, "ecs:UpdateService", WHAT)
    assert failure.stated_reason == "implicit:identity"


def test_a_message_in_a_box_of_sops_is_joined() -> None:
    text = (
        "Group 0: FAILED\n"
        "    - | AccessDeniedException: The ciphertext refers to a customer\n"
        "      | master key that does not exist, or you are not allowed to\n"
        "      | access.\n"
        "Recovery failed\n"
    )
    assert "refers to a customer master key that does not exist, or you are not allowed to access.\nRec" in (
        without_prefixes(text)
    )
