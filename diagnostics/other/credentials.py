"""Credentials that AWS does not take: expired, unknown, wrongly signed, missing, or used where they do not count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.access_denied.token.missing_provider import explain_missing_provider, missing_provider_in
from diagnostics.access_denied.token.procedure import new_token
from diagnostics.diagnosis import Confidence, Evidence, Status, Step, Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Fix, ShellCommand, Who
from diagnostics.messages.reasons import stated_in
from diagnostics.stated.other import message_step
from diagnostics.stated.token import good_tokens, lifetime_step, token_step, untimely
from diagnostics.use.source import credentials_words
from iam.sources.reader import CallerIdentity, OpenedAccount

Part = Step | Verdict | Fix


@dataclass(frozen=True, slots=True)
class _Kind:
    """One way in which credentials fail: the words that tell it, what it means, and the command that helps."""

    pattern: re.Pattern[str]
    meaning: str
    title: str
    command: str


def _kind(pattern: str, meaning: str, title: str, command: str) -> _Kind:
    return _Kind(re.compile(pattern, re.IGNORECASE), meaning, title, command)


_FORGET = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
_WHO = "aws sts get-caller-identity"

_KINDS = (
    _kind(
        r"RequestTimeTooSkewed|Signature (?:expired|not yet current)|not yet current|skewed|"
        r"Request has expired|RequestExpired",
        "The clock of the machine that called is wrong by more than five minutes: signatures carry the time.",
        "Set the clock of the machine that called",
        "date -u; sudo chronyc makestep  # or: sudo systemctl restart systemd-timesyncd",
    ),
    _kind(
        r"RegionDisabled|OptInRequired|STS is not activated",
        "The region is not enabled for the account, or STS is switched off in it.",
        "Enable the region, or call another",
        "aws account list-regions --region-opt-status-contains DISABLED DISABLING\n"
        "aws account enable-region --region-name REGION",
    ),
    _kind(
        r"SSO|UnauthorizedSSOToken|Token has expired and refresh failed",
        "The sign-in of IAM Identity Center has expired.",
        "Sign in again",
        "aws sso login",
    ),
    _kind(
        r"SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|signature we calculated",
        "The secret key does not belong to the access key, was cut or changed on its way, or the clock is wrong.",
        "Enter access key and secret key again, as a pair",
        f"{_FORGET}\naws configure\n{_WHO}",
    ),
    _kind(
        r"Expired|has expired|token is expired",
        "The temporary credentials have expired: this is no question of permissions.",
        "Make new temporary credentials",
        f"{_FORGET}\naws sso login  # or assume the role again\n{_WHO}",
    ),
    _kind(
        r"InvalidIdentityToken|WebIdentity",
        "The identity token was not accepted: expired, of another issuer, or signed with a key that AWS does not know.",
        "Make a new token and look at its issuer, audience and times",
        'cut -d. -f2 "$AWS_WEB_IDENTITY_TOKEN_FILE" | base64 -d',
    ),
    _kind(
        r"profile .{1,80} could not be found|ProfileNotFound|Partial credentials|Unable to (?:locate|load|"
        r"find)|NoCredential|"
        r"MissingCredentials|MissingAuthenticationToken|Missing Authentication Token|No (?:valid )?credential|"
        r"Could not load",
        "No usable credentials were found where the program looks for them.",
        "See which credentials the program finds",
        f"aws configure list\naws configure list-profiles\n{_WHO}",
    ),
    _kind(
        r"InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|InvalidToken|InvalidSecurityToken|AuthFailure|"
        r"security token included in the request is invalid",
        "AWS does not know the access key: deleted or inactive, of another partition, or temporary and sent "
        "without its "
        "session token.",
        "See which credentials are used, and take valid ones",
        f"env | grep ^AWS_ | cut -d= -f1; aws configure list\n{_FORGET}\n{_WHO}",
    ),
)


def explain(failure: OtherFailure, opened: OpenedAccount) -> Iterator[Part]:
    yield message_step(failure)
    url = missing_provider_in(failure.text)
    if url is not None:
        yield from explain_missing_provider(url, opened)
        return
    token = next(iter(good_tokens(failure.tokens)), None)
    if token is not None:
        yield token_step(failure.tokens)
        if step := lifetime_step(token, opened.reader.clock(), refused=False):
            yield step
    kind = next((kind for kind in _KINDS if kind.pattern.search(f"{failure.code or ''} {failure.text}")), None)
    yield Step(
        "authorization",
        "Is it a question of permissions",
        Status.PASS,
        "no: AWS did not get so far as to look at policies",
    )
    meaning = kind.meaning if kind else "AWS did not take the credentials."
    meaning = stated.sentence if (stated := stated_in(failure.text)) else meaning
    late = untimely(token, opened.reader.clock()) if token is not None else ""
    meaning = f"{late}: this is no question of permissions." if late else meaning
    said = f"{failure.code}: {meaning}" if failure.code else meaning
    yield Step(
        "credentials",
        "The credentials of the call",
        Status.FAIL,
        said,
        (Evidence(text=said, layer="message"),),
    )
    reading = opened.reader.caller()
    yield _caller_step(reading.value, reading.call, reading.why)
    yield Verdict("credentials.invalid", Confidence.CERTAIN, meaning)
    if token is not None and late:
        yield new_token(token)
        return
    yield Fix(
        kind.title if kind else "See which credentials are used",
        Who.CALLER,
        ShellCommand("the caller's credentials", kind.command if kind else f"aws configure list\n{_WHO}"),
    )


def _caller_step(caller: CallerIdentity | None, call: str, why: str) -> Step:
    title = "Who is calling now"
    if caller is None:
        said = f"cannot be read from here: {why}" if why else "unknown for this source"
        return Step("caller", title, Status.UNKNOWN, said)
    parts = [caller.arn]
    if had := credentials_words(caller):
        parts.append(f"by {had}")
    if caller.key_kind:
        parts.append(caller.key_kind)
    if caller.expires:
        parts.append(f"until {caller.expires:%Y-%m-%d %H:%M}")
    said = ", ".join(parts)
    note = "this tool's own credentials work; the failed program used others, or these when they were older"
    evidence = (Evidence(text=note, arn=caller.arn, call=call),)
    return Step("caller", title, Status.PASS, said, evidence)
