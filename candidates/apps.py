"""The app's registration."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    """Registration of `candidates`."""

    name = "candidates"
