"""Data protection on pages: the auditor's look into the access log, a citizen's extract, holds and deletion."""
