"""``rolescope check``: forms, kinds, exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts.questions import allow, deny, document
from tests.support.papers.schemas import faults
from tui.cli import main

READ = document(allow("s3:GetObject", "arn:aws:s3:::one/*"))
WRITE = document({**allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::one/*"), "Sid": "Both"})
OPEN = document({**allow("s3:GetObject", "arn:aws:s3:::one/*"), "Principal": "*"})


@pytest.fixture
def saved(tmp_path: Path) -> Any:
    def save(name: str, content: Any) -> str:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return save


def test_the_answer_its_request_and_exit_status(saved: Any, capsys: pytest.CaptureFixture[str]) -> None:
    read, write, public = saved("read.json", READ), saved("write.json", WRITE), saved("open.json", OPEN)
    assert main(["check", "no-new-access", write, read]) == 0
    assert capsys.readouterr().out.startswith("pass: ")
    assert main(["check", "no-new-access", read, write]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("fail: ") and "s3:PutObject on arn:aws:s3:::one/<any other name>" in lines[1]
    assert "statement 1 (Both)" in lines[2]
    assert main(["check", "access-not-granted", write, "--actions", "s3:Put*", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "check/1" and faults("check", found) == []
    (grant,) = found["grants"]
    assert grant["actions"] == ["s3:PutObject"] and grant["witness"]["action"] == "s3:PutObject"
    assert main(["check", "no-public-access", public]) == 1
    assert "account" in capsys.readouterr().out


def test_what_cannot_be_asked_is_wrong_usage(saved: Any, capsys: pytest.CaptureFixture[str]) -> None:
    read, public, broken = saved("read.json", READ), saved("open.json", OPEN), saved("broken.json", "{")
    strange = saved("strange.json", document(deny("s3:*", Condition={"StringIsh": {"aws:SourceVpc": "v"}})))
    for words in (
        ("no-new-access", read),
        ("no-new-access", read, public),
        ("no-public-access", read),
        ("access-not-granted", read),
        ("access-not-granted", read, "--actions", "s3:GetObjekt"),
        ("access-not-granted", broken, "--actions", "s3:*"),
        ("access-not-granted", strange, "--actions", "s3:*"),
    ):
        assert main(["check", *words]) == 2
        error = capsys.readouterr().err
        assert len(error.splitlines()) == 1 and "Traceback" not in error
