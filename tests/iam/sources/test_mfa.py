"""Codes for a profile that assumes a role with MFA: asked by us, again when the session has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from iam.demo.clock import DemoClock
from iam.sources.aws.mfa import MfaCodeMissing
from iam.sources.aws.reader import open_aws
from iam.sources.source_error import SourceError
from tests.support.accounts.over_http import served

if TYPE_CHECKING:
    from iam.demo.aws.world import World

DEVICE = "arn:aws:iam::111122223333:mfa/ben"


def test_the_code_is_asked_for_each_session_and_for_who_gives_none_after_forgetting(
    demo_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iam.demo.open import _keys

    monkeypatch.setattr("iam.demo.aws.services.sts.CLOCK", DemoClock(datetime.now(UTC)))
    (tmp_path / "config").write_text(
        "[profile emergency]\nrole_arn = arn:aws:iam::111122223333:role/human/break-glass-admin\n"
        f"source_profile = ben\nmfa_serial = {DEVICE}\nregion = us-east-1\n"
    )
    (tmp_path / "credentials").write_text(
        f"[ben]\naws_access_key_id = {_keys()['ben']}\naws_secret_access_key = demo\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    asked: list[str] = []
    codes = ["", "wrong6", "123456", "654321"]

    def ask(serial: str) -> str:
        asked.append(serial)
        return codes[len(asked) - 1]

    with served(demo_world, lambda number, after: False) as (url, _):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        reader = open_aws(profile="emergency", region=None, endpoint_url=url, ask_code=ask)
        for _ in range(2):
            with pytest.raises(MfaCodeMissing):
                reader.aws.caller()
        with pytest.raises(SourceError, match="need an MFA code from"):
            next(iter(open_aws(profile="emergency", region=None, endpoint_url=url).accounts()))
        assert asked == [DEVICE]
        reader.forget()
        with pytest.raises(ClientError, match="MultiFactorAuthentication failed"):
            reader.aws.caller()
        assert reader.aws.caller().arn.startswith("arn:aws:sts::111122223333:assumed-role/break-glass-admin/")
        end = reader.credentials_end
        assert end is not None and end > datetime.now(UTC)
        # An hour later, for the credentials and for botocore's memory of them.
        provider = reader.aws.session._session.get_component("credential_provider").get_provider("assume-role")
        provider.cache.clear()
        reader.aws._credentials_used._expiry_time = datetime.now(UTC) - timedelta(seconds=1)
        assert reader.role("ds-notebook").value is not None
        assert asked == [DEVICE] * 4 and reader.credentials_end == end
