"""What happened here that a room above may want to hear of; sent on commit, unless it says otherwise."""

from django.dispatch import Signal

sample_confirmed = Signal()  # sample_id: UUID
#: Pages of a sample were withdrawn, came back or were destroyed. Sent inside the transaction, so that whoever counts
#: changes for the screens counts this one with it.
pages_changed = Signal()  # sample_id: UUID
#: Pages were destroyed by hand, and what was said about them goes with them. Sent inside the transaction.
#: sample_id: UUID, pages: the ids of the destroyed ones, whole: whether all of the sample went
pages_destroyed = Signal()
