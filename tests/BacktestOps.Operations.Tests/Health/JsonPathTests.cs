using System.Text.Json;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Tests.Health;

public class JsonPathTests
{
    private static readonly JsonElement Root = JsonDocument.Parse(
        """{"status":"healthy","services":{"database":"connected","a.b":{"c":[10,{"d":null}]}},"":1}""").RootElement;

    [Theory]
    [InlineData("status", "\"healthy\"")]
    [InlineData("$.status", "\"healthy\"")]
    [InlineData("services.database", "\"connected\"")]
    [InlineData("services['a.b'].c[0]", "10")]
    [InlineData("services[\"a.b\"].c[1].d", "null")]
    [InlineData("$['services'].database", "\"connected\"")]
    [InlineData("['']", "1")]
    public void A_path_finds_its_value(string path, string expected)
    {
        Assert.True(JsonPath.Parse(path).TryFind(Root, out var value, out var missing));
        Assert.Equal(expected, value.GetRawText());
        Assert.Null(missing);
    }

    [Theory]
    [InlineData("version", "$ has only status, services, , so there is no 'version' in it")]
    [InlineData("status.database", "$.status is \"healthy\", so there is no 'database' in it")]
    [InlineData("services['a.b'].c[2]", "$.services.a.b.c is an array of 2, so there is no [2] in it")]
    [InlineData("services[0]", "$.services has only database, a.b, so there is no [0] in it")]
    [InlineData("Status", "$ has only status, services, , so there is no 'Status' in it")]
    public void A_path_that_ends_in_nothing_says_where_and_what_stands_there(string path, string expected)
    {
        Assert.False(JsonPath.Parse(path).TryFind(Root, out _, out var missing));
        Assert.Equal(expected, missing);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("$status")]
    [InlineData("a[")]
    [InlineData("a[x]")]
    [InlineData("a[-1]")]
    [InlineData("a['b]")]
    [InlineData("a['b'")]
    [InlineData("a[0]b")]
    [InlineData("a[99999999999]")]
    public void What_is_no_path_is_refused_with_its_position(string path)
    {
        var error = Assert.Throws<FormatException>(() => JsonPath.Parse(path));
        Assert.Contains("position", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
    }
}
