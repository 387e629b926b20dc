"""Requests that two sides must allow, where the text shows the policy of one of them, or of both."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import diagnosed, policy, refused

HOME, OTHER = "111122223333", "444455556666"
CALLER = f"arn:aws:sts::{HOME}:assumed-role/loader/run"
USER = f"arn:aws:iam::{HOME}:user/robot"
ROLE = f"arn:aws:iam::{OTHER}:role/reader"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{OTHER}:secret:a/b-Ab12Cd"
IDENTITY = "because no identity-based policy allows the {} action"


def trusting(principal: str, action: str = "sts:AssumeRole") -> str:
    return json.dumps({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action})


RESOURCE_SIDE = {
    "a trust policy of another account": (
        refused("sts:AssumeRole", ROLE, "", CALLER),
        trusting(f"arn:aws:iam::{HOME}:root"),
    ),
    "a trust policy that names its own account": (
        refused("sts:AssumeRole", f"arn:aws:iam::{HOME}:role/reader", "", CALLER),
        trusting(f"arn:aws:iam::{HOME}:root"),
    ),
    "a secret's policy": (
        refused("secretsmanager:GetSecretValue", SECRET, IDENTITY.format("secretsmanager:GetSecretValue"), CALLER),
        '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/loader"},'
        '"Action":"secretsmanager:GetSecretValue","Resource":"*"}',
    ),
    "a bucket's policy": (
        refused("s3:ListBucket", "arn:aws:s3:::feeds", IDENTITY.format("s3:ListBucket"), CALLER),
        '{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::feeds"}',
    ),
}


@pytest.mark.parametrize(("text", "owners"), RESOURCE_SIDE.values(), ids=RESOURCE_SIDE)
def test_the_other_account_s_policy_is_not_taken_for_the_caller_s(text: str, owners: str) -> None:
    answer = diagnosed(f"{text}\npolicy of the owner:\n{owners}")
    assert answer.verdict.cause == "identity.no-action"
    assert " already allows " in answer.verdict.summary
    assert "has that policy" not in answer.verdict.summary
    (fix,) = answer.fixes
    assert fix.title.startswith("Allow loader ")
    assert not answer.first_look


@pytest.mark.parametrize(
    ("caller", "shown"),
    [(CALLER, f"loader policy: sts:AssumeRole on {ROLE}"), (USER, "robot has AdministratorAccess")],
    ids=["a list", "a managed policy"],
)
def test_the_caller_s_side_is_done(caller: str, shown: str) -> None:
    answer = diagnosed(f"{refused('sts:AssumeRole', ROLE, '', caller)}\n{shown}")
    assert f"Check the other side in account {OTHER}" in answer.verdict.summary
    assert not any("caller's policies do not allow" in look.cause for look in answer.first_look)


def test_the_resource_s_side_is_named_where_the_caller_s_is_done() -> None:
    queue = f"arn:aws:sqs:us-east-1:{OTHER}:inbox"
    why = "because no resource-based policy allows the sqs:SendMessage action"
    own = f'{{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"{queue}"}}'
    answer = diagnosed(f"{refused('sqs:SendMessage', queue, why, CALLER)}\nloader role has:\n{own}")
    assert answer.verdict.cause == "resource.no-action"
    assert f"Check the other side in account {OTHER}" in answer.verdict.summary
    assert '"Principal": {"AWS": "arn:aws:iam::111122223333:role/loader"}' in str(answer.fixes[0].change)
    assert not answer.first_look


def test_a_list_of_another_identity_is_not_the_caller_s() -> None:
    assumed = '{"eventName":"AssumeRole","userIdentity":{"type":"IAMUser","userName":"jenkins"}}'
    parameter = f"arn:aws:ssm:eu-west-1:{HOME}:parameter/a"
    why = IDENTITY.format("ssm:PutParameter")
    answer = diagnosed(
        f"{assumed}\n{refused('ssm:PutParameter', parameter, why, CALLER)}\njenkins user has ssm:* so I am lost"
    )
    assert "attached to jenkins, not to loader" in answer.verdict.summary
    assert "A session has the permissions of its role" in answer.verdict.summary


def test_an_action_that_is_allowed_is_no_news_where_the_key_is_refused() -> None:
    called = "An error occurred (AccessDeniedException) when calling the GetSecretValue operation"
    text = f"{called}: Access to KMS is not allowed"
    answer = diagnosed(f"{text}\nrole card-api has secretsmanager:* on *")
    assert "has that policy" not in answer.verdict.summary


KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/9"
TO_ACCOUNT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}, "Action": "kms:*", "Resource": "*"}


def test_a_key_policy_that_leaves_everything_to_the_account_is_done() -> None:
    why = "because no resource-based policy allows the kms:GenerateDataKey action"
    answer = diagnosed(f"{refused('kms:GenerateDataKey', KEY, why, CALLER)}\nkey policy:\n{policy(TO_ACCOUNT)}")
    assert answer.verdict.cause == "identity.no-action"
    assert "the key policy leaves the decision to the account's own policies" in answer.verdict.summary
    assert answer.fixes[0].title == f"Allow loader kms:GenerateDataKey on {KEY}"


def test_a_key_policy_that_denies_it_is_not_done() -> None:
    deny = {**TO_ACCOUNT, "Effect": "Deny", "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/loader"}}
    answer = diagnosed(f"{refused('kms:Decrypt', KEY, '', CALLER)}\nkey policy:\n{policy(TO_ACCOUNT, deny)}")
    assert answer.verdict.cause == "resource.explicit-deny"
    assert " already allows " not in answer.verdict.summary


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-eusc"])
def test_a_policy_that_names_the_caller_s_account_is_done_in_every_partition(partition: str) -> None:
    why = "because no resource-based policy allows the kms:Decrypt action"
    text = f"{refused('kms:Decrypt', KEY, why, CALLER)}\nkey policy:\n{policy(TO_ACCOUNT)}"
    answer = diagnosed(text.replace("arn:aws:", f"arn:{partition}:"))
    assert answer.verdict.cause == "identity.no-action"
    assert " already allows " in answer.verdict.summary


def test_a_policy_of_another_role_is_not_the_caller_s() -> None:
    function = f"arn:aws:lambda:eu-west-1:{HOME}:function:f"
    own = f'{{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"{function}"}}'
    why = IDENTITY.format("lambda:InvokeFunction")
    text = f"{refused('lambda:InvokeFunction', function, why, CALLER)}\npolicy of role worker (other team): {own}"
    assert "attached to worker, not to loader" in diagnosed(text).verdict.summary


def test_both_sides_lack_it() -> None:
    text = f"Run aws-actions/configure-aws-credentials@v4\n{refused('sts:TagSession', ROLE, '', USER)}"
    own = f"# user's group policy: Allow sts:AssumeRole on {ROLE}"
    answer = diagnosed(f"{text}\n# trust policy of reader\n{trusting(USER)}\n{own}")
    assert answer.verdict.summary.startswith("Both sides lack it.")
    titles = [fix.title for fix in answer.fixes]
    assert titles[0] == "Let statement 1 allow sts:TagSession"
    assert titles[1].startswith("Allow sts:TagSession on ")
    assert titles[2] == "Or leave the session tags out"


def test_the_side_that_the_text_does_not_show_is_named_too() -> None:
    answer = diagnosed(f"{refused('sts:TagSession', ROLE, '', USER)}\n# trust policy of reader\n{trusting(USER)}")
    assert "For a cross-account call, the caller's own policies must allow the action, too." in answer.verdict.summary
    assert len(answer.fixes) == 2


@pytest.mark.parametrize("other", ["role/ci/reader", "role/Reader", "role/raeder"])
def test_a_role_in_another_spelling_is_asked_for_first(other: str) -> None:
    shown = f'$ aws iam get-role --role-name reader\n["arn:aws:iam::{OTHER}:{other}", {trusting(USER)}]'
    command = f"aws sts assume-role --role-arn {ROLE} --role-session-name x\n"
    answer = diagnosed(f"{command}{refused('sts:AssumeRole', ROLE, '', USER)}\n{shown}")
    assert answer.verdict.cause == "resource.not-found"
    assert f"the text also has arn:aws:iam::{OTHER}:{other}" in answer.verdict.summary
    assert "STS refuses a role that does not exist in the same way as a role" in answer.verdict.summary
    assert not answer.first_look


@pytest.mark.parametrize("other", ["role/reader-admin", "role/writer"])
def test_another_role_of_the_text_is_not_the_one_that_was_meant(other: str) -> None:
    shown = f"we also have arn:aws:iam::{OTHER}:{other}"
    command = f"aws sts assume-role --role-arn {ROLE} --role-session-name x\n"
    answer = diagnosed(f"{command}{refused('sts:AssumeRole', ROLE, '', USER)}\n{shown}")
    assert answer.verdict.cause != "resource.not-found"


def test_a_trusted_role_is_not_the_one_that_was_meant() -> None:
    caller = f"arn:aws:sts::{OTHER}:assumed-role/Reader/run"
    document = trusting(f"arn:aws:iam::{OTHER}:role/Reader")
    answer = diagnosed(
        f"aws sts assume-role --role-arn {ROLE}\n{refused('sts:AssumeRole', ROLE, '', caller)}\n{document}"
    )
    assert answer.verdict.cause != "resource.not-found"


def test_a_key_policy_that_leaves_only_its_management_to_the_account() -> None:
    key = f"arn:aws:kms:eu-west-1:{HOME}:key/7f10"
    why = "because no resource-based policy allows the kms:GenerateDataKey action"
    document = json.dumps(
        {
            "Sid": "Admin",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"},
            "Action": ["kms:Create*", "kms:Get*"],
            "Resource": "*",
        }
    )
    own = "loader's identity policy: kms:GenerateDataKey, kms:Decrypt on key/7f10; s3:PutObject on link-test/*"
    answer = diagnosed(f"{refused('kms:GenerateDataKey', key, why, CALLER)}\nkey policy:\n{document}\n# {own}")
    assert answer.verdict.cause == "resource.no-action"
    assert "an Allow in the caller's policy has no effect" in answer.verdict.summary
    assert '"Principal": {"AWS": "arn:aws:iam::111122223333:role/loader"}' in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    ("note", "title"),
    [
        ("RAM share pca-shared: that CA, principal 111122223333", "Compare the request with the share's permission"),
        ("permission = AWSRAMDefaultPermissionCertificateAuthority", "Compare the request with the share's permission"),
        ("the CA is not shared yet", "Let the resource's own policy allow loader"),
    ],
)
def test_the_permission_of_a_ram_share_decides(note: str, title: str) -> None:
    ca = f"arn:aws:acm-pca:eu-west-1:{OTHER}:certificate-authority/1"
    why = "because no resource-based policy allows the acm-pca:IssueCertificate action"
    text = refused("acm-pca:IssueCertificate", ca, why, CALLER)
    answer = diagnosed(f"{text}\n{note}\nloader policy: acm-pca:IssueCertificate on {ca}")
    assert answer.fixes[0].title == title


@pytest.mark.parametrize(("role", "linked"), [("AWSServiceRoleForAutoScaling", True), ("scaler", False)])
def test_a_key_policy_that_leaves_it_to_iam_does_not_reach_a_service_linked_role(role: str, linked: bool) -> None:
    key = f"arn:aws:kms:eu-west-1:{HOME}:key/11111111-2222-3333-4444-555555555555"
    whole = '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}'
    said = refused(
        "kms:CreateGrant", key, IDENTITY.format("kms:CreateGrant"), f"arn:aws:sts::{HOME}:assumed-role/{role}/x"
    )
    answer = diagnosed(f"{said}\nkey policy:\n{whole}")
    assert (answer.verdict.cause == "resource.no-action") is linked
    assert ("only the service can change the policies of" in answer.verdict.summary) is linked
    assert ('"Principal": {"AWS"' in str(answer.fixes[0].change)) is linked


DESTINATION = f"arn:aws:logs:eu-west-1:{OTHER}:destination:central"
FILTER = (
    "An error occurred (AccessDeniedException) when calling the PutSubscriptionFilter operation: User with accountId: "
    f"{HOME} is not authorized to perform PutSubscriptionFilter on resources: {DESTINATION}\n"
)


@pytest.mark.parametrize(
    ("principal", "cause"),
    [("777788889999", "resource.principal-mismatch"), (f"arn:aws:iam::{OTHER}:root", "resource.principal-mismatch")],
)
@pytest.mark.parametrize("as_output", [True, False])
def test_a_destinations_policy_is_compared_with_the_account_of_the_message(
    principal: str, cause: str, as_output: bool
) -> None:
    allows = {"AWS": principal}
    statement = {"Effect": "Allow", "Principal": allows, "Action": "logs:PutSubscriptionFilter", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
    shown = json.dumps({"destinations": [{"accessPolicy": document}]}, indent=4) if as_output else document
    answer = diagnosed(f"{FILTER}describe-destinations:\n{shown}\n")
    assert answer.verdict.cause == cause
    assert f"names {principal}, not arn:aws:iam::{HOME}:root" in answer.verdict.summary
    assert not any("Allow root" in each.title for each in answer.fixes)


def test_a_destinations_policy_that_names_the_account_is_not_the_cause() -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "logs:PutSubscriptionFilter", "Resource": "*"}
    text = f"{FILTER}{policy(statement)}"
    assert "does not allow" not in diagnosed(text).verdict.summary


POINT = f"arn:aws:s3:eu-west-1:{OTHER}:accesspoint/sales"


@pytest.mark.parametrize(
    ("action", "resource", "more"),
    [
        ("s3:GetObject", f"{POINT}/object/a", "The policy of the access point's bucket must allow the request, too"),
        ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{OTHER}:in", "was saved before the call."),
    ],
)
def test_a_resources_policy_that_allows_what_aws_says_none_does(action: str, resource: str, more: str) -> None:
    role = f"arn:aws:iam::{HOME}:role/loader"
    text = refused(action, resource, f"because no resource-based policy allows the {action} action", CALLER)
    statement = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": action, "Resource": "*"}
    said = diagnosed(f"{text}\nresource policy:\n{policy(statement)}").verdict.summary
    assert "AWS found no policy of the resource that does" in said and more in said
    statement["Principal"] = {"AWS": f"{role}s"}
    said = diagnosed(f"{text}\nresource policy:\n{policy(statement)}").verdict.summary
    assert "AWS found no policy of the resource that does" not in said


FUNCTION = f"arn:aws:lambda:eu-west-1:{OTHER}:function:price"


@pytest.mark.parametrize(
    ("invoked", "named", "of_alias"),
    [
        (f"{FUNCTION}:live", FUNCTION, True),
        (f"{FUNCTION}:7", FUNCTION, True),
        (FUNCTION, FUNCTION, False),
        (f"{FUNCTION}:live", f"{FUNCTION}:live", False),
        (f"{FUNCTION}:live", f"{FUNCTION}:old", False),
    ],
)
def test_an_alias_has_a_policy_of_its_own(invoked: str, named: str, of_alias: bool) -> None:
    action, caller = "lambda:InvokeFunction", {"AWS": f"arn:aws:iam::{HOME}:role/loader"}
    text = refused(action, invoked, f"because no resource-based policy allows the {action} action", CALLER)
    shown = policy({"Effect": "Allow", "Principal": caller, "Action": action, "Resource": named})
    answer = diagnosed(f"{text}\nget-policy:\n{shown}")
    assert ("Each version and alias of a function has its own policy" in answer.verdict.summary) is of_alias
    assert any("--qualifier" in str(each.change) for each in answer.fixes) is of_alias


def test_the_callers_own_policy_comes_before_a_condition_whose_value_is_unknown() -> None:
    refused = (
        "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::111122223333:"
        "assumed-role/ci/run is not authorized to perform: sts:AssumeRole on resource: "
        "arn:aws:iam::444455556666:role/prod"
    )
    trust = (
        '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/ci"},"Action":'
        '"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}]}'
    )
    own = '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::444455556666:role/d-*"}]}'
    found = diagnosed(f"{refused}\ntrust policy of prod:\n{trust}\npolicy of ci:\n{own}\n")
    assert found.verdict.cause == "identity.resource-mismatch"
    assert found.verdict.summary.startswith("The caller's own policy in the text does not allow sts:AssumeRole")
    found = diagnosed(f"{refused}\ntrust policy of prod:\n{trust}\npolicy of ci:\n{own.replace('d-*', 'prod')}\n")
    assert found.verdict.cause == "trust.condition-unknown"


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Our identity policy allows it already.", False),
        ("The caller's side is done.", False),
        ("What do we have to change?", True),
    ],
)
def test_the_own_side_is_not_asked_for_if_the_author_says_that_it_allows_the_call(said: str, asked: bool) -> None:
    key = f"arn:aws:kms:eu-west-1:{OTHER}:key/6b0a3c0e-7d9e-4a52-93c1-9a0c8a4f7711"
    reason = "because no resource-based policy allows the kms:Decrypt action"
    grants = {"AWS": f"arn:aws:iam::{OTHER}:root"}
    document = policy({"Effect": "Allow", "Principal": grants, "Action": "kms:*", "Resource": "*"})
    found = diagnosed(f"{refused('kms:Decrypt', key, reason, CALLER)}\n{said} Key policy:\n{document}")
    assert found.verdict.cause == "resource.principal-mismatch"
    assert any("Allow loader kms:Decrypt" in each.title for each in found.fixes) is asked


def test_a_managed_policy_of_the_caller_without_the_action_comes_before_an_unknown_condition() -> None:
    trust = trusting("*")[:-1] + ', "Condition": {"StringEquals": {"aws:PrincipalOrgId": "o-ab12cd34ef"}}}'
    text = f"{refused('sts:AssumeRole', ROLE, '', USER)}\ntrust policy:\n{trust}\npolicies of robot: ReadOnlyAccess"
    verdict = diagnosed(text).verdict
    assert verdict.cause == "identity.no-action"
    assert "none of the attached AWS managed policies allows sts:AssumeRole" in verdict.summary
    own = text.replace(f":{OTHER}:", f":{HOME}:")  # within an account, a trust policy that names the caller is enough
    assert diagnosed(own).verdict.cause != "identity.no-action"
