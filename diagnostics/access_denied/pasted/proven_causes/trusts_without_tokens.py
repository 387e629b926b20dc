"""A trust policy in the text that has no statement for the refused web identity or SAML call."""

from __future__ import annotations

import json
from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.words import listing

_CALLS = {
    "sts:assumerolewithwebidentity": "sts:AssumeRoleWithWebIdentity",
    "sts:assumerolewithsaml": "sts:AssumeRoleWithSAML",
}
_OF_A_POD = regex(r"\bIRSA\b|\beks\b|service ?account|\bpods?\b", 2)
_ISSUER = regex(r"\boidc\.eks\.[\w.-]+/id/[0-9A-F]+\b")
_OF_GITHUB = regex(r"\bgithub\b|configure-aws-credentials", 2)


def of_a_trust_without_tokens(documents: Sequence[PastedPolicy], text: str, action: str) -> Finding | None:
    """Return a finding if the only trust policy in the text names neither the refused call nor an identity provider.

    IAM User Guide, "Create a role for OpenID Connect federation"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html).
    """
    call = _CALLS.get(action.lower())
    trusts = [one for one in documents if one.names_principals]
    if call is None or len(trusts) != 1 or not trusts[0].whole:
        return None
    statements = trusts[0].document.statements
    if not all(each.action and all(name.lower().startswith("sts:") for name in each.action) for each in statements):
        return None
    named = [kind for each in statements for kind, _ in each.principal or ()]
    if "Federated" in named or any(names_action(each.action or (), call) for each in statements):
        return None
    principals = list(dict.fromkeys(value for each in statements for _, value in each.principal or ()))
    actions = list(dict.fromkeys(name for each in statements for name in each.action or ()))
    said = f"the trust policy allows {listing(principals)} to call {listing(actions)}, but has no statement for {call}"
    sentence = (
        f"The trust policy in the text has no statement for {call}: what it allows is {listing(actions)}, for "
        f"{listing(principals)}. Add a statement for the identity provider."
    )
    note = Note("the trust policy in the text", f"Add the statement {json.dumps(_statement(call, text))}.")
    return Finding(
        f"trust.{Fault.NO_ACTION.value}",
        said,
        sentence,
        fix=Fix(f"Allow {call} to the identity provider", Who.RESOURCE_OWNER, note),
    )


def _statement(call: str, text: str) -> dict[str, object]:
    """Return the statement to add, with placeholders for what the text does not show."""
    if call.endswith("SAML"):
        provider, conditions = (
            "arn:aws:iam::ACCOUNT:saml-provider/NAME",
            {"SAML:aud": "https://signin.aws.amazon.com/saml"},
        )
    elif _OF_A_POD.search(text):
        shown = set(_ISSUER.findall(text))
        issuer = shown.pop() if len(shown) == 1 else "ISSUER"
        provider = f"arn:aws:iam::ACCOUNT:oidc-provider/{issuer}"
        conditions = {f"{issuer}:sub": "system:serviceaccount:NAMESPACE:NAME", f"{issuer}:aud": "sts.amazonaws.com"}
    elif _OF_GITHUB.search(text):
        issuer = "token.actions.githubusercontent.com"
        provider = f"arn:aws:iam::ACCOUNT:oidc-provider/{issuer}"
        conditions = {f"{issuer}:sub": "repo:OWNER/NAME:ref:refs/heads/BRANCH", f"{issuer}:aud": "sts.amazonaws.com"}
    else:
        provider = "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER"
        conditions = {"ISSUER:sub": "SUBJECT", "ISSUER:aud": "AUDIENCE"}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": call,
        "Condition": {"StringEquals": conditions},
    }
