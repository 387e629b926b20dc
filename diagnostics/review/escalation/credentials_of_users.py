"""Find the ways to get credentials of another user: a new access key or a new password."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.review.escalation.asking import Asking, can_name
from diagnostics.review.escalation.step import EscalationStep, not_of
from diagnostics.review.escalation.ways import OF_USERS
from diagnostics.review.subject import ReviewedAccount
from iam.account import User
from iam.questions.index import Principal


def credentials_of(reviewed: ReviewedAccount, principal: Principal, target: User) -> Iterator[EscalationStep]:
    for way in OF_USERS:
        asking = Asking(reviewed, principal)
        if not can_name(reviewed, principal, (way.action,)) or not asking.may(way.action, target.arn, not_of(target)):
            continue
        needed = _for_key(asking, target) if way.password is None else _for_sign_in(asking, target, way.password)
        if needed is None:
            continue
        more, hangs = needed
        gives = f"{way.gives} of the user {target.name}"
        ids = ("iam-003",) if more and way.password is None else (way.id,)
        yield asking.step([way.action, *more], target.arn, gives, target.arn, hangs, ids)


_MOST_KEYS = 2


_Needed = tuple[tuple[str, ...], tuple[str, ...]]
"""Further actions that an escalation path requires, and the conditions that the path depends on."""


def _for_key(asking: Asking, target: User) -> _Needed | None:
    """Return what is needed to create another access key for a user.

    None if the user has two keys and neither can be deleted.
    """
    known = asking.reviewed.keys_of(target.name)
    if known is not None and known < _MOST_KEYS:
        return (), ()
    delete = "iam:DeleteAccessKey"
    if can_name(asking.reviewed, asking.principal, (delete,)) and asking.may(delete, target.arn, not_of(target)):
        return ((delete,) if known is not None else ()), ()
    return None if known is not None else ((), (f"{target.name} has fewer than two access keys",))


def _for_sign_in(asking: Asking, target: User, password: bool) -> _Needed | None:
    """Return what is needed to sign in as a user, or None if that is impossible.

    If ``password``, the existing password is changed; otherwise one is created. Sign-in is impossible if the user has
    no password (or already has one), or if an MFA device cannot be removed.
    """
    known, mfa = asking.reviewed.has_password(target.name), asking.reviewed.has_mfa(target.name)
    if known is not None and known is not password:
        return None
    deactivate = "iam:DeactivateMFADevice"
    can = can_name(asking.reviewed, asking.principal, (deactivate,))
    without = mfa is not False and can and asking.may(deactivate, target.arn, not_of(target))
    if mfa and not without:
        return None
    lacks = [f"{'a' if password else 'no'} password"] if known is None else []
    lacks += ["no MFA device"] if mfa is None and not without else []
    hangs = (f"{target.name} has {' and '.join(lacks)}",) if lacks else ()
    return ((deactivate,) if mfa else ()), hangs
