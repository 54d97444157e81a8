"""What happened here that a room above may want to hear of; sent on commit."""

from django.dispatch import Signal

session_finished = Signal()  # session_id: UUID
notes_struck = Signal()  # session_id: UUID; the presenter struck a note, or brought one back
