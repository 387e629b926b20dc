"""Near values of a paste lead its answer; numbered siblings, matched patterns and other kinds do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Status, Step, Verdict
from diagnostics.text.near_pairs.answer import with_near_step
from diagnostics.text.near_pairs.best_pair import near_pair
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.similarity import id_slip, slip
from iam.claims import Ground, confidence

PASTES = [part.partition("\n") for part in Path(__file__).with_name("pastes.txt").read_text("utf-8").split("=== ")[1:]]
NEAR = [(head.split(" | "), paste.strip()) for head, _, paste in PASTES if " | " in head]
APART = [(head.strip(), paste.strip()) for head, _, paste in PASTES if " | " not in head]


@pytest.mark.parametrize(("named", "paste"), NEAR, ids=[named[0] for named, _ in NEAR])
def test_both_values_lead_the_answer(named: list[str], paste: str) -> None:
    verdict = collect_offline(read_text(paste)[0]).verdict
    assert named[1] in verdict.summary
    assert named[2] in verdict.summary


@pytest.mark.parametrize("paste", [paste for _, paste in APART], ids=[name for name, _ in APART])
def test_two_values_that_are_two_are_no_pair(paste: str) -> None:
    assert not any(near_pair(failure) for failure in read_text(paste))


def test_the_usual_causes_and_other_fixes_are_left_out() -> None:
    paste = next(paste for named, paste in NEAR if named[0] == "role-plural")
    answer = collect_offline(read_text(paste)[0])
    assert [fix.title for fix in answer.fixes] == ["Attach the policy to report-worker, or use report-workers"]
    assert not answer.first_look
    assert "no more permissions" not in answer.verdict.summary


def test_a_text_typed_off_a_screen_is_read_with_the_names_that_it_corrects() -> None:
    said = "User: arn:aws:iam::663120948857:user/sync is not authorized to perform: dynamodb:PutItem on resource: "
    table = "arn:aws:dynamodb:us-west-2:663120948857:table/custumers"
    failure = read_text(f"(typed off the screen)\n{said}{table}\nthe real table is called customers")[0]
    assert getattr(failure, "resource", "") == table.replace("custumers", "customers")
    assert "customers (the text says custumers)" in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("orders", "order", True),
        ("app-prod", "app-production", True),
        ("edge-api", "edge/api", True),
        ("Reader", "reader", True),
        ("netwrok", "network", True),
        ("web-1", "web-2", False),
        ("lake-a", "lake-b", False),
        ("app-v1", "app-v2", False),
        ("reader", "loader", False),
        ("orders", "orders-dlq", False),
        ("app-dev", "app-prod", False),
        ("eu-west", "eu-east", False),
    ],
)
def test_names(one: str, other: str, near: bool) -> None:
    assert bool(slip(one, other)) is near
    assert bool(slip(other, one)) is near


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("219950530087", "219905530087", True),
        ("vpce-0b6677c2d1e3f4a50", "vpce-0b6677c2d1e3f4a05", True),
        ("subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002", False),
        ("111111111111", "111111111112", False),
        ("718834120659", "402281190573", False),
    ],
)
def test_identifiers(one: str, other: str, near: bool) -> None:
    assert bool(id_slip(one, other)) is near


SCP = (
    "User: arn:aws:sts::343434343434:assumed-role/Admin/kim is not authorized to perform: {} with an explicit deny "
    "in a service control policy\nNotAction list of the SCP: budgets:*, cloudfront:*, iam:*, support:*, ..."
)


@pytest.mark.parametrize(
    ("action", "listed"),
    [("supportplans:GetSupportPlan", False), ("support:DescribeCases", True), ("account:GetContactInformation", False)],
)
def test_an_action_that_notaction_does_not_list_is_said(action: str, listed: bool) -> None:
    answer = collect_offline(read_text(SCP.format(action))[0])
    service = action.partition(":")[0]
    assert (f"add {service}:* to NotAction" in answer.verdict.summary) is not listed
    assert answer.verdict.cause == "scp.explicit-deny"


def test_a_call_in_a_region_is_not_exempted_by_its_service() -> None:
    action = "bedrock:InvokeModel on resource: arn:aws:bedrock:us-west-2::foundation-model/a.b-v1:0"
    assert near_pair(read_text(SCP.format(action))[0]) is None


@pytest.mark.parametrize(
    ("service", "region", "regions", "added"),
    [
        (
            "acm:RequestCertificate on resource: arn:aws:acm:{}:343434343434:certificate/*",
            "us-east-1",
            "eu-west-1",
            "acm",
        ),
        (
            "wafv2:CreateWebACL on resource: arn:aws:wafv2:{}:343434343434:global/webacl/a/b",
            "us-east-1",
            "eu-west-3",
            "wafv2",
        ),
        ("acm:RequestCertificate on resource: arn:aws:acm:{}:343434343434:certificate/*", "us-west-2", "eu-west-1", ""),
        ("acm:RequestCertificate on resource: arn:aws:acm:{}:343434343434:certificate/*", "us-east-1", "us-east-1", ""),
        ("sqs:CreateQueue on resource: arn:aws:sqs:{}:343434343434:jobs", "us-east-1", "eu-west-1", ""),
    ],
)
def test_only_what_cloudfront_needs_is_exempted_in_its_region(
    service: str, region: str, regions: str, added: str
) -> None:
    scp = f"{SCP.format(service.format(region))}\nCondition: StringNotEquals aws:RequestedRegion [{regions}]"
    summary = collect_offline(read_text(scp)[0]).verdict.summary
    assert (f"add {added}:* to NotAction" in summary) if added else ("to NotAction" not in summary)


@pytest.mark.parametrize(("kind", "paired"), [("inference-profile/us.a.b-v1:0", False), ("model-import-job/x", True)])
def test_an_inference_profile_chooses_the_region_of_its_model(kind: str, paired: bool) -> None:
    model = "arn:aws:bedrock:{}::foundation-model/a.b-v1:0"
    text = (
        f"It calls {model.format('us-east-1')} and arn:aws:bedrock:us-east-1:111122223333:{kind}\nUser: "
        "arn:aws:sts::111122223333:assumed-role/app/x is not authorized to perform: bedrock:InvokeModel on resource: "
        f"{model.format('us-west-2')} because no identity-based policy allows the bedrock:InvokeModel action"
    )
    assert (near_pair(read_text(text)[0]) is not None) is paired


@pytest.mark.parametrize(("program", "emulated"), [("Emulator with AUTH=true", True), ("our account", False)])
def test_an_emulator_that_compares_a_secret_by_its_name_alone(program: str, emulated: bool) -> None:
    secret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:db"
    refused = f"... is not authorized to perform: secretsmanager:GetSecretValue on resource: {secret} because no"
    text = f"{program}\nResource: {secret}-??????\n{refused} identity-based policy allows ..."
    pair = near_pair(read_text(text)[0])
    assert (pair is not None) is emulated


def test_in_an_account_the_pair_is_a_step_and_the_account_decides() -> None:
    paste = next(paste for named, paste in NEAR if named[0] == "role-plural")
    first = Step("message", "What the text says", Status.PASS, "x")
    verdict = Verdict("identity.no-action", confidence(Ground.EVALUATED), "No statement allows it.")
    parts = list(with_near_step(read_text(paste)[0], iter((first, verdict))))
    assert [getattr(part, "id", "") for part in parts] == ["message", "near-values", ""]
    assert parts[-1] is verdict


def test_two_values_beside_one_policy_are_not_both_said_to_be_in_it() -> None:
    text = (
        "AWS::S3::Bucket notification: Unable to validate the following destination configurations (Service: S3)\n"
        "topic policy: "
        '{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"SNS:Publish","Resource":'
        '"arn:aws:sns:me-south-1:310477825961:t","Condition":{"StringEquals":{"aws:SourceAccount":"310477825916"}}}'
        "\nbucket is in 310477825961"
    )
    pair = near_pair(read_text(text)[0])
    assert pair is not None
    assert pair.sentence.startswith("The text has the account 310477825961, but the topic policy names 310477825916")


@pytest.mark.parametrize(
    ("asked", "written", "change"),
    [
        ("Acme/infra", "repo:acme/infra:ref:refs/heads/main", "write repo:Acme/infra:ref:refs/heads/main instead"),
        ("E2QWRUHEXAMP7K", "arn:aws:cloudfront::111122223333:distribution/E1PA6795UKMFR9",
         "write arn:aws:cloudfront::111122223333:distribution/E2QWRUHEXAMP7K instead"),
        ("444455556666", "arn:aws:iam::444455556665:role/ops", "write arn:aws:iam::444455556666:role/ops instead"),
        ("orders", "order", "write it instead of order"),
        ("arn:aws:sqs:eu-west-1:111122223333:orders", "arn:aws:sqs:eu-west-1:111122223333:order", "write it instead"),
    ],
)  # fmt: skip
def test_a_part_is_replaced_within_its_value(asked: str, written: str, change: str) -> None:
    pair = NearPair("name", asked, "the call", written, "the policy", "they differ", Basis.RULE, "x")
    assert change in str(pair.fix.change)


@pytest.mark.parametrize(
    ("layer", "cause"),
    [("VPC endpoint policy", "vpce.condition-unmet"), ("resource-based policy", "resource.principal-mismatch")],
)
def test_the_cause_is_of_the_policy_that_aws_names(layer: str, cause: str) -> None:
    text = (
        "User: arn:aws:sts::730214896655:assumed-role/load/x is not authorized to perform: s3:PutObject on resource: "
        f"arn:aws:s3:::drop-zone/a because no {layer} allows the s3:PutObject action\n"
        '{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringEquals":'
        '{"aws:PrincipalOrgID":"o-7f3k9x1m2q","aws:ResourceOrgID":"o-7f3k9xlm2q"}}}'
    )
    assert collect_offline(read_text(text)[0]).verdict.cause == cause
