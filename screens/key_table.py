"""The meaning of each key, which is the same on every screen that uses it.

The help screen and the manual show this table. A test compares it with the commands of every screen: a key runs only
the commands listed here, and a screen without such a command does not use the key. Letters that choose a line in a menu
or window are not listed here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyMeaning:
    """A key and what it does.

    ``key`` is written as on the keyboard; ``commands`` are the IDs of the commands that it may run.
    """

    key: str
    means: str
    commands: tuple[str, ...]


def _key(key: str, means: str, *commands: str) -> KeyMeaning:
    return KeyMeaning(key, means, commands)


def _role(name: str) -> tuple[str, str]:
    """Return the two IDs of a command for a role: in the role list, and on the role's screen."""
    return f"roles.{name}", f"role.{name}"


EVERYWHERE = (
    _key("0", "Start", "app.start"),
    _key("1", "Roles", "app.roles"),
    _key("2", "Diagnose", "app.diagnose"),
    _key("3", "Create", "app.create"),
    _key("4", "Review", "app.review"),
    _key("5", "Activity", "app.activity"),
    _key("?", "help", "app.keys"),
    _key(":", "every screen, command, role by name", "app.palette"),
    _key(
        "/",
        "filter, find",
        "screen.find",
        "roles.filter",
        "recent.filter",
        "review.filter",
        "several.filter",
        "choice.list",
    ),
    _key("N", "previous match", "cursor.find-previous"),
    _key("j", "down", "cursor.down"),
    _key("k", "up", "cursor.up"),
    _key("g", "first", "cursor.first"),
    _key("G", "last", "cursor.last"),
    _key(
        "y",
        "copy",
        "app.copy-shown",
        *_role("copy"),
        *(
            f"{screen}.copy"
            for screen in (
                *("accessed", "adoption", "create", "detail", "diagnose", "history"),
                *("plan", "recent", "review", "use", "versions"),
            )
        ),
    ),
    _key(
        "e",
        "export",
        "app.export-shown",
        *_role("export"),
        *(
            f"{screen}.export"
            for screen in (
                *("accessed", "activity", "compare", "detail", "diagnose", "difference", "history", "plan"),
                *("profiles", "recent", "review", "right-size", "use", "who-can"),
            )
        ),
    ),
    _key("r", "refresh", "app.read-again", "recent.read-again", "review.again", "several.again"),
    _key("u", "undo", "app.undo", "create.undo", "plan.undo", "plan.roll-back", "plans.undo", "use.take-back"),
    _key("W", "what if", "app.what-if"),
    _key("P", "profile, Region, account", "app.switch-account"),
    _key("D", "demo account, if no account could be opened", "app.open-demo"),
    _key("A", "assumptions", "app.assumptions"),
    _key("K", "glossary", "app.glossary"),
    _key("!", "what went wrong, what was not read", "app.troubles", "review.unread", "several.unread"),
    _key("q", "quit", "app.quit", "window.close"),
    _key(";", "jump to a pane or field", "app.jump"),
)
"""The keys that work on every screen."""

MEANINGS = (
    _key("a", "use the role", *_role("use"), "create.use"),
    _key("d", "diagnose", *_role("diagnose-role"), "plan.diagnose", "use.diagnose"),
    _key("w", "who can, reach", *_role("who"), "diagnose.who-can", "detail.who-can", "review.who-can", "who-can.turn"),
    _key("l", "last accessed, right-size", *_role("last-accessed"), "accessed.right-size", "review.right-size"),
    _key("h", "history", *_role("history"), "versions.history", "history.account"),
    _key("B", "blame next to the document", "history.blame"),
    _key("m", "change", *_role("change"), "users.revoke", "create.attach"),
    _key("o", "edit", "role.edit-document", "diagnose.edit"),
    _key("t", "tags, description, session", *_role("edit"), "review.tag"),
    _key("n", "new; next match", *_role("like"), "create.another", "who-can.ask", "what-if.ask", "cursor.find-next"),
    _key("x", "delete", *_role("delete"), "start.discard"),
    _key("v", "policy versions", *_role("versions")),
    _key(
        "p",
        "make a plan",
        *("detail.plan", "diagnose.plan", "history.revert", "review.plan", "right-size.plan", "versions.set-back"),
    ),
    _key("i", "give a value", "diagnose.answer", "use.tell", "create.edit", "who-can.tell"),
    _key("U", "who uses the role", *_role("users")),
    _key("c", "compare marked", "roles.compare"),
    _key("C", "the fewest changes that close every path", "review.smallest"),
    _key("space", "mark", "roles.mark", "review.mark"),
    _key("*", "all accounts", "review.accounts"),
    _key("b", "words or JSON", *_role("words")),
    _key("I", "all facts", "role.facts", "right-size.all"),
    _key("z", "accept a finding", "review.accept"),
    _key("f", "fixes; only differences", "diagnose.fixes", "review.fixes", "compare.whole"),
    _key("s", "sort", "roles.sort", "recent.sort"),
    _key("S", "sort the other way", "roles.sort-other-way"),
    _key("F", "saved filters", "roles.filters"),
    _key("E", "failures", "activity.failures", "diagnose.failures"),
    _key("H", "the diagnoses of this run", "diagnose.history"),
    _key("L", "files of a trail", "right-size.trail"),
    _key("M", "make a profile", "use.write-profile"),
    _key("O", "open the role", "create.open", "who-can.role"),
    _key("Q", "query CloudTrail, or a trail", "recent.ask", "right-size.ask", "use.own-session"),
    _key("R", "recent denials", *_role("recent"), "diagnose.recent"),
    _key("T", "try it", "use.attempt"),
    _key("X", "the other side of a comparison", "compare.swap", "versions.against-before"),
    _key("6", "the plan as AWS CLI", "plan.cli"),
    _key("7", "the plan as Terraform", "plan.terraform"),
    _key("8", "the plan as CloudFormation", "plan.cloudformation"),
    _key("9", "the plan as JSON", "plan.json"),
    _key("@", "for a limited time", "plan.timed"),
    _key("=", "leave the change as it is", "plan.leave"),
    _key("$", "a shell with the role", "use.shell"),
    _key("<", "further back", "recent.more"),
    _key("+", "wider", "detail.wider", "diagnose.wider"),
    _key("-", "narrower", "detail.narrower", "diagnose.narrower"),
    _key("[", "previous policy, step", "role.previous-policy", "create.previous", "detail.previous", "who-can.before"),
    _key("]", "next policy, step", "role.next-policy", "create.next", "detail.next", "who-can.after"),
    _key("{", "previous statement", "document.previous-statement"),
    _key("}", "next statement", "document.next-statement"),
)
"""The keys of single screens."""

TABLE = (*EVERYWHERE, *MEANINGS)
