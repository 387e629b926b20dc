"""The configuration file: theme, keys, mouse, the review's limits.

It is only read; an error names the file and the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from tui.exit_status import UsageError

if TYPE_CHECKING:
    from diagnostics.review.limits import Limits
    from iam.sources.reader.trail_queries import TrailSettings

MAX_BYTES = 256 * 1024
KEYS = ("theme", "mouse", "drafts", "production", "call_seconds", "keymap", "review", "trail")
CALL_SECONDS = (1.0, 3600.0)
"""The lowest and highest value that can be configured for the duration of a call, in seconds."""


class ConfigurationError(UsageError):
    """Raised if the configuration is invalid. ``str()`` is one sentence that names the file and the key."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The contents of the configuration file.

    ``theme`` is ``terminal`` (the terminal's own colors) or the name of one of Textual's themes. ``keymap`` maps the
    IDs of commands to keys, spelled as in Textual. ``production`` are the IDs and aliases of production accounts, with
    ``*`` for any characters. ``drafts`` says whether text that was typed but not used is stored on disk.
    ``call_seconds`` is the maximum duration of an AWS call. ``review`` are the limits of the review, ``trail`` the
    settings of trail queries; None if the file does not contain them.
    """

    theme: str = "terminal"
    mouse: bool = True
    production: tuple[str, ...] = ()
    call_seconds: float = 60.0
    keymap: Mapping[str, str] = field(default_factory=dict)
    review: Limits | None = None
    trail: TrailSettings | None = None
    drafts: bool = True


def read_configuration(path: Path) -> Configuration:
    """Return the configuration in the file, or the defaults if there is no file. Raises `ConfigurationError`."""
    content = _content(path)
    unknown = [key for key in content if key not in KEYS]
    if unknown:
        raise ConfigurationError(f"{path}: there is no key {unknown[0]!r}. The keys are {', '.join(KEYS)}.")
    theme, mouse, keymap = content.get("theme", "terminal"), content.get("mouse", True), content.get("keymap", {})
    if not isinstance(theme, str):
        raise ConfigurationError(f"{path}: theme must be a string.")
    if not isinstance(mouse, bool):
        raise ConfigurationError(f"{path}: mouse must be true or false.")
    drafts = content.get("drafts", True)
    if not isinstance(drafts, bool):
        raise ConfigurationError(f"{path}: drafts must be true or false.")
    production = content.get("production", [])
    if not isinstance(production, list) or not all(isinstance(each, str) and each for each in production):
        raise ConfigurationError(f'{path}: production must be a list of numbers and aliases, such as ["*-prod"].')
    seconds = content.get("call_seconds", 60.0)
    least, most = CALL_SECONDS
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not least <= seconds <= most:
        raise ConfigurationError(f"{path}: call_seconds must be a number of seconds from {least:g} to {most:g}.")
    if not isinstance(keymap, dict):
        raise ConfigurationError(f"{path}: keymap must be a table of command IDs and keys.")
    keys_of: dict[str, str] = {}
    for command, keys in _flat(keymap):
        if not isinstance(keys, str) or not keys.strip():
            raise ConfigurationError(f'{path}: keymap.{command} must be one or more keys, such as "j,down".')
        keys_of[command] = keys
    return Configuration(
        theme,
        mouse,
        tuple(production),
        float(seconds),
        keys_of,
        _limits(path, content["review"]) if "review" in content else None,
        _trail(path, content["trail"]) if "trail" in content else None,
        drafts,
    )


def _limits(path: Path, table: object) -> Limits:
    from diagnostics.review.limits import LimitError, read_limits  # not needed for the first frame

    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: review must be a table of limits.")
    try:
        return read_limits(table)
    except LimitError as error:
        raise ConfigurationError(f"{path}: review.{error}.") from error


def _trail(path: Path, table: object) -> TrailSettings:
    from iam.sources.reader.trail_queries import TrailSettings  # not needed for the first frame

    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: trail must be a table of settings.")
    known = {each.name: each.default for each in fields(TrailSettings)}
    for key, value in table.items():
        if key not in known:
            raise ConfigurationError(f"{path}: there is no key 'trail.{key}'. The keys are {', '.join(known)}.")
        if isinstance(known[key], str) and (not isinstance(value, str) or (not value and known[key])):
            raise ConfigurationError(f"{path}: trail.{key} must be a string.")
        if isinstance(known[key], float) and (
            isinstance(value, bool) or not isinstance(value, int | float) or value < 0
        ):
            raise ConfigurationError(f"{path}: trail.{key} must be a price in USD.")
    if (output := table.get("athena_output")) and not output.startswith("s3://"):
        raise ConfigurationError(f"{path}: trail.athena_output must be a place in S3, such as s3://bucket/folder/.")
    return TrailSettings(**table)


def _content(path: Path) -> Mapping[str, object]:
    """Return the file's TOML; empty if there is no file. Raises `ConfigurationError`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigurationError(f"{path} is larger than {MAX_BYTES // 1024} KB, too large for a configuration.")
        text = path.read_text(encoding="utf-8-sig")
    # some services use HOME=/dev/null to say that there is no home directory
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from error
    import tomllib  # most people have no such file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path} is nested too deeply.") from error


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Yield the entries by full ID, because TOML reads ``roles.sort = "o"`` without quotes as a table in a table."""
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value
