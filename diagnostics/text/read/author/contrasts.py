"""Find what the author of a text says works. How that differs from what fails is a first clue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.text.read.author.difference import Difference
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Contrast:
    """Something that, as the author says, works although the call fails.

    ``works`` are the author's words, ``name`` is the version, option or program that works.
    """

    difference: Difference
    works: str
    name: str = ""


_WELL = (
    r"(?:works?|worked|(?:was|were|is|are|uploads?|pulls?|pulled|restores?|runs?|launch(?:es)?|comes?"
    r"|(?:joined|connected|authenticated|started|signed|deployed|mounted|resolved|logged)(?: in)?) (?:up )?fine"
    r"|(?:was|were|is|are) (?:\w+ )?(?:all right|alright)|is ok|was ok|succeeds|succeeded"
    r"|(?:is|was|are|were) successful|successfully"
    r"|without (?:trouble|problems?|errors?))"
)
_IS_WELL = regex(rf"\b{_WELL}(?![\w/'’-])|: fine\s*$|\bused to work\b|\b(?:till|until) yesterday fine\b", re.I)
_NOT_WELL = regex(
    r"n['’]t\b|\b(?:not|never|neither|no longer|nothing|nor|hardly|does it|should|would|must|could|make it|to work"
    r"|how|if it|(?<!at )once)\b|\?\s*$",
    re.I,
)
_NO_PROSE = regex(
    r"^\W{0,3}(?:20\d\d-\d\d|\d\d:\d\d|\[?(?:INFO|DEBUG|WARN|ERROR|Container)\b)|[{}]|\b(?:Error|Exception)\b.*:"
    r"|arn:aws|://\S+\s*$|^\s*[\w.\"'-]+\s*[:=]\s*[\"'\d\[]",
)
_PREPARES = regex(
    r"\bsuccessfully (?:initiali[sz]ed|installed|configured|set up|validated|loaded|downloaded|logged|signed"
    r"|authenticated|connected|started|updated|saved)\b"
    r"|\b(?:init|validate|login|log-?in|sign-?in|plan)\b(?! \w+ fails)",
    re.I,
)
"""Words for a success that only prepares for the failed call."""
_SENTENCE = regex(r"[^\n;]+?(?:[.!?](?=\s|$)|[;\n]|$|,\s+(?:but|though|while|today|now)\b)")
_HAND = r"(?:by hand|manually|interactively)"
_COMMAND = r"same (?:[\w-]+ )?(?:command|line|script|call|query|job|binary)"
_KINDS: tuple[tuple[Difference, re.Pattern[str]], ...] = (
    (
        Difference.BY_HAND,
        regex(
            r"^(?![^\n]*\b(?:laptop|workstation|my (?:own )?(?:machine|pc|mac)|another|other|admin\w*)\b)[^\n]*?"
            rf"(?:\b(?:run|running|start(?:ed)?|executed|executing|launch(?:ed)?|typed)\b[^.\n]{{0,30}}\b{_HAND}\b"
            rf"|\b{_HAND}\b[^.\n]{{0,60}}\b{_COMMAND}\b|\b{_COMMAND}\b[^.\n]{{0,60}}\b(?:{_HAND}"
            r"|(?:kubectl|docker) exec|in (?:a|the) (?:shell|terminal)|in the (?:same )?(?:pod|container))\b)",
            re.I,
        ),
    ),
    (
        Difference.VERSION,
        regex(
            r"(?<![\w.])(?P<version>v?\d{1,3}\.\d{1,4}\.\d{1,4}(?!\d|\.\d)[\w+-]*|v\d{1,3}(?:\.\d{1,4})?\b)"
            r"|\b(?:up to|until|till|in|on|with|version|back to)\s+(?P<short>\d{1,3}\.\d{1,4})(?![\w.])"
            r"|\b(?:older|old|previous|last|earlier|former) (?:version|release)\b"
            r"|\b(?:before|until|till) (?:the|we|I) (?:[\w-]+ ){0,3}?(?:upgrade|upgraded|update|updated|bump\w*)\b",
            re.I,
        ),
    ),
    (
        Difference.OPTION,
        regex(
            r"\b(?:with|without|when|if)\s+(?:the\s+)?(?P<option>[\w.-]+\s*[:=]\s*\S+|[\w.-]*[a-z][A-Z_][\w.-]*|--[\w-]+"
            r"|[\w-]+ (?:off|on|disabled|enabled|unset))",
        ),
    ),
    (
        Difference.PLACE,
        regex(
            r"\b(?:locally|on (?:my|the|our) (?:own )?(?:laptop|machine|host|desktop|mac|pc|node)"
            r"|from (?:my|the|our) (?:laptop|machine|desktop|workstation|bastion)|in the (?:other|old) \w+"
            r"|in (?:prod|staging|dev)\b|in (?:another|the other|an other) (?:region|account|cluster|environment))",
            re.I,
        ),
    ),
    (
        Difference.PROGRAM,
        regex(
            r"\b(?P<program>aws[ -]?cli\b|(?:the )?cli\b|aws (?:s3(?:api)?|sts|ec2|iam|ecr|lambda|eks|bedrock[\w-]*)"
            r" [a-z-]+|curl\b|console\b|boto3\b|(?:[A-Za-z.]+ )?sdks?\b|terraform\b|rclone\b|s3cmd\b|postman\b"
            r"|(?:our|my|a) (?:own )?script\b|in (?:a|the same) terminal\b)",
            re.I,
        ),
    ),
)

_LONGEST_LINE = 400
_RUN = (
    r"(?:re-?runs?|re-?running|retry|retries|retrying|re-?deploy(?:s|ing)?|re-?appl(?:y|ies)|second (?:run|attempt|try"
    r"|apply|deploy(?:ment)?)"
    r"|(?:subsequent|later|next|following) (?:updates?|appl(?:y|ies)|deploy\w*|runs?)"
    r"|(?:running|applying|deploying|run|apply|deploy|try|trying) (?:it |that |the \w+ )?again)"
)
_GREEN = (
    r"(?:succeeds?|succeeded|works?|worked|is green|goes through|went through|passes|passed|is fine"
    r"|(?:is|gets|was|got) (?:fixed|gone|resolved|solved)|fixes (?:it|this|that))"
)
# What tells the difference without a word on what works: a newer version since which it fails, a run that goes well.
_ON_CONDITION = regex(r"\b(?:only (?:if|with|as|when)|unless|sometimes|with (?:my|another|the other))\b", re.I)
_BY_THEMSELVES: tuple[tuple[Difference, re.Pattern[str]], ...] = (
    (
        Difference.AGAIN,
        regex(
            rf"\b{_RUN}\b(?:(?!\b(?:not|never|fails?|failed(?! (?:jobs|step))|denied)\b|n['’]t)[^.\n]){{0,70}}"
            rf"\b{_GREEN}\b"
            r"|\b(?:erneut|nochmal|zweiter Versuch|zweite Lauf)\b[^.\n]{0,60}\b(?:geht|klappt|läuft|funktioniert)\b",
            re.I,
        ),
    ),
    (
        Difference.NEWER,
        regex(
            r"\b(?:since|after)\b[^.\n]{0,40}\b(?:upgrad\w+|bump\w*|updat(?:e|ed|ing) (?:to|the (?:chart|image|version"
            r"|provider|module|agent|controller|plugin|driver)"
            r"|of (?:the |our )?(?!\S*(?:polic|role|stack|trust|key|secret)))"
            r"|(?:newer|new|latest) (?:version|release|image|chart|tag))\b"
            r"|\bsince (?:v|(?!about|around|at\b|roughly|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*day\b)"
            r"(?:[a-z][\w-]* ){1,4}v?)"
            r"(?!\d{1,2}\.\d{1,2}\.20\d\d)\d{1,3}\.\d{1,4}(?:\.\d{1,4})?(?![\w.]*\d| ?[ap]m\b)"
            r"|\b(?:new|newer|newest|latest) (?:version|release)\b[^.\n]{0,30}"
            r"\b(?:prints?|logs?|fails?|gives?|shows?|throws?|reports?|complains?|wants?|needs?|calls?)\b"
            r"|\b(?:image|chart|version|provider|module) was (?:bumped|upgraded|updated)\b",
            re.I,
        ),
    ),
)

GOOD_ELSEWHERE = (
    "The credentials are most likely good, because they work elsewhere: “{works}”. Compare how this program gets them."
)
_CREDENTIALS = r"(?:(?:AWS|IAM|SSO|access) )?(?:keys?|profile|credentials|role|user|token)"
_SAME = regex(rf"\bsame {_CREDENTIALS}\b", re.I)
_OTHERS = regex(
    rf"\b(?:another|other|different|new|old|own) (?:{_CREDENTIALS}|account)\b"
    r"|\b(?:as|with|from|by) (?:my |an? |the )?(?:admin\w*|root)\b",
    re.I,
)
_LONG_AGO = regex(r"\b(?:until|till|before|since|yesterday|last|ago|used to|all (?:year|week|month))\b", re.I)


def contrasts(text: str) -> tuple[Contrast, ...]:
    """Return what the author says works, each difference once, most specific first; empty if the text has none."""
    found: dict[Difference, Contrast] = {}
    for each in _said(text):
        found.setdefault(each.difference, each)
    return tuple(found[each] for each in Difference if each in found)


def differences(text: str) -> tuple[Contrast, ...]:
    """Return `contrasts`, plus differences that the text mentions without saying that something works.

    Such a difference is a newer version, or a repeated run.
    """
    found = {each.difference: each for each in contrasts(text)}
    for line in text.splitlines():
        if len(line) > _LONGEST_LINE or _NO_PROSE.search(line):
            continue
        for part in _SENTENCE.finditer(line):
            sentence = part[0].strip(" \t#/*->.;,")
            for difference, pattern in _BY_THEMSELVES:
                if difference is Difference.AGAIN and _ON_CONDITION.search(line):
                    continue
                if difference not in found and pattern.search(sentence) and not sentence.endswith("?"):
                    found[difference] = Contrast(difference, " ".join(sentence.split())[:96])
    return tuple(found[each] for each in Difference if each in found)


def credentials_work(text: str) -> Contrast | None:
    """Return what shows that the text's credentials are valid, although one program does not accept them.

    The credentials work in another program, in another version or, if the text says that they are the same, in another
    place. None if the text does not say so, or says that other credentials work.
    """
    of = {Difference.PROGRAM, Difference.VERSION}
    if _SAME.search(text):
        of.add(Difference.PLACE)
    return next(
        (
            each
            for each in contrasts(text)
            if each.difference in of
            and not _OTHERS.search(each.works)
            and (each.difference is Difference.VERSION or not _LONG_AGO.search(each.works))
        ),
        None,
    )


def same_credentials_work(text: str) -> Contrast | None:
    """Return the sentence that says that the same credentials work in another program; None if there is none."""
    found = _another_program(text, _OTHERS, _LONG_AGO, _ONLY_IDENTITY)
    return found if found is not None and _SAME.search(found.works) else None


def works_in_another_program(text: str) -> Contrast | None:
    """Return the sentence that says that another program succeeds, with any credentials; None if there is none."""
    found = _another_program(text, _OTHERS, _LONG_AGO, _ONLY_IDENTITY, _AFTERWARDS, _PREPARES)
    if found is None or "console" in found.name.lower():
        return None
    return None if "terraform" in found.name.lower() and _OF_TERRAFORM.search(text) else found


def works_in_the_cli(text: str) -> Contrast | None:
    """Return the sentence that says that the AWS CLI succeeds with the same credentials; None if there is none."""
    found = _another_program(text, _OTHERS, _LONG_AGO, _AFTERWARDS)
    return found if found is not None and _CLI.search(found.name) else None


def _another_program(text: str, *excluded: re.Pattern[str]) -> Contrast | None:
    """Return the sentence that says that another program succeeds; None if there is none, or a pattern excludes it."""
    found = next((each for each in contrasts(text) if each.difference is Difference.PROGRAM), None)
    return None if found is None or any(words.search(found.works) for words in excluded) else found


_OF_TERRAFORM = regex(r"^[ │|]*Error: [^\n]*\boperation error \w|^[ │|]*with (?:\w+\.)*aws_\w+\.", re.M)
"""The failure lines that Terraform prints."""
_CLI = regex(r"cli\b|aws ", re.I)
_AFTERWARDS = regex(r"\b(?:then|but|after)\b", re.I)
"""Words that show that a sentence is about more than one call."""
_ONLY_IDENTITY = regex(r"get-caller-identity|\bsts\b|\blists?\b|\bls\b", re.I)
"""Names of calls that succeed or fail without showing much about the permissions for other calls."""


_COMMAND_LINE = regex(r"^[\s>$#`%]{0,6}(?P<command>(?:[A-Z_]+=\S+ )*(?:sudo )?[a-z][\w./-]*(?: [^\n]*)?[^\s.:`])`?\s*$")
_BELOW = regex(
    r"^\W*(?:this|the following|that)(?: command| line| one)? (?P<how>works?|succeeds|fails"
    r"|(?:does not|doesn['’]t) work)\b[^\n:]{0,12}:\s*$",
    re.I,
)
_ABOVE = regex(
    r"^\W*(?:it|this|that)(?: command)? (?P<how>works?|succeeds|fails|(?:does not|doesn['’]t) work)"
    r"(?: fine| well| ok| with)?\W*$",
    re.I,
)


def works_as(text: str) -> tuple[str, str]:
    """Return the command that works and the one that fails, according to the line above or below each.

    A command is "" if no line says so.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    found = {True: "", False: ""}
    for number, line in enumerate(lines):
        below = _BELOW.match(line)
        said = below or _ABOVE.match(line)
        place = number + 1 if below else number - 1
        command = _COMMAND_LINE.match(lines[place]) if said and 0 <= place < len(lines) else None
        if said is not None and command is not None:
            works = said["how"].lower() in ("work", "works", "succeeds")
            found[works] = found[works] or " ".join(command["command"].split())[:96]
    return found[True], found[False]


def says_that_it_works(sentence: str) -> bool:
    """Return whether the sentence says that something works, without a doubt or denial."""
    return _IS_WELL.search(sentence) is not None and _NOT_WELL.search(sentence) is None


_CLIENT = regex(r"\b(?P<client>cli|boto3|botocore|curl|s3cmd|rclone|postman|terraform)[ /@:(]{1,2}v?$", re.I)
_NAMED_VERSION = regex(
    r"(?<![\w.])(?P<name>[A-Za-z][\w-]*)[ /@]v?(?P<version>\d{1,3}\.\d{1,4}(?:\.\d{1,4})?)(?![\w.]*\d)"
)
_NO_PROGRAM = frozenset(
    {"to", "with", "in", "version", "since", "until", "from", "at", "of", "and", "or", "on", "than"}
)
"""Words before a version that name no program."""


def version_that_works(text: str) -> str:
    """Return the version of the program with which the call works, as the text says; "" if the text names none."""
    return next((each.name for each in contrasts(text) if each.difference is Difference.VERSION and each.name), "")


def _of_another_program(before: str, text: str) -> bool:
    """Return whether a version that works belongs to another program than the one that fails, as far as versions show.

    ``before`` are the words before the version. A client is directly before it, the text has no other version of
    that client or of an unnamed program, and it has the version of another program.
    """
    client = _CLIENT.search(before)
    if client is None:
        return False
    versions = {(each["name"].lower(), each["version"]) for each in _NAMED_VERSION.finditer(text)}
    own = {version for name, version in versions if name.endswith(client["client"].lower())}
    names = {name for name, _ in versions}
    others = {name for name in names if not name.endswith(client["client"].lower())}
    return len(own) <= 1 and bool(others) and not names & _NO_PROGRAM


def _nearest(pattern: re.Pattern[str], sentence: str) -> re.Match[str] | None:
    """Return the pattern's match that is nearest to the words that something works; None if there is no match.

    "Fails with 2.1, worked fine with 2.0" names the version 2.0.
    """
    found, well = list(pattern.finditer(sentence)), _IS_WELL.search(sentence)
    if well is None or len(found) < 2:
        return found[0] if found else None
    return min(found, key=lambda each: max(each.start() - well.end(), well.start() - each.end()))


def _said(text: str) -> Iterator[Contrast]:
    for line in text.splitlines():
        if len(line) > _LONGEST_LINE or _NO_PROSE.search(line):
            continue
        for part in _SENTENCE.finditer(line):
            sentence = part[0].strip(" \t#/*->.;,")
            if not says_that_it_works(sentence):
                continue
            for difference, pattern in _KINDS:
                if match := _nearest(pattern, sentence):
                    if difference is Difference.VERSION and _of_another_program(sentence[: match.start()], text):
                        continue
                    name = next((value for value in match.groupdict().values() if value), "")
                    yield Contrast(difference, " ".join(sentence.split())[:96], name.strip().rstrip(".,"))
                    break
