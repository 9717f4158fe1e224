using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs.Stores;

namespace BacktestOps.Runs.Execution;

/// <summary>The idempotency keys: what may be one, which are being looked at now, and which request a key is for.</summary>
internal sealed class StartKeys(TimeProvider clock)
{
    private const int Longest = 255;

    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    /// <summary>Takes a key until what is returned is disposed.</summary>
    /// <exception cref="InvalidRequestException">It can't be a key.</exception>
    /// <exception cref="IdempotencyKeyInUseException">Somebody has taken it.</exception>
    public IDisposable Enter(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > Longest || key.Any(c => c is <= ' ' or > '~'))
            throw new InvalidRequestException([new RequestFault("Idempotency-Key", $"has {key.Length} characters", "1 to 255 visible ASCII characters, such as a UUID")]);
        return _underWay.TryAdd(key, true)
            ? new Use(() => _underWay.TryRemove(key, out _))
            : throw new IdempotencyKeyInUseException($"The first request with the idempotency key '{key}' is still being looked at.");
    }

    /// <summary>The key with the request that it is for.</summary>
    public StartKey For(string key, BacktestRequest request)
    {
        // As it was asked for, so that the order of members and parameters makes no difference.
        var plain = request with { Parameters = new SortedDictionary<string, double>(request.Parameters?.ToDictionary() ?? [], StringComparer.Ordinal) };
        var digest = Convert.ToHexStringLower(SHA256.HashData(Write(plain)));
        return new StartKey(key, digest, clock.ToMilliseconds() - Kept);
    }

    // An infinite number is a fault that the checker names; here it only has to be told from others.
    private static byte[] Write(BacktestRequest request)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(request, ContractsJson.Default.BacktestRequest);
        }
        catch (ArgumentException)
        {
            return [];
        }
    }

    private sealed class Use(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
