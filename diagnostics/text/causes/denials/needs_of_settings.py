"""The cause if the text lists the refused action, but not a further action that the call's settings require."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, excerpt
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.facts.next_actions import SAME, Need, next_actions
from iam.lazy_pattern import regex
from iam.service_reference import spelled

_OF_PARTS = regex(r"\b(?:UploadPart(?:Copy)?|(?:Create|Complete)MultipartUpload)\b|\b[Mm]ulti-?part\b")
_BUCKETS = regex(r"\baws_s3_bucket\w*\b|\bAWS::S3::Bucket\b|\bs3\.Bucket\(")
_A_KEY = regex(r"\barn:[\w-]+:kms:[^\s\"',;)]+|\baws:kms\b|\bSSE-KMS\b|\bCMK\b|\bcustomer managed key\b")


def further_need(signs: Signs) -> Iterator[FirstLook]:
    """Yield a further action that the call needs and the text's list of actions lacks.

    Only if the message states neither a reason nor a caller: the list is then what shows what the caller is allowed to
    do.
    """
    denial = signs.denial
    known = next_actions(signs.action)
    if denial.stated_reason or denial.principal or known is None or not _is_listed(signs.action, denial.text):
        return
    for need in known.needs:
        if _is_listed(need.action, denial.text) or not (said := shown_setting(need, denial.text)):
            continue
        service, on = need.action.partition(":")[0], "the same resource" if need.on == SAME else f"the {need.kind}"
        key = (
            " If the key is in another account, its key policy must allow the same action." if service == "kms" else ""
        )
        yield FirstLook(
            f"Allow {need.action} on {on}: the text lists {spelled(signs.action)}, and not {need.action}, which the "
            f"call needs too where {need.when} ({need.page or known.page}).{key} If the policies allow it already, "
            "look for a Deny in the resource's own policy.",
            contains(excerpt(said)),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
        return


def _is_listed(action: str, text: str) -> bool:
    service, _, name = action.partition(":")
    return re.search(rf"(?<![\w:-]){service}:(?:{name}\b|\*)", text, re.IGNORECASE) is not None


def shown_setting(need: Need, text: str) -> str:
    """Return the words that show that the call needs the action; "" if there are none.

    They are a setting, or a multipart upload and a key. The settings of a bucket are not those of an upload.
    """
    if need.of_parts:
        parts, key = _OF_PARTS.search(text), _A_KEY.search(text)
        return parts[0] if parts and key else ""
    if need.on != SAME or need.by_default or not need.given:
        return ""
    if need.action.startswith("s3:PutObject") and _BUCKETS.search(text):
        return ""
    words = "|".join(need.given)
    setting = re.search(
        rf"--(?:{words})\b|(?<![\w-])(?:{words})[\"']?(?:\s*[:=]|[ \t]{{2,}}(?=\w))", text, re.IGNORECASE
    )
    return setting[0].rstrip() if setting else ""
