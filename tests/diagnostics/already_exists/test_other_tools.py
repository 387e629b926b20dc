"""Texts of other tools, wrapped and quoted as they come, against an account of no demo: kind, name, call, owner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.already_exists.procedure import explain
from diagnostics.diagnose import read_text
from diagnostics.diagnosis import Verdict
from diagnostics.failure import Conflict
from iam.sources.reader.entities import MfaDevice, ServerCertificate
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.conflict_memory import (
    MemoryReader,
    account,
    arn,
    asleep,
    group,
    oidc,
    policy,
    profile,
    role,
    saml,
    user,
)
from tests.support.driving.conflict_run import first_word, sort_out
from tests.support.texts.json_lines import json_lines

EKS = "oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D"
ACCOUNT = account(
    roles=(
        asleep("TIDE-READER", "/sea/"),
        asleep("TIDES-dev-eu-west-1-lambdaRole"),
        role("AWSServiceRoleForECS", "/aws-service-role/ecs.amazonaws.com/"),
        role("gauge-keeper"),
    ),
    users=(user("jo"),),
    groups=(group("crew"),),
    policies=(policy("read-tides", versions=3),),
    instance_profiles=(profile("gauge"),),
    oidc_providers=(oidc(EKS, "sts.amazonaws.com"),),
    saml_providers=(saml("HarbourIdP"),),
)
READER = MemoryReader(
    ACCOUNT,
    passwords=("jo",),
    devices=(MfaDevice(arn("mfa/jo-phone")),),
    certificates=(ServerCertificate("quay-2019", arn("server-certificate/quay-2019")),),
)

TEXTS = json_lines(Path(__file__).with_name("other_tools.jsonl"))


@pytest.mark.parametrize("said", TEXTS, ids=[said["tool"] for said in TEXTS])
def test_what_other_tools_print(said: dict[str, Any]) -> None:
    (conflict,) = read_text(said["text"])
    assert isinstance(conflict, Conflict)
    assert (conflict.entity_type, conflict.name, conflict.operation) == (said["kind"], said["name"], said["operation"])
    assert conflict.owner_stack == said["owner"]
    steps, verdict, fixes = sort_out(list(explain(conflict, OpenedAccount(ACCOUNT, READER))))  # type: ignore[arg-type]  # it has the reads that conflicts need
    assert isinstance(verdict, Verdict)
    assert verdict.cause == said["cause"]
    if said["owner"] is not None:
        assert "stack sea" in steps["owner"].summary
        assert not [fix for fix in fixes if first_word(fix) == "delete"]
