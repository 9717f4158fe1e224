using BacktestOps.Contracts;
using Microsoft.Data.Sqlite;

namespace BacktestOps.Runs.Stores;

/// <summary>Says what a fault of the database means and what to do about it.</summary>
internal static class StoreFault
{
    // Primary result codes, https://www.sqlite.org/rescode.html
    private const int Perm = 3, Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CantOpen = 14, NotADatabase = 26;

    private const string Restore = "Stop the service, restore the database from a backup or move it away (a new one is made at the next start; the result files beside it are not touched), and start it again.";

    /// <summary>A file whose pages do not hold together.</summary>
    public static BacktestUnavailableException Damaged(string path, string what) => new(
        $"The run database '{path}' is damaged ({what.ReplaceLineEndings(" ")}); nothing is accepted.", Restore, new SqliteException(what, Corrupt));

    /// <summary>A file that lacks what was committed.</summary>
    public static BacktestUnavailableException Replaced(string path, long stored, long known) => new(
        FormattableString.Invariant($"The run database '{path}' was replaced while it was open: it ends at run {stored}, and run {known} was committed; nothing is accepted."),
        "Restart the service; it then works on the file that is there now.", new SqliteException("replaced", Corrupt));

    /// <summary>True when the file itself is at fault.</summary>
    public static bool IsDamage(BacktestUnavailableException fault) => Word(fault) == "damaged";

    /// <summary>The error for people.</summary>
    public static BacktestUnavailableException Describe(SqliteException fault, string path)
    {
        var (what, action) = fault.SqliteErrorCode switch
        {
            Busy or Locked => ("is locked by another process", "Wait until the other process is done with it, or end that process; then try again."),
            Corrupt or NotADatabase => ("is damaged", Restore),
            Full => ("can't grow, the disk is full", "Free space on the disk, then try again."),
            ReadOnly or Perm => ("can't be written", "Give this user the right to write there, or point BACKTESTOPS_HOME at another folder."),
            CantOpen => ("can't be opened", "See that the folder exists and this user may write there, or point BACKTESTOPS_HOME at another folder."),
            IoError => ("can't be read or written", "See whether the disk is full or failing, then try again."),
            _ => ("gave an unexpected answer", "Try again; if it stays, report it with this message."),
        };
        return new BacktestUnavailableException($"The run database '{path}' {what} ({fault.Message.TrimEnd('.')}).", action, fault);
    }

    /// <summary>One word for the health document.</summary>
    public static string Word(BacktestUnavailableException fault) => (fault.InnerException as SqliteException)?.SqliteErrorCode switch
    {
        Busy or Locked => "locked",
        Corrupt or NotADatabase => "damaged",
        Full => "full",
        ReadOnly or Perm => "read_only",
        _ => "failed",
    };
}
