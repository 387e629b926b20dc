"""What lint and AWS's ValidatePolicy say of a document that somebody wrote. Reads files and asks AWS: for a worker."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from iam import field_rules as fields
from iam.policy.document import Document
from iam.policy.lint import Finding, PolicyKind, Severity, lint
from iam.sources.reader import AccountReader
from screens.text import plural
from screens.widgets.form.sentence import Tone


class Examined(Message):
    """``key`` is the document's field; ``asked``: AWS was asked too, and ``why`` says why it did not answer."""

    def __init__(
        self, key: str, document: Document, findings: tuple[Finding, ...], *, asked: bool, why: str = ""
    ) -> None:
        super().__init__()
        self.key, self.text, self.findings = key, document.text, findings
        self.asked, self.why = asked, why


def examine(key: str, document: Document, kind: PolicyKind, reader: AccountReader | None) -> Examined:
    """Without a reader only lint is asked."""
    found = lint(document, kind)
    if reader is None:
        return Examined(key, document, found, asked=False)
    reading = reader.validate_policy(document, kind)
    said = {(each.code, each.line) for each in found}
    more = tuple(each for each in reading.value or () if (each.code, each.line) not in said)
    return Examined(key, document, (*found, *more), asked=True, why=reading.why if reading.value is None else "")


_ORDER = (Severity.ERROR, Severity.SECURITY_WARNING, Severity.WARNING, Severity.SUGGESTION)


def examined_note(document: Document, limit: int, examined: Examined | None) -> tuple[str, Tone]:
    """The gravest finding and how many more there are; else its size, and that AWS has nothing against it."""
    findings: Sequence[Finding] = examined.findings if examined is not None else ()
    size = f"{fields.size(document):,} of {limit:,} characters without white space"
    if findings:
        worst = min(findings, key=lambda each: (_ORDER.index(each.severity), each.line))
        who = "AWS, line" if worst.source == "aws" else "Line"
        more = f" And {plural(len(findings) - 1, 'more finding')}." if len(findings) > 1 else ""
        tone = Tone.NOTE if worst.severity is Severity.SUGGESTION else Tone.WARNING
        return f"{who} {worst.line}: {worst.message}{more} {size}.", tone
    if examined is not None and examined.asked and not examined.why:
        return f"{size}; AWS's own check finds nothing in it.", Tone.GOOD
    return f"{size}.", Tone.NOTE
