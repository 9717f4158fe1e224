"""A strategy file in this interpreter: what its bars are, what it says of itself, and what its answer must be.

Standard library only; Python 3.8 or later. numpy is used where it can be imported.
"""
import array
import datetime
import inspect
import itertools
import linecache
import math
import numbers
import random
import sys
import traceback
import types

COLUMNS = ("open", "high", "low", "close", "volume")
MODULE = "backtestops_strategy"
EPOCH = datetime.datetime(1970, 1, 1)
# A limit that a strategy does not name; parameters are shown with limits.
FAR = 1e9

try:
    import numpy
except ImportError:
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


def load(source, file):
    """Runs the file's top level, which must be the first code of a strategy that this interpreter runs."""
    random.seed(0)
    if numpy is not None:
        numpy.random.seed(0)
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


def describe(module):
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


def signals(module, call, body):
    """The targets for the first bars, as many as the call says."""
    count, start, length = call["bars"], 8 * call["bars"], call["length"]
    dates = _unpack("q", body, 0, count)
    names = COLUMNS + (("adjusted_close",) if call.get("has_adjusted_close") else ())
    columns = {name: _unpack("d", body, start * (1 + i), count) for i, name in enumerate(names)}
    wanted = {p["name"]: p for p in _parameters(module)}
    values = {n: int(v) if wanted.get(n, {}).get("is_integer") else float(v) for n, v in call.get("parameters", {}).items()}
    bars = Bars(call["symbol"], columns, dates, length)
    try:
        return _targets(module.signals(bars, **values), length)
    except Exception as error:
        error.bars = length
        raise


def fault(error, file):
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
