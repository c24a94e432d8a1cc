"""Celery tasks of the candidates."""

from celery import shared_task

from candidates import import_jobs


@shared_task(name="candidates.tasks.imports", ignore_result=True)
def imports() -> None:
    """Import the files that wait."""
    import_jobs.work()


@shared_task(name="candidates.tasks.forget_imports", ignore_result=True)
def forget_imports() -> None:
    """Delete the reports whose time is over."""
    import_jobs.forget()
