# Shared by the set-up scripts; sourced, never run.

say() { printf '%s\n' "set-up: $*" >&2; }

# as_root COMMAND...: fails where there is no way to be root.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; } && sudo "$@"
    fi
}

# apt_install PACKAGE...: asks nothing, removes nothing to make room, and speaks only when it fails.
apt_install() {
    command -v apt-get >/dev/null || return 1
    if ! as_root true; then
        say "not root, and no sudo to ask. As root: apt-get install --no-install-recommends $*"
        return 1
    fi
    local said apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    # A new machine knows no packages until it has asked once.
    said=$(as_root "${apt[@]}" update 2>&1 &&
        as_root "${apt[@]}" install -y --no-install-recommends --no-remove "$@" 2>&1) && return
    printf '%s\n' "$said" >&2
    return 1
}
