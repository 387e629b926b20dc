"""Check which tokens a federated trust policy accepts. The engine evaluates requests with a stranger's token."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from iam.account import Role
from iam.ages import age
from iam.foreign_text import shortened
from iam.policy.compiled import CompiledStatement
from iam.policy.document import Document
from iam.policy.edits import as_list, as_written, statements_of, with_changed
from iam.policy.layer import Layer
from iam.policy.match import compile_glob, has_wildcard
from iam.policy.named_principals import WEB_IDENTITY_NAMES
from iam.policy.request import NamedPolicy
from iam.policy.shared_providers import GITHUB, issuer_of
from iam.risks.judged_account import JudgedAccount, statements
from iam.risks.risk import Advice, Exposure, Risk, RiskRule, Severity, trust_proof
from iam.words import listing

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
WIDE = RiskRule(
    "trust.wide-subject",
    Severity.HIGH,
    "Accepts tokens from more than one repository, project or workload",
    _USER_GUIDE + "id_roles_providers_create_oidc_secure-by-default.html",
)
AUDIENCE = RiskRule(
    "trust.missing-audience",
    Severity.LOW,
    "The trust policy names no audience",
    _USER_GUIDE + "id_roles_create_for-idp_oidc.html",
)
GITHUB_SUBJECT = RiskRule(
    "forecast.github-subject",
    Severity.MEDIUM,
    "GitHub's tokens will have a different subject",
    "https://docs.github.com/en/actions/reference/security/oidc",
)

_WEB, _SAML = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"
_PROBE = "rolescope-probe"
_GITHUB_CHOSEN = ("ref", "environment", "event_name", "workflow", "ref_type", "head_ref", "base_ref", "runner_")


@dataclass(frozen=True, slots=True)
class SubjectForm:
    """The form of the subjects in an issuer's tokens.

    ``owner`` matches the part that identifies the owner of the token (an organization, a group), ``within`` the part
    that identifies something of that owner (a repository, for example); ``foreign`` is a stranger's subject.
    """

    owner: str
    within: str
    foreign: str
    owner_pattern: re.Pattern[str]
    within_pattern: re.Pattern[str]


def _form(owner: str, within: str, foreign: str, owner_pattern: str, within_pattern: str) -> SubjectForm:
    return SubjectForm(owner, within, foreign, re.compile(owner_pattern), re.compile(within_pattern))


# GitHub Docs, "OpenID Connect reference"; GitLab Docs, "Connect to cloud services"; HCP Terraform, "Workload identity
# tokens"; EKS User Guide, "Assign IAM roles to Kubernetes service accounts".
_FORMS: Mapping[str, SubjectForm] = {
    GITHUB: _form(
        "organizations",
        "repositories",
        f"repo:{_PROBE}/{_PROBE}:ref:refs/heads/main",
        r"repo:([^/]*)/",
        r"repo:[^/]*/([^:]*)",
    ),
    "gitlab.com": _form(
        "groups",
        "projects",
        f"project_path:{_PROBE}/{_PROBE}:ref_type:branch:ref:main",
        r"project_path:([^/:]*)/",
        r"project_path:[^/:]*/([^:]*)",
    ),
    "app.terraform.io": _form(
        "organizations",
        "workspaces",
        f"organization:{_PROBE}:project:{_PROBE}:workspace:{_PROBE}:run_phase:apply",
        r"organization:([^:]*):",
        r"workspace:([^:]*)",
    ),
}
_EKS = _form(
    "service accounts of every namespace",
    "service accounts",
    f"system:serviceaccount:{_PROBE}:{_PROBE}",
    r"system:serviceaccount:([^:]*):",
    r"system:serviceaccount:[^:]*:(.*)",
)


def _federated(trust: NamedPolicy) -> Iterator[tuple[CompiledStatement, str]]:
    for one in statements(trust, Layer.RESOURCE):
        if not one.deny and one.principal is not None:
            yield from ((one, value) for kind, value in one.principal.pairs if kind == "Federated")


def _values(trust: NamedPolicy, key: str) -> Iterator[str]:
    """Yield the values of a key in the conditions of Allow statements, without negated conditions."""
    for one in statements(trust, Layer.RESOURCE):
        for condition in one.conditions:
            if not one.deny and condition.key == key and not condition.operator.negated:
                yield from condition.block.values


def wide(judged: JudgedAccount, role: Role) -> Iterator[Risk]:
    """Yield a risk if the role accepts tokens of other organizations, or of the organization's other repositories."""
    trust = judged.trust(role)
    if trust is None:
        return
    for one, provider in _federated(trust):
        issuer = issuer_of(provider).lower()
        if ":saml-provider/" in provider or issuer in WEB_IDENTITY_NAMES:
            continue  # the subjects of these tokens are people
        found = _widest(judged, role, trust, provider, issuer)
        if found is None:
            continue
        pattern, spans, severity, exposure = found
        takes = f"accepts every subject like {shortened(pattern)}" if pattern else f"has no condition on {issuer}:sub"
        yield WIDE.risk(
            role.arn,
            f"{role.name} accepts tokens from {spans}: its trust policy {takes}.",
            [trust_proof(trust, one, "Condition", takes)],
            severity=severity,
            hangs_on=judged.unread_above(Layer.RCP),
            advice=Advice(
                "Name one repository, project or workload completely",
                f"In the condition on {issuer}:sub list the subjects that need the role, without wildcards "
                "in the parts that identify the owner.",
            ),
            exposure=exposure,
        )
        return


def seen_subjects(judged: JudgedAccount, role: Role) -> list[str]:
    """Return the subjects of the tokens with which the role was assumed, from CloudTrail's latest events."""
    seen = {
        event.username
        for event in judged.web_identities
        if event.username
        and not {role.arn, role.name}.isdisjoint(event.resources)
        and '"errorCode"' not in (event.detail or "")
    }
    return sorted(seen)


def with_subjects(trust: NamedPolicy, subjects: Collection[str]) -> Document | None:
    """Return the trust policy with each pattern of subjects replaced by those ``subjects`` that match it.

    Return None if a pattern matches none of the subjects, because the pattern's purpose is then unknown.
    """
    value = copy.deepcopy(trust.document.value)
    changed = False
    for statement in statements_of(value):
        for block in (statement.get("Condition") or {}).values():
            for key in [key for key in block if key.lower().endswith(":sub")]:
                patterns = [each for each in as_list(block[key]) if has_wildcard(each)]
                wanted = [each for each in subjects if any(compile_glob(pattern)(each) for pattern in patterns)]
                if patterns and not wanted:
                    return None
                if patterns:
                    kept = [each for each in as_list(block[key]) if each not in patterns]
                    block[key] = as_written(list(dict.fromkeys((*kept, *wanted))))
                    changed = True
    return Document.from_value(value) if changed else None


def _widest(
    judged: JudgedAccount, role: Role, trust: NamedPolicy, provider: str, issuer: str
) -> tuple[str, str, Severity, Exposure] | None:
    """Return the widest accepted pattern of subjects, what it covers, its severity, and who can get such a token.

    The pattern is "" if no subject is required. The severity applies if nothing is known about the role.
    """
    form = _FORMS.get(issuer, _EKS if issuer.startswith("oidc.eks.") else None)
    foreign = form.foreign if form is not None else _PROBE
    if _taken(judged, role, trust, provider, issuer, foreign):
        cluster = form is _EKS
        spans = f"any of the issuer's {form.owner}" if form is not None else "any subject of the issuer"
        pattern = next(filter(has_wildcard, _values(trust, f"{issuer}:sub")), "")
        if cluster:
            return pattern, spans, Severity.HIGH, Exposure.TOKENS_OF_CLUSTER
        # An unknown issuer may belong to the account's owner.
        whose = Exposure.TOKENS_OF_OWNER if form is None else Exposure.TOKENS_OF_ANYBODY
        return pattern, spans, Severity.HIGH if form is None else Severity.CRITICAL, whose
    if form is None:
        return None
    for value in _values(trust, f"{issuer}:sub"):
        if not has_wildcard(value):
            continue
        subject = value.replace("*", _PROBE).replace("?", "x")
        owner = form.owner_pattern.match(value)
        within = form.within_pattern.search(value)
        open_owner = owner is None or has_wildcard(owner[1])
        if (open_owner or within is None or has_wildcard(within[1])) and _taken(
            judged, role, trust, provider, issuer, subject
        ):
            if form is _EKS:
                spans = form.owner if open_owner else "every service account of a namespace"
                whose = Exposure.TOKENS_OF_CLUSTER if open_owner else Exposure.TOKENS_OF_NAMESPACE
                return value, spans, Severity.MEDIUM, whose
            if open_owner:
                return value, f"several {form.owner}", Severity.CRITICAL, Exposure.TOKENS_OF_ANYBODY
            return value, f"several {form.within}", Severity.HIGH, Exposure.TOKENS_OF_OWNER
    return None


def _taken(judged: JudgedAccount, role: Role, trust: NamedPolicy, provider: str, issuer: str, subject: str) -> bool:
    context: dict[str, tuple[str, ...]] = {f"{issuer}:sub": (subject,)}
    if issuer == GITHUB:
        context |= _github_claims(subject)
    chosen = tuple(f"{issuer}:{name}" for name in (*_GITHUB_CHOSEN, "aud", "amr"))
    return judged.lets_in(
        role, trust, provider, _WEB, context, lambda key: not key.startswith((*chosen, "sts:rolesessionname"))
    ).allowed


def _github_claims(subject: str) -> dict[str, tuple[str, ...]]:
    """Return the other claims of a token with this subject, if they say who the token belongs to."""
    owner, _, repository = subject.removeprefix("repo:").partition(":")[0].partition("/")
    plain_owner, plain_repository = owner.partition("@")[0], repository.partition("@")[0]
    whole = f"{plain_owner}/{plain_repository}"
    return {
        f"{GITHUB}:repository": (whole,),
        f"{GITHUB}:repository_owner": (plain_owner,),
        f"{GITHUB}:job_workflow_ref": (f"{whole}/.github/workflows/any.yml@refs/heads/main",),
    }


def audience(judged: JudgedAccount, role: Role) -> Iterator[Risk]:
    """Yield a risk if the role accepts tokens for every audience that AWS accepts.

    For an OIDC provider, these are the audiences in its list of client IDs (no finding if it lists only one); for SAML
    assertions, all of AWS's sign-in endpoints.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
    """
    trust = judged.trust(role)
    if trust is None:
        return
    for one, provider in _federated(trust):
        saml = ":saml-provider/" in provider
        issuer = issuer_of(provider).lower()
        key = "SAML:aud" if saml else f"{issuer}:aud"
        context = {key: ("https://rolescope-probe.invalid/",)}
        # In Google's tokens, another key contains the app for which the token was issued.
        if issuer == "accounts.google.com":
            context["accounts.google.com:oaud"] = context[key]
        found = judged.lets_in(role, trust, provider, _SAML if saml else _WEB, context, lambda _: False)
        if not found.allowed:
            continue
        ours = next((each for each in judged.account.oidc_providers or () if each.arn == provider), None)
        known = tuple(ours.client_ids or ()) if ours is not None else ()
        if len(known) == 1 and not saml:
            continue
        listed = f": {listing(list(map(shortened, known)))}" if known else ""
        audiences = (
            "assertions for any of AWS's sign-in endpoints (SAML:aud)"
            if saml
            else f"tokens for every audience on the provider's list{listed}"
        )
        yield AUDIENCE.risk(
            role.arn,
            f"{role.name} accepts from {shortened(issuer_of(provider))} {audiences}.",
            [trust_proof(trust, one, "Condition", f"no condition on {key}")],
            advice=_name_audience(trust, one, key, known, saml),
        )
        return


def _name_audience(trust: NamedPolicy, one: CompiledStatement, key: str, known: Iterable[str], saml: bool) -> Advice:
    wanted = ["https://signin.aws.amazon.com/saml"] if saml else list(known)
    title = "Name the audience"
    if not wanted:
        note = f"Add a condition on {key}, with the audience of your tokens."
        return Advice(title, note)

    def add(statement: dict[str, object]) -> None:
        condition = statement.setdefault("Condition", {})
        if isinstance(condition, dict):
            condition.setdefault("StringEquals", {})[key] = wanted[0] if len(wanted) == 1 else wanted

    after = with_changed(trust.document, one.statement.index, add)
    return Advice(title, trust_after=after)


_NAME_FORM = re.compile(r"repo:[^@:/*?]+/[^@:]+(:|$)")


def github_subject(judged: JudgedAccount, role: Role) -> Iterator[Risk]:
    """Yield a risk if the trust policy does not accept GitHub's subjects with IDs.

    Repositories that were created, renamed or transferred since 15 July 2026 send them (``repo:owner@1/name@2:…``); a
    condition on names alone does not match them.
    """
    trust = judged.trust(role)
    if trust is None or not any(issuer_of(provider).lower() == GITHUB for _, provider in _federated(trust)):
        return
    wanted = tuple(_values(trust, f"{GITHUB}:sub"))
    names = [value for value in wanted if _NAME_FORM.match(value)]
    # A pattern that also matches the other form of the same repository is not a problem.
    covered = [value for value in wanted if "@" in value]
    open_names = [value for value in names if not any(_same_repository(value, other) for other in covered)]
    if not open_names:
        return
    one = next(each for each, provider in _federated(trust) if issuer_of(provider).lower() == GITHUB)
    seen = _seen_with_ids(judged, role, open_names)
    several = has_wildcard(open_names[0].split(":")[1])
    which, its = ("one of its repositories", "that one's") if several else ("that repository", "its")
    said = (
        f"if {which} is renamed or transferred (or was, since 15 July 2026), {its} tokens contain IDs next to the "
        "names and are refused"
    )
    if seen is not None:
        said = f"{age(seen.when, judged.account.now)} a token of {shortened(seen.subject, 120)} was refused"
    yield GITHUB_SUBJECT.risk(
        role.arn,
        f"{role.name} identifies {shortened(open_names[0])} only by name: {said}.",
        [trust_proof(trust, one, "Condition", f"accepts {shortened(open_names[0])}")],
        severity=Severity.HIGH if seen is not None else None,
        advice=_list_ids(trust, seen),
        cause=GITHUB,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A rejected token: its subject, the trust policy's value that should match it, and this value with IDs."""

    subject: str
    when: datetime
    known: str
    with_ids: str


def _seen_with_ids(judged: JudgedAccount, role: Role, names: Iterable[str]) -> _Seen | None:
    """Return the latest token that was rejected because of its IDs, from CloudTrail's events about the role."""
    for event in judged.web_identities:
        subject = event.username or ""
        if role.arn not in event.resources and role.name not in event.resources:
            continue
        match = _ID_FORM.match(subject)
        refused = event.detail is not None and '"errorCode"' in event.detail
        if match is None or not refused:
            continue
        plain = f"repo:{match['owner']}/{match['repository']}:{match['rest']}"
        for name in names:
            if compile_glob(name)(plain):
                _, _, within = name.partition("/")
                repository, colon, rest = within.partition(":")
                if not has_wildcard(repository):
                    within = f"{repository}@{match['repository_id']}{colon}{rest}"
                return _Seen(subject, event.time, name, f"repo:{match['owner']}@{match['owner_id']}/{within}")
    return None


_ID_FORM = re.compile(
    r"repo:(?P<owner>[^@:/]+)@(?P<owner_id>\d+)/(?P<repository>[^@:/]+)@(?P<repository_id>\d+):(?P<rest>.*)"
)


def _beside(known: str, more: str, statement: dict[str, Any]) -> None:
    """Add a value to each condition on GitHub's subject that has the value ``known``."""
    for block in (statement.get("Condition") or {}).values():
        for key in block:
            values = as_list(block[key])
            if key.lower() == f"{GITHUB}:sub" and known in values and more not in values:
                block[key] = [*values, more]


def _list_ids(trust: NamedPolicy, seen: _Seen | None) -> Advice:
    """Return the advice to add the subject with IDs, with the changed trust policy if the subject is known."""
    title = "Also list the form with IDs"
    if seen is not None:
        after = trust.document
        for one in statements(trust, Layer.RESOURCE):
            after = with_changed(after, one.statement.index, partial(_beside, seen.known, seen.with_ids))
        return Advice(title, trust_after=after)
    note = (
        "gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id' returns both IDs; add the subject "
        "repo:OWNER@OWNER-ID/REPOSITORY@ID:… next to the existing one."
    )
    return Advice(title, note)


def _same_repository(name: str, with_ids: str) -> bool:
    plain = re.sub(r"@[^/:]*", "", with_ids)
    return plain.partition(":ref")[0].split(":")[:2] == name.split(":")[:2]
