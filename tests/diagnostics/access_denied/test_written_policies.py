"""Policies in Terraform, CloudFormation, CDK, Pulumi and Python beside a denial are held against the request."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import PASTED
from diagnostics.text.templates.policies import holders_in, written_policies
from tests.support.denials.pasted import BUCKET, no_identity, refused
from tests.support.timing import in_proportion

ID = "210987654321"
API = f"arn:aws:sts::{ID}:assumed-role/api/run-7"
JOBS = f"arn:aws:sqs:eu-west-1:{ID}:jobs"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ID}:table/orders"
KEY = f"arn:aws:kms:eu-west-1:{ID}:key/11111111-2222-3333-4444-555555555555"


def denied(action: str, resource: str) -> str:
    return no_identity(action, resource, API) + "\n"


def hcl(actions: str, resources: str, more: str = "", name: str = "x") -> str:
    inner = f"actions = [{actions}]\n resources = [{resources}]\n{more}"
    return f'data "aws_iam_policy_document" "{name}" {{\n statement {{\n {inner}\n }}\n}}\n'


def cdk(actions: str, resources: str, more: str = "") -> str:
    inner = f"actions: [{actions}],\n resources: [{resources}],\n{more}"
    return f"fn.addToRolePolicy(new iam.PolicyStatement({{\n {inner}}}));"


def attached(role: str, name: str) -> str:
    return (
        f'resource "aws_iam_role" "r" {{\n name = "{role}"\n}}\nresource "aws_iam_policy" "p" {{\n'
        f' policy = data.aws_iam_policy_document.{name}.json\n}}\nresource "aws_iam_role_policy_attachment" "a" {{\n'
        " role = aws_iam_role.r.name\n policy_arn = aws_iam_policy.p.arn\n}\n"
    )


JSONENCODE = """
resource "aws_iam_role_policy" "this" {
  policy = jsonencode({
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = "arn:aws:s3:::north-ledger" # the bucket
      },
    ]
  })
}
"""
SERVERLESS = """
  iamRoleStatements:
    - Effect: Allow
      Action:
      - dynamodb:Query
      Resource:
        - !GetAtt OrdersTable.Arn
    # - Effect: Allow
    #   Action: dynamodb:Scan
    #   Resource: "*"
"""
SAM = """
      Policies:
        - Statement:
            - Sid: Put
              Effect: Allow
              Action: [s3:PutObject]
              Resource: !Join ["", ["arn:aws:s3:::", !Ref Ledger, "/*"]]
"""
SUB = """
Statement:
  - Effect: Allow
    Action: secretsmanager:GetSecretValue
    Resource: !Sub arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:db
"""
PULUMI = """
policy: bucket.arn.apply(arn => JSON.stringify({
  Statement: [{ Effect: "Allow", Action: ["s3:PutObject"], Resource: `${arn}/*` }],
})),
"""
DICT = f"""
policy = {{'Statement': [{{
    'Effect': 'Allow',
    'Action': 'sqs:SendMessage',
    'Resource': 'arn:aws:sqs:eu-central-1:{ID}:jobs',
}}]}}
"""
TRUST = f"""
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "AWS"
      identifiers = ["arn:aws:iam::{ID}:role/build"]
    }}
  }}
}}
"""
CONDITION = 'condition {\n test = "StringEquals"\n variable = "aws:RequestedRegion"\n values = ["eu-west-2"]\n }'
REGION = "$ aws sqs send-message --region eu-west-1 --queue-url x\n"
DENY = "effect: Effect.DENY, sid: 'OnlyVpce', conditions: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a1' } },"
EXPLICIT = "with an explicit deny in an identity-based policy"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ID}:secret:db-AbCdEf"

# text → what the step says (with "-": does not say)
WRITTEN = {
    "the bucket and not its objects": (
        denied("s3:GetObject", f"{BUCKET}/a") + hcl('"s3:GetObject"', "aws_s3_bucket.ledger.arn"),
        ["covers ${aws_s3_bucket.ledger.arn}", "add ${aws_s3_bucket.ledger.arn}/*"],
    ),
    "jsonencode with a comment": (
        denied("s3:PutObject", f"{BUCKET}/a") + JSONENCODE,
        ["the bucket without its objects, so add arn:aws:s3:::north-ledger/*"],
    ),
    "the objects and not the bucket": (
        denied("s3:ListBucket", BUCKET) + cdk("'s3:ListBucket'", "bucket.arnForObjects('*')"),
        ["covers ${bucket.bucketArn}/*, not arn:aws:s3:::north-ledger"],
    ),
    "the action in one, the resource in another": (
        denied("dynamodb:PutItem", TABLE)
        + hcl('"dynamodb:PutItem"', f'"{TABLE}s"')
        + hcl('"dynamodb:Scan"', f'"{TABLE}"', name="y"),
        ["names " + TABLE + "s, not " + TABLE],
    ),
    "an index": (denied("dynamodb:Query", f"{TABLE}/index/d") + SERVERLESS, ["add ${OrdersTable.Arn}/index/*"]),
    "a statement in comments": (
        denied("dynamodb:Scan", TABLE) + SERVERLESS,
        ["names dynamodb:Query, not dynamodb:Scan"],
    ),
    "computed": (
        denied("s3:PutObject", f"{BUCKET}/a") + SAM,
        ["Put names s3:PutObject on arn:aws:s3:::${Ledger}/*"],
    ),
    "all computed": (
        denied("s3:PutObject", f"{BUCKET}/a") + hcl("var.a", "var.b").replace("[", "").replace("]", ""),
        [],
    ),
    "a policy variable is none": (
        denied("s3:GetObject", f"{BUCKET}/a") + hcl('"s3:GetObject"', '"arn:aws:s3:::north-ledger/&{aws:username}/*"'),
        ["/${aws:username}/*, not"],
    ),
    "pseudo parameters": (denied("secretsmanager:GetSecretValue", SECRET) + SUB, [f"secret:db, not {SECRET}"]),
    "Pulumi": (denied("s3:PutObjectAcl", f"{BUCKET}/a") + PULUMI, ["names s3:PutObject, not s3:PutObjectAcl"]),
    "Python": (denied("sqs:SendMessage", JOBS) + DICT, ["the region differs"]),
    "an f-string": (
        denied("sqs:SendMessage", JOBS)
        + '\niam.PolicyStatement(actions=["sqs:SendMessage"], resources=[f"arn:aws:sqs:{region}:{account}:jobs"])',
        ["names sqs:SendMessage on arn:aws:sqs:${region}:${account}:jobs"],
    ),
    "a condition": (
        REGION + denied("sqs:SendMessage", JOBS) + hcl('"sqs:*"', '"*"', CONDITION),
        ["needs aws:RequestedRegion to be eu-west-2"],
    ),
    "a Deny": (
        refused("s3:GetObject", f"{BUCKET}/a", EXPLICIT, API) + cdk("'s3:*'", "'*'", DENY),
        ["OnlyVpce denies s3:GetObject where aws:SourceVpce is not vpce-0a1"],
    ),
    "a Deny of what is to be created": (
        refused("ec2:RunInstances", f"arn:aws:ec2:eu-west-1:{ID}:instance/*", EXPLICIT, API)
        + hcl('"ec2:RunInstances"', '"arn:aws:ec2:*:*:instance/*"', 'sid = "Small"\n effect = "Deny"'),
        ["Small denies ec2:RunInstances"],
    ),
    "a trust policy": (refused("sts:AssumeRole", f"arn:aws:iam::{ID}:role/d", "", API) + TRUST, ["role/build, not"]),
    "another role's": (
        denied("kms:Decrypt", KEY) + hcl('"kms:Decrypt"', '"*"', name="k") + attached("worker", "k"),
        ["attached to worker, not to api"],
    ),
    "the role's own": (
        denied("kms:Decrypt", KEY) + hcl('"kms:Decrypt"', '"*"', name="k") + attached("api", "k"),
        ["It names kms:Decrypt"],
    ),
    "of what is deployed": (
        f"Error: creating SQS Queue: {denied('sqs:CreateQueue', JOBS)}\n"
        + hcl('"sqs:SendMessage"', '"*"', name="k")
        + attached("worker", "k"),
        [],
    ),
    "a tagged template of Pulumi": (
        denied("s3:PutObject", f"{BUCKET}/in/a")
        + "policy: pulumi.jsonStringify({ Statement: [{ Effect: 'Allow', Action: ['s3:PutObject'],\n"
        "  Resource: pulumi.interpolate`${logs.arn}/in/*` }] })",
        ["names s3:PutObject on ${logs.arn}/in/*"],
    ),
    "a reference in front": (
        denied("sqs:SendMessage", f"{JOBS}-dead") + hcl('"sqs:*"', '"${local.q}-dead"'),
        ["on ${local.q}-dead"],
    ),
    "a variable that the text sets": (
        f'jobs_arn = "{JOBS}"\n{denied("sqs:SendMessage", f"{JOBS}-dead")}' + hcl('"sqs:*"', "var.jobs_arn"),
        [f"names {JOBS}, not {JOBS}-dead"],
    ),
    "a variable that the text sets twice": (
        f'jobs_arn = "{JOBS}"\njobs_arn = "{JOBS}-2"\n{denied("sqs:SendMessage", f"{JOBS}-dead")}'
        + hcl('"sqs:*"', '"${var.jobs_arn}-dead"'),
        ["on ${var.jobs_arn}-dead"],
    ),
    "a variable, else a bucket of its own": (
        f'data = "{BUCKET}"\n{denied("s3:GetObject", f"{BUCKET}/a")}'
        + hcl('"s3:GetObject"', 'var.data == null ? "${aws_s3_bucket.own.arn}/*" : var.data'),
        [f"names {BUCKET}, not {BUCKET}/a"],
    ),
    "a comment with the ARN": (
        denied("sqs:SendMessage", f"{JOBS}-dead")
        + cdk("'sqs:SendMessage'", "props.arn").replace("],\n}", f"], // {JOBS}\n}}"),
        [f"names {JOBS}, not {JOBS}-dead"],
    ),
    "most of an ARN in front": (
        denied("s3:GetObject", f"{BUCKET}/a") + hcl('"s3:*"', '"${var.p}::north-*/a"'),
        ["on ${var.p}::north-*/a"],
    ),
    "where an SCP refuses": (
        refused("sqs:SendMessage", JOBS, "because no service control policy allows the sqs:SendMessage action", API)
        + hcl('"sqs:ReceiveMessage"', '"*"'),
        [],
    ),
    "a list of YAML": (
        denied("sqs:SendMessage", JOBS) + f"  Action: [sqs:ReceiveMessage, sqs:DeleteMessage]\n  Resource: {JOBS}\n",
        ["names sqs:DeleteMessage and sqs:ReceiveMessage, not sqs:SendMessage"],
    ),
    "almost YAML": (
        denied("s3:GetObject", f"{BUCKET}/a") + "  Effect: Allow\n  Action: s3:GetObject\n  Resource: *\n"
        "  Condition: StringEquals aws:PrincipalTag/team: red\n",
        ["needs aws:PrincipalTag/team to be red"],
    ),
    "a Deny for everybody without its Resource": (
        refused("s3:GetObject", f"{BUCKET}/a", "with an explicit deny in a resource-based policy", API)
        + '\n  Effect: Deny\n  Principal: "*"\n  Action: s3:*\n'
        "  Condition: StringNotLike aws:PrincipalTag/team = [red, blue]\n",
        ["denies s3:GetObject where aws:PrincipalTag/team does not match red or blue"],
    ),
    "variables of the Serverless Framework": (
        denied("s3:PutObject", f"{BUCKET}/a") + "  statements:\n  - Effect: Allow\n    Action: s3:PutObject\n"
        "    Resource: arn:aws:s3:::${self:custom.${opt:stage}.bucket}/*\n",
        ["names s3:PutObject on arn:aws:s3:::${self:custom.${opt:stage}.bucket}/*"],
    ),
    "a choice": (
        denied("s3:PutObject", f"{BUCKET}/a")
        + hcl('"s3:PutObject"', 'var.x ? "arn:aws:s3:::a/*" : "arn:aws:s3:::b/*"'),
        ["It names s3:PutObject", "-computed"],
    ),
    "arguments of AddPermission": (
        refused("lambda:InvokeFunction", f"arn:aws:lambda:eu-west-1:{ID}:function:f", "", API)
        + '\nresource "aws_lambda_permission" "p" {\n action = "lambda:InvokeFunction"\n'
        + ' principal = "s3.amazonaws.com"\n}',
        [],
    ),
    "statements from elsewhere": (
        denied("s3:PutObject", f"{BUCKET}/a") + hcl('"s3:GetObject"', '"*"') + "source_policy_documents = [var.more]",
        [],
    ),
    "a session policy": (
        denied("sqs:SendMessage", JOBS)
        + "sts.assume_role(Policy=json.dumps({'Statement': [{'Action': 'sqs:ReceiveMessage', 'Resource': '*'}]}))",
        [],
    ),
    "no policy": (denied("sqs:SendMessage", JOBS) + "\nactions: none (yet)\nAction: retry", []),
}


@pytest.mark.parametrize(("text", "says"), WRITTEN.values(), ids=WRITTEN)
def test_a_policy_of_any_language_is_held_against_the_request(text: str, says: list[str]) -> None:
    found = collect_offline(read_text(text)[0])
    steps = [step.summary for step in found.steps if step.id == PASTED]
    assert len(steps) == (1 if says else 0), steps
    for words in says:
        assert (words.removeprefix("-") in steps[0]) is not words.startswith("-"), steps


def test_what_a_deployment_computes_is_never_called_missing() -> None:
    found = collect_offline(read_text(denied("s3:PutObject", f"{BUCKET}/a") + SAM)[0])
    assert "s3:PutObject" in next(step for step in found.steps if step.id == PASTED).summary
    assert "does not allow" not in found.verdict.summary


UNITS = ("actions = [", "{Action: ", "- Action: a:b\n", "(actions=[", '"', "'", "/*", "${", "Action:\n", "[{(", "`a ")


@pytest.mark.parametrize("unit", UNITS)
def test_policies_are_read_in_proportion_to_the_text(unit: str) -> None:
    def read(count: int) -> None:
        list(written_policies(("Action: x\n" + unit * count)[:20_000]))

    assert in_proportion(read, 250, 2_000)


def test_an_address_of_terraform_without_its_block_has_no_holder() -> None:
    assert holders_in("with aws_iam_role_policy_attachment.ro[10], on main.tf line 4") == ()
