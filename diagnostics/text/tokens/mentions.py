"""Find data about a token in a text that does not contain the token itself: a subject, a sign-in endpoint."""

from __future__ import annotations

from iam.lazy_pattern import regex

_SAML_ENDPOINT = regex(
    r"https://(?:[\w-]+\.)?signin\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/saml\b[\w/-]*"
)
_SERVICE_ACCOUNT = regex(r"\bsystem:serviceaccount:[a-z0-9][a-z0-9.-]{0,62}:[a-z0-9][a-z0-9.-]{0,252}")
_REPOSITORY = regex(r"\brepo:[\w.@-]+/[\w.@-]+:[\w./:@*-]*[\w/@-]")


def mentioned_subjects(text: str) -> tuple[str, ...]:
    """Return the subjects in the text: a Kubernetes service account, a GitHub repository."""
    found = _SERVICE_ACCOUNT.findall(text) + _REPOSITORY.findall(text)
    return tuple(dict.fromkeys(found))


def mentioned_saml_endpoint(text: str) -> str | None:
    """Return the sign-in endpoint if the text names exactly one, else None."""
    found = set(_SAML_ENDPOINT.findall(text))
    return found.pop() if len(found) == 1 else None
