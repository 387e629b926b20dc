"""The release: its notes, container file and formula; what is published names no registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from diagnostics.review.report.sarif import INFORMATION
from tests.support.papers.release import ROOT, ReleaseError, commands, container_file, formula, home, notes
from tui import __version__

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
PAGE = 100
"""The maximum number of lines of a release's section."""


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0", "0.3.0"])
def test_every_release_has_notes_that_say_what_may_fail(version: str) -> None:
    text = notes(version, CHANGELOG)
    assert not text.startswith("#") and "### Changes that may fail your pipeline" in text
    assert "## [" not in text


def test_a_release_is_a_page() -> None:
    releases = re.split(r"^## \[", CHANGELOG, flags=re.MULTILINE)[1:]
    assert max(len(each.splitlines()) for each in releases) <= PAGE


def test_the_version_has_notes() -> None:
    assert notes(__version__, CHANGELOG)
    with pytest.raises(ReleaseError, match=r"no section '## \[9\.9\.9\]"):
        notes("9.9.9", CHANGELOG)
    with pytest.raises(ReleaseError, match="no '### Changes that may fail"):
        notes("1.0.0", "## [1.0.0] - 2027-01-01\n\n- all\n")


def test_a_formula_and_a_container_file_are_of_this_release(tmp_path: Path) -> None:
    sdist = tmp_path / f"rolescope-{__version__}.tar.gz"
    sdist.write_bytes(b"abc")
    text = formula(sdist)
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" in text
    assert f"/releases/download/v{__version__}/{sdist.name}" in text and text.count("\n  end\n") == 2
    assert "FROM python:3.12-slim" in container_file("rolescope.whl")


def test_nothing_names_a_registry() -> None:
    said = "\n".join((*commands(Path("a.whl"), Path("a.tar.gz")), container_file("a.whl"), CHANGELOG))
    assert not re.search(r"pypi\.org|pythonhosted|docker\.io|ghcr\.io|quay\.io", said)


def test_addresses_are_one_repositorys() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        urls = tomllib.load(file)["project"]["urls"]
    assert home() == INFORMATION and all(url.startswith(home()) for url in urls.values())
    pictures = re.findall(r"!\[[^]]*\]\(([^)]*)\)", (ROOT / "README.md").read_text("utf-8"))
    assert pictures
    for picture in pictures:
        assert picture.startswith("https://") and (ROOT / "docs" / picture.rpartition("/")[2]).is_file()
