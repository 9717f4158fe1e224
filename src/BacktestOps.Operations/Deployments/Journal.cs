using System.Text.Json;
using BacktestOps.Operations.Commands;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Deployments;

/// <summary>The journal of one deployment: JSON lines, each on the disk before the next thing is done.</summary>
internal sealed class Journal
{
    private const string FileName = "journal.jsonl";
    private const string ReserveName = "reserve";
    private const int ReserveBytes = 64 * 1024;

    private readonly string _folder;
    private readonly IDisk _disk;
    private readonly TimeProvider _clock;
    private readonly Redactor _redactor;
    private readonly Action<JournalRecord>? _written;
    private readonly List<JournalRecord> _records;
    private long _length;

    private Journal(
        string folder, IDisk disk, TimeProvider clock, Redactor redactor, Action<JournalRecord>? written, List<JournalRecord> records, long length)
    {
        (_folder, _disk, _clock, _redactor, _written, _records, _length) = (folder, disk, clock, redactor, written, records, length);
    }

    public string Folder => _folder;

    public IReadOnlyList<JournalRecord> Records => _records;

    public bool IsClosed => _records.Any(record => record.Entry == JournalEntry.Closed);

    /// <summary>Begins a journal, with some space put by, so that a full disk does not keep its end from being written.</summary>
    public static Journal Create(string folder, IDisk disk, TimeProvider clock, Redactor redactor, Action<JournalRecord>? written)
    {
        Directory.CreateDirectory(folder);
        disk.Write(Path.Combine(folder, ReserveName), new byte[ReserveBytes]);
        return new Journal(folder, disk, clock, redactor, written, [], 0);
    }

    /// <summary>Opens a journal to go on with it. A last line that was torn by a crash is cut off with the next write.</summary>
    public static Journal Open(string folder, IDisk disk, TimeProvider clock, Redactor redactor, Action<JournalRecord>? written)
    {
        var records = Read(folder, out var length);
        return new Journal(folder, disk, clock, redactor, written, records, length);
    }

    /// <summary>The records of a journal; those after a line that can't be read are not among them.</summary>
    public static List<JournalRecord> Read(string folder, out long length)
    {
        length = 0;
        var records = new List<JournalRecord>();
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return records;
        var bytes = File.ReadAllBytes(path).AsSpan();
        while (bytes[(int)length..].IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (Parse(bytes.Slice((int)length, end)) is not { } record || record.Sequence != records.Count + 1) break;
            records.Add(record);
            length += end + 1;
        }

        return records;
    }

    /// <summary>Writes a record. When this returns it is on the disk.</summary>
    public void Write(
        JournalEntry entry, string? step = null, string? detail = null, TimeSpan? duration = null, IReadOnlyDictionary<string, string>? facts = null)
    {
        var record = new JournalRecord
        {
            Sequence = _records.Count + 1,
            At = _clock.GetUtcNow(),
            Entry = entry,
            Step = step,
            Detail = detail is null ? null : _redactor.Redact(detail),
            Seconds = duration?.TotalSeconds,
            Facts = facts?.ToDictionary(fact => fact.Key, fact => _redactor.Redact(fact.Value)),
        };
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, JournalJson.Default.JournalRecord), (byte)'\n'];
        var path = Path.Combine(_folder, FileName);
        try
        {
            _disk.Append(path, _length, line);
        }
        catch (IOException) when (File.Exists(Path.Combine(_folder, ReserveName)))
        {
            Release();
            _disk.Append(path, _length, line);
        }

        _length += line.Length;
        _records.Add(record);
        if (entry == JournalEntry.Closed) Release();
        _written?.Invoke(record);
    }

    /// <summary>Gives the space that was put by back to the disk.</summary>
    public void Release() => File.Delete(Path.Combine(_folder, ReserveName));

    private static JournalRecord? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalJson.Default.JournalRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
