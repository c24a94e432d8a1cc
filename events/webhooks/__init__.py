"""Events to addresses outside: signed, at least once, in order per subject, for at most three days."""
