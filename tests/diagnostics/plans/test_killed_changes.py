"""Every kind of change, cut off before and after every call: resumed it ends as planned, rolled back nothing is
left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.plans import changes
from diagnostics.plans.changes import Change
from iam.account import Account
from iam.changes.apply import CallStatus, Writer
from iam.changes.entity_effects import read_again
from iam.changes.entity_facts import EntityFacts, facts_of
from iam.changes.journal import read_journal
from iam.changes.plan import Plan, PlanError
from iam.policy.document import Document
from iam.sources.reader import OpenedAccount
from tests.iam.changes.test_apply import Counting, Killed
from tests.support.accounts.documents import LOGS, READ, trust
from tests.support.accounts.dump import dump
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

OWN = "arn:aws:iam::111122223333:policy/"
OIDC = "https://token.actions.githubusercontent.com"
ROLE, USED = "orders-api-lambda", "web-frontend-ec2"
BARE = "i-0c7d8e9f0a1b2c3d4"
CHANGES: dict[str, tuple[str, Change]] = {
    "trust": (ROLE, changes.EditTrust(trust("glue.amazonaws.com"))),
    "a new inline policy": (ROLE, changes.PutInline("new", READ)),
    "a replaced inline policy": (ROLE, changes.PutInline("orders-table-rw", READ)),
    "delete an inline policy": (ROLE, changes.DeleteInline("orders-table-rw")),
    "attach": (ROLE, changes.Attach("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")),
    "detach": (ROLE, changes.Detach(LOGS)),
    "a copy of AWS's": (ROLE, changes.ReplaceByCopy(LOGS, "mine")),
    "boundary": (ROLE, changes.SetBoundary(f"{OWN}DeveloperBoundary")),
    "no boundary": ("ci-pipeline-builder", changes.RemoveBoundary()),
    "a sixth version": (USED, changes.EditPolicy(f"{OWN}app-assets-read", READ)),
    "an older version": (USED, changes.SetVersion(f"{OWN}app-assets-read", "v2")),
    "into a new profile": (ROLE, changes.AddToProfile()),
    "from a profile": (USED, changes.RemoveFromProfile()),
    "to an instance with another profile": ("report-worker-ec2", changes.AttachToInstance("i-0a1")),
    "in a new profile to an instance": ("legacy-ftp-sync", changes.AttachToInstance("i-0a1")),
    "to an instance without a profile": ("report-worker-ec2", changes.AttachToInstance(BARE)),
    "tags": (ROLE, changes.SetTags({"team": "other", "new": "x"}, ("env",))),
    "description": (ROLE, changes.Describe("other words")),
    "session": (ROLE, changes.SessionLength(7200)),
    "disable": (USED, changes.Disable()),
    "revoke": (USED, changes.Revoke()),
    "audience": (ROLE, changes.AddAudience(OIDC, "mine")),
    "provider": (ROLE, changes.CreateProvider("https://gitlab.com")),
}


@pytest.fixture
def reader(demo_world: World) -> AwsReader:
    from iam.demo.open import reader

    return reader(demo_world)


@pytest.fixture(scope="module")
def account(demo_reader: AwsReader) -> Account:
    return [*demo_reader.accounts()][-1]


@pytest.fixture(scope="module")
def before(demo_reader: AwsReader) -> Any:
    """The account as every test finds it."""
    return dump(demo_reader)


def planned(name: str, change: Change, reader: AwsReader, account: Account) -> Plan:
    role = reader.role(name).value
    assert role is not None
    return change.plan(role, OpenedAccount(account, reader))


def killed(plan: Plan, reader: AwsReader, directory: Path, at: int, after: bool) -> Path:
    iam = Counting(reader.aws.client("iam"), at, after)

    def regional(service: str, region: str) -> Counting:
        other = Counting(reader.aws.client(service, region), at, after)
        other.made = iam.made
        return other

    writer = Writer(iam, sleep=lambda seconds: None, regional=regional)
    with pytest.raises(Killed):
        list(apply(plan, reader, writable=False, directory=directory, writer=writer))
    return directory / f"{plan.id}.jsonl"


@pytest.mark.parametrize("kind", CHANGES)
def test_cut_off_at_any_call(reader: AwsReader, account: Account, tmp_path: Path, kind: str) -> None:
    name, change = CHANGES[kind]
    if "without a profile" in kind:
        bare(reader, BARE)
    before = dump(reader)
    plan = planned(name, change, reader, account)
    was = seen(plan, reader)
    quick = Writer(reader.aws.client("iam"), sleep=lambda seconds: None, regional=reader.aws.client)
    for at in range(len(plan.calls)):
        # The call was made and nobody saw it: taken up again it ends as planned, and nothing is left of it afterwards.
        # The call was not made: what was done before it is rolled back at once.
        for after in (True, False):
            plan = planned(name, change, reader, account)
            path = killed(plan, reader, tmp_path, at, after)
            if after:
                *_, last = resume(path, reader, writable=False, writer=quick)
                assert last.status is CallStatus.VERIFIED, last.sentence
                assert seen(plan, reader) != was or not plan.found
            undone = list(roll_back(path, reader, writable=False, writer=quick))
            assert all(each.status is not CallStatus.FAILED for each in undone)
            assert not read_journal(path).half_done
            assert seen(plan, reader) == was
    assert dump(reader) == before


def bare(reader: AwsReader, instance: str) -> None:
    """Another client takes the instance's profile off."""
    ec2 = reader.aws.client("ec2")
    wanted = [{"Name": "instance-id", "Values": [instance]}]
    (held,) = ec2.describe_iam_instance_profile_associations(Filters=wanted)["IamInstanceProfileAssociations"]
    ec2.disassociate_iam_instance_profile(AssociationId=held["AssociationId"])


def seen(plan: Plan, reader: AwsReader) -> list[EntityFacts]:
    """What is there of the entities that the plan changes."""
    entities = (read_again(facts, reader).value for facts in plan.found)
    return [facts_of(entity) for entity in entities if entity is not None]


def test_another_operator_was_first(reader: AwsReader, account: Account, tmp_path: Path) -> None:
    """Two plans of one moment, and a plan that waited: the later one stops with the difference; nothing is lost."""
    iam = reader.aws.client("iam")
    writer = Writer(iam, sleep=lambda seconds: None)
    for kind in ("trust", "detach", "tags"):
        name, change = CHANGES[kind]
        plan = planned(name, change, reader, account)
        iam.put_role_policy(RoleName=name, PolicyName="of-another", PolicyDocument=READ.text)
        before = dump(reader)
        with pytest.raises(
            PlanError, match="has been changed since this plan was made: inline policy of-another is new"
        ):
            list(apply(plan, reader, writable=False, directory=tmp_path, writer=writer))
        assert dump(reader) == before
        iam.delete_role_policy(RoleName=name, PolicyName="of-another")


def test_what_was_saved_since_the_text_was_opened_is_not_overwritten(reader: AwsReader, account: Account) -> None:
    opened_as = Document(trust("ec2.amazonaws.com").text)
    with pytest.raises(PlanError, match="was changed after it was opened"):
        planned(ROLE, changes.EditTrust(trust("glue.amazonaws.com"), opened_as), reader, account)
