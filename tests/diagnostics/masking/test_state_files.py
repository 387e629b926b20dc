"""Every kind of secret of the table, planted in what reaches the journal and the drafts: nothing of it is left."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from diagnostics.masking.examples import SECRET_EXAMPLES
from iam.changes.journal import journal_path, read_journal
from iam.changes.plan import Plan
from iam.creation.draft.kept import drafts_of, drafts_path, kept, text_of
from iam.creation.draft.role_draft import RoleDraft
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from screens.create.background import Background
from screens.plan.run import Order, carry_out
from screens.typed import Typed
from tests.support.accounts.documents import trust
from tests.support.accounts.fake_reader import options
from tests.support.driving.creating import wizard
from tests.support.faults.troubles import refusal
from tests.support.gate.let_through import let_through
from tests.support.texts.masked import leaks
from tui.commands.plans.output import carried_out

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader


Way = Callable[[Plan, "AwsReader"], None]


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def on_screen(plan: Plan, reader: AwsReader) -> None:
    carry_out(Order.APPLY, let_through(plan), reader, writable=True, stop=Event(), tell=lambda message: None)


def resumed(plan: Plan, reader: AwsReader) -> None:
    on_screen(plan, reader)
    carry_out(Order.GO_ON, let_through(plan), reader, writable=True, stop=Event(), tell=lambda message: None)


def by_command(plan: Plan, reader: AwsReader) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        carried_out(let_through(plan), reader, options(write=True, json=True))


@pytest.mark.parametrize("way", [on_screen, resumed, by_command], ids=lambda way: way.__name__)
def test_the_journal_has_nothing_of_what_a_message_of_aws_quotes(way: Way, demo_world: World) -> None:
    from iam.demo.open import reader as open_reader

    reader = open_reader(demo_world)
    account = list(reader.accounts())[-1]
    leaking = []
    for example in SECRET_EXAMPLES if way is on_screen else SECRET_EXAMPLES[::8]:  # what masks is the same
        plan = create_role(RoleSpec(name="thumbnail-worker", trust=trust()), account)
        demo_world.next_failures["CreateRole"] = [refusal("ValidationError", f"It fails at\n{example.text}\nhere")] * 2
        way(plan, reader)
        written = journal_path(plan.id).read_text()
        leaking += [example.kind] * bool(leaks(example, written))
        assert "It fails at" in read_journal(journal_path(plan.id)).states[0].message, example.kind
    assert not leaking


async def test_drafts_have_nothing_of_what_was_typed_as_free_text(
    demo_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"name": "a" * 36 + "Bc12", "policy": '{"Sid": "EC2GlueTaggingDeletePermissionsForNet12"}'}
    planted = [
        RoleDraft(description=example.text, tag_rows={0: f"note={example.text}", 1: "team=ferry"}, **names)  # type: ignore[arg-type]
        for example in SECRET_EXAMPLES
    ]
    async with wizard(demo_world) as w:
        creation = w.screen.creation
        monkeypatch.setattr(creation.session, "typed", Typed(label="planted"))
        background = Background(w.screen, creation)
        background.kept_known = True
        creation.aside = [*planted]
        background.keep()
        await w.app.workers.wait_for_complete()
    written = drafts_path("planted").read_text()
    assert [example.kind for example in SECRET_EXAMPLES if leaks(example, written)] == []
    back = kept(drafts_path("planted"))
    assert len(back) >= len(planted)
    assert all(each.name == names["name"] and each.policy == names["policy"] for each in back[: len(planted)])
    assert back[0].tag_rows[1] == "team=ferry" and drafts_of(text_of(back)) == back
