using System.Buffers;

namespace BacktestOps.Service.Http;

/// <summary>Bounds the memory that the bodies of all calls take at once: many large requests wait or are refused, and small ones go on beside them.</summary>
/// <remarks>
/// What has arrived is counted, not what was announced, so that a slow caller holds no more than he sent. Small bodies have room of their
/// own. What a body is taken apart to is many times its size: of large ones no more than a few are taken apart at the same time.
/// </remarks>
internal sealed class BodyBudget : IDisposable
{
    /// <summary>The most bytes of a body that counts as small: any run of a few symbols is.</summary>
    public const int SmallBody = 8 * 1024;

    /// <summary>The most bytes of small bodies at once, and of large ones.</summary>
    public const int MaxBytes = 32 * ServiceHost.MaxBodyBytes;

    private readonly Room _small = new(), _large = new();
    private readonly SemaphoreSlim _places = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>The bytes of large bodies that are held now.</summary>
    public long LargeBytes => Interlocked.Read(ref _large.Held);

    /// <summary>Reads a body to its end. Its bytes are held until the lease is disposed.</summary>
    /// <param name="request">The call.</param>
    /// <param name="lease">Holds the bytes.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="HttpProblemException">There is no room for it now.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, Lease lease, CancellationToken cancellationToken)
    {
        const int Piece = 16 * 1024;
        var whole = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await request.Body.ReadAsync(whole.GetMemory(Math.Min(Piece, ServiceHost.MaxBodyBytes)), cancellationToken).ConfigureAwait(false);
            if (read == 0) return whole.WrittenMemory;
            lease.Take(read);
            whole.Advance(read);
        }
    }

    /// <summary>Opens a lease for the body of a call.</summary>
    /// <param name="announced">Its length by the call's own account; null where it says none.</param>
    public Lease Open(long? announced) => new(announced is <= SmallBody ? _small : _large);

    /// <summary>Waits for a place to take a body apart; disposing what is returned gives it back.</summary>
    /// <param name="bytes">The length of the body; a small one does not wait.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IDisposable?> EnterAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytes <= SmallBody) return null;
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    /// <summary>Bytes of one body.</summary>
    internal sealed class Lease : IDisposable
    {
        private readonly Room _room;
        private int _held;

        internal Lease(Room room) => _room = room;

        /// <summary>Takes room for more bytes.</summary>
        /// <exception cref="HttpProblemException">There is none now.</exception>
        public void Take(int bytes)
        {
            if (Interlocked.Add(ref _room.Held, bytes) > MaxBytes)
            {
                Interlocked.Add(ref _room.Held, -bytes);
                throw new HttpProblemException(HttpProblem.TooManyBodies());
            }
            _held += bytes;
        }

        public void Dispose() => Interlocked.Add(ref _room.Held, -Interlocked.Exchange(ref _held, 0));
    }

    internal sealed class Room
    {
        public long Held;
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}
