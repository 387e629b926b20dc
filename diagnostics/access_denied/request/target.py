"""Find the role to be assumed, and the principal that was to assume it, if the text does not name them.

"Not authorized to perform sts:AssumeRoleWithWebIdentity" names neither role nor token; "The role … cannot be assumed by
Lambda" often names no role. Other sources are role names in the surrounding text, the role that the operator views,
CloudTrail's record of the failed call, and finally the account's own trust policies, which yield candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from diagnostics.access_denied.evidence.history import TrailCall, calls
from diagnostics.access_denied.request.own_claims import OwnClaims, own_claims, subject_keys
from diagnostics.access_denied.request.resources import is_cut_off, without_end
from diagnostics.access_denied.request.same_call import contradiction, other_run, same_request
from diagnostics.access_denied.request.subject import SAML, WEB_IDENTITY, Context, Subject, roles_spoken_of
from diagnostics.access_denied.request.trust_principals import federated_of, trusted_services
from diagnostics.access_denied.token.roles import provider_arn, roles_trusting, same_issuer
from diagnostics.claims.kinds import Exists
from diagnostics.diagnosis import Evidence, Question, Status, Step
from diagnostics.text.tokens.mentions import mentioned_saml_endpoint, mentioned_subjects
from diagnostics.text.tokens.token import Token
from iam.account import Account, Role
from iam.ages import short_age
from iam.arn import account_of, name_of
from iam.claims import AskedValues, Keys, Source, Sourced, degraded, sourced
from iam.lazy_pattern import regex
from iam.passed_roles import KIN_SERVICES
from iam.policy.edits import as_list
from iam.policy.named_principals import principals
from iam.policy.principal import ROLES_ANYWHERE
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

MOST_CANDIDATES = 12

# Words for a kind of client, and what the provider's ARN or name then contains.
_CLIENTS = (
    (regex(r"assume role with OIDC|configure-aws-credentials|ACTIONS_ID_TOKEN|github", re.IGNORECASE), "github"),
    (regex(r"gitlab|CI_JOB_JWT", re.IGNORECASE), "gitlab"),
    (regex(r"cognito|identity pool|NotAuthorizedException|guest user", re.IGNORECASE), "cognito-identity"),
    (
        regex(r"WebIdentityErr|serviceaccount|AWS_WEB_IDENTITY_TOKEN_FILE|\bpods?\b|kube|\beks\b", re.IGNORECASE),
        "oidc.eks",
    ),
)
_GITHUB_ACTION = regex(r"\bassum(?:e|ing) role with OIDC\b|\bconfigure-aws-credentials\b", re.IGNORECASE)
"""Words of GitHub's action, whose token is never one of Cognito, of EKS or of GitLab."""
_NEVER_GITHUB = regex(r"cognito-identity|/oidc\.eks\.|gitlab")
_TRUST_ANCHOR = regex(r"arn:[\w-]+:rolesanywhere:[\w-]+:\d{12}:trust-anchor/[\w-]+")
_ANYWHERE = regex(r"\bAccessDeniedException\b.*\bUnable to assume role for\b", re.DOTALL)
# CloudTrail's name of the role parameter in calls that pass a role to a service.
_ROLE_PARAMETERS = regex(r"role(arn)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target(AskedValues):
    """A role that may be the one to be assumed.

    ``found`` says how it was found and ``source`` where; ``who`` is the principal that was to assume it, and ``keys``
    are the condition keys of the recorded call ``event``.
    """

    role: Role
    source: Source
    found: str
    who: Sourced[str] | None = None
    keys: Keys = field(default_factory=dict)
    event: TrailCall | None = None


@dataclass(frozen=True, slots=True)
class TargetsFound:
    """The roles that may be meant, and the step that says how they were found.

    ``other_runs`` are questions about recorded runs that something in the text contradicts.
    """

    targets: tuple[Target, ...]
    step: Step
    other_runs: tuple[Question, ...] = ()


def find_targets(subject: Subject, opened: OpenedAccount, hint: str | None) -> TargetsFound:
    """Return the roles that may be the one to be assumed: only one if enough is known."""
    low = (subject.action or "").lower()
    if _names_another_role(subject, opened.account):
        said = f"the text names {subject.resource}, which is not a role of account {opened.account.id}"
        return TargetsFound((), Step("role", TITLE, Status.UNKNOWN, said))
    named = _named(subject, opened, hint)
    seen, other_runs = _possible_calls(subject, list(_seen(subject, opened, low)), named, opened.account.now)
    if named is not None:
        event = next((target for target in _one_each(seen) if target.role.name == named.role.name), None)
        if event is not None:
            named = replace(named, who=_surer(named.who, event.who), keys=event.keys, event=event.event)
        return TargetsFound((named,), _step((named,), ""), other_runs)
    if token := next((token for token in subject.denial.tokens if not token.broken), None):
        # The token is available: CloudTrail helps only if it contains a call with this same token.
        seen = [target for target in seen if _same_subject(target.context, token)]
        if not seen:
            return TargetsFound(*_trusting(token, opened.account))
    if newest := tuple(_one_each(_narrowed(subject, seen, opened.account))):
        return TargetsFound(newest, _step(newest, ""), other_runs)
    candidates = tuple(_candidates(subject, opened.account, low))
    return TargetsFound(
        candidates, _step(candidates, "CloudTrail has no such call, or cannot be read from here"), other_runs
    )


def _names_another_role(subject: Subject, account: Account) -> bool:
    """Return whether the text contains the ARN of a role that this account does not have.

    Then no other role can be meant.
    """
    on = subject.on
    if on is None or on.source not in _OWN_WORDS:
        return False
    return on.satisfies(lambda arn: arn.startswith("arn:") and ":role/" in arn and account.role(arn) is None)


_OWN_WORDS = (Source.TEXT, Source.COMMAND, Source.TEMPLATE, Source.CLOUDTRAIL, Source.AWS_RECORD, Source.OPERATOR)


def _possible_calls(
    subject: Subject, seen: list[Target], named: Target | None, now: datetime
) -> tuple[list[Target], tuple[Question, ...]]:
    """Return the recorded calls that may be the call that the text is about.

    The second value is a question about the newest call that the text contradicts, if it is for a role that may be
    meant.
    """
    if mine := [target for target in seen if target.event and same_request(target.event, subject.denial.text)]:
        return mine, ()
    claims = own_claims(subject.denial.text)
    possible: list[Target] = []
    questions: list[Question] = []
    for target in seen:
        if target.event is None or not contradiction(target.event, subject, _subjects(target)):
            possible.append(target)
        elif not questions and _comparable(target, named, claims):
            said = other_run(target.event, target.role.name, _subjects(target), now)
            questions.append(Question("run", _subjects(target) or (target.role.name,), said))
    return possible, tuple(questions)


def _comparable(target: Target, named: Target | None, claims: OwnClaims) -> bool:
    """Return whether a recorded call may come from another run of the program that made the call in the text."""
    if named is not None:
        return named.role.name == target.role.name
    heads = {each.partition(":")[0] for each in claims.subjects}
    heads |= {"repo"} if claims.repository or claims.end else set()
    return any(subject.partition(":")[0] in heads for subject in _subjects(target))


def _subjects(target: Target) -> tuple[str, ...]:
    """Return the subjects in the token of a recorded call."""
    return tuple(value for key, values in target.context.items() if key.lower().endswith(":sub") for value in values)


def _surer(one: Sourced[str] | None, other: Sourced[str] | None) -> Sourced[str] | None:
    """Return the more certain of two values: a known one, else a guess."""
    return other if one is None or (other is not None and other.known and not one.known) else one


def targets_of(
    token: Token, subject: Subject, opened: OpenedAccount, hint: str | None
) -> tuple[tuple[Target, ...], Step]:
    """Return the roles that a token without a denial may be for.

    That is the role that the text names, or else all that trust its issuer.
    """
    if named := _named(subject, opened, hint):
        return (named,), _step((named,), "")
    return _trusting(token, opened.account)


def _trusting(token: Token, account: Account) -> tuple[tuple[Target, ...], Step]:
    found = tuple(
        Target(
            role,
            Source.GUESS,
            "its trust policy names the token's issuer",
            Sourced(provider, Source.TEXT, token.issuer),
        )
        for role, provider in roles_trusting(token, account)
    )
    return found, _step(found, "no trust policy names the token's issuer")


def _named(subject: Subject, opened: OpenedAccount, hint: str | None) -> Target | None:
    """Return the role that the text names, or else the one that the operator views."""

    def target(role: Role, source: Source, how: str) -> Target:
        role = _whole(role, opened.reader)
        return Target(role, source, how, _principal(subject, role, opened.account))

    if subject.on is not None and subject.resource is not None:
        role = opened.account.role(subject.resource) or opened.account.role(name_of(subject.resource))
        if role is not None and account_of(subject.resource) in (None, opened.account.id):
            return target(role, subject.on.source, "the text names it")
    spoken = roles_spoken_of(subject.denial.text, opened.account)
    spoken = tuple(each for each in spoken if _may_be_asked(each, subject))
    if len(spoken) == 1:
        role = opened.account.role(spoken[0])
        assert role is not None
        return target(role, Source.TEXT, "the text contains its name")
    role = opened.account.role(hint) if hint else None
    if role is not None:
        return target(role, Source.OPERATOR, "it is the role that you are looking at")
    return None


def _may_be_asked(name: str, subject: Subject) -> bool:
    """Return whether the role of this name may be the requested one.

    If the text shows only the beginning of the requested role's ARN, roles with other names, such as the caller's, are
    excluded.
    """
    asked = subject.denial.resource or ""
    return not is_cut_off(asked) or name.startswith(name_of(without_end(asked)))


def _whole(role: Role, reader: AccountReader) -> Role:
    return role if role.trust is not None else reader.role(role.name).value or role


def _seen(subject: Subject, opened: OpenedAccount, low: str) -> Iterator[Target]:
    """Yield the failed calls of this kind in CloudTrail, newest first."""
    names = [subject.denial.operation] if subject.denial.operation else []
    if low in (WEB_IDENTITY, SAML, "sts:assumerole") and not subject.denial.claims_trust:
        names = [(subject.action or "").partition(":")[2]]
    for name in names:
        for call in calls(opened.reader, event_name=name):
            if not call.error:
                continue
            role = _role_in(call, opened.account)
            if role is None or not _may_be_asked(role.name, subject):
                continue
            age = short_age(opened.account.now - call.event.time)
            principal, context = identity_in(call)
            record = f"{call.event.name} {call.event.time:%Y-%m-%dT%H:%M:%SZ}"
            who = Sourced(principal, Source.CLOUDTRAIL, record) if principal else None
            if who is None or subject.denial.claims_trust:
                who = _principal(subject, role, opened.account)
            yield Target(
                _whole(role, opened.reader),
                Source.CLOUDTRAIL,
                f"CloudTrail has a failed {name} with it, {age} ago",
                who,
                sourced(context, Source.CLOUDTRAIL, record),
                call,
            )


def _role_in(call: TrailCall, account: Account) -> Role | None:
    for value in _role_values(call.parameters):
        role = account.role(value) or account.role(name_of(value))
        if role is not None:
            return role
    for name in call.event.resources:
        role = account.role(name) or account.role(name_of(name))
        if role is not None:
            return role
    return None


def _role_values(value: Any) -> Iterator[str]:
    """Yield the values of parameters named ``role``, ``roleArn``, ``executionRoleArn`` …, at any depth of nesting."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and _ROLE_PARAMETERS.search(key):
                yield inner
            else:
                yield from _role_values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _role_values(inner)


def identity_in(call: TrailCall) -> tuple[str | None, Context]:
    """Return the provider and the claims in CloudTrail's userIdentity (CloudTrail guide, "userIdentity element").

    For a web identity, ``principalId`` is ``PROVIDER:AUDIENCE:SUBJECT``. SAML calls have the endpoint in ``recipient``.
    """
    identity = call.identity
    provider = identity.get("identityProvider")
    provider = provider if isinstance(provider, str) else None
    context: dict[str, tuple[str, ...]] = {}
    kind = identity.get("type")
    if kind == "WebIdentityUser" and provider:
        issuer = provider.partition(":oidc-provider/")[2] or provider
        subject = identity.get("userName")
        whole = identity.get("principalId")
        if isinstance(whole, str) and whole.startswith(f"{provider}:"):
            rest = whole[len(provider) + 1 :]
            audience, _, inside = rest.partition(f":{subject}") if isinstance(subject, str) else rest.partition(":")
            if audience and not inside:
                context[f"{issuer}:aud"] = (audience,)
        if isinstance(subject, str) and subject:
            context[f"{issuer}:sub"] = (subject,)
    if kind == "SAMLUser" or "saml" in call.event.name.lower():
        # For SAML, the identity provider in the record is the issuer's own name; a parameter contains the provider in
        # IAM.
        arn = call.parameters.get("principalArn")
        provider = arn if isinstance(arn, str) else None
        context.update(_texts(call.parameters, {"recipient": "saml:aud", "audience": "saml:aud"}))
    for source in (call.parameters.get("claims"), call.record.get("additionalEventData")):
        if isinstance(source, dict):
            context.update(_claims(source, provider))
    context.update(_parameters(call))
    return provider, context


def _claims(source: dict[str, Any], provider: str | None) -> dict[str, tuple[str, ...]]:
    issuer = provider.partition(":oidc-provider/")[2] or provider if provider else ""
    found = {}
    for key, value in source.items():
        values = tuple(str(entry) for entry in as_list(value) if isinstance(entry, str | int))
        if not values:
            continue
        if ":" in key:
            found[key] = values
        elif issuer and key in ("sub", "aud", "amr"):
            found[f"{issuer}:{key}"] = values
        elif key in ("recipient", "SAMLRecipient", "samlRecipient"):
            found["saml:aud"] = values
    return found


def _texts(source: dict[str, Any], names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: (source[name],) for name, key in names.items() if isinstance(source.get(name), str)}


def _parameters(call: TrailCall) -> dict[str, tuple[str, ...]]:
    """Return the condition keys from AssumeRole's parameters.

    They are the external ID, the session name, the source identity and session tags.
    """
    parameters = call.parameters
    found = _texts(
        parameters,
        {
            "externalId": "sts:ExternalId",
            "roleSessionName": "sts:RoleSessionName",
            "sourceIdentity": "sts:SourceIdentity",
        },
    )
    for tag in as_list(parameters.get("tags")):
        if isinstance(tag, dict) and isinstance(tag.get("key"), str):
            found[f"aws:RequestTag/{tag['key']}"] = (str(tag.get("value", "")),)
    return found


def call_parameters(call: TrailCall) -> Context:
    """Return the condition keys that the parameters of a recorded AssumeRole call contain."""
    return _parameters(call)


def principal_without_role(subject: Subject, account: Account) -> Sourced[str] | None:
    """Return the principal that was to assume a role, if the text alone identifies it."""
    service = subject.denial.service
    if subject.who is None and subject.denial.claims_trust and service:
        suffix = ".cn" if account.partition == "aws-cn" and service in ("ec2",) else ""
        return Sourced(f"{service}.amazonaws.com{suffix}", Source.TEXT, service)
    return subject.who


def _principal(subject: Subject, role: Role, account: Account) -> Sourced[str] | None:
    """Return the principal that was to assume the role.

    It is the service that reports the error, or the trust policy's provider.
    """
    if (who := principal_without_role(subject, account)) is not None:
        return who
    if (found := _ANYWHERE.search(subject.denial.text)) and trusted_services(role) == (ROLES_ANYWHERE,):
        return Sourced(ROLES_ANYWHERE, Source.TEXT, found[0])
    providers = federated_of(role)
    for token in subject.denial.tokens:
        if not token.broken:
            # The provider that the policy names is used only if it is the token's issuer: the token's claims come from
            # its issuer.
            own = next((provider for provider in providers if same_issuer(provider, token)), "")
            issuer = own or provider_arn(token, account)
            return Sourced(issuer, Source.TEXT, token.issuer) if issuer else None
    for provider in providers:
        if source := _source_of_claims(provider, subject.keys):
            return Sourced(provider, source, provider)
    for pattern, mark in _CLIENTS:
        if (found := pattern.search(subject.denial.text)) and (meant := [one for one in providers if mark in one]):
            return Sourced(meant[0], Source.TEXT, found[0])
    # The trust policy says whom the role trusts, and the text does not say who called.
    if not providers:
        return None
    return Sourced(providers[0], Source.GUESS if providers[1:] else Source.ACCOUNT, role.name, tuple(providers[1:]))


def _same_subject(recorded: Context, token: Token) -> bool:
    key = f"{token.prefix}:sub".lower()
    return any(name.lower() == key and values == token.claim("sub") for name, values in recorded.items())


def _source_of_claims(provider: str, keys: Keys) -> Source | None:
    """Return the source of this provider's claims among the condition keys, or None if there are none."""
    issuer = (provider.partition(":oidc-provider/")[2] or provider).lower()
    prefix = "saml:" if ":saml-provider/" in provider else f"{issuer}:"
    return next((had.source for key, had in keys.items() if key.lower().startswith(prefix)), None)


def _gives_claims(keys: Keys) -> bool:
    """Return whether the condition keys include claims of an OIDC provider's token.

    The names of such keys begin with the token's issuer
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
    """
    return any("." in key.partition(":")[0] and key.lower().endswith(_CLAIMS) for key in keys)


_CLAIMS = (":sub", ":aud", ":amr", ":oaud")


def _narrowed(subject: Subject, seen: list[Target], account: Account) -> list[Target]:
    """Return the targets that agree with the issuer in the context, or else with what the text says."""
    matching = [target for target in seen if target.principal and _source_of_claims(target.principal, subject.keys)]
    if matching or _gives_claims(subject.keys):
        return matching  # none of the roles trusts the provider of these claims, so it is none of these roles
    if _GITHUB_ACTION.search(subject.denial.text):
        seen = [target for target in seen if not _NEVER_GITHUB.search(target.principal or "")]
    for pattern, mark in _CLIENTS:
        if pattern.search(subject.denial.text):
            meant = [target for target in seen if target.principal and mark in target.principal]
            if meant:
                return meant
    subjects = mentioned_subjects(subject.denial.text)
    meant = [
        target for target in seen if any(value in subjects for values in target.context.values() for value in values)
    ]
    return meant or seen


def _one_each(targets: list[Target]) -> list[Target]:
    """Return one target for each role, the newest first and at most `MOST_CANDIDATES`.

    Values that differ between recorded calls for one role are guesses: it is unknown which of the calls it was.
    """
    of_role: dict[str, list[Target]] = {}
    for target in targets:
        of_role.setdefault(target.role.arn, []).append(target)
    return [_as_far_as_agreed(each) for each in of_role.values()][:MOST_CANDIDATES]


def _as_far_as_agreed(calls: list[Target]) -> Target:
    newest = calls[0]
    keys = dict(newest.keys)
    for key, had in newest.keys.items():
        values = dict.fromkeys(each.context[key] for each in calls[1:] if key in each.context)
        others = tuple(value for value in values if not had.satisfies(value.__eq__))
        if others:
            keys[key] = degraded(had, Source.GUESS, others)
    return replace(newest, keys=keys)


def _candidates(subject: Subject, account: Account, low: str) -> Iterator[Target]:
    """Yield the roles that may be meant, according to the principals in their trust policies; the likeliest first."""
    if subject.denial.claims_trust and subject.denial.service:
        yield from _service_candidates(subject, account)
        return
    if low not in (WEB_IDENTITY, SAML):
        return
    kind = ":saml-provider/" if low == SAML else None
    found = []
    for role in (role for role in account.roles if not role.service_owned):
        for provider in federated_of(role):
            saml = ":saml-provider/" in provider
            if saml is (kind is not None):
                found.append(
                    Target(
                        role,
                        Source.GUESS,
                        "its trust policy names such a provider",
                        Sourced(provider, Source.GUESS, role.name),
                    )
                )
    yield from _narrowed(subject, found, account)[:MOST_CANDIDATES]


def _service_candidates(subject: Subject, account: Account) -> Iterator[Target]:
    """Yield roles that seem to be made for the service, the likeliest first.

    The order depends first on a related service in the trust policy, then on a word from the text in the role's name.
    The service's name in the role's name or attached policies comes next, then whether the role was never used. Roles
    that trust a person or an identity provider are not candidates, nor are roles that trust only other services, unless
    a policy made for this service is attached.
    """
    service = subject.denial.service or ""
    principal = f"{service}.amazonaws.com"
    short = service.removesuffix("-tasks")
    kin = {f"{each}.amazonaws.com" for each in KIN_SERVICES.get(service, ())}
    words = {word.lower() for word in re.findall(r"[A-Za-z0-9][\w-]{3,63}", subject.denial.text)}
    scored = []
    for role in account.roles:
        if role.service_owned:
            continue
        score = 0
        services = set(trusted_services(role))
        attached = " ".join(policy.name for policy in role.attached or ()).lower()
        if _named_kinds(role) - {"Service"}:
            continue
        if principal in services:
            # The role trusts the service: either a condition is not met, or it is not the requested role.
            score += 2 if _has_conditions(role) else -1
        elif services & kin:
            score += 4
        elif services and short not in attached:
            continue
        name = role.name.lower()
        score += 2 if short in name else 0
        score += 2 if short in attached else 0
        score += 3 if any(len(word) > 5 and (word in name) and word != short for word in words) else 0
        score += 1 if role.last_used is not None and role.last_used.when is None else 0
        if score >= 3:
            scored.append((score, role))
    best = max((score for score, _ in scored), default=0)
    for score, role in sorted(scored, key=lambda pair: (-pair[0], pair[1].name))[:MOST_CANDIDATES]:
        if score == best or score >= 4:
            who = Sourced(principal, Source.TEXT, service)
            yield Target(role, Source.GUESS, f"its name, policies and use fit {service}", who)


def _named_kinds(role: Role) -> set[str]:
    """Return the kinds of principals in a trust policy's Allow statements (``AWS``, ``Service``, ``Federated``)."""
    return {kind for kind, _ in principals(role.trust)}


def _has_conditions(role: Role) -> bool:
    return any(statement.conditions for statement in role.trust_statements)


def extra_context(subject: Subject, account: Account) -> Keys:
    """Return condition keys that the text states: a subject, a SAML endpoint, or a Roles Anywhere trust anchor."""
    found: dict[str, tuple[str, ...]] = {}
    endpoint = mentioned_saml_endpoint(subject.denial.text)
    if endpoint and (subject.action or "").lower() == SAML:
        found["saml:aud"] = (endpoint,)
    anchors = set(_TRUST_ANCHOR.findall(subject.denial.text))
    if subject.denial.claims_trust and len(anchors) == 1:
        found["aws:SourceArn"] = (anchors.pop(),)
    subjects = subject_keys(subject.denial.text, account) if (subject.action or "").lower() == WEB_IDENTITY else {}
    return {**subjects, **sourced(found, Source.TEXT)}


TITLE = "Which role"


def _step(targets: tuple[Target, ...], otherwise: str) -> Step:
    title = TITLE
    evidence = tuple(
        Evidence(
            text=f"{target.role.name}: {target.found}",
            layer="trust",
            arn=target.role.arn,
            document=target.role.trust,
            call="cloudtrail:LookupEvents" if target.event else None,
        )
        for target in targets
    )
    if not targets:
        return Step("role", title, Status.UNKNOWN, f"the text names none; {otherwise}, and no role fits")
    if len(targets) == 1:
        guessed = targets[0].source is Source.GUESS
        said = f"{'perhaps ' if guessed else ''}{targets[0].role.name}: {targets[0].found}"
        # The role that the operator views does not show which ARN the program requested.
        named = () if targets[0].source is Source.OPERATOR else (Exists("role", targets[0].role.arn),)
        return Step("role", title, Status.UNKNOWN if guessed else Status.PASS, said, evidence, asserts=named)
    names = listing([target.role.name for target in targets])
    return Step("role", title, Status.UNKNOWN, f"one of {len(targets)}: {names}", evidence)


def with_target(subject: Subject, target: Target) -> Subject:
    """Return the subject with the role that was found, and the condition keys that were found with it."""
    on = Sourced(target.role.arn, target.source, target.found)
    return replace(subject, who=subject.who or target.who, on=on).with_keys(target.keys)
