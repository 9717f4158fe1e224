namespace BacktestOps.Operations.Commands;

/// <summary>
/// Takes secrets out of a text that comes in pieces, however they are cut. What may be the beginning of a secret is held back until what
/// follows shows whether it is one.
/// </summary>
/// <param name="redactor">What to take out.</param>
public sealed class PiecewiseRedactor(Redactor redactor)
{
    private string _held = "";

    /// <summary>Takes a piece.</summary>
    /// <param name="piece">The next piece of the text.</param>
    /// <returns>What can be written now.</returns>
    public string Push(string piece)
    {
        var text = _held + piece;
        var clean = redactor.Redact(text, isWhole: false, out var held);
        _held = text[^held..];
        return clean;
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back, without secrets.</returns>
    public string Finish()
    {
        var rest = redactor.Redact(_held);
        _held = "";
        return rest;
    }
}
