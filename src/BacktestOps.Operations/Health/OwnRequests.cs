namespace BacktestOps.Operations.Health;

/// <summary>What tells the requests of checks from those of users, in the log of the service that they are sent to.</summary>
internal static class OwnRequests
{
    /// <summary>The header in which a caller says what it is.</summary>
    public const string Header = "User-Agent";

    /// <summary>What the checks call themselves.</summary>
    public const string Agent = "BacktestOps-Operations";

    /// <summary>What the id begins with that the smoke journey asks for and nobody has.</summary>
    public const string UnknownId = "smoke-unknown-";
}
