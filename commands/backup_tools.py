"""The programs of PostgreSQL that write and read a dump, and how they reach the database."""

import os
import shutil
import subprocess

import click
from sqlalchemy import URL


def find_tool(name: str) -> str:
    """The path of `pg_dump` or `pg_restore`; raises where it is not installed, saying what to install."""
    path = shutil.which(name)
    if path is None:
        raise click.ClickException(
            f"{name} is not installed here: install the client of your PostgreSQL's version"
            " (Debian: apt install postgresql-client), or run this on a host that has it"
        )
    return path


def run_tool(name: str, url: URL, *words: str) -> None:
    """Run `pg_dump` or `pg_restore` on a database; raises with what it said where it fails."""
    ran = subprocess.run(
        [find_tool(name), "--no-owner", "--no-privileges", _libpq(url), *words],
        check=False,
        env=_environment(url),
        stderr=subprocess.PIPE,
        text=True,
    )
    if ran.returncode:
        said = " ".join(ran.stderr.split()) or f"exit status {ran.returncode}"
        raise click.ClickException(f"{said} (the client must be of the server's version, or newer)")


def _libpq(url: URL) -> str:
    """The address of a database as libpq reads it, without the password: others see the words of a command."""
    plain = url.set(drivername="postgresql", password=None)
    return f"--dbname={plain.render_as_string(hide_password=False)}"


def _environment(url: URL) -> dict[str, str]:
    """The environment of such a program: the password goes there."""
    return {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
