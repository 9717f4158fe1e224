using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Tests;

/// <summary>The promise: a run that was accepted ends, once, with the result of an undisturbed one, whatever happens to the process.</summary>
/// <remarks>BACKTESTOPS_KILLS says how many SIGKILLs must hit unfinished work; the number that did is printed.</remarks>
public sealed class ServiceKillTests : IDisposable
{
    private const int MostKillsOfAHome = 3;

    private readonly ServiceWork _work = new(timesEach: 6);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_service_killed_again_and_again_loses_nothing_and_does_nothing_twice()
    {
        var kills = Number("BACKTESTOPS_KILLS", 3);
        var seed = Number("BACKTESTOPS_SEED", Environment.TickCount);
        var random = new Random(seed);
        await _work.LearnAsync();
        // A round without a kill tells how many looks at the list the work takes here and now.
        var looks = 0;
        await RoundAsync(random, int.MaxValue, 0, seed, () => looks++);

        var (hits, rounds) = (0, 0);
        while (hits < kills && rounds < 20 * kills)
        {
            // A round that ended before its kill took fewer looks than the one before: the machine is faster now.
            var looked = 0;
            var struck = await RoundAsync(random, looks, Math.Min(MostKillsOfAHome, kills - hits), seed, () => looked++);
            if (struck == 0)
                looks = Math.Clamp(looked, 2, looks);
            hits += struck;
            rounds++;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{hits} SIGKILLs hit a service with unfinished work, {_work.Requests.Length} runs a home, in {rounds} homes; seed {seed}.");
        Assert.True(hits >= kills, $"Only {hits} of {kills} kills hit unfinished work.");
    }

    // One home, from its first start over some kills to the proof; gives the number of kills that hit unfinished work.
    private async Task<int> RoundAsync(Random random, int looks, int kills, int seed, Action onLook)
    {
        var home = _work.NewHome();
        var keys = _work.Requests.Select((_, i) => $"{i}-{Guid.NewGuid():N}").ToArray();
        var ids = new string?[keys.Length];
        var hits = 0;
        for (; hits < kills; hits++)
        {
            await using var service = await _work.ServeAsync(home);
            var starting = StartAllAsync(service, keys, ids);
            if (await IsDoneAsync(service, random.Next(1, looks), onLook))
                break;
            await service.KillAsync();
            await starting;
        }

        await using var last = await _work.ServeAsync(home);
        await StartAllAsync(last, keys, ids);
        if (kills == 0)
            await IsDoneAsync(last, looks, onLook);
        for (var i = 0; i < ids.Length; i++)
            await _work.ProveAsync(last.Client, home, _work.Requests[i], Assert.IsType<string>(ids[i]), $"seed {seed}, {hits} kills");

        // Every start was sent until it was answered, some of them more than once: still one run a key, one file a run.
        var runs = await last.Client.ListAsync(new BacktestQuery { Limit = 1000 }, Token);
        Assert.Equal(ids.Order(StringComparer.Ordinal), runs.Select(run => run.BacktestId).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Length, ServiceWork.Results(home).Length);
        Assert.Equal(0, await last.StopAsync());
        return hits;
    }

    // Sends what was not answered yet, under the keys that it was sent with before; ends early when the service dies.
    private async Task StartAllAsync(ServiceProcess service, string[] keys, string?[] ids)
    {
        try
        {
            for (var i = 0; i < keys.Length; i++)
                ids[i] ??= (await service.Client.StartAsync(_work.Requests[i], keys[i], Token)).BacktestId;
        }
        catch (BacktestUnavailableException)
        {
            // Killed in the middle of it.
        }
    }

    private async Task<bool> IsDoneAsync(ServiceProcess service, int looks, Action onLook)
    {
        for (var look = 0; look < looks; look++)
        {
            var runs = await service.Client.ListAsync(new BacktestQuery { Limit = 1000 }, Token);
            onLook();
            if (runs.Count == _work.Requests.Length && runs.All(run => run.Status.IsTerminal()))
                return true;
        }

        return false;
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
