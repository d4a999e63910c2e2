"""Seconds from a container's start, as the engine recorded it, until its admin port says that it is ready.

usage: until_ready.py CONTAINER ADMIN-PORT
"""

import datetime
import http.client
import re
import subprocess
import sys
import time

container, port = sys.argv[1], int(sys.argv[2])
form = "{{.State.StartedAt.Format \"2006-01-02T15:04:05.000000Z07:00\"}} " \
    "{{.NetworkSettings.IPAddress}}{{range .NetworkSettings.Networks}} {{.IPAddress}}{{end}}"
end = time.monotonic() + 60
reason = "nothing answered"
while time.monotonic() < end:
    text = subprocess.run(["podman", "inspect", "-f", form, container], capture_output=True, text=True, check=True).stdout
    started, addresses = text.split()[0], re.findall(r"\d+\.\d+\.\d+\.\d+", text)
    for _ in range(200 if addresses else 0):
        try:
            connection = http.client.HTTPConnection(addresses[0], port, timeout=1)
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            reason = answer.read().decode()
            if answer.status == 200:
                now = datetime.datetime.now(datetime.timezone.utc)
                print(f"{(now - datetime.datetime.fromisoformat(started)).total_seconds():.3f}")
                sys.exit(0)
        except OSError as error:
            reason = str(error)
        time.sleep(0.005)
sys.exit(f"{container} is not ready: {reason}")
