"""The OpenAPI document and the browsable docs, served without internet."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response


@cache
def document() -> dict[str, Any]:
    """The whole document, in English, made once per process."""
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


class SchemaView(SpectacularAPIView):
    """`/api/v1/schema`: YAML, or JSON by `?format=json`."""

    def _get_schema_response(self, request: Request) -> Response:
        return Response(document(), headers={"Content-Disposition": 'inline; filename="nrs-openapi.yaml"'})


class DocsView(SpectacularSwaggerSplitView):
    """`/api/v1/docs`: Swagger UI from our own address, no inline script or style."""

    template_name = "api/docs.html"
    url_name = "api:schema"
    title = "NRS API"
