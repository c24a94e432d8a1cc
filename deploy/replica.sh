#!/bin/sh
# A streaming replica: copies the primary (PGHOST, PGUSER, PGPASSWORD) the first time, and follows it.
set -e
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	until pg_basebackup -D "$PGDATA" -R -X stream -c fast; do
		rm -rf "${PGDATA:?}"/*
		sleep 2
	done
	chmod 700 "$PGDATA"
fi
exec postgres -c hot_standby_feedback=on
