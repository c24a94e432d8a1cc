"""Throw-away resources over the municipalities, so that the conventions are tested without any real resource."""

from __future__ import annotations

import django_filters
from django.db.models import F
from django.urls import include, path
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from accounts.models import User
from api import parsers
from api.base import Listed, Resource, Retrieved
from api.pagination import CursorPages
from api.serializers import StrictSerializer
from api.steps import bulk, changes, creates, step
from api.urls import not_found
from events.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotVisible, Stale, StepRefused
from municipalities.models import Municipality


class Out(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField()


class Row(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField(source="name")
    phone = serializers.CharField()


class Inner(StrictSerializer):
    days = serializers.IntegerField(min_value=1, max_value=30)


class Change(StrictSerializer):
    name = serializers.CharField(max_length=60)
    parts = Inner(many=True, required=False)


class New(Change):
    code = serializers.CharField(max_length=4)


class Filter(django_filters.FilterSet):
    code = django_filters.CharFilter()
    days = django_filters.NumberFilter(field_name="first_response_days")


class Things(Listed, Retrieved, Resource):
    """One of everything."""

    model = Municipality
    serializer_class = Out
    row_class = Row
    export_name = "things"
    lookup_field = "code"
    lookup_url_kwarg = "code"
    lookup_value_converter = "str"
    filterset_class = Filter
    search_fields = ("name",)
    ordering_fields = {"title": "name"}

    def visible(self):
        return Municipality.objects.annotate(version=F("first_response_days")).order_by("code")

    @creates(New)
    def create(self, body):
        return Municipality.objects.create(code=body["code"], name=body["name"], jobcentre="x")

    @changes(Change)
    def partial_update(self, code, version, body):
        return rename(code, version, body["name"])

    @step(takes=Change)
    def rename(self, code, version, body):
        return rename(code, version, body["name"])

    @step(versioned=False)
    def nothing(self, code, version, body):
        return None

    @bulk("import", takes=None, parsers=[parsers.NDJSONParser])
    def import_(self, body):
        return {"bytes": len(body)}


class Required(Resource):
    model = Municipality
    serializer_class = Out
    visible = Things.visible

    @creates(New, key_required=True)
    def create(self, body):
        return Municipality.objects.create(code=body["code"], name=body["name"], jobcentre="x")


class Cursed(Listed, Resource):
    model = Municipality
    row_class = serializer_class = Row
    pagination_class = CursorPages
    cursor_fields = ("name", "code")

    def visible(self):
        return Municipality.objects.all()


class People(Listed, Resource):
    """A cursor over times."""

    class PersonRow(serializers.Serializer):
        name = serializers.CharField()

    model = User
    row_class = serializer_class = PersonRow
    pagination_class = CursorPages
    cursor_fields = ("-date_joined", "-id")

    def visible(self):
        return User.objects.all()


def rename(code: str, version: int, name: str) -> Municipality:
    """What a service does."""
    found = Municipality.objects.filter(code=code).first()
    if found is None:
        raise NotVisible
    if found.first_response_days != version:
        raise Stale(version=found.first_response_days, changed=["name"], changed_by="Bo", allowed=["rename", "close"])
    if name == "taken":
        raise Conflict("name_taken", "The name is taken.")
    found.name, found.first_response_days = name, version + 1
    found.save()
    return found


ERRORS = {
    "refused": lambda: StepRefused(allowed=["reopen"]),
    "mine": NotAllowed,
    "hidden": NotVisible,
    "wrong": lambda: Invalid([FieldProblem("/cvr", "check_digit", "Wrong."), FieldProblem("/a", "b", "c")]),
    "bug": lambda: ZeroDivisionError("secret detail"),
    "huge": lambda: OverflowError("int too large"),
}


class Failing(APIView):
    def get(self, request, how, secret=""):
        raise ERRORS[how]()


class Echo(APIView):
    def post(self, request):
        return Response({"got": request.data})


router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("things", Things, "things")
router.register("required", Required, "required")
router.register("cursed", Cursed, "cursed")
router.register("people", People, "people")

urlpatterns = [
    path("api/v1/failing/<str:how>", Failing.as_view(), name="failing"),
    path("api/v1/follow/<str:secret>/<str:how>", Failing.as_view(), name="follow"),
    path("api/v1/echo", Echo.as_view(), name="echo"),
    path("api/v1/", include(router.urls)),
    path("api/v1/<path:rest>", lambda request, rest: not_found(request)),
]
handler404 = "api.problems.page_not_found"
handler500 = "api.problems.server_error"
