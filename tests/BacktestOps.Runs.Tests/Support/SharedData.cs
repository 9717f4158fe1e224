namespace BacktestOps.Runs.Tests.Support;

/// <summary>The real prices that lie beside the project, at ../shared/data.</summary>
internal static class SharedData
{
    /// <summary>The folder of daily bars; skips the test where it is not.</summary>
    public static string Daily()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "BacktestOps.sln")))
            root = root.Parent;
        Assert.SkipWhen(root is null, "This test run is not inside the project's folder, so ../shared/data can't be found.");
        var daily = Path.Combine(root!.FullName, "..", "shared", "data", "daily");
        Assert.SkipUnless(Directory.Exists(daily), $"The real prices are not beside the project: {Path.GetFullPath(daily)} does not exist.");
        return daily;
    }
}
