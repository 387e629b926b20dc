"""``A`` sets what questions assume; the header shows it."""

from __future__ import annotations

import pytest

from screens.assumptions import AssumptionError, read_value
from tests.support.driving.seeing import gone, running, seen
from tui.app import RolescopeApp


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("region", "eu-west-1", "eu-west-1"),
        ("region", "us-gov-west-1", "us-gov-west-1"),
        ("region", "London", None),
        ("mfa", "Yes", "true"),
        ("mfa", "no", "false"),
        ("mfa", "maybe", None),
        ("address", "203.0.113.7", "203.0.113.7"),
        ("address", "2001:db8::/32", "2001:db8::/32"),
        ("address", "office", None),
        ("endpoint", "vpce-0a1b2c3d", "vpce-0a1b2c3d"),
        ("endpoint", "vpc-0a1b2c3d", None),
        ("source account", "111122223333", "111122223333"),
        ("source account", "1111", None),
        ("date", "2026-12-24", "2026-12-24T00:00:00Z"),
        ("date", "2026-12-24T18:00:00+01:00", "2026-12-24T17:00:00Z"),
        ("date", "tomorrow", None),
        ("mfa", " ", ""),
    ],
)
def test_values_as_people_type_them(name: str, typed: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(AssumptionError) as caught:
            read_value(name, typed)
        assert typed in str(caught.value)
    else:
        assert read_value(name, typed) == value


async def test_what_is_assumed_is_set_shown_and_cleared() -> None:
    async with running() as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await pilot.press("A", "down", "enter", *"maybe", "enter")
        await seen(pilot, "'maybe' is not valid. Enter yes or no.")
        await pilot.press("A", "down", "enter", *"no", "enter")
        await seen(pilot, "assuming no MFA")
        await pilot.press("A", "end", "up", "enter", *"team=ferry", "enter")
        await seen(pilot, "tag team=ferry")
        assert app.session.assumed == {"aws:MultiFactorAuthPresent": "false", "aws:PrincipalTag/team": "ferry"}
        await pilot.press("A", "end", "enter")
        await gone(pilot, "assuming")
        assert app.session.assumed == {}
