"""Guess from its form what a policy document is used as."""

from __future__ import annotations

from iam.policy.document import Document, PolicyError
from iam.policy.lint.finding import Part, Policy, PolicyKind
from iam.policy.match import action_matcher
from iam.policy.principal import TRUST_ACTIONS


def guessed_kind(document: Document) -> PolicyKind:
    """Return the kind of policy that a document probably is, judged by its form.

    A document that names principals is a trust policy if its only actions are sts:AssumeRole and its variants, an RCP
    if it denies actions to everyone, and otherwise a resource policy. A document without principals counts as an
    identity policy: SCPs and boundaries have the same form and cannot be distinguished from it.
    """
    try:
        policy = Policy(document, PolicyKind.IDENTITY, document.value)
    except PolicyError:
        return PolicyKind.IDENTITY
    parts = list(policy.statements)
    if not any("Principal" in part.value or "NotPrincipal" in part.value for part in parts):
        return PolicyKind.IDENTITY
    if parts and all(_of_trust(part) for part in parts):
        return PolicyKind.TRUST
    everyone = all(part.value.get("Principal") == "*" and not part.allows for part in parts)
    return PolicyKind.RCP if everyone else PolicyKind.RESOURCE


def _of_trust(part: Part) -> bool:
    if "Resource" in part.value or "NotResource" in part.value:
        return False
    named = [action_matcher(text.text) for text in part.texts("Action")]
    return bool(named) and all(any(matches(action) for action in TRUST_ACTIONS) for matches in named)
