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


AGENT = (
    "An error occurred (accessDeniedException) when calling the InvokeAgent operation: Access denied when calling "
    "Bedrock. Check your request permissions and retry the request.\ncaller: bedrock:InvokeAgent on the alias.\n"
    'agent service role: {"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*"}'
)
SCHEDULER = (
    "ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the role.\n"
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},'
    '"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}]}'
)
SERVICE_LINKED = (
    'OtelCluster AWS::ECS::Cluster CREATE_FAILED\nResource handler returned message: "Invalid request provided: '
    "CreateCluster Invalid Request: Unable to assume the service linked role. Please verify that the ECS service "
    'linked role exists. (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException)"\n\n'
)
UNSIGNED = '403 - {"message":"The request signature we calculated does not match the signature you provided."}'
PROFILED = (
    f"$ aws bedrock-runtime converse --region us-east-1 --model-id us.amazon.nova-pro-v1:0\nUser: {JOB} is not "
    "authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-2::foundation-model/"
    "amazon.nova-pro-v1:0 with an explicit deny in a service control policy\n"
    'SCP: {"Sid":"D","Effect":"Deny","NotAction":["iam:*",...],"Resource":"*",'
    '"Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-east-1","us-west-2"]}}}'
)
MASTER = "unity-catalog-prod-UCMasterRole-14S5ZJVKOTYTL"
DATABRICKS = (
    f"User: arn:aws:sts::414351767826:assumed-role/{MASTER}/databricks is not authorized to perform: sts:AssumeRole on "
    f'resource: arn:aws:iam::{OURS}:role/uc-dev\n{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::414351767826:'
    f'role/{MASTER}"}},"Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"sts:ExternalId":"0f3b7c9e"}}}}}}'
)
CDK = f"Role arn:aws:iam::{OURS}:role/cdk-hnb659fds-cfn-exec-role-{OURS}-us-east-1 is invalid or cannot be assumed"
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
LAMBDA = "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda."
MADE_NOW = f"aws_iam_role.fn: Creation complete after 1s [id=fn]\n{LAMBDA}"
VELERO = (
    "ebs-csi-controller: could not create snapshot: User: arn:aws:sts::111122223333:assumed-role/{}/x is not "
    "authorized to perform: ec2:CreateSnapshot on resource: arn:aws:ec2:eu-west-1::snapshot/*"
)
CROSSPLANE = (
    f"Crossplane: User: {JOB} is not authorized to perform: account:GetContactInformation\n"
    "Our role has AdministratorAccess. From the management account with accountId of a member it works."
)
NODES_PASS = f"karpenter: {refused('iam:PassRole', f'arn:aws:iam::{OURS}:role/nodes')}"
SECRETS_KEY = (
    "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not allowed"
)
PULL = 'kubelet Failed to pull image "444455556666.dkr.ecr.eu-west-1.amazonaws.com/app:1": 403 Forbidden'
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
DEFAULT_KEY = (
    f"{refused('secretsmanager:GetSecretValue', f'arn:aws:secretsmanager:eu-west-1:{THEIRS}:secret:ro-8HkLpQ', '')}\n"
    "then InvalidRequestException: You can't access a secret from a different AWS account if "
)
NOT_ATTACHABLE = (
    "An error occurred (NoSuchEntity) when calling the AttachRolePolicy operation: Policy arn:aws:iam::aws:policy/{} "
    "does not exist or is not attachable.\nregion us-gov-west-1"
)
INVALID = 'MalformedPolicyDocument when calling the CreateRole operation: Invalid principal in policy: "AWS":"'
OF_STACK = (
    refused("sqs:SetQueueAttributes", f"arn:aws:sqs:eu-central-1:{OURS}:dlq").replace("run-1", "{}")
    + '\npolicy attached to dev-role:\n{{"Effect":"Allow","Action":"sqs:*","Resource":"*"}}'
)
FORKS = (
    "permissions:\n  id-token: write\nError: Credentials could not be loaded, please check your action inputs: Could "
    "not load credentials from any providers\n"
)
NO_KEYS = "Unable to locate credentials. You can configure credentials by running aws configure."
POD_HOST = "CredentialsProviderError: 169.254.170.23 is not a valid container metadata service hostname"
MODULE = "To use web identity tokens, the 'sts' service module must be on the class path."
EC2_KEYS = "Get-EC2Instance : AWS was not able to validate the provided access credentials"
EDITOR = "Editor: request failed (HTTP 403): The security token included in the request is expired."
NO_PROFILE = (
    "operation error EC2: RunInstances, https response error StatusCode: 400, api error InvalidParameterValue: Value "
    "(web) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
)
OPT_IN = (
    "$ aws sts assume-role --role-arn x\n$ aws ec2 describe-vpcs --region {} --query length\n6\n"
    "$ aws ec2 describe-vpcs --region {}\nAn error occurred (AuthFailure) when calling the DescribeVpcs operation: AWS "
    "was not able to validate the provided access credentials\n"
)
DB = 'psql host=x.rds.amazonaws.com\nFATAL:  PAM authentication failed for user "a"\n'
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

WEB = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
)
WEB_TRUST = (
    f'{WEB}sts:AssumeRoleWithWebIdentity\n{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::{OURS}:oidc-provider/'
    'id.example.com/tenants/a"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"{}:aud":"app"}}}'
)
BY_IDENTITY = "with an explicit deny in an identity-based policy"
KEY_POLICY = (
    "terraform apply cannot tag the key (AccessDenied, kms:TagResource) although the release role is in the key "
    "policy:\n"
    f'{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{OURS}:role/release"}},"Action":["kms:Put*","kms:Update*"],'
    '"Resource":"*"}'
)
PROFILE = f"arn:aws:bedrock:us-east-1:{OURS}:inference-profile/global.anthropic.claude-sonnet-4-5-20250929-v1:0"
BY_TAG = (
    f"{refused('kms:ScheduleKeyDeletion', KEY)}\n"
    '{"Effect":"Allow","Action":"kms:ScheduleKeyDeletion","Resource":"*","Condition":{"StringEquals":'
    '{"aws:ResourceTag/team":"Ops"}}}\n'
)
TAGS = '$ aws kms list-resource-tags --key-id k\n{"Tags":[{"TagKey":"team","TagValue":"ops"}]}\n'
PASSING = (
    f"{refused('iam:PassRole', f'arn:aws:iam::{OURS}:role/monitor')}\n"
    '{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":'
    '"monitoring.rds.amazonaws.com"}}}\n'
)
ATHENA = "QueryFailed: Insufficient permissions to execute the query."
NO_KEY = '{"message":"The security token included in the request is invalid."}'
RESERVED_ROLE = f"arn:aws:iam::{OURS}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_View_1a2b"
PUSH = (
    f"ERROR: failed to push {THEIRS}.dkr.ecr.eu-west-1.amazonaws.com/app:1: unexpected status from POST request to "
    f"https://{THEIRS}.dkr.ecr.eu-west-1.amazonaws.com/v2/app/blobs/uploads/: 403 Forbidden\n"
)
CODE = (
    "An error occurred (AccessDeniedException) when calling the CreateFunction operation: Your access has been denied "
    "by S3, please make sure your request credentials have permission to GetObject for build/app.zip. S3 Error Code: "
    "AccessDenied. S3 Error Message: Access Denied"
)
MODEL = "arn:aws:bedrock:us-east-2::foundation-model/anthropic.m-v1:0"
SCP_REGION = (
    '{} with an explicit deny in a service control policy\nregion_name="us-east-1"\nSCP: '
    '{{"Effect":"Deny","Action":"bedrock:*","Resource":"*","Condition":{{"StringNotEquals":{{"aws:RequestedRegion":'
    '["us-east-1"]}}}}}}'
)
HEAD_REFUSED = "An error occurred (403) when calling the HeadObject operation: Forbidden\n\n"
CHAIN = (
    "An error occurred (ExpiredToken) when calling the CopyObject operation: The provided token has expired.\n# asked "
    'for 12h: "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"'
)
DELIVERY = '{"providerResponse":"{\\"ErrorCode\\":\\"KMS.AccessDeniedException\\"}"}\nKmsMasterKeyId = '
ZAPPA = (
    "Warning! Couldn't get function shop-dev in eu-central-1 - have you deployed yet?\n\n"
    "The deploying user's policy has:\nlambda:CreateFunction,\ns3:*, logs:DeleteLogGroup ..."
)
SECRET_KEY = (
    "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not "
    "allowed\ndescribe-secret: KmsKeyId: "
)
NO_TENANT = (
    "An error occurred (NoSuchDistribution) when calling the {} operation: The specified distribution does not exist."
)
IN_SCHEMA = "Database Error: permission denied for schema raw\ntype: redshift  method: iam  {}\n" + JOB
NONE_ON_IT = "because no resource-based policy allows the {} action"
OUR_KEY = f"arn:aws:kms:eu-west-1:{OURS}:key/7c0e1a44-2f31-4b6e-8c11-d0aa51f0e2b9"
LAKE = "AccessDeniedException: Insufficient Lake Formation permission(s)"
MSK = "SaslAuthenticationException: [0c3a1b2d-1111-2222-3333-444455556666]: Access denied\nrole policy:\n"
SOME_COPIES = (
    "Access Denied\n\nOur users get it {}. Their role's policy allows s3:GetObject, s3:PutObject and s3:ListBucket on "
    "the bucket."
)
BAD_KEY = 'Forbidden: {"Message":"Authentication failed: Please make sure your API Key is valid."}\n'
BAD_FORM = 'HTTP 403 {"message":"Invalid API Key format: Must start with pre-defined prefix"}\n'
INVENTORY = (
    "Inventory never arrives: no report since Monday. The bucket has SSE-KMS with our CMK.\nBucket policy: "
    '{{"Effect":"Allow","Principal":{{"Service":"s3.amazonaws.com"}},"Action":"s3:PutObject","Resource":'
    '"arn:aws:s3:::dst/*"}}\nKey policy: {}'
)
SERVERLESS = (
    "(error) WRONGPASS invalid username-password pair or user is disabled.\n"
    f'"Action":"elasticache:Connect","Resource":["arn:aws:elasticache:eu-west-1:{OURS}:serverlesscache:orders"]'
)
COPIED = "ExpiredTokenException: The security token included in the request is expired\n"
CIPHER = (
    "An error occurred (AccessDenied) when calling the GetObject operation: The ciphertext refers to a customer master "
    "key that does not exist, does not exist in this region, or you are not allowed to access."
)
PAYER_REFUSED = "An error occurred (403) when calling the HeadObject operation: Forbidden"
DATASYNC = "DataSync location: Unable to assume role. Reason: Access denied when calling sts:AssumeRole\ntrust: "
ON_NODE = (
    f"User: arn:aws:sts::{OURS}:assumed-role/nodes/i-0abc1234def567890 is not authorized to perform: "
    "route53:ListHostedZones because no identity-based policy allows the route53:ListHostedZones action\n"
)
WANTS_MFA = (
    f"User: arn:aws:iam::{OURS}:user/kim is not authorized to perform: sts:AssumeRole on resource: "
    f"arn:aws:iam::{THEIRS}:role/a\nthe trust policy requires aws:MultiFactorAuthPresent true\n"
)
OF_SSO = (
    f"User: arn:aws:sts::{OURS}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/kim is not authorized to perform: "
    f"sts:AssumeRole on resource: arn:aws:iam::{THEIRS}:role/tf\n"
)
QUEUE = f"arn:aws:sqs:eu-west-1:{OURS}:q"
TRAINING = f"arn:aws:sagemaker:eu-west-1:{OURS}:training-job/fit-2026-11"
OTHERS = (
    f"User: {JOB} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{THEIRS}:role/spoke\nIts "
    f"policy "
    "allows sts:AssumeRole on arn:aws:iam::*:role/spoke. "
)

RBAC = (
    'serviceentries.networking.istio.io "api" is forbidden: User "{}" cannot get resource "serviceentries" in API '
    'group "networking.istio.io" in the namespace "prod"'
)
OAI = (
    "The site behind CloudFront answers <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>. "
    "Its S3 origin has the origin access identity E2KQ9W7A1B2C3D."
)
PROFILE_MODEL = (
    "It calls Converse with {}\nAccessDeniedException ... not authorized to perform: bedrock:InvokeModel on resource: "
    "arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-6\n  - Effect: Allow\n"
    "    Action: bedrock:InvokeModel\n    Resource: !Sub arn:aws:bedrock:${{AWS::Region}}::foundation-model/*\n"
)

BOUNDED = (
    f"User: arn:aws:sts::{OURS}:assumed-role/ci/s is not authorized to perform: {{0}} on resource: {{1}} because no "
    f"{{2}} allows the {{0}} action"
)
LINKED = f"arn:aws:iam::{OURS}:role/aws-service-role/es.amazonaws.com/AWSServiceRoleForAmazonElasticsearchService"
NO_VOLUME = (
    'Could not create volume "pvc-0c1e": timed out waiting for volume to create: operation error EC2: DescribeVolumes, '
    "api error InvalidVolume.NotFound: The volume 'vol-0a77d0f1b2c3d4e5f' does not exist."
)
# text, what the answer says, what it does not say
DECIDED = [
    (WEB_TRUST.replace("{}:aud", "id.example.com:aud"), ["write id.example.com/tenants/a:aud"], ["(sub); letter case"]),
    (WEB_TRUST.replace("{}:aud", "id.example.com/tenants/a:aud"), [], ["lacks the path"]),
    (f"{WEB_TRUST.replace('{}:aud', 'x.example.com:aud').replace('tenants/a', 'tenants/a/')}\n"
     'iss: "https://id.example.com/tenants/a/"', [], ["without the slash", "lacks the path"]),
    (KEY_POLICY, ["does not allow kms:TagResource", "names kms:Put* and kms:Update*"], ["a moment ago"]),
    (KEY_POLICY.replace("kms:Update*", "kms:Tag*"), [], ["does not allow kms:TagResource"]),
    (f"{refused('bedrock:InvokeModel', PROFILE, BY_IDENTITY)}\nwe only allow eu.* profiles", ["itself", "one of eu.*"],
     ["most likely a Deny on"]),
    (denied("bedrock:InvokeModel", PROFILE.replace("inference-profile/global.", "foundation-model/")), [], ["itself"]),
    (f"{refused('bedrock:InvokeModel', PROFILE.replace('global.', 'eu.'))}\nMODEL: us.anthropic.claude-sonnet-4-v1:0",
     ["profile for a different geography: us.anthropic.claude-sonnet-4-v1:0"], ["in every Region to which"]),
    (BY_TAG + TAGS, ["and it is ops"], ["only where"]),
    (BY_TAG + TAGS.replace("list-resource-tags", "create-key"), ["only where"], ["and it is ops"]),
    ("OpenSearch Serverless: 403 AccessDenied for our role, it has aoss:APIAccessAll and AdministratorAccess.",
     ["as a principal in a data access policy"], ["Compare the refused"]),
    (PASSING + "PassedToService=rds.amazonaws.com -> implicitDeny", ["Add rds.amazonaws.com to"], ["does not show"]),
    (f"{ATHENA}\nthe table is shared through Lake Formation", ["lakeformation:GetDataAccess"], ["is missing"]),
    (f"{ATHENA}\nwe use no Lake Formation", [], ["lakeformation:GetDataAccess"]),
    (f"{LAKE} on orders\nrole: arn:aws:iam::{OURS}:role/curated\ndatabase='shop'",
     ["The role curated lacks", "on shop.orders", "lakeformation:GetDataAccess"], ["event names the caller"]),
    (f"{LAKE} on shop.orders\nthe job role is arn:aws:iam::{OURS}:role/etl", ["etl lacks", "on shop.orders"], []),
    (f"{LAKE} on orders", ["Whoever makes the call lacks", "on orders", "event names the caller"], []),
    (f"{LAKE} on orders\narn:aws:iam::{OURS}:role/a and arn:aws:iam::{OURS}:role/b", ["Whoever makes"], ["The role"]),
    (LAKE, ["needs a Lake Formation grant"], ["Whoever makes the call lacks"]),
    (f"ERROR : {LAKE} on clicks (Database name: web, Table Name: clicks) (Service: AWSGlue)\ncrawler role glue-crawl",
     ["The role glue-crawl lacks", "CREATE_TABLE, ALTER and DESCRIBE on the output database web", "on clicks"],
     ["Whoever", "SELECT"]),
    (f"Crawler nightly: {LAKE} on web.clicks\nwe added AdministratorAccess",
     ["The role of the crawler lacks", "output database web", "AdministratorAccess does not help"], []),
    (f"{LAKE} on web.clicks\nAthena query of arn:aws:iam::{OURS}:role/bi", ["role bi lacks", "SELECT"], ["crawler"]),
    (f'{MSK}"Action": ["kafka:*"]', ["The text's policy has kafka:*", "WriteDataIdempotently"], ["wrong credentials"]),
    (f'{MSK}"Action": "kafka:DescribeCluster"', ["has kafka:DescribeCluster"], ["wrong credentials"]),
    (f"{MSK}it may kafka:Get* only", ["has kafka:Get*"], ["wrong credentials"]),
    (f'{MSK}"Action": ["kafka:*", "kafka-cluster:*"]', ["client runs with that role"], ["The text's policy has"]),
    (f"{MSK}org.apache.kafka:kafka-clients:3.7", ["wrong credentials"], ["The text's policy has"]),
    (SOME_COPIES.format("now and then when they copy"), ["s3:GetObjectTagging", "another KMS key"], []),
    (SOME_COPIES.format("for some files of each sync"), ["Compare a refused object with one that works"], []),
    (SOME_COPIES.format("when they move a file; other files work"), ["s3:PutObjectTagging"], []),
    (SOME_COPIES.format("whenever they copy"), [], ["s3:GetObjectTagging"]),
    (SOME_COPIES.format("now and then when they read"), [], ["s3:GetObjectTagging"]),
    (refused("kms:ScheduleKeyDeletion", OUR_KEY, NONE_ON_IT),
     ["A key administrator must add the permission", "check its use"], []),
    (refused("kms:Decrypt", OUR_KEY, NONE_ON_IT), ["to the key policy (kms:PutKeyPolicy)"], ["check its use first"]),
    (refused("lambda:GetLayerVersion", f"arn:aws:lambda:eu-west-2:{THEIRS}:layer:a:7", NONE_ON_IT),
     ["not published it in eu-west-2", "does not share this layer version"], ["The policy of arn"]),
    (refused("lambda:InvokeFunction", f"arn:aws:lambda:eu-west-2:{THEIRS}:function:a", NONE_ON_IT), [], ["layer"]),
    (f"{BAD_KEY}I tested the same key outside the app and it works.", ["not call the Region"], ["may have expired"]),
    (f"{BAD_KEY}The same API key is valid in the playground.", ["not call the Region"], ["may have expired"]),
    (f"{BAD_KEY}With curl this token works.", ["not call the Region"], ["may have expired"]),
    (f"{BAD_KEY}The key is new.", ["may have expired"], ["it works elsewhere"]),
    (f"{BAD_KEY}No other key works.", ["may have expired"], ["it works elsewhere"]),
    (f"{BAD_FORM}We have STS credentials, and no api_key is configured.", ["did not sign with"], ["a tool generates"]),
    (f"{BAD_FORM}AWS_BEARER_TOKEN_BEDROCK is not set; SigV4 works elsewhere.", ["did not sign with"], ["a tool gen"]),
    (f"{BAD_FORM}We call it without an API key.", ["did not sign with"], ["a tool generates"]),
    (f"{BAD_FORM}The key comes from STS credentials.", ["a tool generates"], ["did not sign with"]),
    (f"{BAD_FORM}The api_key is set to the value of the console.", [], ["did not sign with"]),
    (f"logged in to Claude Pro\nError: Bedrock HTTP 403: {NO_KEY}", ["signed in to another provider"], ["mistyped"]),
    (f"provider: bedrock, model of Anthropic\nError: Bedrock HTTP 403: {NO_KEY}", ["mistyped"], ["another provider"]),
    (refused("iam:CreateRole", RESERVED_ROLE), ["with the permissions of whoever assigns"], ["changed only from"]),
    (refused("iam:DeleteRole", RESERVED_ROLE), ["changed only from"], ["whoever assigns"]),
    ("AccessDenied on InvokeAgentRuntime\nThe worker role has no bedrock-agentcore statement.",
     ["the caller's policies have no statement for bedrock-agentcore"], ["under a different identity"]),
    (refused("ses:SendRawEmail", f"arn:aws:ses:eu-west-1:{OURS}:identity/invalid@invalid", ""),
     ["sender that the program makes up"], ["SMTP and most libraries"]),
    (refused("ses:SendRawEmail", f"arn:aws:ses:eu-west-1:{OURS}:identity/invalid@invalid.com", ""),
     ["SMTP and most libraries"], ["sender that the program makes up"]),
    (f"CI (acct {OURS})\n{PUSH}Login Succeeded", [f"the caller to {OURS}", "ecr:PutImage"],
     ["Docker is not logged in", "ecr:BatchGetImage"]),
    (PUSH, ["Docker is not logged in", "ecr:PutImage"], ["ecr:BatchGetImage"]),
    (f"{SECRET_KEY}(absent)", ["the AWS managed key of its account"],
     ["for writing kms:GenerateDataKey"]),
    (f"{SECRET_KEY}{KEY}", ["is not allowed to use the key"], ["the AWS managed key of its account"]),
    (CODE, ["Check first that build/app.zip exists", "not with the function's role"], ["lambda:CreateFunction"]),
    (SCP_REGION.format(refused("bedrock:InvokeModel", MODEL, "")),
     ["here it is us-east-2", "wherever the client calls", "in every Region of the profile, not only in us-east-2"],
     ["call an allowed Region (--region)", "add us-east-2 to the Regions"]),
    (f"{HEAD_REFUSED}the bucket is in our partner's account", ["The bucket belongs to another account"],
     ["The object may not exist"]),
    (f"{HEAD_REFUSED}the bucket is not in another account", ["The object may not exist"], ["to another account, so"]),
    (CHAIN, ["lasts at most one hour", "are not renewed"], ["request 3600 seconds"]),
    (CHAIN.partition('"')[2], ["request 3600 seconds"], ["are not renewed"]),
    (f"{DELIVERY}alias/aws/sqs", ["whose policy nobody can change"], ["Add to the key policy"]),
    (f"{DELIVERY}alias/own", ["Add to the key policy"], ["whose policy nobody can change"]),
    (ZAPPA, ["allowed lambda:GetFunction"], ["AWSLambdaBasicExecutionRole"]),
    (NO_TENANT.format("CreateInvalidation"), ["invalidate each tenant"], ["the Region and account"]),
    (NO_TENANT.format("GetDistribution"), ["Check the resource's name or ID"], ["invalidate each tenant"]),
    (IN_SCHEMA.format("user: etl"), ['TO "etl"'], ['TO "IAMR:job"']),
    (IN_SCHEMA.format("user: etl").replace("method: iam", "GetClusterCredentialsWithIAM"), ['TO "IAMR:job"'], []),
    (f"{TAKEN}the same stack is deployed in eu-west-1, now I want it in us-east-1", ["The stack in eu-west-1 may own"],
     ["The stack in us-east-1"]),
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
    (PARTITION.replace("s3:::audit", "ec2:eusc-de-east-1:111122223333:instance"),
     ["write arn:aws-eusc:ec2:eusc-de-east-1:111122223333:instance/*"], ["arn:aws-cn: in China"]),
    (MADE, ["creates arn:aws:iam::111122223333:role/reader just before", "Run the call again"], ["misspelled"]),
    (MADE.replace("create reader] changed", "readers] see"), ["the role reader, the only role"], ["just before"]),
    (f"{refused('lambda:UpdateFunctionCode', ACROSS, 'because no resource-based policy allows the {} action')}\n"
     f"$ env\nAWS_PROFILE=dev\n{PROFILES}", ["call with --profile prod"], ["The resource's own policy does not"]),
    (f"{ASSUME}onboarding: account {THEIRS}, ext id LK-7731-c", ["--external-id LK-7731-c"],
     ["If you meant to use credentials of"]),
    (f"{ASSUME}no sheet", ["Both sides must allow the call", "exists (STS does not say so)"], ["--external-id LK"]),
    (f"{ASSUME}arn:aws:sts::{THEIRS}:assumed-role/Scan/x works", [], ["exists (STS"]),
    (f"{ASSUME}arn:aws:sts::777788889999:assumed-role/Scan/x works", ["exists (STS"], []),
    (f"{KEYS_SIDE}objects: SSE-KMS, key {KEY}", [f"The key belongs to account {THEIRS}", "own policies"],
     ["If you meant to use credentials of", "allowing s3:GetObject alone"]),
    ("An error occurred (AccessDeniedException) when calling the CreateFunction operation: Cross-account pass role is "
     "not allowed.", ["only to a service in the role's own account"], ["allow iam:PassRole"]),
    (denied("ec2:CreateKeyPair", "arn:aws:ec2:ap-southeast-1:111122223333:key-pair/dbg").replace(
        "a resource-based", "a service control") + "\n(same cmd in eu-central-1 ok)",
     ["The call works in eu-central-1", "the Region ap-southeast-1"], []),
    (denied("ec2:CreateKeyPair", "arn:aws:ec2:ap-southeast-1:111122223333:key-pair/dbg").replace(
        "a resource-based", "a service control") + "\nnot ok in eu-central-1", [], ["The call works in"]),
    (RUN, ["to be dev or stage, and it is staging"], []),
    (HEAD, ["Write s3:GetObject", "Add s3:ListBucket on arn:aws:s3:::inbox "], []),
    (SECRET, [f"arn:aws:secretsmanager:us-east-1:{OURS}:secret:prod/payout/wise-??????"], []),
    (GITLAB, ["the identity provider lists sts.amazonaws.com", "aud of id_tokens"], ["lists …"]),
    (f"{OIDC}aud: sts.amazonaws.com\nsub: repo:o@88/r@10:ref:refs/heads/main\nold repo prints sub: "
     f'repo:o/old:ref:refs/heads/main and works\n"StringLike": {{"{GITHUB_SUB}": "repo:o/r:*"}}',
     ["IDs of the owner and the repository", "repo:o@88/r@10:*"], ["repo:o/old"]),
    (f'{OIDC}"Condition":{{"StringEquals":{{\n "{GITHUB_SUB}":"repo:o/r:ref:refs/heads/main"}}}}\n\njobs:\n  ship:\n'
     "    environment: production\n", ["the token has repo:o/r:environment:production"], []),
    (f"$ aws sts get-caller-identity --profile dr\n{unknown_key('GetCallerIdentity')}\nplan: add sts:GetCallerIdentity",
     ["access key of profile dr", "needs no permission"], ["unset"]),
    (f"$ aws s3 ls --profile cn-prod\n{unknown_key('ListBuckets')}\nAWS_REGION=us-east-1, the console in Beijing works",
     ["call with cn-north-1 or cn-northwest-1"], ["deleted"]),
    ("$ aws s3 ls --profile ops\nok\n$ terraform plan\nError: retrieving caller identity from STS: ExpiredToken: The "
     "security token included in the request is expired\n$ env\nAWS_ACCESS_KEY_ID=ASIAX\nAWS_SESSION_TOKEN=x\n"
     "AWS_PROFILE=ops", ["override AWS_PROFILE=ops"], ["Sign in again (aws sso login"]),
    (f"{TAKEN}note: feed-a is the same template, other stack", ["The stack feed-a is created from the same template"],
     ["import it into the stack", "creates the new one before"]),
    (TAKEN, ["import it into the stack"], ["same template"]),
    (BILLING, ["root user must activate"], []),
    (RESERVED, ["only the permission set can be changed", "Edit the permission set Data"], []),
    (REDSHIFT, ['GRANT USAGE ON SCHEMA bi TO "IAMR:job"; GRANT SELECT ON bi.sales TO "IAMR:job";'], ["MySQL"]),
    (f"{TAKEN}eu-west-1 apply -> ok\nnow eu-west-3", ["The stack in eu-west-1"], ["import it into the stack"]),
    (f"a second environment in the same account\n{TAKEN}", ["Give this environment's role another name"],
     ["import it into the stack", "delete it once"]),
    (f"another environment variable, same account\n{TAKEN}", ["import it into the stack"], ["The first environment"]),
    (f"{DEFAULT_KEY}you encrypt the secret with the default KMS service key.\nour role has secretsmanager:*",
     ["aws/secretsmanager", "customer managed"], ["Let the resource's own policy allow"]),
    (NOT_ATTACHABLE.format("ReadOnlyAccess"),
     ["write arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess", "data.aws_partition"],
     ["check the spelling", "Name ReadOnlyAccess instead"]),
    (NOT_ATTACHABLE.format("ReadOnlyAcces"), ["check the spelling"], ["partition"]),
    (f"{INVALID}arn:aws:lambda:eu-west-2:{OURS}:function:*", ["is never a principal", "lambda.amazonaws.com"],
     ["wait a few seconds"]),
    (f"{INVALID}arn:aws:iam::{OURS}:role/ci\n--region us-gov-west-1", ["another partition", "Waiting does not help"],
     ["wait a few seconds"]),
    (f"{INVALID}arn:aws:iam::{OURS}:role/ci\nus-east-1, as in us-gov-west-1", ["wait a few seconds"], ["partition"]),
    (f"{FORKS}only for PRs from forks", ["neither an identity token nor secrets"], ["permissions: {id-token"]),
    (f"{FORKS}it is not a PR from a fork", ["Let the permission id-token: write apply"], ["permissions: {id-token"]),
    (OPT_IN.format("eu-west-1", "me-central-1") + "RegionOptStatus: ENABLED", ["comes from STS's global endpoint"],
     ["the Region is not enabled", "valid at all"]),
    (OPT_IN.format("me-central-1", "eu-west-1"), ["valid at all"], ["opt-in"]),
    (f"{DB}permission denied for table invoices", ["GRANT"], ["rds-db:connect"]),
    (DB, ["rds-db:connect"], ["GRANT SELECT"]),
    (OF_STACK.format("AWSCloudFormation"), ["Allow job, which makes this call, to perform"], ["Make the call as"]),
    (OF_STACK.format("servicecatalog"), ["Allow job, which makes this call, to perform"], ["Make the call as"]),
    (OF_STACK.format("me"), ["Make the call as dev-role"], ["which makes this call"]),
    (GERMAN, ["no identity-based policy of the role"], ["No failure"]),
    ("DELETE t.tflock HTTP/1.1 403 AccessDenied\nCI role: s3:ListBucket on the bucket, s3:GetObject + "
     "s3:PutObject on t",
     ["which action the refused call needs"], ["role s3", "lacks"]),
    (AGENT, ["service role most likely lacks"], ["does not allow bedrock:InvokeAgent"]),
    (f"{SCHEDULER}\nA minute later I can create it.", ["a moment ago"], ["must name scheduler"]),
    (f"{SCHEDULER}\nA minute later it fails again.", ["Compare the trust policy's aws:SourceArn"],
     ["must name scheduler"]),
    (f"{SERVICE_LINKED}The role is there when I look. Running the deployment again works.",
     ["No role and no policy has to change"], ["Check whether the account has AWSServiceRoleForECS"]),
    (SERVICE_LINKED, ["Check whether the account has AWSServiceRoleForECS"], ["No role and no policy"]),
    ("Unable to assume IAM role: arn:aws:iam::111122223333:role/aws-service-role/dynamodb.application-autoscaling."
     "amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable (Service: ApplicationAutoScaling, Status "
     "Code: 400)", ["this account does not have the role yet", "dynamodb.application-autoscaling.amazonaws.com"],
     ["First read the role's trust policy", "The role's trust policy must let"]),
    ("Unable to assume IAM role: arn:aws:iam::111122223333:role/scaling (Service: ApplicationAutoScaling, Status Code: "
     "400)", ["The role's trust policy must let"], ["does not have the role yet"]),
    (f"{UNSIGNED}\nPOST https://bedrock-runtime.us-east-1.amazonaws.com/m\nAWS4-HMAC-SHA256 Credential=AKIA.../20260527"
     "/us-east-1/bedrock-runtime/aws4_request", ["signed for bedrock."], ["If the keys fail everywhere"]),
    (f"{UNSIGNED}\nPOST https://sqs.us-east-1.amazonaws.com/\nCredential=AKIA.../20260527/eu-west-1/sqs/aws4_request",
     ["eu-west-1 in the signature, us-east-1 in the endpoint"], ["If the keys fail everywhere"]),
    (f"{UNSIGNED}\nPOST https://sqs.us-east-1.amazonaws.com/\nCredential=AKIA.../20260527/us-east-1/sqs/aws4_request",
     ["If the keys fail everywhere"], ["in the signature differs from"]),
    ("InvalidSignatureException: Credential should be scoped to a valid region.\nAWS_REGION=eu-central-1 agent\nPOST "
     "https://bedrock-runtime.us-east-1.amazonaws.com/m", ["AWS_REGION=eu-central-1", "Sign for us-east-1"],
     ["If the keys fail everywhere"]),
    (PROFILED, ["chooses the Region itself"], ["--region)"]),
    ("ValidationError: Account used is not a delegated administrator", ["allow the caller that action"],
     ["not with IAM"]),
    (DATABRICKS, ["A vendor sends"], ["Keep the condition", "Allow unity-catalog"]),
    (CDK, ["run cdk bootstrap again"], ["for another service"]),
    (TRIGGER.format(THEIRS), ["In the queue's account, the queue policy"], []),
    (TRIGGER.format(OURS), ["AWSLambdaSQSQueueExecutionRole"], ["Both accounts"]),
    (f"{BAD_KEY}curl to https://bedrock-runtime.eu-central-1.amazonaws.com with the same key works",
     ["Set the program's Region to eu-central-1"], ["have expired"]),
    (f"{BAD_KEY}curl to https://bedrock-runtime.eu-central-1.amazonaws.com fails as well", ["have expired"],
     ["The key is valid"]),
    (f"{BAD_FORM}curl without an Authorization header works", ["the client's own Authorization header"],
     ["CallWithBearerToken"]),
    (BAD_FORM, ["CallWithBearerToken"], ["Authorization header"]),
    (INVENTORY.format(f"arn:aws:iam::{OURS}:root kms:*"), ['{"Service": "s3.amazonaws.com"} with kms:GenerateDataKey'],
     ["CloudTrail"]),
    (INVENTORY.format(f"arn:aws:iam::{OURS}:root kms:*, s3.amazonaws.com kms:GenerateDataKey"), [], ["does not name"]),
    (SERVERLESS, ["ResourceType=ServerlessCache"], ["is valid for 15 minutes"]),
    (SERVERLESS.replace("serverlesscache", "replicationgroup"), ["15 minutes"], ["ResourceType"]),
    (f"{COPIED}the entrypoint exports the task role's credentials to AWS_* variables", ["Do not copy the"],
     ["aws sso login"]),
    (f"{COPIED}we do not copy the task role credentials into the environment", ["aws sso login"], ["the copying"]),
    (f"{PAYER_REFUSED}\nthe bucket has Requester Pays enabled", ["Send x-amz-request-payer"], ["may not exist"]),
    (f"{PAYER_REFUSED}\nthe bucket has no Requester Pays", ["may not exist"], ["Send x-amz-request-payer"]),
    (f"{refused('sagemaker:AddTags', TRAINING)}\nStep Functions, RUN_JOB",
     ["Step Functions tags each job", "training-job/* as its Resource"], ["do not set tags"]),
    (refused("sagemaker:AddTags", TRAINING), ["do not set tags"], ["Step Functions"]),
    (f"{OTHERS}Most accounts work.", [f"account {THEIRS} has no role spoke"], []),
    (OTHERS, ["STS gives the same answer for a role that does not exist"], ["has no role spoke"]),
    (f"{CIPHER}\nbucket policy: cloudfront.amazonaws.com s3:GetObject", ["kms:Decrypt for Principal cloudfront"],
     ["is not allowed to use the key"]),
    (CIPHER, ["kms:Decrypt"], ["CloudFront"]),
    (f'{DATASYNC}{{"Service":"datasync.amazonaws.com"}} with aws:SourceArn arn:aws:datasync:eu-west-1:{OURS}:task/*',
     ["Compare the trust policy's aws:SourceArn"], ["must let datasync"]),
    (f'{DATASYNC}{{"Service":"s3.amazonaws.com"}} with aws:SourceAccount {OURS}', ["must let datasync"], []),
    (f"{ON_NODE}eks.amazonaws.com/role-arn: arn:aws:iam::{OURS}:role/dns", ["Restart the pods"],
     [", allow the action in the caller's policies"]),
    (f"{ON_NODE}eks.amazonaws.com/role-arn: arn:aws:iam::{OURS}:role/nodes", [], ["do not allow the node"]),
    ("time=1 error: open /var/run/secrets/app/config: access denied, role cannot be used", [],
     ["secretsmanager:", "The secret"]),
    (f"{WANTS_MFA}role_arn = x\nsource_profile = default", ["in the profile, set mfa_serial"], []),
    (f"{WANTS_MFA}role_arn = x\nmfa_serial = y", [], ["in the profile, set mfa_serial"]),
    ("The knowledge base storage configuration provided is invalid... Request failed: [security] 403 Forbidden",
     ["the collection's data access policy"], []),
    (f'{OF_SSO}trust: "AWS": "arn:aws:iam::{OURS}:role/AWSReservedSSO_Admin_0123456789abcdef"',
     ["Allow the permission set Admin to perform sts:AssumeRole"],
     ["llow AWSReservedSSO"]),
    (refused("s3:GetObject", "arn:aws:s3:::a/b") + "\ncurl http://169.254.169.254/latest/meta-data/ami-id works",
     [], ["works with another version"]),
    # A usual cause that the text excludes, or that nothing in it shows, is not printed.
    (MADE_NOW, ["created a moment ago", "must let lambda.amazonaws.com perform sts:AssumeRole"], []),
    (LAMBDA, ["must let lambda.amazonaws.com perform sts:AssumeRole"], ["a moment ago", "does not name"]),
    (f"{LAMBDA} Deploying it again works.", ["created a moment ago"], ["must let lambda"]),
    (f'{LAMBDA}\n"Principal": {{"Service": "lambda.amazonaws.com"}}', ["cannot assume this role"], ["must let lambda"]),
    (VELERO.format("velero-irsa"), ["CreateSnapshot on snapshot and volume"], ["EBS CSI driver"]),
    (VELERO.format("prod-storage"), ["EBS CSI driver: often", "It calls with", "AmazonEBSCSIDriverPolicyV2"], []),
    (f"{VELERO.format('prod-storage')}\nIts role has ec2:*.", ["EBS CSI driver calls"], ["AmazonEBSCSIDriverPolicyV2"]),
    (RBAC.format("arn:aws:sts::444455556666:assumed-role/deploy/17147"),
     ["The cluster knows the role deploy"], ["Give arn:aws"]),
    (f"{BOUNDED.format('iam:CreateServiceLinkedRole', LINKED, 'permissions boundary')}",
     ["aws iam create-service-linked-role --aws-service-name es.amazonaws.com"], ["unless it was left out"]),
    (f"{BOUNDED.format('iam:CreateRole', f'arn:aws:iam::{OURS}:role/a', 'permissions boundary')}",
     ["unless it was left out on purpose"], ["create-service-linked-role"]),
    (f"{BOUNDED.format('sts:AssumeRole', f'arn:aws:iam::{THEIRS}:role/a', 'identity-based policy')}",
     [f"The role is in another account, {THEIRS}: its trust policy must allow the caller, too"], []),
    (f"{BOUNDED.format('sts:AssumeRole', f'arn:aws:iam::{OURS}:role/a', 'identity-based policy')}",
     ["do not allow sts:AssumeRole"], ["in another account", "must allow the caller, too"]),
    (f"{NO_VOLUME}\n  kmsKeyId: arn:aws:kms:eu-west-1:{OURS}:key/3b1c",
     ["on arn:aws:kms:eu-west-1:111122223333:key/3b1c"], ["default EBS key"]),
    (f'{NO_VOLUME}\n"kmsKeyId": "alias/ebs"', ["on alias/ebs"], ["default EBS key"]),
    (NO_VOLUME, ["If the storage class names no key (kmsKeyId)"], ["the storage class's KMS key"]),
    (f"{NO_VOLUME}\n  kmsKeyId: {{{{ .Values.key }}}}", ["If the storage class names no key"], ["class's KMS key"]),
    (RBAC.format("system:serviceaccount:prod:api"), ["Give system:serviceaccount:prod:api a Role"], ["its access"]),
    (RBAC.format("arn:aws:iam::444455556666:user/eva"), ["Give arn:aws:iam::444455556666:user/eva a Role"], []),
    (f"{OAI} Must I migrate to OAC?", ["S3CanonicalUserId"], ["sign-in in front"]),
    (f"{OAI} Now with OAC.", ["must let cloudfront.amazonaws.com"], ["S3CanonicalUserId"]),
    (f"{OAI} Users sign in with Cognito.", ["S3CanonicalUserId", "sign-in in front"], []),
    (PROFILE_MODEL.format("global.anthropic.claude-sonnet-4-6."),
     ["global.anthropic.claude-sonnet-4-6 is the ID"], ["4-6. is"]),
    (PROFILE_MODEL.format("eu.amazon.nova-lite-v1:0,"), ["eu.amazon.nova-lite-v1:0 is the ID"], []),
    (CROSSPLANE, ["without the parameter AccountId"], ["Often"]),
    (CROSSPLANE.replace("accountId of", '{"accountId": "1"} of'), ["Crossplane calls with"], ["parameter AccountId"]),
    (NODES_PASS, ["iam:PassRole on the role's ARN"], ["older than the program"]),
    (refused("s3:GetObject", "arn:aws:s3:::a/b", ""), ["Most often no"], ["may not exist"]),
    ("An error occurred (AccessDenied) when calling the GetObject operation: Access Denied", [], ["may not exist"]),
    ("An error occurred (403) when calling the HeadObject operation: Forbidden", ["may not exist"], []),
    (PULL, ["pulled with the node's role, not with"], ["role that pulls the image also needs"]),
    (f"{PULL} {refused('ecr:BatchGetImage', '*', '')}", ["the role that pulls needs"], []),
    (f"Our admin role has AdministratorAccess.\n{refused('sqs:SendMessage', '*', '')}", ["Most often no"],
     ["AdministratorAccess"]),
    ("An error occurred (AccessDenied) when calling the PutImage operation: Access Denied",
     ["CloudTrail's event has both"], ["policies of", "own policies"]),
    ("AccessDeniedException when calling CreateAgent: Access denied while trying to create an agent. Ensure Agent role "
     "has valid permissions", [], ['Resource "*"']),
    (f"{SECRETS_KEY}\nKmsKeyId of the secret: (empty)", ["AWS managed key of its account"], []),
    (f"{SECRETS_KEY}\nsecret created with the defaults", ["AWS managed key of its account"],
     ["is not allowed to use the key"]),
    (f"{SECRETS_KEY}\ncreated by the pipeline", ["is not allowed to use the key"],
     ["AWS managed key of its account"]),
    (f"{OPT_IN.format('eu-west-1', 'af-south-1')}af-south-1 and eu-south-2 are both enabled here.",
     ["comes from STS's global endpoint"], ["is disabled until"]),
    (f"{OPT_IN.format('eu-west-1', 'af-south-1')}Is af-south-1 enabled?", ["is disabled until"], []),
    (f"{OPT_IN.format('eu-west-1', 'af-south-1')}af-south-1 is not enabled.",
     ["af-south-1 is not enabled for the account"], ["global endpoint"]),
    ("sts = boto3.client('sts'); sts.assume_role(RoleArn=r)\nfor me-south-1 (enabled):\n"
     "UnrecognizedClientException: The security token included in the request is invalid",
     ["comes from STS's global endpoint"], ["is disabled until"]),
    (f"{NO_KEYS}\nOn the host it works, in the docker container it does not; both have the instance role.",
     ["hop limit is 1"], ["must be attached"]),
    (f"{NO_KEYS}\nin the container on an EC2 instance", ["must be attached"], ["host gets credentials"]),
    (f"{POD_HOST}\n3.490.0 is the newest", ["never accepts 169.254.170.23", "IRSA"], ["too old", "that worked"]),
    (f"Since we moved to 3.1053:\n{POD_HOST}", ["use the version that worked"], ["too old"]),
    ("ValueError: Unsupported host '169.254.170.23'.  Can only retrieve metadata from these hosts: 169.254.170.2",
     ["boto3 in this program is too old"], ["Start there"]),
    (f"{MODULE}\nthe provider is set by hand", ["lacks its module sts"], ["next provider"]),
    (f"{MODULE}\nso the program uses the node's role", ["The next provider in the chain is used"], []),
    (f"{EC2_KEYS}\nSource: Local CMOS Clock", ["clock, which is not synchronized"], ["deleted, inactive, mistyped"]),
    (f"{EC2_KEYS}\nSource: time.windows.com", ["deleted, inactive, mistyped"], ["not synchronized"]),
    (f"{EDITOR}\n$ aws sts get-caller-identity\n{{ \"UserId\": \"A\" }}", ["Reload or restart it"], ["aws sso login"]),
    (EDITOR, ["aws sso login"], ["Reload or restart it"]),
    ("Error: waiting for Plan create: empty result\nresource \"aws_backup_plan\" \"p\" {\n}\nTerraform's role has few "
     "permissions, but nothing here says access denied.",
     ["No refusal by AWS was recognized"], ["The request was refused"]),
    (f"{NO_PROFILE}\n$ aws iam get-instance-profile --instance-profile-name web\n"
     f"arn:aws:iam::{OURS}:instance-profile/web", ["exists. If the profile is new"], ["never created"]),
    (NO_PROFILE, ["never created"], ["exists. If the profile is new"]),
    (f"arn:aws:sts::{OURS}:assumed-role/AWSReservedSSO_Read_aa01.../li\nAccessDenied ... not authorized to perform: "
     "s3:GetObject because no identity-based policy allows the s3:GetObject action\nNot current / Reprovision required",
     ["first provision the permission set to that account", "provision-permission-set"], ["allow the action in"]),
    ("ERROR_CODE InvalidParameterValueException\nERROR_MESSAGE You cannot use an unqualified ARN.\n\"Arn\": "
     "\"arn:aws:lambda:eu-west-1:111122223333:function:f\"", ["You cannot use an unqualified ARN"], []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "unsaid"), DECIDED)
def test_what_the_text_shows_decides(text: str, said: list[str], unsaid: list[str]) -> None:
    answer = answered(text)
    assert [words for words in said if words not in answer] == []
    assert [words for words in unsaid if words in answer] == []


TWO_PROFILES = """{calls}
An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access
$ cat ~/.aws/config
[profile dev]
sso_account_id = 111122223333
sso_role_name = Engineer
[profile prod]
sso_account_id = 444455556666
sso_role_name = Engineer
"""


@pytest.mark.parametrize(
    ("calls", "where"),
    [
        ("$ aws s3 ls --profile prod", "in account 444455556666"),
        ("$ aws s3 ls --profile dev\n2026-01-01 a\n$ aws s3 ls --profile=prod", "in account 444455556666"),
        ("$ aws s3 ls", "in the profile's account (sso_account_id)"),
    ],
)
def test_the_refused_profile_names_the_account(calls: str, where: str) -> None:
    assert f"Engineer is not assigned to this person {where}" in answered(TWO_PROFILES.format(calls=calls))
