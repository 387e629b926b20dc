"""Explain credentials that AWS does not accept.

They are expired, unknown, wrongly signed, missing, or used in the wrong place.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.token.missing_provider import explain_missing_provider, missing_provider_in
from diagnostics.access_denied.token.procedure import new_token
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Fix
from diagnostics.text.answer.credentials.credential_fault import INVALID
from diagnostics.text.answer.credentials.pasted_tokens import good_tokens, lifetime_step, token_step, untimely
from diagnostics.text.answer.credentials.rejected_credentials import credentials_fix, credentials_verdict
from diagnostics.text.answer.other_failures import message_step
from diagnostics.use.source import credentials_words
from iam.claims import Ground, confidence
from iam.sources.reader.caller_identity import CallerIdentity
from iam.sources.reader.opened import OpenedAccount

Part = Step | Verdict | Fix


def explain(failure: OtherFailure, opened: OpenedAccount) -> Iterator[Part]:
    yield message_step(failure)
    url = missing_provider_in(failure.text)
    if url is not None:
        yield from explain_missing_provider(url, opened)
        return
    token = next(iter(good_tokens(failure.tokens)), None)
    if token is not None:
        yield token_step(failure.tokens)
        if step := lifetime_step(token, opened.reader.clock(), refused=False):
            yield step
    verdict = credentials_verdict(failure)
    late = untimely(token, opened.reader.clock()) if token is not None else ""
    if late:
        verdict = Verdict(INVALID, confidence(Ground.READ), f"{late}: permissions are not the cause.")
    if verdict.cause == INVALID:
        said = f"{failure.code}: {verdict.summary}" if failure.code else verdict.summary
        yield Step("authorization", _PERMISSIONS, Status.PASS, "no: AWS did not evaluate any policies")
        yield Step("credentials", _CREDENTIALS, Status.FAIL, said, (Evidence(text=said, layer="message"),))
    else:
        yield Step("authorization", _PERMISSIONS, Status.UNKNOWN, "the text does not say")
    reading = opened.reader.caller()
    yield _caller_step(reading.value, reading.call, reading.why)
    yield verdict
    yield new_token(token) if token is not None and late else credentials_fix(failure)


_PERMISSIONS, _CREDENTIALS = "Is it a question of permissions", "The credentials of the call"


def _caller_step(caller: CallerIdentity | None, call: str, why: str) -> Step:
    title = "The current caller"
    if caller is None:
        said = f"cannot be read from here: {why}" if why else "unknown for this source"
        return Step("caller", title, Status.UNKNOWN, said)
    parts = [caller.arn]
    if had := credentials_words(caller):
        parts.append(f"by {had}")
    if caller.key_kind:
        parts.append(caller.key_kind)
    if caller.expires:
        parts.append(f"until {caller.expires:%Y-%m-%d %H:%M}")
    said = ", ".join(parts)
    note = "rolescope's own credentials work; the failed program used other credentials, or used these earlier"
    evidence = (Evidence(text=note, arn=caller.arn, call=call),)
    return Step("caller", title, Status.PASS, said, evidence)
