"""The commands of the list of roles."""

from __future__ import annotations

from screens.commands import Command, Situation, every, with_account, with_role


def two_marked(situation: Situation) -> str:
    return "" if situation.marked == 2 else f"Mark two roles with space to compare them ({situation.marked} marked)."


COMMANDS = (
    Command("roles.filter", "/", "filter", "Narrow the list; see below for the words.", show_in_footer=True),
    Command("roles.sort", "s", "sort", "Sort by the next column.", show_in_footer=True, allowed=with_account),
    Command("roles.sort-other-way", "S", "sort the other way", "Turn the order around.", allowed=with_account),
    Command(
        "roles.mark", "space", "mark", "Mark the role, or take its mark away.", show_in_footer=True, allowed=with_role
    ),
    Command(
        "roles.compare",
        "c",
        "compare",
        "Compare the two marked roles.",
        allowed=every(with_account, two_marked),
        show_in_footer=True,
    ),
    Command(
        "roles.diagnose-role",
        "d",
        "diagnose role",
        "Diagnose with this role as the principal.",
        allowed=with_role,
        show_in_footer=True,
    ),
    Command(
        "roles.copy",
        "y",
        "copy",
        "Copy the name, the ARN, a document or the aws command.",
        allowed=with_role,
        show_in_footer=True,
    ),
    Command("roles.export", "e", "export", "Save the list as Markdown or JSON.", allowed=with_account),
    Command(
        "roles.back", "escape", "back", "Leave the filter; stop what is running.", show_in_footer=True, palette=False
    ),
)
