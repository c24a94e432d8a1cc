"""The figures' definitions, to translate. Written by `manage.py figure_definitions`; do not edit."""

# ruff: noqa: E501
# fmt: off
from django.utils.translation import gettext_noop as _

TEXTS = (
    _("Job orders received by the end of the day of the figure, and where each stood then: open, filled or closed."),
    _("An order counts once, by the day on which it was received; filled means ended with at least one hire from the nine, closed means ended without. Received is open, filled and closed together. Two shares: filled out of filled and closed, and filled out of received. A municipality has the orders that it led on that day."),
    _("Positions are those of the same orders: wanted, hired from the nine, filled otherwise. Agreements are companies with an NRS recruitment agreement in force on that day; they are the same for every municipality and industry."),
    _("Registered later is how many orders received by that day have been registered since the figure was known."),
    _("Job orders received, filled, closed and reopened in each week or month, and how many stood open at its end."),
    _("An order counts in the period in which it happened, each time that it happened: one that is filled, reopened and filled again counts twice as filled. Open at the end is open at the beginning plus received and reopened, less filled and closed. The share is filled out of filled and closed."),
    _("Filled means ended with at least one hire from the nine, closed means ended without. Where the only hire on an ended order did not start, the status shows it as closed; that is no second ending here."),
    _("A municipality has the orders that it led on the day of the figure. What was filled in the last three months before that day is provisional."),
    _("Working hours from the moment a job order was received to the first contact with the company, to the first candidate presented to it, and until it was filled: the median, and the time that nine in ten did not exceed."),
    _("Counted are the orders received in the period, in the week or month in which they were received. The numerator is how many had come so far by the day of the figure, the denominator how many were received. Who still waits is in no median, so the newest periods look quicker than they will in the end."),
    _("Working hours are those of the municipality that led the order, without its closing days and holidays. Pauses count: it is the time that passed for the company. An order that was reopened counts by its last filling."),
    _("Times until filled of the last three months before the day of the figure are provisional."),
    _("Of the promises made to companies whose time has come, how many were kept: the first response, and the first candidate presented."),
    _("Counted are the job orders received in the period, in the week or month in which they were received; each makes both promises. Kept is what happened by the time it was due, broken is what did not. The share is kept out of kept and broken."),
    _("Running is what is not due yet on the day of the figure, paused is what stands still, not needed is what was not due yet when the order ended: these three are in no share. What is due moves with pauses."),
    _("People hired in the period: the municipality that led the job order against the home municipality of the person hired, and the share that crossed a border, out of all hired."),
    _("A hire counts on the day on which it was agreed, for the municipality that led the order then. One that had turned out not to start by the day of the figure is not counted. Hires of the last three months before that day are provisional."),
    _("A number of 1 to 4 people is not shown, nor another one from which it could be worked out. A zero is shown."),
    _("Why the job orders received in the period had ended by the day of the figure: the reason that was recorded, with its share of all that had ended. An order has one reason."),
    _("Beside them, and never added to them, why nominations came to nothing in the period: declined by the company, withdrawn by the jobcentre, not started. These count people: a number of 1 to 4 is not shown, nor another one from which it could be worked out. A municipality has the nominations on orders that it led then."),
    _("A goal is reached or missed when its period is over; a number is reached as soon as it is. Before that it is on track or behind. A number is on track while it is at least the part of the goal that belongs to the part of the period that has passed, day by day; the needed pace is how many more each month of the rest must bring. A share is on track while it is at least the goal; nothing is said while there are too few to show, or none."),
    _("Companies whose cooperation with the municipality (with all nine: with any of them) began in the period, each counted once by its CVR number."),
    _("Cooperation is a job order that the municipality led when it was handed in, a hire of one of its citizens, or the signing of an agreement of its own. New is a company that never cooperated before; with a look-back, one that had not for so many months."),
    _("Partnership agreements that came into force in the period, each counted once."),
    _("A municipality has those that it holds itself, and those of the nine with companies that it led when they were signed."),
    _("Promises kept out of those kept and broken, of the job orders received in the period: the first response and the first candidate together."),
    _("Job orders filled out of those that had ended, of the job orders received in the period."),
    _("People hired by an order that another municipality than their own led, out of all hired in the period."),
    _("A number of 1 to 4 people is not shown."),
    _("What the post cost in the test period up to the day of the figure, and an estimate of what its placements saved: a range, between the lower and the upper assumptions. It is no proof of an effect."),
    _("Placements are people of the municipality who were hired in the period on job orders that it has as tovholder, and who had not turned out not to start. The cost is the year's, for the days that have passed. Saved is the number of placements, times the percent that is due to the post, times the weeks without benefit, times the saving of a week."),
    _("Fewer than five placements are not shown, and no range then; only how many weeks without benefit would pay the cost."),
    _("Of the people whom screenings listed as qualified or to check in a quarter, how many were put forward on that job order, by home municipality, level of spoken Danish and length of unemployment."),
    _("A person counts once for each job order that a screening listed them on. Put forward means requested from their jobcentre or offered by it on that order by the end of the quarter, whatever came of it. The groups are those of the profile as it is now, the length of unemployment that at the end of the quarter. People who have been deleted since are not counted any more."),
    _("The four-fifths line lies at 80 % of the highest rate shown in the same table. A group under it is marked: a reason to look into the cases, not a proof of unfair treatment, as groups may differ in what the orders asked for."),
    _("A number of 1 to 4 people is not shown, nor another one from which it could be worked out, and no rate that needs one. Only quarters that have ended can be asked for, so that no two answers can be subtracted from each other."),
)
