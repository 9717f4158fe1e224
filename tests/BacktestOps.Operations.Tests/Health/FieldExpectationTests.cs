using System.Text.Json;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Tests.Health;

public class FieldExpectationTests
{
    public static TheoryData<object?, string, bool> Cases => new()
    {
        { "ready", "\"ready\"", true },
        { "ready", "\"r\\u0065ady\"", true },
        { "준비 \"ok\"\n", "\"준비 \\\"ok\\\"\\n\"", true },
        { "ready", "\"Ready\"", false },
        { "ready", "\"ready \"", false },
        { "3", "3", false },
        { 3, "\"3\"", false },
        { 3, "3", true },
        { 3, "3.0", true },
        { 3, "3.0000001", false },
        { 0.1, "0.1", true },
        { 0.1, "0.10000000000000001", false },
        { 9007199254740993L, "9007199254740993", true },
        { 9007199254740993L, "9007199254740992", false },
        { true, "true", true },
        { true, "false", false },
        { true, "1", false },
        { true, "\"true\"", false },
        { null, "null", true },
        { null, "\"\"", false },
        { "", "null", false },
        { "x", "{\"x\":1}", false },
        { "x", "[\"x\"]", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_meets_it_only_with_the_same_type_and_value(object? expected, string observed, bool met)
    {
        var value = JsonDocument.Parse(observed).RootElement;

        Assert.Equal(met, FieldExpectation.FromObject("field", expected).IsMetBy(value, out var why));
        Assert.Equal(met, why is null);
    }

    [Fact]
    public void A_value_without_a_json_counterpart_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => FieldExpectation.FromObject("status", new Version(1, 2)));
        Assert.Contains("'status' is a Version", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FieldExpectation.FromObject("status", double.NaN));
    }
}
