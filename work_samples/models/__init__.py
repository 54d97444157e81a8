"""What we look at: assignments and samples of work."""

from work_samples.models.arranging import LastStep, Shape
from work_samples.models.assignments import Assessment, Assignment, Selection
from work_samples.models.recordings import TRANSCRIPT_LENGTH, Recording
from work_samples.models.readings import Reading
from work_samples.models.samples import (
    GROUP_LENGTH,
    LABEL_LENGTH,
    NAME_LENGTH,
    Page,
    Redaction,
    Sample,
    SentBack,
    Upload,
)
from work_samples.models.standards import CODE_LENGTH, Framework, Statement
from work_samples.models.tasks import Task, TaskFile, TaskPage

__all__ = [
    "Shape",
    "LastStep",
    "GROUP_LENGTH",
    "CODE_LENGTH",
    "DESCRIPTION_LENGTH",
    "LABEL_LENGTH",
    "NAME_LENGTH",
    "TRANSCRIPT_LENGTH",
    "Assessment",
    "Assignment",
    "Framework",
    "Page",
    "Recording",
    "Redaction",
    "Sample",
    "Selection",
    "Statement",
    "Task",
    "TaskFile",
    "TaskPage",
    "Upload",
]
