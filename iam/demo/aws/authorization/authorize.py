"""Decide with rolescope's engine whether the caller may make a call. Denials have AWS's wording.

The engine evaluates the account's own policies.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from iam.demo.account.facts import ACCOUNT, HOME_REGION
from iam.demo.account.load import DEMO
from iam.demo.aws.authorization.actions import UNSIGNED, NeededPermission, needs
from iam.demo.aws.authorization.callers import (
    DemoCaller,
    boundary,
    caller_of,
    identity_policies,
    principal_context,
    rcps,
    scps,
)
from iam.demo.aws.authorization.encoded import authorization_detail, encode
from iam.demo.aws.authorization.records import keep, where_to_look
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.policy.decision import Decision, Outcome
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies, Request

# Services whose requests always have us-east-1 as their Region (AWS's list of global services).
_GLOBAL = frozenset({"iam", "organizations", "cloudfront", "route53", "support", "health", "account"})

# The caller of --demo without --as: it may read the organization, like a delegated administrator.
ORG_ADMIN_ROLE, ORG_ADMIN_SESSION = "saml-admin", "org-admin"

_ARTICLE_AN = {Layer.IDENTITY}
# The error codes of denials, by protocol; all other protocols have AccessDeniedException.
_CODES = {"query": "AccessDenied", "rest-xml": "AccessDenied", "ec2": "UnauthorizedOperation"}


def authorize(world: World, call: DemoCall) -> None:
    """Raise AWS's AccessDenied error if the caller lacks a permission that the call needs."""
    if (call.service, call.operation) in UNSIGNED:
        return
    caller = caller_of(world, call)
    if call.service in ("organizations", "sso-admin") and not _reads_organization(caller):
        raise AwsError("AccessDeniedException", "You don't have permissions to access this resource.", 400)
    if call.service == "s3" and (bucket := call.get("Bucket")) and _bucket_owner(bucket) != world.account:
        # The response of another account's bucket, whatever the caller's own policies allow.
        raise AwsError("AccessDenied", "Access Denied", 403)
    if call.service == "kms" and _no_such_key(world, call):
        return  # KMS reports a missing key before it checks permissions
    for need in needs(world, call):
        request, policies = question_of(world, call, caller, need)
        decision = evaluate(request, policies)
        # the service itself denies what AWS reserves, in its own words
        if not decision.allowed and not decision.by_aws:
            # IAM's messages say where the full evaluation is stored; those of most other services do not yet.
            kept = keep(world, request, policies, decision, caller.entity.arn) if call.service == "iam" else None
            raise refusal(call, caller, need, decision, kept)


def _reads_organization(caller: DemoCaller) -> bool:
    return caller.session is not None and (caller.account, caller.entity.name, caller.session.name) == (
        ACCOUNT,
        ORG_ADMIN_ROLE,
        ORG_ADMIN_SESSION,
    )


def _bucket_owner(bucket: str) -> str:
    """Return the account that owns a bucket. A bucket that no account has counts as the demo's own."""
    return DEMO.foreign_buckets.get(bucket, ACCOUNT)


def question_of(world: World, call: DemoCall, caller: DemoCaller, need: NeededPermission) -> tuple[Request, Policies]:
    region = HOME_REGION if call.service in _GLOBAL else call.region
    context = {"aws:RequestedRegion": (region,), **principal_context(caller), **need.context}
    request = Request(caller.arn, need.action, need.resource, world.account, context)
    return request, policies_of(world, caller, resource=_resource_policy(world, call))


def policies_of(
    world: World, caller: DemoCaller, *, resource: NamedPolicy | None = None, owner: str | None = None
) -> Policies:
    """Return all policies that apply to the caller's requests.

    ``owner`` is the resource's account; None for the caller's account.
    """
    session = caller.session
    return Policies(
        identity=identity_policies(world.iam, caller.entity),
        resource=resource,
        boundary=boundary(world.iam, caller.entity),
        session=_session_policies(session.policies) if session is not None and session.policies else None,
        scps=scps(caller.account),
        rcps=rcps(world.account if owner is None else owner),
    )


def _session_policies(texts: tuple[str, ...]) -> tuple[NamedPolicy, ...]:
    return tuple([NamedPolicy(Document(text), "session policy") for text in texts])


def _resource_policy(world: World, call: DemoCall) -> NamedPolicy | None:
    """Return the policy of the call's resource, or None if moto has none."""
    reader = _RESOURCE_POLICIES.get(call.service)
    text = reader(world.account, call) if reader else None
    return NamedPolicy(Document(text), "resource policy") if text else None


def _bucket_policy(account: str, call: DemoCall) -> str | None:
    from moto.s3.models import s3_backends

    bucket = s3_backends[account]["aws"].buckets.get(call.get("Bucket"))
    policy = bucket.policy if bucket else None
    return policy.decode() if isinstance(policy, bytes) else policy


def _key_policy(account: str, call: DemoCall) -> str | None:
    from moto.kms.models import kms_backends

    key = kms_backends[account][call.region].keys.get(str(call.get("KeyId", "")).rpartition("/")[2])
    return key.policy if key else None


def _no_such_key(world: World, call: DemoCall) -> bool:
    from moto.kms.models import kms_backends

    key = str(call.get("KeyId") or "")
    keys = kms_backends[world.account][call.region].keys
    return bool(key) and "alias/" not in key and key.rpartition("/")[2] not in keys


def _queue_policy(account: str, call: DemoCall) -> str | None:
    from moto.sqs.models import sqs_backends

    name = call.get("QueueName") or str(call.get("QueueUrl") or "").rpartition("/")[2]
    queue = sqs_backends[account][call.region].queues.get(name)
    policy = queue.policy if queue else None
    return json.dumps(policy) if isinstance(policy, dict) else policy or None


_RESOURCE_POLICIES: dict[str, Callable[[str, DemoCall], str | None]] = {
    "s3": _bucket_policy,
    "kms": _key_policy,
    "sqs": _queue_policy,
}


def refusal(
    call: DemoCall, caller: DemoCaller, need: NeededPermission, decision: Decision, kept: str | None
) -> AwsError:
    """Return the error that AWS returns for a denied call, with the error code of the service's protocol.

    ``kept`` is the authorization ID under which the denial was recorded, or None.
    """
    text = sentence(caller.arn, need.action, need.shown or need.resource, decision)
    text += where_to_look(kept) if kept else ""
    protocol = str(call.model.service_model.protocol)
    code = "AccessDenied" if call.service == "sqs" else _CODES.get(protocol, "AccessDeniedException")
    if protocol == "ec2":
        text = f"You are not authorized to perform this operation. {text}"
        if not call.operation.startswith("Describe"):
            text += f" Encoded authorization failure message: {_encoded(caller, need, decision)}"
    return AwsError(code, text, 403 if protocol in ("query", "rest-xml", "ec2") else 400)


def sentence(who: str, action: str, resource: str, decision: Decision, *, reason: bool = True) -> str:
    """Return the message of a denial, worded as in the IAM User Guide, "Troubleshoot access denied error messages"."""
    text = f"User: {who} is not authorized to perform: {action} on resource: {resource}"
    layer = decision.decided_by
    if not reason or layer is None:
        return text
    kind = layer.policy_type
    if decision.outcome is Outcome.EXPLICIT_DENY:
        arn = next((r.policy.arn for r in decision.reasons if r.layer is layer and r.effect == "Deny"), None)
        text += f" with an explicit deny in a{'n' if layer in _ARTICLE_AN else ''} {kind}"
        return f"{text}: {arn}" if arn else text
    return f"{text} because no {kind} allows the {action} action"


def _encoded(caller: DemoCaller, need: NeededPermission, decision: Decision) -> str:
    denies = [reason for reason in decision.reasons if reason.effect == "Deny"]
    statements = [reason.policy.document.value["Statement"] for reason in denies]
    return encode(
        authorization_detail(
            principal_id=caller.user_id,
            principal_arn=caller.arn,
            action=need.action,
            resource=need.resource,
            explicit_deny=decision.outcome is Outcome.EXPLICIT_DENY,
            context=need.context,
            matched=[
                held[reason.statement] if isinstance(held, list) else held
                for reason, held in zip(denies, statements, strict=True)
            ],
        )
    )
