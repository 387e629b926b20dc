"""What AWS's own pages show passes the gate: no refusal, nothing unusable, nothing dangerous."""

from __future__ import annotations

from pathlib import Path

import pytest

from iam.gate.finding import GateFinding
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from tests.support.gate.commands import IDENTITY_COMMANDS, House
from tests.support.gate.pages import EXTERNAL_ID, PAGES


def found(command: str, document: Document, kind: PolicyKind, folder: Path) -> tuple[GateFinding, ...]:
    return IDENTITY_COMMANDS[command](document, kind, House.built(folder)).findings


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_aws_is_no_alarm(page: str, tmp_path: Path) -> None:
    for command in ("create", "change", "new policy"):
        alarms = [each for each in found(command, PAGES[page], PolicyKind.IDENTITY, tmp_path) if each.outcome.stops]
        assert not [(each.code, each.text) for each in alarms], command


def test_another_account_with_an_external_id_is_confirmed_and_nothing_else(tmp_path: Path) -> None:
    for command in ("create", "change"):
        alarms = [each for each in found(command, EXTERNAL_ID, PolicyKind.TRUST, tmp_path) if each.outcome.stops]
        assert {each.code for each in alarms} == {"opens.stranger"}
