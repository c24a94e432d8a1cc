"""Back-ups that can be trusted: taken in one snapshot with a picture of what they hold, and restored to be compared.

picture.py      what a database holds, in counts and digests: rows, schema, the chain of events, screenings, wall
taking.py       a folder with the dump, the private files and the picture
postgres.py     dump and restore by PostgreSQL's own tools
sqlite.py       the same for SQLite
files.py        the private files, copied and compared
drill.py        restores such a folder into a database of its own and compares, line by line
"""
