"""Read sentences that say who lacks which action, in words that no row of `service_sentences` covers.

Services, agents and programs write such sentences in words of their own, but with a common grammar: one sentence has
words of denial, IAM actions, and perhaps a role or a user. Nothing is added from the sentences around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from diagnostics.commands import Untypable, quoted, simulate_principal_policy
from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause
from diagnostics.text.read.author.granted import A_LABEL, actions_in, granted_in
from diagnostics.text.read.clean.records import clean, records, unwrap
from diagnostics.text.read.messages.fields import trimmed
from diagnostics.text.read.messages.service_sentences import FoundSentence, sentence_in
from diagnostics.text.read.not_the_failure.lines_without_failure import is_code, stated_part
from diagnostics.text.read.not_the_failure.questions_removed import without_questions
from iam.arn import Arn
from iam.claims import Ground
from iam.lazy_pattern import regex
from iam.words import listing

_LONGEST = 20_000
_MOST_ACTIONS = 12
_MOST_PIECES = 20
_NARROWEST = 40  # columns


@dataclass(frozen=True, slots=True)
class Party:
    """Who was denied: ``words`` are for use in a sentence; ``name`` is the ARN or name, None if the text has none."""

    words: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A sentence that says which actions a party lacks.

    ``party`` is None if the sentence names none; ``actions`` are empty if it names only a party. ``resource`` is the
    ARN in the sentence, or None; ``words`` are the sentence itself, which begins at ``start``.
    """

    party: Party | None
    actions: tuple[str, ...]
    resource: str | None
    words: str
    start: int


_NOT = r"(?: not|n't| no longer)(?: currently)?"
_LACKS = regex(
    (
        rf"(?:is|are|was|were){_NOT} (?:allowed|permitted|authori[sz]ed|able|entitled)\b"
        r"|\bnot (?:allowed|permitted|authori[sz]ed)\b|(?:is|are|was|were) unable\b|\bunable to\b"
        r"|\bcan(?:not|'t| not)\b|\bcould(?: not|n't)\b"
        rf"|(?:do(?:es)?|did){_NOT} (?:have|grant|allow|permit|let)\b"
        r"|\bha(?:s|ve) (?:no|insufficient)\b|\blacks?\b|\b(?:is|are) missing\b"
        r"|\b(?:missing|insufficient|no)(?: the)?(?: required| necessary)? (?:permissions?|privileges?|actions?)\b"
        r"|\b(?:denied|refused|forbidden|fehlt|fehlen)\b"
    ).replace(" ", r"\s+"),
    re.IGNORECASE,
)
"""Words that deny, or that say what is missing. Advice ("needs", "make sure that") denies nothing."""
# What a person asks is no refusal, unless it says that something was refused.
_QUESTION = regex(
    r"\b(?:do|does|did|should|can|could|must|would)\s+(?:I|we|you|they)\b"
    r"|^\W{0,9}(?:so[ ,]+)?(?:what|which|why|how)\s+(?:is|are|else|am|permissions?|actions?|rights?)\b"
    r"|\b(?:what|which)\s+(?:permissions?|actions?|rights?)\b",
    re.IGNORECASE,
)
_OF_A_REFUSAL = regex(
    r"\b(?:denied|refused|rejected|forbidden|cannot|can['’]t|not (?:authori[sz]ed|allowed|permitted|able))\b",
    re.IGNORECASE,
)
# What is over, or was only lacking before: "is now allowed", "was added to the role", "used to be refused".
_SETTLED = regex(
    r"\bno longer (?:being )?(?:denied|refused|rejected|forbidden|fails?|lacks?|needs?|requires?|missing)\b"
    r"|\bused to (?:be |get )?(?:denied|refused|rejected|forbidden|fail|lack|need|require)\w*"
    r"|\b(?:is|are) now (?:allowed|permitted|granted|able|authori[sz]ed|working|fixed)\b"
    r"|\b(?:is|are) (?:allowed|permitted|granted|added|fixed|solved|resolved) (?:now|by now|since then|meanwhile)\b"
    r"|\b(?:was|were|has been|have been) (?:already )?(?:added|granted|allowed|fixed|resolved|solved)\b"
    r"|\bnow (?:works|has|succeeds)\b|\bworks now\b"
    r"|\b(?:denial|error|problem|AccessDenied\w*) (?:is gone|went away|disappeared)\b".replace(" ", r"\s{1,9}"),
    re.IGNORECASE,
)
_OF_ACTIONS_OR_ROLES = regex(r"\w:[A-Za-z]{3}|role|instance\s+profile", re.IGNORECASE)
_NO_PERMISSION = regex(
    r"(?:\b(?:insufficient|no|lacks?|missing)|n't have|not have)\b[^.\n]{0,40}?\bpermissions?\b", re.IGNORECASE
)
"""Words that deny a role or user something, even if they name no action."""
_POLICY = regex(r"\bpolic(?:y|ies)\b", re.IGNORECASE)
"""A word after which the actions belong to a policy and need not be denied."""
_STILL = regex(r"\b(?:but|still|yet|however|although|nevertheless)\b", re.IGNORECASE)
# What is not asked for, or not refused.
_NOT_REFUSED = regex(
    (
        r"\b(?:do(?:es)?|did)(?: not|n't) (?:need|require)(?: to| any)?\b|\bneed(?: not|n't)\b"
        r"|\bno (?:\w+ )?(?:permissions?|actions?) (?:is|are) (?:needed|required|missing)\b"
        r"|\bmissing (?:permissions?|actions?) (?:do |clearly |all )?(?:exists?|(?:is|are) (?:there|present|granted))\b"
        r"|\b(?:not|never|without being) (?:denied|refused|forbidden)\b|\bno (?:AccessDenied\w*|denials?|denied)\b"
    ).replace(" ", r"\s{1,9}"),
    re.IGNORECASE,
)
# A statement in short: "Allow athena:*, glue:* on *".
_ALLOWS = regex(r"\bAllow:?\s+(?:[a-z][a-z0-9-]{1,30}:[\w*]+(?:\s*,\s*|\s+and\s+)?){1,20}\s*(?:on|to|:)\s+[^\s,;]+")
_DESCRIBES = (
    r"execution|service|task|instance|profile|launch|access|data|bucket|index|channel|job|build|crawler|delivery|node|pod"
    r"|worker|function(?:'s)?|pipe(?:'s|line)?|project(?:'s)?|state|machine(?:'s)?|flow|logs?|logging|backup|restore"
    r"|replication|notification|pool's|iot|rule(?:'s)?|environment(?:'s)?|cluster(?:'s)?|notebook|studio|training|model"
    r"|agent(?:'s)?|gateway|connector(?:'s)?|import|export|scheduler?|target|cross-account|destination|source|admin"
    r"|administration|provisioning|deployment|user|iam|runtime|application|app|autoscaling|custom|specified|provided"
    r"|configured|group(?:'s)?|stack(?:'s)?|domain(?:'s)?|automation|maintenance|window|event|stream(?:'s)?|transfer"
    r"|canary(?:'s)?|workspace(?:'s)?|service-linked|linked"
)
_ROLE = regex(
    rf"(?P<before>(?:\b(?:(?i:{_DESCRIBES})|[a-z]+'s) ){{0,4}})(?<![\w/:-])"
    r"(?P<word>(?:[A-Za-z]*[a-z])?[Rr]ole)(?:'s)?\b(?:\s+ARN)?"
    r"(?P<purpose>\s+(?:for|of|in|on) (?:your|the|this) [\w' -]{2,40}?"
    r"(?=\s+(?:do|ha|is|can|lack|need|require|must)|[.,;:]))?"
    r"(?!/)[\s:=]*(?P<quote>[\"'`(\[]?)(?P<name>arn:[^\s\"'`,;()\]]+|(?![a-z][a-z0-9-]+:[A-Z])(?=[^\sA-Za-z0-9]*[A-Za-z0-9])[\w+=,.@/-]{2,64})?"
)
_PROFILE = regex(r"[Ii]nstance [Pp]rofile [\"'`(]?([\w+=,.@-]*[\d_-][\w+=,.@-]*)")
_USER_ARN = regex(r"arn:[\w-]+:(?:iam|sts)::\d{12}:(?:user|root|assumed-role|federated-user)[^\s\"'`,;()\]]*")
_SOME_ROLE = "the role"
_MARKED_NAME = regex(r"[\d_@+=-]|[a-z][A-Z]|/")
# IAM's own sentence with a caller: its grammar says more than this one.
_IAMS_OWN = regex(
    r"(?:\b(?:User|Principal|Caller|Identity|Role):\s*\S+(?:\s+\S+){0,2}?"
    r"|(?<![\w:])arn:[\w*<>-]{1,20}:(?:iam|sts):\S{1,300}|(?<![\"'`])[\"'`]\S{1,300}[\"'`])\s{1,9}"
    r"(?:is|are|was)\s+not\s+authori[sz]ed\s+to\s+perform|\bUser:\s*\S+(?:\s+Service:\s*\S+)?\s+Action:",
    re.IGNORECASE,
)
# AWS CodeDeploy's sentence: it is the role that does not trust the service.
_TO_ASSUME = regex(r"permissions?\s+required\s+to\s+assume\s+(?:the\s+)?role", re.IGNORECASE)
# EC2's code for a service-linked role that the caller may not make, which has a reading of its own.
_SERVICE_ROLE = regex(r"ServiceLinkedRoleCreationNotPermitted")
_ASSUMES = regex(r"\bpermissions?\s+to\s+assume\b", re.IGNORECASE)
_STOP = regex(r"(?<=[.!?])\s+(?=[A-Z\"'(\[])|[\n\x1e]")
SIGNALS = (
    *("permission", "privilege", "authoriz", "authoris", "lack", "missing", "insufficient", "denied", "forbidden"),
    *("cannot", "can't", "not have", "n't have", "has no", "have no", "must have", "required", "requires", " needs "),
    *("not able", "n't able", "unable to", "not permitted", "not allow", "n't allow", "not grant", "n't grant"),
    *("could not", "couldn't", "may not", "accessdenied", "status code 403"),
)
"""Phrases in lower case; every text that the grammar can read contains one."""


def names_actions(text: str) -> bool:
    """Return whether the text says which IAM actions somebody lacks, so that no other system denied the request."""
    found = refusal_in(text)
    return found is not None and bool(found.actions)


@lru_cache(maxsize=16)
def refusal_in(text: str) -> Refusal | None:
    """Return the first sentence that says which actions somebody lacks; one that also says who takes precedence.

    None if there is none, if the text has IAM's own sentence, or if it says that a policy has these actions.
    """
    whole = text[:_LONGEST]
    stated = stated_part(without_questions(whole))
    joined = _unbroken(stated)
    if joined != stated and _IAMS_OWN.search(joined):
        return None
    # A line may have been cut within a word, or broken between two: what says who was refused is read right.
    found = (_refusal(joined, whole), _in_broken_lines(stated, whole))
    return next((each for each in found if each is not None and each.party is not None), found[0] or found[1])


def _refusal(text: str, whole: str) -> Refusal | None:
    """Return the denial in a text from which questions and context lines were removed; ``whole`` is the full text."""
    if (
        not _OF_ACTIONS_OR_ROLES.search(text)
        or not _LACKS.search(text)
        or _IAMS_OWN.search(text)
        or _SERVICE_ROLE.search(text)
        or _TO_ASSUME.search(text)
    ):
        return None
    for start, sentence in _sentences(text):
        said = A_LABEL.sub("\n", _ALLOWS.sub("\n", _NOT_REFUSED.sub(" ", sentence)))
        lacks = _LACKS.search(said)
        if lacks is None or _settled(said) or _ALLOWED.search(said) or _looks_like_code(sentence) or _asked(sentence):
            continue
        had = granted_in(whole)
        denied = said[: lacks.end()] + _POLICY.split(said[lacks.end() :], maxsplit=1)[0]
        actions = tuple(each for each in actions_in(denied) if each.lower() not in had)[:_MOST_ACTIONS]
        party = _party(said)
        if not actions and (party is None or party.words == _SOME_ROLE or not _NO_PERMISSION.search(said)):
            continue
        if any(each.lower().startswith("sts:assumerole") for each in actions):
            return None
        if not actions and _ASSUMES.search(said):
            continue  # the role is the one to be assumed: it lacks nothing
        if actions == ("iam:PassRole",) and not _REFUSED_ROLE.search(said):
            party = None  # the role that is named is the one to be passed
        return Refusal(party, actions, _resource(said, actions), _quoted(sentence), start)
    return None


@lru_cache(maxsize=16)
def prose_in(text: str) -> FoundSentence | None:
    """Return the service's sentence in the text: a row of the table, or one that says which actions a party lacks.

    None if there is none.
    """
    known = sentence_in(text)
    if known is not None and stated_part(text)[known.start : known.start + len(known.words)].strip():
        return known
    refusal = refusal_in(text)
    return _as_sentence(refusal, refusal.party) if refusal is not None and refusal.party is not None else None


def _unbroken(text: str) -> str:
    """Return the text without a terminal's line breaks, which cut every line but the last at the same column."""
    lines = text.split("\n")
    cut = len(lines) > 1 and len(lines[0]) >= _NARROWEST and all(len(each) == len(lines[0]) for each in lines[:-1])
    return "".join(lines) if cut and len(lines[-1]) <= len(lines[0]) else text


def _in_broken_lines(text: str, whole: str) -> Refusal | None:
    """Return the denial in a text whose lines were broken by a terminal or a program."""
    if not re.search(r"[\n\r]", text.strip()) or not _LACKS.search(text):
        return None
    pieces = islice(records(clean(text[:_LONGEST])), _MOST_PIECES)
    joined = (" ".join(unwrap(each.text).split()) for each in pieces)
    return next((found for each in joined if (found := _refusal(each, whole)) is not None), None)


def _asked(sentence: str) -> bool:
    """Whether the sentence is a question that does not itself say that something was denied."""
    return _QUESTION.search(sentence) is not None and _OF_A_REFUSAL.search(sentence) is None


# "simulate says cloudwatch:PutMetricData allowed … still Forbidden": the action is the one that is not missing.
_ALLOWED = regex(r"\b[a-z0-9-]+:[A-Z]\w+[\"'`]?[,;:]? +(?:(?:is|are|was|were|=) +)?(?:allowed|granted|permitted)\b")


def _settled(sentence: str) -> bool:
    """Whether the sentence says that something works by now, and does not also say the opposite."""
    return _SETTLED.search(sentence) is not None and _STILL.search(sentence) is None


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for cut in _STOP.finditer(text):
        if text[start : cut.start()].strip():
            yield start, text[start : cut.start()]
        start = cut.end()
    if text[start:].strip():
        yield start, text[start:]


_CODE = regex(r"\"(?:Effect|Action|Resource|Statement|Sid)\"\s*:|^\s*(?:#|//|at )")
# A field of a record: "What: athena:StartQueryExecution".
_A_FIELD = regex(r"^\s*(?:what|action|operation|event|api|call)\s*[:=]\s*[\w:-]+\s*$", re.IGNORECASE)
# What a person calls the document that follows: "policy of my role for the state bucket:".
_LABEL = regex(
    r"^\s*(?:(?:the|this is|here is|our|my)\s+){0,2}(?:\w+\s+)?(?:polic(?:y|ies)|permissions|statements?)\s+"
    r"(?:of|for|on|attached to|in)\b[^.\n]{0,100}:\s*$",
    re.IGNORECASE,
)


def _looks_like_code(sentence: str) -> bool:
    """Whether the line is from a document or a program, which allows or requests the actions and does not deny them."""
    return any(each.search(sentence) for each in (_CODE, _LABEL, _A_FIELD)) or is_code(sentence)


_REFUSED_ROLE = regex(rf"\brole\b[^.\n]{{0,80}}?(?:{_LACKS.pattern})", re.IGNORECASE)


def _party(words: str) -> Party | None:
    """Return who was denied according to one sentence: a role or a user.

    "you" does not identify anybody.
    """
    if role := _role(words):
        return role
    user = _USER_ARN.search(words)
    arn = trimmed(user[0]) if user else None
    return Party(f"the caller {arn}", arn) if arn else None


def _role(words: str) -> Party | None:
    if profile := _PROFILE.search(words):
        return Party(f"the role of the instance profile {profile[1]}")
    for found in _ROLE.finditer(words):
        name = trimmed(found["name"] or "")
        arn = name if name and name.startswith("arn:") else None
        bracket = found["quote"] in ("(", "[") and words[found.end() : found.end() + 1] not in (")", "]")
        marked = bool(name and ((found["quote"] and not bracket) or _MARKED_NAME.search(name)))
        prefix = found["word"][:-4]
        if prefix and prefix.lower() not in ("dataaccess", "execution", "service", "iam", "task", "instance", "access"):
            continue
        before = re.sub(r"\b(?:IAM|iam)\b ?", "", " ".join((found["before"] or "").lower().split())).strip()
        purpose = " ".join((found["purpose"] or "").split())
        if arn or marked:
            plain = arn.rpartition("/")[2] if arn else str(name).strip("\"'`")
            named = f"the {before + ' ' if before else ''}role {plain}"
            return Party(named, arn or str(name).strip("\"'`"))
        if before or purpose:
            return Party(f"the {before + ' ' if before else ''}role{' ' + purpose if purpose else ''}")
        if re.search(r"\b(?:the|your|its|this)\s+(?:IAM\s+)?$", words[: found.start("word")], re.IGNORECASE):
            return Party(_SOME_ROLE)
    return None


def _quoted(sentence: str) -> str:
    """Return the words of the sentence that a cause quotes, exactly as in the text."""
    return " ".join(sentence.split())[:96].strip()


_ARN = regex(r"arn:[\w-]+:(?!iam:|sts:)[\w-]+:[^\s\"'`,;()\]]+")
_BUCKET = regex(r"arn:[\w-]+:s3:::[^/*:]+")
_OF_OBJECTS = regex(r"s3:(?:Get|Put|Delete|Restore|Replicate)Object\w*", re.IGNORECASE)


def _resource(words: str, actions: tuple[str, ...]) -> str | None:
    """Return the ARN in the words; for actions on objects and the name of a bucket, the ARN of its objects."""
    found = _ARN.search(words)
    arn = trimmed(found[0]) if found else None
    return f"{arn}/*" if arn and _BUCKET.fullmatch(arn) and all(map(_OF_OBJECTS.fullmatch, actions)) else arn


def _as_sentence(refusal: Refusal, party: Party) -> FoundSentence:
    """Return the row that is equivalent to this refusal, which denies the party access."""
    lacking = listing(refusal.actions) or "permissions"
    on = f" on {refusal.resource}" if refusal.resource else ""
    check = simulation(party.name, refusal.actions, refusal.resource)
    allowed = (UsualCause(f"Allow {party.words} {lacking}{on}.", check),) if refusal.actions else ()
    row = ServiceSentence(
        (),
        _LACKS,
        party.words,
        f"{party.words} lacks {lacking}",
        f"The text says that {party.words} lacks {lacking}{on}.",
        allowed,
        "",
        refusal.actions,
        "identity.no-action" if allowed else "unreadable",
        Ground.LIKENESS if allowed else Ground.NOTHING,
    )
    return FoundSentence(row, refusal.words, refusal.start, refusal.resource, party.name, in_table=False)


def simulation(principal: str | None, actions: tuple[str, ...], resource: str | None) -> str | None:
    """Return the command that runs AWS's policy simulator; None if it does not accept the principal."""
    arn = Arn.parse(principal or "")
    if arn is None or arn.service != "iam" or arn.type not in ("role", "user") or not actions:
        return None
    if any(each.endswith("*") for each in actions) or re.search(r"[<>{}$*]|[xX]{4,}", principal or ""):
        return None
    try:
        on = resource if resource and "*" not in resource else None
        return simulate_principal_policy(quoted(principal or ""), actions, on)
    except Untypable:
        return None
