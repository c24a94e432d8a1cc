"""The addresses of the mails that came in."""

from django.urls import path

from web.mail import views

PATTERNS = [
    path("mail/tray", views.tray, name="mail-tray"),
    path("mail/quarantine", views.quarantine, name="mail-quarantine"),
    path("mail/files/<uuid:id>", views.file, name="mail-file"),
    path("mail/files/<uuid:id>/<str:step>", views.file_step, name="mail-file-step"),
    path("mail/<uuid:id>", views.show, name="mail"),
    path("mail/<uuid:id>/<str:step>", views.step, name="mail-step"),
]
