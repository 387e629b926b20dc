"""Fixes for claims of a token that a trust policy does not accept.

The claims are its subject, its audience, and how its owner signed in.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.proof import evaluated_call
from diagnostics.access_denied.fixes.trust import value_fix
from diagnostics.access_denied.token.subjects import difference, parts_of, without_ids
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import name_of
from iam.policy.decision import ConditionFailure, NearMiss
from iam.policy.match import glob_regex, has_wildcard
from iam.words import listing


def subject_fixes(case: Case, near: NearMiss, failure: ConditionFailure) -> Iterator[Fix]:
    """Yield fixes for a token whose subject the trust policy does not accept."""
    role = name_of(case.request.resource)
    if not failure.had:
        yield Fix(
            f"Find the subject of the token and compare it with what the trust policy of {role} requires",
            Who.CALLER,
            Note(
                case.request.resource,
                f"The trust policy requires {failure.key} to be {listing(failure.wanted)}. Paste the token "
                "(rolescope decodes it here and sends it nowhere), or give --context "
                f"{shlex.quote(failure.key + '=SUBJECT')}.",
            ),
        )
        return
    had = failure.had[0]
    differs = difference(failure.had, failure.wanted, failure.operator)
    plain = next((value for value in failure.wanted if not has_wildcard(value)), None)
    way_out = evaluated_call(
        case,
        f"Call from {listing(failure.wanted)}, as the trust policy requires",
        Who.CALLER,
        Note(
            case.request.resource,
            f"The token was issued for {had}. The trust policy of {role} names {listing(failure.wanted)}. If the "
            "caller runs in the wrong namespace, branch or environment, correct that and leave the trust policy as "
            "it is." + (f" {differs[0].upper()}{differs[1:]}." if differs else ""),
        ),
        {failure.key: (plain,)} if plain is not None else None,
    )
    if _same_subject(had, failure.wanted):  # the provider decides the spelling, and the caller cannot change it
        why = f": {differs}" if differs else ": the names are the same; check that the IDs are those of the repository"
        fix = value_fix(
            case, near, failure.key, had, f"Let the trust policy of {role} also name the subject {had}{why}"
        )
        yield replace(fix, cautions=tuple(_widening(had, failure.wanted)))
        return
    # The limits of the trust policy are deliberate, so the caller's own way comes first.
    yield way_out
    title = f"Let the trust policy of {role} also name the subject {had}, if tokens with this subject should be trusted"
    yield replace(value_fix(case, near, failure.key, had, title), cautions=tuple(_widening(had, failure.wanted)))


def _same_subject(had: str, wanted: tuple[str, ...]) -> bool:
    """Return whether the wanted subjects include this one in a different spelling.

    The spelling differs only in letter case, or only in whether the repository's IDs are present. Different IDs mean a
    different repository.
    """
    low = had.lower()
    named = without_ids(low)
    return any(
        low == value.lower()
        or re.fullmatch(glob_regex(value.lower()), named) is not None
        or low == without_ids(value).lower()
        for value in wanted
    )


def _widening(had: str, wanted: tuple[str, ...]) -> Iterator[str]:
    """Yield cautions about what the trust policy would also permit if it accepted this subject as well."""
    theirs, ours = [parts_of(value) for value in wanted], parts_of(had)
    if ours.get("event") == "pull_request":
        yield "Code in a pull request would have this role's permissions before anybody has reviewed the code"
    for label in ("environment", "run phase"):
        named = [parts[label] for parts in theirs if label in parts]
        if named and ours.get(label) not in named:
            yield (
                f"The trust is limited to the {label} {listing(named)}: this change would bypass the {label}'s "
                "protection rules"
            )


def audience_fixes(case: Case, near: NearMiss, failure: ConditionFailure) -> Iterator[Fix]:
    role = name_of(case.request.resource)
    if not failure.had:
        yield Fix(
            f"Find the audience that the caller uses and compare it with the trust policy of {role}",
            Who.CALLER,
            Note(
                case.request.resource,
                f"The trust policy requires {failure.key} to be {listing(failure.wanted)}. For SAML, the audience is "
                "the sign-in endpoint to which the identity provider posts "
                "(https://REGION.signin.aws.amazon.com/saml); for OIDC, the token's aud claim.",
            ),
        )
        return
    yield value_fix(
        case,
        near,
        failure.key,
        failure.had[0],
        f"Let the trust policy of {role} also accept {failure.had[0]}",
    )


def sign_in_fix(case: Case, failure: ConditionFailure) -> Fix:
    role = name_of(case.request.resource)
    other = [
        entry.name
        for entry in case.account.roles
        if entry.trust is not None and "unauthenticated" in entry.trust.text and entry.name != role
    ]
    named = f" The account has {listing(other)} for guests." if other else ""
    return Fix(
        "If the caller is a guest, use the identity pool's role for unauthenticated users",
        Who.ACCOUNT_ADMIN,
        Note(
            case.request.resource,
            f"{role} is for users who signed in: its trust policy requires {failure.key} to be "
            f"{listing(failure.wanted)}. A guest's token contains the value “unauthenticated”. Set another role for "
            f"guests in the identity pool, or sign the user in first. Keep this condition.{named}",
        ),
    )
