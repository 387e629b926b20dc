"""Select the accounts that a command applies to, by ID, name, pattern or organizational unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from iam.organization.accounts import Accounts


class SelectionError(ValueError):
    """Raised if a word matches no account or no unit. ``str()`` is one sentence."""


def selected(accounts: Accounts, words: Iterable[str] = (), units: Iterable[str] = ()) -> Sequence[str]:
    """Return the IDs of the accounts that match ``words`` and ``units``.

    Words are account IDs, names, patterns or ``all``; units are IDs, names or patterns. A word that begins with ``!``
    excludes accounts; if all words do, they exclude from all accounts. Accounts that were not read are included. Raises
    `SelectionError`.
    """
    tree = accounts.tree
    known = dict.fromkeys((*accounts.ids, *(each.id for each in accounts.missing)))
    names = {id: tuple(filter(None, (id, accounts.name_of(id)))) for id in known}
    above: dict[str, tuple[str, ...]] = {}
    if tree is not None:
        called = {each.id: (each.id, each.name) for each in tree.units} | {tree.root: (tree.root, "Root")}
        above = {id: tuple(word for unit in tree.path_of(id) or () for word in called[unit]) for id in known}
    found = _narrowed(list(known), names, words, "account")
    return _narrowed(found, above, units, "unit")


def _narrowed(ids: list[str], called: dict[str, tuple[str, ...]], words: Iterable[str], kind: str) -> list[str]:
    given = [word.strip() for each in words for word in each.split(",") if word.strip()]
    wanted, left_out = [word for word in given if word[0] != "!"], [word[1:] for word in given if word[0] == "!"]
    for word in (*wanted, *left_out):
        if word != "all" and not any(_is_called(names, word) for names in called.values()):
            raise SelectionError(f"No account is {'called' if kind == 'account' else 'in a unit called'} {word!r}.")
    return [
        id
        for id in ids
        if (not wanted or "all" in wanted or any(_is_called(called.get(id, ()), word) for word in wanted))
        and not any(_is_called(called.get(id, ()), word) for word in left_out)
    ]


def _is_called(names: Iterable[str], word: str) -> bool:
    return any(word.lower() == name.lower() or fnmatchcase(name.lower(), word.lower()) for name in names)
