"""Addresses of the company's pages: an order handed in, and followed behind its link."""

from django.urls import path

from web.company.order_block import Step
from web.views import follow, order

PATTERNS = [
    path("order", order.start, name="order"),
    *(path(f"order/{step}", order.step, {"step": step}, name=f"order-{step}") for step in Step),
    path("order/send", order.send, name="order-send"),
    path("order/receipt", order.receipt, name="order-receipt"),
    path("order/forget", order.forget, name="order-forget"),
    path("order/resume/<str:secret>", order.resume, name="order-resume"),
    *(path(f"order/words/{kind}", order.words, {"kind": kind}, name=f"words-{kind}") for kind in order.WORDS),
    path("f/<str:secret>", follow.enter, name="follow-link"),
    path("follow/<str:number>", follow.show, name="follow"),
    path("follow/<str:number>/code", follow.code, name="follow-code"),
    path("follow/<str:number>/open", follow.open_names, name="follow-open"),
    path("follow/<str:number>/again", follow.again, name="follow-again"),
    path("follow/<str:number>/answer/<uuid:id>", follow.answer, name="follow-answer"),
    path("follow/<str:number>/<str:step>", follow.step, name="follow-step"),
]
