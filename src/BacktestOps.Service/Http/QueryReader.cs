using System.Globalization;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Http;

/// <summary>
/// Reads the query of a call and names every fault of it at once: wrong values, values given twice, and names that nothing reads,
/// because who writes <c>?limt=5</c> would take the answer for one of five. A blank value counts as absent.
/// </summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private const int MostUnknown = 20;

    private readonly List<RequestFault> _faults = [];
    private readonly List<string> _known = [];

    /// <summary>Ends a call that takes no query and has one.</summary>
    /// <exception cref="InvalidRequestException">It has one.</exception>
    public static void ThrowIfAny(HttpContext context)
    {
        if (context.Request.QueryString.HasValue)
            new QueryReader(context.Request.Query).ThrowIfFaulty();
    }

    /// <summary>A text, or null.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        var values = query[name];
        if (values.Count > 1)
            _faults.Add(new RequestFault(name, $"is given {values.Count} times", "give it once"));
        return values.Count == 1 && !string.IsNullOrWhiteSpace(values[0]) ? values[0] : null;
    }

    /// <summary>A text that must be there.</summary>
    public string Required(string name, string example)
    {
        var text = Text(name);
        if (text is null && !_faults.Exists(fault => fault.Field == name))
            _faults.Add(new RequestFault(name, "is missing", example));
        return text ?? "";
    }

    /// <summary>A whole number between limits, or null.</summary>
    public int? Integer(string name, int minimum, int maximum)
    {
        if (Text(name) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
            return number;
        _faults.Add(new RequestFault(name, $"is '{Shorten(text)}'", string.Create(CultureInfo.InvariantCulture, $"expected a whole number from {minimum} to {maximum}")));
        return null;
    }

    /// <summary>A day, or null.</summary>
    public DateOnly? Date(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        _faults.Add(new RequestFault(name, $"is '{Shorten(text)}'", "expected a date such as 2020-01-31"));
        return null;
    }

    /// <summary>One of some words, or null.</summary>
    public T? Word<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        if (words.TryGetValue(text, out var value))
            return value;
        _faults.Add(new RequestFault(name, $"is '{Shorten(text)}'", $"expected one of {string.Join(", ", words.Keys)}"));
        return null;
    }

    /// <summary>Adds a fault that no single value shows.</summary>
    public void Fault(string name, string detail, string hint) => _faults.Add(new RequestFault(name, detail, hint));

    /// <summary>Ends the call when a value was wrong.</summary>
    /// <exception cref="InvalidRequestException">A value was wrong.</exception>
    public void ThrowIfFaulty()
    {
        string[] unknown = [.. query.Keys.Where(name => !_known.Contains(name, StringComparer.OrdinalIgnoreCase))];
        foreach (var name in unknown.Take(MostUnknown))
            _faults.Add(new RequestFault(name.Length == 0 ? "?" : Shorten(name), "is not known", Hint(name)));
        if (unknown.Length > MostUnknown)
            _faults.Add(new RequestFault("?", string.Create(CultureInfo.InvariantCulture, $"has {unknown.Length - MostUnknown} more names that are not known"), Hint("")));
        if (_faults.Count > 0)
            throw new InvalidRequestException(_faults);
    }

    private string Hint(string name)
    {
        if (_known.Count == 0)
            return "the call takes no query";
        var all = $"known are {string.Join(", ", _known)}";
        return NameSuggestion.Nearest(Shorten(name), _known) is { } nearest ? $"did you mean '{nearest}'? {all}" : all;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
