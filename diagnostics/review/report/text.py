"""The review as plain text and as Markdown. Text from the account is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from diagnostics.fix_report import tool_edit_lines, tool_edit_markdown
from diagnostics.review.causes import HYGIENE, Cause, who_words
from diagnostics.review.finding import Finding, Unread
from diagnostics.review.report.beside import beside_lines
from diagnostics.review.run import Review
from diagnostics.review.smallest import SmallestSet
from iam.arn import name_of
from iam.facts.controls import CONTROLS
from iam.foreign_text import markdown_block, markdown_code, markdown_text, shortened, visible
from iam.risks.risk import Severity
from iam.words import listing, plural

_MOST_EVIDENCE = 300
"""The maximum number of characters to show of one piece of evidence. The JSON contains all of it."""
_MOST_LISTED = 5
"""The maximum number of findings with one cause to show with their sentences. The others are only named."""
_MOST_NAMED = 8


def headline(review: Review) -> str:
    """Return the counts: ``4 critical, 11 high``. Accepted findings are counted separately."""
    counts = [f"{count:,} {severity.value}" for severity, count in review.counts.items() if count]
    accepted = sum(one.accepted is not None for one in review.findings)
    counts += [f"{accepted:,} accepted"] if accepted else []
    return ", ".join(counts) or "no findings"


def to_text(review: Review) -> str:
    lines = [f"{review.account.alias or 'account'} {review.account.id}: {headline(review)}"]
    for each in review.causes():
        lines += ["", *map(visible, cause_lines(each))]
    if review.smallest is not None and review.smallest.changes:
        lines += ["", *map(visible, smallest_lines(review.smallest))]
    if review.unread:
        lines += ["", "NOT READ"]
        lines += [
            f"  {visible(one.what)} Incomplete rules: {', '.join(one.rules)}." for one in folded_unread(review.unread)
        ]
    if review.beside is not None and (review.beside.analyzers or review.account.source != "snapshot"):
        lines += ["", *beside_lines(review.beside)]
    return "\n".join(lines) + "\n"


def smallest_lines(found: SmallestSet) -> Iterator[str]:
    """Yield the fewest changes that close all paths, one on each line."""
    yield f"FEWEST CHANGES  {found.sentence}"
    yield from (f"  {each.sentence}" for each in found.changes)
    if found.left:
        yield f"  still open: {listing([name_of(key[1]) or key[1] for key in found.left], limit=_MOST_NAMED)}"


def cause_lines(cause: Cause) -> Iterator[str]:
    """Yield lines for the findings with one cause: the first in full, and only the subjects of the others."""
    first, *others = cause.findings
    if cause.rule == HYGIENE:
        yield f"{cause.severity.value.upper():<9} {cause.title}  ({HYGIENE})"
        yield from hygiene_lines(cause)
        return
    if not others:
        yield from finding_lines(first)
        return
    what = f", {cause.what}" if cause.what else ""
    yield f"{cause.severity.value.upper():<9} {cause.title}: {cause.who}{what}  ({cause.rule})"
    for one in cause.findings[:_MOST_LISTED]:
        yield f"  {one.summary}"
    if rest := cause.findings[_MOST_LISTED:]:
        yield f"  and {len(rest):,} more: {listing([_name(one) for one in rest], limit=_MOST_NAMED)}"
    yield from islice(finding_lines(first), 2, None)


def hygiene_lines(cause: Cause) -> Iterator[str]:
    """Yield lines for the hygiene findings: one for each rule, with its subjects and its fix."""
    by_rule: dict[str, list[Finding]] = {}
    for one in cause.findings:
        by_rule.setdefault(one.rule, []).append(one)
    for rule, those in by_rule.items():
        first = those[0]
        who = who_words([one.subject for one in those])
        fix = f" FIX {first.fixes[0].title}" if first.fixes else ""
        yield f"  {who}: {first.title} ({rule}).{fix}"


def folded_unread(unread: Iterable[Unread]) -> tuple[Unread, ...]:
    """Return what was not read, merging kinds that have the same sentence (``KIND: sentence about KIND``)."""
    alike: dict[tuple[str, tuple[str, ...]], list[tuple[str, Unread]]] = {}
    for one in unread:
        kind, colon, said = one.what.partition(": ")
        lower = f"{kind[:1].lower()}{kind[1:]}"
        said = said.replace(kind, "them").replace(lower, "them") if colon else one.what
        alike.setdefault((said, one.rules), []).append((kind, one))
    folded = []
    for (said, rules), those in alike.items():
        kinds = [kind for kind, _ in those]
        same = f"{len(kinds)} kinds ({listing(kinds, limit=_MOST_NAMED)}): {said}"
        folded.append(those[0][1] if len(those) == 1 else Unread(same, rules))
    return tuple(folded)


def finding_lines(one: Finding) -> Iterator[str]:
    """Yield a finding as lines, with its evidence and fixes."""
    yield f"{one.severity.value.upper():<9} {one.title}: {_name(one)}  ({one.rule})"
    yield f"  {one.summary}"
    if one.set_up_by:
        yield f"  {one.set_up_by} sets up roles of this name."
    if one.accepted is not None:
        until = f" until {one.accepted.until}" if one.accepted.until else ""
        yield f"  accepted{until}: {one.accepted.reason}"
    if one.hangs_on:
        yield f"  if: {', '.join(one.hangs_on)}"
    for number, hop in enumerate(one.path, 1):
        yield f"  {number} {', '.join(hop.actions)} on {hop.on}: {hop.gives}"
    for each in one.evidence:
        place = f"{each.policy}, statement {each.sid or each.statement + 1}: " if each.statement is not None else ""
        yield f"    {place}{shortened(each.text, _MOST_EVIDENCE)}"
    if controls := CONTROLS.get(one.rule):
        yield f"  controls: {', '.join(f'{each.framework} {each.id}' for each in controls)}"
    for fix in one.fixes:
        yield f"  FIX {fix.title}"
        if edit := tool_edit_lines(fix):
            yield from (f"    {line}" for line in (*edit, *(f"  {line}" for line in fix.text.splitlines())))


def _name(one: Finding) -> str:
    return name_of(one.subject) or one.subject


def to_markdown(review: Review) -> str:
    """Return the review as a Markdown page."""
    account = review.account
    title = f"{account.alias} " if account.alias else ""
    lines = [f"# Review of {markdown_text(title)}{account.id}", "", f"{headline(review).capitalize()}.", ""]
    for severity in Severity:
        found = [each for each in review.causes() if each.severity is severity]
        if found:
            lines += [f"## {severity.value.capitalize()}", ""]
        for each in found:
            if each.rule == HYGIENE:
                lines += [
                    f"### {each.title}",
                    "",
                    *(f"- {markdown_text(line.strip())}" for line in hygiene_lines(each)),
                    "",
                ]
            else:
                lines += _markdown(each.findings[0], each.findings[1:])
    if review.smallest is not None and review.smallest.changes:
        lines += ["## Fewest changes", "", f"{review.smallest.sentence}", ""]
        lines += [f"- {markdown_text(each.sentence)}" for each in review.smallest.changes]
        lines.append("")
    if review.unread:
        lines += ["## Not read", ""]
        lines += [
            f"- {markdown_text(one.what)} ({plural(len(one.rules), 'rule')}: {', '.join(one.rules)})"
            for one in folded_unread(review.unread)
        ]
        lines.append("")
    if review.beside is not None and review.beside.analyzers:
        lines += ["## Compared with Access Analyzer", "", *markdown_block("\n".join(beside_lines(review.beside))), ""]
    return "\n".join(lines)


def _markdown(one: Finding, others: tuple[Finding, ...]) -> Iterator[str]:
    yield f"### {markdown_text(_name(one))}: {one.title}"
    yield ""
    yield f"{markdown_text(one.summary)}"
    yield ""
    yield f"- rule {markdown_code(one.rule)}, on {markdown_code(one.subject)}"
    if others:
        yield f"- the same applies to {', '.join(markdown_code(_name(each)) for each in others)}"
    if one.hangs_on:
        yield f"- if: {', '.join(map(markdown_code, one.hangs_on))}"
    if one.accepted is not None:
        until = f" until {one.accepted.until}" if one.accepted.until else ""
        yield f"- accepted{until}: {markdown_text(one.accepted.reason)}"
    for number, hop in enumerate(one.path, 1):
        actions = ", ".join(map(markdown_code, hop.actions))
        yield f"- step {number}: {actions} on {markdown_code(hop.on)}: {markdown_text(hop.gives)}"
    for each in one.evidence:
        place = ""
        if each.policy and each.statement is not None:
            place = f"{markdown_code(each.policy)}, statement {markdown_text(str(each.sid or each.statement + 1))}: "
        yield f"- {place}{markdown_text(shortened(each.text, _MOST_EVIDENCE))}"
    yield f"- see {', '.join(one.references)}"
    for fix in one.fixes:
        yield ""
        yield f"Fix: {markdown_text(fix.title)}"
        if fix.in_tool is not None:
            yield ""
            yield from tool_edit_markdown(fix)
        elif fix.text:
            yield ""
        if fix.text:
            yield from markdown_block(fix.text)
    yield ""
