"""Spans of requests, tasks, events and screenings to a collector that speaks OTLP over HTTP, where one is named.

What a span holds is written in events/trace.py and screening/executors.py. The library's own instruments of Django,
psycopg and Celery are left out: they tell addresses with the secrets of links, what was searched for, and statements.
"""

from __future__ import annotations

from django.conf import settings


def begin(process: str) -> None:
    """Send this process's spans from now on, from a thread of their own; nothing where no collector is named.

    Once in a process, after its fork. A collector that is away costs spans, never an answer. Which share of the
    requests is traced, and headers for the collector, are the library's own variables (docs/operations.md).
    """
    if not settings.OTLP_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    if isinstance(trace.get_tracer_provider(), TracerProvider):
        return
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):  # the operator gave it no name
        resource = resource.merge(Resource({SERVICE_NAME: process}))
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=f"{settings.OTLP_ENDPOINT}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
