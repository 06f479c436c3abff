"""Milliseconds from the start of the program to its first drawn frame, and the processor time it
uses in the seconds after, when nothing moves.

    cargo build --release
    xvfb-run -s "-screen 0 1440x900x24" python3 benches/first_frame.py target/release/descent

Needs an X display and libX11. The frame is seen when the pixel in the middle of the screen changes.
The settings and the recovery files of the person who runs it are left alone.
"""

import ctypes
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

N_STARTS = 10
IDLE_SECONDS = 5.0

x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
x11.XDefaultRootWindow.restype = ctypes.c_ulong
x11.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int,
                          ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
x11.XGetImage.restype = ctypes.c_void_p
x11.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
x11.XGetPixel.restype = ctypes.c_ulong
x11.XDestroyImage.argtypes = [ctypes.c_void_p]
x11.XDisplayWidth.argtypes = [ctypes.c_void_p, ctypes.c_int]
x11.XDisplayHeight.argtypes = [ctypes.c_void_p, ctypes.c_int]

ALL_PLANES, Z_PIXMAP = ctypes.c_ulong(-1).value, 2


def main(program):
    display = x11.XOpenDisplay(None)
    if not display:
        sys.exit("no X display: run this under xvfb-run")
    root = x11.XDefaultRootWindow(display)
    middle = (x11.XDisplayWidth(display, 0) // 2, x11.XDisplayHeight(display, 0) // 2)

    def pixel():
        image = x11.XGetImage(display, root, *middle, 1, 1, ALL_PLANES, Z_PIXMAP)
        value = x11.XGetPixel(image, 0, 0)
        x11.XDestroyImage(image)
        return value

    times = []
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        for index in range(N_STARTS):
            before = pixel()
            start = time.perf_counter()
            process = subprocess.Popen([program], env=environment, stderr=subprocess.DEVNULL)
            while pixel() == before:
                time.sleep(0.001)
                if time.perf_counter() - start > 30 or process.poll() is not None:
                    sys.exit("no frame appeared")
            times.append(1000 * (time.perf_counter() - start))
            if index == N_STARTS - 1:
                report_idle(process)
            process.send_signal(signal.SIGKILL)
            process.wait()
            while pixel() != before:
                time.sleep(0.01)
    print(f"first frame: {min(times):.0f} ms at best, {statistics.median(times):.0f} ms median")


def report_idle(process):
    def ticks():
        with open(f"/proc/{process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    time.sleep(3.0)
    before = ticks()
    time.sleep(IDLE_SECONDS)
    used = (ticks() - before) / os.sysconf("SC_CLK_TCK")
    print(f"nothing moves: {1000 * used / IDLE_SECONDS:.1f} ms of processor time per second")


main(*sys.argv[1:])
