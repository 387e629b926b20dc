"""A home with an AWS configuration: one profile of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFIG = """
[default]
region = eu-west-1

[profile acme]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = Admin

[profile acme-prod]
role_arn = arn:aws:iam::999988887777:role/ops/deployer
source_profile = acme
mfa_serial = arn:aws:iam::111122223333:mfa/anna

[profile circle]
role_arn = arn:aws-cn:iam::999988887777:role/a
source_profile = circle

[profile console]
login_session = arn:aws:iam::111122223333:user/ben

[profile half]
sso_account_id = 111122223333
sso_role_name = Admin

[profile made]
credential_process = /bin/keys

[profile anywhere]
credential_process = "/opt/helper" credential-process --role-arn 'arn:aws:iam::111122223333:role/app/worker' --x y

[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
"""
CREDENTIALS = """
[old-session]
aws_access_key_id = ASIAEXAMPLE
aws_secret_access_key = canary
aws_session_token = canary
x_security_token_expires = 2020-01-01T00:00:00+00:00
"""


def aws_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home, which this process has from now on."""
    (folder / ".aws").mkdir()
    (folder / ".aws/config").write_text(CONFIG)
    (folder / ".aws/credentials").write_text(CREDENTIALS)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    from botocore.tokens import SSOTokenProvider

    monkeypatch.setattr(SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", str(folder / ".aws/sso/cache"))
    return folder
