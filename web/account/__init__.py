"""Logging in, and what somebody sees and changes about themselves."""
