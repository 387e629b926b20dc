"""Who may assume a role: strangers, other accounts, services that act for anybody, and what is no longer there.

Each rule asks the engine whether somebody who should not get in does, with what such a caller can bring along: tags,
session names and MFA are a stranger's own to choose, an organization or an external ID is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagnostics.access_denied.edits import as_list, as_written, with_changed
from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note, TrustChange, Who
from diagnostics.review.finding import Finding, Rule, Severity
from diagnostics.review.subject import ReviewedAccount, evidence, statements, trust_evidence
from iam.account import Role
from iam.arn import Arn
from iam.facts.service_roles.lookup import sends_account, source_of
from iam.facts.service_roles.service_role import region_in_arn
from iam.foreign_text import shortened
from iam.gate.checks.contracts import role_breaches
from iam.policy.compiled import CompiledStatement
from iam.policy.decision import Layer
from iam.policy.document import Document
from iam.policy.match import has_wildcard, overlap
from iam.policy.principal import caller
from iam.policy.request import NamedPolicy
from iam.policy.unknown_keys import Judged, Possibility
from iam.questions.change.effects import ANOTHER_ACCOUNT
from iam.services import service_name
from iam.words import listing

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
PUBLIC = Rule(
    "trust.public",
    Severity.CRITICAL,
    "Anyone may assume the role",
    _USER_GUIDE + "reference_policies_elements_principal.html#principal-anonymous",
)
EXTERNAL = Rule(
    "trust.external-without-id",
    Severity.HIGH,
    "Another account may assume the role without an external ID",
    _USER_GUIDE + "id_roles_common-scenarios_third-party.html",
)
DEPUTY = Rule(
    "trust.confused-deputy",
    Severity.MEDIUM,
    "A service may assume the role for any account",
    _USER_GUIDE + "confused-deputy.html",
)
ORPHAN = Rule(
    "trust.orphan-principal",
    Severity.MEDIUM,
    "The trust policy names a principal that was deleted",
    _USER_GUIDE + "reference_policies_elements_principal.html#principal-roles",
)
PROVIDER_MISSING = Rule(
    "trust.provider-missing",
    Severity.MEDIUM,
    "The trust policy names an identity provider that does not exist",
    _USER_GUIDE + "id_roles_providers_create_oidc.html",
)
CONTRACT = Rule(
    "trust.service-contract",
    Severity.LOW,
    "The role does not fit the service that assumes it",
    _USER_GUIDE + "id_roles_create_for-service.html",
)

_ASSUME = "sts:AssumeRole"
# What a caller chooses for itself: a condition on these keeps nobody out.
_CHOSEN = (
    "aws:principaltag/",
    "aws:requesttag/",
    "aws:tagkeys",
    "aws:multifactorauth",
    "aws:useragent",
    "aws:referer",
    "aws:requestedregion",
    "aws:principaltype",
    "sts:rolesessionname",
    "sts:sourceidentity",
    "sts:transitivetagkeys",
    "sts:durationseconds",
)


def _not_chosen(key: str) -> bool:
    return not key.startswith(_CHOSEN)


def _allows(trust: NamedPolicy) -> Iterator[CompiledStatement]:
    return (one for one in statements(trust, Layer.RESOURCE) if not one.deny and one.principal is not None)


def _context_of_strangers() -> Iterator[Mapping[str, tuple[str, ...]]]:
    """As a caller without an organization, and as one of another organization who tries any external ID."""
    here = {"aws:SourceIp": ("198.51.100.77",), "aws:MultiFactorAuthPresent": ("true",)}
    yield here
    yield {**here, "aws:PrincipalOrgID": ("o-rolescopeprobe",), "sts:ExternalId": ("rolescope-probe",)}


def _stranger_let_in(reviewed: ReviewedAccount, role: Role, trust: NamedPolicy) -> tuple[str, Possibility] | None:
    """An account that is not named, or a pattern of accounts, from which somebody gets in."""
    for context in _context_of_strangers():
        for account, found in reviewed.others_let_in(role, trust, _ASSUME, context, _not_chosen):
            if not account.isdigit():
                return account, found
    return None


def _why_public(trust: NamedPolicy) -> str:
    """Why strangers get in, where an Allow for everybody has no condition, or only one that any account can meet."""
    patterns = [
        value
        for one in _allows(trust)
        if one.principal is not None and (one.principal.everyone or one.principal.negated)
        for condition in one.conditions
        if condition.key == "aws:principalarn"
        for value in condition.block.values
    ]
    if patterns:
        return f"a role or user named as {listing(patterns, 'or')} can be created in any of them"
    return "no condition of its trust policy excludes strangers"


def public(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """A principal of any account at all gets in."""
    trust = reviewed.trust(role)
    if trust is None or not any(
        one.principal is not None and (one.principal.everyone or one.principal.negated) for one in _allows(trust)
    ):
        return
    let_in = _stranger_let_in(reviewed, role, trust)
    if let_in is None:
        return
    account, found = let_in
    who = "AWS account" if account == ANOTHER_ACCOUNT else f"AWS account whose number is like {account}"
    proof = [trust_evidence(one, f"allows any {who}") for one in _granting(found)]
    note = (
        "Name the accounts, roles or services that need the role as Principal. To allow an entire organization, "
        "keep the wildcard and add a condition on aws:PrincipalOrgID."
    )
    yield PUBLIC.finding(
        role.arn,
        f"Any {who} can assume {role.name}: {_why_public(trust)}.",
        proof,
        hangs_on=reviewed.unread_above(Layer.RCP),
        fixes=[Fix("Name who may assume the role", Who.YOU, Note(role.arn, note))],
    )


def _granting(found: Possibility) -> Iterator[Judged]:
    return (one for one in found.statements if one.layer is Layer.RESOURCE and one.effect == "Allow")


def external(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Another account, or a role or user of one, gets in without an external ID."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    if not any(_may_be_foreign(reviewed, one) for one in _allows(trust)):
        return
    let_in: dict[str, Possibility] = {}
    for account, found in reviewed.others_let_in(role, trust, _ASSUME, {}, _without_id):
        let_in.setdefault(account, found)
    for account, found in let_in.items():
        if account.isdigit() and not reviewed.ours(account):
            named = list(_naming(trust, account))
            if named or ANOTHER_ACCOUNT not in let_in:  # where everybody gets in, an account that is not named does too
                yield _external(reviewed, role, account, named, found)


def _may_be_foreign(reviewed: ReviewedAccount, one: CompiledStatement) -> bool:
    element = one.principal
    assert element is not None
    accounts = [caller(value).account for kind, value in element.pairs if kind == "AWS" and value != "*"]
    return element.everyone or element.negated or any(each and not reviewed.ours(each) for each in accounts)


def _naming(trust: NamedPolicy, account: str) -> Iterator[tuple[CompiledStatement, str]]:
    """The statements that let in principals of an account, with each that they name."""
    for one in _allows(trust):
        for kind, value in one.principal.pairs if one.principal is not None else ():
            if kind == "AWS" and value != "*" and caller(value).account == account:
                yield one, value


def _without_id(key: str) -> bool:
    return key == "sts:externalid" or key.startswith("aws:principalorg")


def _external(
    reviewed: ReviewedAccount,
    role: Role,
    account: str,
    named: list[tuple[CompiledStatement, str]],
    found: Possibility,
) -> Finding:
    trust = reviewed.trust(role)
    assert trust is not None
    who = f" ({listing([shortened(value) for _, value in named], limit=2)})" if named else ""
    unsure = reviewed.account.in_organization is not False and reviewed.account.organization is not None
    proof = [evidence(trust, one, "Principal", f"allows {shortened(value)}", "trust") for one, value in named]
    proof = proof or [trust_evidence(one, f"allows account {account}") for one in _granting(found)]
    note = (
        f"Agree with account {account} on an external ID that only they use, and add the condition "
        '"StringEquals": {"sts:ExternalId": "…"} to the statement. If the account is yours, list it under '
        "[review] own_accounts of the configuration, or add a condition on aws:PrincipalOrgID."
    )
    return EXTERNAL.finding(
        role.arn,
        f"Account {account}{who} may assume {role.name} without an external ID, so anyone who tricks that account into "
        "using this role's ARN gets access (confused deputy).",
        proof,
        hangs_on=(*reviewed.hangs_on(found), *((f"whether account {account} is yours",) if unsure else ())),
        fixes=[Fix("Require an external ID", Who.YOU, Note(role.arn, note))],
    )


def deputy(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """A service that tells for whom it acts gets in for another account."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    stranger = reviewed.stranger(trust)
    proof: list[Evidence] = []
    services: list[str] = []
    for one in _allows(trust):
        assert one.principal is not None
        for kind, service in one.principal.pairs:
            if kind != "Service" or not sends_account(service):
                continue
            context = {"aws:SourceAccount": (stranger,), "aws:SourceOrgID": ("o-rolescopeprobe",)}
            for source in _sources(trust, f"arn:{reviewed.account.partition}:{service.partition('.')[0]}", stranger):
                asked = {**context, "aws:SourceArn": (source,)}
                if not reviewed.lets_in(role, trust, service, _ASSUME, asked, lambda _: True).allowed:
                    continue
                services.append(service)
                proof.append(evidence(trust, one, "Principal", f"allows {service} for any account", "trust"))
                break
    yield from _never_matching(reviewed, role, trust)
    if services:
        named = listing([service_name(each) or each for each in dict.fromkeys(services)])
        yield DEPUTY.finding(
            role.arn,
            f"{named} may assume {role.name} on behalf of any AWS account: no condition on aws:SourceAccount or "
            "aws:SourceArn excludes other accounts.",
            proof,
            hangs_on=reviewed.unread_above(Layer.RCP),
            fixes=[_source_account_fix(reviewed, role, trust, services)],
        )


def _sources(trust: NamedPolicy, service: str, stranger: str) -> Iterator[str]:
    """ARNs of resources that another account can have: any one, and one for each pattern of a condition."""
    yield f"{service}:us-east-1:{stranger}:rolescope/probe"
    for one in _allows(trust):
        for condition in one.conditions:
            for value in condition.block.values if condition.key == "aws:sourcearn" else ():
                parts = value.split(":", 5)
                if has_wildcard(value) and len(parts) > 5 and parts[4] in ("*", ""):
                    parts[4] = parts[4] and stranger
                    yield ":".join(parts).replace("*", "rolescope-probe").replace("?", "x")


def contract(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """What AWS's page of the service lists and the role lacks (`iam.facts.service_roles`)."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    for breach in role_breaches(role, reviewed.account):
        proof = [Evidence(f"AWS's page of {breach.row.title}: {breach.row.url}", arn=role.arn)]
        fix = Fix(breach.way_out, Who.YOU, Note(role.arn, f"{breach.text} {breach.row.url}"))
        yield CONTRACT.finding(role.arn, f"{role.name}: {breach.text}", proof, fixes=[fix])


def _never_matching(reviewed: ReviewedAccount, role: Role, trust: NamedPolicy) -> Iterator[Finding]:
    """The reverse: a condition on aws:SourceArn that names another kind of resource than the service tells, so that
    the service itself is kept out (`iam.facts.service_roles`)."""
    for one in _allows(trust):
        assert one.principal is not None
        for kind, service in one.principal.pairs:
            source = source_of(service) if kind == "Service" else None
            if source is None:
                continue
            owner, resource = source
            example = resource.replace("*", "rolescope-probe")
            for condition in one.conditions:
                values = condition.block.values
                if condition.key != "aws:sourcearn" or condition.operator.negated:
                    continue
                if not any(overlap(value, f"arn:*:{owner}:*:*:{resource}") for value in values):
                    said = f"{service_name(service) or service} tells {owner} {example.partition('/')[0]}"
                    yield DEPUTY.finding(
                        role.arn,
                        f"{role.name} allows {service_name(service) or service} only for {shortened(values[0])}, but "
                        f"the service sends an ARN of another kind ({owner}, {resource}): nothing can use the role.",
                        [evidence(trust, one, "Condition", said, "trust")],
                        severity=Severity.LOW,
                        fixes=[
                            Fix(
                                f"Write the aws:SourceArn of {resource}",
                                Who.YOU,
                                Note(
                                    role.arn,
                                    f"arn:…:{owner}:{region_in_arn(owner, 'REGION')}:{reviewed.account.id}:{resource}",
                                ),
                            )
                        ],
                    )
                    return


def _source_account_fix(reviewed: ReviewedAccount, role: Role, trust: NamedPolicy, services: list[str]) -> Fix:
    after = trust.document
    for one in _allows(trust):
        assert one.principal is not None
        if all(kind == "Service" for kind, _ in one.principal.pairs) and any(
            value in services for _, value in one.principal.pairs
        ):
            after = with_changed(after, one.statement.index, lambda each: _add_source(each, reviewed.account.id))
    title = f"Allow the service to act only for account {reviewed.account.id}"
    if after is trust.document:
        note = "The statement names other principals too: split it, and add a condition on aws:SourceAccount."
        return Fix(title, Who.YOU, Note(role.arn, note))
    return Fix(title, Who.YOU, TrustChange(role.arn, trust.document, after))


def _add_source(statement: dict[str, object], account: str) -> None:
    condition = statement.setdefault("Condition", {})
    if isinstance(condition, dict):
        condition.setdefault("StringEquals", {})["aws:SourceAccount"] = account


def orphan(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """IAM shows the unique ID of a principal that was deleted; one made anew under the name is not let in."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    found: dict[str, Evidence] = {}
    for one in _allows(trust):
        assert one.principal is not None
        for kind, value in one.principal.pairs:
            if kind == "AWS" and _is_gone(reviewed, value):
                found[value] = evidence(trust, one, "Principal", f"names {shortened(value)}", "trust")
    if found:
        fix = _without_principals(role, trust, set(found))
        yield ORPHAN.finding(
            role.arn,
            f"The trust policy of {role.name} names {listing(list(map(shortened, found)))}, which no longer "
            "exists. Nobody can use this entry, not even a new principal with the same name.",
            found.values(),
            fixes=[fix] if fix else [],
        )


def _is_gone(reviewed: ReviewedAccount, value: str) -> bool:
    account = reviewed.account
    if value.isdigit() or value == "*":
        return False
    arn = Arn.parse_principal(value)
    if arn is None:
        # Only a deleted principal is shown by its ID. The ID of one that is there would be shown as its ARN.
        return value[:4] in ("AROA", "AIDA") and value not in reviewed.index.by_id
    listed = {"role": account.roles, "user": account.users}.get(arn.type)
    if arn.account != account.id or listed is None or f"{arn.type}s" in account.incomplete:
        return False
    return value not in reviewed.index.by_arn


def _without_principals(role: Role, trust: NamedPolicy, gone: set[str]) -> Fix | None:
    """The trust policy without them, where something is left."""
    value = trust.document.value
    kept = []
    for statement in as_list(value.get("Statement")):
        named = statement.get("Principal")
        if isinstance(named, dict) and any(each in gone for each in as_list(named.get("AWS"))):
            left = [each for each in as_list(named["AWS"]) if each not in gone]
            others = {kind: values for kind, values in named.items() if kind != "AWS"}
            if not left and not others:
                continue
            statement = {**statement, "Principal": {**others, **({"AWS": as_written(left)} if left else {})}}
        kept.append(statement)
    if not kept:
        note = "Nobody would be able to assume the role: name a principal, or delete the role."
        return Fix("Name a principal that exists, or delete the role", Who.YOU, Note(role.arn, note))
    after = Document.from_value({**value, "Statement": kept})
    return Fix("Remove the deleted principal", Who.YOU, TrustChange(role.arn, trust.document, after))


def provider_missing(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """A Federated principal by the ARN of a provider that is not in the account."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    account = reviewed.account
    for one in _allows(trust):
        assert one.principal is not None
        for kind, value in one.principal.pairs:
            arn = Arn.parse_principal(value) if kind == "Federated" else None
            if arn is None or arn.type not in ("oidc-provider", "saml-provider"):
                continue
            listed = account.oidc_providers if arn.type == "oidc-provider" else account.saml_providers
            if arn.account == account.id and listed is not None and value not in {each.arn for each in listed}:
                yield PROVIDER_MISSING.finding(
                    role.arn,
                    f"The trust policy of {role.name} names the provider {shortened(arn.id)}, which does not exist in "
                    "the account, so nobody can sign in with it.",
                    [evidence(trust, one, "Principal", f"names {shortened(value)}", "trust")],
                    fixes=[
                        Fix(
                            "Create the provider, or name an existing one",
                            Who.YOU,
                            Note(role.arn, f"There is no {arn.type} {arn.id} in account {account.id}."),
                        )
                    ],
                )
                return
