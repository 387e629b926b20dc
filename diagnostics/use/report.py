"""The ways to assume a role as JSON (``use --json``) and as text. The answer comes first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from diagnostics.use.across import WaysAcross
from diagnostics.use.sessions import SeenSession, in_short, runs_as_it
from diagnostics.use.way import Hop, Method, RoleWays, Way
from iam.account import Role
from iam.arn import account_of
from iam.changes.in_use import RoleUse
from iam.claims import only
from iam.credentials.profiles import Profile
from iam.own_command import own_command
from iam.sources.reader.reading import Reading
from iam.words import joined, listing

MARKS = {True: "✓", False: "✗", None: "?"}
_LIMITS = {"scp": "an SCP", "rcp": "an RCP", "vpce": "a VPC endpoint policy"}
"""The layers that grant nothing. By default, such a layer allows everything that it does not deny."""
_LAYERS = {
    "identity": "your own policies",
    "boundary": "your boundary",
    "session": "your session policy",
    "trust": "its trust policy",
}


def as_json(found: RoleWays) -> dict[str, Any]:
    return {
        "role": found.role,
        "ways": [_way(way) for way in found.ways],
        "caller": found.caller,
        "chain": [{"principal": hop.principal, "role": hop.role, **_way(hop.way)} for hop in found.chain],
        "unread": list(found.unread),
    }


def across_json(across: WaysAcross) -> dict[str, Any]:
    """Return the JSON document of ``use --from``. Each hop has the account of the role that it assumes."""
    found, refused = across.found, across.refused
    return {
        **as_json(found),
        "account": account_of(found.role),
        "chain": [_hop(hop) for hop in found.chain],
        "refused_hop": _hop(refused) if refused is not None else None,
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {**_way(hop.way), "principal": hop.principal, "role": hop.role, "account": account_of(hop.role)}


def across_text(across: WaysAcross) -> Iterator[str]:
    """Yield the lines of text about `WaysAcross`; the first is the answer."""
    found, refused = across.found, across.refused
    if found.best is not None:
        yield f"{found.caller} can assume {found.role}{'' if found.best.works else ', under conditions'}."
    elif found.chain:
        unsure = any(hop.way.works is None for hop in found.chain)
        yield f"{found.caller} can{' perhaps' if unsure else ''} reach {found.role} in {len(found.chain)} hops."
    else:
        yield f"{found.caller} cannot assume {found.role}, neither directly nor through another role that was read."
    for number, hop in enumerate(found.chain, start=1):
        yield f"  {number} {MARKS[hop.way.works]} {hop.role} (account {account_of(hop.role)}) from {hop.principal}"
        yield from (f"      needs {hop.way.need_words(need)}" for need in hop.way.needs if need.what != "sessionName")
        yield f"      {hop.way.command}"
    if refused is not None:
        yield f"  {MARKS[False]} {refused.role} (account {account_of(refused.role)}): {refused.way.why}"
    for way in found.ways:
        yield from ("", *way_lines(way))
    if found.unread:
        yield from ("", "NOT READ, ALTHOUGH IT ALSO APPLIES", *(f"  {sentence}" for sentence in found.unread))


def _way(way: Way) -> dict[str, Any]:
    document: dict[str, Any] = {
        "method": way.method.value,
        "principal": way.principal,
        "statement": way.statement,
        "sid": way.sid,
        "works": way.works,
        "why": way.why,
        "for_me": way.for_me,
        "needs": [{"what": need.what, "value": need.value, "secret": need.secret} for need in way.needs],
        "hangs_on": list(way.hangs_on),
        "command": way.command,
        "profile": way.profile,
        "steps": list(way.steps),
        "seconds": way.seconds,
    }
    if way.refusal is not None:
        refusal = way.refusal
        document["layer"] = refusal.layer
        document["refused_by"] = {"policy": refusal.policy, "statement": refusal.statement, "sid": refusal.sid}
    return document


def sessions_json(
    role: Role,
    sessions: Reading[tuple[SeenSession, ...]],
    use: RoleUse | None,
    profiles: Reading[tuple[Profile, ...]],
    now: datetime,
) -> dict[str, Any]:
    """Return what uses a role: its sessions, resources that run as it, and profiles in the AWS configuration."""
    seen = [
        {
            "began": one.began.isoformat(),
            "ends": one.ends.isoformat() if one.ends is not None else None,
            "may_last": one.may_last(now),
            "who": one.who,
            "method": one.method,
            "source": one.source,
            "session_name": one.name,
            "mfa": one.mfa,
        }
        for one in sessions.value or ()
    ]
    unread = [why for why in (sessions.why, sessions.note, profiles.why) if why]
    if use is None:
        unread.append("The resources that run as this role could not be read.")
    return {
        "role": role.arn,
        "sessions": seen if sessions.value is not None else None,
        "runs_as_it": list(use.users) if use is not None else None,
        "profiles": [{"name": each.name, "method": each.method.value} for each in profiles.value]
        if profiles.value is not None
        else None,
        "unread": [*unread, *(use.not_looked_at if use is not None else ())],
    }


def sessions_text(
    role: Role,
    sessions: Reading[tuple[SeenSession, ...]],
    use: RoleUse | None,
    profiles: Reading[tuple[Profile, ...]],
    now: datetime,
) -> Iterator[str]:
    """Yield the lines of text about what uses a role; the first is the answer."""
    yield in_short(role, sessions, now)
    yield from runs_as_it(use, profiles)
    if sessions.note:
        yield f"Not read: {sessions.note}"
    for one in sessions.value or ():
        mark = MARKS[True] if one.may_last(now) else " "
        mfa = " with MFA" if one.mfa else ""
        yield f"{mark} {one.began:%Y-%m-%d %H:%M}  {one.who}  by {one.method}{mfa}  from {one.source}  as {one.name}"


def headline(found: RoleWays) -> str:
    """Return the answer in one sentence, without the command."""
    best = found.best
    if best is not None:
        return best_words(best)
    if found.chain:
        over = joined(hop.role.rpartition("/")[2] for hop in found.chain[:-1])
        unsure = any(hop.way.works is None for hop in found.chain)
        return (
            f"You cannot assume the role directly, but you {'may ' if unsure else 'can '}reach it through {over}, "
            "with this:"
        )
    by_token = [
        way for way in found.ways if way.method in (Method.WEB_IDENTITY, Method.SAML) and way.works is not False
    ]
    if by_token:
        return f"Your AWS credentials cannot be used for this. {by_token[0].why}"
    mine = [way for way in found.ways if way.for_me and way.method is Method.ASSUME_ROLE]
    if mine:
        return f"You cannot: {_lower(mine[0].why)}"
    if found.caller is None and any(way.method is Method.ASSUME_ROLE for way in found.ways):
        return "The caller is unknown, so it is unknown whether you can assume the role."
    services = [way for way in found.ways if way.method is Method.SERVICE]
    if services and len(services) == len(found.ways):
        able = list(dict.fromkeys(way.principal for way in services if way.works is not False))
        return (
            f"You cannot assume the role: {only(listing(able), complete=not found.unread)} can assume it."
            if able
            else (f"Nobody can: {_lower(services[0].why)}")
        )
    return (
        f"You cannot: {_lower(found.ways[0].why)}"
        if found.ways
        else "You cannot assume the role, because its trust policy allows nobody."
    )


def best_words(way: Way) -> str:
    if way.works:
        return "You can, with this:"
    limits = [_LIMITS[what] for what in way.hangs_on if what in _LIMITS]
    unless = f", unless {joined(limits, 'or')} that could not be read denies it" if limits else ""
    unread = [_LAYERS[what] for what in way.hangs_on if what in _LAYERS]
    keys = [what for what in way.hangs_on if what not in _LIMITS and what not in _LAYERS]
    if unread and not keys:
        return f"You may ({joined(unread)} could not be read){unless}, with this:"
    if keys == ["mfa"] and not unread:
        return f"You can, with this and an MFA code{unless}:"
    if keys:
        return f"You can assume it with the following, if the conditions are met ({joined((*keys, *unread))}){unless}:"
    return f"You can{unless}, with this:"


def _lower(text: str) -> str:
    """Return a sentence with its first letter in lower case, to follow a colon. An acronym is left as it is."""
    return text if text[1:2].isupper() or not text else f"{text[0].lower()}{text[1:]}"


def denial_text(found: RoleWays, way: Way) -> str:
    """Return the error that AWS would return for a denied way, as AWS's tools print it.

    "" if the way is not denied, if it is unknown who would make the call, or if the way uses a token or SAML assertion.
    """
    who = found.caller if way.method in (Method.ASSUME_ROLE, Method.CONSOLE) else way.principal
    if way.works is not False or way.refusal is None or who is None or way.method in (Method.WEB_IDENTITY, Method.SAML):
        return ""
    return f"User: {who} is not authorized to perform: {way.refusal.action} on resource: {found.role}"


def duration_words(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes = rest // 60
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)) or f"{seconds} s"


def hop_words(hop: Hop) -> str:
    """Return the role's name, and the keys that its hop depends on. Layers that could not be read are left out."""
    keys = [what for what in hop.way.hangs_on if what not in _LIMITS and what not in _LAYERS]
    name = hop.role.rpartition("/")[2]
    if keys == ["mfa"]:
        return f"{name} with an MFA code"
    have = "has the required value" if len(keys) == 1 else "have the required values"
    return f"{name} if {joined(keys)} {have}" if keys else name


def chain_command(hops: tuple[Hop, ...]) -> str:
    """Return the command that uses the chain, with the values for the last hop; the other hops need no values."""
    *before, last = (hop.role.rpartition("/")[2] for hop in hops)
    parts = ["use", last, *(part for name in before for part in ("--via", name))]
    asked = hops[-1].way.request
    if asked is not None:
        parts += ["--external-id", asked.external_id] if asked.external_id else []
        parts += ["--source-identity", asked.source_identity] if asked.source_identity else []
        parts += [part for key, value in asked.tags for part in ("--tag", f"{key}={value}")]
    return own_command(*parts)


def as_text(found: RoleWays) -> Iterator[str]:
    """Yield the lines of text about the ways; the first is the answer."""
    yield headline(found)
    best = found.best
    if best is not None:
        yield f"  {best.command}"
        if not best.works:
            yield f"  {best.why}"
    elif found.chain:
        yield f"  {chain_command(found.chain)} --exec -- COMMAND"
        for number, hop in enumerate(found.chain, start=1):
            yield f"  {number} {MARKS[hop.way.works]} {hop.way.command}"
    elif found.spoken_of is not None and (text := denial_text(found, found.spoken_of)):
        yield f"  what would allow it: {own_command('diagnose', text)}"
    yield ""
    yield f"{found.role}"
    yield f"as {found.caller or 'an unknown caller'}"
    for way in found.ways:
        yield ""
        yield from way_lines(way)
    if found.unread:
        yield ""
        yield "NOT READ, ALTHOUGH IT ALSO APPLIES"
        yield from (f"  {sentence}" for sentence in found.unread)
        if found.may_be_limited:
            yield "  (--my-session-policy asks CloudTrail how your session was created)"


def way_lines(way: Way) -> Iterator[str]:
    sid = f" ({way.sid})" if way.sid else ""
    place = f"  trust statement {way.statement + 1}{sid}" if way.statement is not None else ""
    mark = "–" if way.for_others else MARKS[way.works]
    yield f"{mark} {way.method}  {way.principal}{place}  up to {duration_words(way.seconds)}"
    yield f"    {way.why}"
    for need in way.needs:
        if need.what != "sessionName":
            yield f"    needs {way.need_words(need)}"
    if way.refusal is not None and way.refusal.policy and way.works is False:
        yield f"    refused by {way.refusal.layer}: {way.refusal.policy}"
    if way.command:
        yield f"    {way.command}"
    elif len(way.steps) == 2:
        yield f"    {way.steps[0]}"
        yield from (f"    {line}" for line in way.steps[1].splitlines())
