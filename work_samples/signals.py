"""What happened here that a room above may want to hear of; sent on commit."""

from django.dispatch import Signal

sample_confirmed = Signal()  # sample_id: UUID
