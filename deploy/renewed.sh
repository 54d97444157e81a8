#!/bin/sh
# Certbot's --deploy-hook: take a renewed certificate into TLS_FOLDER, and have the proxy read it.
set -eu
cd "$(dirname "$0")/.."
folder=$(sed -n 's/^TLS_FOLDER=//p' .env)
folder=${folder:-./tls}

mkdir -p "$folder"
umask 077
for name in fullchain.pem privkey.pem; do
    cp -L "${RENEWED_LINEAGE:?certbot sets this}/$name" "$folder/$name.new"
    mv "$folder/$name.new" "$folder/$name"
done
# Before the first start there is no proxy yet.
docker compose exec -T proxy nginx -s reload || true
