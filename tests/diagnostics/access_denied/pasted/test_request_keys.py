"""The condition keys of a denied request, as far as the text around its policies shows them."""

from __future__ import annotations

import json

import pytest

from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, document_of
from diagnostics.access_denied.pasted.request_ids import (
    left_out_subnet,
    no_external_id,
    other_external_id,
    sent_values,
    thing_named,
)
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from tests.support.texts.answers import answer_to


def trust(wanted: str) -> PastedPolicy:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": wanted}},
    }
    document = document_of([json.loads(json.dumps(statement))])
    return PastedPolicy(document, document, (statement,), "", True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("STORAGE_AWS_EXTERNAL_ID    AB1_SFCRole=4_new==", "AB1_SFCRole=4_new=="),
        ("API_AWS_EXTERNAL_ID\tAB1_SFCRole=4_new==\n", "AB1_SFCRole=4_new=="),
        ("STORAGE_AWS_EXTERNAL_ID   String   AB1_SFCRole=4_new==", "AB1_SFCRole=4_new=="),
        ("| STORAGE_AWS_EXTERNAL_ID | String | AB1_SFCRole=4_new== |", "AB1_SFCRole=4_new=="),
        ("the external ID is acme-7733", "acme-7733"),
        ('external_id = "acme-7733"', "acme-7733"),
        ("external id in the vendor's UI: acme-7733", "acme-7733"),
    ],
)
def test_an_external_id_is_read_to_its_end(text: str, value: str) -> None:
    assert [had.words for had in other_external_id(text, [trust("old")]).values()] == [value]


@pytest.mark.parametrize("text", ["the external ID was changed in 2024 by us", 'external_id = "old"', "no external ID"])
def test_words_are_no_external_id(text: str) -> None:
    assert not other_external_id(text, [trust("old")])


def of_subnets(*subnets: str) -> PastedPolicy:
    values = [f"arn:aws:ec2:eu-west-1:111122223333:subnet/{each}" for each in subnets]
    condition = {"StringEquals": {"ec2:Subnet": values}}
    statement = {
        "Effect": "Allow",
        "Action": "ec2:CreateNetworkInterfacePermission",
        "Resource": "*",
        "Condition": condition,
    }
    document = document_of([json.loads(json.dumps(statement))])
    return PastedPolicy(document, document, (statement,), "", True)


@pytest.mark.parametrize(
    ("outside", "value"),
    [
        ("project subnets: subnet-0aa14c11, subnet-0bb25d22", "subnet-0bb25d22"),
        ('"SubnetIds": ["subnet-0bb25d22", "subnet-0aa14c11"]', "subnet-0bb25d22"),
        ("vpc_config:\n - subnet-0aa14c11\n - subnet-0cc", ""),
        ("subnets: subnet-0aa14c11", ""),
        ("subnets: subnet-0bb25d22", ""),
        ("subnets: subnet-0aa14c11, subnet-0bb25d22, subnet-0cc36e33", ""),
    ],
)
def test_the_subnet_that_the_condition_lacks_is_that_of_the_refused_call(outside: str, value: str) -> None:
    found = left_out_subnet(outside, [of_subnets("subnet-0aa14c11")])
    assert [had.words.rpartition("/")[2] for had in found.values()] == ([value] if value else [])


ROLE = "arn:aws:iam::444455556666:role/Provision"
BLOCK = f'assume_role {{ role_arn = "{ROLE}" %s }}'


@pytest.mark.parametrize(
    ("outside", "sends_none"),
    [
        (BLOCK % "", True),
        (BLOCK.replace("role {", "role = {") % 'session_name = "ci"', True),
        (f"[profile customer]\nrole_arn = {ROLE}\nsource_profile = base\n", True),
        (BLOCK % 'external_id = "new"', False),
        (BLOCK % "...", False),
        (BLOCK.replace("Provision", "Other") % "", False),
        (f"{BLOCK % ''}\n{BLOCK % 'external_id = var.id'}", False),
        ("the provider assumes the role Provision", False),
    ],
)
def test_a_block_that_is_shown_whole_sends_no_external_id(outside: str, sends_none: bool) -> None:
    called = Denial(outside, "AccessDenied", action="sts:AssumeRole", resource=ROLE)
    assert bool(no_external_id(called, outside, [trust("new")])) is sends_none


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("thing name pump-0417, cert active", "pump-0417"),
        ("aws iot describe-thing --thing-name gateway", "gateway"),
        ('"thingName": "gateway"', "gateway"),
        ("thingName: pump-1\nthingName: pump-2", ""),
        ("the thing name must be the client ID", ""),
        ("cert: active\nthing: pump-7   (attached: yes)", "pump-7"),
        ("IoT thing = gateway", "gateway"),
        ("thing: it works with another client", ""),
    ],
)
def test_the_only_thing_of_a_text_is_read(text: str, thing: str) -> None:
    assert thing_named(text) == thing


EU = "https://eu-central-1.signin.aws.amazon.com/saml"


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        (f'<SubjectConfirmationData Recipient="{EU}"/>', "SAML:aud", EU),
        (f"<Audience>{EU}</Audience>", "SAML:aud", None),
        ("curl --aws-sigv4 x -X POST -d @a.json https://h/quote", "vpc-lattice-svcs:RequestMethod", "POST"),
        ('"PUT /quote HTTP/1.1" 403', "vpc-lattice-svcs:RequestMethod", "PUT"),
        ("curl https://h/quote", "vpc-lattice-svcs:RequestMethod", None),
        ("curl -X POST https://h/quote", "s3:x-amz-acl", None),
        ("from='Billing <Billing@example.com>'", "ses:FromAddress", "Billing@example.com"),
        ("From: noreply@mail.example.com\nTo: a@example.org", "ses:FromAddress", "noreply@mail.example.com"),
        ("aws sesv2 send-email --from-email-address ops@example.com", "ses:FromAddress", "ops@example.com"),
        ("'Source': 'ops@example.com', 'Destination': 1", "ses:FromAddress", "ops@example.com"),
        ("we moved from ops@example.com to it@example.com", "ses:FromAddress", None),
        ("From: a@example.com\nFrom: b@example.com", "ses:FromAddress", None),
    ],
)
def test_what_a_request_sends_is_read(text: str, key: str, value: str | None) -> None:
    assert [had.words for had in sent_values(text, [key]).values()] == ([value] if value else [])


UNTIL = (
    "User: arn:aws:iam::111122223333:user/eva is not authorized to perform: sts:AssumeRole on resource: "
    "arn:aws:iam::444455556666:role/audit\n"
    '{{"Statement": [{{"Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::111122223333:root"}}, '
    '"Action": "sts:AssumeRole", "Condition": {{"DateLessThan": {{"aws:CurrentTime": "{}"}}}}}}]}}\n'
)


@pytest.mark.parametrize(
    ("until", "around", "cause"),
    [
        ("2024-01-31T00:00:00Z", "", "trust.condition-unmet"),  # no time in the text: the present
        ("2024-01-31T00:00:00Z", "2024-02-01T08:00:00Z denied", "trust.condition-unmet"),
        ("2024-01-31T00:00:00Z", "2024-01-30 23:50:00 denied", "trust.condition-unknown"),  # the zone is unknown
    ],
)
def test_an_allow_that_has_ended_is_found_by_the_time_of_the_call(until: str, around: str, cause: str) -> None:
    verdict = collect_offline(read_text(f"{around}\n{UNTIL.format(until)}")[0]).verdict
    assert verdict.cause == cause
    assert until in verdict.summary


def test_an_allow_that_goes_on_is_not_the_cause() -> None:
    verdict = collect_offline(read_text(UNTIL.format("2099-01-31T00:00:00Z"))[0]).verdict
    assert verdict.cause != "trust.condition-unmet"


@pytest.mark.parametrize(("stated", "differs"), [("7654321", True), ("1234567", False)])
def test_new_relics_account_is_its_external_id(stated: str, differs: bool) -> None:
    text = (
        "User: arn:aws:iam::754728514883:user/nr is not authorized to perform: sts:AssumeRole on resource: "
        f"arn:aws:iam::444455556666:role/NewRelic\nNew Relic account ID: {stated}\n"
        '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "754728514883"}, "Action": "sts:AssumeRole", '
        '"Condition": {"StringEquals": {"sts:ExternalId": "1234567"}}}]}'
    )
    assert (f"to be 1234567, and it is {stated}" in answer_to(text)) is differs


CREATED = (
    "AccessDenied: User: arn:aws:sts::730214896655:assumed-role/provisioner/17 is not authorized to perform: "
    "{action} on resource: {on} because no identity-based policy allows the {action} action\n\n{setting}\n\n"
    "policy of provisioner:\n- Effect: Allow\n  Action: {action}\n  Resource: '*'\n  Condition:\n    StringEquals:\n"
    "      {key}: {wanted}\n"
)
BOUNDARY = "arn:aws:iam::730214896655:policy/{}"


@pytest.mark.parametrize(
    ("action", "on", "key", "wanted", "setting", "had"),
    [
        (
            "iam:CreateRole",
            "arn:aws:iam::730214896655:role/a",
            "iam:PermissionsBoundary",
            BOUNDARY.format("teams/Limit"),
            f"spec.forProvider.permissionsBoundary: {BOUNDARY.format('Limit')}",
            BOUNDARY.format("Limit"),
        ),
        (
            "iam:CreateUser",
            "arn:aws:iam::730214896655:user/a",
            "iam:PermissionsBoundary",
            BOUNDARY.format("Limit"),
            f'  permissions_boundary_arn = "{BOUNDARY.format("limit")}"',
            BOUNDARY.format("limit"),
        ),
        (
            "rds:CreateDBInstance",
            "arn:aws:rds:eu-west-1:730214896655:db:a",
            "rds:DatabaseClass",
            "db.t4g.medium",
            "spec.forProvider.databaseClass: db.r6g.large",
            "db.r6g.large",
        ),
    ],
)
def test_a_setting_with_another_value_than_the_condition_is_named(
    action: str, on: str, key: str, wanted: str, setting: str, had: str
) -> None:
    text = CREATED.format(action=action, on=on, setting=setting, key=key, wanted=wanted)
    answer = collect_offline(read_text(text)[0])
    assert f"needs {key} to be {wanted}, and it is {had}" in answer.verdict.summary
    assert f", write {wanted} instead of {had}." in getattr(answer.fixes[0].change, "text", "")
    same = collect_offline(read_text(text.replace(had, wanted))[0]).verdict.summary
    assert "and it is" not in same


def test_another_program_s_setting_of_a_similar_name_is_no_value_of_the_key() -> None:
    text = CREATED.format(
        action="iam:CreateRole",
        on="arn:aws:iam::730214896655:role/a",
        setting=f"permissionsBoundaryOwner: {BOUNDARY.format('Other')}",
        key="iam:PermissionsBoundary",
        wanted=BOUNDARY.format("Limit"),
    )
    assert "and it is" not in collect_offline(read_text(text)[0]).verdict.summary


def test_a_setting_above_a_policy_does_not_say_what_the_policy_is() -> None:
    text = (
        "AccessDenied: User: arn:aws:iam::730214896655:user/ops is not authorized to perform: iam:CreateUser on "
        "resource: arn:aws:iam::730214896655:user/bots/mailer because no identity-based policy allows the "
        f'iam:CreateUser action\n\nresource "aws_iam_user" "mailer" {{\n  name = "mailer"\n  permissions_boundary = '
        f'"{BOUNDARY.format("bot-boundary")}"\n}}\nops policy:\n- Effect: Allow\n  Action: iam:CreateUser\n'
        "  Resource: arn:aws:iam::730214896655:user/bots/*\n  Condition:\n    StringEquals:\n"
        f"      iam:PermissionsBoundary: {BOUNDARY.format('bots-boundary')}\n"
    )
    answer = collect_offline(read_text(text)[0])
    assert f"to be {BOUNDARY.format('bots-boundary')}, and it is" in answer.verdict.summary
    assert "In the setting permissions_boundary, write" in getattr(answer.fixes[0].change, "text", "")
