"""Checks of trust policies: content that IAM rejects, and unintended access (IAM User Guide, "Create a role")."""

from __future__ import annotations

import re
from difflib import get_close_matches

from iam.arn import Arn
from iam.facts.service_roles.lookup import sends_source, trust_needs
from iam.policy.lint.finding import ERROR, SECURITY, SUGGESTION, WARNING, Part, Policy, PolicyKind, Text
from iam.policy.lint.principals import SOURCE_KEYS, confused_deputy
from iam.policy.match import action_matcher, has_wildcard
from iam.policy.operators import operator
from iam.policy.principal import ROLES_ANYWHERE, TRUST_ACTIONS
from iam.service_reference import action as known_action

GITHUB = "token.actions.githubusercontent.com"
_WEB, _SAML, _PLAIN = "sts:assumerolewithwebidentity", "sts:assumerolewithsaml", "sts:assumerole"
_oidc_arn = re.compile(r"arn:[^:]+:iam::\d{12}:oidc-provider/(?P<url>\S+)")
_saml_arn = re.compile(r"arn:[^:]+:iam::\d{12}:saml-provider/[\w+=,.@-]+")
_domain = re.compile(r"[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(/\S*)?")
# A condition key → the action that the caller needs to send it.
_SENT_WITH = {
    "sts:sourceidentity": "sts:SetSourceIdentity",
    "sts:transitivetagkeys": "sts:TagSession",
    "aws:requesttag/": "sts:TagSession",
}


def check(policy: Policy) -> None:
    if policy.kind is not PolicyKind.TRUST:
        return
    for part in policy.statements:
        _form(policy, part)
        _actions(policy, part)
        _providers(policy, part)
        if part.allows:
            _services(policy, part)
            _sent(policy, part)
            _redundant_sessions(policy, part)


def _form(policy: Policy, part: Part) -> None:
    for element in ("Resource", "NotResource"):
        if element in part.value:
            message = f"Remove {element}: a trust policy always applies to the role that it is attached to."
            policy.say((*part.path, element), "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", ERROR, message)
    if "NotPrincipal" in part.value:
        path = (*part.path, "NotPrincipal")
        message = "A trust policy cannot have NotPrincipal: name the intended principals as Principal."
        policy.say(path, "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", ERROR, message)
    for kind, text in part.principals():
        if part.allows and text.text == "*" and kind in ("*", "AWS"):
            message = "Everybody may assume the role: name accounts, roles, services or providers."
            policy.say(text.path, "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", ERROR, message)


def _named(part: Part) -> frozenset[str]:
    """Return the AssumeRole actions that the statement names."""
    matchers = [action_matcher(text.text) for text in part.texts("Action")]
    return frozenset(action for action in TRUST_ACTIONS if any(matches(action) for matches in matchers))


def _actions(policy: Policy, part: Part) -> None:
    for text in part.texts("Action"):
        matches = action_matcher(text.text)
        if ":" in text.text and not any(matches(action) for action in TRUST_ACTIONS):
            near = get_close_matches(text.text.lower(), TRUST_ACTIONS, 1, 0.85)
            message = f"{text.text[:80]} has no effect in a trust policy, which decides only how the role is assumed."
            meant = known_action(near[0]) if near else None
            if meant is not None and known_action(text.text) is None and not has_wildcard(text.text):
                message = f"There is no action {text.text[:80]}: most likely {meant.name} is meant."
            policy.say(text.path, "UNSUPPORTED_ACTION_IN_POLICY", ERROR, message)
    anywhere = any(text.text == ROLES_ANYWHERE for _, text in part.principals())
    missing = {action.lower() for action in trust_needs(ROLES_ANYWHERE)} - _named(part)
    if anywhere and missing and part.allows:
        message = "IAM Roles Anywhere needs all three of sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession."
        policy.say((*part.path, "Action"), "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", ERROR, message)


def _providers(policy: Policy, part: Part) -> None:
    written = [text.text.lower() for text in part.texts("Action") if not has_wildcard(text.text)]
    for kind, text in part.principals():
        provider = text.text
        saml, oidc = _saml_arn.fullmatch(provider), _oidc_arn.fullmatch(provider)
        federated = kind == "Federated"
        if federated and not saml and not oidc and not _domain.fullmatch(provider):
            message = f"{provider[:80]} is not an identity provider: write its ARN, or the domain of a public provider."
            code = "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY"
            policy.say(text.path, code, ERROR, message)
            continue
        wrong = [
            action
            for action in written
            if (action == _SAML and not saml)
            or (action == _WEB and (saml or not federated))
            or (action == _PLAIN and federated)
        ]
        for action in wrong if kind in ("AWS", "Service", "Federated") else ():
            spelled = {_SAML: "sts:AssumeRoleWithSAML", _WEB: "sts:AssumeRoleWithWebIdentity", _PLAIN: "sts:AssumeRole"}
            called = _calls(federated, bool(saml))
            message = f"{provider[:80]} cannot call {spelled[action]}: the call for this principal is {called}."
            policy.say(text.path, "MISMATCHED_ACTION_FOR_PRINCIPAL", ERROR, message)
        if federated and not saml and part.allows:
            _conditions(policy, part, text, oidc["url"] if oidc else provider)
    _audience(policy, part)


def _calls(federated: bool, saml: bool) -> str:
    if not federated:
        return "sts:AssumeRole"
    return "sts:AssumeRoleWithSAML" if saml else "sts:AssumeRoleWithWebIdentity"


def _conditions(policy: Policy, part: Part, text: Text, url: str) -> None:
    prefix = f"{url.lower()}:"
    keys = [key.lower() for _, key, _, _ in part.conditions() if key.lower().startswith(prefix)]
    if url.lower() == GITHUB:
        _github(policy, part, text)
    elif not keys:
        message = f"Every token of {url} is accepted: add conditions on {url}:aud and {url}:sub."
        policy.say(text.path, "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", SECURITY, message)


def _github(policy: Policy, part: Part, text: Text) -> None:
    """Check the trust in GitHub's tokens: the repository must be tested, and the branch should be.

    Everybody can get tokens from GitHub. For the subject's form see docs.github.com, "OpenID Connect reference"; since
    2026 owner and repository may include their IDs (``repo:owner@1/name@2:…``).
    """
    tested = [
        (written, key.lower(), place, values)
        for written, key, place, values in part.conditions()
        if key.lower() in (f"{GITHUB}:sub", f"{GITHUB}:job_workflow_ref")
    ]
    if not tested:
        message = f"Every repository of GitHub is accepted: test {GITHUB}:sub for repository and branch."
        policy.say(text.path, "MISSING_GITHUB_REPO_CONDITION_KEY", SECURITY, message)
        return
    ref = any(key.lower() == f"{GITHUB}:ref" for _, key, _, _ in part.conditions())
    for written, key, _, values in tested:
        parts = operator(written)
        if parts is None or parts.negated or not key.endswith(":sub"):
            continue
        for value in values:
            if not _names_branch(value.text, ref):
                message = f"{value.text[:80]} does not fix the repository or the branch: name both completely."
                policy.say(value.path, "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", WARNING, message)


def _names_branch(subject: str, ref: bool) -> bool:
    match = re.fullmatch(r"repo:(?P<repo>[^:]+)(?::(?P<rest>.+))?", subject, re.DOTALL)
    if match is None or has_wildcard(match["repo"]) or "/" not in match["repo"]:
        return False
    rest = match["rest"] or ""
    if ref:
        return True
    # An environment has its own rules for the branches that may use it.
    return rest.startswith(("ref:refs/", "environment:")) and not has_wildcard(rest)


def _audience(policy: Policy, part: Part) -> None:
    for _, key, place, _ in part.conditions():
        low = key.lower()
        if low.endswith(":aud") and not low.startswith("saml:"):
            message = (
                f"Does the provider send one audience or several? For one, {key} needs a plain operator such as "
                "StringEquals; for several audiences, it needs an operator with ForAnyValue."
            )
            policy.say(place.path, "CONFIRM_AUDIENCE_CLAIM_TYPE", SUGGESTION, message)


def _services(policy: Policy, part: Part) -> None:
    if part.keys & SOURCE_KEYS:
        return
    for kind, text in part.principals():
        if kind == "Service" and text.text != ROLES_ANYWHERE and sends_source(text.text):
            confused_deputy(policy, text)


def _sent(policy: Policy, part: Part) -> None:
    named = _named(part)
    if "NotAction" in part.value:
        return
    for _, key, place, _ in part.conditions():
        for start, action in _SENT_WITH.items():
            if key.lower().startswith(start) and action.lower() not in named:
                message = f"Only requests for {action} have {key}, but the statement does not name this action."
                policy.say(place.path, "MISSING_ACTION_FOR_CONDITION_KEY", ERROR, message)


def _redundant_sessions(policy: Policy, part: Part) -> None:
    roles = {
        (arn.account, arn.name)
        for kind, text in part.principals()
        if kind == "AWS" and (arn := Arn.parse_entity(text.text, "role"))
    }
    for kind, text in part.principals():
        session = Arn.parse_principal(text.text)
        if kind != "AWS" or session is None or session.type != "assumed-role" or not session.session_name:
            continue
        if (session.account, session.session_role) in roles:
            message = f"The session adds nothing, because its role {session.session_role} is also named."
            policy.say(text.path, "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", SUGGESTION, message)
