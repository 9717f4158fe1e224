using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace BacktestOps.Shell;

/// <summary>The host object that scripts see as <c>$Host</c>.</summary>
internal sealed class ShellHost : PSHost
{
    private readonly ShellHostUserInterface _ui;
    private readonly Action<int> _exit;
    private readonly Action _enterNestedPrompt;
    private readonly Action _exitNestedPrompt;

    /// <summary>Makes the host.</summary>
    /// <param name="ui">Where text goes and answers come from.</param>
    /// <param name="exit">Called with the code of an <c>exit</c> statement.</param>
    /// <param name="enterNestedPrompt">Called when a command wants a prompt inside the running pipeline.</param>
    /// <param name="exitNestedPrompt">Called when that prompt shall end.</param>
    public ShellHost(ShellHostUserInterface ui, Action<int> exit, Action enterNestedPrompt, Action exitNestedPrompt)
    {
        _ui = ui;
        _exit = exit;
        _enterNestedPrompt = enterNestedPrompt;
        _exitNestedPrompt = exitNestedPrompt;
    }

    /// <inheritdoc />
    public override string Name => "BacktestOps.Shell";

    /// <inheritdoc />
    public override Version Version { get; } = Assembly.GetExecutingAssembly().GetName().Version!;

    /// <inheritdoc />
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc />
    public override PSHostUserInterface UI => _ui;

    /// <inheritdoc />
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    /// <inheritdoc />
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <inheritdoc />
    public override void SetShouldExit(int exitCode) => _exit(exitCode);

    /// <inheritdoc />
    public override void EnterNestedPrompt() => _enterNestedPrompt();

    /// <inheritdoc />
    public override void ExitNestedPrompt() => _exitNestedPrompt();

    /// <inheritdoc />
    /// <remarks>A native program draws over the progress bar otherwise.</remarks>
    public override void NotifyBeginApplication() => _ui.Progress.Clear();

    /// <inheritdoc />
    public override void NotifyEndApplication()
    {
    }
}
