"""A link between two network namespaces: rate, delay, loss, a drop-tail queue and outages, each way for itself.

    emulator.py CLIENT_PID SERVER_PID TCP

The processes hold the namespaces. Each gets one end, a TUN device; packets are carried from one to the other here. TCP
is the congestion control of the routes over the link (cubic, bbr, reno). Speaks JSON in lines: each line of standard
input sets the link and starts its clock and its counters anew, and is answered by the counters until then. Ends with
standard input; the devices end with it.
"""

import fcntl
import json
import os
import random
import select
import struct
import subprocess
import sys
import time
from collections import deque

CLIENT_IP, SERVER_IP = '10.77.0.1', '10.77.0.2'
TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x1001
# Packets are looked at in steps: a wake-up for each of them would take a whole core at 100 Mbit/s.
STEP_S = 0.0005
MAX_PACKET_BYTES = 65536


def open_tun(pid, own_ip, peer_ip, tcp):
    """Makes a TUN device, moves it to the namespace of a process and routes the peer over it."""
    tun = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    request = fcntl.ioctl(tun, TUNSETIFF, struct.pack('16sH14x', b'sluice%d', IFF_TUN_NO_PI))
    name = request[:16].rstrip(b'\0').decode()
    run('ip', 'link', 'set', name, 'netns', pid)
    inside = ('nsenter', f'--net=/proc/{pid}/ns/net')
    run(*inside, 'ip', 'link', 'set', 'lo', 'up')
    run(*inside, 'ip', 'address', 'add', own_ip, 'peer', peer_ip, 'dev', name)
    run(*inside, 'ip', 'link', 'set', name, 'mtu', '1500', 'txqueuelen', '4000', 'up')
    run(*inside, 'ip', 'route', 'replace', f'{peer_ip}/32', 'dev', name, 'congctl', tcp)
    # Else the kernel would begin a connection with what it learnt from the one before.
    run(*inside, 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/tcp_no_metrics_save')
    return tun


def run(*command):
    subprocess.run(command, check=True)


class Direction:
    """One way of the link."""

    def __init__(self, source, target):
        self.source, self.target = source, target
        self.start({'bytesPerSecond': 1e9, 'delayS': 0, 'loss': 0, 'queueS': 1, 'seed': 0}, time.monotonic())

    def start(self, link, now):
        self.rate, self.delay = link['bytesPerSecond'], link['delayS']
        self.loss, self.max_queue = link['loss'], link['queueS']
        self.random = random.Random(link['seed'])
        self.flying = deque()
        self.started = self.free_at = now
        self.sent = self.sent_bytes = self.lost = self.swallowed = self.overflowed = 0
        self.late_s = self.most_late_s = 0.0
        self.bytes_by_second = []

    def take(self, now, is_cut):
        """Takes what the source sends: each packet leaves when those before it have left, and arrives a delay later."""
        while True:
            try:
                packet = os.read(self.source, MAX_PACKET_BYTES)
            except BlockingIOError:
                return
            if is_cut:
                self.swallowed += 1
            elif self.random.random() < self.loss:
                self.lost += 1
            elif self.free_at - now > self.max_queue:
                self.overflowed += 1
            else:
                self.free_at = max(now, self.free_at) + len(packet) / self.rate
                self.flying.append((self.free_at + self.delay, packet))

    def deliver(self, now):
        """Hands over what is due."""
        while self.flying and self.flying[0][0] <= now:
            due, packet = self.flying.popleft()
            try:
                os.write(self.target, packet)
            except OSError:
                continue
            self.sent += 1
            self.sent_bytes += len(packet)
            self.late_s += now - due
            self.most_late_s = max(self.most_late_s, now - due)
            second = int(now - self.started)
            while len(self.bytes_by_second) <= second:
                self.bytes_by_second.append(0)
            self.bytes_by_second[second] += len(packet)

    def counters(self):
        return {
            'packets': self.sent,
            'bytes': self.sent_bytes,
            'lost': self.lost,
            'swallowed': self.swallowed,
            'overflowed': self.overflowed,
            'meanLateMs': self.late_s / max(self.sent, 1) * 1000,
            'mostLateMs': self.most_late_s * 1000,
            'bytesBySecond': self.bytes_by_second,
        }


def is_cut(outage, elapsed):
    """An outage takes the last seconds of each period."""
    if outage is None:
        return False
    return (elapsed + outage['skipS']) % outage['everyS'] >= outage['everyS'] - outage['lastsS']


def go_first():
    """A link does not wait for a busy processor. Where the machine does not allow this, 'late' in the counters tells."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except OSError:
        os.setpriority(os.PRIO_PROCESS, 0, -15)


def main():
    go_first()
    client_pid, server_pid, tcp = sys.argv[1:]
    client = open_tun(client_pid, CLIENT_IP, SERVER_IP, tcp)
    server = open_tun(server_pid, SERVER_IP, CLIENT_IP, tcp)
    up, down = Direction(client, server), Direction(server, client)
    outage, started, cpu = None, time.monotonic(), time.process_time()
    print(json.dumps({'clientIp': CLIENT_IP, 'serverIp': SERVER_IP}), flush=True)
    while True:
        idle = not up.flying and not down.flying
        readable, _, _ = select.select([0, client, server] if idle else [0], [], [], None if idle else STEP_S)
        if 0 in readable:
            line = sys.stdin.readline()
            if not line:
                return
            link = json.loads(line)
            used = time.process_time() - cpu
            print(json.dumps({'up': up.counters(), 'down': down.counters(), 'cpuS': used}), flush=True)
            outage, started, cpu = link['outage'], time.monotonic(), time.process_time()
            up.start(link, started)
            down.start({**link, 'seed': link['seed'] + 1}, started)
        now = time.monotonic()
        cut = is_cut(outage, now - started)
        for direction in (up, down):
            direction.take(now, cut)
            direction.deliver(now)


main()
