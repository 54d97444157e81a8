"""What we look at: assignments and samples of work."""

from work_samples.models.arranging import LastStep, Shape
from work_samples.models.assignments import Assignment, Selection
from work_samples.models.recordings import TRANSCRIPT_LENGTH, Recording
from work_samples.models.readings import Reading
from work_samples.models.samples import GROUP_LENGTH, LABEL_LENGTH, NAME_LENGTH, Page, Redaction, Sample, SentBack, Upload

__all__ = [
    "DESCRIPTION_LENGTH",
    "LABEL_LENGTH",
    "NAME_LENGTH",
    "TRANSCRIPT_LENGTH",
    "Assignment",
    "Page",
    "Recording",
    "Redaction",
    "Sample",
    "Selection",
    "Upload",
]
