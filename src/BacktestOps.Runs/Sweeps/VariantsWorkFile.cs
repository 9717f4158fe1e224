using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Runs.Sweeps;

/// <summary>The figures of the variants that have been run, in their order, in pieces that each prove themselves whole.</summary>
/// <remarks>
/// A process may die at any point, and what it wrote last may be torn. Each piece ends with a digest of itself, its place and the sweep
/// that it belongs to; reading stops at the first that does not fit, and the sweep goes on from there.
/// </remarks>
internal sealed class VariantsWorkFile : IDisposable
{
    /// <summary>Variants of a piece; the last one may have fewer.</summary>
    public const int PieceSize = 512;

    private const int DigestSize = 16;
    private static readonly int s_recordSize = Marshal.SizeOf<VariantFigures>();

    private readonly FileStream _file;
    private readonly byte[] _identity;
    private readonly byte[] _buffer = new byte[PieceSize * s_recordSize + DigestSize];
    private readonly long _variants;

    /// <summary>Opens the file, or starts it.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="identity">What the figures rest on: a file of anything else is started anew.</param>
    /// <param name="variants">Variants of the whole sweep.</param>
    public VariantsWorkFile(string path, ReadOnlySpan<byte> identity, long variants)
    {
        (_identity, _variants) = (SHA256.HashData(identity), variants);
        _file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Delete);
        try
        {
            while (Done < variants && ReadPiece(Done) is not null) Done += SizeAt(Done);
            _file.SetLength(OffsetOf(Done));
            _file.Position = _file.Length;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Variants that are in it.</summary>
    public long Done { get; private set; }

    /// <summary>Variants of the piece that begins at one.</summary>
    public int SizeAt(long first) => (int)Math.Min(PieceSize, _variants - first);

    /// <summary>Adds the next piece.</summary>
    public void Append(ReadOnlySpan<VariantFigures> figures)
    {
        if (figures.Length != SizeAt(Done)) throw new ArgumentException("A piece is whole, or the last.", nameof(figures));
        var bytes = MemoryMarshal.AsBytes(figures);
        bytes.CopyTo(_buffer);
        Digest(bytes, Done, _buffer.AsSpan(bytes.Length, DigestSize));
        _file.Write(_buffer, 0, bytes.Length + DigestSize);
        Done += figures.Length;
    }

    /// <summary>All pieces in order; valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<VariantFigures>> ReadAll()
    {
        for (var first = 0L; first < Done; first += SizeAt(first))
            yield return ReadPiece(first) ?? throw new IOException($"The file '{_file.Name}' was changed while the sweep went on.");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private VariantFigures[]? ReadPiece(long first)
    {
        var figures = new VariantFigures[SizeAt(first)];
        var bytes = MemoryMarshal.AsBytes(figures.AsSpan());
        _file.Position = OffsetOf(first);
        Span<byte> digest = stackalloc byte[DigestSize], expected = stackalloc byte[DigestSize];
        if (_file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) return null;
        if (_file.ReadAtLeast(digest, DigestSize, throwOnEndOfStream: false) < DigestSize) return null;
        Digest(bytes, first, expected);
        return digest.SequenceEqual(expected) ? figures : null;
    }

    private void Digest(ReadOnlySpan<byte> bytes, long first, Span<byte> digest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_identity);
        hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in first)));
        hash.AppendData(bytes);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..DigestSize].CopyTo(digest);
    }

    // Only the last piece is short, so all before one are whole.
    private static long OffsetOf(long first) => first / PieceSize * (PieceSize * s_recordSize + DigestSize)
        + (first % PieceSize is > 0 and var rest ? rest * s_recordSize + DigestSize : 0);
}
