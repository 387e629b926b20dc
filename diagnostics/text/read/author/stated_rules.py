"""Read the rules of a company or an organization that a text states in its own words: a sentence, a list, a table.

A rule is a sentence that says what must be the case, and is neither a question nor a message of a program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, region_places
from iam.service_reference import services, services_with

REGION = rf"(?<![\w.-]){REGION_NAME}(?![\w-])"
_SENTENCE = regex(r"[^\n.!?]+(?:[.!?](?!\s)[^\n.!?]*)*[.!?]?")
_QUESTION = regex(
    r"(?:^|,\s*)(?:(?:so|and|but) )?(?:why|how|what|which|who|where|when|can|could|is|are|does|do|did|should|shall|will"
    r"|would|any)\b[^,?]*\?$",
    re.IGNORECASE,
)
_OF_A_PROGRAM = regex(
    r"not authori[sz]ed to|explicit deny|\bpolicy allows the\b|operation:|error:|\"error\w*\"\s*:"
    r"|^\s*(?:\$|[\w.]+\s*=)",
    re.IGNORECASE,
)
_NORM = regex(
    r"\b(?:must|shall|ha(?:s|ve) to|needs?|requires?|required|requirements?|mandatory|mandates?|obligatory|compulsory"
    r"|demands?|insists?|enforces?|enforced|rules?|guidelines?|standards?|wants?|forbids?|forbidden|prohibits?"
    r"|prohibited|not allowed|(?:nothing|no|never)\b[^.\n]{0,60}\b(?:without|unless|un[a-z]{4,})|or else|otherwise"
    r"|without\b[^.\n]{0,60}\b(?:refused|rejected|denied|blocked|fails?|wo(?:n['’]t)|will not|can(?:not|['’]t))"
    r"|(?:allowed|approved|permitted) (?:\w+ ){0,2}(?:types?|class(?:es)?|sizes?|famil(?:y|ies))"
    r"|handbooks?|baselines?|guardrails?)\b",
    re.IGNORECASE,
)
"""Words that make a sentence a rule, such as "must".

A sentence without them, such as "every volume is encrypted" or "tags are set", only describes something.
"""
_OF_ANOTHER = regex(r"\b(?:I|my|his|her|their|another|other|customers?|vendors?|partners?)\b", re.IGNORECASE)
"""Words that show that a sentence is about somebody else, or about the author alone."""
_NO_RULE = regex(
    r"\bI\b|\b(?:not?|never|n't)\b[^.\n]{0,12}\b(?:needs?|needed|required|requires?|mandatory|necessary)\b"
    r"|\b(?:needs?|requires?) (?:no|not)\b|\boptional\b|\b(?:docs?|documentation|manual) (?:says?|said)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedRule:
    """A requirement that a text states: its sentence, and the Regions or tags that the sentence names."""

    words: str
    names: tuple[str, ...] = ()


def own_sentences(text: str) -> list[str]:
    """Return the sentences of the text that a person wrote and that ask nothing."""
    found = (_QUESTION.sub("", each[0].strip()) for each in _SENTENCE.finditer(text))
    return [each for each in found if each and not each.endswith("?") and not _OF_A_PROGRAM.search(each)]


_LIMIT = (
    r"\b(?:only|solely|exclusively|nowhere but|other than|outside(?: of)?|(?:restricted|limited|locked|confined|pinned)"
    r"(?: to)?|(?:allowed|approved|permitted|sanctioned|supported|allow-?listed|white-?listed))\b"
)
_BETWEEN = (
    r"(?:\W{1,3}(?:in|to|the|our|aws|regions?|run|runs|use|uses|operate|operates|deploy|deploys|allow|allows|allowed"
    r"|permit|permits|work|host|hosts|build|live|within|inside|from|for|is|are|be|may|can|being|we)\b){0,6}\W{1,4}"
)
_ALONE = (
    r"\W{1,3}(?:(?:is|are|and|or|the|only|regions?)\W{1,2}){0,3}(?:nowhere else|no others?|only|exclusively|alone"
    r"|allowed|approved|permitted)\b"
)
_WORKS = regex(r"\b(?:works?|worked|succeeds?|succeeded|ok|fine)\b", re.IGNORECASE)


def allowed_regions(text: str) -> StatedRule | None:
    """Return the Regions that the text limits its company or its account to; None if it limits none."""
    if (table := _regions_of_a_table(text)) is not None:
        return table
    places = region_places()
    one = rf"(?:{REGION}|\b(?:{'|'.join(map(re.escape, places))})\b)"
    limits = regex(rf"(?i:{_LIMIT}{_BETWEEN}){one}|{one}(?i:{_ALONE})")
    for sentence in own_sentences(text):
        if limits.search(sentence) and not _WORKS.search(sentence) and not _OF_ANOTHER.search(sentence):
            named = re.findall(one, sentence)
            return StatedRule(
                " ".join(sentence.split()), tuple(dict.fromkeys(places.get(each, each) for each in named))
            )
    return None


_CELLS = regex(r"\s*\|\s*|\t+|\s{2,}")
_OF_REGIONS = regex(r"(?:(?:allowed|approved|permitted) )?(?:aws )?regions?", re.IGNORECASE)
_OF_OWNERS = regex(
    r"(?:aws )?(?:OUs?|accounts?|organi[sz]ational units?|units?|environments?|env|stages?|teams?|tenants?|zones?)"
    r"(?: name)?",
    re.IGNORECASE,
)


def _regions_of_a_table(text: str) -> StatedRule | None:
    """Return the Regions in a table of units and their Regions: those of the only unit that the text names, or all."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        header = _CELLS.split(line.strip(" |"))
        owner = next((index for index, each in enumerate(header) if _OF_OWNERS.fullmatch(each)), None)
        column = next((index for index, each in enumerate(header) if _OF_REGIONS.fullmatch(each)), None)
        if owner is None or column is None:
            continue
        rows: dict[str, str] = {}
        for below in lines[at + 1 :]:
            cells = _CELLS.split(below.strip(" |"))
            if len(cells) == len(header) and re.search(REGION, cells[column]):
                rows[cells[owner]] = cells[column]
            elif re.search(r"[A-Za-z]", below) or not below.strip():
                break
        beside = "\n".join(each for each in lines if not any(value in each for value in rows.values()))
        named = [each for each in rows if each and re.search(rf"\b{re.escape(each)}\b", beside)]
        chosen = [rows[named[0]]] if len(named) == 1 else list(rows.values())
        if rows:
            return StatedRule(chosen[0], tuple(dict.fromkeys(re.findall(REGION, " ".join(chosen)))))
    return None


def rule_on(topic: re.Pattern[str], text: str) -> StatedRule | None:
    """Return the first rule in the text with a word of the topic, or None."""
    for sentence in own_sentences(text):
        if topic.search(sentence) and _NORM.search(sentence) and not _NO_RULE.search(sentence):
            return StatedRule(" ".join(sentence.split()))
    return None


_TAG = regex(r"\btags?\b|\btagg(?:ed|ing)\b", re.IGNORECASE)
_KEY = r"[A-Z][a-z]+(?:[A-Z][a-z]+)*"
_KEYS = regex(rf"(?<![\w./:-])(?:{_KEY}(?:, | and | or |/))*{_KEY}(?![\w/:-]|[.]\w)")
_CAMEL = regex(r"[a-z][A-Z]")
_RESOURCES = r"resources?|machines?|servers?|disks?|databases?|everything|anything"
_HAVING = regex(r"\b(?:carr(?:y|ies)|ha(?:s|ve)|bears?|gets?|needs?|wears?|with|without|lacks?)\b", re.IGNORECASE)


def required_tags(text: str, kinds: Iterable[str]) -> StatedRule | None:
    """Return the tags that resources need according to the text; empty if it names none, None if it requires none.

    In a sentence about what resources, or resources of these ``kinds``, must have, a name of two words (CostCenter) is
    a tag even if the sentence does not call it one. So are the names next to such a name.
    """
    resources = regex(rf"\b(?:{_RESOURCES}|(?:{'|'.join(map(re.escape, kinds)) or 'resource'})s?)\b", re.IGNORECASE)
    for sentence in own_sentences(text):
        if not _NORM.search(sentence) or _NO_RULE.search(sentence):
            continue
        listed = next((each[0] for each in _KEYS.finditer(sentence) if _CAMEL.search(each[0])), "")
        names = tuple(
            each for each in re.findall(_KEY, listed) if not (services_with(each) or each.startswith("Amazon"))
        )
        carried = bool(names) and resources.search(sentence) and _HAVING.search(sentence)
        if _TAG.search(sentence) or carried:
            return StatedRule(" ".join(sentence.split()), names)
    return None


_AN_ACTION = regex(r"(?<![\w:/-])(?P<action>[a-z][a-z0-9-]{1,30}:(?:\*|[A-Z]\w+\*?))")
_EXCEPTED = regex(
    r"\b(?:except\w*|exempt\w*|lets? through|allow-?list\w*|white-?list\w*|carv\w+ out|unblocked|opened)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Excepted:
    """An action that was excepted from a rule on a Region."""

    action: str
    region: str
    words: str


def excepted_action(text: str) -> Excepted | None:
    """Return the action that, according to the text, was allowed in a Region as an exception; None if there is none."""
    for sentence in own_sentences(text):
        action, region = _AN_ACTION.search(sentence), re.search(REGION, sentence)
        if action and region and _EXCEPTED.search(sentence):
            return Excepted(action["action"], region[0], " ".join(sentence.split()))
    return None


_LISTED = regex(
    r"(?P<listed>(?:(?<![\w.:/-])[a-z][a-z0-9-]{1,30}(?::\*)?(?:, ?|,? and |,? or )){3,}[a-z][a-z0-9-]{1,30})"
)
_ALLOWS = regex(r"\b(?:allow\w*|approved|permitted|sanctioned|white-?listed)\b", re.IGNORECASE)


def allowed_services(text: str) -> StatedRule | None:
    """Return the services, as IAM prefixes, of the text's list of allowed ones; None if it has no such list."""
    for line in text.split("\n"):
        for found in _LISTED.finditer(line):
            names = tuple(re.findall(r"[a-z][a-z0-9-]+(?=:\*|,|\s|$)", found["listed"].replace(" and ", ",")))
            if _ALLOWS.search(line[: found.start()]) and all(each in services() for each in names):
                return StatedRule(" ".join(line.split()), names)
    return None
