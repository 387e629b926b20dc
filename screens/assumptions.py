"""The key ``A``, which shows and sets the assumptions that every question makes about a request."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING

from diagnostics.assumptions import KEYS, REGION, TAG, Assumption
from iam.regions import REGION_NAME
from screens.widgets.modal import Menu, MenuChoice, Prompt

if TYPE_CHECKING:
    from screens.frame.base import BaseScreen

_NOTES = {
    "region": "a Region, such as eu-west-1; empty: the session's",
    "mfa": "yes or no; empty: unknown",
    "address": "an IP address or a range, such as 203.0.113.7; empty: unknown",
    "endpoint": "the ID of a VPC endpoint, such as vpce-0a1b2c3d; empty: unknown",
    "source account": "the 12 digits of an account; empty: unknown",
    "date": "a date, such as 2026-12-24 or 2026-12-24T18:00:00Z; empty: now",
    "tag": "a session tag as KEY=VALUE; KEY= removes it",
}
_TITLES = {"mfa": "MFA", "endpoint": "VPC endpoint", "address": "Source address", "tag": "session tag"}
_FORMS = {
    "region": REGION_NAME,
    "endpoint": r"vpce-[0-9a-f]{8,17}",
    "source account": r"\d{12}",
}


class AssumptionError(ValueError):
    """Raised if the typed text is not a valid value. ``str()`` is one sentence."""


def read_value(name: str, typed: str) -> str:
    """Return the typed value in the form that the condition key has, "" for none. Raises `AssumptionError`."""
    typed = typed.strip()
    if not typed:
        return ""
    wrong = AssumptionError(f"{typed!r} is not valid. Enter {_NOTES[name].partition(';')[0]}.")
    try:
        match name:
            case "mfa":
                return {"yes": "true", "true": "true", "no": "false", "false": "false"}[typed.lower()]
            case "address":
                ip_network(typed, strict=False)
                return typed
            case "date":
                when = datetime.fromisoformat(typed)
                when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
                return when.strftime("%Y-%m-%dT%H:%M:%SZ")
    except (KeyError, ValueError):
        raise wrong from None
    if not re.fullmatch(_FORMS[name], typed):
        raise wrong
    return typed


def choose_assumption(screen: BaseScreen, changed: Callable[[], None]) -> None:
    """Open the list of assumptions over the screen. ``changed`` is called after an assumption was changed."""
    session = screen.session
    now, region = session.assumed, session.assumptions.region
    choices = []
    for name, key in KEYS.items():
        value = Assumption(key, now[key]).words if key in now else "now" if name == "date" else "unknown"
        if key not in now and key == REGION:
            value = f"{region or 'unknown'} (the session's)"
        choices.append(MenuChoice(name, _TITLES.get(name, name.capitalize()), value))
    tags = [f"{key.removeprefix(TAG)}={value}" for key, value in now.items() if key.startswith(TAG)]
    choices.append(MenuChoice("tag", "Session tag", ", ".join(tags) or "none"))
    if now:
        choices.append(MenuChoice("clear", "Clear", "assume only the session's Region"))

    def chosen(name: str | None) -> None:
        if name == "clear":
            now.clear()
            changed()
        elif name is not None:
            value = now.get(KEYS.get(name, ""), "")
            screen.app.push_screen(
                Prompt(f"Assume: {_TITLES.get(name, name)}", value, _NOTES[name]), lambda typed: typed_in(name, typed)
            )

    def typed_in(name: str, typed: str | None) -> None:
        if typed is None:
            return
        if name == "tag":
            key, sign, value = typed.strip().partition("=")
            key, value = f"{TAG}{key.strip()}", value.strip()
            if not sign or key == TAG:
                screen.say(f"Type a tag as KEY=VALUE: {_NOTES['tag']}.", trouble=True)
                return
        else:
            try:
                key, value = KEYS[name], read_value(name, typed)
            except AssumptionError as error:
                screen.say(str(error), trouble=True)
                return
        now.pop(key, None)
        if value:
            now[key] = value
        changed()

    screen.app.push_screen(Menu("Assumptions for every question", choices), chosen)


def give_value(screen: BaseScreen, keys: Sequence[str], changed: Callable[[], None]) -> None:
    """Prompt for a condition key's value, which every question then assumes."""
    names = {key.lower(): name for name, key in KEYS.items()}
    choices = [MenuChoice(key, key, screen.session.assumed.get(key, "")) for key in keys]

    def chosen(key: str | None) -> None:
        if key is None:
            return
        name, value = names.get(key.lower()), screen.session.assumed.get(key, "")
        note = _NOTES[name] if name is not None else "a value; empty: unknown"
        screen.app.push_screen(Prompt(f"Assume: {key}", value, note), lambda typed: typed_in(key, name, typed))

    def typed_in(key: str, name: str | None, typed: str | None) -> None:
        if typed is None:
            return
        try:
            value = read_value(name, typed) if name is not None else typed.strip()
        except AssumptionError as error:
            screen.say(str(error), trouble=True)
            return
        screen.session.assumed.pop(key, None)
        if value:
            screen.session.assumed[KEYS[name] if name is not None else key] = value
        changed()

    if len(choices) == 1:
        chosen(choices[0].id)
    else:
        screen.app.push_screen(Menu("Which key", choices), chosen)
