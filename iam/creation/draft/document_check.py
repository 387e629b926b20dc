"""Check a document that the user wrote, with lint and AWS's ValidatePolicy.

Reads files and calls AWS, so use a worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iam import field_rules as fields
from iam.creation.draft.notes import DraftNote
from iam.creation.statements.parts import Weight
from iam.policy.document import Document, PolicyError
from iam.policy.lint import LintFinding, LintSeverity, PolicyKind, lint
from iam.sources.reader.account_reader import AccountReader
from iam.words import plural


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A document and its findings. ``asked``: AWS checked it too; otherwise ``why`` says why AWS did not."""

    text: str
    findings: tuple[LintFinding, ...]
    asked: bool = False
    why: str = ""


def check_document(document: Document, kind: PolicyKind, reader: AccountReader | None) -> CheckedDocument:
    """Check a document with lint and AWS. Without a reader, or if the text is not JSON, only lint is used."""
    found = lint(document, kind)
    if reader is None or not _is_json(document):
        return CheckedDocument(document.text, found)
    reading = reader.validate_policy(document, kind)
    said = {(each.code, each.line) for each in found}
    more = tuple(each for each in reading.value or () if (each.code, each.line) not in said)
    why = reading.why if reading.value is None else ""
    return CheckedDocument(document.text, (*found, *more), asked=True, why=why)


def _is_json(document: Document) -> bool:
    try:
        document.value  # noqa: B018 - reading is what raises
    except PolicyError:
        return False
    return True


_ORDER = (LintSeverity.ERROR, LintSeverity.SECURITY_WARNING, LintSeverity.WARNING, LintSeverity.SUGGESTION)


def document_note(document: Document, limit: int, checked: CheckedDocument | None) -> DraftNote:
    """Return a note with the document's most severe finding, the number of further findings, and the document's size.

    Without findings, the note contains only the size.
    """
    findings: Sequence[LintFinding] = checked.findings if checked is not None else ()
    size = f"{fields.size(document):,} of {limit:,} characters without white space"
    if findings:
        worst = min(findings, key=lambda each: (_ORDER.index(each.severity), each.line))
        who = "AWS, line" if worst.source == "aws" else "Line"
        more = f" And {plural(len(findings) - 1, 'more finding')}." if len(findings) > 1 else ""
        weight = Weight.NOTE if worst.severity is LintSeverity.SUGGESTION else Weight.WARNING
        return DraftNote(f"{who} {worst.line}: {worst.message}{more} {size}.", weight)
    if checked is not None and checked.asked and not checked.why:
        return DraftNote(f"{size}; AWS's own check found no problem.", Weight.GOOD)
    return DraftNote(f"{size}.")
