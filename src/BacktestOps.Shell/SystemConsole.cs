using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace BacktestOps.Shell;

/// <summary>What has to be set on the console of the process once, before anything is written.</summary>
internal static partial class SystemConsole
{
    private const int StandardOutput = -11;
    private const int StandardError = -12;
    private const uint VirtualTerminalProcessing = 0x0004;

    /// <summary>The width that text is laid out for when no terminal says its own.</summary>
    public const int DefaultWidth = 120;

    /// <summary>Whether standard output understands escape sequences.</summary>
    public static bool OutputIsTerminal { get; private set; }

    /// <summary>Whether standard error understands escape sequences.</summary>
    public static bool ErrorIsTerminal { get; private set; }

    /// <summary>Columns of the terminal, of <c>COLUMNS</c>, or <see cref="DefaultWidth"/>.</summary>
    public static int Width
    {
        get
        {
            if (OutputIsTerminal || ErrorIsTerminal)
            {
                var width = TerminalWidth();
                if (width > 0) return width;
            }

            return int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
                && columns is >= 20 and <= 4096 ? columns : DefaultWidth;
        }
    }

    /// <summary>Sets encodings, the language of messages, and escape sequences on Windows.</summary>
    public static void Prepare()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            OutputIsTerminal = !Console.IsOutputRedirected && EnableEscapeSequences(StandardOutput);
            ErrorIsTerminal = !Console.IsErrorRedirected && EnableEscapeSequences(StandardError);
        }
        else
        {
            var capable = Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
            OutputIsTerminal = capable && !Console.IsOutputRedirected;
            ErrorIsTerminal = capable && !Console.IsErrorRedirected;
        }

        // The process runs without libicu and so does not see the user's language by itself.
        if (MessageLanguage() is { } language) CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = language;
    }

    private static CultureInfo? MessageLanguage()
    {
        string[] names = ["LC_ALL", "LC_MESSAGES", "LANG"];
        var value = names.Select(Environment.GetEnvironmentVariable).FirstOrDefault(v => !string.IsNullOrEmpty(v));
        var name = value?.Split('.', '@')[0].Replace('_', '-');
        if (name is null or "" or "C" or "POSIX") return null;
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool EnableEscapeSequences(int handleName)
    {
        var handle = GetStdHandle(handleName);
        return GetConsoleMode(handle, out var mode)
            && ((mode & VirtualTerminalProcessing) != 0 || SetConsoleMode(handle, mode | VirtualTerminalProcessing));
    }

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetStdHandle(int handleName);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetConsoleMode(nint handle, out uint mode);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleMode(nint handle, uint mode);
}
