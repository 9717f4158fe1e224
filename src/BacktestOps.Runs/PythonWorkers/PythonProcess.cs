using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>One worker: a Python process that answers one call at a time.</summary>
internal sealed class PythonProcess : IDisposable
{
    // Reads the worker's text from stdin, so that no file has to lie anywhere; the working folder is no place for modules.
    private const string Bootstrap =
        "import sys;sys.path[:]=[p for p in sys.path if p];b=sys.stdin.buffer;n=int.from_bytes(b.read(4),'big');" +
        "exec(compile(b.read(n),'<worker>','exec'),{'__name__':'worker'})";

    // What a process needs to find itself and its libraries. The rest, secrets of the service among it, is not for strategies.
    private static readonly string[] Inherited =
    [
        "PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "VIRTUAL_ENV", "PYENV_ROOT", "PYENV_VERSION", "SYSTEMROOT", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
    ];

    private static readonly byte[] Worker = ReadWorker();

    private readonly PythonSettings _settings;
    private readonly Process _process;
    private readonly WorkerErrors _errors;
    private long _lastId;
    private bool _isBroken;

    private PythonProcess(PythonSettings settings, Process process)
    {
        (_settings, _process, Id) = (settings, process, process.Id);
        _errors = new WorkerErrors(process, settings.Log);
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>The version of numpy that strategies get; null for plain lists.</summary>
    public string? Numpy { get; private set; }

    /// <summary>True where each call has a process of its own; elsewhere a worker answers one call, so that no call sees what another left behind.</summary>
    public bool Forks { get; private set; }

    /// <summary>False when it can't answer another call.</summary>
    public bool IsUsable => !_isBroken && !_process.HasExited;

    /// <summary>Starts a worker and waits for its greeting.</summary>
    /// <exception cref="BacktestUnavailableException">There is no such interpreter, or it does not get to the greeting.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the worker is gone.</exception>
    public static PythonProcess Start(PythonSettings settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(settings.Interpreter)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = settings.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Except(Inherited, StringComparer.OrdinalIgnoreCase).ToArray())
            start.Environment.Remove(name);
        // Same input, same output: the order of a set of texts must not differ from process to process.
        start.Environment["PYTHONHASHSEED"] = "0";
        start.Environment["PYTHONUTF8"] = "1";
        // Each thread of a numeric library reserves address space, which is limited.
        foreach (var threads in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
            start.Environment[threads] = "1";
        foreach (var argument in (string[])["-B", "-c", Bootstrap, (settings.LimitsAddressSpace ? settings.MemoryLimit : 0).ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);

        PythonProcess worker;
        try
        {
            worker = new PythonProcess(settings, Process.Start(start)!);
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            throw Unstartable(settings, fault.Message, fault);
        }

        try
        {
            worker.Greet(cancellationToken);
            return worker;
        }
        catch (Exception fault)
        {
            worker.Dispose();
            throw fault is WorkerDiedException or PythonStrategyException ? Unstartable(settings, fault.Message, fault) : fault;
        }
    }

    /// <summary>Asks and waits for the answer.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="body">The parts of the body.</param>
    /// <param name="mostReplyBytes">The largest body that can be an answer.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Kills the worker.</param>
    /// <exception cref="WorkerDiedException">The worker went away.</exception>
    /// <exception cref="PythonStrategyException">It took too long or too much memory, or sent what is no answer.</exception>
    public (WorkerReply Reply, byte[] Body) Call(
        WorkerCall call, ReadOnlySpan<byte> body, int mostReplyBytes, TimeSpan limit, CancellationToken cancellationToken)
    {
        var id = ++_lastId;
        var header = JsonSerializer.SerializeToUtf8Bytes(call with { Id = id, TimeLimit = (limit + _settings.Grace).TotalSeconds }, WorkerJson.Default.WorkerCall);
        _errors.NewCall(call.File);
        using var limits = new CallLimits(_process, _settings.Clock, limit, _settings.MemoryLimit, cancellationToken);
        try
        {
            WorkerFrame.Write(_process.StandardInput.BaseStream, header, body);
            var answer = Receive(id, mostReplyBytes, limits);
            return answer.Reply switch
            {
                { Death: { } death } => throw Died(death, call.File, limit),
                { Fault: { Kind: "fork" } fault } => throw new BacktestUnavailableException($"The system gives the Python worker no process: {fault.Message}.", "End what else runs on this machine, or allow the service more processes."),
                _ => answer,
            };
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or JsonException or ObjectDisposedException)
        {
            throw Explain(fault, limits.Reason, call.File, limit, cancellationToken);
        }
    }

    /// <summary>Ends the worker, whatever it is doing.</summary>
    public void Dispose()
    {
        _isBroken = true;
        Kill(_process);
        _process.WaitForExit();
        _errors.Dispose();
        try
        {
            _process.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // Nobody reads it any more.
        }

        _process.StandardOutput.Dispose();
        _process.Dispose();
    }

    /// <summary>Kills a process and those it started.</summary>
    internal static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has exited, or one of its children has meanwhile.
        }
    }

    private void Greet(CancellationToken cancellationToken)
    {
        using var limits = new CallLimits(_process, _settings.Clock, PythonSettings.ShortLimit, _settings.MemoryLimit, cancellationToken);
        try
        {
            Span<byte> length = stackalloc byte[4];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, Worker.Length);
            var input = _process.StandardInput.BaseStream;
            input.Write(length);
            input.Write(Worker);
            input.Flush();
            var greeting = Receive(0, 0, limits).Reply;
            (Numpy, Forks) = (greeting.Numpy, greeting.Forks);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or JsonException)
        {
            throw Explain(fault, limits.Reason, null, PythonSettings.ShortLimit, cancellationToken);
        }
    }

    private (WorkerReply Reply, byte[] Body) Receive(long id, int mostBodyBytes, CallLimits limits)
    {
        while (true)
        {
            var (header, body) = WorkerFrame.Read(_process.StandardOutput.BaseStream, mostBodyBytes);
            var reply = JsonSerializer.Deserialize(header, WorkerJson.Default.WorkerReply);
            if (reply?.Id != id) throw new InvalidDataException("it answered another question");
            if (reply.Child is not { } child) return (reply, body);
            limits.Watch(child);
        }
    }

    private static Exception Died(WorkerDeath death, string? file, TimeSpan limit) => death.IsAlarm
        ? TooLate(file ?? "the Python worker", limit)
        : new WorkerDiedException($"the worker {death}", death.IsFromOutside);

    private Exception Explain(Exception fault, KillReason reason, string? file, TimeSpan limit, CancellationToken cancellationToken)
    {
        _isBroken = true;
        var who = file ?? "the Python worker";
        if (reason == KillReason.Cancelled)
            return new OperationCanceledException(cancellationToken);
        if (reason == KillReason.Time)
            return TooLate(who, limit);
        if (reason == KillReason.Memory)
            return new PythonStrategyException(OutOfMemory(who, _settings.MemoryLimit));
        if (fault is InvalidDataException or JsonException)
        {
            Kill(_process);
            return new PythonStrategyException(Garbage(who, fault.Message));
        }

        Kill(_process);
        _process.WaitForExit();
        var death = WorkerDeath.Of(_process.ExitCode);
        return death.IsAlarm ? TooLate(who, limit) : new WorkerDiedException($"the worker {death}{_errors.Tail()}", death.IsFromOutside);
    }

    /// <summary>A strategy that took too long.</summary>
    internal static PythonStrategyException TooLate(string who, TimeSpan limit) =>
        new(FormattableString.Invariant($"{who}: no answer within {limit.TotalSeconds:0.#} s; the worker was killed."));

    /// <summary>The words for a strategy that wrote into a pipe of its worker.</summary>
    internal static string Garbage(string who, string what) =>
        $"{who}: the worker's answer can't be read ({what}); it was killed. A strategy must leave the file descriptors that it did not open alone.";

    /// <summary>The words for a strategy that wanted too much memory.</summary>
    internal static string OutOfMemory(string who, long limit) =>
        FormattableString.Invariant($"{who}: it wanted more memory than the {limit >> 20} MiB that a worker may have.");

    private static BacktestUnavailableException Unstartable(PythonSettings settings, string why, Exception fault) => new(
        Directory.Exists(settings.Folder)
            ? $"The Python worker can't be started with '{settings.Interpreter}': {why.TrimEnd('.')}."
            : $"The folder of Python strategies '{settings.Folder}' does not exist.",
        Directory.Exists(settings.Folder)
            ? "Name a Python of version 3.8 or later with --python or BACKTESTOPS_PYTHON."
            : "Create it, or correct --python-strategies or BACKTESTOPS_PYTHON_STRATEGIES.",
        fault);

    private static byte[] ReadWorker()
    {
        var text = new StringBuilder();
        foreach (var name in (string[])["strategy.py", "worker.py"])
        {
            using var resource = typeof(PythonProcess).Assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(resource, Encoding.UTF8);
            text.Append(reader.ReadToEnd()).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
