"""Random histories on a model account, and the states that follow from their records beside the model's own.

``python -m tests.support.oracles.histories COUNT SEED`` applies random changes forward on a small model of an account,
and writes the record that CloudTrail would write of each. It hides parts of some records and withholds all records of
certain hours, which it reports to the history as it would a lost trail file. The states that `iam.history` derives
from the records and the model's last state are compared with the model at 20 times each. A state may be unknown only
where this module lists a reason: a record that was withheld, hidden or omitted, a document older than the record, or
several changes in one second.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from diagnostics.history.blame import blame_place
from diagnostics.history.statements import meanings
from iam.changes.compare import canonical
from iam.history.change import Entity, Kind, Known, Part, Place
from iam.history.records import changes_in
from iam.history.timeline import History
from iam.policy.document import Document

ACCOUNT = "210987654321"
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 30
TIMES = 20
_ACTIONS = ("s3:GetObject", "s3:PutObject", "sqs:SendMessage", "kms:Decrypt", "iam:PassRole", "ec2:StartInstances")
_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"


@dataclass(frozen=True, slots=True)
class Done:
    """One change that was applied: the touched documents, and how its record was treated."""

    at: datetime
    record: dict[str, Any]
    touched: tuple[Place, ...]
    treated: str = ""
    edits: bool = False
    emptied: tuple[Place, ...] = ()


@dataclass(slots=True)
class Model:
    """The account as a mapping of documents to values; a missing one is absent. ``log`` has every value over time."""

    state: dict[Place, str] = field(default_factory=dict)
    log: dict[Place, list[tuple[datetime, str | None]]] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    now: datetime = BEGIN

    def set(self, place: Place, value: str | None) -> None:
        if value is None:
            self.state.pop(place, None)
        else:
            self.state[place] = value
        self.log.setdefault(place, []).append((self.now, value))

    def value_at(self, place: Place, moment: datetime) -> str | None:
        """The value after everything until ``moment``."""
        found: str | None = None
        for at, value in self.log.get(place, ()):
            if at > moment:
                break
            found = value
        return found

    def has(self, entity: Entity) -> bool:
        return Place(entity, Part.EXISTENCE) in self.state

    def names(self, entity: Entity, part: Part) -> list[Place]:
        return [place for place in self.state if place.entity == entity and place.part is part]


class Generator:
    """Applies random changes and writes their records."""

    def __init__(self, seed: int, *, traps: bool = True) -> None:
        self.random = random.Random(seed)
        self.model = Model()
        self.traps = traps
        self._number = 0
        self.holes: list[tuple[datetime, datetime]] = []
        for _ in range(self.random.choice((0, 0, 1, 2)) if traps else 0):
            begins = BEGIN + timedelta(hours=self.random.randint(24, DAYS * 24 - 48))
            self.holes.append((begins, begins + timedelta(hours=self.random.randint(1, 36))))
        self.roles = [Entity(Kind.ROLE, name) for name in ("mover", "packer", "sorter")]
        self.users = [Entity(Kind.USER, name) for name in ("mila", "otto")]
        self.groups = [Entity(Kind.GROUP, name) for name in ("crews", "leads")]
        self.policies = [
            Entity(Kind.POLICY, f"arn:aws:iam::{ACCOUNT}:policy/{name}") for name in ("readers", "writers", "fence")
        ]
        self.bucket = Entity(Kind.RESOURCE, "arn:aws:s3:::crates")
        self.queue = Entity(Kind.RESOURCE, f"arn:aws:sqs:us-east-1:{ACCOUNT}:intake")
        self.function = Entity(Kind.RESOURCE, f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:sorter")
        self.resources = {
            name: Entity(Kind.RESOURCE, arn)
            for name, arn in (
                ("kms", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
                ("sns", f"arn:aws:sns:us-east-1:{ACCOUNT}:crates"),
                ("ecr", f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/sorter"),
                ("secretsmanager", f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:crates-AbCdEf"),
                ("events", f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/crates"),
                ("glue", f"arn:aws:glue:us-east-1:{ACCOUNT}:catalog"),
            )
        }
        self.endpoint = Entity(Kind.ENDPOINT, "vpce-0aa11bb22cc33dd44")
        self.set = Entity(
            Kind.PERMISSION_SET, "arn:aws:sso:::permissionSet/ssoins-1122334455667788/ps-00aa11bb22cc33dd"
        )
        self.scps = [Entity(Kind.ORGANIZATION_POLICY, f"p-crate00{number}") for number in (1, 2)]
        self.target = Entity(Kind.TARGET, ACCOUNT)

    # The account at the beginning, of which there are no records.

    def begin(self) -> None:
        """An account that is older than the record."""
        for entity in (*self.roles[:2], *self.users, *self.groups[:1], *self.policies[:2], *self.scps):
            self._put(Place(entity, Part.EXISTENCE), "")
            if entity.kind is Kind.ROLE:
                self._put(Place(entity, Part.TRUST), self.document(trust=True))
            if entity.kind in (Kind.ROLE, Kind.USER) and self.chance(0.5):
                self._put(Place(entity, Part.INLINE, "first"), self.document())
            if entity.kind in (Kind.ROLE, Kind.USER) and self.chance(0.5):
                self._put(Place(entity, Part.ATTACHED, self.policies[0].name), "")
            if entity.kind is Kind.POLICY:
                self._put(Place(entity, Part.VERSION, "v1"), self.document())
                self._put(Place(entity, Part.DEFAULT), "v1")
            if entity.kind is Kind.ORGANIZATION_POLICY:
                self._put(Place(entity, Part.POLICY), self.document())
        if self.chance(0.5):
            self._put(Place(self.bucket, Part.POLICY), self.document())
        self._put(Place(self.target, Part.UNIT), "ou-crat-00000001")
        for entity in (self.resources["kms"], self.resources["sns"], self.endpoint):  # which have a policy always
            self._put(Place(entity, Part.POLICY), self.document())

    def _put(self, place: Place, value: str) -> None:
        self.model.set(place, value)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def document(self, *, trust: bool = False, sid: str | None = None) -> str:
        statements = []
        for number in range(self.random.randint(1, 3)):
            statement: dict[str, Any] = {"Effect": self.random.choice(("Allow", "Allow", "Deny"))}
            if self.chance(0.6):
                statement["Sid"] = sid or f"S{number}"
            if trust:
                statement |= {"Principal": {"AWS": f"arn:aws:iam::{self.random.randint(10**11, 10**12 - 1)}:root"}}
                statement["Action"] = "sts:AssumeRole"
            else:
                statement["Action"] = self.random.sample(_ACTIONS, self.random.randint(1, 3))
                statement["Resource"] = f"arn:aws:s3:::crates/{self.random.randint(0, 99)}/*"
            statements.append(statement)
        return json.dumps({"Version": "2012-10-17", "Statement": statements})

    # Changes.

    def run(self, count: int) -> None:
        """Apply so many changes, at times that may be equal."""
        self.begin()
        seconds = sorted(self.random.randint(60, DAYS * 86400 - 60) for _ in range(count))
        deeds: list[Callable[[], bool]] = [
            self._inline, self._inline, self._attach, self._attach, self._trust, self._boundary, self._tag,
            self._member, self._version, self._version, self._default, self._bucket, self._queue, self._lambda,
            self._scp, self._scp_content, self._move, self._role_life, self._policy_life, self._fail,
            self._resource, self._resource, self._statement, self._endpoint, self._permission_set,
        ]  # fmt: skip
        at = 0
        for second in seconds:
            at = second if not (self.traps and self.chance(0.06)) else at or second
            self.model.now = BEGIN + timedelta(seconds=max(at, 1))
            for _ in range(10):
                if self.random.choice(deeds)():
                    break

    def _record(
        self,
        event: str,
        parameters: dict[str, Any],
        touched: tuple[Place, ...],
        *,
        source: str = "iam",
        response: Any = None,
        error: str | None = None,
        edits: bool = False,
        resources: Any = None,
        emptied: tuple[Place, ...] = (),
    ) -> None:
        self._number += 1
        given: Any = parameters
        treated = ""
        if error is None and self.traps:
            roll = self.random.random()
            if any(begins <= self.model.now < ends for begins, ends in self.holes):
                treated = "withheld"
            elif roll < 0.03:
                treated, given = "omitted", {"omitted": True, "originalSize": 120_000, "reason": "too large"}
            elif roll < 0.07:
                hidden = next(
                    (name for name in parameters if name.lower().endswith(("document", "policy", "content"))), None
                )
                if hidden is not None:
                    treated, given = "hidden", {**parameters, hidden: _HIDDEN}
        record = {
            "eventTime": f"{self.model.now:%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": f"{source}.amazonaws.com",
            "eventName": event,
            "awsRegion": "us-east-1",
            "userIdentity": {"arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/platform/p{self._number}"},
            "userAgent": "aws-cli/2",
            "requestParameters": given,
            "responseElements": None if treated == "omitted" else response,
            "eventID": f"id-{self._number:06d}",
            "recipientAccountId": ACCOUNT,
            **({"errorCode": error} if error else {}),
            **({"resources": resources} if resources else {}),
        }
        self.model.done.append(Done(self.model.now, record, touched, treated, edits, emptied))

    def _spelled(self, document: str) -> Any:
        return self.random.choice((document, document, json.dumps(json.loads(document), indent=2), quote(document)))

    def _holder(self) -> tuple[Entity, str] | None:
        held = [each for each in (*self.roles, *self.users, *self.groups) if self.model.has(each)]
        if not held:
            return None
        entity = self.random.choice(held)
        return entity, entity.kind.value.capitalize()

    def _inline(self) -> bool:
        chosen = self._holder()
        if chosen is None:
            return False
        entity, word = chosen
        place = Place(entity, Part.INLINE, self.random.choice(("first", "second")))
        given = {f"{entity.kind.value}Name": entity.name, "policyName": place.name}
        if place in self.model.state and self.chance(0.35):
            self.model.set(place, None)
            self._record(f"Delete{word}Policy", given, (place,))
            return True
        document = self.document()
        self.model.set(place, document)
        self._record(f"Put{word}Policy", {**given, "policyDocument": self._spelled(document)}, (place,))
        return True

    def _attach(self) -> bool:
        chosen = self._holder()
        there = [each for each in self.policies if self.model.has(each)]
        if chosen is None or not there:
            return False
        entity, word = chosen
        place = Place(entity, Part.ATTACHED, self.random.choice(there).name)
        given = {f"{entity.kind.value}Name": entity.name, "policyArn": place.name}
        attached = place in self.model.state
        if attached and self.chance(0.8):
            self.model.set(place, None)
            self._record(f"Detach{word}Policy", given, (place,))
        else:
            self.model.set(place, "")
            self._record(f"Attach{word}Policy", given, (place,))
        return True

    def _trust(self) -> bool:
        roles = [each for each in self.roles if self.model.has(each)]
        if not roles:
            return False
        place = Place(self.random.choice(roles), Part.TRUST)
        document = self.document(trust=True)
        self.model.set(place, document)
        given = {"roleName": place.entity.name, "policyDocument": self._spelled(document)}
        self._record("UpdateAssumeRolePolicy", given, (place,))
        return True

    def _boundary(self) -> bool:
        held = [each for each in (*self.roles, *self.users) if self.model.has(each)]
        if not held:
            return False
        entity = self.random.choice(held)
        place, word = Place(entity, Part.BOUNDARY), entity.kind.value.capitalize()
        given = {f"{entity.kind.value}Name": entity.name}
        if place in self.model.state and self.chance(0.5):
            self.model.set(place, None)
            self._record(f"Delete{word}PermissionsBoundary", given, (place,))
            return True
        value = self.random.choice(self.policies).name
        self.model.set(place, value)
        self._record(f"Put{word}PermissionsBoundary", {**given, "permissionsBoundary": value}, (place,))
        return True

    def _tag(self) -> bool:
        held = [each for each in (*self.roles, *self.users) if self.model.has(each)]
        if not held:
            return False
        entity = self.random.choice(held)
        place, word = Place(entity, Part.TAG, self.random.choice(("team", "stage"))), entity.kind.value.capitalize()
        given = {f"{entity.kind.value}Name": entity.name}
        if place in self.model.state and self.chance(0.4):
            self.model.set(place, None)
            self._record(f"Untag{word}", {**given, "tagKeys": [place.name]}, (place,))
            return True
        value = self.random.choice(("one", "two", "three"))
        self.model.set(place, value)
        self._record(f"Tag{word}", {**given, "tags": [{"key": place.name, "value": value}]}, (place,))
        return True

    def _member(self) -> bool:
        groups = [each for each in self.groups if self.model.has(each)]
        users = [each for each in self.users if self.model.has(each)]
        if not groups or not users:
            return False
        place = Place(self.random.choice(users), Part.MEMBER, self.random.choice(groups).name)
        given = {"userName": place.entity.name, "groupName": place.name}
        there = place in self.model.state
        self.model.set(place, None if there else "")
        self._record("RemoveUserFromGroup" if there else "AddUserToGroup", given, (place,))
        return True

    def _version(self) -> bool:
        there = [each for each in self.policies if self.model.has(each)]
        if not there:
            return False
        policy = self.random.choice(there)
        versions = self.model.names(policy, Part.VERSION)
        default = self.model.state[Place(policy, Part.DEFAULT)]
        if len(versions) >= 5 or (len(versions) > 1 and self.chance(0.3)):
            place = self.random.choice([each for each in versions if each.name != default])
            self.model.set(place, None)
            self._record("DeletePolicyVersion", {"policyArn": policy.name, "versionId": place.name}, (place,))
            return True
        used = {place.name for place in self.model.log if place.entity == policy and place.part is Part.VERSION}
        name = f"v{max(int(each[1:]) for each in used) + 1}"
        place, document = Place(policy, Part.VERSION, name), self.document()
        self.model.set(place, document)
        given: dict[str, Any] = {"policyArn": policy.name, "policyDocument": self._spelled(document)}
        touched: tuple[Place, ...] = (place,)
        if self.chance(0.6):
            given["setAsDefault"] = True
            self.model.set(Place(policy, Part.DEFAULT), name)
            touched = (place, Place(policy, Part.DEFAULT))
        answer = {"policyVersion": {"versionId": name, "isDefaultVersion": bool(given.get("setAsDefault"))}}
        self._record("CreatePolicyVersion", given, touched, response=answer)
        return True

    def _default(self) -> bool:
        there = [each for each in self.policies if self.model.has(each)]
        if not there:
            return False
        policy = self.random.choice(there)
        name = self.random.choice(self.model.names(policy, Part.VERSION)).name
        place = Place(policy, Part.DEFAULT)
        self.model.set(place, name)
        self._record("SetDefaultPolicyVersion", {"policyArn": policy.name, "versionId": name}, (place,))
        return True

    def _bucket(self) -> bool:
        place = Place(self.bucket, Part.POLICY)
        if self.chance(0.3):
            self.model.set(place, None)
            self._record("DeleteBucketPolicy", {"bucketName": "crates"}, (place,), source="s3")
            return True
        document = self.document()
        self.model.set(place, document)
        given = {"bucketName": "crates", "bucketPolicy": json.loads(document)}
        self._record("PutBucketPolicy", given, (place,), source="s3")
        return True

    def _queue(self) -> bool:
        place = Place(self.queue, Part.POLICY)
        url = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/intake"
        document = "" if self.chance(0.25) else self.document()
        self.model.set(place, document or None)
        given = {"queueUrl": url, "attributes": {"Policy": document}}
        self._record("SetQueueAttributes", given, (place,), source="sqs")
        return True

    def _resource(self) -> bool:
        """The policy of a key, topic, repository, secret, bus or catalogue, put or deleted as it is recorded."""
        service = self.random.choice(sorted(self.resources))
        entity = self.resources[service]
        place = Place(entity, Part.POLICY)
        name = entity.name.rpartition("/")[2]
        removes = {
            "ecr": ("DeleteRepositoryPolicy", {"repositoryName": name}),
            "secretsmanager": ("DeleteResourcePolicy", {"secretId": entity.name}),
            "events": ("RemovePermission", {"eventBusName": name, "removeAllPermissions": True}),
            "glue": ("DeleteResourcePolicy", {}),
        }
        if service in removes and place in self.model.state and self.chance(0.3):
            event, given = removes[service]
            self.model.set(place, None)
            self._record(event, given, (place,), source=service)
            return True
        document = self.document()
        written: dict[str, tuple[str, dict[str, Any]]] = {
            "kms": ("PutKeyPolicy", {"keyId": name, "policyName": "default", "policy": document}),
            "sns": (
                "SetTopicAttributes",
                {"topicArn": entity.name, "attributeName": "Policy", "attributeValue": document},
            ),
            "ecr": ("SetRepositoryPolicy", {"repositoryName": name, "policyText": document}),
            "secretsmanager": ("PutResourcePolicy", {"secretId": entity.name, "resourcePolicy": document}),
            "events": ("PutPermission", {"eventBusName": name, "policy": document}),
            "glue": ("PutResourcePolicy", {"policyInJson": document}),
        }
        event, given = written[service]
        self.model.set(place, document)
        self._record(event, given, (place,), source=service)
        return True

    def _statement(self) -> bool:
        """A statement of a topic's or a bus's policy, added or removed by itself."""
        place = Place(self.resources["events"], Part.POLICY)
        bus = place.entity.name.rpartition("/")[2]
        now = self.model.state.get(place)
        policy = json.loads(now) if now else {"Version": "2012-10-17", "Statement": []}
        own = [each["Sid"] for each in policy["Statement"] if str(each.get("Sid", "")).startswith("bus")]
        if own and self.chance(0.5):
            sid = self.random.choice(own)
            policy["Statement"] = [each for each in policy["Statement"] if each.get("Sid") != sid]
            self.model.set(place, json.dumps(policy) if policy["Statement"] else None)
            given: dict[str, Any] = {"eventBusName": bus, "statementId": sid}
            self._record("RemovePermission", given, (place,), source="events", edits=True)
            return True
        sid, account = f"bus{self._number}", f"{self.random.randint(10**11, 10**12 - 1)}"
        statement = {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "events:PutEvents",
            "Resource": place.entity.name,
        }
        policy["Statement"].append(statement)
        self.model.set(place, json.dumps(policy))
        given = {"eventBusName": bus, "statementId": sid, "principal": account, "action": "events:PutEvents"}
        self._record("PutPermission", given, (place,), source="events", edits=True)
        return True

    def _endpoint(self) -> bool:
        place, document = Place(self.endpoint, Part.POLICY), self.document()
        self.model.set(place, document)
        asked = {"VpcEndpointId": self.endpoint.name, "PolicyDocument": document}
        self._record("ModifyVpcEndpoint", {"ModifyVpcEndpointRequest": asked}, (place,), source="ec2")
        return True

    def _permission_set(self) -> bool:
        given = {"permissionSetArn": self.set.name}
        if self.chance(0.5):
            place = Place(self.set, Part.ATTACHED, "arn:aws:iam::aws:policy/ReadOnlyAccess")
            there = place in self.model.state
            self.model.set(place, None if there else "")
            verb = "DetachManagedPolicyFrom" if there else "AttachManagedPolicyTo"
            self._record(f"{verb}PermissionSet", {**given, "managedPolicyArn": place.name}, (place,), source="sso")
            return True
        place = Place(self.set, Part.INLINE)
        if place in self.model.state and self.chance(0.3):
            self.model.set(place, None)
            self._record("DeleteInlinePolicyFromPermissionSet", given, (place,), source="sso")
            return True
        document = self.document()
        self.model.set(place, document)
        self._record("PutInlinePolicyToPermissionSet", {**given, "inlinePolicy": document}, (place,), source="sso")
        return True

    def _lambda(self) -> bool:
        place = Place(self.function, Part.POLICY)
        now = self.model.state.get(place)
        policy = json.loads(now) if now else {"Version": "2012-10-17", "Statement": []}
        sids = [each["Sid"] for each in policy["Statement"]]
        if sids and self.chance(0.4):
            sid = self.random.choice(sids)
            policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != sid]
            self.model.set(place, json.dumps(policy) if policy["Statement"] else None)
            given = {"functionName": "sorter", "statementId": sid}
            self._record("RemovePermission20150331v2", given, (place,), source="lambda", edits=True)
            return True
        sid = f"p{self._number}"
        statement = {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": self.random.choice(("sns.amazonaws.com", "events.amazonaws.com"))},
            "Action": "lambda:InvokeFunction",
            "Resource": self.function.name,
        }
        policy["Statement"].append(statement)
        self.model.set(place, json.dumps(policy))
        given = {"functionName": "sorter", "statementId": sid, "action": "lambda:InvokeFunction"}
        answer = {"statement": json.dumps(statement)}
        self._record("AddPermission20150331v2", given, (place,), source="lambda", response=answer, edits=True)
        return True

    def _scp(self) -> bool:
        place = Place(self.target, Part.ATTACHED, self.random.choice(self.scps).name)
        there = place in self.model.state
        self.model.set(place, None if there else "")
        given = {"policyId": place.name, "targetId": ACCOUNT}
        self._record("DetachPolicy" if there else "AttachPolicy", given, (place,), source="organizations")
        return True

    def _scp_content(self) -> bool:
        place, document = Place(self.random.choice(self.scps), Part.POLICY), self.document()
        self.model.set(place, document)
        given = {"policyId": place.entity.name, "content": document}
        answer = {"policy": {"content": document, "policySummary": {"id": place.entity.name}}}
        self._record("UpdatePolicy", given, (place,), source="organizations", response=answer)
        return True

    def _move(self) -> bool:
        place = Place(self.target, Part.UNIT)
        now = self.model.state[place]
        new = f"ou-crat-0000000{self.random.randint(1, 4)}"
        if new == now:
            return False
        self.model.set(place, new)
        given = {"accountId": ACCOUNT, "sourceParentId": now, "destinationParentId": new}
        self._record("MoveAccount", given, (place,), source="organizations")
        return True

    def _role_life(self) -> bool:
        """Delete a role that has nothing left, or create one that is not there: re-creations too."""
        entity = self.random.choice(self.roles)
        existence = Place(entity, Part.EXISTENCE)
        if self.model.has(entity):
            if self.model.names(entity, Part.INLINE) or self.model.names(entity, Part.ATTACHED):
                return False
            gone = tuple(place for place in list(self.model.state) if place.entity == entity)
            for place in gone:
                self.model.set(place, None)
            self._record("DeleteRole", {"roleName": entity.name}, gone, emptied=self._all_of(entity))
            return True
        trust = self.document(trust=True)
        self.model.set(existence, "")
        self.model.set(Place(entity, Part.TRUST), trust)
        given: dict[str, Any] = {"roleName": entity.name, "assumeRolePolicyDocument": self._spelled(trust)}
        touched = [existence, Place(entity, Part.TRUST)]
        if self.chance(0.4):
            given["permissionsBoundary"] = self.policies[0].name
            self.model.set(Place(entity, Part.BOUNDARY), self.policies[0].name)
            touched.append(Place(entity, Part.BOUNDARY))
        if self.chance(0.4):
            given["tags"] = [{"key": "team", "value": "one"}]
            self.model.set(Place(entity, Part.TAG, "team"), "one")
            touched.append(Place(entity, Part.TAG, "team"))
        self._record("CreateRole", given, tuple(touched), emptied=self._all_of(entity))
        return True

    def _policy_life(self) -> bool:
        policy = self.policies[2]
        attached = [p for p in self.model.state if p.part is Part.ATTACHED and p.name == policy.name]
        if self.model.has(policy):
            versions = self.model.names(policy, Part.VERSION)
            if attached or len(versions) > 1:
                return False
            gone = tuple(place for place in list(self.model.state) if place.entity == policy)
            for place in gone:
                self.model.set(place, None)
            self._record("DeletePolicy", {"policyArn": policy.name}, gone, emptied=self._all_of(policy))
            return True
        document = self.document()
        made = (Place(policy, Part.EXISTENCE), Place(policy, Part.VERSION, "v1"), Place(policy, Part.DEFAULT))
        for place, value in zip(made, ("", document, "v1"), strict=True):
            self.model.set(place, value)
        name = policy.name.rpartition("/")[2]
        given = {"policyName": name, "policyDocument": self._spelled(document)}
        answer = {"policy": {"arn": policy.name, "policyName": name}}
        self._record("CreatePolicy", given, made, response=answer, emptied=self._all_of(policy))
        return True

    def _all_of(self, entity: Entity) -> tuple[Place, ...]:
        return tuple(place for place in self.model.log if place.entity == entity or place.name == entity.name)

    def _fail(self) -> bool:
        chosen = self._holder()
        if chosen is None:
            return False
        entity, word = chosen
        given = {f"{entity.kind.value}Name": entity.name, "policyName": "first", "policyDocument": self.document()}
        self._record(f"Put{word}Policy", given, (), error="AccessDenied")
        return True

    # Records as they arrive.

    def records(self) -> Iterator[dict[str, Any]]:
        """Not in the order of time, some twice."""
        kept = [each.record for each in self.model.done if each.treated != "withheld"]
        kept += [record for record in kept if self.chance(0.05)]
        self.random.shuffle(kept)
        return iter(kept)

    def present(self, place: Place) -> Known:
        return Known(self.model.state.get(place))


def may_be_unknown(generator: Generator, place: Place, moment: datetime) -> str:
    """Why a state need not be known at a time; "" where it must be."""
    model = generator.model
    ordered = [
        each
        for each in model.done
        if place in each.touched or place in each.emptied or (each.treated == "omitted" and _same_kind(each, place))
    ]
    known = [each for each in ordered if each.treated != "withheld"]
    before = [each for each in known if each.at <= moment]
    later = [each for each in known if each.at > moment]
    while before:
        last = before.pop()
        following = later[0].at if later else BEGIN + timedelta(days=DAYS)
        if any(begins < following and ends > last.at for begins, ends in generator.holes):
            return "withheld"
        if last.treated:
            return last.treated
        if sum(each.at == last.at for each in known) > 1:
            return "same second"
        if not last.edits:
            return ""
        later = [last, *later]
    following = later[0].at if later else BEGIN + timedelta(days=DAYS)
    if any(begins < following for begins, _ in generator.holes):
        return "withheld"
    if later and sum(each.at == later[0].at for each in known) > 1:
        return "same second"
    return "older than the record" if later else ""


def _same_kind(done: Done, place: Place) -> bool:
    """Whether a record without parameters may be about a document of this kind."""
    return any(each.entity.kind is place.entity.kind for each in (*done.touched, *done.emptied))


@dataclass(slots=True)
class Tally:
    """What a run found."""

    states: int = 0
    known: int = 0
    wrong: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    needless: list[str] = field(default_factory=list)
    blamed: Counter[str] = field(default_factory=Counter)


def compare(seed: int, tally: Tally, *, changes: int = 60) -> None:
    """One history."""
    generator = Generator(seed)
    generator.run(changes)
    model = generator.model
    now = BEGIN + timedelta(days=DAYS)
    history = History(changes_in(generator.records()), generator.present, now, BEGIN, holes=generator.holes)
    blame_all(generator, history, seed, tally)
    times = [BEGIN + timedelta(seconds=generator.random.randint(1, DAYS * 86400)) for _ in range(TIMES)]
    for place in model.log:
        for moment in times:
            tally.states += 1
            found = history.state(place, moment)
            wanted = model.value_at(place, moment)
            if not isinstance(found, Known):
                why = may_be_unknown(generator, place, moment)
                tally.unknown[why or "needlessly"] += 1
                if not why:
                    tally.needless.append(f"seed {seed} {place} at {moment}: {found}")
                continue
            tally.known += 1
            if _text(found.value) != _text(wanted):
                tally.wrong.append(f"seed {seed} {place} at {moment}: {found.value} but {wanted}")


def blame_all(generator: Generator, history: History, seed: int, tally: Tally) -> None:
    """The change that brought each statement that there is now, beside the model's log: what is named must be it."""
    for place, value in generator.model.state.items():
        if place.part not in (Part.TRUST, Part.INLINE, Part.POLICY) or not value.startswith("{"):
            continue
        log = [(at, None if text is None else frozenset(meanings(text))) for at, text in generator.model.log[place]]
        for found, meaning in zip(
            blame_place("", place, Document(value), history), meanings(Document(value).stored), strict=True
        ):
            since = len(log) - 1
            while since > 0 and meaning in (log[since - 1][1] or ()):
                since -= 1
            wanted = log[since][0]
            if found.change is None:
                tally.blamed["older" if wanted == BEGIN else "unknown"] += 1
                known = not any(each.treated for each in generator.model.done if place in each.touched)
                if wanted > BEGIN and known and not _at_once(generator, place) and not generator.holes:
                    tally.needless.append(f"seed {seed} blame of {place}: nothing for {wanted}")
            elif found.change.at == wanted or found.why:
                tally.blamed["maybe" if found.why else "right"] += 1
            else:
                tally.blamed["wrong"] += 1
                tally.wrong.append(f"seed {seed} blame of {place}: {found.change.at} but {wanted}")


def _at_once(generator: Generator, place: Place) -> bool:
    """Whether something hides what touched a document: several changes in one second, or a record without a name."""
    times = [each.at for each in generator.model.done if place in (*each.touched, *each.emptied)]
    hidden = any(each.treated == "omitted" and _same_kind(each, place) for each in generator.model.done)
    return len(times) != len(set(times)) or hidden


def _text(value: str | None) -> str | None:
    return canonical(value) if value and value.startswith("{") else value


def main() -> int:
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    tally = Tally()
    for number in range(count):
        compare(seed + number, tally)
    print(f"{count} histories, {tally.states} states, known {tally.known}, wrong {len(tally.wrong)}")
    print("unknown:", dict(tally.unknown))
    print("blame of statements:", dict(tally.blamed))
    for each in (*tally.wrong[:5], *tally.needless[:5]):
        print(" ", each[:600])
    return 1 if tally.wrong or tally.needless else 0


if __name__ == "__main__":
    raise SystemExit(main())
