"""Harder escalation paths and decoys, drawn by seed and labelled by another engine, then asked of the review.

    python -m tests.support.oracles.harder_paths draw SEED FILE [PATHS DECOYS]
    python -m tests.support.oracles.harder_paths run FILE
    python -m tests.support.oracles.harder_paths fixes FILE

Each case is an account in which a role or user may do one thing that can lead to administrator, between guardrails:
boundaries, SCPs, paths, tags, conditions. The label comes from a search over single changes (`Judge`): each call is
decided by the executable specification of AWS's rules (`tests.specification`), each effect is written out here. It
knows nothing of the tables and functions of the review. ``draw`` writes the cases with their labels, ``run`` compares,
``fixes`` puts the fix of each path in place and reviews again; exit status 1 where a path is missed, a decoy accused,
or a path open after a verified fix.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diagnostics.review.finding import Finding
from diagnostics.review.run import review
from iam.policy.lint.finding import ERROR, PolicyKind
from iam.policy.lint.run import lint
from tests.specification.model import decisions
from tests.support.accounts.questions import ID, allow, deny, document, managed, role, scps, snapshot, trust, user
from tests.support.accounts.review_cases import group
from tests.support.accounts.reviewing import findings_in, reviewed, with_fix
from tests.support.accounts.running import add_workloads, workload, workload_arn

ROOT = f"arn:aws:iam::{ID}"
AWS = "arn:aws:iam::aws:policy"
ALL = document(allow("*"))
IAM_FULL = document(
    allow(
        [
            *("iam:*", "organizations:DescribeAccount", "organizations:DescribeOrganization"),
            *("organizations:DescribeOrganizationalUnit", "organizations:DescribePolicy"),
            *("organizations:ListChildren", "organizations:ListParents", "organizations:ListPoliciesForTarget"),
            *("organizations:ListRoots", "organizations:ListPolicies", "organizations:ListTargetsForPolicy"),
        ]
    )
)
FROM_AWS = {f"{AWS}/AdministratorAccess": ALL, f"{AWS}/IAMFullAccess": IAM_FULL}
NEW = ("zz", "team/zz", "app/zz")
TAGS = (("team", "ops"), ("team", "dev"), ("admin", "true"))
SAML = f"{ROOT}:saml-provider/Idp"
DEPTH = 4

# What a service does with a role that it is passed: the calls, and the resources that each of them needs.
_R = f"us-east-1:{ID}"
PASSED: dict[str, list[tuple[str, list[str]]]] = {
    "lambda": [
        ("lambda:CreateFunction", [f"arn:aws:lambda:{_R}:function:{{name}}"]),
        ("lambda:InvokeFunction", [f"arn:aws:lambda:{_R}:function:{{name}}"]),
    ],
    "codebuild": [
        ("codebuild:CreateProject", [f"arn:aws:codebuild:{_R}:project/{{name}}"]),
        ("codebuild:StartBuild", [f"arn:aws:codebuild:{_R}:project/{{name}}"]),
    ],
    "glue": [
        ("glue:CreateJob", [f"arn:aws:glue:{_R}:job/{{name}}"]),
        ("glue:StartJobRun", [f"arn:aws:glue:{_R}:job/{{name}}"]),
    ],
    "states": [
        ("states:CreateStateMachine", [f"arn:aws:states:{_R}:stateMachine:{{name}}"]),
        ("states:StartExecution", [f"arn:aws:states:{_R}:stateMachine:{{name}}"]),
    ],
}
# What runs with a role: the calls that run the caller's code, each with all resources that it needs; without any it is
# the resource itself.
_QUEUE, _CLUSTER = f"arn:aws:batch:{_R}:job-queue/q", f"arn:aws:ecs:{_R}:cluster/prod"
TAKEN: dict[str, list[dict[str, list[str]]]] = {
    "codebuild-project": [{"codebuild:StartBuild": []}, {"codebuild:StartBuildBatch": []}],
    "cloudformation-stack": [
        {"cloudformation:UpdateStack": []},
        {"cloudformation:CreateChangeSet": [], "cloudformation:ExecuteChangeSet": []},
    ],
    "glue-dev-endpoint": [{"glue:UpdateDevEndpoint": []}],
    "glue-session": [{"glue:RunStatement": []}],
    "apprunner-service": [{"apprunner:UpdateService": []}],
    "sagemaker-notebook": [{"sagemaker:CreatePresignedNotebookInstanceUrl": []}],
    "sagemaker-user-profile": [{"sagemaker:CreatePresignedDomainUrl": []}],
    "step-functions-state-machine": [{"states:UpdateStateMachine": [], "states:StartExecution": []}],
    "emr-cluster": [{"elasticmapreduce:AddJobFlowSteps": []}],
    "ecs-task": [{"ecs:ExecuteCommand": [workload_arn("ecs-task"), _CLUSTER]}],
    "batch-job-definition": [{"batch:SubmitJob": [workload_arn("batch-job-definition"), _QUEUE]}],
    "agentcore-code-interpreter": [
        {"bedrock-agentcore:StartCodeInterpreterSession": [], "bedrock-agentcore:InvokeCodeInterpreter": []}
    ],
    "ssm-managed-node": [
        {"ssm:StartSession": []},
        {
            "ssm:SendCommand": [
                workload_arn("ssm-managed-node"),
                "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
            ]
        },
    ],
}

# The service that must be let in by the role's trust policy.
TRUSTED = {
    "codebuild-project": "codebuild",
    "cloudformation-stack": "cloudformation",
    "glue-dev-endpoint": "glue",
    "glue-session": "glue",
    "apprunner-service": "tasks.apprunner",
    "sagemaker-notebook": "sagemaker",
    "sagemaker-user-profile": "sagemaker",
    "step-functions-state-machine": "states",
    "emr-cluster": "ec2",
    "ecs-task": "ecs-tasks",
    "batch-job-definition": "ecs-tasks",
    "agentcore-code-interpreter": "bedrock-agentcore",
    "ssm-managed-node": "ssm",
}


# The account as the judge changes it.


@dataclass
class World:
    """What can change. ``who`` is the ARN of whom the caller is now."""

    who: str
    entities: dict[str, dict[str, Any]]
    policies: dict[str, dict[str, Any]]
    groups: dict[str, dict[str, Any]]
    scps: list[Any] = field(default_factory=list)
    running: dict[str, str] = field(default_factory=dict)

    def key(self) -> str:
        return json.dumps([self.who, self.entities, self.policies, self.groups], sort_keys=True)

    def copied(self, **more: Any) -> World:
        parts = (copy.deepcopy(each) for each in (self.entities, self.policies, self.groups))
        entities, policies, groups = parts
        return World(more.get("who", self.who), entities, policies, groups, self.scps, self.running)


def entity(kind: str, inline: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "inline": inline,
        "attached": [],
        "boundary": None,
        "tags": {},
        "groups": [],
        "trust": None,
    } | more


class Judge:
    """Whether the caller comes to administrator by at most `DEPTH` changes."""

    def __init__(self, world: World) -> None:
        self.start = world

    def is_path(self) -> bool:
        if self.is_administrator(self.start):
            raise ValueError("administrator already")
        frontier, seen = [self.start], {self.start.key()}
        for _ in range(DEPTH):
            after = []
            for world in frontier:
                for then in self.changes(world):
                    if self.is_administrator(then):
                        return True
                    if then.key() not in seen:
                        seen.add(then.key())
                        after.append(then)
            frontier = after
        return False

    def documents(self, world: World, arn: str) -> list[Any]:
        holder = world.entities[arn]
        holders = [holder, *(world.groups[name] for name in holder["groups"])]
        attached = (each for one in holders for each in one["attached"])
        return [*(each for one in holders for each in one["inline"]), *(world.policies[each] for each in attached)]

    def may(self, world: World, action: str, resource: str, context: Any = None, trusted: Any = None) -> bool:
        holder = world.entities[world.who]
        given = {f"aws:PrincipalTag/{key}": [value] for key, value in holder["tags"].items()} | (context or {})
        case: dict[str, Any] = {"principal": world.who, "action": action, "resource": resource, "resourceAccount": ID}
        case |= {"contextVariables": given, "identityPolicies": self.documents(world, world.who)}
        case |= {"scps": [[each] for each in world.scps]}
        if holder["boundary"]:
            case["boundaryPolicies"] = [world.policies[holder["boundary"]]]
        if trusted is not None:
            case["resourcePolicy"] = trusted
        return decisions(case)[0] == "allowed"

    def is_administrator(self, world: World) -> bool:
        probes = (
            ("rolescope:Probe", "*"),
            ("iam:PutRolePolicy", f"{ROOT}:role/qq"),
            ("iam:AttachUserPolicy", f"{ROOT}:user/qq"),
            ("iam:CreatePolicyVersion", f"{ROOT}:policy/qq"),
            ("iam:PassRole", f"{ROOT}:role/qq"),
            ("iam:UpdateAssumeRolePolicy", f"{ROOT}:role/qq"),
        )
        return all(self.may(world, action, resource) for action, resource in probes)

    def changes(self, world: World) -> Iterator[World]:
        for arn in list(world.entities):
            yield from self.written(world, arn)
        yield from self.policies_written(world)
        yield from self.groups_written(world)
        yield from self.tagged(world)
        yield from self.created(world)
        for arn, each in world.entities.items():
            if arn != world.who:
                yield from self.taken(world, arn, each)

    def written(self, world: World, arn: str) -> Iterator[World]:
        """One entity's own policies and boundary."""
        its = world.entities[arn]
        kind = its["kind"]
        now = {"iam:PermissionsBoundary": [its["boundary"]]} if its["boundary"] else {}

        def changed(change: Callable[[dict[str, Any]], object]) -> World:
            after = world.copied()
            change(after.entities[arn])
            return after

        if self.may(world, f"iam:Put{kind}Policy", arn, now):
            yield changed(lambda one: one["inline"].append(ALL))
        for policy in world.policies:
            if self.may(world, f"iam:Attach{kind}Policy", arn, {**now, "iam:PolicyARN": [policy]}):
                yield changed(lambda one, policy=policy: one["attached"].append(policy))
            given = {"iam:PermissionsBoundary": [policy]}
            if its["boundary"] and self.may(world, f"iam:Put{kind}PermissionsBoundary", arn, given):
                yield changed(lambda one, policy=policy: one.update(boundary=policy))
        if its["boundary"] and self.may(world, f"iam:Delete{kind}PermissionsBoundary", arn, now):
            yield changed(lambda one: one.update(boundary=None))

    def policies_written(self, world: World) -> Iterator[World]:
        for arn in world.policies:
            if not arn.startswith(AWS) and self.may(world, "iam:CreatePolicyVersion", arn):
                after = world.copied()
                after.policies[arn] = ALL
                yield after

    def groups_written(self, world: World) -> Iterator[World]:
        for name in world.groups:
            arn = f"{ROOT}:group/{name}"
            own = world.entities[world.who]
            if own["kind"] == "User" and name not in own["groups"] and self.may(world, "iam:AddUserToGroup", arn):
                after = world.copied()
                after.entities[world.who]["groups"].append(name)
                yield after
            if self.may(world, "iam:PutGroupPolicy", arn):
                after = world.copied()
                after.groups[name]["inline"].append(ALL)
                yield after
            for policy in world.policies:
                if self.may(world, "iam:AttachGroupPolicy", arn, {"iam:PolicyARN": [policy]}):
                    after = world.copied()
                    after.groups[name]["attached"].append(policy)
                    yield after

    def tagged(self, world: World) -> Iterator[World]:
        own = world.entities[world.who]
        for key, value in TAGS:
            given = {f"aws:RequestTag/{key}": [value], "aws:TagKeys": [key]}
            if own["tags"].get(key) != value and self.may(world, f"iam:Tag{own['kind']}", world.who, given):
                after = world.copied()
                after.entities[world.who]["tags"][key] = value
                yield after

    def created(self, world: World) -> Iterator[World]:
        for kind in ("Role", "User"):
            for name in NEW:
                arn = f"{ROOT}:{kind.lower()}/{name}"
                for boundary in (None, *(each for each in world.policies if not each.startswith(AWS))):
                    given = {"iam:PermissionsBoundary": [boundary]} if boundary else {}
                    if arn not in world.entities and self.may(world, f"iam:Create{kind}", arn, given):
                        after = world.copied()
                        # A trust policy of the caller's choice: the role is the caller's, by an account of its own too.
                        after.entities[arn] = entity(
                            kind, [], boundary=boundary, trust="open" if kind == "Role" else None
                        )
                        yield after

    def taken(self, world: World, arn: str, its: dict[str, Any]) -> Iterator[World]:
        """Another's session or credentials."""
        if its["kind"] == "User":
            if any(self.may(world, f"iam:{name}", arn) for name in ("CreateAccessKey", "CreateLoginProfile")):
                yield world.copied(who=arn)
            return
        own = trust({"AWS": world.who})
        if its["trust"] == "open":
            yield world.copied(who=arn)
            return
        rewritten = self.may(world, "iam:UpdateAssumeRolePolicy", arn)
        for trusted in (its["trust"], *([own] if rewritten else [])):
            if self.may(world, "sts:AssumeRole", arn, trusted=trusted):
                yield world.copied(who=arn)
        if self.passed(world, arn, its) or self.runs(world, arn) or self.federated(world, its):
            yield world.copied(who=arn)

    def passed(self, world: World, arn: str, its: dict[str, Any]) -> bool:
        for service, calls in PASSED.items():
            principal = f"{service}.amazonaws.com"
            if principal not in json.dumps(its["trust"]):
                continue
            passing = self.may(world, "iam:PassRole", arn, {"iam:PassedToService": [principal]})
            for name in ("zz", "team-zz", "app-zz"):
                if passing and all(
                    self.may(world, action, each.format(name=name)) for action, several in calls for each in several
                ):
                    return True
        return False

    def runs(self, world: World, arn: str) -> bool:
        return any(
            runner == arn
            and f'"{TRUSTED[kind]}.amazonaws.com"' in json.dumps(world.entities[arn]["trust"])
            and any(
                all(self.may(world, action, on) for action, its in way.items() for on in its or [workload_arn(kind)])
                for way in TAKEN[kind]
            )
            for kind, runner in world.running.items()
        )

    def federated(self, world: World, its: dict[str, Any]) -> bool:
        return SAML in json.dumps(its["trust"]) and self.may(world, "iam:UpdateSAMLProvider", SAML)


# Drawing.

PLACES = (f"{ROOT}:role/*", f"{ROOT}:role/team/*", f"{ROOT}:role/app/*", "*")


class Draw:
    """A case by chance: a doer, what it may do, what stands in its way, and what there is to reach."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.kind = chance.choice(["Role", "Role", "User"])
        self.doer = f"{ROOT}:{self.kind.lower()}/doer"
        self.statements: list[Any] = []
        self.scp: list[Any] = []
        self.policies = {"tools": document(allow("s3:ListAllMyBuckets"))}
        self.boundary: Any = None
        self.tags: dict[str, str] = {}
        self.attached: list[str] = []
        self.groups = {"devs": document(allow("s3:ListAllMyBuckets"))}
        self.trusted: Any = trust({"Service": "ec2.amazonaws.com"})
        self.running: dict[str, str] = {}
        self.words: list[str] = []
        way = chance.choice(self.WAYS)
        self.words.append(way)
        getattr(self, way)()
        for guard in chance.sample(self.GUARDS, chance.choice([1, 1, 2])):
            self.words.append(guard)
            getattr(self, guard)()

    WAYS = (
        *("writes", "attaches", "versions", "groups_", "creates", "tags_", "assumes", "rewrites", "passes", "takes"),
        *("federates", "writes_another", "keys", "takes", "takes", "takes", "takes"),
    )
    GUARDS = ("scp_denies", "scp_policy", "bounds", "bounds_loosely", "narrows", "denies", "wants_tag", "nothing")

    def may(self, actions: list[str], resource: Any = "*", **more: Any) -> None:
        self.statements.append(allow(actions, resource, **more))

    def writes(self) -> None:
        self.may([f"iam:Put{self.kind}Policy"], self.chance.choice([self.doer, "*", f"{self.doer}-2"]))

    def attaches(self) -> None:
        wanted = self.chance.choice([None, f"{AWS}/*", f"{ROOT}:policy/*", f"{AWS}/ReadOnlyAccess"])
        given = {"Condition": {"ArnLike": {"iam:PolicyARN": wanted}}} if wanted else {}
        self.may([f"iam:Attach{self.kind}Policy"], self.chance.choice([self.doer, "*"]), **given)
        if self.chance.random() < 0.5:
            self.policies["deploy"] = document(
                allow(self.chance.choice([["iam:PutRolePolicy", "iam:PutUserPolicy"], ["iam:GetRole"]]))
            )

    def versions(self) -> None:
        self.attached = self.chance.choice([["tools"], []])
        self.may(["iam:CreatePolicyVersion"], self.chance.choice(["*", f"{ROOT}:policy/tools", f"{ROOT}:policy/other"]))

    def groups_(self) -> None:
        self.groups["iam"] = document(
            allow(self.chance.choice(["iam:*", "*", "iam:Get*"])),
            *([deny("iam:Put*")] if self.chance.random() < 0.3 else []),
        )
        self.may(["iam:AddUserToGroup"], self.chance.choice(["*", f"{ROOT}:group/iam", f"{ROOT}:group/devs"]))

    def creates(self) -> None:
        kind = self.chance.choice(["Role", "User"])
        place = self.chance.choice(["*", f"{ROOT}:{kind.lower()}/team/*", f"{ROOT}:{kind.lower()}/app/*"])
        self.may([f"iam:Create{kind}"], place)
        actions = [self.chance.choice([f"iam:Put{kind}Policy", f"iam:Attach{kind}Policy"])]
        actions += (
            self.chance.choice([["iam:CreateAccessKey"], ["iam:CreateLoginProfile"], []]) if kind == "User" else []
        )
        self.may(actions, self.chance.choice([place, f"{ROOT}:{kind.lower()}/app/*"]))

    def tags_(self) -> None:
        key, value = self.chance.choice(TAGS)
        self.trusted = trust({"AWS": f"{ROOT}:root"}, Condition={"StringEquals": {f"aws:PrincipalTag/{key}": value}})
        keys = self.chance.choice([None, "env", key])
        given = {"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": [keys]}}} if keys else {}
        self.may([f"iam:Tag{self.kind}"], self.chance.choice(["*", self.doer, f"{ROOT}:role/boss"]), **given)
        self.may(["sts:AssumeRole"], self.chance.choice(["*", f"{ROOT}:role/boss"]))

    def assumes(self) -> None:
        self.trusted = trust({"AWS": self.chance.choice([f"{ROOT}:root", self.doer, f"{ROOT}:role/other"])})
        self.may(
            ["sts:AssumeRole"], self.chance.choice(["*", f"{ROOT}:role/boss", f"{ROOT}:role/b?", f"{ROOT}:role/team/*"])
        )

    def rewrites(self) -> None:
        self.may(["iam:UpdateAssumeRolePolicy"], self.chance.choice(["*", f"{ROOT}:role/boss", f"{ROOT}:role/team/*"]))

    def passes(self) -> None:
        service = self.chance.choice(list(PASSED))
        other = self.chance.choice([service, service, service, "ec2"])
        self.trusted = trust({"Service": f"{other}.amazonaws.com"})
        told = self.chance.choice([None, service, "glue"])
        given = {"Condition": {"StringEquals": {"iam:PassedToService": f"{told}.amazonaws.com"}}} if told else {}
        self.may(
            ["iam:PassRole"],
            self.chance.choice(["*", f"{ROOT}:role/boss", f"{ROOT}:role/b*", f"{ROOT}:role/team/*"]),
            **given,
        )
        for action, resources in PASSED[service]:
            name = self.chance.choice(["*", "team-*", "app-*"])
            self.may([action], self.chance.choice(["*", *(each.format(name=name) for each in resources)]))

    def takes(self) -> None:
        kind = self.chance.choice(list(TAKEN))
        self.running[kind] = self.chance.choice([f"{ROOT}:role/boss", f"{ROOT}:role/boss", f"{ROOT}:role/aide"])
        self.trusted = trust({"Service": f"{self.chance.choice([*[TRUSTED[kind]] * 7, 'lambda'])}.amazonaws.com"})
        arn = workload_arn(kind)
        for action, needed in self.chance.choice(TAKEN[kind]).items():
            its = needed or [arn]
            if self.chance.random() < 0.9 or not self.statements:
                self.may([action], self.chance.choice(["*", its, its[:1], its[-1:], [arn.replace("prod", "dev")]]))

    def federates(self) -> None:
        self.trusted = trust({"Federated": SAML}, "sts:AssumeRoleWithSAML")
        self.may(["iam:UpdateSAMLProvider"], self.chance.choice(["*", SAML, SAML.replace("Idp", "Old")]))

    def writes_another(self) -> None:
        self.trusted = trust({"AWS": f"{ROOT}:root"}) if self.chance.random() < 0.5 else self.trusted
        self.may(["iam:PutRolePolicy"], self.chance.choice([f"{ROOT}:role/aide", f"{ROOT}:role/boss"]))
        self.may(self.chance.choice([["sts:AssumeRole"], ["iam:UpdateAssumeRolePolicy"]]), f"{ROOT}:role/aide")

    def keys(self) -> None:
        self.may(
            [self.chance.choice(["iam:CreateAccessKey", "iam:CreateLoginProfile"])],
            self.chance.choice(["*", f"{ROOT}:user/ben", f"{ROOT}:user/ann"]),
        )

    # What stands in the way.

    def used(self) -> list[str]:
        return [action for one in self.statements for action in one["Action"]]

    def scp_denies(self) -> None:
        spared = self.chance.choice(
            [
                None,
                {"StringNotEquals": {"aws:PrincipalTag/admin": "true"}},
                {"ArnNotLike": {"aws:PrincipalArn": f"{ROOT}:role/ops-*"}},
            ]
        )
        self.scp.append(deny(self.chance.choice(self.used()), **({"Condition": spared} if spared else {})))

    def scp_policy(self) -> None:
        self.scp.append(
            deny(
                ["iam:AttachRolePolicy", "iam:AttachUserPolicy"],
                Condition={"ArnEquals": {"iam:PolicyARN": f"{AWS}/AdministratorAccess"}},
            )
        )

    def bounds(self) -> None:
        """A boundary that has what the way needs, or lacks one of it."""
        used = self.used()
        self.policies["bound"] = document(allow(self.chance.choice([used, used[1:] or ["s3:*"], [*used, "s3:*"]])))
        self.boundary = "bound"

    def bounds_loosely(self) -> None:
        """A boundary of which the principal may get rid, or nearly."""
        free = self.chance.choice(
            [
                f"iam:Delete{self.kind}PermissionsBoundary",
                f"iam:Put{self.kind}PermissionsBoundary",
                "iam:CreatePolicyVersion",
                "iam:Get*",
            ]
        )
        on = self.chance.choice(["*", self.doer, f"{ROOT}:policy/bound", f"{ROOT}:role/other"])
        self.policies["bound"] = document(allow([*self.used(), free]))
        self.boundary = "bound"
        self.may([free], on)

    def narrows(self) -> None:
        one = self.chance.choice(self.statements)
        one["Resource"] = self.chance.choice([*PLACES, one["Resource"]])

    def denies(self) -> None:
        one = self.chance.choice(self.used())
        on = self.chance.choice(["*", self.doer, f"{ROOT}:role/boss", f"{ROOT}:role/team/*", f"{ROOT}:policy/*"])
        self.statements.append(deny([one], on))

    def wants_tag(self) -> None:
        one = self.chance.choice(self.statements)
        key, value = self.chance.choice(TAGS)
        if one["Effect"] == "Allow" and "Condition" not in one:
            one["Condition"] = {"StringEquals": {f"aws:PrincipalTag/{key}": value}}
        if self.chance.random() < 0.5:
            self.tags = {key: value}

    def nothing(self) -> None:
        """Nothing in the way."""

    # The same account for the judge and for the review.

    def world(self) -> World:
        users = {
            f"{ROOT}:user/ben": entity("User", [ALL]),
            f"{ROOT}:user/ann": entity("User", [document(allow("s3:ListAllMyBuckets"))]),
        }
        policies = {f"{ROOT}:policy/{name}": value for name, value in self.policies.items()} | FROM_AWS
        boundary = f"{ROOT}:policy/{self.boundary}" if self.boundary else None
        doer = entity(
            self.kind,
            [document(*self.statements)],
            boundary=boundary,
            tags=self.tags,
            groups=["devs"] if self.kind == "User" else [],
            attached=[f"{ROOT}:policy/{name}" for name in self.attached],
            trust=trust({"Service": "ec2.amazonaws.com"}),
        )
        entities = {
            self.doer: doer,
            f"{ROOT}:role/boss": entity("Role", [ALL], trust=self.trusted),
            f"{ROOT}:role/aide": entity("Role", [], trust=trust({"AWS": f"{ROOT}:root"})),
            **users,
        }
        groups = {name: {"inline": [value], "attached": []} for name, value in self.groups.items()}
        return World(self.doer, entities, policies, groups, [document(allow("*"), *self.scp)], self.running)

    def content(self) -> dict[str, Any]:
        more: dict[str, Any] = {
            "AttachedManagedPolicies": [
                {"PolicyName": name, "PolicyArn": f"{ROOT}:policy/{name}"} for name in self.attached
            ],
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
        }
        if self.boundary:
            more["PermissionsBoundary"] = {"PermissionsBoundaryArn": f"{ROOT}:policy/{self.boundary}"}
        own = self.statements
        roles = [
            role("boss", allow("*"), AssumeRolePolicyDocument=self.trusted),
            role("aide", AssumeRolePolicyDocument=trust({"AWS": f"{ROOT}:root"})),
        ]
        users = [user("ben", allow("*")), user("ann", allow("s3:ListAllMyBuckets"))]
        if self.kind == "Role":
            roles.append(role("doer", *own, AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}), **more))
        else:
            users.append(user("doer", *own, GroupList=["devs"], **more))
        content = snapshot(
            roles,
            users,
            [managed(name, *value["Statement"]) for name, value in self.policies.items()],
            organization={**scps([allow("*"), *self.scp]), "ResourceControlPolicies": []},
            GroupDetailList=[group(name, *value["Statement"]) for name, value in self.groups.items()],
        )
        content["Rolescope"]["SAMLProviders"] = [{"Arn": SAML, "ValidUntil": "2030-01-01T00:00:00+00:00"}]
        content["Rolescope"]["Bindings"] = []
        add_workloads(content, *(workload(kind, runner) for kind, runner in self.running.items()))
        return content


def draw(seed: int, paths: int, decoys: int) -> list[dict[str, Any]]:
    """That many different cases of each label, in the order in which they were drawn."""
    chance, wanted = random.Random(seed), {True: paths, False: decoys}
    found: dict[str, dict[str, Any]] = {}
    while any(wanted.values()):
        case = Draw(chance)
        content = case.content()
        text = json.dumps(content, sort_keys=True)
        try:
            is_path = Judge(case.world()).is_path()
        except ValueError:
            continue
        if text not in found and wanted[is_path]:
            wanted[is_path] -= 1
            found[text] = {"is_path": is_path, "words": case.words, "content": content}
    return list(found.values())


def run(cases: list[dict[str, Any]]) -> int:
    counts: Counter[tuple[bool, bool]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for number, case in enumerate(cases):
            found = review(reviewed(Path(name), case["content"]), rules=["escalation.path"])
            mine = [one for one in found if isinstance(one, Finding) and one.subject.endswith("/doer")]
            counts[case["is_path"], bool(mine)] += 1
            if bool(mine) != case["is_path"]:
                said = mine[0].summary if mine else "nothing"
                print(f"{number}: {'missed' if case['is_path'] else 'accused'}: {', '.join(case['words'])}: {said}")
    missed, accused = counts[True, False], counts[False, True]
    paths, decoys = counts[True, True] + missed, counts[False, False] + accused
    print(f"{paths} paths: {missed} missed; {decoys} decoys: {accused} accused")
    return 1 if missed or accused else 0


def fixes(cases: list[dict[str, Any]]) -> int:
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for case in cases:
            for one in findings_in(Path(name), case["content"], "escalation.path"):
                if not one.subject.endswith("/doer"):
                    continue
                after = with_fix(case["content"], one)
                if after is None or one.fixes[0].after is None:
                    counts["no change of a policy"] += 1
                    continue
                faults = lint(one.fixes[0].after, PolicyKind.IDENTITY)
                counts["with a lint error"] += any(each.severity is ERROR for each in faults)
                left = [
                    each for each in findings_in(Path(name), after, "escalation.path") if each.subject == one.subject
                ]
                counts[
                    f"{'verified' if one.fixes[0].verified else 'not verified'}, {'open' if left else 'closed'}"
                ] += 1
    print(", ".join(f"{words}: {count}" for words, count in sorted(counts.items())))
    return 1 if counts["verified, open"] or counts["with a lint error"] else 0


def main(arguments: list[str]) -> int:
    if arguments[0] == "fixes":
        return fixes(json.loads(Path(arguments[1]).read_text(encoding="utf-8")))
    if arguments[0] == "run":
        return run(json.loads(Path(arguments[1]).read_text(encoding="utf-8")))
    paths, decoys = map(int, arguments[3:5] or (100, 200))
    text = json.dumps(draw(int(arguments[1]), paths, decoys), sort_keys=True)
    Path(arguments[2]).write_text(text, encoding="utf-8")
    print(hashlib.sha256(text.encode()).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
