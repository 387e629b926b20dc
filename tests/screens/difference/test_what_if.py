"""A policy put in or taken away, asked from Review."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input

from diagnostics.differences.asked import WhatIfQuestion, read_question
from diagnostics.differences.what_if import WhatIfError
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.questions import allow, role, snapshot
from tests.support.driving.seeing import running, screen_text, seen, type_text
from tui.app import RolescopeApp

NO_QUEUES = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}


def account_file(folder: Path) -> Path:
    path = folder / "account.json"
    path.write_text(json.dumps(snapshot([role("sender", allow("sqs:SendMessage")), role("reader", allow("s3:Get*"))])))
    return path


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("deny.json at ou-1a2b-3c4d", WhatIfQuestion("deny.json", "ou-1a2b-3c4d")),
        (
            "my policy.json at 111122223333 with trail/",
            WhatIfQuestion("my policy.json", "111122223333", False, Path("trail")),
        ),
        ("remove at arn:aws:iam::1:policy/p", WhatIfQuestion("", "arn:aws:iam::1:policy/p", True)),
        ("remove own at arn:aws:iam::1:role/r", WhatIfQuestion("own", "arn:aws:iam::1:role/r", True)),
        ("deny.json", None),
        ("at role", None),
        ("", None),
    ],
)
def test_a_question_in_a_line(tmp_path: Path, text: str, wanted: WhatIfQuestion | None) -> None:
    (account,) = open_snapshot(account_file(tmp_path)).accounts()
    if wanted is None:
        with pytest.raises(WhatIfError):
            read_question(text, account)
    else:
        assert read_question(text, account) == wanted


async def test_who_would_lose_what(tmp_path: Path) -> None:
    deny = tmp_path / "deny.json"
    deny.write_text(json.dumps(NO_QUEUES))
    async with running(open_snapshot(account_file(tmp_path))) as pilot:
        await pilot.press("4")
        await seen(pilot, "findings")
        await pilot.press("W")
        await seen(pilot, "What if")

        async def ask(text: str) -> None:
            question = pilot.app.screen.query_one("#what-if-question", Input)
            question.value = ""
            question.focus()
            await type_text(pilot, text)
            await pilot.press("enter")

        await ask(f"{deny} at sender")
        await seen(pilot, "lost: sqs:SendMessage")
        assert isinstance(pilot.app, RolescopeApp) and "reader" not in screen_text(pilot.app)
        await ask(f"{tmp_path / 'none.json'} at sender")
        await seen(pilot, "cannot be read")
        await ask("remove gone at sender")
        await seen(pilot, "sender has no policy gone.")
