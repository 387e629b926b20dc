"""The texts from a diagnosis that can be exported and copied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from diagnostics.diagnosis import Diagnosis, FirstLook, Step
from diagnostics.fix import Fix
from diagnostics.json_versions import versioned
from diagnostics.masking.masks import Masks
from diagnostics.policy_tests.write import appended, entry_text, proposal_of
from diagnostics.report import to_json, to_markdown
from diagnostics.ticket import is_across, ticket
from iam.foreign_text import json_text
from screens.copy.menu import Copy
from screens.diagnose.evidence import Subject, step_lines
from screens.export.menu import REPORT_FORMS, ReportForm, export_report, stamped
from screens.frame.base import BaseScreen
from screens.text import plural

COPY_WIDTH = 100
CASE_FORM = ReportForm("e", "case file, for rolescope evaluate", "jsonl")
TEST_FORM = ReportForm("t", "policy test of the request, for rolescope test", "yaml", "append")


def written(diagnosis: Diagnosis, suffix: str, masks: Masks | None) -> str:
    """Return the complete diagnosis in the format ``suffix``, masked if ``masks`` is given."""
    if suffix == CASE_FORM.suffix:
        text = "".join(f"{line}\n" for line in diagnosis.case_file.lines) if diagnosis.case_file else ""
    elif suffix == TEST_FORM.suffix:
        proposal = proposal_of(diagnosis.request, diagnosis.verdict.cause)
        text = entry_text(proposal) if proposal else ""
    elif suffix == "md":
        text = to_markdown(diagnosis)
    else:
        text = json_text(versioned("diagnose", to_json(diagnosis))) + "\n"
    if masks is None:
        return text
    masks.learn(diagnosis)
    return masks.document(text)


def export_diagnosis(screen: BaseScreen, diagnosis: Diagnosis, now: datetime) -> None:
    """Ask for the export format and destination, then export the diagnosis and report the outcome."""
    stem = f"{stamped('diagnosis', now)}-{diagnosis.verdict.cause}"
    forms = (*REPORT_FORMS, CASE_FORM) if diagnosis.case_file else REPORT_FORMS
    if proposal_of(diagnosis.request, diagnosis.verdict.cause) is not None:
        forms = (*forms, TEST_FORM)
    export_report(
        screen, "diagnosis", stem, lambda suffix, masks: written(diagnosis, suffix, masks), forms, append_test
    )


def append_test(path: Path, entry: str) -> tuple[str, bool]:
    """Add a policy test to a file, which is created if it does not exist.

    Return the outcome as a sentence, and whether it failed.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(appended(before, entry), encoding="utf-8")
    except OSError as error:
        return f"{path} could not be written: {error.strerror}.", True
    except ValueError as error:
        return f"{path}: {error}", True
    return f"The request is now a policy test in {path}. The test passes once the request is allowed.", False


def evidence_text(step: Step) -> str:
    """Return the text of a step's evidence pane, with every line of its documents."""
    rows = step_lines(step, COPY_WIDTH, whole=True)
    return "\n".join("".join(text for text, _ in row).rstrip() for row in rows) + "\n"


def copies_of(diagnosis: Diagnosis, subject: Subject | None, name_of: Callable[[str], str] | None = None) -> list[Copy]:
    """Return the texts that can be copied from this screen, the selected one first.

    ``name_of`` is a function that returns an account's name; it is None if only one account is open.
    """
    copies: list[Copy] = []
    if isinstance(subject, Fix):
        if name_of is not None and is_across(diagnosis, subject):
            label = f"a text to send to the owners of account {name_of(subject.account or '') or subject.account}"
            copies.append(Copy("o", label, ticket(diagnosis, subject, name_of)))
        copies.append(Copy("f", "the change of this fix", subject.text))
        if subject.after is not None:
            copies.append(Copy("a", "the document after the change", subject.after.text))
        copies.append(Copy("t", "the fix's title", subject.title))
    elif isinstance(subject, Step):
        copies.append(Copy("e", "the evidence of this step", evidence_text(subject), states=True))
        named = {each.document: each.policy or "" for each in subject.evidence if each.document is not None}
        for key, (document, name) in zip("pqrs", named.items(), strict=False):
            copies.append(Copy(key, f"policy {name}".rstrip(), document.text))
    elif isinstance(subject, FirstLook) and subject.check:
        copies.append(Copy("c", "the command that checks this", subject.check))
    copies.append(Copy("w", "the verdict", f"{diagnosis.verdict.cause}: {diagnosis.verdict.summary}", states=True))
    number = len(diagnosis.steps)
    whole = f"the diagnosis, {plural(number, 'step')}, as Markdown"
    copies.append(Copy("d", whole, to_markdown(diagnosis), states=True))
    return copies
