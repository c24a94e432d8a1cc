"""GET/POST courses, GET/PATCH courses/{id}, POST courses/{id}/cancel and /complete."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from api.serializers import Nothing, StrictSerializer
from api.steps import changes, creates, step
from joborders.models import JobOrder
from screening import courses
from screening.models import Course, CoursePass


class Seats(StrictSerializer):
    """Seats of one municipality."""

    municipality = serializers.CharField(max_length=4)
    seats = serializers.IntegerField(min_value=1, max_value=999)


class CourseIn(StrictSerializer):
    """A course to plan. It gives at least one certificate, licence or skill; without `seats` there is no limit."""

    title = serializers.CharField(max_length=200)
    provider = serializers.CharField(max_length=200)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    certificates = serializers.ListField(child=serializers.CharField(max_length=30), required=False, max_length=50)
    licences = serializers.ListField(child=serializers.CharField(max_length=30), required=False, max_length=50)
    skills = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=50)
    seats = serializers.ListField(child=Seats(), required=False, max_length=9)
    orders = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=50)


class CompleteIn(StrictSerializer):
    """Own candidates who have passed; the day is the course's last one unless given."""

    candidates = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=courses.MAX_AT_ONCE)
    completed_on = serializers.DateField(required=False)


class CourseOut(serializers.Serializer[Any]):
    """A course. `orders` are those that the reader may know of; `passed` counts the own candidates."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(Course.State.choices)
    title = serializers.CharField()
    provider = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    planned_by = serializers.CharField(allow_null=True, help_text="municipality; null: the coordinator")
    certificates = serializers.ListField(child=serializers.CharField())
    licences = serializers.ListField(child=serializers.CharField())
    skills = serializers.ListField(child=serializers.UUIDField())
    seats = Seats(many=True)
    orders = serializers.ListField(child=serializers.UUIDField())
    passed = serializers.IntegerField(allow_null=True)


class CourseForReader(CourseOut):
    """Writes a course out; its lists must be prefetched as in `Courses.visible`."""

    def to_representation(self, course: Course) -> dict[str, Any]:
        """JSON values in the schema's names."""
        as_is = ("version", "state", "title", "provider", "starts_on", "ends_on")
        home = self.context["request"].actor.municipality
        return {
            "id": course.public_id,
            **{name: getattr(course, name) for name in as_is},
            "planned_by": course.planned_by or None,
            "certificates": [row.pk for row in course.certificates.all()],
            "licences": [row.pk for row in course.licences.all()],
            "skills": [row.public_id for row in course.skills.all()],
            "seats": [{"municipality": row.municipality_id, "seats": row.seats} for row in course.seats.all()],
            "orders": [row.public_id for row in course.orders.all()],
            "passed": len(course.passes.all()) if home else None,
        }


class CourseFilter(django_filters.FilterSet):
    """By state, first day, and what they give."""

    state = django_filters.ChoiceFilter(choices=Course.State.choices)
    from_day = django_filters.DateFilter(field_name="starts_on", lookup_expr="gte")
    certificate = django_filters.CharFilter(field_name="certificates")
    licence = django_filters.CharFilter(field_name="licences")
    skill = django_filters.UUIDFilter(field_name="skills__public_id")
    order = django_filters.UUIDFilter(field_name="orders__public_id")


class Courses(Listed, Retrieved, Resource):
    """Courses of the nine, for consultants and coordinators."""

    model = Course
    serializer_class = CourseOut
    filterset_class = CourseFilter
    search_fields = ("title", "provider")
    ordering_fields = ("starts_on", "title")

    def get_serializer_class(self) -> Any:
        """The schema knows the plain shape; answers are written for their reader."""
        return CourseOut if getattr(self, "swagger_fake_view", False) else CourseForReader

    def visible(self) -> QuerySet[Any]:
        """The scope, with everything that a course shows to this reader."""
        orders = JobOrder.objects.visible_to(self.actor).only("public_id").order_by("pk")
        own = CoursePass.objects.filter(home_code=self.actor.municipality or "")
        related = ("certificates", "licences", "skills", "seats")
        return super().visible().prefetch_related(*related, Prefetch("orders", orders), Prefetch("passes", own))

    @creates(CourseIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Plan a course."""
        return courses.plan(self.actor, body)

    @changes(CourseIn)
    def partial_update(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Change a planned course; a list is replaced whole."""
        return courses.change(id, self.actor, version, body)

    @step(takes=Nothing)
    def cancel(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """It will not take place."""
        return courses.cancel(id, self.actor, version)

    @step(takes=CompleteIn)
    def complete(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Own candidates have passed; each municipality for its own."""
        return courses.complete(id, self.actor, version, **body)


ROUTES = [("courses", Courses, "courses")]
