"""A school's page as charts and as plain tables, by the names that addresses and files give them."""

from insights.charts import Chart, agreement_chart, months_chart, proficiency_chart
from insights.queries.school import SchoolPage
from insights.tables import Table, agreement_table, months_table, proficiency_table


def charts_of(page: SchoolPage) -> dict[str, Chart]:
    """The charts that have something to draw, in the page's order."""
    every = [agreement_chart(page.agreement), proficiency_chart(page.years), months_chart(page.months)]
    return {chart.name: chart for chart in every if chart is not None}


def tables_of(page: SchoolPage) -> dict[str, Table]:
    """What those charts show, and what they leave out, as tables."""
    every = [agreement_table(page.agreement), proficiency_table(page.years), months_table(page.months)]
    return {table.name: table for table in every}
