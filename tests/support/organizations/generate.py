"""An organization of twelve accounts in four units, with denials across accounts planted by a seed.

Each denial has a role and a resource of its own; one to three layers refuse it. What AWS would name first is the label,
by the order of "Policy evaluation logic" (IAM User Guide) and of `formats.md` §8.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ORG, ROOT, MANAGEMENT = "o-planted1234", "r-plan", "100000000001"
UNITS = {"ou-plan-work": ROOT, "ou-plan-prod": "ou-plan-work", "ou-plan-test": "ou-plan-work", "ou-plan-infra": ROOT}
PLACES = ("ou-plan-prod", "ou-plan-prod", "ou-plan-prod", "ou-plan-test", "ou-plan-test", "ou-plan-infra",
          "ou-plan-infra", "ou-plan-work", ROOT, "ou-plan-prod")  # fmt: skip
MEMBERS = {MANAGEMENT: ROOT} | {f"2000000000{number:02}": unit for number, unit in enumerate(PLACES, start=1)}
UNREAD = "200000000099"
"""An account of the organization that is not in the folder."""
PARTNER, VENDOR = "300000000001", "300000000002"
"""Accounts outside: the partner's is in the folder, the vendor's is not."""
FULL_ACCESS = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
EXPLICIT_ORDER = ("rcp", "scp", "resource", "identity", "boundary")
IMPLICIT_ORDER = ("scp", "identity", "boundary", "resource")


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def path_of(account: str) -> tuple[str, ...]:
    """The root and units above an account, root first."""
    path: list[str] = []
    at = MEMBERS.get(account, "ou-plan-infra" if account == UNREAD else "")
    while at:
        path.append(at)
        at = UNITS.get(at, "")
    return tuple(reversed(path))


def name_of(account: str) -> str:
    return "management" if account == MANAGEMENT else f"account-{account[-2:]}"


@dataclass
class Planted:
    """A denial: its text, and what refuses it. ``case`` is the request as a line of ``rolescope evaluate``, with the
    policies of both sides; ``causes`` are layer and fault of each planted cause, ``expected`` the one to be named."""

    text: str
    caller: str
    owner: str
    role: str
    resource: str
    causes: tuple[tuple[str, str], ...]
    expected: str
    account: str
    case: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    @property
    def certain_allowed(self) -> bool:
        """Whether both sides are in the folder."""
        return not {self.caller, self.owner} & {UNREAD, VENDOR}


@dataclass
class Generated:
    """The organization's guardrails by target, and its accounts' roles and resource policies."""

    denials: list[Planted] = field(default_factory=list)
    roles: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    policies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    scp_denies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    scp_lacks: dict[str, list[str]] = field(default_factory=dict)
    rcp_denies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def levels(self, account: str, kind: str) -> list[list[dict[str, Any]]]:
        """The guardrails over an account, root first; none over the management account and outside."""
        if account == MANAGEMENT or account not in (*MEMBERS, UNREAD):
            return []
        return [[each["Document"] for each in self.at(target, kind)] for target in (*path_of(account), account)]

    def at(self, target: str, kind: str) -> list[dict[str, Any]]:
        """The guardrails attached to one target."""
        denies = (self.scp_denies if kind == "scp" else self.rcp_denies).get(target, [])
        found = []
        if kind == "scp" and (lacks := self.scp_lacks.get(target)):
            found.append(_guardrail(kind, f"all-but-{target}", document(
                {"Effect": "Allow", "Action": "*", "NotResource": lacks}
            ), target))  # fmt: skip
        elif kind == "scp":
            found.append(_guardrail(kind, "FullAWSAccess", document(
                {"Effect": "Allow", "Action": "*", "Resource": "*"}
            ), target))  # fmt: skip
        if denies:
            found.append(_guardrail(kind, f"{kind}-{target}", document(*denies), target))
        return found

    def tree(self) -> dict[str, Any]:
        """The JSON of ``organization.json``."""
        targets = [ROOT, *UNITS, *MEMBERS, UNREAD]
        return {
            "Format": "rolescope-organization",
            "Version": 1,
            "Id": ORG,
            "ManagementAccountId": MANAGEMENT,
            "CapturedAt": "2026-06-01T00:00:00Z",
            "Root": ROOT,
            "Units": [{"Id": id, "Name": id.rpartition("-")[2], "Parent": parent} for id, parent in UNITS.items()],
            "Accounts": [
                {
                    "Id": id,
                    "Name": name_of(id),
                    "Parent": parent,
                    "Status": "ACTIVE",
                }
                for id, parent in (*MEMBERS.items(), (UNREAD, "ou-plan-infra"))
            ],
            "ServiceControlPolicies": _joined([each for target in targets for each in self.at(target, "scp")]),
            "ResourceControlPolicies": _joined([each for target in targets for each in self.at(target, "rcp")]),
            "Unread": [{"Account": UNREAD, "Why": "The role reader cannot be assumed there."}],
        }

    def write(self, folder: Path) -> Path:
        (folder / "accounts").mkdir(parents=True)
        (folder / "organization.json").write_text(json.dumps(self.tree()))
        for account in (*MEMBERS, PARTNER):
            (folder / "accounts" / f"{account}.json").write_text(json.dumps(self.snapshot(account)))
        return folder

    def snapshot(self, account: str) -> dict[str, Any]:
        own: dict[str, Any] = {
            "Version": 1,
            "Account": {"Id": account, "CapturedAt": "2026-06-01T00:00:00+00:00"},
            "ResourcePolicies": self.resources.get(account, {}),
        }
        if account == PARTNER:
            own["Organization"] = None
        return {
            "RoleDetailList": self.roles.get(account, []),
            "UserDetailList": [],
            "GroupDetailList": [],
            "Policies": self.policies.get(account, []),
            "Rolescope": own,
        }


def _guardrail(kind: str, name: str, body: dict[str, Any], target: str) -> dict[str, Any]:
    type = "service_control_policy" if kind == "scp" else "resource_control_policy"
    arn = f"arn:aws:organizations::{MANAGEMENT}:policy/{ORG}/{type}/p-{name}"
    return {
        "Arn": FULL_ACCESS if name == "FullAWSAccess" else arn,
        "Name": name,
        "Document": body,
        "Targets": [target],
    }


def _joined(guardrails: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each policy once, with all its targets."""
    found: dict[str, dict[str, Any]] = {}
    for each in guardrails:
        known = found.setdefault(each["Arn"], {**each, "Targets": []})
        known["Targets"] += each["Targets"]
    return list(found.values())


def role(account: str, name: str, trust: Any, inline: Mapping[str, Any], boundary: str = "") -> dict[str, Any]:
    """An entry of ``RoleDetailList``."""
    entry = {
        "RoleName": name,
        "Path": "/",
        "RoleId": f"AROA{account[-5:]}{name.upper().replace('-', ''):X<12}"[:21],
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "CreateDate": "2024-01-01T00:00:00+00:00",
        "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{"PolicyName": key, "PolicyDocument": value} for key, value in inline.items()],
        "AttachedManagedPolicies": [],
        "InstanceProfileList": [],
        "Tags": [],
    }
    if boundary:
        entry["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
            "PermissionsBoundaryArn": boundary,
        }
    return entry


EC2 = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
ACTIONS = {"sts": "sts:AssumeRole", "s3": "s3:GetObject", "sqs": "sqs:SendMessage", "dynamodb": "dynamodb:GetItem"}
STATED = {
    ("identity", False): "because no identity-based policy allows the {action} action",
    ("boundary", False): "because no permissions boundary allows the {action} action",
    ("scp", False): "because no service control policy allows the {action} action",
    ("resource", False): "because no resource-based policy allows the {action} action",
    ("identity", True): "with an explicit deny in an identity-based policy",
    ("boundary", True): "with an explicit deny in a permissions boundary",
    ("scp", True): "with an explicit deny in a service control policy",
    ("rcp", True): "with an explicit deny in a resource control policy",
    ("resource", True): "with an explicit deny in a resource-based policy",
}


def generate(count: int, seed: int = 1, *, sides: str = "read") -> Generated:
    """``count`` denials. ``sides``: ``read`` (both are in the folder), ``unread`` (one is not read, or outside),
    ``open`` (as ``read``, but two of three are allowed, also for others than the one role)."""
    made = Generated()
    for number in range(count):
        _plant(made, number, random.Random(f"{seed} {number}"), sides)
    for planted in made.denials:  # the guardrails are known only now
        planted.case["scps"] = made.levels(planted.caller, "scp")
        planted.case["rcps"] = made.levels(planted.owner, "rcp")
    return made


def _plant(made: Generated, number: int, chance: random.Random, sides: str) -> None:
    members = [each for each in MEMBERS if each != MANAGEMENT]
    caller, owner = chance.sample(members, 2)
    if sides == "read" and chance.random() < 0.1:
        owner = PARTNER
    elif sides == "unread":
        absent = chance.choice((UNREAD, VENDOR))
        caller, owner = (absent, owner) if chance.random() < 0.5 else (caller, absent)
    service = chance.choice(list(ACTIONS))
    action, name = ACTIONS[service], f"app-{number:03}"
    resource = {
        "sts": f"arn:aws:iam::{owner}:role/target-{number:03}",
        "s3": f"arn:aws:s3:::data-{number:03}/in/file",
        "sqs": f"arn:aws:sqs:us-east-1:{owner}:queue-{number:03}",
        "dynamodb": f"arn:aws:dynamodb:us-east-1:{owner}:table/table-{number:03}",
    }[service]
    holder = f"arn:aws:s3:::data-{number:03}" if service == "s3" else resource
    covered = f"{holder}/*" if service == "s3" else resource
    slots = ["identity", "boundary", "resource"]
    slots += ["scp"] if path_of(caller) else []
    slots += ["rcp"] if path_of(owner) else []
    if sides == "unread" or (sides == "open" and chance.random() < 0.66):
        slots = []
    planted = chance.sample(slots, min(len(slots), chance.choice((1, 1, 2, 2, 3)))) if slots else []
    deny = {"Effect": "Deny", "Action": action, "Resource": covered}
    causes: dict[str, str] = {}
    principal = {"AWS": f"arn:aws:iam::{caller}:role/{name}"}
    wide: dict[str, Any] = {}
    if sides == "open":
        others = [each.role for each in made.denials]
        principal = {"AWS": chance.choice((principal["AWS"], f"arn:aws:iam::{caller}:root", caller, "*", "*"))}
        covers = chance.choice(("*", holder.rpartition("/")[0] + "/*" if service == "sts" else "*", covered))
        body_path = f"{ORG}/{'/'.join(path_of(chance.choice(members)))}/*"
        wide = chance.choice((
            {},
            {"Condition": {"StringEquals": {"aws:PrincipalOrgID": ORG}}},
            {"Condition": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": body_path}}},
        )) if principal["AWS"] == "*" else {}  # fmt: skip
        covered = covers if others and chance.random() < 0.3 else covered

    identity = document({"Effect": "Allow", "Action": action, "Resource": covered})
    if "identity" in planted:
        fault = chance.choice(("no-action", "resource-mismatch", "explicit-deny"))
        other = {"Effect": "Allow", "Action": "ec2:DescribeVpcs", "Resource": "*"}
        elsewhere = {"Effect": "Allow", "Action": action, "Resource": covered.replace(f"{number:03}", "other")}
        identity = {
            "no-action": document(other),
            "resource-mismatch": document(elsewhere),
            "explicit-deny": document({"Effect": "Allow", "Action": action, "Resource": covered}, deny),
        }[fault]
        causes["identity"] = fault
    boundary = None
    if "boundary" in planted:
        fault = chance.choice(("no-action", "explicit-deny"))
        limit = {"Effect": "Allow", "NotAction": action, "Resource": "*"}
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        boundary = document(limit) if fault == "no-action" else document(everything, deny)
        causes["boundary"] = fault
    body = {} if service == "sts" else {"Resource": f"{holder}/*" if service == "s3" else resource}
    allow = {"Effect": "Allow", "Principal": principal, "Action": action, **body, **wide}
    resource_policy = document(allow)
    if "resource" in planted:
        fault = chance.choice(("principal-mismatch", "condition-unmet", "explicit-deny"))
        outsider = {"AWS": f"arn:aws:iam::{chance.choice(members)}:role/someone-else"}
        elsewhere_path = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [f"{ORG}/{ROOT}/ou-plan-gone/*"]}}
        resource_policy = {
            "principal-mismatch": document({**allow, "Principal": outsider}),
            "condition-unmet": document({**allow, "Condition": elsewhere_path}),
            "explicit-deny": document(allow, {**allow, "Effect": "Deny", "Principal": {"AWS": "*"}}),
        }[fault]
        causes["resource"] = fault
    place = ""
    if "scp" in planted:
        fault = chance.choice(("explicit-deny", "resource-mismatch"))
        place = chance.choice((*path_of(caller), caller))
        if fault == "explicit-deny":
            made.scp_denies.setdefault(place, []).append(deny)
        else:
            made.scp_lacks.setdefault(place, []).append(covered)
        causes["scp"] = fault
    if "rcp" in planted:
        where = chance.choice((*path_of(owner), owner))
        made.rcp_denies.setdefault(where, []).append({**deny, "Principal": "*"})
        causes["rcp"] = "explicit-deny"

    arn = f"arn:aws:iam::{caller}:policy/limit-{number:03}" if boundary else ""
    if boundary:
        made.policies.setdefault(caller, []).append(_managed(arn, boundary))
    if caller in (*MEMBERS, PARTNER):
        made.roles.setdefault(caller, []).append(role(caller, name, EC2, {"own": identity}, arn))
    if owner in (*MEMBERS, PARTNER):
        if service == "sts":
            made.roles.setdefault(owner, []).append(role(owner, f"target-{number:03}", resource_policy, {}))
        else:
            made.resources.setdefault(owner, {})[holder] = resource_policy
    session = f"arn:aws:sts::{caller}:assumed-role/{name}/run"
    word, explicit = _named_first(causes, chance) if causes else ("", False)
    stated = _stated(causes, chance)
    if stated is not None:
        word, explicit = stated
    said = f" {STATED[word, explicit].format(action=action)}" if stated is not None else ""
    code = word if word != "resource" or service != "sts" else "trust"
    organization = {
        "aws:PrincipalOrgID": ORG,
        "aws:PrincipalOrgPaths": ["/".join((ORG, *path_of(caller), ""))],
    } if path_of(caller) else {}  # fmt: skip
    case = {
        "principal": session,
        "action": action,
        "resource": resource,
        "resourceAccount": owner,
        "identityPolicies": [identity],
        "boundaryPolicies": [boundary] if boundary else [],
        "resourcePolicy": resource_policy,
        "contextVariables": {"aws:PrincipalArn": f"arn:aws:iam::{caller}:role/{name}", **organization},
    }
    made.denials.append(
        Planted(
            f"User: {session} is not authorized to perform: {action} on resource: {resource}{said}",
            caller,
            owner,
            name,
            resource,
            tuple(causes.items()),
            f"{code}.{causes[word]}" if causes else "unreadable",
            MANAGEMENT if word in ("scp", "rcp") else owner if word == "resource" else caller,
            case,
            {"scp": place},
        )
    )


def _named_first(causes: Mapping[str, str], chance: random.Random) -> tuple[str, bool]:
    explicit = [word for word in EXPLICIT_ORDER if causes.get(word) == "explicit-deny"]
    if explicit:
        return explicit[0], True
    return next(word for word in IMPLICIT_ORDER if word in causes), False


def _stated(causes: Mapping[str, str], chance: random.Random) -> tuple[str, bool] | None:
    """A layer that the text states; AWS states an explicit deny before a lack."""
    if not causes or chance.random() < 0.5:
        return None
    explicit = [word for word in EXPLICIT_ORDER if causes.get(word) == "explicit-deny"]
    if explicit:
        return chance.choice(explicit), True
    return chance.choice([word for word in IMPLICIT_ORDER if word in causes]), False


def _managed(arn: str, body: Any) -> dict[str, Any]:
    return {
        "PolicyName": arn.rpartition("/")[2],
        "PolicyId": "ANPA" + arn[-10:].upper().replace("-", "X"),
        "Arn": arn,
        "Path": "/",
        "DefaultVersionId": "v1",
        "IsAttachable": True,
        "PolicyVersionList": [
            {"VersionId": "v1", "IsDefaultVersion": True, "Document": body, "CreateDate": "2024-01-01T00:00:00+00:00"}
        ],
    }
