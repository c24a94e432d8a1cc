"""Celery tasks of the companies."""

from celery import shared_task

from companies import documents, register_jobs, renewals


@shared_task(name="companies.tasks.import_registers", ignore_result=True)
def import_registers() -> None:
    """Go on with the imports that wait. Lost or doubled runs do no harm: a job is leased."""
    register_jobs.work()


@shared_task(name="companies.tasks.renewals", ignore_result=True)
def tell_of_renewals() -> None:
    """Tell the nine of agreements that run out. Lost or doubled runs do no harm."""
    renewals.tell_of_renewals()


@shared_task(name="companies.tasks.sweep_papers", ignore_result=True)
def sweep_papers() -> None:
    """Delete papers of agreements that no row names. Lost or doubled runs do no harm."""
    documents.sweep()
