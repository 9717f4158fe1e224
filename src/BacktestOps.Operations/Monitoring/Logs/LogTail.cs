using System.Text;
using BacktestOps.Operations.Files;

namespace BacktestOps.Operations.Monitoring.Logs;

/// <summary>One log file that is held open, so that it can be read to its end when it was renamed or removed meanwhile.</summary>
internal sealed class LogTail : IDisposable
{
    private const int LongestLine = 64 * 1024;
    private const int HeadLength = 256;

    private readonly FileStream _file;
    private byte[] _head = [];

    private LogTail(string path, FileStream file, FileIdentity identity, long offset) => (Path, _file, Identity, Offset) = (path, file, identity, offset);

    /// <summary>What it is called now, as far as is known.</summary>
    public string Path { get; set; }

    /// <summary>True when it was seen that no path names it any more.</summary>
    public bool IsGone { get; set; }

    public FileIdentity Identity { get; }

    /// <summary>How much was read, up to the end of the last whole line.</summary>
    public long Offset { get; private set; }

    /// <summary>How long the file is now.</summary>
    public long Length => _file.Length;

    /// <summary>Opens a file; null when it is not there, or can't be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">How much of it was read already; null for all that is there now.</param>
    public static LogTail? Open(string path, long? offset)
    {
        FileStream? file = null;
        try
        {
            // Without a buffer: what was read before an emptying must not be read again from memory.
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var tail = new LogTail(path, file, FileIdentity.Of(file.SafeFileHandle), offset ?? WholeLength(file));
            tail.KeepHead();
            return tail;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            return null;
        }
    }

    /// <summary>True when the file is shorter than what was read, or begins with other bytes: it was emptied, and written again.</summary>
    public bool WasEmptied() => _file.Length < Offset || !Head(_file, _head.Length).AsSpan().SequenceEqual(_head);

    /// <summary>True when another file begins as this one did and has at least what was read: a copy that was made before it was emptied.</summary>
    public bool IsCopiedIn(LogTail copy) => copy.Length >= Offset && Head(copy._file, _head.Length).AsSpan().SequenceEqual(_head);

    /// <summary>Starts again at the begin of the file.</summary>
    public void Restart() => (Offset, _head) = (0, []);

    /// <summary>Reads the whole lines that were added.</summary>
    /// <param name="line">Gets each.</param>
    /// <param name="isLast">True when nothing can be added any more: a last line without an end counts too.</param>
    public void Read(Action<string> line, bool isLast = false)
    {
        _file.Position = Offset;
        using var rest = new MemoryStream();
        var block = new byte[LongestLine];
        for (int read; (read = _file.Read(block)) > 0;)
        {
            for (var bytes = block.AsMemory(0, read); bytes.Length > 0;)
            {
                var end = bytes.Span.IndexOf((byte)'\n');
                // What is longer than a line can be is cut: its begin says what it is.
                var piece = end < 0 ? bytes : bytes[..end];
                if (rest.Length < LongestLine) rest.Write(piece.Span);
                bytes = end < 0 ? default : bytes[(end + 1)..];
                _skipped += piece.Length;
                if (end < 0) continue;
                Offset += _skipped + 1;
                _skipped = 0;
                line(Text(rest));
            }
        }

        if (isLast && rest.Length > 0)
        {
            Offset += _skipped;
            line(Text(rest));
        }

        _skipped = 0;
        if (_head.Length < HeadLength) KeepHead();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private long _skipped;

    private void KeepHead() => _head = Head(_file, (int)Math.Min(HeadLength, Math.Min(Offset, _file.Length)));

    private static byte[] Head(FileStream file, int length)
    {
        var head = new byte[length];
        file.Position = 0;
        return head[..file.ReadAtLeast(head, length, throwOnEndOfStream: false)];
    }

    private static string Text(MemoryStream bytes)
    {
        var text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimEnd('\r');
        bytes.SetLength(0);
        return text;
    }

    /// <summary>Where the last whole line ends.</summary>
    private static long WholeLength(FileStream file)
    {
        var block = new byte[LongestLine];
        for (var end = file.Length; end > 0;)
        {
            var length = (int)Math.Min(block.Length, end);
            file.Position = end - length;
            file.ReadExactly(block, 0, length);
            var at = block.AsSpan(0, length).LastIndexOf((byte)'\n');
            if (at >= 0) return end - length + at + 1;
            end -= length;
        }

        return 0;
    }
}
