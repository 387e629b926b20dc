"""Find what a text says about the past, such as a ticket, a runbook or an example. It is not the failure to explain.

`without_the_past` only proposes a shortened text; if that states no failure, the full text is read.
"""

from __future__ import annotations

import re
from itertools import groupby

from diagnostics.text.read.layout.shell import UNQUOTED_PROMPT
from iam.lazy_pattern import regex

_LONGEST = 40_000
_FAILS = regex(
    r"error occurred|not authori[sz]ed|access ?denied|unauthorized|forbidden|\berror\b|exception|failed|failure"
    r"|invalid|explicit deny|\bdenied\b|\bunable to\b|\blacks?\b",
    re.IGNORECASE,
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_PAST = regex(
    r"\byesterday\b|\blast (?:week|month|year|quarter|sprint|release|spring|summer|autumn|fall|winter)\b"
    r"|\b\d+ (?:days|weeks|months|years) ago\b|\ba (?:week|month|year) ago\b|\bback in\b"
    rf"|\b[Ii]n (?-i:{_MONTH})\b|\bcomment (?:by|from|of)\b"
    r"|\b(?:ticket|incident|issue|(?<!in )case|(?-i:[A-Z]{2,6}-\d{1,6}))\b[^\n]{0,60}"
    r"\b(?:closed|resolved|fixed|solved)\b"
    r"|\b(?:closed|resolved|old|earlier|previous|solved) (?:ticket|incident|issue|case|comment|thread)s?\b"
    r"|\b(?:resolved|old|solved) (?:error|log)s?\b|^\W{0,3}old(?:er)? one\b"
    r"|(?:<[-=]+|\u2190|\s#+|\s//|[(\[])\s*(?:(?:this|that|it|was|is|got|already|since|now) ){0,3}"
    r"(?:fixed|solved|resolved)\b(?!\?)"
    r"|\((?:old|older|earlier|previous)\)"
    r"|\bnot (?:ours|mine)\b|\bgoogle (?:result|hit)\b"
    r"|^\W{0,3}old(?:er)? (?:paste|output|run|terminal|scrollback)\b"
    r"|^\W{0,3}(?:previous|earlier|last) (?:run|attempt|apply|deploy\w*)\b(?=[^\n]*\b(?:fixed|solved|resolved)\b)"
    r"|^\W{0,4}20[12]\d(?:-\d\d)?\s?:\s|\bfixed (?:in|by|with) (?:PR|MR|commit|release|version|#|!|v?\d)"
    r"|^\W{0,4}(?:\w+(?:'s)? ){0,3}run ?book\b|\b(?:run|play) ?book(?: here| page| entry)?"
    r" (?:says?|gives?|shows?|mentions?|quotes?)\b"
    r"|\bwiki\b|\bpost-?mortem\b"
    r"|\b(?:docs?|documentation|manual|guide|tutorial|read ?me|blog(?: post)?|faq)\b"
    r"(?:[^\n]{0,3}\bexamples?|[^\n]{0,60}\b(?:says?|gives?|shows?|mentions?|quotes?|lists?|describes?))\b"
    r"|\bexample (?:from|in|of) (?:the |AWS's |AWS )?(?:docs?|documentation|manual|guide)\b"
    r"|\b(?:vendor|supplier|partner|consultant)(?:'s|s')? (?:PDF|guide|manual|docs?|documentation|e-?mail|page)\b"
    r"|\btypical (?:failure|error|message)\b"
    r"|\b(?:AWS|docs|documentation|help|support|reference)(?:'s)? (?:\w+ )?page\b[^\n]{0,60}"
    r"\b(?:says?|shows?|gives?)\b"
    r"|\b(?:stack ?overflow|server ?fault|re:Post|reddit|forum|github issue|chatgpt)\b[^\n]{0,40}"
    r"\b(?:says?|said|shows?|suggests?|gives?)\b"
    r"|\b(?:AI|LLM|(?:chat ?)?bot|assistant|copilot|gemini|claude)\b[^\n]{0,40}"
    r"\b(?:says?|said|suggest(?:s|ed)|answer(?:s|ed)|wrote|told|claim(?:s|ed)|gave)\b"
    r"|^\W{0,4}(?:known|common|typical|past|previous|historical) (?:errors?|issues?|failures?|problems?)\W{0,3}$"
    r"|\b(?:(?:if|when(?:ever)?) (?:you|users?)|if (?:we|they|it|one|the \w+)) "
    r"(?:sees?|gets?|says?|shows?|prints?|reports?|reads?|hits?|runs? into)\b(?=[^\n]{0,40}[\"'`“:])",
    re.IGNORECASE | re.MULTILINE,
)
_PRESENT = regex(
    r"\b(?:today(?:'s)?|tonight|right now|this (?:morning|evening|time)|(?:ours|mine) (?:is|says|now)"
    r"|what (?:we|I) (?:see|get)"
    r"|now|currently|instead|but we|at present|the real (?:thing|error|one|message|output)|this is what"
    r"|actual(?:ly)?)\b",
    re.IGNORECASE,
)
_WENT_WELL = regex(
    r"\b(?:work(?:ed|s|ing)?|fine|ok|green|passed|succe\w+|no (?:problem|error)s?|since|until|till|changed|deployed"
    r"|added|upgraded|moved|created|migrated|began|begins|start(?:s|ed)|appeared)\b",
    re.IGNORECASE,
)
_QUOTE_MARK = regex(r"[ \t]{0,20}>(?!>)[ \t]?(?P<said>[^\n]*)")
_POWERSHELL = r"PS [^\n]{0,60}> "
_PROMPT = regex(rf"{UNQUOTED_PROMPT}\S|{_POWERSHELL}")
_COMMAND = regex(r"(?:sudo +)?(?:npx +)?(?:aws|cdk|terraform|tofu|kubectl|docker|helm|sam|pulumi|cat|ls|curl)\b")
_TYPED = regex(rf"(?:{UNQUOTED_PROMPT}|{_POWERSHELL})?{_COMMAND.pattern}")
_LOGGED = regex(r"\W{0,3}20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
# The forms in which AWS's pages write their examples of a refusal (IAM User Guide, "Troubleshoot access denied error
# messages": https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
_EXAMPLE_CALLER = regex(r"arn:[\w-]+:(?:iam|sts)::(?:123456789012|111122223333|444455556666):[\w+=,.@/-]+")


def without_the_past(text: str) -> str:
    """Return the text without what its author quotes from an earlier time or another place.

    Unchanged if there is nothing.
    """
    if len(text) > _LONGEST or "\n" not in text.strip() or not (_PAST.search(text) or "\n>" in f"\n{text}"):
        return text
    kept = _without_quotes(text.split("\n"))
    out: list[str] = []
    past = opened = False
    for line in kept:
        if (not line.strip() and not opened) or (past and (_PROMPT.match(line) or _PRESENT.search(line))):
            past = False
        opened = opened and not line.strip()
        stated = _stated(line)
        if stated is not None and _POINTS_UP.match(line) and not _OF_TODAY_TOO.search(line):
            _forget_the_last(out)
        if stated is None:
            out.append("" if past and _FAILS.search(line) else line)
            continue
        rest, opens = _of_the_line(line, stated)
        past = opened = opens
        out.append(rest)
    return "\n".join(out)


_POINTS_UP = regex(
    r"(?:\W{0,3}\d\d?:\d\d(?::\d\d)?\W{1,3})?(?:[\w.-]{1,20}: )?"
    r"(?:\^+|(?:that|this)(?: one)? (?:was|is) (?:from )?|(?:the )?(?:one |error )?above (?:was|is) )",
    re.IGNORECASE,
)
"""The beginning of a line about the one above it, perhaps after its time and its author: "^ that was"."""
_OF_TODAY_TOO = regex(
    rf"{_FAILS.pattern}|{_PRESENT.pattern}|{_WENT_WELL.pattern}"
    r"|\b(?:same|again|still|also|like|not|never|every|each)\b|n['\u2019]t\b|\?",
    re.IGNORECASE,
)
"""Words, in a line about the failure above it, that show that this failure still occurs, or may still occur."""


def _forget_the_last(out: list[str]) -> None:
    """If the lines collected so far end with a failure, blank the lines of that failure."""
    for number in range(len(out) - 1, -1, -1):
        if not _FAILS.search(out[number]):
            return
        begins = _BEGINS.search(out[number])
        out[number] = ""
        if begins:
            return


_OF_THE_PAST = regex(
    r"\W{0,3}20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*\s+"
    r"\((?:yesterday|last (?:week|month|night|year))\b[^()\n]{0,40}\)",
    re.IGNORECASE,
)
"""The time of a log's line, and after it the author's remark on its age."""


_WITHDRAWN = regex(
    r"\b(?:never ?mind|scratch|ignore|forget|disregard|skip) (?:that|this|the (?:first|above|last))"
    r"(?: (?:one|error|log|paste))?\b"
    r"|\bno,? wait\b|\bwrong (?:paste|log|window|tab|error|terminal|clipboard)\b"
    r"|\b(?:that|this)(?: one)? (?:was|is|['’]s) (?:from |of )?(?:the |an? )?(?:other|wrong|old|another)\b"
    r"|\b(?:that|this)(?: one)? (?:was|is|['’]s) "
    r"(?:on purpose|expected|intended|intentional|deliberate|me testing|a test)\b"
    r"|\b(?:das|die|der) war (?:noch )?(?:das|die|der|aus|von|vom)(?: (?:dem|der))? "
    r"(?:falsch|ander|alt|vorig|letzt)\w*\b"
    r"|\b(?:ach |oh )?nein, (?:warte|moment)\b|\bvergiss das\b|\bfalsche[rs]? (?:fenster|tab|log|terminal)\b"
    r"|\bnon, attends\b|\boublie(?:z)? (?:ça|cela)\b|\bmauvais(?:e)? (?:fenêtre|onglet|terminal|log)\b"
    r"|\bc['’]était (?:l['’]autre|le mauvais|la mauvaise|l['’]ancien)"
    r"|\bno, espera\b|\bolvida eso\b|\beso era (?:del?|la|el) (?:la )?otr[ao]\b|\bventana equivocada\b",
    re.IGNORECASE,
)
_MEANT_INSTEAD = regex(
    r"\b(?:this(?: is)?(?: the)?(?: (?:right|real|actual|correct))?(?: one)?|here(?: it is| is[^\n:]{0,30})?"
    r"|(?:right|real|actual|correct) (?:one|error|log|paste|problem|failure|issue)(?: is)?|i mean(?:t)?[^\n:]{0,20}"
    r"|(?:das )?hier(?: ist es)?|(?:das )?richtige?(?: ist)?|sondern(?: das)?|voici(?: l[ea] bon(?:ne)?)?"
    r"|l[ea] bon(?:ne)?|est[ea](?: es)?)\s*:?\s*$",
    re.IGNORECASE,
)


_INTRODUCES = regex(r":\s*$")
"""The end of a line that introduces the text below."""
_WHICH_ONE = regex(
    r"\b(?:ignore|forget|disregard|skip|scratch|never ?mind) the "
    r"(?P<which>first|second|third|last|top|upper|bottom|lower)\b(?: (?:one|error|log|paste|message|line|block))?",
    re.IGNORECASE,
)
_BEGINS = regex(r"error occurred|not authori[sz]ed to perform|^\W{0,4}[\w.]*(?:Error|Exception|Denied)\b")
_PLACES = {"first": 0, "top": 0, "upper": 0, "second": 1, "third": 2, "last": -1, "bottom": -1, "lower": -1}


def _without_the_named(text: str) -> str:
    """Return the text without the failure that its author says to ignore by its position: "ignore the second one"."""
    said = _WHICH_ONE.search(text)
    if said is None:
        return text
    lines = text.split("\n")
    own = text.count("\n", 0, said.start())
    blocks: list[list[int]] = []
    for number, line in enumerate(lines):
        if number != own and _FAILS.search(line):
            joined = blocks and not any(not each.strip() for each in lines[blocks[-1][-1] : number])
            if joined and not _BEGINS.search(line):
                blocks[-1].append(number)
            else:
                blocks.append([number])
    place = _PLACES[said["which"].lower()]
    if len(blocks) < 2 or place >= len(blocks):
        return text
    for number in (*blocks[place], own):
        lines[number] = ""
    return "\n".join(lines)


_NO_POLICY = r"\bno (?:\w[\w-]* ){0,2}(?:policy|boundary)\b"
_CORRECTED = regex(
    rf"{_NO_POLICY}[^\n]{{0,40}}?\b(?:no,? wait|wait,? no|sorry|correction|I meant?|nein,? (?:warte|moment))\b"
    rf"[^\n]{{0,30}}?[\"“']?(?P<right>{_NO_POLICY})",
    re.IGNORECASE,
)


def without_the_withdrawn(text: str) -> str:
    """Return the text without the failure or reason that its author withdraws ("this one:", "no wait, it is")."""
    if len(text) > _LONGEST:
        return text
    text = _CORRECTED.sub(lambda found: found["right"], _without_the_named(text))
    if not _WITHDRAWN.search(text):
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines):
        taken = _WITHDRAWN.search(line)
        if taken is None or not (_INTRODUCES.search(line) or _MEANT_INSTEAD.search(line[taken.start() :])):
            continue
        begin = number
        while begin and not lines[begin - 1].strip():
            begin -= 1
        while begin and lines[begin - 1].strip() and not _PROMPT.match(lines[begin - 1]):
            begin -= 1
        lines[begin : number + 1] = [""] * (number + 1 - begin)
    return "\n".join(lines)


def _stated(line: str) -> re.Match[str] | None:
    """Return the first words about the past, if not part of a command, a log, a name, a path or an ARN; else None."""
    if _TYPED.match(line) or (_LOGGED.match(line) and not _OF_THE_PAST.match(line)):
        return None
    return next((stated for stated in _PAST.finditer(line) if not _in_a_name(line, stated)), None)


def _in_a_name(line: str, stated: re.Match[str]) -> bool:
    before, after = line[: stated.start()], line[stated.end() :]
    return before.endswith(tuple("-/:.=_@")) or re.match(r"[-/=_@]|[.:]\w", after) is not None


def _without_quotes(lines: list[str]) -> list[str]:
    """Return the lines without those that quote a failure (``> ``), unless all do or they are commands at a prompt."""
    quotes = [_QUOTE_MARK.match(line) for line in lines]
    if all(quote or not line.strip() for quote, line in zip(quotes, lines, strict=True)):
        return lines
    if any(quote and _COMMAND.match(quote["said"]) for quote in quotes):
        return lines
    out: list[str] = []
    for is_quote, run in groupby(zip(quotes, lines, strict=True), key=lambda pair: pair[0] is not None):
        said = [line for _, line in run]
        # Lines in a row are one quote, whose sentence a mail has broken.
        out += [""] * len(said) if is_quote and _FAILS.search("\n".join(said)) else said
    return out


_TELLS = regex(r"\b(?:says?|gives?|shows?|mentions?|quotes?|lists?|describes?|suggests?)$", re.IGNORECASE)
_YOU_SEE = regex(r"\W*(?:that )?you(?:['’](?:d|ll)| would| will| should| might| may)? (?:see|get)\W*", re.IGNORECASE)
"""The rest of a line by which an author introduces what a page shows: "the docs page says you'd see"."""
_OWN_SENTENCES = regex(r"[^\n]*(?:\? |[\w)\"'”’-]{2}[.!] (?=[A-Z]))")
"""The sentences of a line before the sentence about the past."""
_QUOTES_BELOW = regex(
    r"\b(?:stack ?overflow|server ?fault|re:Post|reddit|forum)\b[^\n]*\bwhich (?:says?|shows?)\b"
    r"|^\W{0,3}old(?:er)? (?:paste|output|run|terminal|scrollback)\b[^\n]{0,30}$"
    r"|^#{1,6} [^\n]*\b(?:errors?|issues?|failures?|problems?)\W{0,3}$",
    re.IGNORECASE,
)
"""A line that introduces another text below it: a heading, or words that say where the text was found."""


def _of_the_line(line: str, stated: re.Match[str]) -> tuple[str, bool]:
    """Return the part of a line with words about the past that is about the present.

    Also return whether the lines after it are about the past.
    """
    before, after = line[: stated.start()], line[stated.end() :]
    now = _PRESENT.search(after)
    said = after[: now.start()] if now else after
    fails = _FAILS.search(said)
    own = _OWN_SENTENCES.match(before)
    kept = own[0] if own else ""
    opening = before[len(kept) :]
    around = f"{opening[-60:]} {said[: fails.start()] if fails else said}"
    if _WENT_WELL.search(around) and not _FAILS.search(before):
        return line, False  # "it worked yesterday": the failure is today's
    introduces = said.rstrip().endswith((":", "->")) or (not said.strip() and _TELLS.search(stated[0]) is not None)
    introduces = introduces or _YOU_SEE.fullmatch(said) is not None
    opens = now is None and (introduces or _QUOTES_BELOW.search(line) is not None)
    if fails is None and _FAILS.search(before) is None:
        return line, opens
    if now:
        return before + after[now.start() :] if _FAILS.search(before) is None else after[now.start() :], False
    return ("" if _FAILS.search(before) else kept), opens


_REVIEW = regex(
    r"\bno (?:incident|outage|error|failure|problem)s?\b[^\n]{0,12}\b(?:just|only|yet|so far|here|today)\b"
    r"|\b(?:just|only) (?:a review|reviewing|planning|preparing|asking ahead)\b"
    r"|\bnothing (?:is |has |was )?(?:broken|broke|failing|failed|fails|down)\b",
    re.IGNORECASE,
)


def is_a_review(text: str) -> bool:
    """Whether the author says that nothing failed."""
    return _REVIEW.search(text[:_LONGEST]) is not None


def of_an_example(caller: str | None) -> bool:
    """Return whether the caller has an account number that AWS's pages use in examples."""
    return caller is not None and _EXAMPLE_CALLER.match(caller) is not None
