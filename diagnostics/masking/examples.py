"""The kinds of secrets that are masked, each with an example in which the secret is between ⟦ and ⟧.

A new kind needs a row here and, if no pattern finds it, a pattern in `diagnostics.text.tokens.secrets` (if it can be
nothing else) or in `diagnostics.masking.kinds`. The tests put every row into the log, stored pasted texts, exports and
masked output. All values are made up.
"""

from __future__ import annotations

import base64
from typing import NamedTuple


class SecretExample(NamedTuple):
    """An example. ``marked`` is a text as programs print it."""

    kind: str
    marked: str

    @property
    def text(self) -> str:
        return self.marked.replace("⟦", "").replace("⟧", "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The parts that must not appear anywhere, without surrounding white space."""
        return tuple(piece.partition("⟧")[0].strip() for piece in self.marked.split("⟦")[1:])


_HEX40 = "3f9a7c1e5b2d8046af13c7e9b5d2084617fa3c9e"
_B64 = "kT9vQ2xLr8Zp0WmYc4Hd"
_LONG = _B64 * 4
_KEY = "wJ4lrXUtnF3MI8K7MDENGbPxRfiCYzTqA1Lw9vQ2"
_SCRIPT = "#!/bin/bash\nexport API_PASS=kT9vQ2xLr8\ncurl -s https://setup.example/run\n"
_SCRIPT64 = base64.b64encode(_SCRIPT.encode()).decode()
_T34 = "kT9vQ2xLr8Zp0WmYc4HdkT9vQ2xLr8Zp0W"
_PEM = "MIIEpAIBAAKCAQEA7kT9vQ2xLr8Zp0WmYc4HdkT9vQ2xLr8Zp0WmYc4Hd"

SECRET_EXAMPLES: tuple[SecretExample, ...] = tuple(
    SecretExample(*row)
    for row in (
        # AWS: keys and sessions
        ("access key in an environment", f"AWS_SECRET_ACCESS_KEY=⟦{_KEY}⟧"),
        ("access key in an ini file", f"aws_secret_access_key = ⟦{_KEY}⟧"),
        ("access key in JSON", f'{{"SecretAccessKey": "⟦{_KEY}⟧"}}'),
        ("access key in JSON inside JSON", f'{{"log": "{{\\"secretAccessKey\\": \\"⟦{_KEY}⟧\\"}}"}}'),
        ("access key in Terraform", f'secret_key = "⟦{_KEY}⟧"'),
        ("access key beside its ID", f"AKIAZZ4EXAMPLE7QXYZ2,⟦{_KEY}⟧"),
        ("access key alone", f"the value was ⟦{_KEY}⟧ and nothing else"),
        ("session token in an environment", f"AWS_SESSION_TOKEN=⟦IQoJb3JpZ2luX2Vj{_LONG}⟧"),
        ("session token in JSON", f'{{"SessionToken": "⟦FwoGZXIvYXdz{_LONG}⟧"}}'),
        ("session token in a header", f"x-amz-security-token: ⟦IQoJb3JpZ2luX2Vj{_LONG}⟧"),
        ("session token alone", f"got ⟦IQoJb3JpZ2luX2Vj{_LONG}⟧ from it"),
        ("signature of an address", f"https://b.s3.amazonaws.com/k?X-Amz-Signature=⟦{_HEX40}{_HEX40[:24]}⟧"),
        ("signature of a header", f"Authorization: AWS4-HMAC-SHA256 Credential=x, Signature=⟦{_HEX40}{_HEX40[:24]}⟧"),
        ("container credentials", f"AWS_CONTAINER_AUTHORIZATION_TOKEN=⟦{_LONG}⟧"),
        ("metadata token", f"X-aws-ec2-metadata-token: ⟦AQAEA{_LONG}==⟧"),
        ("SSO access token", f'{{"accessToken": "⟦aoaAAAAAGb{_LONG}⟧"}}'),
        ("SSO client secret", f'{{"clientSecret": "⟦{_LONG}⟧"}}'),
        ("SSO refresh token", f'{{"refreshToken": "⟦aorAAAAAGb{_LONG}⟧"}}'),
        ("Bedrock API key", f"AWS_BEARER_TOKEN_BEDROCK=⟦ABSK{_LONG}{_LONG}==⟧"),
        ("Bedrock API key alone", f"key ⟦ABSKQmVkcm9ja0FQSUtleS{_LONG}=⟧ is used"),
        ("Bedrock short-term key", f"export KEY_B=⟦bedrock-api-key-{_LONG}{_LONG}⟧"),
        ("Bedrock short-term key in JSON", f'{{"ServiceApiKeyValue": "⟦bedrock-api-key-{_LONG}⟧"}}'),
        ("service-specific password", '{"ServicePassword": "⟦kT9vQ2xLr8+Zp0=⟧"}'),
        ("SMTP password", "SMTP_PASSWORD=⟦BM9vQ2xLr8Zp0WmYc4Hd⟧"),
        # AWS: values that services hold
        ("SecretString", '{"SecretString": "⟦hunter two⟧"}'),
        ("SecretString with JSON", r'{"SecretString": "⟦{\"username\":\"app\",\"pw\":\"kT9v Q2x\"}⟧"}'),
        ("SecretString of a template", "  SecretString: ⟦swordfish⟧"),
        (
            "SecretString of a command",
            "aws secretsmanager put-secret-value --secret-id a --secret-string '⟦two words⟧'",
        ),
        ("SecretString in Terraform", 'secret_string = "⟦letmein⟧"'),
        ("SecretBinary", f'{{"SecretBinary": "⟦{_B64}⟧"}}'),
        ("SecureString", '{"Name": "/a/b", "Type": "SecureString", "Value": "⟦open sesame⟧"}'),
        ("SecureString, value first", '{"Value": "⟦open sesame⟧", "Name": "/a", "Type": "SecureString"}'),
        ("SecureString of a command", "aws ssm put-parameter --name /a --type SecureString --value ⟦sesame⟧"),
        ("SecureString of a command, value first", 'aws ssm put-parameter --value "⟦my sesame⟧" --type SecureString'),
        ("SecureString in Terraform", 'type = "SecureString"\n  value = "⟦sesame⟧"'),
        ("user data in base64", f'{{"UserData": "⟦{_SCRIPT64}⟧"}}'),
        ("user data, plain", '{"UserData": "⟦#!/bin/bash\\nexport K=kT9vQ2\\n⟧"}'),
        ("user data of DescribeInstanceAttribute", f'{{"UserData": {{"Value": "⟦{_SCRIPT64}⟧"}}}}'),
        ("user data of a command", "aws ec2 run-instances --user-data '⟦#!/bin/sh\nK=kT9vQ2⟧' --count 1"),
        ("user data in Terraform", 'user_data = "⟦#!/bin/sh echo kT9vQ2⟧"'),
        ("user data in a Terraform heredoc", "user_data = <<-EOF\n⟦#!/bin/sh\nK=kT9vQ2\n⟧EOF\n"),
        ("user data in Terraform, base64", f'user_data_base64 = "⟦{_SCRIPT64}⟧"'),
        ("user data of a template", "  UserData:\n    Fn::Base64: |\n⟦      #!/bin/sh\n      K=kT9vQ2⟧\n  Other: 1"),
        ("user data on one line", "UserData: Fn::Base64: !Sub | ⟦#!/bin/sh export K=kT9vQ2⟧"),
        ("user data in a heredoc on one line", "user_data = <<EOF ⟦#!/bin/sh K=kT9vQ2⟧ EOF }"),
        ("cloud-config", "#cloud-config\n⟦write_files:\n  - content: kT9vQ2⟧"),
        ("master password", '{"MasterUserPassword": "⟦kT9vQ2xLr8⟧"}'),
        ("master password of a command", "aws rds create-db-instance --master-user-password ⟦kT9vQ2xLr8⟧"),
        ("login profile password", "aws iam create-login-profile --user-name a --password ⟦kT9vQ2xLr8!⟧"),
        ("auth token of ElastiCache", "aws elasticache modify --auth-token ⟦kT9vQ2xLr8Zp0W⟧"),
        ("presigned database token", f"host:3306/?Action=connect&X-Amz-Security-Token=⟦{_LONG}⟧"),
        ("ECR login", f"docker login -u AWS -p ⟦eyJwYXlsb2Fk{_LONG}⟧ 1.dkr.ecr.us-east-1.amazonaws.com"),
        ("authorization data of ECR", f'{{"authorizationToken": "⟦QVdTOm{_LONG}⟧"}}'),
        # SQL
        ("MySQL user", "CREATE USER 'app'@'%' IDENTIFIED BY '⟦swordfish⟧';"),
        ("MySQL user with plugin", "ALTER USER app IDENTIFIED WITH mysql_native_password BY '⟦sword fish⟧'"),
        ("MySQL hash", "IDENTIFIED WITH 'mysql_native_password' AS '⟦*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29⟧'"),
        ("MySQL set password", "SET PASSWORD FOR app = PASSWORD('⟦swordfish⟧')"),
        ("Oracle user", 'CREATE USER app IDENTIFIED BY "⟦swordfish⟧"'),
        ("Oracle user, bare", "alter user app identified by ⟦swordfish⟧;"),
        ("PostgreSQL role", "CREATE ROLE app LOGIN PASSWORD '⟦sword fish⟧'"),
        ("PostgreSQL encrypted", "ALTER USER app WITH ENCRYPTED PASSWORD '⟦swordfish⟧' VALID UNTIL '2030-01-01'"),
        ("SQL Server login", "CREATE LOGIN app WITH PASSWORD = N'⟦sword fish⟧'"),
        ("SQL Server key", "CREATE MASTER KEY ENCRYPTION BY PASSWORD = '⟦swordfish⟧'"),
        ("Redshift COPY", f"CREDENTIALS 'aws_access_key_id=x;aws_secret_access_key=⟦{_KEY}⟧'"),
        ("Snowflake stage", f"CREDENTIALS = (AWS_KEY_ID = 'x' AWS_SECRET_KEY = '⟦{_KEY}⟧')"),
        # Passwords
        ("password in an environment", "DB_PASSWORD=⟦kT9vQ2⟧"),
        ("password in JSON", '{"password": "⟦kT9vQ2⟧"}'),
        ("password in YAML", "password: ⟦kT9vQ2⟧"),
        ("password of a container", '{"name": "DB_PASSWORD", "value": "⟦kT9vQ2⟧"}'),
        ("password of an address", "postgres://app:⟦kT9vQ2xLr8⟧@db.example:5432/app"),
        ("password of a MongoDB address", "mongodb+srv://app:⟦kT9vQ2xLr8⟧@cluster.example/app"),
        ("password of a Redis address", "redis://:⟦kT9vQ2xLr8⟧@cache.example:6379"),
        ("password of a git address", "https://ci:⟦kT9vQ2xLr8⟧@git.example/a.git"),
        ("password of JDBC", "jdbc:mysql://db/app?user=app&password=⟦kT9vQ2xLr8⟧"),
        ("password of ODBC", "Driver=x;Uid=app;Pwd=⟦kT9vQ2xLr8⟧;"),
        ("password of mysql", "mysql -h db -u app -p⟦kT9vQ2xLr8⟧ app"),
        ("password of psql", "PGPASSWORD=⟦kT9vQ2xLr8⟧ psql -h db"),
        ("password of curl", "curl -u app:⟦kT9vQ2xLr8⟧ https://api.example"),
        ("password of redis-cli", "redis-cli -h cache -a ⟦kT9vQ2xLr8⟧ ping"),
        ("password of openssl", "openssl rsa -in k.pem -passin pass:⟦kT9vQ2xLr8⟧"),
        ("passphrase", 'passphrase = "⟦kT9vQ2xLr8⟧"'),
        ("basic authentication", "Authorization: Basic ⟦YXBwOmtUOXZRMng=⟧"),
        ("netrc", "machine git.example login ci password ⟦kT9vQ2xLr8⟧"),
        # Tokens and keys of others
        ("bearer token", f"Authorization: Bearer ⟦{_LONG}⟧"),
        ("JSON Web Token", "eyJ⟦hbGciOiJIUzI1NiJ9.eyJzdWIiOiJhcHAifQ.kT9vQ2xLr8Zp0WmYc4Hd⟧"),
        ("GitHub personal token", f"⟦ghp_{_T34}mY⟧"),
        ("GitHub server token", f"⟦ghs_{_T34}mY⟧"),
        ("GitHub fine-grained token", f"⟦github_pat_11AAAAAAA0kT9vQ2xLr8Zp_{_T34}⟧"),
        ("GitLab token", f"⟦glpat-{_B64}⟧"),
        ("Slack token", f"⟦xoxb-123456789012-{_B64}⟧"),
        ("Slack address", f"https://hooks.slack.com/services/⟦T0000/B0000/{_B64}⟧"),
        ("Stripe key", f"⟦sk_live_{_B64}⟧"),
        ("Google key", f"⟦AIza{_T34}m⟧"),
        ("OpenAI key", f"⟦sk-proj-{_T34}⟧"),
        ("Anthropic key", f"⟦sk-ant-api03-{_T34}⟧"),
        ("Hugging Face token", f"⟦hf_{_T34}⟧"),
        ("SendGrid key", f"⟦SG.{_B64}12.{_T34}9abcdefgh⟧"),
        ("Twilio key", f"⟦SK{_HEX40[:32]}⟧"),
        ("npm token", f"//registry.example/:_authToken=⟦npm_{_T34}mY⟧"),
        ("PyPI token", f"⟦pypi-AgEIcHlwaS5vcmc{_T34}⟧"),
        ("Docker Hub token", f"⟦dckr_pat_{_B64}⟧"),
        ("Vault token", f"⟦hvs.CAESI{_B64}⟧"),
        ("Terraform Cloud token", f"⟦{_B64[:14]}.atlasv1.{_LONG}⟧"),
        ("Databricks token", f"⟦dapi{_HEX40[:32]}⟧"),
        ("DigitalOcean token", f"⟦dop_v1_{_HEX40}{_HEX40[:24]}⟧"),
        ("New Relic key", f"⟦NRAK-{_T34[:27].upper()}⟧"),
        ("age key", f"⟦AGE-SECRET-KEY-1{_LONG[:58].upper()}⟧"),
        ("private key", f"-----BEGIN RSA PRIVATE KEY-----\n⟦{_PEM}⟧\n-----END RSA PRIVATE KEY-----"),
        ("private key in JSON", f'{{"k": "-----BEGIN PRIVATE KEY-----\\n⟦{_PEM}⟧\\n-----END PRIVATE KEY-----\\n"}}'),
        ("OpenSSH key", f"-----BEGIN OPENSSH PRIVATE KEY-----\n⟦{_PEM}⟧\n-----END OPENSSH PRIVATE KEY-----"),
        ("Azure storage key", f"AccountName=a;AccountKey=⟦{_LONG}==⟧;EndpointSuffix=x"),
        ("Azure SAS", f"https://a.blob.example/c?sv=2024&sig=⟦{_B64}%3D⟧"),
        ("API key in a header", f"x-api-key: ⟦{_B64}⟧"),
        ("cookie", f"Cookie: session=⟦{_B64}⟧; theme=dark"),
        ("OAuth client secret", f"client_secret=⟦{_B64}⟧"),
        ("MFA code of a command", "aws sts get-session-token --token-code ⟦492817⟧"),
    )
)
