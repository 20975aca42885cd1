"""What the theme of the back office says in English and has no Chinese for, what our own templates over it say (they
are none that words are gathered from), and what Django says badly; named here for the catalogue."""

from yizhi.core.errors import N_

WORDS = (
    N_("Show or hide the menu"), N_("Nothing fits what you looked for."), N_("There is nothing here yet."),
    N_("Type to search"), N_("Select record"), N_("Select all rows"), N_("Toggle sorting"), N_("Remove from sorting"),
    N_("Run the selected action"), N_("Run"), N_("Apply Filters"), N_("Reset filters"), N_("Clear all filters"),
    N_("Light"), N_("Dark"), N_("System"), N_("Go back"), N_("Save and view"), N_("Select action to run"),
    N_("Home"), N_("Show all"), N_("Constraint “%(name)s” is violated."),
)  # fmt: skip
