"""The gate's rules, one row each: the code, the outcome, what the rule finds, and the AWS page.

Rules about the text of a policy have the codes of lint (``lint.UNSUPPORTED_SID``), and their outcomes are in `_LINT`
and in `iam.policy.lint.saved`; those of AWS's ValidatePolicy (``validate.…``) have the same outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping

from iam.gate.rule import GateRule, Outcome

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
_API = "https://docs.aws.amazon.com/IAM/latest/APIReference"
_CHECKS = f"{_USER_GUIDE}/access-analyzer-reference-policy-checks.html"
_QUOTAS = f"{_USER_GUIDE}/reference_iam-quotas.html"
_PRINCIPALS = f"{_USER_GUIDE}/reference_policies_elements_principal.html"
_PROVIDERS = f"{_USER_GUIDE}/id_roles_providers.html"
_BOUNDARIES = f"{_USER_GUIDE}/access_policies_boundaries.html"
_PROFILES = f"{_USER_GUIDE}/id_roles_use_switch-role-ec2_instance-profiles.html"
_PRACTICES = f"{_USER_GUIDE}/best-practices.html"
_RESOURCES = f"{_USER_GUIDE}/reference_policies_elements_resource.html"
_ACTIONS = f"{_USER_GUIDE}/reference_policies_elements_action.html"
_PASS = f"{_USER_GUIDE}/id_roles_use_passrole.html"
_DEPUTY = f"{_USER_GUIDE}/confused-deputy.html"
_THIRD = f"{_USER_GUIDE}/id_roles_common-scenarios_third-party.html"
_OIDC = f"{_USER_GUIDE}/id_roles_create_for-idp_oidc.html"
_EVALUATION = f"{_USER_GUIDE}/reference_policies_evaluation-logic.html"
_SCPS = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html"
_SERVICE_ROLES = f"{_USER_GUIDE}/id_roles_create_for-service.html"

_REFUSED, _UNUSABLE, _DANGEROUS, _NOTE = Outcome.REFUSED, Outcome.UNUSABLE, Outcome.DANGEROUS, Outcome.NOTE

_NAMES = (
    GateRule("name.taken", _REFUSED, "A role already has this name (any case or path).", f"{_API}/API_CreateRole.html"),
    GateRule("policy.taken", _REFUSED, "A customer policy already has this name.", f"{_API}/API_CreatePolicy.html"),
    GateRule("profile.other-role", _REFUSED, "The instance profile contains another role.", _PROFILES),
    GateRule("profile.empty", _NOTE, "The instance profile exists and is empty.", _PROFILES),
    GateRule("profile.missing", _NOTE, "EC2 uses the role only through an instance profile.", _PROFILES),
    GateRule("profile.useless", _NOTE, "An instance profile for a role that EC2 cannot assume.", _PROFILES),
)
_SIZES = (
    GateRule("quota", _REFUSED, "The account's quota is used up.", _QUOTAS),
    GateRule("quota.attached", _REFUSED, "More managed policies than a role may have.", _QUOTAS),
    GateRule("size.trust", _REFUSED, "The trust policy is longer than its quota.", _QUOTAS),
    GateRule("size.unknown", _NOTE, "More than AWS's default quota, where the account's own is unknown.", _QUOTAS),
    GateRule("size.inline", _REFUSED, "The inline policies together are longer than their quota.", _QUOTAS),
    GateRule("size.managed", _REFUSED, "The managed policy is longer than its quota.", _QUOTAS),
)
_CALLER = (
    GateRule("permission", _REFUSED, "The caller is not allowed to make the call.", _EVALUATION),
    GateRule("boundary.demanded", _REFUSED, "The caller may make the call only with a boundary.", _BOUNDARIES),
    GateRule("session.ends", _NOTE, "The caller's credentials expire soon.", f"{_USER_GUIDE}/id_credentials_temp.html"),
)
_NAMED = (
    GateRule("service", _UNUSABLE, "A service principal that is unknown but resembles a known one.", _PRINCIPALS),
    GateRule("service.unknown", _NOTE, "A service principal that is unknown.", _PRINCIPALS),
    GateRule("principal.orphan", _REFUSED, "The trust policy names a deleted principal.", _PRINCIPALS),
    GateRule("principal.missing", _REFUSED, "The trust policy names a principal that does not exist.", _PRINCIPALS),
    GateRule("provider.missing", _UNUSABLE, "The identity provider does not exist.", _PROVIDERS),
    GateRule("provider.audience", _UNUSABLE, "The provider does not accept the audience.", _PROVIDERS),
    GateRule("provider.expired", _UNUSABLE, "The SAML provider's metadata has expired.", _PROVIDERS),
    GateRule("provider.expires", _NOTE, "The SAML provider's metadata expires soon.", _PROVIDERS),
    GateRule("policy.missing", _REFUSED, "The managed policy does not exist.", f"{_API}/API_AttachRolePolicy.html"),
    GateRule(
        "policy.not-attachable",
        _REFUSED,
        "The policy is only for service-linked roles.",
        f"{_API}/API_AttachRolePolicy.html",
    ),
)
_TRUST = (
    GateRule("trust.closed", _UNUSABLE, "Nobody can assume the role.", _PRINCIPALS),
    GateRule("trust.way-closed", _NOTE, "One way into the role is removed.", _PRINCIPALS),
    GateRule("trust.guests-write", _DANGEROUS, "Unknown people can assume the role, and may write.", _OIDC),
    GateRule("trust.public", _DANGEROUS, "Everybody may assume the role.", _PRINCIPALS),
    GateRule("trust.external-without-id", _NOTE, "Another account is trusted without an external ID.", _THIRD),
    GateRule("trust.wide-subject", _DANGEROUS, "The subject spans repositories or organizations.", _OIDC),
    GateRule("trust.missing-audience", _NOTE, "The trust policy does not check the audience.", _OIDC),
    GateRule("trust.confused-deputy", _NOTE, "A service is trusted without a source condition.", _DEPUTY),
    GateRule("trust.source-mismatch", _NOTE, "A condition on aws:SourceArn excludes the service.", _DEPUTY),
    GateRule("forecast.github-subject", _NOTE, "GitHub's subject format changes.", _OIDC),
    GateRule("session.chained", _NOTE, "Role chaining limits sessions to one hour.", f"{_USER_GUIDE}/id_roles.html"),
)
_CONTRACTS = (
    GateRule("service.principal-missing", _NOTE, "AWS's page trusts another service as well.", _SERVICE_ROLES),
    GateRule("service.name", _NOTE, "The service uses only a role of a certain name.", _SERVICE_ROLES),
    GateRule("service.actions", _NOTE, "The role lacks actions that the service's page lists.", _SERVICE_ROLES),
)
_PERMISSIONS = (
    GateRule("permission.none", _NOTE, "The role has no policies.", f"{_USER_GUIDE}/access_policies.html"),
    GateRule("permission.nothing", _NOTE, "The role's policies allow nothing.", _EVALUATION),
    GateRule("boundary.cuts", _NOTE, "The boundary does not allow what the policies allow.", _BOUNDARIES),
    GateRule("organization.cuts", _NOTE, "The organization's policies deny what the role's own policies allow.", _SCPS),
    GateRule("permissions.admin", _DANGEROUS, "Every action on every resource.", _PRACTICES),
    GateRule("permissions.wildcard-action", _NOTE, "All actions of a service.", _ACTIONS),
    GateRule(
        "permissions.wildcard-resource",
        _NOTE,
        "Every resource, although the action can be limited to certain resources.",
        _RESOURCES,
    ),
    GateRule(
        "permissions.not-action",
        _NOTE,
        "Allow by exclusion.",
        f"{_USER_GUIDE}/reference_policies_elements_notaction.html",
    ),
    GateRule(
        "permissions.not-resource",
        _NOTE,
        "Allow by exclusion of resources.",
        f"{_USER_GUIDE}/reference_policies_elements_notresource.html",
    ),
    GateRule("permissions.passrole-any", _NOTE, "Any role may be passed, or to any service.", _PASS),
    GateRule("escalation.path", _DANGEROUS, "The role can make itself an administrator.", _PRACTICES),
    GateRule("statement.partition", _REFUSED, "A resource ARN in another partition.", _RESOURCES),
    GateRule("statement.resource", _NOTE, "A resource that the actions do not apply to.", _RESOURCES),
    GateRule("statement.action", _NOTE, "An action that does not apply to the resources.", _ACTIONS),
    GateRule("role.missing", _NOTE, "A role that does not exist.", _RESOURCES),
    GateRule("reach.roles", _NOTE, "A pattern that matches many roles, or administrators.", _PASS),
    GateRule("reach.accounts", _NOTE, "A pattern that matches roles of any account.", _RESOURCES),
)
_ACCESS = (
    GateRule("opens.stranger", _DANGEROUS, "An unknown external principal may assume the role.", _PRINCIPALS),
    GateRule("opens.administrator", _DANGEROUS, "Somebody becomes an administrator.", _PRACTICES),
)
_LOCKOUT = (
    GateRule("lockout.call", _DANGEROUS, "A later call of the plan is denied to the caller.", _EVALUATION),
    GateRule("lockout.undo", _DANGEROUS, "The caller cannot undo the change.", _EVALUATION),
    GateRule("lockout.way-in", _DANGEROUS, "The caller cannot assume its role again.", _PRINCIPALS),
    GateRule("lockout.role", _DANGEROUS, "Nobody can change the role afterwards.", _EVALUATION),
    GateRule("lockout.account", _DANGEROUS, "Nobody can administer the account afterwards.", _PRACTICES),
)
_UNDO = (GateRule("undo.denied", _NOTE, "The caller is not allowed to undo the change.", _EVALUATION),)
_ROWS = (*_NAMES, *_SIZES, *_CALLER, *_NAMED, *_TRUST, *_CONTRACTS, *_PERMISSIONS, *_ACCESS, *_LOCKOUT, *_UNDO)

RULES: Mapping[str, GateRule] = {row.code: row for row in _ROWS}

_LINT: Mapping[str, Outcome] = {
    "ALLOW_WITH_NOT_PRINCIPAL": _DANGEROUS,
    "EXTERNAL_ID_OF_WILDCARDS": _DANGEROUS,
    "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL": _DANGEROUS,
    "MISSING_GITHUB_REPO_CONDITION_KEY": _DANGEROUS,
    "OPTIONAL_KEY_WITH_IF_EXISTS": _DANGEROUS,
    "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL": _DANGEROUS,
    "SAML_AUDIENCE_NEVER_SENT": _UNUSABLE,
    "SERVICE_EXTERNAL_ID_NEVER_SENT": _UNUSABLE,
    "SUBJECT_NEVER_ISSUED": _UNUSABLE,
    "SUBJECT_OPEN_TO_STRANGERS": _DANGEROUS,
    "UNKNOWN_VARIABLE": _UNUSABLE,
}
"""The outcomes of lint codes for policies that IAM saves, if they are more severe than a note."""

_GROUPS = {"field": _REFUSED, "refused": _REFUSED}
"""The outcome of each group of codes.

``field.name`` …: fields that the API's patterns reject. ``refused.UNSUPPORTED_SID`` …: lint codes of policies that IAM
rejects.
"""


def outcome_of(code: str) -> Outcome:
    """Return the outcome of a finding with this code."""
    if rule := RULES.get(code):
        return rule.outcome
    group, _, rest = code.partition(".")
    if group in ("lint", "validate"):
        return _LINT.get(rest, _NOTE)
    return _GROUPS[group]


def page_of(code: str) -> str:
    """Return the AWS page for the rule with this code."""
    if rule := RULES.get(code):
        return rule.page
    return f"{_API}/API_CreateRole.html" if code.startswith("field.") else _CHECKS
