"""Compare the parts of a web identity token's subject in a text with the parts that a trust policy accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.similarity import slip
from diagnostics.text.read.identities.token_conditions import token_conditions
from diagnostics.text.read.identities.token_parts import token_parts
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_SUBJECT = regex(
    r"system:serviceaccount:(?P<namespace>[\w.*?-]+):(?P<account>[\w.*?-]+)"
    r"|repo:(?P<repository>[\w.*?-]+/[\w.*?-]+)(?::(?:ref:refs/heads/(?P<branch>[\w./*?-]+)|ref:refs/tags/(?P<tag>[\w./*?-]+)"
    r"|environment:(?P<environment>[\w.*?/-]+)|(?P<rest>\*)))?"
    r"|project_path:(?P<project>[\w./*?-]+):ref_type:(?P<ref_type>[\w*]+):ref:(?P<ref>[\w./*?-]+)"
)
_LOOSE = regex(
    r":sub[\"'`]?\s*(?:[:=]{1,2}|is\b)?\s*\[?\s*[\"'`]?(?P<sub>(?:system:serviceaccount|repo|project_path):[^\s\"',}\]]+)"
)
_OF_PODS = ("namespace", "account")
_NOUNS = {"account": "service account", "ref": "branch", "ref_type": "kind of ref"}
_TOKEN = regex(
    r"\bsub(?:ject)?\b[^\n:={}]{0,30}(?:[:=][ \t]*|[ \t]+)[\"'`]?"
    r"(?P<sub>(?:repo|project_path|system):[^\s\"'`,;}]{3,300})"
)


def of_subjects(paste: Paste) -> Iterator[NearPair]:
    """Yield a part of the pod's or job's subject that the trust policy spells differently."""
    text = paste.text
    if "sub" not in text:
        return
    conditions = token_conditions(text)
    spans = [(each.start, each.end) for each in conditions if each.claim == "sub"]
    wanted = [value for each in conditions if each.claim == "sub" for value in each.values]
    for found in _LOOSE.finditer(text):
        spans.append(found.span())
        wanted.append(found["sub"].rstrip(".…"))
    accepted = [match.groupdict() for value in wanted if (match := _SUBJECT.match(value)) is not None]
    if not accepted:
        return
    shown = _shown(_outside(text, spans))
    if not shown or any(_fits(shown, each) for each in accepted):
        return
    for each in accepted:
        apart = [part for part, had in shown.items() if (want := each.get(part)) and not _matches(had, want)]
        same = any(part in _OF_PODS and part not in apart and each.get(part) for part in shown)
        differences = {
            part: slip(shown[part], each[part] or "", parts=part in _OF_PODS)
            or (f"{_NOUNS.get(part, part)}s differ" if same and part in _OF_PODS else "")
            for part in apart
        }
        if apart and all(differences.values()):
            part = apart[0]
            kind, place = _NOUNS.get(part, part), "the pod" if part in _OF_PODS else "the job"
            subject = next(value for value in wanted if (m := _SUBJECT.match(value)) and m.groupdict() == each)
            yield NearPair(
                kind,
                shown[part],
                place,
                subject,
                "the trust policy",
                differences[part],
                Basis.RULE,
                "trust.condition-unmet",
            )


def _shown(text: str) -> dict[str, str]:
    """The parts of the subject that the text shows outside the policy, each with a single value."""
    values: dict[str, dict[str, None]] = {}
    for found in _TOKEN.finditer(text):
        if match := _SUBJECT.match(found["sub"]):
            for part, value in match.groupdict().items():
                if value:
                    values.setdefault(part, {})[value.rstrip(".")] = None
    shown = {part: tuple(had) for part, had in values.items()} or token_parts(text)
    return {part: had[0] for part, had in shown.items() if len(had) == 1}


def _fits(shown: Mapping[str, str], accepted: Mapping[str, str | None]) -> bool:
    return all(_matches(had, want) for part, had in shown.items() if (want := accepted.get(part)))


def _matches(had: str, want: str) -> bool:
    return compile_glob(want)(had)


def _outside(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
