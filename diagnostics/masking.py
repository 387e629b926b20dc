"""Account ids out of what is sent to others: the same id is the same mask, in all of what one `Masks` has seen."""

from __future__ import annotations

import re
from typing import Any

# An id as ARNs, policies, names and addresses have it, and as the console prints it (1111-2222-3333). In an address
# it may follow an escape such as %3A or %20, whose digits are not its own.
_ID = re.compile(
    r"(?:(?<=%[0-9A-Fa-f]{2})|(?<![0-9]))(?:[0-9]{12}|(?<![0-9]-)[0-9]{4}-[0-9]{4}-[0-9]{4}(?!-?[0-9]))(?![0-9])"
)
# A key's ID holds the account's id in another spelling (sts:GetAccessKeyInfo tells it).
_KEY = re.compile(r"(?<![A-Z0-9])A(?:KI|SI)A[A-Z2-7]{16}(?![A-Z0-9])")


class Masks:
    """What stands for which id. A mask holds no character that a shell, Markdown or an ARN would take otherwise."""

    def __init__(self) -> None:
        self._accounts: dict[str, str] = {}
        self._keys: dict[str, str] = {}

    def text(self, text: str) -> str:
        """``text`` without account ids and access key IDs."""
        return _KEY.sub(self._of_key, _ID.sub(self._of_account, text))

    def value(self, value: Any) -> Any:
        """Decoded JSON without them, wherever they stand in it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner) for inner in value]
        if isinstance(value, int) and 10**11 <= value < 10**12:
            return self.text(str(value))
        return value

    def _of_account(self, match: re.Match[str]) -> str:
        plain = match[0].replace("-", "")
        return self._accounts.setdefault(plain, f"ACCOUNT-{len(self._accounts) + 1}")

    def _of_key(self, match: re.Match[str]) -> str:
        return self._keys.setdefault(match[0], f"ACCESS-KEY-{len(self._keys) + 1}")
