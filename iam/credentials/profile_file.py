"""Add a profile to the AWS configuration file, and remove it again in this run or a later one.

The added text is recorded in a separate file next to the journal of plans until it is removed. Keys are never recorded:
the lines that a profile replaces are saved only if each of them is a setting that is known not to be secret.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iam.sources.atomic_file import replacing

MAX_BYTES = 1024 * 1024
_NAME = re.compile(r"[\w+=,.@/-]{1,128}", re.ASCII)
_PLAIN = re.compile(
    r"(role_arn|source_profile|credential_source|external_id|mfa_serial|role_session_name|duration_seconds|region"
    r"|output|cli_\w+|sso_(session|start_url|region|account_id|role_name|registration_scopes)|login_session"
    r"|web_identity_token_file|retry_mode|max_attempts|sts_regional_endpoints|use_fips_endpoint|use_dualstack_endpoint"
    r"|ca_bundle|defaults_mode)\s*=|credential_process\s*=\s*(env( -u \w+)* )?rolescope use "
)
"""Settings of a profile whose values are not secret (AWS SDKs and Tools Reference Guide, "Settings reference")."""


class ProfileFileError(Exception):
    """Raised if the configuration file was not changed. ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class WrittenProfile:
    """A profile that was written, with the data needed to remove it.

    ``lines`` are the lines that were written at ``time``, with their heading; ``replaced`` are the lines that they
    replaced ("" if there was no such profile). ``gap`` was inserted before them; ``new_file``: the file did not exist
    before. ``record`` is the file in which this data is saved; None if it was not saved, and only this run can remove
    the profile.
    """

    name: str
    path: Path
    lines: str
    replaced: str
    gap: str
    new_file: bool
    time: datetime
    record: Path | None = None

    @property
    def unkept(self) -> tuple[str, ...]:
        """The replaced lines that may be secret, as names of settings, or "a comment".

        If there are any, no record is saved.
        """
        lines = (line.strip() for line in self.replaced.splitlines()[1:])
        return tuple(dict.fromkeys(_setting(line) for line in lines if line and not _PLAIN.match(line)))

    def taken_back(self) -> ProfileChange:
        """Return the change that removes the profile and restores the lines that it replaced.

        Raises `ProfileFileError` if the profile in the file has changed since it was written. May block.
        """
        text = _read(self.path)
        lines = (text or "").splitlines(keepends=True)
        start, end = _place(lines, self.name)
        if text is None or start is None or "".join(lines[start:end]) != self.lines:
            raise ProfileFileError(
                f"Profile {self.name} in {self.path} was changed after it was written: the profile stays as it is now."
            )
        ahead, rest = "".join(lines[:start]), "".join(lines[end:])
        if not self.replaced and rest[:1] in ("", "\r", "\n"):
            ahead = ahead.removesuffix(self.gap)
        after = f"{ahead}{self.replaced}{rest}"
        return ProfileChange(self.name, self.path, text, None if self.new_file and not after else after, undoes=self)


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """A change to the configuration file. ``before`` and ``after`` are the complete text; None if there is no file.

    ``puts`` is the profile that the change adds, or None. ``undoes`` is the profile that it removes, or None.
    """

    name: str
    path: Path
    before: str | None
    after: str | None
    puts: WrittenProfile | None = None
    undoes: WrittenProfile | None = None

    def write(self) -> WrittenProfile | None:
        """Replace ``before`` with ``after`` in the file. Raises `ProfileFileError`. May block.

        Returns the data needed to undo this, or None if the change removes a profile.
        """
        kept = _keep(self.puts) if self.puts is not None else None
        try:
            self._put()
        except ProfileFileError:
            _forget(kept)
            raise
        _forget(self.undoes)
        return kept

    def _put(self) -> None:
        if _read(self.path) != self.before:
            raise ProfileFileError(f"{self.path} was changed in the meantime: the file stays as it is now.")
        try:
            if self.after is None:
                self.path.unlink()
            else:
                _write(self.path, self.after)
        except OSError as error:
            raise ProfileFileError(f"{self.path} cannot be written: {error.strerror}.") from error


def profile_change(name: str, lines: str) -> ProfileChange:
    """Return the change that adds the profile to the configuration file.

    ``lines`` are its settings, with or without a heading. A profile that already has this name is replaced. Raises
    `ProfileFileError`. May block.
    """
    if not _NAME.fullmatch(name):
        raise ProfileFileError("A profile's name may contain only letters, digits and +=,.@/_-.")
    settings = [line for line in lines.splitlines() if not line.startswith("[")]
    if any(re.search(rf"(^source_profile\s*=\s*|\s--profile ){re.escape(name)}(\s|$)", line) for line in settings):
        raise ProfileFileError(
            f"Profile {name} provides the credentials for the new profile: give the new profile another name."
        )
    path = Path(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser().resolve()
    before = _read(path)
    kept = (before or "").splitlines(keepends=True)
    end_of_line = "\r\n" if "\r\n" in (before or "") else "\n"
    heading = "[default]" if name == "default" else f"[profile {name}]"
    block = "".join(f"{line}{end_of_line}" for line in (heading, *settings))
    start, end = _place(kept, name)
    gap = replaced = ""
    if start is None:
        gap = end_of_line if kept and kept[-1].strip() else ""
        gap += end_of_line if kept and not kept[-1].endswith("\n") else ""
        after = "".join([*kept, gap, block])
    else:
        replaced = "".join(kept[start:end])
        after = "".join([*kept[:start], block, *kept[end:]])
    written = WrittenProfile(name, path, block, replaced, gap, before is None, datetime.now(UTC))
    return ProfileChange(name, path, before, after, puts=written)


def _place(lines: Sequence[str], name: str) -> tuple[int | None, int]:
    """Return the first line of a profile and the line after its last one; the start is None if it is missing.

    Empty lines and comments after the profile are excluded: they may belong to the next one.
    """
    start = next((number for number, line in enumerate(lines) if _is_heading(line, name)), None)
    if start is None:
        return None, len(lines)
    end = next((number for number in range(start + 1, len(lines)) if lines[number].startswith("[")), len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith(("#", ";"))):
        end -= 1
    return start, end


def _is_heading(line: str, name: str) -> bool:
    found = re.match(r"\[\s*(?:profile\s+)?(\"[^\"]*\"|'[^']*'|[^\]]*?)\s*\]", line)
    return found is not None and found[1].strip("\"'") == name and (name == "default" or "profile" in line)


def _setting(line: str) -> str:
    name, separator, _ = line.partition("=")
    return name.strip() if separator and re.fullmatch(r"\w+", name.strip()) else "a comment"


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProfileFileError(f"{path} is not changed, because it is larger than a megabyte.")
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileFileError(f"{path} cannot be read: {error}.") from error


def _write(path: Path, text: str) -> None:
    """Write the file with its existing permissions; a new file is readable only by the user."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    with replacing(path) as file:
        file.write(text)
    path.chmod(mode)


# Records of what was written, for later runs.


def records_directory() -> Path:
    """Return ``rolescope/profiles`` in the user's state directory (XDG_STATE_HOME)."""
    from platformdirs import user_state_path

    return user_state_path("rolescope") / "profiles"


def written_profiles() -> tuple[WrittenProfile, ...]:
    """Return the profiles that were written and have not changed since, latest first.

    Each can be removed. May block.
    """
    return tuple(each for each in _records() if _stands(each))


def _stands(written: WrittenProfile) -> bool:
    try:
        written.taken_back()
    except ProfileFileError:
        return False
    return True


def _records() -> Iterator[WrittenProfile]:
    for path in sorted(records_directory().glob("*.json"), reverse=True):
        with suppress(OSError, ValueError, LookupError, TypeError):
            if path.stat().st_size <= MAX_BYTES:
                yield _from_value(json.loads(path.read_text(encoding="utf-8")), path)


def _from_value(value: Any, record: Path) -> WrittenProfile:
    texts = {key: str(value[key]) for key in ("name", "lines", "replaced", "gap")}
    time = datetime.fromisoformat(value["time"])
    return WrittenProfile(**texts, path=Path(value["path"]), new_file=bool(value["new_file"]), time=time, record=record)


def _keep(written: WrittenProfile) -> WrittenProfile:
    """Save the data needed to undo the change. Called before the change, so that no change is without an undo.

    Raises `ProfileFileError`.
    """
    if written.unkept:
        return written
    record = records_directory() / f"{written.time:%Y%m%dT%H%M%S%f}.json"
    values = {**asdict(written), "path": str(written.path), "time": written.time.isoformat()}
    del values["record"]
    try:
        record.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(record) as file:
            json.dump(values, file)
    except OSError as error:
        text = f"The undo information cannot be saved in {record.parent} ({error.strerror}): nothing was written."
        raise ProfileFileError(text) from error
    return replace(written, record=record)


def _forget(written: WrittenProfile | None) -> None:
    if written is not None and written.record is not None:
        with suppress(OSError):
            written.record.unlink()
