"""The demo's two Access Analyzer analyzers, which moto lacks: external access, and roles unused for 90 days.

External access is computed from the current trust policies: AWS reports each principal outside the account, whatever
the conditions are (IAM User Guide, "IAM Access Analyzer findings").
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from iam.demo.account.facts import ACCOUNT, HOME_REGION, NOW
from iam.demo.account.load import DEMO
from iam.demo.aws.server import Handler
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World

_UNUSED_DAYS = 90
_ANALYZER = f"arn:aws:access-analyzer:{HOME_REGION}:{ACCOUNT}:analyzer/"
_EXTERNAL, _UNUSED = f"{_ANALYZER}outside", f"{_ANALYZER}unused"


def _list_analyzers(world: World, call: DemoCall) -> Mapping[str, Any]:
    if call.region != HOME_REGION:
        return {"analyzers": []}
    unused = {"configuration": {"unusedAccess": {"unusedAccessAge": _UNUSED_DAYS}}}
    kinds: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
        (_EXTERNAL, "ACCOUNT", {}),
        (_UNUSED, "ACCOUNT_UNUSED_ACCESS", unused),
    )
    return {
        "analyzers": [
            {"arn": arn, "name": arn.rpartition("/")[2], "type": kind, "createdAt": NOW, "status": "ACTIVE", **more}
            for arn, kind, more in kinds
        ]
    }


def _list_findings(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"findings": [summary for summary, _ in _findings(world, str(call.get("analyzerArn")))]}


def _get_finding(world: World, call: DemoCall) -> Mapping[str, Any]:
    for summary, details in _findings(world, str(call.get("analyzerArn"))):
        if summary["id"] == call.get("id"):
            return {**summary, "findingDetails": [details]}
    raise AwsError("ResourceNotFoundException", "Finding not found.")


def _findings(world: World, analyzer: str) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for role in world.iam.roles.values():
        if analyzer == _EXTERNAL:
            for kind, who, action in _outside(role.assume_role_policy_document):
                access_details = {"isPublic": who == "*", "principal": {kind: who}, "action": [action], "condition": {}}
                yield _summary(role.arn, "ExternalAccess", who), {"externalAccessDetails": access_details}
        elif _is_unused(role.name):
            yield _summary(role.arn, "UnusedIAMRole", ""), {"unusedIamRoleDetails": {}}


def _outside(document: str) -> Iterator[tuple[str, str, str]]:
    for statement in _listed(json.loads(document).get("Statement")):
        principal = statement.get("Principal")
        named = {"AWS": principal} if isinstance(principal, str) else principal or {}
        for kind, values in named.items():
            for who in _listed(values):
                inside = kind == "Service" or (kind == "AWS" and ACCOUNT in who) or who.startswith(("AROA", "AIDA"))
                if statement.get("Effect") == "Allow" and not inside:
                    yield kind, who, str(_listed(statement.get("Action"))[0])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_unused(name: str) -> bool:
    role = next((each for each in DEMO.contents.account.roles if each.name == name), None)
    if role is None or role.service_owned or role.created is None:
        return False
    before = NOW - timedelta(days=_UNUSED_DAYS)
    used = role.last_used.when if role.last_used is not None else None
    return role.created < before and (used is None or used < before)


def _summary(arn: str, kind: str, who: str) -> Mapping[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {arn} {who}")),
        "findingType": kind,
        "resource": arn,
        "resourceType": "AWS::IAM::Role",
        "resourceOwnerAccount": ACCOUNT,
        "status": "ACTIVE",
        "analyzedAt": NOW,
        "createdAt": NOW,
        "updatedAt": NOW,
    }


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("accessanalyzer", "ListAnalyzers"): _list_analyzers,
    ("accessanalyzer", "ListFindingsV2"): _list_findings,
    ("accessanalyzer", "GetFindingV2"): _get_finding,
}
