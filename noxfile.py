"""The checks that a change must pass: `nox -s test`, `nox -s lint`; `nox` runs all except the benchmarks."""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "types", "test", "slow"]
nox.options.reuse_existing_virtualenvs = True

CONSTRAINTS = "requirements-dev.txt"


def install(session: nox.Session, *extras: str) -> None:
    """Install the project in place, with locked versions of its dependencies."""
    session.install("--quiet", "--constraint", CONSTRAINTS, "-e", f".[{','.join(extras)}]")


@nox.session
def test(session: nox.Session) -> None:
    """Run the default tests, which take two minutes; arguments go to pytest."""
    install(session, "test")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Run hostile files, small campaigns, installations, and properties with more examples."""
    install(session, "dev")
    more = ("-m", "slow or hypothesis", "--hypothesis-profile=slow")
    session.run("pytest", "-n", "auto", *more, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check the code with ruff."""
    install(session, "dev")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy --strict."""
    install(session, "dev")
    session.run("mypy")


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks, which take a minute; arguments go to benchmarks/run.py."""
    install(session, "dev")
    session.run("pytest", "benchmarks", "--benchmark-disable")
    session.run("python", "benchmarks/run.py", *(session.posargs or ["--quick", "--check"]))


@nox.session
def lock(session: nox.Session) -> None:
    """Write the versions for the checks to requirements-dev.txt."""
    session.install("--quiet", "uv")
    session.run(
        *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.10", "--extra", "dev"),
        *("--no-emit-index-url", "--upgrade", "--custom-compile-command", "nox -s lock"),
        *("--output-file", CONSTRAINTS, "pyproject.toml"),
    )
