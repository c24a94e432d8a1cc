"""Django app: the words that orders and profiles are written in."""

from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    """Occupations, skills, industries, licences, certificates and languages."""

    name = "vocabulary"
    default_auto_field = "django.db.models.BigAutoField"
