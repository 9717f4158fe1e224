"""Runs strategy files for the service: one call at a time, framed messages over stdin and stdout.

A frame is the four bytes BOPW, the length of a JSON header and the length of a binary body (big-endian, four bytes
each), the header, the body. Columns in a body are little-endian: float64 prices, int64 microseconds since 1970.
Standard library only; Python 3.8 or later. numpy is used where it can be imported.
"""
import array
import datetime
import inspect
import itertools
import json
import linecache
import math
import numbers
import os
import queue
import random
import signal
import struct
import sys
import threading
import traceback
import types

HEAD = struct.Struct(">4sII")
MAGIC = b"BOPW"
COLUMNS = ("open", "high", "low", "close", "volume")
MODULE = "backtestops_strategy"
EPOCH = datetime.datetime(1970, 1, 1)
# A limit that a strategy does not name; parameters are shown with limits.
FAR = 1e9

numpy = None


class Fault(Exception):
    """Something wrong with a strategy that needs no stack trace."""

    def __init__(self, message, line=None):
        super().__init__(message)
        self.line = line


class Bars:
    """The bars of one symbol as columns, oldest first: attributes, or items by name."""

    def __init__(self, symbol, columns, dates, count):
        self.symbol = symbol
        self._dates = dates[:count]
        for name, values in columns.items():
            setattr(self, name, _column(values, count))
        if "adjusted_close" not in columns:
            self.adjusted_close = None

    @property
    def date(self):
        """The bars' dates: datetime64[us] where numpy is there, else datetimes."""
        if numpy is not None:
            return numpy.array(self._dates, dtype="int64").view("datetime64[us]")
        return [EPOCH + datetime.timedelta(microseconds=at) for at in self._dates]

    def __len__(self):
        return len(self._dates)

    def __getitem__(self, name):
        return getattr(self, name)


def _column(values, count):
    # A copy each time: a strategy may write into what it is given.
    return numpy.array(values[:count], dtype="float64") if numpy is not None else values[:count].tolist()


def _unpack(kind, body, start, count):
    values = array.array(kind)
    values.frombytes(body[start:start + 8 * count])
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _load(source, file):
    """Runs the file's top level in a namespace of its own, so that no call sees what another left behind."""
    text = source.decode("utf-8-sig")
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    module = types.ModuleType(MODULE)
    module.__file__ = file
    sys.modules[MODULE] = module
    exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)
    if not callable(getattr(module, "signals", None)):
        raise Fault("defines no function signals(bars, **parameters)")
    return module


def _number(spec, key, parameter, fallback):
    value = spec.get(key, fallback)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise Fault("PARAMETERS[%r][%r] is %r; a finite number is needed" % (parameter, key, value))
    return value


def _parameters(module):
    """What the catalogue shows: PARAMETERS where the file has it, else the defaults of signals()."""
    try:
        arguments = list(inspect.signature(module.signals).parameters.values())
    except (TypeError, ValueError):
        raise Fault("signals is no function whose parameters can be read") from None
    kinds = inspect.Parameter
    if not arguments or arguments[0].kind not in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD, kinds.VAR_POSITIONAL):
        raise Fault("signals takes no bars; write def signals(bars, **parameters)")
    named = {a.name: a for a in arguments[1:] if a.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)}
    takes_any = any(a.kind == kinds.VAR_KEYWORD for a in arguments)
    specs = getattr(module, "PARAMETERS", None)
    if specs is None:
        specs = {name: {"default": a.default} for name, a in named.items() if a.default is not kinds.empty}
    if not isinstance(specs, dict):
        raise Fault("PARAMETERS is no dict of name: {'default': …, 'min': …, 'max': …}")
    for name, argument in named.items():
        if name not in specs and argument.default is kinds.empty:
            raise Fault("signals needs '%s', and PARAMETERS does not name it" % name)
    return [_parameter(name, spec, takes_any or name in named) for name, spec in specs.items()]


def _parameter(name, spec, is_taken):
    if not isinstance(name, str) or not name.isidentifier():
        raise Fault("PARAMETERS names %r, which is no name of a parameter" % (name,))
    if not is_taken:
        raise Fault("PARAMETERS names '%s', and signals does not take it" % name)
    if not isinstance(spec, dict) or "default" not in spec or not set(spec) <= {"default", "min", "max", "description"}:
        raise Fault("PARAMETERS[%r] must be a dict with 'default' and, if wanted, 'min', 'max', 'description'" % name)
    default = _number(spec, "default", name, None)
    least, most = _number(spec, "min", name, -FAR), _number(spec, "max", name, FAR)
    if not least <= default <= most:
        raise Fault("PARAMETERS[%r]: the default %r is not between min %r and max %r" % (name, default, least, most))
    return {
        "name": name,
        "description": str(spec.get("description", ""))[:500],
        "default": float(default),
        "minimum": float(least),
        "maximum": float(most),
        "is_integer": all(isinstance(spec[key], int) for key in ("default", "min", "max") if key in spec),
    }


def _describe(module):
    text = getattr(module, "DESCRIPTION", None) or (module.__doc__ or "").strip().split("\n\n")[0]
    return {"description": " ".join(str(text).split())[:500], "parameters": _parameters(module)}


def _targets(result, count):
    """The answer of signals() as float64; the service judges length and range, this what is no number at all."""
    if result is None:
        raise Fault("signals returned nothing; return one target for each bar")
    if isinstance(result, (str, bytes, dict)):
        raise Fault("signals returned a value of type %s; return one target for each bar" % type(result).__name__)
    if getattr(result, "ndim", 1) != 1:
        raise Fault("signals returned an array of %d dimensions; return one target for each bar" % result.ndim)
    targets = array.array("d")
    try:
        # One more than there may be: an endless generator ends here too.
        for at, target in enumerate(itertools.islice(result, count + 1)):
            targets.append(_target(target, at))
    except TypeError as error:
        if error.__traceback__.tb_next is not None:
            raise
        raise Fault("signals returned a value of type %s; return one target for each bar" % type(result).__name__) from None
    if len(targets) != count:
        raise Fault("signals returned %s targets for %d bars" % (_length(result, len(targets), count), count))
    if sys.byteorder == "big":
        targets.byteswap()
    return targets.tobytes()


def _target(target, at):
    if not isinstance(target, (numbers.Number, bool)) and not hasattr(target, "dtype"):
        raise Fault("the target of bar %d is %s, a %s; a number is needed" % (at, repr(target)[:40], type(target).__name__))
    try:
        return float(target)
    except (TypeError, ValueError, OverflowError):
        raise Fault("the target of bar %d is %s; a number is needed" % (at, repr(target)[:40])) from None


def _length(result, seen, count):
    try:
        return len(result)
    except TypeError:
        return seen if seen < count else "more than %d" % count


def _signals(call, source, body):
    count, start = call["bars"], 8 * call["bars"]
    dates = _unpack("q", body, 0, count)
    names = COLUMNS + (("adjusted_close",) if call.get("has_adjusted_close") else ())
    columns = {name: _unpack("d", body, start * (1 + i), count) for i, name in enumerate(names)}
    answers = []
    for length in call["lengths"]:
        random.seed(0)
        if numpy is not None:
            numpy.random.seed(0)
        module = _load(source, call["file"])
        wanted = {p["name"]: p for p in _parameters(module)}
        values = {n: int(v) if wanted.get(n, {}).get("is_integer") else float(v) for n, v in call.get("parameters", {}).items()}
        bars = Bars(call["symbol"], columns, dates, length)
        try:
            answers.append(_targets(module.signals(bars, **values), length))
        except Exception as error:
            error.bars = length
            raise
    return {"lengths": call["lengths"]}, b"".join(answers)


def _fault(error, file):
    """What a client may read (place, kind, message), and the whole trace for the log."""
    line = getattr(error, "line", None)
    if isinstance(error, SyntaxError) and error.filename == file:
        line, message = error.lineno, "%s: %s" % (type(error).__name__, error.msg)
    elif isinstance(error, Fault):
        message = str(error)
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename == file:
                line = frame.lineno
        message = "%s: %s" % (type(error).__name__, error) if str(error) else type(error).__name__
    kind = "memory" if isinstance(error, MemoryError) else "exit" if isinstance(error, SystemExit) else "strategy"
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return {"kind": kind, "message": message[:500], "line": line, "bars": getattr(error, "bars", None), "trace": trace[-8000:]}


def _answer(call, body):
    if call["call"] == "ping":
        return {}, b""
    source, body = body[:call["source_bytes"]], body[call["source_bytes"]:]
    if call["call"] == "describe":
        return {"strategy": _describe(_load(source, call["file"]))}, b""
    return _signals(call, source, body)


def _serve(calls, send):
    while True:
        call, body = calls.get()
        try:
            if hasattr(signal, "setitimer"):
                # The service ends a call in time. This ends it where the service is gone and no thread of ours gets to run.
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, call["time_limit"])
            reply, data = _answer(call, body)
        except BaseException as error:
            reply, data = {"fault": _fault(error, call.get("file"))}, b""
        del body
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            sys.stdout.flush()
        except Exception:
            pass
        send({"id": call["id"], **reply}, data)


def _read(stream, count):
    data = stream.read(count)
    if len(data) < count:
        # The service is gone, or wants this worker gone, whatever a strategy is doing.
        os._exit(0)
    return data


def _listen(stream, calls):
    while True:
        magic, header, body = HEAD.unpack(_read(stream, HEAD.size))
        calls.put((json.loads(_read(stream, header)), _read(stream, body)))


def main():
    global numpy
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
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)

    def send(header, body):
        text = json.dumps(header).encode()
        stdout.write(HEAD.pack(MAGIC, len(text), len(body)) + text + body)
        stdout.flush()

    try:
        import numpy as found
        numpy = found
    except ImportError:
        pass
    send({"id": 0, "python": sys.version.split()[0], "numpy": getattr(numpy, "__version__", None)}, b"")
    calls = queue.Queue()
    threading.Thread(target=_listen, args=(stdin, calls), daemon=True).start()
    _serve(calls, send)


main()
