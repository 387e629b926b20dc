"""Accounts in which several things at once refuse a request, planted by a seed, and what the offered fixes come to.

    python -m tests.support.oracles.planted_denials sets COUNT [SEED]
    python -m tests.support.oracles.planted_denials unknown COUNT [SEED]
    python -m tests.support.oracles.planted_denials lines COUNT [SEED] > requests.jsonl

``sets`` plants two to four causes, puts the fixes that are offered into the account and asks the engine: allowed with
all of them, refused without any one of them, and no more of them than were planted. ``unknown`` does not tell keys that
statements ask for: what is verified has to be allowed whatever their values are. ``lines`` prints, for every fix or set
that is called verified, the request in the account as mended, as an input line of ``rolescope evaluate``: for another
engine. Exit status 1 where something is wrong.
"""

from __future__ import annotations

import copy
import itertools
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from diagnostics.access_denied.gather import gathered_for
from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.fix import Fix, InlinePlace, OtherPlace, PolicyChange
from iam.other_services import VpcEndpoint
from iam.policy.evaluate import evaluate
from iam.policy.request import NamedPolicy, Policies, Request
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, ORG, REGION

SLOTS = ("identity", "boundary", "scp 0", "scp 1", "scp 2", "rcp", "resource", "vpce")
GRANTING = ("identity", "boundary", "scp 0", "scp 1", "scp 2", "vpce")
"""The slots that can lack an Allow. In the others only a Deny can stand."""
ROLE = alder.role_arn("target")
ASKED = (
    ("sts:AssumeRole", ROLE, alder.role_arn("targ*"), alder.role_arn("z*")),
    ("s3:GetObject", "arn:aws:s3:::ward/x/1", "arn:aws:s3:::ward/*", "arn:aws:s3:::hall/*"),
    ("s3:PutObject", "arn:aws:s3:::ward/y", "arn:aws:s3:::ward/y*", "arn:aws:s3:::ward/z*"),
    ("sqs:SendMessage", alder.arn("sqs", "beds"), alder.arn("sqs", "bed?"), alder.arn("sqs", "z*")),
    ("kms:Decrypt", alder.arn("kms", "key/77"), alder.arn("kms", "key/7*"), alder.arn("kms", "key/8*")),
)
TOLD = {
    "aws:RequestedRegion": (REGION,),
    "aws:SourceIp": ("203.0.113.9",),
    "aws:SecureTransport": ("false",),
    "aws:SourceVpce": ("vpce-alder1",),
}
WITH_TLS = {"Bool": {"aws:SecureTransport": "false"}}
VALUES = {
    "aws:RequestedRegion": (REGION, "us-west-2"),
    "aws:SourceIp": ("203.0.113.9", "198.51.100.7", "192.0.2.1"),
    "aws:UserAgent": ("x/1", "y/2"),
}
"""What keys that were not told may turn out to be."""
ON_UNTOLD = (
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"StringEquals": {"aws:RequestedRegion": REGION}},
    {"StringLike": {"aws:UserAgent": "x*"}},
)
FROM_ELSEWHERE = {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
FROM_THERE = {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}

Content = dict[str, Any]
Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planted:
    """An account as a snapshot's content, the request that is refused in it, and in how many places it is."""

    content: Content
    text: str
    slots: tuple[str, ...]


class Planter:
    """``conditional``: whatever allows and is not at fault asks for keys, now and then, and Denys that spare the
    request stand beside it."""

    def __init__(self, seed: int, *, conditional: bool = False) -> None:
        self._dice = random.Random(seed)
        self._conditional = conditional

    def account(self, most: int = 4, least: int = 2) -> Planted:
        asked = self._dice.choice(ASKED)
        slots = tuple(self._dice.sample(SLOTS, self._dice.randint(least, most)))
        said = {slot: self._statements(slot, asked, planted=slot in slots) for slot in SLOTS}
        for slot in SLOTS:  # no two documents are equal: each is found again by what it says
            said[slot].append(_statement("Allow", Sid=f"In{slot.title().replace(' ', '')}", Action="x:Y", Resource="*"))
        text = f"User: {alder.session('bedder')} is not authorized to perform: {asked[0]} on resource: {asked[1]}"
        return Planted(_content(said, asked), text, slots)

    def _statements(self, slot: str, asked: tuple[str, str, str, str], *, planted: bool) -> list[Statement]:
        action, resource, good, wrong = asked
        must_allow = slot == "resource" and action.startswith(("kms:", "sts:"))
        everything = [_statement("Allow", Action="*", Resource="*")] if slot in GRANTING or must_allow else []
        if self._conditional and everything and self._dice.random() < 0.3:
            everything[0]["Condition"] = copy.deepcopy(self._dice.choice(ON_UNTOLD))
        if self._conditional and self._dice.random() < 0.2:
            condition = {
                f"{operator.replace('Equals', 'NotEquals').replace('IpA', 'NotIpA')}": block
                for operator, block in self._dice.choice(ON_UNTOLD).items()
                if operator != "StringLike"
            }
            everything += [_statement("Deny", condition, Action="*", Resource="*")] if condition else []
        if not planted:
            return everything
        named = self._dice.choice([action, f"{action.partition(':')[0]}:*", [action, "logs:PutLogEvents"]])
        deny = self._dice.choice(
            [
                _statement("Deny", Action=named, Resource=good),
                _statement("Deny", Action=named, NotResource=[wrong]),
                _statement("Deny", WITH_TLS, Action=named, Resource=good),
                _statement("Deny", FROM_ELSEWHERE, Action=named, Resource=resource),
            ]
        )
        if slot == "resource" and action.startswith("sts:") and self._dice.random() < 0.5:
            return self._dice.choice(
                [
                    [_statement("Allow", Action="*", Resource="*", Principal={"AWS": alder.role_arn("auditor")})],
                    [_statement("Allow", {"StringEquals": {"sts:ExternalId": "alder-9"}}, Action="*", Resource="*")],
                ]
            )
        if slot not in GRANTING or self._dice.random() < 0.4:
            return [*everything, deny]
        return [
            self._dice.choice(
                [
                    _statement("Allow", Action=["logs:*", "ecs:RunTask"], Resource="*"),
                    _statement("Allow", Action=named, Resource=wrong),
                    _statement("Allow", FROM_THERE, Action=named, Resource=good),
                ]
            )
        ]


def _statement(effect: str, condition: Any = None, **elements: Any) -> Statement:
    found = {"Effect": effect, **elements}
    return found | {"Condition": copy.deepcopy(condition)} if condition else found


def _content(said: Mapping[str, list[Statement]], asked: tuple[str, str, str, str]) -> Content:
    content = alder.snapshot()
    content["Policies"].append(alder.policy("limit", _document(said["boundary"])))
    content["RoleDetailList"].append(
        alder.role("bedder", alder.service("ec2"), inline={"own": _document(said["identity"])}, boundary="limit")
    )
    own = content["Rolescope"]
    account = {"AWS": f"arn:aws:iam::{ID}:root"}
    resource = _document(
        [{**one, "Principal": account if one["Effect"] == "Allow" else "*"} for one in said["resource"]]
    )
    holder = asked[1].partition("/")[0] if ":s3:" in asked[1] else asked[1]
    if asked[1] == ROLE:
        content["RoleDetailList"].append(alder.role("target", _trust_of(resource)))
    else:
        own["ResourcePolicies"] = {holder: resource}
    organization = own["Organization"]
    organization["ServiceControlPolicies"] = [_level(n, _document(said[f"scp {n}"])) for n in range(3)]
    organization["ResourceControlPolicies"] = [_level(9, _document([{**one, "Principal": "*"} for one in said["rcp"]]))]
    endpoint = _document([{**one, "Principal": "*"} for one in said["vpce"]])
    name = f"com.amazonaws.{REGION}.{asked[0].partition(':')[0]}"
    own["VpcEndpoints"] = [{"Id": "vpce-alder1", "ServiceName": name, "Document": endpoint}]
    return content


def _trust_of(document: dict[str, Any]) -> dict[str, Any]:
    """The same as a trust policy: those name actions of STS, and no resource."""
    statements = [dict(one) for one in document["Statement"] if one["Action"] != "x:Y"]
    for one in statements:
        one.pop("Resource", None)
        one.pop("NotResource", None)
        one["Action"] = "sts:AssumeRole"
    return _document(statements)


def _document(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _level(number: int, document: dict[str, Any]) -> dict[str, Any]:
    arn = f"arn:aws:organizations::{ID}:policy/{ORG}/service_control_policy/p-{number}"
    return {"Target": f"t-{number}", "Policies": [{"Arn": arn, "Name": f"level-{number}", "Document": document}]}


# The fixes, put into the account.


def opened(content: Content, folder: Path) -> OpenedAccount:
    reader = open_snapshot(alder.write(folder / "account.json", content))
    return OpenedAccount(list(reader.accounts())[-1], reader)


Told = Mapping[str, tuple[str, ...]]


def diagnosed(planted: Planted, account: OpenedAccount, told: Told = TOLD) -> Diagnosis:
    return collect(read_text(planted.text)[0], account, told)


def offered(found: Diagnosis) -> tuple[Fix, ...]:
    """What is offered as enough: the set, else the first fix that was evaluated."""
    together = tuple(fix for fix in found.fixes if fix.together is not None)
    return together or tuple(fix for fix in found.fixes if fix.situation is not None)[:1]


def is_verified(fixes: Sequence[Fix]) -> bool:
    return bool(fixes) and (fixes[0].together.verified if fixes[0].together else fixes[0].verified) is True


def mended(content: Content, fixes: Sequence[Fix]) -> Content:
    """The account with the fixes' documents in the place of those that they change."""
    content = copy.deepcopy(content)
    for fix in fixes:
        if fix.after is None:
            continue
        if fix.before is not None:
            content = _put(content, fix.before.value, fix.after.value)
            continue
        match fix.change:
            case PolicyChange(InlinePlace(holder, name)):
                role = next(one for one in content["RoleDetailList"] if one["Arn"] == holder.arn)
                role["RolePolicyList"].append({"PolicyName": name, "PolicyDocument": fix.after.value})
            case PolicyChange(OtherPlace(arn)):
                content["Rolescope"]["ResourcePolicies"][arn] = fix.after.value
    return content


def _put(content: Any, before: Any, after: Any) -> Any:
    if isinstance(content, dict):
        return after if content == before else {key: _put(value, before, after) for key, value in content.items()}
    return [_put(value, before, after) for value in content] if isinstance(content, list) else content


def request_with(found: Diagnosis, fixes: Sequence[Fix], account: OpenedAccount, told: Told = TOLD) -> Request:
    """The request, made as the fixes that are the caller's want it."""
    denial = found.failure
    asked = Request(denial.principal, denial.action, denial.resource, context=told)  # type: ignore[union-attr,arg-type]  # it is a denial
    filled = gathered(asked, account)[0].context
    changed: dict[str, tuple[str, ...]] = dict(told)
    resource = asked.resource
    for fix in fixes:
        if fix.situation is not None and fix.after is None:
            resource = fix.situation.request.resource if fix.situation.request.resource != asked.resource else resource
            wanted = fix.situation.request.context
            changed |= {key: value for key, value in wanted.items() if filled.get(key) != value}
    return replace(asked, resource=resource, context=changed)


def gathered(request: Request, account: OpenedAccount) -> tuple[Request, Policies]:
    endpoints: tuple[VpcEndpoint, ...] = account.reader.vpc_endpoints("").value or ()
    endpoint = next((one for one in endpoints if request.context.get("aws:SourceVpce") == (one.id,)), None)
    found, faults = gathered_for(request, account, vpc_endpoint=endpoint)
    assert not faults
    return found.request, found.policies


def allowed(content: Content, found: Diagnosis, fixes: Sequence[Fix], folder: Path, told: Told = TOLD) -> bool:
    account = opened(mended(content, fixes), folder)
    request, policies = gathered(request_with(found, fixes, account, told), account)
    return evaluate(request, policies).allowed


def objections(planted: Planted, folder: Path) -> Iterator[str]:
    """What is wrong with what is offered."""
    found = diagnosed(planted, opened(planted.content, folder))
    fixes = offered(found)
    if not is_verified(fixes):
        yield f"nothing verified is offered: {found.verdict.cause}"
        return
    if len(fixes) > len(planted.slots):
        yield f"{len(fixes)} fixes for {len(planted.slots)} causes"
    if not allowed(planted.content, found, fixes, folder):
        yield "still denied with all of them"
    for fix in fixes if len(fixes) > 1 else ():
        if allowed(planted.content, found, [one for one in fixes if one is not fix], folder):
            yield f"not needed: {fix.title}"


def untrue(planted: Planted, folder: Path) -> Iterator[str]:
    """Verified fixes under which the request is still denied, for some values of the keys that were not told."""
    found = diagnosed(planted, opened(planted.content, folder), {"aws:SecureTransport": ("true",)})
    for fixes in [offered(found), *([fix] for fix in found.fixes if fix.verified)]:
        if not is_verified(fixes):
            continue
        for values in itertools.product(*VALUES.values()):
            told = {key: (value,) for key, value in zip(VALUES, values, strict=True)}
            told["aws:SecureTransport"] = ("true",)
            if f":{REGION}:" in planted.text:  # the resource's ARN says where the call went
                told["aws:RequestedRegion"] = (REGION,)
            if not allowed(planted.content, found, fixes, folder, told):
                yield f"verified, and denied with {values}: {fixes[0].title}"
                break


def line_of(planted: Planted, folder: Path) -> dict[str, Any] | None:
    """The request in the mended account, as `rolescope evaluate` takes it; None where nothing verified is offered."""
    found = diagnosed(planted, opened(planted.content, folder))
    fixes = offered(found)
    if not is_verified(fixes):
        return None
    account = opened(mended(planted.content, fixes), folder)
    request, policies = gathered(request_with(found, fixes, account), account)

    def documents(group: Sequence[NamedPolicy] | None) -> list[Any]:
        return [policy.document.value for policy in group or ()]

    line = {
        "principal": request.principal,
        "action": request.action,
        "resource": request.resource,
        "resourceAccount": ID,
        "identityPolicies": documents(policies.identity),
        "boundaryPolicies": documents(policies.boundary),
        "scps": [documents(level) for level in policies.scps or ()],
        "rcps": [documents(level) for level in policies.rcps or ()],
        "vpcEndpointPolicies": documents(policies.vpc_endpoint),
        "contextVariables": {key: list(values) for key, values in request.context.items()},
    }
    return line | ({"resourcePolicy": policies.resource.document.value} if policies.resource else {})


def main(arguments: list[str]) -> int:
    what, count = arguments[0], int(arguments[1])
    planter = Planter(int(arguments[2]) if len(arguments) > 2 else 1, conditional=what == "unknown")
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for number in range(count):
            planted = planter.account(least=2 if what == "sets" else 1)
            if what == "lines":
                line = line_of(planted, Path(name))
                counted["verified" if line else "not verified"] += 1
                if line:
                    print(json.dumps({"id": number, **line}))
                continue
            wrong = list((objections if what == "sets" else untrue)(planted, Path(name)))
            counted["right" if not wrong else "wrong"] += 1
            for each in wrong:
                print(number, planted.slots, each)
    print(dict(counted), file=sys.stderr)
    return 1 if counted["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
