"""Explain a token without a denial, or a token with a denial that names no role.

The answer says which roles accept the token, and what the other roles require.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.access_denied.candidates import look_at
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import Changes
from diagnostics.access_denied.evidence.other_roles import Helpers
from diagnostics.access_denied.fixes.choose import fixes_for
from diagnostics.access_denied.fixes.create_identity_provider import make_oidc_provider, make_saml_provider
from diagnostics.access_denied.judge import ALLOWED_NOW, UNREADABLE, DenialFinding
from diagnostics.access_denied.near_misses import near_words
from diagnostics.access_denied.request.assumed_role.find import targets_of
from diagnostics.access_denied.request.assumed_role.target import Target
from diagnostics.access_denied.request.identity_provider import ProviderFound, find_provider
from diagnostics.access_denied.request.subject import Subject
from diagnostics.access_denied.token.audience import audience_words, list_audience
from diagnostics.access_denied.token.claims import claims_step, offer_step
from diagnostics.access_denied.token.roles import not_offered, provider_arn
from diagnostics.access_denied.token.subjects import apart
from diagnostics.access_denied.verdict import verdict_of
from diagnostics.diagnosis import Evidence, Question, Status, Step, Verdict
from diagnostics.failure import Denial, OtherFailure
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.credentials.pasted_tokens import good_tokens, lifetime_step, token_step, untimely
from diagnostics.text.tokens.token import Context, Token, TokenKind
from diagnostics.who import Who
from iam.account import Account
from iam.arn import name_of
from iam.claims import Ground, Source, Sourced, at_most_likely, confidence, sourced
from iam.policy.decision import NearMiss, Outcome
from iam.policy.explain import explain
from iam.policy.request import NamedPolicy, Policies, Request
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

Part = Step | Verdict | Fix
_LOOKED_AT = 12
"""The maximum number of roles evaluated in full: first the roles that accept the token, then the roles that come
closest."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A role that trusts the issuer, and its decision on the token.

    ``objection`` says why the token itself rules the role out, "" if it does not.
    """

    target: Target
    case: Case
    finding: DenialFinding
    objection: str = ""

    @property
    def takes_it(self) -> bool:
        return self.finding.cause == ALLOWED_NOW and not self.objection

    @property
    def name(self) -> str:
        return self.target.role.name


def explain_token(failure: OtherFailure, opened: OpenedAccount, context: Context, role: str | None) -> Iterator[Part]:
    """Explain a text that is only a token: whether the token is valid, and which role accepts it."""
    (token, *further) = good_tokens(failure.tokens)
    yield token_step(failure.tokens)
    denial = Denial(failure.text, action=token.action, tokens=failure.tokens)
    now = opened.reader.clock()
    if step := lifetime_step(token, now, refused=False):
        yield step
    what = Sourced(token.action, Source.TEXT, token.issuer)
    subject = Subject(denial, None, what, None, sourced(context, Source.OPERATOR))
    subject = subject.with_keys(sourced(token.context, Source.TEXT, token.issuer))
    targets, step = targets_of(token, subject, opened, role)
    yield step
    provider = find_provider(provider_arn(token, opened.account), subject.context, opened)
    yield provider.step
    looked = _looked_at(subject, token, targets, opened)
    if looked:
        yield from _compared(token, looked, opened.reader)
    too_late = untimely(token, now)
    yield _verdict_alone(token, provider, looked, too_late, opened.account, several=bool(further))
    if too_late:
        yield new_token(token)
    if provider.missing and provider.step.evidence:
        yield _make_provider(token, provider)
    if provider.presented:
        yield list_audience(token, provider, opened.account)
    if not (provider.missing or provider.presented):
        # A trust policy does not help if the token is rejected before it is evaluated.
        yield from _fixes(token, looked)


def explain_refused_token(subject: Subject, targets: tuple[Target, ...], opened: OpenedAccount) -> Iterator[Part]:
    """Explain STS's rejection of a pasted token if the text does not name the role.

    Of the roles that would not accept the token, the one that comes closest to accepting it is explained first.
    """
    token = good_tokens(subject.denial.tokens)[0]
    if not targets:
        provider = find_provider(provider_arn(token, opened.account), subject.context, opened)
        yield provider.step
        yield _verdict_alone(token, provider, [], "", opened.account, several=False)
        if provider.missing:
            yield _make_provider(token, provider)
        return
    looked = _looked_at(subject, token, targets, opened)
    refusing = [each for each in looked if not each.takes_it]
    yield from _compared(token, refusing or looked, opened.reader, also=[] if refusing == looked else looked)
    if not refusing:
        names = listing([each.name for each in looked])
        yield Verdict(
            ALLOWED_NOW,
            confidence(Ground.NOTHING),
            f"Every role that trusts {token.issuer} would accept this token: {names}. Add to the text which role "
            "the call requested, or whether this is the refused token.",
            (_which(looked),),
        )
        return
    nearest = refusing[0]
    verdict = _refusal(token, nearest)
    if len(refusing) > 1:
        names = listing([each.name for each in refusing])
        verdict = replace(
            verdict,
            confidence=at_most_likely(verdict.confidence),
            summary=(
                f"The text does not say which role the call requested; of {names}, {nearest.name} is nearest. "
                f"{verdict.summary}"
            ),
            questions=(*verdict.questions, _which(refusing)),
        )
    yield verdict
    yield from _fixes(token, refusing)


def objection_parts(subject: Subject, account: Account) -> Iterator[Part]:
    """Yield a verdict if the token itself rules out the known role."""
    for token in good_tokens(subject.denial.tokens)[:1]:
        if objection := not_offered(token, subject.resource or "", account):
            yield offer_step(token, subject.resource or "", account)
            yield _not_offered_verdict(token, subject.resource or "", objection)
            yield _offer(token, subject.resource or "", provider_arn(token, account))


def _looked_at(subject: Subject, token: Token, targets: tuple[Target, ...], opened: OpenedAccount) -> list[Looked]:
    """Return the roles that accept the token, then the others, those that come closest first."""
    ranked = sorted(targets, key=lambda target: _distance(subject, target, opened.account))
    found = []
    for target in ranked[:_LOOKED_AT]:
        case, finding = look_at(subject, target, opened)
        found.append(Looked(target, case, finding, not_offered(token, target.role.arn, opened.account)))
    return sorted(found, key=lambda each: (not each.takes_it, bool(each.objection)))


def _distance(subject: Subject, target: Target, account: Account) -> int:
    """Return how far a role's trust policy is from accepting the token; 0 if it does.

    Only the trust policy is evaluated, which is fast enough for every role of an account.
    """
    if target.role.trust is None or subject.action is None:
        return 1_000_000
    request = Request(
        subject.principal or target.principal,
        subject.action,
        target.role.arn,
        account.id,
        {**target.context, **subject.context},
    )
    try:
        decision = explain(request, Policies(resource=NamedPolicy(target.role.trust, "trust policy", target.role.arn)))
    except ValueError:
        return 1_000_000
    if decision.allowed:
        return 0
    if decision.outcome is Outcome.EXPLICIT_DENY or not decision.near_misses:
        return 500_000
    return min(_short_of(miss) for miss in decision.near_misses)


def _short_of(miss: NearMiss) -> int:
    if not miss.conditions:
        return 10_000 + miss.distance
    return sum(apart(failure.had or (), failure.wanted) for failure in miss.conditions)


def _compared(
    token: Token, looked: list[Looked], reader: AccountReader, also: list[Looked] | None = None
) -> Iterator[Step]:
    """Yield the table for the first role, and a line for each of the others."""
    first, now = looked[0], reader.clock()
    yield claims_step(token, first.case, first.finding, now)
    others = [each for each in (also or looked) if each is not first]
    if not others:
        return
    evidence = tuple(
        Evidence(
            text=f"{each.name}: {_what(each)}",
            layer="trust",
            policy=each.name,
            arn=each.target.role.arn,
            statement=each.finding.near.statement if each.finding.near else None,
            element=each.finding.near.element if each.finding.near else None,
            document=each.target.role.trust,
        )
        for each in others
    )
    takers = [each.name for each in others if each.takes_it]
    said = f"{listing(takers)} would accept it" if takers else "none of them would accept it"
    more = f"; {first.name} is nearest" if not first.takes_it else ""
    status = Status.PASS if takers else Status.UNKNOWN
    yield Step("candidates", "The other roles that trust the issuer", status, f"{said}{more}", evidence)


def _what(each: Looked) -> str:
    if each.objection:
        return each.objection
    if each.takes_it:
        return "would accept it"
    return near_words(each.finding.near) if each.finding.near else each.finding.cause


def _verdict_alone(
    token: Token, provider: ProviderFound, looked: list[Looked], too_late: str, account: Account, *, several: bool
) -> Verdict:
    what = f"this {token.kind.value}" + (" (the first of them)" if several else "")
    after = _in_a_word(token, looked)
    if too_late:
        return Verdict("credentials.invalid", confidence(Ground.RULE), f"{too_late}: STS refuses it.{after}")
    if provider.missing:
        return Verdict(
            "trust.provider-missing",
            confidence(Ground.READ),
            f"Account {account.id} has no identity provider for {token.issuer or 'its issuer'}: STS refuses {what} "
            f"before it evaluates any trust policy.{after}",
        )
    if provider.presented:
        return Verdict("credentials.invalid", confidence(Ground.READ), f"{audience_words(token, provider)}{after}")
    if not looked and (missing := _unread_roles(account)):
        return Verdict(
            UNREADABLE,
            confidence(Ground.NOTHING),
            f"No trust policy that can be read names {token.issuer or 'its issuer'}, and {missing}. So it cannot "
            f"be determined from here which role would accept {what}.{_instead(token, account)}",
        )
    if not looked:
        return Verdict(
            "trust.principal-mismatch",
            confidence(Ground.READ if provider.step.status is Status.PASS else Ground.EVALUATED),
            f"No role of account {account.id} that can be read trusts {token.issuer or 'its issuer'}: none would "
            f"accept {what}.{_instead(token, account)}",
        )
    takers = [each.name for each in looked if each.takes_it]
    if takers:
        verb = "takes" if len(takers) == 1 else "take"
        return Verdict(
            ALLOWED_NOW, confidence(Ground.EVALUATED), f"{listing(takers)} {verb} {what}, as far as can be read."
        )
    verdict = _refusal(token, looked[0])
    if len(looked) > 1:
        names = listing([each.name for each in looked])
        verdict = replace(
            verdict,
            confidence=at_most_likely(verdict.confidence),
            summary=f"None of {names} accepts {what}; {looked[0].name} is nearest. {verdict.summary}",
        )
    return verdict


def _unread_roles(account: Account) -> str:
    """Return a clause about what is unknown of the account's roles; "" if all roles and trust policies were read."""
    if "roles" in account.incomplete or not account.roles:
        return "the list of roles is incomplete"
    unread = sum(1 for role in account.roles if role.trust is None)
    return f"{unread} of {len(account.roles)} trust policies could not be read" if unread else ""


def _in_a_word(token: Token, looked: list[Looked]) -> str:
    """Return a sentence on what the trust policies would decide about the token's claims; "" without roles.

    The sentence follows a reason that AWS checks before the trust policies, such as an expired token.
    """
    if not looked:
        return ""
    takers = [each.name for each in looked if each.takes_it]
    if takers:
        return f" {listing(takers)} would accept its claims."
    first = looked[0]
    nearest = "" if len(looked) == 1 else " (the nearest)"
    return f" A new token with the same claims would be refused too: {first.name}{nearest}: {_what(first)}."


def _instead(token: Token, account: Account) -> str:
    """Return a sentence about a kind of token that is often mistaken for another, or ""."""
    if token.issuer.startswith("cognito-idp."):
        return (
            " This is a user pool's token. Roles trust tokens of cognito-identity.amazonaws.com, for which an "
            "identity pool exchanges the user pool's token."
        )
    providers = [provider.url for provider in account.oidc_providers or ()]
    near = [url for url in providers if token.issuer.partition("/")[0] == url.partition("/")[0]]
    return f" The account has {listing(near)}: another issuer on the same host." if near else ""


def _refusal(token: Token, looked: Looked) -> Verdict:
    if looked.objection:
        return _not_offered_verdict(token, looked.target.role.arn, looked.objection)
    return verdict_of(looked.finding, looked.case, Changes())


def _not_offered_verdict(token: Token, role: str, objection: str) -> Verdict:
    return Verdict("credentials.invalid", confidence(Ground.READ), f"{name_of(role)}: {objection}.")


def _which(looked: list[Looked]) -> Question:
    return Question("role", tuple(each.name for each in looked), "the role to assume")


def _fixes(token: Token, looked: list[Looked]) -> Iterator[Fix]:
    if not looked or looked[0].takes_it:
        return
    first = looked[0]
    if first.objection:
        yield _offer(token, first.target.role.arn, first.target.principal or "")
        return
    yield from fixes_for(first.finding, first.case, Changes(), (), Helpers())


def new_token(token: Token) -> Fix:
    """Return the fix to get a new token: an expired one cannot be renewed."""
    how = {
        True: (
            "Sign in at the identity provider again, because a SAML response is valid only once, and only for minutes."
        ),
        False: (
            "Request a new token from the issuer right before the call, because CI systems' tokens are valid only "
            "for minutes."
        ),
    }[token.kind is TokenKind.SAML]
    return Fix(f"Make a new {token.kind.value}", Who.CALLER, Note(token.issuer or "the issuer", how))


def _make_provider(token: Token, provider: ProviderFound) -> Fix:
    arn = provider.step.evidence[0].arn or ""
    if token.kind is TokenKind.SAML:
        return make_saml_provider(arn)
    return make_oidc_provider(arn, token.issuer, *token.claim("aud")[:1])


def _offer(token: Token, role: str, provider: str) -> Fix:
    if token.kind is TokenKind.JWT:
        said = f"Let the issuer add {role} to the claim https://aws.amazon.com/roles, or leave that claim out."
    else:
        said = (
            f"In the identity provider's application for AWS, let the attribute "
            f"https://aws.amazon.com/SAML/Attributes/Role have the value {role},{provider or 'PROVIDER-ARN'} for this "
            "user (role first or provider first, no blanks)."
        )
    title = f"Let the identity provider offer {name_of(role)}"
    return Fix(title, Who.RESOURCE_OWNER, Note(token.issuer or "the identity provider", said))
