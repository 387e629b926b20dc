"""State what the pasted tokens contain, and whether each is valid now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.failure import Denial, OtherFailure
from diagnostics.text.known_messages.not_refusals.saml_sign_in import (
    ATTRIBUTES_RIGHT,
    NO_PROVIDER,
    NO_ROLES,
    NO_SESSION_NAME,
    ROLES_NAMED_OTHERWISE,
    SESSION_NAMED_OTHERWISE,
)
from iam.ages import short_age
from iam.words import listing

if TYPE_CHECKING:
    from diagnostics.text.tokens.token import Token

CLOCKS = timedelta(minutes=5)
"""The maximum difference between two clocks. AWS does not document its tolerance.

A token is reported as too early only if it becomes valid later than this.
"""


def good_tokens(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if not token.broken)


def by_assertion(failure: Denial | OtherFailure) -> Denial | OtherFailure:
    """Return the failure; a failed sign-in gets the fault that its pasted SAML response shows.

    The fault is in the name of an attribute, or in the provider.
    """
    if isinstance(failure, Denial) or failure.detail not in (NO_ROLES, NO_SESSION_NAME):
        return failure
    token = next((each for each in good_tokens(failure.tokens) if each.roles is not None), None)
    if token is None:
        return failure
    wanted, otherwise = ("role", ROLES_NAMED_OTHERWISE)
    if failure.detail == NO_SESSION_NAME:
        wanted, otherwise = ("rolesessionname", SESSION_NAMED_OTHERWISE)
    elif alone := next((pair.role for pair in token.roles or () if ":role/" in pair.role and not pair.provider), ""):
        return replace(failure, detail=NO_PROVIDER, name=alone)
    elif any(pair.role and pair.provider for pair in token.roles or ()):
        named_otherwise = next((each for each in token.unheard if each.lower().endswith("rolesessionname")), "")
        if token.session_name or named_otherwise:
            return replace(failure, detail=ATTRIBUTES_RIGHT) if token.session_name else failure
        return replace(failure, detail=NO_SESSION_NAME)
    named = next((each for each in token.unheard if each.lower().rpartition("/")[2] == wanted), "")
    return replace(failure, detail=otherwise, name=named) if named else failure


def token_step(tokens: tuple[Token, ...]) -> Step:
    """Return the step on the pasted tokens. Only the claims that policies can test are shown with their values."""
    evidence = []
    for token in tokens:
        if token.broken:
            evidence.append(Evidence(text=token.broken, layer="trust"))
        evidence += [
            Evidence(text=f"{key} = {', '.join(values)}", layer="trust", element="Condition")
            for key, values in token.context.items()
        ]
        if token.unheard:
            names = listing(token.unheard, limit=12)
            evidence.append(Evidence(text=f"no policy can test its other claims: {names}", layer="trust"))
    good = good_tokens(tokens)
    said = [f"{token.kind.value} of {token.issuer or 'an issuer that it does not name'}" for token in good]
    if broken := len(tokens) - len(good):
        said.append(f"{broken} that cannot be decoded")
    return Step(
        "token",
        "The pasted token",
        Status.PASS if good else Status.UNKNOWN,
        "; ".join(said) + " (decoded here, sent nowhere, not kept)",
        tuple(evidence),
    )


def untimely(token: Token, now: datetime) -> str:
    """Return a sentence saying that the token has expired or is not valid yet; "" if it is valid now."""
    if token.expires is not None and token.expires <= now:
        age = short_age(now - token.expires)
        return f"The {token.kind.value} is expired, since {moment(token.expires)} ({age} ago)"
    begins = max((time for time in (token.begins, token.issued) if time is not None), default=None)
    if begins is not None and begins > now + CLOCKS:
        return (
            f"The {token.kind.value} is not valid yet: it becomes valid {moment(begins)}, in {short_age(begins - now)}"
        )
    return ""


def lifetime_step(token: Token, now: datetime, *, refused: bool) -> Step | None:
    """Return the step on whether the token is valid at ``now``; None if the token states no times.

    ``refused``: STS denied the call for lack of permission, so the token was valid at the time of the call.
    """
    if token.expires is None and token.begins is None:
        return None
    title = "Is the token valid now"
    said = untimely(token, now)
    if said and refused:
        said += (
            ". The token was valid when STS refused it, because for an expired token STS returns ExpiredToken, not "
            "this error"
        )
        return Step("lifetime", title, Status.PASS, said)
    if said:
        return Step("lifetime", title, Status.FAIL, f"{said}. STS refuses such a token before it evaluates any policy")
    until = f"until {moment(token.expires)}" if token.expires else "it has no expiry time"
    return Step("lifetime", title, Status.PASS, f"yes, {until}")


def moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
