"""The answers to pasted texts, as one string each."""

from __future__ import annotations

from diagnostics.diagnose import collect_offline, read_text


def answer_to(text: str) -> str:
    """Return the verdict, the fixes and the causes for the first failure of the text, a line each."""
    found = collect_offline(read_text(text)[0])
    fixes = [f"{each.title} {each.change}" for each in found.fixes]
    return "\n".join((found.verdict.summary, *fixes, *(each.cause for each in found.first_look)))


def causes_in(text: str) -> str:
    """Return the causes for all failures of the text, a line each."""
    return "\n".join(look.cause for failure in read_text(text) for look in collect_offline(failure).first_look)
