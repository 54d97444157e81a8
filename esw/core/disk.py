"""What a full disk looks like, and what is said of it."""

import errno

NO_ROOM = "There is no room left on the server for this. Tell the person who looks after ESW; nothing is lost."
NO_ROOM_STATUS = 507


def is_full(problem: BaseException) -> bool:
    """Whether it was the disk that was full, or somebody's share of it."""
    return isinstance(problem, OSError) and problem.errno in {errno.ENOSPC, errno.EDQUOT}
