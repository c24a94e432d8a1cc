"""Numbers of the figures as people write them."""

from __future__ import annotations

from django import template

from web.views import figure_words

register = template.Library()
register.filter("percent", figure_words.percent)
