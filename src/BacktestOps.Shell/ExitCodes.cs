namespace BacktestOps.Shell;

/// <summary>The exit codes that this host gives by itself; a script's own <c>exit N</c> is kept as it is.</summary>
internal static class ExitCodes
{
    /// <summary>The work ended; non-terminating errors do not count, nor does Ctrl+C (both as in pwsh).</summary>
    public const int Success = 0;

    /// <summary>A terminating error, or a script that cannot be parsed.</summary>
    public const int Failed = 1;

    /// <summary>A command line that makes no sense, or a script that does not exist (EX_USAGE of sysexits.h, as in pwsh).</summary>
    public const int BadCommandLine = 64;

    /// <summary>Ended by SIGTERM, after the script's <c>finally</c> blocks have run (128 + 15).</summary>
    public const int Terminated = 143;
}
