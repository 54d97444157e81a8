"""Throw-away PostgreSQL, Redis and S3, each on a free port in a folder of its own.

    with start_postgres() as postgres:
        postgres.url        # "postgresql://esw@127.0.0.1:40123/esw"
        postgres.kill()     # SIGKILL, and `start()` again on the same port and the same data
    with start_redis() as redis:
        redis.url           # "redis://127.0.0.1:40124/0"
    with start_s3() as store:
        store.url           # "s3://student-work?endpoint=http://127.0.0.1:40125&…"; also `pause()` and `go_on()`

They keep nothing safe (no fsync), listen to loopback alone, and die with the process that started them: a test run
that is killed leaves no server behind. `scripts/services.sh` installs the binaries where it may.

In tests, the fixtures `postgres`, `redis_server` and `s3` (tests/conftest.py) hand out one server a test process.
"""

from tests.services.postgres import Postgres, start_postgres
from tests.services.redis import Redis, start_redis
from tests.services.s3 import S3, start_s3
from tests.services.service import Missing, Service

__all__ = ["S3", "Missing", "Postgres", "Redis", "Service", "start_postgres", "start_redis", "start_s3"]
