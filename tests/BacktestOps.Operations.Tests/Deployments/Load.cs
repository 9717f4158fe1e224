namespace BacktestOps.Operations.Tests.Deployments;

/// <summary>What a load saw.</summary>
/// <param name="Sent">How many requests were sent.</param>
/// <param name="Good">How many were answered with 200.</param>
/// <param name="Failed">When each of the others was sent, and when it was refused or broken.</param>
internal sealed record LoadResult(int Sent, int Good, IReadOnlyList<(DateTimeOffset SentAt, DateTimeOffset EndedAt)> Failed);

/// <summary>Fifty requests a second, each on a connection of its own, sent by the clock whether or not the last was answered.</summary>
internal sealed class Load : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    // The limit only turns a hang into a failure: a busy machine answers late, which is not a refusal.
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false }) { Timeout = TimeSpan.FromMinutes(3) };
    private readonly List<(DateTimeOffset SentAt, DateTimeOffset EndedAt)> _failed = [];
    private readonly List<Task> _requests = [];
    private readonly Task _sending;
    private TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _wanted = int.MaxValue;
    private int _good;

    public Load(int port, string? post = null) => _sending = SendAsync(new Uri($"http://127.0.0.1:{port}{post ?? "/api/health"}"), post is not null);

    /// <summary>Waits until so many more requests were answered with 200.</summary>
    public async Task UntilAsync(int good)
    {
        Task enough;
        lock (_failed)
        {
            _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _wanted = _good + good;
            enough = _enough.Task;
        }

        await enough;
    }

    public async Task<LoadResult> StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        await Task.WhenAll(_requests);
        return new LoadResult(_requests.Count, _good, _failed);
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
        var sentAt = DateTimeOffset.UtcNow;
        var isGood = false;
        try
        {
            using var answer = post ? await _http.PostAsync(address, null) : await _http.GetAsync(address);
            isGood = answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            // Refused or broken.
        }

        lock (_failed)
        {
            if (!isGood) _failed.Add((sentAt, DateTimeOffset.UtcNow));
            else if (++_good >= _wanted) _enough.TrySetResult();
        }
    }
}
