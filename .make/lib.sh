# Shared by the set-up scripts; sourced, never run.

say() { printf '%s\n' "set-up: $*" >&2; }

# Installs Debian packages, asking nothing. Fails where there is no apt or no way to be root.
apt_install() {
    command -v apt-get >/dev/null || return 1
    local root=()
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || [ -t 0 ] && command -v sudo >/dev/null || return 1
        root=(sudo)
    fi
    # A new machine knows no packages until it has asked once. --no-remove: never trade one for another.
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive
        apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
    "${apt[@]}" update >&2 &&
        "${apt[@]}" install -y --no-install-recommends --no-remove "$@" >&2
}
