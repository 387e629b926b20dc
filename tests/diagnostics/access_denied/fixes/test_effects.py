"""What a fix changes for others than the caller, and which version of a policy it goes back to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied.fixes import effects
from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.fix import PolicyChange
from diagnostics.fix_report import fix_json
from iam.questions.change.effects import NOT_COMPUTED, NOTHING_ELSE, Effects
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts import alder
from tests.support.accounts.questions import (
    ID,
    allow,
    attached,
    bounded,
    deny,
    document,
    managed,
    opened,
    role,
    snapshot,
    user,
)
from tests.support.denials.invented import denied, diagnosis_of, no, read

LOGS = "arn:aws:s3:::logs/x"
SHARED = f"arn:aws:iam::{ID}:policy/shared"


def shared(*versions: dict[str, Any]) -> dict[str, Any]:
    """A policy whose second version is the default."""
    made = managed("shared", allow("s3:ListAllMyBuckets"))
    made["DefaultVersionId"] = "v2"
    made["PolicyVersionList"] = [
        {"VersionId": f"v{number}", "IsDefaultVersion": number == 2, "Document": each}
        for number, each in enumerate(versions, start=1)
    ]
    return made


def explained(folder: Path, policy: dict[str, Any]) -> Diagnosis:
    roles = [
        role("app", **attached("shared")),
        role("batch", allow("sqs:*"), **attached("shared")),
        role("aside", allow("sqs:*")),
    ]
    group = {
        "GroupName": "ops",
        "Path": "/",
        "Arn": f"arn:aws:iam::{ID}:group/ops",
        "GroupId": "AGPA",
        **attached("shared"),
    }
    content = snapshot(roles, [user("ina", allow("ec2:*"), GroupList=["ops"])], [policy])
    content["GroupDetailList"] = [{**group, "GroupPolicyList": []}]
    text = (
        f"An error occurred (AccessDenied): User: arn:aws:sts::{ID}:assumed-role/app/i is not authorized to perform: "
        f'sqs:SendMessage on resource: "arn:aws:sqs:us-east-1:{ID}:jobs" because no identity-based policy allows the '
        "sqs:SendMessage action"
    )
    return collect(read_text(text)[0], OpenedAccount(*opened(folder, content)))


OLD = document(allow("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ID}:*"))
DEFAULT = document(allow("s3:GetObject", "arn:aws:s3:::logs/*"), deny("sqs:SendMessage", f"arn:aws:sqs:*:{ID}:secret"))
NEWER = document(*DEFAULT["Statement"], allow("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ID}:jobs"))


def test_a_version_counts_for_all_that_carry_the_policy(tmp_path: Path) -> None:
    found = explained(tmp_path, shared(OLD, DEFAULT))
    back = next(fix for fix in found.fixes if "Make v1" in fix.title)
    assert any(("secret" in line and line.endswith("by batch")) or "role/batch" in line for line in back.gains)
    assert any("s3:GetObject on arn:aws:s3:::logs/" in line and "ina" in line for line in back.losses)
    assert not any("aside" in line for line in (*back.gains, *back.losses))
    told = fix_json(back)["side_effects"]
    assert told["newly_denied"] and {each["effect"] for each in told["requests"]} >= {"newly_allowed", "newly_denied"}


def test_a_newer_version_that_takes_nothing_is_preferred(tmp_path: Path) -> None:
    found = explained(tmp_path, shared(OLD, DEFAULT, NEWER))
    first, second = (fix for fix in found.fixes if "shared" in fix.title and fix.kind.value == "command")
    assert "v3" in first.title and not first.losses
    assert "v1" in second.title and second.losses


def test_a_boundary_counts_for_all_that_are_under_it(tmp_path: Path) -> None:
    roles = [
        role("app", allow("s3:PutObject", "arn:aws:s3:::logs/*"), **bounded("limit")),
        role("batch", allow("s3:*"), **bounded("limit")),
    ]
    content = snapshot(roles, [], [managed("limit", allow("s3:GetObject"))])
    text = (
        f"An error occurred (AccessDenied): User: arn:aws:sts::{ID}:assumed-role/app/i is not authorized to perform: "
        f's3:PutObject on resource: "{LOGS}" because no permissions boundary allows the s3:PutObject action'
    )
    found = collect(read_text(text)[0], OpenedAccount(*opened(tmp_path, content)))
    limit = next(fix for fix in found.fixes if "limit" in fix.title)
    assert limit.gains == (f"s3:PutObject on {LOGS} by arn:aws:iam::{ID}:role/batch",)


# P19: beside a policy that could not be read there is nothing to compare with.


BUCKET = "arn:aws:s3:::alder-unread"


@dataclass(frozen=True)
class Unread:
    """A denial whose first change of a policy is made in the layer that could not be read, or in another one."""

    name: str
    who: str
    action: str
    on: str
    reason: str
    compared: bool
    hidden: str


UNREAD = (
    Unread(
        "a bucket's policy",
        f"arn:aws:iam::{alder.OTHER}:user/ann",
        "s3:GetObject",
        f"{BUCKET}/x",
        no("resource-based policy", "s3:GetObject"),
        False,
        "ResourcePolicies",
    ),
    Unread(
        "a queue's policy",
        f"arn:aws:iam::{alder.OTHER}:user/ann",
        "sqs:SendMessage",
        alder.QUEUE,
        no("resource-based policy", "sqs:SendMessage"),
        False,
        "ResourcePolicies",
    ),
    Unread(
        "a change of another layer",
        alder.session("vault"),
        "sqs:SendMessage",
        alder.QUEUE,
        no("identity-based policy", "sqs:SendMessage"),
        True,
        "ResourcePolicies",
    ),
)


@pytest.mark.parametrize("case", UNREAD, ids=lambda case: case.name)
def test_no_effects_beside_an_unread_policy(case: Unread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = alder.snapshot()
    content["Rolescope"].pop(case.hidden)
    compared: list[str] = []

    def counting(*given: Any, **more: Any) -> Effects:
        compared.append("carriers")
        return NOTHING_ELSE

    monkeypatch.setattr(effects, "effects_on_carriers", counting)
    text = denied(case.who, case.action, f'"{case.on}"', case.reason)
    found = diagnosis_of(text, read(tmp_path / "alder.json", content))
    changes = [fix for fix in found.fixes if isinstance(fix.change, PolicyChange)]
    assert changes and bool(compared) is case.compared
    assert all(fix.effects == NOT_COMPUTED for fix in changes) is not case.compared


def test_what_else_is_allowed_depends_on_the_unread_policy_of_the_same_resource(tmp_path: Path) -> None:
    content = alder.snapshot()
    content["Rolescope"].pop("ResourcePolicies")
    reason = no("identity-based policy", "s3:GetObject")
    text = denied(alder.session("vault"), "s3:GetObject", f'"{BUCKET}/x/1"', reason)
    found = diagnosis_of(text, read(tmp_path / "alder.json", content))
    added = next(fix for fix in found.fixes if isinstance(fix.change, PolicyChange))
    beside = [line for line in added.gains if BUCKET in line]
    assert beside and all("its resource-based policy (unread) does not deny it" in line for line in beside)
