# Sourced by the programs in bin/: makes .venv from uv.lock once, then only looks whether the lock changed.
# In: `root`, the checkout. Calls: `prepare run` or `prepare dev`. Out: PATH and PYTHONPATH lead into the checkout.

say() { printf '%s\n' "$*" >&2; }

die() {
    say "charterline: $*"
    exit 1
}

fits() { "$1" -c 'import sys, ssl, sqlite3, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# Names found on the PATH may be shims that point nowhere, so each is tried by running it.
find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 /usr/local/bin/python3; do
        if fits "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

find_uv() {
    for candidate in uv "$root/.venv-uv/bin/uv"; do
        if "$candidate" --version >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

install_uv() {
    say "charterline: uv is not installed; putting one into .venv-uv"
    rm -rf "$root/.venv-uv/bin"
    if ! "$1" -m venv "$root/.venv-uv" >"$root/.venv-uv.log" 2>&1; then
        rm -rf "$root/.venv-uv"
        cat "$root/.venv-uv.log" >&2
        rm -f "$root/.venv-uv.log"
        die "$1 cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"
    fi
    rm -f "$root/.venv-uv.log"
    "$root/.venv-uv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1' ||
        die "uv could not be installed from the package index: look at the lines above (network, proxy, PIP_INDEX_URL)"
}

synchronise() {
    interpreter="$root/.venv/bin/python"
    if ! fits "$interpreter"; then
        interpreter=$(find_python) || die "no Python 3.11 or newer was found (with ssl and sqlite3): install one, for example apt install python3 python3-venv"
    fi
    [ -w "${HOME:-/nonexistent}" ] || export UV_CACHE_DIR="$root/.venv-uv/cache"
    uv=$(find_uv) || {
        install_uv "$interpreter"
        uv="$root/.venv-uv/bin/uv"
    }
    # --inexact keeps the tools of bin/check in place when bin/up runs after it.
    [ "$1" = dev ] && set -- --group dev || set -- --no-dev --inexact
    say "charterline: installing the packages of uv.lock into .venv"
    # Behind a proxy with its own certificate only the system's store knows it; elsewhere it may be missing.
    "$uv" sync --quiet --locked --project "$root" --python "$interpreter" "$@" 2>"$root/.venv-sync.log" ||
        UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 "$uv" sync --quiet --locked --project "$root" \
            --python "$interpreter" "$@" || {
        cat "$root/.venv-sync.log" >&2
        die "the packages of uv.lock could not be installed: look at the lines above"
    }
    rm -f "$root/.venv-sync.log"
}

prepare() {
    export UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$root/.venv"
    unset VIRTUAL_ENV PYTHONHOME
    stamp="$root/.venv/charterline.stamp"
    wanted="$root $(cksum <"$root/uv.lock")"
    present=$(cat "$stamp" 2>/dev/null || true)
    if [ "$present" != "$wanted dev" ] && [ "$present" != "$wanted $1" ]; then
        synchronise "$1"
        printf '%s %s\n' "$wanted" "$1" >"$stamp"
    fi
    export PATH="$root/bin:$root/.venv/bin:$PATH" PYTHONPATH="$root" PYTHONSAFEPATH=1
}
