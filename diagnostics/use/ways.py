"""All ways to assume a role, from its trust policy: one for each principal of each Allow statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from diagnostics.sentences import principal_phrase
from diagnostics.use.judge import Judgement, TrustedBy, judge
from diagnostics.use.side import CallingSide
from diagnostics.use.source import DEFAULT
from diagnostics.use.way import Method, Refusal, RoleWays, SessionValues, Way
from diagnostics.use.words import (
    assume_command,
    needs,
    profile_lines,
    saml_command,
    token_command,
    token_profile_lines,
    wants_mfa,
)
from iam.account import Account, Role
from iam.context import with_context
from iam.creation.after.next_steps import steps_for
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.credentials.assume_request import AssumeRequest
from iam.credentials.console import sign_in_host
from iam.facts.service_roles.lookup import presented_for, sends_account, trust_needs
from iam.policy.condition_keys import presence, without
from iam.policy.document import Document, PolicyError
from iam.policy.match import names_action
from iam.policy.principal import TRUST_ACTIONS, Kind, Named, PrincipalElement, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import Statement
from iam.policy.unknown_keys import Possibility, possible
from iam.policy.words import holding
from iam.words import joined

MOST_CONSOLE_CHARACTERS = 64
"""The maximum length of path and name in the console's Switch Role (IAM User Guide, "IAM and AWS STS quotas")."""

MAY_BE_LIMITED = "A session policy of your own session, if it has one."


def role_ways(role: Role, side: CallingSide | None, account: Account, entered: SessionValues | None = None) -> RoleWays:
    """Return all ways to assume the role, evaluated for the calling identity ``side`` (None if there is no caller).

    ``entered`` are the values that the operator gave for the call.
    """
    entered = entered or SessionValues()
    if side is not None and entered.reason:
        return _with_reason(role, side, account, entered)
    ways = tuple(_Ways(role, side, account, entered).all())
    return RoleWays(role.arn, None, ways) if side is None else _of_side(RoleWays(role.arn, side.who.text, ways), side)


def _of_side(found: RoleWays, side: CallingSide) -> RoleWays:
    """Add sentences about the caller's data that could not be read and could change the result."""
    limited = (MAY_BE_LIMITED,) if side.may_be_limited else ()
    unread = (*dict.fromkeys(reading.why for reading in side.readings), *limited)
    return replace(found, unread=unread, may_be_limited=side.may_be_limited)


def _with_reason(role: Role, side: CallingSide, account: Account, entered: SessionValues) -> RoleWays:
    """Return the ways with the reason as session name or, if the trust policy forbids that, as source identity."""
    text, plain = reason_text(entered.reason), replace(entered, reason="")
    carried = []
    if not entered.session_name:
        carried.append((replace(plain, session_name=text), "The reason is the session name."))
    if not entered.source_identity:
        carried.append((replace(plain, source_identity=text), "The reason is the source identity."))
    for with_it, said in carried:
        found = role_ways(role, side, account, with_it)
        if found.best is not None:
            return replace(found, reason=said)
    said = "The reason is not passed, because neither the session name nor a source identity may contain it."
    return replace(role_ways(role, side, account, plain), reason=said)


def reason_text(reason: str) -> str:
    """Return the reason in a form that STS accepts as a session name or source identity.

    STS allows 2 to 64 letters, digits and ``+=,.@_-``.
    """
    text = re.sub(r"[^\w+=,.@-]+", "-", reason, flags=re.ASCII).strip("-")[:64]
    return text if len(text) > 1 else f"reason-{text}"


def foreign_role_ways(role_arn: str, side: CallingSide, entered: SessionValues | None = None) -> RoleWays:
    """Return the way to a role in another account, evaluated only with the caller's policies.

    The trust policy is not read.
    """
    why = "Your policies allow the call; the trust policy belongs to the other account."
    way = _our_half(role_arn, side, entered or SessionValues(), why, side.most_seconds(None))
    return _of_side(RoleWays(role_arn, side.who.text, (way,)), side)


def _our_half(role_arn: str, side: CallingSide, entered: SessionValues, why: str, seconds: int) -> Way:
    """Return the way to a role whose trust policy could not be read.

    ``why`` is the explanation if the caller's policies allow it.
    """
    found = judge(side, role_arn, None, entered)
    mfa = bool(found.request.mfa_code)
    return Way(
        Method.ASSUME_ROLE,
        side.who.text,
        None,
        None,
        found.works,
        found.why if found.works is False else why,
        seconds,
        for_me=True,
        refusal=found.refusal,
        hangs_on=found.keys + found.layers,
        needs=needs(None, found.request, mfa),
        command=assume_command(role_arn, found.request, mfa=mfa, region=side.region),
        profile=profile_lines(role_arn, found.request, mfa=mfa, source=side.source, region=side.region),
        request=found.request,
    )


def _naming(side: CallingSide) -> TrustedBy:
    """Return a trust policy that allows the caller by name."""
    statement = {"Effect": "Allow", "Principal": {"AWS": side.who.text}, "Action": "*"}
    document = Document.from_value({"Version": "2012-10-17", "Statement": [statement]})
    policy = NamedPolicy(document, "trust policy")
    return TrustedBy(policy, policy, (0,))


@dataclass(frozen=True, slots=True)
class _Ways:
    role: Role
    side: CallingSide | None
    account: Account
    entered: SessionValues

    def all(self) -> Iterator[Way]:
        if self.role.trust is None:
            yield self._unread("The role's trust policy could not be read.")
            return
        try:
            statements = self.role.trust.statements
        except PolicyError as error:
            yield self._unread(f"The role's trust policy cannot be evaluated: {error}")
            return
        found = [way for statement in statements if statement.effect == "Allow" for way in self._of(statement)]
        yield from found
        mine = [way for way in found if way.method is Method.ASSUME_ROLE and way.for_me]
        host = sign_in_host(self.account.partition)
        if mine and host is not None:
            yield self._console(host, min(mine, key=lambda way: (way.works is False, way.works is None)))

    def _unread(self, why: str) -> Way:
        seconds, side = self._seconds(None), self.side
        if side is None:
            return Way(Method.ASSUME_ROLE, "?", None, None, None, why, seconds, hangs_on=("trust",))
        way = _our_half(self.role.arn, side, self.entered, why, seconds)
        ours = side.who.account == self.account.id
        if way.works is False and ours and judge(side, self.role.arn, _naming(side), self.entered).works is not False:
            # "Evaluating identity-based policies with resource-based policies" (IAM User Guide): within one account, if
            # a trust policy names the caller, no other policy has to allow the call.
            why = f"{why} The trust policy must name you: {way.why[:1].lower()}{way.why[1:]}"
            return replace(way, works=None, why=why, refusal=None, hangs_on=("trust",))
        return way

    def _of(self, statement: Statement) -> Iterator[Way]:
        if statement.principal is None:
            pairs: tuple[tuple[str, str], ...] = (("AWS", "everyone except some"),)
        else:
            pairs = statement.principal
        for kind, value in pairs:
            method = _method(kind, value)
            if method is None or not _opens(statement, method.action):
                if statement.action is not None and not _opens_any(statement):
                    continue  # TagSession and similar actions in addition to another statement
                action = (method or Method.ASSUME_ROLE).action
                why = f"The statement allows {principal_phrase(kind, value)}, but without {action}, which they need."
                yield self._closed(method or Method.ASSUME_ROLE, statement, value, why)
            elif method is Method.ASSUME_ROLE:
                yield self._assume(statement, kind, value)
            elif method is Method.SERVICE:
                yield self._service(statement, value)
            else:
                yield self._federated(method, statement, value)

    def _closed(self, method: Method, statement: Statement, value: str, why: str, action: str = "") -> Way:
        place = Refusal("trust", f"trust policy of {self.role.name}", statement.index, statement.sid)
        place = replace(place, action=action or method.action)
        return replace(self._way(method, statement, value), works=False, why=why, refusal=place)

    def _way(self, method: Method, statement: Statement, value: str) -> Way:
        asked = needs(statement, None)
        return Way(method, value, statement.index, statement.sid, None, "", self._seconds(method), needs=asked)

    def _seconds(self, method: Method | None) -> int:
        if method in (None, Method.ASSUME_ROLE) and self.side is not None:
            return self.side.most_seconds(self.role)
        return self.role.max_session_seconds or 3600

    # By AssumeRole.

    def _assume(self, statement: Statement, kind: str, value: str) -> Way:
        side = self.side
        trust = self._trusted_by(statement, kind, value)
        way = self._way(Method.ASSUME_ROLE, statement, value)
        example = AssumeRequest(side.session_name if side is not None else "rolescope", seconds=self.entered.seconds)
        for need in way.needs:
            if need.what == "sts:ExternalId" and need.value:
                example = replace(example, external_id=need.value)
        if side is None:
            return self._with_lines(replace(way, why="The caller is unknown."), statement, example)
        if not self._names(side, kind, value, statement):
            why = f"The trust policy allows {principal_phrase(kind, value)}, but you are {side.who.text}."
            if value[:4] in ("AROA", "AIDA"):
                why = f"The statement names a deleted principal ({value}), so nobody can use it."
            closed = self._closed(Method.ASSUME_ROLE, statement, value, why)
            return self._with_lines(closed, statement, example)
        found = self._timed(judge(side, self.role.arn, trust, self.entered), side)
        way = replace(
            way,
            works=found.works,
            why=found.why,
            refusal=found.refusal,
            hangs_on=found.keys + found.layers,
            for_me=True,
            request=found.request,
        )
        return self._with_lines(way, statement, found.request)

    def _with_lines(self, way: Way, statement: Statement, asked: AssumeRequest) -> Way:
        """Return the way with its command and profile.

        If the way is for a principal other than the current caller, the command and the profile are examples.
        """
        side = self.side if way.for_me else None
        mfa = wants_mfa(statement, way.hangs_on, asked, side)
        region = side.region if side is not None else ""
        source = side.source if side is not None else DEFAULT
        return replace(
            way,
            needs=needs(statement, way.request or asked, mfa),
            command=assume_command(self.role.arn, asked, mfa=mfa, region=region),
            profile=profile_lines(self.role.arn, asked, mfa=mfa, source=source, region=region),
        )

    def _names(self, side: CallingSide, kind: str, value: str, statement: Statement) -> bool:
        if statement.principal is None:
            return True  # NotPrincipal: the engine determines whom it excludes
        given = side.request("sts:AssumeRole", self.role.arn, {}).context
        context = {key.lower(): values for key, values in given.items()}
        if isinstance(side.entity, Role) and side.entity.id:
            context.setdefault("aws:principalid", (side.entity.id,))
        element = PrincipalElement(((kind, value),), negated=False)
        return element.names(side.who, lambda key: context.get(key.lower())) is not Named.NOT

    def _timed(self, found: Judgement, side: CallingSide) -> Judgement:
        """Return the result, denied if the session duration is too long: STS checks that before permissions."""
        seconds, most = self.entered.seconds, side.most_seconds(self.role)
        if seconds is None or seconds <= most or found.works is False:
            return found
        if self.role.max_session_seconds is None and side.who.kind is Kind.USER:
            return replace(found, works=None, why="The maximum session duration was not read.", keys=("duration",))
        because = "role chaining allows no longer sessions" if side.who.kind is Kind.SESSION else "the role allows"
        why = f"{seconds} seconds are more than the {most} seconds that {because}."
        if side.who.kind is Kind.SESSION:
            why = f"{seconds} seconds are too long: {because} than {most} seconds."
        return replace(found, works=False, why=why)

    def _trusted_by(self, statement: Statement, kind: str, value: str) -> TrustedBy:
        trust = self.role.trust
        assert trust is not None
        whole = NamedPolicy(trust, f"trust policy of {self.role.name}", self.role.arn)
        listed: Any = trust.value["Statement"]
        listed = listed if isinstance(listed, list) else [listed]
        one = dict(listed[statement.index])
        if statement.principal is not None:
            one["Principal"] = value if kind == "*" else {kind: value}
        places = [statement.index]
        kept = [one]
        for index, other in enumerate(listed):
            if other.get("Effect") == "Deny":
                kept.append(other)
                places.append(index)
        document = Document.from_value({**trust.value, "Statement": kept})
        return TrustedBy(replace(whole, document=document), whole, tuple(places))

    def _console(self, host: str, way: Way) -> Way:
        """Return the Switch Role way, which passes nothing but the role.

        IAM User Guide, "Switch from a user to an IAM role".
        """
        where = f"{self.role.path}{self.role.name}".lstrip("/")
        link = f"https://{host}/switchrole?{urlencode({'account': self.account.id, 'roleName': where})}"
        passed = [each.what for each in way.needs if each.what not in ("mfa", "sessionName")]
        passed = [what for what in passed if what in ("sts:ExternalId", "sourceIdentity") or what.startswith("tag:")]
        works, why, hangs_on = way.works, "In the console, as an allowed principal: Switch Role.", way.hangs_on
        if len(where) > MOST_CONSOLE_CHARACTERS:
            works, why, hangs_on = False, "Path and name are longer than the console's 64 characters.", ()
        elif passed and works is not False:
            works, why, hangs_on = False, f"The console cannot pass {joined(passed)}: use the link of --console.", ()
        elif works is False:
            why = way.why
        elif "mfa" in way.hangs_on:
            why = "This works if you signed in to the console with MFA."
        refusal = way.refusal if way.works is False else None
        return replace(
            way,
            method=Method.CONSOLE,
            works=works,
            why=why,
            refusal=refusal,
            hangs_on=hangs_on,
            command=link,
            profile="",
            steps=(),
            request=None,
        )

    # By a token, and by services.

    def _federated(self, method: Method, statement: Statement, provider: str) -> Way:
        way = self._way(method, statement, provider)
        steps = self._steps(statement, "Federated", provider)
        command = saml_command(self.role.arn, provider)
        profile = ""
        if method is Method.WEB_IDENTITY:
            command, profile = token_command(self.role.arn), token_profile_lines(self.role.arn)
        way = replace(way, command=command, profile=profile, steps=steps)
        if missing := self._provider_fault(method, provider):
            return replace(self._closed(method, statement, provider, missing), command=command, steps=steps)
        found = self._possible(provider, method.action, statement, "Federated")
        what = "a SAML response" if method is Method.SAML else "a token"
        if not found.allowed:
            why = f"With these values, {what} of this provider is denied: {found.decision.rule}"
            closed = self._closed(method, statement, provider, why)
            return replace(closed, command=command, profile=profile, steps=steps)
        own = f"{_provider_name(provider)}:"
        claims = dict.fromkeys(
            holding(b.operator, b.key.removeprefix(own), b.values) for one in found.statements for b in one.conditions
        )
        keys = dict.fromkeys(b.key for one in (*found.statements, *found.unless) for b in one.conditions)
        if keys:
            why = f"The trust policy accepts {what} from {_provider_name(provider)} whose {joined(claims)}."
            if not claims:
                why = (
                    f"The trust policy accepts {what} from {_provider_name(provider)} that none of its Deny "
                    "statements matches."
                )
            return replace(way, works=None, why=why, hangs_on=tuple(keys))
        entered = any(key.lower().startswith(f"{_provider_name(provider)}:".lower()) for key in self.entered.context)
        if entered or (method is Method.SAML and any(key.lower().startswith("saml:") for key in self.entered.context)):
            return replace(way, works=True, why=f"Its trust policy accepts {what} with these claims.")
        why = (
            f"The trust policy accepts any {what.removeprefix('a ')} from {_provider_name(provider)}, but you need one."
        )
        return replace(way, works=None, why=why, hangs_on=("token",))

    def _provider_fault(self, method: Method, provider: str) -> str:
        """Return why no token from the provider is accepted: it does not exist, has expired, or lacks the audience.

        Return "" if there is no such reason.
        """
        if not provider.startswith("arn:"):
            return ""
        if method is Method.SAML:
            known = self.account.saml_providers
            one = next((each for each in known or () if each.arn == provider), None)
            if known is not None and one is None:
                return f"The identity provider {_provider_name(provider)} does not exist in this account."
            if one is not None and one.valid_until is not None and one.valid_until < self.account.now:
                return f"The metadata of {_provider_name(provider)} expired on {one.valid_until:%Y-%m-%d}."
            return ""
        listed = self.account.oidc_providers
        issuer = next((each for each in listed or () if each.arn == provider), None)
        if listed is not None and issuer is None:
            return f"The identity provider {_provider_name(provider)} does not exist in this account."
        entered = {key.lower(): values for key, values in self.entered.context.items()}
        audience = entered.get(f"{_provider_name(provider)}:aud".lower())
        if audience and issuer is not None and issuer.client_ids is not None and audience[0] not in issuer.client_ids:
            return f"The identity provider does not accept the audience {audience[0]}."
        return ""

    def _service(self, statement: Statement, service: str) -> Way:
        way = replace(self._way(Method.SERVICE, statement, service), steps=self._steps(statement, "Service", service))
        lines = [step for step in way.steps if step.startswith("aws ")]
        way = replace(way, command=lines[0] if lines else "")
        hanging: dict[str, None] = {}
        for action in trust_needs(service):
            found = self._possible(service, action, statement, "Service")
            if not found.allowed:
                missing = f"{service} also needs {action}, which the role's trust policy does not allow."
                why = missing if action != "sts:AssumeRole" else found.decision.rule
                closed = self._closed(Method.SERVICE, statement, service, why, action)
                return replace(closed, command=way.command, steps=way.steps)
            blocks = [b for one in (*found.statements, *found.unless) for b in one.conditions]
            hanging |= dict.fromkeys(holding(b.operator, b.key, b.values) for b in blocks)
            way = replace(way, hangs_on=tuple(dict.fromkeys((*way.hangs_on, *(b.key for b in blocks)))))
        if presented := self._other_source(statement, service):
            why = f"{service} sends {presented} as aws:SourceArn, which this condition never matches."
            closed = self._closed(Method.SERVICE, statement, service, why)
            return replace(closed, command=way.command, steps=way.steps)
        if service.startswith("ec2.") and self.role.instance_profiles == ():
            why = "EC2 requires an instance profile, but no instance profile contains this role."
            return replace(way, works=False, why=why, hangs_on=())
        if hanging:
            return replace(way, why=f"Only {service} can assume this role, and only if {joined(hanging)}.")
        return replace(way, works=True, why=f"Only {service} can assume this role.")

    def _other_source(self, statement: Statement, service: str) -> str | None:
        """Return the aws:SourceArn that the service sends, if the statement requires a value that it never sends.

        Otherwise return None.
        """
        wanted = [b.values for b in statement.conditions if b.key.lower() == "aws:sourcearn"]
        presented = presented_for(service, tuple(value for values in wanted for value in values))
        if presented is None or any(key.lower() == "aws:sourcearn" for key in self.entered.context):
            return None
        found = self._possible(service, "sts:AssumeRole", statement, "Service", {"aws:SourceArn": (presented,)})
        return None if found.allowed else presented

    def _possible(
        self,
        principal: str,
        action: str,
        statement: Statement,
        kind: str,
        presented: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Possibility:
        """Return the trust policy's decision on a caller without AWS credentials, to whom no other policy applies.

        ``presented`` are condition keys that are known in addition to the given ones.
        """
        trust = self._trusted_by(statement, kind, principal)
        policy = trust.this_way if action not in _BESIDE else trust.whole
        context = {**(presented or {}), **self.entered.context}
        if kind == "Service" and sends_account(principal):
            context.setdefault("aws:SourceAccount", (self.account.id,))
        request = with_context(Request(principal, action, self.role.arn, None, context), self.account, None)
        return possible(
            request,
            Policies(resource=policy),
            without(_not_of_tokens, partial(presence, kind=caller(principal).kind, action=action.lower())),
        )

    def _steps(self, statement: Statement, kind: str, value: str) -> tuple[str, ...]:
        role = self.role
        if role.trust is None:
            return ()
        attached = tuple(policy.arn for policy in role.attached or ())
        profile = next(iter(role.instance_profiles or ()), None)
        spec = RoleSpec(
            role.name, role.trust, role.path, inline=role.inline or (), attached=attached, instance_profile=profile
        )
        return steps_for(spec, AccountFacts.of(self.account), statement, kind, value)


_BESIDE = frozenset({"sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"})
_ASSUMING = tuple(action for action in TRUST_ACTIONS if action.startswith("sts:assumerole"))


def _not_of_tokens(key: str) -> bool:
    """Return whether calls without AWS credentials never contain a key."""
    return key in ("aws:multifactorauthpresent", "aws:multifactorauthage", "sts:externalid", "aws:username")


def _method(kind: str, value: str) -> Method | None:
    if kind in ("AWS", "*"):
        return Method.ASSUME_ROLE
    if kind == "Service":
        return Method.SERVICE
    if kind == "Federated":
        return Method.SAML if ":saml-provider/" in value else Method.WEB_IDENTITY
    return None


def _opens(statement: Statement, action: str) -> bool:
    if statement.action is not None:
        return names_action(statement.action, action)
    return not names_action(statement.not_action, action)


def _opens_any(statement: Statement) -> bool:
    return any(_opens(statement, action) for action in _ASSUMING)


def _provider_name(provider: str) -> str:
    return provider.partition("-provider/")[2] or provider
