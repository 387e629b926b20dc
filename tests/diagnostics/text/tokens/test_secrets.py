"""Nothing secret of a paste is kept or written, wherever it stood in it; and what was kept explains the same again."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.recent.denials import RecentDenials
from diagnostics.recent.report import HowFar
from diagnostics.recent.report import to_json as recent_json
from diagnostics.report import to_json, to_markdown, to_text
from diagnostics.text.tokens.find import taken_out
from diagnostics.text.tokens.secrets import without_secrets
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.evidence import EventPage
from iam.sources.reader.opened import OpenedAccount
from tests.support.denials.recent import event
from tests.support.driving.warm import run_warm
from tests.support.texts.canaries import ASSERTION, SAID, SECRET_KEY, SESSION_TOKEN, TEXTS, TOKEN, leaks

Opened = tuple[Account, AccountReader]


@pytest.fixture(scope="module")
def opened(demo_reader: Any) -> Opened:
    return list(demo_reader.accounts())[-1], demo_reader


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_kept_of_a_paste_holds_no_secret(name: str, opened: Opened) -> None:
    for failure in read_text(TEXTS[name]):
        assert not leaks(repr(failure))
        found = collect(failure, OpenedAccount(*opened))
        out = f"{found!r} {to_text(found)} {to_markdown(found)} {json.dumps(to_json(found))}"
        assert not leaks(out), out


@pytest.mark.parametrize("name", TEXTS)
def test_what_was_kept_reads_the_same_again(name: str, opened: Opened) -> None:
    kept = taken_out(TEXTS[name])
    assert taken_out(kept) == kept
    assert read_text(kept) == read_text(TEXTS[name])
    for failure in read_text(kept):
        assert to_json(collect(failure, OpenedAccount(*opened))) == to_json(collect(failure, OpenedAccount(*opened)))


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("token ") and name != "token cut off"])
def test_the_claims_that_policies_ask_for_stay(name: str, opened: Opened) -> None:
    (failure,) = read_text(TEXTS[name])
    assert SAID in repr(failure)
    rows = [row for step in collect(failure, OpenedAccount(*opened)).steps for row in step.comparisons]
    assert SAID in [row.had for row in rows if row.claim == "sub"]


def test_events_of_cloudtrail_lose_their_session_tokens() -> None:
    found = RecentDenials()
    found.take(
        EventPage(
            "us-east-1",
            (event(requestParameters={"token": TOKEN, "secretAccessKey": SECRET_KEY, "sessionToken": SESSION_TOKEN}),),
        )
    )
    assert not leaks(json.dumps(recent_json(found.newest(), HowFar())))
    assert json.loads(found.newest()[0].failure.text)["eventName"] == "CreateQueue"


@pytest.mark.parametrize(
    "text",
    [
        "An error occurred (SignatureDoesNotMatch) when calling the ListBuckets operation: The request signature we "
        "calculated does not match the signature you provided. Check your key and signing method.",
        "An error occurred (ExpiredToken) when calling the X operation: The security token included in the request is "
        "expired",
        "User: arn:aws:iam::111122223333:user/ben is not authorized to perform: iam:GetUser on resource: access key "
        "AKIAIOSFODNN7EXAMPLE",
        "fatal: password: authentication failed; session token: none",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/db-Ab12Cd",
    ],
)
def test_words_about_secrets_are_none(text: str) -> None:
    assert without_secrets(text) == text


def test_the_command_writes_no_secret() -> None:
    text = f"{TEXTS['token with a refusal']}\n{TEXTS['keys in an environment']}\n{ASSERTION}"
    for form in ("--json", "--markdown", None):
        done = run_warm(["diagnose", "--offline", *([form] if form else []), "-"], os.environ, text)
        assert done.returncode in (0, 1)
        assert SAID in done.stdout or form is None
        assert not leaks(done.stdout + done.stderr)
