"""``rolescope lint FILE…``: check policy documents as the screens do, with AWS's codes.

A FILE may also be one that ``rolescope plan-review`` accepts: every policy that it declares is checked.

With ``--json``, one document::

    {"files": [{"file", "address" and "line": in a plan or template, "kind": the kind of policy it was checked as,
                "guessed": whether its form suggested it,
                "findings": [{"code", "severity": "ERROR" | "SECURITY_WARNING" | "WARNING" | "SUGGESTION",
                              "message", "line", "column",
                              "saved": whether IAM saves the document, null if IAM does not store this kind,
                              "refusal": IAM's message, "" if it is unknown, null if IAM saves it}]}]}

``--format sarif`` prints SARIF 2.1.0. Exit status: 0 no errors; 1 an error was found; 2 a file could not be read.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnostics.json_versions import versioned
from diagnostics.plan_review.files.read import MOST_BYTES, is_plan_file, read_planned
from diagnostics.plan_review.planned import PlanFileError
from diagnostics.plan_review.without_account import account_of_file
from diagnostics.review.report.annotations import annotation
from diagnostics.review.report.sarif import Place, sarif_document, sarif_result, sarif_rule
from iam.foreign_text import json_text, visible
from iam.policy.document import Document
from iam.policy.lint import LintFinding, LintSeverity, PolicyKind, lint
from iam.policy.lint.guess import guessed_kind
from iam.policy.lint.saved import REFUSED, Refusal, refusal_of
from iam.risks.risk import Severity
from tui import __version__
from tui.commands.given import given_text
from tui.exit_status import ANSWERED, CANNOT_TELL, WRONG_USAGE, UsageError

_SEVERITIES = {
    LintSeverity.ERROR: Severity.HIGH,
    LintSeverity.SECURITY_WARNING: Severity.MEDIUM,
    LintSeverity.WARNING: Severity.MEDIUM,
    LintSeverity.SUGGESTION: Severity.INFO,
}
_ANNOTATIONS = {
    LintSeverity.ERROR: "error",
    LintSeverity.SECURITY_WARNING: "warning",
    LintSeverity.WARNING: "warning",
    LintSeverity.SUGGESTION: "notice",
}
_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"


@dataclass(frozen=True, slots=True)
class Checked:
    """A document and the findings in it.

    For a document in a plan or template, ``address`` and ``line`` say where it is declared. A document in a file of its
    own has neither.
    """

    file: str
    kind: PolicyKind
    guessed: bool
    findings: tuple[LintFinding, ...]
    document: Document
    address: str = ""
    line: int | None = None


def run(options: argparse.Namespace) -> int:
    checked: list[Checked] = []
    unreadable = False
    for name in options.files:
        try:
            if name != "-" and (found := _in_plan(Path(name), options.region)) is not None:
                checked += found
                continue
            text = given_text(name, "policy")
        except (UsageError, PlanFileError) as error:
            print(visible(str(error)), file=sys.stderr)
            unreadable = True
            continue
        # Positions refer to the file itself. A URL-encoded document is decoded: positions in encoded text would be
        # useless.
        document = Document(text) if text.lstrip().startswith("{") else Document.from_value(text)
        kind = PolicyKind(options.kind) if options.kind else guessed_kind(document)
        checked.append(Checked(name, kind, options.kind is None, lint(document, kind), document))
    _write(checked, "json" if options.json else options.format)
    if unreadable:
        return WRONG_USAGE
    errors = any(one.severity is LintSeverity.ERROR for each in checked for one in each.findings)
    return CANNOT_TELL if errors else ANSWERED


def _in_plan(path: Path, region: str | None) -> list[Checked] | None:
    """Return the checked documents of a Terraform plan, a template, a change set, an assembly or a preview.

    None if the file is a policy document.
    """
    if not path.is_dir() and not _is_plan(path):
        return None
    changes = read_planned(path, account_of_file(path)[0], region)
    for note in changes.notes:
        print(visible(f"? {note}"), file=sys.stderr)
    found = []
    for one in changes.resources:
        file, line = changes.lines.get(one.address, (str(path), 1))
        for address, kind, document in () if one.deleted else one.documents():
            partly_unknown = "rolescope-unknown/" in document.text
            findings = () if partly_unknown else lint(document, kind)
            found.append(Checked(file, kind, False, findings, document, address, line))
    return found


def _is_plan(path: Path) -> bool:
    try:
        return path.stat().st_size <= MOST_BYTES and is_plan_file(path.read_text("utf-8", "replace"))
    except OSError:
        return False


def _write(checked: list[Checked], form: str) -> None:
    if form == "json":
        print(json_text(versioned("lint", {"files": [_as_json(each) for each in checked]})))
    elif form == "sarif":
        print(json_text(_as_sarif(checked)))
    elif form == "github":
        for each in checked:
            for one in each.findings:
                line = one.line if each.line is None else each.line
                print(annotation(_ANNOTATIONS[one.severity], one.message, each.file, line, one.code))
    else:
        for each in checked:
            for one in each.findings:
                place = f"{visible(each.file)}:{one.line}:{one.column}"
                if each.line is not None:
                    place = f"{visible(each.file)}:{each.line}: {visible(each.address)}"
                print(f"{place}: {one.severity.value} {one.code}: {visible(one.message)}{_refused(each, one)}")


def _as_json(each: Checked) -> dict[str, Any]:
    return {
        "file": each.file,
        **({"address": each.address, "line": each.line} if each.line is not None else {}),
        "kind": each.kind.value,
        "guessed": each.guessed,
        "findings": [
            {
                "code": one.code,
                "severity": one.severity.value,
                "message": one.message,
                "line": one.line,
                "column": one.column,
                "saved": None if each.kind not in REFUSED else refusal is None,
                "refusal": None if refusal is None else refusal.message,
            }
            for one in each.findings
            for refusal in (_refusal(each, one),)
        ],
    }


def _refusal(each: Checked, one: LintFinding) -> Refusal | None:
    return refusal_of(one, each.document, each.kind)


def _refused(each: Checked, one: LintFinding) -> str:
    """Return a sentence with IAM's error message if IAM does not save the document; otherwise an empty text."""
    refusal = _refusal(each, one)
    if refusal is None:
        return ""
    return f" IAM rejects this policy: {refusal.message}" if refusal.message else " IAM rejects this policy."


def _as_sarif(checked: list[Checked]) -> dict[str, Any]:
    codes = {one.code: one for each in checked for one in each.findings}
    ids = sorted(codes)
    rules = [sarif_rule(code, _title(code), _PAGE, _SEVERITIES[codes[code].severity]) for code in ids]
    results = [
        sarif_result(
            one.code,
            ids.index(one.code),
            _SEVERITIES[one.severity],
            one.message,
            Place(each.file, one.line, column=one.column)
            if each.line is None
            else Place(each.file, each.line, each.address),
            (one.code, each.file, each.address, one.message),
        )
        for each in checked
        for one in each.findings
    ]
    return sarif_document(__version__, rules, results)


def _title(code: str) -> str:
    """Return a code as words: ``MISSING_ACTION`` as "Missing action"."""
    return code.replace("_", " ").capitalize()
