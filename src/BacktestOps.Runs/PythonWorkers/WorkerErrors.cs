using System.Diagnostics;
using System.Text;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>Reads what a worker and its strategies print, so that a full pipe never blocks them; a part of it goes to the log.</summary>
internal sealed class WorkerErrors : IDisposable
{
    private const int LoggedPerCall = 16 * 1024, TailLength = 300;

    private readonly Lock _lock = new();
    private readonly Stream _stream;
    private readonly Action<string> _log;
    private readonly int _processId;
    private readonly StringBuilder _tail = new();
    private readonly Thread _thread;
    private int _logged;
    private string? _file;

    public WorkerErrors(Process process, Action<string> log)
    {
        (_stream, _log, _processId) = (process.StandardError.BaseStream, log, process.Id);
        // A thread of its own: a read of a pipe blocks, and the pool's threads are for others.
        _thread = new Thread(Read) { IsBackground = true, Name = $"python worker {process.Id}" };
        _thread.Start();
    }

    /// <summary>Begins to count anew.</summary>
    /// <param name="file">The strategy that is called.</param>
    public void NewCall(string? file)
    {
        lock (_lock)
        {
            (_file, _logged) = (file, 0);
            _tail.Clear();
        }
    }

    /// <summary>The end of what was printed in this call, for a message, or nothing.</summary>
    public string Tail()
    {
        // The process has ended: what it printed is all there, unless a child of it still holds the pipe.
        _thread.Join(TimeSpan.FromSeconds(1));
        lock (_lock)
        {
            var lines = _tail.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.Length == 0 ? "" : $": {Text.OneLine(lines[^1], TailLength)}";
        }
    }

    public void Dispose() => _stream.Dispose();

    private void Read()
    {
        var bytes = new byte[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        var letters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        try
        {
            int count;
            while ((count = _stream.Read(bytes)) > 0)
                Take(letters.AsSpan(0, decoder.GetChars(bytes, 0, count, letters, 0)));
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The worker is gone.
        }
    }

    private void Take(ReadOnlySpan<char> letters)
    {
        string? text = null;
        lock (_lock)
        {
            _tail.Append(letters);
            if (_tail.Length > 4 * TailLength)
                _tail.Remove(0, _tail.Length - 4 * TailLength);
            if (_logged < LoggedPerCall)
                text = $"{_file ?? "worker"} (process {_processId}) printed: {Text.OneLine(letters, letters.Length)}{((_logged += letters.Length) >= LoggedPerCall ? " (the rest is left out)" : "")}";
        }

        if (text is not null)
            _log(text);
    }
}
