"""What happens to courses."""

from events.kinds import CODES, DAY, IDS, MUNICIPALITY, NUMBER, declare

ALL = "all nine municipalities"
COURSE = {
    "starts_on": DAY,
    "certificates": CODES("codes of the vocabulary that it gives"),
    "licences": CODES("codes of the vocabulary that it gives"),
    "skills": IDS("public ids of the vocabulary that it gives"),
}
declare("course.planned", "A course for several jobcentres is planned.", ALL, **COURSE)
declare("course.changed", "Days, seats or contents of a course changed.", ALL, **COURSE)
declare("course.cancelled", "A course is called off.", ALL, **COURSE)
declare(
    "course.completed",
    "A jobcentre entered who of its own people passed.",
    "the home municipality of those who passed only",
    **COURSE,
    home=MUNICIPALITY,
    passed=NUMBER("how many"),
)
