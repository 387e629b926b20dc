"""Find the lines of a text that report no failure of this run, whatever words they contain.

A failure has a line that a program printed as an error. Other lines only belong to its context: changes in a plan or
commit, source code that handles an error, a query, a list of files, an answer from another page, and the author's own
words. `without_material` only proposes a shortened text; if that states no failure, the full text is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.read.layout.shell import TYPED
from iam.lazy_pattern import regex

_LONGEST = 40_000
# What only a program writes, anywhere in a line.
_PRINTED = regex(
    r"\bAn error occurred \(|\bnot authori[sz]ed to perform\b|\bwhen calling the \w+ operation"
    r"|\b(?:api|operation) error\b"
    r"|\bhttps response error\b|\bstatus ?code\b|\brequest ?id\b|\bStatus Code: \d"
    r"|\b(?:error|fail|fatal|panic|denied): "
    r"|^\W*(?:[\w.$]+\.)?[A-Z]\w*(?:Error|Exception|Fault|Denied)\b\W{0,3}(?::|\(|$)"
    r"|\bError: |(?-i:\b(?:ERROR|FATAL|CRITICAL|WARN(?:ING)?|INFO|DEBUG)\b)|level=|_FAILED\b"
    r"|\[(?:error|warn(?:ing)?|info|debug|fatal)\]"
    r"|\bHTTP[ /][\d. ]*[45]\d\d\b|\breason: ",
    re.IGNORECASE,
)
_STAMPED = regex(
    r"(?!\W{0,2}\d\d:\d\d\]? [a-z]+: )(?:\W{0,3}(?:(?:20\d\d[-/]\d\d[-/]\d\d)?[T ]?\d\d:\d\d(?::\d\d)?"
    r"|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d|\d{1,6}[smhd]\s)|\s*[\[{}│┃|╷╵<]|\s*at [\w.$]+\(|\s*\"[\w.-]+\"\s*:)"
)
# What a person writes: of themselves, as a question, or in the words of a chat.
_SPOKEN = regex(
    r"\b(?:I|I['’](?:m|ve|d|ll)|i think|[Ww]e|[Ww]e['’](?:re|ve|d|ll)|[Oo]ur|[Mm]y)\b(?![:/-])|\?(?:[\s\"'”)]|$|\?)"
    r"|\b(?i:pls|plz|please help|thx|thanks|btw|afaik|imo|weird|somehow|no idea|any ideas?|right now|verified|for sure"
    r"|(?:dev|devs|manager|boss|lead|colleague|team|security|ops|vendor|support|he|she|they|reviewer)\s+(?:says?|said"
    r"|thinks?|claims?)|told (?:me|us)|somebody|someone|everything else|nobody|nothing else)\b"
)
# What a service says of itself to its caller.
_OF_A_SERVICE = regex(
    r"\b[Ww]e (?:are|were) unable to\b[^\n]*?\b(?:specified|provided|your?)\b|\b[Ww]e encountered an? \w*(?:\s\w+)? "
    r"?error\b"
)
# What another page or person says of another failure.
_ELSEWHERE = regex(
    r"\b(?:SO|stack ?overflow|server ?fault|re:Post|reddit|github issue|gist|blog(?: post)?|chatgpt|copilot|forum"
    r"|accepted answer|upvotes)\b[^\n]{0,60}\b(?:says?|said|suggests?|answers?|claims?|recommends?|shows?|gives?)\b"
    r"|\banswer (?:with \d+|on|from|by)\b",
    re.IGNORECASE,
)
_OF_A_COMMIT = regex(
    r"^\W{0,3}(?:(?:feat|fix|chore|docs|refactor|ci|build|test|perf|revert)(?:\([\w ./-]+\))?!?: \S"
    r"|(?:PR|MR|pull request|merge request|commit|changelog|release notes?)\b|\*? ?[0-9a-f]{7,40} (?!-)[A-Za-z(])"
    r"|\b(?:PR|MR|pull request|merge request) (?:#|!)?\d+\b",
)
_COMMENT = regex(r"\s*(?://|/\*|\*/|<!--|;;|#+(?!\[|!| ?(?:sudo |aws |kubectl |docker |terraform |#\[)|\d)(?=\s))")
_IN_A_COMMENT = regex(r"\bUnauthorizedOperation\b|\bexplicit deny in an?\b|\bCloudTrail: ")
_CODE = regex(
    r"\b(?:catch|except|rescue)\b[^\n]{0,120}[({:]\s*(?:\w+\s*)?[)}{]?\s*$|\binstanceof\s+\w|\bif err != nil\b"
    r"|\berrors\.(?:As|Is)\(|\bawserr\.|^\s*(?:\}\s*)?(?:else\s+|el)?if\b[^\n]{0,200}(?:[:{]|\bthen)\s*$"
    r"|^\s*(?:raise|throw(?: new)?)\s+\w+[\w.]*\(|^\s*case\s+[\"'\w.]+\s*:"
    r"|[=!]==?\s*[\"'](?:Access|Unauth|Forbid|\w*Denied)"
    r"|\bin \(\s*[\"']AccessDenied|^\s*(?:assert\w*\b|expect\()|^\s*\.(?:catch|to\w+)\("
    r"|^\s*(?:log(?:ger|ging)?|console|fmt|print(?:ln|f)?|yield|return)\b[^\n]{0,10}[.(][^\n]*[`\"'][^\n]*\)?;?\s*$"
    r"|^\s*(?:export\s+)?(?:const|let|var|def|func|function|class|public|private|async|import)\s+[\w{*(]"
    r"|\breturn\b[^\n]{0,120}[\"'`][^\n]*;\s*$|=\s*new\s+\w+\("
    r"|^\s*[\w.\"-]+\s*=\s*[^=\n]*\s(?:#|//)\s",
)
_QUERY = regex(
    r"\$\.errorCode|\b(?:filter|fields|WHERE|SELECT|AND|OR)\b[^\n]{0,80}\berror_?[Cc]ode\b|\berror_?[Cc]ode\b[^\n]{0,6}"
    r"\b(?:like|LIKE|IN|in|rlike)\b|\|\s*(?:grep|filter|stats|jq|where)\b|filterPattern",
)
_LISTED = regex(
    r"\s*20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\s+\d+\s\S[^\n]*$|[-dl][rwxst-]{9}[.+@]?\s+\d|\s*PRE \S+/\s*$"
    r"|\s*\d+(?:\.\d+)?[KMGB]?\s+\.{0,2}/\S+$"
)
_OF_POLICIES = regex(
    r"[\"']?(?:Sid|Effect|(?:Not)?Action|(?:Not)?Resource|Condition|Statement|(?:Not)?Principal)[\"']?\s*[:=]"
)
# Commands that print source, changes and commits.
_FINDS = regex(rf"{TYPED}(?:git (?:log|grep)|grep -\w*[rR]\w*|rg|ag) ")
_SHOWS = regex(rf"{TYPED}(?:git (?:diff|show) |(?:cat|less|head|bat) \S+\.(?:json|tf|ya?ml|py|ts|js|go|rb|hcl|md)\b)")
_NOTES = regex(r"\W{0,4}(?:changelog|release notes|what['’]s new)\b", re.IGNORECASE)
_PLAN = regex(r"\s*#\s+\S+ (?:will|must) be (?:created|updated|destroyed|replaced|read)\b")
_DIFF = regex(r"(?:diff --git |@@ -\d|--- (?:a/|/dev/null)|\+\+\+ (?:b/|/dev/null)|index [0-9a-f]{7,}\.\.)")
_CHANGED = regex(
    r"\s*(?:[~+-]|[+-]/[+-]|<=)\s+(?:\w+\s+)?(?:resource |data |[\"{}\[\])(]|[\w.\"/:-]+\s*(?:=|:)\s|[\w-]+\s*\{\s*$)"
    r"|\s*(?:[│├└]─+ ?)*\[[+~-]\]\s"
)
_OF_PLAN = regex(r"$|[\s~+#}\]-]")
_OF_FOUND = regex(rf"(?!{TYPED}\S)[^\n]*\S")
_OF_SHOWN = regex(rf"(?!{TYPED}\S|[^\n]*An error occurred \(|Traceback|\W*\w*Error: )")
_OF_NOTES = regex(r"[^\n]*\S")
_OF_DIFF = regex(r"[ +@\\-]|index |diff |similarity |rename |new file |deleted file ")


_SECTIONS = ((_PLAN, _OF_PLAN), (_DIFF, _OF_DIFF), (_FINDS, _OF_FOUND), (_SHOWS, _OF_SHOWN), (_NOTES, _OF_NOTES))
"""How sections that report no failure begin, and which lines continue them."""


def without_material(text: str) -> str:
    """Return the text with the lines that report no failure of this run replaced by blank lines.

    Unchanged if there are none.
    """
    if len(text) > _LONGEST or "\n" not in text.strip():
        return text
    lines = text.split("\n")
    kept = [" " * len(line) if is_material else line for line, is_material in zip(lines, _material(lines), strict=True)]
    return "\n".join(kept) if kept != lines else text


def is_code(line: str) -> bool:
    """Return whether the line is source code."""
    return _CODE.search(line) is not None


def _material(lines: list[str]) -> Iterator[bool]:
    within: re.Pattern[str] | None = None
    commented = all(_COMMENT.match(line) for line in lines if line.strip())  # a quote, with marks of comments
    for line in lines:
        begun = next((within for begins, within in _SECTIONS if begins.match(line)), None)
        if begun is None and within is not None and not within.match(line):
            within = None
        within = begun or within
        yield not commented and (within is not None or _CHANGED.match(line) is not None or _states_none(line))


def _states_none(line: str) -> bool:
    if not line.strip() or _LISTED.match(line) or _QUERY.search(line):
        return bool(line.strip())
    if _CODE.search(line) or _ELSEWHERE.search(line):
        return True
    if _COMMENT.match(line):  # a person may quote a program's output in comments
        return line.lstrip().startswith("//") or not (_PRINTED.search(line) or _IN_A_COMMENT.search(line))
    if _PRINTED.search(line):
        return False
    if _OF_A_COMMIT.search(line) or _OF_POLICIES.search(line):
        return True
    said = _OF_A_SERVICE.sub("", line)
    return _SPOKEN.search(said) is not None and not _STAMPED.match(line) and not _AT_PROMPT.match(line)


_AT_PROMPT = regex(rf"{TYPED}\S")
_FAILS = regex(
    r"error|exception|denied|forbidden|refus|reject|unauthori|not (?:authori|allowed|permitted|able)|fail|invalid"
    r"|unable|cannot|could not|not found|fatal|panic|\b40[013]\b",
    re.IGNORECASE,
)
_REFUSES = regex(
    r"denied|forbidden|refus|unauthori|not (?:authori|allowed|permitted|have)|permission|privilege|credential|token"
    r"|\b40[13]\b|exit (?:status|code)|exited",
    re.IGNORECASE,
)
_OWN_ERROR = regex(
    r"^\W*(?:fatal |make_bucket |upload |download )?(?:[Ee]rror|failed)(?: response from daemon)?: \S"
    r"|\b[A-Z]\w+(?:Error|Exception): \S|\bAn error occurred \(\w+\) when|\bapi error \w+: "
    r"|^\W*(?:FATAL|panic)\b[: ]|: command not found|\bModuleNotFoundError\b"
    r"|: (?:[Cc]onnection (?:timed out|refused|reset)|[Nn]o route to host)\b",
    re.MULTILINE,
)


def stated_part(text: str) -> str:
    """Return the lines of the text that may report a failure if they do report one; else the full text."""
    printed = without_material(text)
    return printed if _FAILS.search(printed) else text


def is_query(line: str) -> bool:
    """Return whether the line is a query or filter that searches for events."""
    return _QUERY.search(line) is not None


def own_error(text: str) -> bool:
    """Return whether a line that a program printed reports an error other than a denial."""
    return any(_OWN_ERROR.search(line) and not _REFUSES.search(line) for line in text.split("\n"))


def is_printed(line: str) -> bool:
    """Return whether the line contains what only a program writes: an error code, a log level, a time."""
    return _PRINTED.search(line) is not None or _STAMPED.match(line) is not None


def is_reference(line: str) -> bool:
    """Return whether the line is source code, a query or a list of files, which does not report what was denied."""
    return bool(_CODE.search(line) or _QUERY.search(line) or _LISTED.match(line) or line.lstrip().startswith("//"))
