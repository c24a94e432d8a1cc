"""Numbers of the figures as people write them."""

from __future__ import annotations

from django import template

from web.figures import words

register = template.Library()
register.filter("percent", words.percent)
