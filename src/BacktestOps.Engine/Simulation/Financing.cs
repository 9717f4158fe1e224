namespace BacktestOps.Engine.Simulation;

/// <summary>What is owed: its interest, and the margin.</summary>
/// <param name="book">The books.</param>
/// <param name="timeline">The dates.</param>
/// <param name="marks">The closes.</param>
internal sealed class Financing(Book book, Timeline timeline, MarkRows marks)
{
    private const double DaysPerYear = 365;

    // Equity that meets the margin in exact arithmetic must not miss it by a rounding.
    private const double MarginDoubt = 1e-9;

    /// <summary>Closes at which equity was below the maintenance margin.</summary>
    public Occurrences MarginCalls { get; private set; }

    /// <summary>Closes at which there was no equity left.</summary>
    public Occurrences Ruin { get; private set; }

    /// <summary>Takes the interest since the date before: on borrowed shares at their last close, on cash below 0.</summary>
    public void Accrue(int date)
    {
        var margin = book.Rules.Margin;
        if (date == 0 || (book.Shorts == 0 && !(book.Cash < 0)) || (margin.BorrowRate == 0 && margin.LoanRate == 0)) return;
        var years = (timeline.Dates[date] - timeline.Dates[date - 1]).TotalDays / DaysPerYear;
        var owed = Math.Max(0, -book.Cash) * margin.LoanRate * years;
        if (book.Shorts > 0)
        {
            var last = marks.At(date - 1);
            for (var i = 0; i < book.Shares.Length; i++)
            {
                if (!(book.Shares[i] < 0)) continue;
                var cost = -book.Shares[i] * last[i] * margin.BorrowRate * years;
                book.Positions[i].BorrowCost += cost;
                owed += cost;
            }
        }
        book.Cash -= owed;
        book.OtherCosts += owed;
    }

    /// <summary>Orders that everything be closed at the next open, where equity at a close is below the maintenance margin.</summary>
    public void CheckMargin(int date, double equity, ReadOnlySpan<double> closes, DueOrders due)
    {
        // Also a position that was closed since can have cost more than there was.
        if (equity <= 0) Ruin = Ruin.And(timeline.Dates[date]);
        if (book.Held == 0 || book.IsFreeOfDebt) return;
        var required = book.Gross(closes) * book.Rules.Margin.Maintenance;
        if (equity >= required * (1 - MarginDoubt) && equity > 0) return;
        MarginCalls = MarginCalls.And(timeline.Dates[date]);
        for (var i = 0; i < book.Shares.Length; i++)
        {
            ref var position = ref book.Positions[i];
            position.CancelEntries();
            if (book.Shares[i] == 0) continue;
            position.ExitDue ??= Contracts.ExitReason.MarginCall;
            due.Add(i);
        }
    }
}
