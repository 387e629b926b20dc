"""A profile put into the AWS configuration: the file before and after, written whole, and taken back."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from iam.sources.atomic_file import replacing

MAX_BYTES = 1024 * 1024
_NAME = re.compile(r"[\w+=,.@/-]{1,128}", re.ASCII)


class ProfileFileError(Exception):
    """The file stays as it was. ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """``before`` is None where there is no file. ``replaces``: there is a profile of this name already."""

    name: str
    path: Path
    before: str | None
    after: str
    replaces: bool

    def write(self) -> None:
        """Put ``after`` in place of ``before``. Raises `ProfileFileError`."""
        self._put(self.before, self.after)

    def take_back(self) -> None:
        """Put ``before`` in place of ``after``. Raises `ProfileFileError`."""
        self._put(self.after, self.before)

    def _put(self, expected: str | None, wanted: str | None) -> None:
        if _read(self.path) != expected:
            raise ProfileFileError(f"{self.path} is not what it was any more: it was left as it is.")
        try:
            if wanted is None:
                self.path.unlink()
            else:
                _write(self.path, wanted)
        except OSError as error:
            raise ProfileFileError(f"{self.path} cannot be written: {error.strerror}.") from error


def profile_change(name: str, lines: str) -> ProfileChange:
    """The configuration file with the profile: ``lines`` are its settings, with or without a heading. Where the file
    has one of this name, they come in its place. Raises `ProfileFileError`. May block."""
    if not _NAME.fullmatch(name):
        raise ProfileFileError("A profile's name has letters, digits and +=,.@/_- only.")
    path = Path(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser().resolve()
    before = _read(path)
    kept = (before or "").splitlines(keepends=True)
    end = "\r\n" if "\r\n" in (before or "") else "\n"
    settings = [line for line in lines.splitlines() if not line.startswith("[")]
    heading = "[default]" if name == "default" else f"[profile {name}]"
    block = [f"{line}{end}" for line in (heading, *settings)]
    start = next((number for number, line in enumerate(kept) if _is_heading(line, name)), None)
    if start is None:
        if kept and not kept[-1].endswith("\n"):
            kept[-1] += end
        gap = [end] if kept and kept[-1].strip() else []
        return ProfileChange(name, path, before, "".join([*kept, *gap, *block]), replaces=False)
    following = next((number for number in range(start + 1, len(kept)) if kept[number].startswith("[")), len(kept))
    while following > start + 1 and not kept[following - 1].strip():
        following -= 1
    return ProfileChange(name, path, before, "".join([*kept[:start], *block, *kept[following:]]), replaces=True)


def _is_heading(line: str, name: str) -> bool:
    found = re.match(r"\[\s*(?:profile\s+)?(\"[^\"]*\"|'[^']*'|[^\]]*?)\s*\]", line)
    return found is not None and found[1].strip("\"'") == name and (name == "default" or "profile" in line)


def _read(path: Path) -> str | None:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProfileFileError(f"{path} is larger than a megabyte: it is not changed.")
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileFileError(f"{path} cannot be read: {error}.") from error


def _write(path: Path, text: str) -> None:
    """With the rights that the file has; a new one is the user's alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    with replacing(path) as file:
        file.write(text)
    path.chmod(mode)
