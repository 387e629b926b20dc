"""The step that compares the claims of a token with what a trust policy requires."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.access_denied.request.trust_principals import federated_of
from diagnostics.access_denied.token.roles import not_offered, same_issuer
from diagnostics.access_denied.token.subjects import difference
from diagnostics.diagnosis import ClaimComparison, Evidence, Status, Step
from diagnostics.text.answer.credentials.pasted_tokens import moment
from diagnostics.text.tokens.jwt import heard_of
from diagnostics.text.tokens.token import Token, TokenKind
from iam.account import Account
from iam.arn import name_of
from iam.policy.compiled import Asked, CompiledStatement, compiled
from iam.policy.conditions import Condition
from iam.policy.decision import Reason
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer
from iam.policy.operators import operator
from iam.policy.request import NamedPolicy
from iam.words import listing

_SAML_NAMES = {"aud": "Recipient", "iss": "Issuer", "sub": "NameID", "sub_type": "NameID Format"}


def claims_step(token: Token, case: Case, finding: DenialFinding, now: datetime) -> Step:
    """Return the step that compares the token's claims with the role's trust policy, one claim in each row."""
    rows = comparisons(token, case, finding, now)
    role = name_of(case.request.resource)
    wrong = [row for row in rows if row.holds is False]
    open_rows = [row for row in rows if row.holds is None]
    trust = case.policies.resource
    if wrong:
        said = "; ".join(
            f"{row.claim}: {row.note or f'the token has {row.had}, the policy requires {row.wanted}'}"
            for row in wrong[:2]
        )
        said += f"; {len(wrong) - 2} more" if len(wrong) > 2 else ""
    elif open_rows:
        said = f"the token's known claims meet the policy, but {listing([row.claim for row in open_rows])} is unknown"
    else:
        said = "every claim meets the policy"
    status = Status.FAIL if wrong else Status.UNKNOWN if open_rows else Status.PASS
    evidence: tuple[Evidence, ...] = ()
    if trust is not None:
        near, reason = finding.near, finding.deny or _granting(case)
        at = near if near is not None and near.policy == trust else reason
        evidence = (
            Evidence(
                text=f"the trust policy of {role}",
                layer="trust",
                policy=trust.name,
                arn=trust.arn,
                statement=at.statement if at else None,
                sid=at.sid if at else None,
                element="Condition" if near is not None and near.conditions else None,
                document=trust.document,
            ),
        )
    return Step("claims", "Claim by claim", status, f"{role}: {said}", evidence, "local engine", rows)


def offer_step(token: Token, role: str, account: Account) -> Step:
    """Return the step that says that the token rules out the requested role, with the roles that it offers instead."""
    row = _offer_row(token, role, account)
    return Step("claims", "Claim by claim", Status.FAIL, f"{name_of(role)}: {row.note}", comparisons=(row,))


def comparisons(token: Token, case: Case, finding: DenialFinding, now: datetime) -> tuple[ClaimComparison, ...]:
    """Return a row for each claim that has a requirement. Claims that do not meet theirs come first."""
    rows = []
    role = case.account.role(case.request.resource)
    trust = case.policies.resource
    rows.append(_lifetime_row(token, now))
    if role is not None:
        rows.append(_issuer_row(token, federated_of(role)))
    if token.roles is not None:
        rows.append(_offer_row(token, case.request.resource, case.account))
    if trust is not None:
        asked = Asked(case.request)
        for statement, denies in _statements(case, finding, trust, asked):
            rows += [_condition_row(token, condition, asked, denies) for condition in statement.conditions]
    if token.tags and trust is not None:
        rows.append(_tags_row(token, case))
    compared = [row for row in rows if row is not None]
    return tuple(sorted(compared, key=lambda row: (row.holds is not False, row.holds is not None)))


def _lifetime_row(token: Token, now: datetime) -> ClaimComparison | None:
    if token.expires is None:
        return None
    name = "NotOnOrAfter" if token.kind is TokenKind.SAML else "exp"
    late = token.expires <= now
    return ClaimComparison(name, moment(token.expires), f"after {moment(now)}", not late, "expired" if late else "")


def _issuer_row(token: Token, providers: tuple[str, ...]) -> ClaimComparison:
    named = [provider.partition("-provider/")[2] or provider for provider in providers]
    if token.kind is TokenKind.SAML:
        had = listing(list(dict.fromkeys(pair.provider for pair in token.roles or () if pair.provider)))
        holds = any(same_issuer(provider, token) for provider in providers)
        known = holds if had or not holds else None
        return ClaimComparison("provider", had or "–", listing(list(providers)) or "–", known)
    holds = any(same_issuer(provider, token) for provider in providers)
    return ClaimComparison("iss", token.issuer or "–", listing(named) or "–", holds)


def _offer_row(token: Token, role: str, account: Account) -> ClaimComparison:
    objection = not_offered(token, role, account)
    offered = listing([f"{pair.role},{pair.provider}" if pair.provider else pair.role for pair in token.roles or ()])
    name = "Role" if token.kind is TokenKind.SAML else "roles"
    return ClaimComparison(name, offered or "–", role, not objection, objection)


def _statements(
    case: Case, finding: DenialFinding, trust: NamedPolicy, asked: Asked
) -> list[tuple[CompiledStatement, bool]]:
    """Return the Allow that matches or comes closest, and a Deny that matches, if any."""
    ours = [finding.near, finding.deny, _granting(case)]
    indexes = {each.statement for each in ours if each is not None and each.policy == trust}
    found = [one for one in compiled(trust.document).statements if one.statement.index in indexes]
    return [(one, one.deny) for one in found]


def _granting(case: Case) -> Reason | None:
    return next(
        (reason for reason in case.cautious.reasons if reason.layer is Layer.RESOURCE and reason.effect == "Allow"),
        None,
    )


def _condition_row(token: Token, condition: Condition, asked: Asked, denies: bool) -> ClaimComparison:
    block = condition.block
    had = asked.lookup(block.key)
    met = condition.holds(asked.lookup)
    claim = _claim_of(token, block.key)
    name = claim if claim is not None else block.key
    if claim is not None and token.kind is TokenKind.SAML:
        name = f"SAML:{claim}" + (f" ({_SAML_NAMES[claim]})" if claim in _SAML_NAMES else "")
    wanted = _wish(block.operator, condition.matching(asked.lookup), denies)
    if had is None:
        return _absent_row(token, name, claim, wanted, met is not denies)
    note = "" if met else difference(had, condition.matching(asked.lookup), block.operator)
    return ClaimComparison(name, ", ".join(had) or "–", wanted, met is not denies, "a Deny" if denies and met else note)


def _absent_row(token: Token, name: str, claim: str | None, wanted: str, fits: bool) -> ClaimComparison:
    if claim is None:
        # Nothing that a token contains: an address, a tag of the role …
        return ClaimComparison(name, "not in the token", wanted, True if fits else None)
    if claim in token.unheard or (token.kind is TokenKind.JWT and claim not in heard_of(token.issuer)):
        note = f"IAM has no condition key for the claim {claim} of this issuer, whatever the token contains"
        return ClaimComparison(name, "not heard" if claim in token.unheard else "–", wanted, fits, "" if fits else note)
    return ClaimComparison(name, "–", wanted, fits, "" if fits else "the token has none")


def _claim_of(token: Token, key: str) -> str | None:
    """Return the claim that a condition key refers to, or None if the key is not for this issuer's tokens."""
    issuer, _, claim = key.rpartition(":")
    if issuer.rstrip("/").lower() != token.prefix.rstrip("/").lower():
        return None
    return claim if token.kind is TokenKind.JWT else claim.lower()


def _wish(written: str, values: tuple[str, ...], denies: bool) -> str:
    parts = operator(written)
    said = " or ".join(values)
    if parts is None or parts.base == "Null":
        said = f"{written} {said}"
    elif parts.base == "StringEquals" and not parts.negated and parts.over is None:
        said = said if not parts.if_exists else f"{said}, if it has one"
    elif parts.base == "StringLike" and not parts.negated and parts.over is None:
        said = f"like {said}"
    else:
        said = f"{written} {said}"
    return f"not: {said}" if denies else said


def _tags_row(token: Token, case: Case) -> ClaimComparison:
    names = listing([name for name, _ in token.tags])
    request = replace(case.request, action="sts:TagSession")
    allowed = evaluate(request, case.policies).allowed
    note = "" if allowed else "a token with session tags also needs sts:TagSession in the trust policy"
    return ClaimComparison("session tags", names, "sts:TagSession allowed", allowed, note)
