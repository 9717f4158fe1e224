namespace BacktestOps.Operations.Commands;

/// <summary>Finds where a pattern ends in a text, whatever spelling each of its characters has there.</summary>
/// <param name="text">The text.</param>
/// <param name="isWhole">False where more text follows.</param>
internal sealed class SecretFinder(string text, bool isWhole)
{
    private readonly EscapedText _escaped = new(text);

    // The places that the characters up to one, to the next and to the one after it may have been read to.
    private List<int> _here = [];
    private List<int> _next = [];
    private List<int> _afterNext = [];

    /// <summary>True when the last pattern that was looked for may go on in the text that follows.</summary>
    public bool MayGoOn { get; private set; }

    /// <summary>True when something other than the character itself may be read here that a pattern begins with.</summary>
    public bool MayBegin(int at, Func<char, bool> isFirst)
    {
        if (!_escaped.IsIntroducer(at) || isFirst(text[at])) return true;
        if (!isWhole && at + EscapedText.LongestSpelling > text.Length) return true;
        foreach (var reading in _escaped.At(at))
        {
            if (isFirst(reading.First)) return true;
        }

        return false;
    }

    /// <summary>Where a pattern that begins at a place ends; 0 when it does not begin there.</summary>
    public int End(int at, SecretPattern pattern)
    {
        MayGoOn = false;
        var first = Literal(ref at, pattern);
        if (first < 0) return 0;
        _here.Clear();
        _next.Clear();
        _here.Add(at);
        var found = 0;
        for (var index = first; index < pattern.Text.Length && (_here.Count > 0 || _next.Count > 0); index++)
        {
            _afterNext.Clear();
            if (index >= Redactor.MinimumLength && CutOff(_here) is { } cut) found = cut;
            foreach (var place in _here) Step(place, pattern, index);
            (_here, _next, _afterNext) = (_next, _afterNext, _here);
        }

        foreach (var place in _here) found = Math.Max(found, place);
        return found;
    }

    /// <summary>
    /// How far a pattern goes on character by character, which is nearly always not far: -1 when it ends in a character that is none of it.
    /// </summary>
    private int Literal(ref int at, SecretPattern pattern)
    {
        var index = 0;
        for (; index < pattern.Text.Length && at < text.Length; index++, at++)
        {
            if (_escaped.IsIntroducer(at) || text[at] is '\r' or '\n' or ' ' or '…') break;
            if (!pattern.Has(index, text[at])) return -1;
        }

        return index;
    }

    /// <summary>Where a text ends that was cut off in the middle: what is left of a secret there is a secret still.</summary>
    private int? CutOff(List<int> places)
    {
        foreach (var place in places)
        {
            if (text.AsSpan(place).StartsWith("…") || text.AsSpan(place).StartsWith(" …")) return place;
        }

        return null;
    }

    private void Step(int place, SecretPattern pattern, int index)
    {
        if (!isWhole && (place >= text.Length || (_escaped.IsIntroducer(place) && place + EscapedText.LongestSpelling > text.Length))) MayGoOn = true;
        if (place >= text.Length) return;
        if (!_escaped.IsIntroducer(place))
        {
            Take(new EscapedText.Reading(text[place], '\0', place + 1), pattern, index);
            return;
        }

        foreach (var reading in _escaped.At(place)) Take(reading, pattern, index);
    }

    private void Take(EscapedText.Reading reading, SecretPattern pattern, int index)
    {
        var wanted = pattern.Text[index];
        if (pattern.IsBase64 && reading.First is '\r' or '\n')
        {
            // Base64 in mail is wrapped.
            if (index > 0) Step(reading.End, pattern, index);
        }
        else if (wanted == '\n' && reading.First is '\n' or '\r' or ' ')
        {
            Add(_next, reading.End);
            if (reading.First == '\r') TakeLineFeed(reading.End);
        }
        else if (pattern.Has(index, reading.First))
        {
            if (reading.Second == '\0') Add(_next, reading.End);
            else if (index + 1 < pattern.Text.Length && pattern.Has(index + 1, reading.Second)) Add(_afterNext, reading.End);
        }
    }

    private void TakeLineFeed(int place)
    {
        if (place >= text.Length)
        {
            if (!isWhole) MayGoOn = true;
            return;
        }

        foreach (var reading in _escaped.At(place))
        {
            if (reading.First == '\n') Add(_next, reading.End);
        }
    }

    private static void Add(List<int> places, int place)
    {
        if (!places.Contains(place)) places.Add(place);
    }
}
