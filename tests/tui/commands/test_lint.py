"""``rolescope lint``: kinds, forms, exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.accounts.questions import allow, deny, document, trust
from tui.cli import main

GOOD = document(allow("s3:GetObject", "arn:aws:s3:::one/*"))
MISSPELT = document(allow("s3:GetObjekt", "arn:aws:s3:::one/*"))


def saved(tmp_path: Path, name: str, content: object) -> str:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return str(path)


def test_errors_are_told_by_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = saved(tmp_path, "good.json", GOOD), saved(tmp_path, "bad.json", MISSPELT)
    assert main(["lint", good]) == 0
    assert main(["lint", good, bad]) == 1
    (line,) = [each for each in capsys.readouterr().out.splitlines() if "INVALID_ACTION" in each]
    assert line.startswith(f"{bad}:6:") and ": ERROR " in line
    assert main(["lint", good, str(tmp_path / "none.json")]) == 2
    assert "none.json cannot be read" in capsys.readouterr().err
    assert main(["lint", saved(tmp_path, "broken.json", "{")]) == 1


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (GOOD, "identity"),
        (trust({"Service": "ec2.amazonaws.com"}), "trust"),
        (document({**allow("s3:GetObject", "arn:aws:s3:::one/*"), "Principal": {"AWS": "111122223333"}}), "resource"),
        (document({**deny("s3:*"), "Principal": "*"}), "rcp"),
    ],
)
def test_the_kind_is_guessed_where_the_form_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: object, kind: str
) -> None:
    assert main(["lint", "--json", saved(tmp_path, "one.json", content)]) in (0, 1)
    (one,) = json.loads(capsys.readouterr().out)["files"]
    assert (one["kind"], one["guessed"]) == (kind, True)


def test_a_kind_that_is_told_and_sarif(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = saved(tmp_path, "bad.json", MISSPELT)
    main(["lint", "--kind", "scp", "--json", bad])
    assert json.loads(capsys.readouterr().out)["files"][0]["kind"] == "scp"
    main(["lint", "--format", "sarif", bad])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 6


def test_a_file_of_one_line_has_its_findings_in_that_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statement = {"Effect": "Allow", "Action": "s3:Getobjec", "Resource": "arn:aws:s3:::bucket/*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    file = tmp_path / "policy.json"
    file.write_text(text)
    assert main(["lint", str(file), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["files"][0]["findings"]
    assert finding["line"] == 1
    assert text[finding["column"] - 1 :].startswith(('"Action"', '"s3:Getobjec"', "s3:Getobjec"))
