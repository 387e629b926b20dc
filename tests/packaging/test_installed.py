"""The wheel and the sdist, built without a network, installed into bare environments, and looked at."""

from __future__ import annotations

import email
import json
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.support.driving.terminal import Terminal, environment
from tui import __version__

ROOT = Path(__file__).parents[2]
ROOMS = ("tui", "screens", "diagnostics", "iam")
LIBRARIES = Path(sysconfig.get_path("purelib"))
OFFLINE = ("--no-index", "--no-deps", "--no-build-isolation", "--quiet", "--disable-pip-version-check")

DENIAL = (
    "User: arn:aws:iam::111122223333:user/jo is not authorized to perform: s3:GetObject "
    "because no identity-based policy allows the s3:GetObject action"
)
SNAPSHOT = {
    "RoleDetailList": [
        {
            "RoleName": "auditor",
            "Arn": "arn:aws:iam::111122223333:role/auditor",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
            "RolePolicyList": [],
            "AttachedManagedPolicies": [
                {"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
            ],
        }
    ],
    "UserDetailList": [],
    "GroupDetailList": [],
    "Policies": [],
}


@dataclass(frozen=True)
class Environment:
    """A bare environment: rolescope alone is installed in it. It sees the libraries of the tests, but not moto."""

    folder: Path
    moto: Path

    @property
    def command(self) -> str:
        return str(self.folder / "bin" / "rolescope")

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    @property
    def site_packages(self) -> Path:
        return next((self.folder / "lib").glob("python*/site-packages"))

    def run(self, *command: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Elsewhere than in the checkout. ``path``: one more folder of packages, as PYTHONPATH."""
        variables = environment(self.folder, PYTHONPATH=str(path or ""))
        return subprocess.run(
            command,
            cwd=self.folder,
            env=variables,
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    def install(self, *what: str) -> None:
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", *OFFLINE, "--no-compile", *what]
        done = subprocess.run(pip, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr


def bare(folder: Path) -> Environment:
    venv.create(folder / "env", with_pip=False)
    made = Environment(folder / "env", folder / "moto")
    shared = folder / "shared"
    shared.mkdir()
    made.moto.mkdir()
    for entry in LIBRARIES.iterdir():
        if not entry.name.startswith(("rolescope", "_rolescope", "__pycache__")) and entry.suffix != ".pth":
            ((made.moto if entry.name.startswith("moto") else shared) / entry.name).symlink_to(entry)
    (made.site_packages / "shared.pth").write_text(f"{shared}\n")
    return made


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    return next(built.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def wheel_of_sdist(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that pip makes of the sdist."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", *OFFLINE, "--wheel-dir", str(folder), str(sdist)]
    done = subprocess.run(pip, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.iterdir())


@pytest.fixture(scope="session")
def installed(wheel_of_sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    made = bare(tmp_path_factory.mktemp("installed"))
    made.install(str(wheel_of_sdist))
    return made


@pytest.fixture
def snapshot(tmp_path: Path) -> str:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(SNAPSHOT))
    return str(path)


# What is built.


def test_the_wheel_has_every_file_of_the_rooms_under_one_name(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    manual = {name for name in names if ".data/" in name}
    assert manual == {f"rolescope-{__version__}.data/data/share/man/man1/rolescope.1"}
    assert {name.split("/")[0] for name in names - manual} == {"rolescope", f"rolescope-{__version__}.dist-info"}
    wanted = {
        f"rolescope/{path.relative_to(ROOT)}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ROOT / "tui" / "installed" not in path.parents
    }
    entry = {"rolescope/__init__.py", "rolescope/__main__.py", "rolescope/py.typed"}
    assert {name for name in names if name.startswith("rolescope/")} == wanted | entry
    assert any(name.endswith(".gz") for name in wanted)


def test_the_metadata_says_what_a_stranger_asks(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = email.message_from_bytes(archive.read(f"rolescope-{__version__}.dist-info/METADATA"))
        licence = archive.read(f"rolescope-{__version__}.dist-info/licenses/LICENSE").decode()
    assert (about["Name"], about["Version"], about["License-Expression"]) == ("rolescope", __version__, "MIT")
    assert licence.startswith("MIT License")
    assert about["Author"] == "rolescope contributors" and about["Keywords"] and about["Requires-Python"] == ">=3.11"
    assert "Typing :: Typed" in about.get_all("Classifier", [])
    assert about["Description-Content-Type"] == "text/markdown"
    requirements = about.get_all("Requires-Dist", [])
    assert [one for one in requirements if one.startswith("moto")] == ["moto<6,>=5.2.5; extra == 'demo'"]


def test_the_sdist_has_what_makes_the_wheel_and_runs_the_tests(sdist: Path, wheel: Path, wheel_of_sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "pyproject.toml", "Makefile", "constraints.txt", "tests/conftest.py"} <= names
    assert not [name for name in names if ".pyc" in name or name.startswith((".venv", ".git/", "dist"))]
    assert wheel_of_sdist.name == wheel.name and wheel_of_sdist.read_bytes() == wheel.read_bytes()


# What is installed.


def test_one_name_is_installed_and_no_other_can_be_imported(installed: Environment) -> None:
    there = {entry.name for entry in installed.site_packages.iterdir()} - {"shared.pth", "__pycache__"}
    assert there == {"rolescope", f"rolescope-{__version__}.dist-info"}
    look = f"from importlib.util import find_spec; print([n for n in {ROOMS!r} if find_spec(n)])"
    assert installed.run(installed.python, "-c", look).stdout == "[]\n"


def test_the_command_and_the_module_answer(installed: Environment) -> None:
    for command in ([installed.command], [installed.python, "-m", "rolescope"]):
        assert installed.run(*command, "--version").stdout == f"rolescope {__version__}\n"
        shown = installed.run(*command, "--help")
        assert shown.returncode == 0 and shown.stdout.startswith("usage: rolescope") and not shown.stderr
        said = installed.run(*command, "diagnose", "--offline", "--json", DENIAL)
        assert json.loads(said.stdout)["parsed"]["action"] == "s3:GetObject" and not said.stderr


def test_other_packages_may_have_the_names_of_the_rooms(installed: Environment, tmp_path: Path) -> None:
    for room in ROOMS:
        (tmp_path / f"{room}.py").write_text("raise SystemExit('another package of that name')\n")
    for command in ([installed.command], [installed.python, "-m", "rolescope"]):
        said = installed.run(*command, "diagnose", "--offline", DENIAL, path=tmp_path)
        assert "another package" not in said.stderr and "s3:GetObject" in said.stdout


def test_a_snapshot_needs_no_demo(installed: Environment, snapshot: str) -> None:
    said = installed.run(installed.command, "who-can", "s3:GetObject", "--snapshot", snapshot, "--json")
    assert said.returncode == 0, said.stderr
    assert "arn:aws:iam::111122223333:role/auditor" in said.stdout
    about = json.loads(installed.run(installed.command, "info", "--snapshot", snapshot, "--json").stdout)["versions"]
    assert about["rolescope"] == __version__ and about["moto"] is None and about["AWS policies"] > "2026"


def test_the_screens_open(installed: Environment, snapshot: str) -> None:
    terminal = Terminal([installed.command, "--snapshot", snapshot], installed.folder)
    try:
        terminal.see("auditor")
        terminal.keys("\x11")
        assert terminal.status() == 0
    finally:
        terminal.close()


def test_the_demo_comes_with_its_extra(installed: Environment) -> None:
    for arguments in (["--demo"], ["diagnose", "--demo", DENIAL], ["who-can", "--demo", "s3:GetObject"]):
        said = installed.run(installed.command, *arguments)
        assert said.returncode == 3 and not said.stdout
        assert said.stderr.splitlines() == [
            "The demo account is not installed (the extra `demo`). To install it: "
            f"{installed.python} -m pip install 'rolescope[demo]'"
        ]
    said = installed.run(installed.command, "info", "--demo", "--json", path=installed.moto)
    assert json.loads(said.stdout)["account"]["source"] == "demo"


def test_an_editable_installation_runs_the_checkout(tmp_path: Path) -> None:
    made = bare(tmp_path)
    made.install("--editable", str(ROOT))
    assert made.run(made.python, "-c", "import tui; print(tui.__file__)").stdout == f"{ROOT / 'tui' / '__init__.py'}\n"
    for command in ([made.command], [made.python, "-m", "rolescope"]):
        assert made.run(*command, "--version").stdout == f"rolescope {__version__}\n"


# The checkout.


def test_before_a_commit_runs_what_make_check_runs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    recipe = (ROOT / "Makefile").read_text().partition("check: $(READY)\n")[2].partition("\n\n")[0]
    # make check runs the test of plain English by itself only if make test does not follow.
    lines = re.sub(r"\$\(if \$\(filter test,\$\(MAKECMDGOALS\)\),,(.+)\)", r"\1", recipe).splitlines()
    assert [hook["entry"] for hook in hooks] == [line.replace("\t$(BIN)", ".venv/bin") for line in lines]
