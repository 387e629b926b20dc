"""Who may assume the role, by keys at 80×24: each kind's conditions in sight, bad answers refused at their fields."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest

from screens.create.steps import CreateStep
from screens.widgets.form.form import Form
from tests.support.driving.creating import ACCOUNT, NARROW, Wizard, wizard
from tests.support.driving.diagnosing import seen, until, until_seen

if TYPE_CHECKING:
    from pathlib import Path

    from iam.demo.aws.world import World


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


KINDS = [
    (
        "GitHub Actions",
        {
            "organization": "harbor-demo",
            "repository": "tracker",
            "form": "id",
            "organization_id": "1234",
            "repository_id": "777",
        },
        "harbor-demo@1234/tracker@777",
    ),
    (
        "SAML provider",
        {"provider": "HarborIdP", "regions": "us-east-1", "attribute": "SAML:sub_type", "value": "persistent"},
        '"SAML:sub_type":"persistent"',
    ),
]
"""Kind, answers in the order of the form, what has to be in sight."""


async def kind(w: Wizard, title: str) -> None:
    ids = list(w.screen.form.values)
    await w.press(*["shift+tab"] * ids.index(w.cursor))
    await until(w.pilot, lambda: w.cursor == "trust.kind", "the cursor at the kind")
    await w.choose(title)


def in_sight(w: Wizard, words: str) -> bool:
    """Whether the words are on the screen, wherever the lines of the document break."""
    return words in re.sub(r"[\s█▐┃│]+", "", seen(w.app))


async def test_each_kind_shows_its_conditions_as_they_are_typed(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        for title, answers, words in KINDS:
            await kind(w, title)
            await w.fill(by_keys=True, **answers)
            await until(w.pilot, partial(in_sight, w, words), f"{title}: {words}")
            assert not w.screen.creation.faults(CreateStep.WHO), title
            assert "of 2,048 characters" in seen(w.app)


async def test_what_does_not_matter_is_not_asked(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.choose("GitHub Actions")
        assert "trust.github.organization_id" not in w.screen.form.values
        await w.fill(organization="harbor-demo")
        # Asked by the date: the demo runs after the day from which tokens carry IDs.
        await w.told("trust.github.form", "need the form of the subject that contains IDs")
        await w.fill(form="id")
        assert "trust.github.organization_id" in w.screen.form.values
        await w.press("ctrl+r")
        await w.told("trust.github.organization_id", "The subject in ID form needs the organization's ID")
        await kind(w, "AWS account")
        assert "trust.account.mfa_age" not in w.screen.form.values


BAD = [
    ("AWS account", {"principals": f"arn:aws:iam::{ACCOUNT}:role/nobody-here"}, "There is no role"),
    ("GitHub Actions", {"organization": "harbor*"}, "expected letters, digits and dashes"),
]
"""One fault of the account, one of an answer: which there are is in tests/iam/creation/test_recipes.py."""


async def test_bad_answers_are_refused_at_their_fields(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        for title, answers, words in BAD:
            await kind(w, title)
            await w.fill(**answers)
            await w.told(w.cursor, words)
            await w.press("ctrl+r")
            assert w.screen.step is CreateStep.WHO


async def test_the_trust_policy_opens_where_its_condition_stands(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.press("enter")
        await w.type("events")
        await until(w.pilot, lambda: '"Condition"' in seen(w.app) and '"aws:SourceAccount"' in seen(w.app), "it")
        # So it does when the step is come back to.
        await w.on(CreateStep.MAY)
        await w.press("pageup")
        await until(w.pilot, lambda: w.screen.step is CreateStep.WHO and '"Condition"' in seen(w.app), "it again")


async def test_starting_again_leaves_nothing_of_what_was_answered(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.choose("AWS account")
        await w.fill(external_id="hl-7")
        for at in ("trust.account.external_id", "trust.kind"):
            await w.press(*["shift+tab"] * (list(w.screen.form.values).index(w.cursor) if at == "trust.kind" else 0))
            assert w.cursor == at
            await w.press("f2")
            await until(w.pilot, lambda: "‹ AWS service ›" in seen(w.app), "the first kind")
            assert w.cursor == "trust.kind"
            assert not w.screen.form.values["trust.service.service"]
            await w.choose("AWS account")
            assert not any(w.screen.form.values[each] for each in w.screen.form.values if each.endswith("external_id"))


async def test_any_service_is_completed_and_a_strange_one_is_doubted(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.press("enter")
        await w.type("grafana")
        await w.press("down", "enter")
        assert w.screen.creation.draft.answers_to_trust["service"] == "grafana.amazonaws.com"
        await w.type("grafanna.amazonaws.com")
        await w.told("trust.service.service", "not known to rolescope")
        await w.type("Grafana!")
        await w.told("trust.service.service", "is not a service principal")
        await w.press("ctrl+r")
        assert w.screen.step is CreateStep.WHO


async def test_names_end_as_others_for_the_same_purpose_and_other_characters_are_refused(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.press("enter")
        await w.type("ec2")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.told("name", "end in “ec2”")
        await w.type("returns")
        await w.press("down", "enter")
        assert w.screen.creation.draft.name == "returns-ec2"
        await w.told("tags.0", "Most roles in this account have team")
        for id, text, words in (
            ("path", "app/", "must begin and end with a slash"),
            ("description", "for the docks — all of them", "may contain only Latin-1 characters"),
            ("session", "13 h", "must be 3,600 (1 hour) to 43,200"),
            ("tags.0", "team=dock;1", "contains “;”"),
        ):
            ids = list(w.screen.form.values)
            by = ids.index(id) - ids.index(w.cursor)
            await w.press(*["tab" if by > 0 else "shift+tab"] * abs(by))
            await w.type(text)
            await w.told(id, words)
            await w.press("ctrl+r")
            assert w.screen.step is CreateStep.DETAILS


async def test_candidates_leave_what_is_wrong_with_their_field_in_sight(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.fill(service="lamda")
        await until_seen(w.pilot, "lamda is not a known service")
        await until_seen(w.pilot, "mean lambda.amazonaws.com?")
        await until_seen(w.pilot, "edgelambda.amazonaws.com")
        # Behind a key that led on already, a last field that is sent passes no step over.
        w.screen.form.post_message(Form.Submitted("session"))
        await w.fill(service="lambda")
        await w.on(CreateStep.MAY)
