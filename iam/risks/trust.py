"""Check who may assume a role but should not: strangers, other accounts, and services that act for anyone.

Each rule evaluates a caller that should not be accepted, with everything that such a caller can choose. A stranger can
choose tags, session names and MFA, but not an organization or an external ID.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from iam.account import Role
from iam.facts.generated_roles import SetUp, set_up_of
from iam.facts.service_roles.lookup import sends_account, source_of
from iam.facts.service_roles.service_role import region_in_arn
from iam.facts.vendor_accounts import vendor_of
from iam.foreign_text import shortened
from iam.policy.compiled import CompiledStatement
from iam.policy.document import Document
from iam.policy.edits import as_list, as_written, statements_of, with_changed
from iam.policy.layer import Layer
from iam.policy.match import has_wildcard, overlap
from iam.policy.principal import caller
from iam.policy.request import NamedPolicy
from iam.policy.unknown_keys import Judged, Possibility
from iam.questions.change.effects import ANOTHER_ACCOUNT
from iam.risks.judged_account import JudgedAccount, allows
from iam.risks.risk import Advice, Exposure, Proof, Risk, RiskRule, Severity, judged_proof, trust_proof
from iam.services import service_name
from iam.words import listing

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
PUBLIC = RiskRule(
    "trust.public",
    Severity.CRITICAL,
    "Anyone may assume the role",
    _USER_GUIDE + "reference_policies_elements_principal.html#principal-anonymous",
)
EXTERNAL = RiskRule(
    "trust.external-without-id",
    Severity.HIGH,
    "Another account may assume the role without an external ID",
    _USER_GUIDE + "id_roles_common-scenarios_third-party.html",
)
# Low, because a role can only be passed within its account ("You cannot use the PassRole permission to pass a
# cross-account role", https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
DEPUTY = RiskRule(
    "trust.confused-deputy",
    Severity.LOW,
    "The trust policy does not say for which account a service acts",
    _USER_GUIDE + "confused-deputy.html",
)
SOURCE = RiskRule(
    "trust.source-mismatch",
    Severity.MEDIUM,
    "A condition excludes the service for which the role is meant",
    _USER_GUIDE + "reference_policies_condition-keys.html#condition-keys-sourcearn",
)

_ASSUME = "sts:AssumeRole"
# Keys whose values the caller chooses: a condition on these excludes nobody.
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


def _context_of_strangers() -> Iterator[Mapping[str, tuple[str, ...]]]:
    """Yield the context of a caller without an organization, and of one in another organization.

    The latter tries an arbitrary external ID.
    """
    here = {"aws:SourceIp": ("198.51.100.77",), "aws:MultiFactorAuthPresent": ("true",)}
    yield here
    yield {**here, "aws:PrincipalOrgID": ("o-rolescopeprobe",), "sts:ExternalId": ("rolescope-probe",)}


def stranger_let_in(judged: JudgedAccount, role: Role, trust: NamedPolicy) -> tuple[str, Possibility] | None:
    """Return an account that the policy does not name, or a pattern of accounts, that can assume the role.

    The second value is the decision. None if the role accepts only accounts that it names.
    """
    for context in _context_of_strangers():
        for account, found in judged.others_let_in(role, trust, _ASSUME, context, _not_chosen):
            if not account.isdigit():
                return account, found
    return None


def _why_public(trust: NamedPolicy) -> str:
    """Return why strangers can assume the role, if an Allow for everyone has no effective condition."""
    named = [
        condition
        for one in allows(trust)
        if one.principal is not None and (one.principal.everyone or one.principal.negated)
        for condition in one.conditions
        if condition.key == "aws:principalarn"
    ]
    let_in = [value for each in named if not each.operator.negated for value in each.block.values]
    kept_out = [value for each in named if each.operator.negated for value in each.block.values]
    if let_in:
        return f"a role or user named as {listing(let_in, 'or')} can be created in any of these accounts"
    if kept_out:
        return f"its condition keeps out only roles and users named as {listing(kept_out, 'or')}"
    return "no condition of its trust policy excludes strangers"


def public(judged: JudgedAccount, role: Role) -> Iterator[Risk]:
    """Yield a risk if principals of any account can assume the role."""
    trust = judged.trust(role)
    if trust is None or not any(
        one.principal is not None and (one.principal.everyone or one.principal.negated) for one in allows(trust)
    ):
        return
    let_in = stranger_let_in(judged, role, trust)
    if let_in is None:
        return
    account, found = let_in
    who = "AWS account" if account == ANOTHER_ACCOUNT else f"AWS account whose number is like {account}"
    proofs = [judged_proof(one, f"allows any {who}") for one in _granting(found)]
    note = (
        "Name the accounts, roles or services that need the role as Principal. To allow an entire organization, "
        "keep the wildcard and add a condition on aws:PrincipalOrgID."
    )
    yield PUBLIC.risk(
        role.arn,
        f"Any {who} can assume {role.name}: {_why_public(trust)}.",
        proofs,
        hangs_on=judged.unread_above(Layer.RCP),
        advice=Advice("Name who may assume the role", note),
        exposure=Exposure.ANYBODY,
    )


def _granting(found: Possibility) -> Iterator[Judged]:
    return (one for one in found.statements if one.layer is Layer.RESOURCE and one.effect == "Allow")


def external(judged: JudgedAccount, role: Role) -> Iterator[Risk]:
    """Yield a risk if another account, or its roles or users, can assume the role without an external ID."""
    trust = judged.trust(role)
    if trust is None:
        return
    if not any(_may_be_foreign(judged, one) for one in allows(trust)):
        return
    let_in: dict[str, Possibility] = {}
    for account, found in judged.others_let_in(role, trust, _ASSUME, {}, _without_id):
        let_in.setdefault(account, found)
    for account, found in let_in.items():
        if account.isdigit() and not judged.ours(account):
            named = list(_naming(trust, account))
            if named or ANOTHER_ACCOUNT not in let_in:  # if everyone is accepted, so is an account that is not named
                yield _external(judged, role, account, named, found)


def _may_be_foreign(judged: JudgedAccount, one: CompiledStatement) -> bool:
    element = one.principal
    assert element is not None
    accounts = [caller(value).account for kind, value in element.pairs if kind == "AWS" and value != "*"]
    return element.everyone or element.negated or any(each and not judged.ours(each) for each in accounts)


def _naming(trust: NamedPolicy, account: str) -> Iterator[tuple[CompiledStatement, str]]:
    """Yield the statements that allow principals of an account, with each of these principals."""
    for one in allows(trust):
        for kind, value in one.principal.pairs if one.principal is not None else ():
            if kind == "AWS" and value != "*" and caller(value).account == account:
                yield one, value


def _without_id(key: str) -> bool:
    return key == "sts:externalid" or key.startswith("aws:principalorg")


def _external(
    judged: JudgedAccount,
    role: Role,
    account: str,
    named: list[tuple[CompiledStatement, str]],
    found: Possibility,
) -> Risk:
    trust = judged.trust(role)
    assert trust is not None
    who = f" ({listing([shortened(value) for _, value in named], limit=2)})" if named else ""
    unsure = judged.account.in_organization is not False and judged.account.organization is not None
    proofs = [trust_proof(trust, one, "Principal", f"allows {shortened(value)}") for one, value in named]
    proofs = proofs or [judged_proof(one, f"allows account {account}") for one in _granting(found)]
    note = (
        f"Agree with account {account} on an external ID that only they use, and add the condition "
        '"StringEquals": {"sts:ExternalId": "…"} to the statement. If the account is yours, list it under '
        "[review] own_accounts of the configuration, or add a condition on aws:PrincipalOrgID."
    )
    advice = _ask_for_id(role, account, trust, note)
    if manager_of(judged, role, account) is not None:
        advice = Advice(*check_manager(account))
    return EXTERNAL.risk(
        role.arn,
        f"Account {account}{who} may assume {role.name} without an external ID, so anyone who tricks that account into "
        "using this role's ARN gets access (confused deputy).",
        proofs,
        hangs_on=(*judged.hangs_on(found), *((f"whether account {account} is yours",) if unsure else ())),
        advice=advice,
        cause=f"account {account}",
        exposure=exposure_of(judged, role, account),
    )


def manager_of(judged: JudgedAccount, role: Role, account: str) -> SetUp | None:
    """Return the AWS setup (such as Control Tower) that, by its documentation, creates a role like this one.

    Such a role trusts the management account above its own account. None if there is no such setup, if ``account`` is
    the operator's own, if the management account is known, or if the account is in no organization.
    """
    found, organization = set_up_of(role), judged.account.organization
    known = organization is not None and organization.management_account_id is not None
    if found is None or not found.managed_from or known or judged.account.in_organization is False:
        return None
    return None if judged.ours(account) else found


def check_manager(account: str) -> tuple[str, str]:
    """Return a title and a text that advise to check whether an account manages this one."""
    note = (
        f"aws organizations describe-organization names the management account. If {account} is yours, list it under "
        "[review] own_accounts of the configuration."
    )
    return f"Check that account {account} manages yours", note


def exposure_of(judged: JudgedAccount, role: Role, account: str, *, asked: bool = False) -> Exposure:
    """Return what is known about another account.

    ``asked``: the trust policy also requires something of its callers.
    """
    if judged.ours(account):
        return Exposure.OURS
    if manager_of(judged, role, account) is not None:
        return Exposure.MANAGER
    if vendor_of(account) is not None:
        return Exposure.VENDOR_ASKED if asked else Exposure.VENDOR
    return Exposure.UNKNOWN_ASKED if asked else Exposure.UNKNOWN


def with_external_id(role: Role, account: str, trust: NamedPolicy) -> Document | None:
    """Return the trust policy with an external ID required in the statements that trust only this account.

    None if there is no such statement.

    "It's important that the external ID is unique" to the account that may assume the role, and it is not a secret (IAM
    User Guide, "Access to AWS accounts owned by third parties").
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
    """
    external_id = str(uuid5(NAMESPACE_URL, f"{role.arn} {account}"))
    after = trust.document
    for one in dict.fromkeys(one for one, _ in _naming(trust, account)):
        assert one.principal is not None
        if all(caller(value).account == account for _, value in one.principal.pairs):
            after = with_changed(after, one.statement.index, lambda each: _ask_for(each, external_id))
    return None if after is trust.document else after


def _ask_for_id(role: Role, account: str, trust: NamedPolicy, note: str) -> Advice:
    title, after = "Require an external ID", with_external_id(role, account, trust)
    if after is None:
        return Advice(title, note)
    caution = f"First send the external ID to account {account}, because calls without the ID are denied"
    return Advice(title, note, trust_after=after, caution=caution)


def _ask_for(statement: dict[str, object], external_id: str) -> None:
    condition = statement.setdefault("Condition", {})
    if isinstance(condition, dict):
        condition.setdefault("StringEquals", {})["sts:ExternalId"] = external_id


def deputy(judged: JudgedAccount, role: Role) -> Iterator[Risk]:
    """Yield a risk if the trust policy lets an AWS service assume the role on behalf of any account.

    Only services that send the account for which they act (aws:SourceAccount) are checked.
    """
    trust = judged.trust(role)
    if trust is None:
        return
    stranger = judged.stranger(trust)
    proofs: list[Proof] = []
    services: list[str] = []
    for one in allows(trust):
        assert one.principal is not None
        for kind, service in one.principal.pairs:
            if kind != "Service" or not sends_account(service):
                continue
            context = {"aws:SourceAccount": (stranger,), "aws:SourceOrgID": ("o-rolescopeprobe",)}
            for source in _sources(trust, f"arn:{judged.account.partition}:{service.partition('.')[0]}", stranger):
                asked = {**context, "aws:SourceArn": (source,)}
                if not judged.lets_in(role, trust, service, _ASSUME, asked, lambda _: True).allowed:
                    continue
                services.append(service)
                proofs.append(trust_proof(trust, one, "Principal", f"allows {service} for any account"))
                break
    if services:
        named = listing([service_name(each) or each for each in dict.fromkeys(services)])
        yield DEPUTY.risk(
            role.arn,
            f"The trust policy of {role.name} does not limit {named} to this account by aws:SourceAccount or "
            "aws:SourceArn. IAM lets only principals of this account pass the role.",
            proofs,
            hangs_on=judged.unread_above(Layer.RCP),
            advice=_for_own_account(judged, trust, services),
            cause="no condition on aws:SourceAccount or aws:SourceArn",
            exposure=Exposure.SERVICE,
        )


def _sources(trust: NamedPolicy, service: str, stranger: str) -> Iterator[str]:
    """Yield ARNs of resources that another account could own: an arbitrary one, and one for each pattern."""
    yield f"{service}:us-east-1:{stranger}:rolescope/probe"
    for one in allows(trust):
        for condition in one.conditions:
            for value in condition.block.values if condition.key == "aws:sourcearn" else ():
                parts = value.split(":", 5)
                if has_wildcard(value) and len(parts) > 5 and parts[4] in ("*", ""):
                    parts[4] = parts[4] and stranger
                    yield ":".join(parts).replace("*", "rolescope-probe").replace("?", "x")


def source_mismatch(judged: JudgedAccount, role: Role) -> Iterator[Risk]:
    """Yield a risk if a condition on aws:SourceArn requires a resource type that the service never sends.

    The service itself then cannot assume the role (`iam.facts.service_roles`).
    """
    trust = judged.trust(role)
    if trust is None:
        return
    for one in allows(trust):
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
                    said = f"{service_name(service) or service} sends {owner} {example.partition('/')[0]}"
                    yield SOURCE.risk(
                        role.arn,
                        f"{role.name} allows {service_name(service) or service} only for {shortened(values[0])}, but "
                        f"the service sends another kind of ARN ({owner}, {resource}), so the condition is never met.",
                        [trust_proof(trust, one, "Condition", said)],
                        advice=_with_source(judged, trust, one, values, f"{owner}:{resource}"),
                    )
                    return


def _with_source(
    judged: JudgedAccount, trust: NamedPolicy, one: CompiledStatement, values: Sequence[str], sent: str
) -> Advice:
    """Return the advice to require the kind of ARN that the service sends.

    The ARN is in this account, and in the Region that the condition names now.
    """
    owner, _, resource = sent.partition(":")
    region = values[0].split(":", 5)[3] if values[0].count(":") > 4 else "*"
    region = region_in_arn(owner, region or "*")
    arn = f"arn:{judged.account.partition}:{owner}:{region}:{judged.account.id}:{resource}"

    def change(statement: dict[str, Any]) -> None:
        blocks = statement["Condition"]
        for operator in list(blocks):
            for key in [each for each in blocks[operator] if each.lower() == "aws:sourcearn"]:
                del blocks[operator][key]
                if not blocks[operator]:
                    del blocks[operator]
                blocks.setdefault("ArnLike", {})[key] = arn

    after = with_changed(trust.document, one.statement.index, change)
    return Advice(f"Write the aws:SourceArn of {resource}", trust_after=after)


def _for_own_account(judged: JudgedAccount, trust: NamedPolicy, services: list[str]) -> Advice:
    """Return the advice to let the services act only for this account.

    A statement with other principals is split first.
    """
    value = copy.deepcopy(trust.document.value)
    changed: list[dict[str, Any]] = []
    acting = {one.statement.index for one in allows(trust)}
    for index, statement in enumerate(statements_of(value)):
        named = statement.get("Principal")
        if index not in acting or not isinstance(named, dict):
            changed.append(statement)
            continue
        ours = [each for each in as_list(named.get("Service")) if each in services]
        others = {kind: [each for each in as_list(values) if each not in ours] for kind, values in named.items()}
        others = {kind: as_written(values) for kind, values in others.items() if values}
        if ours and others:
            changed.append({**statement, "Principal": others})
            statement = {**statement, "Principal": {"Service": as_written(ours)}}
            statement.pop("Sid", None)
        if ours:
            statement = copy.deepcopy(statement)
            _add_source(statement, judged.account.id)
        changed.append(statement)
    title = f"Allow the service to act only for account {judged.account.id}"
    return Advice(title, trust_after=Document.from_value({**value, "Statement": changed}))


def _add_source(statement: dict[str, object], account: str) -> None:
    condition = statement.setdefault("Condition", {})
    if isinstance(condition, dict):
        condition.setdefault("StringEquals", {})["aws:SourceAccount"] = account
