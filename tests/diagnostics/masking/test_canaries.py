"""Secrets as the field writes them, by kind: none is left in what is sent to others; what is no secret is left alone.

The first ``@`` of a text stands for what must not be seen.
"""

from __future__ import annotations

import json

import pytest

from diagnostics.masking.masks import Masks

WORD = "Zx9canary7"
ACCOUNT, KEY, SESSION_KEY = "123412341234", "AKIAIOSFODNN7CANARY2", "ASIAQWERTYUIOP234567"
SECRET_KEY = "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"
SESSION_TOKEN = "IQoJb3JpZ2luX2VjEJ3" + "Zx9canary7" * 8
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJaeDljYW5hcnk3In0.Zx9canary7c2ln"

CANARIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "account": (
        ACCOUNT,
        (
            "arn:aws:iam::@:role/deploy",
            "arn:aws-cn:iam::@:role/deploy",
            "arn:aws-us-gov:s3control:us-gov-west-1:@:accesspoint/x",
            "arn%3Aaws%3Aiam%3A%3A@%3Arole%2Fdeploy",
            '{"aws:PrincipalAccount": "@"}',
            '{"recipientAccountId":"@","n":1}',
            "https://@.signin.aws.amazon.com/console",
            "@.dkr.ecr.eu-west-1.amazonaws.com/app:1",
            "s3://cdk-hnb659fds-assets-@-eu-west-1/x",
            "aws_account_id = @",
            "account:@ (prod)",
            "AWS=@,Service=lambda.amazonaws.com",
        ),
    ),
    "account as the console prints it": ("1234-1234-1234", ("Account ID: @", "prod (@)")),
    "access key": (
        KEY,
        (
            "AWS_ACCESS_KEY_ID=@",
            "aws_access_key_id = @",
            '"AccessKeyId": "@"',
            "<AccessKeyId>@</AccessKeyId>",
            "Credential=@/20261120/us-east-1/s3/aws4_request, SignedHeaders=host",
            "?X-Amz-Credential=@%2F20261120%2Fus-east-1",
            "?AWSAccessKeyId=@&Expires=1",
            "key @ is inactive",
            "AROAIOSFODNN7EXAMPLE:@",
        ),
    ),
    "access key of a session": (SESSION_KEY, ("export AWS_ACCESS_KEY_ID='@'", 'access_key = "@"', "for access key @.")),
    "secret access key": (
        SECRET_KEY,
        (
            "AWS_SECRET_ACCESS_KEY=@",
            "aws_secret_access_key = @",
            '"SecretAccessKey": "@"',
            '\\"secretAccessKey\\": \\"@\\"',
            "<SecretAccessKey>@</SecretAccessKey>",
            f"{KEY},@",
            f"| {KEY} | @ |",
            "secretKey: @",
            "set -x AWS_SECRET_ACCESS_KEY @",
            "it was @ I think",
        ),
    ),
    "session token": (
        SESSION_TOKEN,
        (
            "AWS_SESSION_TOKEN=@",
            '"SessionToken": "@"',
            "<SessionToken>@</SessionToken>",
            "aws_session_token = @",
            "X-Amz-Security-Token: @",
            "&X-Amz-Security-Token=@&X-Amz-Signature=ab12cd34",
            "x-amz-security-token:@",
            "the token @ had expired",
        ),
    ),
    "external ID": (
        f"acme-{WORD}",
        (
            "--external-id @",
            "--external-id=@ --duration 900",
            "ExternalId=@",
            "ExternalId='@'",
            '"ExternalId": "@"',
            '"sts:ExternalId": "@"',
            '"sts:ExternalId": ["@", "other"]',
            '\\"sts:ExternalId\\":\\"@\\"',
            'external_id = "@"',
            'variable = "sts:ExternalId"\n      values   = ["@"]',
            "sts:ExternalId: @",
            "ContextKeyName=sts:ExternalId,ContextKeyValues=@,ContextKeyType=string",
            "external id is @",
            "The external ID must be '@'",
            "the external ID @ was refused",
            "external ID: @",
            "<ExternalId>@</ExternalId>",
        ),
    ),
    "external ID without digits": (
        "acmecorp",
        ("--external-id @", 'external_id = "@"', "ExternalId=@", '"sts:ExternalId":"@"', '--external-id "@"'),
    ),
    "password": (
        WORD,
        (
            "https://admin:@@host.example/x",
            "postgresql+asyncpg://u:@@db:5432/x",
            "redis://:@@cache:6379",
            "git clone https://x-access-token:@@github.example/a/b",
            "mysql -h db -u admin -p@ orders",
            "mysqldump -u root -p @ orders",
            "sshpass -p @ ssh host",
            "docker login -u AWS -p @ host",
            "docker login --password @ host",
            "az login --service-principal -u x -p @",
            "aws rds modify-db-instance --master-user-password @ --apply-immediately",
            "aws cognito-idp admin-create-user --temporary-password '@'",
            "psql 'host=db password=@ user=x'",
            "PGPASSWORD=@ psql",
            "MYSQL_PWD=@ mysql",
            "DB_PASS=@",
            "Server=db;User Id=sa;Pwd=@;",
            "Password=@;Encrypt=yes",
            '"masterUserPassword": "@"',
            "dbPassword: @",
            "<password>@</password>",
            '{"name": "DB_PASSWORD", "value": "@"}',
            "- name: DB_PASSWORD\n  value: @",
            "curl -u admin:@ https://host",
            "curl --user 'admin:@' https://host",
            "smbclient -U admin%@ //host/share",
            "redis-cli -h cache -a @ ping",
            "ldapsearch -x -D cn=admin -w @ -b dc=x",
            "openssl rsa -passin pass:@ -in key.pem",
            "passphrase: @",
            "password is @",
            "Password for user admin: @",
            "spring.datasource.password=@",
        ),
    ),
    "token": (
        WORD,
        (
            "Authorization: Bearer @",
            '"Authorization": "Bearer @"',
            "-H 'authorization: token @'",
            "Authorization: Basic YTp@",
            "sent Bearer @ to it",
            "Proxy-Authorization: Basic YTp@",
            "GITHUB_TOKEN=@",
            "gh auth: ghp_@abcdef",
            "https://h.example/cb?access_token=@&x=1",
            "https://h.example/cb?code=@&state=1",
            '"refresh_token": "@"',
            "accessToken: @",
            "npm config set //r/:_authToken=@",
            "x-api-key:@",
            "X-Vault-Token: @",
            "--web-identity-token @",
            "--token @",
            "aws sts get-session-token --token-code 9@",
            "MFA: --mfa-code 9@",
            "client_secret=@",
            '"clientSecret":"@"',
            "AccountKey=@;EndpointSuffix=x",
            "SharedAccessSignature=@;",
            "https://x.blob.core.example/c?sv=2022&sig=@",
            "https://b.s3.amazonaws.com/k?X-Amz-Signature=@&a=b",
            "https://hooks.slack.com/services/T0/B0/@",
            "Set-Cookie: sid=@; Path=/",
            "Cookie: a=b; aws-creds=@",
            "-----BEGIN RSA PRIVATE KEY-----\n@\n-----END RSA PRIVATE KEY-----",
            '"private_key": "@"',
            '"auth": "YTp@"',
        ),
    ),
    "JSON Web Token": (JWT, ("@", "token=@", '"id_token":"@"', "decoded @ to", "ACTIONS_ID_TOKEN_REQUEST_TOKEN=@")),
    "e-mail address": (
        f"{WORD}@corp.example.com",
        (
            "arn:aws:sts::x:assumed-role/dev/@",
            "RoleSessionName=@",
            "AROAXX:@",
            '"email": "@"',
            "mailto:@",
            "<@>",
        ),
    ),
    "public IP address": (
        "52.95.110.7",
        ("source IP @", '"sourceIPAddress":"@"', "aws:SourceIp = @/32", "https://@/x", "from @.", "[@]:443"),
    ),
    "public IP address in a name": ("52-95-110-7", ("ec2-@.compute-1.amazonaws.com",)),
    "public IPv6 address": ("2a05:d018:abc:1::7", ("from @, port 1", '"aws:SourceIp": "@"', "[@]:443")),
    "portal": ("d-90671fabcd", ("https://@.awsapps.com/start", "sso_start_url = https://@.awsapps.com/start#/")),
    "portal of a name": ("harborcorp", ("https://@.awsapps.com/start", "https://@.signin.aws.amazon.com/console")),
    "organization": ("o-a1b2c3d4e5", ('"aws:PrincipalOrgID": "@"', "@/r-ab12/ou-ab12-x", "in @.")),
    "principal ID": ("AROAIOSFODNN7CANARY22", ('"aws:userid": "@:i-1"', '"AWS": "@"', "principalId: @:erin")),
}

DECOYS = (
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "arn:aws-cn:iam::aws:policy/AdministratorAccess",
    "s3:GetObject, s3:PutObject and sts:AssumeRoleWithWebIdentity",
    "secretsmanager:GetSecretValue",
    "iam:GetAccessKeyLastUsed",
    "ssm:GetParameter on arn:aws:ssm:us-east-1:x:parameter/app/db/password",
    '"Sid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"',
    "Request ID: 123e4567-e89b-12d3-a456-426614174000",
    '"Sid": "Stmt1732093200123"',
    '"Version": "2012-10-17"',
    "10.0.0.1, 192.168.1.0/24, 172.16.0.0/12, 127.0.0.1, 169.254.169.254, 0.0.0.0/0",
    "203.0.113.7 and 198.51.100.0/24",
    "::1, fe80::1, 2001:db8::7 and 12:30:45",
    "aws-cli/2.15.30 Python/3.11.8",
    "botocore/1.34.51.0",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "the bearer token was refused",
    "password is required",
    "password: none",
    '"password": null',
    "(using password: YES)",
    "The security token included in the request is invalid",
    "the token: it has 3 parts, of 2026",
    "Signature expired: 20261127T100000Z is now earlier than 20261127T101500Z",
    "SignatureDoesNotMatch: the request signature we calculated",
    '"token.actions.githubusercontent.com:sub": "repo:harbor/app1:ref"',
    '"aws:TokenIssueTime": "2026-11-20T09:00:00Z"',
    '"SecretId": "orders/db-1234"',
    "arn:aws:secretsmanager:us-east-1:x:secret:orders/db-Ab12Cd",
    "secret: arn:aws:secretsmanager:us-east-1:x:secret:orders/db-Ab12Cd",
    "aws_session_token = ${AWS_SESSION_TOKEN}",
    "password=$DB_PASSWORD",
    "password: ${{ secrets.DB_PASSWORD }}",
    "Authorization header is missing",
    "--password-stdin",
    "mkdir -p build/x && ssh -p 2222 host",
    "docker run -p 8080:80 app",
    "aws s3 ls --profile p1 -u",
    "PWD=/home/x OLDPWD=/tmp",
    "Tell it the external ID and let it go",
    "the external ID is missing",
    "--external-id is what the trust policy asks for, in quotation marks",
    "a condition on sts:ExternalId",
    "no external ID (sts:ExternalId)",
    "i-0123456789abcdef0 in vpc-0a1b2c3d and subnet-0a1b2c3d4e5f",
    "card 1111-2222-3333-4444",
    "1732093200123 ms, 42 bytes, 1111222233334",
    "2026-11-20T09:00:00.123456Z",
    "git@github.com:harbor/app.git",
    "uses: actions/checkout@v4",
    "lambda.amazonaws.com and s3.eu-west-1.amazonaws.com",
    "https://us-east-1.signin.aws.amazon.com/saml",
    "https://eu-central-1.console.aws.amazon.com/iam/home#/roles",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    "o-two-words and r-ab12",
    "AWSReservedSSO_Admin_0123456789abcdef",
    "AWSServiceRoleForAutoScaling",
    "path /service-role/ and /aws-reserved/sso.amazonaws.com/",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "The trust policy asks for an MFA code",
    "key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "pass: all tests",
    "3 passes: first, second",
    "iam:PassRole with iam:PassedToService: lambda.amazonaws.com",
    "KMS key rotation every 365 days",
    "${aws:username} and ${aws:PrincipalTag/team}",
)


@pytest.mark.parametrize(
    ("canary", "text"),
    [
        pytest.param(canary, text, id=f"{kind}: {text}"[:60])
        for kind, (canary, texts) in CANARIES.items()
        for text in texts
    ],
)
def test_nothing_of_a_secret_is_left(canary: str, text: str) -> None:
    filled = text.replace("@", canary, 1)
    around = f"Error on line 3\n{filled}\n(end of it)"
    assert canary not in Masks().text(filled)
    masked = Masks().text(around)
    assert canary not in masked and masked.startswith("Error on line 3\n") and masked.endswith("\n(end of it)")
    document = {"steps": [{"text": around}], around: 1}
    assert canary not in json.dumps(Masks().value(document))
    assert canary not in Masks().text(json.dumps(document))


@pytest.mark.parametrize("text", DECOYS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Masks().text(text) == text
    assert Masks().value({"x": [text]}) == {"x": [text]}
