"""The rules by which the layers combine, each with a case on either side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from iam.policy.decision import Outcome
from iam.policy.evaluate import evaluate
from iam.policy.explain import explain
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import EndpointType, NamedPolicy, Policies
from tests.support.accounts.policies import (
    ACCOUNT,
    ALLOW_ALL,
    ALLOW_OTHER,
    DENY_ALL,
    DENY_EVERYONE,
    EVERYONE,
    FEDERATED,
    KEY,
    OIDC,
    OTHER,
    ROLE,
    ROOT,
    SESSION,
    TARGET,
    USER,
    granting,
    identity,
    policy,
    request,
    statement,
)

ALLOWED, IMPLICIT, EXPLICIT = Outcome.ALLOWED, Outcome.IMPLICIT_DENY, Outcome.EXPLICIT_DENY
SERVICE = "lambda.amazonaws.com"


def test_nothing_is_allowed_by_default() -> None:
    decision = evaluate(request(), Policies())
    assert (decision.outcome, decision.decided_by) == (IMPLICIT, Layer.IDENTITY)
    assert decision.layers == {Layer.IDENTITY: LayerResult.IMPLICIT_DENY}


@pytest.mark.parametrize(
    ("layer", "policies"),
    [
        (Layer.IDENTITY, identity(ALLOW_ALL, DENY_ALL)),
        (Layer.BOUNDARY, identity(ALLOW_ALL, boundary=(ALLOW_ALL, DENY_ALL))),
        (Layer.SESSION, identity(ALLOW_ALL, session=(policy(statement("Deny"), statement()),))),
        (Layer.SCP, identity(ALLOW_ALL, scps=((ALLOW_ALL,), (ALLOW_ALL, DENY_ALL)))),
        (Layer.RCP, identity(ALLOW_ALL, rcps=((DENY_EVERYONE,),))),
        (Layer.VPC_ENDPOINT, identity(ALLOW_ALL, vpc_endpoint=(EVERYONE, DENY_EVERYONE))),
        (Layer.RESOURCE, identity(ALLOW_ALL, resource=DENY_EVERYONE)),
    ],
)
def test_an_explicit_deny_in_any_layer_decides(layer: Layer, policies: Policies) -> None:
    decision = evaluate(request(SESSION), policies)
    assert (decision.outcome, decision.decided_by) == (EXPLICIT, layer)
    assert [(reason.layer, reason.effect) for reason in decision.reasons] == [(layer, "Deny")]


def test_the_first_layer_in_aws_order_is_named_when_several_deny() -> None:
    denying = Policies(
        identity=(DENY_ALL,),
        resource=DENY_EVERYONE,
        boundary=(DENY_ALL,),
        scps=((DENY_ALL,),),
        rcps=((DENY_EVERYONE,),),
    )
    decision = evaluate(request(), denying)
    assert decision.decided_by is Layer.RCP
    assert {reason.layer for reason in decision.reasons} == {
        Layer.IDENTITY,
        Layer.RESOURCE,
        Layer.BOUNDARY,
        Layer.SCP,
        Layer.RCP,
    }


@pytest.mark.parametrize(
    ("layer", "policies"),
    [
        (Layer.BOUNDARY, identity(ALLOW_ALL, boundary=(ALLOW_OTHER,))),
        (Layer.BOUNDARY, identity(ALLOW_ALL, boundary=())),
        (Layer.SESSION, identity(ALLOW_ALL, session=(ALLOW_OTHER,))),
        (Layer.SCP, identity(ALLOW_ALL, scps=((ALLOW_OTHER,),))),
        (Layer.SCP, identity(ALLOW_ALL, scps=((ALLOW_ALL,), (ALLOW_OTHER,), (ALLOW_ALL,)))),
        (Layer.SCP, identity(ALLOW_ALL, scps=((ALLOW_ALL,), ()))),
        (Layer.VPC_ENDPOINT, identity(ALLOW_ALL, vpc_endpoint=(policy(statement(Principal="*", Action="other:*")),))),
    ],
)
def test_layers_that_limit_must_allow(layer: Layer, policies: Policies) -> None:
    decision = evaluate(request(), policies)
    assert (decision.outcome, decision.decided_by) == (IMPLICIT, layer)
    assert Layer.IDENTITY in {reason.layer for reason in decision.reasons}


def test_resource_control_policies_need_no_allow() -> None:
    assert evaluate(request(), identity(ALLOW_ALL, rcps=((), ()))).allowed


def test_reasons_name_the_level_of_organization_policies() -> None:
    decision = evaluate(request(), identity(ALLOW_ALL, scps=((ALLOW_ALL,), (ALLOW_ALL,))))
    assert [reason.level for reason in decision.reasons if reason.layer is Layer.SCP] == [0, 1]


USER_NAMED, SESSION_NAMED, ROLE_NAMED = granting(AWS=USER), granting(AWS=SESSION), granting(AWS=ROLE)
ROOT_NAMED, ID_NAMED = granting(AWS=ROOT), granting(AWS=ACCOUNT)
NOTHING, ALL = (), (ALLOW_ALL,)
NO_BOUNDARY, NO_SESSION = {"boundary": (ALLOW_OTHER,)}, {"session": (ALLOW_OTHER,)}

SAME_ACCOUNT = [
    # principal, resource policy, identity policies, other layers, outcome
    (USER, USER_NAMED, NOTHING, {}, ALLOWED),
    (USER, USER_NAMED, NOTHING, NO_BOUNDARY, ALLOWED),
    (USER, USER_NAMED, NOTHING, {"scps": ((ALLOW_OTHER,),)}, IMPLICIT),
    (USER, USER_NAMED, NOTHING, {"boundary": (DENY_ALL,)}, EXPLICIT),
    (USER, ROOT_NAMED, NOTHING, {}, IMPLICIT),
    (USER, ID_NAMED, NOTHING, {}, IMPLICIT),
    (USER, ROOT_NAMED, ALL, {}, ALLOWED),
    (USER, ROOT_NAMED, ALL, NO_BOUNDARY, IMPLICIT),
    (USER, EVERYONE, NOTHING, {}, ALLOWED),
    (USER, EVERYONE, NOTHING, NO_BOUNDARY, ALLOWED),
    (USER, granting(AWS="*"), NOTHING, {}, ALLOWED),
    (USER, SESSION_NAMED, NOTHING, {}, IMPLICIT),
    (USER, SESSION_NAMED, ALL, {}, ALLOWED),
    (SESSION, SESSION_NAMED, NOTHING, {}, ALLOWED),
    (SESSION, SESSION_NAMED, NOTHING, NO_BOUNDARY, ALLOWED),
    (SESSION, SESSION_NAMED, NOTHING, NO_SESSION, ALLOWED),
    (SESSION, ROLE_NAMED, NOTHING, {}, ALLOWED),
    (SESSION, ROLE_NAMED, NOTHING, NO_BOUNDARY, IMPLICIT),
    (SESSION, ROLE_NAMED, NOTHING, NO_SESSION, IMPLICIT),
    (SESSION, ROLE_NAMED, ALL, NO_SESSION, IMPLICIT),
    (SESSION, ROLE_NAMED, NOTHING, {"session": (ALLOW_ALL,), "boundary": (ALLOW_ALL,)}, ALLOWED),
    (SESSION, EVERYONE, NOTHING, NO_BOUNDARY, ALLOWED),
    (SESSION, EVERYONE, NOTHING, NO_SESSION, ALLOWED),
    (SESSION, ROOT_NAMED, NOTHING, {}, IMPLICIT),
    (ROLE, ROLE_NAMED, NOTHING, {}, ALLOWED),
    (ROLE, ROLE_NAMED, NOTHING, NO_BOUNDARY, IMPLICIT),
    (FEDERATED, granting(AWS=FEDERATED), NOTHING, NO_SESSION, ALLOWED),
    (FEDERATED, ROOT_NAMED, NOTHING, {}, IMPLICIT),
    (ROOT, policy(statement(Principal="*", Action="other:*")), NOTHING, {}, ALLOWED),
    (ROOT, DENY_EVERYONE, NOTHING, {}, EXPLICIT),
    (ROOT, EVERYONE, NOTHING, {"scps": ((ALLOW_OTHER,),)}, IMPLICIT),
]


@pytest.mark.parametrize(("principal", "resource", "own", "layers", "outcome"), SAME_ACCOUNT)
def test_within_an_account(
    principal: str,
    resource: NamedPolicy,
    own: tuple[NamedPolicy, ...],
    layers: dict[str, object],
    outcome: Outcome,
) -> None:
    policies = Policies(identity=own, resource=resource, **layers)  # type: ignore[arg-type]  # a table's layers
    assert evaluate(request(principal), policies).outcome is outcome


@pytest.mark.parametrize(
    ("resource", "own", "outcome", "by"),
    [
        (USER_NAMED, NOTHING, IMPLICIT, Layer.IDENTITY),
        (USER_NAMED, ALL, ALLOWED, Layer.IDENTITY),
        (ROOT_NAMED, ALL, ALLOWED, Layer.IDENTITY),
        (EVERYONE, NOTHING, IMPLICIT, Layer.IDENTITY),
        (EVERYONE, ALL, ALLOWED, Layer.IDENTITY),
        (granting(AWS=f"arn:aws:iam::{OTHER}:root"), ALL, IMPLICIT, Layer.RESOURCE),
        (None, ALL, IMPLICIT, Layer.RESOURCE),
    ],
)
def test_across_accounts_both_sides_must_allow(
    resource: NamedPolicy | None, own: tuple[NamedPolicy, ...], outcome: Outcome, by: Layer
) -> None:
    decision = evaluate(request(account=OTHER), Policies(identity=own, resource=resource))
    assert (decision.outcome, decision.decided_by) == (outcome, by)


def test_across_accounts_boundaries_limit_what_the_resource_grants_to_a_user() -> None:
    decision = evaluate(request(account=OTHER), identity(ALLOW_ALL, resource=USER_NAMED, boundary=(ALLOW_OTHER,)))
    assert (decision.outcome, decision.decided_by) == (IMPLICIT, Layer.BOUNDARY)


def test_the_account_is_the_resource_arns_when_none_is_given() -> None:
    queue = f"arn:aws:sqs:us-east-1:{OTHER}:jobs"
    assert not evaluate(request(resource=queue, account=None), identity(ALLOW_ALL)).allowed
    assert evaluate(request(resource=queue.replace(OTHER, ACCOUNT), account=None), identity(ALLOW_ALL)).allowed
    assert evaluate(request(account=None), identity(ALLOW_ALL)).allowed


def trust(**principal: object) -> NamedPolicy:
    return policy(statement(Action="sts:AssumeRole", Resource=None, Principal=principal))


@pytest.mark.parametrize(
    ("principal", "resource", "own", "outcome"),
    [
        (USER, trust(AWS=USER), NOTHING, ALLOWED),
        (USER, trust(AWS=ROOT), NOTHING, IMPLICIT),
        (USER, trust(AWS=ROOT), ALL, ALLOWED),
        (USER, trust(AWS=ROLE), ALL, IMPLICIT),
        (USER, trust(Service=SERVICE), ALL, IMPLICIT),
        (USER, None, ALL, IMPLICIT),
        (SESSION, trust(AWS=ROLE), NOTHING, ALLOWED),
        (ROLE, trust(AWS=[USER]), ALL, IMPLICIT),
        (SERVICE, trust(Service=SERVICE), NOTHING, ALLOWED),
        (SERVICE, trust(Service=["ec2.amazonaws.com", SERVICE]), NOTHING, ALLOWED),
        (SERVICE, trust(Service="ec2.amazonaws.com"), NOTHING, IMPLICIT),
        (SERVICE, trust(AWS=ROOT), NOTHING, IMPLICIT),
        (SERVICE, None, NOTHING, IMPLICIT),
    ],
)
def test_trust_policies_must_allow_by_themselves(
    principal: str, resource: NamedPolicy | None, own: tuple[NamedPolicy, ...], outcome: Outcome
) -> None:
    asked = request(principal, "sts:AssumeRole", TARGET)
    decision = evaluate(asked, Policies(identity=own, resource=resource))
    assert decision.outcome is outcome
    if outcome is IMPLICIT:
        left_to_identity = resource is not None and "AWS" in resource.document.text and principal == USER and not own
        assert decision.decided_by is (Layer.IDENTITY if left_to_identity else Layer.RESOURCE)


@pytest.mark.parametrize("action", ["sts:TagSession", "sts:SetSourceIdentity", "STS:assumerole"])
def test_what_goes_with_assuming_a_role_needs_the_trust_policy_too(action: str) -> None:
    assert not evaluate(request(USER, action, TARGET), Policies(identity=ALL, resource=trust(AWS=ROLE))).allowed
    assert not evaluate(request(USER, action, TARGET), Policies(identity=ALL)).allowed


def test_a_trust_policy_that_could_not_be_read_is_not_taken_for_absent() -> None:
    asked = request(USER, "sts:AssumeRole", TARGET)
    assert evaluate(asked, Policies(identity=ALL, unread=frozenset({"trust"}))).allowed
    assert not evaluate(asked, Policies(unread=frozenset({"trust"}))).allowed


def test_web_identity_needs_only_the_trust_policy() -> None:
    trusting = policy(statement(Action="sts:AssumeRoleWithWebIdentity", Resource=None, Principal={"Federated": OIDC}))
    assert evaluate(request(OIDC, "sts:AssumeRoleWithWebIdentity", TARGET), Policies(resource=trusting)).allowed
    other = OIDC + "x"
    assert not evaluate(request(other, "sts:AssumeRoleWithWebIdentity", TARGET), Policies(resource=trusting)).allowed


@pytest.mark.parametrize(
    ("resource", "own", "outcome"),
    [
        (ROOT_NAMED, ALL, ALLOWED),
        (ROOT_NAMED, NOTHING, IMPLICIT),
        (USER_NAMED, NOTHING, ALLOWED),
        (ROLE_NAMED, ALL, IMPLICIT),
        (None, ALL, IMPLICIT),
    ],
)
def test_key_policies_must_allow_by_themselves(
    resource: NamedPolicy | None, own: tuple[NamedPolicy, ...], outcome: Outcome
) -> None:
    decision = evaluate(request(USER, "kms:Decrypt", KEY), Policies(identity=own, resource=resource))
    assert decision.outcome is outcome


def test_calls_that_are_about_no_key_need_no_key_policy() -> None:
    assert evaluate(request(USER, "kms:CreateKey", "*"), Policies(identity=ALL)).allowed


def test_the_callers_identity_can_always_be_asked() -> None:
    denied = Policies(identity=(DENY_ALL,), scps=((DENY_ALL,),))
    assert evaluate(request(action="sts:GetCallerIdentity", resource="*"), denied).allowed


@pytest.mark.parametrize("principal", [SERVICE, None, OIDC])
def test_callers_without_identity_policies_need_the_resource_policy_alone(principal: str | None) -> None:
    limits = {"boundary": (DENY_ALL,), "scps": ((DENY_ALL,),), "session": (DENY_ALL,)}
    granted = Policies(resource=EVERYONE, **limits)  # type: ignore[arg-type]  # a table's layers
    assert evaluate(request(principal), granted).allowed
    assert not evaluate(request(principal), Policies(identity=ALL, resource=ROOT_NAMED)).allowed
    assert evaluate(request(principal), Policies(resource=EVERYONE, rcps=((DENY_EVERYONE,),))).outcome is EXPLICIT


SERVICE_LINKED = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"


@pytest.mark.parametrize(
    "principal", [SERVICE_LINKED, f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForECS/session"]
)
def test_organization_policies_do_not_reach_service_linked_roles(principal: str) -> None:
    guarded = identity(ALLOW_ALL, scps=((DENY_ALL,),), rcps=((DENY_EVERYONE,),))
    assert evaluate(request(principal), guarded).allowed
    assert evaluate(request(ROLE), guarded).outcome is EXPLICIT


@pytest.mark.parametrize(
    ("principal", "spared", "boundary", "outcome"),
    [
        (USER, [USER], None, ALLOWED),
        (USER, [USER, ROOT], None, ALLOWED),
        (USER, [USER, ROOT], (ALLOW_ALL,), EXPLICIT),
        (USER, [ROLE], None, EXPLICIT),
        # "All principals except the user named Bob": the account beside it spares none of its other principals, and a
        # role beside its session none of its other sessions.
        (SESSION, [f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/sess-2", ROLE, ROOT], None, EXPLICIT),
        (USER, [f"arn:aws:iam::{ACCOUNT}:user/bob", ROOT], None, EXPLICIT),
        (USER, [ROLE, ACCOUNT], None, EXPLICIT),
        (SESSION, [USER, ROOT], None, EXPLICIT),
        (USER, [ROOT], None, ALLOWED),
        (SESSION, [ROOT], None, ALLOWED),
        (USER, [f"arn:aws:iam::{OTHER}:user/bob", ROOT], None, ALLOWED),
        (ROOT, [ROOT], None, ALLOWED),
        (ROOT, [USER, ACCOUNT], None, ALLOWED),
        (SESSION, [ROLE], None, ALLOWED),
        (SESSION, [SESSION, ROLE, ROOT], None, ALLOWED),
        (SESSION, [SESSION, ROLE, ROOT], (ALLOW_ALL,), EXPLICIT),
        (SESSION, [USER], None, EXPLICIT),
        (None, [USER], None, EXPLICIT),
    ],
)
def test_deny_with_not_principal(
    principal: str | None, spared: list[str], boundary: tuple[NamedPolicy, ...] | None, outcome: Outcome
) -> None:
    resource = policy(statement(Principal="*"), statement("Deny", NotPrincipal={"AWS": spared}))
    assert evaluate(request(principal), Policies(ALL, resource, boundary=boundary)).outcome is outcome


def test_allow_with_not_principal_names_all_others() -> None:
    resource = policy(statement(NotPrincipal={"AWS": USER}))
    assert not evaluate(request(USER), Policies(resource=resource)).allowed
    assert evaluate(request(ROLE), Policies(resource=resource)).allowed
    assert evaluate(request(None), Policies(resource=resource)).allowed


@pytest.mark.parametrize(
    ("principal", "element", "expected"),
    [
        # "If you specify the principal in the following format, access is granted to the AWS account root user only,
        # not all users and roles for the account" (AWS PrivateLink Guide, "Principals for gateway endpoints").
        (USER, {"AWS": ACCOUNT}, False),
        (SESSION, {"AWS": ROOT}, False),
        (ROOT, {"AWS": ACCOUNT}, True),
        (ROOT, {"AWS": ROOT}, True),
        (USER, {"AWS": [ROOT, "*"]}, True),
        (USER, "*", True),
        (USER, {"AWS": USER}, True),
    ],
)
def test_an_account_in_a_gateway_endpoints_policy_is_its_root_user(
    principal: str, element: Any, expected: bool
) -> None:
    through = (policy(statement(Principal=element)),)
    held = identity(ALLOW_ALL, vpc_endpoint=through, vpc_endpoint_type=EndpointType.GATEWAY)
    found = explain(request(principal), held)
    assert found.allowed is expected
    assert (
        expected
        or "in a gateway endpoint's policy, an account means only its root user" in found.near_misses[0].sentence
    )
    assert evaluate(request(principal), replace(held, vpc_endpoint_type=EndpointType.INTERFACE)).allowed


PRINCIPALS = [
    # principal of the request, Principal element, whether it names it, context
    (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/worker"}, True, {}),
    (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/deep/er/worker"}, True, {}),
    (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/deep/er/worker"}, False, {"aws:PrincipalArn": ROLE}),
    (SESSION, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/Worker"}, False, {}),
    (SESSION, {"AWS": f"arn:aws:iam::{OTHER}:role/worker"}, False, {}),
    (SESSION, {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/sess-2"}, False, {}),
    (SESSION, {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/*"}, False, {}),
    (USER, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/jo"}, False, {}),
    (USER, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ops/*"}, False, {}),
    (USER, {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ops/JO"}, False, {}),
    (USER, {"AWS": "AIDAEXAMPLEUSER12345"}, False, {}),
    (USER, {"AWS": "AIDAEXAMPLEUSER12345"}, True, {"aws:userid": "AIDAEXAMPLEUSER12345"}),
    (SESSION, {"AWS": "AROAEXAMPLEROLE12345"}, False, {}),
    (SESSION, {"AWS": "AROAEXAMPLEROLE12345"}, True, {"aws:userid": "AROAEXAMPLEROLE12345:sess-1"}),
    (SESSION, {"AWS": "AROAEXAMPLEDELETED00"}, False, {"aws:userid": "AROAEXAMPLEROLE12345:sess-1"}),
    (SERVICE, {"Service": SERVICE}, True, {}),
    (SERVICE, {"Service": "Lambda.amazonaws.com"}, False, {}),
    (SERVICE, {"AWS": SERVICE}, True, {}),
    (SERVICE, {"AWS": "*"}, True, {}),
    (None, {"AWS": "*"}, True, {}),
    (None, {"AWS": ROOT}, False, {}),
    (OIDC, {"Federated": OIDC}, True, {}),
    (OIDC, {"AWS": ROOT}, False, {}),
    (OIDC, {"Federated": "accounts.google.com"}, False, {}),
    ("accounts.google.com", {"Federated": "accounts.google.com"}, True, {}),
    ("cognito-identity.amazonaws.com", {"Federated": "cognito-identity.amazonaws.com"}, True, {}),
    (
        "79a59df900b949e55d96a1e698fbacedfd6e09d9",
        {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d9"},
        True,
        {},
    ),
    (USER, {"CanonicalUser": USER}, False, {}),
    (USER, {"AWS": [], "Service": "*"}, False, {}),
]


@pytest.mark.parametrize(("principal", "element", "named", "context"), PRINCIPALS)
def test_principals(
    principal: str | None, element: dict[str, object], named: bool, context: dict[str, str | list[str]]
) -> None:
    granted = Policies(resource=policy(statement(Principal=element)))
    assert evaluate(request(principal, context=context), granted).allowed is named


def test_endpoint_policies_may_name_principals() -> None:
    through = {"vpc_endpoint": (granting(AWS=ROLE),)}
    assert evaluate(request(SESSION), identity(ALLOW_ALL, **through)).allowed
    assert not evaluate(request(USER), identity(ALLOW_ALL, **through)).allowed
