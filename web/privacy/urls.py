"""The addresses of the pages of data protection."""

from django.urls import path

from web.privacy import citizen, log

PATTERNS = [
    path("access-log", log.index, name="access-log"),
    path("access-log/draw", log.draw, name="access-log-draw"),
    path("access-log/<uuid:id>", log.show, name="access-check"),
    path("access-log/<uuid:id>/ask", log.ask, name="access-check-ask"),
    path("access-log/<uuid:id>/conclude", log.conclude, name="access-check-conclude"),
    path("questions", log.questions, name="questions"),
    path("questions/<uuid:id>", log.question, name="question"),
    path("candidates/leaving", citizen.leaving, name="candidates-leaving"),
    path("candidates/<uuid:id>/extract", citizen.extract, name="candidate-extract"),
    path("candidates/<uuid:id>/extract.json", citizen.extract_json, name="candidate-extract-json"),
    path("candidates/<uuid:id>/erase", citizen.erase, name="candidate-erase"),
    path("candidates/<uuid:id>/hold", citizen.hold, name="candidate-hold"),
]
