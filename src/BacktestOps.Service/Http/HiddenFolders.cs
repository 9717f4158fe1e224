namespace BacktestOps.Service.Http;

/// <summary>Takes the folders of this machine out of what callers are told: they know the service by its address. The log has them.</summary>
/// <param name="options">What the service was started with.</param>
/// <param name="gate">Where the home is known, once it is open.</param>
internal sealed class HiddenFolders(ServiceOptions options, BackendGate gate)
{
    /// <summary>The text with the paths in the home, the data and the strategies told from there on.</summary>
    public string? Hide(string? text)
    {
        if (text is null) return null;
        foreach (var (folder, name) in Folders())
        {
            text = text.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(folder, name, StringComparison.Ordinal);
        }

        return text;
    }

    private IEnumerable<(string Folder, string Name)> Folders()
    {
        // The longer first: data may lie in the home.
        var folders = new (string? Folder, string Name)[] { (options.DataPath, "data"), (options.PythonStrategiesPath, "strategies"), (options.HomePath ?? gate.Current?.Api.Endpoint, "home") };
        return folders.Where(entry => entry.Folder is { Length: > 1 } folder && Path.IsPathRooted(folder)).Select(entry => (Path.TrimEndingDirectorySeparator(entry.Folder!), entry.Name))
            .OrderByDescending(entry => entry.Item1.Length);
    }
}
