"""The procedure: from a refused request to its cause, step by step (the steps' order is the decision tree's)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagnostics.access_denied.caller import Caller, caller_step, identify
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.engine import policies_for, with_context
from diagnostics.access_denied.fixes import fixes_for
from diagnostics.access_denied.history import changes_of, changes_step
from diagnostics.access_denied.judge import judge
from diagnostics.access_denied.layers import deny_step, layer_steps
from diagnostics.access_denied.message import message_step, text_fixes
from diagnostics.access_denied.resources import name_of
from diagnostics.access_denied.subject import Subject, decoded, read_subject
from diagnostics.access_denied.tokens import context_in, token_step, tokens_in
from diagnostics.access_denied.verdict import verdict_of
from diagnostics.access_denied.witness import ask
from diagnostics.diagnosis import Fix, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.offline import denial_verdict
from iam.account import Account
from iam.policy.request import Request
from iam.sources.reader import AccountReader

Part = Step | Verdict | Fix


def explain(
    denial: Denial,
    account: Account,
    reader: AccountReader,
    context: Mapping[str, tuple[str, ...]],
    *,
    role: str | None = None,
) -> Iterator[Part]:
    """See `diagnostics.diagnose.diagnose`."""
    yield message_step(denial)
    tokens = tokens_in(denial.text)
    if tokens:
        yield token_step(tokens)
        context = {**context_in(denial.text), **context}
    subject = read_subject(denial, account, reader, context, role)
    if denial.encoded_message:
        subject, step = decoded(subject, reader)
        yield step
    caller = identify(subject.principal, account, reader)
    yield caller_step(caller)
    if subject.action is None or caller.arn is None:
        yield denial_verdict(denial)
        yield from text_fixes(denial)
        return
    yield from _explain_request(subject, caller, account, reader)


def _explain_request(subject: Subject, caller: Caller, account: Account, reader: AccountReader) -> Iterator[Part]:
    target = name_of(subject.resource) if subject.resource else None
    changes = changes_of(caller, (target,) if target else (), account, reader)
    yield changes_step(changes, account.now)
    case = _case(subject, caller, account, reader)
    witness = ask(case)
    yield deny_step(case, witness)
    yield from layer_steps(case, witness)
    finding = judge(case, witness, changes)
    yield verdict_of(finding, case, changes)
    yield from fixes_for(finding, case, changes)
    yield from text_fixes(subject.denial)


def _case(subject: Subject, caller: Caller, account: Account, reader: AccountReader) -> Case:
    assert subject.action is not None
    request = with_context(
        Request(caller.arn, subject.action, subject.resource or "*", context=subject.context), account, reader
    )
    return Case(
        subject.denial,
        account,
        reader,
        caller,
        request,
        policies_for(request, account, reader),
        resource_known=subject.resource is not None,
        given=frozenset(key.lower() for key in subject.context),
        notes=list(subject.found),
    )
