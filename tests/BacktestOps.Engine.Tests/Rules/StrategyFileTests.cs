using System.Text;
using System.Text.Json;
using BacktestOps.Contracts;
using BacktestOps.Engine.Rules;

namespace BacktestOps.Engine.Tests.Rules;

/// <summary>Strategies in JSON: read as they are meant, refused with everything that is wrong with them.</summary>
public class StrategyFileTests
{
    private const string Good = """
        {
          // A comment is allowed, and so is a comma at the end.
          "name": "Dip",
          "description": "Buys a dip.",
          "parameters": [ { "name": "n", "default": 5, "minimum": 1, "maximum": 50, "is_integer": true }, ],
          "constraints": [ "$n * 2 <= 100" ],
          "entry": "close < sma(close, $n)",
          "exit": "close > sma(close, $n)",
        }
        """;

    [Fact]
    public void A_strategy_is_read_with_all_its_members()
    {
        var strategy = Assert.Single(Parse(Good));

        Assert.Equal(("Dip", "Buys a dip.", "close < sma(close, $n)", "close > sma(close, $n)"), (strategy.Name, strategy.Description, strategy.Entry, strategy.Exit));
        Assert.Equal(["$n * 2 <= 100"], strategy.Constraints);
        var parameter = Assert.Single(strategy.Parameters!);
        Assert.Equal(("n", 5.0, 1.0, 50.0, true), (parameter.Name, parameter.Default, parameter.Minimum, parameter.Maximum, parameter.IsInteger));
    }

    [Fact]
    public void Several_strategies_are_a_list_and_faults_say_which()
    {
        Assert.Equal(["Dip", null], Parse($$"""[{{Good}}, { "entry": "true", "exit": "false" }]""").Select(strategy => strategy.Name));

        var error = Assert.Throws<InvalidStrategyException>(() => Parse($$"""[{{Good}}, { "entry": "closs > 1", "exit": "false" }]"""));

        Assert.Equal("[1].entry: unknown name 'closs' at 1 (did you mean 'close'?)", Assert.Single(error.Faults).ToString());
    }

    [Fact]
    public void Every_fault_is_named_with_its_field_and_place()
    {
        const string Bad = """
            {
              "name": "no name",
              "parameters": [
                { "name": "n", "default": 500, "minimum": 1, "maximum": 50 },
                { "name": "N", "default": 1, "minimum": 1, "maximum": 50 },
                { "name": "m n", "default": 1, "minimum": 1, "maximum": 50 },
                { "name": "half", "default": 1.5, "minimum": 1, "maximum": 50, "is_integer": true },
                { "name": "turned", "default": 1, "minimum": 5, "maximum": 1 }
              ],
              "constraints": [ "$n < $k", "close > 1" ],
              "entry": "close < smaa(close, $n) and",
              "exit": "close > smaa(close, $x)",
              "short_entry": "close",
              "stops": { "stop_loss": "true", "trailing_stop": "2 * art(14)" },
              "sizing": { "kind": "fixed_cash", "value": 0 }
            }
            """;

        var error = Assert.Throws<InvalidStrategyException>(() => Parse(Bad));

        Assert.Equal(
            ["constraints[0]", "constraints[1]", "entry", "exit", "exit", "name", "parameters[0].default", "parameters[1]", "parameters[2]",
             "parameters[3].default", "parameters[4].minimum", "short_entry", "sizing.value", "stops.stop_loss", "stops.trailing_stop"],
            error.Faults.Select(fault => fault.Field).Order(StringComparer.Ordinal));
        Assert.Contains("unknown function 'smaa' at 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("unknown parameter '$x' at 21", error.Message, StringComparison.Ordinal);
        Assert.Contains("dip.json has 15 faults", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("3", "$")]
    [InlineData("null", "$")]
    [InlineData("""{ "entry": "true", "exit": "false" } x""", "$")]
    [InlineData("""{ "entry": "true", "exit": "false", "entyr": "true" }""", "$.entyr")]
    [InlineData("""{ "entry": "true", "entry": "true", "exit": "false" }""", "$.entry")]
    [InlineData("""{ "entry": true, "exit": "false" }""", "$.entry")]
    [InlineData("""{ "entry": "true", "exit": null }""", "$.exit")]
    [InlineData("""{ "entry": "true", "exit": "false", "parameters": [ { "name": "n", "default": 1, "minimum": 1, "maximun": 5 } ] }""", "$.parameters[0]")]
    [InlineData("""{ "entry": "true", "exit": "false", "stops": { "stoploss": "0.05" } }""", "$.stops.stoploss")]
    [InlineData("""{ "entry": "true", "exit": "false", "sizing": { "kind": "all" } }""", "$.sizing.kind")]
    [InlineData("""[ { "entry": "true", "exit": "false" }, 5 ]""", "$[1]")]
    [InlineData("""{ "entry": "true" """, "$")]
    public void Wrong_JSON_is_one_fault_with_path_and_line(string json, string path)
    {
        var error = Assert.Throws<InvalidStrategyException>(() => Parse(json));

        var fault = Assert.Single(error.Faults);
        Assert.StartsWith(path, fault.Field, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("BacktestOps.", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_rules_are_named_and_false_is_an_exit()
    {
        var error = Assert.Throws<InvalidStrategyException>(() => Parse("{}"));

        Assert.Equal(["entry", "exit"], error.Faults.Select(fault => fault.Field));
        Assert.Single(Parse("""{ "entry": "true", "exit": "false" }"""));
    }

    [Theory]
    [InlineData("""{ "parameters": [ { "name": "n", "default": 0, "minimum": 0, "maximum": 5 } ], "entry": "close > sma(close, $n)", "exit": "false" }""", "entry", "'bars' of sma is 0 at 20")]
    [InlineData("""{ "parameters": [ { "name": "n", "default": 5, "minimum": 0, "maximum": 5 } ], "constraints": [ "$n < 5" ], "entry": "close > sma(close, $n)", "exit": "false" }""", "constraints[0]", "does not hold for the defaults")]
    [InlineData("""{ "parameters": [ { "name": "n", "default": 5, "minimum": 0, "maximum": 5 } ], "entry": "true", "exit": "false" }""", "parameters[0]", "no rule names $n")]
    public void Defaults_that_cannot_run_are_faults(string json, string field, string detail)
    {
        var fault = Assert.Single(Assert.Throws<InvalidStrategyException>(() => Parse(json)).Faults);

        Assert.Equal((field, detail), (fault.Field, fault.Detail));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var strategy = new StrategyDefinition
        {
            Name = "All",
            Entry = "close > sma(close, $n)",
            Exit = "false",
            ShortEntry = "close < sma(close, $n)",
            ShortExit = "true",
            Parameters = [new StrategyParameter { Name = "n", Default = 3, Minimum = 1, Maximum = 9 }],
            Stops = new StopRules { StopLoss = "0.05", TakeProfit = "3 * atr(14)", TrailingStop = "close - lowest(low, 5)" },
            Sizing = new SizingRule { Kind = SizingKind.VolatilityTarget, Value = 0.15 },
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(strategy, ContractsJson.Default.StrategyDefinition);

        var read = Assert.Single(StrategyFile.Parse(json, "memory"));

        Assert.Equal(json, JsonSerializer.SerializeToUtf8Bytes(read, ContractsJson.Default.StrategyDefinition));
    }

    private static IReadOnlyList<StrategyDefinition> Parse(string json) => StrategyFile.Parse(Encoding.UTF8.GetBytes(json), "dip.json");
}
