"""The addresses of campaigns, focus industries and the register's imports."""

from django.urls import path

from web.campaigns import lists, pages, public, registers, targets

PATTERNS = [
    path("campaigns", lists.index, name="campaigns"),
    path("campaigns/calls", lists.calls, name="campaign-calls"),
    path("campaigns/focus", lists.focus, name="campaign-focus"),
    path("campaigns/new", pages.new, name="campaign-new"),
    path("campaigns/size", pages.size, name="campaign-size"),
    path("campaigns/<uuid:id>", pages.show, name="campaign"),
    path("campaigns/<uuid:id>/edit", pages.edit, name="campaign-edit"),
    path("campaigns/<uuid:id>/freeze", pages.freeze, name="campaign-freeze"),
    path("campaigns/<uuid:id>/end", pages.end, name="campaign-end"),
    path("campaigns/<uuid:id>/targets", targets.index, name="campaign-targets"),
    path("campaigns/<uuid:id>/targets/share-out", targets.share_out, name="campaign-share-out"),
    path("campaigns/<uuid:id>/targets/chosen", targets.chosen, name="campaign-chosen"),
    path("campaigns/<uuid:id>/letter", targets.letter, name="campaign-letter"),
    path("targets/<uuid:id>", targets.show, name="target"),
    path("targets/<uuid:id>/contacts", targets.contact, name="target-contact"),
    path("targets/<uuid:id>/assign", targets.assign, name="target-assign"),
    path("targets/<uuid:id>/orders", targets.link_order, name="target-order"),
    path("registers", registers.index, name="registers"),
    path("registers/<uuid:id>", registers.show, name="register"),
    path("registers/<uuid:id>/apply", registers.apply, name="register-apply"),
    path("no-more-letters/<str:token>", public.no_more_letters, name="no-more-letters"),
]
