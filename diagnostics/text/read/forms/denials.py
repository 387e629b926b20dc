"""Read denials: all forms of IAM's own sentences, and the short messages that services print instead.

The grammar is that of the IAM user guide, "Troubleshoot access denied error messages": who, "is not authorized to
perform", action, "on resource", resource, and why; each part may be missing, quoted, redacted or truncated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.failure import CUT, Denial
from diagnostics.text.read.forms.http_refusals import with_method
from diagnostics.text.read.messages.context import (
    Context,
    begin_of_message,
    end_of_message,
    frame_operation,
    frame_service,
    read_context,
    speaks_of_aws,
)
from diagnostics.text.read.messages.fields import (
    ACTION,
    ARN,
    find_arn,
    first_value,
    join_breaks,
    name_before,
    one_value,
    trimmed,
)
from diagnostics.text.read.messages.operations_in_words import spelled_out
from diagnostics.text.read.messages.refusals_in_own_words import refusal_in
from diagnostics.text.read.messages.service_sentences import sentence_in
from iam.api_operations import action_for
from iam.lazy_pattern import regex
from iam.service_reference import action as listed_action
from iam.service_reference import action_names, services
from iam.services import iam_prefix, principal_short_name

# Right after "perform:", a word, a line break and a colon can only be the service prefix, broken.
_BROKEN_ACTION = rf"{ACTION}|[A-Za-z][A-Za-z0-9-]*[\r\n\x1c][a-z0-9-]+:[A-Za-z0-9_*]+"
_SENTENCE = regex(
    r"(?:\b(?P<verb>is|are|was|were|am)\s+)?\b(?:not\s+authori[sz]ed(?:\s+to)?|not\s+(?:allowed|permitted)\s+to"
    r"|unable\s+to)\s+(?:perform|execute)(?:\s+(?:the\s+)?action)?\s*:?\s*"
    rf"[\"'`\[]?(?P<action>{_BROKEN_ACTION}|AssumeRole\w*)"
    rf"|\b(?:do(?:es)?\s+not|doesn't"
    rf"|don't)\s+have\s+(?:the\s+)?(?:required\s+)?permissions?\s+(?:to\s+)?(?:perform\s*:?\s*)?[\"'`\[]?(?P<needs>{ACTION})",
    re.IGNORECASE,
)
_CONSOLE = regex(
    rf"\bUser:\s*(?P<principal>\S+)(?:\s+Service:\s*[\w-]+)?\s+Action:\s*(?P<action>{ACTION})"
    r"(?:\s+(?:On\s+)?resource(?:\(s\)|s)?:\s*(?P<resource>\S+(?:\s+(?!Context)\S+){0,2}?))?"
    r"(?:\s+Context:\s*(?P<context>[^\x1e]*))?",
    re.IGNORECASE | re.MULTILINE,
)
# The same form of the console in another language: the labels are translated; values and reason are not.
_LABEL = r"[^\s:\uff1a][^:\uff1a\x1e]{0,40}[:\uff1a]\s*"
_CONSOLE_ABROAD = regex(
    rf"{_LABEL}(?P<principal>arn:[\w-]+:(?:iam|sts)::\d{{12}}:(?:user|assumed-role|federated-user|root)\S*)\s+"
    rf"(?:{_LABEL}[a-z0-9-]+\s+)?{_LABEL}(?P<action>{ACTION})\s+"
    rf"(?:{_LABEL}(?P<resource>arn:\S+|\*)\s+)?"
    rf"{_LABEL}(?P<context>(?:because\s+)?no\s+[a-z][\w -]{{4,60}}?\s+allows?\b[^\x1e\n]{{0,200}}"
    r"|(?:with\s+)?(?:an\s+)?explicit\s+deny\b[^\x1e\n]{0,300})",
)
_TO_RESOURCE = regex(
    r"[\"'`\]]?\s+on\s+(?:(?P<named>(?:the\s+)?(?:following\s+)?resources?(?:\(s\))?(?:\s*:\s*|\s+(?=[\"'`]?arn:)))"
    r"|(?P<unnamed>(?:the|this|a)?\s*(?:specified\s+)?resources?\b)"
    r"|(?:role\s+)?(?=[\"']?arn:))",
    re.IGNORECASE,
)
_WHY = regex(
    r"[\s\"'`]\s*(?:because\s+(?:no\s+(?:identity|resource|permission|session|service|vpc|role|trust)\w*\b|the\b"
    r"|public\b)|with\s+(?:an\s+)?explicit\b|transitively\b|due\s+to\b)",
    re.IGNORECASE,
)
_IMPLICIT = regex(
    # "because no … allows", and "because the … does not allow".
    rf"because\s+(?:no|the(?=[\w\s-]{{1,40}}?\s(?:does\s+not|doesn't)\s+allow))\s+(?P<type>[\w\s-]{{0,40}}?)"
    rf"(?:\s+(?:does\s+not"
    rf"|doesn't)(?=\s+allow))?(?:\s*:?\s*(?P<arn>{ARN}))?\s*(?:\ballows?\s+(?:the\s+)?[\"'`]?(?P<missing>{ACTION})[\"'`]?(?P<whole>\s+action|[\s.\"'`]|$)|\ballows?\b|(?P<cut>$|[^\w\s-]))",
    re.IGNORECASE,
)
_LAYERS = (
    ("identity", "identity-based policy"),
    ("resource", "resource-based policy"),
    ("boundary", "permissions boundary"),
    ("session", "session policy"),
    ("session", "sessions policy"),
    ("scp", "service control policy"),
    ("rcp", "resource control policy"),
    ("vpce", "VPC endpoint policy"),
    ("trust", "role trust policy"),
    ("trust", "trust policy"),
    ("identity", "identity based policy"),
    ("resource", "resource based policy"),
    ("boundary", "permission boundary"),
)
# A person's note beside a code: "403 AccessDenied (no identity-based policy)".
_IN_BRACKETS = regex(r"\(no (?P<type>(?:identity|resource)-based policy|session policy|service control policy)\)")
_KNOWN_TYPES = "|".join(name.replace(" ", r"\s+") for _, name in _LAYERS)
_EXPLICIT = regex(
    rf"with\s+(?:an\s+)?explicit\s+deny(?:\s+in\s+(?:an?|the)\s+(?P<type>(?:{_KNOWN_TYPES})\b"
    rf"|[\w-]+(?:\s+[\w-]+){{0,3}}?(?=\s+transitively|\s*:|\s*[.,;()\"'`\\\]}}{{\x1e]|\s+(?:status|arn|Encoded|Go|at"
    rf"|request)\b|\s*$|\s+[^a-z]))"
    rf"(?:\s+transitively\s+through\s+an?\s+[\w-]+(?:\s+[\w-]+)?\s+policy)?(?:\s*:?\s*[\"'`(]?(?P<arn>{ARN}))?)?",
    re.IGNORECASE,
)
# The reason without the sentence before it, which a program or a person left out.
_REASON_ALONE = regex(
    rf"\bno\s+(?P<type>{_KNOWN_TYPES})\s+allows\s+the\s+(?P<action>{ACTION})\b",
    re.IGNORECASE,
)
# S3 tells the policy's ARN after the reason (S3 User Guide, "Troubleshoot access denied errors").
_WITH_ARN = regex(rf",?\s*with\s+policy\s+ARN\s*:?\s*[\"'`(]?(?P<arn>{ARN})", re.IGNORECASE)
_PUBLIC_ACCESS = regex(
    r"prevented\s+by\s+the\s+\w+\s+setting\s+in\s+S3\s+Block\s+Public\s+Access|\bBlock\s*Public\s*(?:Access|Policy"
    r"|Acls)\b",
    re.IGNORECASE,
)
_BLOB = "[A-Za-z0-9_+/=-]"
_ENCODED = regex(
    r"Encoded(?:\s+authorization)?(?:\s+failure)?(?:\s+message)?\s*:\s*"
    rf"(?P<blob>{_BLOB}+(?:[\r\n\x1c]{_BLOB}+(?=[ ]*(?:[\r\n\x1c\x1e]|$)|[.\"',;()])|\s+{_BLOB}{{24,}})*)",
    re.IGNORECASE,
)
_CUT_OFF = regex(r"[\s|\u2502\x1c]{0,9}(?:\u2026|\.{3}|[(\[<](?:\w+ )?(?:cut|truncated|snip|omitted)\b)", re.IGNORECASE)
"""The text after an encoded message that is truncated."""
_AUTHORIZATION_ID = regex(
    r"#/authorization-details/([A-Za-z0-9_-]+)|authorization\s+id\s*:\s*([A-Za-z0-9_-]+)", re.IGNORECASE
)
_BARE_RESOURCE = (
    regex(r"Access\s+to\s+(?:the\s+)?resource\s+(?P<resource>\S+)\s+is\s+denied", re.IGNORECASE),
    # AWS Lambda: "does not have permissions to call SendMessage on arn:…".
    regex(r"permissions?\s+to\s+call\s+\w+\s+on\s+(?P<resource>[\"'`]?arn:\S+)", re.IGNORECASE),
    # An operation in place of the action: CloudWatch Logs, "PutSubscriptionFilter on resources: arn:…".
    regex(r"authori[sz]ed\s+to\s+perform:?\s+\w+\s+on\s+resources?:?\s+(?P<resource>[\"'`]?arn:\S+)", re.IGNORECASE),
    regex(r"pull\s+access\s+denied\s+for\s+[\"'`]?(?P<resource>[^\s,\"'`]+)", re.IGNORECASE),
    regex(r"Not\s+authorized\s+to\s+access\s+resource:?\s+(?P<resource>\S+)", re.IGNORECASE),
)
_PRINCIPAL_FIRST = regex(
    r"(?:User|Principal|Role)?:?\s*(?P<principal>[^\s\x1e\"{}\[\],]+)\s+(?:is|are)\s+not\s+(?:authori[sz]ed"
    r"|allowed)\s+to\s+(?P<verb>\w+)",
    re.IGNORECASE,
)
_CALLS = regex(
    r"permissions?\s+to\s+call\s+(?:the\s+)?(?P<operation>[A-Z]\w+)\s+on\s+(?:AWS\s+|Amazon\s+|arn:[\w-]+:)?(?P<service>\w+)",
    re.IGNORECASE,
)
_BARE = regex(
    r"access\s?denied|AWS\s+Error\s+ACCESS_DENIED\s+during|not\s+authori[sz]ed\s+to\s+(?:perform|access|invoke|call"
    r"|use|create|execute|make)|unauthorized\s?operation|authorization\s?error"
    r"|no\s+access\s+to\s+any\s+requested\s+resource|not\s+whitelisted\s+for\s+accessing"
    r"|cross-account\s+pass\s+role\s+is\s+not\s+allowed"
    r"|roles\s+may\s+not\s+be\s+assumed\s+by\s+root|ciphertext\s+refers\s+to\s+a\s+customer\s+master\s+key"
    r"|insufficient\s+permissions?(?:\s+to\s+execute\s+the\s+query)?"
    r"|no\s+openidconnect\s+provider\s+found|incorrect\s+token\s+audience|\.dkr\.ecr\.[^\x1e]{1,400}?403\s+forbidden"
    r"|-starport-layer-bucket[^\x1e]{1,400}?403\s+forbidden|(?:not|n't)\s+have\s+(?:sufficient\s+|the\s+required\s+"
    r"|required\s+)?permissions?\b|\(403\)\s+when\s+calling|UnauthorizedException|ForbiddenException|\(NotAuthorized\)"
    r"|ServiceLinkedRoleCreationNotPermitted|Forbidden\s+\(Service:|\ballaccessdisabled\b"
    r"|not\s+authorized\s+for\s+images:|permissions\s+to\s+access\s+them\b|requester\s+is\s+not\s+authorized"
    r"|access\s+to\s+the\s+s3\s+location\s+of\s+your\s+query|access\s+to\s+the\s+resource\s+\S+\s+is\s+denied"
    r"|statuscode:\s*403|access\s+to\s+identity\s+\S+\s+is\s+forbidden"
    r"|is\s+not\s+allowed\s+to\s+execute|\brole\s+(?:\S+\s+)?(?:does\s+not|doesn't)\s+have\s+\w+\s+permissions?\b"
    r"|\bensure\b[^.\x1e]{0,200}\brole\s+(?:\S+\s+)?has\s+[a-z0-9-]+:\w+\s+permissions?\b",
    re.IGNORECASE,
)
# EC2 User Guide for Spot Instances, "Service-linked role for Spot Instance requests".
_SERVICE_ROLE_REFUSED = regex(
    r"ServiceLinkedRoleCreationNotPermitted|permissions?\s+to\s+create\s+(?:the|a)\s+service[\s-]linked\s+role",
    re.IGNORECASE,
)
# What other programs say too: AWS's only where a code or a call of AWS's, or AWS itself, stands in the text. S3 says
# "Access Denied", both with a capital.
_ANYBODYS = regex(r"(?i:(?:not|n't)\s+have\b.*|insufficient\s+permissions?)|[Aa]ccess\s+denied", re.DOTALL)
_OF_A_CALL = regex(
    r"\bAccessDenied(?:Exception)?\b|when\s+calling\s+the|api\s+error|status\s?code:\s*40\d|\broles?\b", re.IGNORECASE
)


SIGNALS = (
    *(
        "authoriz",
        "authoris",
        "access denied",
        "access_denied during",
        "allowed to",
        "permitted to",
        "unable to perform",
        "unable to execute",
    ),
    *(
        "permission",
        "explicit deny",
        "allows the action",
        "policy allows the",
        "boundary allows the",
        "no access to any requested resource",
        "not whitelisted for accessing",
    ),
    *("roles may not be assumed by root", "cross-account pass role is not allowed", "action:"),
    *("ciphertext refers to a customer master key", "no openidconnect provider found", "incorrect token audience"),
    *(
        "403 forbidden",
        "forbidden (service:",
        "s3 location of your query",
        "(403) when calling",
        "forbiddenexception",
        "allaccessdisabled",
        "is denied",
        "statuscode: 403",
        "is forbidden",
        "servicelinkedrolecreationnotpermitted",
    ),
)


def sentences(text: str, service_hint: str | None = None) -> Iterator[tuple[int, Denial]]:
    """Yield each complete sentence of a record that names the action, with its position."""
    if consoles := list(_CONSOLE.finditer(text)) or list(_CONSOLE_ABROAD.finditer(text)):
        yield from ((console.start(), _from_console(text, console)) for console in consoles)
        return
    spans = list(_SENTENCE.finditer(text))
    for index, match in enumerate(spans):
        start = begin_of_message(text, spans[index - 1].end() if index else 0, match.start())
        end = spans[index + 1].start() if index + 1 < len(spans) else len(text)
        end = end_of_message(text, match.end(), end)
        yield match.start(), _from_sentence(text, match, start, end, service_hint)


def _from_sentence(text: str, match: re.Match[str], start: int, end: int, service_hint: str | None) -> Denial:
    before, after = text[start : match.start()], text[match.end() : end]
    context = read_context(text[start:end], at=match.start() - start, service_hint=service_hint)
    action = join_breaks(match["action"] or match["needs"])
    if ":" not in action:
        action = f"sts:{action}"
    if cut := _CUT_OFF.match(after):
        action, after = action + CUT, after[cut.end() :]
    resource = _resource(after)
    reason, policy_arn, missing = _why(after)
    if cut and reason and cut[0][:1] == " " and listed_action(action.removesuffix(CUT)) is not None:
        action = action.removesuffix(CUT)  # the author left out words between the action and the reason
    if cut and missing and missing.lower().startswith(action.removesuffix(CUT).lower()):
        action = missing  # the reason names it whole
    principal = _principal(before, bool(match["verb"]))
    service = principal_short_name(principal) if principal and ":" not in principal and "." not in principal else None
    claims_trust = service is not None and action.lower().startswith("sts:assumerole")
    return Denial(
        text=text,
        code=context.code,
        principal=None if claims_trust else principal,
        action=action,
        resource=resource,
        operation=context.operation,
        stated_reason=reason,
        policy_arn=policy_arn,
        missing_action=_other_action(missing, action),
        encoded_message=encoded_message(after),
        authorization_id=authorization_id(after),
        claims_trust=claims_trust,
        service=service if claims_trust else None,
    )


def _principal(before: str, has_verb: bool) -> str | None:
    if not has_verb:
        labelled = _LABELLED_CALLER.search(before)  # "User: ARN not authorized to perform"
        return labelled["arn"] if labelled else None
    for label in ("User:", "user:", "Principal:", "Caller:", "Identity:", "Role:"):
        at = before.rfind(label)
        if at >= 0 and (value := one_value(before[at + len(label) :])):
            return value
    if before.rstrip().endswith(":"):
        return None  # a label, or an error code: the subject was cut out
    tail = re.search(rf"({ARN}(?:[\r\n]\S+)*?)[\"'`\])]*\s*$", before)
    word = join_breaks(tail[1]) if tail else name_before(before)
    if tail is None and word is not None and word.endswith(("...", "\u2026")):
        return None  # the subject was cut out
    return (word.strip("\"'`[]()").removeprefix("Message:") or None) if word else None


_LABELLED_CALLER = regex(
    r"\b(?:User|Principal|Caller|Identity|Role):\s*[\"'`]?(?P<arn>arn:[\w-]+:(?:iam"
    r"|sts)::\d{12}:[^\s\"'`]+)[\"'`]?\s*$",
    re.IGNORECASE,
)
# Names that may have spaces (AWS Glue Web API Reference, "CreateJob", Name:
# https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html).
_WITH_SPACES = regex(r"arn:[\w-]+:glue:[\w-]+:\d{12}:(?:job|crawler|trigger|workflow)/[^\n\"':]{1,255}")


_AFTER_CUT = regex(r"(\u2026|\.{3})\s[\s\S]*$")
"""The text that a display shows after the ellipsis of a truncated value."""


def _resource(after: str) -> str | None:
    to = _TO_RESOURCE.match(after)
    if not to or to["unnamed"] is not None:
        return None
    value = after[to.end() :]
    if value[:1] in ('"', "'", "`") and (quoted := first_value(value)):
        return _AFTER_CUT.sub(r"\1", quoted)
    if why := _WHY.search(value[:2400]):
        if whole := one_value(value[: why.start()]):
            return whole
        if _WITH_SPACES.fullmatch(value, 0, why.start()):
            return value[: why.start()]
    return first_value(value)


def _why(after: str) -> tuple[str | None, str | None, str | None]:
    """Return the stated reason, the policy's ARN, and the missing action.

    A sentence states one reason: what follows it belongs to another sentence.
    """
    reason, arn, missing = _reason(after)
    if reason and arn is None and (stated := _WITH_ARN.search(after)):
        arn = trimmed(join_breaks(stated["arn"]))
    return reason, arn, missing


def _reason(after: str) -> tuple[str | None, str | None, str | None]:
    explicit, implicit = _EXPLICIT.search(after), _IMPLICIT.search(after)
    if explicit and not (implicit and implicit.start() < explicit.start()):
        layer = _layer(explicit["type"]) if explicit["type"] else None
        arn = trimmed(join_breaks(explicit["arn"])) if explicit["arn"] else None
        return f"explicit:{layer or 'unknown'}", arn, None
    if implicit:
        layer = _layer(implicit["type"])
        missing = implicit["missing"] if implicit["whole"] else None
        arn = trimmed(implicit["arn"]) if implicit["arn"] else None
        return (f"implicit:{layer}" if layer else None), arn, missing
    if re.search(r"because\b", after) and _PUBLIC_ACCESS.search(after):
        return "s3-block-public-access", None, None
    return None, None, None


def _layer(words: str) -> str | None:
    """Return the layer that ``words`` name. If the text is truncated, ``words`` may be the beginning of the name."""
    said = " ".join(words.split()).lower()
    if not said:
        return None
    found = {layer for layer, name in _LAYERS if name.lower().startswith(said) or said.startswith(name.lower())}
    return found.pop() if len(found) == 1 else None


def _from_console(text: str, match: re.Match[str]) -> Denial:
    said = match["context"] or ""
    said = (
        said
        if re.match(r"(?:because|with)\b", said)
        else f"because {said}"
        if said.startswith("no ")
        else f"with {said}"
    )
    reason, policy_arn, missing = _why(said)
    resource = match["resource"]
    return Denial(
        text=text,
        code=read_context(text).code,
        principal=match["principal"],
        action=match["action"],
        resource=one_value(resource) if resource else None,
        stated_reason=reason,
        policy_arn=policy_arn,
        missing_action=_other_action(missing, match["action"]),
        authorization_id=authorization_id(text),
    )


def bare(text: str, service_hint: str | None = None) -> tuple[int, Denial] | None:
    """Return a denial that does not name the action: only a code or a short phrase, and perhaps the operation."""
    match = _BARE.search(text) or _REASON_ALONE.search(text)
    if not match or (_ANYBODYS.fullmatch(match[0]) and _OF_A_CALL.search(text) is None and not speaks_of_aws(text)):
        return None
    context = read_context(text, at=match.start(), service_hint=service_hint)
    return match.start(), _cut_within_the_service(with_method(_bare(text, context)))


_CUT_SERVICE = regex(
    r"authori[sz]ed\s+to\s+perform:\s*(?P<begin>[a-z][a-z0-9-]{1,20})(?:\u2026|\.{3})?\s*\Z", re.IGNORECASE
)


def _cut_within_the_service(denial: Denial) -> Denial:
    """Return the denial with its partial action, if the text is cut off within the service prefix, before the colon."""
    found = _CUT_SERVICE.search(denial.text)
    if found is None or denial.action is not None:
        return denial
    begin = found["begin"].lower()
    fitting = [each for each in services() if each.startswith(begin)]
    return (
        replace(denial, action=f"{fitting[0]}:{CUT}" if len(fitting) == 1 else f"{begin}{CUT}") if fitting else denial
    )


def in_prose(text: str, service_hint: str | None = None) -> tuple[int, Denial] | None:
    """Return a denial that a service states in its own sentence (`diagnostics.text.read.messages.service_sentences`).

    The action is the one that the sentence names or requires. The operation's action is not used: the operation was
    called by somebody who is not denied.
    """
    if (found := sentence_in(text)) is None:
        return None
    denial, named = _bare_at(text, found.start, found.words, service_hint)
    asked = found.row.action if _spells(text, found.row.action) else None
    resource = trimmed(found.resource) if found.resource else denial.resource
    principal = denial.principal or found.principal
    return found.start, replace(denial, action=named or asked, resource=resource, principal=principal)


def refusals(text: str, service_hint: str | None = None) -> tuple[int, Denial] | None:
    """Return a denial in prose that no table has.

    The grammar of `diagnostics.text.read.messages.refusals_in_own_words` reads the sentence.
    """
    if (found := refusal_in(text)) is None:
        return None
    denial, named = _bare_at(text, found.start, found.words, service_hint)
    name = found.party.name if found.party is not None else None
    resource = found.resource or denial.resource
    action = named or next(iter(found.actions), None)
    return found.start, with_method(replace(denial, principal=name, action=action, resource=resource))


def _bare_at(text: str, start: int, words: str, service_hint: str | None) -> tuple[Denial, str | None]:
    """Return the denial around a sentence, with the action of the operation that the text says was called.

    An error that follows the sentence is another failure: its operation and code are not the denial's.
    """
    calls = _CALLS.search(text)
    named = action_for(calls["operation"], iam_prefix(calls["service"])) if calls else None
    own = text[: end_of_message(text, start + len(words), len(text))]
    return _bare(own, read_context(own, at=start, service_hint=service_hint)), named


def _spells(text: str, action: str | None) -> bool:
    """Whether the text contains all words of the action's name: "create the service-linked role"."""
    low = text.lower()
    words = re.findall(r"[A-Z][a-z0-9]+", (action or "").rpartition(":")[2])
    return bool(words) and all(word.lower() in low for word in words)


def _bare(text: str, context: Context) -> Denial:
    service = context.service or frame_service(text) or ("ec2" if context.code == "UnauthorizedOperation" else None)
    operation = context.operation
    named = operation or frame_operation(text)
    action = action_for(named, service) or action_for(named) if named else None
    if calls := _CALLS.search(text):
        action = action_for(calls["operation"], iam_prefix(calls["service"])) or action
        operation = operation or calls["operation"]
    if action is None and (said := spelled_out(text)) and service in (None, said.partition(":")[0]):
        action = said
    principal = resource = None
    for pattern in _BARE_RESOURCE:
        if found := pattern.search(text):
            resource = trimmed(found["resource"].strip("\"'"))
    if first := _PRINCIPAL_FIRST.search(text):
        word = first["principal"].strip("\"'`([")
        principal = None if word[-1:] == ":" else name_before(text[: first.start("principal")] + first["principal"])
    if action is None and re.search(r"no\s+openidconnect\s+provider|incorrect\s+token\s+audience", text, re.IGNORECASE):
        action = "sts:AssumeRoleWithWebIdentity"
    elif re.search(r"cross-account\s+pass\s+role", text, re.IGNORECASE):
        action = "iam:PassRole"
    elif _SERVICE_ROLE_REFUSED.search(text):
        action = "iam:CreateServiceLinkedRole"
    elif re.search(r"roles\s+may\s+not\s+be\s+assumed", text, re.IGNORECASE):
        action = "sts:AssumeRole"
    elif action is None and re.search(r"ciphertext\s+refers\s+to\s+a\s+customer\s+master\s+key", text, re.IGNORECASE):
        action = "kms:Decrypt"  # KMS says this of a ciphertext, and a ciphertext is only ever decrypted
    reason, policy_arn, _ = _why(text)
    if reason is None and (short := _IN_BRACKETS.search(text)):
        reason = f"implicit:{_layer(short['type'])}"
    if reason is None and (alone := _REASON_ALONE.search(text)):
        reason, action = f"implicit:{_layer(alone['type'])}", action or alone["action"]
    return Denial(
        text=text,
        code=context.code,
        principal=principal,
        action=action,
        resource=resource,
        operation=operation,
        stated_reason=reason,
        policy_arn=policy_arn,
        encoded_message=encoded_message(text),
        authorization_id=authorization_id(text),
    )


def encoded_message(text: str) -> str | None:
    """Return EC2's encoded authorization message, with its lines joined; None if it is missing or truncated."""
    found = _ENCODED.search(text)
    if found and _CUT_OFF.match(text, found.end("blob")):
        return None
    blob = re.sub(r"\s+(?:status|at|with|on)?$|\s+", "", found["blob"]) if found else ""
    return blob if len(blob) >= 16 else None


def authorization_id(text: str) -> str | None:
    found = _AUTHORIZATION_ID.search(text)
    return (found[1] or found[2]) if found else None


__all__ = ["authorization_id", "bare", "encoded_message", "find_arn", "in_prose", "refusals", "sentences"]


def _other_action(missing: str | None, action: str) -> str | None:
    """Return the action that the reason names, if it differs from ``action`` and is not its truncated beginning."""
    if not missing or missing.lower() == action.lower():
        return None
    service, _, name = missing.partition(":")
    cut = action.lower().startswith(missing.lower()) and name.lower() not in action_names(service)
    return None if cut else missing
