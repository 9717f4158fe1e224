using System.Management.Automation;
using BacktestOps.Contracts;
using BacktestOps.Operations.Plans;
using BacktestOps.Operations.ServiceProcesses;
using BacktestOps.PowerShell.Resources;

namespace BacktestOps.PowerShell.Pipeline;

/// <summary>Errors that people can act on, as PowerShell shows and filters them.</summary>
internal static class ErrorRecords
{
    private static readonly (string Ending, ErrorCategory Category)[] ByEnding =
    [
        ("NotFound", ErrorCategory.ObjectNotFound), ("Missing", ErrorCategory.ObjectNotFound), ("Unreachable", ErrorCategory.ConnectionError),
        ("NotReadable", ErrorCategory.ReadError), ("Unreadable", ErrorCategory.ReadError),
        ("NotWritten", ErrorCategory.WriteError), ("NotWritable", ErrorCategory.WriteError), ("DiskFull", ErrorCategory.WriteError),
        ("Exists", ErrorCategory.ResourceExists), ("Locked", ErrorCategory.ResourceBusy), ("Taken", ErrorCategory.ResourceBusy),
        ("Invalid", ErrorCategory.InvalidData), ("Damaged", ErrorCategory.InvalidData), ("NotWhole", ErrorCategory.InvalidData),
        ("NotPrivate", ErrorCategory.SecurityError), ("Refused", ErrorCategory.PermissionDenied),
        ("TimedOut", ErrorCategory.OperationTimeout), ("Cancelled", ErrorCategory.OperationStopped),
        ("Failed", ErrorCategory.InvalidResult), ("RolledBack", ErrorCategory.InvalidResult),
    ];

    /// <summary>The record of an error: stable id, fitting category, the input as target, and what to do next.</summary>
    /// <param name="error">What was wrong.</param>
    /// <param name="target">The input that it concerns; null when it concerns none.</param>
    public static ErrorRecord From(BacktestOpsException error, object? target) =>
        new(error, error.ErrorId, CategoryOf(error), target)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.RecommendedAction },
        };

    /// <summary>A file or folder that could not be used, as an error with what to do next.</summary>
    /// <param name="error">What the file system said.</param>
    public static BacktestOpsException OfDisk(Exception error) => error is UnauthorizedAccessException
        ? new ModuleException("AccessDenied", ErrorCategory.PermissionDenied, Messages.DiskAccessDenied.With(error.Message), Messages.DiskAccessDeniedAction.With(Environment.UserName), error)
        : new ModuleException("FileNotUsable", ErrorCategory.OpenError, Messages.DiskFault.With(error.Message), Messages.DiskFaultAction, error);

    private static ErrorCategory CategoryOf(BacktestOpsException error) => error switch
    {
        ModuleException known => known.Category,
        InvalidRequestException => ErrorCategory.InvalidArgument,
        BacktestNotFoundException or UnknownSymbolException => ErrorCategory.ObjectNotFound,
        ResultNotReadyException => ErrorCategory.ResourceUnavailable,
        AccessDeniedException => ErrorCategory.PermissionDenied,
        QueueFullException => ErrorCategory.QuotaExceeded,
        IdempotencyKeyReusedException or IdempotencyKeyInUseException => ErrorCategory.ResourceExists,
        MarketDataException or InvalidPlanException or InvalidStrategyException => ErrorCategory.InvalidData,
        BacktestUnavailableException => ErrorCategory.ConnectionError,
        ServiceProcessException process => CategoryOf(process.Kind),
        _ => CategoryOf(error.ErrorId),
    };

    /// <summary>The ids of operations are many, and each ends in what kind of reason it is.</summary>
    private static ErrorCategory CategoryOf(string errorId) =>
        errorId == "OutputFormatMissing" ? ErrorCategory.InvalidArgument
        : ByEnding.FirstOrDefault(entry => errorId.EndsWith(entry.Ending, StringComparison.Ordinal)) is { Ending: not null } known ? known.Category
        : ErrorCategory.InvalidOperation;

    private static ErrorCategory CategoryOf(ServiceProcessFault fault) => fault switch
    {
        ServiceProcessFault.AlreadyRunning => ErrorCategory.ResourceExists,
        ServiceProcessFault.PortInUse => ErrorCategory.ResourceBusy,
        ServiceProcessFault.NotFound => ErrorCategory.ObjectNotFound,
        ServiceProcessFault.NotInstalled => ErrorCategory.NotInstalled,
        ServiceProcessFault.TimedOut => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.OpenError,
    };
}
