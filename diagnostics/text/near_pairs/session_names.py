"""Find the caller's session name, spelled differently, in the resource that a session policy does not cover."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.similarity import id_slip, slip
from iam.arn import Arn
from iam.lazy_pattern import regex

_SESSION = regex(r":assumed-role/[^/]+/(?P<session>[\w+=,.@-]+)$")


def of_session_names(paste: Paste) -> Iterator[NearPair]:
    """Yield the part of the denied resource's name that is nearly the session's name, if a session policy denies it.

    A program that assumes a role for each tenant names the session after the tenant and limits it to the tenant's
    resources: IAM User Guide, "Session policies"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session).
    """
    denial = paste.denial
    if denial is None or (denial.stated_reason or "").partition(":")[2] != "session":
        return
    named, arn = _SESSION.search(denial.principal or ""), Arn.parse(denial.resource or "")
    parts = [each for each in re.split(r"[/:]", arn.resource) if each] if arn is not None else []
    if named is None or named["session"] in parts:
        return
    session = named["session"]
    for part in parts:
        if difference := id_slip(part, session) or slip(part, session):
            place, code = "the caller's session", "session.no-action"
            yield NearPair("name", part, "the call", session, place, difference, Basis.SESSION, code)
