"""The main screens, opened by the keys 0 to 5. Each is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from screens.session import Session


def main_screens(session: Session, filter_words: str) -> dict[str, str | Callable[[], Screen[None]]]:
    """Return functions that create the main screens, by mode.

    ``filter_words`` is the initial filter of the role list.
    """

    def roles() -> Screen[None]:
        from screens.roles.screen import RolesScreen

        return RolesScreen(session, filter_words=filter_words)

    def diagnose() -> Screen[None]:
        from screens.diagnose.screen import DiagnoseScreen

        return DiagnoseScreen(session)

    def create() -> Screen[None]:
        from screens.create.screen import CreateScreen

        return CreateScreen(session)

    def review() -> Screen[None]:
        from screens.review.screen import ReviewScreen

        return ReviewScreen(session)

    def start() -> Screen[None]:
        from screens.start.screen import StartScreen

        return StartScreen(session)

    def activity() -> Screen[None]:
        from screens.activity.screen import ActivityScreen

        return ActivityScreen(session)

    return {
        "roles": roles,
        "diagnose": diagnose,
        "create": create,
        "review": review,
        "activity": activity,
        "start": start,
    }
