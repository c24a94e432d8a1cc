"""The addresses of the network and its gatherings."""

from django.urls import path

from web.gatherings import meetings, network, public

PATTERNS = [
    path("network", network.index, name="network"),
    path("network/needs/new", network.new_need, name="network-need"),
    path("network/<uuid:id>", network.show, name="network-member"),
    path("network/<uuid:id>/leave", network.leave, name="network-leave"),
    path("network/<uuid:id>/kept/<uuid:commitment>", network.kept, name="network-kept"),
    path("gatherings", meetings.index, name="gatherings"),
    path("gatherings/new", meetings.new, name="gathering-new"),
    path("gatherings/<uuid:id>", meetings.show, name="gathering"),
    path("gatherings/<uuid:id>/edit", meetings.edit, name="gathering-edit"),
    path("gatherings/<uuid:id>/cancel", meetings.cancel, name="gathering-cancel"),
    path("gatherings/<uuid:id>/invite", meetings.invite, name="gathering-invite"),
    path("gatherings/<uuid:id>/attendance", meetings.attendance, name="gathering-attendance"),
    path("invitations/<uuid:id>/lead", meetings.lead, name="gathering-lead"),
    path("sign-up/<str:token>", public.sign_up, name="sign-up"),
]
