#!/bin/sh
# Sees to the servers and programs that the tests use. Installs what is missing where it can (root on Debian or
# Ubuntu); else names it: the tests that need it are skipped, and in CI that is a failure.
set -eu

missing=""
need() { # need PROGRAM-OR-FILE PACKAGE...
    thing=$1; shift
    PATH="$PATH:/usr/sbin:/sbin" command -v "$thing" >/dev/null 2>&1 || [ -e "$thing" ] || missing="$missing $*"
}

need dovecot dovecot-imapd dovecot-lmtpd
need /usr/lib/dovecot/lmtp dovecot-lmtpd
need postfix postfix
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
need tesseract tesseract-ocr
for language in eng fra spa ara rus; do
    ls /usr/share/tesseract-ocr/*/tessdata/$language.traineddata >/dev/null 2>&1 || missing="$missing tesseract-ocr-$language"
done
need catdoc catdoc
need soffice libreoffice-writer-nogui
need chromium chromium
need clamd clamav-daemon
need /usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf fonts-noto-core
need /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core

[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null
    # The packages must not start servers of their own: the tests run private ones.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
        chmod 755 /usr/sbin/policy-rc.d
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    # shellcheck disable=SC2086
    apt-get -qq install -y --no-install-recommends $missing >/dev/null
    exit 0
fi

echo "missing system packages:$missing" >&2
echo "tests that need them are skipped; on Debian or Ubuntu: sudo apt-get install$missing" >&2
[ -z "${CI:-}" ] || exit 1
