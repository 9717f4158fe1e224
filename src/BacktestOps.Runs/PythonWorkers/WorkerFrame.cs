using System.Buffers.Binary;

namespace BacktestOps.Runs.PythonWorkers;

/// <summary>The frames between service and worker: four bytes BOPW, two big-endian lengths, a JSON header, a binary body.</summary>
internal static class WorkerFrame
{
    private const int HeadBytes = 12, MostHeaderBytes = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "BOPW"u8;

    /// <summary>Writes a frame.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt32BigEndian(head[4..], header.Length);
        BinaryPrimitives.WriteInt32BigEndian(head[8..], body.Length);
        stream.Write(head);
        stream.Write(header);
        stream.Write(body);
        stream.Flush();
    }

    /// <summary>Reads a frame.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="mostBodyBytes">A larger body is no answer to what was asked.</param>
    /// <exception cref="EndOfStreamException">The other side is gone.</exception>
    /// <exception cref="InvalidDataException">What came is no frame.</exception>
    public static (byte[] Header, byte[] Body) Read(Stream stream, int mostBodyBytes)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        stream.ReadExactly(head);
        var (header, body) = (BinaryPrimitives.ReadInt32BigEndian(head[4..]), BinaryPrimitives.ReadInt32BigEndian(head[8..]));
        if (!head[..4].SequenceEqual(Magic) || header is < 2 or > MostHeaderBytes || body < 0 || body > mostBodyBytes)
            throw new InvalidDataException("what it sent is no frame");
        var content = (Header: new byte[header], Body: new byte[body]);
        stream.ReadExactly(content.Header);
        stream.ReadExactly(content.Body);
        return content;
    }
}
