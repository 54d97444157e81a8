#!/bin/sh
# Install what the tests run beside ESW: PostgreSQL, Redis, and the proxy of docker-compose.yml. Where they are there
# already, or this user may not install, it does nothing; the tests then say what did not run.
set -eu

missing() {
    for program in redis-server nginx curl openssl; do
        command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || return 0
    done
    command -v initdb >/dev/null && return 1
    for found in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$found" ] && return 1
    done
    return 0
}

missing || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing PostgreSQL, Redis, nginx and curl through apt" >&2
    export DEBIAN_FRONTEND=noninteractive
    # The tests make their own servers: none of these is to run by itself.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql redis-server nginx curl openssl; } \
        >&2 </dev/null || true
fi
if missing; then
    echo "PostgreSQL, Redis or nginx is missing. On Debian and Ubuntu: apt install postgresql redis-server nginx" >&2
    echo "On macOS: brew install postgresql redis nginx. Or set DATABASE_URL and REDIS_URL to servers of your own." >&2
    exit 1
fi
