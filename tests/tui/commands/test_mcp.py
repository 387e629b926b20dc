"""``rolescope mcp``: every tool by the package's own client, bounded, masked, and without a way to change anything."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest

from diagnostics.masking.masks import Masks
from iam.changes.operations.table import OPERATIONS
from iam.sources.aws.read_calls import READ_CALLS
from iam.sources.aws.read_only import WriteRefused, is_read, refuse_writes
from iam.sources.aws.reader import AwsReader
from tests.support.accounts.scale import make
from tests.support.mcp import DENIED, ROLE, questions_of, tools_of
from tui.cli import main
from tui.commands.mcp.answer import MOST_CHARACTERS, Answer, Pages, UnknownCursor
from tui.commands.mcp.tools import Tools

if TYPE_CHECKING:  # each of the processes that run the tests would load the package while it looks for tests
    from mcp import Client

NAMES = ["explain_denial", "who_can", "can", "role", "review", "what_if", "history", "plan_change", "more"]


def client_of(tools: Tools) -> Client:
    from mcp import Client

    from tui.commands.mcp.server import server

    return Client(server(tools))


async def _asked(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    text = result.content[0].text
    assert not result.is_error, text
    assert len(text) <= MOST_CHARACTERS + 200
    return dict(json.loads(text))


async def test_each_tool_answers_masked_and_bounded_and_calls_nothing_that_writes() -> None:
    tools = tools_of("--demo")
    async with client_of(tools) as client:
        listed = (await client.list_tools()).tools
        assert [each.name for each in listed] == NAMES
        assert all(each.annotations is not None and each.annotations.read_only_hint for each in listed)
        answers = {tool: await _asked(client, tool, given) for tool, given in questions_of(ROLE)}
        pages = [answers["review"]]
        while pages[-1]["next"]:
            pages.append(await _asked(client, "more", {"cursor": pages[-1]["next"]}))
        assert sum(len(page["entries"]) for page in pages) == answers["review"]["count"]
    for tool, answer in answers.items():
        assert answer["summary"] and answer["certainty"] in ("certain", "likely", "unknown"), tool
        assert isinstance(answer["hangs_on"], list) and answer["read"]["source"] == "demo", tool
    everything = json.dumps([answers, pages])
    assert not re.search(r"(?<!\d)\d{12}(?!\d)", everything)
    assert ROLE not in everything and "harbor" not in everything
    assert answers["explain_denial"]["cause"] == "identity.no-action"
    assert answers["can"]["decision"] == "denied" and answers["can"]["certainty"] == "certain"
    assert answers["role"]["count"] == 3
    assert answers["history"]["entries"][0]["event"] == "CreatePolicyVersion"
    assert answers["what_if"]["entries"][0]["lost"]
    assert answers["plan_change"]["carried_out"] is False
    reader = tools.account.opened().reader
    calls = {call.operation for call in reader.log.calls()}
    assert "GetAccountAuthorizationDetails" in calls
    assert [each for each in calls if not is_read(each)] == []


async def test_a_mask_is_understood_in_the_next_question() -> None:
    async with client_of(tools_of("--demo")) as client:
        role = await _asked(client, "role", {"name": ROLE})
        masked = role["RoleName"]
        assert masked != ROLE
        again = await _asked(client, "role", {"name": masked})
        assert again["Arn"] == role["Arn"]
        question = {"principal": role["Arn"], "action": "s3:PutObject", "resource": "arn:aws:s3:::harbor-assets/a.png"}
        assert (await _asked(client, "can", question))["decision"] == "denied"


async def test_names_are_shown_where_that_was_asked_for() -> None:
    async with client_of(tools_of("--demo", "--unmasked")) as client:
        assert (await _asked(client, "role", {"name": ROLE}))["Arn"].startswith("arn:aws:iam::111122223333:role/")


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("role", {"name": "nobody"}, "No role 'nobody'"),
        ("explain_denial", {"text": "  "}, "Give the error's text"),
        ("who_can", {"action": "no action"}, "action"),
        ("can", {"principal": "nobody", "action": "s3:GetObject"}, "nobody"),
        ("review", {"rule": "none.such"}, "no rule"),
        ("what_if", {"at": ROLE, "policy": "{"}, "policy"),
        ("history", {"since": "soon"}, "not a time"),
        ("plan_change", {"role": ROLE, "change": "trust", "document": "/etc/passwd"}, "JSON"),
        ("plan_change", {"role": ROLE, "change": "attach", "policy": "none"}, "polic"),
        ("more", {"cursor": "1:999"}, "call the tool again"),
    ],
)
async def test_what_cannot_be_answered_is_one_sentence(tool: str, given: dict[str, Any], said: str) -> None:
    async with client_of(tools_of("--demo", "--unmasked")) as client:
        result = await client.call_tool(tool, given)
        assert result.is_error
        assert said in result.content[0].text and "Traceback" not in result.content[0].text


async def test_a_file_is_never_read_in_place_of_a_text(tmp_path: Path) -> None:
    file = tmp_path / "error.txt"
    file.write_text(DENIED, encoding="utf-8")
    async with client_of(tools_of("--demo")) as client:
        answer = await _asked(client, "explain_denial", {"text": str(file)})
        assert answer["cause"] != "identity.no-action"


async def test_a_saved_account_with_many_roles_is_answered_in_pages(tmp_path: Path) -> None:
    file = tmp_path / "big.json"
    account = make(300)[0]
    file.write_text(json.dumps(account), encoding="utf-8")
    async with client_of(tools_of("--snapshot", str(file))) as client:
        for tool, given in questions_of(account["RoleDetailList"][0]["RoleName"]):
            answer = await _asked(client, tool, given)
            if answer["next"]:
                assert (await _asked(client, "more", {"cursor": answer["next"]}))["entries"]
            if tool == "can":  # the bucket's policy is not in the file
                assert answer["decision"] == "unknown" and answer["hangs_on"]
            if tool == "history":
                assert answer["certainty"] == "likely" and answer["hangs_on"]


async def test_it_answers_over_standard_input_and_output(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(json.dumps(make(3)[0]), encoding="utf-8")
    command = [sys.executable, "-m", "tui.cli", "--snapshot", str(file), "mcp"]
    from mcp import Client, StdioServerParameters

    async with Client(StdioServerParameters(command=command[0], args=command[1:])) as client:
        answer = await _asked(client, "review", {})
        assert answer["read"]["source"] == "snapshot"


def test_without_the_package_the_way_there_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "tui.commands.mcp.server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    assert main(["mcp", "--demo"]) == 2
    assert "rolescope[mcp]" in capsys.readouterr().err


# Reading only.


def test_every_call_that_reads_is_a_read_and_every_call_of_a_plan_is_refused() -> None:
    reads = {operation for operations in READ_CALLS.values() for operation in operations}
    queries = {"StartQueryExecution", "StopQueryExecution", "StartQuery", "CancelQuery"}
    assert {each for each in reads if not is_read(each)} == queries
    assert {name.rpartition(":")[2] for name in OPERATIONS if is_read(name.rpartition(":")[2])} == set()


def test_a_write_is_refused_before_it_is_sent() -> None:
    session = boto3.Session("AKIAEXAMPLE", "secret", region_name="us-east-1")
    refuse_writes(session)
    with pytest.raises(WriteRefused, match="only reads"):
        session.client("iam").create_role(RoleName="x", AssumeRolePolicyDocument="{}")
    with pytest.raises(WriteRefused):
        session.client("s3").put_object(Bucket="b", Key="k", Body=b"")
    with pytest.raises(WriteRefused):
        session.client("kms").generate_data_key(KeyId="k", KeySpec="AES_256")


def test_the_account_of_the_tools_refuses_to_write() -> None:
    reader = cast(AwsReader, tools_of("--demo").account.opened().reader)
    with pytest.raises(WriteRefused):
        reader.aws.client("iam").delete_role(RoleName=ROLE)


# Pages.


def test_pages_hold_every_entry_once_and_a_long_one_is_cut() -> None:
    pages = Pages()
    entries = [{"number": number, "text": "x" * (number * 37 % 3000)} for number in range(200)]
    entries[7] = {"number": 7, "text": "y" * 50_000}
    text = pages.first(Answer("All.", "certain", entries=entries), {})
    seen = []
    while True:
        assert len(text) <= MOST_CHARACTERS + 200
        page = json.loads(text)
        seen += [each["number"] for each in page["entries"]]
        if page["next"] is None:
            break
        text = pages.further(page["next"])
    assert seen == list(range(200))


def test_what_an_answer_depends_on_is_counted_and_long_facts_become_entries() -> None:
    answer = Answer("S.", "likely", [f"key {n}" for n in range(900)], {"request": {"a": "z" * 30_000}, "kind": "k"})
    page = json.loads(Pages().first(answer, {}))
    assert page["hangs_on_count"] == 900 and len(page["hangs_on"]) == 20
    assert page["kind"] == "k" and page["entries"][0]["name"] == "request"


@pytest.mark.parametrize("cursor", ["", "1", "1:0", "x:y", "9:1", "1:5"])
def test_a_cursor_of_no_page_is_refused(cursor: str) -> None:
    pages = Pages()
    pages.first(Answer("S.", "certain", entries=[{}, {}]), {})
    with pytest.raises(UnknownCursor):
        pages.further(cursor)


def test_masks_are_revealed_as_words_alone() -> None:
    masks = Masks(names=True)
    masked = masks.text("arn:aws:iam::111122223333:role/orders")
    assert masks.revealed(masked) == "arn:aws:iam::111122223333:role/orders"
    assert masks.revealed("XNAME-1 NAME-12 NAME-1x") == "XNAME-1 NAME-12 NAME-1x"
