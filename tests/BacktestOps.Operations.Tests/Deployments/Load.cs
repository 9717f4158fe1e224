using System.Diagnostics;

namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>What a load saw.</summary>
/// <param name="Sent">How many requests were sent.</param>
/// <param name="Good">How many were answered with 200.</param>
/// <param name="Gap">The longest time between two answers that were good.</param>
internal sealed record LoadResult(int Sent, int Good, TimeSpan Gap)
{
    public int Failed => Sent - Good;
}

/// <summary>Fifty requests a second, each on a connection of its own, sent by the clock whether or not the last was answered.</summary>
internal sealed class Load : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(1) };
    private readonly List<long> _good = [];
    private readonly List<Task> _requests = [];
    private readonly Task _sending;
    private TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _wanted = int.MaxValue;

    public Load(int port, string? post = null) => _sending = SendAsync(new Uri($"http://127.0.0.1:{port}{post ?? "/api/health"}"), post is not null);

    /// <summary>Waits until so many more requests were answered with 200.</summary>
    public async Task UntilAsync(int good)
    {
        Task enough;
        lock (_good)
        {
            _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _wanted = _good.Count + good;
            enough = _enough.Task;
        }

        await enough;
    }

    public async Task<LoadResult> StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        await Task.WhenAll(_requests);
        var times = _good.Order().ToList();
        var gap = times.Zip(times.Skip(1), (one, next) => Stopwatch.GetElapsedTime(one, next)).DefaultIfEmpty().Max();
        return new LoadResult(_requests.Count, times.Count, gap);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(Uri address, bool post)
    {
        using var pace = new PeriodicTimer(Pace);
        try
        {
            while (await pace.WaitForNextTickAsync(_stop.Token)) _requests.Add(OneAsync(address, post));
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }

    private async Task OneAsync(Uri address, bool post)
    {
        try
        {
            using var answer = post ? await _http.PostAsync(address, null) : await _http.GetAsync(address);
            if (!answer.IsSuccessStatusCode) return;
            lock (_good)
            {
                _good.Add(Stopwatch.GetTimestamp());
                if (_good.Count >= _wanted) _enough.TrySetResult();
            }
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            // Not answered: it is counted by what is missing.
        }
    }
}
