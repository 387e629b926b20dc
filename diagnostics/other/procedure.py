"""Pass a failure that is neither a denial nor a name conflict to the module for its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from diagnostics.diagnosis import Status, Step, Verdict
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.fix import Fix
from diagnostics.other.session import explain as explain_session
from diagnostics.text.answer.credentials.pasted_tokens import good_tokens
from diagnostics.text.answer.other_failures import fix_by_words, message_step, verdict_by_words
from diagnostics.text.causes.find_causes import first_look
from diagnostics.text.causes.first_cause import with_first_cause
from diagnostics.text.policy_questions.answered import policy_answered
from diagnostics.text.tokens.find import beside_tokens
from iam.sources.reader.opened import OpenedAccount

Part = Step | Verdict | Fix


def explain(
    failure: OtherFailure, opened: OpenedAccount, context: Mapping[str, tuple[str, ...]], *, role: str | None = None
) -> Iterator[Part]:
    """See `diagnostics.diagnose.diagnose`."""
    if failure.tokens:
        # The tokens' claims are not words of the text.
        failure = replace(failure, text=beside_tokens(failure.text))
    match failure.trouble:
        case Trouble.QUOTA | Trouble.DELETE_CONFLICT | Trouble.CONCURRENT:
            from diagnostics.already_exists.neighbours import explain_other

            yield from explain_other(failure, opened)
        case Trouble.CREDENTIALS:
            from diagnostics.other.credentials import explain as explain_credentials
            from diagnostics.other.profile import explain as explain_profile
            from diagnostics.other.profile import lacks_role

            if lacks_role(failure.text, opened):
                yield from explain_profile(failure, opened, role)
                return
            yield from explain_credentials(failure, opened)
        case Trouble.SESSION_DURATION:
            yield from explain_session(failure, opened, role)
        case Trouble.PROTECTED_ROLE:
            from diagnostics.other.protected import explain as explain_protected

            yield from explain_protected(failure, opened, role)
        case Trouble.NOT_FOUND:
            from diagnostics.other.not_found import explain as explain_missing

            yield from explain_missing(failure, opened)
        case Trouble.EMPTY_PROFILE:
            from diagnostics.other.profile import explain as explain_profile

            yield from explain_profile(failure, opened, role)
        case _ if failure.trouble is Trouble.UNRECOGNIZED and good_tokens(failure.tokens):
            # A token by itself asks which role would accept it.
            from diagnostics.access_denied.token.procedure import explain_token

            yield from explain_token(failure, opened, context, role)
        case _:
            yield from _by_words(failure)


def _by_words(failure: OtherFailure) -> Iterator[Part]:
    yield message_step(failure)
    looks = first_look(failure)
    if answered := tuple(policy_answered(failure, looks)):
        yield from (replace(part, by_text=True) if isinstance(part, Verdict) else part for part in answered)
        return
    verdict = with_first_cause(verdict_by_words(failure, looks), looks, failure.text)
    if failure.trouble is Trouble.UNRECOGNIZED:
        broken = next((token.broken for token in failure.tokens), "")
        detail = f" It seems to be {failure.detail}." if (failure.detail or "").startswith("a ") else ""
        detail = f" It contains {broken}." if broken else detail
        yield replace(verdict, summary=f"{verdict.summary}{detail}")
        return
    yield Step(
        "authorization", "Is it a question of permissions", Status.PASS, "no: IAM's policies did not decide this"
    )
    yield verdict
    if fix := fix_by_words(failure):
        yield fix
