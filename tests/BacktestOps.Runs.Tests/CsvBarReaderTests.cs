using System.Security.Cryptography;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Runs.MarketData;

namespace BacktestOps.Runs.Tests;

/// <summary>What a CSV file may look like, and what is said about one that may not.</summary>
public sealed class CsvBarReaderTests
{
    private const string Header = "date,open,high,low,close,volume\n";
    private const string Row1 = "2020-01-02,10,12,9,11,100\n";
    private const string Row2 = "2020-01-03,11,13,10,12,200\n";

    public static TheoryData<string, string, int?, string> Faults { get; } = new()
    {
        { "an empty file", "", null, "the file is empty" },
        { "a byte order mark alone", "\uFEFF", null, "the file is empty" },
        { "blank lines alone", "\n\n\n", null, "the file is empty" },
        { "a header alone", Header, null, "no bar below it" },
        { "a header without line break", "date,open,high,low,close,volume", null, "no bar below it" },
        { "no header", Row1 + Row2, 1, "no column for date, open, high, low, close, volume" },
        { "an unknown column set", "when,o,h,l,c,v\n1,2,3,4,5,6\n", 1, "the header has 'when', 'o'" },
        { "one missing column", "date,open,high,low,close\n2020-01-02,1,1,1,1\n", 1, "no column for volume" },
        { "a column twice", "date,open,high,low,close,Close,volume\n2020-01-02,1,1,1,1,1,1\n", 1, "two columns mean close: 'close' and 'Close'" },
        { "two columns for the date", "date,time,open,high,low,close,volume\n2020-01-02,09:30,1,1,1,1,1\n", 1, "two columns mean date" },
        { "a word for a number", Header + Row1 + "2020-01-03,11,13,10,abc,200\n", 3, "close 'abc' is not a number" },
        { "null as a vendor writes it", Header + Row1 + "2020-01-03,null,null,null,null,null\n", 3, "open 'null' is not a number" },
        { "a missing number", Header + "2020-01-02,10,,9,11,100\n", 2, "high is missing" },
        { "a decimal comma", "date;open;high;low;close;volume\n2020-01-02;10,5;12;9;11;100\n", 2, "write a point for decimals" },
        { "a thousands separator", Header + "2020-01-02,10,12,9,11,\"1,000\"\n", 2, "volume '1,000' is not a number" },
        { "a currency sign", Header + "2020-01-02,$10,12,9,11,100\n", 2, "open '$10' is not a number" },
        { "a hexadecimal number", Header + "2020-01-02,0x10,12,9,11,100\n", 2, "open '0x10' is not a number" },
        { "NaN", Header + "2020-01-02,NaN,12,9,11,100\n", 2, "open 'NaN' is not a price" },
        { "infinity", Header + "2020-01-02,10,Infinity,9,11,100\n", 2, "high 'Infinity' is not a price" },
        { "a number beyond doubles", Header + "2020-01-02,10,1e999,9,11,100\n", 2, "high '1e999' is not a price" },
        { "a negative price", Header + "2020-01-02,10,12,-9,11,100\n", 2, "low '-9' is not a price" },
        { "a price of zero", Header + "2020-01-02,10,12,9,0,100\n", 2, "close '0' is not a price" },
        { "a price of minus zero", Header + "2020-01-02,-0,12,9,10,100\n", 2, "open '-0' is not a price" },
        { "a price that underflows", Header + "2020-01-02,1e-999,12,9,10,100\n", 2, "open '1e-999' is not a price" },
        { "NaN volume", Header + "2020-01-02,10,12,9,11,NaN\n", 2, "volume 'NaN' is not a volume" },
        { "negative volume", Header + "2020-01-02,10,12,9,11,-1\n", 2, "volume '-1' is not a volume" },
        { "high below low", Header + Row1 + "2020-01-03,11,9,10,12,200\n", 3, "high '9' is below low '10'" },
        { "a date twice", Header + Row1 + Row2 + Row2, 4, "date '2020-01-03' stands there twice" },
        { "one day in two forms", Header + Row1 + "20200102,11,13,10,12,200\n", 3, "stands there twice" },
        { "descending dates", Header + Row2 + Row1, 3, "comes before the row above it (2020-01-03)" },
        { "a day that is not", Header + "2020-02-30,10,12,9,11,100\n", 2, "date '2020-02-30' can't be read" },
        { "a month that is not", Header + "20201301,10,12,9,11,100\n", 2, "date '20201301' can't be read" },
        { "an hour that is not", Header + "2020-01-02 24:00,10,12,9,11,100\n", 2, "can't be read" },
        { "an American date", Header + "01/02/2020,10,12,9,11,100\n", 2, "date '01/02/2020' can't be read; write 2020-01-31" },
        { "a time stamp in seconds", Header + "1577923200,10,12,9,11,100\n", 2, "date '1577923200' can't be read" },
        { "a missing date", Header + ",10,12,9,11,100\n", 2, "date '' can't be read" },
        { "a signed date", Header + "+2020102,10,12,9,11,100\n", 2, "can't be read" },
        { "a truncated last row", Header + Row1 + "2020-01-03,11,13", 3, "the row has 3 fields, the header has 6" },
        { "a row with a field too many", Header + "2020-01-02,1,000,12,9,11,100\n", 2, "the row has 7 fields, the header has 6" },
        { "a row of separators", Header + Row1 + ",,,,,\n" + Row2, 3, "date '' can't be read" },
        { "an open quote", Header + Row1 + "\"2020-01-03,11,13,10,12,200\n" + Row2, 3, "quotes" },
        { "text after a quote", Header + "\"2020-01-02\"x,10,12,9,11,100\n", 2, "quotes" },
        { "a binary file", "\u0000\u0001\u0002PK\u0003\u0004\u0000", 1, "no column for" },
        { "a web page", "<!DOCTYPE html>\n<html><body>Too many requests</body></html>\n", 1, "no column for" },
        { "line numbers count blank lines", Header + "\n  \n" + Row1 + "\n" + "2020-01-03,x,13,10,12,200\n", 6, "open 'x'" },
        { "line numbers count Windows line ends once", (Header + Row1).Replace("\n", "\r\n", StringComparison.Ordinal) + "2020-01-03,x,13,10,12,200\r\n", 3, "open 'x'" },
        { "a long text is cut", Header + "2020-01-02," + new string('9', 5000) + "x,12,9,11,100\n", 2, "999…' is not a number" },
        { "control characters are not printed", Header + "2020-01-02,1\u001b[31m0,12,9,11,100\n", 2, "open '1\uFFFD[31m0' is not a number" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void AFaultIsNamedWithFileAndLine(string what, string content, int? line, string said)
    {
        var fault = Assert.Throws<MarketDataException>(() => Read(content));
        Assert.True(fault.Line == line, $"{what}: {fault.Message}");
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(line is null ? "BAD.csv: " : $"BAD.csv, line {line}: ", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.Message.Length < 500, fault.Message);
    }

    [Theory]
    [InlineData("2020-01-02", 0)]
    [InlineData("20200102", 0)]
    [InlineData("2020-01-02T09:30:15", 34215)]
    [InlineData("2020-01-02 09:30:15", 34215)]
    [InlineData("2020-01-02 09:30", 34200)]
    [InlineData("2020-01-02T00:00:00", 0)]
    public void ADateIsReadInEachForm(string text, int seconds) =>
        Assert.Equal(new DateTime(2020, 1, 2).AddSeconds(seconds), Read(Header + $"{text},10,12,9,11,100\n").Bars.Dates[0]);

    [Theory]
    [InlineData("Date,Open,High,Low,Close,Adj Close,Volume")]
    [InlineData("DATE , OPEN,HIGH,LOW,CLOSE,ADJ_CLOSE,VOLUME")]
    [InlineData("timestamp,open,high,low,close,adjusted_close,volume")]
    [InlineData("Date Time,Open,High,Low,Close,AdjClose,Volume")]
    [InlineData("time;open;high;low;close;Adjusted Close;volume")]
    [InlineData("datetime\topen\thigh\tlow\tclose\tadjclose\tvolume")]
    [InlineData("\"Date\",\"Open\",\"High\",\"Low\",\"Close\",\"Adj-Close\",\"Volume\"")]
    [InlineData("\uFEFFdate,open,high,low,close,adj close,volume")]
    public void HeaderNamesDecideTheColumns(string header)
    {
        var separator = header.Contains(';', StringComparison.Ordinal) ? ';' : header.Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
        var bars = Read($"{header}\r\n" + string.Join(separator, "2020-01-02", "10", "12", "9", "\"11\"", "5.5", "100")).Bars;
        Assert.Equal((10, 12, 9, 11, 5.5, 100), (bars.Open[0], bars.High[0], bars.Low[0], bars.Close[0], bars.AdjustedClose[0], bars.Volume[0]));
    }

    [Fact]
    public void ColumnsMayStandInAnyOrderAmongOthers()
    {
        var bars = Read("volume,ticker,close,low,high,open,date,\n100,ABC,11,9,12,10,2020-01-02,\n").Bars;
        Assert.Equal((10, 12, 9, 11, 100), (bars.Open[0], bars.High[0], bars.Low[0], bars.Close[0], bars.Volume[0]));
        Assert.False(bars.HasAdjustedClose);
    }

    [Fact]
    public void AnOpenOrCloseOutsideTheRangeIsToleratedWithAWarning()
    {
        var series = Read(Header + Row1 + "2020-01-03,13.5,13,10,12,200\n2020-01-06,11,13,10,9.5,200\n");
        Assert.Equal(3, series.Bars.Count);
        Assert.Equal("BAD.csv: in 2 of 3 bars the open or close lies outside low to high (first on line 3).", Assert.Single(series.Warnings));
    }

    [Fact]
    public void TheFingerprintIsTheSha256OfTheBytes()
    {
        var content = Encoding.UTF8.GetBytes(Header + Row1);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), CsvBarReader.Read(content, "A", "A", "A.csv").Fingerprint);
    }

    [Fact]
    public void Utf16WithItsMarkIsReadToo()
    {
        byte[] content = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Header + Row1)];
        Assert.Equal(11, CsvBarReader.Read(content, "A", "A", "A.csv").Bars.Close[0]);
    }

    [Fact]
    public void ABrokenByteAnywhereEndsInBarsOrInOneNamedFault()
    {
        var whole = Encoding.UTF8.GetBytes(Header + Row1 + Row2);
        var random = new Random(20261123);
        for (var i = 0; i < 20_000; i++)
        {
            var content = (byte[])whole.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                content[random.Next(content.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                content = content[..random.Next(content.Length)];
            try
            {
                var bars = CsvBarReader.Read(content, "A", "A", "A.csv").Bars;
                Assert.True(bars.Count > 0 && bars.High[0] >= bars.Low[0] && bars.Low[0] > 0);
            }
            catch (MarketDataException fault)
            {
                Assert.StartsWith("A.csv", fault.Message, StringComparison.Ordinal);
            }
        }
    }

    private static MarketSeries Read(string content) => CsvBarReader.Read(Encoding.UTF8.GetBytes(content), "BAD", "BAD", "BAD.csv");
}
