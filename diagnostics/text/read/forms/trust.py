"""Read the messages of services that may not assume a role. Each service has its own sentence, in a common form.

The sentence has a role, words for "not possible" or "must be allowed", and "assume". The service is the sentence's
subject, follows "by", or is the one whose operation failed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.read.messages.context import read_context
from diagnostics.text.read.messages.fields import trimmed
from iam.api_operations import action_for
from iam.lazy_pattern import regex
from iam.services import principal_short_name, service_name_pattern

_NOT = (
    r"(?:can(?:not|\s?'t|\s+not)|could\s?(?:not|n't)|(?:is|are|was|were|been)\s+(?:not\s+able|unable)|unable"
    r"|not\s+(?:able|allowed|authori[sz]ed|permitted)|"
    r"must\s+allow|(?:does|do)(?:\s+not|n't)\s+(?:have\s+(?:the\s+)?(?:sufficient\s+)?(?:permissions?|privileges?)"
    r"|allow)|(?:must|should)\s+(?:grant|permit)|"
    r"(?:must|should)\s+be\s+given|(?:does|do)\s+not\s+have\s+a\s+trust\s+relationship\s+allowing|"
    r"nor\s+the\s+regional\s+one\s+is\s+authori[sz]ed)"
)
_CLAIM = regex(
    rf"{_NOT}\b[^.;\x1e]{{0,160}}?(?<!-)\bassum(?:e|ed|ing)\b(?!-role|(?<=assuming)\s+(?:that\s+)?(?:it"
    rf"|they)\s+(?:exists?|is|are|does|do)\b)|\bAssumeRoleUnauthorizedAccess\b|check\s+the\s+trust\s+relationships?"
    # The sentences of Amazon RDS about snapshot exports, of EC2 Auto Scaling about hooks, of Service Catalog.
    r"|\b(?:isn't|is\s+not)\s+allowed\s+to\s+call\s+sts:AssumeRole\b"
    r"|\bAccess\s+denied\s+(?:when\s+attempting\s+to\s+assume|while\s+assuming)\b"
    r"|\b(?:error|failure|problem)\s+(?:in|while|when)\s+assuming\s+(?:the\s+)?"
    r"(?:access|instance|execution|service|task|job|data\s+access)\s+role\b"
    # Amazon SageMaker AI's sentence.
    r"|ensure\s+that\s+the\s+role\s+exists\s+and\s+its\s+trust\s+relationship\s+policy\s+allows\b"
    r"|Not\s+authorized\s+to\s+get\s+credentials\s+of\s+role|Check\s+assigned\s+IAM\s+roles\s+for\s+this\s+pool"
    r"|should\s+have\s+'(?P<wanted>[\w+=,.@-]{1,64})'\s+role\s+with\s+trust\s+relationship",
    re.IGNORECASE,
)
_ROLE_ARN = regex(r"arn:[\w-]*:iam::[^\s:\"'`,;()]*:role/[^\s\"'`,;()\x1e]+")
# A role that is named so is who calls, and not what was to be assumed.
_WHO_CALLS = regex(
    r"\b(?:caller|called by|deployed by|runs? as|running as|logged in as|identity|principal|user)\b"
    r"\W{0,4}(?:role\W{1,3})?$",
    re.IGNORECASE,
)
# Redshift names the database's user, which a trust policy can ask for as sts:ExternalId.
_DATABASE_USER = regex(r"\bUser:?\s+[\"'`]?(arn:[\w-]+:redshift[\w-]*:\S+)\s+is\s+not\s+authori[sz]ed", re.IGNORECASE)
_ROLE_NAME = regex(
    r"\brole\s+[\"'`]?(?!(?:you|that|to|for|is|was|cannot|defined|provided|in|and|or|arn|with|has|does|specified"
    r"|name|must|profiles?|chain|chaining|exists?|can|could|should|not|on|by|at|of|from|may|will|being|used|assumed"
    r"|permissions?|trust|policy)\b)([\w+=,.@-]{2,64}?)[\"'`]?(?=[.,;:]?(?:\s|$)|['\"`])",
    re.IGNORECASE,
)
_SERVICE = regex(rf"[a-z0-9.-]+\.amazonaws\.com|\b(?:AWS\s+|Amazon\s+)?(?:{service_name_pattern()})\b", re.IGNORECASE)
# Names of services that are words of any sentence, where they are written small and without AWS or Amazon.
_WORDS = frozenset(
    (
        *("backup", "batch", "budgets", "comprehend", "config", "events", "flink", "forecast", "logs", "personalize"),
        *("pipes", "scheduler", "states", "transcribe", "transfer", "translate"),
    )
)
# Tools that say so of the credentials that they were given, and not of a service.
_CALLERS_OWN = regex(
    r"IAM\s+Role\s+\(arn:|role\s+with\s+trust\s+relationship\s+to"
    r"|credentials\s+could\s+not\s+be\s+used\s+to\s+assume|\buser\s+\S+\s+is\s+not\s+auth"
)
# EKS Auth names itself EKS, and calls STS as another principal than EKS's clusters do.
_POD_IDENTITY = regex(r"pod[ -]?identity|eks[ -]?auth|assume\s+the\s+associated\s+role", re.IGNORECASE)
# "Unable to assume role for ROLE" names no service; what is pasted with it (the helper's command line, the trust
# anchor's ARN) does.
_ANYWHERE_SENTENCE = regex(r"unable\s+to\s+assume\s+role\s+for\b", re.IGNORECASE)
_ANYWHERE_SIGNS = regex(r"trust[-_ ]?anchor|roles[-_ ]?anywhere|aws_signing_helper", re.IGNORECASE)


def of_roles_anywhere(denial: Denial, pasted: str) -> Denial:
    """Return the denial with IAM Roles Anywhere as its service, if the full pasted text shows it."""
    said = denial.claims_trust and denial.service is None and _ANYWHERE_SENTENCE.search(denial.text)
    return replace(denial, service="rolesanywhere") if said and _ANYWHERE_SIGNS.search(pasted) else denial


# The AWS SDK for Java says why it did not even ask STS (its modules sts and aws-java-sdk-sts).
# The trust policy is not evaluated either if STS rejects the caller's keys (configure-aws-credentials).
_NOT_ASKED = regex(
    r"module\s+must\s+be\s+on\s+the\s+class\s?path"
    r"|Could\s+not\s+assume\s+role\s+with\s+[\w ]{1,40}:\s+The\s+(?:security\s+token\s+included"
    r"|request\s+signature\s+we)"
)

SIGNALS = (
    *(
        "assum",
        "role with trust relationship",
        "check the trust relationship",
        "not authorized to get credentials of role",
    ),
    "check assigned iam roles for this pool",
    "role exists and its trust relationship policy allows",
)


def claim(text: str, service_hint: str | None = None) -> tuple[int, Denial] | None:
    """Return the denial that the record states, if a service says in it that it cannot assume a role; else None."""
    match = _CLAIM.search(text)
    if not match or not re.search(r"role", text, re.IGNORECASE) or _NOT_ASKED.search(text):
        return None
    context = read_context(text, at=match.start(), service_hint=service_hint)
    arn = next((each for each in _ROLE_ARN.finditer(text) if not _WHO_CALLS.search(text[: each.start()][-60:])), None)
    name = match["wanted"] or (None if arn else (found[1] if (found := _ROLE_NAME.search(text)) else None))
    # IAM's own sentence, mangled or read aloud, is about who called.
    of_iam = re.search(r"authori[sz]ed\s+to\s+perform", match[0], re.IGNORECASE) is not None
    callers_own = of_iam or _CALLERS_OWN.search(text) is not None
    service = (
        None
        if callers_own
        else (
            _named_principal(text)
            or _of_app_runner(text)
            or _of_redshift(text, match)
            or _service(text, match)
            or _by_wording(text)
            or (principal_short_name(context.service) if context.service else None)
            or _by_operation(context.operation)
        )
    )
    if service == "ecs" and re.search(r"\btasks?\b", text):
        service = "ecs-tasks"
    if service == "eks" and _POD_IDENTITY.search(text):
        service = "pods.eks"
    user = _DATABASE_USER.search(text)
    # An identity pool hands its own token to STS: no service assumes the role.
    token = re.search(r"roles\s+for\s+this\s+pool", text) is not None
    # aws-actions/configure-aws-credentials says so of its own call of STS.
    token = token or re.search(r"assume\s+role\s+with\s+(?:OIDC|web\s+identity)", text, re.IGNORECASE) is not None
    return match.start(), Denial(
        text=text,
        code=context.code,
        action="sts:AssumeRoleWithWebIdentity" if token else "sts:AssumeRole",
        principal=trimmed(user[1]) if user else None,
        resource=trimmed(arn[0]) if arn else f"role {name.rstrip('.')}" if name else None,
        operation=context.operation,
        claims_trust=not callers_own and not token,
        service=None if token else service,
    )


def _named_principal(text: str) -> str | None:
    """Return the service that the text itself calls the principal."""
    named = re.search(r"\bprincipal:?\s+['\"`]?([a-z0-9.-]+\.amazonaws\.com)", text, re.IGNORECASE)
    return principal_short_name(named[1]) if named else None


def _of_app_runner(text: str) -> str | None:
    """Return the part of App Runner that assumes the role, or None if the text does not say the role's kind.

    The kind of role decides; a trust policy elsewhere in the text is ignored.

    App Runner Developer Guide, "How App Runner works with IAM": its two roles
    (https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html).
    """
    assumed = re.search(r"assuming\s+(?P<which>access|instance)\s+role", text)
    return {"access": "build.apprunner", "instance": "tasks.apprunner"}[assumed["which"]] if assumed else None


def _of_redshift(text: str, match: re.Match[str]) -> str | None:
    """Return Redshift's principal if the message is Redshift's, whatever services the SQL around it names."""
    if not re.search(r"get\s+credentials\s+of\s+role", text):
        return None
    named = _service(text, match) or ""
    return named if named.startswith("redshift") else "redshift"


def _by_wording(text: str) -> str | None:
    """Return the service that the wording identifies.

    The text does not name the service, but no other service uses these words.
    """
    if re.search(r"is\s+invalid\s+or\s+cannot\s+be\s+assumed", text):
        return "cloudformation"
    if re.search(r"Unable\s+to\s+assume\s+specified\s+IAM\s+Role", text):
        return "amplify"
    # AWS Service Catalog Administrator Guide, "Using service actions"
    # (https://docs.aws.amazon.com/servicecatalog/latest/adminguide/using-service-actions.html).
    if re.search(r"Access\s+denied\s+while\s+assuming\s+the\s+role", text):
        return "servicecatalog"
    if re.search(r"verify\s+role's\s+TrustPolicy", text):
        return "glue"
    return "eks" if re.search(r"the\s+trusted\s+entity\s+is\s+not\s+correct", text) else None


def _by_operation(operation: str | None) -> str | None:
    """Return the service whose operation failed, if only one service has an operation of that name."""
    action = action_for(operation, None) if operation else None
    return principal_short_name(action.partition(":")[0]) if action else None


def _service(text: str, match: re.Match[str]) -> str | None:
    """Return the service nearest to the claim: after "by", else before it, else after it."""
    begin = max(0, match.start() - 200)
    behind = re.match(r"[\s\S]{0,120}\b", text[match.end() :])  # a word that is cut may be the name of a service
    end = match.end() + (behind.end() if behind else 0)
    around = _ROLE_ARN.sub(lambda arn: " " * len(arn[0]), text[begin:end])
    by = re.search(r"\b(?:by|allow|principal)\s+(?:the\s+)?['\"`]?", around)

    def distance(found: re.Match[str]) -> tuple[int, int]:
        if by and found.start() == by.end():
            return 0, 0
        before = match.start() - begin - found.start()
        return (1, before) if before > 0 else (2, -before)

    candidates = sorted(_SERVICE.finditer(around), key=distance)
    for found in candidates:
        if found[0] in _WORDS or found[0].startswith("oidc."):  # an issuer of tokens assumes no role
            continue
        if short := principal_short_name(found[0]):
            return short
    return None
