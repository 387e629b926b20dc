"""Read facts that a text states about its failure, each with its words. A fact can refute a possible cause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from diagnostics.claims.kinds import StatedFact
from diagnostics.failure import Denial, Failure
from diagnostics.text.read.author.demanded_boundary import demanded_boundary
from diagnostics.text.read.identities.own_account import own_accounts
from iam.arn import Arn, identity_of
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Fact:
    """A stated fact. ``words`` are the text's own; ``name`` is the name or ARN that the fact is about, or empty.

    ``own`` is the caller's account, if the fact compares another one with it; else empty.
    """

    words: str
    name: str = ""
    own: str = ""


Facts = Mapping[StatedFact, Fact]
_LONGEST = 20_000
_REMEMBERED = 32


def facts_of(failure: Failure) -> Facts:
    """Return the facts that the failure's text states, each as first stated."""
    if not isinstance(failure, Denial):
        return _stated(failure.text[:_LONGEST], "", "", "")
    text = (failure.pasted or failure.text)[:_LONGEST]
    return _stated(text, failure.principal or "", failure.action or "", failure.resource or "")


@lru_cache(_REMEMBERED)
def _stated(text: str, principal: str, action: str, resource: str) -> Facts:
    found: dict[StatedFact, Fact] = {}
    for kind, fact in _of_roles(text, principal, action, resource):
        found.setdefault(kind, fact)
    for row in _ROWS:
        if (said := row.affirmed(text)) is not None:
            found.setdefault(row.fact, said)
    if (demanded := demanded_boundary(text)) is not None:
        found[StatedFact.BOUNDARY_REQUIRED] = Fact(*demanded)
    if (attached := _just_attached(text, principal)) is not None:
        found[StatedFact.JUST_ATTACHED] = attached
    if StatedFact.FOREIGN_REGISTRY not in found and (registry := _foreign_registry(text)) is not None:
        found[StatedFact.FOREIGN_REGISTRY] = registry
    return found


# The trust policy of the role that was asked for, and the caller's side.
_PRINCIPAL = regex(
    r"arn:(?:aws[\w-]*|\*):(?:iam|sts)::[\d*]+:(?:root\b|(?:role|user|assumed-role)/[\w+=,.@*/-]*[\w*])"
    r"|\b(?:AIDA|AROA)[A-Z0-9]{12,}\b|(?<=account )\d{12}\b"
)
_TRUSTS = regex(
    r"\btrusts\b|\btrusted by\b|\btrust(?:[ -](?:policy|relationship|document))?\b|\bvertrau\w+|\bconf[ií]a\w*"
    r"|\brelation d['’]approbation\b|\bfait confiance\b|\bassume_?role_?policy\w*|\"Principal\"|\bprincipals? *[:={]",
    re.IGNORECASE,
)
_CLAUSE = regex(r"(?:[^.;\n]|[.;](?!\s|$))+")
_DOUBTED = regex(
    r"\b(?:not|no|never|without|lacks?|missing|cannot|should|must|could|would|if|need|needs|used to|before)\b|n['’]t\b"
    r"|\bnicht\b|\bno tiene\b|\bpas\b|\?",
    re.IGNORECASE,
)
_REFUSAL = regex(r"not authori[sz]ed|cannot be assumed|AccessDenied|\berror\b", re.IGNORECASE)
_OWNER_AFTER = regex(
    r"\btrust(?:[ -](?:policy|relationship))?\s+(?:of|on|for|in)\s+(?:the\s+)?(?:role\s+)?"
    r"(?:arn:[\w-]+:iam::\d{12}:role/(?:[\w+=,.@-]+/)*)?(?P<role>[\w+=,.@-]+)",
    re.IGNORECASE,
)
_OWNER_BEFORE = regex(
    r"(?P<role>[\w+=,.@-]*\w)(?:['’]s?)?\s+(?:role\s+)?(?:trusts\b|trust(?:[ -](?:policy|relationship))\b)",
    re.IGNORECASE,
)
_NO_ROLE = frozenset(("the", "its", "his", "their", "our", "this", "that", "role", "target", "a", "an", "side", "my"))
_CONDITIONED = regex(r"\bexternal[-_ ]?id\b|\bMFA\b|MultiFactor|\bCondition\b|\bPrincipalOrgID\b", re.IGNORECASE)
_SENT = regex(
    r"\bexternal[-_ ]?id\b[^.;\n]{0,20}[(,]?\s*(?:which )?(?:we|I|it is|the (?:app|call|code|client|program))\b"
    r"(?: do| does| is)? (?:sends?|sent|pass(?:es|ed)?|provides?|sets?)\b",
    re.IGNORECASE,
)
"""Words that say that the call sends the external ID."""
_MAY = regex(
    r"\b(?:allows?|allowed|grants?|granted|has|have|had|contains?|includes?|may|autorise|erlaubt|darf|permite|tiene)\b"
    r"[^.\n]{0,80}?\bsts:(?:AssumeRole\b(?!With)|\*)(?P<on>[^\n]{0,200})",
    re.IGNORECASE,
)
_ELEMENT = regex(r"\"?Action\"?\s*[:=]")  # a statement, which is evaluated
_ROLE_PATTERN = regex(r"arn:[\w*-]+:iam::[\d*]+:role/[\w+=,.@*/-]*[\w*]")


def _of_roles(text: str, principal: str, action: str, resource: str) -> Iterator[tuple[StatedFact, Fact]]:
    role, caller = Arn.parse_entity(resource, "role"), Arn.parse_principal(principal)
    if action.lower() != "sts:assumerole" or role is None or caller is None:
        return
    if said := _may_assume(text, resource, role.name):
        yield StatedFact.MAY_ASSUME, Fact(said)
    named: dict[str, str] = {}
    for line in text.splitlines():
        for clause in _CLAUSE.finditer(line):
            words = clause[0]
            if _TRUSTS.search(words) and not (_DOUBTED.search(words) or _REFUSAL.search(words)):
                if _owner(words) not in ("", role.name.lower()):
                    continue
                for found in _PRINCIPAL.finditer(words):
                    if found[0] != resource:
                        named.setdefault(found[0], " ".join(words.split())[:160])
    if _CONDITIONED.search(text) and not _SENT.search(text):
        return
    account = caller.account
    if (trusts := _trusts_by_name(text, caller, role)) is not None:
        yield StatedFact.TRUSTED, Fact(trusts)
    for name, words in named.items():
        if name[:4] in ("AIDA", "AROA"):
            yield StatedFact.DELETED_TRUSTED, Fact(words, name)
        elif name == account or name.endswith(f"::{account}:root"):
            yield StatedFact.ACCOUNT_TRUSTED, Fact(words, name)
        elif identity_of(name) == identity_of(principal) or fnmatchcase(principal, name):
            yield StatedFact.TRUSTED, Fact(words, name)
    others = [each for each in named if each[:4] == "arn:" and not each.endswith(":root") and "*" not in each]
    if len(others) == len(named) == 1 and identity_of(others[0]) != identity_of(principal):
        yield StatedFact.NOT_TRUSTED, Fact(named[others[0]], others[0])


_ADMITS = regex(
    r"\b(?:allows?|allowed|trusts?|names?|lists?|has|includes?|contains?|admits?|accepts?)\b", re.IGNORECASE
)


def _trusts_by_name(text: str, caller: Arn, role: Arn) -> str | None:
    """Return the words that say that the role's trust policy names the caller's role or user, without its ARN."""
    _, _, name = identity_of(str(caller))
    if not name or name == role.name:
        return None
    for line in text.splitlines():
        for clause in _CLAUSE.finditer(line):
            words = clause[0]
            after = words.partition(name)[0]
            if after == words or not (_TRUSTS.search(after) and _ADMITS.search(after)):
                continue
            if not (_DOUBTED.search(words) or _REFUSAL.search(words)) and _owner(words) in ("", role.name.lower()):
                return " ".join(words.split())[:160]
    return None


def _owner(words: str) -> str:
    """Return the role, in lower case, whose trust policy the clause is about; "" if it names none."""
    for pattern in (_OWNER_AFTER, _OWNER_BEFORE):
        if (found := pattern.search(words)) and (name := found["role"].lower()) not in _NO_ROLE:
            return "" if name.startswith("arn:") else name
    return ""


def without_other_trusts(text: str, denial: Denial) -> str:
    """Return the text with blanks in place of clauses about trust that do not show whether the role trusts the caller.

    These are clauses about the trust policy of the caller's own role, and clauses that mention a condition. Clauses
    that name no principal are kept.
    """
    _, _, caller = identity_of(denial.principal or "")
    role = Arn.parse_entity(denial.resource or "", "role")
    if role is None or not caller or "trust" not in text.lower():
        return text
    kept = []
    for line in text.split("\n"):
        for clause in _CLAUSE.finditer(line):
            words = clause[0]
            if not _TRUSTS.search(words) or "{" in words or not _PRINCIPAL.search(words):
                continue
            others = caller.lower() != role.name.lower() and _owner(words) == caller.lower()
            if others or (_CONDITIONED.search(words) and not _names_others(words, denial.principal or "")):
                line = f"{line[: clause.start()]}{' ' * len(words)}{line[clause.end() :]}"
        kept.append(line)
    return "\n".join(kept)


def _names_others(words: str, caller: str) -> bool:
    """Whether the clause names only users and roles, and none of them is the caller.

    The caller is then not trusted, whatever condition the clause mentions.
    """
    named = [found[0] for found in _PRINCIPAL.finditer(words)]
    entities = [each for each in named if re.search(r":(?:user|role|assumed-role)/[^*]+$", each)]
    return len(entities) == len(named) and all(identity_of(each) != identity_of(caller) for each in entities)


def _may_assume(text: str, resource: str, role: str) -> str:
    """Return the words that say that the caller's policies allow the call on this role; "" if there are none."""
    for line in text.splitlines():
        for clause in _CLAUSE.finditer(line):
            words = clause[0]
            found = _MAY.search(words)
            if found is None or any(each.search(words) for each in (_TRUSTS, _DOUBTED, _REFUSAL, _ELEMENT)):
                continue
            patterns = _ROLE_PATTERN.findall(found["on"])
            if any(fnmatchcase(resource, each) for each in patterns) or (not patterns and role in found["on"]):
                return " ".join(words.split())[:160]
    return ""


# Facts that one sentence tells.
@dataclass(frozen=True, slots=True)
class _Row:
    """A kind of fact.

    ``stated`` matches its words; the group ``name`` in it matches the name that the fact is about.
    """

    fact: StatedFact
    stated: re.Pattern[str]

    def affirmed(self, text: str) -> Fact | None:
        """Return the fact, if a clause states it without doubt or denial."""
        for found in self.stated.finditer(text):
            begin = max(text.rfind("\n", 0, found.start()), text.rfind(". ", 0, found.start())) + 1
            if not _UNSURE.search(text[begin : found.end()]):
                return Fact(" ".join(found[0].split())[:160], found.groupdict().get("name") or "")
        return None


_UNSURE = regex(
    r"\b(?:never|should|could|would|whether|if|maybe|perhaps)\b|\bnot (?:yet|sure)\b|n['’]t\b|\?", re.IGNORECASE
)
_ROWS = (
    _Row(
        StatedFact.MAY_PULL,
        regex(
            r"\b(?:[Rr]ole|[Nn]ode|[Tt]ask)\w*\b[^.\n]{0,80}\b(?:has|have|with|includes?|attached)\b[^.\n]{0,60}"
            r"\b(?:AmazonECSTaskExecutionRolePolicy|AmazonEC2ContainerRegistry(?:ReadOnly|PullOnly|PowerUser|FullAccess)"
            r"|ecr:\*|ecr:BatchGetImage)"
        ),
    ),
    _Row(
        StatedFact.FOREIGN_REGISTRY,
        regex(
            r"\b(?P<name>\d{12})\b[^.\n]{0,60}\b(?:is|belongs to)\b[^.\n]{0,40}\b(?:publisher|vendor|supplier|partner"
            r"|not ours|not our|another (?:company|organi[sz]ation|team|account)|other (?:company|team|account))"
            r"|\bregistry (?:is|belongs to)[^.\n]{0,40}\b(?:publisher|vendor|not ours|another|other)\b",
            re.IGNORECASE,
        ),
    ),
    _Row(
        StatedFact.HAS_ACCESS_ENTRY,
        regex(
            r"\b(?:role|user|it|identity|principal)\b[^.\n]{0,60}\b(?:has|have|with)\b[^.\n]{0,20}\baccess[- ]entry\b"
            r"|\baccess[- ]entry\b[^.\n]{0,40}\b(?:exists|is there|was created|created)\b"
            r"|\bAmazonEKS(?:Cluster)?Admin(?:View)?Policy\b[^.\n]{0,40}\b(?:associated|attached)\b",
            re.IGNORECASE,
        ),
    ),
    _Row(
        StatedFact.VPC_ORIGIN,
        regex(r"\bNetworkOrigin[\"']?\s*[:=]?\s*[\"']?VPC\b|\bnetwork origin (?:is |= ?|: ?)?VPC\b", re.IGNORECASE),
    ),
    _Row(
        StatedFact.ALIAS_NAMED,
        regex(
            r"\b(?:Allow|allows|Resource[\"']?\s*[:=])[^\n]{0,200}?(?P<name>arn:[\w-]+:kms:[\w-]*:\d{12}:alias/[\w/-]+)"
        ),
    ),
    _Row(
        StatedFact.SERVES,
        regex(
            r"\b(?:(?:start|home|index|root|landing|main|front)[ -]?page|index\.html"
            r"|other (?:objects|files|pages|images))\b[^.\n]{0,30}\b(?:fine|ok|works?|loads?|200)\b"
            r"|\bcurl\b[^\n]*\bhttps?://\S+[^\n]*\nHTTP/[\d.]+ 200\b",
            re.IGNORECASE,
        ),
    ),
)
_REGISTRY = regex(r"\b(?P<account>\d{12})\.dkr[.-]ecr[\w-]*\.")
_OWN_ACCOUNT = regex(r"arn:[\w-]+:(?:iam|sts|ecs|eks|lambda|batch|codebuild|sagemaker):[\w-]*:(?P<account>\d{12}):")


def _foreign_registry(text: str) -> Fact | None:
    """Return the registry's account if the ARNs of everything that pulls the image are in one other account."""
    registries = {each["account"] for each in _REGISTRY.finditer(text)}
    own = {each["account"] for each in _OWN_ACCOUNT.finditer(text)} or own_accounts(text)
    if len(registries) != 1 or len(own) != 1 or registries == own:
        return None
    account = registries.pop()
    puller = own.pop()
    return Fact(f"the image is of account {account}, and what pulls it of {puller}", account, puller)


_LOGGED = r"^\W{0,3}(?:(?P<day>20\d\d-\d\d-\d\d)[T ])?(?P<time>\d\d:\d\d:\d\d)"
_ATTACHED = regex(
    rf"{_LOGGED}[.,\d]*Z?\s(?![^\n]*(?:rror|enied|ailed|not authori))"
    r"[^\n]{0,80}\b(?P<call>(?:Attach|Put)(?P<kind>Role|User)Policy)\b(?P<rest>[^\n]*)",
    re.MULTILINE,
)
_REFUSED_AT = regex(rf"{_LOGGED}[^\n]*\bbecause no identity-based policy allows\b", re.MULTILINE)
_SOON = 60
"""The number of seconds that a change in IAM may take to have an effect."""


def _just_attached(text: str, principal: str) -> Fact | None:
    """Return the call that attached a policy to the caller, and the seconds from it to the denial on the same day."""
    _, kind, name = identity_of(principal)
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    attached = [each for each in _ATTACHED.finditer(text) if each["kind"].lower() == kind and word.search(each["rest"])]
    refused = list(_REFUSED_AT.finditer(text))
    if not name or not attached or not refused or attached[-1]["day"] != refused[-1]["day"]:
        return None
    waited = _seconds(refused[-1]["time"]) - _seconds(attached[-1]["time"])
    return Fact(attached[-1]["call"], str(waited)) if 0 <= waited < _SOON else None


def _seconds(time: str) -> int:
    hours, minutes, seconds = map(int, time.split(":"))
    return hours * 3600 + minutes * 60 + seconds


_MANAGED = regex(r"\b(?:Amazon|AWS|CloudWatch)(?!ServiceRoleFor)[A-Z]\w+")  # AWSServiceRoleForX is a role
_ASKED_FOR = regex(r"\b(?:ensure|make sure|must|should|needs? to)\b")
_NO_FACT = regex(r"\b(?:not?|never|without|lacks?|missing|ensure|make sure|must|should|needs? to)\b|n't")


def attached_policy(sentence: str, text: str) -> Fact | None:
    """Return the words that say that a managed policy named in the sentence is attached; None if there are none."""
    for name in dict.fromkeys(_MANAGED.findall(sentence)):
        has = rf"[^.;\n]{{0,60}}\b(?:has|have|attached|with|added|using|includes?)\b[^.;\n]{{0,40}}\b{name}\b"
        found = re.search(rf"{has}|\b{name}\b[^.;\n]{{0,30}}\b(?:attached|added|assigned)\b", text)
        before = re.split(r"[.;\n]", text[: found.start()])[-1] if found is not None else ""
        if found is not None and not (_NO_FACT.search(found[0]) or _ASKED_FOR.search(before)):
            return Fact(" ".join(found[0].split()), name)
    return None
