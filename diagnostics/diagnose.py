"""Explain a failure with steps, a verdict and fixes: the entry point for screens and commands.

`diagnose` yields each part as it is found, so that a screen can draw step after step; `collect` waits for the end. Both
read the account and may block: call them in a worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from diagnostics.diagnosis import (
    NOT_READ,
    PASTED,
    CaseFile,
    Diagnosis,
    FirstLook,
    Part,
    RequestFacts,
    Step,
    Verdict,
)
from diagnostics.failure import CUT, Conflict, Denial, Failure, OtherFailure, Trouble
from iam.claims import Ground, confidence
from iam.history.trail import NO_TRAIL
from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.fix import Fix
    from diagnostics.past_changes import OwnChange
    from iam.history.trail import Trail
    from iam.sources.reader.opened import OpenedAccount

Context = Mapping[str, tuple[str, ...]]
NOTHING_STATED: Context = MappingProxyType({})
LONGEST_KEPT = 20_000
"""The maximum number of characters of a pasted text that are kept with its only failure: those around the error
message.
"""


def diagnose(
    failure: Failure,
    opened: OpenedAccount,
    context: Context = NOTHING_STATED,
    *,
    role: str | None = None,
    own_change: OwnChange | None = None,
    trail: Trail = NO_TRAIL,
) -> Iterator[Part]:
    """Explain one failure in the account: yield steps as they are found, one `Verdict`, and the fixes, smallest first.

    ``context`` contains the values of condition keys that the operator knows. ``role`` is the name or ARN of the role
    that the operator is viewing; it is used if the text names none. ``own_change`` is what the operator changed since
    the failure, to check whether that helped. A form (principal, action, resource) is a `Denial` without text.
    ``trail`` replaces CloudTrail's event history as the source of changes. Each call to the account is made once. If
    the account was read a while ago, the roles and users that the failure is about are read again, and ages are
    computed by the reader's clock.
    """
    from diagnostics.claims.check import consistent

    explained = _explained(failure, opened, context, role, own_change, trail)
    yield from consistent(failure, _in_sequence(failure, explained))


def _is_alone(failure: Failure) -> bool:
    """Return whether the text contains only the failure's message, so that nothing around it has to be examined."""
    from diagnostics.text.read.one_message import is_alone  # a form has no text

    return is_alone(failure)


def _in_sequence(failure: Failure, parts: Iterator[Part]) -> Iterator[Part]:
    """Yield the parts of a diagnosis, adapted to what the rest of the pasted text shows about the failure."""
    if isinstance(failure, Denial) and not _is_alone(failure):
        from diagnostics.text.answer.authors_questions import askers_own_rights, free_call, only_gathering
        from diagnostics.text.answer.authors_remarks import with_remarks
        from diagnostics.text.answer.corrected_keys import corrected_first
        from diagnostics.text.answer.created_although_existing import instead_of_creating
        from diagnostics.text.answer.meant_account import of_the_meant_account
        from diagnostics.text.answer.sequel import settled_first
        from diagnostics.text.read.author.misspelled_keys import deciding_mistake
        from diagnostics.text.read.identities.command_differs import command_differs

        if (differ := command_differs(failure)) is not None:
            parts = settled_first(f"{differ.sentence} Find that out first.", parts)
        shown = failure.pasted or failure.text
        if "MultiFactorAuthPresent" in shown or "get-session-token" in shown:
            from diagnostics.text.answer.without_mfa import fix_without_mfa, needs_itself, without_mfa

            if said := without_mfa(failure):
                possible = (part for part in parts if not needs_itself(failure, part))
                parts = settled_first(said, possible, fix_without_mfa(failure))
        if "sso_region" in shown:
            from diagnostics.text.answer.sso_regions import sso_region_fix, sso_region_sentence

            if said := sso_region_sentence(shown):
                parts = settled_first(said, parts, sso_region_fix(shown), alone=True)
        if (mistake := deciding_mistake(failure.text)) is not None:
            parts = corrected_first(mistake, parts)
        parts = instead_of_creating(failure, of_the_meant_account(failure, parts))
        if said := askers_own_rights(failure) or free_call(failure) or only_gathering(failure):
            parts = settled_first(said, parts)
        if failure.sequel is None:
            parts = with_remarks(failure, parts)
    if failure.sequel is None:
        yield from parts
        return
    from diagnostics.text.answer.continued_with_other_credentials import went_on
    from diagnostics.text.answer.sequel import in_sequence

    yield from in_sequence(failure.sequel, parts, went_on(failure))


def _explained(
    failure: Failure,
    opened: OpenedAccount,
    context: Context,
    role: str | None,
    own_change: OwnChange | None,
    trail: Trail,
) -> Iterator[Part]:
    from diagnostics.present import at_present
    from iam.sources.cached import cached

    looked_at = opened.account.role(role) if role else None
    about = [looked_at.arn] if looked_at is not None else []
    about += [arn for arn in (failure.principal, failure.resource) if arn] if isinstance(failure, Denial) else []
    opened = at_present(replace(opened, reader=cached(opened.reader)), about)
    for part in _parts(failure, opened, context, role, own_change, trail):
        if not isinstance(part, Step | Verdict | CaseFile | RequestFacts):
            from diagnostics.contract_notes import with_contract_note
            from diagnostics.tool_edits import with_tool_edit

            yield with_tool_edit(with_contract_note(part, failure, opened.account), opened.account)
        else:
            yield part


_DECIDED_BY_TEXT = (Trouble.NOT_IAM, Trouble.UNRECOGNIZED, Trouble.CREDENTIALS)
"""Failures about which the account adds nothing to the text."""


def _parts(
    failure: Failure,
    opened: OpenedAccount,
    context: Context,
    role: str | None,
    own_change: OwnChange | None,
    trail: Trail,
) -> Iterator[Part]:
    match failure:
        case Denial() if (failure.action or "").endswith(CUT):
            yield from _by_text(failure, context)  # a truncated action cannot be evaluated
        case Denial():
            from diagnostics.access_denied.procedure import explain as explain_denial

            parts = explain_denial(failure, opened, context, role=role, own_change=own_change, trail=trail)
            if not _is_alone(failure):
                from diagnostics.access_denied.by_text import or_by_text
                from diagnostics.text.near_pairs.answer import with_near_step

                parts = with_near_step(failure, _with_pasted_policies(failure, parts, offline=False))
                parts = or_by_text(parts, partial(_by_text, failure, context))
            yield from parts
        case Conflict():
            from diagnostics.already_exists.procedure import explain as explain_conflict

            yield from explain_conflict(failure, opened)
        case OtherFailure():
            from diagnostics.other.procedure import explain as explain_other

            parts = _with_pasted_policies(failure, explain_other(failure, opened, context, role=role), offline=False)
            if failure.trouble in _DECIDED_BY_TEXT and not _is_alone(failure):
                from diagnostics.text.near_pairs.answer import with_near_pair

                parts = with_near_pair(failure, parts)
            yield from parts


def diagnose_offline(failure: Failure, context: Context = NOTHING_STATED) -> Iterator[Part]:
    """Explain a failure from the text alone. No account is read, and nothing is sent anywhere."""
    from diagnostics.claims.check import consistent
    from diagnostics.text.answer.placeholders import with_the_texts_values

    parts = _in_sequence(failure, _by_text(failure, context))
    yield from consistent(failure, with_the_texts_values(failure, parts))


def _by_text(failure: Failure, context: Context) -> Iterator[Part]:
    """Yield what the text alone shows about the failure."""
    from diagnostics.offline.run import explain as explain_offline

    known: tuple[str, ...] = ()
    following = ""
    if isinstance(failure, Denial):
        from diagnostics.access_denied.request.operation import usual_next
        from diagnostics.access_denied.request.values import said_around, values_of_text

        yield RequestFacts(values_of_text(failure, context))
        known = said_around(failure)
        following = usual_next(failure)
    parts = _with_pasted_policies(failure, explain_offline(failure, context, known, following), offline=True)
    if not _is_alone(failure):
        from diagnostics.text.answer.single_cause.decided import with_decision
        from diagnostics.text.near_pairs.answer import with_near_pair

        parts = with_near_pair(failure, with_decision(failure, parts))
    yield from parts


_SHOWS_MORE = regex(
    r"KeyId\b|alias/aws/|(?<![\w/.:@-])aws/[a-z][a-z0-9]+\b|ClientIDList|\baudiences?[\"']?[ \t]*[:=]|InvokeFunctionUrl"
    r"|\bclient ?ids?[ \t]*[:=]|:aud\b|Access to KMS is"
    r"|mapped into session tags|eks\\?\.amazonaws\\?\.com/role-arn"
    r"|ermissions_?[Bb]oundary\b|\bboundar(?:y|ies)\b"
    r"|list-attached-|\w(?:Access|Policy|ServiceRole|ReadOnly|PowerUser|PullOnly|InstanceCore)\b|:secret:\S*-[a-z]{6}(?![\w-])"
    r"|\.grant(?:[A-Z]|_[a-z])\w+\(|--(?:target-)?kms-key(?:-id)?[ "
    r"=]|\blist-secrets\b|\bIamRole(?:Arn|s)\b|:run_phase:|S3\.AccessDenied|\bcopy failed: s3://"
    r"|[\w-](?:_arns|-arns|Arns|ARNs)[\"']?[ \t]*[:=]"
    r"|(?<![^\n])[ \t-]*Resource:[ \t]*\n[ \t]*-[ \t]+(?:!Sub[ \t]+)?[\"']?arn:"
)
"""Keys, audiences, AWS managed policies, lists of resources, and secrets that a text may contain in addition to a
denial."""
_ALLOWS = regex(r"\b[Aa]ctions?[\"']?[ \t]*[:=][^\n]{0,40}[a-z]:[A-Za-z]")
"""An action in a policy in the text."""
_SEVERAL_ROLES = 3
"""The number of role ARNs in a text (in the command, in its error, elsewhere) from which the text may spell the same
role in two ways."""


def _with_pasted_policies(failure: Failure, parts: Iterator[Part], *, offline: bool) -> Iterator[Part]:
    """Return the parts, with what the text's own policies, keys, roles and decoded messages show, if it has any.

    Whether it has any is checked first, because evaluating them takes a while.
    """
    rejected = isinstance(failure, OtherFailure) and failure.trouble is Trouble.MALFORMED_POLICY
    if isinstance(failure, OtherFailure) and (rejected or _ALLOWS.search(failure.text)):
        from diagnostics.access_denied.pasted.verdict import with_idle_statement

        return with_idle_statement(failure, parts)
    if not isinstance(failure, Denial) or _is_alone(failure):
        return parts
    from diagnostics.text.read.author.quoted_or_own_words import has_policy

    text = failure.pasted or failure.text
    shows_more = text.count(":role/") >= _SEVERAL_ROLES or failure.decoded is not None or _SHOWS_MORE.search(text)
    if not (has_policy(text) or shows_more):
        return parts
    from diagnostics.access_denied.pasted.verdict import with_pasted_policies

    return with_pasted_policies(failure, parts, offline=offline)


def collect(
    failure: Failure,
    opened: OpenedAccount,
    context: Context = NOTHING_STATED,
    *,
    role: str | None = None,
    own_change: OwnChange | None = None,
    trail: Trail = NO_TRAIL,
) -> Diagnosis:
    """Return the complete diagnosis of one failure."""
    found = gathered(failure, diagnose(failure, opened, context, role=role, own_change=own_change, trail=trail))
    if opened.accounts is None or not isinstance(failure, Conflict):
        return found
    # The name is taken in the account that was examined, among those that were read.
    id = opened.account.id
    fixes = tuple(replace(fix, account=fix.account or id) for fix in found.fixes)
    return replace(found, verdict=replace(found.verdict, account=found.verdict.account or id), fixes=fixes)


def collect_offline(failure: Failure, context: Context = NOTHING_STATED) -> Diagnosis:
    return gathered(failure, diagnose_offline(failure, context))


def gathered(failure: Failure, parts: Iterator[Part]) -> Diagnosis:
    """Collect the parts of one diagnosis into a `Diagnosis`."""
    steps: list[Step] = []
    fixes: list[Fix] = []
    verdict = Verdict("unreadable", confidence(Ground.NOTHING), "The diagnosis ended without a verdict.")
    case_file: CaseFile | None = None
    facts = RequestFacts({})
    for part in parts:
        match part:
            case CaseFile():
                case_file = part
            case RequestFacts():
                facts = part
            case Step():
                steps.append(part)
            case Verdict():
                verdict = part
            case _:
                fixes.append(part)
    looks = partial(usual_causes, failure, steps, case_file, verdict)
    return Diagnosis(failure, tuple(steps), verdict, tuple(fixes), looks, case_file, facts.values)


def usual_causes(
    failure: Failure, steps: Sequence[Step], case_file: CaseFile | None = None, verdict: Verdict | None = None
) -> tuple[FirstLook, ...]:
    """Return common causes of such a failure that the steps, the case's policies and the verdict do not decide."""
    from diagnostics.text.causes.confirm_or_rule_out import weighed
    from diagnostics.text.causes.find_causes import first_look

    by_text = any(step.id == NOT_READ for step in steps) or (verdict is not None and verdict.by_text)
    if by_text:
        case_file = None  # no policy that was read decides these failures
    sequel = failure.sequel
    if sequel is not None and (sequel.over or sequel.overcome):
        return ()  # nothing has to be examined
    if sequel is not None and sequel.beside and by_text:
        return ()  # the other failure's causes are examined
    if isinstance(failure, OtherFailure) and any(step.id == PASTED for step in steps):
        return ()  # a question about a policy, which the policy answers
    if isinstance(failure, Denial) and not _is_alone(failure):
        from diagnostics.text.answer.authors_remarks import intended
        from diagnostics.text.read.identities.meant_account import meant_account, other_caller, owners_profile
        from diagnostics.text.read.resources.foreign_bucket import foreign_bucket
        from diagnostics.text.read.resources.foreign_zone import foreign_zone

        if sequel is None and by_text and intended(failure) is not None:
            return ()  # nothing has to be changed
        shown, meant = other_caller(failure), meant_account(failure)
        elsewhere = foreign_bucket(failure) or foreign_zone(failure)
        if elsewhere is not None and by_text:
            return ()  # the owner has to change something in the other account
        if owners_profile(failure) is not None or (shown and shown.how) or (meant and meant.thing):
            return ()  # the profile is wrong, not a policy
    looks = weighed(first_look(failure), steps, case_file, failure, verdict)
    if not isinstance(failure, Denial) or not any(step.id == "caller" for step in steps):
        return looks
    from diagnostics.access_denied.by_text import in_the_callers_account

    return in_the_callers_account(looks, steps)


def read_text(text: str) -> tuple[Failure, ...]:
    """Return the failures in a pasted text, at least one: an unrecognized text is one `OtherFailure`.

    The failures contain no token and no other secret from the text. The claims of its tokens are added to each failure,
    because a token may belong to any of them.
    """
    from diagnostics.text.read.one_message import message_alone
    from diagnostics.text.tokens.find import beside_tokens, taken_out, tokens_in

    kept = taken_out(text)
    if (denial := message_alone(kept)) is not None:
        return (denial,)
    from diagnostics.text.read.parse import parse

    words = beside_tokens(kept)
    failures = tuple(parse(words)) or (OtherFailure(words, Trouble.UNRECOGNIZED),)
    if words == kept:
        return failures
    tokens = tokens_in(kept)
    whole = len(failures) == 1 and len(kept) <= LONGEST_KEPT
    from diagnostics.text.answer.credentials.pasted_tokens import by_assertion

    return tuple(
        failure
        if isinstance(failure, Conflict)
        else by_assertion(replace(failure, tokens=tokens, text=kept if whole else failure.text))
        for failure in failures
    )
