"""The demo's own standards: small, ours, and naming what its tasks name."""

from home.demo.standards import FILE, TITLE
from home.demo.tasks import TASKS
from work_samples.standards import read


def test_the_demo_has_a_framework_that_explains_the_codes_of_its_tasks():
    framework = read(FILE.read_bytes(), title=TITLE)
    assert framework.repairs == ()
    assert 20 <= len(framework.statements) <= 30
    codes = {each.code for each in framework.statements}
    assert {code for task in TASKS for code in task.standards} <= codes
