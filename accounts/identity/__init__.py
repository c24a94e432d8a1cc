"""Logging in through identity providers (OpenID Connect): who is asked, what their answer is worth, whose it is."""
