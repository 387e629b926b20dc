"""Build the case of a denied request.

It consists of the request, with every value that can be found, and the policies that decide it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import assumed, decoded
from diagnostics.access_denied.gather import gathered_for
from diagnostics.access_denied.request.caller import Caller
from diagnostics.access_denied.request.passed_to_service import is_guess, services_passed_to
from diagnostics.access_denied.request.subject import Context, Subject
from diagnostics.access_denied.request.values import values_of_request
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.words import is_trust_action
from iam.account import Account, Role
from iam.arn import Arn, account_of
from iam.claims import Source, Sourced, degraded, sourced
from iam.context import with_context
from iam.facts.service_roles.lookup import presented_for, sends_account, trust_needs
from iam.layers import BUCKET_UNKNOWN
from iam.policy.condition_keys import through_an_endpoint
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.principal import Kind
from iam.policy.request import Request
from iam.service_reference import has_resource_types
from iam.services import endpoint_region
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.sources.resource_policies import policy_holder

if TYPE_CHECKING:
    from iam.other_services import AccessPoint, VpcEndpoint


def with_found_values(subject: Subject, caller: Caller, opened: OpenedAccount) -> Subject:
    """Return the subject with the condition keys that the account and CloudTrail provide.

    Known values are not replaced.
    """
    action = (subject.action or "").lower()
    if action == "iam:passrole" and not is_guess(subject.denial, subject.context):
        subject = with_service_passed_to(subject, opened.account)
    if caller.kind is Kind.SERVICE and (not is_trust_action(action) or sends_account(caller.arn or "")):
        account: dict[str, tuple[str, ...]] = {"aws:SourceAccount": (opened.account.id,)}
        # With several accounts, the service may call for an account other than the one that has the resource.
        settled = opened.accounts is None
        subject = _with(subject, account, Source.DEFAULT, "the service calls for this account", settled=settled)
    if caller.kind is Kind.PROVIDER and (document := saml_document(caller.arn or "", subject.context)):
        subject = subject.with_keys(sourced(document, Source.ACCOUNT, caller.arn or ""))
    if is_trust_action(action) and caller.kind is Kind.SERVICE:
        role = opened.account.role(subject.resource or "")
        presented = presented_for(caller.arn or "", _source_arns(role)) if role else None
        if presented:
            said = f"{caller.name} presents {presented}"
            # The type of the resource follows from AWS's rule, but its name is only the one in the policy.
            subject = _with(subject, {"aws:SourceArn": (presented,)}, Source.DEFAULT, said, settled=False)
    return subject


def with_service_passed_to(subject: Subject, account: Account) -> Subject:
    """Return the subject with iam:PassedToService added if the action is iam:PassRole and the service is known."""
    if (subject.action or "").lower() != "iam:passrole" or not subject.resource:
        return subject
    services = services_passed_to(subject.denial, subject.resource, account, subject.context)
    if len(services) != 1:
        return subject
    # The operation comes from the text. The service in a role's trust policy may differ from the one that got the role.
    source = Source.GUESS if is_guess(subject.denial, subject.context) else Source.TEXT
    said = f"the role is passed to {services[0]} (iam:PassedToService)"
    return _with(subject, {"iam:PassedToService": services}, source, said)


def _with(
    subject: Subject, values: dict[str, tuple[str, ...]], source: Source, sentence: str, *, settled: bool = True
) -> Subject:
    """Return the subject with the missing keys added, and with a sentence that says where their values come from.

    ``settled`` matters only for a value from ``Source.DEFAULT``, which follows from a rule of AWS (``sends_account``):
    True means that this rule allows no other value.
    """
    keys = sourced(values, source, sentence)
    if source is Source.DEFAULT and settled:
        keys = {key: degraded(had, source, ()) for key, had in keys.items()}
    found = subject.with_keys(keys)
    return found.noting(sentence) if len(found.keys) > len(subject.keys) else subject


def saml_document(provider: str, context: Context) -> dict[str, tuple[str, ...]]:
    """Return the two keys that AWS derives from a SAML provider.

    See UG: "Uniquely identifying users in SAML-based federation".
    """
    owner, name = account_of(provider), provider.partition(":saml-provider/")[2]
    if not owner or not name:
        return {}
    document = f"{owner}/{name}"
    issuer = next((values[0] for key, values in context.items() if key.lower() == "saml:iss" and values), None)
    if issuer is None:
        return {"saml:doc": (document,)}
    import base64
    import hashlib

    digest = hashlib.sha1(f"{issuer}{document}".encode(), usedforsecurity=False).digest()
    return {"saml:doc": (document,), "saml:namequalifier": (base64.b64encode(digest).decode(),)}


def _source_arns(role: Role) -> tuple[str, ...]:
    """Return the patterns of aws:SourceArn in the role's trust policy."""
    return tuple(
        value
        for statement in role.trust_statements
        for block in statement.conditions
        if block.key.lower() == "aws:sourcearn"
        for value in block.values
    )


def recorded_call(subject: Subject, caller: Caller, reader: AccountReader) -> tuple[Subject, Step | None]:
    """Complete the subject from CloudTrail's record of this AssumeRole call; return it with the step about that record.

    The record contains the external ID, tags and session name. The step is None if no record was found.
    """
    if (subject.action or "").lower() != "sts:assumerole" or not subject.resource or caller.kind is Kind.SERVICE:
        return subject, None
    from diagnostics.access_denied.request.assumed_role.recorded_identity import call_parameters

    reading = assumed(reader, subject.resource)
    title = "The failed call in CloudTrail"
    if reading.unreadable:
        return subject, Step("call", title, Status.UNKNOWN, f"cannot be read from here: {reading.why}")
    for call in decoded(reading.value or ()):
        if call.denied and call.identity.get("arn") in (caller.arn, caller.entity_arn):
            stated = call_parameters(call)
            said = "CloudTrail's record of the call has its parameters"
            subject = _with(subject, dict(stated), Source.CLOUDTRAIL, said)
            words = ", ".join(f"{key} = {', '.join(values)}" for key, values in stated.items())
            missing = "" if any(key == "sts:ExternalId" for key in stated) else "; it carries no external ID"
            evidence = Evidence(
                text=words or "the call has no parameters except the role", layer="trust", call=reading.call
            )
            return subject, Step("call", title, Status.PASS, f"{words or 'found'}{missing}", (evidence,))
    if reading.note:
        return subject, Step(
            "call", title, Status.UNKNOWN, f"the records that could be read do not contain the call: {reading.note}"
        )
    return subject, Step("call", title, Status.SKIPPED, "no record of it")


def session_policy(caller: Caller, reader: AccountReader) -> tuple[Document | None, bool, Step | None]:
    """Return the caller's session policy, whether the session's AssumeRole event was found, and the step about it."""
    if caller.kind is not Kind.SESSION or not caller.here or caller.role is None:
        return None, False, None
    for call in decoded(assumed(reader, caller.role.arn).value or ()):
        if call.error is None and call.parameters.get("roleSessionName") == caller.session:
            from diagnostics.access_denied.evidence.session_policy import passed_policy

            passed = passed_policy(call, reader)
            by, title = call.identity.get("arn", "somebody"), "How the session was made"
            if passed.unread:
                summary = f"{by} passed a session policy when it created the session. {passed.unread}"
                return None, False, Step("session-made", title, Status.UNKNOWN, summary)
            if passed.document is not None:
                evidence = Evidence(
                    text="requestParameters.policy of AssumeRole",
                    layer="session",
                    policy="session policy",
                    document=passed.document,
                    call="cloudtrail:LookupEvents",
                )
                summary = f"{by} passed a session policy when it created the session"
                return passed.document, True, Step("session-made", title, Status.PASS, summary, (evidence,))
            return None, True, None
    return None, False, None


def case_of(subject: Subject, caller: Caller, opened: OpenedAccount, session: Document | None) -> tuple[Subject, Case]:
    """Complete the subject with every value that can be found, and return it with the case built from it. May block."""
    subject = with_found_values(subject, caller, opened)
    endpoint = named_endpoint(subject, opened.reader)

    def made(subject: Subject) -> Case:
        return build_case(subject, caller, opened, session=session, endpoint=endpoint)

    guessed = with_service_passed_to(subject, opened.account)
    case = made(guessed)
    if guessed is not subject and case.cautious.allowed:
        # The request was denied, so the role went to a service other than the one that may assume it.
        case = made(subject)
    else:
        subject = guessed
    if subject.denial.claims_trust:
        for action in trust_needs(subject.principal or "")[1:]:
            if not case.cautious.allowed:
                break
            further = subject.noting(f"{subject.principal} needs {action} in addition to sts:AssumeRole")
            further = replace(further, what=Sourced(action, Source.TEXT, subject.principal or ""))
            case = made(further)
            if not case.cautious.allowed:
                subject = further
    return subject, case


def build_case(
    subject: Subject,
    caller: Caller,
    opened: OpenedAccount,
    *,
    session: Document | None = None,
    endpoint: VpcEndpoint | str | None = None,
) -> Case:
    """Return the case of a subject whose action is known. May block."""
    through = None if isinstance(endpoint, str) else endpoint
    if through is not None and (region := endpoint_region(through.service_name)):
        said = f"{through.id} serves calls to {region}"
        subject = _with(subject, {"aws:RequestedRegion": (region,)}, Source.ACCOUNT, said)
    action = subject.action
    assert action is not None
    point = access_point_of(subject, opened.reader)
    if point is not None:
        said = f"the bucket behind {point.arn} is {point.bucket}"
        subject = _with(subject, _keys_of_access_point(point), Source.ACCOUNT, said)
    # A resource that is not an ARN (a phone number, a bare name) matches no policy, and gives no information.
    resource = subject.resource if _is_arn(subject.resource) else "*"
    request = Request(caller.arn, action, resource or "*", _stated_owner(subject), subject.context)
    found, faults = gathered_for(request, opened, session_policy=session, vpc_endpoint=endpoint)
    filled = found.request
    alone = opened.accounts is None  # with several accounts, the one that has the resource is known
    unnamed = filled.resource_account is None and account_of(filled.resource) is None
    if alone and found.policies.resource is not None and unnamed:
        # S3's ARNs contain no account. If a policy could be read, it is that of a bucket in this account.
        filled = with_context(replace(filled, resource_account=opened.account.id), opened.account, found.principal)
    known = _is_arn(subject.resource) or _works_on_nothing(action)
    case = Case(
        subject.denial,
        opened,
        caller,
        filled,
        found.policies,
        found.readings,
        resource_known=known,
        values=values_of_request(subject, filled, caller, resource_known=known),
        given=frozenset(key.lower() for key in subject.context),
        notes=[*subject.found, *faults, *_contradicting(subject)],
        endpoint_account=found.endpoint_account,
    )
    if point is not None:
        bucket = _of_the_bucket(subject, point)
        _put_beside(case, build_case(bucket, caller, opened, session=session, endpoint=endpoint))
    return case


def access_point_of(subject: Subject, reader: AccountReader) -> AccessPoint | None:
    """Return the S3 access point that the request uses.

    None if the request uses no access point, or if the access point cannot be read.
    """
    parts = Arn.parse(subject.resource or "")
    if parts is None or parts.service != "s3" or not parts.resource.startswith("accesspoint/"):
        return None
    return reader.access_point(policy_holder(str(parts))).value


def _keys_of_access_point(point: AccessPoint) -> dict[str, tuple[str, ...]]:
    """Return the condition keys that S3 sets for a request through an access point.

    See S3 User Guide, "Condition keys" of access points.
    """
    stated = {
        "s3:DataAccessPointArn": point.arn,
        "s3:DataAccessPointAccount": account_of(point.arn),
        "s3:AccessPointNetworkOrigin": point.network_origin,
    }
    return {key: (value,) for key, value in stated.items() if value}


def _of_the_bucket(subject: Subject, point: AccessPoint) -> Subject:
    """Return the same request with the access point's bucket as its resource."""
    parts = Arn.parse(point.arn)
    assert parts is not None
    key = (subject.resource or "").removeprefix(point.arn).removeprefix("/object")
    owner = {"aws:ResourceAccount": (point.bucket_account,)} if point.bucket_account else {}
    on = Sourced(f"arn:{parts.partition}:s3:::{point.bucket}{key}", Source.ACCOUNT, point.arn)
    return replace(subject, on=on, keys={**subject.keys, **sourced(owner, Source.ACCOUNT, point.arn)})


def _put_beside(case: Case, bucket: Case) -> None:
    """Set ``beside`` of the cases of an access point and its bucket, once the bucket's policy has been looked up.

    Afterwards, the layer of resource policies counts as unread only if one of the two policies could not be read.
    """
    case.beside, bucket.beside = bucket, case
    of_bucket = tuple(each for each in bucket.readings if each.layer is Layer.RESOURCE and each.unread)
    case.readings = (*(each for each in case.readings if each.call != BUCKET_UNKNOWN), *of_bucket)
    unread = frozenset(each.layer for each in case.readings if each.unread)
    case.policies = replace(case.policies, unread=case.policies.unread - {Layer.RESOURCE} | unread)
    case.decide()


def _stated_owner(subject: Subject) -> str | None:
    """Return the account that owns the resource according to aws:ResourceAccount, or None."""
    return next((had[0] for key, had in subject.context.items() if key.lower() == "aws:resourceaccount" and had), None)


def _is_arn(resource: str | None) -> bool:
    return resource is not None and (resource == "*" or resource.startswith("arn:"))


def _works_on_nothing(action: str) -> bool:
    """Return whether the action supports no resource types, so that it is evaluated on ``*``."""
    return has_resource_types(action) is False


def _contradicting(subject: Subject) -> Iterator[str]:
    """Yield a sentence about values in the request that AWS never sends together (IAM User Guide, aws:SourceIp)."""
    if through_an_endpoint(subject.context) and any(key.lower() == "aws:sourceip" for key in subject.context):
        yield "the values contradict each other, because a request through a VPC endpoint has no aws:SourceIp"


def named_endpoint(subject: Subject, reader: AccountReader) -> VpcEndpoint | str | None:
    """Return the VPC endpoint named in aws:SourceVpce, or the endpoint's ID if the endpoint cannot be read.

    Return None if the request has no such key.
    """
    stated = next((values[0] for key, values in subject.context.items() if key.lower() == "aws:sourcevpce"), None)
    return next((one for one in endpoints_of(subject, reader) if one.id == stated), stated)


def endpoints_read(case: Case) -> Reading[tuple[VpcEndpoint, ...]]:
    """Return the account's VPC endpoints for the action's service. May block."""
    return case.reader.vpc_endpoints(case.request.action.partition(":")[0].lower())


def endpoints_of(subject: Subject, reader: AccountReader) -> tuple[VpcEndpoint, ...]:
    """Return the VPC endpoints for the action's service.

    If the request's Region is known, only those in that Region.
    """
    found = reader.vpc_endpoints((subject.action or "").partition(":")[0].lower()).value or ()
    stated = next((values[0] for key, values in subject.context.items() if key.lower() == "aws:requestedregion"), None)
    arn = Arn.parse(subject.resource or "")
    region = (arn.region if arn else "") or stated
    return tuple(one for one in found if not region or endpoint_region(one.service_name) in (None, region))
