"""The statements of trust policies: principals, with conditions that exclude everyone else.

Sources: IAM User Guide, "Creating IAM roles" and "Identity-provider controls for shared OIDC providers"; the services'
own pages on the confused deputy; GitHub's, GitLab's and HashiCorp's pages on OpenID Connect with AWS; the condition
keys of AWS STS in the Service Authorization Reference.
"""

from __future__ import annotations

import re
from typing import Any

from iam.arn import Arn
from iam.creation.recipes.recipe import AccountFacts, CheckedAnswers, RecipeError, Statement, one_or_many
from iam.creation.recipes.trust_services import service_principal
from iam.facts.service_roles.lookup import (
    guard_of,
    presented_for,
    sends_source,
    service_role,
    source_of,
    trust_needs,
)
from iam.facts.service_roles.service_role import OWN_ACCOUNT, region_in_arn
from iam.policy.match import overlap
from iam.policy.principal import POD_IDENTITY
from iam.policy.shared_providers import COGNITO, GITHUB
from iam.services import service_name

ASSUME, WEB, SAML = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"
GITLAB, TERRAFORM, GOOGLE = "gitlab.com", "app.terraform.io", "accounts.google.com"
_ACCOUNT = r"\d{12}"


def _allow(principal: dict[str, Any], action: str | list[str], **conditions: dict[str, Any]) -> Statement:
    statement: Statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    kept = {operator: keys for operator, keys in conditions.items() if keys}
    if kept:
        statement["Condition"] = kept
    return statement


def _provider(facts: AccountFacts, url: str, kind: str = "oidc") -> dict[str, str]:
    """Return the Federated principal of a provider given by its ARN, URL or name."""
    if url.startswith("arn:"):
        return {"Federated": url}
    name = url.removeprefix("https://").rstrip("/")
    return {"Federated": f"arn:{facts.partition}:iam::{facts.account_id}:{kind}-provider/{name}"}


def _matching(keys: dict[str, str | list[str]]) -> dict[str, dict[str, str | list[str]]]:
    """Return the keys as conditions: StringLike for values with wildcards, StringEquals for the others."""
    conditions: dict[str, dict[str, str | list[str]]] = {}
    for key, value in keys.items():
        values = value if isinstance(value, list) else [value]
        like = any("*" in each or "?" in each for each in values)
        conditions.setdefault("StringLike" if like else "StringEquals", {})[key] = value
    return dict(sorted(conditions.items()))


# AWS services.


def service(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    """Return the trust policy for a service's role.

    It has the conditions that AWS's documentation recommends, unless the answers decline them.
    """
    principal = service_principal(given["service"])
    row = service_role(given["service"])
    guard = guard_of(given["service"])
    equals: dict[str, Any] = {}
    like: dict[str, Any] = {}
    source = given["source_arn"]
    guarded = given["guard"] != "no"
    if guarded and guard.account:
        equals["aws:SourceAccount"] = facts.account_id
    if guarded and guard.external_id:
        equals["sts:ExternalId"] = facts.account_id if guard.external_id == OWN_ACCOUNT else guard.external_id
    if source:
        if not sends_source(principal):
            title = row.title if row is not None else principal
            raise RecipeError("source_arn", f"{title} is not known to send aws:SourceArn: leave the source ARN empty.")
        if fault := source_fault(principal, source, facts):
            raise RecipeError("source_arn", fault)
        like["aws:SourceArn"] = source
    elif guarded and guard.sources:
        like["aws:SourceArn"] = one_or_many([_source_arn(each, facts) for each in guard.sources])
    actions = (*trust_needs(principal), *(row.optional_trust_actions if row is not None else ()))
    # The service itself comes last; the others are services that also use the role.
    names = (*row.principals[1:], principal) if row is not None else (principal,)
    return [_allow({"Service": one_or_many(names)}, one_or_many(actions), StringEquals=equals, ArnLike=like)]


def _source_arn(source: tuple[str, str], facts: AccountFacts) -> str:
    service, resource = source
    return facts.arn(service, resource, region=region_in_arn(service, facts.region))


def source_fault(principal: str, source: str, facts: AccountFacts) -> str | None:
    """Return why the service never sends this value as aws:SourceArn, or None if it may.

    For example, the ARN has the wrong partition, account, service or resource type.
    """
    arn, name = Arn.parse(source), service_name(principal) or principal
    if arn is None:
        return "The source must be an ARN, for example the ARN of a state machine or of a schedule group."
    known_source = source_of(principal)
    example = _source_arn(known_source, facts).replace("*", "NAME") if known_source is not None else ""
    if known_source is not None and (right := presented_for(principal, (source,))) is not None:
        return (
            f"{name} sends the {known_source[1].partition('/')[0]} as the source, not a resource inside it: write "
            f"{right}."
        )
    if known_source is not None and not overlap(source, f"arn:*:{known_source[0]}:*:*:{known_source[1]}"):
        return f"{name} sends another kind of ARN as the source, for example {example}."
    if arn.partition != facts.partition:
        return f"The source is in the partition {arn.partition}, but the role is in {facts.partition}."
    if arn.account and arn.account != facts.account_id:
        return (
            f"The source is in account {arn.account}, but a service accepts only a role of the source's "
            f"account, and this role is in {facts.account_id}."
        )
    if known_source is not None and not arn.resource.strip("*?"):
        return f"This matches every {name} resource: name one, for example {example}."
    return None


def pod_identity(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    tags = {
        "aws:RequestTag/kubernetes-namespace": given["namespace"],
        "aws:RequestTag/kubernetes-service-account": given["service_account"],
        "aws:RequestTag/eks-cluster-name": given["cluster"],
    }
    # Pod Identity adds tags to its sessions: without sts:TagSession, it cannot assume the role.
    equals = {key: value for key, value in tags.items() if value}
    return [_allow({"Service": POD_IDENTITY}, list(trust_needs(POD_IDENTITY)), StringEquals=equals)]


def irsa(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    principal = _provider(facts, given["provider"])
    issuer = principal["Federated"].partition(":oidc-provider/")[2]
    subject = f"system:serviceaccount:{given['namespace']}:{given['service_account']}"
    keys: dict[str, str | list[str]] = {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": subject}
    return [_allow(principal, WEB, **_matching(keys))]


# AWS accounts.


def account(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    account = given["account"] or facts.account_id
    principals = given.all("principals")
    for arn in principals:
        if not re.fullmatch(rf"arn:[a-z-]+:(iam|sts)::{_ACCOUNT}:(root|role/\S+|user/\S+|assumed-role/\S+)", arn):
            raise RecipeError("principals", f"{arn[:80]} is not the ARN of a role or user.")
        if "*" in arn or "?" in arn:
            raise RecipeError("principals", "IAM accepts no wildcard in a principal: name the role or its account.")
    names = principals or (f"arn:{facts.partition}:iam::{account}:root",)
    equals: dict[str, Any] = {}
    if given["external_id"]:
        equals["sts:ExternalId"] = given["external_id"]
    if given["organization"]:
        equals["aws:PrincipalOrgID"] = given["organization"]
    boolean: dict[str, Any] = {}
    less: dict[str, Any] = {}
    if given["mfa"] == "yes":
        boolean["aws:MultiFactorAuthPresent"] = "true"
        if given["mfa_age"]:
            less["aws:MultiFactorAuthAge"] = given["mfa_age"]
    conditions = {"StringEquals": equals, "Bool": boolean, "NumericLessThan": less}
    return [_allow({"AWS": one_or_many(names)}, ASSUME, **conditions)]


# Web identities.


def github(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    provider = _provider(facts, given["provider"] or GITHUB)
    issuer = provider["Federated"].partition(":oidc-provider/")[2]
    organization, repository = given["organization"], given["repository"]
    if organization == "*" or "*" in organization:
        raise RecipeError(
            "organization", "Name the organization in full: a wildcard would match other people's organizations."
        )
    target = _github_target(given)
    subjects = []
    form = given["form"]
    if form in ("name", "both"):
        subjects.append(f"repo:{organization}/{repository}:{target}")
    if form in ("id", "both"):
        subjects.append(f"repo:{_github_by_id(given)}:{target}")
    keys: dict[str, str | list[str]] = {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": one_or_many(subjects)}
    return [_allow(provider, WEB, **_matching(keys))]


def _github_by_id(given: CheckedAnswers) -> str:
    """Return the repository in ID form: ``owner@1/name@2``.

    For several repositories (all those of the owner, or those that match a pattern), the second ID is a wildcard.
    """
    organization, repository = given["organization"], given["repository"]
    many = "*" in repository or "?" in repository
    for key in ("organization_id",) if many else ("organization_id", "repository_id"):
        if not given[key]:
            raise RecipeError(
                key, f"The subject in ID form needs the {key.replace('_id', '')}'s ID, which GitHub's API returns."
            )
    if many and given["repository_id"]:
        raise RecipeError(
            "repository_id", "An ID identifies one repository: name that repository, or leave the ID empty."
        )
    name = f"{repository}@{given['repository_id'] or '*'}" if repository != "*" else "*"
    return f"{organization}@{given['organization_id']}/{name}"


def _github_target(given: CheckedAnswers) -> str:
    chosen = [key for key in ("branch", "tag", "environment") if given[key]]
    chosen += ["pull_request"] if given["pull_request"] == "yes" else []
    if len(chosen) > 1:
        raise RecipeError(chosen[1], f"Choose one of branch, tag, environment and pull request, not {len(chosen)}.")
    match chosen:
        case ["branch"]:
            return f"ref:refs/heads/{given['branch']}"
        case ["tag"]:
            return f"ref:refs/tags/{given['tag']}"
        case ["environment"]:
            return f"environment:{given['environment']}"
        case ["pull_request"]:
            return "pull_request"
    return "*"


def gitlab(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    provider = _provider(facts, given["provider"] or GITLAB)
    issuer = provider["Federated"].partition(":oidc-provider/")[2]
    group = given["group"]
    if "*" in group:
        raise RecipeError("group", "Name the group in full: a wildcard would match other people's groups.")
    path = f"{group}/{given['project']}"
    if given["branch"] and given["tag"]:
        raise RecipeError("tag", "Choose a branch or a tag, not both.")
    reference = "ref_type:branch:ref:" + given["branch"] if given["branch"] else "*"
    if given["tag"]:
        reference = f"ref_type:tag:ref:{given['tag']}"
    keys: dict[str, str | list[str]] = {f"{issuer}:aud": given["audience"] or f"https://{issuer}"}
    keys[f"{issuer}:sub"] = f"project_path:{path}:{reference}"
    if given["form"] == "id":
        if issuer != GITLAB:
            raise RecipeError("form", "AWS supports ID claims only for gitlab.com: use the name form here.")
        ids = {"project_id": given["project_id"], "namespace_id": given["group_id"]}
        if not any(ids.values()):
            raise RecipeError("project_id", "The ID form needs the project's ID or the group's.")
        keys |= {f"{issuer}:{claim}": value for claim, value in ids.items() if value}
        # A name may later belong to somebody else. The IDs identify the project, so the path may be any path.
        keys[f"{issuer}:sub"] = f"project_path:*:{reference}" if reference != "*" else "project_path:*"
    return [_allow(provider, WEB, **_matching(keys))]


def terraform(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    provider = _provider(facts, given["provider"] or TERRAFORM)
    issuer = provider["Federated"].partition(":oidc-provider/")[2]
    if "*" in given["organization"]:
        raise RecipeError(
            "organization", "Name the organization in full: a wildcard would match other people's organizations."
        )
    parts = (given["organization"], given["project"], given["workspace"], given["run_phase"])
    subject = "organization:{}:project:{}:workspace:{}:run_phase:{}".format(*parts)
    keys: dict[str, str | list[str]] = {f"{issuer}:aud": "aws.workload.identity", f"{issuer}:sub": subject}
    return [_allow(provider, WEB, **_matching(keys))]


def cognito(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    return [
        _allow(
            {"Federated": COGNITO},
            WEB,
            StringEquals={f"{COGNITO}:aud": given["pool"]},
            **{"ForAnyValue:StringLike": {f"{COGNITO}:amr": given["sign_in"]}},
        )
    ]


def google(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    keys = {f"{GOOGLE}:aud": given["client_id"]}
    if given["subject"]:
        keys[f"{GOOGLE}:sub"] = given["subject"]
    return [_allow({"Federated": GOOGLE}, WEB, StringEquals=keys)]


def oidc(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    provider = _provider(facts, given["provider"])
    issuer = provider["Federated"].partition(":oidc-provider/")[2]
    subjects = given.all("subject")
    if any(not subject.strip("*?") for subject in subjects):
        raise RecipeError("subject", "A subject of only wildcards accepts everyone whom the provider signs in.")
    keys: dict[str, str | list[str]] = {
        f"{issuer}:aud": one_or_many(given.all("audience")),
        f"{issuer}:sub": one_or_many(subjects),
    }
    return [_allow(provider, WEB, **_matching(keys))]


# SAML.


def sign_in_endpoints(regions: tuple[str, ...], partition: str = "aws", identifier: str = "") -> tuple[str, ...]:
    """Return the SAML audiences: the Regional sign-in endpoints, or the global one if no Regions are given.

    ``identifier`` is the provider's unique identifier, used for encrypted assertions.
    """
    domain = {"aws-cn": "signin.amazonaws.cn", "aws-us-gov": "signin.amazonaws-us-gov.com"}.get(
        partition, "signin.aws.amazon.com"
    )
    tail = f"/saml/acs/{identifier}" if identifier else "/saml"
    return tuple(f"https://{region}.{domain}{tail}" for region in regions) or (f"https://{domain}{tail}",)


def saml(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    provider = _provider(facts, given["provider"], "saml")
    regions = given.all("regions")
    audiences = sign_in_endpoints(regions, facts.partition, given["identifier"])
    keys: dict[str, Any] = {}
    if given["access"] == "programmatic":
        if not given["attribute"] or not given["value"]:
            raise RecipeError("attribute", "For programmatic access, name an attribute of the assertion and its value.")
        keys[given["attribute"]] = given["value"]
    else:
        keys["SAML:aud"] = one_or_many(audiences)
        if given["attribute"] and given["value"]:
            keys[given["attribute"]] = given["value"]
    actions: str | list[str] = [SAML, "sts:TagSession"] if given["session_tags"] == "yes" else SAML
    return [_allow(provider, actions, StringEquals=keys)]
