using BacktestOps.Runs;
using BacktestOps.Service;

return await ServiceProgram.RunAsync(
    args,
    async (options, observer, cancellationToken) =>
    {
        var pythonLog = new LateLog();
        var runner = await BacktestRunner.OpenAsync(
            new RunnerOptions
            {
                HomePath = options.HomePath,
                DataPath = options.DataPath,
                Limits = options.Limits,
                Observer = observer,
                Python = options.ToPython(pythonLog.Write),
            },
            cancellationToken).ConfigureAwait(false);
        return new ServiceBackend(runner, runner.GetHealthAsync, runner.CountAsync) { PythonLog = pythonLog };
    },
    Console.Out,
    Console.Error).ConfigureAwait(false);
