"""STS: the caller's identity, and role sessions if the trust policy and the caller's policies allow them.

Rules: STS API documentation of AssumeRole, AssumeRoleWithWebIdentity and AssumeRoleWithSAML.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from moto.iam.models import Role
from moto.moto_api._internal import mock_random

from iam.arn import account_of
from iam.demo.aws.authorization import encoded
from iam.demo.aws.authorization.authorize import policies_of, sentence
from iam.demo.aws.authorization.callers import DemoCaller, caller_of, principal_context, tags_of
from iam.demo.aws.server import Handler
from iam.demo.aws.services.federation import Identity, from_saml, from_web_identity
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import DemoSession, World
from iam.demo.clock import CLOCK
from iam.policy.decision import Decision
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies, Request

_CHAINED_SECONDS = 3600
Context = Mapping[str, tuple[str, ...]]


def _get_caller_identity(world: World, call: DemoCall) -> Mapping[str, Any]:
    caller = caller_of(world, call)
    return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}


def _decode(world: World, call: DemoCall) -> Mapping[str, Any]:
    try:
        return {"DecodedMessage": encoded.decode(str(call.get("EncodedMessage")))}
    except ValueError as error:
        code = "InvalidAuthorizationMessageException"
        raise AwsError(code, "Message is not valid or not for this account.") from error


def _assume_role(world: World, call: DemoCall) -> Mapping[str, Any]:
    caller = caller_of(world, call)
    arn = str(call.get("RoleArn"))
    owner = account_of(arn) or world.account
    role = _role(world, arn)
    _duration(call, role, chained=caller.session is not None)
    context = {**principal_context(caller), **_request_context(call), **_mfa(caller, call)}
    for action in _actions(call, "sts:AssumeRole"):
        if role is None:
            raise AwsError("AccessDenied", _refused(caller, action, arn, None), 403)
        decision = evaluate(
            Request(caller.arn, action, arn, owner, {**context, **_tags_of_role(role)}),
            policies_of(world, caller, resource=_trust(role), owner=owner),
        )
        if not decision.allowed:
            raise AwsError("AccessDenied", _refused(caller, action, arn, decision), 403)
    if role is None:
        raise AssertionError("a role that is not there is refused above")
    inherited = _transitive(caller)
    return _answer(world, call, role, chained=True, tags=inherited | _tags(call))


def _refused(caller: DemoCaller, action: str, arn: str, decision: Decision | None) -> str:
    """Return the message of a denial. STS names the caller's own policies as the reason, but never the trust policy."""
    if decision is None or decision.decided_by in (None, Layer.RESOURCE):
        return f"User: {caller.arn} is not authorized to perform: {action} on resource: {arn}"
    return sentence(caller.arn, action, arn, decision)


def _web_identity(world: World, call: DemoCall) -> Mapping[str, Any]:
    return _federated(world, call, from_web_identity(world, call), "sts:AssumeRoleWithWebIdentity")


def _saml(world: World, call: DemoCall) -> Mapping[str, Any]:
    return _federated(world, call, from_saml(world, call), "sts:AssumeRoleWithSAML")


def _federated(world: World, call: DemoCall, who: Identity, action: str) -> Mapping[str, Any]:
    role = _role(world, str(call.get("RoleArn")))
    _duration(call, role, chained=False)
    context = {**who.context, **_request_context(call)}
    wanted = [action] + (["sts:TagSession"] if who.tags else [])
    for one in wanted:
        decision = role and evaluate(
            Request(
                who.principal, one, str(call.get("RoleArn")), account_of(role.arn), {**context, **_tags_of_role(role)}
            ),
            Policies(resource=_trust(role)),
        )
        if not decision or not decision.allowed:
            raise AwsError("AccessDenied", f"Not authorized to perform {one}", 403)
    if role is None:
        raise AssertionError("a role that is not there is refused above")
    answer = _answer(world, call, role, name=who.session_name, tags=dict(who.tags), context=who.context)
    return {**answer, **who.answer}


# Parts of a request


def _role(world: World, arn: str) -> Role | None:
    return next(
        (role for role in world.iam_of(account_of(arn) or world.account).roles.values() if role.arn == arn), None
    )


def _trust(role: Role) -> NamedPolicy:
    return NamedPolicy(Document(role.assume_role_policy_document), "trust policy", role.arn)


def _tags_of_role(role: Role) -> Context:
    return {f"{key}/{name}": (value,) for name, value in tags_of(role).items() for key in ("aws:ResourceTag",)}


def _tags(call: DemoCall) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in call.get("Tags") or ()}


def _actions(call: DemoCall, first: str) -> list[str]:
    """Return the actions to check.

    Session tags and a source identity require permissions in addition to assuming the role.
    """
    more = ["sts:TagSession"] if call.get("Tags") or call.get("TransitiveTagKeys") else []
    return [first, *more] + (["sts:SetSourceIdentity"] if call.get("SourceIdentity") else [])


def _request_context(call: DemoCall) -> Context:
    context: dict[str, tuple[str, ...]] = {"aws:RequestedRegion": (call.region,)}
    for parameter, key in (
        ("ExternalId", "sts:ExternalId"),
        ("RoleSessionName", "sts:RoleSessionName"),
        ("SourceIdentity", "sts:SourceIdentity"),
    ):
        if value := call.get(parameter):
            context[key] = (value,)
    if tags := _tags(call):
        context |= {f"aws:RequestTag/{key}": (value,) for key, value in tags.items()}
        context["aws:TagKeys"] = tuple(tags)
    if keys := call.get("TransitiveTagKeys"):
        context["sts:TransitiveTagKeys"] = tuple(keys)
    return context


def _mfa(caller: DemoCaller, call: DemoCall) -> Context:
    """Return the MFA keys for a device's serial number and any six digits: the demo cannot check the code."""
    serial, code = call.get("SerialNumber"), str(call.get("TokenCode") or "")
    if not serial:
        return {}
    devices = getattr(caller.entity, "mfa_devices", {})
    if serial not in devices or not (code.isdigit() and len(code) == 6):
        raise AwsError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", 403)
    return {"aws:MultiFactorAuthPresent": ("true",), "aws:MultiFactorAuthAge": ("0",)}


def _duration(call: DemoCall, role: Role | None, *, chained: bool) -> None:
    seconds = int(call.get("DurationSeconds") or 3600)
    if seconds < 900 or seconds > 43200:
        side, limit = ("greater than or equal to", 900) if seconds < 900 else ("less than or equal to", 43200)
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member "
            f"must have value {side} {limit}",
        )
    if chained and seconds > _CHAINED_SECONDS:
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        )
    if role is not None and seconds > int(role.max_session_duration or 3600):
        raise AwsError(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )


def _transitive(caller: DemoCaller) -> dict[str, str]:
    """Return the transitive tags of the next session in a chain. The demo treats all session tags as transitive."""
    return dict(caller.session.tags) if caller.session else {}


def _answer(
    world: World,
    call: DemoCall,
    role: Role,
    *,
    name: str | None = None,
    tags: Mapping[str, str] | None = None,
    context: Context | None = None,
    chained: bool = False,
) -> Mapping[str, Any]:
    """Start a session, return its credentials, and record the use of the role."""
    session_name = name or str(call.get("RoleSessionName"))
    letters = string.ascii_uppercase + string.digits[2:8]
    key = "ASIA" + "".join(mock_random.choices(letters, k=16))
    expires = CLOCK.now() + timedelta(seconds=int(call.get("DurationSeconds") or 3600))
    texts = [call.get("Policy")] if call.get("Policy") else []
    for one in call.get("PolicyArns") or ():
        policy = world.iam_of(account_of(role.arn) or world.account).managed_policies.get(one["arn"])
        if policy is None:
            raise AwsError("MalformedPolicyDocument", f"Policy {one['arn']} does not exist.")
        texts.append(next(v.document for v in policy.versions if v.version_id == policy.default_version_id))
    carried = {key: values[0] for key, values in (context or {}).items() if values}
    if source := call.get("SourceIdentity"):
        carried["aws:SourceIdentity"] = str(source)
    world.sessions[key] = DemoSession(
        role.name,
        session_name,
        expires,
        tuple(texts),
        tuple((tags or {}).items()),
        tuple(carried.items()),
        chained,
        account_of(role.arn) or world.account,
    )
    role.last_used = CLOCK.now().replace(tzinfo=None)
    role.last_used_region = call.region  # type: ignore[assignment]  # moto's own annotation is None only
    return {
        "Credentials": {
            "AccessKeyId": key,
            "SecretAccessKey": "".join(mock_random.choices(string.ascii_letters + string.digits, k=40)),
            "SessionToken": "FwoGZXIvYXdzEDemo" + "".join(mock_random.choices(string.ascii_letters, k=80)),
            "Expiration": expires,
        },
        "AssumedRoleUser": {
            "AssumedRoleId": f"{role.id}:{session_name}",
            "Arn": f"arn:aws:sts::{account_of(role.arn)}:assumed-role/{role.name}/{session_name}",
        },
        **({"PackedPolicySize": min(100, 6 + len(call.get("Policy") or "") // 40)} if texts else {}),
    }


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("sts", "AssumeRole"): _assume_role,
    ("sts", "AssumeRoleWithSAML"): _saml,
    ("sts", "AssumeRoleWithWebIdentity"): _web_identity,
    ("sts", "DecodeAuthorizationMessage"): _decode,
    ("sts", "GetCallerIdentity"): _get_caller_identity,
}
