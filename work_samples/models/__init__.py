"""What we look at: assignments and samples of work."""

from work_samples.models.assignments import Assignment, Selection
from work_samples.models.samples import LABEL_LENGTH, NAME_LENGTH, Page, Redaction, Sample, Upload

__all__ = ["LABEL_LENGTH", "NAME_LENGTH", "Assignment", "Page", "Redaction", "Sample", "Selection", "Upload"]
