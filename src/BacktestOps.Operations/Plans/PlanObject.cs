using System.Globalization;
using System.Text.Json;

namespace BacktestOps.Operations.Plans;

/// <summary>
/// Reads the keys of one object of a plan, type-strict, and collects every fault instead of stopping at the first. Keys
/// that nobody asked for are faults too: <see cref="Close"/> names them.
/// </summary>
internal sealed class PlanObject
{
    private readonly PlanNode _node;
    private readonly List<PlanFault> _faults;
    private readonly Dictionary<string, PlanNode> _values = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    public PlanObject(PlanNode node, List<PlanFault> faults)
    {
        (_node, _faults) = (node, faults);
        if (node.Kind != JsonValueKind.Object)
        {
            Fault(node, $"{node.Describe} stands where an object must");
            return;
        }

        foreach (var (key, line, value) in node.Members)
        {
            if (!_values.TryAdd(key, value))
                faults.Add(new PlanFault(line, value.Path, $"'{key}' is there twice, first on line {_values[key].Line}", "keep one"));
        }
    }

    public string Path => _node.Path;

    /// <summary>The keys that were asked for: what the plan's format is.</summary>
    public IReadOnlyList<string> Known => _known;

    public void Fault(PlanNode at, string detail, string? hint = null) => _faults.Add(new PlanFault(at.Line, at.Path, detail, hint));

    public void Fault(string key, string detail, string? hint = null) => Fault(_values.GetValueOrDefault(key) ?? _node, detail, hint);

    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The value of a key; null, and a fault where it is required, when it is not there.</summary>
    public PlanNode? Find(string key, bool required = false, string? example = null)
    {
        if (!_known.Contains(key)) _known.Add(key);
        if (_values.TryGetValue(key, out var value)) return value;
        if (required && _node.Kind == JsonValueKind.Object)
            Fault(_node, $"'{key}' is missing", example is null ? null : $"for example \"{key}\": {example}");
        return null;
    }

    public string? Text(string key, bool required = false, string? example = null)
    {
        if (Find(key, required, example) is not { } node || !Is(node, JsonValueKind.String, "a string", example)) return null;
        if (node.Text.Trim().Length > 0) return node.Text;
        Fault(node, "it is empty", example is null ? null : $"for example {example}");
        return null;
    }

    /// <summary>One of some words; the first is the default.</summary>
    public string Word(string key, params ReadOnlySpan<string> words)
    {
        if (Text(key) is not { } text) return words[0];
        if (words.Contains(text)) return text;
        Fault(key, $"'{text}' is none of {string.Join(", ", words.ToArray())}", Suggestion.For(text, words.ToArray()));
        return words[0];
    }

    public long? Whole(string key, long least, long most, bool required = false)
    {
        if (Find(key, required) is not { } node || !Is(node, JsonValueKind.Number, "a whole number", null)) return null;
        if (long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Fault(node, $"{node.Text} is no whole number from {least} to {most}");
        return null;
    }

    public double? Number(string key, double least, double most)
    {
        if (Find(key) is not { } node || !Is(node, JsonValueKind.Number, "a number", null)) return null;
        if (double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        Fault(node, string.Create(CultureInfo.InvariantCulture, $"{node.Text} is no number from {least} to {most}"));
        return null;
    }

    public bool? Flag(string key)
    {
        if (Find(key) is not { } node) return null;
        if (node.Kind is JsonValueKind.True or JsonValueKind.False) return node.Kind == JsonValueKind.True;
        Fault(node, $"{node.Describe} stands where true or false must");
        return null;
    }

    public TimeSpan? Time(string key)
    {
        if (Text(key, example: "\"30s\"") is not { } text) return null;
        if (PlanTime.TryParse(text, out var time)) return time;
        Fault(key, $"'{text}' is no time", "a number and ms, s, m or h: \"500ms\", \"30s\", \"5m\"");
        return null;
    }

    public IReadOnlyList<string> Texts(string key, bool required = false, string? example = null)
    {
        var texts = new List<string>();
        foreach (var item in Items(key, required, example))
        {
            if (!Is(item, JsonValueKind.String, "a string", null)) continue;
            if (item.Text.Length == 0) Fault(item, "it is empty");
            else texts.Add(item.Text);
        }

        return texts;
    }

    public IReadOnlyList<PlanNode> Items(string key, bool required = false, string? example = null)
    {
        if (Find(key, required, example) is not { } node || !Is(node, JsonValueKind.Array, "an array", example)) return [];
        if (required && node.Items.Count == 0) Fault(node, "it is empty", example is null ? null : $"for example {example}");
        return node.Items;
    }

    /// <summary>An object of names and strings.</summary>
    public IReadOnlyDictionary<string, string> Map(string key)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(key) is not { } node || !Is(node, JsonValueKind.Object, "an object", null)) return map;
        foreach (var (name, line, value) in node.Members)
        {
            if (!Is(value, JsonValueKind.String, "a string", $"\"{value.Text}\"")) continue;
            if (!map.TryAdd(name, value.Text)) _faults.Add(new PlanFault(line, value.Path, $"'{name}' is there twice", "keep one"));
        }

        return map;
    }

    public PlanObject? Object(string key, bool required = false, string? example = null) =>
        Find(key, required, example) is { } node ? new PlanObject(node, _faults) : null;

    /// <summary>An object of an array of this one, with the same list of faults.</summary>
    public PlanObject Child(PlanNode node) => new(node, _faults);

    /// <summary>Every key with its value, for an object whose keys are the user's.</summary>
    public IReadOnlyList<KeyValuePair<string, PlanNode>> All()
    {
        _known.AddRange(_values.Keys);
        return [.. _values];
    }

    /// <summary>Names the keys that nobody asked for.</summary>
    public void Close()
    {
        foreach (var (key, line, value) in _node.Members.Where(member => !_known.Contains(member.Key)).DistinctBy(member => member.Key))
            _faults.Add(new PlanFault(line, value.Path, $"there is no key '{key}' here", Suggestion.For(key, _known)));
    }

    private bool Is(PlanNode node, JsonValueKind kind, string wanted, string? example)
    {
        if (node.Kind == kind) return true;
        Fault(node, $"{node.Describe} stands where {wanted} must", example is null ? null : $"for example {example}");
        return false;
    }
}
