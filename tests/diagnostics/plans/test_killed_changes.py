"""Every kind of change, cut off at every call, before or after it: resumed it ends as planned, rolled back nothing is
left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.plans import changes
from iam.account import Account
from iam.changes.apply import CallStatus, Writer
from iam.changes.entity_effects import read_again
from iam.changes.entity_facts import EntityFacts, facts_of
from iam.changes.journal import read_journal
from iam.changes.plan import Plan, PlanError
from iam.policy.document import Document
from tests.support.accounts.documents import READ, trust
from tests.support.accounts.dump import dump
from tests.support.changes.applied import Counting, Killed
from tests.support.changes.killed import BARE, CHANGES, ROLE, bare, planned
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader


@pytest.fixture(scope="module")
def before(demo_reader: AwsReader) -> Any:
    """The account as every test finds it."""
    return dump(demo_reader)


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
        # The call was not made: what was done before it is rolled back at once. One of both at each call, in turn.
        after = (at + [*CHANGES].index(kind)) % 2 == 0
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
    with pytest.raises(PlanError, match="was changed after you opened it"):
        planned(ROLE, changes.EditTrust(trust("glue.amazonaws.com"), opened_as), reader, account)
