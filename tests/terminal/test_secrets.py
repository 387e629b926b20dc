"""A token pasted into the installed command leaves no trace: on no screen, in no copy, in no file of its home."""

from __future__ import annotations

import re
from pathlib import Path

from diagnostics.masking.examples import SECRET_EXAMPLES
from tests.support.driving.bracketed_paste import EXPLAIN, paste
from tests.support.driving.cuts import ENTERS, LEAVES
from tests.support.driving.terminal import COMMAND, Terminal, WarmTerminal
from tests.support.texts.canaries import SAID, SECRET_KEY, SESSION_TOKEN, TOKEN, leaks


def scrollback(terminal: Terminal) -> str:
    """What the terminal can scroll back to: all but what was drawn on the alternate screen, which goes with it."""
    raw = bytes(terminal.raw)
    assert raw.count(ENTERS) and raw.count(ENTERS) == raw.count(LEAVES)
    left = re.sub(re.escape(ENTERS) + b".*?" + re.escape(LEAVES), b"", raw, flags=re.DOTALL)
    return left.decode("utf-8", errors="replace")


def test_a_pasted_token_leaves_no_trace(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    pasted = f"token: {TOKEN}\nAWS_SECRET_ACCESS_KEY={SECRET_KEY}\nAWS_SESSION_TOKEN={SESSION_TOKEN}"
    terminal = WarmTerminal([COMMAND, "--demo"], home, columns=120, rows=40)
    try:
        terminal.see("32 roles")
        terminal.keys("2")
        terminal.see("Paste here")
        terminal.keys(paste(pasted))
        terminal.see("eyJ")
        terminal.quiet(0.1)
        terminal.keys(EXPLAIN)
        terminal.see("gha-plan-readonly", "allowed.now", "Claim by claim")
        before = len(terminal.raw)
        terminal.keys("o")  # the box again: what the token says stands in its place
        terminal.see("decoded here", SAID)
        terminal.keys(EXPLAIN)
        terminal.see("gha-plan-readonly", "allowed.now")
        terminal.quiet(0.1)
        terminal.keys("H")
        terminal.see("of this run", "enter shows a diagnosis again")
        terminal.keys("\r")
        terminal.see("Claim by claim")
        terminal.keys("e")
        terminal.see("Export this diagnosis")
        terminal.keys("o")
        terminal.see("Save as")
        terminal.keys("\x15", f"{home}/kept.json", "\r")
        terminal.see("Saved")
        terminal.keys("y")
        terminal.see("Copy", "as Markdown")
        terminal.keys("\x1b")
        terminal.quiet(0.1)
        terminal.keys("5")
        terminal.see("AWS calls", "enter open")
        terminal.keys("G")  # the first call stands last, and how many there were depends on the threads
        terminal.see("GetCallerIdentity")
        assert not leaks(terminal.raw[before:].decode("utf-8", errors="replace"))
        terminal.keys("\x11")  # ctrl+q
        assert terminal.status() == 0
    finally:
        terminal.close()
    back = scrollback(terminal)
    assert not leaks(back)
    assert SAID not in back
    kept = (home / "kept.json").read_text()
    assert SAID in kept
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if leaks(path.read_bytes().decode("utf-8", errors="replace"))]


def test_no_kind_of_secret_is_left_in_the_scrollback_or_in_a_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    denial = (
        "An error occurred (AccessDenied) when calling the PutObject operation: User: "
        "arn:aws:sts::111122223333:assumed-role/somebody/s is not authorized to perform: s3:PutObject on resource: "
        '"arn:aws:s3:::reports/x" because no identity-based policy allows the s3:PutObject action'
    )
    terminal = WarmTerminal([COMMAND, "--demo"], home, columns=120, rows=40)
    try:
        terminal.see("32 roles")
        terminal.keys("2")
        terminal.see("Paste here")
        terminal.keys(paste("\n".join((*(example.text for example in SECRET_EXAMPLES), denial))))
        terminal.see("s3:PutObject action")
        terminal.keys(EXPLAIN)
        terminal.see("What the text says", "Explicit denies")
        terminal.keys("e")
        terminal.see("Export this diagnosis")
        terminal.keys("o")
        terminal.see("Save as")
        terminal.keys("\x15", f"{home}/kept.json", "\r")
        terminal.see("Saved")
        terminal.quiet(0.2)
        terminal.keys("\x11")  # ctrl+q
        assert terminal.status() == 0
    finally:
        terminal.close()
    back = scrollback(terminal)
    files = {path: path.read_bytes().decode("utf-8", errors="replace") for path in home.rglob("*") if path.is_file()}
    assert files
    left = [
        (example.kind, place)
        for example in SECRET_EXAMPLES
        for secret in example.secrets
        for place, text in (("the scrollback", back), *files.items())
        if secret in text
    ]
    assert not left
