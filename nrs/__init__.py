"""NRS: the project. Importing it makes the Celery application known, so that shared tasks find it."""

from nrs.celery import app as celery_app

__all__ = ["celery_app"]
