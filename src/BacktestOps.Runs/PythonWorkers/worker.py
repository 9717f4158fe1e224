"""Answers the service's calls: frames over stdin and stdout, one call at a time, each in a process that ends with it.

There are three kinds of process. The supervisor runs no line of a strategy; it hears when the service is gone. For one
file at a time it forks an interpreter, which runs the file's top level. For each call that one forks itself once more.
So what a strategy does to its interpreter (a changed module, a precision, a thread, a file left open) reaches no other
strategy and no other call, and imports are paid once a file.

Where a system has no fork, the call runs in this process, and the service takes a new one for the next call.

A frame is the four bytes BOPW, the length of a JSON header and the length of a binary body (big-endian, four bytes
each), the header, the body. Columns in a body are little-endian: float64 prices, int64 microseconds since 1970.
This text follows that of strategy.py.
"""
import json
import os
import select
import signal
import struct
import threading
import time

HEAD = struct.Struct(">4sII")
MAGIC = b"BOPW"
MOST_HEADER = 1 << 20
HAS_FORK = hasattr(os, "fork") and hasattr(signal, "setitimer")
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
LOOK_EVERY = 0.5

libc = None
if sys.platform == "linux":
    try:
        import ctypes
        libc = ctypes.CDLL(None)
    except (ImportError, OSError):
        pass  # The alarm of each call is left, and the service, which ends the whole tree.


def _pack(header, body=b""):
    text = json.dumps(header).encode()
    return HEAD.pack(MAGIC, len(text), len(body)) + text + body


def _write(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


def _read(descriptor, count):
    """As many bytes; None where the other side is gone."""
    parts = []
    while count > 0:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _read_frame(descriptor):
    head = _read(descriptor, HEAD.size)
    if head is None:
        return None
    _, header, body = HEAD.unpack(head)
    header, body = _read(descriptor, header), _read(descriptor, body)
    return None if header is None or body is None else (json.loads(header), body)


def _is_frame(data):
    if len(data) < HEAD.size:
        return False
    magic, header, body = HEAD.unpack(data[:HEAD.size])
    return magic == MAGIC and len(data) == HEAD.size + header + body


def _alarm(seconds):
    # The service ends a call in time. This ends it where the service is gone and no thread of ours gets to run.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _answer(module, call, body):
    try:
        reply, data = ({"strategy": describe(module)}, b"") if call["call"] == "describe" else ({}, signals(module, call, body))
    except BaseException as error:
        reply, data = {"fault": fault(error, call["file"])}, b""
    try:
        sys.stdout.flush()
    except Exception:
        pass
    return _pack({"id": call["id"], **reply}, data)


def _follow(parent):
    """Dies with the parent where the system can do that, whatever a strategy is doing then."""
    if libc is not None:
        libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _end_group(leader):
    # Also what a strategy started and left: it has the group of its leader.
    try:
        os.killpg(leader, signal.SIGKILL)
    except OSError:
        pass


def _interpret(parent, calls, answers, events):
    """The interpreter of one file: runs its top level, then a fork of itself for each call."""
    os.setpgid(0, 0)
    _follow(parent)
    me, module = os.getpid(), None
    while True:
        frame = _read_frame(calls)
        if frame is None:
            os._exit(0)
        call, body = frame
        begun = time.monotonic()
        if module is None:
            _alarm(call["time_limit"])
            try:
                module = load(body[:call["source_bytes"]], call["file"])
            except BaseException as error:
                _write(answers, _pack({"id": call["id"], "fault": fault(error, call["file"])}))
                os._exit(0)
            _alarm(0)
            drawn = random.getstate()
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            _follow(me)
            # Python seeds a fork anew, from nowhere.
            random.setstate(drawn)
            os.close(calls)
            os.close(events)
            _alarm(max(0.001, call["time_limit"] - (time.monotonic() - begun)))
            _write(answers, _answer(module, call, body[call["source_bytes"]:]))
            os._exit(0)
        os.write(events, b"child %d\n" % child)
        _, status = os.waitpid(child, 0)
        _end_group(child)
        os.write(events, b"end %d\n" % status)


class Interpreter:
    """The supervisor's side of the interpreter of one file."""

    def __init__(self, source, others):
        self.source = source
        calls, self.calls = os.pipe()
        self.answers, answers = os.pipe()
        self.events, events = os.pipe()
        me = os.getpid()
        self.child = None
        self.process = os.fork()
        if self.process == 0:
            for descriptor in (self.calls, self.answers, self.events) + others:
                os.close(descriptor)
            try:
                _interpret(me, calls, answers, events)
            finally:
                os._exit(1)
        for descriptor in (calls, answers, events):
            os.close(descriptor)
        os.set_blocking(self.answers, False)

    def ask(self, call, frame, stdin, send):
        """The answer as a frame, or how the process ended that was to give it; and whether the interpreter can be asked again."""
        self._drain()
        try:
            _write(self.calls, frame)
        except BrokenPipeError:
            pass  # How it ended is read below.
        send(_pack({"id": call["id"], "child": self.process}))
        answer, events, most = bytearray(), b"", HEAD.size + MOST_HEADER + 8 * call.get("length", 0)
        while True:
            # What ended is looked for too: a process that a strategy left may still hold the pipe whose end would tell it.
            ready, _, _ = select.select([stdin, self.answers, self.events], [], [], LOOK_EVERY)
            if not ready:
                ended, status = os.waitpid(self.process, os.WNOHANG)
                if ended:
                    self.process = None
                    return self._judge(call, answer + self._drain(), status), False
            if stdin in ready:
                # Nothing is sent while an answer is waited for: the service is gone, or wants this worker gone.
                self.end()
                os._exit(0)
            if self.answers in ready:
                answer += self._drain()
                if len(answer) > most:
                    return self._garbage(call), False
            if self.events in ready:
                part = os.read(self.events, 4096)
                if not part:
                    _, status = os.waitpid(self.process, 0)
                    self.process = None
                    return self._judge(call, answer + self._drain(), status), False
                events += part
                while b"\n" in events:
                    line, events = events.split(b"\n", 1)
                    word, _, number = line.partition(b" ")
                    if not number.isdigit() or word not in (b"child", b"end"):
                        return self._garbage(call), False
                    self.child = int(number) if word == b"child" else None
                    if word == b"end":
                        return self._judge(call, answer + self._drain(), int(number)), True
                    send(_pack({"id": call["id"], "child": self.child}))

    def end(self):
        """Ends it, whatever it is doing, and what it left."""
        if self.child is not None:
            _end_group(self.child)
        if self.process is not None:
            _end_group(self.process)
            try:
                os.kill(self.process, signal.SIGKILL)
            except OSError:
                pass
            os.waitpid(self.process, 0)
            self.process = None
        for descriptor in (self.calls, self.answers, self.events):
            os.close(descriptor)

    def _drain(self):
        parts = []
        try:
            while True:
                part = os.read(self.answers, 1 << 20)
                if not part:
                    break
                parts.append(part)
        except BlockingIOError:
            pass
        return b"".join(parts)

    def _judge(self, call, answer, status):
        if os.WIFSIGNALED(status):
            return _pack({"id": call["id"], "death": {"signal": os.WTERMSIG(status)}})
        if not answer or os.WEXITSTATUS(status) != 0:
            return _pack({"id": call["id"], "death": {"exit_code": os.WEXITSTATUS(status)}})
        return bytes(answer) if _is_frame(answer) else self._garbage(call)

    @staticmethod
    def _garbage(call):
        return _pack({"id": call["id"], "fault": {"kind": "garbage", "message": "what it sent is no frame", "trace": ""}})


def _supervise(stdin, stdout):
    def send(frame):
        _write(stdout, frame)

    interpreter = None
    while True:
        frame = _read_frame(stdin)
        if frame is None:
            if interpreter is not None:
                interpreter.end()
            os._exit(0)
        call, body = frame
        if call["call"] == "ping":
            send(_pack({"id": call["id"]}))
            continue
        source, is_kept = body[:call["source_bytes"]], call["call"] == "signals"
        try:
            # A description is had of an interpreter of its own, which is thrown away.
            asked = interpreter if is_kept and interpreter is not None and interpreter.source == source else Interpreter(source, (stdin, stdout))
        except OSError as error:
            send(_pack({"id": call["id"], "fault": {"kind": "fork", "message": str(error), "trace": ""}}))
            continue
        if is_kept and asked is not interpreter:
            if interpreter is not None:
                interpreter.end()
            interpreter = asked
        answer, is_left = asked.ask(call, _pack(call, body), stdin, send)
        if not is_kept or not is_left:
            asked.end()
            interpreter = None if asked is interpreter else interpreter
        send(answer)


def _serve_once(stdin, stdout):
    """Without fork: a call in this process. A thread hears when the service is gone."""
    frames = []
    arrived = threading.Semaphore(0)

    def listen():
        while True:
            frame = _read_frame(stdin)
            if frame is None:
                os._exit(0)
            frames.append(frame)
            arrived.release()

    threading.Thread(target=listen, daemon=True).start()
    while True:
        arrived.acquire()
        call, body = frames.pop(0)
        if call["call"] == "ping":
            _write(stdout, _pack({"id": call["id"]}))
            continue
        try:
            module = load(body[:call["source_bytes"]], call["file"])
        except BaseException as error:
            _write(stdout, _pack({"id": call["id"], "fault": fault(error, call["file"])}))
            continue
        _write(stdout, _answer(module, call, body[call["source_bytes"]:]))


def main():
    memory_limit = int(sys.argv[1])
    if memory_limit > 0:
        try:
            import resource
            resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        except (ImportError, ValueError, OSError):
            pass  # Windows, macOS: the service watches the memory.
    # Ctrl+C is for the service, which ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The pipes move to descriptors of their own: what a strategy prints goes to the log, what it reads is empty.
    stdin, stdout = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    # What every strategy begins with is imported before the first fork.
    _write(stdout, _pack({"id": 0, "python": sys.version.split()[0], "numpy": getattr(numpy, "__version__", None), "forks": HAS_FORK}))
    (_supervise if HAS_FORK else _serve_once)(stdin, stdout)


main()
