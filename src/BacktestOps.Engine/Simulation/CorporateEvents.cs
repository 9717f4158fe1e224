namespace BacktestOps.Engine.Simulation;

/// <summary>Splits and dividends of prices as traded: what is held grows by them at the open of the ex-date.</summary>
/// <remarks>
/// Shares are multiplied and every price of the position is divided, so that its money and its cost stay what they were. A short
/// position owes what a long one is given, and grows likewise. An order that waits for its price waits for it in the new shares.
/// </remarks>
internal sealed class CorporateEvents
{
    private readonly Book _book;
    private readonly Timeline _timeline;
    private readonly int[] _symbols;

    /// <summary>Looks for symbols that have any.</summary>
    /// <param name="book">The books.</param>
    /// <param name="timeline">The dates.</param>
    public CorporateEvents(Book book, Timeline timeline)
    {
        (_book, _timeline) = (book, timeline);
        _symbols = [.. Enumerable.Range(0, book.Bars.Length).Where(i => book.Bars[i].HasActions)];
    }

    /// <summary>Applies those of a date, before anything else happens at its open.</summary>
    public void Apply(int date)
    {
        foreach (var symbol in _symbols)
        {
            var bar = _timeline.BarAt(symbol, date);
            var growth = bar < 1 ? 1 : _book.Bars[symbol].Growth[bar];
            if (growth == 1) continue;
            ref var position = ref _book.Positions[symbol];
            position.WaitingPrice /= growth;
            if (_book.Shares[symbol] == 0) continue;
            position.WaitingExit = position.WaitingExit.After(growth);
            _book.Shares[symbol] *= growth;
            position.EntryPrice /= growth;
            position.Best /= growth;
            position.Growth *= growth;
        }
    }
}
