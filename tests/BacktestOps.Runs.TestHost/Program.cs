// Opens a runner and tells what it does, line by line, until every run has ended or somebody kills it.
//   BacktestOps.Runs.TestHost HOME DATA REQUEST...    accepts each request (JSON), then waits
// Lines: "accepted ID", "beat ID=PERCENT ..." about once a millisecond, "done".
using System.Globalization;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Runs;

await using var runner = await BacktestRunner.OpenAsync(new RunnerOptions { HomePath = args[0], DataPath = args[1] });
foreach (var request in args[2..])
{
    var accepted = await runner.StartAsync(JsonSerializer.Deserialize(request, ContractsJson.Default.BacktestRequest)!);
    Console.WriteLine($"accepted {accepted.BacktestId}");
}

using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
while (await beat.WaitForNextTickAsync())
{
    var runs = await runner.ListAsync(new BacktestQuery());
    Console.WriteLine($"beat {string.Join(' ', runs.Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.BacktestId}={run.Progress:R}")))}");
    if (runs.All(run => run.Status.IsTerminal()))
        break;
}

Console.WriteLine("done");
