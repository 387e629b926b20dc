"""The form for a failure without a text: principal, action, resource and context, each with completion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from diagnostics.failure import Denial
from screens.diagnose.names import Names
from screens.widgets.form.completion import Completion

LABELS = {"principal": "Principal", "action": "Action", "resource": "Resource"}
HINTS = {
    "principal": "ARN of a role, user or session, or a service",
    "action": "such as s3:GetObject",
    "resource": "ARN, or * if the action has no resource",
}
HINT = "down and enter choose a suggestion; enter alone goes to the next field; ctrl+r explains; context is optional"
CONTEXT_ROWS = 6


@dataclass(frozen=True, slots=True)
class EnteredDenial:
    """What was entered in the form.

    ``objection`` is "" if the denial can be explained, otherwise one sentence that says what is missing or wrong.
    """

    denial: Denial | None
    context: Mapping[str, tuple[str, ...]]
    objection: str = ""


class DenialForm(VerticalScroll):
    """Rows with a label and an input. Another row for the context is added when the last one is filled."""

    DEFAULT_CSS = """
    DenialForm { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    DenialForm Horizontal { height: 1; }
    DenialForm .label { width: 11; color: $foreground; }
    DenialForm .equals { width: 3; }
    DenialForm .key { width: 2fr; }
    DenialForm .value { width: 3fr; }
    DenialForm .hint { text-style: dim; }
    """
    can_focus = False

    class Edited(Message):
        """Something was typed in a field."""

    class Submitted(Message):
        """``enter`` was pressed in the last field to fill: run the diagnosis."""

    def compose(self) -> ComposeResult:
        for name, label in LABELS.items():
            with Horizontal():
                yield Static(label, classes="label", markup=False)
                yield Completion(placeholder=HINTS[name], id=f"form-{name}")
        for row in range(CONTEXT_ROWS):
            with Horizontal(id=f"form-context-{row}", classes="context"):
                yield Static("Context" if row == 0 else "", classes="label", markup=False)
                key = Completion(placeholder="a condition key" if row == 0 else "another key", id=f"form-key-{row}")
                key.add_class("key")
                yield key
                yield Static(" = ", classes="equals", markup=False)
                value = Completion(placeholder="value, or several, with commas", id=f"form-value-{row}")
                value.add_class("value")
                yield value

        yield Static(HINT, classes="hint", markup=False)

    def on_mount(self) -> None:
        self._show_rows()

    def field(self, name: str) -> Completion:
        return self.query_one(f"#form-{name}", Completion)

    def focus_first_empty(self) -> None:
        """Focus the first empty field of principal, action and resource, or the first field if none is empty."""
        empty = next((name for name in LABELS if not self.field(name).value), "principal")
        self.field(empty).focus()

    def texts(self) -> dict[str, str]:
        """Return the typed texts by field."""
        return {each.id or "": each.value for each in self.query(Completion) if each.value}

    def fill(self, texts: Mapping[str, str]) -> None:
        """Fill the fields with texts that `texts` returned."""
        for each in self.query(Completion):
            each.value = texts.get(each.id or "", "")
        self._show_rows()

    def clear(self) -> None:
        for line in self.query(Completion):
            line.value = ""
        self._show_rows()

    def offer(self, names: Names) -> None:
        self.field("principal").offer(names.principals)
        self.field("action").offer(names.actions)
        self.field("resource").offer(names.resources)
        for row in range(CONTEXT_ROWS):
            self.field(f"key-{row}").offer(names.condition_keys)

    def entered(self) -> EnteredDenial:
        principal, action, resource = (self.field(name).value for name in LABELS)
        context = self.context_given()
        missing = [LABELS[name].lower() for name, value in (("principal", principal), ("action", action)) if not value]
        if missing:
            return EnteredDenial(None, context, f"Fill in the {' and the '.join(missing)}.")
        if ":" not in action or any(sign in action for sign in "*? "):
            return EnteredDenial(
                None, context, f"Enter one action as service:Operation, such as s3:GetObject, not {action!r}."
            )
        for row in range(CONTEXT_ROWS):
            if self.field(f"value-{row}").value and not self.field(f"key-{row}").value:
                return EnteredDenial(None, context, "A context value has no key: fill in its key.")
        denial = Denial(text="", principal=principal, action=action, resource=resource or None)
        return EnteredDenial(denial, context)

    def context_given(self) -> dict[str, tuple[str, ...]]:
        context: dict[str, tuple[str, ...]] = {}
        for row in range(CONTEXT_ROWS):
            key, value = self.field(f"key-{row}").value, self.field(f"value-{row}").value
            if key and value:
                context[key] = (*context.get(key, ()), *values_of(value))
        return context

    def _show_rows(self) -> None:
        filled = [row for row in range(CONTEXT_ROWS) if self.field(f"key-{row}").value]
        last = min((max(filled) + 1) if filled else 0, CONTEXT_ROWS - 1)
        for row in range(CONTEXT_ROWS):
            self.query_one(f"#form-context-{row}").display = row <= last

    @on(Completion.Changed)
    def _changed(self, message: Completion.Changed) -> None:
        message.stop()
        if (message.completion.id or "").startswith("form-key"):
            self._show_rows()
        self.post_message(self.Edited())

    @on(Completion.Submitted)
    def _submitted(self, message: Completion.Submitted) -> None:
        """Go to the next empty field that is needed; if there is none, run the diagnosis."""
        message.stop()
        if message.completion.id in ("form-principal", "form-action") and not self._complete:
            self.focus_first_empty()
        elif (message.completion.id or "").startswith("form-key") and message.value:
            self.field(f"value-{(message.completion.id or '')[-1]}").focus()
        else:
            self.post_message(self.Submitted())

    @property
    def _complete(self) -> bool:
        return all(self.field(name).value for name in LABELS)


def values_of(text: str) -> Sequence[str]:
    """Return a typed value as a list. Several values are separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip()) or (text,)
