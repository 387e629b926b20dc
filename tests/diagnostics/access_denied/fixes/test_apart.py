"""P15: where a policy keeps callers apart, or a guardrail names a way through, the caller's own way comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.fix import Fix
from diagnostics.who import Who
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, allow, arn, deny, document, policy, role, service, session, user, user_arn
from tests.support.denials.invented import denied, diagnosis_of, no, read

BUCKET = "arn:aws:s3:::alder-team"
KEY = arn("kms", "key/5555-6666")
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0"
OWN_TEAM = f"{BUCKET}/${{aws:PrincipalTag/team}}/*"
ACCOUNT = {"AWS": f"arn:aws:iam::{ID}:root"}
DENIED = "with an explicit deny in a {}"


@dataclass(frozen=True)
class Guarded:
    """A denial by a policy that is meant so. ``first`` is in the first fix's title, ``last`` in that of the last."""

    name: str
    who: str
    action: str
    on: str
    reason: str
    first: str
    last: str
    identity: tuple[dict[str, Any], ...] = ()
    resource: dict[str, Any] | None = None
    boundary: tuple[dict[str, Any], ...] = ()
    guardrail: tuple[dict[str, Any], ...] = (allow("*"),)
    context: dict[str, str] = field(default_factory=dict)
    caller: bool = True


CASES = (
    Guarded(
        "another team's objects",
        session("painter"),
        "s3:GetObject",
        f"{BUCKET}/red/x",
        no("identity-based policy", "s3:GetObject"),
        "Use a resource of team blue",
        "Add s3:GetObject",
        identity=(allow("s3:GetObject", OWN_TEAM, "Own"),),
    ),
    Guarded(
        "another user's home",
        user_arn("ann"),
        "s3:GetObject",
        f"{BUCKET}/home/bob/x",
        no("identity-based policy", "s3:GetObject"),
        "Use a resource of aws:username ann",
        "Add s3:GetObject",
        identity=(allow("s3:GetObject", f"{BUCKET}/home/${{aws:username}}/*", "Home"),),
    ),
    Guarded(
        "a Deny that spares one's own",
        user_arn("ann"),
        "s3:GetObject",
        f"{BUCKET}/home/bob/x",
        DENIED.format("identity-based policy"),
        "Use a resource of aws:username ann",
        "to the NotResource of statement",
        identity=(
            allow("s3:GetObject", "*"),
            {"Effect": "Deny", "Action": "s3:*", "NotResource": f"{BUCKET}/home/${{aws:username}}/*"},
        ),
    ),
    Guarded(
        "the tag of a key that is another team's",
        session("painter"),
        "kms:Decrypt",
        KEY,
        no("resource-based policy", "kms:Decrypt"),
        "Tag the role itself, so that the tag applies to all its sessions: team=red instead of blue",
        "whether painter should be allowed",
        identity=(allow("kms:Decrypt", KEY),),
        resource=allow("kms:*", StringEquals={"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}),
        context={"aws__ResourceTag_slash_team": "red"},
        caller=False,
    ),
    Guarded(
        "a Deny of what another team tagged",
        session("painter"),
        "ec2:StopInstances",
        arn("ec2", "instance/i-0aa11bb22cc33dd44"),
        DENIED.format("identity-based policy"),
        "Tag the role itself",
        "to remove statement",
        identity=(
            allow("ec2:*"),
            deny("ec2:StopInstances", StringNotEquals={"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}),
        ),
        context={"aws__ResourceTag_slash_team": "red"},
        caller=False,
    ),
    Guarded(
        "an encryption context",
        session("painter"),
        "kms:Decrypt",
        KEY,
        no("resource-based policy", "kms:Decrypt"),
        "Send the encryption context kms:EncryptionContext:app portal",
        "Send the encryption context",
        identity=(allow("kms:Decrypt", KEY),),
        resource=allow("kms:*", StringEquals={"kms:EncryptionContext:app": "portal"}),
    ),
    Guarded(
        "an encryption context that a Deny wants",
        session("painter"),
        "kms:Decrypt",
        KEY,
        DENIED.format("identity-based policy"),
        "Send the encryption context",
        "to remove statement",
        identity=(
            allow("kms:Decrypt", KEY),
            deny("kms:Decrypt", StringNotEquals={"kms:EncryptionContext:app": "portal"}),
        ),
        resource=allow("kms:*"),
    ),
    Guarded(
        "a boundary that new roles must have",
        session("painter"),
        "iam:CreateRole",
        f"arn:aws:iam::{ID}:role/app-x",
        DENIED.format("identity-based policy"),
        "Call again with the permissions boundary ceiling",
        "to remove statement",
        identity=(
            allow("iam:CreateRole"),
            deny("iam:CreateRole", StringNotEquals={"iam:PermissionsBoundary": alder.policy_arn("ceiling")}),
        ),
    ),
    Guarded(
        "Bedrock in a Region that the organization does not use",
        session("painter"),
        "bedrock:InvokeModel",
        MODEL,
        DENIED.format("service control policy"),
        "Use a model, or an inference profile whose Regions are all allowed (eu-*)",
        "to exempt painter from statement",
        identity=(allow("bedrock:InvokeModel*"),),
    ),
    Guarded(
        "Bedrock's streaming call",
        session("painter"),
        "bedrock:InvokeModelWithResponseStream",
        MODEL,
        DENIED.format("service control policy"),
        "Use a model, or an inference profile whose Regions are all allowed (eu-*)",
        "to exempt painter from statement",
        identity=(allow("bedrock:*"),),
    ),
    Guarded(
        "a boundary that keeps teams apart",
        session("painter"),
        "s3:GetObject",
        f"{BUCKET}/red/x",
        no("permissions boundary", "s3:GetObject"),
        "Use a resource of team blue",
        "Ask the owner of the boundary limit",
        identity=(allow("s3:*"),),
        boundary=(allow("s3:*", OWN_TEAM, "Own"),),
    ),
)


def _diagnosed(case: Guarded, path: Path) -> Diagnosis:
    content = alder.snapshot()
    inline = {"own": document(*case.identity)}
    boundary = "limit" if case.boundary else None
    painter = role("painter", service("lambda"), inline=inline, tags={"team": "blue"}, boundary=boundary)
    content["RoleDetailList"].append(painter)
    content["UserDetailList"].append(user("ann", inline=inline))
    if case.boundary:
        content["Policies"].append(policy("limit", document(*case.boundary)))
    own = content["Rolescope"]
    own["Organization"]["ServiceControlPolicies"][2]["Policies"][0]["Document"] = document(*case.guardrail)
    own["ResourcePolicies"][BUCKET] = document()
    if case.resource is not None:
        own["ResourcePolicies"][case.on] = document({**case.resource, "Principal": ACCOUNT})
    text = denied(case.who, case.action, f'"{case.on}"', case.reason)
    return diagnosis_of(text, read(path / "alder.json", content), **case.context)


def _widens(fix: Fix) -> bool:
    return fix.title.startswith(("Add ", "Ask the owner of"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_callers_own_way_comes_before_an_exception(case: Guarded, tmp_path: Path) -> None:
    found = _diagnosed(case, tmp_path)
    titles = [fix.title for fix in found.fixes]
    assert case.first in titles[0] and case.last in titles[-1], titles
    widening = [_widens(fix) for fix in found.fixes]
    assert widening == sorted(widening)
    assert not case.caller or found.fixes[0].who is Who.CALLER


def test_what_opens_anothers_resource_says_so(tmp_path: Path) -> None:
    fix = _diagnosed(CASES[0], tmp_path).fixes[-1]
    said = "lets team blue reach the resources of red"
    assert any(said in caution for caution in fix.cautions)
    assert fix.forms and all(any(said in caution for caution in form.cautions) for form in fix.forms)


def test_a_changed_tag_says_what_is_lost_with_the_old_one(tmp_path: Path) -> None:
    tag = next(fix for fix in _diagnosed(CASES[0], tmp_path).fixes if fix.title.startswith("Tag the role"))
    assert any("/red/" in gain for gain in tag.gains) and any("/blue/" in loss for loss in tag.losses)


@pytest.mark.parametrize("stated", [True, False])
def test_a_condition_on_an_unknown_tag_is_asked_for(stated: bool, tmp_path: Path) -> None:
    """What the key's tag is decides: never certain, and the sentence names it."""
    case = CASES[3]
    reason = case.reason if stated else ""
    found = _diagnosed(Guarded(**{**vars(case), "reason": reason, "context": {}}), tmp_path)
    assert found.verdict.confidence is not Confidence.CERTAIN
    assert [question.key for question in found.verdict.questions] == ["aws:ResourceTag/team"]
    assert "unless aws:ResourceTag/team fits" in found.verdict.summary
