"""Build and check a release in ``dist``, and print the commands that would publish it. Nothing is published.

    python -m tests.support.papers.release

The wheel and the sdist are built, installed and started in environments of their own; the container file and the
Homebrew formula are written, and built where the machine has the tools. The release notes are the changelog's. What
could not be tried is said. Exit status 1 where a check fails.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

from tui import __version__

ROOT = Path(__file__).parents[3]
DIST = ROOT / "dist"
FAILS = "Changes that may fail your pipeline"


_POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", '
    '"Resource": "arn:aws:s3:::b/*"}]}'
)


class ReleaseError(Exception):
    """A release that is not ready. ``str()`` is one sentence."""


def notes(version: str, changelog: str) -> str:
    """The changelog's section of a release, without its heading. Raises `ReleaseError`."""
    heading = re.compile(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n", re.MULTILINE)
    found = heading.search(changelog)
    if found is None:
        raise ReleaseError(f"CHANGELOG.md has no section '## [{version}] - DATE'.")
    rest = changelog[found.end() :]
    end = re.search(r"^## \[", rest, re.MULTILINE)
    text = (rest[: end.start()] if end else rest).strip()
    if f"### {FAILS}" not in text:
        raise ReleaseError(f"The section of {version} has no '### {FAILS}'.")
    return text + "\n"


def home() -> str:
    """The repository's address, by ``[project.urls]``."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["urls"]["Homepage"])


def container_file(wheel: str) -> str:
    return f"""# podman build -t rolescope:{__version__} -f dist/Containerfile dist
FROM python:3.12-slim
COPY {wheel} constraints.txt /tmp/
RUN python -m pip install --no-cache-dir --disable-pip-version-check -c /tmp/constraints.txt "/tmp/{wheel}[demo]" \\
    && rm /tmp/{wheel} /tmp/constraints.txt && useradd --create-home operator
USER operator
ENTRYPOINT ["rolescope"]
"""


def formula(sdist: Path) -> str:
    """A formula for a tap of one's own."""
    digest = hashlib.sha256(sdist.read_bytes()).hexdigest()
    return f"""class Rolescope < Formula
  desc "Terminal UI that explains AccessDenied and explores AWS IAM roles"
  homepage "{home()}"
  url "{home()}/releases/download/v{__version__}/{sdist.name}"
  sha256 "{digest}"
  license "MIT"

  depends_on "python@3.12"

  def install
    system "python3.12", "-m", "venv", libexec
    system libexec/"bin/python", "-m", "pip", "install", "-c", "constraints.txt", "."
    bin.install_symlink libexec/"bin/rolescope"
    man1.install "docs/rolescope.1"
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/rolescope --version")
  end
end
"""


def built() -> tuple[Path, Path]:
    """The wheel and the sdist, anew in ``dist``."""
    shutil.rmtree(DIST, ignore_errors=True)
    _run([sys.executable, "-m", "hatchling", "build", "-d", str(DIST)])
    return next(DIST.glob("*.whl")), next(DIST.glob("*.tar.gz"))


def check_started(package: Path) -> None:
    """Install a wheel or sdist into a bare environment and start it there. Raises `ReleaseError`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*install, "-c", str(ROOT / "constraints.txt"), str(package)], cwd=folder)
        rolescope = str(python.with_name("rolescope"))
        said = _run([rolescope, "--version"], cwd=folder)
        if said.strip() != f"rolescope {__version__}":
            raise ReleaseError(f"{package.name} says {said.strip()!r} to --version.")
        (folder / "policy.json").write_text(_POLICY, "utf-8")
        _run([rolescope, "lint", "policy.json"], cwd=folder)  # needs the data that the package carries


def _run(command: list[str], cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)} failed: {(done.stderr or done.stdout).strip()[-800:]}")
    return done.stdout


def main() -> int:
    untried = []
    try:
        text = notes(__version__, (ROOT / "CHANGELOG.md").read_text("utf-8"))
        wheel, sdist = built()
        for package in (wheel, sdist):
            check_started(package)
            print(f"{package.name}: installed and started in a bare environment")
        shutil.copy(ROOT / "constraints.txt", DIST)
        (DIST / "RELEASE-NOTES.md").write_text(text, "utf-8")
        (DIST / "Containerfile").write_text(container_file(wheel.name), "utf-8")
        (DIST / "rolescope.rb").write_text(formula(sdist), "utf-8")
        engine = shutil.which("podman") or shutil.which("docker")
        if engine is None:
            untried.append("The container file was not built: there is neither podman nor docker.")
        else:
            tag = f"rolescope:{__version__}"
            _run([engine, "build", "-t", tag, "-f", str(DIST / "Containerfile"), str(DIST)])
            print(f"{tag}: {_run([engine, 'run', '--rm', tag, '--version']).strip()}")
        if shutil.which("ruby"):
            _run(["ruby", "-c", str(DIST / "rolescope.rb")])
        else:
            untried.append("The syntax of the formula was not checked: there is no ruby.")
        if shutil.which("brew") is None:
            untried.append("The formula was not installed: there is no brew.")
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(untried))
    print("\n".join(("", "To publish (nothing of this was run):", *(f"  {each}" for each in commands(wheel, sdist)))))
    return 0


def commands(wheel: Path, sdist: Path) -> list[str]:
    files = f"dist/{wheel.name} dist/{sdist.name}"
    tag = f"v{__version__}"
    return [
        f"git tag -s {tag} -m 'rolescope {__version__}' && git push origin {tag}",
        f"gh release create {tag} {files} --title 'rolescope {__version__}' --notes-file dist/RELEASE-NOTES.md",
        f"python -m twine upload {files}",
        f"podman build -t rolescope:{__version__} -f dist/Containerfile dist && podman push rolescope:{__version__}",
        "cp dist/rolescope.rb TAP/Formula/ && brew install --build-from-source TAP/rolescope",
    ]


if __name__ == "__main__":
    sys.exit(main())
