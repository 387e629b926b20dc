"""Find where a rejected policy in the text is not JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.json_faults import json_fault
from iam.lazy_pattern import regex

_OF_GRAMMAR = regex(r"invalid json|not valid json|syntax errors? in policy|policy grammar", re.IGNORECASE)
"""Messages of IAM and other services about a document that is not JSON. They name no element."""
_BEGINS = regex(r"\{\s*(?P<escape>\\?)\"(?:Version|Statement|Id)\\?\"\s*:")
_CLOSES_SHELL = regex(r"(?<!\\)\"")
_TOKEN = regex(r"\"(?:\\.|[^\"\\\n])*\"|[\[\]{}]")
_LEFT_OUT = regex(r"\.\.\.|…|<[^<>\n]*>|\$\{|//|#")
_ENDS = ('"', "}", "]")
"""The end of a value before a missing comma."""
_LONGEST = 8_000


def of_a_broken_document(text: str) -> Finding | None:
    """Return the first place where a policy in the text is not JSON; None if all are JSON, or are truncated.

    IAM User Guide, "IAM JSON policy elements reference": the document must be JSON
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html).
    """
    if not _OF_GRAMMAR.search(text):
        return None
    return next((found for each in _documents(text) if (found := _fault_of(each)) is not None), None)


def _documents(text: str) -> Iterator[str]:
    """Yield each text that begins like a policy, up to the end of its paragraph.

    In a shell's string, escapes are removed.
    """
    end = 0
    for found in _BEGINS.finditer(text):
        if found.start() < end:
            continue
        rest = text[found.start() : found.start() + _LONGEST]
        if found["escape"]:
            closed = _CLOSES_SHELL.search(rest)
            rest = rest[: closed.start()].replace('\\"', '"') if closed else ""
        else:
            rest = re.split(r"\n\s*\n|\n```", rest)[0]
        end = found.start() + len(rest)
        yield rest


def _fault_of(document: str) -> Finding | None:
    try:
        json.JSONDecoder().raw_decode(document)
    except json.JSONDecodeError as error:
        at = error.pos
        cut = not document[at:].strip() or error.msg.startswith("Unterminated")
        if cut or _LEFT_OUT.search(document):
            return None  # the text omits a part, or shows only the beginning
        line = _words_before(document, at)
        surplus = _surplus(document, document[at])
        if surplus > 0:
            many = f"{surplus} closing brackets {document[at]} are" if surplus > 1 else f"a closing {document[at]} is"
            return _finding(f"{many} too many after {line}", "Remove every surplus closing bracket.")
        if document[at] in '"{[' and document[:at].rstrip()[-1:] in _ENDS:
            return _finding(f"a comma is missing after {line}", "Write the comma.")
        if document[at] in "}]" and document[:at].rstrip().endswith(","):
            return _finding(f"the comma before {document[at]} is one too many, after {line}", "Remove the comma.")
        return _finding(f"{json_fault(error)}, after {line}", "Correct that place.")
    return None


def _words_before(document: str, at: int) -> str:
    """Return the last line before a position that contains more than brackets."""
    lines = (each.strip(" \t,") for each in reversed(document[:at].split("\n")))
    line = next((each for each in lines if any(map(str.isalnum, each))), "")
    return f"“{line}”" if line else "its beginning"


def _surplus(document: str, closes: str) -> int:
    """Return the number of closing brackets of this kind without an opening one; 0 if ``closes`` is no bracket."""
    opens = {"}": "{", "]": "["}.get(closes)
    tokens = _TOKEN.findall(document)
    return tokens.count(closes) - tokens.count(opens) if opens else 0


def _finding(wrong: str, note: str) -> Finding:
    said = f"the policy in the text is not JSON: {wrong}"
    change = f"{note} Check the file with rolescope lint or jq before the next call."
    fix = Fix("Correct the JSON of the policy", Who.CALLER, Note("the policy in the text", change))
    sentence = f"{said[0].upper()}{said[1:]}. Permissions are not the cause."
    return Finding("not-iam", said, sentence, fix=fix)
