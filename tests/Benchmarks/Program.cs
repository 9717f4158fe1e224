using System.Globalization;
using BacktestOps.Benchmarks.Engine;
using BacktestOps.Benchmarks.Module;
using BacktestOps.Benchmarks.Runs;
using BacktestOps.Benchmarks.Service;
using BenchmarkDotNet.Running;

namespace BacktestOps.Benchmarks;

/// <summary>Prints tables of measurements with the machine, or hands over to BenchmarkDotNet for the kernels.</summary>
internal static class Program
{
    private static readonly BenchmarkTable[] s_tables =
    [
        EngineTable.Create(),
        SweepTable.Create(),
        RunsTable.Create(),
        StoredRunsTable.Create(),
        VariantsTable.Create(),
        ServiceTable.Create(),
        LoadTable.Create(),
        FairnessTable.Create(),
        ImportTable.Create(),
    ];

    private static async Task<int> Main(string[] args)
    {
        if (args is ["--kernels", .. var rest])
        {
            // Without a choice BenchmarkDotNet would ask for one.
            var isChosen = rest.Any(arg => arg is "--filter" or "-f" or "--list" or "--help" or "--info");
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(isChosen ? rest : [.. rest, "--filter", "*"]);
            return 0;
        }
        var unknown = args.Where(arg => s_tables.All(table => table.Name != arg)).ToArray();
        if (unknown.Length > 0)
        {
            Console.Error.WriteLine($"""
                There is no table {string.Join(", ", unknown)}.
                Benchmarks [table …]          prints the tables named, or all: {string.Join(", ", s_tables.Select(table => table.Name))}
                Benchmarks --kernels [args]   runs BenchmarkDotNet over the kernels, with its own arguments
                """);
            return 2;
        }
        foreach (var line in Machine.Describe()) Console.WriteLine(line);
        if (Machine.Configuration != "Release") Console.WriteLine("A Debug build is not optimised: measure with -c Release.");
        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; cancellation.Cancel(); };
        foreach (var table in s_tables.Where(table => args.Length == 0 || args.Contains(table.Name)))
            Print(table, await table.MeasureAsync(cancellation.Token));
        return 0;
    }

    private static void Print(BenchmarkTable table, IReadOnlyList<BenchmarkRow> rows)
    {
        var width = rows.Max(row => row.Case.Length);
        Console.WriteLine();
        Console.WriteLine($"### {table.Name}: {table.Title}");
        Console.WriteLine();
        Console.WriteLine($"| {"case".PadRight(width)} |   median |    least |      p95 | unit       | samples | target   | met |");
        Console.WriteLine($"| {new string('-', width)} | -------: | -------: | -------: | ---------- | ------: | -------- | --- |");
        foreach (var (name, unit, figures, target) in rows)
        {
            var bound = target is null ? "" : $"{(target.IsLeast ? "≥" : "≤")} {target.Value.ToString("#,0.##", CultureInfo.InvariantCulture)}";
            var met = target is null ? "" : target.IsMetBy(figures.Median) ? "yes" : "NO";
            var (count, least, median, p95) = figures;
            Console.WriteLine(
                $"| {name.PadRight(width)} | {Text(median),8} | {Text(least),8} | {Text(p95),8} "
                + $"| {unit,-10} | {count,7} | {bound,-8} | {met,-3} |");
        }
    }

    private static string Text(double value) => value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
