# For scripts that load a service, to be sourced: the service has core 0, the client core 1.
#
# Latency is measured with both at real-time priority where that is allowed (`hurry`), so that what else the machine does is
# not measured too, and with a client that does not sleep while it waits for answers ($busy_wait). Real time is for what
# sleeps now and then: one that never did would be stopped for a while by the system (`calm`).
# shellcheck shell=sh disable=SC2034

client=$(($(nproc) > 1))
busy_wait=$([ $client = 0 ] || echo --busy-wait)
real_time=
if chrt -f 10 true 2>/dev/null; then
    real_time='chrt -f 10'
fi

# A process and all that it started.
processes() {
    echo "$1"
    for child in $(pgrep -P "$1"); do processes "$child"; done
}

# hurry PROCESS: it and all that it started get real-time priority, where that is allowed; calm PROCESS takes it back.
hurry() {
    if [ -z "$real_time" ]; then
        echo "${0##*/}: this latency is measured without real-time priority, which takes rights" >&2
        return
    fi
    for process in $(processes "$1"); do chrt -a -f -p 10 "$process"; done
}
calm() { [ -z "$real_time" ] || for process in $(processes "$1"); do chrt -a -o -p 0 "$process"; done; }

# figure FILE NAME: a number of a load's report, such as accepted.p99.
figure() {
    python3 -c 'import json, sys
report = json.load(open(sys.argv[1]))
for name in sys.argv[2].split("."): report = report[name]
print(report)' "$1" "$2"
}

# wait_for URL PROCESS: until it answers; fails when the process ends, or after a minute.
wait_for() {
    tries=0
    until curl -fs -o /dev/null "$1"; do
        kill -0 "$2"
        tries=$((tries + 1))
        [ $tries -lt 600 ]
        sleep 0.1
    done
}
