"""What a paste shows beside its refusal decides, and comes before the usual causes."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

OURS, THEIRS = "111122223333", "444455556666"
JOB = f"arn:aws:sts::{OURS}:assumed-role/job/run-1"


def refused(action: str, on: str, why: str = "because no identity-based policy allows the {} action") -> str:
    return f"User: {JOB} is not authorized to perform: {action} on resource: {on} {why.format(action)}"


def denied(action: str, on: str) -> str:
    return refused(action, on, "with an explicit deny in a resource-based policy")


def unknown_key(operation: str) -> str:
    return (
        f"An error occurred (InvalidClientTokenId) when calling the {operation} operation: The security token included "
        "in the request is invalid."
    )


def answered(text: str) -> str:
    (diagnosis,) = map(collect_offline, read_text(text))
    fixes = [f"{fix.title} {fix.change}" for fix in diagnosis.fixes]
    looks = [look.cause for look in diagnosis.first_look]
    return "\n".join((diagnosis.verdict.summary, *looks, *fixes))


GITHUB_SUB = "token.actions.githubusercontent.com:sub"
OIDC = "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity\n"
SYNC = (
    "upload: dist/a.js to s3://site/assets/a.js\nupload: dist/i.html to s3://site/i.html\nupload failed: dist/t.html "
    f"to s3://site/legal/t.html An error occurred (AccessDenied) when calling the PutObject operation: "
    f"{denied('s3:PutObject', 'arn:aws:s3:::site/legal/t.html')}"
)
SOURCE_IP = '"Condition":{"NotIpAddress":{"aws:SourceIp":["203.0.113.0/26"]}}'
SSO = (
    "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access\n[profile dba]\n"
    f"sso_account_id = {OURS}\nsso_role_name = DBA-Readonly\n"
)
PARTITION = 'MalformedPolicyDocument: Partition "aws" is not valid for resource "arn:aws:s3:::audit/*".'
MADE = (
    f"TASK [create reader] changed: arn:aws:iam::{OURS}:role/reader\nfatal: An error occurred (MalformedPolicy) when "
    'calling the PutBucketPolicy operation: Invalid principal in policy", "policy": {"Principal": {"AWS": '
    f'"arn:aws:iam::{OURS}:role/reader"}}}}'
)
ACROSS = f"arn:aws:lambda:eu-central-1:{THEIRS}:function:quote"
PROFILES = f"[profile dev]\nsso_account_id = {OURS}\n[profile prod]\nsso_account_id = {THEIRS}\n"
TARGET = f"arn:aws:iam::{THEIRS}:role/vendor/Scan"
ASSUME = (
    f"$ aws sts assume-role --role-arn {TARGET} --role-session-name scan\n{refused('sts:AssumeRole', TARGET, '')}\n"
    '{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::*:role/vendor/Scan"}\n'
)
KEY = f"arn:aws:kms:us-east-1:{THEIRS}:key/f2a7c1e8-6a77-4d53-9a0a-0b6e0c8f5d21"
KEYS_SIDE = (
    f"An error occurred (AccessDenied) when calling the GetObject operation: User: {JOB} is not authorized to perform: "
    "kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, "
    "no resource-based policies allow access, or a resource-based policy explicitly denies access\n"
)
RUN = (
    "aws ec2 run-instances --image-id ami-1 --tag-specifications 'ResourceType=instance,Tags=[{Key=Env,Value=staging}]'"
    f"\n{refused('ec2:RunInstances', f'arn:aws:ec2:eu-west-1:{OURS}:instance/*')}\n"
    '{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:*:*:instance/*","Condition":{"StringEquals":'
    '{"aws:RequestTag/Env":["dev","stage"]}}}'
)
HEAD = (
    "An error occurred (403) when calling the HeadObject operation: Forbidden\n"
    '{"Statement":[{"Effect":"Allow","Action":["s3:HeadObject"],"Resource":"arn:aws:s3:::inbox/edi/*"}]}'
)
SECRET = (
    f"{refused('secretsmanager:GetSecretValue', 'prod/payout/wise')}\n"
    '{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":'
    f'"arn:aws:secretsmanager:us-east-1:{OURS}:secret:prod/pay/*"}}'
)
GITLAB = (
    "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Incorrect token "
    'audience\nid_tokens:\n  TOK:\n    aud: https://gitlab.example\n{ "Url": "gitlab.example", "ClientIDList": '
    '[ "sts.amazonaws.com" ], "ThumbprintList": [ "…" ] }'
)

TAKEN = (
    'CREATE_FAILED AWS::IAM::Role R Resource handler returned message: "Role with name feed already exists. (Service: '
    'Iam, Status Code: 409)"\nROLLBACK_IN_PROGRESS AWS::CloudFormation::Stack feed-b\n'
)
BILLING = (
    "\u8acb\u6c42\u30c0\u30c3\u30b7\u30e5\u30dc\u30fc\u30c9 "
    "\u30a2\u30af\u30bb\u30b9\u306e\u8a31\u53ef\u304c\u3042\u308a\u307e\u305b\u3093"
)
RESERVED = (
    "An error occurred (UnmodifiableEntity) when calling the AttachRolePolicy operation: Cannot perform the operation "
    "on the protected role 'AWSReservedSSO_Data_4be90c7712fd3a68' - this role is only modifiable by AWS"
)
REDSHIFT = (
    "ERROR: permission denied for relation sales\n  Query: select * from bi.sales\n  sent with redshift-data "
    f"execute-statement\n  role: {JOB}"
)
GERMAN = (
    "Zugriff verweigert\nSie sind nicht berechtigt, diese Aktion auszuf\u00fchren.\n\n"
    f"Benutzer: {JOB}\nAktion: logs:StartQuery\n"
    f"Auf Ressource(n): arn:aws:logs:eu-central-1:{OURS}:log-group:/a:log-stream:\n"
    "Kontext: Keine identit\u00e4tsbasierte Richtlinie erlaubt die Aktion"
)
TRIGGER = (
    f"lambda intake (arn:aws:iam::{OURS}:role/intake) should be triggered by the queue "
    "arn:aws:sqs:eu-west-1:{}:bids. what permissions, and on which side?"
)

# text, what the answer says, what it does not say
DECIDED = [
    (SYNC, ["covers only legal/*", "2 other objects"], ["without TLS"]),
    (SYNC.replace("upload failed: dist/t.html to s3://site/legal", "upload: l to s3://site/legal/l\nupload failed: x"),
     ["read its statements"], ["reserved"]),
    (f"until netops added an s3 gateway endpoint\n{denied('s3:GetObject', 'arn:aws:s3:::tex/4')}\n{SOURCE_IP}",
     ["VPC endpoint", '"aws:SourceVpce"'], ["call from that network", "without TLS"]),
    (f"{denied('s3:GetObject', 'arn:aws:s3:::tex/4')}\n{SOURCE_IP}", ["call from that network"], ["SourceVpce"]),
    (SSO + '{ "roleList": [ { "roleName": "DBA-ReadOnly" } ] }', ["Write sso_role_name = DBA-ReadOnly"],
     ["is not assigned to this person"]),
    (f"{PARTITION}\nprovider region us-gov-west-1", ["write arn:aws-us-gov:s3:::audit/*", "AWS::Partition"],
     ["not a valid policy"]),
    (PARTITION, ["arn:aws-cn: in China"], ["not a valid policy"]),
    (MADE, ["creates arn:aws:iam::111122223333:role/reader just before", "Run it again"], ["misspelled"]),
    (MADE.replace("create reader] changed", "readers] see"), ["misspelled"], ["just before"]),
    (f"{refused('lambda:UpdateFunctionCode', ACROSS, 'because no resource-based policy allows the {} action')}\n"
     f"$ env\nAWS_PROFILE=dev\n{PROFILES}", ["call with --profile prod"], ["The resource's own policy does not"]),
    (f"{ASSUME}onboarding: account {THEIRS}, ext id LK-7731-c", ["--external-id LK-7731-c"],
     ["If you meant to use credentials of"]),
    (f"{ASSUME}no sheet", ["Both sides must allow it"], ["--external-id LK"]),
    (f"{KEYS_SIDE}objects: SSE-KMS, key {KEY}", [f"The key belongs to account {THEIRS}", "own policies"],
     ["If you meant to use credentials of", "allowing s3:GetObject alone"]),
    ("An error occurred (AccessDeniedException) when calling the CreateFunction operation: Cross-account pass role is "
     "not allowed.", ["only to a service in the role's own account"], ["allow iam:PassRole"]),
    (RUN, ["names Env=dev or stage", "has the tag Env=staging"], []),
    (HEAD, ["Write s3:GetObject", "Add s3:ListBucket on arn:aws:s3:::inbox "], []),
    (SECRET, [f"arn:aws:secretsmanager:us-east-1:{OURS}:secret:prod/payout/wise-??????"], []),
    (GITLAB, ["the identity provider lists sts.amazonaws.com", "aud of id_tokens"], ["lists …"]),
    (f"{OIDC}aud: sts.amazonaws.com\nsub: repo:o@88/r@10:ref:refs/heads/main\nold repo prints sub: "
     f'repo:o/old:ref:refs/heads/main and works\n"StringLike": {{"{GITHUB_SUB}": "repo:o/r:*"}}',
     ["IDs of owner and repository", "repo:o@88/r@10:*"], ["repo:o/old"]),
    (f'{OIDC}"Condition":{{"StringEquals":{{\n "{GITHUB_SUB}":"repo:o/r:ref:refs/heads/main"}}}}\n\njobs:\n  ship:\n'
     "    environment: production\n", ["the token has repo:o/r:environment:production"], []),
    (f"$ aws sts get-caller-identity --profile dr\n{unknown_key('GetCallerIdentity')}\nplan: add sts:GetCallerIdentity",
     ["access key of profile dr", "needs no permission"], ["unset"]),
    (f"$ aws s3 ls --profile cn-prod\n{unknown_key('ListBuckets')}\nAWS_REGION=us-east-1, the console in Beijing works",
     ["call with cn-north-1 or cn-northwest-1"], ["deleted"]),
    ("$ aws s3 ls --profile ops\nok\n$ terraform plan\nError: retrieving caller identity from STS: ExpiredToken: The "
     "security token included in the request is expired\n$ env\nAWS_ACCESS_KEY_ID=ASIAX\nAWS_SESSION_TOKEN=x\n"
     "AWS_PROFILE=ops", ["override AWS_PROFILE=ops"], ["sign in (aws sso login)"]),
    (f"{TAKEN}note: feed-a is the same template, other stack", ["The stack feed-a is made from the same template"],
     ["import it into the stack", "creates the new one before"]),
    (TAKEN, ["import it into the stack"], ["same template"]),
    (BILLING, ["root user activate"], []),
    (RESERVED, ["only the permission set can be changed", "Edit the permission set Data"], []),
    (REDSHIFT, ['GRANT USAGE ON SCHEMA bi TO "IAMR:job"; GRANT SELECT ON bi.sales TO "IAMR:job";'], ["MySQL"]),
    (GERMAN, ["no identity-based policy of the role"], ["No failure"]),
    (TRIGGER.format(THEIRS), ["In the queue's account, the queue policy"], []),
    (TRIGGER.format(OURS), ["AWSLambdaSQSQueueExecutionRole"], ["Both accounts"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "unsaid"), DECIDED)
def test_what_the_text_shows_decides(text: str, said: list[str], unsaid: list[str]) -> None:
    answer = answered(text)
    assert [words for words in said if words not in answer] == []
    assert [words for words in unsaid if words in answer] == []
