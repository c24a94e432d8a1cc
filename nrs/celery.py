"""Celery: work that need not happen in the request. The database is the truth; a message is only the bell."""

import os

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import setup_logging, task_postrun, task_prerun, worker_init, worker_process_init
from django.conf import settings
from kombu import Exchange, Queue

from events import trace
from nrs import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nrs.settings")
app = Celery("nrs")


@setup_logging.connect
def use_django_logging(**_: object) -> None:
    """Keep Django's logging: Celery must not add handlers of its own."""


@task_prerun.connect
def number_lines(task_id: str = "", task: Task | None = None, **_: object) -> None:
    """Lines of a task carry its number."""
    trace.task(task_id, task.name if task else "task")


@task_postrun.connect
def stop_numbering(state: str = "", retval: object = None, **_: object) -> None:
    """What follows is of no task."""
    trace.task_done(type(retval).__name__ if state == "FAILURE" else "")


@worker_init.connect
@worker_process_init.connect
def tell_traces(**_: object) -> None:
    """A process that works on tasks sends its spans itself: threads do not live through a fork."""
    tracing.begin("nrs-worker")


#: A task that kills its worker again and again goes to the dead letters instead of round for ever.
TASKS = Queue(
    "nrs.tasks",
    Exchange("nrs.tasks", type="topic"),
    routing_key="nrs.tasks",
    queue_arguments={
        "x-queue-type": "quorum",
        "x-delivery-limit": 10,
        "x-dead-letter-exchange": "nrs.dead",
    },
)

SCHEDULE = {
    "sweep-events": {"task": "events.tasks.sweep", "schedule": 5.0},
    "send-mail": {"task": "notifications.tasks.send_pending", "schedule": 10.0},
    "digests": {
        "task": "notifications.tasks.send_digests",
        "schedule": crontab(hour="6-9", minute="*/10"),
    },
    "forget-news": {"task": "notifications.tasks.forget", "schedule": crontab(hour=3, minute=20)},
    "clocks": {"task": "joborders.tasks.clocks", "schedule": 60.0},
    "renewals": {"task": "companies.tasks.renewals", "schedule": 3600.0},
    "sweep-papers": {"task": "companies.tasks.sweep_papers", "schedule": crontab(hour=3, minute=50)},
    "ask-companies": {"task": "joborders.tasks.questions", "schedule": 600.0},
    "read-mail": {"task": "mailroom.tasks.read", "schedule": 15.0},
    "forget-mail": {"task": "mailroom.tasks.forget", "schedule": 86_400.0},
    "import-registers": {"task": "companies.tasks.import_registers", "schedule": 5.0},
    "imports": {"task": "candidates.tasks.imports", "schedule": 3.0},
    "forget-imports": {"task": "candidates.tasks.forget_imports", "schedule": 86_400.0},
    "standing-lists": {"task": "screening.tasks.keep_lists", "schedule": 15.0},
    "night": {"task": "screening.tasks.night", "schedule": crontab(hour=2, minute=10)},
    "prune-screening-changes": {"task": "screening.tasks.prune_changes", "schedule": 86_400.0},
    "retention": {"task": "privacy.tasks.retain", "schedule": crontab(hour=3, minute=20)},
    "draw-access-sample": {"task": "privacy.tasks.draw", "schedule": crontab(hour=4, minute=40)},
    "forget-answers": {"task": "api.tasks.forget_answers", "schedule": 3600.0},
    "forget-drafts": {"task": "web.tasks.forget_drafts", "schedule": 3600.0},
}


#: The embedded broker is a folder and has no host; kombu warns of a connection that names none.
EMBEDDED = "filesystem://localhost"


def configure(broker_url: str, data_dir: str) -> None:
    """Settings for RabbitMQ (quorum queues, confirms) or for the embedded file-system broker."""
    embedded = broker_url.startswith("filesystem")
    common = {
        "broker_url": EMBEDDED if embedded else broker_url,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "broker_connection_retry_on_startup": True,
        "task_default_queue": "nrs.tasks",
        "task_default_exchange": "nrs.tasks",
        "task_default_routing_key": "nrs.tasks",
        "task_time_limit": 300,
        "timezone": "Europe/Copenhagen",
        "beat_schedule": SCHEDULE,
        "beat_scheduler": "nrs.beat:Scheduler",
        "beat_schedule_filename": os.path.join(data_dir, "beat-schedule"),
    }
    app.conf.update(common)
    if embedded:
        folder = os.path.join(data_dir, "broker")
        control = os.path.join(data_dir, "broker-control")
        for path in (folder, control):
            os.makedirs(path, exist_ok=True)
        app.conf.broker_transport_options = {
            "data_folder_in": folder,
            "data_folder_out": folder,
            "control_folder": control,
            "store_processed": False,
            "polling_interval": 0.2,
        }
    elif broker_url.startswith("amqp"):
        app.conf.update(
            task_default_queue_type="quorum",
            task_default_exchange_type="topic",
            task_queues=[TASKS],
            broker_transport_options={"confirm_publish": True},
            broker_heartbeat=30,
            task_publish_retry=True,
        )


configure(settings.BROKER_URL, str(settings.DATA_DIR))
app.autodiscover_tasks()
