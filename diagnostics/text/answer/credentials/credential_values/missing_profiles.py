"""Read which variable names the profile that a program does not find."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_NOT_FOUND = regex(
    r"config profile \(?[\"']?(?P<boto>[^()\"'\n]{1,80}?)[\"']?\)? could not be found"
    r"|failed to get shared config profile,? [\"']?(?P<go>[\w.@/+-]{1,80})"
)


def of_missing_profiles(text: str) -> dict[str, str]:
    """Return the variable that names the missing profile, as ``profile_variable``, with the profile's name.

    AWS SDKs and Tools Reference Guide, "Using shared config and credentials files": AWS_PROFILE names the profile that
    a program uses if it names none (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
    """
    message = _NOT_FOUND.search(text)
    if message is None:
        return {}
    name = message["boto"] or message["go"]
    set_to = rf"[\"']?\]?\s*[=:]\s*[\"']?{re.escape(name)}(?![\w.@/+-])"
    printed = rf"\}}?\"?[ \t]*\n[ \t]*{re.escape(name)}[ \t]*$"
    found = re.search(rf"\b(?P<variable>AWS_(?:DEFAULT_)?PROFILE)(?:{set_to}|{printed})", text, re.MULTILINE)
    return {"profile_variable": found["variable"], "missing_profile": name} if found is not None else {}
