"""A value that no request has in this form is corrected; a value in the right form is not."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import no_identity

ZONE = "arn:aws:route53:::hostedzone/Z08815523NQ4M7"
CHANGE = "route53:ChangeResourceRecordSets"


def said(key: str, value: str, operator: str = "ForAllValues:StringEquals", before: str = "") -> str:
    condition = f'"Condition":{{"{operator}":{{"{CHANGE}{key}":["{value}"]}}}}'
    policy = f'{{"Effect":"Allow","Action":"{CHANGE}","Resource":"{ZONE}",{condition}}}'
    return collect_offline(read_text(f"{before}{no_identity(CHANGE, ZONE)}\n\n{policy}")[0]).verdict.summary


@pytest.mark.parametrize(
    ("key", "value", "right"),
    [
        ("NormalizedRecordNames", "_acme-challenge.Api.example.com", "write _acme-challenge.api.example.com"),
        ("NormalizedRecordNames", "api.example.com.", "write api.example.com"),
        ("RecordTypes", "txt", "write TXT"),
        ("Actions", "upsert", "write UPSERT"),
    ],
)
@pytest.mark.parametrize("operator", ["ForAllValues:StringEquals", "ForAnyValue:StringEquals"])
def test_a_value_in_a_form_that_no_request_has_is_corrected(key: str, value: str, right: str, operator: str) -> None:
    assert right in said(key, value, operator)


@pytest.mark.parametrize(
    ("key", "value", "operator"),
    [
        ("NormalizedRecordNames", "api.example.com", "ForAllValues:StringEquals"),
        ("NormalizedRecordNames", "Api.example.com", "ForAllValues:StringEqualsIgnoreCase"),
        ("RecordTypes", "TXT", "ForAllValues:StringEquals"),
    ],
)
def test_a_value_in_the_right_form_is_kept(key: str, value: str, operator: str) -> None:
    assert "never matches" not in said(key, value, operator)


@pytest.mark.parametrize(
    ("before", "known"),
    [
        ("cert-manager, DNS-01: ", True),
        ("external-dns: ", False),
        ("external-dns --registry=txt: ", True),
        ("ExternalDNS, registry: txt ", True),
        ("helm chart external-dns, txtOwnerId: blue ", True),
        ("external-dns --registry=dynamodb: ", False),
        ("--registry=txt of another program: ", False),
    ],
)
def test_a_program_that_writes_txt_records_sends_this_type(before: str, known: bool) -> None:
    assert ("and it is TXT" in said("RecordTypes", "A", before=before)) is known


INDEX = "arn:aws:dynamodb:us-east-1:210987654321:table/Bookings"
LEADING = '"Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["${aws:PrincipalTag/tenant}"]}}'


@pytest.mark.parametrize(("on", "named"), [(f"{INDEX}/index/byDate", True), (INDEX, False)])
def test_the_partition_key_of_an_index_is_its_own(on: str, named: bool) -> None:
    allowed = f'{{"Effect":"Allow","Action":"dynamodb:Query","Resource":"{INDEX}*",{LEADING}}}'
    summary = collect_offline(read_text(f"{no_identity('dynamodb:Query', on)}\n\n{allowed}")[0]).verdict.summary
    assert ("the key has the index's own partition key" in summary) is named


NODE = "arn:aws:ec2:eu-west-1:210987654321:instance/i-0c93be1d72fa40e58"


@pytest.mark.parametrize(("key", "named"), [("env", True), ("ENV", True), ("Env", False), ("stage", False)])
def test_a_tags_key_that_differs_in_letter_case_is_named(key: str, named: bool) -> None:
    condition = '"Condition":{"StringEquals":{"aws:ResourceTag/Env":"staging"}}'
    allowed = f'{{"Effect":"Allow","Action":"ec2:StopInstances","Resource":"*",{condition}}}'
    text = f"{no_identity('ec2:StopInstances', NODE)}\n\n{allowed}\nthe instance has tag {key}=staging"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("the keys differ in letter case" in summary) is named


@pytest.mark.parametrize(
    ("around", "condition", "named"),
    [
        ("private DNS of the endpoint = on, vpc-0c71aa22", "", True),
        ("we added an interface endpoint", ',"Bool":{"aws:ViaAWSService":"false"}', True),
        ("there is no VPC endpoint", "", False),
        ("my address is 198.51.100.7, the VPC endpoint is for production", "", False),
        ("we added an interface endpoint", ',"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}', False),
    ],
)
def test_a_deny_by_address_matches_calls_through_an_endpoint(around: str, condition: str, named: bool) -> None:
    denied = no_identity("sqs:SendMessage", "arn:aws:sqs:eu-west-1:210987654321:q").partition(" because")[0]
    condition = f'"Condition":{{"NotIpAddress":{{"aws:SourceIp":["192.0.2.0/24"]}}{condition}}}'
    text = (
        f"{denied} with an explicit deny in an identity-based policy\n\n"
        f'{{"Effect":"Deny","Action":"*","Resource":"*",{condition}}}\n{around}\n'
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("a request through a VPC endpoint has no aws:SourceIp" in summary) is named


DESCRIBED = (
    "$ aws ec2 describe-tags --filters Name=resource-id,Values=i-0c93be1d72fa40e58\n"
    '{{"Tags":[{{"Key":"{}","ResourceId":"i-0c93be1d72fa40e58","ResourceType":"instance","Value":"{}"}}]}}\n'
)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("Env", "live", "and it is live"), ("env", "staging", "the keys differ in letter case"), ("Env", "staging", "")],
)
def test_the_tags_that_the_cli_prints_are_compared(key: str, value: str, said: str) -> None:
    condition = '"Condition":{"StringEquals":{"aws:ResourceTag/Env":"staging"}}'
    allowed = f'{{"Effect":"Allow","Action":"ec2:StopInstances","Resource":"*",{condition}}}'
    text = f"{no_identity('ec2:StopInstances', NODE)}\n\n{allowed}\n\n{DESCRIBED.format(key, value)}"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert said in summary and "ResourceId" not in summary and ("staging" in summary) is bool(said)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ("change batch: UPSERT edge.acme.example A ; UPSERT a-edge.acme.example TXT", "A and TXT"),
        ('{"Action": "UPSERT", "ResourceRecordSet": {"Name": "x.acme.example", "Type": "MX"}}', "it is MX"),
        ("CREATE CNAME www.acme.example", "it is CNAME"),
    ],
)
def test_the_types_of_listed_changes_are_read(changes: str, shown: str) -> None:
    assert shown in said("RecordTypes", "AAAA", before=f"{changes}\n")


@pytest.mark.parametrize("changes", ["UPSERT edge.acme.example A", "we CREATE A LOT of records", "A and TXT exist"])
def test_types_that_fit_or_are_no_changes_are_not_named(changes: str) -> None:
    assert "and it is" not in said("RecordTypes", "A", before=f"{changes}\n")


ROWS = "arn:aws:dynamodb:us-east-1:210987654321:table/Rows"


@pytest.mark.parametrize(("variable", "dead"), [("aws:username", True), ("aws:PrincipalTag/login", False)])
def test_a_variable_that_the_caller_never_has_matches_nothing(variable: str, dead: bool) -> None:
    condition = f'"Condition":{{"ForAllValues:StringEquals":{{"dynamodb:LeadingKeys":["${{{variable}}}"]}}}}'
    allowed = f'{{"Effect":"Allow","Action":"dynamodb:Query","Resource":"{ROWS}",{condition}}}'
    summary = collect_offline(read_text(f"{no_identity('dynamodb:Query', ROWS)}\n\n{allowed}")[0]).verdict.summary
    assert ("this caller's requests never have" in summary) is dead


def of_a_deny(condition: str) -> str:
    denied = no_identity("s3:GetObject", "arn:aws:s3:::lake/1").partition(" because ")[0]
    deny = f'{{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{{{condition}}}}}'
    text = f'{denied} with an explicit deny in a resource-based policy\n\nbucket policy: {{"Statement":[{deny}]}}'
    answer = collect_offline(read_text(text)[0])
    return f"{answer.verdict.summary} {answer.fixes[0].title}"


@pytest.mark.parametrize(
    ("condition", "right"),
    [
        ('"StringNotEquals":{"aws:SourceVpc":"vpce-07c1e9d0a4b2f8356"}', "for a vpce ID use aws:SourceVpce"),
        ('"StringNotEquals":{"aws:SourceVpce":"vpc-07c1e9d0a4b2f8356"}', "for a vpc ID use aws:SourceVpc"),
        ('"StringNotEquals":{"aws:PrincipalAccount":"o-k7m2x94qtd"}', "use aws:PrincipalOrgID"),
        ('"StringNotEquals":{"aws:PrincipalOrgID":"444455556666"}', "use aws:PrincipalAccount"),
        ('"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","172.16.3.0/24"]}', "use aws:VpcSourceIp"),
    ],
)
def test_a_deny_that_excepts_what_no_request_has_is_corrected(condition: str, right: str) -> None:
    found = of_a_deny(condition)
    assert right in found
    assert "the statement denies every request" in found
    assert "Correct the values of" in found


@pytest.mark.parametrize(
    "condition",
    [
        '"StringNotEquals":{"aws:SourceVpc":"vpc-07c1e9d0a4b2f8356"}',
        '"StringNotEquals":{"aws:SourceVpc":["vpce-07c1e9d0a4b2f8356","vpc-07c1e9d0a4b2f8356"]}',
        '"StringEquals":{"aws:SourceVpc":"vpce-07c1e9d0a4b2f8356"}',
        '"StringNotEquals":{"aws:SourceVpc":"VPC_ID"}',
        '"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.7"]}',
    ],
)
def test_a_deny_that_excepts_a_possible_value_is_not_corrected(condition: str) -> None:
    assert "denies every request" not in of_a_deny(condition)
