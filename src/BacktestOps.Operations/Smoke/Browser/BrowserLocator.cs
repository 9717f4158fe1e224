namespace BacktestOps.Operations.Smoke.Browser;

/// <summary>Finds a Chromium, Chrome or Edge on this machine.</summary>
public static class BrowserLocator
{
    /// <summary>The environment variable that names a browser's executable and is looked at first.</summary>
    public const string Variable = "BACKTESTOPS_BROWSER";

    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge-stable", "microsoft-edge", "msedge"];

    private static readonly Environment.SpecialFolder[] WindowsRoots =
    [
        Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86, Environment.SpecialFolder.LocalApplicationData,
    ];

    private static readonly string[] WindowsFiles =
        [@"Google\Chrome\Application\chrome.exe", @"Chromium\Application\chrome.exe", @"Microsoft\Edge\Application\msedge.exe"];

    private static readonly string[] MacNames = ["Chromium", "Google Chrome", "Microsoft Edge"];

    /// <summary>The executable's full path; null where there is no browser.</summary>
    public static string? Find() => Candidates().FirstOrDefault(File.Exists);

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            // A browser that was named and is not there is not replaced by another one behind the user's back.
            yield return chosen;
            yield break;
        }

        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in Names)
        foreach (var folder in folders)
            yield return Path.Combine(folder, name + suffix);
        foreach (var installed in OperatingSystem.IsWindows() ? OnWindows() : OperatingSystem.IsMacOS() ? OnMac() : [])
            yield return installed;
    }

    private static IEnumerable<string> OnWindows() =>
        from root in WindowsRoots
        from file in WindowsFiles
        select Path.Combine(Environment.GetFolderPath(root), file);

    private static IEnumerable<string> OnMac() => MacNames.Select(name => $"/Applications/{name}.app/Contents/MacOS/{name}");
}
