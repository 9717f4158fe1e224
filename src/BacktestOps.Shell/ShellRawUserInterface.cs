using System.Management.Automation.Host;

namespace BacktestOps.Shell;

/// <summary>The terminal's size, position and keys; what a terminal cannot tell or do is refused by name.</summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    private const int DefaultHeight = 40;

    /// <inheritdoc />
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    /// <inheritdoc />
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    /// <inheritdoc />
    public override Size BufferSize
    {
        get => new(SystemConsole.Width, SystemConsole.OutputIsTerminal ? Console.BufferHeight : DefaultHeight);
        set => throw Unsupported("the buffer's size");
    }

    /// <inheritdoc />
    public override Size WindowSize
    {
        get => new(SystemConsole.Width, SystemConsole.OutputIsTerminal ? Console.WindowHeight : DefaultHeight);
        set => throw Unsupported("the window's size");
    }

    /// <inheritdoc />
    public override Size MaxWindowSize => WindowSize;

    /// <inheritdoc />
    public override Size MaxPhysicalWindowSize => WindowSize;

    /// <inheritdoc />
    public override Coordinates WindowPosition
    {
        get => new(0, 0);
        set => throw Unsupported("the window's position");
    }

    /// <inheritdoc />
    public override Coordinates CursorPosition
    {
        // Asking a Unix terminal for its cursor means reading its answer from standard input, which may be the script's.
        get => SystemConsole.OutputIsTerminal && !Console.IsInputRedirected
            ? new(Console.CursorLeft, Console.CursorTop) : new(0, 0);
        set
        {
            if (SystemConsole.OutputIsTerminal) Console.SetCursorPosition(value.X, value.Y);
        }
    }

    /// <inheritdoc />
    public override int CursorSize
    {
        get => 25;
        set => throw Unsupported("the cursor's size");
    }

    /// <inheritdoc />
    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    /// <inheritdoc />
    public override string WindowTitle
    {
        get => OperatingSystem.IsWindows() ? Console.Title : "";
        set
        {
            if (SystemConsole.OutputIsTerminal) Console.Title = value ?? "";
        }
    }

    /// <inheritdoc />
    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (Console.IsInputRedirected) throw Unsupported("a key press: standard input is redirected");
        var key = Console.ReadKey((options & ReadKeyOptions.NoEcho) != 0);
        var state = (key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? ControlKeyStates.ShiftPressed : 0)
            | (key.Modifiers.HasFlag(ConsoleModifiers.Control) ? ControlKeyStates.LeftCtrlPressed : 0)
            | (key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? ControlKeyStates.LeftAltPressed : 0);
        return new KeyInfo((int)key.Key, key.KeyChar, state, keyDown: (options & ReadKeyOptions.IncludeKeyUp) == 0);
    }

    /// <inheritdoc />
    public override void FlushInputBuffer()
    {
        while (KeyAvailable) Console.ReadKey(intercept: true);
    }

    /// <inheritdoc />
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported("the buffer's contents");

    /// <inheritdoc />
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw Unsupported("scrolling of the buffer");

    /// <inheritdoc />
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) =>
        throw Unsupported("writing into the buffer");

    /// <inheritdoc />
    /// <remarks>The one use in practice is Clear-Host, which fills the whole screen.</remarks>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        if (SystemConsole.OutputIsTerminal) Console.Clear();
    }

    private static HostException Unsupported(string what) =>
        new($"This host does not offer {what}. Use pwsh where a script needs it.");
}
