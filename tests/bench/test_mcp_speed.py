"""The tools for coding assistants on 5,000 roles: how long each takes, and how large its first page is."""

from __future__ import annotations

import json
import time
from pathlib import Path

from mcp import Client

from tests.support.accounts.scale import make
from tests.support.mcp import questions_of, tools_of
from tui.commands.mcp.answer import MOST_CHARACTERS
from tui.commands.mcp.server import server


async def test_each_tool(tmp_path: Path) -> None:
    file = tmp_path / "big.json"
    account = make(5_000)[0]
    file.write_text(json.dumps(account), encoding="utf-8")
    print()
    async with Client(server(tools_of("--snapshot", str(file)))) as client:
        for tool, given in questions_of(account["RoleDetailList"][10]["RoleName"]):
            began = time.process_time()
            text = (await client.call_tool(tool, given)).content[0].text
            seconds = time.process_time() - began
            print(f"{tool:<15} {seconds:6.2f} s  {len(text):>6,} characters  {json.loads(text)['count']:>6,} entries")
            assert len(text) <= MOST_CHARACTERS + 200 and seconds < 60
