#!/bin/sh
# Runs the stand-in's self-test: against the built library, then, unless the one argument is --plain, with the thread and with
# the address and undefined-behaviour sanitizers; and holds the three libraries' exports against the headers.
set -eu
case ${1-} in
'') sanitizers=yes ;;
--plain) sanitizers=no ;;
*) echo "$1: give --plain, or nothing for all" && exit 2 ;;
esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
out=$here/../../.cache/native
cd "$here"
./build.sh
cc=${CC:-cc}
flags="-std=c11 -O1 -g -Wall -Wextra -Werror -pthread"
sources=$(ls ./*.c)

# shellcheck disable=SC2086
$cc $flags -o "$out/selftest" selftest.c -L"$out" -lImSDK -Wl,-rpath,"$out"
"$out/selftest"
if [ "$sanitizers" = yes ]; then
    # shellcheck disable=SC2086
    {
        $cc $flags -fsanitize=thread -o "$out/selftest-thread" $sources
        $cc $flags -fsanitize=address,undefined -fno-sanitize-recover=all -o "$out/selftest-address" $sources
    }
    "$out/selftest-thread"
    "$out/selftest-address"
fi

exports() {
    nm -D --defined-only "$1" | awk '{print $3}' | sort
}
declared() {
    grep -hoE '\b(TIM[A-Z][A-Za-z]+|standin_[a-z_0-9]+)\(' standin.h vendor-abi.h | tr -d '(' | sort -u
}
[ "$(exports "$out/libImSDK.so")" = "$(declared)" ] || { echo "FAILED: exports are not what the headers declare"; exit 1; }
[ "$(exports "$out/without-batch/libImSDK.so")" = "$(declared | grep -v TIMConvDeleteConversationList)" ] ||
    { echo "FAILED: exports of the variant without batch delete"; exit 1; }
[ "$(exports "$out/without-session-slots/libImSDK.so")" = \
    "$(declared | grep -vE 'TIMSet(KickedOffline|UserSigExpired|NetworkStatusListener)Callback')" ] ||
    { echo "FAILED: exports of the variant without the session's slots"; exit 1; }
echo "exports: 3 passed, 0 failed, 0 skipped"
