"""The formats in which a plan can be shown, copied and saved, for other tools and for tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iam.changes.export.cli import cli_words, written
from iam.changes.plan import Call, Plan, PlanError, resolve
from iam.foreign_text import markdown_block, markdown_code, markdown_text
from screens.copy.menu import Copy
from screens.export.documents import Export, file_name
from screens.plan.call_detail import document_of, readable, value_text


@dataclass(frozen=True, slots=True)
class PlanForm:
    """A format for a plan. ``id`` is its ID in the export, ``ending`` is the file name ending."""

    id: str
    key: str
    title: str
    ending: str


FORMS: Mapping[str, PlanForm] = {
    form.id: form
    for form in (
        PlanForm("cli", "6", "commands of the AWS CLI", "sh"),
        PlanForm("terraform", "7", "Terraform", "tf"),
        PlanForm("cloudformation", "8", "CloudFormation", "yaml"),
        PlanForm("json", "9", "JSON", "json"),
    )
}


def refused_form(plan: Plan, form: str) -> str:
    """Return why the plan cannot be written in this format; "" if it can."""
    try:
        written(plan, form)
    except PlanError as error:
        return str(error)
    return ""


def texts_of(plan: Plan) -> dict[str, str]:
    """Return the plan as text in each format that can express it, by format ID."""
    texts = {}
    for form in FORMS:
        try:
            texts[form] = written(plan, form)
        except PlanError:
            continue
    return texts


def plan_markdown(plan: Plan) -> str:
    """Return the plan as Markdown for a ticket."""
    lines = [f"# Plan: {markdown_code(plan.title)}", "", markdown_text(plan.sentence), ""]
    if plan.account_id:
        lines += [f"- Account: {plan.account_id}"]
    if plan.target:
        lines += [f"- On: {markdown_code(plan.target)}"]
    lines += [f"- Note: {markdown_text(sentence)}" for sentence in plan.to_read_first]
    lines += ["", "## Calls", ""]
    for number, call in enumerate(plan.calls, 1):
        lines.append(f"{number}. **{call.operation}**: {markdown_text(call.why)}")
        lines += [f"   - {name}: {markdown_code(text)}" for name, text in _short_parameters(call)]
        undo = f"{call.undo.operation}: {markdown_text(call.undo.why)}" if call.undo else f"none. {call.undo_note}"
        lines.append(f"   - Undo: {undo}")
        document = document_of(call)
        if document:
            lines += ["", *(f"   {line}".rstrip() for line in markdown_block(readable(document), "json")), ""]
    return "\n".join(lines).rstrip() + "\n"


def _short_parameters(call: Call) -> list[tuple[str, str]]:
    document = document_of(call)
    return [(name, value_text(value)) for name, value in call.parameters.items() if value != document]


def plan_export(plan: Plan) -> Export:
    texts = {"md": plan_markdown(plan)}
    texts.update({FORMS[form].ending: text for form, text in texts_of(plan).items()})
    return Export("Export the plan", f"plan-{file_name(plan.title)}", texts)


def plan_copies(plan: Plan, call: Call | None, answers: Mapping[int, Mapping[str, str]], error: str) -> list[Copy]:
    """Return the texts that can be copied: the call under the cursor, its error, and the plan in each format."""
    copies = []
    if error:
        copies.append(Copy("x", "the error", error))
    if call is not None:
        command = _command(call, answers)
        if command:
            copies.append(Copy("a", "this call as aws command", command))
        if document_of(call):
            copies.append(Copy("p", "the policy document", readable(document_of(call))))
        if call.undo is not None and (undo := _command(call.undo, answers)):
            copies.append(Copy("u", "its undo as aws command", undo))
    if plan.target:
        copies.append(Copy("n", "ARN", plan.target))
    texts = texts_of(plan)
    copies += [
        Copy(form.key, f"the plan as {form.title}", texts[form.id]) for form in FORMS.values() if form.id in texts
    ]
    return [*copies, Copy("m", "the plan as Markdown", plan_markdown(plan))]


def _command(call: Call, answers: Mapping[int, Mapping[str, str]]) -> str:
    """Return the call as one shell line, or "" if it depends on the response of another call that was not made yet."""
    import shlex

    try:
        return shlex.join(cli_words(resolve(call, answers)))
    except PlanError:
        return ""
