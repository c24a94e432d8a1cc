"""The files of mails (companies.private_files); what a crash leaves without a row is swept away."""

from __future__ import annotations

from collections.abc import Collection

from companies.private_files import PrivateFolder

#: A file without a row may belong to a transaction that is not over yet.
ORPHAN_SECONDS = 24 * 3600
MAILS = PrivateFolder("mail")
folder, keep, path_of = MAILS.folder, MAILS.keep, MAILS.path_of


def drop(names: Collection[str]) -> None:
    """Delete files; those that are gone are fine."""
    for name in names:
        MAILS.drop(name)


def orphans(known: Collection[str]) -> set[str]:
    """Names of files that have been lying for a day and that no row names."""
    return MAILS.orphans(known, ORPHAN_SECONDS)
