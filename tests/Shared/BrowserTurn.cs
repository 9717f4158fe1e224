namespace BacktestOps.Tests.Shared;

/// <summary>The right to run a browser, of which one at a time runs over all test programs: two of them on two cores are each too slow for what they look at.</summary>
internal sealed class BrowserTurn : IDisposable
{
    private readonly FileStream _lock;

    private BrowserTurn(FileStream taken) => _lock = taken;

    /// <summary>Waits until no other browser runs. The system gives the turn of a program that dies to the next.</summary>
    public static async Task<BrowserTurn> TakeAsync(CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                return new BrowserTurn(new FileStream(LockFile(), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException)
            {
                await look.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    public void Dispose() => _lock.Dispose();

    // All test programs are built into one folder; what lies there is nobody's leftover.
    private static string LockFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder.Parent is not null && folder.Name != "artifacts") folder = folder.Parent;
        return Path.Combine(folder.Parent is null ? Path.GetTempPath() : folder.FullName, "browser-turn.lock");
    }
}
