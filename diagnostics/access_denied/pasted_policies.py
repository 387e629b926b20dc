"""The policy documents of a paste, held against the request that the paste says was refused.

The text does not show whether such a document is in force. So what it lacks is likely the cause, and no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from diagnostics.access_denied.near_misses import condition_words, farthest_first, near_words, statement_words
from diagnostics.access_denied.request.values import keys_around
from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import PASTED, Evidence, Status, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.words import is_trust_action, word_of
from iam.arn import account_of
from iam.claims import AskedValues, Confidence, Ground, Keys, confidence
from iam.policy.compiled import wildcard_only
from iam.policy.decision import Fault, Layer, LayerResult, NearMiss
from iam.policy.document import Document, PolicyError
from iam.policy.explain import DenyingStatement, LayerExplanation, explain_layer
from iam.policy.match import names_action
from iam.policy.operators import operator
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import Statement
from iam.policy.words import holding
from iam.words import listing

T = TypeVar("T")

TITLE = "The policy in the text"
MOST_CHARACTERS = 40_000
"""Of a text that are searched for documents: the largest policy has 20,480 (IAM quotas, role trust and managed)."""

_UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{6,}")
"""Of a user or a role (IAM User Guide, "IAM identifiers", unique identifiers:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html)."""


@dataclass(frozen=True, slots=True)
class _Asked(AskedValues):
    """The condition keys that the text gives, as the engine takes them."""

    keys: Keys


@dataclass(frozen=True, slots=True)
class Finding:
    """What the documents of one kind say of the request. ``said`` is a clause on a statement, ``sentence`` the whole.

    ``code`` is the cause that this would be, None where they allow the request. ``absent`` are the condition keys that
    a Deny asks for and that the text does not show.
    """

    code: str | None
    said: str
    sentence: str
    evidence: tuple[Evidence, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def step(self) -> Step:
        status = Status.PASS if self.code is None else Status.UNKNOWN if self.absent else Status.FAIL
        return Step(PASTED, TITLE, status, f"{self.said[0].upper()}{self.said[1:]}", self.evidence)


def finding_of(denial: Denial) -> Finding | None:
    """What the policy documents of the text say of its refused request; None where it has none that can be judged."""
    action = denial.missing_action or denial.action
    if action is None or ":" not in action or '"' not in denial.text:
        return None
    reason, _, stated = (denial.stated_reason or "").partition(":")
    values = tuple(_json_values(denial.text[:MOST_CHARACTERS]))
    found = tuple(_documents(values, denial, action))
    findings: list[Finding] = []
    trust = is_trust_action(action)
    word = stated if stated not in ("", "unknown", "resource", "trust") else "identity"
    others = [one for one in found if not one.names_principals and one.label in ("", word)]
    if word != "identity" and reason != "explicit":
        others = [one for one in others if one.label == word]
    if others and denial.principal is not None and not (trust and stated == "trust"):
        policies = Policies(identity=tuple(NamedPolicy(one.document) for one in others))
        whole = all(one.whole for one in others)
        findings += _judged(denial, action, policies, Layer.IDENTITY, word, values, whole=whole)
    word = word_of(Layer.RESOURCE, trust=trust)
    for one in found:
        if one.names_principals and one.label in ("", word):
            asked, asked_action = _of_the_key(one.document, denial, action)
            policies = Policies(resource=NamedPolicy(one.document))
            decides = one.whole and _must_allow(asked, asked_action, stated)
            findings += _judged(asked, asked_action, policies, Layer.RESOURCE, word, values, whole=decides)
    return _deciding(findings, explicit=reason == "explicit", stated=stated)


def _must_allow(denial: Denial, action: str, stated: str) -> bool:
    """Whether the resource's own policy has to allow the request: AWS says that it does not, it is a trust or a key
    policy, or the caller is another account's. In one account the caller's own policies suffice.
    """
    home, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    apart = home is not None and owner is not None and home != owner
    return stated in ("resource", "trust") or is_trust_action(action) or action.lower().startswith("kms:") or apart


_KEY = re.compile(r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+")


def _of_the_key(document: Document, denial: Denial, action: str) -> tuple[Denial, str]:
    """The request on the KMS key, for a key policy beside the refusal of a service that uses the key."""
    named = [each.lower() for one in document.statements for each in one.action or ()]
    key = _KEY.search(denial.text)
    of_key = bool(named) and all(each.startswith("kms:") for each in named) and not action.lower().startswith("kms:")
    return (replace(denial, resource=key[0]), "kms:Decrypt") if of_key and key else (denial, action)


def _deciding(findings: list[Finding], *, explicit: bool, stated: str) -> Finding | None:
    """The finding that the refusal speaks of: a Deny where it says so, else what lacks, else what would allow. What
    refuses in another layer than AWS names is not why.
    """
    named = [one for one in findings if one.code is None or stated in ("", "unknown", one.code.partition(".")[0])]

    def rank(one: Finding) -> tuple[bool, bool]:
        return (one.code or "").endswith(".explicit-deny") is not explicit, one.code is None

    return min(named, key=rank, default=None)


def with_pasted_policies(denial: Denial, parts: Iterator[T], *, offline: bool) -> Iterator[T | Step | Verdict]:
    """The parts of a diagnosis with a step on the text's own policies behind the first; ``offline``, where no policy of
    the account is read, they are what the verdict speaks of.
    """
    finding = finding_of(denial)
    told = False
    for part in parts:
        if finding is not None and offline and isinstance(part, Verdict):
            yield verdict_with(finding, part)
            continue
        yield part
        if finding is not None and not told and isinstance(part, Step):
            told = True
            yield finding.step


def verdict_with(finding: Finding, verdict: Verdict) -> Verdict:
    """The verdict of the text with what its document says: the statement at fault takes the place of "only the
    policies show"; what AWS stated stays as it is.
    """
    if finding.code is None:
        return verdict
    if verdict.cause.endswith(".explicit-deny") or finding.absent:
        return _saying(verdict, f"{verdict.summary} {finding.sentence}", verdict.cause, verdict.confidence)
    if verdict.confidence is Confidence.CERTAIN:
        return verdict
    return _saying(verdict, finding.sentence, finding.code, confidence(Ground.PARTLY))


def _saying(verdict: Verdict, summary: str, cause: str, sure: Confidence) -> Verdict:
    return replace(verdict, cause=cause, confidence=sure, summary=summary, sentences=(Sentence(summary),))


# What the text contains.


_NAMES = "Sid|Effect|Action|NotAction|Resource|NotResource|Principal|NotPrincipal|Condition"
_MEMBER = re.compile(rf'"({_NAMES})"\s*:\s*')
_START = re.compile(rf'\{{|"(?:{_NAMES})"\s*:')
_BETWEEN = re.compile(r"[\s,]*")
_PLACEHOLDER = re.compile(r"\$\{[^}:]*\}\*?|\$\{[A-Z]\w*::\w+\}|\{\{[^}]*\}\}|<[^>]*>|\.\.\.|…")
"""Of a template, or of what somebody left out: any text may stand there. ``${aws:username}`` is a policy variable."""
_LABELS = (
    ("boundary", re.compile(r"boundary", re.IGNORECASE)),
    ("scp", re.compile(r"\bSCP\b|service control", re.IGNORECASE)),
    ("rcp", re.compile(r"\bRCP\b|resource control", re.IGNORECASE)),
    ("session", re.compile(r"session policy|inline session", re.IGNORECASE)),
    ("vpce", re.compile(r"endpoint policy", re.IGNORECASE)),
)
"""What the words before a document call it."""
_LABEL_WITHIN = 80
_REASON = re.compile(r"allows the \S+ action|explicit deny in an? [\w-]+(?: control| endpoint)?(?: policy)?")
"""IAM's own words, which name the layer that refused and no document."""
_WRITES_POLICIES = re.compile(
    r":(?:put\w*policy|create\w*policy|create\w*version|createrole|updateassume|set\w*(?:policy|attributes)|createkey|"
    r"addpermission|putpermission)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Pasted:
    """A document of the text. ``label`` is the layer that the words before it name, "" where they name none; ``whole``
    is False where a statement could not be read to its end, so that what the document lacks is not known.
    """

    document: Document
    label: str
    whole: bool

    @property
    def names_principals(self) -> bool:
        return any(each.principal is not None or each.not_principal is not None for each in self.document.statements)


def _json_values(text: str) -> Iterator[tuple[int, Any]]:
    """Every JSON object of the text with its place; members of a statement without their braces are one, too."""
    decoder, at = json.JSONDecoder(), 0
    while found := _START.search(text, at):
        try:
            read = decoder.raw_decode if found[0] == "{" else partial(_members, decoder)
            value, at = read(text, found.start())
        except (ValueError, RecursionError):
            at = found.end()
        else:
            yield found.start(), value


def _members(decoder: json.JSONDecoder, text: str, at: int) -> tuple[dict[str, Any], int]:
    """The members of a statement from here on, and where they end."""
    found: dict[str, Any] = {}
    while member := _MEMBER.match(text, at):
        found[member[1]], at = decoder.raw_decode(text, member.end())
        if between := _BETWEEN.match(text, at):
            at = between.end()
    return found, at


def _documents(values: tuple[tuple[int, Any], ...], denial: Denial, action: str) -> Iterator[_Pasted]:
    """The documents that speak of the request: a statement names its service, or what is not among its actions."""
    for start, value in values:
        before = denial.text[max(0, start - _LABEL_WITHIN) : start]
        before = _REASON.split(before)[-1].rpartition("\n\n")[2]
        label = next((layer for layer, words in _LABELS if words.search(before)), "")
        for statements in _statements(value, denial, action):
            listed = statements if isinstance(statements, list) else [statements]
            filled = [each for each in map(_filled, listed) if each is not None]
            document = Document.from_value({"Version": "2012-10-17", "Statement": filled})
            try:
                speaks = any(_speaks_of(each, action, denial) for each in document.statements)
            except PolicyError:
                continue
            if speaks:
                yield _Pasted(document, label, len(filled) == len(listed))


def _speaks_of(statement: Statement, action: str, denial: Denial) -> bool:
    if statement.not_action is not None:
        return True
    named = statement.action or ()
    if _WRITES_POLICIES.search(action):  # the document may be the one that was to be written
        return names_action(named, action)
    services = {each.partition(":")[0].lower() for each in named}
    of_key = "kms" in services and _KEY.search(denial.text) is not None and "KMS" in denial.text
    return action.partition(":")[0].lower() in services or bool(services & {"*", ""}) or of_key


def _filled(statement: Any) -> Any:
    """The statement, with ``*`` for a template's placeholders in the resources of a Deny; None where what it says of
    the request is not known.
    """
    if not isinstance(statement, dict):
        return None
    denies = statement.get("Effect") == "Deny"
    parts = {name: statement.get(name) for name in ("Resource", "NotResource", "Condition", "Principal")}
    if denies and parts["NotResource"] is None and isinstance(parts["Resource"], str | list):
        named = parts["Resource"] if isinstance(parts["Resource"], list) else [parts["Resource"]]
        return {**statement, "Resource": [_PLACEHOLDER.sub("*", each) for each in named if isinstance(each, str)]}
    if _PLACEHOLDER.search(json.dumps(parts, ensure_ascii=False)):
        return None
    return statement if not _computed(parts["Resource"]) and not _computed(parts["NotResource"]) else None


def _computed(value: Any) -> bool:
    """Whether a template's function stands in the place of text."""
    return any(
        not isinstance(each, str) for each in (value if isinstance(value, list) else [value]) if each is not None
    )


def _statements(value: Any, denial: Denial, action: str) -> Iterator[Any]:
    """The statements of each document within the value: a policy, a statement alone, or a block of conditions alone."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        for _, inner in _json_values(value[:MOST_CHARACTERS]):
            yield from _statements(inner, denial, action)
    elif isinstance(value, list):
        for each in value:
            yield from _statements(each, denial, action)
    elif isinstance(value, dict) and "eventSource" not in value:  # a record of another call
        if "Statement" in value:
            yield value["Statement"]
        elif value and all(isinstance(had, dict) and operator(name) for name, had in value.items()):
            yield [_completed({"Condition": value}, denial, action)]
        elif value and all(_MEMBER.match(f'"{name}":') for name in value) and value.keys() - {"Sid", "Effect"}:
            yield [_completed(value, denial, action)]
        else:
            for each in value.values():
                yield from _statements(each, denial, action)


def _completed(members: dict[str, Any], denial: Denial, action: str) -> dict[str, Any]:
    """The statement of which the text has these members: all else of it is taken to fit the request."""
    refuses = (denial.stated_reason or "").startswith("explicit:")
    statement: dict[str, Any] = {"Effect": "Deny" if refuses else "Allow", **members}
    if not members.keys() & {"Action", "NotAction"}:
        statement["Action"] = action
    if not is_trust_action(action):
        return statement if members.keys() & {"Resource", "NotResource"} else {**statement, "Resource": "*"}
    if not members.keys() & {"Principal", "NotPrincipal"}:
        keys = [key for block in members.get("Condition", {}).values() for key in block]
        host = next((key.rpartition(":")[0] for key in keys if key.endswith((":sub", ":aud"))), None)
        account = account_of(denial.resource or "") or "000000000000"
        provider = {"Federated": f"arn:aws:iam::{account}:oidc-provider/{host}"}
        statement["Principal"] = "*" if host is None else provider
    return statement


# What they say of the request.


def _judged(
    denial: Denial,
    action: str,
    policies: Policies,
    layer: Layer,
    word: str,
    values: tuple[tuple[int, Any], ...],
    *,
    whole: bool,
) -> Iterator[Finding]:
    """What they do with the request; ``whole``: what they do not allow is refused."""
    caller = denial.principal or (_provider(policies.resource, denial) if layer is Layer.RESOURCE else None)
    if caller is None:
        return
    alone = wildcard_only(action)
    if "*" in (denial.resource or "") and not alone:
        return  # a pattern, of which a statement may cover a part
    context = {**_role_of_session(caller, policies), **_Asked(keys_around(denial)).context, **_claims(values)}
    request = Request(caller, action, "*" if alone else denial.resource or "*", context=context)
    try:
        explained = explain_layer(request, policies, layer)
    except PolicyError:
        return
    # Where AWS says that nothing allows it, no Deny matched.
    if explained.denials and not (denial.stated_reason or "").startswith("implicit:"):
        yield _denied(explained.denials, action, word)
    elif explained.result is LayerResult.ALLOWED:
        said = f"it would allow {action}: check whether it is in force, and what else refuses"
        yield Finding(None, said, f"The policy in the text would allow {action}. Check whether it is in force.")
    elif whole and (denial.resource is not None or alone or word == "trust"):
        yield from _lacking(explained, action, word, request)


def _denied(denials: tuple[DenyingStatement, ...], action: str, word: str) -> Finding:
    first = denials[0]
    where = [holding(each.operator, each.key, each.wanted) for each in first.conditions]
    absent = tuple(each.key for each in first.conditions if each.had is None)
    when = f" where {listing(where)}" if where else ""
    shown = f"; the text shows no {listing(absent)}" if absent else ""
    said = f"statement {first.sid or first.statement + 1} denies {action}{when}{shown}"
    evidence = Evidence(first.sentence, word, statement=first.statement, sid=first.sid, document=first.policy.document)
    return Finding(f"{word}.explicit-deny", said, f"In the policy of the text, {said}.", (evidence,), absent)


def _lacking(explained: LayerExplanation, action: str, word: str, request: Request) -> Iterator[Finding]:
    nearest = farthest_first(explained.near_misses)
    if not nearest:
        return
    first = nearest[0]
    fault, more, lacks = first.fault.value, "", near_words(first)
    if first.fault is Fault.CONDITION_UNKNOWN or first.fault is Fault.CONDITION_UNMET:
        lacks = "; ".join(map(condition_words, first.conditions))
        if sent := _sent_instead(first, request):
            fault, more = Fault.CONDITION_UNMET.value, f"; the request sends {listing(sent)}"
    elif first.fault is Fault.PRINCIPAL_MISMATCH and any(map(_UNIQUE_ID.fullmatch, first.wanted)):
        fault, lacks = "orphan-principal", f"names {listing(first.wanted)}"
        more = ", the ID of a user or role that was deleted: made again it has another ID, so write its ARN again"
    elif first.fault is Fault.RESOURCE_MISMATCH and request.resource == "*":
        more = ": the action takes no resource, so only a statement with Resource * allows it"
    elif first.part == "partition":
        more = f": write arn:{first.had.split(':')[1]}:"
    said = f"{statement_words(first)} {lacks}{more}"
    evidence = tuple(
        Evidence(
            near_words(each),
            word,
            statement=each.statement,
            sid=each.sid,
            element=each.element,
            document=each.policy.document,
            conditions=each.conditions,
        )
        for each in nearest[:5]
    )
    sentence = f"The policy in the text does not allow {action}: {said}."
    yield Finding(f"{word}.{fault}", said, sentence, evidence)


def _sent_instead(near: NearMiss, request: Request) -> list[str]:
    """The keys of the same family that the request has in the place of the one that is asked for."""
    families = {each.key.lower().rpartition("/")[0] for each in near.conditions if "/" in each.key and each.had is None}
    return sorted(key for key in request.context if key.lower().rpartition("/")[0] in families)


_SESSION = re.compile(r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/")


_ROLE_WITH_PATH = re.compile(r":role/[^\"]*/")


def _role_of_session(caller: str, policies: Policies) -> dict[str, tuple[str, ...]]:
    """The ARN of a session's role, which the session's ARN gives without the path; unknown where a path matters."""
    found = _SESSION.match(caller)
    documents = [one.document for one in (*policies.identity, policies.resource) if one is not None]
    if found is None or any(_ROLE_WITH_PATH.search(document.text) for document in documents):
        return {}
    path = "aws-reserved/sso.amazonaws.com/" if found["role"].startswith("AWSReservedSSO_") else ""
    return {"aws:PrincipalArn": (f"arn:{found['partition']}:iam::{found['account']}:role/{path}{found['role']}",)}


def _claims(values: tuple[tuple[int, Any], ...]) -> dict[str, tuple[str, ...]]:
    """The condition keys of a token whose claims the text shows decoded."""
    found: dict[str, tuple[str, ...]] = {}
    for _, value in values:
        if isinstance(value, dict) and isinstance(issuer := value.get("iss"), str) and "sub" in value:
            host = issuer.removeprefix("https://")
            for claim in ("sub", "aud", "amr"):
                if claim in value:
                    had = value[claim]
                    found[f"{host}:{claim}"] = tuple(map(str, had)) if isinstance(had, list) else (str(had),)
    return found


def _provider(policy: NamedPolicy | None, denial: Denial) -> str | None:
    """The identity provider that a trust policy names: web identity and SAML calls have no other caller."""
    if policy is None or not (denial.action or "").lower().startswith("sts:assumerolewith"):
        return None
    pairs = (pair for statement in policy.document.statements for pair in statement.principal or ())
    return next((value for kind, value in pairs if kind == "Federated"), None)
