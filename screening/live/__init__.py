"""The index over the database: read it, keep it fresh, notice when it must not be used."""
