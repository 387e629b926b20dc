"""Load the demo's two other accounts from their files. Each is a snapshot with ages in place of times."""

from __future__ import annotations

import json
from importlib.resources import files

from iam.demo.account.facts import NOW, PARTNER, SHARED_TOOLS
from iam.demo.account.load import moments
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.format import contents


def _load(name: str) -> Contents:
    return contents(moments(json.loads((files(__package__) / name).read_text("utf-8"))), NOW)


def neighbours() -> dict[str, Contents]:
    """Return the contents of the demo's other accounts, by account ID."""
    return {SHARED_TOOLS: _load("shared_tools.json"), PARTNER: _load("partner.json")}
