#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""resume.py: batches that are killed, interrupted, or run out of room.

    resume.py HENG HENG-MARKET RULES [KILLS] [SEED]

A batch that is killed at any moment and resumed ends with the bytes of one that was not,
and until then nothing stands under the final name that was not there before.
"""
import os, pathlib, random, resource, signal, subprocess, sys, tempfile, time

heng, market, rules = sys.argv[1:4]
kills = int(sys.argv[4]) if len(sys.argv) > 4 else 25
chance = random.Random(int(sys.argv[5]) if len(sys.argv) > 5 else 1)
folder = pathlib.Path(tempfile.mkdtemp())
db = str(folder / "db")
DAY = "2026-05-01"
NEXT = "2026-09-01"


def command(*arguments):
    return [heng, "batch", "--db", db, "--rules", rules, "-q", *arguments]


def run(arguments, code=0, **rest):
    done = subprocess.run(arguments, capture_output=True, text=True, **rest)
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    return done.stderr


def fill(seed, subjects):
    lines = subprocess.run([market, "--rules", rules, "--seed", str(seed), "--subjects", str(subjects)],
                           capture_output=True, check=True).stdout
    done = subprocess.run([heng, "import", "-q", "-", "--db", db, "--rules", rules], input=lines, capture_output=True)
    assert done.returncode == 0, done.stderr


def finish(arguments, out, longest):
    """Kills it, resumes it and kills it again, until it is whole. How often it was killed and resumed."""
    was = out.read_bytes() if out.exists() else None
    killed, resumed = 0, 0
    resume = []
    while True:
        process = subprocess.Popen(command(*arguments, "--checkpoint", "0", *resume), stderr=subprocess.PIPE)
        try:
            _, error = process.communicate(timeout=chance.random() * longest if killed < 6 else None)
        except subprocess.TimeoutExpired:
            process.send_signal(chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT]))
            _, error = process.communicate()
            if process.returncode != 0:
                killed += 1
        if process.returncode == 0:
            return killed, resumed
        if (out.read_bytes() if out.exists() else None) != was:
            # It was published, and stopped before the store knew, or just after.
            return killed, resumed
        if process.returncode == 1 and resume and b"resume" in error and b"interrupted;" not in error:
            resume = []  # killed before the first checkpoint, or after publishing
        else:
            resume = ["--resume"]
            resumed += 1


def size_of(path):
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


fill(1, 6000)
out, feed = folder / "out", folder / "feed"
times = []
for _ in range(3):  # the first meets cold files, or a busy machine
    start = time.monotonic()
    run(command("--out", str(folder / "whole"), "--as-of", DAY, "--checkpoint", "0"))
    times.append(time.monotonic() - start)
longest = min(times) * 1.2
whole = (folder / "whole").read_bytes()
assert len(whole.splitlines()) > 100

killed = resumed = 0
for i in range(10 * kills):
    if i >= kills and killed > 0 and resumed > 0:
        break  # on a busy machine signals come too late more often
    threads = str(chance.choice([1, 2, 3]))
    if out.exists() and chance.random() < 0.5:
        out.unlink()
    some = finish(["--out", str(out), "--as-of", DAY, "--threads", threads], out, longest)
    killed, resumed = killed + some[0], resumed + some[1]
    assert out.read_bytes() == whole
    assert not (folder / "out.partial").exists()
assert killed > 0 and resumed > 0, (killed, resumed)

# What changed, with a feed: the same bytes as without a kill, from the same baseline.
run(command("--out", str(out), "--as-of", DAY))
fill(2, 3000)
backup = folder / "backup"
run([heng, "store", "backup", str(backup), "--db", db])
changed = ["--changed", "--as-of", NEXT, "--threads", "2"]
start = time.monotonic()
run([heng, "batch", "--db", str(backup), "--rules", rules, "-q", "--out", str(folder / "whole"), "--feed",
     str(folder / "whole.feed"), "--checkpoint", "0", *changed])
longest = time.monotonic() - start
out.unlink()
some = finish(["--out", str(out), "--feed", str(feed), *changed], out, longest)
assert out.read_bytes() == (folder / "whole").read_bytes()
assert feed.read_bytes() == (folder / "whole.feed").read_bytes()
# Where the store was not told of it, that is said once more; then nothing changed.
run(command("--out", str(folder / "again"), *changed))
assert (folder / "again").read_bytes() in (b"", out.read_bytes())
run(command("--out", str(folder / "again"), *changed))
assert (folder / "again").read_bytes() == b""

# Ctrl-C says how to go on; other options, another ruleset or day are refused.
for _ in range(100):  # until one is not too late
    process = subprocess.Popen(command("--out", str(folder / "c"), "--as-of", DAY, "--checkpoint", "0"), stderr=subprocess.PIPE)
    while process.poll() is None and size_of(folder / "c.partial") == 0:
        pass
    process.send_signal(signal.SIGINT)
    _, error = process.communicate()
    if process.returncode == 1:
        break
    (folder / "c").unlink()
assert process.returncode == 1 and b"--resume" in error and not (folder / "c").exists(), error
assert (folder / "c.partial").exists()
for more, what in ((["--all"], "--all"), (["--format", "csv"], "--format"), (["--unmask"], "--unmask"),
                   (["--feed", str(feed)], "--feed"), (["--changed"], "--changed")):
    error = run(command("--out", str(folder / "c"), "--resume", *more), 1)
    assert "`%s`" % what in error, error
assert "--as-of" in run(command("--out", str(folder / "c"), "--resume", "--as-of", NEXT), 1)
assert "--out" in run(command("--out", str(folder / "other"), "--resume"), 1)
# The store goes on meanwhile; what is resumed sees what it saw when it was begun.
wanted = subprocess.run(command("--out", "-", "--known-at", "2100-01-01", "--as-of", DAY), capture_output=True).stdout
fill(3, 500)
run(command("--out", str(folder / "c"), "--resume"))  # the day is that of the interrupted one
assert (folder / "c").read_bytes() == wanted
assert "nothing to resume" in run(command("--out", str(folder / "c"), "--resume"), 1)

# No room: the old file stays, and what was half written goes.
def small():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

(folder / "full").write_text("as it was\n")
error = run(command("--out", str(folder / "full"), "--as-of", DAY, "--known-at", "2100-01-01"), 1, preexec_fn=small)
assert "full: cannot write" in error, error
assert (folder / "full").read_text() == "as it was\n" and not (folder / "full.partial").exists()
with open("/dev/full", "w") as full:
    done = subprocess.run(command("--out", "-", "--as-of", DAY), stdout=full, stderr=subprocess.PIPE, text=True)
assert done.returncode == 1 and "standard output: cannot write" in done.stderr, done.stderr
process = subprocess.Popen(command("--out", "-", "--as-of", DAY), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
process.stdout.close()
error = process.stderr.read()
assert process.wait() == 1 and b"cannot write" in error, error

# Two at once do not write the same file.
for _ in range(100):  # until one is not too late
    process = subprocess.Popen(command("--out", str(folder / "both"), "--as-of", DAY, "--checkpoint", "0"), stderr=subprocess.PIPE)
    while process.poll() is None and size_of(folder / "both.partial") == 0:
        pass  # it is locked before anything is in it
    process.send_signal(signal.SIGSTOP)
    if process.poll() is None:  # the signal takes its time
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    held = process.poll() is None and (folder / "both.partial").exists()
    try:
        if held:
            assert "another batch" in run(command("--out", str(folder / "both"), "--as-of", DAY), 1)
    finally:  # one that stays stopped would hold our standard output for ever
        process.send_signal(signal.SIGCONT)
        process.communicate()
    if held:
        break
assert held
run([heng, "store", "verify", "--db", db])
print(killed, "killed,", resumed, "resumed;", some[0], "killed with a feed")
subprocess.run(["rm", "-rf", str(folder)])
