"""The addresses that are told of events, and what was sent to them: for administrators."""
