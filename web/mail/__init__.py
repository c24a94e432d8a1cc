"""Mails that came in: the tray, one mail with its files, the quarantine."""
