"""Explain texts that name no caller or no action: what is certain in spite of that, and where to find the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.request.resources import is_blanked
from diagnostics.access_denied.request.subject import Subject
from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import Question, Verdict
from diagnostics.fix import Fix, Note, ShellCommand
from diagnostics.text.answer.denial.named_actions import actions_in_prose
from diagnostics.text.answer.denial.verdict_rules import denial_verdict
from diagnostics.text.answer.show_more import text_fixes
from diagnostics.text.read.messages.additions_to_message import prose_in
from diagnostics.who import Who
from diagnostics.words import REFUSED_CALLS, UNSIGNED, is_trust_action
from iam.account import Account
from iam.arn import account_of
from iam.claims import at_most_likely
from iam.lazy_pattern import regex
from iam.words import listing

_OPEN = Sentence("")
"""Marks the verdict as left open, because no policy of the account decides. The mark is empty because the fix says what
is missing."""


def no_caller_named(subject: Subject, account: Account, name: str | None = None) -> Iterator[Verdict | Fix]:
    """Yield a verdict that asks for the caller, because the text names no principal that the account has.

    ``name`` is what the text shows of the caller.
    """
    verdict = denial_verdict(subject.denial)
    home = account_of(subject.resource or "") if is_trust_action(subject.action) else None
    if home not in (None, account.id):
        yield Verdict(verdict.cause, verdict.confidence, verdict.summary, left_open=_OPEN)
        said = (
            f"The role's ARN belongs to account {home}, but this is account {account.id}, which does not contain "
            "the role's trust policy."
        )
        title = f"Open account {home}, to which the role's ARN belongs, and ask again there"
        yield Fix(title, Who.YOU, Note(str(subject.resource), said))
        return
    if name and (elsewhere := _other_account(subject.denial.principal or "", account.id)):
        yield Verdict(verdict.cause, at_most_likely(verdict.confidence), verdict.summary, left_open=_OPEN)
        yield from text_fixes(subject.denial)
        line = f"aws sts get-caller-identity  # where the program ran: the text shows {elsewhere} as its account"
        of = "the caller" if is_blanked(name) else name
        yield Fix(f"Ask again in the account of {of}, which is not {account.id}", Who.YOU, ShellCommand(name, line))
        return
    name = None if name and is_blanked(name) else name
    asked = f"the full ARN of {name}" if name else "the ARN of the caller's role or user (a session's ARN will do)"
    prose = prose_in(subject.denial.text)
    if prose is not None:
        asked = f"the ARN of {prose.row.refused}"
    questions = [Question("aws:PrincipalArn", (), asked)]
    if is_trust_action(subject.action) and subject.resource is None:
        questions = [Question("role", (), "the role to assume, and its caller")]
    # The text may be certain about the layer, but which policy decides depends on the caller.
    yield Verdict(verdict.cause, at_most_likely(verdict.confidence), verdict.summary, tuple(questions), left_open=_OPEN)
    yield from text_fixes(subject.denial)
    if prose is not None:
        # Whoever ran the command is not the denied caller.
        said = f"AWS refused {prose.row.refused}: give the principal's ARN with --context aws:PrincipalArn=ARN."
        yield Fix(
            "Give the ARN of the principal that was refused, to have its policies evaluated",
            Who.YOU,
            Note("the ARN", said),
        )
        return
    if (subject.action or "").lower() in UNSIGNED:
        said = "The call has no AWS caller, and the text names no role: give the role with --role ROLE."
        yield Fix("Say which role the call tried to assume", Who.YOU, Note(subject.action or "", said))
        return
    yield Fix(
        f"Give the full ARN of {name}, to have its policies evaluated"
        if name
        else "Say who was calling, to have the policies evaluated",
        Who.YOU,
        ShellCommand(
            _shown(subject.denial.resource) or subject.action or "the request",
            "aws sts get-caller-identity  # where the program ran; then give --context aws:PrincipalArn=ARN",
        ),
    )


def _shown(resource: str | None) -> str:
    """Return the resource as the text has it, or "" if it was masked completely."""
    return "" if resource is None or is_blanked(resource) else resource


_ACCOUNT_SHOWN = regex(r"arn:[\w-]+:(?:iam|sts)::(?P<account>[\w*.#-]*\d[\w*.#-]*):")


def _other_account(principal: str, account: str) -> str:
    """Return the account in a partly masked ARN if it cannot be this one, else ""."""
    found = _ACCOUNT_SHOWN.match(principal)
    if found is None:
        return ""
    shown = re.sub(r"\D+", r"\\d*", found["account"])
    return "" if re.fullmatch(shown, account) else found["account"]


def no_action_named(subject: Subject) -> Iterator[Verdict | Fix]:
    """Yield a verdict that the text does not say which action was denied, and where to find it."""
    yield replace(denial_verdict(subject.denial), left_open=_OPEN)
    yield from text_fixes(subject.denial)
    if prose_in(subject.denial.text):
        return
    named = actions_in_prose(subject.denial)
    missing = (
        f"the text names {listing(named)} in its own words" if named else "no refused action was found in the text"
    )
    yield Fix(
        f"Find the full error, or the call in CloudTrail: {missing}",
        Who.CALLER,
        ShellCommand(subject.principal or "the request", REFUSED_CALLS),
    )
