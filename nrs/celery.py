"""Celery: work that need not happen in the request. The database is the truth; a message is only the bell."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django.conf import settings
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nrs.settings")
app = Celery("nrs")


@setup_logging.connect
def use_django_logging(**_: object) -> None:
    """Keep Django's logging: Celery must not add handlers of its own."""


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
    "clocks": {"task": "joborders.tasks.clocks", "schedule": 60.0},
    "standing-lists": {"task": "screening.tasks.keep_lists", "schedule": 15.0},
    "night": {"task": "screening.tasks.night", "schedule": crontab(hour=2, minute=10)},
    "prune-screening-changes": {"task": "screening.tasks.prune_changes", "schedule": 86_400.0},
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
