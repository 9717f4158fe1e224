using System.Collections;
using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.PowerShell.Tests.Support;

namespace BacktestOps.PowerShell.Tests;

/// <summary>What becomes of our objects in jobs, remote sessions, files of Clixml, CSV and JSON.</summary>
public sealed class SerializationTests
{
    public static TheoryData<string> Types => [.. Samples.OutputTypes.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_figure_of_it_comes_out_of_a_job(string name)
    {
        using var session = new TestSession();
        var before = Sample(name);
        session.Runspace.SessionStateProxy.SetVariable("before", before);

        // A job writes to the depth of 1 where the type says nothing else.
        var after = Assert.Single(session.Run("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($before, 1))").WithoutErrors().Output);

        Assert.Equal($"Deserialized.{before.GetType().FullName}", after.TypeNames[0]);
        Same(PSObject.AsPSObject(before), after, name);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Out_of_a_job_it_is_shown_as_before(string name)
    {
        using var session = new TestSession();
        session.Runspace.SessionStateProxy.SetVariable("before", Sample(name));
        session.Run("$before | Out-Default").WithoutErrors();
        var before = session.Host.Text;
        session.Run("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($before, 1)) | Out-Default").WithoutErrors();

        Assert.NotEmpty(before);
        Assert.Equal(before, session.Host.Text[before.Length..]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void No_cell_of_it_in_a_csv_file_is_the_name_of_a_type(string name)
    {
        // Export-Csv writes what each property looks like as text.
        var cells = PSObject.AsPSObject(Sample(name)).Properties.Select(property => (property.Name, Text: property.Value?.ToString())).ToList();

        Assert.NotEmpty(cells);
        Assert.All(cells, cell => Assert.DoesNotContain("System.", cell.Text ?? "", StringComparison.Ordinal));
        Assert.All(cells, cell => Assert.DoesNotContain("BacktestOps.", cell.Text ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_enum_is_a_word_in_json()
    {
        // ConvertTo-Json writes an enum as a number, except one of 64 bits, which it writes as its word.
        var enums = typeof(BacktestStatus).Assembly.GetExportedTypes().Where(type => type.IsEnum).ToList();

        Assert.NotEmpty(enums);
        Assert.All(enums, type => Assert.Equal(typeof(long), Enum.GetUnderlyingType(type)));
    }

    [Fact]
    public void A_list_of_texts_reads_as_its_texts_and_parameters_as_a_cell_that_is_read_back()
    {
        var run = FakeBacktestApi.Run("a", BacktestStatus.Queued, 0) with
        {
            Symbols = ["AAPL", "IBM"], Parameters = new Dictionary<string, double> { ["Slow"] = 20, ["Fast"] = 1.5 },
        };

        Assert.Equal("AAPL, IBM", run.Symbols.ToString());
        Assert.Equal("Fast=1.5; Slow=20", run.Parameters.ToString());
    }

    private static object Sample(string name) => Samples.Of(Samples.OutputTypes.Single(type => type.Name == name));

    private static void Same(object? before, object? after, string path)
    {
        var (plain, read) = (before is PSObject one ? one.BaseObject : before, after is PSObject other ? other.BaseObject : after);
        switch (plain)
        {
            case null:
                Assert.Null(read);
                break;
            // PowerShell has no form of its own for these two: their properties are there, and our cmdlets and views read them.
            case DateTimeOffset moment:
                Assert.Equal(moment.UtcDateTime, PSObject.AsPSObject(after!).Properties["UtcDateTime"].Value);
                break;
            case DateOnly day:
                Assert.Equal([day.Year, day.Month, day.Day], ((string[])["Year", "Month", "Day"]).Select(part => (int)PSObject.AsPSObject(after!).Properties[part].Value));
                break;
            case string or double or int or bool or long or DateTime or TimeSpan or Enum:
                Assert.True(plain.Equals(read), $"{path}: {plain} became {read} ({read?.GetType()})");
                break;
            case Uri:
                Assert.Equal(plain.ToString(), read?.ToString());
                break;
            case IDictionary table:
                var map = Assert.IsType<IDictionary>(read, exactMatch: false);
                Assert.Equal(table.Count, map.Count);
                foreach (DictionaryEntry entry in table) Same(entry.Value, map[entry.Key], $"{path}.{entry.Key}");
                break;
            case IEnumerable list:
                var (items, others) = (list.Cast<object>().ToList(), Assert.IsType<IEnumerable>(read, exactMatch: false).Cast<object>().ToList());
                Assert.Equal(items.Count, others.Count);
                for (var i = 0; i < items.Count; i++) Same(items[i], others[i], $"{path}[{i}]");
                break;
            default:
                var properties = PSObject.AsPSObject(after!).Properties;
                foreach (var property in PSObject.AsPSObject(before!).Properties)
                {
                    Assert.True(properties[property.Name] is not null, $"{path}.{property.Name} is gone: {read}");
                    Same(property.Value, properties[property.Name].Value, $"{path}.{property.Name}");
                }

                break;
        }
    }
}
