"""A profile that asks for an MFA code: our own field, in a worker's stead; the keyboard stays ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from iam.sources.aws.mfa import MfaCodeMissing, MfaCodes
from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.seeing import screen_text, seen, type_text, until
from tui.app import RolescopeApp
from tui.configuration import Configuration

DEVICE = "arn:aws:iam::111122223333:mfa/ben\x1b-phone"


class AskingReader(FakeReader):
    """Needs a code before it reads, as a profile with an mfa_serial."""

    def __init__(self, ask: Callable[[str], str]) -> None:
        super().__init__()
        self.codes = MfaCodes(ask)
        self.given: list[str] = []

    def accounts(self):  # type: ignore[no-untyped-def]  # as FakeReader's
        from iam.sources.source_error import SourceError

        self.codes.forget()
        try:
            self.given.append(self.codes.code(DEVICE))
        except MfaCodeMissing as error:
            raise SourceError(str(error)) from error
        yield from super().accounts()


async def test_the_code_is_asked_in_our_own_field_and_again_where_none_was_given() -> None:
    from tests.support.accounts.fake_reader import options

    readers: list[AskingReader] = []

    def opened(_: object, ask: Callable[[str], str]) -> AskingReader:
        readers.append(AskingReader(ask))
        return readers[0]

    app = RolescopeApp(options(), opened, Configuration())  # type: ignore[arg-type]  # as much of a reader as is needed
    async with app.run_test(size=(80, 24)) as pilot:
        await seen(pilot, "The six digits that")
        assert "\x1b" not in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.session.failure)
        await pilot.press("r")
        await seen(pilot, "The six digits that")
        await type_text(pilot, "12ab56")
        await pilot.press("enter")
        await seen(pilot, "The MFA code must be six digits.")
        assert "12ab56" not in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "654321")
        await pilot.press("enter")
        await until(pilot, lambda: app.session.account)
        assert readers[0].given == ["654321"]


def test_who_gives_no_code_is_not_asked_by_every_call_that_waits() -> None:
    asked: list[str] = []
    codes = MfaCodes(lambda serial: asked.append(serial) or "")  # type: ignore[func-returns-value]
    for _ in range(3):
        with pytest.raises(MfaCodeMissing):
            codes.code("GAHT12345678")
    assert asked == ["GAHT12345678"]
    codes.forget()
    with pytest.raises(MfaCodeMissing):
        codes.code("GAHT12345678")
    assert len(asked) == 2
