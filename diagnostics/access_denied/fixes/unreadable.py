"""Fixes that ask the owner of each layer that may decide but cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.caller_and_resource_accounts import fix_in_account
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.owners import owner_of, owner_words, session_issuer
from diagnostics.access_denied.evidence.policy_of_text import PolicyOfText, Standing
from diagnostics.access_denied.fixes.guardrails import session_fix
from diagnostics.access_denied.fixes.notes import find_endpoint_note, request_words
from diagnostics.access_denied.fixes.proof import resource_must_allow
from diagnostics.access_denied.fixes.statements import resource_policy_fixes
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from diagnostics.words import POLICY_TYPES
from iam.claims import Sourced
from iam.words import listing

_OF_CALLER = ("identity", "boundary")
_OF_RESOURCE = ("resource", "trust")


def unreadable_fixes(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield a request to the owner of each unread layer.

    For the resource's policy, also yield the Allow that it may lack.
    """
    for word, fix in _unreadable(case, finding):
        yield fix_in_account(fix, word, case)


def _unreadable(case: Case, finding: DenialFinding) -> Iterator[tuple[str, Fix]]:
    """Yield the requests, each with the word for its layer."""
    if case.named is not None and case.named.standing is Standing.UNREAD:
        yield case.named.word, _named(case, case.named)
        return
    unread = finding.unread
    if own := [word for word in _OF_CALLER if word in unread]:
        yield "identity", _asked(case, own, Who.ACCOUNT_ADMIN, *_callers_keeper(case))
    of_resource = [word for word in _OF_RESOURCE if word in unread]
    doubtful = len(unread) > 1 and case.perhaps_absent.issuperset(of_resource)  # such a policy may not exist
    if not doubtful:
        yield from (("resource", fix) for fix in _resources(case, of_resource))
    for word, account in (("scp", case.caller.account_id), ("rcp", case.owner)):
        if word in unread:
            of = f" of account {account}" if account not in (None, case.account.id) else ""
            keeper = f"the organization's administrators{of}"
            yield word, _asked(case, [word], Who.ORG_ADMIN, keeper, POLICY_TYPES[word])
    if "session" in unread:
        yield "session", session_fix(case, finding, session_issuer(case))
    if "vpce" in unread and (finding_it := find_endpoint_note(case)) is not None:
        yield "vpce", finding_it
    elif "vpce" in unread:
        yield "vpce", _asked(case, ["vpce"], Who.RESOURCE_OWNER, *_endpoints_keeper(case))
    if doubtful:
        yield from (("resource", fix) for fix in _resources(case, of_resource))


def _resources(case: Case, unread: list[str]) -> Iterator[Fix]:
    """Yield what to ask the owner of the resource, and the Allow that its policy may lack."""
    if not unread:
        return
    owner = owner_of(case)
    whose = f"{case.request.resource}{f' ({owner_words(owner)})' if owner else ''}"
    yield _asked(case, unread, Who.RESOURCE_OWNER, f"the owner of {whose}", case.request.resource)
    if unread == ["resource"] and case.caller.arn and case.resource_known and case.request.resource != "*":
        yield from _what_it_may_lack(case, owner)


def _what_it_may_lack(case: Case, owner: Sourced[str] | None) -> Iterator[Fix]:
    """Yield the Allow that the resource's own policy may lack.

    Within one account, the caller's own policies are sufficient if they allow the request; the resource's policy can
    then only deny it.
    """
    stated = "resource" in (case.denial.stated_reason or "")
    suffices = not stated and not case.resource_must_allow and "identity" not in case.unread
    home = case.caller.account_id if suffices else None
    known = owner is not None and owner.known
    if home is not None and known and owner is not None and owner.words == home:
        return
    for fix in resource_policy_fixes(case):
        caution = (
            f"Only if the resource belongs to another account: in {home} itself, the caller's own policies suffice"
        )
        yield replace(fix, cautions=(*fix.cautions, caution)) if home is not None and not known else fix


def _callers_keeper(case: Case) -> tuple[str, str]:
    caller = case.caller
    who = caller.entity_arn or caller.arn or "the caller"
    elsewhere = not caller.here and caller.account_id is not None
    return f"the administrators of account {caller.account_id}" if elsewhere else f"the owner of {who}", who


def _endpoints_keeper(case: Case) -> tuple[str, str]:
    endpoints = next(values for key, values in case.request.context.items() if key.lower() == "aws:sourcevpce")
    return f"the owner of the VPC endpoint {endpoints[0]}", endpoints[0]


def _asked(case: Case, words: list[str], who: Who, keeper: str, target: str) -> Fix:
    kinds = listing([POLICY_TYPES.get(word, word) for word in words])
    return Fix(
        f"Ask {keeper} for the {kinds}",
        who,
        Note(
            target,
            f"{request_words(case)}, and the request was denied. The {kinds} cannot be read from here. Please check "
            f"whether the policy {_suspected(case, words)}.",
        ),
    )


def _suspected(case: Case, words: list[str]) -> str:
    """Return a phrase for what may be wrong in these layers.

    The phrase mentions a missing Allow only if one is needed, and a Deny only if one may match.
    """
    need_no_allow = words == ["rcp"] or (words == ["resource"] and not resource_must_allow(case))
    if need_no_allow:
        return "denies the request"
    return "does not allow it" if case.no_deny_matched else "denies the request or does not allow it"


def _named(case: Case, named: PolicyOfText) -> Fix:
    """Return the fix to ask for the text of the policy that AWS named."""
    kind = POLICY_TYPES[named.word]
    return Fix(
        f"Ask the owner of {named.arn} for the policy's text: AWS names this policy, and no Allow can override "
        "its Deny",
        Who.ORG_ADMIN if named.word in ("scp", "rcp") else Who.ACCOUNT_ADMIN,
        Note(
            named.arn,
            f"{request_words(case)}, and AWS denied the request because of an explicit deny in {named.arn} "
            f"({kind}). The policy's text cannot be read from here. Please say which statement matches, and which "
            "of its conditions the request meets.",
        ),
    )
