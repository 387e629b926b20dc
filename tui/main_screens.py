"""The screens behind the keys 1 to 5, each imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from screens.session import Session


def main_screens(session: Session, filter_words: str) -> dict[str, str | Callable[[], Screen[Any]]]:
    """What makes each screen, by the name of its mode. ``filter_words`` are those of the roles at the start."""

    def roles() -> Screen[Any]:
        from screens.roles.screen import RolesScreen

        return RolesScreen(session, filter_words=filter_words)

    def diagnose() -> Screen[Any]:
        from screens.diagnose.screen import DiagnoseScreen

        return DiagnoseScreen(session)

    def create() -> Screen[Any]:
        from screens.create.screen import CreateScreen

        return CreateScreen(session)

    def review() -> Screen[Any]:
        from screens.review.screen import ReviewScreen

        return ReviewScreen(session)

    def activity() -> Screen[Any]:
        from screens.activity.screen import ActivityScreen

        return ActivityScreen(session)

    return {"roles": roles, "diagnose": diagnose, "create": create, "review": review, "activity": activity}
