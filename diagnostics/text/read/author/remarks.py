"""Read what people say about a failure next to its message: it is over, intended, not for all identities, or rare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from diagnostics.text.read.author.clauses import Clause, Mood, clauses
from iam.arn import identity_of
from iam.lazy_pattern import regex


class Remark(StrEnum):
    """What a remark says about the failure.

    SOLVED: the call works now.
    INTENDED: the caller is not supposed to be able to make the call.
    ANOTHER_WORKS: another identity can make the call.
    ANOTHER_BEFORE: the author was signed in as another identity before.
    NOW_AND_THEN: the call fails only sometimes.
    LASTS: the call fails each time, or has failed for days.
    AFTER_RESTART: the call works after the program was started again.
    SAME_KEYS_WORK: the same keys work in another place.
    WORKS_ON: the call works on another resource.
    """

    SOLVED = "solved"
    INTENDED = "intended"
    ANOTHER_WORKS = "another-works"
    ANOTHER_BEFORE = "another-before"
    NOW_AND_THEN = "now-and-then"
    LASTS = "lasts"
    AFTER_RESTART = "after-restart"
    SAME_KEYS_WORK = "same-keys-work"
    WORKS_ON = "works-on"


@dataclass(frozen=True, slots=True)
class Stated:
    """A remark with its words and line.

    ``name`` is what works, or the person or team to ask; "" if the remark names none.
    """

    remark: Remark
    words: str
    line: int
    name: str = ""


_REMEMBERED = 16
_LONGEST_QUOTE = 96


@lru_cache(_REMEMBERED)
def remarks(text: str) -> tuple[Stated, ...]:
    """Return the remarks of the text, in its order."""
    said = tuple(clauses(text))
    return tuple(each for at in range(len(said)) for each in _of_the_clause(said, at, text))


def remark_of(text: str, kind: Remark) -> Stated | None:
    """Return the text's first remark of the kind; None if it has none."""
    return next((each for each in remarks(text) if each.remark is kind), None)


def _of_the_clause(said: tuple[Clause, ...], at: int, text: str) -> Iterator[Stated]:
    clause = said[at]
    words = " ".join(clause.words.split())
    quote = words[:_LONGEST_QUOTE]
    if clause.mood is Mood.STATED and not clause.goes_on and _is_solved(clause, words):
        yield Stated(Remark.SOLVED, quote, clause.line)
    if not clause.goes_on and _is_intended(clause, words) and not any(map(_wants_it, said)):
        yield Stated(Remark.INTENDED, quote, clause.line, _whom(said[at : at + _NEXT]))
    if clause.mood is Mood.STATED and (name := _who_can(words)) and _is_identity(name, words, text):
        yield Stated(Remark.ANOTHER_WORKS, quote, clause.line, name)
    if clause.mood is not Mood.ASKED and (name := _who_can(words, _WAS_SIGNED_IN)):
        yield Stated(Remark.ANOTHER_BEFORE, quote, clause.line, name)
    if clause.mood in (Mood.STATED, Mood.DENIED) and _OFTEN.search(words) and _HAPPENS.search(words):
        yield Stated(Remark.NOW_AND_THEN, quote, clause.line)
    elif clause.mood in (Mood.STATED, Mood.DENIED) and _LASTS.search(words):
        yield Stated(Remark.LASTS, quote, clause.line)
    if clause.mood is not Mood.ASKED and _RESTARTED.search(words):
        yield Stated(Remark.AFTER_RESTART, quote, clause.line)
    if clause.mood is Mood.STATED and not LONG_AGO.search(words) and any(each.search(words) for each in _SAME_WORK):
        yield Stated(Remark.SAME_KEYS_WORK, quote, clause.line)


_NEXT = 4
"""The number of clauses, from the remark on, that are searched for the person or team to ask."""
# The lexicon that all remarks share.
WORKS = (
    r"(?:works?|worked|working|succeeds?|succeeded|pass(?:es|ed)?|goes through|went through|(?:is |are |was )?(?:green"
    r"|fine|ok(?:ay)?|good)|geht|ging|klappt|läuft|lief|funktioniert|grün)(?:['’]?s\b)?"
)
_IT = r"(?:it|this|that|the same(?: \w+)?|das|es)"
_SUBJECT = (
    rf"(?:{_IT}|all|everything|alles|(?:the |our |my |das |der |die )?(?:call|build|pipeline|job|deploy(?:ment|s)?|run"
    r"|rerun|stack|ci|apply|upload|download|login|sync|backup|import|export|plan|push|pull|script|command|befehl"
    r"|aufruf))"
)
_GREETS = (
    r"(?:(?:ok(?:ay)?|yes|yep|yay|great|cool|nice|perfect|thanks?|thx|super|danke|edit|update|and|so|confirmed|hm+|ah+"
    r"|alright|done|rerun|retried|prima|ja)\W+)*"
)
_NOW = r"(?:now|again|at last|finally|this time|wieder|jetzt|nun|inzwischen|endlich)"
_SETTLED = r"(?:solved|resolved|fixed|gelöst|behoben|erledigt|résolu|resuelto|solucionado)"
_BE = r"(?:(?:is|are|was|has|have|been|all|back|to|just|ist|sind|wurde|['’]s)\s+)*"
_TAIL = (
    r"(?:\W+(?:for (?:me|us)|here|thanks?|thx|danke|cheers|too|as well|fine|everyone|all|(?:after|since|thanks to|by"
    r"|nachdem|seit|durch) .{0,80}))*\W*"
)
_WORKS_NOW = regex(
    rf"{_GREETS}(?:(?:{_NOW}\s+)?(?:{_SUBJECT}(?:['’]s)?\s+)?(?:{_BE}|{_NOW}\s+)*"
    rf"(?:{WORKS}\s+(?:\w+\s+)?{_NOW}|{_NOW}\s+{WORKS})"
    rf"|{_NOW},?\s+(?:{_SUBJECT}(?:['’]s)?\s+)?{_BE}{WORKS}(?:\s+{_SUBJECT})?){_TAIL}",
    re.IGNORECASE,
)
_IS_SETTLED = regex(
    rf"{_GREETS}(?:{_SUBJECT}(?:['’]s)?\s+)?{_BE}(?:{_NOW}\s+)?{_SETTLED}(?:\s+{_NOW})?"
    rf"(?:\s*[,:;]\s.{{0,80}}|\s+(?:by|when|once)\b.{{0,80}})?{_TAIL}",
    re.IGNORECASE,
)
_IN_ANOTHER_WAY = regex(
    r"\b(?:with|as|using|under|from|in|on|mit|als|unter|von|role|profile|user|account|region)\b", re.IGNORECASE
)
"""Words for a success in another place or with another identity."""


_BEFORE_THE_CAUSE = regex(r"[,:;]|\b(?:after|by|when|once|since)\b", re.IGNORECASE)


def _is_solved(clause: Clause, words: str) -> bool:
    """Whether the call works now, or the line begins with words that say that the problem is solved."""
    found = _WORKS_NOW.fullmatch(words) or (_IS_SETTLED.fullmatch(words) if clause.begins else None)
    return found is not None and not _IN_ANOTHER_WAY.search(_BEFORE_THE_CAUSE.split(words)[0])


_CALLER = r"(?P<who>[\w@.,'’ /-]{2,40}?)"
_DEEDS = (
    r"(?!(?:be(?! able)|get|have been|happen|fail|break|need|require|matter|occur|cause"
    r"|see (?:this|that|an?|the) (?:error|denial)|receive|hit)\b)(?:be able to |have access to )?\w+"
)
_NOT_MEANT = regex(
    rf"^\W*{_CALLER}\s+(?:(?:is|are|was|were|am|['’]m|['’]re)(?:n['’]t| not| never)|(?:never (?:was|were)))\s+"
    rf"(?:supposed|meant|intended|entitled) to {_DEEDS}"
    rf"|^\W*{_CALLER.replace('who', 'whom')}\s+(?:must|should|shall)(?:n['’]t| not| never) {_DEEDS}"
    r"|^\W*(?P<wer>[\w@. -]{2,40}?)\s+(?:soll(?:en|te|ten)?|darf|dürfen)\s+(?:[\w./:-]+\s+){0,5}?"
    r"(?:nicht|nie|kein\w*)\b",
    re.IGNORECASE,
)
_NO_CALLER = regex(r"^(?:it|this|that|which|there|the (?:error|denial|call|deploy\w*)|es|das)$", re.IGNORECASE)
_OF_POLICIES = regex(
    r"\b(?:polic\w+|permissions?|SCPs?|trust|boundar\w+|statements?|keys?|passwords?|Richtlinie\w*|Rechte)\b", re.I
)
"""Things other than the call, such as a policy.

A remark that nobody should change them is not about the refused call.
"""
_BY_DESIGN = regex(
    rf"{_GREETS}(?:(?:it|this|that|which|(?:the |this |that )?(?:denial|deny|refusal|403|block|restriction)|das|dies)"
    r"(?:['’]s)?\s+)?(?:(?:is|was|are|ist|war|all|so|totally|fully|completely|very much)\s+)*"
    r"(?:intended|intentional|deliberate|by design|on purpose|as designed|gewollt|beabsichtigt|absichtlich"
    r"|(?:mit )?Absicht)(?:\W+(?:for|because|since|as|von|seit)\b.{0,80})?\W*",
    re.IGNORECASE,
)


def _is_intended(clause: Clause, words: str) -> bool:
    """Whether somebody says that the caller is not meant to make the call, or that its refusal is intended."""
    if clause.mood is Mood.ASKED:
        return False
    if clause.mood is Mood.STATED and _BY_DESIGN.fullmatch(words):
        return True
    found = _NOT_MEANT.search(words)
    who = next((each for each in (found["who"], found["whom"], found["wer"]) if each), "") if found else ""
    return bool(found) and not (_NO_CALLER.match(who.strip()) or _OF_POLICIES.search(words) or _UNSURE.search(words))


_UNSURE = regex(r"\b(?:if|unless|maybe|perhaps|think|guess|whether|vielleicht|wenn|falls)\b", re.IGNORECASE)
_WANTED = regex(
    r"\b(?:is|are|was|were|am)\s+(?:actually |really )?supposed to\b"
    r"|\b(?:should|must) (?:be able|be allowed|work|have)\b"
    r"|\bneeds?\b(?! help)|\bsoll(?:te)? .{0,40}\bkönnen\b",
    re.IGNORECASE,
)


def _wants_it(clause: Clause) -> bool:
    """Whether the clause says that the call is meant to work."""
    return clause.mood is Mood.STATED and _WANTED.search(clause.words) is not None


_REFERS = regex(
    r"\b(?:ask|asking|contact|ping|page|go to|go through|talk to|speak to|write to"
    r"|(?:raise|take|clear) (?:it|this) with"
    r"|frag(?:t|en)?(?: bitte)?(?: mal)?|wende dich an|melde dich bei)\s+"
    r"(?:the |your |our |bei |beim |das |den |die |der )?"
    r"(?P<whom>(?!(?:me|him|her|them|us|you|why|for|if|whether|what|how|someone|somebody|anyone|again|it|that|this)\b)"
    r"[@#]?[A-Za-z][\w.-]*\w(?:[ -](?:team|on-?call|desk|admins?|people|folks))?)",
    re.IGNORECASE,
)


def _whom(said: tuple[Clause, ...]) -> str:
    """Return the person or team to ask, according to the remark or the words after it; "" if there is none."""
    found = (_REFERS.search(each.words) for each in said if each.line - said[0].line <= 1)
    return next((each["whom"] for each in found if each is not None), "")


_KIND = r"(?:role|user|profile|permission set|identity|Rolle|Profil|Benutzer|Berechtigungssatz)"
_IDENTITY = (
    r"[\"'“`]?(?P<{0}>arn:[\w-]+:(?:iam|sts)::\d{{12}}:(?:role|user|assumed-role)/[\w+=,.@/-]*\w"
    r"|(?=[\w+=.@-]*(?:[a-z][A-Z]|[-_\d@.]))[A-Za-z][\w+=.@-]{{2,63}}\b)[\"'”`]?"
)
_WITH = (
    r"(?:with|as|using|under|via|from|through|mit|als|unter|über)\s+(?:the |my |our |der |dem |meiner |meinem )?"
    rf"(?:{_KIND}\s+)?"
)
_CAN = r"(?:can|may|could|is able to|kann|darf)(?: also| do| auch)*"
_WHO_CAN = (
    # "with role X it works", "a colleague can do it with X", "works fine as X"
    rf"\b(?:{_IT}\s+)?{WORKS}\s+(?:\w+\s+)?{_WITH}{_IDENTITY.format('a')}",
    rf"\b(?:{_CAN}\s+(?:{_IT}|so)|{_CAN}(?=\s+mit))\s+(?:\w+\s+)?{_WITH}{_IDENTITY.format('b')}",
    rf"\b{_WITH}{_IDENTITY.format('c')}(?:\s+{_KIND})?,?\s+(?:{_IT}\s+)?{WORKS}",
    rf"\b{_WITH}{_IDENTITY.format('f')}(?:\s+{_KIND})?,?\s+(?:\w+\s+)?{_CAN}\s+(?:do\s+)?{_IT}\b",
    # "role X can do it"
    rf"\b(?:{_KIND}\s+)?{_IDENTITY.format('d')}(?:\s+{_KIND})?\s+"
    rf"(?:{_CAN}\s+(?:do\s+)?{_IT}\b|has no (?:such )?(?:problem|trouble))",
    rf"\b{_KIND}\s+{_IDENTITY.format('e')}\s+{WORKS}(?:\s+(?:for|with) {_IT})?\s*$",
    # "the new image uses role X and is fine"
    rf"\b{_KIND}\s+{_IDENTITY.format('j')}\s*,?\s+(?:and|which|und)\s+(?:it\s+)?{WORKS}\b",
)
_WAS_SIGNED_IN = (
    # "I was signed in with role X then", "I had logged in as X"
    regex(rf"\b(?:was|had been|had)\s+(?:signed|logged) (?:in|on) {_WITH}{_IDENTITY.format('g')}", re.IGNORECASE),
    regex(
        rf"\bwar\b.{{0,30}}?\b(?:mit|als)\s+(?:der Rolle )?{_IDENTITY.format('h')}.{{0,20}}?angemeldet", re.IGNORECASE
    ),
    regex(rf"{_IDENTITY.format('i')}\s*(?:ロール)?\s*でログインしてい(?:まし)?た"),
)
_ANOTHER_IDENTITY = tuple(regex(each, re.IGNORECASE) for each in _WHO_CAN)
_NO_IDENTITY = regex(
    r"^(?:aws-?cli.*|v?\d[\d.]*|.*\.(?:sh|py|json|ya?ml|tf|com|net|org|io)|(?:us|eu|ap|ca|sa|me|af|il|cn)-.*-\d|boto\w*"
    r"|s3.*|terraform.*|node.*|python.*|docker.*|.*[Aa]dmin.*|root|http.*|localhost.*)$",
    re.IGNORECASE,
)
_OTHERWISE = regex(
    r"\b(?:without|ohne|bucket|queue|topic|table|cluster|version|region|account|staging|prod|laptop|locally)\b",
    re.IGNORECASE,
)
"""Words which show that a sentence is about another location or resource than the denied one."""


def _who_can(words: str, patterns: tuple[re.Pattern[str], ...] | None = None) -> str:
    """Return the identity with which the call works, according to the clause or another pattern; "" for none."""
    for pattern in patterns or _ANOTHER_IDENTITY:
        if found := pattern.search(words):
            name = next(each for each in found.groups() if each)
            named = identity_of(name)[2] if name.startswith("arn:") else name
            if _OTHERWISE.search(words.replace(name, " ")):
                return ""
            cased = re.search(r"[a-z][A-Z]|[-_\d@.]", name) is not None
            return named if cased and not _NO_IDENTITY.match(named) else ""
    return ""


def _is_identity(name: str, words: str, text: str) -> bool:
    """Whether the clause calls the name a role, user or profile, or the text elsewhere has an identity of that name."""
    if re.search(rf"\b{_KIND}\b|:(?:role|user|assumed-role)/", words, re.IGNORECASE):
        return True
    return re.search(rf"(?:\b{_KIND}[ :=]+|:(?:role|user|assumed-role)/){re.escape(name)}\b", text, re.I) is not None


_SAME_KEYS = (
    r"(?:same|very same|identical|gleichen|\w*selben) (?:[\w-]+ )?"
    r"(?:keys?|key pair|credentials?|secrets?|access keys?|Schlüssel|Zugangsdaten)"
)
_ELSEWHERE = (
    r"(?:outside|inside|in|on|from|at|without|locally|elsewhere|through|via|everywhere|when|auf|von|im|ohne|außerhalb"
    r"|loka[l])\b"
)
_SAME_WORK = (
    regex(rf"\b{_SAME_KEYS}\b.{{0,40}}?\b{WORKS}\s+(?:\w+\s+)?{_ELSEWHERE}", re.IGNORECASE),
    regex(rf"\b{_ELSEWHERE}.{{0,40}}?\b{_SAME_KEYS}\b.{{0,20}}?\b{WORKS}\s*(?:\w+)?$", re.IGNORECASE),
    regex(rf"\b{WORKS}\s+.{{0,40}}?\b{_ELSEWHERE}.{{0,40}}?\bwith (?:the )?{_SAME_KEYS}\b", re.IGNORECASE),
    regex(rf"\bwith (?:the )?{_SAME_KEYS}\b.{{0,30}}?\b{WORKS}\s+(?:\w+\s+)?{_ELSEWHERE}", re.IGNORECASE),
)
LONG_AGO = regex(r"\b(?:until|till|yesterday|last|ago|used to|before|bis|gestern|früher)\b", re.IGNORECASE)


_COUNT = r"(?:\d{1,3}|one|two|three|four|five|six|ten|a (?:few|couple of)|ei[n]\w*|zwei|drei|vier|fünf|zehn)"
_OFTEN = regex(
    r"\b(?:sometimes|now and (?:then|again)|once in a while|from time to time|at times|occasionally|intermittent(?:ly)?"
    r"|sporadic(?:ally)?|random(?:ly)?|at random|on and off|off and on|flaky|not (?:always|every time|each time)"
    r"|every (?:other|second|third|few|now and then)\b|most of the time|half the time|manchmal|ab und zu|gelegentlich"
    r"|sporadisch|hin und wieder|zufällig|unregelmäßig|nicht immer|mal (?:geht|klappt)|jedes (?:zweite|dritte) mal"
    rf"|(?:once|twice|{_COUNT}(?: (?:to|or|bis|oder) {_COUNT})? (?:times?|mal)) (?:a|per|pro|am|each)"
    r" (?:day|hour|week|night|tag|woche"
    rf"|stunde)|{_COUNT} (?:out of|of|in|von) (?:\d{{1,4}}|ten|five|four|three|zehn|fünf|drei) "
    r"(?:runs?|requests?|calls?|tries|attempts?|times|deploy\w*|executions?|Läufe\w*|Aufrufe\w*))\b",
    re.IGNORECASE,
)
_HAPPENS = regex(
    r"\b(?:fail(?:s|ed|ing|ures?)?|die[sd]?|dying|break(?:s|ing)?|broke|den(?:y|ied|ies|ials?)|errors?|refus\w+|reject\w+"
    r"|works?|worked|succe\w+|pass(?:es|ed)?|red|40[13]s?|happens|occurs|see(?: this|s it| it)?|get(?:s|ting)?"
    r"|time[sd]? out|flaky|intermittent|schlägt|bricht|klappt|geht|passiert|kommt|tritt|scheitert|Fehler)\b",
    re.IGNORECASE,
)
_SAME = r"same(?: (?:error|exception|failure|refusal|result|message|thing))?"
_FAILS = (
    r"(?:fail(?:s|ed|ing)?|break(?:s|ing)?|dies|dying|errors?|erroring|denied|refused|happens|rejected"
    r"|(?:(?:(?:throw|return|report|print|log|say|see|show)(?:s|n|ing)?|gives?|giving|gets?|getting) (?:me |us )?)?"
    rf"(?:the |this |that )?{_SAME})"
)
_RUNS = r"(?:time|run|build|attempt|deploy\w*|start|try|call|retry|invocation|execution)"
_DAYS = r"(?:minutes?|hours?|days?|weeks?|months?)"
LASTS_WORDS = (
    rf"\b(?:each|every) (?:[\w-]+ )?{_RUNS}\b[^.\n]{{0,30}}\b{_FAILS}\b"
    rf"|\b{_FAILS}\b[^.\n]{{0,30}}\b(?:each|every|any) (?:single )?time\b"
    rf"|\b(?:always|consistently|(?:keeps?|kept)(?: on)?|repeatedly|still(?: the)?) {_FAILS}\b"
    r"|\bnever (?:once )?worked\b"
    rf"|\b{_SAME} (?:again|after|every|each)\b"
    rf"|\b{_FAILS}\b[^.\n]{{0,30}}\b(?:for|since) (?:(?:\w+ )?{_DAYS}|yesterday|last (?:week|month))\b"
    rf"|\bwait(?:ed|ing) (?:for )?(?:an? |\d+ |several |some |a few )?{_DAYS}\b"
    rf"|\b{_DAYS} (?:later|ago)\b[^.\n]{{0,40}}\b(?:still|same)\b"
    r"|\b(?:schlägt|bricht)\b[^.\n]{0,20}\bjedes Mal\b|\bimmer noch\b"
)
"""A pattern, for any case, of words that say that a failure goes on."""
EARLIER = r"\b(?:before (?:it|this|that)|until then|earlier|previously|so far)\b"
"""A pattern for words that put what lasted into the past."""
_LASTS = regex(LASTS_WORDS, re.IGNORECASE)
_RESTARTED = regex(
    r"\b(?:until|till|unless|after|bis|nach)\b[^.]{0,40}\b(?:re-?start\w*|re-?boot\w*|bounce\w*|redeploy\w*|neustart\w*)\b"
    r"|\b(?:re-?start(?:s|ed|ing)?|re-?boot(?:s|ed|ing)?|neustart)\b[^.]{0,30}"
    r"\b(?:helps?|helped|fix(?:es|ed)?|works?|cures?|solves?|hilft)\b|\bafter (?:a|each|every|the) (?:re)?start\b",
    re.IGNORECASE,
)
