"""Every error that a creation can meet, provoked in the middle of carrying it out: what is said, what is left behind
after rolling back, and where resuming ends once the cause is gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from iam.account import Account, InlinePolicy
from iam.changes.apply import CallOutcome, Status, Writer, apply, resume, roll_back
from iam.changes.journal import End, Progress, journals, read_journal
from iam.changes.plan import Plan
from iam.changes.roles import create_role, delete_role
from iam.changes.spec import NewPolicy, RoleSpec
from iam.policy.document import Document
from tests.iam.changes.conftest import READ, policy, trust

if TYPE_CHECKING:
    from iam.sources.aws import AwsReader
    from iam.sources.demo.world import World

SSM = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
Change = Callable[[Any], object]
"""What somebody does with an IAM client: the cause of the trouble, or its cure."""


@dataclass(frozen=True)
class Trouble:
    """``spec`` makes the plan; ``cause`` comes between plan and apply, ``cure`` before resuming (None: the spec itself
    is at fault, and resuming fails again). ``made`` counts the calls made before the failure."""

    code: str
    said: str
    way_out: str
    spec: Callable[[RoleSpec], RoleSpec] = lambda spec: spec
    cause: Change | None = None
    cure: Change | None = None
    made: int = 0


def _trust(document: Document) -> Callable[[RoleSpec], RoleSpec]:
    return lambda spec: replace(spec, trust=document)


def _principal(kind: str, value: str, **more: Any) -> Document:
    return policy({"Effect": "Allow", "Principal": {kind: value}, "Action": "sts:AssumeRole", **more})


def _quota(name: str, value: int) -> Change:
    def change(iam: Any) -> None:
        iam.world_summary[name] = value

    return change


NAME = "thumbnail-worker"
GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
LONG = policy({"Effect": "Allow", "Action": [f"s3:Get{'x' * 90}{n}" for n in range(110)], "Resource": "arn:aws:s3:::b"})
LONG_TRUST = policy(
    *[
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{n:012}:root"}, "Action": "sts:AssumeRole"}
        for n in range(30)
    ]
)

TROUBLES: dict[str, Trouble] = {
    "the role's name is taken": Trouble(
        "EntityAlreadyExists",
        "A role named thumbnail-worker is there already",
        "already-exists",
        cause=lambda iam: iam.create_role(RoleName=NAME.upper(), AssumeRolePolicyDocument=trust().text),
        cure=lambda iam: iam.delete_role(RoleName=NAME.upper()),
    ),
    "the instance profile is taken": Trouble(
        "EntityAlreadyExists",
        "An instance profile named thumbnail-worker is there already",
        "already-exists",
        cause=lambda iam: iam.create_instance_profile(InstanceProfileName=NAME.upper()),
        cure=lambda iam: iam.delete_instance_profile(InstanceProfileName=NAME.upper()),
        made=4,
    ),
    "the policy's name is taken": Trouble(
        "EntityAlreadyExists",
        "A customer policy named thumbnails is there already",
        "already-exists",
        spec=lambda spec: replace(spec, new_policies=(NewPolicy("thumbnails", READ),)),
        cause=lambda iam: iam.create_policy(PolicyName="Thumbnails", Path="/x/", PolicyDocument=READ.text),
        cure=lambda iam: iam.delete_policy(PolicyArn="arn:aws:iam::111122223333:policy/x/Thumbnails"),
    ),
    "the account is full of roles": Trouble(
        "LimitExceeded",
        "L-FE177D64",
        "quota",
        cause=_quota("RolesQuota", 1),
        cure=_quota("RolesQuota", 1000),
    ),
    "the account is full of profiles": Trouble(
        "LimitExceeded",
        "L-6E65F664",
        "quota",
        cause=_quota("InstanceProfilesQuota", 1),
        cure=_quota("InstanceProfilesQuota", 1000),
        made=4,
    ),
    "too many managed policies": Trouble(
        "LimitExceeded",
        "The role thumbnail-worker has its 1 managed policies",
        "quota",
        cause=_quota("AttachedPoliciesPerRoleQuota", 1),
        cure=_quota("AttachedPoliciesPerRoleQuota", 20),
        made=3,
    ),
    "the trust policy is too long": Trouble(
        "LimitExceeded", "L-C07B4B0D", "edit", spec=_trust(LONG_TRUST), cure=_quota("AssumeRolePolicySizeQuota", 8192)
    ),
    "the inline policies are too long": Trouble(
        "LimitExceeded",
        "move one into a managed policy",
        "edit",
        cause=_quota("RolePolicySizeQuota", 20),
        cure=_quota("RolePolicySizeQuota", 10_240),
        made=1,
    ),
    "a managed policy is too long": Trouble(
        "LimitExceeded",
        "split it by service",
        "edit",
        spec=lambda spec: replace(spec, new_policies=(NewPolicy("thumbnails", READ),)),
        cause=_quota("PolicySizeQuota", 20),
        cure=_quota("PolicySizeQuota", 6144),
    ),
    "the profile holds a role": Trouble(
        "LimitExceeded",
        "The instance profile thumbnail-worker holds a role already",
        "already-exists",
        cause=lambda iam: (
            iam.create_instance_profile(InstanceProfileName=NAME, Path="/app/"),
            iam.add_role_to_instance_profile(InstanceProfileName=NAME, RoleName="lake-etl-glue"),
        ),
        cure=lambda iam: iam.remove_role_from_instance_profile(InstanceProfileName=NAME, RoleName="lake-etl-glue"),
        made=4,
    ),
    "the principal is not there": Trouble(
        "MalformedPolicyDocument",
        "IAM does not find the principal",
        "edit",
        spec=_trust(_principal("AWS", "arn:aws:iam::111122223333:user/nobody")),
        cure=lambda iam: iam.create_user(UserName="nobody"),
    ),
    "GitHub without a subject": Trouble(
        "MalformedPolicyDocument",
        "token.actions.githubusercontent.com:sub",
        "edit",
        spec=_trust(_principal("Federated", GITHUB)),
    ),
    "Cognito without a pool": Trouble(
        "MalformedPolicyDocument",
        "identity pool",
        "edit",
        spec=_trust(_principal("Federated", "cognito-identity.amazonaws.com")),
    ),
    "the policy is not there": Trouble(
        "NoSuchEntity",
        "There is no policy arn:aws:iam::111122223333:policy/missing that can be attached",
        "edit",
        spec=lambda spec: replace(spec, attached=("arn:aws:iam::111122223333:policy/missing",)),
        cure=lambda iam: iam.create_policy(PolicyName="missing", PolicyDocument=READ.text),
        made=2,
    ),
    "the boundary is not there": Trouble(
        "NoSuchEntity",
        "There is no policy arn:aws:iam::111122223333:policy/missing",
        "edit",
        spec=lambda spec: replace(spec, boundary_arn="arn:aws:iam::111122223333:policy/missing"),
        cure=lambda iam: iam.create_policy(PolicyName="missing", PolicyDocument=READ.text),
    ),
}


class Client:
    """An IAM client whose account's quotas can be changed, for causes and cures."""

    def __init__(self, reader: AwsReader, world: World) -> None:
        self._client = reader.aws.session.client("iam")
        self.world_summary = _Summary(world)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class _Summary:
    def __init__(self, world: World) -> None:
        self._world = world

    def __setitem__(self, name: str, value: int) -> None:
        words = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
        with self._world.in_place():
            summary = self._world.iam.account_summary
            assert hasattr(summary, words), words
            setattr(summary, words, value)


def quiet(reader: AwsReader, client: Any = None) -> Writer:
    return Writer(client or reader.aws.client("iam"), sleep=lambda seconds: None)


def left(reader: AwsReader) -> tuple[bool, ...]:
    """Whether the role, the profile with it, and the policy are there."""
    profile = reader.instance_profile(NAME).value
    return (
        reader.role(NAME).found,
        profile is not None and NAME in profile.roles,
        reader.managed_policy("arn:aws:iam::111122223333:policy/thumbnails").found,
    )


@pytest.mark.parametrize("name", TROUBLES)
def test_an_error_in_the_middle(
    reader: AwsReader, demo_world: World, account: Account, spec: RoleSpec, directory: Path, name: str
) -> None:
    trouble = TROUBLES[name]
    plan = create_role(trouble.spec(spec), account)
    iam = Client(reader, demo_world)
    if trouble.cause:
        trouble.cause(iam)
    outcomes = list(apply(plan, reader, writable=False, directory=directory, writer=quiet(reader)))
    last = outcomes[-1]
    assert last.status is Status.FAILED
    assert last.failure is not None
    assert last.failure.code == trouble.code
    assert trouble.said in last.sentence
    assert last.failure.way_out == trouble.way_out
    assert "\n" not in last.sentence
    assert last.failure.text.startswith(f"An error occurred ({trouble.code}) when calling the {last.call.operation}")
    assert sum(each.status is Status.DONE for each in outcomes) == trouble.made
    [record] = journals(directory)
    assert record.states[last.index].progress is Progress.FAILED
    if not trouble.cure:
        *_, again = resume(record.path, reader, writable=False, writer=quiet(reader))
        assert again.status is Status.FAILED
    list(roll_back(record.path, reader, writable=False, writer=quiet(reader)))
    assert read_journal(record.path).end is End.ROLLED_BACK
    assert left(reader) == (False, False, False)
    if trouble.cure:
        trouble.cure(iam)
        *_, again = resume(record.path, reader, writable=False, writer=quiet(reader))
        assert again.status is Status.VERIFIED, again.sentence
        assert left(reader)[:2] == (True, True)


@pytest.mark.parametrize("name", [name for name, each in TROUBLES.items() if each.made and each.cure])
def test_resumed_without_rolling_back(
    reader: AwsReader, demo_world: World, account: Account, spec: RoleSpec, directory: Path, name: str
) -> None:
    trouble = TROUBLES[name]
    plan = create_role(trouble.spec(spec), account)
    iam = Client(reader, demo_world)
    if trouble.cause:
        trouble.cause(iam)
    list(apply(plan, reader, writable=False, directory=directory, writer=quiet(reader)))
    assert trouble.cure is not None
    trouble.cure(iam)
    [record] = journals(directory)
    outcomes = list(resume(record.path, reader, writable=False, writer=quiet(reader)))
    assert outcomes[-1].status is Status.VERIFIED
    assert sum(each.status is Status.STARTED for each in outcomes) <= len(plan.calls) - trouble.made
    assert left(reader)[:2] == (True, True)


def test_a_denial_in_the_middle_is_one_that_can_be_diagnosed(
    reader_as: Callable[[str | None], AwsReader], account: Account, spec: RoleSpec, directory: Path
) -> None:
    alice = reader_as("alice")  # may create roles with the boundary, and may not put them into profiles
    plan = create_role(spec, account)
    *_, last = apply(plan, alice, writable=False, directory=directory, writer=quiet(alice))
    assert last.status is Status.FAILED
    assert last.failure is not None
    assert last.failure.way_out == "diagnose"
    assert "iam:CreateInstanceProfile" in last.sentence
    from diagnostics.failure import Denial
    from diagnostics.messages import parse

    [denial] = parse(last.failure.text)
    assert isinstance(denial, Denial)
    assert denial.action == "iam:CreateInstanceProfile"
    admin = reader_as(None)
    [record] = journals(directory)
    *_, last = resume(record.path, admin, writable=False, writer=quiet(admin))
    assert last.status is Status.VERIFIED


# What the demo does not do by itself: AWS's own moods.


class Moody:
    """A client that answers a call a few times with an error before it makes it, or makes it and then fails."""

    def __init__(self, client: Any, operation: str, errors: list[Exception], *, after: bool = False) -> None:
        self._client = client
        self._operation = operation
        self._errors = errors
        self._after = after
        self.made: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            failing = name == self._operation and bool(self._errors)
            if failing and not self._after:
                raise self._errors.pop(0)
            self.made.append(name)
            answer = getattr(self._client, name)(**parameters)
            if failing:
                raise self._errors.pop(0)
            return answer

        return call


def error(code: str, message: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Call")


NOT_YET = {
    "throttled": ("put_role_policy", error("Throttling", "Rate exceeded"), "slowing us down"),
    "somebody else is writing": (
        "create_role",
        error("ConcurrentModification", "The request was rejected because of concurrent requests.", 409),
        "Somebody else",
    ),
    "the role is not seen yet": (
        "attach_role_policy",
        error("NoSuchEntity", f"The role with name {NAME} cannot be found.", 404),
        "what was just made",
    ),
    "the profile is not seen yet": (
        "add_role_to_instance_profile",
        error("NoSuchEntity", f"Instance Profile {NAME} cannot be found.", 404),
        "what was just made",
    ),
    "a fresh principal is not seen yet": (
        "create_role",
        error(
            "MalformedPolicyDocument",
            'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/app/web-frontend-ec2"',
        ),
        "a principal of the policy",
    ),
    "AWS fails": ("create_role", error("ServiceFailure", "Internal", 500), "a failure of its own"),
}


@pytest.mark.parametrize("name", NOT_YET)
def test_what_aws_cannot_do_yet_is_tried_again(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, name: str
) -> None:
    operation, trouble, said = NOT_YET[name]
    plan = create_role(spec, account)
    client = Moody(reader.aws.client("iam"), operation, [trouble] * 3)
    waited: list[float] = []
    writer = Writer(client, sleep=waited.append)
    outcomes = list(apply(plan, reader, writable=False, directory=directory, writer=writer))
    waits = [each for each in outcomes if each.status is Status.WAITING]
    assert [said in each.sentence for each in waits] == [True] * 3
    assert waited == [1, 2, 4]
    assert outcomes[-1].status is Status.VERIFIED
    assert len(client.made) == len(plan.calls)


def test_it_is_not_tried_for_ever(reader: AwsReader, account: Account, spec: RoleSpec, directory: Path) -> None:
    plan = create_role(spec, account)
    client = Moody(reader.aws.client("iam"), "create_role", [error("Throttling", "Rate exceeded")] * 99)
    waited: list[float] = []
    *_, last = apply(plan, reader, writable=False, directory=directory, writer=Writer(client, sleep=waited.append))
    assert last.status is Status.FAILED
    assert last.failure is not None
    assert last.failure.way_out == "retry"
    assert 30 < sum(waited) < 90


def test_a_missing_thing_that_nobody_made_is_not_waited_for(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    trouble = error("NoSuchEntity", "Policy arn:aws:iam::aws:policy/x does not exist or is not attachable.", 404)
    plan = create_role(replace(spec, attached=(SSM,)), account)
    client = Moody(reader.aws.client("iam"), "attach_role_policy", [trouble])
    outcomes = list(apply(plan, reader, writable=False, directory=directory, writer=quiet(reader, client)))
    assert outcomes[-1].status is Status.FAILED
    assert Status.WAITING not in {each.status for each in outcomes}


@pytest.mark.parametrize("operation", ["create_role", "put_role_policy", "create_instance_profile"])
def test_a_call_without_an_answer_is_looked_up(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, operation: str
) -> None:
    plan = create_role(spec, account)
    timeout = ReadTimeoutError(endpoint_url="https://iam.amazonaws.com")
    client = Moody(reader.aws.client("iam"), operation, [timeout], after=True)
    *_, last = apply(plan, reader, writable=False, directory=directory, writer=quiet(reader, client))
    assert last.status is Status.FAILED
    assert "looked up" in last.sentence
    [record] = journals(directory)
    assert record.states[last.index].progress is Progress.STARTED
    *_, last = resume(record.path, reader, writable=False, writer=quiet(reader, client))
    assert last.status is Status.VERIFIED
    assert client.made.count(operation) == 1
    list(roll_back(record.path, reader, writable=False, writer=quiet(reader)))
    assert left(reader) == (False, False, False)


def test_a_creation_that_the_client_sent_twice_is_still_ours(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    taken = error("EntityAlreadyExists", f"Role with name {NAME} already exists.", 409)
    taken.response["ResponseMetadata"]["RetryAttempts"] = 1  # the first try worked, and its answer was lost
    client = Moody(reader.aws.client("iam"), "create_role", [taken], after=True)
    plan = create_role(spec, account)
    *_, last = apply(plan, reader, writable=False, directory=directory, writer=quiet(reader, client))
    assert last.status is Status.VERIFIED


def test_a_policy_attached_after_the_plan_stops_a_deletion(
    reader: AwsReader, account: Account, directory: Path
) -> None:
    role = reader.role("web-frontend-ec2").value
    assert role is not None
    plan = delete_role(role, account)
    iam = reader.aws.session.client("iam")
    iam.attach_role_policy(RoleName=role.name, PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    *_, last = apply(plan, reader, writable=False, directory=directory, writer=quiet(reader))
    assert last.status is Status.FAILED
    assert last.failure is not None
    assert last.failure.code == "DeleteConflict"
    assert "make the plan again" in last.sentence
    [record] = journals(directory)
    list(roll_back(record.path, reader, writable=False, writer=quiet(reader)))
    back = reader.role(role.name).value
    assert back is not None
    assert back.id == role.id
    assert len(back.attached or ()) == 3


def test_a_service_s_role_is_not_planned_for(account: Account) -> None:
    from iam.changes.plan import PlanError
    from iam.changes.roles import disable_role, edit_role

    role = account.role("AWSServiceRoleForECS")
    assert role is not None
    for build in (lambda: delete_role(role, account), lambda: disable_role(role, account)):
        with pytest.raises(PlanError, match="belongs to an AWS service"):
            build()
    assert edit_role(role, account, tags={"team": "x"}).calls[0].operation == "TagRole"


def outcomes_of(plan: Plan, reader: AwsReader, directory: Path) -> list[CallOutcome]:
    return list(apply(plan, reader, writable=False, directory=directory, writer=quiet(reader)))


def test_nothing_secret_is_in_the_journal(reader: AwsReader, account: Account, spec: RoleSpec, directory: Path) -> None:
    outcomes_of(create_role(spec, account), reader, directory)
    [record] = journals(directory)
    keys: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, Mapping):
            keys.update(value)
            for each in value.values():
                collect(each)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    for line in record.path.read_text().splitlines():
        collect(json.loads(line))
    words = ("secret", "token", "password", "accesskey")
    assert not [key for key in keys if any(word in key.lower() for word in words)]


def test_inline_policies_are_told_apart(reader: AwsReader, account: Account, spec: RoleSpec, directory: Path) -> None:
    two = replace(spec, inline=(InlinePolicy("a", READ), InlinePolicy("b", READ)))
    outcomes = outcomes_of(create_role(two, account), reader, directory)
    assert outcomes[-1].status is Status.VERIFIED
    role = reader.role(NAME).value
    assert role is not None
    assert [each.name for each in role.inline or ()] == ["a", "b"]
