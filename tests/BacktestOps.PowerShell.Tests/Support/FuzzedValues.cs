using System.Collections;
using System.Management.Automation;

namespace BacktestOps.PowerShell.Tests.Support;

/// <summary>Arguments that nobody means: each fits a parameter's type, nearly fits it, or has nothing to do with it.</summary>
internal sealed class FuzzedValues(Random random)
{
    private static readonly string[] Texts =
    [
        "", " ", "x", "SP500", "sp500", "SmaCross", "SmaCros", "삼성전자", "*", "S*", "[", "[a-z]", "a[1].csv", "..", ".", "./no/such/file.csv", "deployment.json", "-1", "0", "1", "1e999", "NaN",
        "a,b", "a;b", "a b", "'", "\"", "$null", "$(1)", "`n", "\u0001", "a\0b", "\t", "2020-01-01", "2020-02-30", "01/02/03", "1h", "0s", "-5m", "soon", "25h", "close > 1", "((((", "env:PATH", "env:", "function:x",
        "variable:x", "HKLM:\\x", "C:\\x", "nodrive:x", "~", "file:///x", "http://127.0.0.1:9", "http://127.0.0.1:9/x?y", "ftp://127.0.0.1", "ko-KR", "zz-ZZ", "Asia/Seoul", "latest", "1.0.0", "99", "\ud83e\udd94", "e\u0301", "\u202e", "{}", "<x/>",
    ];

    private static readonly object?[] Numbers =
    [
        0, 1, -1, 2, 50, 100, 3000, 65_535, 65_536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, ulong.MaxValue, 0.5, -0.5, 1e-300, 5e-324, 1e15, 1e16, 1e300, double.MaxValue,
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1m, decimal.MaxValue, (byte)7, 'c', "1,5", "1.5", "0x10", "x", "", true,
    ];

    private static readonly object?[] Moments =
    [
        DateTime.MinValue, DateTime.MaxValue, new DateTime(2010, 1, 1), DateTimeOffset.MaxValue, new DateOnly(2010, 1, 1), TimeSpan.Zero, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMilliseconds(1),
        TimeSpan.MaxValue, TimeSpan.MinValue, "2020-02-30", "2010-01-01", "1h", "1ms", "-1s", "99999999999d", "soon", 0, 1e300, "",
    ];

    /// <summary>A value for a parameter: of its kind most of the time, else of any.</summary>
    public object? For(Type type)
    {
        if (random.Next(12) == 0) return Any();
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(SwitchParameter) || bare == typeof(bool)) return random.Next(4) > 0;
        if (bare.IsArray) return Enumerable.Range(0, random.Next(4)).Select(_ => For(bare.GetElementType()!)).ToArray();
        if (bare.IsEnum) return random.Next(3) > 0 ? Pick(Enum.GetNames(bare)) : Pick(Texts);
        if (bare == typeof(string)) return Pick(Texts);
        if (bare == typeof(Uri)) return Pick("http://127.0.0.1:9", "https://127.0.0.1:9/a", "x", "", "file:///x", "ftp://127.0.0.1", "http://127.0.0.1:99999", "//");
        if (bare == typeof(TimeSpan) || bare == typeof(DateTime) || bare == typeof(DateTimeOffset) || bare == typeof(DateOnly)) return Pick(Moments);
        if (bare.IsPrimitive || bare == typeof(decimal)) return Pick(Numbers);
        if (typeof(IDictionary).IsAssignableFrom(bare)) return Table(0);
        return Any();
    }

    public object? Any() => random.Next(8) switch
    {
        0 => null,
        1 => Pick(Texts),
        2 => Pick(Numbers),
        3 => Pick(Moments),
        4 => Table(0),
        5 => new object?[] { Pick(Texts), null, Pick(Numbers) },
        6 => Row(),
        _ => typeof(string),
    };

    /// <summary>A row as Import-Csv gives it, whose columns are parameters of somebody.</summary>
    public PSObject Row()
    {
        var row = new PSObject();
        foreach (var name in (string[])["Symbol", "Strategy", "From", "InitialCash", "BacktestId", "Path", "Version", "Nonsense"])
        {
            if (random.Next(2) == 0) row.Properties.Add(new PSNoteProperty(name, Pick(Texts)));
        }

        return row;
    }

    private Hashtable Table(int depth)
    {
        var table = new Hashtable();
        foreach (var key in (object[])["Fast", "Slow", "Symbols", "Share", "InSample", "OutOfSample", "status", "a..b", "", 1])
        {
            if (random.Next(3) > 0) continue;
            table[key] = depth < 3 && random.Next(6) == 0 ? Table(depth + 1) : random.Next(3) == 0 ? new object?[] { Pick(Numbers), Pick(Numbers) } : random.Next(2) == 0 ? Pick(Numbers) : Pick(Texts);
        }

        return table;
    }

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
