"""A denial that a program's own setting decides: the call that it makes by default, or the credentials that it uses."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.arn import Arn
from iam.facts.program_settings import ProgramSetting, program_setting
from iam.lazy_pattern import regex

_OF_AN_INSTANCE = regex(r":assumed-role/[^/\s]+/i-[0-9a-fxX*]{4,17}$")
_OWN_ROLE = regex(
    r"eks\.amazonaws\.com/role-arn|\bAWS_ROLE_ARN\b|\bAWS_WEB_IDENTITY_TOKEN_FILE\b|\bIRSA\b|\bpod[ _-]?identity\b",
    re.IGNORECASE,
)
_ASSOCIATED = regex(r"\bpod[ _-]?identity\b|AWS_CONTAINER_CREDENTIALS_FULL_URI", re.IGNORECASE)
_BUCKET = regex(
    r"\b(?:S3_BUCKET|repo\d?-s3-bucket|bucket)[\"']?\s*(?:=>?|:)\s*[\"']?(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?![\w/])"
    r"|(?:\s-[BD]|--output-bucket(?:-no-assume)?)[ =](?P<option>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
    r"|s3://(?P<url>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
)


def decides_by_default(denial: Denial) -> Decision | None:
    """Return the decision that the program's own setting is the cause; None if no row of the table applies."""
    if (denial.stated_reason or "").startswith("explicit") or denial.claims_trust:
        return None
    text = denial.pasted or denial.text
    row = program_setting((denial.missing_action or denial.action or "").lower(), text)
    if row is None or (row.of_node and not _uses_the_node(denial, text)):
        return None
    names = _names(denial, text)
    decision = decide(
        "not-iam" if row.of_node else "unreadable",
        _words(row, text),
        _filled(row.summary, names),
        _filled(row.title, names),
        Who.ACCOUNT_ADMIN if row.in_policy else Who.CALLER,
        "the caller's policy" if row.in_policy else "the program's settings",
        f"{_filled(row.fix, names)} ({row.page})",
    )
    return replace(decision, nearer=True)


def _uses_the_node(denial: Denial, text: str) -> bool:
    """Whether an instance's role made the call although the text shows a role of the pod."""
    return _OF_AN_INSTANCE.search(denial.principal or "") is not None and _OWN_ROLE.search(text) is not None


def _words(row: ProgramSetting, text: str) -> str:
    found = [each.search(text) for each in (row.marks, row.signs)]
    return ", ".join(dict.fromkeys(f"“{' '.join(each[0].split())[:80]}”" for each in found if each and each[0]))


def _names(denial: Denial, text: str) -> dict[str, str]:
    arn = Arn.parse(denial.resource or "")
    found = _BUCKET.search(text)
    bucket = arn.resource.partition("/")[0] if arn is not None and arn.service == "s3" else ""
    bucket = bucket or (next(filter(None, found.groups()), "") if found is not None else "")
    kind = "pod-id" if _ASSOCIATED.search(text) else "web-id"
    numbered = re.search(r"\brepo\d?(?=-s3-key-type)", text)
    return {
        "bucket": bucket,
        "arn": f"arn:{arn.partition if arn else 'aws'}:s3:::{bucket or 'BUCKET'}",
        "key_type": f"{numbered[0] if numbered else 'repo1'}-s3-key-type={kind}",
    }


def _filled(sentence: str, names: dict[str, str]) -> str:
    return re.sub(r"\s+", " ", sentence.format(**names)).replace(" :", ":").replace(" ,", ",")
