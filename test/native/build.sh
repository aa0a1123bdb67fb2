#!/bin/sh
# Builds the stand-in for libImSDK into .cache/native, its variant older than core 7.1 into .cache/native/without-batch,
# and one that reports nothing of the session into .cache/native/without-session-slots. Only what is older than its sources; says nothing when up to date. CC: the compiler.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
out=$here/../../.cache/native
sources="libimsdk-standin.c calls.c control.c delivery.c faults.c json-reader.c logs.c memory.c store.c worker.c"
cd "$here"

build() { # target, flags...
    target=$1
    shift
    if [ -f "$target" ] && [ -z "$(find . -maxdepth 1 \( -name '*.[ch]' -o -name build.sh \) ! -name selftest.c -newer "$target")" ]; then
        return
    fi
    mkdir -p "$(dirname -- "$target")"
    # Written beside and moved: a process that has the old one mapped keeps it. Never unloaded: its thread runs on.
    # shellcheck disable=SC2086
    ${CC:-cc} -std=c11 -O2 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -pthread -Wl,-z,nodelete "$@" \
        -o "$target.$$" $sources
    mv "$target.$$" "$target"
    echo "built ${target#"$here"/../../}"
}

build "$out/libImSDK.so"
build "$out/without-batch/libImSDK.so" -DSTANDIN_WITHOUT_BATCH_DELETE
build "$out/without-session-slots/libImSDK.so" -DSTANDIN_WITHOUT_SESSION_SLOTS
