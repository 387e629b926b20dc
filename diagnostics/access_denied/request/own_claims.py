"""What a text states about the token of a call: its subject, or the parts from which a subject is built.

GitHub builds a subject from the repository and, in this order, the job's environment, the pull request, or the ref
(GitHub Docs, "OpenID Connect reference": "Example subject claims").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.access_denied.request.trust_principals import federated_of
from diagnostics.text.tokens.mentions import mentioned_subjects
from iam.account import Account
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex

GITHUB = "token.actions.githubusercontent.com"
_REPOSITORY = regex(r"\bGITHUB_REPOSITORY[\"']?\s*[:=]\s*[\"']?(?P<found>[\w.-]+(?:@\d+)?/[\w.-]+(?:@\d+)?)")
_REF = regex(r"\b(?:GITHUB_REF|github\.ref)[\"']?\s*[:=]\s*[\"']?(?P<found>refs/[\w./-]*[\w-])")
_PULL_REQUEST = regex(
    r"\b(?:GITHUB_EVENT_NAME|github\.event_name)[\"']?\s*[:=]\s*[\"']?pull_request\b|\brefs/pull/\d+/merge\b"
)
_ENVIRONMENT = regex(
    r"^[ \t]*environment:[ \t]*(?:\n[ \t]+name:[ \t]*)?[\"']?(?P<found>[A-Za-z0-9][\w.-]*)[\"']?[ \t]*$", re.MULTILINE
)
_SUBJECT = regex(r"(?<![:\w])(?:sub|subject)[\"']?\s*[:=]\s*[\"']?(?P<found>[\w-]+:[\w.@/-]+:[\w./:@*-]*[\w/@-])")
_AUDIENCE = regex(r"(?<![:\w])aud[\"']?\s*[:=]\s*[\"']?(?P<found>[\w.-]+(?:[:/][\w./:-]*)?\w)")
_POLICY = regex(r":sub\"?\s*[:=]\s*(?:\[[^\]]*)?[\"']?$|String(?:Like|Equals)")
_OF_ACTIONS = regex(r"configure-aws-credentials|ACTIONS_ID_TOKEN|GITHUB_|with OIDC|token\.actions\.github")


@dataclass(frozen=True, slots=True)
class OwnClaims:
    """What a text states about a token's subject. None and empty mean unknown.

    ``subjects`` are complete subjects; ``repository`` and ``end`` (such as ``environment:production``) are the parts of
    a GitHub subject.
    """

    subjects: tuple[str, ...] = ()
    repository: str | None = None
    end: str | None = None

    @property
    def subject(self) -> str | None:
        """The only subject in the text, complete or built from its parts; None if it has no subject or several."""
        if len(self.subjects) == 1:
            return self.subjects[0]
        if not self.subjects and self.repository and self.end:
            return f"repo:{self.repository}:{self.end}"
        return None

    def contradicts(self, subject: str) -> bool:
        """Return whether a recorded subject differs from what the text states."""
        if self.subjects:
            return subject not in self.subjects
        head, repository, end = _parts(subject)
        if head != "repo":
            return False
        other_repository = self.repository is not None and repository.lower() != self.repository.lower()
        return other_repository or (self.end is not None and end != self.end)


def _parts(subject: str) -> tuple[str, str, str]:
    head, _, rest = subject.partition(":")
    repository, _, end = rest.partition(":")
    return head, repository, end


def own_claims(text: str) -> OwnClaims:
    """Return what the text states about the subject in its call."""
    subjects = dict.fromkeys(each for each in mentioned_subjects(text) if not _is_wanted(each, text))
    subjects.update(dict.fromkeys(found["found"] for found in _SUBJECT.finditer(text) if "*" not in found["found"]))
    if not _OF_ACTIONS.search(text):
        return OwnClaims(tuple(subjects))
    repository = _REPOSITORY.search(text)
    return OwnClaims(tuple(subjects), repository["found"] if repository else None, _end(text))


def _is_wanted(subject: str, text: str) -> bool:
    """Return whether the text contains the subject only in a policy: as a pattern, or after a condition key."""
    if "*" in subject:
        return True
    starts = [match.start() for match in re.finditer(re.escape(subject), text)]
    return all(_POLICY.search(text[max(0, start - 80) : start]) for start in starts)


def _end(text: str) -> str | None:
    if environment := _ENVIRONMENT.search(text):
        return f"environment:{environment['found']}"
    if _PULL_REQUEST.search(text):
        return "pull_request"
    ref = _REF.search(text)
    return f"ref:{ref['found']}" if ref else None


def subject_keys(text: str, account: Account) -> Keys:
    """Return the condition keys for the subject and audience in the text, with the prefix of the subject's issuer.

    Empty unless the text states one subject and exactly one issuer fits it.
    """
    subject = own_claims(text).subject
    if subject is None:
        return {}
    issuers = dict.fromkeys(_issuers(subject, account))
    if len(issuers) != 1:
        return {}
    issuer = next(iter(issuers))
    found: dict[str, Sourced[tuple[str, ...]]] = {f"{issuer}:sub": Sourced((subject,), Source.TEXT, subject)}
    audiences = {match["found"] for match in _AUDIENCE.finditer(text)}
    if len(audiences) == 1:
        audience = audiences.pop()
        found[f"{issuer}:aud"] = Sourced((audience,), Source.TEXT, audience)
    return found


def _issuers(subject: str, account: Account) -> Iterator[str]:
    if subject.startswith("repo:"):
        yield GITHUB
        return
    mark = "oidc.eks" if subject.startswith("system:serviceaccount:") else "gitlab"
    if mark == "gitlab" and not subject.startswith("project_path:"):
        return
    for role in account.roles:
        for provider in federated_of(role):
            issuer = provider.partition(":oidc-provider/")[2]
            if mark in issuer:
                yield issuer
