"""A form for a role's description, session length and tags. Faults are shown at their fields while typing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from iam import field_rules as fields
from iam.account import Role
from iam.changes.builders.roles import edit_role
from iam.changes.entity_name import EntityKind, EntityName
from iam.changes.journal import End
from iam.changes.plan import Plan, PlanError
from iam.creation.draft.role_draft import hours, seconds_of
from iam.sources.reader.opened import OpenedAccount
from screens.commands import Command, bindings
from screens.frame.base import PANES
from screens.messages import Said
from screens.plan.planning import PlansChanges
from screens.role.change import form_place
from screens.session import Session
from screens.text import visible
from screens.widgets.form.form import Field, FieldKind, Form, list_values
from screens.widgets.form.sentence import Tone
from screens.widgets.line import Line
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from screens.plan.screen import PlanScreen

HERE = (
    Command("edit.plan", "ctrl+r", "plan", "Make a plan for your changes.", show_in_footer=True, changes=True),
    Command(
        "edit.again",
        "f2",
        "start again",
        "Show the role's values. Your changes are kept until you type something else; press the key again to "
        "discard them.",
        show_in_footer=True,
    ),
    Command(
        "edit.back",
        "escape",
        "back",
        "Go back to the role. Nothing is changed in AWS, and your text is kept.",
        palette=False,
        show_in_footer=True,
    ),
)
FIELDS = (
    Field("description", "Description", hint="none"),
    Field("session", "Maximum session", hint="1 h, up to 12 h"),
    Field("tags", "Tags", FieldKind.LIST, hint="key=value"),
)


def tags_of(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the tags that were typed. A row without an equal sign is a tag with an empty value."""
    return [
        (key.strip(), value.strip()) for key, _, value in (row.partition("=") for row in list_values(values, "tags"))
    ]


def faults_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return one sentence for each value that AWS would reject, by field ID."""
    found: dict[str, str] = {}
    if fault := fields.description_fault(values.get("description", "")):
        found["description"] = fault
    typed = values.get("session", "").strip()
    seconds = seconds_of(typed) if typed else 0
    if seconds is None:
        found["session"] = "Enter the session length as a time, such as 2 h, 90 min, or 5400 for seconds."
    elif typed and (fault := fields.session_fault(seconds)):
        found["session"] = fault
    seen: set[str] = set()
    for id, row in values.items():
        if not id.startswith("tags.") or not row:
            continue
        key, _, value = (part.strip() for part in row.partition("="))
        fault = fields.tag_fault(key, value)
        if fault is None and key.lower() in seen:
            fault = f"There is another tag {key}: IAM ignores case when it compares tag keys."
        seen.add(key.lower())
        if fault and not (key.lower().startswith("aws:")):
            found[id] = fault
    if len(seen) > fields.MOST_TAGS:
        found["tags"] = f"There are {len(seen)} tags, but a role can have at most {fields.MOST_TAGS}."
    return found


class EditRole(PlansChanges):
    """The screen of the form. Typed values are kept until they were applied, or discarded with ``f2``."""

    MODE = "roles"
    AUTO_FOCUS = "Form *"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)

    def __init__(self, session: Session, role: Role) -> None:
        super().__init__(session)
        self._role = role
        self._applied = False
        self._aside: Mapping[str, str] = {}
        self.read_at = session.writes.present
        # AWS's own tags (aws:…) can be neither set nor removed.
        self._own = {key: value for key, value in (role.tags or {}).items() if not key.lower().startswith("aws:")}

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title=f"Edit {visible(self._role.name)}"):
            yield Line(
                [
                    (
                        (
                            " Nothing is changed yet: ctrl+r shows the plan first. A tag whose key you leave empty "
                            "is removed."
                        ),
                        FAINT,
                    )
                ]
            )
            yield Form(id="edit")

    async def on_mount(self) -> None:
        draft = self.session.typed.drafts.get(self._place)
        await self.query_one(Form).show(FIELDS, draft.values if draft is not None else self._before(), "description")
        if draft is not None:
            self.say("Your earlier changes are restored; f2 shows the role's values.")

    @property
    def _place(self) -> str:
        return form_place(self._role.name)

    def _keep_typed(self, values: Mapping[str, str]) -> None:
        if self.session.typed.put(self._place, values):
            run_in_thread(self, self.session.typed.save, "drafts")

    def _before(self) -> dict[str, str]:
        seconds = self._role.max_session_seconds
        tags = {f"tags.{index}": f"{key}={value}" for index, (key, value) in enumerate(self._own.items())}
        shown = {"description": self._role.description or "", "session": hours(seconds) if seconds is not None else ""}
        return {id: text for id, text in (shown | tags).items() if text}

    def rests_on(self) -> Iterable[EntityName]:
        return (EntityName(EntityKind.ROLE, self._role.name),)

    def role_in_attention(self) -> Role | None:
        return self._role

    async def on_form_changed(self, message: Form.Changed) -> None:
        message.stop()
        message.take()
        form = self.query_one(Form)
        values = form.values
        form.say({id: (sentence, Tone.FAULT) for id, sentence in faults_of(values).items()})
        if {id: text for id, text in values.items() if text} != self._before():
            self._aside = {}
            self._keep_typed(values)
        else:
            self._keep_typed(self._aside)
        rows = [id for id in values if id.startswith("tags.")]
        if rows and values[rows[-1]]:
            await form.renew(values)

    def on_form_submitted(self, message: Form.Submitted) -> None:
        message.stop()
        self.action_plan()

    def action_plan(self) -> None:
        form = self.query_one(Form)
        values = form.values
        faults = faults_of(values)
        if faults:
            id = next(iter(faults))
            form.say({id: (sentence, Tone.FAULT) for id, sentence in faults.items()})
            form.put_cursor(id)
            self.say(faults[id], trouble=True)
            return
        role, typed = self._role, values.get("session", "").strip()
        aws = {key: value for key, value in (role.tags or {}).items() if key not in self._own}

        def planner(opened: OpenedAccount) -> Plan:
            now = opened.reader.role(role.name)
            if now.value is None:
                raise PlanError(now.why or f"The role {role.name} no longer exists.")
            return edit_role(
                now.value,
                opened.account,
                description=values.get("description", ""),
                max_session_seconds=seconds_of(typed) if typed and not now.value.service_owned else None,
                tags={**aws, **dict(tags_of(values))},
            )

        self.plan_change(planner)

    def on_plan_screen_ended(self, message: PlanScreen.Ended) -> None:
        message.stop()
        self._applied = self._applied or message.end is End.APPLIED

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        if self._applied:
            self._keep_typed({})
            self.call_later(self.dismiss)

    async def action_again(self) -> None:
        draft = self.session.typed.drafts.get(self._place)
        if self._aside:
            self._aside = {}
            self._keep_typed({})
            self.say("Your changes are discarded.")
            return
        self._aside = draft.values if draft is not None else {}
        await self.query_one(Form).show(FIELDS, self._before(), "description", anew=True)
        self.say(
            "These are the role's values."
            + (" Your changes are kept: esc, then t restores them; f2 discards them." if draft else "")
        )

    def action_back(self) -> None:
        if self.stop_planning():
            return
        self.dismiss()
        self.app.post_message(Said(self.session.typed.left(self._place, "t")))
