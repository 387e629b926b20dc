"""Chooses another profile and region of the AWS configuration."""

from __future__ import annotations

import configparser
import os
from collections.abc import Iterable
from pathlib import Path

from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from screens.messages import SwitchAccount
from screens.session import Session
from screens.text import visible
from screens.widgets.footer import Footer
from screens.widgets.form.line_input import LineInput
from screens.widgets.line import Line
from screens.widgets.modal import Window
from screens.widgets.styles import FAINT
from screens.widgets.table import Column, Row, VirtualTable

MAX_BYTES = 1024 * 1024


def configured_profiles() -> list[tuple[str, str]]:
    """(name, region or "") of the profiles in the AWS configuration and credentials files, by name."""
    config = Path(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser()
    credentials = Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials").expanduser()
    found: dict[str, str] = {}
    for path in (config, credentials):
        parser = configparser.RawConfigParser(strict=False)
        try:
            if path.stat().st_size <= MAX_BYTES:
                parser.read_string(path.read_text(encoding="utf-8", errors="replace"))
        except (OSError, configparser.Error):
            # A file that is missing or unreadable has no profiles to offer; a name can still be typed.
            continue
        for section in parser.sections():
            kind, _, name = section.partition(" ")
            if kind == "profile" and path is config:
                found.setdefault(name.strip(), parser.get(section, "region", fallback=""))
            elif section == "default" or (path is credentials):
                found.setdefault(section, parser.get(section, "region", fallback=""))
    return sorted(found.items())


class ProfilesFound(Message):
    def __init__(self, profiles: list[tuple[str, str]]) -> None:
        super().__init__()
        self.profiles = profiles


class ProfilesScreen(Window[None]):
    DEFAULT_CSS = """
    ProfilesScreen Horizontal { height: 1; }
    ProfilesScreen Horizontal Line { width: 10; }
    """
    AUTO_FOCUS = "VirtualTable"

    def __init__(self, session: Session, profile: str | None, region: str | None) -> None:
        super().__init__("Profile and region")
        self.session, self.profile, self.in_region = session, profile, region

    def compose_inside(self) -> Iterable[Widget]:
        table = VirtualTable(
            (Column("PROFILE", 24, grow=1), Column("REGION", 16)), empty="reading the AWS configuration ..."
        )
        table.styles.height = 12
        yield table
        for label, value in (("profile", self.profile), ("region", self.in_region)):
            with Horizontal():
                yield Line([(label, FAINT)])
                yield LineInput(value or "", id=label, placeholder="as configured")
        yield Line(
            [("Enter on a profile opens it, in the region below if one is given. Tab moves to the fields.", FAINT)]
        )

    def on_mount(self) -> None:
        self.run_worker(
            lambda: self.post_message(ProfilesFound(configured_profiles())), thread=True, exit_on_error=False
        )

    def on_profiles_found(self, message: ProfilesFound) -> None:
        message.stop()
        rows = [Row(name, (visible(name), visible(region))) for name, region in message.profiles]
        table = self.query_one(VirtualTable)
        table.show(rows, empty="No profile is configured: type one, or leave it to the environment.")
        if self.profile:
            table.go_to(self.profile)
        self.query_one(Footer).refresh()

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self._switch(message.row.id)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._switch(self.query_one("#profile", Input).value.strip() or None)

    def _switch(self, profile: str | None) -> None:
        region = self.query_one("#region", Input).value.strip() or None
        self.app.post_message(SwitchAccount(profile, region))
        self.dismiss(None)
