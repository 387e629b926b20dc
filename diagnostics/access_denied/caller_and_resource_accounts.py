"""The two accounts of a request, the caller's and the resource's, and which parts of a diagnosis belong to each."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.judge import ALLOWED_NOW, DenialFinding
from diagnostics.claims.kinds import Sentence, joined
from diagnostics.diagnosis import Evidence, Step, Verdict
from diagnostics.fix import Calls, Fix, InlinePlace, ManagedPlace, PolicyChange, Revert, TrustChange
from diagnostics.who import Who
from diagnostics.words import POLICY_TYPES
from iam.arn import account_of
from iam.claims import at_most_likely
from iam.organization.place import Place
from iam.policy.principal import Kind
from iam.words import listing

_CALLERS = ("caller", "session-made", "binding", "changes")
"""Steps that check the caller's account."""
_RESOURCES = ("target", "existence", "block-public-access", "provider")
"""Steps that check the resource's account."""
_GUARDRAILS = ("scp", "rcp")


def step_in_account(step: Step, case: Case) -> Step:
    """Return the step with the ID of its account added, also to each piece of evidence."""
    evidence = tuple(_evidence_in_account(each, case) for each in step.evidence)
    account = case.account_of_layer(step.id)
    if step.id in _CALLERS:
        account = case.caller.account_id
    elif step.id in _RESOURCES:
        account = case.owner
    elif account is None:
        found = {each.account for each in evidence}
        account = found.pop() if len(found) == 1 else None
    return replace(step, account=step.account or account, evidence=evidence)


def _evidence_in_account(evidence: Evidence, case: Case) -> Evidence:
    if evidence.account is not None:
        return evidence
    return replace(evidence, account=case.account_of_layer(evidence.layer))


def change_account(word: str, case: Case) -> str | None:
    """Return the account in which a layer's policy is changed, or None if it is unknown.

    A service or resource control policy is changed in the management account of its organization.
    """
    if word in _GUARDRAILS:
        accounts = case.opened.accounts
        if accounts is None:
            return case.management_account
        if (account := case.account_of_layer(word)) is None:
            return None
        standing = accounts.standing(account)
        if standing.organization is not None:
            return standing.organization.management_account_id
        return case.management_account if standing.place is Place.UNREAD else None
    return case.account_of_layer(word)


def fix_in_account(fix: Fix, word: str, case: Case) -> Fix:
    """Return the fix with the account in which the change is made. ``word`` is the word for the layer at fault."""
    if fix.account is not None:
        return fix
    account = _account_changed(fix)
    if account is None and fix.who is Who.ORG_ADMIN:
        account = change_account(word if word in _GUARDRAILS else "scp", case)
    elif account is None and fix.who in (Who.CALLER, Who.YOU):
        account = case.caller.account_id
    elif account is None:
        account = change_account(word, case)
    return replace(fix, account=account, forms=tuple(replace(form, account=account) for form in fix.forms))


def _account_changed(fix: Fix) -> str | None:
    """Return the account of the entity that a fix changes, or None if the entity's ARN contains no account."""
    match fix.change.change if isinstance(fix.change, Revert) else fix.change:
        case PolicyChange(InlinePlace(holder)):
            return account_of(holder.arn or "")
        case PolicyChange(ManagedPlace(arn)):
            return account_of(arn)
        case TrustChange(target) | Calls(target):
            return account_of(target)
        case _:
            return None


def verdict_of_sides(verdict: Verdict, finding: DenialFinding, case: Case) -> Verdict:
    """Return the verdict with the account in which the change must be made.

    If an account that takes part in the request was not read, the verdict names it and is never certain.
    """
    verdict = replace(verdict, account=_account_of_verdict(finding, case))
    if case.opened.accounts is None:
        return verdict
    unread = _unread_sides(case)
    if not unread:
        return verdict
    sentences = verdict.sentences or (Sentence(verdict.summary),)
    sentences = (*sentences, *(Sentence(each) for each in unread))
    return replace(
        verdict, confidence=at_most_likely(verdict.confidence), summary=joined(sentences), sentences=sentences
    )


def _account_of_verdict(finding: DenialFinding, case: Case) -> str | None:
    if finding.cause == ALLOWED_NOW:
        return None
    if finding.word:
        return change_account(finding.word, case)
    for word in finding.unread:
        if (account := change_account(word, case)) is not None:
            return account
    if finding.unread:
        return None
    return case.owner if case.missing is not None else case.caller.account_id


def _unread_sides(case: Case) -> list[str]:
    """Return a sentence about each account of the request that was not read, and one if no account has the resource."""
    accounts = case.opened.accounts
    assert accounts is not None
    said: list[str] = []
    with_account = case.caller.kind not in (Kind.SERVICE, Kind.PROVIDER, Kind.ANONYMOUS)
    for account in dict.fromkeys((case.caller.account_id if with_account else None, case.owner)):
        if account is None:
            continue
        standing = accounts.standing(account)
        words = f"{standing.words[0].upper()}{standing.words[1:]}"
        if standing.place is Place.UNREAD:
            said.append(f"{words} is in the organization but was not read: {standing.why}")
        elif standing.place is Place.OUTSIDE:
            said.append(f"{words} is outside the organization, and its policies were not read.")
        elif standing.place is Place.UNKNOWN:
            said.append(f"{words} was not read.")
    if case.owner is None and case.unread & {"resource", "rcp"} and case.resource_known:
        kinds = [POLICY_TYPES[word] for word in ("resource", "rcp") if word in case.unread]
        having = accounts.claimed_by(case.request.resource)
        who = "No account that was read has"
        if len(having) > 1:
            who = f"According to their records, each of the accounts {listing(having)} has"
        said.append(f"{who} {case.request.resource}: its {' and '.join(kinds)} may refuse it.")
    return said
