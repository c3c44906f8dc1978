#!/usr/bin/env bash
# Runs what the Containerfile would put into an image, where no container engine is: the published program alone in a root of its own,
# read-only, as user 1654, without a shell, until it is ready and has ended by SIGTERM. Needs root and util-linux. Publishes the program,
# or takes the folder of one that is published as its argument.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ $(id -u) == 0 ]] || { echo "This needs root, for chroot and mounts." >&2; exit 1; }

if [[ ${1-} != inside ]]; then
    root=$(mktemp -d) && chmod 755 "$root" # its own user looks in
    trap 'rm -rf --one-file-system "$root"' EXIT
    if [[ ${1-} ]]; then
        cp -a "$1" "$root/app"
    else
        dotnet publish src/Api -c Release -o "$root/app" --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -v q --nologo
    fi
    # What the base image has: the shared framework, the C library with its loader, ICU, certificates, /etc/passwd.
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    mkdir -p "$root"/{usr/share/dotnet,usr/share,etc/ssl,tmp,proc,dev,var/lib/oauthmcp}
    cp -a "$dotnet/dotnet" "$dotnet/host" "$dotnet/shared" "$root/usr/share/dotnet/"
    cp -a /usr/share/zoneinfo "$root/usr/share/"
    cp -aL /etc/ssl/certs "$root/etc/ssl/"
    printf 'root:x:0:0::/:/none\napp:x:1654:1654::/home/app:/none\n' >"$root/etc/passwd"
    printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
    libraries=/usr/lib/$(uname -m)-linux-gnu
    loaded() { # by the loader, or by name at run time
        find "$root/usr/share/dotnet" "$root/app" "$libraries"/libicu*.so.* "$libraries"/lib{ssl,crypto}.so.* \
            \( -name '*.so*' -o -name dotnet -o -name OAuthMcp.Api \) -type f -print0 | xargs -0 ldd 2>/dev/null || true
        ls "$libraries"/libicu*.so.* "$libraries"/lib{ssl,crypto,nss_files}.so.* 2>/dev/null || true
    }
    loaded | grep -oE '(^|[[:space:]])/[^[:space:]):]+\.so[^[:space:]):]*' | tr -d '[:blank:]' | grep -v "^$root" | sort -u >"$root/tmp/libraries"
    while read -r library; do
        mkdir -p "$root$(dirname "$library")"
        cp -L "$library" "$root$library"
    done <"$root/tmp/libraries"
    rm "$root/tmp/libraries"
    touch "$root/dev/"{null,zero,urandom}
    unshare --mount --net --pid --fork -- "$0" inside "$root"
    exit
fi

root=$2
chroot=$(command -v chroot)
ip link set lo up 2>/dev/null || true
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp" -o mode=1777
mount -t tmpfs tmpfs "$root/var/lib/oauthmcp" -o mode=0700,uid=1654,gid=1654
for device in null zero urandom; do mount --bind /dev/$device "$root/dev/$device"; done
mount -o remount,bind,ro "$root"
! touch "$root/app/written" 2>/dev/null || { echo "The root is not read-only." >&2; exit 1; }

program=(env -i DOTNET_ROOT=/usr/share/dotnet DOTNET_CONTENTROOT=/app DOTNET_EnableDiagnostics=0 OAuth__PublicUrl=https://mcp.example.com
    Server__Address=:8080 Server__DataDirectory=/var/lib/oauthmcp
    "$chroot" --userspec=1654:1654 "$root" /app/OAuthMcp.Api)
"${program[@]}" &
server=$!
for _ in $(seq 30); do
    if "${program[@]}" doctor --ready; then ready=1 && break; fi
    sleep 1
done
[[ ${ready-} ]] || { echo "It did not become ready." >&2; exit 1; }
kill -TERM $server
wait $server
echo "Read-only root, user 1654, no shell: ready, and ended with 0."
