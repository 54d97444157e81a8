"""What every room shares: time, ids, secrets, storage, jobs, answers. It imports no room."""
