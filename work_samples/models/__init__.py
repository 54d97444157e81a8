"""What we look at: assignments and samples of work."""

from work_samples.models.arranging import LastStep, Shape
from work_samples.models.assignments import Assessment, Assignment, Selection
from work_samples.models.bringing import PartialUpload, Phone, UploadPiece
from work_samples.models.readings import Reading
from work_samples.models.recordings import TRANSCRIPT_LENGTH, Recording
from work_samples.models.samples import (
    DESCRIPTION_LENGTH,
    GROUP_LENGTH,
    LABEL_LENGTH,
    NAME_LENGTH,
    Page,
    Redaction,
    Sample,
    SentBack,
    Upload,
)
from work_samples.models.saved_filters import FILTER_NAME_LENGTH, SavedFilter
from work_samples.models.standards import CODE_LENGTH, Framework, Statement
from work_samples.models.storage import StoredFile
from work_samples.models.tasks import Task, TaskFile, TaskPage
from work_samples.models.withdrawals import (
    FormerPage,
    HeldRecording,
    KeptWork,
    Outcome,
    Reason,
    Withdrawal,
    WithdrawalEvent,
)

__all__ = [
    "CODE_LENGTH",
    "DESCRIPTION_LENGTH",
    "FILTER_NAME_LENGTH",
    "GROUP_LENGTH",
    "LABEL_LENGTH",
    "NAME_LENGTH",
    "TRANSCRIPT_LENGTH",
    "Assessment",
    "Assignment",
    "FormerPage",
    "Framework",
    "HeldRecording",
    "KeptWork",
    "LastStep",
    "Outcome",
    "Page",
    "PartialUpload",
    "Phone",
    "Reading",
    "Reason",
    "Recording",
    "Redaction",
    "Sample",
    "SavedFilter",
    "Selection",
    "SentBack",
    "Shape",
    "Statement",
    "StoredFile",
    "Task",
    "TaskFile",
    "TaskPage",
    "Upload",
    "UploadPiece",
    "Withdrawal",
    "WithdrawalEvent",
]
